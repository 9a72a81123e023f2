//! One finding of the judge, in the form in which it is shown and serialised.

use std::fmt;

use serde::Serialize;

use super::rule::{Class, Direction, Hit, Level};

/// One change between two documents.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// Where: a JSON pointer to the declaring place, in the old document if the new one has no such place. As in
    /// [`diff`](crate::diff), items of lists without order are named by what tells them apart.
    pub pointer: String,
    /// Which way the data goes; `None` if the change concerns neither way alone.
    pub direction: Option<Direction>,
    /// How hard it hits.
    pub class: Class,
    /// The id of the [`Rule`](super::Rule).
    pub rule: &'static str,
    /// What has changed, as a sentence without its full stop.
    pub text: String,
    /// Who has to look at it.
    pub hits: &'static [Hit],
    /// What it does to the generated Rust; several if several operations share the place.
    pub rust: Vec<RustEffect>,
}

/// What a change does to a generated item.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct RustEffect {
    /// The item: `Pet::owner`, or `PetsList::page` for a setter of the operation's builder.
    pub item: String,
    /// Completes "the item is …".
    pub effect: &'static str,
    /// What that requires of the next version.
    pub semver: Level,
}

impl Class {
    /// The name, as in JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Class::Breaking => "breaking",
            Class::Risky => "risky",
            Class::Compatible => "compatible",
            Class::Documentation => "documentation",
        }
    }
}

impl Direction {
    /// The name, as in JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Direction::Request => "request",
            Direction::Response => "response",
        }
    }
}

impl Hit {
    /// The name, as in JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Hit::ClientCallers => "client callers",
            Hit::ServerImplementors => "server implementors",
            Hit::OtherLanguages => "callers in other languages",
        }
    }
}

impl fmt::Display for RustEffect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let level = match self.semver {
            Level::Major => "major",
            Level::Minor => "minor",
            Level::Patch => "patch",
        };
        write!(f, "`{}` {}: {level}", self.item, self.effect)
    }
}

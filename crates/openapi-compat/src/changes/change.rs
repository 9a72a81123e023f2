//! One change between two documents, in the form in which it is shown and serialised.

use std::fmt;

use serde::Serialize;

use super::rule::{Audience, Direction, SemverBump, Severity};

/// One change between two documents.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// A JSON pointer to the declaring place, in the old document if the new one has no such place. As in
    /// [`normal_form`](crate::normal_form), an item of an unordered list is named by the value that identifies it.
    pub pointer: String,
    /// The direction of the data; `None` if the change concerns neither direction alone.
    pub direction: Option<Direction>,
    /// The severity for programs written for the old document.
    #[serde(rename = "class")]
    pub severity: Severity,
    /// The id of the [`Rule`](super::Rule).
    pub rule: &'static str,
    /// The change, as a sentence without its full stop.
    pub text: String,
    /// The people whom the change concerns.
    #[serde(rename = "hits")]
    pub audience: &'static [Audience],
    /// The effects on the generated Rust; several if several operations share the place.
    pub rust: Vec<RustEffect>,
}

/// The effect of a change on a generated item.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct RustEffect {
    /// The item: `Pet::owner`, or `PetsList::page` for a setter of the operation's builder.
    pub item: String,
    /// Completes "the item is …".
    pub effect: &'static str,
    /// The smallest version bump that the effect requires.
    pub semver: SemverBump,
}

impl Severity {
    /// Returns the name, as in JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Severity::Breaking => "breaking",
            Severity::Risky => "risky",
            Severity::Compatible => "compatible",
            Severity::Documentation => "documentation",
        }
    }
}

impl Direction {
    /// Returns the name, as in JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Direction::Request => "request",
            Direction::Response => "response",
        }
    }
}

impl Audience {
    /// Returns the name, as in JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Audience::ClientCallers => "client callers",
            Audience::ServerImplementors => "server implementors",
            Audience::OtherLanguages => "callers in other languages",
        }
    }
}

impl fmt::Display for RustEffect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let level = match self.semver {
            SemverBump::Major => "major",
            SemverBump::Minor => "minor",
            SemverBump::Patch => "patch",
        };
        write!(f, "`{}` {}: {level}", self.item, self.effect)
    }
}

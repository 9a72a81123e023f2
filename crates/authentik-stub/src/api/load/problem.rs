//! Problems of a fixture, and their places.

use std::fmt;

use crate::api::asset::AssetError;

/// A fixture that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// An asset cannot be read.
    #[error(transparent)]
    Asset(#[from] AssetError),
    /// The fixture is wrong in these places.
    #[error("the fixture cannot be used\n{}", listed(.0))]
    Fixture(Vec<Problem>),
}

/// Something that is wrong with a fixture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The JSON pointer of the value.
    pub pointer: String,
    /// The problem.
    pub message: String,
    /// The way to fix it.
    pub help: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { pointer, message, help } = self;
        write!(f, "{pointer}: {message}; {help}")
    }
}

/// The most problems that are told.
const MAX_TOLD: usize = 100;

fn listed(problems: &[Problem]) -> String {
    let mut lines: Vec<String> = problems.iter().take(MAX_TOLD).map(Problem::to_string).collect();
    if let Some(more) = problems.len().checked_sub(MAX_TOLD).filter(|more| *more > 0) {
        lines.push(format!("and {more} more"));
    }
    lines.join("\n")
}

/// The problems that were found so far.
#[derive(Debug, Default)]
pub(super) struct Problems(Vec<Problem>);

impl Problems {
    pub(super) fn add(&mut self, pointer: &str, message: &str, help: &str) {
        self.0.push(Problem {
            pointer: pointer.to_owned(),
            message: message.to_owned(),
            help: help.to_owned(),
        });
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl From<Problems> for LoadError {
    fn from(problems: Problems) -> Self {
        Self::Fixture(problems.0)
    }
}

/// Returns the JSON pointer of a member or an item.
pub(super) fn child(pointer: &str, name: impl fmt::Display) -> String {
    format!("{pointer}/{}", name.to_string().replace('~', "~0").replace('/', "~1"))
}

//! Requests, answers and refusals.

use std::fmt;
use std::sync::Arc;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC};
use serde_json::Value;

use crate::ids::ModelId;
use crate::journal::JournalError;
use crate::reader::{Only, plain};
use crate::row::Row;
use crate::store::{Context, Snapshot, WriteError};
use crate::violation::Violation;

/// The characters of a segment of a path that stand for others.
pub(crate) const SEGMENT: &AsciiSet =
    &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'@').remove(b':');

/// A request for an operation of a collection.
#[derive(Clone, Debug, Default)]
pub struct Request<'a> {
    /// The id of the operation.
    pub operation: &'a str,
    /// The variables of the path.
    pub path: Vec<(&'a str, Value)>,
    /// The parameters of the query, each with its values.
    pub query: Vec<(&'a str, Vec<Value>)>,
    /// The body.
    pub body: Option<&'a Value>,
    /// The key of the user whose rows alone are seen; `None` for one who sees all.
    pub owner: Option<Value>,
    /// The key of the user whose a new row is.
    pub user: Option<Value>,
    /// The versions one of which the row has to have, where the operation tells versions (`If-Match`).
    pub versions: Option<Versions>,
    /// The versions that the row may not have, where the operation tells versions (`If-None-Match`).
    pub known: Option<Versions>,
    /// The rows that the caller may see; all, if nothing is said.
    pub only: Option<Only<'a>>,
    /// The words about the request for the functions that compute values.
    pub context: Option<Context>,
    /// The model that the rows are shown as ones of; `None` stands for that which each was made for.
    pub seen_as: Option<ModelId>,
    /// The URL that was asked for, without its query.
    pub url: &'a str,
}

/// Versions of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Versions {
    /// Whichever it has.
    Any,
    /// One of these.
    Of(Vec<String>),
}

impl Versions {
    /// Returns `true` if the version of a row is one of these; a row that is not there has none.
    fn have(&self, row: Option<&Row>) -> bool {
        row.is_some_and(|row| match self {
            Self::Any => true,
            Self::Of(versions) => versions.contains(&row.version()),
        })
    }
}

impl Request<'_> {
    /// Checks the versions that are asked for against the row there is.
    pub(super) fn check_version(&self, row: Option<&Row>) -> Result<(), Refusal> {
        let is_other = self.versions.as_ref().is_some_and(|versions| !versions.have(row));
        if is_other || self.known.as_ref().is_some_and(|known| known.have(row)) {
            return Err(Refusal::Version);
        }
        Ok(())
    }

    /// Checks the versions that are asked for against the row that is to be answered. A caller that knows the row need not be
    /// answered if the answer shows the row alone; otherwise it may have changed with others.
    pub(super) fn check_unchanged(&self, row: &Row, shows_row_alone: bool) -> Result<(), Refusal> {
        if self.versions.as_ref().is_some_and(|versions| !versions.have(Some(row))) {
            return Err(Refusal::Version);
        }
        let is_known = self.known.as_ref().is_some_and(|known| known.have(Some(row)));
        if is_known && shows_row_alone { Err(Refusal::Unchanged(row.version())) } else { Ok(()) }
    }

    /// Returns rows as the request asks for them.
    pub(crate) fn shows(&self, snapshot: Snapshot) -> Snapshot {
        Snapshot { seen_as: self.seen_as, ..snapshot.with_context(self.context.clone()) }
    }
}

/// A change that an operation makes, for what has to happen together with it.
#[derive(Clone, Debug)]
pub enum Change {
    /// The row was made.
    Made(Arc<Row>),
    /// The row was changed from what it was first.
    Changed(Arc<Row>, Arc<Row>),
    /// The row is about to be deleted.
    Deleting(Arc<Row>),
}

/// The answer to a request.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The body, as JSON, if there is one.
    pub body: Option<Vec<u8>>,
    /// Headers that tell about a list.
    pub headers: Vec<(String, String)>,
    /// The row that was made, changed or found.
    pub row: Option<Arc<Row>>,
    /// The rows of a list, as far as they are answered.
    pub rows: Vec<Arc<Row>>,
    /// The path of the row, if it was made.
    pub location: Option<String>,
    /// The version of the row, if the operation tells it.
    pub version: Option<String>,
    /// All rows as the answer shows them.
    pub snapshot: Snapshot,
}

/// The reason why a request is not answered as asked. A dialect decides how it is told.
#[derive(Clone, Debug, PartialEq)]
pub enum Refusal {
    /// No collection has the operation.
    NoOperation,
    /// There is no such row.
    NotFound,
    /// There is no such page.
    NoPage {
        /// The parameter that names it.
        parameter: String,
    },
    /// A parameter cannot be understood.
    Parameter {
        /// Its name.
        parameter: String,
        /// The reason.
        reason: String,
    },
    /// Nothing says what a parameter means.
    Unmapped {
        /// Its name.
        parameter: String,
    },
    /// The body is no object.
    Body,
    /// The row has another version than those asked for, or one that it may not have.
    Version,
    /// The row that is asked for has a version that the caller knows: this one.
    Unchanged(String),
    /// The changes break rules.
    Violations(Vec<Violation>),
    /// The changes were not kept, and so not made.
    NotKept(JournalError),
}

impl From<WriteError> for Refusal {
    fn from(error: WriteError) -> Self {
        match error {
            WriteError::Broken(violations) => Self::Violations(violations),
            WriteError::NotKept(error) => Self::NotKept(error),
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoOperation => f.write_str("no collection has this operation"),
            Self::NotFound => f.write_str("there is no such row"),
            Self::NoPage { .. } => f.write_str("there is no such page"),
            Self::Parameter { parameter, reason } => write!(f, "the parameter `{parameter}`: {reason}"),
            Self::Unmapped { parameter } => write!(f, "nothing says what the parameter `{parameter}` means"),
            Self::Body => f.write_str("the body is no object"),
            Self::Version => f.write_str("the row has not the version that was asked for"),
            Self::Unchanged(_) => f.write_str("the row is as it was"),
            Self::Violations(violations) => {
                let texts: Vec<String> = violations.iter().map(Violation::to_string).collect();
                f.write_str(&texts.join("; "))
            }
            Self::NotKept(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for Refusal {}

/// Returns the value of a variable of the path.
pub(super) fn variable_of<'r>(request: &'r Request<'_>, name: &str) -> &'r Value {
    request.path.iter().find(|(known, _)| *known == name).map_or(&Value::Null, |(_, value)| value)
}

/// Returns the values of a parameter as texts.
pub(super) fn texts(request: &Request<'_>, name: &str) -> Vec<String> {
    let values = request.query.iter().filter(|(known, _)| *known == name).flat_map(|(_, values)| values);
    let single = values.flat_map(|value| match value {
        Value::Array(items) => items.as_slice(),
        value => std::slice::from_ref(value),
    });
    single.map(plain).collect()
}

//! The journal in Rust: chooses requests, and checks how many there were.

use std::sync::Arc;

use serde_json::Value;

use crate::entry::Entry;
use crate::expectation::{Count, Criteria, parse_method, parse_status};
use crate::journal::Journal;
use crate::pattern::Pattern;
use crate::verify::{self, Mismatch};

/// The requests that a server saw, or some of them.
#[derive(Debug, Clone)]
#[must_use]
pub struct Requests<'a> {
    journal: &'a Journal,
    criteria: Criteria,
    /// The reason why nothing can be chosen.
    problem: Option<String>,
}

impl<'a> Requests<'a> {
    pub(crate) fn of_journal(journal: &'a Journal) -> Self {
        Self { journal, criteria: Criteria::default(), problem: None }
    }

    /// Chooses requests for the operation with this id.
    pub fn of(mut self, operation: impl Into<String>) -> Self {
        self.criteria.operation = Some(operation.into());
        self
    }

    /// Chooses requests in the world of this name.
    pub fn in_world(mut self, name: impl Into<String>) -> Self {
        self.criteria.world = Some(name.into());
        self
    }

    /// Chooses requests with this method.
    pub fn method(mut self, method: impl AsRef<str>) -> Self {
        self.criteria.method = self.read(parse_method(method.as_ref()));
        self
    }

    /// Chooses requests to this path below the base path. `*` stands for any text without a slash, `**` for any text.
    pub fn path(mut self, path: impl Into<String>) -> Self {
        self.criteria.path = Some(Pattern::new(path));
        self
    }

    /// Chooses requests that were answered with this status: `404`, `400-499` or `4xx`.
    pub fn status(mut self, status: &str) -> Self {
        self.criteria.status = self.read(parse_status(status));
        self
    }

    /// Chooses requests whose query has this parameter.
    pub fn query(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.criteria.query.insert(name.into(), value.into());
        self
    }

    /// Chooses requests whose body has all of this; objects may have further properties.
    pub fn body(mut self, body: impl Into<Value>) -> Self {
        self.criteria.body = Some(body.into());
        self
    }

    /// Returns the requests, the newest last.
    #[must_use]
    pub fn all(&self) -> Vec<Entry> {
        let entries = self.journal.since(0);
        let chosen = verify::select(&self.criteria, &entries, self.journal.secrets());
        let is_possible = self.problem.is_none();
        chosen.into_iter().filter(|_| is_possible).map(Arc::unwrap_or_clone).collect()
    }

    /// Returns the number of requests.
    #[must_use]
    pub fn count(&self) -> usize {
        self.all().len()
    }

    /// Returns the only request.
    ///
    /// # Errors
    /// If there is none, or more than one, or if there can be none, such as for an operation that the document does not have.
    pub fn once(&self) -> Result<Entry, Mismatch> {
        let mut found = self.times(1)?;
        found.pop().ok_or_else(|| Mismatch {
            message: format!("{} was not called", self.criteria),
            nearest: Vec::new(),
        })
    }

    /// Checks that there is no request.
    ///
    /// # Errors
    /// If there is one, or if there can be none.
    pub fn never(&self) -> Result<(), Mismatch> {
        self.times(0).map(drop)
    }

    /// Checks the number of requests, and returns them.
    ///
    /// # Errors
    /// If there are more or fewer, or if there can be none.
    pub fn times(&self, number: usize) -> Result<Vec<Entry>, Mismatch> {
        let problem = self.criteria.check(self.journal.api()).err().map(|problem| problem.to_string());
        if let Some(message) = self.problem.clone().or(problem) {
            return Err(Mismatch { message, nearest: Vec::new() });
        }
        let entries = self.journal.since(0);
        let outcome = verify::count(&self.criteria, Count::Exactly(number), &entries, self.journal.secrets());
        match outcome.mismatch {
            Some(mismatch) => Err(mismatch),
            None => Ok(outcome.found.into_iter().map(Arc::unwrap_or_clone).collect()),
        }
    }

    fn read<T>(&mut self, outcome: Result<T, String>) -> Option<T> {
        match outcome {
            Ok(value) => Some(value),
            Err(problem) => {
                self.problem = Some(problem);
                None
            }
        }
    }
}

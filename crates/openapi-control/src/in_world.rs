//! Faults and answers for requests in one world.

use crate::answer::{Answer, AnswerError};
use crate::answers::{Answers, Given};
use crate::fault::Fault;
use crate::fault_error::FaultError;
use crate::faults::{Faults, Planned};

/// The faults, or the answers of one's own, for requests in one world. Others are neither shown nor changed.
#[derive(Debug, Clone, Copy)]
pub struct InWorld<'a, T> {
    all: &'a T,
    name: &'a str,
}

impl Faults {
    /// Returns those that are for requests in one world alone.
    #[must_use]
    pub fn in_world<'a>(&'a self, name: &'a str) -> InWorld<'a, Self> {
        InWorld { all: self, name }
    }
}

impl Answers {
    /// Returns those that are for requests in one world alone.
    #[must_use]
    pub fn in_world<'a>(&'a self, name: &'a str) -> InWorld<'a, Self> {
        InWorld { all: self, name }
    }
}

impl InWorld<'_, Faults> {
    /// Plans further faults, like [`Faults::add`].
    ///
    /// # Errors
    /// If one of them makes no sense or can never happen; then none is planned.
    pub fn add(&self, faults: impl IntoIterator<Item = Fault>) -> Result<Vec<u64>, FaultError> {
        self.all.add(faults.into_iter().map(|fault| fault.in_world(self.name)))
    }

    /// Returns every planned fault, including those that are used up.
    #[must_use]
    pub fn list(&self) -> Vec<Planned> {
        let mut list = self.all.list();
        list.retain(|planned| planned.fault.when.world.as_deref() == Some(self.name));
        list
    }

    /// Removes all of them.
    pub fn clear(&self) {
        self.all.retain(|fault| fault.when.world.as_deref() != Some(self.name));
    }
}

impl InWorld<'_, Answers> {
    /// Adds answers, like [`Answers::add`].
    ///
    /// # Errors
    /// If one of them makes no sense, can never be given, or is none that the document describes; then none is added.
    pub fn add(&self, answers: impl IntoIterator<Item = Answer>) -> Result<Vec<u64>, AnswerError> {
        self.all.add(answers.into_iter().map(|answer| answer.in_world(self.name)))
    }

    /// Returns every answer, including those that are used up.
    #[must_use]
    pub fn list(&self) -> Vec<Given> {
        let mut list = self.all.list();
        list.retain(|given| given.answer.when.world.as_deref() == Some(self.name));
        list
    }

    /// Removes all of them, with their scenarios.
    pub fn clear(&self) {
        self.all.retain(|answer| answer.when.world.as_deref() != Some(self.name));
    }
}

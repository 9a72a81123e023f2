//! Problems of a fixture, and their places.

use crate::fixture::Finding;

/// The problems that were found so far.
#[derive(Debug, Default)]
pub(super) struct Problems(pub(super) Vec<Finding>);

impl Problems {
    pub(super) fn add(&mut self, pointer: &str, message: &str, help: &str) {
        self.0.push(Finding {
            pointer: pointer.to_owned(),
            message: message.to_owned(),
            advice: help.to_owned(),
        });
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

//! Faults of values in a body.

use serde_json::Value;

use crate::server::errors::{ErrorTree, Messages};
use crate::server::python;
use openapi_server_runtime::failure::{Failure, Segment};

/// The reason why a value was rejected.
#[derive(Debug, Clone, PartialEq)]
pub enum Fault {
    /// It breaks the rules.
    Invalid(Messages),
    /// It is unknown whether it does.
    Failed(Failure),
}

impl Fault {
    /// Returns a value that breaks the rules in one way.
    pub fn invalid(message: impl Into<String>) -> Self {
        Self::Invalid(Messages::one(message))
    }

    /// Returns the refusal of a value where a list is expected.
    pub(crate) fn not_a_list(value: &Value) -> Self {
        Self::invalid(format!("Expected a list of items but got type \"{}\".", python::type_name(value)))
    }
}

/// Returns a value that was accepted. Errors of one that was not are added where it stands.
pub(crate) fn noted<T>(
    outcome: Result<T, Fault>,
    segment: impl Into<Segment>,
    errors: &mut ErrorTree,
) -> Result<Option<T>, Failure> {
    match outcome {
        Ok(value) => Ok(Some(value)),
        Err(Fault::Invalid(messages)) => {
            errors.set(segment, messages);
            Ok(None)
        }
        Err(Fault::Failed(failure)) => Err(failure),
    }
}

/// Returns a value, unless there are errors about parts of it.
pub(crate) fn unless<T>(errors: ErrorTree, value: T) -> Result<T, Fault> {
    if errors.is_empty() { Ok(value) } else { Err(Fault::Invalid(Messages::Parts(errors))) }
}

impl From<Failure> for Fault {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

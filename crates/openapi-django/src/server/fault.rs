//! Faults of values in a body.

use serde_json::Value;

use crate::server::errors::Messages;
use crate::server::python;
use openapi_server_runtime::failure::Failure;

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

impl From<Failure> for Fault {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

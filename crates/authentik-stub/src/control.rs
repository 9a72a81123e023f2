//! The control API of the stub: what it says where a state file does not take a change.

use openapi_control::ControlError;
use openapi_resources::journal::JournalError;

pub use openapi_control::guard::{ControlToken, ControlTokenError, Guard};

/// Returns the error that tells a client that a change was not kept.
pub(crate) fn not_kept(error: &JournalError) -> ControlError {
    match error {
        JournalError::Unwritable { .. } => ControlError::NotKept(error.advice()),
        _ => ControlError::Failed(error.advice()),
    }
}

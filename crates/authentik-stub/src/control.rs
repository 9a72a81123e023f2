//! The control API of the stub: what it says where a state file does not take a change.

use openapi_control::ControlError;

use crate::journal::StoreError;

pub use openapi_control::guard::{ControlToken, ControlTokenError, Guard};

/// Returns the message to a client whose change was not kept.
pub(crate) fn not_written(error: &StoreError) -> String {
    format!(
        "Nothing was changed: {error}. Reads still work. Remove the cause and send the request again; the file is then \
         opened again."
    )
}

impl From<StoreError> for ControlError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Unwritable { .. } => Self::NotKept(not_written(&error)),
            _ => Self::Failed(not_written(&error)),
        }
    }
}

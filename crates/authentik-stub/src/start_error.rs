//! The reasons why a stub does not start.

use std::io;
#[cfg(feature = "durable")]
use std::path::PathBuf;

use openapi_control::guard::ControlTokenError;
use openapi_control::record::RecordError;
#[cfg(feature = "durable")]
use openapi_resources::durable::OpenError;
use openapi_server_runtime::server::Address;

use crate::api::LoadError;
use crate::fixture::FixtureError;

/// The reason why a stub does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The fixture cannot be used.
    #[error(transparent)]
    Fixture(#[from] FixtureError),
    /// An asset of this program cannot be used.
    #[error("{0}")]
    Asset(String),
    /// The state file cannot be used.
    #[cfg(feature = "durable")]
    #[error(transparent)]
    State(#[from] OpenError),
    /// The state file has tokens that everybody knows, and others reach the stub.
    #[cfg(feature = "durable")]
    #[error(
        "{}: the state file was filled on this machine, with sample tokens that are published, and others reach {address}; \
         --start-over fills it anew, with tokens that nobody knows",
        path.display()
    )]
    PublishedTokens {
        /// The state file.
        path: PathBuf,
        /// The address to listen at.
        address: Address,
    },
    /// Rows of a state file were not made of the seed.
    #[cfg(feature = "durable")]
    #[error("`seed` and `state` exclude each other: the rows of a state file are not made of the seed")]
    SeedWithState,
    /// The control token cannot be used.
    #[error("the control token cannot be used: {0}; choose another, or none to have one made")]
    ControlToken(#[from] ControlTokenError),
    /// The address cannot be listened at.
    #[error("{address}: the server cannot listen there: {reason}; name another address or free this one")]
    Address {
        /// The address.
        address: Address,
        /// The message of the operating system.
        reason: String,
    },
    /// The carrier that was chosen cannot do what is asked for.
    #[cfg(feature = "dropshot")]
    #[error("{0}")]
    Carrier(&'static str),
    /// The exchanges cannot be recorded.
    #[error(transparent)]
    Record(#[from] RecordError),
    /// The file that tells of a stub that is ready cannot be written, or one from before cannot be removed.
    #[error("the ready file cannot be written: {0}")]
    ReadyFile(#[source] io::Error),
    /// The operating system does not let the program be stopped.
    #[error("signals cannot be received: {0}")]
    Signals(#[source] io::Error),
    /// The operating system has no thread for the stub.
    #[error("the stub has no thread to run in: {0}")]
    Thread(#[source] io::Error),
}

impl From<LoadError> for StartError {
    fn from(error: LoadError) -> Self {
        match error {
            LoadError::Asset(error) => Self::Asset(error.to_string()),
            LoadError::Fixture(error) => Self::Fixture(error),
        }
    }
}

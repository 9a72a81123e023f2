//! What the document does not describe: how a server says what went wrong, and what its objects cannot do without.

mod plain;

use std::fmt;

use reqwest::StatusCode;
use reqwest::header::HeaderMap;

use crate::field_errors::FieldErrors;
pub use plain::Plain;

/// How a server speaks where the document is silent.
///
/// A generated client has the dialect that the generator's configuration names; [`Plain`] unless there is one.
pub trait Dialect: fmt::Debug + Sync {
    /// Reads an answer that is not what its operation is for.
    fn read_error(&self, status: StatusCode, headers: &HeaderMap, body: &[u8]) -> ErrorReport;

    /// Returns the name of the header by which the server's log knows a request, in lower case.
    fn request_id_header(&self) -> &'static str {
        "x-request-id"
    }

    /// Returns whether nobody knows what an object is about without this property.
    ///
    /// If an answer lacks it, or has it with a value of another type, the answer is refused ([`Error::Decode`]). All other
    /// properties get a neutral value.
    ///
    /// [`Error::Decode`]: crate::Error::Decode
    fn is_essential(&self, property: &str) -> bool;

    /// Returns whether a value of this parameter in the path is one name even if it has slashes in it, which are then
    /// encoded.
    ///
    /// Otherwise such a value is refused: many servers and proxies decode it before they look for the operation, so that
    /// the request would reach another one.
    fn has_slashes(&self, operation: &str, parameter: &str) -> bool {
        let _ = (operation, parameter);
        false
    }

    /// Returns the property in which other releases of the server answer the object that this property holds in the
    /// document; `None` if there is no such rule.
    fn expanded(&self, property: &str) -> Option<String> {
        let _ = property;
        None
    }
}

/// What an error answer says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ErrorReport {
    /// The server's own sentence.
    pub detail: Option<String>,
    /// What it says about the fields of the request. With any, a 400 or 422 is an [`Error::Validation`].
    ///
    /// [`Error::Validation`]: crate::Error::Validation
    pub fields: Option<FieldErrors>,
    /// What the answer means, if that is not what HTTP says of its status.
    pub meaning: Option<Meaning>,
}

/// What an answer means, if that is not what HTTP says of its status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Meaning {
    /// The server does not know who is asking.
    Unauthenticated,
    /// The server failed, and answers a status that does not say so.
    HiddenFailure,
    /// Something other than the API answered, such as a proxy in front of it.
    NotTheApi,
}

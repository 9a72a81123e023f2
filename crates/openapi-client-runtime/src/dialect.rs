//! Conventions of a server that the document does not describe: the form of its errors, and its essential properties.

mod plain;

use std::fmt;

use reqwest::StatusCode;
use reqwest::header::HeaderMap;

use crate::field_errors::FieldErrors;
pub use plain::Plain;

/// The conventions of a server that the document does not describe.
///
/// A generated client has the dialect that the generator's configuration names; [`Plain`] unless there is one.
pub trait Dialect: fmt::Debug + Sync {
    /// Reads a response that is not what its operation is for.
    fn read_error(&self, status: StatusCode, headers: &HeaderMap, body: &[u8]) -> ErrorReport;

    /// Returns the name of the header by which the server's log knows a request, in lower case.
    fn request_id_header(&self) -> &'static str {
        "x-request-id"
    }

    /// Returns `true` if an object cannot be identified without this property.
    ///
    /// If a response lacks it, or has it with a value of another type, the response is refused ([`Error::Decode`]). All
    /// other properties get a neutral value.
    ///
    /// [`Error::Decode`]: crate::Error::Decode
    fn is_essential(&self, property: &str) -> bool;

    /// Returns `true` if a value of this parameter in the path is one name even if it has slashes in it, which are then
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

/// The content of an error response.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ErrorReport {
    /// The server's own sentence.
    pub detail: Option<String>,
    /// The errors of fields of the request. With any, a 400 or 422 is an [`Error::Validation`].
    ///
    /// [`Error::Validation`]: crate::Error::Validation
    pub fields: Option<FieldErrors>,
    /// The meaning of the response, if it is not that of its status in HTTP.
    pub meaning: Option<Meaning>,
}

/// The meaning of a response that is not that of its status in HTTP.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Meaning {
    /// The server does not know who is asking.
    Unauthenticated,
    /// The server failed, although the status does not say so.
    HiddenFailure,
    /// Something other than the API answered, such as a proxy in front of it.
    NotTheApi,
}

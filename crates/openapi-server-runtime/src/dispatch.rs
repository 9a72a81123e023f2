//! The seam between the runtime and the generated code: a table of operations, and one function that calls the right
//! method with typed arguments. The runtime needs to know no operation by name, and the generated code no HTTP.

use std::future::Future;

use bytes::Bytes;
use http::StatusCode;
use serde::Serialize;

use crate::failure::{Departure, Failure};
use crate::host::Host;
use crate::media::Media;
use crate::operation::Operation;
use crate::request::RequestContext;
use crate::tables::Tables;

/// The tables of a document that are known when a program is compiled.
///
/// A generated crate implements it, and [`Dispatch`], for a type of its own that represents its document.
pub trait Document: Send + Sync + 'static {
    /// The tables.
    const TABLES: &'static Tables;
}

/// The way from the operations of a document to the methods of an implementation.
pub trait Dispatch<A: Host>: Send + Sync + 'static {
    /// Answers an operation, one of the tables that are served.
    fn dispatch(
        api: &A,
        cx: &RequestContext<A::User>,
        operation: &'static Operation,
    ) -> impl Future<Output = Result<HandlerResponse, Failure>> + Send;
}

/// The response of a handler.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandlerResponse {
    /// The status.
    pub status: StatusCode,
    /// The body, if there is one.
    pub body: Option<Bytes>,
    /// The media type of a body that is no JSON value.
    pub media_type: Option<String>,
    /// The reason why the document does not have this response, if it is known to be otherwise.
    pub departure: Option<Departure>,
}

impl HandlerResponse {
    /// Returns a value as JSON, its keys in the order of its fields.
    ///
    /// # Errors
    /// A server error if the value cannot be written as JSON.
    pub fn json(status: u16, value: &impl Serialize) -> Result<Self, Failure> {
        let body = serde_json::to_vec(value).map_err(|error| {
            tracing::error!(%error, "an answer cannot be written as JSON");
            Failure::ServerError
        })?;
        Ok(Self { body: Some(Bytes::from(body)), ..Self::empty(status) })
    }

    /// Returns a response of text or bytes.
    #[must_use]
    pub fn media(status: u16, media: Media) -> Self {
        Self { body: Some(media.bytes), media_type: Some(media.media_type), ..Self::empty(status) }
    }

    /// Returns a response without a body.
    #[must_use]
    pub fn empty(status: u16) -> Self {
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        Self { status, body: None, media_type: None, departure: None }
    }
}

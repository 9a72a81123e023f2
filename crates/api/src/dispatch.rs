//! The seam between the runtime and the generated code: a table of operations, and one function that calls the right
//! method with typed arguments. The runtime needs to know no operation by name, and the generated code no HTTP.

use std::future::Future;

use bytes::Bytes;
use http::StatusCode;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::failure::Failure;
use crate::host::Host;
use crate::operation::Operation;
use crate::request::RequestContext;

/// An implementation of every operation in a table.
pub trait Dispatch: Host {
    /// The operations.
    const OPERATIONS: &'static [Operation];

    /// The path all of them are below, without a slash at its end.
    const BASE_PATH: &'static str;

    /// Answers an operation, one of [`Dispatch::OPERATIONS`].
    fn dispatch(
        &self,
        cx: &RequestContext<Self::User>,
        operation: &'static Operation,
        body: Payload,
    ) -> impl Future<Output = Result<Reply, Failure>> + Send;
}

/// The fields of a body, each of them checked.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Payload(pub Map<String, Value>);

impl Payload {
    /// The body as a type.
    ///
    /// # Errors
    /// 400 if the type is stricter than the rules the fields were checked by.
    pub fn into_typed<T: DeserializeOwned>(self) -> Result<T, Failure> {
        serde_json::from_value(Value::Object(self.0)).map_err(|error| Failure::bad_request(error.to_string()))
    }
}

/// What an operation answers with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// The status.
    pub status: StatusCode,
    /// The JSON body, if there is one.
    pub body: Option<Bytes>,
}

impl Reply {
    /// A value as JSON, its keys in the order of its fields.
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

    /// No body.
    #[must_use]
    pub fn empty(status: u16) -> Self {
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        Self { status, body: None }
    }
}

/// The example of a schema, as the type that stands for the schema.
///
/// # Errors
/// A server error if the example is not one of the type.
pub fn example<T: DeserializeOwned>(text: &str) -> Result<T, Failure> {
    serde_json::from_str(text).map_err(|error| {
        tracing::error!(%error, "the example of a schema is not of its type");
        Failure::ServerError
    })
}

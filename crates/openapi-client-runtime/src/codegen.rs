//! The interface of generated code. Programs use the exports of their generated client instead.

pub use ::bytes;
pub use ::reqwest;
pub use futures::stream::BoxStream;
pub use openapi_wire::Refusal;

pub use crate::api::{Api, Operation};
pub use crate::call::{answered, bytes, empty, json, optional, text};
pub use crate::drift::shape::{Object, Property, Shape, reads};
pub use crate::error::Error;
pub use crate::media_body::MediaBody;
pub use crate::options::CallOptions;
pub use crate::paging::{PageNumber, stream, stream_by_token};
pub use crate::parameter::{Content, Encoding, Location, Parameter, Style};
pub use crate::request::{Request, made, made_if_set};
pub use crate::response_value::ResponseValue;
pub use crate::security::{KeyPlace, Requirement};
pub use crate::server::{Server, Variable};
pub use crate::transport::upgrade;
#[cfg(feature = "blocking")]
pub use crate::{blocking::Iter, waiting::wait};
pub use openapi_wire::Pattern;

/// Returns the objects of `stream`, which `operation` answers, for callers that do not await.
#[cfg(feature = "blocking")]
pub fn iterate<'a, T>(operation: &'static Operation, stream: BoxStream<'a, Result<T, Error>>) -> Iter<'a, T> {
    Iter::new(operation, stream)
}

//! A request with its response, as a host that looks on is told of it.

use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::Response;

use crate::request::RequestLine;
use crate::response::Body;

/// A request that was answered, or whose client did not wait for the response.
#[derive(Debug, Clone, Copy)]
pub struct Exchange<'a> {
    /// The request without its body.
    pub line: RequestLine<'a>,
    /// The body of the request; `None` if it could not be read.
    pub body: Option<&'a Bytes>,
    /// The time at which the request was there.
    pub began: SystemTime,
    /// The time until the response was ready, or until the client was gone.
    pub duration: Duration,
    /// The response, as it is sent; `None` if the client was gone before there was one.
    pub response: Option<&'a Response<Body>>,
}

impl<'a> Exchange<'a> {
    /// Returns the response that the client gets; `None` if it gets none, as its connection is ended or it is gone.
    #[must_use]
    pub fn sent(&self) -> Option<&'a Response<Body>> {
        self.response.filter(|response| !response.body().is_aborted())
    }

    /// Returns the status of the response that the client gets.
    #[must_use]
    pub fn status(&self) -> Option<u16> {
        self.sent().map(|response| response.status().as_u16())
    }
}

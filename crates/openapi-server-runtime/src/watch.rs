//! Tells a host of the exchange that it looks at, even if its client goes away before the response is ready.

use std::time::{Instant, SystemTime};

use bytes::Bytes;
use http::Response;

use crate::exchange::Exchange;
use crate::host::Host;
use crate::request::RequestLine;
use crate::response::Body;

/// An exchange that has begun. Dropping it tells the host that the client is gone.
pub(crate) struct Watch<'a, A: Host> {
    api: &'a A,
    line: RequestLine<'a>,
    began: SystemTime,
    clock: Instant,
    body: Option<Bytes>,
    is_over: bool,
}

impl<'a, A: Host> Watch<'a, A> {
    /// Begins to look at a request, if the host wants to.
    pub(crate) fn begin(api: &'a A, line: RequestLine<'a>) -> Option<Self> {
        let (began, clock) = (SystemTime::now(), Instant::now());
        api.observes(&line).then(|| Self { api, line, began, clock, body: None, is_over: false })
    }

    /// Adds the body.
    pub(crate) fn read(&mut self, body: &Bytes) {
        self.body = Some(body.clone());
    }

    /// Tells the host of the response.
    pub(crate) fn end(mut self, response: &Response<Body>) {
        self.report(Some(response));
        self.is_over = true;
    }

    fn report(&self, response: Option<&Response<Body>>) {
        self.api.observe(&Exchange {
            line: self.line,
            body: self.body.as_ref(),
            began: self.began,
            duration: self.clock.elapsed(),
            response,
        });
    }
}

impl<A: Host> Drop for Watch<'_, A> {
    fn drop(&mut self) {
        if !self.is_over {
            self.report(None);
        }
    }
}

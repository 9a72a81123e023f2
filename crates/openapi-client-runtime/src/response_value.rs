//! The response of an operation: a value of its type, with status and headers.

use std::ops::{Deref, DerefMut};

use reqwest::StatusCode;
use reqwest::header::HeaderMap;

use crate::answer::Headers;
use crate::drift::Drift;

/// The response of an operation. It dereferences to the value, and knows status, headers, and how it drifted.
#[derive(Clone, Debug)]
pub struct ResponseValue<T> {
    value: T,
    status: StatusCode,
    headers: Headers,
    drift: Vec<Drift>,
}

impl<T> ResponseValue<T> {
    pub(crate) fn new(value: T, status: StatusCode, headers: HeaderMap, drift: Vec<Drift>) -> Self {
        ResponseValue { value, status, headers: Headers(headers), drift }
    }

    /// Returns the same response with another value.
    pub(crate) fn map_value<U>(self, change: impl FnOnce(T) -> U) -> ResponseValue<U> {
        ResponseValue {
            value: change(self.value),
            status: self.status,
            headers: self.headers,
            drift: self.drift,
        }
    }

    /// Returns the status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// Returns the headers. Some hold secrets, such as `Set-Cookie`; `Debug` only names them.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.headers.0
    }

    /// Returns the differences between the response and the document, in the order of the document.
    ///
    /// A server of another release than the document's drifts. That is not an error: [`DriftKind`] tells how each
    /// difference is handled.
    ///
    /// [`DriftKind`]: crate::DriftKind
    #[must_use]
    pub fn drift(&self) -> &[Drift] {
        &self.drift
    }

    /// Returns `true` if the value at `pointer` comes from the server, and not from this client.
    pub(crate) fn answered(&self, pointer: &str) -> bool {
        !self.drift.iter().any(|drift| drift.made_up(pointer))
    }

    /// Returns the value alone.
    #[must_use]
    pub fn into_inner(self) -> T {
        self.value
    }
}

impl<T> Deref for ResponseValue<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T> DerefMut for ResponseValue<T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.value
    }
}

impl<T> AsRef<T> for ResponseValue<T> {
    fn as_ref(&self) -> &T {
        &self.value
    }
}

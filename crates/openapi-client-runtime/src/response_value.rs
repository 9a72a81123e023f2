//! What an operation answers: a value of its type, and what came with it.

use std::ops::{Deref, DerefMut};

use reqwest::StatusCode;
use reqwest::header::HeaderMap;

use crate::answer::Headers;
use crate::drift::Drift;

/// The answer of an operation. It dereferences to the value, and knows status, headers, and how it drifted.
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

    /// The same answer with another value.
    pub(crate) fn map_value<U>(self, change: impl FnOnce(T) -> U) -> ResponseValue<U> {
        ResponseValue {
            value: change(self.value),
            status: self.status,
            headers: self.headers,
            drift: self.drift,
        }
    }

    /// The status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The headers. Some hold secrets, such as `Set-Cookie`; `Debug` only names them.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.headers.0
    }

    /// Where the answer is not what the document describes, in the order of the document; empty if it nowhere differs.
    ///
    /// A server of another release than the document's drifts, and that is no error: see [`DriftKind`] for what becomes
    /// of it.
    ///
    /// [`DriftKind`]: crate::DriftKind
    #[must_use]
    pub fn drift(&self) -> &[Drift] {
        &self.drift
    }

    /// Whether the server answered the value at `pointer`, and not this client for it.
    pub(crate) fn answered(&self, pointer: &str) -> bool {
        !self.drift.iter().any(|drift| drift.made_up(pointer))
    }

    /// The value alone.
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

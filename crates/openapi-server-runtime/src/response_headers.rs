//! Headers that hooks and handlers add to the response of a request.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use http::header::{CONNECTION, CONTENT_LENGTH, TRANSFER_ENCODING};
use http::{HeaderMap, HeaderName, HeaderValue};

/// The headers that are added to the response of a request, whatever it is answered with: a success, a failure, also
/// that of a handler that panics or takes too long. They replace headers of the same name, except for those that frame
/// the body (`Content-Length`, `Transfer-Encoding`, `Connection`).
#[derive(Debug, Clone, Default)]
pub struct ResponseHeaders(Arc<Mutex<HeaderMap>>);

impl ResponseHeaders {
    /// Sets a header, in place of those of the same name that were added before.
    pub fn insert(&self, name: HeaderName, value: HeaderValue) {
        self.headers().insert(name, value);
    }

    /// Adds a header beside those of the same name.
    pub fn append(&self, name: HeaderName, value: HeaderValue) {
        self.headers().append(name, value);
    }

    /// Moves the headers to those of a response.
    pub(crate) fn move_to(&self, answer: &mut HeaderMap) {
        let mut headers = std::mem::take(&mut *self.headers());
        for name in [CONNECTION, CONTENT_LENGTH, TRANSFER_ENCODING] {
            headers.remove(name);
        }
        answer.extend(headers);
    }

    fn headers(&self) -> MutexGuard<'_, HeaderMap> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use http::header::{CONTENT_TYPE, SET_COOKIE};

    use super::*;

    #[test]
    fn added_headers_replace_those_of_the_answer_but_not_its_framing() {
        let added = ResponseHeaders::default();
        added.insert(CONTENT_TYPE, HeaderValue::from_static("text/html"));
        added.insert(CONTENT_TYPE, HeaderValue::from_static("text/csv"));
        added.append(SET_COOKIE, HeaderValue::from_static("a=1"));
        added.append(SET_COOKIE, HeaderValue::from_static("b=2"));
        added.insert(CONTENT_LENGTH, HeaderValue::from_static("7"));
        let mut answer = HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_static("application/json"))]);
        added.move_to(&mut answer);
        let found: Vec<_> = answer.iter().map(|(name, value)| (name.as_str(), value.as_bytes())).collect();
        let expected: [(_, &[u8]); 3] =
            [("content-type", b"text/csv"), ("set-cookie", b"a=1"), ("set-cookie", b"b=2")];
        assert_eq!(found, expected);
    }
}

//! The body of a response, independent of what carries it over a network.

use std::fmt;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_util::{Stream, StreamExt as _};
use http_body::{Frame, SizeHint};

/// The body of a response: bytes, bytes that are still to come, or the end of the connection.
///
/// It implements [`http_body::Body`], so that dropshot, hyper or a test can carry it.
///
/// ```
/// use openapi_server_runtime::response::Body;
///
/// let body = Body::from("{}");
/// assert_eq!(body.as_bytes().map(|bytes| bytes.len()), Some(2));
/// assert!(Body::aborted().as_bytes().is_none());
/// ```
#[derive(Debug)]
pub struct Body(Content);

enum Content {
    Bytes(Bytes),
    Stream(Pin<Box<dyn Stream<Item = io::Result<Bytes>> + Send + Sync>>),
    Aborted,
}

impl fmt::Debug for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bytes(bytes) => f.debug_tuple("Bytes").field(bytes).finish(),
            Self::Stream(_) => f.write_str("Stream(..)"),
            Self::Aborted => f.write_str("Aborted"),
        }
    }
}

impl Body {
    /// Returns a body without bytes.
    #[must_use]
    pub const fn empty() -> Self {
        Self(Content::Bytes(Bytes::new()))
    }

    /// Returns a body whose bytes are sent as they come. The time limit of the service does not apply to it, and it ends when
    /// the stream does.
    #[must_use]
    pub fn stream(bytes: impl Stream<Item = Bytes> + Send + Sync + 'static) -> Self {
        Self::broken_stream(bytes.map(Ok))
    }

    /// Returns a body like [`Body::stream`], whose connection ends with the first error.
    #[must_use]
    pub fn broken_stream(bytes: impl Stream<Item = io::Result<Bytes>> + Send + Sync + 'static) -> Self {
        Self(Content::Stream(Box::pin(bytes)))
    }

    /// Returns a body that fails with [`io::ErrorKind::ConnectionAborted`]. A carrier ends the connection when it meets
    /// one, instead of sending a response.
    #[must_use]
    pub const fn aborted() -> Self {
        Self(Content::Aborted)
    }

    /// Returns the bytes, or `None` if the body is a stream or is aborted.
    #[must_use]
    pub const fn as_bytes(&self) -> Option<&Bytes> {
        match &self.0 {
            Content::Bytes(bytes) => Some(bytes),
            Content::Stream(_) | Content::Aborted => None,
        }
    }

    /// Returns `true` if the connection is to end.
    #[must_use]
    pub const fn is_aborted(&self) -> bool {
        matches!(self.0, Content::Aborted)
    }
}

impl Default for Body {
    fn default() -> Self {
        Self::empty()
    }
}

impl From<Bytes> for Body {
    fn from(bytes: Bytes) -> Self {
        Self(Content::Bytes(bytes))
    }
}

impl From<Vec<u8>> for Body {
    fn from(bytes: Vec<u8>) -> Self {
        Self::from(Bytes::from(bytes))
    }
}

impl From<String> for Body {
    fn from(text: String) -> Self {
        Self::from(Bytes::from(text))
    }
}

impl From<&'static str> for Body {
    fn from(text: &'static str) -> Self {
        Self::from(Bytes::from_static(text.as_bytes()))
    }
}

impl http_body::Body for Body {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        Poll::Ready(match &mut self.0 {
            Content::Stream(stream) => {
                return stream.as_mut().poll_next(cx).map(|bytes| bytes.map(|bytes| bytes.map(Frame::data)));
            }
            Content::Bytes(bytes) if bytes.is_empty() => None,
            Content::Bytes(bytes) => Some(Ok(Frame::data(std::mem::take(bytes)))),
            Content::Aborted => Some(Err(io::ErrorKind::ConnectionAborted.into())),
        })
    }

    fn is_end_stream(&self) -> bool {
        self.as_bytes().is_some_and(Bytes::is_empty)
    }

    fn size_hint(&self) -> SizeHint {
        let length = self.as_bytes().and_then(|bytes| u64::try_from(bytes.len()).ok());
        length.map_or_else(SizeHint::default, SizeHint::with_exact)
    }
}

#[cfg(test)]
mod tests {
    use http_body::Body as _;
    use http_body_util::BodyExt as _;

    use super::*;

    #[tokio::test]
    async fn bytes_come_once_and_their_number_is_known() {
        for text in ["", "abc"] {
            let body = Body::from(text);
            assert_eq!(
                (body.size_hint().exact(), body.is_end_stream()),
                (Some(text.len() as u64), text.is_empty())
            );
            assert_eq!(body.collect().await.expect("bytes").to_bytes(), text);
        }
    }

    #[tokio::test]
    async fn a_stream_has_no_length_and_ends_when_its_bytes_do() {
        let body = Body::stream(futures_util::stream::iter(["a", "b"].map(Bytes::from)));
        assert_eq!((body.size_hint().exact(), body.is_end_stream()), (None, false));
        assert_eq!(body.collect().await.expect("bytes").to_bytes(), "ab");
    }

    #[tokio::test]
    async fn an_aborted_body_fails_and_has_no_length() {
        let body = Body::aborted();
        assert_eq!((body.size_hint().exact(), body.is_end_stream()), (None, false));
        let error = body.collect().await.expect_err("an aborted body");
        assert_eq!(error.kind(), io::ErrorKind::ConnectionAborted);
    }
}

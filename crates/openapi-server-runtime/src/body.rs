//! Reads the bytes of a body, up to a limit.

use bytes::Bytes;
use http::StatusCode;
use http_body_util::{BodyExt, LengthLimitError, Limited};

use crate::failure::Failure;

/// Reads a whole body of at most `limit` bytes.
///
/// # Errors
/// 413 if there are more, 400 if the connection breaks off.
pub async fn read<B>(body: B, limit: usize) -> Result<Bytes, Failure>
where
    B: http_body::Body,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    match Limited::new(body, limit).collect().await {
        Ok(collected) => Ok(collected.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => Err(Failure::detail(
            StatusCode::PAYLOAD_TOO_LARGE,
            format!("The request body is longer than {limit} bytes."),
        )),
        Err(error) => {
            tracing::debug!(%error, "a request body broke off");
            Err(Failure::detail(StatusCode::BAD_REQUEST, "The request body is incomplete."))
        }
    }
}

/// The body of a request: still to be read, or read before anything asked for it.
pub(crate) enum Sent<B> {
    /// It is read when something asks for it.
    Unread(B),
    /// It was read, or could not be.
    Read(Result<Bytes, Failure>),
}

impl<B> Sent<B>
where
    B: http_body::Body,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    /// Reads it like [`read`].
    pub(crate) async fn read(self, limit: usize) -> Result<Bytes, Failure> {
        match self {
            Self::Unread(body) => read(body, limit).await,
            Self::Read(outcome) => outcome,
        }
    }
}

#[cfg(test)]
mod tests {
    use http_body_util::Full;

    use super::*;

    #[tokio::test]
    async fn a_body_beyond_the_limit_is_refused() {
        assert_eq!(read(Full::new(Bytes::from("1234")), 4).await, Ok(Bytes::from("1234")));
        let refused =
            read(Full::new(Bytes::from("12345")), 4).await.map_err(|failure| failure.status().as_u16());
        assert_eq!(refused, Err(413));
    }
}

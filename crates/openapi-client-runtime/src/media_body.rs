//! A body of any media type.

use std::fmt;

use bytes::Bytes;

/// Bytes of a media type, in place of a typed body.
#[derive(Clone)]
pub struct MediaBody {
    pub(crate) media_type: String,
    pub(crate) bytes: Bytes,
}

impl MediaBody {
    /// Makes a body of these bytes.
    pub fn new(media_type: impl Into<String>, bytes: impl Into<Bytes>) -> Self {
        Self { media_type: media_type.into(), bytes: bytes.into() }
    }
}

/// The bytes may be secret.
impl fmt::Debug for MediaBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MediaBody")
            .field("media_type", &self.media_type)
            .field("bytes", &format_args!("{} bytes", self.bytes.len()))
            .finish()
    }
}

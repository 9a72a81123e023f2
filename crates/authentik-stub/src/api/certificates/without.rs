//! The stub without the feature `certificates`: it makes none, and looks at the first bytes alone.

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::pair::{Algorithm, Generated};

/// A certificate, of which it is known that it is one.
pub(super) struct Certificate;

impl Certificate {
    /// Returns a certificate if the bytes may be one.
    pub(super) fn of(der: &[u8]) -> Option<Self> {
        is_sequence(der).then_some(Self)
    }

    #[expect(clippy::unused_self, reason = "one that is read knows more")]
    pub(super) fn expiry(&self) -> Option<DateTime<Utc>> {
        None
    }

    #[expect(clippy::unused_self, reason = "one that is read knows more")]
    pub(super) fn subject(&self) -> Value {
        Value::Null
    }

    #[expect(clippy::unused_self, reason = "one that is read knows more")]
    pub(super) fn key_kind(&self) -> Option<&'static str> {
        None
    }
}

/// The algorithms of keys, as they are written in a key of PKCS #8.
const ALGORITHMS: [(&[u8], &str); 3] = [
    (&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01], "rsa"),
    (&[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01], "ec"),
    (&[0x2b, 0x65, 0x70], "ed25519"),
];

/// Returns the kind of a private key of PKCS #8, which begins with its algorithm; `None` if the bytes are none.
pub(super) fn private_kind(der: &[u8]) -> Option<&'static str> {
    let head = der.get(..der.len().min(32)).filter(|head| is_sequence(head))?;
    let is_named = |id: &[u8]| head.windows(id.len()).any(|bytes| bytes == id);
    ALGORITHMS.iter().find(|(id, _)| is_named(id)).map(|(_, kind)| *kind)
}

/// Makes no certificate.
pub(crate) fn generate(_: &str, _: &[&str], _: i64, _: Algorithm, _: DateTime<Utc>) -> Option<Generated> {
    None
}

fn is_sequence(der: &[u8]) -> bool {
    der.len() > 3 && der.first() == Some(&0x30)
}

//! Certificates and private keys: what is in those that are given, and new ones.

#[cfg(feature = "certificates")]
mod make;
mod pair;
#[cfg(feature = "certificates")]
mod read;
#[cfg(not(feature = "certificates"))]
mod without;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use chrono::SecondsFormat;
use openapi_resources::reader::Reader;
use openapi_resources::row::Row;
use serde_json::{Value, json};
use sha1::{Digest as _, Sha1};
use sha2::Sha256;

#[cfg(feature = "certificates")]
pub(crate) use make::generate;
pub(crate) use pair::Algorithm;
#[cfg(feature = "certificates")]
use read::{Certificate, private_kind};
#[cfg(not(feature = "certificates"))]
pub(crate) use without::generate;
#[cfg(not(feature = "certificates"))]
use without::{Certificate, private_kind};

/// The most bytes that are read of a certificate or a key.
const MAX_LENGTH: usize = 1 << 20;

/// A property that is computed of a row.
type Computed = fn(Reader<'_>, &Row) -> Value;

/// The values that are computed of a certificate-key pair alone, by the names of functions.
pub(super) const OWN: &[(&str, Computed)] = &[
    ("cert_expiry", |reader, row| {
        of(reader, row, |der| {
            Some(json!(Certificate::of(der)?.expiry()?.to_rfc3339_opts(SecondsFormat::Secs, true)))
        })
    }),
    ("cert_subject", |reader, row| of(reader, row, |der| Some(Certificate::of(der)?.subject()))),
    ("certificate_download_url", |reader, row| download(reader, row, "view_certificate")),
    ("fingerprint_sha1", |reader, row| of(reader, row, |der| Some(json!(colons(&Sha1::digest(der)))))),
    ("fingerprint_sha256", |reader, row| of(reader, row, |der| Some(json!(colons(&Sha256::digest(der)))))),
    ("private_key_available", |reader, row| json!(!text(reader, row, "key_data").is_empty())),
    ("private_key_download_url", |reader, row| download(reader, row, "view_private_key")),
    ("private_key_type", |reader, row| match text(reader, row, "key_data") {
        "" => Value::Null,
        // A key that cannot be read, such as one that a fixture keeps to itself, is of the kind that its certificate is for.
        key => {
            let public = || of(reader, row, |der| Some(json!(Certificate::of(der)?.key_kind())));
            key_kind(key).map_or_else(public, Value::from)
        }
    }),
];

fn text<'a>(reader: Reader<'a>, row: &'a Row, field: &str) -> &'a str {
    reader.value(row, field).as_str().unwrap_or_default()
}

/// Returns where a part of a pair can be had as a file.
fn download(reader: Reader<'_>, row: &Row, action: &str) -> Value {
    json!(format!("/api/v3/crypto/certificatekeypairs/{}/{action}/?download", text(reader, row, "kp_uuid")))
}

/// Returns what `read` makes of the certificate of a row; null if it is none.
fn of(reader: Reader<'_>, row: &Row, read: impl FnOnce(&[u8]) -> Option<Value>) -> Value {
    let der = der(text(reader, row, "certificate_data"));
    der.filter(|der| Certificate::of(der).is_some()).and_then(|der| read(&der)).unwrap_or_default()
}

/// Returns the bytes of the first block of a text of blocks.
fn der(pem: &str) -> Option<Vec<u8>> {
    if pem.len() > MAX_LENGTH {
        return None;
    }
    let (_, rest) = pem.split_once("-----BEGIN ")?;
    let (label, rest) = rest.split_once("-----")?;
    let (content, _) = rest.split_once(&format!("-----END {label}-----"))?;
    let content: String = content.split_whitespace().collect();
    BASE64_STANDARD.decode(content).ok()
}

/// Returns `true` if a text is a certificate.
pub(crate) fn is_certificate(pem: &str) -> bool {
    der(pem).is_some_and(|der| Certificate::of(&der).is_some())
}

/// Returns the kind of a private key; `None` if a text is no key.
pub(crate) fn key_kind(pem: &str) -> Option<&'static str> {
    let der = der(pem)?;
    let label = pem.split("-----BEGIN ").nth(1)?.split("-----").next()?;
    match label {
        "RSA PRIVATE KEY" => return Some("rsa"),
        "EC PRIVATE KEY" => return Some("ec"),
        "DSA PRIVATE KEY" => return Some("dsa"),
        "PRIVATE KEY" => {}
        _ => return None,
    }
    private_kind(&der)
}

/// Returns a hash as pairs of digits.
fn colons(hash: &[u8]) -> String {
    hash.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().join(":")
}

/// Returns the lines of a certificate without its first and last, for documents that have their own around them.
pub(crate) fn stripped(pem: &str) -> String {
    der(pem).map(|der| BASE64_STANDARD.encode(der)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_key_or_certificate_is_nothing() {
        for text in ["", "x", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"] {
            assert_eq!((is_certificate(text), key_kind(text)), (false, None), "{text}");
        }
    }
}

//! The content of certificates and keys.

use std::fmt::Write as _;

use chrono::{DateTime, Utc};
use serde_json::Value;
use x509_parser::certificate::X509Certificate;
use x509_parser::der_parser::asn1_rs::{Integer, Sequence};
use x509_parser::prelude::FromDer as _;
use x509_parser::x509::{AlgorithmIdentifier, X509Name};

/// A certificate that was read.
pub(super) struct Certificate<'a>(X509Certificate<'a>);

impl<'a> Certificate<'a> {
    /// Reads a certificate; `None` if the bytes are none.
    pub(super) fn of(der: &'a [u8]) -> Option<Self> {
        X509Certificate::from_der(der).ok().map(|(_, certificate)| Self(certificate))
    }

    /// Returns the time at which it ends.
    pub(super) fn expiry(&self) -> Option<DateTime<Utc>> {
        DateTime::from_timestamp(self.0.validity().not_after.timestamp(), 0)
    }

    /// Returns what it is for.
    pub(super) fn subject(&self) -> Value {
        Value::from(name(self.0.subject()))
    }

    /// Returns the kind of the key that it is for.
    pub(super) fn key_kind(&self) -> Option<&'static str> {
        kind_of(&self.0.public_key().algorithm)
    }

    /// Returns who signed it.
    #[cfg(test)]
    pub(super) fn issuer(&self) -> String {
        name(self.0.issuer())
    }
}

/// Returns the kind of a private key of PKCS #8, a sequence of a version, an algorithm and the key; `None` if the bytes are none.
pub(super) fn private_kind(der: &[u8]) -> Option<&'static str> {
    let (_, outer) = Sequence::from_der(der).ok()?;
    let content: &[u8] = &outer.content;
    let (rest, _) = Integer::from_der(content).ok()?;
    let (_, algorithm) = AlgorithmIdentifier::from_der(rest).ok()?;
    kind_of(&algorithm)
}

/// Returns the kind of the keys of an algorithm.
fn kind_of(algorithm: &AlgorithmIdentifier<'_>) -> Option<&'static str> {
    match algorithm.algorithm.to_id_string().as_str() {
        "1.2.840.113549.1.1.1" | "1.2.840.113549.1.1.10" => Some("rsa"),
        "1.2.840.10045.2.1" => Some("ec"),
        "1.2.840.10040.4.1" => Some("dsa"),
        "1.3.101.112" => Some("ed25519"),
        "1.3.101.113" => Some("ed448"),
        "1.3.101.110" => Some("x25519"),
        "1.3.101.111" => Some("x448"),
        _ => None,
    }
}

/// Returns a name as RFC 4514 writes it: the last part first.
fn name(name: &X509Name<'_>) -> String {
    let parts: Vec<String> = name
        .iter_rdn()
        .map(|part| {
            let attributes = part.iter().map(|attribute| {
                let kind = attribute.attr_type().to_id_string();
                let kind = match kind.as_str() {
                    "2.5.4.3" => "CN",
                    "2.5.4.7" => "L",
                    "2.5.4.8" => "ST",
                    "2.5.4.10" => "O",
                    "2.5.4.11" => "OU",
                    "2.5.4.6" => "C",
                    "2.5.4.9" => "STREET",
                    "0.9.2342.19200300.100.1.25" => "DC",
                    "0.9.2342.19200300.100.1.1" => "UID",
                    other => other,
                };
                let value = attribute.as_str().map_or_else(
                    |_| String::from_utf8_lossy(attribute.as_slice()).into_owned(),
                    str::to_owned,
                );
                format!("{kind}={}", escaped(&value))
            });
            attributes.collect::<Vec<_>>().join("+")
        })
        .collect();
    parts.into_iter().rev().collect::<Vec<_>>().join(",")
}

/// Returns a value of a name with what stands for something else escaped.
fn escaped(value: &str) -> String {
    let mut text = String::new();
    let last = value.chars().count().saturating_sub(1);
    for (at, letter) in value.chars().enumerate() {
        let is_at_end = letter == ' ' && (at == 0 || at == last) || letter == '#' && at == 0;
        match letter {
            '\0' => text.push_str("\\00"),
            '"' | '+' | ',' | ';' | '<' | '>' | '\\' => {
                // Writing to a text does not fail.
                let _ = write!(text, "\\{letter}");
            }
            _ if is_at_end => {
                let _ = write!(text, "\\{letter}");
            }
            _ => text.push(letter),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_escaped() {
        assert_eq!(escaped(" #a,b+c\\ "), "\\ #a\\,b\\+c\\\\\\ ");
        assert_eq!(escaped("#a"), "\\#a");
    }
}

//! Certificates and private keys: what is in those that are given, and new ones.

use std::fmt::Write as _;
use std::net::IpAddr;
use std::str::FromStr as _;
use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use openapi_resources::reader::Reader;
use openapi_resources::row::Row;
use rcgen::{CertificateParams, DistinguishedName, DnType, Issuer, KeyPair, RsaKeySize, SanType};
use serde_json::{Value, json};
use sha1::{Digest as _, Sha1};
use sha2::Sha256;
use x509_parser::certificate::X509Certificate;
use x509_parser::pem::Pem;
use x509_parser::prelude::FromDer as _;
use x509_parser::x509::{AlgorithmIdentifier, X509Name};

/// The most bytes that are read of a certificate or a key.
const MAX_LENGTH: usize = 1 << 20;

/// A property that is computed of a row.
type Computed = fn(Reader<'_>, &Row) -> Value;

/// The values that are computed of a certificate-key pair, by the names of functions.
pub(super) const COMPUTED: &[(&str, Computed)] = &[
    ("cert_expiry", |reader, row| {
        of(reader, row, |_, certificate| {
            let end = DateTime::from_timestamp(certificate.validity().not_after.timestamp(), 0)?;
            Some(json!(end.to_rfc3339_opts(SecondsFormat::Secs, true)))
        })
    }),
    ("cert_subject", |reader, row| {
        of(reader, row, |_, certificate| Some(json!(name(certificate.subject()))))
    }),
    ("certificate_download_url", |reader, row| download(reader, row, "view_certificate")),
    ("fingerprint_sha1", |reader, row| of(reader, row, |der, _| Some(json!(colons(&Sha1::digest(der)))))),
    ("fingerprint_sha256", |reader, row| of(reader, row, |der, _| Some(json!(colons(&Sha256::digest(der)))))),
    ("private_key_available", |reader, row| json!(!text(reader, row, "key_data").is_empty())),
    ("private_key_download_url", |reader, row| download(reader, row, "view_private_key")),
    ("private_key_type", |reader, row| match text(reader, row, "key_data") {
        "" => Value::Null,
        // A key that cannot be read, such as one that a fixture keeps to itself, is of the kind that its certificate is for.
        key => {
            key_kind(key).map_or_else(|| of(reader, row, |_, it| Some(json!(public_kind(it)))), Value::from)
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
fn of(
    reader: Reader<'_>,
    row: &Row,
    read: impl FnOnce(&[u8], &X509Certificate<'_>) -> Option<Value>,
) -> Value {
    let Some(der) = der(text(reader, row, "certificate_data")) else { return Value::Null };
    let Ok((_, certificate)) = X509Certificate::from_der(&der) else { return Value::Null };
    read(&der, &certificate).unwrap_or_default()
}

/// Returns the bytes of the first block of a text of blocks.
fn der(pem: &str) -> Option<Vec<u8>> {
    if pem.len() > MAX_LENGTH {
        return None;
    }
    let block = Pem::iter_from_buffer(pem.as_bytes()).next()?.ok()?;
    Some(block.contents)
}

/// Returns `true` if a text is a certificate.
pub(crate) fn is_certificate(pem: &str) -> bool {
    der(pem).is_some_and(|der| X509Certificate::from_der(&der).is_ok())
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
    // A sequence of a version, an algorithm and the key.
    let (_, outer) = x509_parser::der_parser::asn1_rs::Sequence::from_der(&der).ok()?;
    let content: &[u8] = &outer.content;
    let (rest, _) = x509_parser::der_parser::asn1_rs::Integer::from_der(content).ok()?;
    let (_, algorithm) = AlgorithmIdentifier::from_der(rest).ok()?;
    kind_of(&algorithm)
}

/// Returns the kind of the key that a certificate is for.
fn public_kind(certificate: &X509Certificate<'_>) -> Option<&'static str> {
    kind_of(&certificate.public_key().algorithm)
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

/// Returns a hash as pairs of digits.
fn colons(hash: &[u8]) -> String {
    hash.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().join(":")
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

/// A certificate and its key, as texts.
#[derive(Debug)]
pub(crate) struct Generated {
    pub(crate) certificate: String,
    pub(crate) key: String,
}

/// The kind of a key that is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Algorithm {
    Rsa,
    Ecdsa,
}

/// Makes a certificate that is good from a day ago for a number of days; `None` if there is no such time or name.
pub(crate) fn generate(
    common_name: &str,
    names: &[&str],
    days: i64,
    algorithm: Algorithm,
    now: DateTime<Utc>,
) -> Option<Generated> {
    let key = match algorithm {
        Algorithm::Rsa => KeyPair::generate_rsa_for(&rcgen::PKCS_RSA_SHA256, RsaKeySize::_4096),
        Algorithm::Ecdsa => KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256),
    };
    let key = key.ok()?;
    let mut params = CertificateParams::default();
    let epoch = rcgen::date_time_ymd(1970, 1, 1);
    let at = |time: DateTime<Utc>| {
        // The last second that a certificate can name is that of the year 9999.
        let seconds = u64::try_from(time.timestamp()).ok().filter(|seconds| *seconds < 253_402_300_800)?;
        Some(epoch + Duration::from_secs(seconds))
    };
    let (first, last) = (now - TimeDelta::days(1), now.checked_add_signed(TimeDelta::try_days(days)?)?);
    // The program makes no certificate that ends before it begins.
    if last < first {
        return None;
    }
    params.not_before = at(first)?;
    params.not_after = at(last)?;
    params.distinguished_name = DistinguishedName::new();
    let subject = [
        (DnType::CommonName, common_name),
        (DnType::OrganizationName, "authentik"),
        (DnType::OrganizationalUnitName, "Self-signed"),
    ];
    for (kind, value) in subject {
        params.distinguished_name.push(kind, value);
    }
    for name in names {
        params.subject_alt_names.push(match IpAddr::from_str(name) {
            Ok(address) => SanType::IpAddress(address),
            Err(_) => SanType::DnsName((*name).try_into().ok()?),
        });
    }
    let mut issuer = CertificateParams::default();
    issuer.distinguished_name = DistinguishedName::new();
    issuer.distinguished_name.push(DnType::CommonName, "authentik 2024.8.3");
    let certificate = params.signed_by(&key, &Issuer::new(issuer, &key)).ok()?;
    Some(Generated { certificate: certificate.pem(), key: key.serialize_pem() })
}

/// Returns the lines of a certificate without its first and last, for documents that have their own around them.
pub(crate) fn stripped(pem: &str) -> String {
    der(pem).map(|der| BASE64_STANDARD.encode(der)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_certificate_says_what_it_was_made_for() {
        let now = Utc::now();
        let made = generate("sso.example.com", &["sso.example.com", "10.0.0.1"], 90, Algorithm::Ecdsa, now)
            .expect("it can be made");
        assert!(is_certificate(&made.certificate));
        assert_eq!(key_kind(&made.key), Some("ec"));
        let der = der(&made.certificate).expect("it is a block");
        let (_, certificate) = X509Certificate::from_der(&der).expect("it is a certificate");
        assert_eq!(name(certificate.subject()), "OU=Self-signed,O=authentik,CN=sso.example.com");
        assert_eq!(name(certificate.issuer()), "CN=authentik 2024.8.3");
        assert_eq!(certificate.validity().not_after.timestamp(), (now + TimeDelta::days(90)).timestamp());
    }

    #[test]
    fn what_cannot_be_is_not_made() {
        assert!(generate("x", &[], -1, Algorithm::Ecdsa, Utc::now()).is_some());
        for days in [i64::MAX, 4_000_000, -2, -40_000] {
            assert!(generate("x", &[], days, Algorithm::Ecdsa, Utc::now()).is_none(), "{days}");
        }
        assert!(generate("x", &["ü"], 1, Algorithm::Ecdsa, Utc::now()).is_none());
    }

    #[test]
    fn what_is_no_key_or_certificate_is_nothing() {
        for text in ["", "x", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"] {
            assert_eq!((is_certificate(text), key_kind(text)), (false, None), "{text}");
        }
    }

    #[test]
    fn names_are_escaped() {
        assert_eq!(escaped(" #a,b+c\\ "), "\\ #a\\,b\\+c\\\\\\ ");
        assert_eq!(escaped("#a"), "\\#a");
    }
}

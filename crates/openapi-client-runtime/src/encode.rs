//! Writes values into requests, by the styles of OpenAPI 3.1.
//!
//! Paths, queries and forms are percent-encoded as RFC 6570 has it: what is neither a letter, a digit nor one of `-._~`.
//! Headers have no encoding, and cookies only encode what no cookie can hold. A value that its style cannot say is refused:
//! what arrives is always what was meant.

pub(crate) mod cookie;
pub(crate) mod form;
pub(crate) mod header;
pub(crate) mod multipart;
pub(crate) mod path;
mod percent;
pub(crate) mod query;
mod value;

use std::hash::{BuildHasher as _, Hasher as _, RandomState};

/// Returns a content type without its parameters.
pub(crate) fn essence(content_type: &str) -> &str {
    content_type.split(';').next().unwrap_or_default().trim()
}

/// Returns a number that no other request has. It can be guessed.
pub(crate) fn unique() -> u128 {
    let [high, low] = [(); 2].map(|()| u128::from(RandomState::new().build_hasher().finish()));
    (high << 64) | low
}

#[cfg(test)]
mod examples;

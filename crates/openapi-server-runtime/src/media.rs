//! Bodies and responses other than JSON: text or bytes, passed on unchanged with their media type. [`Form`] tells how
//! to read a body of a media type.

use bytes::Bytes;
use http::HeaderMap;
use http::header::{AsHeaderName, CONTENT_TYPE};
use serde::{Deserialize, Serialize};

/// Text or bytes of a media type.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Media {
    /// The media type, such as `text/csv` or `image/png`; empty if a body came without one.
    pub media_type: String,
    /// The bytes.
    pub bytes: Bytes,
}

impl Media {
    /// Makes a body of bytes.
    pub fn new(media_type: impl Into<String>, bytes: impl Into<Bytes>) -> Self {
        Self { media_type: media_type.into(), bytes: bytes.into() }
    }

    /// Makes a body of UTF-8 text.
    pub fn text(media_type: impl Into<String>, text: impl Into<String>) -> Self {
        Self::new(media_type, text.into())
    }

    /// Returns the bytes as text, if they are UTF-8.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        std::str::from_utf8(&self.bytes).ok()
    }
}

/// Returns the media type a body is declared to have; empty if there is none.
#[must_use]
pub fn content_type(headers: &HeaderMap) -> String {
    joined(headers, CONTENT_TYPE).unwrap_or_default()
}

/// Returns the values of a header as one list. Header bytes are Latin-1.
#[must_use]
pub fn joined(headers: &HeaderMap, name: impl AsHeaderName) -> Option<String> {
    let mut values = headers
        .get_all(name)
        .iter()
        .map(|value| value.as_bytes().iter().copied().map(char::from).collect::<String>());
    let first = values.next()?;
    Some(values.fold(first, |list, value| list + "," + &value))
}

/// The form in which a body is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Form {
    /// As JSON.
    Json,
    /// In several parts, one for each field.
    Multipart,
    /// As a form that is written like a query.
    UrlEncoded,
    /// As text or bytes of any other kind.
    Raw,
}

impl Form {
    /// Returns the form of a body of this media type.
    #[must_use]
    pub fn of(media_type: &str) -> Self {
        match essence(media_type).as_str() {
            "application/json" | "text/json" => Self::Json,
            "application/x-www-form-urlencoded" => Self::UrlEncoded,
            other if other.ends_with("+json") => Self::Json,
            other if other.starts_with("multipart/") => Self::Multipart,
            _ => Self::Raw,
        }
    }
}

/// Returns a media type without its parameters, in lower case.
#[must_use]
pub fn essence(media_type: &str) -> String {
    media_type.split(';').next().unwrap_or_default().trim().to_lowercase()
}

/// Returns the parameters of a media type with their values, which may be in quotation marks.
pub fn parameters(media_type: &str) -> impl Iterator<Item = (&str, &str)> {
    let pairs = media_type.split(';').skip(1).filter_map(|parameter| parameter.split_once('='));
    pairs.map(|(name, value)| (name.trim(), value.trim()))
}

/// Returns `true` if two media types overlap. Each may have wildcards and parameters.
#[must_use]
pub fn overlap(one: &str, other: &str) -> bool {
    let (one, other) = (essence(one), essence(other));
    let halves = |name: &str| {
        let (main, sub) = name.split_once('/').unwrap_or((name, ""));
        (main.to_owned(), sub.to_owned())
    };
    let same = |one: &str, other: &str| one == other || one == "*" || other == "*";
    let ((main, sub), (other_main, other_sub)) = (halves(&one), halves(&other));
    !one.is_empty() && !other.is_empty() && same(&main, &other_main) && same(&sub, &other_sub)
}

/// Returns the most specific of declared media types that a media type is one of.
pub fn most_specific<'a>(media_type: &str, declared: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let matching = declared.into_iter().filter(|known| overlap(media_type, known));
    matching.min_by_key(|known| essence(known).matches('*').count())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_several_declared_media_types_the_most_specific_is_meant() {
        let declared = ["*/*", "application/*", "Application/JSON", "application/xml"];
        for (given, expected) in [
            ("application/json; charset=utf-8", Some("Application/JSON")),
            ("application/yaml", Some("application/*")),
            ("image/png", Some("*/*")),
            ("", None),
        ] {
            assert_eq!(most_specific(given, declared), expected, "{given}");
        }
    }

    #[test]
    fn media_types_have_something_in_common_up_to_wildcards() {
        for (one, other, expected) in [
            ("application/json", "Application/JSON; charset=utf-8", true),
            ("*/*", "image/png", true),
            ("image/*", "image/png", true),
            ("image/png", "image/*", true),
            ("*/json", "application/json", true),
            ("image/png", "image/jpeg", false),
            ("text/*", "image/png", false),
            ("*", "image/png", false),
            ("", "*/*", false),
        ] {
            assert_eq!(overlap(one, other), expected, "{one} {other}");
        }
    }
}

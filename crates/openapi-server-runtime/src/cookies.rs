//! The cookies of a request.

use http::HeaderMap;
use http::header::COOKIE;

/// Returns the names of all cookies, and their texts, which are not decoded. Bytes that are no UTF-8 become U+FFFD.
#[must_use]
pub fn cookies(headers: &HeaderMap) -> Vec<(String, String)> {
    let pair = |text: &str| {
        let (name, value) = text.trim().split_once('=')?;
        Some((name.to_owned(), value.to_owned()))
    };
    let pairs = |text: &str| text.split(';').filter_map(pair).collect::<Vec<_>>();
    let texts = headers.get_all(COOKIE).iter().map(|value| String::from_utf8_lossy(value.as_bytes()));
    texts.flat_map(|text| pairs(&text)).collect()
}

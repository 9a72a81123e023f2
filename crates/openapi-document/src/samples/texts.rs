//! Samples of texts.

use serde_json::{Map, Value};

use super::patterns;
use crate::example::MOMENT;

/// The longest text that is made to reach a bound.
const MAX_LENGTH: usize = 1_000;

/// Returns texts: plain, empty, in other scripts, with letters that mean something in URLs, as long and as short as a
/// schema has them; or those of its format.
pub(super) fn texts(schema: &Map<String, Value>) -> Vec<Value> {
    let format = schema.get("format").and_then(Value::as_str).unwrap_or_default();
    let mut texts: Vec<String> = of_format(format).iter().map(|text| (*text).to_owned()).collect();
    if texts.is_empty() {
        let pattern = schema.get("pattern").and_then(Value::as_str);
        texts.extend(pattern.into_iter().flat_map(patterns::matching));
        texts.extend(lengths(schema));
        texts.extend(["", "名前 é 🦀", "a/b?c=d&e+f%20g#h;i,j\"k'l\\m<n>{o}|p", " "].map(str::to_owned));
        if pattern.is_some() {
            let usual =
                ["a", "A1", "abc", "0", "123", "a-b", "1.0.0", "deadbeef", "https://example.com", "en-US"];
            texts.extend(usual.map(str::to_owned));
        }
        if !["", "password", "binary"].contains(&format) {
            // Nobody knows what else a text of this format may be.
            texts.truncate(1);
        }
    }
    texts.into_iter().map(Value::String).collect()
}

/// Returns texts of the usual length, and as long and as short as they may be.
fn lengths(schema: &Map<String, Value>) -> Vec<String> {
    let limit = |key| schema.get(key).and_then(Value::as_u64).and_then(|n| usize::try_from(n).ok());
    let (least, most) = (limit("minLength"), limit("maxLength").filter(|most| *most <= MAX_LENGTH));
    let usual = "string";
    let plain = usual.len().max(least.unwrap_or(0).min(MAX_LENGTH)).min(most.unwrap_or(usize::MAX));
    let of_length = |length: usize| usual.chars().cycle().take(length).collect();
    [Some(plain), least.filter(|least| *least <= MAX_LENGTH), most]
        .into_iter()
        .flatten()
        .map(of_length)
        .collect()
}

fn of_format(format: &str) -> &'static [&'static str] {
    match format {
        "byte" => &["c3RyaW5n", "", "/+8="],
        "date" => &["2024-07-29", "2024-02-29", "0001-01-01"],
        "date-time" => &[MOMENT, "1970-01-01T00:00:00Z", "2024-07-29T15:51:28.123456789+02:00"],
        "duration" => &["P1D"],
        "email" | "idn-email" => &["user@example.com", "a+b@example.com"],
        "hostname" | "idn-hostname" => &["example.com"],
        "ip" => &["198.51.100.42", "2001:db8::1"],
        "ipv4" => &["198.51.100.42"],
        "ipv6" => &["2001:db8::1"],
        "time" => &["15:51:28Z"],
        "uri" | "url" => &["https://example.com", "https://example.com/a%20b?c=d&e=%C3%A9#f"],
        "uri-reference" => &["https://example.com", "/a"],
        "uuid" => &["3fa85f64-5717-4562-b3fc-2c963f66afa6", "00000000-0000-0000-0000-000000000000"],
        _ => &[],
    }
}

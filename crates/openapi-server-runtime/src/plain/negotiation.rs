//! Media types: which ones a response may have, and which one a body comes in.

use http::header::ACCEPT;
use http::{HeaderMap, StatusCode};

use crate::failure::Failure;
use crate::media::{self, Form, most_specific, overlap};
use crate::operation::{Body, Operation};

/// Refuses a request that does not accept what its operation answers with.
pub(super) fn accept(operation: &Operation, headers: &HeaderMap) -> Result<(), Failure> {
    let Some(content) = operation.success().and_then(|response| response.content.as_ref()) else {
        return Ok(());
    };
    match media::joined(headers, ACCEPT) {
        Some(accept) if !accepts(&accept, content.media_type) => Err(Failure::detail(
            StatusCode::NOT_ACCEPTABLE,
            format!("The answer is {}, which the request does not accept.", content.media_type),
        )),
        _ => Ok(()),
    }
}

/// Returns `true` if the most specific range of an `Accept` header that covers a media type accepts it.
fn accepts(accept: &str, media_type: &str) -> bool {
    let best = most_specific(media_type, accept.split(','));
    best.map_or_else(|| accept.trim().is_empty(), |range| quality(range) > 0.0)
}

/// Returns the quality value of a range; 1 if it has none.
fn quality(range: &str) -> f32 {
    let quality = media::parameters(range).find(|(name, _)| name.eq_ignore_ascii_case("q"));
    quality.and_then(|(_, value)| value.parse().ok()).unwrap_or(1.0)
}

/// Returns the form of a body that is not empty, which has to be of a declared media type.
pub(super) fn form(declared: &Body, headers: &HeaderMap) -> Result<Form, Failure> {
    let sent = media::content_type(headers);
    // A body that is handed to a handler as a type has to be something the type can be read from.
    let is_raw = declared.content.form == Form::Raw;
    let overlapping =
        declared.content_types.iter().filter(|known| !sent.contains('*') && overlap(&sent, known));
    let mut forms = overlapping.map(|known| declared.form_of(known, &sent));
    forms.find(|form| (*form == Form::Raw) == is_raw).ok_or_else(|| {
        let known = declared.content_types.join(" or ");
        let sent = if sent.is_empty() { "not declared".to_owned() } else { format!("`{sent}`") };
        let detail = format!("The media type of the body is {sent}; it has to be {known}.");
        Failure::detail(StatusCode::UNSUPPORTED_MEDIA_TYPE, detail)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_specific_range_decides() {
        let cases = [
            ("", true),
            ("*/*", true),
            ("text/*", true),
            ("text/csv;q=0", false),
            ("text/csv;q=0, */*", false),
            ("text/*;q=0, text/csv;q=0.1", true),
            ("application/json", false),
            ("application/json, */*;q=0.1", true),
        ];
        for (accept, expected) in cases {
            assert_eq!(accepts(accept, "text/csv"), expected, "{accept}");
        }
    }
}

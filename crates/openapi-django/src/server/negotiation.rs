//! Negotiates the media types of responses and request bodies. An operation has one of each, nearly always JSON, so
//! negotiation only rejects everything else.

use http::header::{ACCEPT, CONTENT_TYPE};
use http::{HeaderMap, StatusCode};

use openapi_server_runtime::failure::Failure;
use openapi_server_runtime::media::{content_type, joined, overlap, parameters};
use openapi_server_runtime::request::QueryString;

/// Checks that the client accepts JSON or another of the media types that the operation answers with.
///
/// # Errors
/// 404 if the query asks for a `format` that none of them has, 406 if the `Accept` header rules all of them out, or those of
/// that format. Quality values are ignored.
pub fn negotiate(headers: &HeaderMap, query: &QueryString, answered: &[&str]) -> Result<(), Failure> {
    let format = query.last("format").unwrap_or_default();
    let json = ["application/json"];
    let mut rendered: Vec<&str> = json.iter().chain(answered).copied().collect();
    if !format.is_empty() {
        rendered.retain(|media_type| format_of(media_type) == format);
        if rendered.is_empty() {
            return Err(Failure::not_found());
        }
    }
    let admits = |range: &str| rendered.iter().any(|media_type| overlap(range, media_type));
    match joined(headers, ACCEPT) {
        Some(accept) if !accept.split(',').any(admits) => {
            Err(Failure::detail(StatusCode::NOT_ACCEPTABLE, "Could not satisfy the request Accept header."))
        }
        _ => Ok(()),
    }
}

/// Returns the `format` of a media type: its suffix, or what it is a kind of. A document of an API is YAML where nothing else
/// is said.
fn format_of(media_type: &str) -> &str {
    let kind = media_type.split(';').next().unwrap_or_default().trim();
    match kind.rsplit(['/', '+']).next().unwrap_or_default() {
        "vnd.oai.openapi" => "yaml",
        suffix => suffix,
    }
}

/// Returns the media type among `declared` of a body that is not empty. Without any declared, it is JSON.
///
/// # Errors
/// 415 if the body has none of them, or names no media type.
pub fn expect_body(headers: &HeaderMap, declared: &[&'static str]) -> Result<&'static str, Failure> {
    let content_type = content_type(headers);
    let declared = if declared.is_empty() { &["application/json"] } else { declared };
    if let Some(known) = declared.iter().find(|known| overlap(&content_type, known)) {
        return Ok(known);
    }
    Err(Failure::detail(
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        format!("Unsupported media type \"{content_type}\" in request."),
    ))
}

/// Returns the character set a body is declared to be in.
#[must_use]
pub fn charset(headers: &HeaderMap) -> Option<String> {
    let content_type = joined(headers, CONTENT_TYPE)?;
    let named = parameters(&content_type).filter(|(name, _)| name.eq_ignore_ascii_case("charset"));
    named.last().map(|(_, value)| value.trim_matches('"').to_owned())
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;
    use crate::server::shape;

    #[test]
    fn json_is_the_only_answer() {
        let ok = None;
        let cases = [
            ("*/*", "", ok),
            ("application/*", "", ok),
            ("*/json", "", ok),
            ("APPLICATION/JSON", "", ok),
            ("application/json;q=0", "", ok),
            ("text/html, application/json;q=0.5", "", ok),
            ("application/json; indent=4", "format=json", ok),
            ("*/*", "format=", ok),
            ("*/*", "format=xml&format=json", ok),
            ("", "", Some(406)),
            ("*", "", Some(406)),
            ("garbage", "", Some(406)),
            ("text/html", "format=json", Some(406)),
            ("application/vnd.api+json", "", Some(406)),
            ("text/html", "format=xml", Some(404)),
            ("*/*", "format=JSON", Some(404)),
        ];
        for (accept, query, refused) in cases {
            let headers = HeaderMap::from_iter([(ACCEPT, HeaderValue::from_static(accept))]);
            let outcome = negotiate(&headers, &QueryString::parse(query), &[]);
            assert_eq!(
                outcome.err().map(|failure| failure.status().as_u16()),
                refused,
                "{accept:?} {query:?}"
            );
        }
        assert_eq!(negotiate(&HeaderMap::new(), &QueryString::default(), &[]), Ok(()));
    }

    #[test]
    fn a_body_is_json_unless_something_else_is_declared() {
        let cases = [
            ("application/json", true),
            ("Application/JSON; charset=utf-8", true),
            ("application/json;", true),
            ("*/*", true),
            ("application/*", true),
            ("", false),
            ("json", false),
            ("text/plain", false),
            ("application/merge-patch+json", false),
            ("application/json, text/plain", false),
        ];
        for (content_type, accepted) in cases {
            let headers = HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_static(content_type))]);
            assert_eq!(expect_body(&headers, &[]).is_ok(), accepted, "{content_type:?}");
        }
        assert_eq!(
            expect_body(&HeaderMap::new(), &[]).err().and_then(|failure| shape(&failure).1),
            Some(serde_json::json!({"detail": "Unsupported media type \"\" in request."}))
        );
    }

    #[test]
    fn a_body_is_one_of_the_media_types_that_are_declared() {
        let declared = ["application/json", "multipart/form-data", "image/*"];
        let cases = [
            ("multipart/form-data; boundary=x", Some("multipart/form-data")),
            ("application/json", Some("application/json")),
            ("image/png", Some("image/*")),
            ("text/plain", None),
            ("", None),
        ];
        for (content_type, expected) in cases {
            let headers = HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_static(content_type))]);
            assert_eq!(expect_body(&headers, &declared).ok(), expected, "{content_type:?}");
        }
    }

    #[test]
    fn an_answer_of_another_media_type_may_be_asked_for() {
        for (accept, accepted) in
            [("image/png", true), ("image/*", true), ("application/json", true), ("text/csv", false)]
        {
            let headers = HeaderMap::from_iter([(ACCEPT, HeaderValue::from_static(accept))]);
            assert_eq!(
                negotiate(&headers, &QueryString::default(), &["image/png"]).is_ok(),
                accepted,
                "{accept}"
            );
        }
    }

    #[test]
    fn a_format_leaves_the_media_types_that_have_it() {
        let declared =
            ["application/vnd.oai.openapi", "application/yaml", "application/vnd.oai.openapi+json"];
        let cases = [
            ("application/vnd.oai.openapi", "", None),
            ("application/vnd.oai.openapi+json", "", None),
            ("application/yaml", "format=yaml", None),
            ("*/*", "format=yaml", None),
            ("application/yaml", "format=json", Some(406)),
            ("*/*", "format=xml", Some(404)),
            ("text/html", "", Some(406)),
        ];
        for (accept, query, refused) in cases {
            let headers = HeaderMap::from_iter([(ACCEPT, HeaderValue::from_static(accept))]);
            let outcome = negotiate(&headers, &QueryString::parse(query), &declared);
            assert_eq!(outcome.err().map(|failure| failure.status().as_u16()), refused, "{accept} {query}");
        }
    }

    #[test]
    fn a_body_may_name_its_character_set() {
        let cases = [
            ("application/json", None),
            ("application/json; charset=utf-8", Some("utf-8")),
            ("application/json;a=b; CharSet = \"Latin-1\" ", Some("Latin-1")),
            ("application/json; charset=a; charset=b", Some("b")),
            ("application/json; charset", None),
        ];
        for (content_type, expected) in cases {
            let headers = HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_static(content_type))]);
            assert_eq!(charset(&headers).as_deref(), expected, "{content_type}");
        }
    }
}

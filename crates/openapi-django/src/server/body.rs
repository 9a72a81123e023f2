//! From the bytes of a request to a checked body: what they have to be, and what each way of not being that is answered
//! with. What a value has to look like is in [`super::fields`].

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use openapi_server_runtime::arguments::RequestBody;
use openapi_server_runtime::failure::Failure;
use openapi_server_runtime::form::{self, Files};
use openapi_server_runtime::host::Host;
use openapi_server_runtime::media::{self, Form, Media};
use openapi_server_runtime::operation::{Body, Operation};
use openapi_server_runtime::request::RequestContext;
use openapi_server_runtime::schema::{Additional, ObjectSchema, Rule, Size, To};
use serde_json::{Map, Value};

use super::errors::ErrorTree;
use super::fault::Fault;
use super::fields;
use super::{charset, json, negotiation, strict};

/// The schema of a body that the document does not describe: any object is accepted, and none of it is used.
static NO_FIELDS: Rule = Rule::Object(To::Own(&ObjectSchema {
    name: "",
    fields: &[],
    additional: Additional::Any,
    size: Size::ANY,
    since: None,
}));

/// Holds a body to the operation's schema.
pub(crate) async fn check<H: Host>(
    operation: &'static Operation,
    host: &H,
    cx: &RequestContext<H::User>,
    bytes: &Bytes,
    strict: bool,
) -> Result<RequestBody, Failure> {
    if strict {
        strict::envelope(operation, &cx.headers, !bytes.is_empty()).into_result()?;
    }
    let (body, files) = match receive(operation.body.as_ref(), &cx.headers, bytes).await? {
        Received::Value(body) => (body, Files::default()),
        Received::Form(body, files) => (body, files),
        Received::Media(media) => return Ok(RequestBody::Media(media)),
    };
    host.before_validation(cx, &body)?;
    if !host.holds_to_schema(cx) {
        return Ok(if files.is_empty() {
            RequestBody::Value(body)
        } else {
            RequestBody::Form(files.put_into(body))
        });
    }
    let rule = operation.body.as_ref().map_or(&NO_FIELDS, |body| &body.content.rule);
    let (value, mut errors) = match fields::parse(rule, &body, host, cx).await {
        Ok(value) => (value, ErrorTree::new()),
        Err(Fault::Invalid(messages)) => (Value::Null, messages.into()),
        Err(Fault::Failed(failure)) => return Err(failure),
    };
    let violations = if strict { strict::body(rule, &body) } else { ErrorTree::new() };
    match (errors.is_empty(), violations.is_empty()) {
        (true, true) if files.is_empty() => Ok(RequestBody::Value(value)),
        (true, true) => Ok(RequestBody::Form(files.put_into(value))),
        (false, true) => Err(host.map_errors(cx, &body, errors.into_errors())),
        // What departs from the document is not the host's to word.
        (_, false) => {
            errors.extend(violations);
            Err(errors.into_errors().into())
        }
    }
}

/// A body as it was received.
#[derive(Debug, Clone, PartialEq)]
enum Received {
    /// A value, for the rules of a schema.
    Value(Value),
    /// The value of a form, and its files.
    Form(Value, Files),
    /// Text or bytes.
    Media(Media),
}

/// Reads a body that an operation describes as `declared`; no body at all is an empty object, whatever its type, or no
/// bytes.
///
/// # Errors
/// 415 if the body is of no media type that is declared, 400 if it is not what it says it is, a server error if JSON is
/// not even text.
async fn receive(
    declared: Option<&'static Body>,
    headers: &HeaderMap,
    bytes: &Bytes,
) -> Result<Received, Failure> {
    let form = declared.map_or(Form::Json, |declared| declared.content.form);
    let media = |bytes: &Bytes| Received::Media(Media::new(media::content_type(headers), bytes.clone()));
    if bytes.is_empty() {
        return Ok(if form == Form::Raw { media(bytes) } else { Received::Value(Value::Object(Map::new())) });
    }
    // A body that is handed to a handler as a type has to be something the type can be read from.
    let form_of = |known: &str, sent: &str| {
        declared.map_or_else(|| Form::of(sent), |declared| declared.form_of(known, sent))
    };
    let readable = |media_type: &&str| {
        media_type.contains('*') || (form_of(media_type, media_type) == Form::Raw) == (form == Form::Raw)
    };
    let declared_types = declared.map_or(&[][..], |declared| declared.content_types);
    let readable: Vec<&str> = declared_types.iter().copied().filter(readable).collect();
    let rule = declared.map_or(&Rule::Any, |declared| &declared.content.rule);
    let found = negotiation::expect_body(headers, &readable)?;
    Ok(match form_of(found, &media::content_type(headers)) {
        Form::Json => Received::Value(json_value(headers, bytes)?),
        Form::Multipart => {
            let parts = form::multipart(rule, headers, bytes).await.map_err(|error| {
                Failure::detail(StatusCode::BAD_REQUEST, format!("Multipart form parse error - {error}"))
            })?;
            let (value, files) = form::value(rule, parts);
            Received::Form(value, files)
        }
        Form::UrlEncoded => {
            let encoding = declared.map_or(&[][..], |declared| declared.encoding);
            Received::Form(form::url_encoded(rule, encoding, bytes), Files::default())
        }
        Form::Raw => media(bytes),
    })
}

fn json_value(headers: &HeaderMap, bytes: &[u8]) -> Result<Value, Failure> {
    let text =
        charset::decode(bytes, negotiation::charset(headers).as_deref()).ok_or(Failure::ServerError)?;
    json::parse(&text)
        .map_err(|error| Failure::detail(StatusCode::BAD_REQUEST, format!("JSON parse error - {error}")))
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;
    use http::header::CONTENT_TYPE;
    use serde_json::json;

    use super::*;
    use openapi_server_runtime::operation::Content;
    use openapi_server_runtime::sample::PET;

    #[tokio::test]
    async fn bodies_are_json_or_refused() {
        let json = Some("application/json");
        let utf_16 = Some("application/json; charset=UTF-16");
        let cases: [(_, &[u8], Result<_, u16>); 9] = [
            (json, b"{\"a\": 1}", Ok(json!({"a": 1}))),
            (json, b"", Ok(json!({}))),
            (Some("text/plain"), b"", Ok(json!({}))),
            (None, b"{}", Err(415)),
            (Some("text/plain"), b"{}", Err(415)),
            (json, b" ", Err(400)),
            (json, b"\xFF", Err(500)),
            (utf_16, b"\xFF\xFE{\0}\0", Ok(json!({}))),
            (utf_16, b"\xFF\xFE{\0}", Err(500)),
        ];
        for (content_type, bytes, expected) in cases {
            let headers: HeaderMap = content_type
                .map(|value| (CONTENT_TYPE, HeaderValue::from_static(value)))
                .into_iter()
                .collect();
            let found = receive(None, &headers, &Bytes::from_static(bytes)).await;
            let found = found.map_err(|failure| failure.status().as_u16());
            assert_eq!(found, expected.map(Received::Value), "{content_type:?} {bytes:?}");
        }
    }

    #[tokio::test]
    async fn bodies_are_what_is_declared() {
        const fn body(form: Form, content_types: &'static [&'static str]) -> Body {
            let [media_type, ..] = content_types else { panic!("none is declared") };
            let content = Content { media_type, form, rule: Rule::Object(To::Own(&PET)), schema: "{}" };
            Body { content, required: true, content_types, encoding: &[] }
        }
        static EITHER: Body = body(Form::Json, &["application/json", "application/x-www-form-urlencoded"]);
        static IMAGE: Body = body(Form::Raw, &["image/*"]);
        static PARTS: Body = body(Form::Raw, &["text/csv", "multipart/form-data"]);
        let value = |value| Ok(Received::Value(value));
        let form = |value| Ok(Received::Form(value, Files::default()));
        let png = |bytes| Ok(Received::Media(Media::new("image/png", Bytes::from_static(bytes))));
        let raw_parts = Ok(Received::Media(Media::new("multipart/form-data", Bytes::from_static(b"--x--"))));
        let cases: [(_, _, &[u8], Result<_, u16>); 8] = [
            (&EITHER, "application/json", b"{\"age\":3}", value(json!({"age": 3}))),
            (&EITHER, "application/x-www-form-urlencoded", b"age=3", form(json!({"age": 3}))),
            (&EITHER, "image/png", b"{}", Err(415)),
            (&EITHER, "image/png", b"", value(json!({}))),
            (&IMAGE, "image/png", b"\xFF", png(b"\xFF")),
            (&IMAGE, "image/png", b"", png(b"")),
            (&IMAGE, "application/json", b"{}", Err(415)),
            (&PARTS, "multipart/form-data", b"--x--", raw_parts),
        ];
        for (declared, content_type, bytes, expected) in cases {
            let headers = HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_static(content_type))]);
            let found = receive(Some(declared), &headers, &Bytes::from_static(bytes)).await;
            assert_eq!(
                found.map_err(|failure| failure.status().as_u16()),
                expected,
                "{content_type} {bytes:?}"
            );
        }
    }
}

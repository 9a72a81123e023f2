//! The dialect of the document and of the standards: strict JSON by the schema, problem details (RFC 9457) that name
//! every error, the media types of the document, challenges for missing credentials, and no headers of its own.

mod negotiation;
mod parameters;
mod problem;

use bytes::Bytes;
use http::header::{ALLOW, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue, Method, Response, StatusCode};
use serde_json::Value;

use crate::arguments::{Arguments, RequestBody, Values};
use crate::checker::Checker;
use crate::credentials::{Credentials, presented};
use crate::dialect::{Answered, Dialect, RequestHead};
use crate::dispatch::HandlerResponse;
use crate::failure::Failure;
use crate::form::{self, Files};
use crate::host::Host;
use crate::media::{self, Form, Media};
use crate::operation::{self, Location, Operation};
use crate::request::RequestContext;
use crate::response::Body;
use crate::route::{PathRules, Route};

/// Serves a document to the letter.
///
/// - Values have to be what their schema says; nothing is coerced. Properties and query parameters that are not declared
///   are let through unless the schema is closed (`additionalProperties: false`).
/// - All errors of a request are reported at once, in `errors`, with a `pointer` into the body or the name of a
///   `parameter`.
/// - An operation that requires credentials is answered with 401 unless one of its alternatives is presented; whether
///   they are anyone's is for [`Host::authenticate`] to say, which is asked about every alternative that is presented
///   until it does not refuse one.
#[derive(Debug, Clone, Copy, Default)]
pub struct Plain;

impl Dialect for Plain {
    fn path_rules(&self) -> PathRules {
        PathRules::default()
    }

    fn negotiate(&self, head: &RequestHead<'_>) -> Result<(), Failure> {
        match head.operation {
            Some(operation) => negotiation::accept(operation, head.headers),
            None if *head.method == Method::OPTIONS => Ok(()),
            None => Err(Failure::detail(
                StatusCode::METHOD_NOT_ALLOWED,
                format!("The method {} is not allowed here.", head.method),
            )),
        }
    }

    fn credentials(&self, head: &RequestHead<'_>) -> Result<Vec<Credentials>, Failure> {
        let Some(operation) = head.operation else { return Ok(Vec::new()) };
        let presented = presented(head.schemes, operation, head.headers, head.query);
        if presented.is_empty() && !operation.allows_anonymous() {
            return Err(Failure::not_authenticated());
        }
        Ok(presented)
    }

    fn path<U>(&self, operation: &'static Operation, cx: &RequestContext<U>) -> Result<Values, Failure> {
        let mut arguments = Arguments::default();
        let mut checked = Checker::default();
        for parameter in operation.parameters_in(Location::Path) {
            parameters::parse(parameter, cx, &mut arguments, &mut checked);
        }
        // Keys that have to exist are looked up by the host when it authorizes the object.
        let errors = checked.into_errors();
        if errors.is_empty() { Ok(arguments.path) } else { Err(errors.into()) }
    }

    async fn arguments<H: Host>(
        &self,
        host: &H,
        operation: &'static Operation,
        cx: &RequestContext<H::User>,
        body: Bytes,
    ) -> Result<Arguments, Failure> {
        let mut arguments = Arguments::default();
        let mut checked = Checker::default();
        for location in [Location::Query, Location::Header, Location::Cookie] {
            for parameter in operation.parameters_in(location) {
                parameters::parse(parameter, cx, &mut arguments, &mut checked);
            }
        }
        let received = match &operation.body {
            Some(declared) if self.reads_body(operation, &cx.method) => {
                receive(declared, &cx.headers, body, &mut checked).await?
            }
            _ => Received::Nothing,
        };
        let sent = match (&received, &operation.body) {
            (Received::Value(value, _), Some(declared)) => {
                host.before_validation(cx, value)?;
                checked.value(&declared.content.rule, value);
                value.clone()
            }
            _ => Value::Null,
        };
        let errors = checked.look_up(host, cx).await?;
        if !errors.is_empty() {
            return Err(host.map_errors(cx, &sent, errors));
        }
        arguments.body = match received {
            Received::Nothing => RequestBody::None,
            Received::Value(value, files) if files.is_empty() => RequestBody::Value(value),
            Received::Value(value, files) => RequestBody::Form(files.put_into(value)),
            Received::Media(media) => RequestBody::Media(media),
        };
        Ok(arguments)
    }

    async fn without_operation<H: Host>(
        &self,
        _: &H,
        _: &Route,
        _: &RequestContext<H::User>,
    ) -> Result<HandlerResponse, Failure> {
        Ok(HandlerResponse::empty(204))
    }

    fn success(&self, answered: &Answered<'_>, response: HandlerResponse) -> Response<Body> {
        let HandlerResponse { status, body, media_type, .. } = response;
        let mut response = Response::new(Body::empty());
        *response.status_mut() = status;
        if let Some(body) = body {
            let media_type = media_type.filter(|media_type| !media_type.is_empty());
            let media_type = media_type.as_deref().unwrap_or(declared_type(answered, status));
            let media_type = HeaderValue::from_str(media_type);
            let unknown = HeaderValue::from_static("application/octet-stream");
            response.headers_mut().insert(CONTENT_TYPE, media_type.unwrap_or(unknown));
            *response.body_mut() = body.into();
        }
        if answered.operation.is_none() {
            allow(answered, &mut response);
        }
        response
    }

    fn failure(&self, answered: &Answered<'_>, failure: Failure) -> Response<Body> {
        let status = failure.status();
        let mut response = match failure {
            Failure::Validation(errors) => problem::invalid(&errors),
            Failure::Unauthenticated { detail } | Failure::Detail { detail, .. } => {
                problem::of(status, Some(&detail))
            }
            Failure::UnknownPath => problem::of(status, Some("There is nothing at this path.")),
            Failure::ServerError | Failure::Unwritten | Failure::Departs(..) => problem::of(status, None),
            Failure::Body { value: Value::Null, .. } => {
                let mut response = Response::new(Body::empty());
                *response.status_mut() = status;
                response
            }
            Failure::Body { value, .. } => {
                let body = Some(Bytes::from(value.to_string()));
                self.success(answered, HandlerResponse { body, ..HandlerResponse::empty(status.as_u16()) })
            }
        };
        match status {
            StatusCode::UNAUTHORIZED => problem::challenge(answered, response.headers_mut()),
            StatusCode::METHOD_NOT_ALLOWED => allow(answered, &mut response),
            StatusCode::UNSUPPORTED_MEDIA_TYPE => {
                if let Some(body) = answered.operation.and_then(|operation| operation.body.as_ref()) {
                    problem::accepted(body.content_types, response.headers_mut());
                }
            }
            _ => {}
        }
        response
    }

    fn finish(&self, _: &str, _: &mut Response<Body>) {}
}

/// Sets the `Allow` header to the methods of the route.
fn allow(answered: &Answered<'_>, response: &mut Response<Body>) {
    if let Some(Ok(allow)) = answered.route.map(|route| HeaderValue::try_from(route.allow())) {
        response.headers_mut().insert(ALLOW, allow);
    }
}

/// Returns the media type that the document declares for a JSON response with this status.
fn declared_type(answered: &Answered<'_>, status: StatusCode) -> &'static str {
    let declared = answered.operation.and_then(|operation| operation.answer(status.as_u16()));
    let declared = declared.and_then(|response| response.content.as_ref()).map(|content| content.media_type);
    declared.filter(|media_type| !media_type.contains('*')).unwrap_or("application/json")
}

/// A body as it was received.
enum Received {
    /// No body.
    Nothing,
    /// A value, and the files of the form it came as.
    Value(Value, Files),
    /// Text or bytes.
    Media(Media),
}

/// Reads a body as the media type it is declared to be.
async fn receive(
    declared: &'static operation::Body,
    headers: &HeaderMap,
    bytes: Bytes,
    checked: &mut Checker,
) -> Result<Received, Failure> {
    if bytes.is_empty() {
        // Of a text and of a form without fields nothing is left but the header that declares them.
        let media_type = media::content_type(headers);
        let form = negotiation::form(declared, headers).ok().filter(|_| !media_type.is_empty());
        return Ok(match form {
            Some(Form::Raw) => Received::Media(Media::new(media_type, bytes)),
            Some(Form::UrlEncoded) => {
                let (value, files) = form::value(&declared.content.rule, Vec::new());
                Received::Value(value, files)
            }
            _ => {
                if declared.required {
                    checked.fail("A body is required.");
                }
                Received::Nothing
            }
        });
    }
    let rule = &declared.content.rule;
    let form = |parts| {
        let (value, files) = form::value(rule, parts);
        Received::Value(value, files)
    };
    match negotiation::form(declared, headers)? {
        Form::Json => match serde_json::from_slice(&bytes) {
            Ok(value) => return Ok(Received::Value(value, Files::default())),
            Err(error) => checked.fail(format!("This is not JSON: {error}.")),
        },
        Form::Multipart => match form::multipart(rule, headers, &bytes).await {
            Ok(parts) => return Ok(form(parts)),
            Err(error) => checked.fail(format!("This is not a multipart form: {error}.")),
        },
        Form::UrlEncoded => {
            let value = form::url_encoded(rule, declared.encoding, &bytes);
            return Ok(Received::Value(value, Files::default()));
        }
        Form::Raw => return Ok(Received::Media(Media::new(media::content_type(headers), bytes))),
    }
    Ok(Received::Nothing)
}

#[cfg(test)]
mod tests;

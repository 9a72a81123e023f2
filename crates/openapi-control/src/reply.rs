//! Responses of the control API.

use http::header::{CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use http::{HeaderValue, Response, StatusCode};
use openapi_server_runtime::response::Body;
use serde_json::{Value, json};

/// Returns a response without a body.
pub(crate) fn done() -> Response<Body> {
    let mut done = Response::new(Body::empty());
    *done.status_mut() = StatusCode::NO_CONTENT;
    done
}

/// Returns a response that says in `detail` what is wrong.
pub(crate) fn detail(status: StatusCode, message: &str) -> Response<Body> {
    answered(status, &json!({"detail": message}))
}

/// Returns a response with a value.
pub(crate) fn answered(status: StatusCode, value: &Value) -> Response<Body> {
    json(status, value.to_string())
}

/// Returns a response with a text of JSON.
pub(crate) fn json(status: StatusCode, text: impl Into<Body>) -> Response<Body> {
    let mut response = Response::new(text.into());
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8"));
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

/// Returns a response with a text.
pub(crate) fn text(media_type: &'static str, text: String) -> Response<Body> {
    let mut response = Response::new(Body::from(text));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
    response
}

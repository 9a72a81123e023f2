//! The route of coverage.

use http::header::ACCEPT;
use http::{HeaderMap, Response, StatusCode};
use openapi_server_runtime::response::Body;

use crate::control::Control;
use crate::reply::{answered, text};

pub(super) fn show(control: &Control, headers: &HeaderMap) -> Response<Body> {
    let accept = headers.get(ACCEPT).and_then(|value| value.to_str().ok());
    if accept.is_some_and(|accept| accept.contains("text/plain")) {
        return text("text/plain; charset=utf-8", control.coverage().to_string());
    }
    answered(StatusCode::OK, &control.coverage().to_json())
}

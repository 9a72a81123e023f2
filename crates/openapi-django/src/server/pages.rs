//! The pages for unknown paths and server errors.

use http::header::{ALLOW, CONTENT_TYPE};
use http::{HeaderValue, Method, Response, StatusCode};
use openapi_server_runtime::response::Body;

const HTML: HeaderValue = HeaderValue::from_static("text/html; charset=utf-8");
const READING: HeaderValue = HeaderValue::from_static("GET, HEAD, OPTIONS");

/// Returns the page for a status. One that is `read_only` refuses any other method, whatever went wrong.
pub(crate) fn page(method: &Method, status: StatusCode, read_only: bool) -> Response<Body> {
    if read_only && !matches!(*method, Method::GET | Method::HEAD) {
        let mut response = Response::new(Body::empty());
        response.headers_mut().insert(CONTENT_TYPE, HTML);
        response.headers_mut().insert(ALLOW, READING);
        if *method != Method::OPTIONS {
            *response.status_mut() = StatusCode::METHOD_NOT_ALLOWED;
        }
        response
    } else {
        of(status)
    }
}

/// Returns the page for a status.
pub(crate) fn of(status: StatusCode) -> Response<Body> {
    let mut response = Response::new(Body::from(html(status)));
    response.headers_mut().insert(CONTENT_TYPE, HTML);
    *response.status_mut() = status;
    response
}

fn html(status: StatusCode) -> String {
    let reason = status.canonical_reason().unwrap_or("Error");
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>{reason}</title></head>\
         <body><h1>{reason}</h1></body></html>\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_may_be_for_reading_only() {
        let cases = [
            (Method::GET, true, 404, false),
            (Method::HEAD, true, 404, false),
            (Method::OPTIONS, true, 200, true),
            (Method::POST, true, 405, true),
            (Method::DELETE, true, 405, true),
            (Method::TRACE, true, 405, true),
            (Method::GET, false, 404, false),
            (Method::OPTIONS, false, 404, false),
            (Method::POST, false, 404, false),
        ];
        for (method, read_only, status, allow) in cases {
            let page = page(&method, StatusCode::NOT_FOUND, read_only);
            let is_empty = page.body().as_bytes().is_none_or(bytes::Bytes::is_empty);
            let found = (page.status().as_u16(), page.headers().contains_key(ALLOW), is_empty);
            assert_eq!(found, (status, allow, allow), "{method} {read_only}");
            assert_eq!(page.headers()[CONTENT_TYPE], "text/html; charset=utf-8", "{method}");
        }
    }
}

//! Framing: how a reply, a failure or a path nobody knows becomes an HTTP response, with the headers every answer
//! carries. What the body says was decided before.

use bytes::Bytes;
use http::header::{
    ALLOW, CONTENT_LENGTH, CONTENT_TYPE, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Response, StatusCode};

use crate::dispatch::HandlerResponse;
use crate::failure::Failure;
use crate::response::Body;

/// The header that names the request.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-authentik-id");

const JSON: HeaderValue = HeaderValue::from_static("application/json; charset=utf-8");
const BYTES: HeaderValue = HeaderValue::from_static("application/octet-stream");
const HTML: HeaderValue = HeaderValue::from_static("text/html; charset=utf-8");
const PAGE_METHODS: HeaderValue = HeaderValue::from_static("GET, HEAD, OPTIONS");

/// The answer of a route: a reply or a failure, as JSON unless the reply says otherwise.
pub fn of_route(method: &Method, allow: &str, outcome: Result<HandlerResponse, Failure>) -> Response<Body> {
    let (status, body, media_type) = match outcome {
        Ok(response) => (response.status, response.body, response.media_type),
        Err(Failure::ServerError) => return page(method, StatusCode::INTERNAL_SERVER_ERROR),
        Err(failure) => (failure.status(), failure.body().map(|body| Bytes::from(body.to_string())), None),
    };
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    if let Ok(allow) = HeaderValue::from_str(allow) {
        response.headers_mut().insert(ALLOW, allow);
    }
    if let Some(body) = body {
        let media_type = media_type.map(|media_type| HeaderValue::from_str(&media_type).unwrap_or(BYTES));
        response.headers_mut().insert(CONTENT_TYPE, media_type.unwrap_or(JSON));
        *response.body_mut() = Body::from(body);
    }
    response
}

/// The pages for unknown paths and server errors. They can only be read: any other method is refused, whatever went
/// wrong.
pub fn page(method: &Method, status: StatusCode) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    response.headers_mut().insert(CONTENT_TYPE, HTML);
    match *method {
        Method::GET | Method::HEAD => {
            *response.status_mut() = status;
            *response.body_mut() = Body::from(html(status));
        }
        Method::OPTIONS => {
            response.headers_mut().insert(ALLOW, PAGE_METHODS);
        }
        _ => {
            *response.status_mut() = StatusCode::METHOD_NOT_ALLOWED;
            response.headers_mut().insert(ALLOW, PAGE_METHODS);
        }
    }
    response
}

fn html(status: StatusCode) -> String {
    let reason = status.canonical_reason().unwrap_or("Error");
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>{reason}</title></head>\
         <body><h1>{reason}</h1></body></html>\n"
    )
}

/// Adds what every answer carries; an answer to `HEAD` keeps the length of its body and loses the body.
pub fn finish(method: &Method, request_id: &str, mut response: Response<Body>) -> Response<Body> {
    if *method == Method::HEAD
        && let Some(length) = response.body().as_bytes().map(Bytes::len)
    {
        *response.body_mut() = Body::empty();
        response.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from(length));
    }
    response.headers_mut().extend(common(request_id));
    response
}

/// The headers every answer carries.
pub fn common(request_id: &str) -> HeaderMap {
    let mut headers = HeaderMap::from_iter([
        (X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
        (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        (REFERRER_POLICY, HeaderValue::from_static("same-origin")),
    ]);
    if let Ok(request_id) = HeaderValue::from_str(request_id) {
        headers.insert(REQUEST_ID, request_id);
    }
    headers
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::media::Media;

    fn bytes(response: &Response<Body>) -> &Bytes {
        response.body().as_bytes().expect("a body that is not aborted")
    }

    #[test]
    fn pages_can_only_be_read() {
        let cases = [
            (Method::GET, 404, false),
            (Method::HEAD, 404, false),
            (Method::OPTIONS, 200, true),
            (Method::POST, 405, true),
            (Method::DELETE, 405, true),
            (Method::TRACE, 405, true),
        ];
        for (method, status, allow) in cases {
            let page = page(&method, StatusCode::NOT_FOUND);
            let found = (page.status().as_u16(), page.headers().contains_key(ALLOW), bytes(&page).is_empty());
            assert_eq!(found, (status, allow, allow), "{method}");
            assert_eq!(page.headers()[CONTENT_TYPE], "text/html; charset=utf-8", "{method}");
        }
    }

    #[test]
    fn an_answer_to_head_has_a_length_and_no_body() {
        let reply = HandlerResponse { body: Some(Bytes::from_static(b"{}")), ..HandlerResponse::empty(200) };
        let response = finish(&Method::HEAD, "id", of_route(&Method::HEAD, "GET", Ok(reply)));
        assert_eq!(
            (bytes(&response).len(), response.headers()[CONTENT_LENGTH].as_bytes()),
            (0, b"2".as_slice())
        );
    }

    #[test]
    fn text_and_bytes_come_under_their_media_type() {
        for (media_type, expected) in
            [("text/csv", "text/csv"), ("image/png", "image/png"), ("a\nb", "application/octet-stream")]
        {
            let reply = HandlerResponse::media(200, Media::text(media_type, "x"));
            let response = of_route(&Method::GET, "GET", Ok(reply));
            assert_eq!(response.headers()[CONTENT_TYPE], expected);
            assert_eq!(bytes(&response), "x");
        }
    }

    #[test]
    fn json_is_compact_and_keeps_its_characters() {
        let failure = Failure::Detail { status: StatusCode::BAD_REQUEST, detail: "“é”".to_owned() };
        let response = of_route(&Method::GET, "GET", Err(failure));
        assert_eq!(bytes(&response), "{\"detail\":\"“é”\"}");
        assert_eq!(response.headers()[CONTENT_TYPE], "application/json; charset=utf-8");
    }
}

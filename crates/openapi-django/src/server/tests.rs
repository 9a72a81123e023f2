//! Requests answered with this dialect, from their heads to the framing of the responses.

use http::header::{ALLOW, CONTENT_TYPE};
use http::{HeaderName, Request};
use http_body_util::Full;
use openapi_server_runtime::credentials::Requirement;
use openapi_server_runtime::media::Media;
use openapi_server_runtime::request::QueryString;
use openapi_server_runtime::route::Router;
use openapi_server_runtime::sample::{Pets, SHELTER, Shelter, ask, get, request};
use openapi_server_runtime::serve::serve;
use openapi_server_runtime::service::Service;

use super::*;

fn dialect() -> Django {
    Django::new().request_id_header(HeaderName::from_static("x-request-id")).read_only_pages(true)
}

/// Sends a request without headers and body.
async fn visit(method: &str, path: &str) -> Response<Bytes> {
    ask(dialect(), method, path, &[], "").await
}

fn answered() -> Answered<'static> {
    Answered { method: &Method::GET, route: None, operation: None, schemes: &[] }
}

#[test]
fn text_and_bytes_come_under_their_media_type() {
    for (media_type, expected) in
        [("text/csv", "text/csv"), ("image/png", "image/png"), ("a\nb", "application/octet-stream")]
    {
        let response = HandlerResponse::media(200, Media::text(media_type, "x"));
        let response = dialect().success(&answered(), response);
        assert_eq!(response.headers()[CONTENT_TYPE], expected);
        assert_eq!(response.body().as_bytes().expect("bytes"), "x");
    }
}

#[test]
fn json_is_compact_and_keeps_its_characters() {
    let failure = Failure::detail(StatusCode::BAD_REQUEST, "“é”");
    let response = dialect().failure(&answered(), failure);
    assert_eq!(response.body().as_bytes().expect("bytes"), "{\"detail\":\"“é”\"}");
    assert_eq!(response.headers()[CONTENT_TYPE], "application/json; charset=utf-8");
}

#[test]
fn a_bare_status_has_the_words_of_the_framework_or_is_a_page() {
    for (status, media_type, body) in [
        (401, "application/json; charset=utf-8", r#"{"detail":"Incorrect authentication credentials."}"#),
        (404, "application/json; charset=utf-8", r#"{"detail":"Not found."}"#),
        (429, "application/json; charset=utf-8", r#"{"detail":"Request was throttled."}"#),
        (502, "text/html; charset=utf-8", "<h1>Bad Gateway</h1>"),
    ] {
        let response = dialect().bare(&answered(), StatusCode::from_u16(status).expect("a status"));
        assert_eq!(response.status().as_u16(), status);
        assert_eq!(response.headers()[CONTENT_TYPE], media_type, "{status}");
        let found = String::from_utf8_lossy(response.body().as_bytes().expect("bytes")).into_owned();
        assert!(found.contains(body), "{status}: {found}");
    }
}

#[test]
fn every_failure_has_a_status_and_a_body() {
    let cases = [
        (
            Failure::bad_request("No data provided"),
            400,
            Some(json!({"non_field_errors": ["No data provided"]})),
        ),
        (Failure::not_found(), 404, Some(json!({"detail": "Not found."}))),
        (
            Failure::not_authenticated(),
            403,
            Some(json!({"detail": "Authentication credentials were not provided."})),
        ),
        (Failure::Body { status: StatusCode::BAD_REQUEST, value: json!(["x"]) }, 400, Some(json!(["x"]))),
        (Failure::Body { status: StatusCode::FORBIDDEN, value: Value::Null }, 403, None),
        (Failure::ServerError, 500, None),
    ];
    for (failure, status, body) in cases {
        let (found, shaped) = shape(&failure);
        assert_eq!((found.as_u16(), shaped), (status, body), "{failure:?}");
    }
}

#[test]
fn a_handler_may_answer_as_for_an_unknown_path() {
    let page = dialect().failure(&answered(), Failure::UnknownPath);
    assert_eq!(
        (page.status().as_u16(), &page.headers()[CONTENT_TYPE]),
        (404, &HeaderValue::from_static("text/html; charset=utf-8"))
    );
    let empty = dialect().failure(&answered(), Failure::empty(404));
    assert_eq!((empty.status().as_u16(), empty.headers().get(CONTENT_TYPE)), (404, None));
}

#[test]
fn one_alternative_is_read_and_a_bearer_token_before_all_others() {
    static SCHEMES: &[SecurityScheme] = &[
        SecurityScheme {
            name: "session",
            kind: SchemeKind::ApiKey { location: Location::Cookie, name: "sid" },
        },
        SecurityScheme {
            name: "key",
            kind: SchemeKind::ApiKey { location: Location::Header, name: "X-Key" },
        },
    ];
    const SESSION: Requirement = Requirement { scheme: "session", scopes: &[] };
    const KEY: Requirement = Requirement { scheme: "key", scopes: &[] };
    static OPERATIONS: &[Operation] = &[get("/pets/", &[&[SESSION], &[KEY]])];
    let router = Router::new("", OPERATIONS, PATH_RULES);
    let (session, key) = (("cookie", "sid=abc"), ("x-key", "abc"));
    let cases: [(&[_], &[&str]); 6] = [
        (&[], &[]),
        (&[key], &["key"]),
        (&[session, key], &["session"]),
        (&[session, key, ("authorization", "Bearer abc")], &["bearer"]),
        (&[session, key, ("authorization", "abc")], &["session"]),
        (&[session, key, ("authorization", "Basic abc")], &["session"]),
    ];
    for (headers, expected) in cases {
        let request = request("GET", "/pets/", headers, "");
        let head = RequestHead {
            method: request.method(),
            headers: request.headers(),
            query: &QueryString::default(),
            route: &router.routes()[0],
            operation: OPERATIONS.first(),
            schemes: SCHEMES,
        };
        let read = dialect().credentials(&head).expect("credentials");
        let names: Vec<&str> =
            read.iter().flat_map(|one| &one.presented).map(|one| one.scheme.name).collect();
        assert_eq!(names, expected, "{headers:?}");
    }
}

#[tokio::test]
async fn requests_fail_in_the_order_of_the_checks() {
    let token = ("authorization", "Bearer mine");
    let guest = ("authorization", "Bearer guest");
    let stranger = ("authorization", "Bearer nobody");
    let html = ("accept", "text/html");
    let json = ("content-type", "application/json");
    let cases: [(_, _, &[_], _, u16, _); 17] = [
        ("GET", "/nowhere/", &[html, stranger], "", 404, ""),
        ("GET", "/pets/?format=xml", &[html, stranger], "", 404, r#"{"detail":"Not found."}"#),
        (
            "GET",
            "/pets/",
            &[html, stranger],
            "",
            406,
            r#"{"detail":"Could not satisfy the request Accept header."}"#,
        ),
        ("PUT", "/pets/", &[stranger], "", 403, r#"{"detail":"Token invalid/expired"}"#),
        (
            "PUT",
            "/pets/",
            &[guest],
            "",
            403,
            r#"{"detail":"You do not have permission to perform this action."}"#,
        ),
        ("PUT", "/pets/", &[token], "", 405, r#"{"detail":"Method \"PUT\" not allowed."}"#),
        ("PUT", "/pets/tom/", &[token], "{", 404, r#"{"detail":"Not found."}"#),
        ("PUT", "/pets/rex/", &[token], "{", 415, r#"{"detail":"Unsupported media type \"\" in request."}"#),
        (
            "PUT",
            "/pets/rex/",
            &[token, json],
            "{",
            400,
            r#"{"detail":"JSON parse error - unexpected end of data: line 1 column 2 (char 1)"}"#,
        ),
        ("PUT", "/pets/rex/", &[token, json], "null", 400, r#"{"non_field_errors":["No data provided"]}"#),
        (
            "PUT",
            "/pets/rex/",
            &[token, json],
            "[]",
            400,
            r#"{"non_field_errors":["Invalid data. Expected a dictionary, but got list."]}"#,
        ),
        (
            "PUT",
            "/pets/rex/",
            &[token, json],
            r#"{"name":0,"good":2}"#,
            400,
            r#"{"non_field_errors":["Zero is no name."]}"#,
        ),
        ("PUT", "/pets/rex/", &[token, json], "", 400, r#"{"name":["This field is required."]}"#),
        ("PUT", "/pets/rex/", &[token, json], r#"{"name":" max ","id":"x"}"#, 200, r#"{"name":"max"}"#),
        (
            "PUT",
            "/pets/rex/",
            &[token, json],
            "\u{FF}",
            400,
            r#"{"detail":"JSON parse error - unexpected character: line 1 column 1 (char 0)"}"#,
        ),
        ("GET", "/pets/rex/", &[token], "{", 200, "{}"),
        ("DELETE", "/pets/rex/", &[token], "", 204, ""),
    ];
    for (method, path, headers, body, status, expected) in cases {
        let response = ask(dialect(), method, path, headers, body).await;
        let found = String::from_utf8_lossy(response.body());
        let found = if found.starts_with("<!DOCTYPE") { "" } else { &found };
        assert_eq!((response.status().as_u16(), found), (status, expected), "{method} {path} {body}");
    }
}

#[tokio::test]
async fn a_strict_service_names_every_departure_beside_every_error() {
    let service = Service::<Pets, _>::new(Shelter).with_dialect(dialect().strict(true));
    let request = |method: &str, path: &str, body: &'static str| {
        let request = Request::builder().method(method).uri(path);
        let request =
            request.header("content-type", "application/json").header("authorization", "Bearer mine");
        request.body(Full::new(Bytes::from(body))).expect("a valid request")
    };
    let cases = [
        (request("PUT", "/pets/rex/", r#"{"name":"max"}"#), 200, r#"{"name":"max"}"#),
        (
            request("PUT", "/pets/rex/", r#"{"nmae":"max","good":"on"}"#),
            400,
            r#"{"name":["This field is required."],"nmae":["The document declares no such property of Pet."],"good":["The document declares true or false here, not 'on'."]}"#,
        ),
        (
            request("GET", "/pets/tom/?colour=red", ""),
            400,
            r#"{"colour":["The document declares no query parameters here."]}"#,
        ),
    ];
    for (request, status, expected) in cases {
        let path = request.uri().clone();
        let response = serve(&service, request).await;
        let body = String::from_utf8_lossy(response.body().as_bytes().expect("bytes"));
        assert_eq!((response.status().as_u16(), body.as_ref()), (status, expected), "{path}");
    }
}

#[tokio::test]
async fn a_breakdown_shows_as_a_page_on_reading_and_as_405_on_writing() {
    for path in ["/pets/panic/", "/pets/broken/"] {
        let read = visit("GET", path).await;
        assert_eq!((read.status().as_u16(), read.body().is_empty()), (500, false), "{path}");
        let head = visit("HEAD", path).await;
        assert_eq!((head.status().as_u16(), head.body().is_empty()), (500, true), "{path}");
        let write = visit("DELETE", path).await;
        assert_eq!((write.status().as_u16(), write.body().is_empty()), (405, true), "{path}");
        assert_eq!(write.headers()[ALLOW], "GET, HEAD, OPTIONS", "{path}");
        assert_eq!(write.headers()[CONTENT_TYPE], "text/html; charset=utf-8", "{path}");
    }
}

#[tokio::test]
async fn an_implementation_may_answer_elsewhere() {
    for (path, status) in [("/health", 200), ("/nowhere", 404), ("/panic", 500)] {
        assert_eq!(visit("GET", path).await.status().as_u16(), status, "{path}");
    }
    assert_eq!(visit("POST", "/panic").await.status().as_u16(), 405);
}

#[tokio::test(start_paused = true)]
async fn a_request_may_not_take_forever() {
    let response = visit("GET", "/pets/slow/").await;
    assert_eq!(response.status().as_u16(), 503);
    let body: Value = serde_json::from_slice(response.body()).expect("JSON");
    assert_eq!(body["detail"], "The request took too long.");
}

#[tokio::test]
async fn every_answer_carries_the_same_headers() {
    for (method, path) in [("GET", "/pets/"), ("GET", "/nowhere"), ("DELETE", "/pets/broken/")] {
        let response = visit(method, path).await;
        let header = |name: &str| response.headers().get(name).and_then(|value| value.to_str().ok());
        assert_eq!(header("x-frame-options"), Some("DENY"), "{method} {path}");
        assert_eq!(header("x-content-type-options"), Some("nosniff"), "{method} {path}");
        assert_eq!(header("referrer-policy"), Some("same-origin"), "{method} {path}");
        let id = header("x-request-id").unwrap_or_default();
        assert!(id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_hexdigit()), "{id}");
    }
}

#[tokio::test(start_paused = true)]
async fn headers_that_a_hook_adds_are_on_every_answer_of_a_route() {
    let json = [("content-type", "application/json")];
    for (method, path, headers, body, status) in [
        ("GET", "/pets/", &[][..], "", 200),
        ("HEAD", "/pets/", &[], "", 200),
        ("OPTIONS", "/pets/", &[], "", 200),
        ("DELETE", "/pets/", &[], "", 405),
        ("GET", "/pets/tom/", &[], "", 404),
        ("PUT", "/pets/rex/", &json, "{", 400),
        ("GET", "/pets/panic/", &[], "", 500),
        ("GET", "/pets/slow/", &[], "", 503),
    ] {
        let response = ask(dialect(), method, path, headers, body).await;
        let added = response.headers().get(SHELTER).map(HeaderValue::as_bytes);
        assert_eq!((response.status().as_u16(), added), (status, Some(&b"open"[..])), "{method} {path}");
    }
    assert_eq!(visit("GET", "/nowhere").await.headers().get(SHELTER), None);
}

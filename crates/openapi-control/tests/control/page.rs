//! The page for people, and what it asks for.

use std::fs;

use http::Response;
use openapi_control::Fault;
use openapi_control::guard::{ControlToken, Guard};
use openapi_server_runtime::response::Body;
use serde_json::{Value, json};

use crate::shelter::Server;

/// Returns the status of a response, and one of its headers.
fn header<'a>(response: &'a Response<Body>, name: &str) -> (u16, &'a str) {
    let value = response.headers().get(name).map_or("", |value| value.to_str().unwrap());
    (response.status().as_u16(), value)
}

#[tokio::test]
async fn the_page_is_served_with_headers_that_keep_it_harmless() {
    let server = Server::start();
    for (path, media_type) in
        [("", "text/html"), ("page/style.css", "text/css"), ("page/main.js", "text/javascript")]
    {
        let answer = server.send(&format!("GET /-/{path}"), &[], "").await;
        assert_eq!(header(&answer, "content-type"), (200, &*format!("{media_type}; charset=utf-8")));
        assert_eq!(header(&answer, "x-content-type-options").1, "nosniff", "{path}");
        let policy: Vec<&str> = header(&answer, "content-security-policy").1.split("; ").collect();
        assert_eq!(
            policy,
            [
                "default-src 'none'",
                "script-src 'self'",
                "style-src 'self'",
                "connect-src 'self'",
                "img-src 'self' data:",
                "base-uri 'none'",
                "form-action 'none'",
                "frame-ancestors 'none'",
                "require-trusted-types-for 'script'",
            ],
            "{path}"
        );
    }
    assert_eq!(server.get("/-/page/none.js").await.0, 404);
    assert_eq!(server.ask("POST /-/", &Value::Null).await.0, 405);
    let document = server.send("GET /-/openapi.json", &[], "").await;
    assert_eq!(header(&document, "x-content-type-options"), (200, "nosniff"));
}

#[tokio::test]
async fn every_file_of_the_page_is_served_and_none_parses_markup() {
    let server = Server::start();
    for entry in fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/page")).unwrap() {
        let path = entry.unwrap().path();
        let (name, text) = (path.file_name().unwrap().to_str().unwrap(), fs::read_to_string(&path).unwrap());
        let shown = if name == "index.html" { "/-/".to_owned() } else { format!("/-/page/{name}") };
        let answer = server.send(&format!("GET {shown}"), &[], "").await;
        assert_eq!(answer.body().as_bytes().map(|bytes| &bytes[..]), Some(text.as_bytes()), "{name}");
        let sinks = [
            "innerHTML",
            "outerHTML",
            "insertAdjacentHTML",
            "setHTML",
            "document.write",
            "DOMParser",
            "srcdoc",
            "createContextualFragment",
            "eval(",
            "Function(",
        ];
        let stores = ["localStorage", "sessionStorage", "indexedDB"];
        let used: Vec<_> = sinks.iter().chain(&stores).filter(|word| text.contains(**word)).collect();
        assert!(used.is_empty(), "{name} uses {used:?}");
    }
}

#[tokio::test]
async fn the_page_needs_no_token_and_what_it_shows_does() {
    let token = ControlToken::from("t".to_owned());
    let server =
        Server::adapted(|control| control.with_guard(Guard::new([0, 0, 0, 0].into(), Some(token)).unwrap()));
    let status = async |path: &str, headers: &[(&str, &str)]| {
        server.send(&format!("GET /-/{path}"), headers, "").await.status().as_u16()
    };
    let foreign = [("sec-fetch-site", "cross-site")];
    let wrong = [("authorization", "Bearer u")];
    for path in ["", "page/style.css", "page/main.js"] {
        let (open, known, foreign) =
            (status(path, &[]).await, status(path, &wrong).await, status(path, &foreign).await);
        assert_eq!((open, known, foreign), (200, 200, 403), "{path}");
    }
    for path in
        ["about", "openapi.json", "requests", "requests/1", "state", "page/none.js", "page/", "nothing"]
    {
        assert_eq!((status(path, &[]).await, status(path, &wrong).await), (401, 401), "{path}");
    }
    let local = Server::start();
    let rebound = local.send("GET /-/", &[("host", "evil.example")], "").await;
    assert_eq!(rebound.status(), 403);
}

#[tokio::test]
async fn one_request_is_shown_in_full_and_what_is_there_is_told() {
    let server = Server::start();
    server.ask("POST /pets/", &json!({"name": "rex", "chip": "c"})).await;
    let (status, shown) = server.get("/-/requests/1").await;
    assert_eq!((status, &shown["operation"], &shown["status"]), (200, &json!("createPet"), &json!(201)));
    assert_eq!(shown["request"]["body"], json!({"name": "rex", "chip": "***"}));
    assert_eq!(shown["request"]["headers"]["x-key"], "***");
    assert_eq!(shown["response"]["body"]["name"], "string");
    for id in ["0", "2", "x", "18446744073709551616"] {
        assert_eq!(server.get(&format!("/-/requests/{id}")).await.0, 404, "{id}");
    }
    let (status, about) = server.get("/-/about").await;
    assert_eq!(
        (status, &about["base_path"], &about["credentials"]),
        (200, &json!("/api"), &json!({"key": "any"}))
    );
    assert!(about["routes"].as_array().unwrap().contains(&json!(["GET", "/-/about"])));
}

#[tokio::test]
async fn what_is_answered_is_what_the_document_of_the_control_api_describes() {
    let server = Server::start();
    server.control().faults().add([Fault::status(503)]).unwrap();
    server.get("/pets/").await;
    server.make("rex");
    let document = server.get("/-/control.json").await.1;
    let requests = server.get("/-/requests?headers=true&bodies=true").await.1;
    let state = server.get("/-/state").await.1;
    for (name, value) in [("Request", &requests[0]), ("State", &state)] {
        let schema = &document["components"]["schemas"][name];
        let answered = value.as_object().unwrap();
        let odd: Vec<_> =
            answered.keys().filter(|key| schema["properties"].get(key.as_str()).is_none()).collect();
        assert!(odd.is_empty(), "{name} has no {odd:?}");
        let required = schema["required"].as_array().into_iter().flatten();
        let missing: Vec<_> = required.filter(|key| !answered.contains_key(key.as_str().unwrap())).collect();
        assert!(missing.is_empty(), "{name} asks for {missing:?}");
    }
    assert!(state["objects"].is_object() && requests[0]["fault"] == 1, "{state} {requests}");
    assert_eq!(server.ask("PUT /-/state", &state).await.0, 204);
}

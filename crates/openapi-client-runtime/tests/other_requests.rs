//! Requests that the document does not have, over TCP: they are sent like any other.

// Clippy lets tests unwrap; what serves them counts as theirs where it says so.
#![cfg(test)]

mod server;

use std::time::Duration;

use openapi_client_runtime::codegen::KeyPlace;
use openapi_client_runtime::{CallOptions, Error, Retries};
use server::Server;

#[tokio::test]
async fn a_request_has_the_credentials_hooks_and_type_of_any_call() {
    let server = Server::start("HTTP/1.1 200 -\r\nContent-Length: 7", "[1,2,3]", false).await;
    let client = server
        .client()
        .token("house", "s3cret")
        .key("gate", KeyPlace::Query, "gate", "key")
        .on_request(|attempt, headers| {
            assert_eq!((attempt.operation, attempt.path), ("GET request", ""));
            headers.insert("x-attempt", attempt.number.into());
        })
        .build()
        .unwrap();
    let numbers =
        client.request("GET", "/numbers").query("to", 3).send::<Vec<i64>>().await.unwrap().into_inner();
    assert_eq!(numbers, [1, 2, 3]);
    let bytes = client.request("GET", "/numbers").send_bytes().await.unwrap();
    assert_eq!((bytes.status().as_u16(), &bytes[..]), (200, &b"[1,2,3]"[..]));
    let request = &server.requests()[0];
    assert!(request.starts_with("GET /numbers?to=3&gate=key HTTP/1.1\r\n"), "{request}");
    for header in ["authorization: Bearer s3cret\r\n", "accept: application/json\r\n", "x-attempt: 1\r\n"] {
        assert!(request.contains(header), "{header} in {request}");
    }
}

#[tokio::test]
async fn a_request_has_the_retries_limits_and_errors_of_any_call() {
    let server = Server::start("HTTP/1.1 503 -\r\nContent-Length: 0", "", false).await;
    let client = server.client().build().unwrap();
    let options = CallOptions::new().retries(Retries::default().first_wait(Duration::from_millis(1)));
    let error = client.request("GET", "/x").options(options.clone()).send_bytes().await.unwrap_err();
    assert!(matches!(error, Error::Server { .. }));
    assert_eq!(error.to_string(), "GET request answered 503: the server failed");
    assert_eq!(server.requests().len(), 3);
    client.request("POST", "/x").options(options).send_bytes().await.unwrap_err();
    assert_eq!(server.requests().len(), 4, "what may do something twice is sent once");

    let server = Server::start("HTTP/1.1 200 -\r\nContent-Length: 7", "[1,2,3]", false).await;
    let client = server.client().body_limit(6).build().unwrap();
    let error = client.request("GET", "/x").send_bytes().await.unwrap_err();
    assert!(matches!(error, Error::BodyTooLarge { .. }), "{error}");
    let error =
        server.client().build().unwrap().request("GET", "/x").send::<Vec<String>>().await.unwrap_err();
    assert!(matches!(&error, Error::Decode { pointer, .. } if pointer == "/0"), "{error}");
}

//! Checks how much of a response is kept in memory.

// Clippy lets tests unwrap; what serves them counts as theirs where it says so.
#![cfg(test)]

mod server;

use openapi_client_runtime::{Error, StatusCode};
use server::{OPEN, Server, call};

/// Returns a text of 4 KiB.
fn text() -> String {
    "x".repeat(4096)
}

#[tokio::test]
async fn an_endless_answer_is_refused_at_the_limit_with_the_setter_that_raises_it() {
    let server = Server::start("HTTP/1.1 200 -", &text(), true).await;
    let client = server.client().body_limit(100_000).build().unwrap();
    let error = call(&client, &OPEN).await.unwrap_err();
    assert!(matches!(error, Error::BodyTooLarge { operation: "open", limit: 100_000, .. }), "{error:?}");
    assert_eq!(error.status(), Some(StatusCode::OK));
    assert!(!error.is_retryable());
    assert_eq!(
        error.to_string(),
        "open answered 200 with more than 100000 bytes, which is the limit; ClientBuilder::body_limit raises it"
    );
}

#[tokio::test]
async fn an_endless_answer_ends_without_a_limit_of_the_callers_own() {
    let server = Server::start("HTTP/1.1 200 -", &text().repeat(64), true).await;
    let error = call(&server.client().build().unwrap(), &OPEN).await.unwrap_err();
    assert!(matches!(error, Error::BodyTooLarge { limit: 67_108_864, .. }), "{error:?}");
}

#[tokio::test]
async fn an_answer_of_just_the_limit_is_read_and_one_that_announces_more_is_not_begun() {
    let head = "HTTP/1.1 200 -\r\nContent-Length: 4096";
    let server = Server::start(head, &text(), false).await;
    let answer = call(&server.client().body_limit(4096).build().unwrap(), &OPEN).await.unwrap();
    assert_eq!(answer.len(), 4096);
    // Nothing but the head is ever sent, so what is said is said without waiting for the body.
    let server = Server::start(head, "", false).await;
    let error = call(&server.client().body_limit(4095).build().unwrap(), &OPEN).await.unwrap_err();
    assert!(matches!(error, Error::BodyTooLarge { limit: 4095, .. }), "{error:?}");
}

#[tokio::test]
async fn an_endless_error_is_told_as_what_it_is_with_the_beginning_of_its_body() {
    let server = Server::start("HTTP/1.1 500 -", &text(), true).await;
    let client = server.client().body_limit(10_000).build().unwrap();
    let error = call(&client, &OPEN).await.unwrap_err();
    assert!(matches!(error, Error::Server { .. }), "{error:?}");
    assert_eq!(error.answer().unwrap().body().bytes().len(), 10_000);
}

//! Checks which credentials are sent with which operation, over TCP, and that nothing shows them.

// Clippy lets tests unwrap; what serves them counts as theirs where it says so.
#![cfg(test)]

mod server;

use std::sync::{Arc, Mutex};

use openapi_client_runtime::ClientBuilder;
use openapi_client_runtime::codegen::KeyPlace;
use server::{BOTH, EITHER, OPEN, Server, call};

const SECRET: &str = "s3cret";

fn both(builder: ClientBuilder) -> ClientBuilder {
    builder.token("house", "s3cret-token").key("gate", KeyPlace::Query, "gate", "s3cret-key")
}

#[tokio::test]
async fn each_operation_gets_what_it_asks_for_and_no_more() {
    let server = Server::start("HTTP/1.1 200 -", "ok", false).await;
    let client = both(server.client()).build().unwrap();
    for operation in [&EITHER, &BOTH, &OPEN] {
        call(&client, operation).await.unwrap();
    }
    let sent: Vec<(bool, bool)> = server
        .requests()
        .iter()
        .map(|request| {
            let line = request.lines().next().unwrap();
            (
                request.contains("authorization: Bearer s3cret-token\r\n"),
                line.contains("?page=1&gate=s3cret-key "),
            )
        })
        .collect();
    assert_eq!(sent, [(true, false), (true, true), (false, false)]);
    assert!(!server.requests()[2].contains(SECRET), "{}", server.requests()[2]);
}

#[tokio::test]
async fn cookies_of_a_key_and_of_the_caller_are_one_header() {
    let server = Server::start("HTTP/1.1 200 -", "ok", false).await;
    let builder =
        server.client().header("Cookie", "theme=dark").key("gate", KeyPlace::Cookie, "sid", "s3cret");
    let client = builder.build().unwrap();
    call(&client, &EITHER).await.unwrap();
    call(&client, &OPEN).await.unwrap();
    let cookies: Vec<String> = server
        .requests()
        .iter()
        .flat_map(|request| {
            request.lines().filter(|line| line.starts_with("cookie")).map(str::to_owned).collect::<Vec<_>>()
        })
        .collect();
    assert_eq!(cookies, ["cookie: sid=s3cret; theme=dark", "cookie: theme=dark"]);
}

#[tokio::test]
async fn a_hook_sees_the_credentials_and_what_was_asked_for() {
    let server = Server::start("HTTP/1.1 200 -", "ok", false).await;
    let seen: Arc<Mutex<Vec<String>>> = Arc::default();
    let record = Arc::clone(&seen);
    let client = server.client().token("house", "s3cret").on_request(move |attempt, headers| {
        let schemes: Vec<&str> =
            attempt.security.iter().flat_map(|alternative| *alternative).map(|need| need.scheme).collect();
        assert!(headers["authorization"].is_sensitive());
        record.lock().unwrap().push(format!("{}: {schemes:?} {headers:?}", attempt.operation));
    });
    call(&client.build().unwrap(), &EITHER).await.unwrap();
    let seen = seen.lock().unwrap().clone();
    assert!(seen[0].starts_with(r#"either: ["house", "gate"]"#) && !seen[0].contains(SECRET), "{seen:?}");
}

#[tokio::test]
async fn no_error_shows_a_secret_wherever_it_goes() {
    for place in [KeyPlace::Header, KeyPlace::Query, KeyPlace::Cookie] {
        let with_key =
            |builder: ClientBuilder| builder.key("gate", place, "gate", "s3cret-key").build().unwrap();
        let mut errors = Vec::new();
        for head in [
            "HTTP/1.1 401 -\r\nContent-Length: 0",
            "HTTP/1.1 302 -\r\nLocation: /login?next=s3cret\r\nContent-Length: 0",
            "HTTP/1.1 200 -\r\nContent-Length: 99",
            "nonsense",
        ] {
            let server = Server::start(head, "", false).await;
            errors.push(call(&with_key(server.client()), &EITHER).await.unwrap_err());
        }
        let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let nobody = ClientBuilder::new(&server::API, format!("http://{free}"));
        errors.push(
            call(&with_key(nobody.retries(openapi_client_runtime::Retries::none())), &EITHER)
                .await
                .unwrap_err(),
        );
        for error in errors {
            let mut cause: Option<&dyn std::error::Error> = Some(&error);
            while let Some(fault) = cause {
                let shown = format!("{fault} {fault:?} {fault:#?}");
                assert!(!shown.contains(SECRET), "{place:?}: {shown}");
                cause = fault.source();
            }
        }
    }
}

//! Exchanges: one request of each operation and its response as they travel, under snapshot, and held against the
//! document. A change of anything a client can see – a header, the order of keys, a blank – shows here.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use authentik_sources_api::OPERATIONS;
use authentik_stub::{Fixture, Stub};
use bytes::Bytes;
use http::{Request, Response, header};
use serde_json::Value;

use crate::conformance::Contract;
use crate::wire::Connection;

/// Values that differ from one run to the next: where they stand, and what stands in their place in the snapshot.
const MADE_UP: [(&str, &str); 2] = [("pk", "(a new key)"), ("client_id", "(40 random characters)")];

/// An operation, the path below the API root to call it at, and the body to send.
const EXCHANGES: [(&str, &str, &str); 16] = [
    ("sources_group_connections_oauth_list", "/sources/group_connections/oauth/?page_size=1", ""),
    ("sources_group_connections_oauth_create", "/sources/group_connections/oauth/", "{}"),
    ("sources_group_connections_oauth_retrieve", "/sources/group_connections/oauth/5/", ""),
    ("sources_group_connections_oauth_update", "/sources/group_connections/oauth/5/", "{}"),
    ("sources_group_connections_oauth_partial_update", "/sources/group_connections/oauth/5/", "{}"),
    ("sources_group_connections_oauth_used_by_list", "/sources/group_connections/oauth/5/used_by/", ""),
    ("sources_group_connections_oauth_destroy", "/sources/group_connections/oauth/5/", ""),
    ("sources_plex_list", "/sources/plex/?enabled=true&search=plex&ordering=-slug&page_size=1&page=2", ""),
    ("sources_plex_create", "/sources/plex/", r#"{"name": " New ", "slug": "new", "plex_token": "secret"}"#),
    ("sources_plex_retrieve", "/sources/plex/plex/", ""),
    (
        "sources_plex_update",
        "/sources/plex/plex/",
        r#"{"name": "Put", "slug": "plex", "plex_token": "t", "allowed_servers": []}"#,
    ),
    ("sources_plex_partial_update", "/sources/plex/plex/", r#"{"enrollment_flow": null, "enabled": "off"}"#),
    ("sources_plex_used_by_list", "/sources/plex/plex/used_by/", ""),
    ("sources_plex_redeem_token_create", "/sources/plex/redeem_token/?slug=plex", "{}"),
    (
        "sources_plex_redeem_token_authenticated_create",
        "/sources/plex/redeem_token_authenticated/?slug=unknown",
        r#"{"plex_token": "t"}"#,
    ),
    ("sources_plex_destroy", "/sources/plex/plex/", ""),
];

#[tokio::test]
async fn one_exchange_of_each_operation_is_the_reviewed_one_and_as_declared() {
    let called: BTreeSet<&str> = EXCHANGES.iter().map(|(id, ..)| *id).collect();
    let declared: BTreeSet<&str> = OPERATIONS.iter().map(|operation| operation.id).collect();
    assert_eq!(called, declared, "one exchange for each operation");

    let fixture =
        Fixture::parse("fixture.json", crate::replay::FIXTURE).expect("the recorded fixture is valid");
    let stub = Stub::builder().fixture(fixture).start().await.expect("the stub starts");
    let mut connection = Connection::open(stub.address().as_tcp().expect("a port")).await;
    let contract = Contract::canonical();
    for (id, path, body) in EXCHANGES {
        let operation = crate::operation(id);
        let request =
            Request::builder().method(operation.method.clone()).uri(format!("/api/v3{path}")).header(
                header::AUTHORIZATION,
                format!("Bearer {}", stub.token().expect("the fixture has a token")),
            );
        let request =
            if body.is_empty() { request } else { request.header(header::CONTENT_TYPE, "application/json") };
        let request = request.body(body.as_bytes().to_vec()).expect("a request");
        let sent = format!("> {} {path}\n> {body}\n", operation.method);
        let response = connection.send(request).await;
        let answer: Option<Value> = serde_json::from_slice(response.body()).ok();
        let violations = contract.violations(operation, response.status().as_u16(), answer.as_ref());
        assert_eq!(violations, Vec::<String>::new());
        let created = operation.method == http::Method::POST;
        insta::assert_snapshot!(id, sent + &received(&response, answer, created));
    }
    stub.close().await;
}

#[tokio::test]
async fn the_stub_shows_a_document_with_every_operation_of_the_canonical_one() {
    let stub = Stub::builder().start().await.expect("the stub starts");
    let request = Request::get("/-/openapi.json").body(Vec::new()).expect("a request");
    let response = Connection::open(stub.address().as_tcp().expect("a port")).await.send(request).await;
    let shown: Value = serde_json::from_slice(response.body()).expect("the document is JSON");
    for operation in OPERATIONS {
        let there = &shown["paths"][operation.path][operation.method.as_str().to_lowercase()];
        assert_eq!(there["operationId"], operation.id, "{}", operation.path);
    }
    stub.close().await;
}

/// Returns the response as text: status, headers by name, body by line. Only a created object holds values that nobody
/// can know.
fn received(response: &Response<Bytes>, answer: Option<Value>, created: bool) -> String {
    let mut text = format!("< {}\n", response.status());
    let mut headers: Vec<_> = response.headers().iter().collect();
    headers.sort_by_key(|(name, _)| name.as_str());
    for (name, value) in headers {
        let value = match name.as_str() {
            "date" => "(now)",
            "x-authentik-id" | "x-request-id" => "(of this request)",
            _ => value.to_str().expect("headers are text"),
        };
        writeln!(text, "< {name}: {value}").expect("writing to a string succeeds");
    }
    if let Some(mut body) = answer {
        for (key, stand_in) in MADE_UP {
            if let Some(value) = body.get_mut(key)
                && created
            {
                *value = stand_in.into();
            }
        }
        text += &serde_json::to_string_pretty(&body).expect("a JSON body");
    }
    text
}

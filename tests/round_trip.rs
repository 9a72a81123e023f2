//! From the document to a server and back: dropshot documents what it was generated from, and a server that implements
//! nothing answers every operation with the example and the status the document gives it.

use std::net::SocketAddr;
use std::time::Duration;

use authentik_sources_api::{OPERATIONS, Server, Service, SourcesGroupConnectionsOauth, SourcesPlex};
use chrono::DateTime;
use openapi_compat::normal_form;
use openapi_django::server::Django;
use openapi_document::example;
use openapi_server_runtime::failure::Failure;
use openapi_server_runtime::host::Content;
use openapi_server_runtime::host::Host;
use openapi_server_runtime::listener::Listener;
use openapi_server_runtime::operation::{self, Operation, Response};
use openapi_server_runtime::request::RequestContext;
use openapi_server_runtime::unwritten::EXAMPLE_RESPONSE;
use serde_json::{Value, json};

use crate::document;

/// Implements nothing; refuses with the example of a status, or answers a value, if a request asks for that.
struct Empty;

impl Host for Empty {
    type User = ();

    async fn authorize_object(&self, cx: &RequestContext<()>, _: &http::Method) -> Result<(), Failure> {
        let Some(status) = cx.headers.get("x-refuse") else { return Ok(()) };
        let status: u16 = status.to_str().expect("digits").parse().expect("digits");
        let response = cx.operation.and_then(|operation| operation.answer(status)).expect("a known status");
        Err(Failure::typed(status, &example_of(response).unwrap_or_default()))
    }

    async fn unwritten(&self, cx: &RequestContext<()>) -> Result<Option<Content>, Failure> {
        let Some(answer) = cx.headers.get("x-answer") else { return Ok(None) };
        Ok(Some(Content::Json(serde_json::from_slice(answer.as_bytes()).expect("JSON"))))
    }
}

impl SourcesGroupConnectionsOauth for Empty {}

impl SourcesPlex for Empty {}

fn serve() -> Server<Empty, Django> {
    Server::start(Service::new(Empty).with_dialect(Django::new()), ([127, 0, 0, 1], 0).into())
        .expect("a free port")
}

fn serve_without_dropshot() -> Server<Empty, Django> {
    let listener = Listener::bind(SocketAddr::from(([127, 0, 0, 1], 0))).expect("a free port");
    Server::listen(Service::new(Empty).with_dialect(Django::new()), listener).expect("a server")
}

/// Returns the example of an answer's body, if it has one.
fn example_of(response: &Response) -> Option<Value> {
    let operation::Content { schema, .. } = response.content.as_ref()?;
    let schema: Value = serde_json::from_str(schema).expect("a schema");
    Some(example::of(document().value(), &schema))
}

/// Returns a request for an operation, with the example of its body.
fn request(client: &reqwest::Client, base: &str, operation: &Operation) -> reqwest::RequestBuilder {
    let path = operation.path.replace("{id}", "1").replace("{slug}", "string");
    let request = client.request(operation.method.clone(), format!("{base}{path}"));
    match &operation.body {
        None => request,
        Some(body) => {
            let schema: Value = serde_json::from_str(body.content.schema).expect("a schema");
            request.json(&example::of_request(document().value(), &schema))
        }
    }
}

/// Returns `true` if two values differ only in the spelling of times.
fn same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Object(one), Value::Object(other)) => {
            one.len() == other.len()
                && one.iter().all(|(key, value)| other.get(key).is_some_and(|other| same(value, other)))
        }
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other))
        }
        (Value::String(one), Value::String(other)) => {
            one == other
                || matches!(
                    (DateTime::parse_from_rfc3339(one), DateTime::parse_from_rfc3339(other)),
                    (Ok(one), Ok(other)) if one == other
                )
        }
        _ => one == other,
    }
}

#[test]
fn dropshot_documents_what_it_was_generated_from() {
    let emitted = authentik_sources_api::document().expect("a document");
    let differences =
        normal_form::differences(document().value(), &emitted, &normal_form::Options::default());
    let lines: Vec<String> = differences.iter().map(ToString::to_string).collect();
    assert!(lines.is_empty(), "{}", lines.join("\n"));
}

#[tokio::test]
async fn a_server_that_implements_nothing_answers_with_examples() {
    let client = reqwest::Client::new();
    for server in [serve(), serve_without_dropshot()] {
        for operation in OPERATIONS {
            let success = operation.success().expect("a success");
            let answer = request(&client, &server.url(), operation).send().await.expect("an answer");
            assert_eq!(answer.status().as_u16(), success.status, "{}", operation.id);
            assert_eq!(answer.headers()[EXAMPLE_RESPONSE], "true", "{}", operation.id);
            let body = answer.bytes().await.expect("a body");
            match example_of(success) {
                None => assert!(body.is_empty(), "{}", operation.id),
                Some(expected) => {
                    let found: Value = serde_json::from_slice(&body).expect("JSON");
                    assert!(same(&found, &expected), "{}: {found}\n{expected}", operation.id);
                }
            }
        }
        server.close(Duration::from_secs(10)).await.expect("nothing left to answer");
    }
}

#[tokio::test]
async fn what_nobody_wrote_the_host_may_answer() {
    let server = serve();
    let client = reqwest::Client::new();
    let used_by = json!([{"app": "a", "model_name": "m", "pk": "7", "name": "n", "action": "cascade"}]);
    // It is sent as it is, even if it is none that the document has.
    let other = json!({"pk": "7"});
    for (id, answer, status, expected) in [
        ("sources_plex_used_by_list", used_by.clone(), 200, Some(used_by)),
        ("sources_plex_used_by_list", other.clone(), 200, Some(other)),
        ("sources_plex_destroy", Value::Null, 204, None),
    ] {
        let operation = OPERATIONS.iter().find(|operation| operation.id == id).expect("a known operation");
        let request = request(&client, &server.url(), operation).header("x-answer", answer.to_string());
        let answer = request.send().await.expect("an answer");
        assert_eq!(
            (answer.status().as_u16(), answer.headers().get(EXAMPLE_RESPONSE)),
            (status, None),
            "{id}"
        );
        let body = answer.bytes().await.expect("a body");
        assert_eq!(serde_json::from_slice(&body).ok(), expected, "{id}");
    }
    server.close(Duration::from_secs(10)).await.expect("nothing left to answer");
}

#[tokio::test]
async fn every_declared_refusal_reaches_the_client() {
    let server = serve();
    let client = reqwest::Client::new();
    for operation in OPERATIONS {
        let statuses = operation.responses.iter().chain(operation.observed).map(|response| response.status);
        for status in statuses.filter(|status| *status >= 400) {
            let request = request(&client, &server.url(), operation).header("x-refuse", status.to_string());
            let answer = request.send().await.expect("an answer");
            assert_eq!(answer.status().as_u16(), status, "{}", operation.id);
            let body = answer.bytes().await.expect("a body");
            let found: Option<Value> = serde_json::from_slice(&body).ok();
            assert_eq!(found, operation.answer(status).and_then(example_of), "{} {status}", operation.id);
        }
    }
}

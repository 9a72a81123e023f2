//! Collections over TCP: what is created is found, listed, filtered, changed and deleted.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};

use openapi_document::Document;
use openapi_document::loader::Nothing;
use openapi_document::model::Model;
use openapi_document::overlay::Overlay;
use openapi_resources::functions::Functions;
use openapi_resources::infer::Inferred;
use openapi_resources::server::{ByStore, Stateful};
use openapi_resources::store::Store;
use openapi_server_runtime::listener::Listener;
use openapi_server_runtime::server::Server;
use openapi_server_runtime::service::Service;
use serde_json::{Value, json};

/// A response: its status, the lines of its head, and its body.
struct Response {
    status: u16,
    head: String,
    body: Value,
}

impl Response {
    fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (known, value) = line.split_once(':')?;
            known.eq_ignore_ascii_case(name).then_some(value.trim())
        })
    }
}

fn send(address: SocketAddr, request: &str, headers: &str, body: Option<&Value>) -> Response {
    let body = body.map(Value::to_string).unwrap_or_default();
    let mut connection = TcpStream::connect(address).unwrap();
    let kind = if request.starts_with("PATCH") { "merge-patch+json" } else { "json" };
    let text = format!(
        "{} HTTP/1.1\r\nhost: {address}\r\nx-key: any\r\nconnection: close\r\ncontent-type: application/{kind}\r\n{headers}content-length: {}\r\n\r\n{body}",
        request.replacen(' ', " /api", 1),
        body.len()
    );
    connection.write_all(text.as_bytes()).unwrap();
    let mut answer = String::new();
    connection.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    Response { status, head: head.to_owned(), body: serde_json::from_str(body).unwrap_or_default() }
}

fn server(rows: usize) -> Server<ByStore, Stateful> {
    let overlay = Overlay::parse("pets.overlay.yaml", include_str!("documents/pets.overlay.yaml")).unwrap();
    let text = include_str!("documents/pets.yaml");
    let document = Document::load_with("pets.yaml", text, &Nothing, &[overlay]).unwrap();
    let inferred = Inferred::of(&document, Functions::new()).unwrap();
    assert_eq!(inferred.coverage(), (10, 11));
    let tables = openapi_tables::build(&Model::of(&document)).unwrap();
    let store = Store::new(inferred.plan);
    inferred.schemas.fill(&store, &document, 7, rows);
    let service = Service::of(tables, Stateful::new(store, tables.base_path));
    let any: SocketAddr = "127.0.0.1:0".parse().unwrap();
    Server::listen(service, Listener::bind(any).unwrap()).unwrap()
}

/// Runs a test beside a server that has this many rows of each model.
async fn with_server(rows: usize, test: impl FnOnce(SocketAddr) + Send + 'static) {
    let server = server(rows);
    let address = server.local_addr().as_tcp().unwrap();
    tokio::task::spawn_blocking(move || test(address)).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_with_an_overlay_has_state() {
    with_server(0, |address| {
        let ask = |request: &str, body: Option<Value>| {
            let response = send(address, request, "", body.as_ref());
            (response.status, response.body)
        };
        let rex = json!({"id": 7, "name": "Rex", "status": "available"});
        assert_eq!(ask("POST /pet", Some(rex.clone())), (200, rex.clone()));
        assert_eq!(ask("POST /pet", Some(json!({"name": "Max", "status": "sold"}))).1["id"], 8);
        assert_eq!(ask("GET /pet/7", None), (200, rex.clone()));
        assert_eq!(ask("GET /pet/findByStatus?status=available", None), (200, json!([rex])));
        assert_eq!(
            ask("PUT /pet", Some(json!({"id": 7, "name": "Rex"}))),
            (200, json!({"id": 7, "name": "Rex"}))
        );
        assert_eq!(ask("GET /pet/findByStatus?status=available", None), (200, json!([])));
        let (status, twice) = ask("POST /pet", Some(json!({"name": "Max"})));
        assert_eq!((status, &twice["detail"]), (409, &json!("Another row of `Pet` has the same name.")));
        let (status, missing) = ask("POST /visits", Some(json!({"pet": 9})));
        assert_eq!((status, &missing["errors"][0]["pointer"]), (400, &json!("#/pet")));
        assert_eq!(ask("POST /visits", Some(json!({"pet": 7}))).0, 201);
        assert_eq!(ask("DELETE /pet/7", None).0, 409);
        assert_eq!(ask("DELETE /pet/8", None).0, 200);
        assert_eq!(ask("GET /pet/8", None).0, 404);
        assert_eq!(
            ask("POST /pet", Some(json!({"status": "sold"}))).0,
            400,
            "the document's own rules hold first"
        );
        let example = send(address, "POST /pet/7/photo", "", None);
        assert_eq!((example.status, example.header("x-example-response")), (200, Some("true")));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_tell_where_they_are_and_which_version_they_have() {
    with_server(0, |address| {
        send(address, "POST /pet", "", Some(&json!({"name": "Rex"})));
        let made: Vec<Response> = (0..3)
            .map(|_| {
                send(address, "POST /visits", "", Some(&json!({"pet": 1, "notes": {"a": "x", "b": "y"}})))
            })
            .collect();
        let location = made[0].header("location").unwrap().to_owned();
        assert_eq!(location, format!("/api/visits/{}", made[0].body["id"].as_str().unwrap()));
        let path = location.trim_start_matches("/api");
        let found = send(address, &format!("GET {path}"), "", None);
        let tag = found.header("etag").unwrap().to_owned();
        assert_eq!((&found.body, made[0].header("etag")), (&made[0].body, Some(tag.as_str())));
        let change = json!({"notes": {"a": null, "c": "z"}});
        let patched = send(address, &format!("PATCH {path}"), &format!("if-match: {tag}\r\n"), Some(&change));
        assert_eq!((patched.status, &patched.body["notes"]), (200, &json!({"b": "y", "c": "z"})));
        let late = send(address, &format!("PATCH {path}"), &format!("if-match: {tag}\r\n"), Some(&change));
        assert_eq!(late.status, 412);
        // What a client knows already is not sent again (RFC 9110, 13).
        let tag = patched.header("etag").unwrap();
        let get = |headers: &str| send(address, &format!("GET {path}"), headers, None);
        let known = get(&format!("if-none-match: \"other\", W/{tag}\r\n"));
        assert_eq!((known.status, known.header("etag"), &known.body), (304, Some(tag), &Value::Null));
        assert_eq!(get("if-none-match: *\r\n").status, 304);
        assert_eq!(get(&format!("if-none-match: {}\r\n", found.header("etag").unwrap())).status, 200);
        assert_eq!(get("if-match: \"other\"\r\n").status, 412);
        let change_if =
            |headers: &str| send(address, &format!("PATCH {path}"), headers, Some(&json!({}))).status;
        assert_eq!(change_if(&format!("if-match: W/{tag}\r\n")), 412, "a weak tag is no strong one");
        assert_eq!(
            (change_if(&format!("if-none-match: {tag}\r\n")), change_if("if-match: *\r\n")),
            (412, 200)
        );
        let list = send(address, "GET /visits?pet=1", "", None);
        assert_eq!((list.body.as_array().map(Vec::len), list.header("x-total-count")), (Some(2), Some("3")));
        let next = format!("<http://{address}/api/visits?pet=1&offset=2>; rel=\"next\"");
        assert_eq!(list.header("link"), Some(next.as_str()));
        assert_eq!(send(address, "GET /visits?weather=fine", "", None).status, 501);
        assert_eq!(send(address, "GET /visits?limit=x", "", None).status, 400);
        assert_eq!(send(address, &format!("DELETE {path}"), "", None).status, 204);
        assert_eq!(send(address, &format!("GET {path}"), "", None).status, 404);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_are_made_from_the_schemas() {
    with_server(5, |address| {
        let visits = send(address, "GET /visits?limit=50", "", None);
        let visits = visits.body.as_array().unwrap().clone();
        assert_eq!(visits.len(), 5);
        let pet = send(address, &format!("GET /pet/{}", visits[0]["pet"]), "", None);
        assert_eq!(pet.status, 200);
    })
    .await;
}

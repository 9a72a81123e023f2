//! Documents that are served.

mod lives;

use std::net::SocketAddr;

use http::{HeaderMap, Request};
use openapi_control::Controlled as _;
use openapi_server_runtime::serve::serve;
use serde_json::{Value, json};

use super::*;

/// The command, as the program reads it.
#[derive(clap::Parser)]
struct Command {
    #[command(flatten)]
    arguments: Arguments,
}

/// Returns the arguments of a command line.
fn arguments(options: &[&str]) -> Arguments {
    arguments_of("pets.yaml", options)
}

/// Returns the arguments of a command line for a document of the tests.
fn arguments_of(document: &str, options: &[&str]) -> Arguments {
    let document = &format!("{}/tests/documents/{document}", env!("CARGO_MANIFEST_DIR"));
    let line =
        ["serve", document.as_str(), "--listen", "127.0.0.1:0"].into_iter().chain(options.iter().copied());
    <Command as clap::Parser>::parse_from(line).arguments
}

fn ready() -> Ready {
    Ready::new(&arguments(&[]), false).unwrap()
}

fn control(ready: &Ready) -> &Control {
    match &ready.service {
        Serving::Rows(service) => service.api().control(),
        Serving::Proxy(service) => service.api().control(),
    }
}

async fn ask(ready: &Ready, line: &str, body: &Value) -> (u16, Value) {
    let (status, _, value) = send(ready, line, &[], body).await;
    (status, value)
}

async fn send(ready: &Ready, line: &str, headers: &[(&str, &str)], body: &Value) -> (u16, HeaderMap, Value) {
    let (method, path) = line.split_once(' ').unwrap();
    let body = if body.is_null() { String::new() } else { body.to_string() };
    let kind = if method == "PATCH" { "application/merge-patch+json" } else { "application/json" };
    let request = Request::builder().method(method).uri(path).header("host", "localhost");
    let request = headers
        .iter()
        .fold(request.header("content-type", kind), |it, (name, value)| it.header(*name, *value));
    let request = request.body(body).unwrap();
    let response = match &ready.service {
        Serving::Rows(service) => Box::pin(serve(service, request)).await,
        Serving::Proxy(service) => Box::pin(serve(service, request)).await,
    };
    let bytes = response.body().as_bytes().cloned().unwrap_or_default();
    let value = serde_json::from_slice(&bytes).unwrap_or_default();
    (response.status().as_u16(), response.headers().clone(), value)
}

/// Returns a server of the books with an author and a book.
async fn books(options: &[&str]) -> Ready {
    let ready = Ready::new(&arguments_of("books.yaml", options), false).unwrap();
    assert_eq!(
        ask(&ready, "POST /authors", &json!({"name": "Proust", "password": "madeleine"})).await.0,
        201
    );
    assert_eq!(ask(&ready, "POST /books", &json!({"title": "Swann", "author": 1})).await.0, 201);
    ready
}

#[tokio::test]
async fn a_document_is_served_with_a_control_api() {
    let ready = ready();
    let pet = json!({"name": "Rex"});
    let fault = json!({"operation": "create_pet", "status": 503});
    assert_eq!(ask(&ready, "POST /-/faults", &fault).await.0, 201);
    assert_eq!(ask(&ready, "POST /pets", &pet).await.0, 503);
    assert_eq!(ask(&ready, "POST /pets", &pet).await.0, 201);
    assert_eq!(ask(&ready, "GET /-/health", &Value::Null).await, (200, json!({"status": "ok", "pets": 1})));
    let expectation = json!({"operation": "create_pet", "body": pet, "count": 2});
    assert_eq!(ask(&ready, "POST /-/verify", &expectation).await.0, 200);
    let (status, document) = ask(&ready, "GET /-/openapi.json", &Value::Null).await;
    assert_eq!((status, &document["info"]["title"]), (200, &json!("Pet Store API")));
    assert_eq!(ask(&ready, "POST /-/reset", &Value::Null).await.0, 204);
    assert_eq!(ask(&ready, "GET /pets", &Value::Null).await, (200, json!([])));
    assert_eq!(control(&ready).requests().count(), 1);
}
#[tokio::test]
async fn a_state_is_a_fixture_in_the_form_of_the_api() {
    let ready = ready();
    for name in ["Rex", "Max"] {
        assert_eq!(ask(&ready, "POST /pets", &json!({"name": name})).await.0, 201);
    }
    let (_, pets) = ask(&ready, "GET /pets", &Value::Null).await;
    let (_, state) = ask(&ready, "GET /-/state", &Value::Null).await;
    assert_eq!(state["objects"]["pets"], pets);
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("pets.json");
    std::fs::write(&file, openapi_resources::objects::text(&state)).unwrap();
    let loaded = arguments(&["--fixture", file.to_str().unwrap()]);
    let again = Ready::new(&loaded, false).unwrap();
    assert_eq!(ask(&again, "GET /-/state", &Value::Null).await.1.to_string(), state.to_string());
    let report = run(&Arguments { print_fixture: true, ..loaded.clone() }, false, &|_, _| {});
    assert_eq!(report.text, std::fs::read_to_string(&file).unwrap());
    // What a user writes needs no more than what `GET` answers.
    std::fs::write(&file, r#"{"objects": {"pets": [{"name": "Rex"}]}}"#).unwrap();
    let again = Ready::new(&loaded, false).unwrap();
    assert_eq!(ask(&again, "GET /pets", &Value::Null).await.1[0]["name"], "Rex");
    std::fs::write(&file, "{\"objects\": {\n\"pets\": [{\"name\": 7,\n \"nam\": 1}]}, \"object\": 1}")
        .unwrap();
    let refused = Ready::new(&loaded, false).unwrap_err();
    for place in [":2:19: /objects/pets/0/name: ", ":3:9: /objects/pets/0/nam: ", ":3:25: /object: "] {
        assert!(refused.contains(place), "{place} in {refused}");
    }
}

#[tokio::test]
async fn a_request_is_answered_with_what_it_prefers() {
    let ready = books(&[]).await;
    let prefer = async |line: &str, preferences: &str| {
        send(&ready, line, &[("prefer", preferences)], &Value::Null).await
    };
    let (status, headers, missing) = prefer("GET /books/1", "code=404").await;
    assert_eq!((status, missing["status"].is_i64()), (404, true), "{missing}");
    assert_eq!(headers["preference-applied"], "code=404");
    assert_eq!(headers["x-example-response"], "true");
    assert_eq!(headers["content-type"], "application/problem+json");
    let (status, headers, long) = prefer("GET /books/1", "example=long, respond-async").await;
    assert_eq!((status, &long["title"]), (200, &json!("In Search of Lost Time")));
    assert_eq!(headers["preference-applied"], "example=\"long\"");
    let mut made = Vec::new();
    for _ in 0..3 {
        let (status, _, value) = prefer("GET /books/1", "dynamic=true").await;
        assert_eq!((status, value["author"].is_i64()), (200, true), "{value}");
        made.push(value);
    }
    assert!(made.iter().any(|value| *value != made[0]), "another each time: {made:?}");
    for (preferences, detail) in [
        ("code=500", "`get_book` has no response 500; it has 200, 404."),
        ("code=teapot", "`teapot` is no status of a response."),
        ("example=middle", "The response 200 has no example `middle`; it has short, long."),
        ("code=404, example=long", "The response 404 has no example `long`; it has none."),
    ] {
        let (status, headers, problem) = prefer("GET /books/1", preferences).await;
        assert_eq!((status, problem["detail"].as_str()), (400, Some(detail)));
        assert!(!headers.contains_key("preference-applied"));
    }
    // A range stands for its codes; what is wrong with a request is told all the same.
    let body = json!({"title": "Guermantes", "author": 1});
    let conflict = send(&ready, "POST /books", &[("prefer", "code=409")], &body).await;
    assert_eq!(conflict.0, 409);
    assert_eq!(send(&ready, "POST /books", &[("prefer", "code=201")], &json!({})).await.0, 400);
    assert_eq!(
        ask(&ready, "GET /books", &Value::Null).await.1.as_array().map(Vec::len),
        Some(1),
        "nothing was made"
    );
    assert_eq!(prefer("GET /books/1", "return=minimal").await.2["title"], "Swann");
}

#[tokio::test]
async fn a_dialect_decides_how_a_conflict_looks() {
    let book = json!({"title": "Swann", "author": 1});
    let plain = books(&[]).await;
    let (status, headers, problem) = send(&plain, "POST /books", &[], &book).await;
    assert_eq!(
        (status, &problem["status"], &headers["content-type"]),
        (409, &json!(409), &"application/problem+json".parse().unwrap())
    );
    assert_eq!(ask(&plain, "DELETE /authors/1", &Value::Null).await.0, 409);
    let (status, headers, made) =
        send(&plain, "POST /books", &[], &json!({"title": "B", "author": 1, "tags": {"a": "x", "b": "y"}}))
            .await;
    assert_eq!(
        (status, &headers["location"], headers.contains_key("etag")),
        (201, &"/books/2".parse().unwrap(), true)
    );
    assert_eq!(made["tags"], json!({"a": "x", "b": "y"}));
    let patched = ask(&plain, "PATCH /books/2", &json!({"tags": {"a": null, "c": "z"}})).await;
    assert_eq!(patched.1["tags"], json!({"b": "y", "c": "z"}));
    let other = books(&["--dialect", super::dialect::FRAMEWORK]).await;
    let (status, refused) = ask(&other, "POST /books", &book).await;
    assert_eq!((status, refused["title"].is_array()), (400, true), "errors by field: {refused}");
    assert_eq!(ask(&other, "POST /books", &json!({})).await.1["author"], json!(["This field is required."]));
    assert_eq!(ask(&other, "GET /books/9", &Value::Null).await.0, 404);
}

#[tokio::test]
async fn pages_of_named_origins_may_read_the_api_and_not_its_control() {
    let ready = books(&["--cors", "http://localhost:3000"]).await;
    let origin = ("origin", "http://localhost:3000");
    let (_, headers, _) = send(&ready, "GET /books", &[origin], &Value::Null).await;
    assert_eq!(headers["access-control-allow-origin"], "http://localhost:3000");
    let (status, headers, _) = send(&ready, "GET /-/health", &[origin], &Value::Null).await;
    assert_eq!((status, headers.contains_key("access-control-allow-origin")), (403, false));
    assert!(<Command as clap::Parser>::try_parse_from(["serve", "x.yaml", "--cors", "localhost"]).is_err());
}

#[tokio::test]
async fn secrets_of_a_state_stand_beside_its_objects() {
    let ready = books(&[]).await;
    let (_, state) = ask(&ready, "GET /-/state", &Value::Null).await;
    assert_eq!(state["objects"]["authors"], json!([{"id": 1, "name": "Proust"}]));
    assert_eq!(state["beside"]["objects"]["authors"]["1"]["values"], json!({"password": "madeleine"}));
    assert_eq!(ask(&ready, "DELETE /books/1", &Value::Null).await.0, 204);
    assert_eq!(ask(&ready, "PUT /-/state", &state).await.0, 204);
    assert_eq!(ask(&ready, "GET /-/state", &Value::Null).await.1.to_string(), state.to_string());
    let (status, refused) =
        ask(&ready, "PUT /-/state", &json!({"objects": {"books": [{"id": 1, "title": 7}]}})).await;
    let detail = refused["detail"].as_str().unwrap();
    assert!(
        status == 400
            && detail.contains("/objects/books/0/title: ")
            && detail.contains("`author` needs a value"),
        "{refused}"
    );
}

/// Answers every request of one connection after the other with these bytes.
fn answering(response: &'static str) -> SocketAddr {
    use std::io::{Read as _, Write as _};
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for connection in listener.incoming() {
            let mut connection = connection.unwrap();
            let mut head = Vec::new();
            while !head.ends_with(b"\r\n\r\n") {
                let mut byte = [0];
                connection.read_exact(&mut byte).unwrap();
                head.extend(byte);
            }
            connection.write_all(response.as_bytes()).unwrap();
        }
    });
    address
}

/// Returns the violations of the last request in the journal.
async fn violations(ready: &Ready) -> Value {
    let (_, entries) = ask(ready, "GET /-/requests?limit=1", &Value::Null).await;
    entries[0]["violations"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_tells_what_requests_and_responses_violate() {
    let upstream = books(&[]).await.start(None).unwrap();
    let url = upstream.url();
    let proxy = |options: &[&str]| {
        let options = [&["--proxy", &url], options].concat();
        Ready::new(&arguments_of("books.yaml", &options), false).unwrap()
    };
    let open = proxy(&[]);
    let (status, headers, book) = send(&open, "GET /books/1", &[], &Value::Null).await;
    assert_eq!((status, &book["title"], headers.contains_key("etag")), (200, &json!("Swann"), true));
    assert_eq!(violations(&open).await, Value::Null);
    assert_eq!(ask(&open, "POST /books", &json!({"title": "B", "author": 1})).await.0, 201);
    assert_eq!(violations(&open).await, Value::Null);
    let seen = || upstream.control().requests().count();
    let before = seen();
    assert_eq!(ask(&open, "POST /books", &json!({"title": 7})).await.0, 400);
    let expected =
        json!(["#/title: Expected a string, got a number.", "#/author: This property is required."]);
    assert_eq!(violations(&open).await, expected);
    assert_eq!(ask(&open, "GET /nowhere", &Value::Null).await.0, 404);
    assert_eq!(seen(), before + 2, "both were passed on");
    let strict = proxy(&["--strict"]);
    let (status, refused) = ask(&strict, "POST /books", &json!({"title": 7})).await;
    assert_eq!((status, refused["errors"][0]["pointer"].as_str()), (400, Some("#/title")));
    assert_eq!(violations(&strict).await, expected);
    assert_eq!(ask(&strict, "GET /nowhere", &Value::Null).await.0, 404);
    assert_eq!(seen(), before + 2, "neither was");
    let fault = json!({"operation": "get_book", "status": 503});
    assert_eq!(ask(&strict, "POST /-/faults", &fault).await.0, 201);
    assert_eq!(ask(&strict, "GET /books/1", &Value::Null).await.0, 503);
    let before = seen();
    assert_eq!(ask(&open, "GET /books/%2e%2e", &Value::Null).await.0, 400);
    let (status, _) = ask(&open, "GET /books/../authors/1", &Value::Null).await;
    assert_eq!((status, seen()), (400, before), "what was checked is what is passed on, or nothing is");
    upstream.close(std::time::Duration::from_secs(5)).await.unwrap();
    assert_eq!(ask(&open, "GET /books/1", &Value::Null).await.0, 502);
    assert_eq!(ask(&open, "GET /nowhere", &Value::Null).await.0, 502);
    assert_eq!(ask(&open, "POST /books", &json!({"title": 7})).await.0, 502);
    assert_eq!(violations(&open).await, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_passes_a_proxy_is_recorded_and_replayed_against_a_server_with_other_keys() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("record.jsonl");
    let upstream = books(&[]).await.start(None).unwrap();
    let url = upstream.url();
    let options = ["--proxy", &url, "--record", file.to_str().unwrap()];
    let proxy = Ready::new(&arguments_of("books.yaml", &options), false).unwrap();
    let (status, author) =
        ask(&proxy, "POST /authors", &json!({"name": "Woolf", "password": "orlando"})).await;
    assert_eq!((status, &author["id"]), (201, &json!(2)));
    let (status, book) = ask(&proxy, "POST /books", &json!({"title": "The Waves", "author": 2})).await;
    assert_eq!(status, 201);
    assert_eq!(ask(&proxy, &format!("GET /books/{}", book["id"]), &Value::Null).await.0, 200);
    assert_eq!(ask(&proxy, "GET /authors/2", &Value::Null).await.0, 200);
    assert_eq!(ask(&proxy, "DELETE /books/99", &Value::Null).await.0, 404);
    let path = format!("/books/{}", book["id"]);
    assert_eq!(ask(&proxy, &format!("PATCH {path}"), &json!({"title": "Orlando"})).await.0, 200);
    assert_eq!(ask(&proxy, &format!("GET {path}"), &Value::Null).await.0, 200);
    assert_eq!(control(&proxy).recorder().unwrap().count(), 7);
    let text = std::fs::read_to_string(&file).unwrap();
    assert!(!text.contains("orlando") && text.contains(url.trim_start_matches("http://")), "{text}");

    let fixture = directory.path().join("fixture.json");
    let made = crate::commands::fixture::Arguments {
        source: arguments_of("books.yaml", &[]).source,
        record: openapi_proxy::FixtureOf { record: file.clone() },
    };
    let made = crate::commands::fixture::run(&made, false);
    assert_eq!(made.outcome, Outcome::Clean, "{}", made.text);
    std::fs::write(&fixture, made.text).unwrap();
    let options = ["--fixture", fixture.to_str().unwrap()];
    let like = Ready::new(&arguments_of("books.yaml", &options), false).unwrap();
    let (_, author) = ask(&like, "GET /authors/2", &Value::Null).await;
    assert_eq!(author["name"], "Woolf");
    let (_, found) = ask(&like, &format!("GET {path}"), &Value::Null).await;
    assert_eq!(
        (&found["title"], &found["author"]),
        (&json!("Orlando"), &json!(2)),
        "the last answer is kept"
    );

    let other = books(&[]).await;
    assert_eq!(ask(&other, "POST /authors", &json!({"name": "Eliot", "password": "p"})).await.0, 201);
    let other = other.start(None).unwrap();
    let replayed = |server: &Started| {
        let replay = ["replay", file.to_str().unwrap(), &server.url()];
        let replay = <Replaying as clap::Parser>::parse_from(replay).replay;
        let told = std::sync::Mutex::new(String::new());
        let print = |_: Stream, text: &str| *told.lock().unwrap() += text;
        let report = std::thread::scope(|scope| {
            // In a thread that has no runtime yet.
            let run = || crate::commands::replay::run(&replay, &|stream, text| print(stream, text));
            scope.spawn(run).join().unwrap()
        });
        (report, told.into_inner().unwrap())
    };
    let (report, told) = tokio::task::block_in_place(|| replayed(&other));
    assert_eq!(
        (report.outcome, told.as_str()),
        (Outcome::Clean, "7 exchanges: 7 the same, 0 different, 0 not sent\n")
    );
    let fault = openapi_control::Fault::status(500).on("get_book");
    other.control().faults().add([fault]).unwrap();
    let (report, told) = tokio::task::block_in_place(|| replayed(&other));
    assert_eq!(report.outcome, Outcome::Findings);
    assert!(told.contains("3 GET /books/2\n    status: expected 200, got 500"), "{told}");
}

/// The command `replay`, as the program reads it.
#[derive(clap::Parser)]
struct Replaying {
    #[command(flatten)]
    replay: openapi_proxy::Replay,
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_breaks_off_where_the_server_does() {
    let address = answering(
        "HTTP/1.1 200 OK\r\ncontent-type: image/png\r\ncontent-length: 40\r\nconnection: close\r\n\r\nbegun",
    );
    let options = ["--proxy", &format!("http://{address}")];
    let proxy = Ready::new(&arguments_of("books.yaml", &options), false).unwrap().start(None).unwrap();
    let response = reqwest::get(format!("{}/books/1", proxy.url())).await.unwrap();
    assert_eq!(response.status(), 200);
    assert!(response.bytes().await.is_err(), "it is not all of it");
}

#[tokio::test]
async fn keys_of_a_seed_that_are_taken_are_passed_over() {
    let ready = Ready::new(&arguments_of("projects.yaml", &["--seed", "1", "--rows", "0"]), false).unwrap();
    let project = json!({"name": "one"});
    let (status, first) = ask(&ready, "POST /projects", &project).await;
    assert_eq!(status, 201);
    let (_, state) = ask(&ready, "GET /-/state", &Value::Null).await;
    assert_eq!(ask(&ready, "POST /-/reset", &Value::Null).await.0, 204);
    let (_, again) = ask(&ready, "POST /projects", &project).await;
    assert_eq!(again["id"], first["id"], "after a reset it is the same one");
    assert_eq!(ask(&ready, "POST /-/reset", &Value::Null).await.0, 204);
    assert_eq!(ask(&ready, "PUT /-/state", &state).await.0, 204);
    let (status, second) = ask(&ready, "POST /projects", &project).await;
    assert_eq!(status, 201);
    assert_ne!(second["id"], first["id"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_refuses_wrong_responses_and_keeps_what_is_of_a_connection() {
    let address = answering(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close, X-Hop\r\nx-hop: 1\r\n\
         keep-alive: timeout=5\r\nx-end: 2\r\ncontent-length: 43\r\n\r\n{\"id\": \"x\", \"title\": \"T\", \"tags\": {\"a\": 1}}",
    );
    let url = format!("http://{address}");
    let proxy = |options: &[&str]| {
        let options = [&["--proxy", &url], options].concat();
        Ready::new(&arguments_of("books.yaml", &options), false).unwrap()
    };
    let open = proxy(&[]);
    let (status, headers, book) = send(&open, "GET /books/1", &[], &Value::Null).await;
    assert_eq!((status, &book["title"]), (200, &json!("T")));
    assert_eq!(headers["x-end"], "2");
    assert!(
        ["x-hop", "keep-alive", "connection"].iter().all(|name| !headers.contains_key(*name)),
        "{headers:?}"
    );
    let expected = json!([
        "response: #/id: Expected an integer, got a string.",
        "response: #/author: This property is required.",
        "response: #/tags/a: Expected a string, got a number.",
    ]);
    assert_eq!(violations(&open).await, expected);
    let strict = proxy(&["--strict"]);
    let (status, refused) = ask(&strict, "GET /books/1", &Value::Null).await;
    let detail = refused["detail"].as_str().unwrap();
    assert!(status == 502 && detail.contains("#/author: This property is required."), "{refused}");
    let (_, deleted) = (ask(&open, "DELETE /books/1", &Value::Null).await, violations(&open).await);
    assert_eq!(deleted, json!(["response: the status 200 is not declared; declared are 204"]));
    for (url, help) in [
        ("http://192.0.2.1", "--allow-remote"),
        ("ftp://localhost", "http://HOST"),
        ("x", "http://HOST"),
        ("http://u:s3cret@localhost", "credentials of their own"),
    ] {
        let refused = Ready::new(&arguments_of("books.yaml", &["--proxy", url]), false).unwrap_err();
        assert!(refused.contains(help) && !refused.contains("s3cret"), "{refused}");
    }
    assert!(
        Ready::new(&arguments_of("books.yaml", &["--proxy", "http://192.0.2.1", "--allow-remote"]), false)
            .is_ok()
    );
}

#[tokio::test]
async fn what_is_made_below_a_server_of_its_own_is_told_there() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("books.yaml");
    let text = include_str!("../../../tests/documents/books.yaml");
    let servers = "    servers: [{url: shelf}]\n";
    let text = text.replace("  /books:\n", &format!("  /books:\n{servers}"));
    std::fs::write(&file, text.replace("  /books/{bookId}:\n", &format!("  /books/{{bookId}}:\n{servers}")))
        .unwrap();
    let mut arguments = arguments_of("books.yaml", &[]);
    arguments.source.document = file.display().to_string();
    let ready = Ready::new(&arguments, false).unwrap();
    assert_eq!(ask(&ready, "POST /authors", &json!({"name": "Proust"})).await.0, 201);
    let book = json!({"title": "Swann", "author": 1});
    let (status, headers, _) = send(&ready, "POST /shelf/books", &[], &book).await;
    assert_eq!((status, headers["location"].to_str().unwrap()), (201, "/shelf/books/1"));
    assert_eq!(ask(&ready, "GET /shelf/books/1", &Value::Null).await.0, 200);
    assert!(ready.example.as_ref().unwrap().1.starts_with("/shelf/books"), "{:?}", ready.example);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_that_changes_is_served_anew_with_the_rows_that_fit() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("books.yaml");
    let text = include_str!("../../../tests/documents/books.yaml");
    std::fs::write(&file, text).unwrap();
    let mut arguments = arguments_of("books.yaml", &[]);
    arguments.source.document = file.display().to_string();
    let mut server = Ready::new(&arguments, false).unwrap().start(None).unwrap();
    let client = reqwest::Client::new();
    let url = server.url();
    let post = async |path: &str, body: Value| {
        client
            .post(format!("{url}{path}"))
            .header("content-type", "application/json")
            .body(body.to_string())
            .send()
            .await
            .unwrap()
            .status()
    };
    let get =
        async |path: &str| client.get(format!("{url}{path}")).send().await.unwrap().text().await.unwrap();
    assert_eq!(post("/authors", json!({"name": "Proust", "password": "p"})).await, 201);
    assert_eq!(post("/books", json!({"title": "Swann", "author": 1})).await, 201);
    std::fs::write(&file, text.replace("paths:", "paths: [")).unwrap();
    let refused = reload(&mut server, &arguments, false).unwrap_err();
    assert!(refused.contains("books.yaml:"), "{refused}");
    assert!(get("/books").await.contains("Swann"), "it is served as it was");
    std::fs::write(
        &file,
        text.replace(
            "tags: {type: object, additionalProperties: {type: string}}",
            "pages: {type: integer, default: 9}",
        ),
    )
    .unwrap();
    let told = reload(&mut server, &arguments, false).unwrap();
    assert!(told.contains("rows kept: Author\nrows made anew: Book\n"), "{told}");
    assert_eq!(get("/authors").await, r#"[{"id":1,"name":"Proust"}]"#);
    assert_eq!(get("/books").await, "[]");
    assert_eq!(post("/books", json!({"title": "Swann", "author": 1})).await, 201);
    assert!(get("/books").await.contains("\"pages\":9"), "by the new document");
    server.close(std::time::Duration::from_secs(5)).await.unwrap();
}

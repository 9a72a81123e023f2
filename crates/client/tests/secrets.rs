//! No text that Rust code prints holds a secret: not of a value, not of an error, not of a log.

// Clippy lets tests unwrap; what serves them counts as theirs where it says so.
#![cfg(test)]

mod server;

use std::fmt::{Debug, Display};
use std::io::Write;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use authentik_sources_client::types::{
    PaginatedPlexSourceList, PatchedPlexSourceRequest, PatchedPlexSourceRequestPlexToken, PlexSource,
    PlexSourceRequest, PlexSourceRequestPlexToken, PlexTokenRedeemRequest, PlexTokenRedeemRequestPlexToken,
};
use authentik_sources_client::{Client, Error, Retries};
use futures::TryStreamExt as _;
use serde_json::json;
use server::{Server, answer};

/// The token of the client, a plex token, the value of a header, and a text to search for: each begins like this.
const SECRET: &str = "s3cret";
const TOKEN: &str = "s3cret-token";
const PLEX_TOKEN: &str = "s3cret-plex-token";

fn assert_hidden(what: &str, texts: &[String]) {
    for text in texts {
        assert!(!text.contains(SECRET), "{what}: {text}");
    }
}

fn debug(value: &dyn Debug) -> [String; 2] {
    [format!("{value:?}"), format!("{value:#?}")]
}

fn source() -> serde_json::Value {
    json!({
        "pk": "0f4c9d0e-6f0b-4b7e-9a53-0f6d1a2b3c4d", "name": "Plex", "slug": "plex", "component": "",
        "verbose_name": "", "verbose_name_plural": "", "meta_model_name": "", "managed": null, "icon": "/x.svg",
        "plex_token": PLEX_TOKEN
    })
}

fn page() -> serde_json::Value {
    let pagination = json!({
        "next": 0, "previous": 0, "count": 1, "current": 1, "total_pages": 1, "start_index": 1, "end_index": 1
    });
    json!({"pagination": pagination, "results": [source()]})
}

fn client(url: &str) -> Client {
    let quick = Retries::default().first_wait(Duration::from_millis(1));
    Client::builder(url).token(TOKEN).header("x-key", "s3cret-key").retries(quick).build().unwrap()
}

#[test]
fn a_value_says_that_there_is_a_secret_and_not_which() {
    let source: PlexSource = serde_json::from_value(source()).unwrap();
    let page: PaginatedPlexSourceList = serde_json::from_value(page()).unwrap();
    let request = PlexSourceRequest::builder().name("Plex").slug("plex").plex_token(PLEX_TOKEN);
    let patch = PatchedPlexSourceRequest::builder().plex_token(PLEX_TOKEN);
    let redeem = PlexTokenRedeemRequest::builder().plex_token(PLEX_TOKEN);
    let client = client("https://authentik.example.com");
    let texts = [
        debug(&source),
        debug(&page),
        debug(&request),
        debug(&patch),
        debug(&redeem),
        debug(&PlexSourceRequest::try_from(request.clone()).unwrap()),
        debug(&PatchedPlexSourceRequest::try_from(patch.clone()).unwrap()),
        debug(&PlexTokenRedeemRequest::try_from(redeem.clone()).unwrap()),
        debug(&PlexSourceRequestPlexToken::try_from(PLEX_TOKEN).unwrap()),
        debug(&PatchedPlexSourceRequestPlexToken::try_from(PLEX_TOKEN).unwrap()),
        debug(&PlexTokenRedeemRequestPlexToken::try_from(PLEX_TOKEN).unwrap()),
        debug(&client.sources_plex_create().body(request.clone())),
        debug(&client.sources_plex_update().slug("plex").body(request.clone())),
        debug(&client.sources_plex_partial_update().slug("plex").body(patch)),
        debug(&client.sources_plex_redeem_token_create().body(redeem.clone())),
        debug(&client.sources_plex_redeem_token_authenticated_create().body(redeem)),
    ];
    for text in texts {
        assert!(text[0].contains("[redacted]"), "{text:?}");
        assert_hidden("a value", &text);
    }
    assert_hidden("the client", &debug(&client));
    let builder = Client::builder("https://user:s3cret@a.example").token(TOKEN).header("x-key", "s3cret-key");
    assert_hidden("the client's builder", &debug(&builder));
    // What is hidden from the eye still goes over the wire.
    let sent = serde_json::to_value(PlexSourceRequest::try_from(request).unwrap()).unwrap();
    assert_eq!(sent["plex_token"], PLEX_TOKEN);
}

/// The error of reading a source that the server answers so.
async fn read(answers: Vec<String>) -> Error {
    let server = Server::start(answers).await;
    client(&server.url).sources_plex_retrieve().slug("plex").send().await.unwrap_err()
}

/// An error of every variant, of requests and answers that hold secrets.
async fn errors() -> Vec<Error> {
    let mut undecodable = source();
    undecodable["enabled"] = json!(SECRET);
    undecodable["name"] = json!({"s3cret-plex-token": 1});
    let body = json!({"plex_token": PLEX_TOKEN}).to_string();
    let mut errors = vec![
        Client::builder("https://user:s3cret@a.example").build().unwrap_err(),
        Client::builder("https://a.example/?s3cret").build().unwrap_err(),
        Client::builder("https://a.example").token("s3cret two parts").build().unwrap_err(),
        Client::builder("https://a.example").header("x-key", "s3cret\n").build().unwrap_err(),
    ];
    for (status, body) in [
        (200, undecodable.to_string()),
        (200, format!("\"{SECRET}")),
        (200, format!("{SECRET}{}", source())),
        (200, format!("{} {SECRET}", source())),
        (200, json!(SECRET).to_string()),
        (200, json!({"plex_token": [PLEX_TOKEN]}).to_string()),
        (400, body.clone().replace(PLEX_TOKEN, "Not a token.")),
        (400, format!("<html>{SECRET}")),
        (401, body.clone()),
        (403, body.clone()),
        (404, format!("<html>{SECRET}")),
        (405, String::new()),
        (418, body.clone()),
        (500, format!("<html>{SECRET}")),
    ] {
        errors.push(read(vec![answer(status, &body)]).await);
    }
    errors.push(read(vec![answer(429, &body); 3]).await);
    errors.push(read(vec![answer(503, &body); 3]).await);
    errors.push(read(vec![]).await);
    let server = Server::start(vec![]).await;
    let hasty = client(&server.url);
    errors.push(hasty.sources_plex_list().search(SECRET).send().await.unwrap_err());
    let refused = PlexSourceRequest::builder().name("Plex").slug("a b").plex_token(PLEX_TOKEN);
    errors.push(hasty.sources_plex_create().body(refused).send().await.unwrap_err());
    errors.push(hasty.sources_plex_list().enrollment_flow(SECRET).send().await.unwrap_err());
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", silent.local_addr().unwrap());
    let late = Client::builder(url).token(TOKEN).timeout(Duration::from_millis(20)).build().unwrap();
    errors.push(late.sources_plex_list().search(SECRET).send().await.unwrap_err());
    errors
}

#[tokio::test]
async fn no_error_shows_a_secret() {
    let errors = errors().await;
    for error in &errors {
        let mut texts = debug(error).to_vec();
        let mut cause: Option<&dyn std::error::Error> = Some(error);
        while let Some(error) = cause {
            let display: &dyn Display = &error;
            texts.push(format!("{display} {error:?}"));
            cause = error.source();
        }
        assert_hidden("an error", &texts);
    }
    let shown: Vec<String> = errors.iter().map(|error| format!("{error:?}")).collect();
    for variant in [
        "Configuration",
        "InvalidRequest",
        "Validation",
        "Unauthenticated",
        "PermissionDenied",
        "NotFound",
        "RateLimited",
        "Server",
        "Decode",
        "Timeout",
        "Transport",
        "Unexpected",
    ] {
        assert!(shown.iter().any(|error| error.starts_with(variant)), "no error is a {variant}");
    }
}

/// A log in memory.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn a_log_has_what_finds_a_call_again_and_no_secret() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_span_events(tracing_subscriber::fmt::format::FmtSpan::FULL)
        .with_ansi(false)
        .with_writer(move || writer.clone())
        .finish();
    // The test's one thread runs all of it.
    let _guard = tracing::subscriber::set_default(subscriber);
    errors().await;
    let server = Server::start(vec![
        answer(503, PLEX_TOKEN),
        answer(200, &page().to_string()),
        answer(200, &source().to_string()),
    ])
    .await;
    let client = client(&server.url);
    client.sources_plex_list().search(SECRET).stream().try_collect::<Vec<_>>().await.unwrap();
    let body = PatchedPlexSourceRequest::builder().plex_token(PLEX_TOKEN);
    client.sources_plex_partial_update().slug("s3cret-slug").body(body).send().await.unwrap();
    assert!(server.requests().iter().all(|request| request.contains(SECRET)), "the secrets were sent");

    let text = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    for line in text.lines() {
        assert_hidden("a line of the log", &[line.to_owned()]);
    }
    let closed =
        text.lines().rfind(|line| line.contains("close") && line.contains("sources_plex_list")).unwrap();
    for field in [
        r#"operation="sources_plex_list""#,
        r#"method="GET""#,
        r#"path="/sources/plex/""#,
        "attempts=2",
        "status=200",
        r#"request_id="abc""#,
    ] {
        assert!(closed.contains(field), "{field} in {closed}");
    }
    assert!(text.contains("trying again attempt=1"), "{text}");
}

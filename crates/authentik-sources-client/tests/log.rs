//! The log of a call finds it again, and holds no secret.
//!
//! A process of its own: whether a line is wanted is remembered for all threads, and calls of other tests, which
//! want none, could get there first.

// Clippy lets tests unwrap; what serves them counts as theirs where it says so.
#![cfg(test)]

mod secret;
mod server;

use std::io::Write;
use std::sync::{Arc, Mutex};

use authentik_sources_client::types::PatchedPlexSourceRequest;
use futures::TryStreamExt as _;
use secret::{PLEX_TOKEN, SECRET, assert_hidden, client, errors, page, source};
use server::{Server, answer};

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

//! The log of a call holds no credentials, whatever part of the request they are in.
//!
//! A process of its own: whether a line is wanted is remembered for all threads.

// Clippy lets tests unwrap; what serves them counts as theirs where it says so.
#![cfg(test)]

mod server;

use std::io::Write;
use std::sync::{Arc, Mutex};

use openapi_client_runtime::ClientBuilder;
use openapi_client_runtime::codegen::KeyPlace;
use server::{API, EITHER, Server, call};

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
async fn a_log_names_the_call_and_shows_no_key() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_ansi(false)
        .with_writer(move || writer.clone())
        .finish();
    // The test's one thread runs all of it.
    let _guard = tracing::subscriber::set_default(subscriber);
    for (url, warns) in
        [("http://a.example", true), ("http://localhost", false), ("https://a.example", false)]
    {
        let client = ClientBuilder::new(&API, url).token("house", "s3cret").build().unwrap();
        let _clones = [client.clone(), client];
        ClientBuilder::new(&API, url).build().unwrap();
        let text = String::from_utf8(std::mem::take(&mut *log.0.lock().unwrap())).unwrap();
        let warnings = text.matches("credentials are sent without encryption").count();
        assert_eq!(warnings, usize::from(warns), "{url}: {text}");
        assert!(!text.contains("s3cret"), "{text}");
    }
    let server = Server::start("HTTP/1.1 503 -\r\nContent-Length: 0", "", false).await;
    for place in [KeyPlace::Header, KeyPlace::Query, KeyPlace::Cookie] {
        let client = server.client().key("gate", place, "gate", "s3cret").build().unwrap();
        call(&client, &EITHER).await.unwrap_err();
    }
    let client = server.client().basic("gate", "me", "s3cret").build().unwrap();
    call(&client, &EITHER).await.unwrap_err();
    assert_eq!(server.requests().iter().filter(|request| request.contains("s3cret")).count(), 3);
    assert!(server.requests()[3].contains("authorization: Basic bWU6czNjcmV0"));

    let text = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert_eq!(text.matches("answered attempt=1 status=503").count(), 4, "{text}");
    assert!(!text.contains("s3cret") && !text.contains("bWU6czNjcmV0"), "{text}");
}

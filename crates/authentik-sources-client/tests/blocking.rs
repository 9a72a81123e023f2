//! Calls without an executor.

// Clippy lets tests unwrap; what serves them counts as theirs where it says so.
#![cfg(test)]
#![cfg(feature = "blocking")]

mod server;

use authentik_sources_client::{CallOptions, Client, Error};
use serde_json::json;
use server::{Server, answer, answer_with};
use std::time::Duration;

/// A server on threads of its own, and a client of it.
fn start(answers: Vec<String>) -> (tokio::runtime::Runtime, Server, Client) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let server = runtime.block_on(Server::start(answers));
    let client = Client::builder(&server.url).token("s3cret").build().unwrap();
    (runtime, server, client)
}

fn page(next: i64, slug: &str) -> String {
    let pagination = json!({
        "next": next, "previous": 0, "count": 2, "current": 1, "total_pages": 2, "start_index": 1, "end_index": 2
    });
    let used = json!([{"app": "", "model_name": slug, "pk": "", "name": "", "action": "cascade"}]);
    let source = json!({
        "pk": "0f4c9d0e-6f0b-4b7e-9a53-0f6d1a2b3c4d", "name": "Plex", "slug": slug, "component": "",
        "verbose_name": "", "verbose_name_plural": "", "meta_model_name": "", "managed": null, "icon": "/x.svg",
        "plex_token": "", "used_by": used
    });
    answer_with(200, "", &json!({"pagination": pagination, "results": [source]}).to_string())
}

#[test]
fn a_call_blocks_until_it_is_answered() {
    let (_runtime, server, client) = start(vec![answer(204, ""), answer(404, r#"{"detail": "Not found."}"#)]);
    client.sources_plex_destroy().slug("plex").send_blocking().unwrap();
    let error = client.sources_plex_destroy().slug("plex").send_blocking().unwrap_err();
    assert!(matches!(error, Error::NotFound { .. }), "{error:?}");
    assert_eq!(server.requests().len(), 2);
}

#[test]
fn a_list_is_an_iterator_over_all_pages_on_one_connection_and_ends_after_an_error() {
    let (_runtime, server, client) =
        start(vec![page(2, "a"), page(0, "b"), page(2, "a"), answer_with(500, "", "")]);
    let slugs: Result<Vec<String>, Error> =
        client.sources_plex_list().iter_blocking().map(|source| source.map(|source| source.slug)).collect();
    assert_eq!(slugs.unwrap(), ["a", "b"]);
    let results: Vec<_> = client.sources_plex_list().iter_blocking().collect();
    assert!(matches!(results.as_slice(), [Ok(_), Err(Error::Server { .. })]), "{results:?}");
    assert_eq!((server.requests().len(), server.connections()), (4, 1));
}

#[test]
fn threads_call_at_the_same_time_and_within_their_deadlines() {
    let (runtime, _server, _) = start(vec![]);
    let silent = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
    let client = Client::builder(format!("http://{}", silent.local_addr().unwrap())).build().unwrap();
    let start = std::time::Instant::now();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let short = CallOptions::new().timeout(Duration::from_millis(500));
                let error = client.sources_plex_list().options(short).send_blocking().unwrap_err();
                assert!(matches!(error, Error::Timeout { .. }), "{error:?}");
            });
        }
    });
    assert!(start.elapsed() < Duration::from_millis(1900), "{:?}", start.elapsed());
}

#[tokio::test]
async fn async_code_gets_an_error_and_no_panic() {
    let client = Client::builder("http://127.0.0.1:9").build().unwrap();
    let error = client.sources_plex_list().send_blocking().unwrap_err();
    assert!(error.to_string().contains("async code cannot wait for a blocking call"), "{error}");
    let results: Vec<_> = client.sources_plex_list().iter_blocking().collect();
    assert!(matches!(results.as_slice(), [Err(Error::InvalidRequest { .. })]), "{results:?}");
}

#[tokio::test]
async fn a_thread_that_async_code_lets_block_may_call() {
    let server = Server::start(vec![answer(204, ""), page(2, "a"), page(0, "b")]).await;
    let client = Client::builder(&server.url).token("s3cret").build().unwrap();
    let slugs: Result<Vec<String>, Error> = tokio::task::spawn_blocking(move || {
        client.sources_plex_destroy().slug("plex").send_blocking()?;
        client.sources_plex_list().iter_blocking().map(|source| source.map(|source| source.slug)).collect()
    })
    .await
    .unwrap();
    assert_eq!(slugs.unwrap(), ["a", "b"]);
    assert_eq!(server.requests().len(), 3);
}

#[tokio::test]
async fn a_task_without_a_budget_gets_its_answer_and_no_panic() {
    let client = Client::builder("http://127.0.0.1:9").build().unwrap();
    let error = tokio::task::unconstrained(async { client.sources_plex_list().send_blocking().unwrap_err() });
    assert!(matches!(error.await, Error::Transport { .. }));
}

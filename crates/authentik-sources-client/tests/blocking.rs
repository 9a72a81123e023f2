//! Calls without an executor.

// Clippy lets tests unwrap; what serves them counts as theirs where it says so.
#![cfg(test)]
#![cfg(feature = "blocking")]

mod server;

use authentik_sources_client::{CallOptions, Client, Error};
use serde_json::json;
use server::{Server, answer, answer_with};
use std::time::Duration;
use tokio::io::AsyncWriteExt as _;

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
fn a_list_is_an_iterator_over_all_pages_and_ends_after_an_error() {
    let (_runtime, server, client) =
        start(vec![page(2, "a"), page(0, "b"), page(2, "a"), answer_with(500, "", "")]);
    let slugs: Result<Vec<String>, Error> =
        client.sources_plex_list().iter_blocking().map(|source| source.map(|source| source.slug)).collect();
    assert_eq!(slugs.unwrap(), ["a", "b"]);
    let results: Vec<_> = client.sources_plex_list().iter_blocking().collect();
    assert!(matches!(results.as_slice(), [Ok(_), Err(Error::Server { .. })]), "{results:?}");
    assert_eq!(server.requests().len(), 4);
}

#[test]
fn calls_share_a_connection() {
    let (_runtime, server, client) = start(vec![[page(2, "a"), page(0, "b")]; 100].concat());
    let mut lists = 0;
    while !server.has_reused_a_connection() {
        lists += 1;
        assert!(lists <= 100, "every request has a connection of its own");
        assert_eq!(client.sources_plex_list().iter_blocking().flatten().count(), 2);
    }
}

#[test]
fn threads_call_at_the_same_time() {
    const THREADS: usize = 4;
    let (runtime, _server, _) = start(vec![]);
    let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
    let client = Client::builder(format!("http://{}", listener.local_addr().unwrap())).build().unwrap();
    // Nobody is answered before all have asked.
    runtime.spawn(async move {
        let mut asked = Vec::new();
        while asked.len() < THREADS {
            let (mut connection, _) = listener.accept().await.unwrap();
            if !server::read(&mut connection).await.is_empty() {
                asked.push(connection);
            }
        }
        for mut connection in asked {
            connection.write_all(answer(204, "").as_bytes()).await.unwrap();
        }
    });
    std::thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| client.sources_plex_destroy().slug("plex").send_blocking().unwrap());
        }
    });
}

#[test]
fn a_call_ends_at_its_deadline() {
    let (runtime, _server, _) = start(vec![]);
    let silent = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
    let client = Client::builder(format!("http://{}", silent.local_addr().unwrap())).build().unwrap();
    let short = CallOptions::new().timeout(Duration::from_millis(50));
    let error = client.sources_plex_list().options(short).send_blocking().unwrap_err();
    assert!(matches!(error, Error::Timeout { .. }), "{error:?}");
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

//! Lists of several pages, while they change and when something goes wrong.

// Clippy lets tests unwrap; what serves them counts as theirs where it says so.
#![cfg(test)]

mod server;

use authentik_sources_client::{Client, Error};
use futures::{StreamExt as _, TryStreamExt as _};
use serde_json::{Value, json};
use server::{Server, answer};

fn page(next: i64, slugs: &[&str]) -> String {
    let source = |slug: &&str| {
        json!({
            "pk": "0f4c9d0e-6f0b-4b7e-9a53-0f6d1a2b3c4d", "name": "Plex", "slug": slug, "component": "",
            "verbose_name": "", "verbose_name_plural": "", "meta_model_name": "", "managed": null, "icon": "/x.svg",
            "plex_token": ""
        })
    };
    let pagination = json!({
        "next": next, "previous": 0, "count": 3, "current": 1, "total_pages": 2, "start_index": 1, "end_index": 2
    });
    let results: Vec<Value> = slugs.iter().map(source).collect();
    answer(200, &json!({"pagination": pagination, "results": results}).to_string())
}

const GONE: &str = r#"{"detail":"Invalid page."}"#;

/// The slugs that a stream gives, and the error it ends with.
async fn slugs(server: &Server) -> (Vec<String>, Option<Error>) {
    let client = Client::builder(&server.url).build().unwrap();
    let mut stream = client.sources_plex_list().stream();
    let mut slugs = Vec::new();
    let error = loop {
        match stream.try_next().await {
            Ok(Some(source)) => slugs.push(source.slug),
            Ok(None) => break None,
            Err(error) => break Some(error),
        }
    };
    assert!(stream.next().await.is_none(), "a stream that ended goes on");
    (slugs, error)
}

#[tokio::test]
async fn a_page_that_is_gone_because_the_list_shrank_is_the_end() {
    let server = Server::start(vec![page(2, &["a", "b"]), answer(404, GONE)]).await;
    let (slugs, error) = slugs(&server).await;
    assert_eq!(slugs, ["a", "b"]);
    assert!(error.is_none(), "{error:?}");
}

#[tokio::test]
async fn a_page_that_shrank_to_nothing_is_the_end() {
    let server = Server::start(vec![page(2, &["a", "b"]), page(0, &[])]).await;
    assert_eq!(slugs(&server).await.0, ["a", "b"]);
    assert_eq!(server.requests().len(), 2);
}

#[tokio::test]
async fn a_page_that_the_caller_asked_for_must_be_there() {
    let server = Server::start(vec![answer(404, GONE)]).await;
    let client = Client::builder(&server.url).build().unwrap();
    let results: Vec<_> = client.sources_plex_list().page(9).stream().collect().await;
    assert!(matches!(results.as_slice(), [Err(Error::NotFound { .. })]), "{results:?}");
}

#[tokio::test]
async fn an_api_that_is_gone_is_an_error_and_no_end() {
    let server = Server::start(vec![page(2, &["a"]), answer(404, "<html>")]).await;
    let (slugs, error) = slugs(&server).await;
    assert_eq!(slugs, ["a"]);
    assert!(matches!(error, Some(Error::NotFound { .. })), "{error:?}");
}

#[tokio::test]
async fn pages_that_lead_nowhere_are_an_error_and_no_endless_list() {
    for pages in [
        vec![page(2, &["a"]), page(2, &["a"]), page(2, &["a"])],
        vec![page(2, &["a"]), page(1, &["a"]), page(2, &["a"])],
        vec![page(2, &["a"]), page(3, &[]), page(4, &[])],
    ] {
        let server = Server::start(pages).await;
        let (_, error) = slugs(&server).await;
        assert!(matches!(error, Some(Error::InvalidRequest { .. })), "{error:?}");
        assert_eq!(server.requests().len(), 2);
    }
}

#[tokio::test]
async fn a_page_is_tried_again_and_the_stream_goes_on() {
    let server = Server::start(vec![page(2, &["a"]), answer(503, ""), page(0, &["b"])]).await;
    assert_eq!(slugs(&server).await.0, ["a", "b"]);
    assert!(server.lines()[2].contains("page=2"));
}

//! Many at once: every response is from one consistent state, whether that is in memory only or in a file as well.

use std::sync::Barrier;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use authentik_stub::{Stub, StubBuilder};
use serde_json::json;

use crate::client::Client;

const WRITERS: usize = 4;
const READERS: usize = 3;

fn client(stub: &Stub) -> Client {
    Client::new(stub.address().to_string(), stub.token().unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_creates_with_one_slug_exactly_one_succeeds() {
    of_many_creates_one_succeeds(Stub::builder()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_creates_with_one_slug_exactly_one_succeeds_in_a_file() {
    let directory = tempfile::tempdir().unwrap();
    of_many_creates_one_succeeds(Stub::builder().state(directory.path().join("state"))).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn readers_never_see_a_page_in_between() {
    no_page_in_between(Stub::builder()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn readers_never_see_a_page_in_between_in_a_file() {
    let directory = tempfile::tempdir().unwrap();
    no_page_in_between(Stub::builder().state(directory.path().join("state"))).await;
}

async fn of_many_creates_one_succeeds(builder: StubBuilder) {
    let stub = builder.start().await.unwrap();
    let client = client(&stub);
    tokio::task::spawn_blocking(move || {
        for round in 0..5 {
            let slug = format!("wanted-{round}");
            let statuses: Vec<_> = thread::scope(|scope| {
                let create = |n: usize| {
                    let (client, slug) = (&client, &slug);
                    move || {
                        let body = json!({"name": n.to_string(), "slug": slug, "plex_token": "t"});
                        client.ask("POST", "/sources/plex/", Some(&body))
                    }
                };
                let threads: Vec<_> = (0..16).map(|n| scope.spawn(create(n))).collect();
                threads.into_iter().map(|thread| thread.join().unwrap()).collect()
            });
            assert_eq!(statuses.iter().filter(|answer| answer.status == 201).count(), 1);
            for refused in statuses.iter().filter(|answer| answer.status != 201) {
                assert_eq!(refused.status, 400);
                assert_eq!(refused.json(), json!({"slug": ["source with this slug already exists."]}));
            }
        }
    })
    .await
    .unwrap();
    stub.close().await;
}

async fn no_page_in_between(builder: StubBuilder) {
    let stub = builder.start().await.unwrap();
    let client = client(&stub);
    tokio::task::spawn_blocking(move || {
        let (start, done) = (Barrier::new(WRITERS + READERS), AtomicBool::new(false));
        thread::scope(|scope| {
            let writers: Vec<_> = (0..WRITERS)
                .map(|writer| {
                    scope.spawn({
                        let (client, start) = (&client, &start);
                        move || write(client, writer, start)
                    })
                })
                .collect();
            for _ in 0..READERS {
                scope.spawn(|| read(&client, &start, &done));
            }
            for writer in writers {
                writer.join().unwrap();
            }
            done.store(true, Ordering::Relaxed);
        });
    })
    .await
    .unwrap();
    stub.close().await;
}

/// Creates, changes and removes one source again and again; name and token always say the same.
fn write(client: &Client, writer: usize, start: &Barrier) {
    start.wait();
    let path = format!("/sources/plex/moving-{writer}/");
    for version in 0..40 {
        let body = json!({"name": format!("v{version}"), "slug": format!("moving-{writer}"), "plex_token": format!("v{version}")});
        assert_eq!(client.ask("POST", "/sources/plex/", Some(&body)).status, 201);
        let change = json!({"name": format!("w{version}"), "plex_token": format!("w{version}")});
        assert_eq!(client.ask("PATCH", &path, Some(&change)).status, 200);
        assert_eq!(client.ask("DELETE", &path, None).status, 204);
    }
}

/// Reads pages, one at least, until told to stop.
fn read(client: &Client, start: &Barrier, done: &AtomicBool) {
    start.wait();
    loop {
        let page = client.get("/sources/plex/?page_size=1000&ordering=-slug").json();
        let results = page["results"].as_array().unwrap();
        assert_eq!(page["pagination"]["count"], json!(results.len()), "{page}");
        let slugs: Vec<_> = results.iter().map(|source| source["slug"].as_str().unwrap()).collect();
        assert!(slugs.is_sorted_by(|one, next| one > next), "{slugs:?}");
        for source in results.iter().filter(|source| source["slug"].as_str().unwrap().starts_with("moving-"))
        {
            assert_eq!(source["name"], source["plex_token"]);
        }
        if done.load(Ordering::Relaxed) {
            return;
        }
    }
}

//! Exchanges that are full of secrets, for the proofs that none of them is ever printed.

// Each test binary that has this module uses its own part of it.
#![allow(dead_code)]

use std::time::Duration;

use authentik_sources_client::types::PlexSourceRequest;
use authentik_sources_client::{Client, Error, Retries};
use serde_json::json;

use crate::server::{Server, answer, answer_with};

/// The token of the client, a plex token, the value of a header, and a text to search for: each begins like this.
pub const SECRET: &str = "s3cret";
pub const TOKEN: &str = "s3cret-token";
pub const PLEX_TOKEN: &str = "s3cret-plex-token";

pub fn assert_hidden(what: &str, texts: &[String]) {
    for text in texts {
        assert!(!text.contains(SECRET), "{what}: {text}");
    }
}

pub fn source() -> serde_json::Value {
    json!({
        "pk": "0f4c9d0e-6f0b-4b7e-9a53-0f6d1a2b3c4d", "name": "Plex", "slug": "plex", "component": "",
        "verbose_name": "", "verbose_name_plural": "", "meta_model_name": "", "managed": null, "icon": "/x.svg",
        "plex_token": PLEX_TOKEN
    })
}

pub fn page() -> serde_json::Value {
    let pagination = json!({
        "next": 0, "previous": 0, "count": 1, "current": 1, "total_pages": 1, "start_index": 1, "end_index": 1
    });
    json!({"pagination": pagination, "results": [source()]})
}

pub fn client(url: &str) -> Client {
    let quick = Retries::default().first_wait(Duration::from_millis(1));
    Client::builder(url).token(TOKEN).header("x-key", "s3cret-key").retries(quick).build().unwrap()
}

/// The error of reading a source that the server answers so.
async fn read(answers: Vec<String>) -> Error {
    let server = Server::start(answers).await;
    client(&server.url).sources_plex_retrieve().slug("plex").send().await.unwrap_err()
}

/// An error of every variant, of requests and answers that hold secrets.
pub async fn errors() -> Vec<Error> {
    let mut undecodable = source();
    undecodable["pk"] = json!(SECRET);
    undecodable["slug"] = json!({"s3cret-plex-token": 1});
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
    let cookie = "Set-Cookie: session=s3cret\r\nConnection: close\r\n";
    for location in ["https://me:s3cret@a.example/login?next=s3cret#s3cret", "s3cret:s3cret"] {
        let headers = format!("Location: {location}\r\n{cookie}");
        errors.push(read(vec![answer_with(302, &headers, &body)]).await);
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
    let server = Server::start(vec![answer(200, &source().to_string())]).await;
    let narrow = Client::builder(&server.url).token(TOKEN).body_limit(10).build().unwrap();
    errors.push(narrow.sources_plex_list().search(SECRET).send().await.unwrap_err());
    let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", silent.local_addr().unwrap());
    let late = Client::builder(url).token(TOKEN).timeout(Duration::from_millis(20)).build().unwrap();
    errors.push(late.sources_plex_list().search(SECRET).send().await.unwrap_err());
    errors
}

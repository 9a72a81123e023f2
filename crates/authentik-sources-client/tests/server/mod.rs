//! A server that gives prepared answers in their order and keeps the requests it got.

#![allow(dead_code, reason = "not every test asks for all of it")]

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpSocket, TcpStream};

/// A running server.
pub struct Server {
    /// Its URL.
    pub url: String,
    script: Arc<Script>,
}

#[derive(Default)]
struct Script {
    answers: Mutex<VecDeque<String>>,
    requests: Mutex<Vec<String>>,
    connections: Mutex<usize>,
}

/// An answer, after which the connection is closed.
pub fn answer(status: u16, body: &str) -> String {
    answer_with(status, "Connection: close\r\n", body)
}

/// An answer with these further headers, each with its line break; the connection stays open unless they say otherwise.
pub fn answer_with(status: u16, headers: &str, body: &str) -> String {
    let length = body.len();
    format!("HTTP/1.1 {status} -\r\nX-authentik-id: abc\r\nContent-Length: {length}\r\n{headers}\r\n{body}")
}

impl Server {
    /// Starts a server that gives `answers`, and then closes connections without a word. An empty answer does the same.
    pub async fn start(answers: Vec<String>) -> Self {
        Self::start_on(TcpListener::bind("127.0.0.1:0").await.unwrap(), answers)
    }

    /// Starts such a server behind `listener`.
    pub fn start_on(listener: TcpListener, answers: Vec<String>) -> Self {
        let url = format!("http://{}", listener.local_addr().unwrap());
        let script = Arc::new(Script { answers: Mutex::new(answers.into()), ..Script::default() });
        let shared = Arc::clone(&script);
        tokio::spawn(async move {
            while let Ok((connection, _)) = listener.accept().await {
                *shared.connections.lock().unwrap() += 1;
                tokio::spawn(serve(connection, Arc::clone(&shared)));
            }
        });
        Server { url, script }
    }

    /// The requests so far, as they were received.
    pub fn requests(&self) -> Vec<String> {
        self.script.requests.lock().unwrap().clone()
    }

    /// The first lines of the requests so far.
    pub fn lines(&self) -> Vec<String> {
        let requests = self.requests();
        requests.iter().filter_map(|request| request.lines().next().map(str::to_owned)).collect()
    }

    /// Whether a connection has carried more than one request. When a connection is free again after an answer is up to a
    /// task of the client that the caller does not wait for, so the next call may or may not find it.
    pub fn has_reused_a_connection(&self) -> bool {
        *self.script.connections.lock().unwrap() < self.script.requests.lock().unwrap().len()
    }
}

async fn serve(mut connection: TcpStream, script: Arc<Script>) {
    loop {
        let request = read(&mut connection).await;
        if request.is_empty() {
            return;
        }
        script.requests.lock().unwrap().push(request);
        let answer = script.answers.lock().unwrap().pop_front().unwrap_or_default();
        if connection.write_all(answer.as_bytes()).await.is_err()
            || answer.is_empty()
            || answer.contains("Connection: close")
        {
            return;
        }
    }
}

/// A Plex source with the slug `plex`, as a server answers it.
pub fn source() -> String {
    let source = json!({
        "pk": "0f4c9d0e-6f0b-4b7e-9a53-0f6d1a2b3c4d", "name": "Plex", "slug": "plex", "component": "",
        "verbose_name": "", "verbose_name_plural": "", "meta_model_name": "", "managed": null, "icon": "/x.svg",
        "plex_token": "hidden"
    });
    source.to_string()
}

/// A port of this machine where nobody listens, and nobody else can until this is dropped.
pub fn closed_port() -> (TcpSocket, SocketAddr) {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let address = socket.local_addr().unwrap();
    (socket, address)
}

/// Reads one request; empty if there is none any more.
pub async fn read(connection: &mut TcpStream) -> String {
    let mut text = String::new();
    loop {
        let mut bytes = [0; 4096];
        let count = connection.read(&mut bytes).await.unwrap_or(0);
        text.push_str(std::str::from_utf8(&bytes[..count]).unwrap());
        if count == 0 {
            return text;
        }
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let length = head
            .lines()
            .find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length: ").map(str::to_owned));
        if body.len() >= length.map_or(0, |length| length.parse().unwrap()) {
            return text;
        }
    }
}

//! A server that gives prepared answers in their order and keeps the requests it got.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// A running server.
pub struct Server {
    /// Its URL.
    pub url: String,
    requests: Arc<Mutex<Vec<String>>>,
}

/// An answer: its status line, headers and body.
pub fn answer(status: u16, body: &str) -> String {
    format!(
        "HTTP/1.1 {status} -\r\nX-authentik-id: abc\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )
}

impl Server {
    /// Starts a server that gives `answers`, one per connection, and then closes connections without a word.
    pub async fn start(answers: Vec<String>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let requests = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&requests);
        tokio::spawn(async move {
            let mut answers = answers.into_iter();
            while let Ok((mut connection, _)) = listener.accept().await {
                let request = read(&mut connection).await;
                seen.lock().unwrap().push(request);
                if let Some(answer) = answers.next() {
                    connection.write_all(answer.as_bytes()).await.unwrap();
                }
            }
        });
        Server { url, requests }
    }

    /// The requests so far, as they were received.
    pub fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }
}

async fn read(connection: &mut TcpStream) -> String {
    let mut text = String::new();
    loop {
        let mut bytes = [0; 4096];
        let count = connection.read(&mut bytes).await.unwrap();
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

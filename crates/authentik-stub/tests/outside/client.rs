//! The least HTTP client that will do: one connection a request, blocking.

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::Value;

/// The longest time to wait for a response. It only ends tests that would wait forever.
const FOREVER: Duration = Duration::from_mins(2);

/// A response.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    /// The status line and the headers.
    pub head: String,
    pub body: String,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error} in {self:?}"))
    }
}

/// Someone with a token at a stub.
#[derive(Debug, Clone)]
pub struct Client {
    /// Host and port.
    pub address: String,
    pub token: String,
}

impl Client {
    pub fn new(address: impl Into<String>, token: impl Into<String>) -> Self {
        Self { address: address.into(), token: token.into() }
    }

    /// Asks for something below the API's base path, and insists on a response.
    pub fn ask(&self, method: &str, path: &str, body: Option<&Value>) -> Answer {
        self.send(method, &format!("/api/v3{path}"), body)
            .unwrap_or_else(|error| panic!("{method} {path}: {error}"))
    }

    pub fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, None)
    }

    /// Sends a request with the token. A response that breaks off is an error.
    pub fn send(&self, method: &str, path: &str, body: Option<&Value>) -> io::Result<Answer> {
        let authorization = format!("Bearer {}", self.token);
        self.exchange(method, path, &[("Host", &self.address), ("Authorization", &authorization)], body)
    }

    /// Sends a request with these headers.
    pub fn exchange(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<&Value>,
    ) -> io::Result<Answer> {
        let mut stream = TcpStream::connect(&self.address)?;
        stream.set_read_timeout(Some(FOREVER))?;
        let body = body.map(ToString::to_string).unwrap_or_default();
        let headers: String = headers.iter().flat_map(|(name, value)| [name, ": ", value, "\r\n"]).collect();
        let length = body.len();
        let head = format!(
            "{method} {path} HTTP/1.1\r\n{headers}Accept: application/json\r\nContent-Type: application/json\r\n\
             Content-Length: {length}\r\nConnection: close\r\n\r\n"
        );
        stream.write_all((head + &body).as_bytes())?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer)?;
        parse(&String::from_utf8_lossy(&answer)).ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
    }
}

fn parse(answer: &str) -> Option<Answer> {
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let status = head.strip_prefix("HTTP/1.1 ")?.get(..3)?.parse().ok()?;
    let length = head.lines().filter_map(|line| line.split_once(": "));
    let length =
        length.filter(|(name, _)| name.eq_ignore_ascii_case("content-length")).map(|(_, value)| value).next();
    let expected: usize = length.map_or(Some(0), |length| length.parse().ok())?;
    (body.len() == expected).then(|| Answer { status, head: head.to_owned(), body: body.to_owned() })
}

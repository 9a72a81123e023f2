//! An API of pets without generated code, and servers that answer it by hand.

#![allow(dead_code, reason = "not every test asks for all of it")]

use std::ops::RangeInclusive;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use openapi_client_runtime::codegen::{Api, Operation, Parameter, Request, Requirement, text};
use openapi_client_runtime::{CallOptions, Client, ClientBuilder, Error, Plain, ResponseValue, Retries};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

pub static API: Api = Api { user_agent: "pets/1", servers: &[], dialect: &Plain };

const fn requirement(scheme: &'static str) -> Requirement {
    Requirement { scheme, scopes: &[] }
}

/// An operation that either of `house` and `gate` is enough for.
pub static EITHER: Operation = operation("either", &[&[requirement("house")], &[requirement("gate")]]);
/// An operation that needs both.
pub static BOTH: Operation = operation("both", &[&[requirement("house"), requirement("gate")]]);
/// An operation that takes none.
pub static OPEN: Operation = operation("open", &[]);

const PAGE: &[Parameter] = &[Parameter::query("page")];
const SUCCESS: &[RangeInclusive<u16>] = &[200..=200];

const fn operation(id: &'static str, security: &'static [&'static [Requirement]]) -> Operation {
    Operation {
        id,
        method: "GET",
        path: "/pets/",
        server: None,
        parameters: PAGE,
        body: None,
        accept: "",
        success: SUCCESS,
        answer: None,
        security,
    }
}

/// A running server.
pub struct Server {
    pub url: String,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Server {
    /// Starts a server that answers every request with `head`, then with `body` over and over if it is `endless`.
    pub async fn start(head: &str, body: &str, endless: bool) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let requests: Arc<Mutex<Vec<String>>> = Arc::default();
        let (seen, head, body) = (Arc::clone(&requests), head.to_owned(), body.to_owned());
        tokio::spawn(async move {
            while let Ok((connection, _)) = listener.accept().await {
                tokio::spawn(answer(connection, Arc::clone(&seen), head.clone(), body.clone(), endless));
            }
        });
        Server { url, requests }
    }

    /// Returns the requests so far, as they were received.
    pub fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }

    /// Starts the construction of a client of this server, which tries once.
    pub fn client(&self) -> ClientBuilder {
        ClientBuilder::new(&API, &self.url).retries(Retries::none()).timeout(Duration::from_mins(1))
    }
}

/// Calls an operation that answers a text.
pub async fn call(client: &Client, operation: &'static Operation) -> Result<ResponseValue<String>, Error> {
    text(Request::new(client, operation, CallOptions::new()).parameter(Ok(1))).await
}

async fn answer(
    mut connection: TcpStream,
    seen: Arc<Mutex<Vec<String>>>,
    head: String,
    body: String,
    endless: bool,
) {
    let mut request = Vec::new();
    let mut part = [0; 4096];
    while !request.ends_with(b"\r\n\r\n") {
        match connection.read(&mut part).await {
            Ok(length) if length > 0 => request.extend_from_slice(&part[..length]),
            _ => return,
        }
    }
    seen.lock().unwrap().push(String::from_utf8(request).unwrap());
    let mut sent =
        connection.write_all(format!("{head}\r\nConnection: close\r\n\r\n{body}").as_bytes()).await;
    while endless && sent.is_ok() {
        sent = connection.write_all(body.as_bytes()).await;
    }
}

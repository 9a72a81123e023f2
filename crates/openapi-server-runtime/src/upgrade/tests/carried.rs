//! Upgraded connections of both carriers, over TCP.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::net::TcpStream;
use tokio::time::timeout;

use super::*;
use crate::listener::{Limits, Listener};
use crate::server::Server;

const HOUR: Duration = Duration::from_hours(1);

fn anywhere() -> SocketAddr {
    ([127, 0, 0, 1], 0).into()
}

fn with_dropshot() -> Server<Echoes, Nobody> {
    Server::start(Service::new(Nobody), anywhere()).expect("a free port")
}

fn with_listener(limits: Limits) -> Server<Echoes, Nobody> {
    let listener = Listener::bind(anywhere()).expect("a free port").with_limits(limits);
    Server::listen(Service::new(Nobody), listener).expect("a server")
}

async fn send(server: &Server<Echoes, Nobody>, text: &str) -> TcpStream {
    let address = server.local_addr().as_tcp().expect("no unix socket");
    let mut stream = TcpStream::connect(address).await.expect("a connection");
    stream.write_all(text.as_bytes()).await.expect("a request");
    stream
}

/// Reads the head of a response.
async fn head(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    while !bytes.ends_with(b"\r\n\r\n") {
        bytes.push(stream.read_u8().await.expect("a head"));
    }
    String::from_utf8(bytes).expect("text").to_ascii_lowercase()
}

const WEBSOCKET: &str = "GET /echo HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
    Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";

#[tokio::test]
async fn a_connection_is_handed_over_with_what_was_sent_already() {
    for server in [with_dropshot(), with_listener(Limits::default())] {
        let mut stream = send(&server, &format!("{WEBSOCKET}early")).await;
        let head = head(&mut stream).await;
        assert!(head.starts_with("http/1.1 101 switching protocols\r\n"), "{head}");
        for line in [
            "connection: upgrade\r\n",
            "upgrade: websocket\r\n",
            "sec-websocket-accept: s3pplmbitxaq9kygzzhzrbk+xoo=\r\n",
        ] {
            assert!(head.contains(line), "{head}");
        }
        stream.write_all(b" and late").await.expect("written");
        stream.shutdown().await.expect("the end");
        let mut text = String::new();
        stream.read_to_string(&mut text).await.expect("text");
        assert_eq!(text, "websocketearly and late");
    }
}

#[tokio::test]
async fn a_connection_that_is_not_upgraded_serves_the_next_request() {
    for server in [with_dropshot(), with_listener(Limits::default())] {
        let plain = "GET /echo HTTP/1.1\r\nHost: a\r\n\r\n";
        let mut stream = send(&server, &format!("{plain}{WEBSOCKET}")).await;
        let refused = head(&mut stream).await;
        assert!(refused.starts_with("http/1.1 426 upgrade required\r\n"), "{refused}");
        assert!(refused.contains("upgrade: echo, websocket\r\n"), "{refused}");
        assert!(refused.contains("connection: upgrade\r\n"), "{refused}");
        let length = refused.split("content-length: ").nth(1).and_then(|rest| rest.lines().next());
        let mut body = vec![0; length.and_then(|length| length.parse().ok()).expect("a length")];
        stream.read_exact(&mut body).await.expect("a body");
        let upgraded = head(&mut stream).await;
        assert!(upgraded.starts_with("http/1.1 101 "), "{upgraded}");
        // HTTP/1.0 has no upgrades.
        let mut old = send(&server, &WEBSOCKET.replace("HTTP/1.1", "HTTP/1.0")).await;
        let refused = head(&mut old).await;
        assert!(refused.contains(" 426 upgrade required\r\n"), "{refused}");
    }
}

#[tokio::test]
async fn an_upgraded_connection_counts_and_ends_with_its_listener() {
    let server = with_listener(Limits { connections: 1, ..Limits::default() });
    let mut stream = send(&server, WEBSOCKET).await;
    head(&mut stream).await;
    let mut start = [0; 9];
    stream.read_exact(&mut start).await.expect("the name of the protocol");
    let mut second = send(&server, WEBSOCKET).await;
    timeout(Duration::from_millis(50), second.read_u8())
        .await
        .expect_err("the first connection is in the way");
    stream.shutdown().await.expect("the end");
    let upgraded = head(&mut second).await;
    assert!(upgraded.starts_with("http/1.1 101 "), "{upgraded}");
    second.read_exact(&mut start).await.expect("the name of the protocol");
    tokio::time::pause();
    server.close(HOUR).await.expect_err("a connection is left");
    tokio::time::resume();
    assert_eq!(timeout(HOUR, second.read_u8()).await.expect("it ends").map_err(|_| ()), Err(()));
}

//! Both carriers, from the outside. Nothing here depends on how long something takes: a request is held until it is
//! released, and where a time limit has to pass, the clock is paused and jumps to it once there is nothing else to do.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpStream, UnixStream};
use tokio::sync::Semaphore;
use tokio::time::{Instant, timeout};

use super::*;
use crate::failure::Failure;
use crate::listener::Limits;
use crate::request::{RequestContext, RequestLine};
use crate::response::Body;
use crate::sample::Pets;
use crate::service::Settings;

const HOUR: Duration = Duration::from_hours(1);
const DAY: Duration = Duration::from_hours(24);

/// More than any socket takes of a response that is not read.
const LONG: usize = 16 << 20;

/// Tells of requests for `/pets/held/` and `/long` and holds the former until it is released; breaks off
/// `/pets/lost/`.
struct Gate {
    entered: Semaphore,
    released: Semaphore,
}

impl Host for Gate {
    type User = ();

    async fn authorize_object(&self, cx: &RequestContext<()>, _: &http::Method) -> Result<(), Failure> {
        if cx.path_parameter("name") == "held" {
            self.entered.add_permits(1);
            self.released.acquire().await.expect("an open gate").forget();
        }
        Ok(())
    }

    async fn fallback(&self, request: &Request<Bytes>) -> Option<Response<Body>> {
        (request.uri().path() == "/long").then(|| {
            self.entered.add_permits(1);
            Response::new(Body::from(vec![b'x'; LONG]))
        })
    }

    async fn middleware(
        &self,
        line: &RequestLine<'_>,
        handling: impl Future<Output = Response<Body>> + Send,
    ) -> Response<Body> {
        if line.path == "/pets/lost/" { Response::new(Body::aborted()) } else { handling.await }
    }
}

impl Server<Pets, Gate> {
    async fn entered(&self) {
        self.api().entered.acquire().await.expect("an open gate").forget();
    }

    fn socket(&self) -> SocketAddr {
        self.local_addr().as_tcp().expect("no unix socket")
    }
}

fn service() -> Service<Pets, Gate> {
    let gate = Gate { entered: Semaphore::new(0), released: Semaphore::new(0) };
    Service::new(gate).with_settings(Settings { time_limit: DAY, ..Settings::default() })
}

fn with_dropshot() -> Server<Pets, Gate> {
    Server::start(service(), ([127, 0, 0, 1], 0).into()).expect("a free port")
}

fn with_listener() -> Server<Pets, Gate> {
    let listener = Listener::bind(SocketAddr::from(([127, 0, 0, 1], 0))).expect("a free port");
    Server::listen(service(), listener.with_limits(limits())).expect("a server")
}

/// Limits that no test comes up against.
fn limits() -> Limits {
    Limits { read_head: DAY, ..Limits::default() }
}

fn over_unix_socket(directory: &Directory, limits: Limits) -> Server<Pets, Gate> {
    let listener = Listener::bind(directory.socket()).expect("a socket");
    Server::listen(service(), listener.with_limits(limits)).expect("a server")
}

/// The file of a unix socket, in a directory that is removed afterwards.
struct Directory(PathBuf);

impl Directory {
    fn new() -> Self {
        let path = std::env::temp_dir().join(format!("openapi-{}", uuid::Uuid::new_v4().simple()));
        std::fs::create_dir(&path).expect("a directory");
        Self(path)
    }

    fn socket(&self) -> PathBuf {
        self.0.join("s")
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

async fn send(mut stream: impl AsyncWrite + Unpin, method: &str, path: &str) {
    let request = format!("{method} {path} HTTP/1.1\r\nhost: localhost\r\n\r\n");
    stream.write_all(request.as_bytes()).await.expect("a request");
}

async fn connect(server: &Server<Pets, Gate>) -> TcpStream {
    TcpStream::connect(server.socket()).await.expect("a connection")
}

/// Reads until the connection ends, one way or another.
async fn rest(mut stream: impl AsyncRead + Unpin) -> String {
    let mut bytes = Vec::new();
    let _ = stream.read_to_end(&mut bytes).await;
    String::from_utf8_lossy(&bytes).into_owned()
}

#[tokio::test]
async fn a_listener_answers_over_tcp_and_over_a_unix_socket() {
    let directory = Directory::new();
    let tcp = with_listener();
    let unix = over_unix_socket(&directory, limits());
    assert_eq!((unix.url(), tcp.url()), ("http://localhost".to_owned(), format!("http://{}", tcp.socket())));
    let mut over_tcp = connect(&tcp).await;
    let mut over_unix = UnixStream::connect(directory.socket()).await.expect("a connection");
    for path in ["/pets/rex/", "/nowhere"] {
        send(&mut over_tcp, "GET", path).await;
        send(&mut over_unix, "GET", path).await;
    }
    // An idle connection ends when the server does, and one that is under way when it is answered.
    tcp.api().released.add_permits(1);
    send(&mut over_tcp, "GET", "/pets/held/").await;
    tcp.entered().await;
    unix.api().released.add_permits(1);
    send(&mut over_unix, "GET", "/pets/held/").await;
    unix.entered().await;
    tokio::time::pause();
    tcp.close(HOUR).await.expect("no request left");
    unix.close(HOUR).await.expect("no request left");
    for answers in [rest(over_tcp).await, rest(over_unix).await] {
        let statuses: Vec<&str> = answers.split("HTTP/1.1 ").skip(1).map(|answer| &answer[..3]).collect();
        assert_eq!(statuses, ["200", "404", "200"], "{answers}");
    }
}

#[tokio::test]
async fn the_file_of_a_unix_socket_lives_as_long_as_the_server() {
    let directory = Directory::new();
    let path = directory.socket();
    drop(std::os::unix::net::UnixListener::bind(&path).expect("a socket that is left behind"));
    let listener = Listener::bind(path.as_path()).expect("a socket in its place");
    let error = Listener::bind(path.as_path()).expect_err("somebody listens there");
    assert_eq!(error.kind(), std::io::ErrorKind::AddrInUse);
    let server = Server::listen(service(), listener).expect("a server");
    assert!(path.exists());
    server.close(HOUR).await.expect("no request left");
    assert!(!path.exists());
    std::fs::write(&path, "not a socket").expect("a file");
    Listener::bind(path.as_path()).expect_err("a file in the way");
    assert!(path.exists(), "a file that is no socket is not replaced");
}

#[tokio::test]
async fn closing_stops_listening_and_waits_for_requests_under_way() {
    for server in [with_dropshot(), with_listener()] {
        let address = server.socket();
        let mut busy = connect(&server).await;
        send(&mut busy, "GET", "/pets/held/").await;
        server.entered().await;
        server.api().released.add_permits(1);
        tokio::time::pause();
        server.close(HOUR).await.expect("the request is answered");
        tokio::time::resume();
        let answer = rest(busy).await;
        assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");
        assert!(TcpStream::connect(address).await.is_err(), "nobody listens any more");
    }
}

#[tokio::test]
async fn a_listener_refuses_connections_as_soon_as_it_is_told_to_close() {
    let directory = Directory::new();
    let server = over_unix_socket(&directory, limits());
    UnixStream::connect(directory.socket()).await.expect("a connection");
    // Not polled: the call alone closes the socket.
    let closing = server.close(HOUR);
    UnixStream::connect(directory.socket()).await.expect_err("nobody listens any more");
    closing.await.expect("no request left");
}

#[tokio::test]
async fn closing_waits_no_longer_than_it_may() {
    for server in [with_dropshot(), with_listener()] {
        let mut busy = connect(&server).await;
        send(&mut busy, "GET", "/pets/held/").await;
        server.entered().await;
        let error = server.close(Duration::from_millis(1)).await.expect_err("the request is held");
        assert!(error.to_string().starts_with("the server did not close in time: "), "{error}");
    }
}

#[tokio::test]
async fn a_listener_ends_clients_that_do_not_finish_and_clients_that_do_not_read() {
    let server = with_listener();
    let mut unfinished = connect(&server).await;
    unfinished.write_all(b"GET /pets/rex/ HT").await.expect("half a head");
    let mut held = connect(&server).await;
    send(&mut held, "GET", "/pets/held/").await;
    server.entered().await;
    let mut unread = connect(&server).await;
    send(&mut unread, "GET", "/long").await;
    server.entered().await;
    tokio::time::pause();
    server.close(HOUR).await.expect_err("two requests are left");
    assert_eq!(rest(unfinished).await, "");
    assert_eq!(rest(held).await, "");
    assert!(rest(unread).await.len() < LONG, "the answer is not whole");
}

#[tokio::test]
async fn a_listener_ends_when_its_server_is_dropped_or_nobody_waits_for_it_to_close() {
    for closing in [false, true] {
        let directory = Directory::new();
        let server = over_unix_socket(&directory, limits());
        let mut held = UnixStream::connect(directory.socket()).await.expect("a connection");
        send(&mut held, "GET", "/pets/held/").await;
        server.entered().await;
        if closing {
            timeout(Duration::from_millis(1), server.close(DAY)).await.expect_err("the request is held");
        } else {
            drop(server);
        }
        UnixStream::connect(directory.socket()).await.expect_err("nobody listens any more");
        tokio::time::pause();
        assert_eq!(timeout(HOUR, rest(held)).await.expect("the connection ends"), "");
        tokio::time::resume();
    }
}

#[tokio::test(start_paused = true)]
async fn a_client_has_only_so_much_time_to_send_a_head() {
    let directory = Directory::new();
    let limits = Limits { read_head: Duration::from_secs(7), ..Limits::default() };
    let _server = over_unix_socket(&directory, limits);
    for sent in ["", "GET /pets/rex/ HTTP/1.1\r\nhost"] {
        let mut slow = UnixStream::connect(directory.socket()).await.expect("a connection");
        slow.write_all(sent.as_bytes()).await.expect("a part of a head");
        let begin = Instant::now();
        assert_eq!(timeout(HOUR, rest(slow)).await.expect("the connection ends"), "");
        let seconds = begin.elapsed().as_secs();
        assert!((6..9).contains(&seconds), "{seconds} s");
    }
}

#[tokio::test(start_paused = true)]
async fn a_listener_serves_only_so_many_connections_at_once() {
    let directory = Directory::new();
    let server = over_unix_socket(&directory, Limits { connections: 1, ..limits() });
    let connect = async || UnixStream::connect(directory.socket()).await.expect("a connection");
    let (mut first, mut second) = (connect().await, connect().await);
    send(&mut first, "GET", "/pets/held/").await;
    server.entered().await;
    send(&mut second, "GET", "/pets/rex/").await;
    let mut start = [0; 12];
    timeout(HOUR, second.read(&mut start)).await.expect_err("the first connection is in the way");
    drop(first);
    timeout(HOUR, second.read_exact(&mut start)).await.expect("it is not any more").expect("an answer");
    assert_eq!(&start, b"HTTP/1.1 200");
}

#[tokio::test]
async fn an_aborted_answer_ends_the_connection_before_anything_is_sent() {
    for (server, methods) in [(with_dropshot(), &["GET"][..]), (with_listener(), &["GET", "HEAD"])] {
        for method in methods {
            let mut lost = connect(&server).await;
            send(&mut lost, method, "/pets/lost/").await;
            assert_eq!(rest(lost).await, "", "{method}");
        }
    }
}

#[tokio::test]
async fn an_address_in_use_is_an_error() {
    let server = with_dropshot();
    let error = Server::<Pets, _>::start(service(), server.socket()).expect_err("the port is taken");
    let cause = std::error::Error::source(&error).map(ToString::to_string).unwrap_or_default();
    assert!(cause.contains("failed to bind"), "{cause}");
    let error = Listener::bind(server.socket()).expect_err("the port is taken");
    assert_eq!(error.kind(), std::io::ErrorKind::AddrInUse);
}

//! One operation that echoes, through every carrier and without one.

#[cfg(all(feature = "dropshot", feature = "listener"))]
mod carried;

use bytes::Bytes;
use http::Response;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream, duplex};

use super::*;
use crate::dispatch::{Dispatch, Document};
use crate::host::Host;
use crate::operation::Operation;
use crate::response::Body;
use crate::sample::{get, request, tables};
use crate::serve::serve;
use crate::service::Service;
use crate::tables::Tables;
use crate::unwritten;

struct Echoes;

static OPERATIONS: &[Operation] =
    &[get("/echo", &[]), get("/refused", &[]), get("/unwritten", &[]), get("/panic", &[])];

impl Document for Echoes {
    const TABLES: &'static Tables = &tables(OPERATIONS, &[]);
}

struct Nobody;

impl Host for Nobody {
    type User = ();
}

impl Dispatch<Nobody> for Echoes {
    async fn dispatch(
        host: &Nobody,
        cx: &RequestContext<()>,
        operation: &'static Operation,
    ) -> Result<HandlerResponse, Failure> {
        let upgrade = Upgrade::of(cx, &["echo", "websocket"])?;
        let protocol = upgrade.protocol();
        let switching = match operation.id {
            "/refused" => return Err(Failure::permission_denied()),
            "/unwritten" => unwritten::upgrade(host, cx).await?,
            "/panic" => upgrade.accept(|_| async { panic!("at the request of a test") }),
            _ => upgrade.accept(move |mut connection| async move {
                connection.write_all(protocol.as_bytes()).await?;
                let (mut received, mut sent) = tokio::io::split(connection);
                tokio::io::copy(&mut received, &mut sent).await?;
                Ok(())
            }),
        };
        Ok(switching.answer(cx))
    }
}

const ASKING: &[(&str, &str)] = &[("connection", "upgrade"), ("upgrade", "echo")];

/// Asks without a carrier, and offers one end of a connection if `offering`.
async fn ask(path: &str, headers: &[(&str, &str)], offering: bool) -> (Response<Body>, DuplexStream) {
    let (near, far) = duplex(64);
    let mut request = request("GET", path, headers, "");
    if offering {
        request.extensions_mut().insert(Offer::new(async { Ok(Connection::new(far)) }));
    }
    (serve(&Service::<Echoes, _>::new(Nobody), request).await, near)
}

fn header<'a>(response: &'a Response<Body>, name: &str) -> &'a str {
    response.headers().get(name).map_or("", |value| value.to_str().expect("text"))
}

#[tokio::test]
async fn an_accepted_connection_is_the_handlers() {
    let (mut response, mut near) = ask("/echo", ASKING, true).await;
    assert_eq!(response.status(), 101);
    assert_eq!((header(&response, "connection"), header(&response, "upgrade")), ("upgrade", "echo"));
    assert!(response.body().as_bytes().is_some_and(Bytes::is_empty));
    let running = tokio::spawn(handler(&mut response).expect("a handler"));
    assert!(handler(&mut response).is_none(), "there is one handler");
    near.write_all(b", hello").await.expect("written");
    near.shutdown().await.expect("the end");
    let mut text = String::new();
    near.read_to_string(&mut text).await.expect("text");
    assert_eq!(text, "echo, hello");
    running.await.expect("the handler ends");
}

#[tokio::test]
async fn what_is_not_upgraded_has_no_handler() {
    let cases: [(&str, &[_], bool, u16, &str); 5] = [
        ("/echo", &[], true, 426, "echo, websocket"),
        ("/echo", ASKING, false, 426, "echo, websocket"),
        ("/echo", &[("connection", "upgrade"), ("upgrade", "h2c")], true, 426, "echo, websocket"),
        ("/refused", ASKING, true, 403, ""),
        ("/unwritten", ASKING, true, 501, ""),
    ];
    for (path, headers, offering, status, upgrade) in cases {
        let (mut response, mut near) = ask(path, headers, offering).await;
        assert_eq!((response.status().as_u16(), header(&response, "upgrade")), (status, upgrade), "{path}");
        let connection = if upgrade.is_empty() { "" } else { "upgrade" };
        assert_eq!(header(&response, "connection"), connection, "{path}");
        assert_eq!(header(&response, "x-example-response"), "");
        assert!(handler(&mut response).is_none());
        drop(response);
        assert_eq!(
            near.read_u8().await.map_err(|error| error.kind()),
            Err(std::io::ErrorKind::UnexpectedEof)
        );
    }
}

#[tokio::test]
async fn a_handler_that_panics_and_a_connection_that_is_not_had_end_alone() {
    let (mut response, mut near) = ask("/panic", ASKING, true).await;
    tokio::spawn(handler(&mut response).expect("a handler")).await.expect("no panic outside");
    near.read_u8().await.expect_err("the connection is over");
    let mut request = request("GET", "/echo", ASKING, "");
    let never = async { Err(std::io::ErrorKind::BrokenPipe.into()) };
    request.extensions_mut().insert(Offer::new(never));
    let mut response = serve(&Service::<Echoes, _>::new(Nobody), request).await;
    handler(&mut response).expect("a handler").await;
}

#[tokio::test]
async fn an_answer_that_takes_the_place_of_101_has_no_handler() {
    let (mut response, _near) = ask("/echo", ASKING, true).await;
    *response.status_mut() = http::StatusCode::SERVICE_UNAVAILABLE;
    assert!(handler(&mut response).is_none());
}

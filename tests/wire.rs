//! A client that sends a request exactly as it is given: no tidying of `/../`, no headers of its own. What a real
//! client does to a request is not what is under test here.

use std::net::SocketAddr;

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt as _, Full};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

/// One kept-alive connection to a server.
pub struct Connection {
    address: SocketAddr,
    sender: http1::SendRequest<Full<Bytes>>,
}

impl Connection {
    pub async fn open(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).await.expect("the server accepts connections");
        let (sender, connection) =
            http1::handshake(TokioIo::new(stream)).await.expect("an HTTP/1.1 connection");
        tokio::spawn(connection);
        Self { address, sender }
    }

    /// Sends a request and reads the whole response; connects anew if the server has closed the connection.
    pub async fn send(&mut self, mut request: Request<Vec<u8>>) -> Response<Bytes> {
        if self.sender.ready().await.is_err() {
            *self = Self::open(self.address).await;
        }
        let host = self.address.to_string().parse().expect("an address is a header value");
        request.headers_mut().insert(http::header::HOST, host);
        let response = self.sender.send_request(request.map(Full::from)).await.expect("the server answers");
        let (parts, body) = response.into_parts();
        Response::from_parts(parts, body.collect().await.expect("the answer is whole").to_bytes())
    }
}

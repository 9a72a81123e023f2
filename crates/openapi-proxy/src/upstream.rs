//! Passes requests on to a server, and its responses back.

use std::io;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use futures::channel::mpsc;
use futures::{SinkExt as _, StreamExt as _, stream};
use http::header::{
    ACCEPT_ENCODING, CONNECTION, CONTENT_LENGTH, CONTENT_TYPE, EXPECT, HOST, HeaderName, PROXY_AUTHENTICATE,
    PROXY_AUTHORIZATION, TE, TRAILER, TRANSFER_ENCODING, UPGRADE, VIA,
};
use http::{HeaderMap, HeaderValue, Method, Response, StatusCode};
use openapi_server_runtime::media::Form;
use openapi_server_runtime::response::Body;
use serde_json::Value;

use crate::target::{Target, cause};

/// The most bytes of a body that are read to be checked, and the most of a request.
pub(crate) const MAX_BODY: usize = 16 << 20;

/// The time after which a response has to begin.
pub(crate) const RESPONSE: Duration = Duration::from_mins(1);

/// The most parts of a body that wait for a client.
const WAITING: usize = 16;

/// The header of what the checks let pass. No client sees it.
pub(crate) const PASSED: HeaderName = HeaderName::from_static("x-request-passed");

/// The headers of a connection, which are not for those at its other side (RFC 9110, 7.6.1).
const OF_CONNECTION: [HeaderName; 9] = [
    CONNECTION,
    HeaderName::from_static("keep-alive"),
    HeaderName::from_static("proxy-connection"),
    PROXY_AUTHENTICATE,
    PROXY_AUTHORIZATION,
    TE,
    TRAILER,
    TRANSFER_ENCODING,
    UPGRADE,
];

/// The server that stands behind.
#[derive(Debug)]
pub(crate) struct Upstream(Target);

/// A response of the server, with its bytes if they were read.
pub(crate) struct Received {
    pub(crate) response: Response<Body>,
    pub(crate) bytes: Option<Bytes>,
}

impl Upstream {
    pub(crate) fn new(target: Target) -> Self {
        Self(target)
    }

    /// Sends a request on. The response has to begin in time; one whose body is checked begins when all of it is there.
    ///
    /// # Errors
    /// If its path is not one to pass on, or the server cannot be reached, breaks off or takes too long: the status and a
    /// sentence.
    pub(crate) async fn send(
        &self,
        method: &Method,
        target: &str,
        headers: &HeaderMap,
        body: Bytes,
    ) -> Result<Received, (StatusCode, String)> {
        let late = |_| {
            let told = format!("The server at {} takes longer than {} s.", self.0.url(), RESPONSE.as_secs());
            Err((StatusCode::GATEWAY_TIMEOUT, told))
        };
        let sent = self.sent(method, target, headers, body);
        tokio::time::timeout(RESPONSE, sent).await.unwrap_or_else(late)
    }

    async fn sent(
        &self,
        method: &Method,
        target: &str,
        headers: &HeaderMap,
        body: Bytes,
    ) -> Result<Received, (StatusCode, String)> {
        let told = |error: reqwest::Error| {
            let (url, cause) = (self.0.url(), cause(error));
            (StatusCode::BAD_GATEWAY, format!("The server at {url} does not answer: {cause}."))
        };
        let not_passed = |reason| (StatusCode::BAD_REQUEST, format!("This is not passed on: {reason}."));
        let url = self.0.address(target).map_err(not_passed)?;
        let mut sent = passed_on(headers);
        for name in [HOST, CONTENT_LENGTH, EXPECT] {
            sent.remove(name);
        }
        // What is compressed cannot be checked.
        sent.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        sent.append(VIA, HeaderValue::from_static("1.1 openapi-proxy"));
        let request = self.0.client().request(method.clone(), url).headers(sent).body(body);
        let received = request.send().await.map_err(told)?;
        let (status, mut headers) = (received.status(), passed_on(received.headers()));
        let asks_for_head = *method == Method::HEAD;
        if !asks_for_head {
            headers.remove(CONTENT_LENGTH);
        }
        let media_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let is_read = !asks_for_head && (Form::of(media_type) == Form::Json || media_type.is_empty());
        let mut chunks = received.bytes_stream();
        let mut read = BytesMut::new();
        while is_read && read.len() <= MAX_BODY {
            match chunks.next().await {
                Some(Ok(chunk)) => read.extend_from_slice(&chunk),
                Some(Err(error)) => return Err(told(error)),
                None => {
                    let bytes = read.freeze();
                    return Ok(Received {
                        response: framed(status, headers, bytes.clone().into()),
                        bytes: Some(bytes),
                    });
                }
            }
        }
        let (mut sender, rest) = mpsc::channel(WAITING);
        tokio::spawn(async move {
            // The response has begun by now, so one that breaks off breaks off here too.
            while let Some(chunk) = chunks.next().await {
                let is_last = chunk.is_err();
                if sender.send(chunk.map_err(io::Error::other)).await.is_err() || is_last {
                    break;
                }
            }
        });
        let first = stream::once(std::future::ready(Ok(read.freeze())));
        let body = Body::broken_stream(first.chain(rest));
        Ok(Received { response: framed(status, headers, body), bytes: None })
    }
}

fn framed(status: StatusCode, headers: HeaderMap, body: Body) -> Response<Body> {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    response
}

/// Returns the headers that are for those at the other side of a connection.
fn passed_on(headers: &HeaderMap) -> HeaderMap {
    let named = headers.get_all(CONNECTION).iter().filter_map(|value| value.to_str().ok());
    let named: Vec<String> =
        named.flat_map(|names| names.split(',')).map(|name| name.trim().to_lowercase()).collect();
    let is_passed =
        |name: &HeaderName| !OF_CONNECTION.contains(name) && !named.iter().any(|it| name == it.as_str());
    headers
        .iter()
        .filter(|(name, _)| is_passed(name))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}

/// Returns what a refusal says is wrong with a request.
pub(crate) fn refusals(refused: &Response<Body>) -> Vec<String> {
    let text = refused.body().as_bytes().cloned().unwrap_or_default();
    let value: Value = serde_json::from_slice(&text).unwrap_or_default();
    let told = |error: &Value| {
        let text = |name: &str| error.get(name).and_then(Value::as_str);
        let place = text("pointer").map(str::to_owned);
        let place = place.or_else(|| Some(format!("{} ({})", text("parameter")?, text("in")?)));
        format!("{}: {}", place.unwrap_or_default(), text("detail").unwrap_or_default())
    };
    match (value.get("errors").and_then(Value::as_array), value.get("detail").and_then(Value::as_str)) {
        (Some(errors), _) if !errors.is_empty() => errors.iter().map(told).collect(),
        (_, Some(detail)) => vec![detail.to_owned()],
        _ => vec![String::from_utf8_lossy(&text).chars().take(200).collect()],
    }
}

#[cfg(test)]
mod tests {
    use http_body_util::BodyExt as _;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpListener;

    use super::*;
    use crate::target::Reach;

    #[tokio::test]
    async fn a_response_that_is_too_long_to_be_checked_is_passed_on() {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("an address");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        tokio::spawn(async move {
            let (mut connection, _) = listener.accept().await.expect("a connection");
            // All of the request is there at once.
            let _ = connection.read(&mut [0; 4096]).await.expect("a request");
            let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n\r\n";
            connection.write_all(head.as_bytes()).await.expect("somebody reads");
            for _ in 0..17 << 10 {
                connection.write_all(&[b' '; 1 << 10]).await.expect("somebody reads");
            }
        });
        let upstream = Upstream::new(Target::new(&url, &Reach::default()).expect("a server"));
        let sent = upstream.send(&Method::GET, "/", &HeaderMap::new(), Bytes::new()).await;
        let received = sent.expect("a response");
        assert!(received.bytes.is_none());
        let body = received.response.into_body().collect().await.expect("all of it");
        assert_eq!(body.to_bytes().len(), 17 << 20);
    }

    #[tokio::test(start_paused = true)]
    async fn a_response_has_to_begin_in_time() {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("an address");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let upstream = Upstream::new(Target::new(&url, &Reach::default()).expect("a server"));
        let sent = upstream.send(&Method::GET, "/", &HeaderMap::new(), Bytes::new()).await;
        assert_eq!(sent.map(|_| ()).map_err(|(status, _)| status), Err(StatusCode::GATEWAY_TIMEOUT));
    }
}

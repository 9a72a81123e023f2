//! Checks the agreement of client and server before they leave HTTP: a protocol (RFC 9110, 7.8), and that both support
//! WebSocket (RFC 6455, 4.2).

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use http::header::{CONNECTION, SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_VERSION, UPGRADE};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use sha1::{Digest as _, Sha1};

use crate::failure::Failure;
use crate::request::RequestContext;

/// The version of WebSocket; there is no other.
const VERSION: HeaderValue = HeaderValue::from_static("13");

/// The text that a server appends to a client's key to prove that it supports WebSocket.
const GUID: &[u8] = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/// The protocol that was agreed on.
#[derive(Debug)]
pub(super) struct Agreement {
    /// The protocol.
    pub(super) protocol: &'static str,
    /// The response to the key of WebSocket.
    pub(super) accept: Option<HeaderValue>,
}

/// Agrees on the first protocol that a request names and the operation knows.
pub(super) fn agree<U>(
    cx: &RequestContext<U>,
    protocols: &'static [&'static str],
) -> Result<Agreement, Failure> {
    let is_about_connection = items(&cx.headers, CONNECTION).any(|item| item.eq_ignore_ascii_case("upgrade"));
    // A response to `HEAD` is that to `GET` without what follows its head.
    let may_upgrade = is_about_connection && cx.method != Method::HEAD;
    let known = |wanted: &str| protocols.iter().copied().find(|known| known.eq_ignore_ascii_case(wanted));
    let protocol = items(&cx.headers, UPGRADE).filter(|_| may_upgrade).find_map(known);
    let Some(protocol) = protocol else { return Err(required(cx, protocols)) };
    if !protocol.eq_ignore_ascii_case("websocket") {
        return Ok(Agreement { protocol, accept: None });
    }
    if cx.headers.get(SEC_WEBSOCKET_VERSION).map(|version| version.as_bytes().trim_ascii())
        != Some(VERSION.as_bytes())
    {
        cx.response_headers().insert(SEC_WEBSOCKET_VERSION, VERSION);
        return Err(required(cx, protocols));
    }
    let key = cx.headers.get(SEC_WEBSOCKET_KEY).map(|key| key.as_bytes().trim_ascii());
    match key.and_then(accept) {
        Some(accept) => Ok(Agreement { protocol, accept: Some(accept) }),
        None => Err(Failure::detail(
            StatusCode::BAD_REQUEST,
            "The header Sec-WebSocket-Key has to be 16 bytes in base64.",
        )),
    }
}

/// Refuses a request that asks for none of the protocols, and names them.
pub(super) fn required<U>(cx: &RequestContext<U>, protocols: &[&str]) -> Failure {
    if let Ok(names) = HeaderValue::from_str(&protocols.join(", ")) {
        cx.response_headers().insert(UPGRADE, names);
    }
    let detail = format!("The connection has to be upgraded to {}.", protocols.join(" or "));
    Failure::detail(StatusCode::UPGRADE_REQUIRED, detail)
}

/// Answers a key of WebSocket, if it is one.
fn accept(key: &[u8]) -> Option<HeaderValue> {
    BASE64_STANDARD.decode(key).ok().filter(|bytes| bytes.len() == 16)?;
    let digest = Sha1::new().chain_update(key).chain_update(GUID).finalize();
    HeaderValue::try_from(BASE64_STANDARD.encode(digest)).ok()
}

/// Returns the items of a header that is a list.
fn items(headers: &HeaderMap, name: HeaderName) -> impl Iterator<Item = &str> {
    let texts = headers.get_all(name).into_iter().filter_map(|value| value.to_str().ok());
    texts.flat_map(|text| text.split(',')).map(str::trim).filter(|item| !item.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::context;

    const PROTOCOLS: &[&str] = &["websocket", "echo/2"];
    const KEY: (&str, &str) = ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==");

    /// Returns the status and the headers of the response to a request with these headers.
    fn outcome(method: Method, headers: &[(&'static str, &'static str)]) -> (Result<String, u16>, String) {
        let mut cx = context("");
        cx.method = method;
        for (name, value) in headers {
            cx.headers.append(*name, HeaderValue::from_static(value));
        }
        let outcome = match agree(&cx, PROTOCOLS) {
            Ok(Agreement { protocol, accept }) => {
                let accept = accept.map(|accept| accept.to_str().expect("text").to_owned());
                Ok([protocol, &accept.unwrap_or_default()].join(" "))
            }
            Err(failure) => Err(failure.status().as_u16()),
        };
        let mut added = HeaderMap::new();
        cx.response_headers().move_to(&mut added);
        let added = added.iter().map(|(name, value)| format!("{name}: {}", value.to_str().expect("text")));
        (outcome, added.collect::<Vec<_>>().join("; "))
    }

    #[test]
    fn the_first_protocol_is_agreed_on_that_both_know() {
        let upgrade = ("connection", "keep-alive, Upgrade");
        let version = ("sec-websocket-version", "13");
        let named = "upgrade: websocket, echo/2";
        // The example of RFC 6455, 1.3.
        let websocket = "websocket s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";
        let cases: [(&[_], Result<&str, u16>, &str); 12] = [
            (&[upgrade, ("upgrade", "websocket"), version, KEY], Ok(websocket), ""),
            (&[upgrade, ("upgrade", "h2c"), ("upgrade", "WebSocket"), version, KEY], Ok(websocket), ""),
            (&[upgrade, ("upgrade", "ECHO/2, websocket")], Ok("echo/2 "), ""),
            (&[], Err(426), named),
            (&[upgrade], Err(426), named),
            (&[("connection", "upgrades"), ("upgrade", "echo/2")], Err(426), named),
            (&[("upgrade", "echo/2")], Err(426), named),
            (&[upgrade, ("upgrade", "echo, h2c")], Err(426), named),
            (
                &[upgrade, ("upgrade", "websocket"), ("sec-websocket-version", "8"), KEY],
                Err(426),
                "sec-websocket-version: 13; upgrade: websocket, echo/2",
            ),
            (
                &[upgrade, ("upgrade", "websocket"), KEY],
                Err(426),
                "sec-websocket-version: 13; upgrade: websocket, echo/2",
            ),
            (&[upgrade, ("upgrade", "websocket"), version], Err(400), ""),
            (&[upgrade, ("upgrade", "websocket"), version, ("sec-websocket-key", "c2hvcnQ=")], Err(400), ""),
        ];
        for (headers, expected, added) in cases {
            let expected = (expected.map(str::to_owned), added.to_owned());
            assert_eq!(outcome(Method::GET, headers), expected, "{headers:?}");
        }
        let (refused, _) = outcome(Method::HEAD, &[upgrade, ("upgrade", "echo/2")]);
        assert_eq!(refused, Err(426));
    }
}

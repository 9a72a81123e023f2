//! Connections that stop speaking HTTP. An operation that answers 101 is given an [`Upgrade`], accepts it, and so hands the
//! connection to a handler, which speaks the protocol that was agreed on, such as WebSocket.
//!
//! ```
//! use openapi_server_runtime::upgrade::{SwitchingProtocols, Upgrade};
//!
//! fn echo(upgrade: Upgrade) -> SwitchingProtocols {
//!     upgrade.accept(|connection| async move {
//!         let (mut received, mut sent) = tokio::io::split(connection);
//!         tokio::io::copy(&mut received, &mut sent).await?;
//!         Ok(())
//!     })
//! }
//! ```
//!
//! The handshake of WebSocket (RFC 6455) is done here; its frames are for a crate of the handler's choice, which takes a
//! [`Connection`] like any other stream of bytes. A subprotocol is agreed on by headers: the request's are in
//! [`RequestContext::headers`], and [`RequestContext::response_headers`] takes the answer's. Browsers send cookies with a
//! WebSocket that a page of any site opens, so an operation that trusts cookies has to look at the header `Origin`.

mod carrier;
mod connection;
mod handshake;

use std::fmt;
use std::future::Future;
use std::panic::AssertUnwindSafe;

use futures_util::FutureExt as _;
use http::HeaderValue;
use http::header::{SEC_WEBSOCKET_ACCEPT, UPGRADE};

use crate::dispatch::HandlerResponse;
use crate::failure::Failure;
use crate::request::RequestContext;

#[cfg(any(feature = "dropshot", feature = "listener"))]
pub(crate) use carrier::add_offer;
pub(crate) use carrier::finish;
pub use carrier::{Handler, Offer, handler};
pub use connection::Connection;

use carrier::Connecting;
use handshake::Agreement;

/// The reason why a handler gave up a connection.
pub type Error = Box<dyn std::error::Error + Send + Sync>;

/// A request for another protocol, which an operation may accept.
pub struct Upgrade {
    agreement: Agreement,
    connection: Connecting,
    offer: Offer,
    request_id: String,
}

/// An upgrade that was accepted. The connection is the handler's once this has been answered.
pub struct SwitchingProtocols {
    agreement: Agreement,
    offer: Offer,
    handler: Handler,
}

impl Upgrade {
    /// Reads from a request which of these protocols it asks for.
    ///
    /// # Errors
    /// 426 with the header `Upgrade` if it asks for none of them, or in another version of WebSocket, or if its connection
    /// cannot be handed over, like those of HTTP/1.0 and HTTP/2. 400 if it asks for WebSocket without a key.
    pub fn of<U>(cx: &RequestContext<U>, protocols: &'static [&'static str]) -> Result<Self, Failure> {
        let agreement = handshake::agree(cx, protocols)?;
        let offered = cx.offer.as_ref().and_then(|offer| Some((offer.take()?, offer.clone())));
        let Some((connection, offer)) = offered else { return Err(handshake::required(cx, protocols)) };
        Ok(Self { agreement, connection, offer, request_id: cx.request_id.clone() })
    }

    /// Returns the protocol that the connection is to speak, as the document writes it.
    #[must_use]
    pub fn protocol(&self) -> &'static str {
        self.agreement.protocol
    }

    /// Accepts the upgrade. The handler is given the connection after the response has been sent. The connection ends
    /// when the handler drops it. Neither the time limit nor the body limit of the service applies to it.
    pub fn accept<H, F>(self, handler: H) -> SwitchingProtocols
    where
        H: FnOnce(Connection) -> F + Send + 'static,
        F: Future<Output = Result<(), Error>> + Send + 'static,
    {
        let Self { agreement, connection, offer, request_id } = self;
        let handler = async move {
            let connection = match connection.await {
                Ok(connection) => connection,
                Err(error) => {
                    tracing::debug!(request_id, %error, "a connection was not upgraded");
                    return;
                }
            };
            match AssertUnwindSafe(handler(connection)).catch_unwind().await {
                Ok(Ok(())) => {}
                Ok(Err(error)) => tracing::warn!(request_id, %error, "an upgraded connection was given up"),
                Err(_) => tracing::error!(request_id, "the handler of an upgraded connection panicked"),
            }
        };
        SwitchingProtocols { agreement, offer, handler: handler.boxed() }
    }
}

impl SwitchingProtocols {
    /// Answers with 101, and leaves the handler to whatever carries the request. Generated code calls it.
    pub fn answer<U>(self, cx: &RequestContext<U>) -> HandlerResponse {
        let headers = cx.response_headers();
        if let Ok(protocol) = HeaderValue::from_str(self.agreement.protocol) {
            headers.insert(UPGRADE, protocol);
        }
        if let Some(accept) = self.agreement.accept {
            headers.insert(SEC_WEBSOCKET_ACCEPT, accept);
        }
        self.offer.hand_over(self.handler);
        HandlerResponse::empty(101)
    }
}

impl fmt::Debug for Upgrade {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Upgrade").field("protocol", &self.agreement.protocol).finish_non_exhaustive()
    }
}

impl fmt::Debug for SwitchingProtocols {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SwitchingProtocols")
            .field("protocol", &self.agreement.protocol)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;

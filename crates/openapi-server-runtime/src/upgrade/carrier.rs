//! The part of upgrades that a carrier does: it offers the connection of a request, and runs the handler of an
//! operation that accepted it.

use std::fmt;
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use http::header::{CONNECTION, UPGRADE};
use http::{HeaderValue, Response, StatusCode};

use super::Connection;
use crate::response::Body;

/// A connection, once the response has been sent.
pub(super) type Connecting = BoxFuture<'static, io::Result<Connection>>;

/// The handler of an upgraded connection: a future that a carrier runs to its end.
pub type Handler = Pin<Box<dyn Future<Output = ()> + Send>>;

/// The connection of a request, offered to its operation. A carrier puts it among the extensions of a request that names
/// other protocols; without it a request is answered as one that names none.
#[derive(Clone)]
pub struct Offer(Arc<Mutex<Stage>>);

enum Stage {
    Offered(Connecting),
    Accepted(Handler),
    Over,
}

impl Offer {
    /// Offers a connection that is available once the response has been sent.
    pub fn new(connection: impl Future<Output = io::Result<Connection>> + Send + 'static) -> Self {
        Self(Arc::new(Mutex::new(Stage::Offered(connection.boxed()))))
    }

    /// Takes the connection, if it is still there.
    pub(super) fn take(&self) -> Option<Connecting> {
        let mut stage = self.stage();
        match std::mem::replace(&mut *stage, Stage::Over) {
            Stage::Offered(connection) => Some(connection),
            other => {
                *stage = other;
                None
            }
        }
    }

    /// Keeps what is to be done with the connection.
    pub(super) fn hand_over(&self, handler: Handler) {
        *self.stage() = Stage::Accepted(handler);
    }

    fn stage(&self) -> MutexGuard<'_, Stage> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Offer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Offer").finish_non_exhaustive()
    }
}

/// Adds to a response what goes with an upgrade: `Connection` says that the header `Upgrade` is about this connection
/// only, and the carrier finds the handler.
pub(crate) fn finish(offer: Option<Offer>, response: &mut Response<Body>) {
    if response.headers().contains_key(UPGRADE) {
        response.headers_mut().insert(CONNECTION, HeaderValue::from_static("upgrade"));
    }
    if let Some(offer) = offer.filter(|_| response.status() == StatusCode::SWITCHING_PROTOCOLS) {
        response.extensions_mut().insert(offer);
    }
}

/// Takes from a response the handler of its connection, which a carrier runs when it has sent the response. `None`
/// unless the answer is a 101 whose operation has accepted an [`Offer`].
pub fn handler(response: &mut Response<Body>) -> Option<Handler> {
    let offer = response.extensions_mut().remove::<Offer>()?;
    if response.status() != StatusCode::SWITCHING_PROTOCOLS {
        return None;
    }
    match std::mem::replace(&mut *offer.stage(), Stage::Over) {
        Stage::Accepted(handler) => Some(handler),
        Stage::Offered(_) | Stage::Over => None,
    }
}

/// Offers the connection of a request that hyper has read, if hyper can hand it over.
#[cfg(any(feature = "dropshot", feature = "listener"))]
pub(crate) fn add_offer<B>(request: &mut http::Request<B>) {
    use hyper::upgrade::OnUpgrade;
    use hyper_util::rt::TokioIo;

    if let Some(upgraded) = request.extensions_mut().remove::<OnUpgrade>() {
        let connection = async move {
            let upgraded = upgraded.await.map_err(io::Error::other)?;
            Ok(Connection::new(TokioIo::new(upgraded)))
        };
        request.extensions_mut().insert(Offer::new(connection));
    }
}

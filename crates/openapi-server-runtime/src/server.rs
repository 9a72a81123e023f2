//! A running server: a service, what carries it, and its end. What it answers is decided in [`crate::serve`].

mod address;

use std::fmt;
#[cfg(feature = "dropshot")]
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
#[cfg(feature = "listener")]
use tokio::sync::watch;

use crate::dialect::Dialect;
use crate::dispatch::Dispatch;
use crate::host::Host;
#[cfg(feature = "listener")]
use crate::listener::{Listener, Running};
use crate::plain::Plain;
use crate::service::Service;

pub use address::Address;

/// A service that is being served on the runtime of Tokio it was started on, until it is closed or dropped.
///
/// Dropshot carries it, or a [`Listener`] does, depending on how it was started.
pub struct Server<S: Dispatch<A>, A: Host, D: Dialect = Plain> {
    carrier: Carrier<S, A, D>,
    address: Address,
    is_tls: bool,
}

/// The server that turns bytes of connections into requests.
enum Carrier<S: Dispatch<A>, A: Host, D: Dialect> {
    #[cfg(feature = "dropshot")]
    Dropshot(dropshot::HttpServer<Service<S, A, D>>),
    #[cfg(feature = "listener")]
    Listener(Arc<Service<S, A, D>>, watch::Sender<Arc<Service<S, A, D>>>, Running),
}

impl<S: Dispatch<A>, A: Host, D: Dialect> Server<S, A, D> {
    /// Serves with dropshot at `address`; port 0 is any that is free.
    ///
    /// # Errors
    /// Fails if the address cannot be bound.
    #[cfg(feature = "dropshot")]
    pub fn start(service: Service<S, A, D>, address: SocketAddr) -> Result<Self, StartError> {
        use dropshot::{ConfigDropshot, ServerBuilder, VersionPolicy};

        use crate::registration::{Numbering, api_description};

        let (tables, rules) = (service.tables(), service.dialect().path_rules());
        let numbering = Numbering::of(tables, Arc::clone(service.dialect()));
        let api = api_description(tables, rules).map_err(|error| StartError(Box::new(error)))?;
        let config = ConfigDropshot { bind_address: address, ..ConfigDropshot::default() };
        let http = ServerBuilder::new(api, service, crate::log::to_tracing())
            .config(config)
            .version_policy(VersionPolicy::Dynamic(Box::new(numbering)))
            .start()
            .map_err(|error| StartError(Box::new(error)))?;
        let address = http.local_addr().into();
        Ok(Self { carrier: Carrier::Dropshot(http), address, is_tls: false })
    }

    /// Serves with a listener, without dropshot.
    ///
    /// # Errors
    /// Fails if the runtime of Tokio cannot take the listener's socket.
    #[cfg(feature = "listener")]
    pub fn listen(service: Service<S, A, D>, listener: Listener) -> Result<Self, StartError> {
        let (address, is_tls) = (listener.local_addr().clone(), listener.is_tls());
        let service = Arc::new(service);
        let (sender, current) = watch::channel(Arc::clone(&service));
        let running = listener.serve(current).map_err(|error| StartError(Box::new(error)))?;
        Ok(Self { carrier: Carrier::Listener(service, sender, running), address, is_tls })
    }

    /// Answers requests with another service from now on. Those under way are answered by the one they came to.
    ///
    /// # Errors
    /// Fails if dropshot carries the server: it was told of the operations when it started.
    pub fn replace(&mut self, service: Service<S, A, D>) -> Result<(), ReplaceError> {
        match &mut self.carrier {
            #[cfg(feature = "dropshot")]
            Carrier::Dropshot(_) => {
                drop(service);
                Err(ReplaceError)
            }
            #[cfg(feature = "listener")]
            Carrier::Listener(current, sender, _) => {
                *current = Arc::new(service);
                sender.send_replace(Arc::clone(current));
                Ok(())
            }
        }
    }

    /// Returns the address it listens at.
    #[must_use]
    pub fn local_addr(&self) -> &Address {
        &self.address
    }

    /// Returns the URL of the API. For a unix socket see [`Address::origin`].
    #[must_use]
    pub fn url(&self) -> String {
        format!("{}{}", self.origin(), self.service().tables().base_path)
    }

    /// Returns the URL of the server, without a path.
    #[must_use]
    pub fn origin(&self) -> String {
        self.address.origin(self.is_tls)
    }

    /// Returns `true` if it serves over TLS.
    #[must_use]
    pub fn is_tls(&self) -> bool {
        self.is_tls
    }

    /// Returns the implementation it serves.
    #[must_use]
    pub fn api(&self) -> &A {
        self.service().api()
    }

    fn service(&self) -> &Service<S, A, D> {
        match &self.carrier {
            #[cfg(feature = "dropshot")]
            Carrier::Dropshot(http) => http.app_private(),
            #[cfg(feature = "listener")]
            Carrier::Listener(service, ..) => service,
        }
    }

    /// Stops listening and waits until all requests are answered, at most for `deadline`.
    ///
    /// A listener stops before this returns the future, accepts no connection afterwards, and ends all connections that
    /// are left after the deadline, upgraded ones among them. Dropshot stops when the future is polled, and goes on
    /// answering what is left; it neither waits for upgraded connections nor ends them.
    ///
    /// # Errors
    /// Fails if there are still requests after the deadline.
    pub fn close(self, deadline: Duration) -> impl Future<Output = Result<(), CloseError>> + Send {
        let closed: BoxFuture<'static, Result<(), CloseError>> = match self.carrier {
            #[cfg(feature = "dropshot")]
            Carrier::Dropshot(http) => {
                let closed = http.wait_for_shutdown();
                // Dropping the server is what tells it to stop.
                drop(http);
                Box::pin(async move {
                    match tokio::time::timeout(deadline, closed).await {
                        Ok(ended) => ended.map_err(CloseError),
                        Err(_) => Err(CloseError("there are requests left after the deadline".to_owned())),
                    }
                })
            }
            #[cfg(feature = "listener")]
            Carrier::Listener(_, _, running) => {
                let closed = running.close(deadline);
                Box::pin(async move {
                    match closed.await {
                        0 => Ok(()),
                        left => Err(CloseError(format!("{left} connections were ended after the deadline"))),
                    }
                })
            }
        };
        closed
    }
}

impl<S: Dispatch<A>, A: Host, D: Dialect> fmt::Debug for Server<S, A, D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server").field("local_addr", self.local_addr()).finish_non_exhaustive()
    }
}

/// An error that kept a server from starting.
#[derive(Debug)]
pub struct StartError(Box<dyn std::error::Error + Send + Sync>);

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the server cannot be started")
    }
}

impl std::error::Error for StartError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(self.0.as_ref())
    }
}

/// The reason why a server does not answer with another service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReplaceError;

impl fmt::Display for ReplaceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("dropshot serves only the operations that it began with; serve with a listener")
    }
}

impl std::error::Error for ReplaceError {}

/// The reason why a server did not close in time.
#[derive(Debug)]
pub struct CloseError(String);

impl fmt::Display for CloseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the server did not close in time: {}", self.0)
    }
}

impl std::error::Error for CloseError {}

#[cfg(test)]
#[cfg(all(feature = "dropshot", feature = "listener"))]
mod tests;

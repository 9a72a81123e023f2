//! Carries a service over HTTP/1.1 with hyper, where dropshot is too heavy or cannot do it: a time limit for the head of
//! a request, unix sockets, an end that slow clients cannot put off.

mod socket;
mod target;
#[cfg(feature = "tls")]
mod tls;

use std::fmt;
use std::future::Future;
use std::io;
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Poll;
use std::time::Duration;

use http::{HeaderName, HeaderValue, Request, Response};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};

use crate::dialect::Dialect;
use crate::dispatch::Dispatch;
use crate::host::Host;
use crate::response::Body;
use crate::serve::serve;
use crate::server::Address;
use crate::service::Service;
use crate::upgrade::{self, Handler};

use socket::{Bound, Socket, Stream};
use target::Targets;
#[cfg(feature = "tls")]
pub use tls::{Tls, TlsError};

/// The pause of accepting after an error that does not concern a single connection, such as too many open files.
const PAUSE: Duration = Duration::from_secs(1);

/// The header that tells a host that its client uses TLS, as a proxy does that ends it.
const FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");

/// The limits of a listener. Those of a service are [`Settings`](crate::service::Settings).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// The time that a client may take to send the head of a request. A connection that is idle for as long is closed.
    pub read_head: Duration,
    /// The most connections served at once, including upgraded ones; at least one. Further clients wait.
    pub connections: usize,
}

/// The connections served at once, unless set otherwise.
const CONNECTIONS: usize = 10_000;

/// The time that a client may take to send the head of a request, unless another is chosen.
const READ_HEAD: Duration = Duration::from_secs(30);

impl Default for Limits {
    /// Returns half a minute and 10,000 connections.
    fn default() -> Self {
        Self { read_head: READ_HEAD, connections: CONNECTIONS }
    }
}

/// A bound address. Clients can connect, and are answered once [`Server::listen`](crate::server::Server::listen) serves
/// it.
#[derive(Debug)]
pub struct Listener {
    socket: Bound,
    address: Address,
    limits: Limits,
    security: Security,
}

/// The way in which connections are secured: not at all, or by TLS.
#[derive(Debug, Clone, Default)]
struct Security {
    is_tls: bool,
    #[cfg(feature = "tls")]
    tls: Option<Tls>,
}

impl Listener {
    /// Binds an address. Port 0 is any that is free. A unix socket is a file that is removed at the end; one that a
    /// program left behind is replaced.
    ///
    /// # Errors
    /// Fails if the address cannot be bound, like [`std::net::TcpListener::bind`].
    pub fn bind(address: impl Into<Address>) -> io::Result<Self> {
        let (socket, address) = Bound::new(address.into())?;
        Ok(Self { socket, address, limits: Limits::default(), security: Security::default() })
    }

    /// Sets the limits.
    #[must_use]
    pub fn with_limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Serves over TLS. A client that does not agree on it in time, or not at all, is left.
    #[cfg(feature = "tls")]
    #[must_use]
    pub fn with_tls(mut self, tls: Option<Tls>) -> Self {
        self.security = Security { is_tls: tls.is_some(), tls };
        self
    }

    /// Returns `true` if it serves over TLS.
    #[must_use]
    pub fn is_tls(&self) -> bool {
        self.security.is_tls
    }

    /// Returns the address; its port is never 0.
    #[must_use]
    pub fn local_addr(&self) -> &Address {
        &self.address
    }

    /// Serves a service, or the one that takes its place, on the current runtime of Tokio until what is returned is closed or
    /// dropped.
    pub(crate) fn serve<S: Dispatch<A>, A: Host, D: Dialect>(
        self,
        service: Current<S, A, D>,
    ) -> io::Result<Running> {
        let socket = Arc::new(Mutex::new(Some(self.socket.register()?)));
        let (end, ending) = watch::channel(None);
        let accepting = accept_all(Arc::clone(&socket), service, self.limits, self.security, ending);
        Ok(Running { socket, end, task: tokio::spawn(accepting) })
    }
}

/// The service that answers requests at the moment.
pub(crate) type Current<S, A, D> = watch::Receiver<Arc<Service<S, A, D>>>;

/// A listener that is serving. It ends at once when it is dropped.
pub(crate) struct Running {
    /// Taken at the end, which closes it before the wait for connections.
    socket: SharedSocket,
    /// The time that is left for connections to end.
    end: watch::Sender<Option<Duration>>,
    /// Accepts connections; returns how many were left at the end.
    task: JoinHandle<usize>,
}

impl Running {
    /// Stops accepting at once, and then waits until all requests are answered, at most for `deadline`; connections that
    /// are left are ended. Returns how many those were.
    pub(crate) fn close(mut self, deadline: Duration) -> impl Future<Output = usize> + Send {
        drop(lock(&self.socket).take());
        self.end.send_replace(Some(deadline));
        async move { (&mut self.task).await.unwrap_or_default() }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        drop(lock(&self.socket).take());
        self.task.abort();
    }
}

type SharedSocket = Arc<Mutex<Option<Socket>>>;

/// Locks a mutex. No code panics while it holds one, so poisoning is ignored.
fn lock<T>(shared: &Mutex<Option<T>>) -> MutexGuard<'_, Option<T>> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Accepts connections and serves them until it is closed, then waits for open ones. Returns how many had to be ended.
async fn accept_all<S: Dispatch<A>, A: Host, D: Dialect>(
    socket: SharedSocket,
    service: Current<S, A, D>,
    limits: Limits,
    security: Security,
    mut ending: watch::Receiver<Option<Duration>>,
) -> usize {
    let mut connections = JoinSet::new();
    let deadline = loop {
        tokio::select! {
            biased;
            deadline = told_to_end(&mut ending) => break deadline,
            Some(_) = connections.join_next() => {}
            stream = accept(&socket), if connections.len() < limits.connections.max(1) => {
                let (service, ending, security) = (service.clone(), ending.clone(), security.clone());
                match stream {
                    Stream::Tcp(stream) => {
                        connections.spawn(secured(stream, security, service, limits.read_head, ending))
                    }
                    #[cfg(unix)]
                    Stream::Unix(stream) => {
                        connections.spawn(secured(stream, security, service, limits.read_head, ending))
                    }
                };
            }
        }
    };
    let all_ended = async { while connections.join_next().await.is_some() {} };
    // It makes no difference whether they end in time: those that do not are counted.
    let _ = tokio::time::timeout(deadline, all_ended).await;
    let left = connections.len();
    connections.shutdown().await;
    left
}

/// Waits until the listener ends, and returns how long connections may then take.
async fn told_to_end(ending: &mut watch::Receiver<Option<Duration>>) -> Duration {
    match ending.wait_for(Option::is_some).await {
        Ok(deadline) => deadline.unwrap_or_default(),
        Err(_) => Duration::ZERO,
    }
}

/// Accepts a connection. Never returns once the socket is closed.
async fn accept(socket: &SharedSocket) -> Stream {
    loop {
        let accepted = std::future::poll_fn(|cx| match lock(socket).as_ref() {
            Some(socket) => socket.poll_accept(cx),
            None => Poll::Pending,
        });
        match accepted.await {
            Ok(stream) => return stream,
            Err(error) if is_of_one_connection(&error) => {}
            Err(error) => {
                tracing::warn!(%error, "connections cannot be accepted");
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
}

/// Returns `true` if an error is the end of one connection that was about to be accepted.
fn is_of_one_connection(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

/// Serves one connection, over TLS if the listener has it.
async fn secured<I, S, A, D>(
    stream: I,
    security: Security,
    service: Current<S, A, D>,
    read_head: Duration,
    ending: watch::Receiver<Option<Duration>>,
) where
    I: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    S: Dispatch<A>,
    A: Host,
    D: Dialect,
{
    #[cfg(feature = "tls")]
    if let Some(tls) = security.tls {
        let mut told = ending.clone();
        let stream = tokio::select! {
            biased;
            _ = told_to_end(&mut told) => None,
            stream = tls.accept(stream) => stream,
        };
        if let Some(stream) = stream {
            connection(stream, true, service, read_head, ending).await;
        }
        return;
    }
    connection(stream, security.is_tls, service, read_head, ending).await;
}

/// Serves one connection until it ends, or until the request under way is answered once the listener ends. One that is
/// upgraded ends when its handler does.
async fn connection<I, S, A, D>(
    stream: I,
    is_tls: bool,
    service: Current<S, A, D>,
    read_head: Duration,
    mut ending: watch::Receiver<Option<Duration>>,
) where
    I: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    S: Dispatch<A>,
    A: Host,
    D: Dialect,
{
    let upgraded = Arc::new(Mutex::new(None));
    let answer = {
        let upgraded = Arc::clone(&upgraded);
        service_fn(move |request| {
            answer(Arc::clone(&service.borrow()), Arc::clone(&upgraded), is_tls, request)
        })
    };
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(read_head);
    let ended = {
        let mut connection =
            pin!(http.serve_connection(TokioIo::new(Targets::new(stream)), answer).with_upgrades());
        tokio::select! {
            ended = connection.as_mut() => ended,
            _ = told_to_end(&mut ending) => {
                connection.as_mut().graceful_shutdown();
                connection.await
            }
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection broke off");
    }
    // What is left of the connection has been handed over, or else the handler is told by now that there is none.
    let handler = lock(&upgraded).take();
    if let Some(handler) = handler {
        handler.await;
    }
}

/// Answers a request, and keeps the handler that its connection is upgraded for. An aborted body is an error of the
/// connection, which ends before anything is sent.
async fn answer<S: Dispatch<A>, A: Host, D: Dialect>(
    service: Arc<Service<S, A, D>>,
    upgraded: Arc<Mutex<Option<Handler>>>,
    is_tls: bool,
    mut request: Request<Incoming>,
) -> Result<Response<Body>, io::Error> {
    upgrade::add_offer(&mut request);
    if is_tls {
        request.headers_mut().insert(FORWARDED_PROTO, HeaderValue::from_static("https"));
    }
    let mut response = serve(&service, request).await;
    if let Some(handler) = upgrade::handler(&mut response) {
        *lock(&upgraded) = Some(handler);
    }
    if response.body().is_aborted() { Err(io::ErrorKind::ConnectionAborted.into()) } else { Ok(response) }
}

impl fmt::Debug for Running {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Running").finish_non_exhaustive()
    }
}

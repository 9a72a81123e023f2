//! A running server: a service bound to an address, and its end. What it answers is decided in [`crate::serve`].

use std::fmt;
use std::net::SocketAddr;
use std::time::Duration;

use dropshot::{ConfigDropshot, HttpServer, ServerBuilder, VersionPolicy};

use crate::dispatch::Dispatch;
use crate::host::Host;
use crate::log;
use crate::registration::{Numbering, api_description};
use crate::service::Service;

/// A service that listens for requests.
pub struct Server<S: Dispatch<A>, A: Host> {
    http: HttpServer<Service<S, A>>,
}

impl<S: Dispatch<A>, A: Host> Server<S, A> {
    /// Listens at `address`; port 0 is any that is free. The server runs on the current runtime of Tokio until it is
    /// closed or dropped.
    ///
    /// # Errors
    /// If the address cannot be bound.
    pub fn start(service: Service<S, A>, address: SocketAddr) -> Result<Self, StartError> {
        let api = api_description().map_err(|error| StartError(Box::new(error)))?;
        let config = ConfigDropshot { bind_address: address, ..ConfigDropshot::default() };
        let http = ServerBuilder::new(api, service, log::to_tracing())
            .config(config)
            .version_policy(VersionPolicy::Dynamic(Box::new(Numbering::of::<S>())))
            .start()
            .map_err(|error| StartError(Box::new(error)))?;
        Ok(Self { http })
    }

    /// The address it listens at.
    #[must_use]
    pub fn local_addr(&self) -> SocketAddr {
        self.http.local_addr()
    }

    /// The URL of the API.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}{}", self.local_addr(), S::BASE_PATH)
    }

    /// The implementation it serves.
    #[must_use]
    pub fn api(&self) -> &A {
        self.http.app_private().api()
    }

    /// Stops listening and waits, at most for `deadline`, until all requests are answered.
    ///
    /// # Errors
    /// If there are still requests after the deadline; they go on being answered.
    pub async fn close(self, deadline: Duration) -> Result<(), CloseError> {
        let closed = self.http.wait_for_shutdown();
        // Dropping the server is what tells it to stop.
        drop(self.http);
        match tokio::time::timeout(deadline, closed).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(reason)) => Err(CloseError(reason)),
            Err(_) => Err(CloseError("there are requests left after the deadline".to_owned())),
        }
    }
}

impl<S: Dispatch<A>, A: Host> fmt::Debug for Server<S, A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server").field("local_addr", &self.local_addr()).finish_non_exhaustive()
    }
}

/// Why a server could not be started.
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

/// Why a server did not close in time.
#[derive(Debug)]
pub struct CloseError(String);

impl fmt::Display for CloseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the server did not close: {}", self.0)
    }
}

impl std::error::Error for CloseError {}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpStream;

    use super::*;
    use crate::failure::Failure;
    use crate::host::Host;
    use crate::request::RequestContext;
    use crate::sample::Pets;

    /// Lets a request through after as many milliseconds as its path says.
    struct Slow;

    impl Host for Slow {
        type User = ();

        async fn admit(&self, cx: &RequestContext<()>) -> Result<(), Failure> {
            let delay = cx.path_parameter("name").parse().unwrap_or_default();
            tokio::time::sleep(Duration::from_millis(delay)).await;
            Ok(())
        }
    }

    /// A server that has begun to answer a request, and the connection the answer will come on.
    async fn busy_for(milliseconds: u64) -> (Server<Pets, Slow>, TcpStream) {
        let server = Server::start(Service::new(Slow), ([127, 0, 0, 1], 0).into()).expect("a free port");
        let mut connection = TcpStream::connect(server.local_addr()).await.expect("a connection");
        let path = format!("/pets/{milliseconds}/");
        let request = format!("GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n");
        connection.write_all(request.as_bytes()).await.expect("a request");
        tokio::time::sleep(Duration::from_millis(100)).await;
        (server, connection)
    }

    #[tokio::test]
    async fn closing_waits_for_requests_under_way() {
        let (server, mut connection) = busy_for(300).await;
        let address = server.local_addr();
        server.close(Duration::from_secs(10)).await.expect("the request to be answered in time");
        let mut answer = String::new();
        connection.read_to_string(&mut answer).await.expect("an answer");
        assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");
        assert!(TcpStream::connect(address).await.is_err(), "nobody listens any more");
    }

    #[tokio::test]
    async fn closing_waits_no_longer_than_it_may() {
        let (server, _connection) = busy_for(60_000).await;
        let error = server.close(Duration::from_millis(50)).await.expect_err("the request goes on");
        assert_eq!(error.to_string(), "the server did not close: there are requests left after the deadline");
    }

    #[tokio::test]
    async fn an_address_in_use_is_an_error() {
        let (server, _connection) = busy_for(0).await;
        let error =
            Server::<Pets, _>::start(Service::new(Slow), server.local_addr()).expect_err("the port is taken");
        let cause = std::error::Error::source(&error).map(ToString::to_string).unwrap_or_default();
        assert!(cause.contains("failed to bind"), "{cause}");
    }
}

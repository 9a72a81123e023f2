//! The two services of the command: a document with rows, and a proxy in front of a server.

use std::time::Duration;

use openapi_control::{Control, Controlled as _, Coverage};
use openapi_proxy::{Passing, Proxy};
use openapi_resources::objects;
use openapi_resources::server::Resources as _;
use openapi_server_runtime::listener::Listener;
use openapi_server_runtime::server::{CloseError, ReplaceError, Server, StartError};
use openapi_server_runtime::service::Service;

use super::dialect::Chosen;
use super::host::{ByPreference, Served};

/// A service that is ready.
#[derive(Debug)]
pub(super) enum Serving {
    /// Of rows.
    Rows(Service<ByPreference, Served, Chosen>),
    /// Of the server behind.
    Proxy(Service<Passing, Proxy<Chosen>, Chosen>),
}

/// A service that is being served.
#[derive(Debug)]
pub(super) enum Started {
    Rows(Server<ByPreference, Served, Chosen>),
    Proxy(Server<Passing, Proxy<Chosen>, Chosen>),
}

impl Serving {
    /// Returns the objects that it begins with, as a fixture.
    pub(super) fn fixture(&self) -> String {
        let worlds = match self {
            Self::Rows(service) => service.api().worlds(),
            Self::Proxy(service) => service.api().worlds(),
        };
        objects::text(&worlds.current().store.export())
    }

    /// Serves at a listener.
    pub(super) fn start(self, listener: Listener) -> Result<Started, StartError> {
        Ok(match self {
            Self::Rows(service) => Started::Rows(Server::listen(service, listener)?),
            Self::Proxy(service) => Started::Proxy(Server::listen(service, listener)?),
        })
    }
}

impl Started {
    /// Returns the URL of the API.
    pub(super) fn url(&self) -> String {
        match self {
            Self::Rows(server) => server.url(),
            Self::Proxy(server) => server.url(),
        }
    }

    /// Returns the URL of the server.
    pub(super) fn origin(&self) -> String {
        match self {
            Self::Rows(server) => server.origin(),
            Self::Proxy(server) => server.origin(),
        }
    }

    /// Returns the control API.
    pub(super) fn control(&self) -> &Control {
        match self {
            Self::Rows(server) => server.api().control(),
            Self::Proxy(server) => server.api().control(),
        }
    }

    /// Returns which parts of the API were used.
    pub(super) fn coverage(&self) -> Coverage {
        self.control().coverage()
    }

    /// Answers requests with another service from now on, with the rows that fit. Returns the names of models whose rows were
    /// kept, and of those whose rows were made anew.
    pub(super) fn replace(&mut self, by: Serving) -> Result<(Vec<String>, Vec<String>), ReplaceError> {
        self.control().end_streams();
        match (self, by) {
            (Self::Rows(server), Serving::Rows(service)) => {
                let adopted = service.api().store().adopt(&server.api().store().hand_over());
                server.replace(service).map(|()| (adopted.kept, adopted.anew))
            }
            (Self::Proxy(server), Serving::Proxy(service)) => {
                server.replace(service).map(|()| (Vec::new(), Vec::new()))
            }
            // The options that choose between the two do not change while the program runs.
            _ => Err(ReplaceError),
        }
    }

    /// Stops listening, and waits until all requests are answered.
    pub(super) async fn close(self, deadline: Duration) -> Result<(), CloseError> {
        match self {
            Self::Rows(server) => server.close(deadline).await,
            Self::Proxy(server) => server.close(deadline).await,
        }
    }
}

//! A proxy in front of an authentik: it passes requests on, and holds them and their responses to the document of the stub.

use std::time::Duration;

use openapi_control::guard::{ControlToken, Guard};
use openapi_control::{Control, Controlled as _};
use openapi_django::server::Django;
use openapi_document::Document;
use openapi_proxy::{FixtureOf, Passing, Proxy, Target};
use openapi_server_runtime::cors::{Cors, Origin};
use openapi_server_runtime::listener::Listener;
use openapi_server_runtime::server::{Address, Server};
use openapi_server_runtime::service::Settings;

use crate::api;

/// A proxy that is to be started.
#[derive(Debug)]
pub struct Plan {
    /// The authentik behind.
    pub target: Target,
    /// The address to listen at.
    pub listen: Address,
    /// The token for `/-/`.
    pub control_token: Option<String>,
    /// The origins whose pages may read responses.
    pub cors: Vec<Origin>,
    /// `true` if what violates the document is refused.
    pub strict: bool,
    /// `true` if responses name their requests.
    pub answers_request_id: bool,
}

/// Returns a fixture as text, of what a record has.
///
/// # Errors
/// If the record or an asset of this program cannot be used.
pub fn fixture_of(record: &FixtureOf) -> Result<String, String> {
    let (tables, plan) = api::plan().map_err(|error| error.to_string())?;
    record.text(tables, &plan)
}

/// A proxy that is listening.
#[derive(Debug)]
pub struct Running(Server<Passing, Proxy<Django>, Django>);

impl Plan {
    /// Starts the proxy at a listener that `secure` may add TLS to. `adapt` adds a log or a record to the control API; it is
    /// given the base path.
    ///
    /// # Errors
    /// If the control token, the address, or an asset of this program cannot be used, or `adapt` fails.
    pub fn start(
        self,
        adapt: impl FnOnce(Control, &str) -> Result<Control, String>,
        secure: impl FnOnce(Listener) -> Listener,
    ) -> Result<Running, String> {
        let (tables, text) = api::described().map_err(|error| error.to_string())?;
        let document = Document::parse("openapi.json", text).map_err(|error| error.to_string())?;
        let token = self.control_token.map(ControlToken::from);
        let guard = Guard::at(self.listen.as_tcp(), token).map_err(|error| error.to_string())?;
        let dialect = api::dialect().strict(self.strict);
        let control = Control::new(tables, dialect.clone(), text).with_guard(guard);
        let control = adapt(control, tables.base_path)?;
        let proxy = Proxy::new(self.target, document, dialect, control, self.strict)?;
        let cors = (!self.cors.is_empty()).then(|| Cors::new(self.cors));
        let settings = Settings { cors, answers_request_id: self.answers_request_id, ..Settings::default() };
        let service = proxy.service(tables, settings);
        let listen = self.listen;
        let told = |reason: String| {
            format!(
                "{listen}: the proxy cannot listen there: {reason}; name another address or free this one"
            )
        };
        let listener = Listener::bind(listen.clone()).map_err(|error| told(error.to_string()))?;
        Server::listen(service, secure(listener)).map(Running).map_err(|error| told(error.to_string()))
    }
}

impl Running {
    /// Returns the URL of the API.
    #[must_use]
    pub fn url(&self) -> String {
        self.0.url()
    }

    /// Returns the URL of the server, without a path.
    #[must_use]
    pub fn origin(&self) -> String {
        self.0.origin()
    }

    /// Returns the control API.
    #[must_use]
    pub fn control(&self) -> &Control {
        self.0.api().control()
    }

    /// Stops listening, and waits until all requests are answered, at most for `deadline`.
    pub async fn close(self, deadline: Duration) {
        self.control().end_streams();
        if let Err(error) = self.0.close(deadline).await {
            tracing::debug!(%error, "connections were still open");
        }
    }
}

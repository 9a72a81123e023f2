//! A running stub: put together from a fixture, perhaps a state file, and an address. The program is a thin layer over
//! this, and tests run it within their own process.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::ops::Deref;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use authentik_sources_api::BASE_PATH;
use openapi_control::guard::{ControlToken, Guard, is_loopback};
use openapi_control::record::Recorder;
use openapi_control::{AccessLog, Answers, Control, Controlled as _, Coverage, Faults, LogFormat};
use openapi_django::server::Django;
use openapi_resources::objects;
use openapi_resources::supply::Adjustable;
use openapi_resources::worlds::WorldError;
use openapi_server_runtime::cors::{Cors, Origin};
use openapi_server_runtime::listener::Listener;
#[cfg(feature = "tls")]
pub use openapi_server_runtime::listener::{Tls, TlsError};
use openapi_server_runtime::server::{Address, Server};
use openapi_server_runtime::service::Settings;

use crate::api::{self, Api, ByStore};
use crate::fixture::Fixture;
use crate::instance::Instance;
use crate::start_error::StartError;
#[cfg(feature = "durable")]
use crate::state_file::{self, Opened};
use crate::world::World;

/// A stub that is listening.
#[derive(Debug)]
pub struct Stub {
    address: Address,
    server: Server<ByStore, Api, Django>,
    first: Instance,
    kept_other_fixture: bool,
    patience: Duration,
}

/// The HTTP server that reads requests and sends responses. These are the same for each, except for [`DEVIATIONS`].
///
/// [`DEVIATIONS`]: crate::DEVIATIONS
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
pub enum Carrier {
    /// Dropshot.
    #[cfg(feature = "dropshot")]
    #[default]
    Dropshot,
    /// The listener on hyper. When the stub is closed, it also ends clients that do not read their response.
    #[cfg_attr(not(feature = "dropshot"), default)]
    Hyper,
}

/// Builds a stub.
#[derive(Debug, Clone)]
pub struct StubBuilder {
    fixture: Option<Fixture>,
    #[cfg(feature = "durable")]
    state: Option<PathBuf>,
    #[cfg(feature = "durable")]
    start_over: bool,
    listen: Address,
    carrier: Option<Carrier>,
    control_token: Option<ControlToken>,
    seed: Option<u64>,
    access_log: Option<LogFormat>,
    patience: Duration,
    strict: bool,
    cors: Vec<Origin>,
    record: Option<PathBuf>,
    #[cfg(feature = "tls")]
    tls: Option<Tls>,
}

impl Stub {
    /// Puts a stub together. By default it serves the built-in fixture from memory at a free port of this machine.
    #[must_use]
    pub fn builder() -> StubBuilder {
        StubBuilder {
            fixture: None,
            #[cfg(feature = "durable")]
            state: None,
            #[cfg(feature = "durable")]
            start_over: false,
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)).into(),
            carrier: None,
            control_token: None,
            seed: None,
            access_log: None,
            patience: Duration::from_secs(5),
            strict: false,
            cors: Vec::new(),
            record: None,
            #[cfg(feature = "tls")]
            tls: None,
        }
    }

    /// Starts a stub with the built-in fixture, in memory, at a free port of this machine.
    ///
    /// # Errors
    /// If there is no free port.
    pub async fn start() -> Result<Self, StartError> {
        Self::builder().start().await
    }

    /// Returns the URL of the server, without a path. A stub that listens at every address of this machine is reached
    /// by the one that never leaves it.
    #[must_use]
    pub fn origin(&self) -> String {
        origin(&self.address, self.server.is_tls())
    }

    /// Returns the address the stub listens at.
    #[must_use]
    pub fn address(&self) -> &Address {
        &self.address
    }

    /// Returns the token that requests to `/-/` have to send as `Authorization: Bearer TOKEN`, if they need one: if one
    /// was given, or if the stub does not listen on loopback.
    #[must_use]
    pub fn control_token(&self) -> Option<&str> {
        self.server.api().control().guard().token()
    }

    /// Returns `true` if a fixture was given and not used, because the state file was filled from another one.
    #[must_use]
    pub fn kept_other_fixture(&self) -> bool {
        self.kept_other_fixture
    }

    /// Returns what records the exchanges, if anything does.
    #[must_use]
    pub fn recorder(&self) -> Option<&Recorder> {
        self.server.api().control().recorder()
    }

    /// Returns the planned faults.
    #[must_use]
    pub fn faults(&self) -> &Faults {
        self.server.api().control().faults()
    }

    /// Returns the answers of one's own.
    #[must_use]
    pub fn answers(&self) -> &Answers {
        self.server.api().control().answers()
    }

    /// Returns which parts of the API the requests have used so far.
    #[must_use]
    pub fn coverage(&self) -> Coverage {
        self.server.api().control().coverage()
    }

    /// Returns the clock, which a test may set: for times of objects and for the expiry of tokens.
    #[must_use]
    pub fn clock(&self) -> &Adjustable {
        self.server.api().control().supply()
    }

    /// Returns a world that no other test has: objects of its own, which begin with the fixture. It is dropped with what is
    /// returned. Its name is that of the test, with a number.
    #[must_use]
    pub fn fresh_world(&self) -> World {
        let thread = std::thread::current();
        let label = thread.name().filter(|name| *name != "main").unwrap_or("world");
        World::of(self.server.api(), self.server.api().worlds().fresh(label), self.first.url())
    }

    /// Returns the world of this name, which is made if there is none. It is dropped with the last that is returned for the
    /// name.
    ///
    /// # Errors
    /// If the name is empty, too long, or has anything but letters, digits, `-`, `_` and `.`.
    pub fn world(&self, name: &str) -> Result<World, WorldError> {
        Ok(World::of(self.server.api(), self.server.api().worlds().hold(name)?, self.first.url()))
    }

    /// Returns the names of the worlds beside the first, those that requests have named among them.
    #[must_use]
    pub fn worlds(&self) -> Vec<String> {
        self.server.api().worlds().names()
    }

    /// Drops a world, with the faults and answers for it alone.
    ///
    /// # Errors
    /// If there is none of this name.
    pub fn drop_world(&self, name: &str) -> Result<(), WorldError> {
        openapi_control::close_world(self.server.api(), name)
    }

    /// Stops listening, and waits for running requests as long as the stub has patience.
    pub async fn close(self) {
        self.server.api().control().end_streams();
        if let Err(error) = self.server.close(self.patience).await {
            tracing::debug!(%error, "connections were still open");
        }
    }
}

/// The first world of the stub, which requests are in that name none.
impl Deref for Stub {
    type Target = Instance;

    fn deref(&self) -> &Instance {
        &self.first
    }
}

impl StubBuilder {
    /// Starts with these objects.
    #[must_use]
    pub fn fixture(mut self, fixture: Fixture) -> Self {
        self.fixture = Some(fixture);
        self
    }

    /// Keeps the objects in a file, which is filled from the fixture at first.
    #[cfg(feature = "durable")]
    #[must_use]
    pub fn state(mut self, file: impl Into<PathBuf>) -> Self {
        self.state = Some(file.into());
        self
    }

    /// Forgets what the state file holds.
    #[cfg(feature = "durable")]
    #[must_use]
    pub fn start_over(mut self, start_over: bool) -> Self {
        self.start_over = start_over;
        self
    }

    /// Listens at this address; port 0 is any that is free. A unix socket needs the carrier hyper, which is then the default.
    #[must_use]
    pub fn listen(mut self, address: impl Into<Address>) -> Self {
        self.listen = address.into();
        self
    }

    /// Sets the carrier.
    #[must_use]
    pub fn carrier(mut self, carrier: Carrier) -> Self {
        self.carrier = Some(carrier);
        self
    }

    /// Asks for this token on `/-/`. Without one, a stub on loopback asks for none and any other makes one up, see
    /// [`Stub::control_token`]. Requests that a page of another site caused are refused in any case.
    #[must_use]
    pub fn control_token(mut self, token: impl Into<String>) -> Self {
        self.control_token = Some(ControlToken::from(token.into()));
        self
    }

    /// Holds requests to the document instead of to what authentik puts up with, see [`Django::strict`].
    #[must_use]
    pub fn strict(mut self, strict: bool) -> Self {
        self.strict = strict;
        self
    }

    /// Lets web pages of these origins read responses of the API. The control API is for none of them.
    #[must_use]
    pub fn cors(mut self, origins: impl IntoIterator<Item = Origin>) -> Self {
        self.cors = origins.into_iter().collect();
        self
    }

    /// Makes keys, tokens and identifiers that are the same for every stub with this seed and the same requests. Keys of
    /// certificates are not.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = Some(seed);
        self
    }

    /// Writes a line for each request to standard error. The default carrier is then hyper, which answers with the identifier
    /// of the line, `X-Request-Id`.
    #[must_use]
    pub fn access_log(mut self, format: LogFormat) -> Self {
        self.access_log = Some(format);
        self
    }

    /// Records every exchange in a new file, without secrets.
    #[must_use]
    pub fn record(mut self, file: impl Into<PathBuf>) -> Self {
        self.record = Some(file.into());
        self
    }

    /// Serves over TLS, which needs the carrier hyper; it is then the default.
    #[cfg(feature = "tls")]
    #[must_use]
    pub fn tls(mut self, tls: Tls) -> Self {
        self.tls = Some(tls);
        self
    }

    /// Sets the time that running requests have to finish when the stub is closed.
    #[must_use]
    pub fn patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// Returns the objects that the stub would start with as the text of a fixture, all of them with everything that is known.
    ///
    /// # Errors
    /// If the fixture cannot be used.
    pub fn fixture_text(self) -> Result<String, StartError> {
        let api = Api::new(&self.fixture.map_or_else(Fixture::sample, Ok)?)?;
        Ok(objects::text(&api.store().export()))
    }

    /// Starts listening. The stub runs on the current runtime of Tokio until it is closed or dropped.
    ///
    /// # Errors
    /// If the control token, the fixture, the state file or the address cannot be used, or with a seed and a state file.
    #[cfg_attr(not(feature = "durable"), expect(clippy::unused_async, reason = "opening a state file waits"))]
    pub async fn start(self) -> Result<Stub, StartError> {
        #[cfg(feature = "durable")]
        if self.seed.is_some() && self.state.is_some() {
            return Err(StartError::SeedWithState);
        }
        let tcp = self.listen.as_tcp();
        let guard = Guard::at(tcp, self.control_token)?;
        let (address, log) = (self.listen.clone(), self.access_log);
        let unreachable = |reason| StartError::Address { address: address.clone(), reason };
        #[cfg(feature = "tls")]
        let is_tls = self.tls.is_some();
        #[cfg(not(feature = "tls"))]
        let is_tls = false;
        let of_hyper = is_tls || self.access_log.is_some();
        let carrier = self.carrier.unwrap_or_else(|| Carrier::of(&self.listen, of_hyper));
        #[cfg(feature = "dropshot")]
        if is_tls && carrier == Carrier::Dropshot {
            return Err(StartError::Carrier(NO_TLS));
        }
        let recorder = self.record.map(|path| Recorder::create(path, BASE_PATH)).transpose()?;
        let supply = Arc::new(Adjustable::new(self.seed));
        let adapt = move |control: Control| {
            let control = control.with_guard(guard).with_recorder(recorder);
            match log {
                Some(format) => control.with_access_log(AccessLog::stderr(format)),
                None => control,
            }
        };
        #[cfg(feature = "durable")]
        let given = self.fixture.is_some();
        let fixture = self.fixture.map_or_else(Fixture::sample, Ok)?;
        let is_reached = tcp.is_some_and(|address| !is_loopback(address.ip()));
        let first = if is_reached { fixture.with_secret_tokens()? } else { fixture.clone() };
        #[cfg(not(feature = "durable"))]
        let (api, kept_other_fixture) = (Api::controlled(&first, supply, adapt)?, false);
        #[cfg(feature = "durable")]
        let (api, kept_other_fixture, kept) = match self.state {
            None => (Api::controlled(&first, supply, adapt)?, false, None),
            Some(path) => {
                // Opening a state file writes to it, if only that it is open, which a taken port is no reason for.
                if let Some(address) = tcp {
                    std::net::TcpListener::bind(address).map_err(|error| unreachable(error.to_string()))?;
                }
                let opened = state_file::open(path.clone(), first, self.start_over, supply, adapt).await?;
                let is_chosen = !fixture.is_built_in() && opened.origin == fixture;
                if is_reached && !is_chosen && opened.has_published_tokens()? {
                    return Err(StartError::PublishedTokens { path, address: address.clone() });
                }
                let Opened { api, kept, origin } = opened;
                api.store().hold();
                (api, given && !origin.came_from(&fixture), Some(kept))
            }
        };
        let (api_of_first, token) = (api.clone(), api.token());
        let cors = (!self.cors.is_empty()).then(|| Cors::new(self.cors));
        let settings =
            Settings { answers_request_id: self.access_log.is_some(), cors, ..Settings::default() };
        let service = api.service().with_dialect(api::dialect().strict(self.strict)).with_settings(settings);
        let server = match carrier {
            #[cfg(feature = "dropshot")]
            Carrier::Dropshot => {
                let address = tcp.ok_or(StartError::Carrier(NO_SOCKET))?;
                Server::start(service, address)
            }
            Carrier::Hyper => {
                let listener =
                    Listener::bind(self.listen.clone()).map_err(|error| unreachable(error.to_string()))?;
                #[cfg(feature = "tls")]
                let listener = listener.with_tls(self.tls);
                Server::listen(service, listener)
            }
        };
        let server = server.map_err(|error| unreachable(last_cause(&error)))?;
        // Only now, when nothing else can fail, is a state file made or replaced.
        #[cfg(feature = "durable")]
        if let Some(kept) = kept {
            state_file::publish(kept, &server.api().store()).await?;
        }
        let address = server.local_addr().clone();
        let url = format!("{}{BASE_PATH}", origin(&address, server.is_tls()));
        let world = Arc::clone(api_of_first.worlds().main());
        let first = Instance::new(api_of_first, world, url, token);
        Ok(Stub { address, server, first, kept_other_fixture, patience: self.patience })
    }
}

/// The reason why dropshot does not listen at a unix socket.
#[cfg(feature = "dropshot")]
const NO_SOCKET: &str = "dropshot listens at no unix socket, and --carrier hyper does";

/// The reason why dropshot does not serve over TLS.
#[cfg(feature = "dropshot")]
const NO_TLS: &str = "the carrier dropshot does not serve over TLS, and --carrier hyper does";

impl Carrier {
    /// Returns the carrier where none is chosen. Dropshot listens at no unix socket, serves no TLS here, and answers every
    /// request with an identifier of its own.
    fn of(address: &Address, of_hyper: bool) -> Self {
        if address.as_tcp().is_none() || of_hyper { Self::Hyper } else { Self::default() }
    }
}

/// Returns the URL of a server, by which this machine reaches it.
fn origin(address: &Address, is_tls: bool) -> String {
    let Some(mut known) = address.as_tcp() else { return address.origin(is_tls) };
    match known.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => known.set_ip(Ipv4Addr::LOCALHOST.into()),
        IpAddr::V6(ip) if ip.is_unspecified() => known.set_ip(Ipv6Addr::LOCALHOST.into()),
        _ => {}
    }
    Address::from(known).origin(is_tls)
}

/// Returns the message of the error that an error comes from.
fn last_cause(error: &(dyn std::error::Error + 'static)) -> String {
    std::iter::successors(error.source(), |error| error.source()).last().unwrap_or(error).to_string()
}

//! Construction of a client: where the API is, with which credentials, and how long to wait.
//!
//! Generated clients wrap [`Client`] and [`ClientBuilder`] in types of their own, which have the operations.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use reqwest::Request;
use reqwest::header::{AUTHORIZATION, COOKIE, HeaderMap, HeaderName, HeaderValue};

use crate::api::{Api, Operation};
use crate::attempt::Attempt;
use crate::base_url::{self, BaseUrl};
use crate::credentials::{Credential, Secret, authenticate, authenticate_with_all};
use crate::drift::DriftReport;
use crate::error::Error;
use crate::options::{Defaults, Retries};
use crate::security::KeyPlace;

/// The default time limit of a call, including its response.
const TIMEOUT: Duration = Duration::from_secs(30);

/// The default limit of a response in bytes.
const BODY_LIMIT: usize = 64 * 1024 * 1024;

/// A client of one deployment. Cloning it is cheap, and clones share their connections.
///
/// It sends any [`request`](Self::request), but has no operations: those are methods of the generated type that wraps it.
#[derive(Clone)]
pub struct Client {
    api: &'static Api,
    base_url: BaseUrl,
    http: reqwest::Client,
    credentials: Vec<Credential>,
    /// The cookies among the headers of every request.
    cookie: Option<HeaderValue>,
    /// `true` if requests have credentials.
    carries_secrets: bool,
    /// `true` once it was told that these are sent without encryption.
    has_warned: Arc<AtomicBool>,
    body_limit: usize,
    defaults: Defaults,
    hook: Option<Hook>,
}

/// A hook that sees the headers of every request before it is sent.
pub(crate) type Hook = Arc<dyn Fn(&Attempt, &mut HeaderMap) + Send + Sync>;

impl Client {
    /// Returns the URL that the paths of all operations follow.
    #[must_use]
    pub fn base_url(&self) -> &str {
        &self.base_url.api
    }

    /// Returns the URL that the path of this operation follows.
    pub(crate) fn base_url_of(&self, operation: &Operation) -> Cow<'_, str> {
        match &operation.server {
            None => Cow::Borrowed(self.base_url()),
            Some(server) => {
                let url = self.base_url.of(server);
                if self.carries_secrets && !self.has_warned.load(Ordering::Relaxed) {
                    self.has_warned.store(warn_in_the_clear(&url), Ordering::Relaxed);
                }
                Cow::Owned(url)
            }
        }
    }

    /// Returns the client that sends the requests, for what [`request`](Self::request) cannot do.
    ///
    /// It has the headers of the builder, but neither its credentials nor its hooks, retries and timeout.
    #[must_use]
    pub fn http(&self) -> &reqwest::Client {
        &self.http
    }

    /// Returns the API of the client.
    pub(crate) fn api(&self) -> &'static Api {
        self.api
    }

    /// Adds the credentials that `operation` asks for to a request.
    pub(crate) fn authenticate(&self, operation: &Operation, request: &mut Request) {
        if operation.is_described() {
            authenticate(&self.credentials, operation.security, self.cookie.as_ref(), request);
        } else {
            authenticate_with_all(&self.credentials, self.cookie.as_ref(), request);
        }
    }

    /// Returns the cookies that go with every request.
    pub(crate) fn cookie(&self) -> Option<&HeaderValue> {
        self.cookie.as_ref()
    }

    /// Returns the most bytes of a response that are read.
    pub(crate) fn body_limit(&self) -> usize {
        self.body_limit
    }

    /// Returns the options of calls that do not set their own.
    pub(crate) fn defaults(&self) -> &Defaults {
        &self.defaults
    }

    /// Returns the hook that sees the headers of every request.
    pub(crate) fn hook(&self) -> Option<&Hook> {
        self.hook.as_ref()
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("base_url", &self.base_url.api)
            .field("credentials", &self.credentials)
            .finish_non_exhaustive()
    }
}

/// Sets up a [`Client`].
#[derive(Clone)]
#[must_use]
pub struct ClientBuilder {
    api: &'static Api,
    url: String,
    credentials: Vec<(&'static str, Secret)>,
    user_agent: String,
    headers: Vec<(String, String)>,
    body_limit: usize,
    defaults: Defaults,
    hook: Option<Hook>,
}

impl ClientBuilder {
    /// Starts the construction of a client of `api` for the deployment at `url`.
    ///
    /// That is the URL of its host, such as `https://api.example.com`, with the path it is deployed at if there
    /// is one; the path of the API itself may be there or not.
    pub fn new(api: &'static Api, url: impl Into<String>) -> Self {
        ClientBuilder {
            api,
            url: url.into(),
            credentials: Vec::new(),
            user_agent: api.user_agent.to_owned(),
            headers: Vec::new(),
            body_limit: BODY_LIMIT,
            defaults: Defaults { timeout: TIMEOUT, retries: Retries::default(), on_drift: None },
            hook: None,
        }
    }

    /// Authenticates with a token for the security scheme `scheme`, sent as `Authorization: Bearer`.
    pub fn token(self, scheme: &'static str, token: impl Into<String>) -> Self {
        self.credentials(scheme, Secret::Token(token.into()))
    }

    /// Authenticates with a user and a password for the security scheme `scheme`, sent as `Authorization: Basic`.
    pub fn basic(self, scheme: &'static str, user: impl Into<String>, password: impl Into<String>) -> Self {
        self.credentials(scheme, Secret::Basic { user: user.into(), password: password.into() })
    }

    /// Authenticates by another scheme of HTTP, whose name comes before `value` in `Authorization`.
    pub fn http(self, scheme: &'static str, name: &'static str, value: impl Into<String>) -> Self {
        self.credentials(scheme, Secret::Http { scheme: name, value: value.into() })
    }

    /// Authenticates with a key for the security scheme `scheme`, sent at `place` as `name`.
    pub fn key(
        self,
        scheme: &'static str,
        place: KeyPlace,
        name: &'static str,
        value: impl Into<String>,
    ) -> Self {
        self.credentials(scheme, Secret::Key { place, name, value: value.into() })
    }

    /// Sets the credentials for a scheme instead of those there were.
    fn credentials(mut self, scheme: &'static str, secret: Secret) -> Self {
        self.credentials.retain(|(known, _)| *known != scheme);
        self.credentials.push((scheme, secret));
        self
    }

    /// Sets the name of the program that makes the requests, in place of this crate's.
    pub fn user_agent(mut self, user_agent: impl Into<String>) -> Self {
        self.user_agent = user_agent.into();
        self
    }

    /// Bounds how long a call may take: all attempts, the waits between them, and the response; 30 seconds unless set.
    ///
    /// [`CallOptions::timeout`](crate::CallOptions::timeout) sets it for one call.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.defaults.timeout = timeout;
        self
    }

    /// Bounds how many bytes a response may have; 64 MiB unless set.
    ///
    /// A longer one is not read to its end: the call fails with [`Error::BodyTooLarge`]. A response that is an error
    /// anyway is cut there.
    pub fn body_limit(mut self, bytes: usize) -> Self {
        self.body_limit = bytes;
        self
    }

    /// Says how often a call is tried; see [`Retries`] for what is tried again unless set.
    ///
    /// [`CallOptions::retries`](crate::CallOptions::retries) sets it for one call.
    pub fn retries(mut self, retries: Retries) -> Self {
        self.defaults.retries = retries;
        self
    }

    /// Sends a header with every request, such as one that a proxy in front of the server asks for.
    ///
    /// Its value is taken for a secret: no `Debug` shows it.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Shows `hook` the headers of every request before it is sent, those of credentials among them, to add or change some.
    ///
    /// It runs for every attempt, so it can sign, count or trace each of them, or bring a token that was renewed.
    ///
    /// ```
    /// # use openapi_client_runtime::{Client, ClientBuilder, Error};
    /// # fn example(builder: ClientBuilder) -> Result<(), Error> {
    /// let client = builder
    ///     .on_request(|attempt, headers| {
    ///         headers.insert("x-attempt", attempt.number.into());
    ///     })
    ///     .build()?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn on_request(mut self, hook: impl Fn(&Attempt, &mut HeaderMap) + Send + Sync + 'static) -> Self {
        self.hook = Some(Arc::new(hook));
        self
    }

    /// Has `hook` know of every response that is not what the document describes, each page of a stream among them.
    ///
    /// It runs before the call has its response, on the thread that waits for it.
    /// [`CallOptions::on_drift`](crate::CallOptions::on_drift) sets it for one call.
    ///
    /// ```
    /// # use openapi_client_runtime::{Client, ClientBuilder, Error};
    /// # fn example(builder: ClientBuilder) -> Result<(), Error> {
    /// let client = builder
    ///     .on_drift(|answer| eprintln!("{} drifts in {} places", answer.operation, answer.drift.len()))
    ///     .build()?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn on_drift(mut self, hook: impl Fn(&DriftReport<'_>) + Send + Sync + 'static) -> Self {
        self.defaults.on_drift = Some(Arc::new(hook));
        self
    }

    /// Returns the client. A warning is logged if it would send credentials without encryption to another machine; where an
    /// operation has a server of its own, once it is called.
    ///
    /// # Errors
    /// If the URL is no place where an API can be, or credentials or the value of a header cannot be sent.
    pub fn build(self) -> Result<Client, Error> {
        let base_url = base_url::find(&self.url, self.api.servers).map_err(Error::configuration)?;
        let credentials = self.credentials.iter().map(|(scheme, secret)| Credential::new(scheme, secret));
        let credentials = credentials.collect::<Result<Vec<_>, _>>()?;
        let headers = self.headers.iter().map(|(name, value)| header(name, value));
        let headers = headers.collect::<Result<HeaderMap, _>>()?;
        let cookie = headers.get(COOKIE).cloned();
        let carries_secrets =
            !credentials.is_empty() || cookie.is_some() || headers.contains_key(AUTHORIZATION);
        let has_warned = Arc::new(AtomicBool::new(carries_secrets && warn_in_the_clear(&base_url.api)));
        let http = reqwest::Client::builder()
            .default_headers(headers)
            .user_agent(self.user_agent)
            // The API answers no redirects; following one would take credentials and the body to another place.
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .map_err(|fault| Error::configuration(format!("the HTTP client cannot be set up: {fault}")))?;
        Ok(Client {
            api: self.api,
            base_url,
            http,
            credentials,
            cookie,
            carries_secrets,
            has_warned,
            body_limit: self.body_limit,
            defaults: self.defaults,
            hook: self.hook,
        })
    }
}

impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The URL is not shown: until it is checked, it may hold a password.
        f.debug_struct("ClientBuilder")
            .field("credentials", &self.credentials.iter().map(|(scheme, _)| scheme).collect::<Vec<_>>())
            .field("user_agent", &self.user_agent)
            .field("headers", &self.headers.iter().map(|(name, _)| name).collect::<Vec<_>>())
            .field("body_limit", &self.body_limit)
            .field("timeout", &self.defaults.timeout)
            .field("retries", &self.defaults.retries)
            .finish_non_exhaustive()
    }
}

/// Warns if what is sent to a URL can be read on the way. Returns `true` if it does.
fn warn_in_the_clear(url: &str) -> bool {
    let Some(host) = base_url::in_the_clear(url) else { return false };
    tracing::warn!(
        host,
        "credentials are sent without encryption, where others can read them; use an https:// URL"
    );
    true
}

/// Returns the header `name`. No error shows its value.
fn header(name: &str, value: &str) -> Result<(HeaderName, HeaderValue), Error> {
    let known = HeaderName::try_from(name)
        .map_err(|_| Error::configuration(format!("{name:?} cannot be the name of a header")))?;
    let mut value = HeaderValue::try_from(value)
        .map_err(|_| Error::configuration(format!("the value of {name:?} cannot be sent in a header")))?;
    value.set_sensitive(true);
    Ok((known, value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::SAMPLE;

    #[test]
    fn no_debug_shows_credentials_and_each_names_their_scheme() {
        let builder = ClientBuilder::new(&SAMPLE, "https://api.example.com")
            .token("house", "s3cret")
            .basic("door", "s3cret", "s3cret")
            .key("gate", KeyPlace::Query, "key", "s3cret")
            .http("fence", "Digest", "s3cret");
        let client = builder.clone().build().unwrap();
        for shown in [format!("{builder:?}"), format!("{client:?}")] {
            assert!(!shown.contains("s3cret"), "{shown}");
            for scheme in ["house", "door", "gate", "fence"] {
                assert!(shown.contains(scheme), "{shown}");
            }
        }
    }
}

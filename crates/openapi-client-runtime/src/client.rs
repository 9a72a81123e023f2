//! Construction of a client: where the API is, with which token, and how long to wait.
//!
//! Generated clients wrap [`Client`] and [`ClientBuilder`] in types of their own, which have the operations.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

use crate::api::Api;
use crate::base_url;
use crate::drift::DriftReport;
use crate::error::Error;
use crate::options::{Defaults, Retries};
use crate::transport::Attempt;

/// How long a call may take, its answer included, unless the builder says otherwise.
const TIMEOUT: Duration = Duration::from_secs(30);

/// A client of one deployment. Cloning it is cheap, and clones share their connections.
///
/// It can send requests, but has no operations: those are methods of the generated type that wraps it.
#[derive(Clone)]
pub struct Client {
    api: &'static Api,
    base_url: String,
    http: reqwest::Client,
    authorization: Option<HeaderValue>,
    defaults: Defaults,
    hook: Option<Hook>,
}

/// What looks at the headers of every request before it is sent.
pub(crate) type Hook = Arc<dyn Fn(&Attempt, &mut HeaderMap) + Send + Sync>;

impl Client {
    /// Returns the URL that the paths of all operations follow.
    #[must_use]
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// Returns the client that sends the requests, for a request that no operation makes.
    ///
    /// It has the headers of the builder, but neither its token nor its hooks, retries and timeout.
    #[must_use]
    pub fn http(&self) -> &reqwest::Client {
        &self.http
    }

    /// The API that the client is of.
    pub(crate) fn api(&self) -> &'static Api {
        self.api
    }

    /// The value of the header `Authorization`, marked as sensitive.
    pub(crate) fn authorization(&self) -> Option<&HeaderValue> {
        self.authorization.as_ref()
    }

    /// What goes for every call that does not say otherwise.
    pub(crate) fn defaults(&self) -> &Defaults {
        &self.defaults
    }

    /// What looks at the headers of every request.
    pub(crate) fn hook(&self) -> Option<&Hook> {
        self.hook.as_ref()
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("base_url", &self.base_url)
            .field("authenticated", &self.authorization.is_some())
            .finish_non_exhaustive()
    }
}

/// Sets up a [`Client`].
#[derive(Clone)]
#[must_use]
pub struct ClientBuilder {
    api: &'static Api,
    url: String,
    token: Option<String>,
    user_agent: String,
    headers: Vec<(String, String)>,
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
            token: None,
            user_agent: api.user_agent.to_owned(),
            headers: Vec::new(),
            defaults: Defaults { timeout: TIMEOUT, retries: Retries::default(), on_drift: None },
            hook: None,
        }
    }

    /// Authenticates with a token. Without one, requests are anonymous.
    pub fn token(mut self, token: impl Into<String>) -> Self {
        self.token = Some(token.into());
        self
    }

    /// Names the program that makes the requests, instead of this crate.
    pub fn user_agent(mut self, user_agent: impl Into<String>) -> Self {
        self.user_agent = user_agent.into();
        self
    }

    /// Bounds how long a call may take: all attempts, the waits between them, and the answer; 30 seconds unless set.
    ///
    /// [`CallOptions::timeout`](crate::CallOptions::timeout) sets it for one call.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.defaults.timeout = timeout;
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

    /// Shows `hook` the headers of every request before it is sent, the token among them, to add or change some.
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

    /// Has `hook` know of every answer that is not what the document describes, each page of a stream among them.
    ///
    /// It runs before the call has its answer, on the thread that waits for it.
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

    /// Returns the client.
    ///
    /// # Errors
    /// If the URL is no place where an API can be, or the token or another value cannot be sent in a header.
    pub fn build(self) -> Result<Client, Error> {
        let base_url = base_url::find(&self.url, self.api.base_path).map_err(Error::configuration)?;
        let authorization = self.token.as_deref().map(authorization).transpose()?;
        let headers = self.headers.iter().map(|(name, value)| header(name, value));
        let http = reqwest::Client::builder()
            .default_headers(headers.collect::<Result<_, _>>()?)
            .user_agent(self.user_agent)
            // The API answers no redirects; following one would take the token and the body to another place.
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .map_err(|fault| Error::configuration(format!("the HTTP client cannot be set up: {fault}")))?;
        Ok(Client { api: self.api, base_url, http, authorization, defaults: self.defaults, hook: self.hook })
    }
}

impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The URL is not shown: until it is checked, it may hold a password.
        f.debug_struct("ClientBuilder")
            .field("token", &self.token.as_ref().map(|_| "..."))
            .field("user_agent", &self.user_agent)
            .field("headers", &self.headers.iter().map(|(name, _)| name).collect::<Vec<_>>())
            .field("timeout", &self.defaults.timeout)
            .field("retries", &self.defaults.retries)
            .finish_non_exhaustive()
    }
}

/// The header `name`, which no error shows the value of.
fn header(name: &str, value: &str) -> Result<(HeaderName, HeaderValue), Error> {
    let known = HeaderName::try_from(name)
        .map_err(|_| Error::configuration(format!("{name:?} cannot be the name of a header")))?;
    let mut value = HeaderValue::try_from(value)
        .map_err(|_| Error::configuration(format!("the value of {name:?} cannot be sent in a header")))?;
    value.set_sensitive(true);
    Ok((known, value))
}

/// The header for `token`, whose surrounding blanks (a line break read from a file, say) do not belong to it.
fn authorization(token: &str) -> Result<HeaderValue, Error> {
    let token = token.trim();
    if token.is_empty() {
        return Err(Error::configuration(
            "the token is empty; leave it out to make anonymous requests".to_owned(),
        ));
    }
    // A server decodes the header before it knows of users, so what is no ASCII fails there in ways of its own.
    if !token.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(Error::configuration(
            "the token has a character that no token has, such as a blank or a letter with an accent"
                .to_owned(),
        ));
    }
    let mut value = HeaderValue::try_from(format!("Bearer {token}"))
        .map_err(|_| Error::configuration("the token cannot be sent in a header".to_owned()))?;
    value.set_sensitive(true);
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::SAMPLE;

    #[test]
    fn no_debug_shows_the_token() {
        let builder = ClientBuilder::new(&SAMPLE, "https://api.example.com").token("s3cret");
        assert!(!format!("{builder:?}").contains("s3cret"));
        let client = builder.build().unwrap();
        assert!(!format!("{client:?}").contains("s3cret"));
    }

    #[test]
    fn a_token_from_a_file_loses_its_line_break_and_a_broken_one_is_refused_unseen() {
        assert_eq!(authorization("abc\n").unwrap(), "Bearer abc");
        for token in ["", "  ", "töken", "two parts", "nul\0"] {
            let error = authorization(token).unwrap_err().to_string();
            assert!(error.contains("token"), "{error}");
            assert!(token.trim().is_empty() || !error.contains(token), "{error}");
        }
    }
}

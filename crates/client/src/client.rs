//! Construction of a client: where the API is, with which token, and how long to wait.
//!
//! The operations themselves are generated; they begin at the methods of [`Client`].

use std::fmt;
use std::time::Duration;

use reqwest::header::HeaderValue;

use crate::base_url;
use crate::error::Error;

/// How long a request may take, its answer included, unless the builder says otherwise.
const TIMEOUT: Duration = Duration::from_secs(30);

/// A client of one authentik deployment. Cloning it is cheap, and clones share their connections.
#[derive(Clone)]
#[expect(clippy::struct_field_names, reason = "the generated builders know the fields by these names")]
pub struct Client {
    pub(crate) baseurl: String,
    pub(crate) client: reqwest::Client,
    authorization: Option<HeaderValue>,
}

impl Client {
    /// Starts the construction of a client for the deployment at `url`.
    ///
    /// That is the URL of its host, such as `https://authentik.example.com`, with the path it is deployed at if there
    /// is one; the path of the API itself may be there or not.
    pub fn builder(url: impl Into<String>) -> ClientBuilder {
        ClientBuilder {
            url: url.into(),
            token: None,
            user_agent: concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION")).to_owned(),
            timeout: TIMEOUT,
        }
    }

    /// The URL that the paths of all operations follow.
    #[must_use]
    pub fn base_url(&self) -> &str {
        &self.baseurl
    }

    /// The value of the header `Authorization`, marked as sensitive.
    pub(crate) fn authorization(&self) -> Option<&HeaderValue> {
        self.authorization.as_ref()
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("base_url", &self.baseurl)
            .field("authenticated", &self.authorization.is_some())
            .finish_non_exhaustive()
    }
}

/// What a [`Client`] is constructed from.
#[derive(Clone)]
#[must_use]
pub struct ClientBuilder {
    url: String,
    token: Option<String>,
    user_agent: String,
    timeout: Duration,
}

impl ClientBuilder {
    /// Authenticates with an API token of authentik. Without one, requests are anonymous.
    pub fn token(mut self, token: impl Into<String>) -> Self {
        self.token = Some(token.into());
        self
    }

    /// Names the program that makes the requests, instead of this crate.
    pub fn user_agent(mut self, user_agent: impl Into<String>) -> Self {
        self.user_agent = user_agent.into();
        self
    }

    /// Bounds how long a request may take, its answer included; 30 seconds unless set.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// The client.
    ///
    /// # Errors
    /// If the URL is no place where an API can be, or the token cannot be sent in a header.
    pub fn build(self) -> Result<Client, Error> {
        let baseurl = base_url::find(&self.url).map_err(Error::configuration)?;
        let authorization = self.token.as_deref().map(authorization).transpose()?;
        let client = reqwest::Client::builder()
            .user_agent(self.user_agent)
            .timeout(self.timeout)
            // The API answers no redirects; following one would take the token and the body to another place.
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .map_err(|fault| Error::configuration(format!("the HTTP client cannot be set up: {fault}")))?;
        Ok(Client { baseurl, client, authorization })
    }
}

impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The URL is not shown: until it is checked, it may hold a password.
        f.debug_struct("ClientBuilder")
            .field("token", &self.token.as_ref().map(|_| "..."))
            .field("user_agent", &self.user_agent)
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
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

    #[test]
    fn no_debug_shows_the_token() {
        let builder = Client::builder("https://authentik.example.com").token("s3cret");
        assert!(!format!("{builder:?}").contains("s3cret"));
        let client = builder.build().unwrap();
        assert!(!format!("{client:?}").contains("s3cret"));
        let request = client.sources_plex_list();
        assert!(!format!("{request:?}").contains("s3cret"));
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

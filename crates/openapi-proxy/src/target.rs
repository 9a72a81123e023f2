//! The server that requests are sent to, and how it may be reached.

use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use openapi_control::PREFIX;
use reqwest::{Client, ClientBuilder, Url};

/// The time that a connection to the server may take.
const CONNECT: Duration = Duration::from_secs(5);

/// The time for which the server may say nothing once its response has begun.
const READ: Duration = Duration::from_mins(2);

/// The reason why a path is not asked for.
const NOT_PLAIN: &str = "its path means another one after `..` and the like are resolved";

/// The reason why a path of a control API is not asked for.
const NOT_CONTROL: &str = "its path is one of the control API, `/-/`";

/// The way in which a server may be reached.
#[derive(Debug, Clone, Default)]
pub struct Reach {
    /// `true` if the server may be another machine.
    pub allow_remote: bool,
    /// The file with the certificates, as PEM, that are trusted instead of those of the system.
    pub ca: Option<PathBuf>,
}

/// A server at a URL.
#[derive(Debug, Clone)]
pub struct Target {
    client: Client,
    base: Url,
}

impl Target {
    /// Returns the server at a URL, which is another machine only if that is allowed.
    ///
    /// # Errors
    /// If this is no URL of a server, or one that may not be reached, or with a certificate that cannot be read.
    pub fn new(url: &str, reach: &Reach) -> Result<Self, String> {
        let base = checked(url, reach.allow_remote)?;
        let builder = Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(CONNECT)
            .read_timeout(READ);
        let client = trusting(builder, &base, reach.ca.as_deref())?
            .build()
            .map_err(|error| format!("`{url}`: {}", cause(error)))?;
        Ok(Self { client, base })
    }

    /// Returns the host and the port, as in a URL.
    #[must_use]
    pub fn authority(&self) -> String {
        let host = self.base.host_str().unwrap_or_default();
        self.base.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
    }

    /// Returns the scheme, `http` or `https`.
    #[must_use]
    pub fn scheme(&self) -> &str {
        self.base.scheme()
    }

    /// Returns the path of the URL, without a slash at its end.
    #[must_use]
    pub fn path(&self) -> &str {
        self.base.path().trim_end_matches('/')
    }

    pub(crate) fn url(&self) -> &Url {
        &self.base
    }

    pub(crate) fn client(&self) -> &Client {
        &self.client
    }

    /// Takes the path off the URL.
    pub(crate) fn without_path(mut self) -> Self {
        self.base.set_path("");
        self
    }

    /// Returns the address of a request for a path and a query at the server.
    ///
    /// # Errors
    /// If it would be another than the one that was checked, as with `..` in a path, or is one of a control API: a sentence.
    pub(crate) fn address(&self, target: &str) -> Result<Url, &'static str> {
        let path = target.split('?').next().unwrap_or_default().to_ascii_lowercase().replace("%2e", ".");
        let is_plain = target.starts_with('/')
            && !target.contains(|letter: char| letter.is_control() || letter == '#')
            && path.split('/').all(|segment| !matches!(segment, "." | "..") && !segment.contains('\\'));
        let written = format!("{}{target}", self.base.as_str().trim_end_matches('/'));
        match Url::parse(&written) {
            Ok(url) if is_plain && url.origin() == self.base.origin() => {
                if url.path().starts_with(PREFIX) {
                    Err(NOT_CONTROL)
                } else {
                    Ok(url)
                }
            }
            _ => Err(NOT_PLAIN),
        }
    }
}

/// Returns a URL that may be reached.
fn checked(url: &str, allow_remote: bool) -> Result<Url, String> {
    let told = |message: &str, help: &str| format!("`{url}`: {message}\n  help: {help}");
    let form = "write http://HOST:PORT or https://HOST:PORT, with a path if the server has one";
    let base = Url::parse(url).map_err(|error| told(&format!("this is no URL: {error}"), form))?;
    let is_known = matches!(base.scheme(), "http" | "https") && !base.cannot_be_a_base();
    if !is_known || base.query().is_some() || base.fragment().is_some() {
        return Err(told("this is no URL of a server", form));
    }
    if base.scheme() == "https" && !cfg!(feature = "tls") {
        return Err(told("this program was built without TLS", "build it with the feature `tls`"));
    }
    if !base.username().is_empty() || base.password().is_some() {
        return Err(
            "the URL of the server has a user or a password\n  help: requests have credentials of their own"
                .to_owned(),
        );
    }
    let host = base.host_str().unwrap_or_default().trim_matches(['[', ']']);
    let is_local = host == "localhost" || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback());
    if !is_local && !allow_remote {
        return Err(told("this is another machine", "allow it with `--allow-remote`"));
    }
    Ok(base)
}

/// Lets a client trust the certificates of a file instead of those of the system. A plain server needs neither.
#[cfg(feature = "tls")]
fn trusting(builder: ClientBuilder, base: &Url, ca: Option<&Path>) -> Result<ClientBuilder, String> {
    let Some(path) = ca else {
        let is_plain = base.scheme() == "http";
        return Ok(if is_plain { builder.tls_certs_only([]) } else { builder });
    };
    let told = |reason: String| {
        let path = path.display();
        format!("{path}: no certificate can be read: {reason}\n  help: name a file of PEM with `--ca`")
    };
    let text = std::fs::read(path).map_err(|error| told(error.to_string()))?;
    let found = reqwest::Certificate::from_pem_bundle(&text).map_err(|error| told(cause(error)))?;
    if found.is_empty() { Err(told("it has none".to_owned())) } else { Ok(builder.tls_certs_only(found)) }
}

#[cfg(not(feature = "tls"))]
fn trusting(builder: ClientBuilder, _: &Url, ca: Option<&Path>) -> Result<ClientBuilder, String> {
    let Some(path) = ca else { return Ok(builder) };
    let path = path.display();
    Err(format!("{path}: this program was built without TLS\n  help: build it with the feature `tls`"))
}

/// Returns the message of the error that an error comes from. It has no URL, which may have secrets.
pub(crate) fn cause(error: reqwest::Error) -> String {
    let error = error.without_url();
    let cause = std::iter::successors(std::error::Error::source(&error), |error| error.source()).last();
    cause.map_or_else(|| error.to_string(), ToString::to_string)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_leads_to_no_other_server_and_to_no_control_api() {
        let at = |url: &str| Target::new(url, &Reach::default()).expect("a server of this machine");
        for url in ["http://127.0.0.1", "http://127.0.0.1:9000/", "http://127.0.0.1:9000/api/"] {
            let target = at(url);
            let base = url.trim_end_matches('/');
            for path in ["/", "/a/?b=@c/../d", "//evil.example/", "/@evil.example/", "/-x/", "/%2d/"] {
                let address = target.address(path).map(String::from);
                assert_eq!(address.as_deref(), Ok(format!("{base}{path}").as_str()));
            }
            for path in [
                "",
                "@127.0.0.9:45941/steal",
                ".evil.example/",
                ":80/",
                "1/",
                "*",
                "?a",
                "\\@evil.example/",
                "/a/../b",
                "/%2E./b",
                "/.\t./b",
                "/a\\..\\b",
                "/a#b",
                "/a\n",
            ] {
                assert_eq!(target.address(path), Err(NOT_PLAIN), "{url}{path}");
            }
        }
        for path in ["/-/", "/-/reset", "/-/reset?a"] {
            assert_eq!(at("http://127.0.0.1:1").address(path), Err(NOT_CONTROL), "{path}");
        }
        assert!(at("http://127.0.0.1:1/api").address("/-/reset").is_ok(), "it is a path of the API");
    }
}

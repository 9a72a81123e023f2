//! Credentials: the security schemes of a document as data, and what a request presents for them. Whose credentials they
//! are is for [`Host`](crate::host::Host) to say.

use std::fmt;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use http::HeaderMap;
use http::header::AUTHORIZATION;
use serde::{Deserialize, Serialize};

pub use crate::operation::Requirement;

use crate::cookies::cookies;
use crate::operation::{Location, Operation};
use crate::request::QueryString;

/// One security scheme of the document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecurityScheme {
    /// The name by which operations require it.
    pub name: &'static str,
    /// The way in which credentials are sent.
    pub kind: SchemeKind,
}

/// The way in which the credentials of a security scheme are sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum SchemeKind {
    /// HTTP Basic: a user name and a password.
    Basic,
    /// HTTP Bearer: a token.
    Bearer,
    /// Another scheme of the `Authorization` header, by its name.
    Http(#[serde(borrow)] &'static str),
    /// A key in a header, in the query or in a cookie of this name.
    ApiKey {
        /// The place in the request at which the key is sent.
        location: Location,
        /// The name it is sent under.
        name: &'static str,
    },
    /// OAuth 2: an access token, sent as a bearer token.
    OAuth2,
    /// OpenID Connect: an access token, sent as a bearer token.
    OpenIdConnect,
    /// A certificate of the client. Whoever ends TLS checks it before a request gets here, so nothing of it is read.
    MutualTls,
}

/// The credentials a request presents for one alternative that it satisfies: one for each scheme.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credentials {
    /// The credentials, in the document's order.
    pub presented: Vec<Credential>,
}

/// The credential of a request for one security scheme.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credential {
    /// The scheme.
    pub scheme: &'static SecurityScheme,
    /// The scopes that the operation takes.
    pub scopes: &'static [&'static str],
    /// The secret that was sent.
    pub secret: Secret,
}

/// The secret of a credential. `Debug` does not show it.
#[derive(Clone, PartialEq, Eq)]
pub enum Secret {
    /// A bearer token, or an access token of OAuth 2 or OpenID Connect.
    Token(String),
    /// A user name and a password.
    Basic {
        /// The user name.
        username: String,
        /// The password.
        password: String,
    },
    /// The key of an `apiKey` scheme.
    Key(String),
    /// The text after the name of another scheme of the `Authorization` header.
    Other(String),
    /// The certificate that was checked when the connection was made.
    Certificate,
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Token(_) => "Token(..)",
            Self::Basic { .. } => "Basic(..)",
            Self::Key(_) => "Key(..)",
            Self::Other(_) => "Other(..)",
            Self::Certificate => "Certificate",
        })
    }
}

impl Credentials {
    /// Returns credentials of one scheme.
    #[must_use]
    pub fn one(scheme: &'static SecurityScheme, scopes: &'static [&'static str], secret: Secret) -> Self {
        Self { presented: vec![Credential { scheme, scopes, secret }] }
    }

    /// Returns what was presented for the scheme of this name.
    #[must_use]
    pub fn get(&self, scheme: &str) -> Option<&Secret> {
        self.presented.iter().find(|known| known.scheme.name == scheme).map(|known| &known.secret)
    }

    /// Returns the first token that was presented.
    #[must_use]
    pub fn token(&self) -> Option<&str> {
        self.presented.iter().find_map(|known| match &known.secret {
            Secret::Token(token) => Some(token.as_str()),
            _ => None,
        })
    }

    /// Returns the first user name and password that were presented.
    #[must_use]
    pub fn basic(&self) -> Option<(&str, &str)> {
        self.presented.iter().find_map(|known| match &known.secret {
            Secret::Basic { username, password } => Some((username.as_str(), password.as_str())),
            _ => None,
        })
    }

    /// Returns the first key that was presented.
    #[must_use]
    pub fn key(&self) -> Option<&str> {
        self.presented.iter().find_map(|known| match &known.secret {
            Secret::Key(key) => Some(key.as_str()),
            _ => None,
        })
    }
}

impl SecurityScheme {
    /// Reads what a request presents for this scheme.
    #[must_use]
    pub fn read(&self, headers: &HeaderMap, query: &QueryString) -> Option<Secret> {
        match self.kind {
            SchemeKind::Basic => {
                let decoded = BASE64_STANDARD.decode(after(headers, "basic")?).ok()?;
                let text = String::from_utf8(decoded).ok()?;
                let (username, password) = text.split_once(':')?;
                Some(Secret::Basic { username: username.to_owned(), password: password.to_owned() })
            }
            SchemeKind::Bearer | SchemeKind::OAuth2 | SchemeKind::OpenIdConnect => {
                after(headers, "bearer").map(|token| Secret::Token(token.to_owned()))
            }
            SchemeKind::Http(name) => after(headers, name).map(|rest| Secret::Other(rest.to_owned())),
            SchemeKind::ApiKey { location, name } => {
                let key = match location {
                    Location::Query => query.last(name).map(str::to_owned),
                    Location::Cookie => cookie(headers, name),
                    Location::Header | Location::Path => {
                        headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned)
                    }
                };
                key.filter(|key| !key.is_empty()).map(Secret::Key)
            }
            SchemeKind::MutualTls => Some(Secret::Certificate),
        }
    }

    /// Returns the challenge of a `WWW-Authenticate` header that asks for this scheme.
    #[must_use]
    pub fn challenge(&self) -> String {
        match self.kind {
            SchemeKind::Basic => "Basic realm=\"api\", charset=\"UTF-8\"".to_owned(),
            SchemeKind::Bearer | SchemeKind::OAuth2 | SchemeKind::OpenIdConnect => {
                "Bearer realm=\"api\"".to_owned()
            }
            SchemeKind::Http(name) => format!("{name} realm=\"api\""),
            SchemeKind::ApiKey { location, name } => {
                format!("ApiKey realm=\"api\", in=\"{location}\", name=\"{}\"", name.replace(['"', '\\'], ""))
            }
            SchemeKind::MutualTls => "Certificate realm=\"api\"".to_owned(),
        }
    }
}

/// Returns the rest of the `Authorization` header after the name of a scheme, which is compared without case.
fn after<'a>(headers: &'a HeaderMap, scheme: &str) -> Option<&'a str> {
    let (name, rest) = headers.get(AUTHORIZATION)?.to_str().ok()?.trim().split_once(' ')?;
    let rest = rest.trim_start();
    (name.eq_ignore_ascii_case(scheme) && !rest.is_empty()).then_some(rest)
}

/// Returns the value of a cookie.
fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    cookies(headers).into_iter().find(|(known, _)| known == name).map(|(_, value)| value)
}

/// Returns the credentials of each alternative of an operation that a request satisfies, in the document's order; an
/// alternative without requirements asks for none.
#[must_use]
pub fn presented(
    schemes: &'static [SecurityScheme],
    operation: &Operation,
    headers: &HeaderMap,
    query: &QueryString,
) -> Vec<Credentials> {
    let credential = |requirement: &Requirement| {
        let scheme = schemes.iter().find(|scheme| scheme.name == requirement.scheme)?;
        Some(Credential { scheme, scopes: requirement.scopes, secret: scheme.read(headers, query)? })
    };
    let required = operation.security.iter().filter(|alternative| !alternative.is_empty());
    let satisfied = required.filter_map(|alternative| {
        let presented = alternative.iter().map(credential).collect::<Option<_>>()?;
        Some(Credentials { presented })
    });
    satisfied.collect()
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    const fn scheme(name: &'static str, kind: SchemeKind) -> SecurityScheme {
        SecurityScheme { name, kind }
    }

    #[test]
    fn every_kind_of_credential_is_read_where_it_is_sent() {
        let key = |location| SchemeKind::ApiKey { location, name: "X-Key" };
        let token = |text: &str| Some(Secret::Token(text.to_owned()));
        let basic = Secret::Basic { username: "me".to_owned(), password: "a:b".to_owned() };
        let cases = [
            (SchemeKind::Basic, "authorization", "Basic bWU6YTpi", Some(basic)),
            (SchemeKind::MutualTls, "authorization", "Bearer abc", Some(Secret::Certificate)),
            (SchemeKind::Basic, "authorization", "Basic %%%", None),
            (SchemeKind::Basic, "authorization", "Bearer bWU6YTpi", None),
            (SchemeKind::Bearer, "authorization", "bearer  abc", token("abc")),
            (SchemeKind::Bearer, "authorization", "Bearer", None),
            (SchemeKind::Bearer, "authorization", "Bearer ", None),
            (SchemeKind::OAuth2, "authorization", "Bearer abc", token("abc")),
            (SchemeKind::OpenIdConnect, "authorization", "Bearer abc", token("abc")),
            (
                SchemeKind::Http("digest"),
                "authorization",
                "Digest a=b",
                Some(Secret::Other("a=b".to_owned())),
            ),
            (key(Location::Header), "x-key", "abc", Some(Secret::Key("abc".to_owned()))),
            (key(Location::Header), "x-key", "", None),
            (key(Location::Cookie), "cookie", "a=1; X-Key=abc", Some(Secret::Key("abc".to_owned()))),
            (key(Location::Query), "x-key", "abc", None),
        ];
        for (kind, header, value, expected) in cases {
            let headers = HeaderMap::from_iter([(
                header.parse::<http::HeaderName>().expect("a name"),
                HeaderValue::from_static(value),
            )]);
            let found = scheme("s", kind).read(&headers, &QueryString::default());
            assert_eq!(found, expected, "{kind:?} {value}");
        }
        let query = QueryString::parse("X-Key=abc");
        let found = scheme("s", key(Location::Query)).read(&HeaderMap::new(), &query);
        assert_eq!(found, Some(Secret::Key("abc".to_owned())));
    }

    #[test]
    fn a_secret_is_not_printed() {
        let secret = Secret::Basic { username: "me".to_owned(), password: "hidden".to_owned() };
        assert_eq!(format!("{secret:?}"), "Basic(..)");
    }
}

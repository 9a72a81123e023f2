//! Decides who may use the control API. A web page in somebody's browser reaches every server that the browser reaches,
//! loopback included, so a request that a foreign page caused is refused. On loopback every local program is trusted;
//! elsewhere a token is asked for.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use http::header::{AUTHORIZATION, HOST, HeaderMap, HeaderName, ORIGIN};
use http::uri::Authority;
use http::{StatusCode, Uri};
use subtle::ConstantTimeEq;

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Checks requests to the control API. The default trusts local programs and asks for no token.
#[derive(Debug, Clone, Default)]
pub struct Guard {
    token: Option<ControlToken>,
}

/// The token that opens the control API. It is not shown by `Debug`.
#[derive(Clone)]
pub struct ControlToken(String);

/// A control token that cannot be sent in an `Authorization` header.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a control token consists of one or more letters, digits and `-._~+/=`")]
pub struct ControlTokenError;

/// The reason why a request may not use the control API.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// A page of another site caused the request.
    #[error(
        "A page of another site sent this request ({header}: {value}), and only programs and this server's own pages may use /-/. Send it with a program such as curl."
    )]
    ForeignPage {
        /// The header that tells.
        header: HeaderName,
        /// Its value.
        value: String,
    },
    /// A name that is not this machine's was asked for, as a page does that had its own name lead here.
    #[error(
        "This server listens on loopback, and this request is for the host {0}. Use localhost or 127.0.0.1, or start it with --control-token TOKEN and send the token."
    )]
    ForeignHost(String),
    /// No token was sent.
    #[error(
        "/-/ needs the control token. Send the header Authorization: Bearer TOKEN with the token that the server printed when it started or was given with --control-token."
    )]
    NoToken,
    /// Another token was sent.
    #[error(
        "This is not the control token. Send the one that the server printed when it started or was given with --control-token; a token of the API does not count."
    )]
    WrongToken,
}

impl Refusal {
    /// Returns the status of the response.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        match self {
            Self::ForeignPage { .. } | Self::ForeignHost(_) => StatusCode::FORBIDDEN,
            Self::NoToken | Self::WrongToken => StatusCode::UNAUTHORIZED,
        }
    }
}

impl Guard {
    /// Guards a server that listens at this address: asks for `token` if one is given, and for a random one if none is and
    /// the address is not loopback.
    ///
    /// # Errors
    /// If the token is empty or has characters that a bearer token cannot have.
    pub fn new(listen: IpAddr, token: Option<ControlToken>) -> Result<Self, ControlTokenError> {
        match token {
            Some(ControlToken(token)) if !is_bearer_token(&token) => Err(ControlTokenError),
            None if !is_loopback(listen) => Ok(Self { token: Some(ControlToken::random()) }),
            token => Ok(Self { token }),
        }
    }

    /// Guards a server at this address like [`Guard::new`]. A unix socket is reached by programs of this machine alone, as
    /// loopback is.
    ///
    /// # Errors
    /// Like [`Guard::new`].
    pub fn at(listen: Option<SocketAddr>, token: Option<ControlToken>) -> Result<Self, ControlTokenError> {
        Self::new(listen.map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |address| address.ip()), token)
    }

    /// Returns the token that requests have to send, if they need one.
    #[must_use]
    pub fn token(&self) -> Option<&str> {
        self.token.as_ref().map(|ControlToken(token)| token.as_str())
    }

    /// Checks a request.
    ///
    /// # Errors
    /// If it may not use the control API.
    pub fn check(&self, uri: &Uri, headers: &HeaderMap) -> Result<(), Refusal> {
        let hosts = hosts(uri, headers);
        let foreign = |header: HeaderName, is_own: &dyn Fn(&str) -> bool| {
            let values = headers.get_all(&header).iter();
            let mut values = values.map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
            match values.find(|value| !is_own(value)) {
                Some(value) => Err(Refusal::ForeignPage { header, value }),
                None => Ok(()),
            }
        };
        foreign(ORIGIN, &|origin| hosts.iter().any(|host| is_origin_of(origin, host)))?;
        foreign(SEC_FETCH_SITE, &|site| matches!(site, "same-origin" | "none"))?;
        let Some(ControlToken(expected)) = &self.token else {
            return match hosts.into_iter().find(|host| !is_loopback_host(host)) {
                Some(host) => Err(Refusal::ForeignHost(host)),
                None => Ok(()),
            };
        };
        let sent = headers.get(AUTHORIZATION).and_then(|value| bearer(value.as_bytes()));
        let sent = sent.ok_or(Refusal::NoToken)?;
        if bool::from(sent.ct_eq(expected.as_bytes())) { Ok(()) } else { Err(Refusal::WrongToken) }
    }
}

impl ControlToken {
    /// Makes a token that nobody can guess.
    fn random() -> Self {
        Self(format!("{:032x}", rand::random::<u128>()))
    }
}

impl From<String> for ControlToken {
    fn from(token: String) -> Self {
        Self(token)
    }
}

impl fmt::Debug for ControlToken {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("ControlToken(..)")
    }
}

/// Returns every host that a request names. Browsers always name one.
fn hosts(uri: &Uri, headers: &HeaderMap) -> Vec<String> {
    let named =
        headers.get_all(HOST).iter().map(|host| String::from_utf8_lossy(host.as_bytes()).into_owned());
    uri.authority().map(ToString::to_string).into_iter().chain(named).collect()
}

/// Returns `true` if `Origin` names a page from this host. A browser sends both in one spelling.
fn is_origin_of(origin: &str, host: &str) -> bool {
    let authority = origin.strip_prefix("http://").or_else(|| origin.strip_prefix("https://"));
    authority.is_some_and(|authority| authority.eq_ignore_ascii_case(host))
}

fn is_loopback_host(host: &str) -> bool {
    let Ok(authority) = host.parse::<Authority>() else { return false };
    if host.contains('@') {
        return false;
    }
    let name = authority.host();
    let v6 = name.strip_prefix('[').and_then(|name| name.strip_suffix(']'));
    let address = match v6 {
        Some(name) => name.parse::<Ipv6Addr>().ok().map(IpAddr::from),
        None => name.parse::<Ipv4Addr>().ok().map(IpAddr::from),
    };
    address.map_or_else(|| name.eq_ignore_ascii_case("localhost"), is_loopback)
}

/// Returns `true` if only programs of this machine reach the address.
#[must_use]
pub fn is_loopback(address: IpAddr) -> bool {
    address.to_canonical().is_loopback()
}

/// Returns the token of an `Authorization` header for bearers.
fn bearer(header: &[u8]) -> Option<&[u8]> {
    let (scheme, token) = header.split_at_checked("bearer ".len())?;
    scheme.eq_ignore_ascii_case(b"bearer ").then(|| token.trim_ascii())
}

/// Returns `true` if a text can be sent as a bearer token (RFC 6750, `b64token`) and typed into a shell unquoted.
fn is_bearer_token(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~+/=".contains(&byte))
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    const LOOPBACK: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
    const EVERYWHERE: IpAddr = IpAddr::V4(Ipv4Addr::UNSPECIFIED);

    fn check(guard: &Guard, headers: &[(&'static str, &'static str)]) -> Result<(), Refusal> {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
        guard.check(&Uri::from_static("/-/reset"), &map)
    }

    fn status(guard: &Guard, headers: &[(&'static str, &'static str)]) -> u16 {
        check(guard, headers).map_or_else(|refusal| refusal.status().as_u16(), |()| 204)
    }

    #[test]
    fn a_program_and_the_own_page_may_and_a_page_of_another_site_may_not() {
        let own = ("host", "127.0.0.1:9000");
        let guard = Guard::new(LOOPBACK, None).unwrap();
        for (more, expected) in [
            (vec![], 204),
            (vec![("origin", "http://127.0.0.1:9000")], 204),
            (vec![("origin", "http://127.0.0.1:9000"), ("sec-fetch-site", "same-origin")], 204),
            (vec![("sec-fetch-site", "none")], 204),
            (vec![("origin", "http://evil.example")], 403),
            (vec![("origin", "null")], 403),
            (vec![("origin", "")], 403),
            (vec![("origin", "http://127.0.0.1:9001")], 403),
            (vec![("origin", "http://127.0.0.1:9000.evil.example")], 403),
            (vec![("origin", "http://127.0.0.1:9000"), ("origin", "http://evil.example")], 403),
            (vec![("sec-fetch-site", "cross-site")], 403),
            (vec![("sec-fetch-site", "same-site")], 403),
            (vec![("sec-fetch-site", "none"), ("origin", "http://evil.example")], 403),
        ] {
            let headers = [vec![own], more].concat();
            assert_eq!(status(&guard, &headers), expected, "{headers:?}");
        }
        let refusal = check(&guard, &[own, ("origin", "http://evil.example")]).unwrap_err().to_string();
        assert!(refusal.contains("origin: http://evil.example"), "{refusal}");
    }

    #[test]
    fn on_loopback_only_names_of_loopback_are_answered() {
        let guard = Guard::new(LOOPBACK, None).unwrap();
        for host in [
            "localhost",
            "LocalHost:9000",
            "127.0.0.1",
            "127.8.9.1:1",
            "[::1]",
            "[::1]:9000",
            "[::ffff:127.0.0.1]:9000",
        ] {
            assert_eq!(status(&guard, &[("host", host)]), 204, "{host}");
        }
        for host in [
            "evil.example",
            "evil.example:9000",
            "localhost.evil.example",
            "127.0.0.1.evil.example",
            "localhost@evil.example",
            "evil.example@localhost",
            "192.168.1.2:9000",
            "0.0.0.0:9000",
            "[::]:9000",
            "[fe80::1]",
            "::1",
            "",
            "a b",
        ] {
            assert_eq!(status(&guard, &[("host", host)]), 403, "{host}");
        }
        // A page whose own name leads here is of one origin with what it asks.
        let rebound = [("host", "evil.example:9000"), ("origin", "http://evil.example:9000")];
        let expected = Refusal::ForeignHost("evil.example:9000".to_owned());
        assert_eq!(check(&guard, &rebound), Err(expected));
        assert_eq!(status(&guard, &[("host", "localhost"), ("host", "evil.example")]), 403);
        let absolute = Uri::from_static("http://evil.example/-/reset");
        let mut headers = HeaderMap::new();
        headers.insert(HOST, HeaderValue::from_static("localhost"));
        assert!(guard.check(&absolute, &headers).is_err());
    }

    #[test]
    fn elsewhere_a_token_is_asked_for_whatever_the_host() {
        let guard = Guard::new(EVERYWHERE, Some("s3cret~".to_owned().into())).unwrap();
        let host = ("host", "stub.internal:9000");
        assert_eq!(check(&guard, &[host]), Err(Refusal::NoToken));
        for (authorization, expected) in [
            ("Bearer s3cret~", 204),
            ("bearer  s3cret~ ", 204),
            ("Bearer s3cret", 401),
            ("Bearer s3cret~~", 401),
            ("Bearer ", 401),
            ("Bearer", 401),
            ("Basic s3cret~", 401),
            ("s3cret~", 401),
        ] {
            assert_eq!(
                status(&guard, &[host, ("authorization", authorization)]),
                expected,
                "{authorization}"
            );
        }
        let foreign = [host, ("authorization", "Bearer s3cret~"), ("origin", "http://evil.example")];
        assert_eq!(status(&guard, &foreign), 403);
        assert!(!format!("{guard:?}").contains("s3cret"));
    }

    #[test]
    fn a_token_is_made_where_one_is_needed_and_refused_if_it_cannot_be_sent() {
        assert_eq!(Guard::new(LOOPBACK, None).unwrap().token(), None);
        assert_eq!(Guard::new(IpAddr::V6(Ipv6Addr::LOCALHOST), None).unwrap().token(), None);
        assert_eq!(Guard::new(LOOPBACK, Some("mine".to_owned().into())).unwrap().token(), Some("mine"));
        let made = [(); 2].map(|()| Guard::new(EVERYWHERE, None).unwrap().token().unwrap().to_owned());
        assert!(made.iter().all(|token| token.len() == 32 && is_bearer_token(token)), "{made:?}");
        assert_ne!(made[0], made[1]);
        for token in ["", "two words", "it's", "schön", "line\n"] {
            assert!(Guard::new(LOOPBACK, Some(token.to_owned().into())).is_err(), "{token}");
        }
    }
}

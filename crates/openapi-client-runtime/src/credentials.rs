//! Credentials: what the builder was given for each security scheme, and what of it goes with which request.
//!
//! Nothing here shows a secret: errors name the scheme, `Debug` its name alone.

use std::fmt;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use reqwest::Request;
use reqwest::header::{AUTHORIZATION, COOKIE, HeaderName, HeaderValue};

use crate::error::Error;
use crate::security::{KeyPlace, Requirement};

/// The secret that the builder was given for a scheme.
#[derive(Clone)]
pub(crate) enum Secret {
    /// A token, sent as `Authorization: Bearer`.
    Token(String),
    /// A user and a password, sent as `Authorization: Basic`.
    Basic { user: String, password: String },
    /// The text after the name of another HTTP scheme in `Authorization`.
    Http { scheme: &'static str, value: String },
    /// A key of an API.
    Key { place: KeyPlace, name: &'static str, value: String },
}

/// The credentials of a scheme as a request carries them.
#[derive(Clone)]
pub(crate) struct Credential {
    scheme: &'static str,
    part: Part,
}

/// The part of a request that holds credentials.
#[derive(Clone)]
enum Part {
    Header(HeaderName, HeaderValue),
    Query { name: &'static str, value: String },
    Cookie(String),
}

impl Credential {
    /// Prepares `secret` for being sent.
    ///
    /// # Errors
    /// If it cannot be sent. The message names the scheme and what is wrong, not the secret.
    pub(crate) fn new(scheme: &'static str, secret: &Secret) -> Result<Self, Error> {
        let part = match secret {
            Secret::Token(token) => Part::authorization("Bearer", token_of(scheme, token)?, scheme)?,
            Secret::Basic { user, password } => {
                if user.contains(':') {
                    return Err(fault(scheme, "the user has a colon, which HTTP Basic cannot send"));
                }
                let encoded = BASE64_STANDARD.encode(format!("{user}:{password}"));
                Part::authorization("Basic", &encoded, scheme)?
            }
            Secret::Http { scheme: prefix, value } => Part::authorization(prefix, value.trim(), scheme)?,
            Secret::Key { place, name, value } => Part::key(*place, name, value, scheme)?,
        };
        Ok(Credential { scheme, part })
    }

    /// Adds the credentials to a request.
    fn add_to(&self, request: &mut Request, cookies: &mut Vec<String>) {
        match &self.part {
            Part::Header(name, value) => {
                request.headers_mut().insert(name.clone(), value.clone());
            }
            Part::Query { name, value } => {
                request.url_mut().query_pairs_mut().append_pair(name, value);
            }
            Part::Cookie(cookie) => cookies.push(cookie.clone()),
        }
    }
}

impl Part {
    fn authorization(prefix: &str, value: &str, scheme: &str) -> Result<Self, Error> {
        let value = secret_value(&format!("{prefix} {value}"), scheme)?;
        Ok(Part::Header(AUTHORIZATION, value))
    }

    fn key(place: KeyPlace, name: &'static str, value: &str, scheme: &str) -> Result<Self, Error> {
        let value = value.trim();
        if value.is_empty() {
            return Err(fault(scheme, "the key is empty; leave it out to make requests without it"));
        }
        match place {
            KeyPlace::Header => {
                let known = HeaderName::try_from(name)
                    .map_err(|_| fault(scheme, &format!("{name:?} cannot be the name of a header")))?;
                Ok(Part::Header(known, secret_value(value, scheme)?))
            }
            KeyPlace::Query => Ok(Part::Query { name, value: value.to_owned() }),
            KeyPlace::Cookie => {
                let is_sendable = |byte: u8| byte.is_ascii_graphic() && !b"\",;\\".contains(&byte);
                if !value.bytes().all(is_sendable) {
                    return Err(fault(scheme, "the key has a character that no cookie can have"));
                }
                Ok(Part::Cookie(format!("{name}={value}")))
            }
        }
    }
}

/// Returns the token without surrounding blanks (a line break read from a file, say), which do not belong to it.
fn token_of<'a>(scheme: &str, token: &'a str) -> Result<&'a str, Error> {
    let token = token.trim();
    if token.is_empty() {
        return Err(fault(scheme, "the token is empty; leave it out to make anonymous requests"));
    }
    // A server decodes the header before it knows of users, so what is no ASCII fails there in ways of its own.
    if !token.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(fault(
            scheme,
            "the token has a character that no token has, such as a blank or a letter with an accent",
        ));
    }
    Ok(token)
}

/// Returns a header value that no output shows.
fn secret_value(value: &str, scheme: &str) -> Result<HeaderValue, Error> {
    let mut value = HeaderValue::try_from(value)
        .map_err(|_| fault(scheme, "they have a character that no header can have, such as a line break"))?;
    value.set_sensitive(true);
    Ok(value)
}

fn fault(scheme: &str, message: &str) -> Error {
    Error::configuration(format!("the credentials for `{scheme}` cannot be sent: {message}"))
}

/// Shows the scheme alone.
impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.scheme)
    }
}

/// Adds to `request` the credentials that the first alternative of `security` asks for which there are all credentials for.
/// If there is none, the request is anonymous.
///
/// A cookie joins the cookies that the client sends anyway.
pub(crate) fn authenticate(
    credentials: &[Credential],
    security: &[&[Requirement]],
    cookie: Option<&HeaderValue>,
    request: &mut Request,
) {
    let of = |requirement: &Requirement| {
        credentials.iter().find(|credential| credential.scheme == requirement.scheme)
    };
    let mut alternatives = security.iter().filter(|alternative| !alternative.is_empty());
    let Some(alternative) =
        alternatives.find(|alternative| alternative.iter().all(|need| of(need).is_some()))
    else {
        return;
    };
    add(alternative.iter().filter_map(of), cookie, request);
}

/// Adds all credentials to `request`, of which nobody says what it asks for. Of two that have the same place, such as the
/// header `Authorization`, the ones that the client was given first are sent.
pub(crate) fn authenticate_with_all(
    credentials: &[Credential],
    cookie: Option<&HeaderValue>,
    request: &mut Request,
) {
    // What is added later replaces a header of the same name.
    add(credentials.iter().rev(), cookie, request);
}

/// Adds `credentials` to `request`.
fn add<'c>(
    credentials: impl Iterator<Item = &'c Credential>,
    cookie: Option<&HeaderValue>,
    request: &mut Request,
) {
    let mut cookies = Vec::new();
    for credential in credentials {
        credential.add_to(request, &mut cookies);
    }
    if cookies.is_empty() {
        return;
    }
    let others = request.headers().get(COOKIE).or(cookie).and_then(|value| value.to_str().ok());
    cookies.extend(others.map(str::to_owned));
    if let Ok(mut value) = HeaderValue::try_from(cookies.join("; ")) {
        value.set_sensitive(true);
        request.headers_mut().insert(COOKIE, value);
    }
}

#[cfg(test)]
mod tests {
    use reqwest::Method;

    use super::*;

    const A: Requirement = Requirement { scheme: "a", scopes: &[] };
    const B: Requirement = Requirement { scheme: "b", scopes: &["read"] };

    fn key(place: KeyPlace, name: &'static str) -> Secret {
        Secret::Key { place, name, value: "s3cret&".to_owned() }
    }

    /// Returns the request that these secrets, for the schemes `a`, `b` and so on, are added to.
    fn request(secrets: &[Secret], security: &[&[Requirement]]) -> Request {
        let credentials: Vec<Credential> = ["a", "b"]
            .iter()
            .zip(secrets)
            .map(|(scheme, secret)| Credential::new(scheme, secret).unwrap())
            .collect();
        let mut request = Request::new(Method::GET, "http://a.example/x?page=1".parse().unwrap());
        authenticate(&credentials, security, Some(&HeaderValue::from_static("mine=1")), &mut request);
        request
    }

    #[test]
    fn each_kind_of_credentials_goes_where_its_scheme_says() {
        let of = |secret: Secret| request(&[secret], &[&[A]]);
        let header = |request: &Request, name: &str| {
            let value = request.headers()[name].clone();
            assert!(value.is_sensitive(), "{name}");
            value.to_str().unwrap().to_owned()
        };
        assert_eq!(header(&of(Secret::Token(" t0k3n\n".to_owned())), "authorization"), "Bearer t0k3n");
        let basic = Secret::Basic { user: "Aladdin".to_owned(), password: "open sesame".to_owned() };
        assert_eq!(header(&of(basic), "authorization"), "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
        let other = Secret::Http { scheme: "Digest", value: "username=x".to_owned() };
        assert_eq!(header(&of(other), "authorization"), "Digest username=x");
        assert_eq!(header(&of(key(KeyPlace::Header, "X-API-Key")), "x-api-key"), "s3cret&");
        let in_query = of(key(KeyPlace::Query, "k y"));
        assert_eq!(in_query.url().query(), Some("page=1&k+y=s3cret%26"));
        assert_eq!(header(&of(key(KeyPlace::Cookie, "session")), "cookie"), "session=s3cret&; mine=1");
    }

    #[test]
    fn the_first_alternative_that_is_complete_is_sent_and_nothing_else() {
        let secrets = [Secret::Token("t".to_owned()), key(KeyPlace::Header, "x-key")];
        let sent = |secrets: &[Secret], security: &[&[Requirement]]| {
            let request = request(secrets, security);
            ["authorization", "x-key"].map(|name| request.headers().contains_key(name))
        };
        assert_eq!(sent(&secrets, &[]), [false, false], "none is asked for");
        assert_eq!(sent(&secrets, &[&[]]), [false, false]);
        assert_eq!(sent(&secrets, &[&[A], &[B]]), [true, false]);
        assert_eq!(sent(&secrets, &[&[B], &[A]]), [false, true]);
        assert_eq!(sent(&secrets, &[&[A, B]]), [true, true]);
        assert_eq!(sent(&secrets, &[&[], &[B]]), [false, true], "what is optional is sent if it is there");
        assert_eq!(sent(&secrets[..1], &[&[B], &[A, B], &[A]]), [true, false]);
        assert_eq!(sent(&secrets[..1], &[&[A, B]]), [false, false], "half of an alternative is of no use");
    }

    #[test]
    fn a_request_that_asks_for_nothing_by_name_gets_everything() {
        let secrets = [
            ("a", Secret::Token("first".to_owned())),
            ("b", Secret::Token("second".to_owned())),
            ("c", key(KeyPlace::Header, "x-key")),
        ];
        let credentials: Vec<Credential> =
            secrets.iter().map(|(scheme, secret)| Credential::new(scheme, secret).unwrap()).collect();
        let mut request = Request::new(Method::GET, "http://a.example/x".parse().unwrap());
        authenticate_with_all(&credentials, None, &mut request);
        assert_eq!(request.headers()["authorization"], "Bearer first");
        assert_eq!(request.headers()["x-key"], "s3cret&");
    }

    #[test]
    fn what_cannot_be_sent_is_refused_by_the_name_of_its_scheme_and_unseen() {
        let token = |token: &str| Secret::Token(token.to_owned());
        let in_cookie = Secret::Key { place: KeyPlace::Cookie, name: "n", value: "s3cret;".to_owned() };
        let in_header = Secret::Key { place: KeyPlace::Header, name: "n", value: "s3\ncret".to_owned() };
        let no_header = Secret::Key { place: KeyPlace::Header, name: "a b", value: "s3cret".to_owned() };
        let empty = Secret::Key { place: KeyPlace::Query, name: "n", value: " ".to_owned() };
        let colon = Secret::Basic { user: "a:b".to_owned(), password: "s3cret".to_owned() };
        let other = Secret::Http { scheme: "Digest", value: "s3\ncret".to_owned() };
        let tokens = [token(""), token("  "), token("s3cret two"), token("s3crét"), token("s3cret\0")];
        for secret in tokens.into_iter().chain([in_cookie, in_header, no_header, empty, colon, other]) {
            let error = Credential::new("house key", &secret).unwrap_err().to_string();
            assert!(error.contains("`house key`") && !error.contains("s3"), "{error}");
        }
    }
}

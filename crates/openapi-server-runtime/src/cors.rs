//! Cross-origin requests of browsers (CORS, as the Fetch standard has it): which pages of other origins may read responses.

use std::fmt;
use std::str::FromStr;

use http::header::{
    ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS,
    ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE,
    ACCESS_CONTROL_REQUEST_HEADERS, ACCESS_CONTROL_REQUEST_METHOD, ORIGIN, VARY,
};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Response, StatusCode, Uri};

use crate::response::Body;
use crate::route::Route;

/// The time in seconds for which a browser may remember the answer to a preflight request.
const MAX_AGE: HeaderValue = HeaderValue::from_static("600");

/// The pages that may read responses. Those of the origins that are named may send cookies, too.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cors {
    origins: Vec<Origin>,
}

/// An origin whose pages may read responses, such as `https://app.example:8443`, or `*` for any.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin(HeaderValue);

/// An error in an origin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OriginError(String);

impl fmt::Display for OriginError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let help = "write a scheme, a host and perhaps a port, such as http://localhost:3000, or * for any";
        write!(f, "`{}` is no origin; {help}", self.0.escape_debug())
    }
}

impl std::error::Error for OriginError {}

impl FromStr for Origin {
    type Err = OriginError;

    fn from_str(text: &str) -> Result<Self, OriginError> {
        let is_origin = |uri: &Uri| {
            let authority = uri.authority().map(http::uri::Authority::as_str);
            // Browsers write an origin without a slash at its end, and without a user.
            let written = uri.scheme_str().zip(authority).map(|(scheme, host)| format!("{scheme}://{host}"));
            // They leave out the port that a scheme has anyway.
            let usual = match uri.scheme_str() {
                Some("http") => Some(80),
                Some("https") => Some(443),
                _ => None,
            };
            let is_usual = usual.is_some() && uri.port_u16() == usual;
            written.is_some_and(|written| written == text && !text.contains('@') && !is_usual)
        };
        let known = text == "*" || text.parse().is_ok_and(|uri| is_origin(&uri));
        let value = HeaderValue::from_str(&text.to_ascii_lowercase()).ok().filter(|_| known);
        value.map(Self).ok_or_else(|| OriginError(text.chars().take(100).collect()))
    }
}

impl Cors {
    /// Lets pages of these origins read responses.
    #[must_use]
    pub fn new(origins: impl IntoIterator<Item = Origin>) -> Self {
        Self { origins: origins.into_iter().collect() }
    }

    fn is_any(&self) -> bool {
        self.origins.iter().any(|origin| origin.0 == "*")
    }

    /// Returns the value of `Access-Control-Allow-Origin` for a request.
    fn allowed(&self, headers: &HeaderMap) -> Option<HeaderValue> {
        let origin = headers.get(ORIGIN)?;
        let named = self.origins.iter().find(|known| known.0 == *origin);
        let any = || self.is_any().then(|| HeaderValue::from_static("*"));
        named.map(|known| known.0.clone()).or_else(any)
    }

    /// Answers a preflight request for a route; `None` if the request is none, or its page may not read responses.
    pub(crate) fn preflight(
        &self,
        method: &Method,
        headers: &HeaderMap,
        route: Option<&Route>,
    ) -> Option<Response<Body>> {
        if *method != Method::OPTIONS || !headers.contains_key(ACCESS_CONTROL_REQUEST_METHOD) {
            return None;
        }
        let (route, _) = (route?, self.allowed(headers)?);
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::NO_CONTENT;
        let answer = response.headers_mut();
        answer.extend(
            HeaderValue::try_from(route.allow()).ok().map(|known| (ACCESS_CONTROL_ALLOW_METHODS, known)),
        );
        let asked = headers.get(ACCESS_CONTROL_REQUEST_HEADERS).cloned();
        answer.extend(asked.map(|asked| (ACCESS_CONTROL_ALLOW_HEADERS, asked)));
        answer.insert(ACCESS_CONTROL_MAX_AGE, MAX_AGE);
        for name in [ACCESS_CONTROL_REQUEST_METHOD, ACCESS_CONTROL_REQUEST_HEADERS] {
            answer.append(VARY, name.into());
        }
        Some(response)
    }

    /// Adds what lets the page that sent a request read the response.
    pub(crate) fn finish(&self, request: &HeaderMap, response: &mut HeaderMap) {
        if !self.is_any() || self.origins.len() > 1 {
            response.append(VARY, ORIGIN.into());
        }
        let Some(allowed) = self.allowed(request) else { return };
        if !response.contains_key(ACCESS_CONTROL_MAX_AGE) {
            let names: Vec<&str> = response.keys().map(HeaderName::as_str).collect();
            let names = HeaderValue::try_from(names.join(", "));
            response.extend(names.ok().map(|names| (ACCESS_CONTROL_EXPOSE_HEADERS, names)));
        }
        if allowed != "*" {
            response.insert(ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true"));
        }
        response.insert(ACCESS_CONTROL_ALLOW_ORIGIN, allowed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_what_a_browser_sends() {
        for text in ["*", "http://localhost:3000", "https://app.example", "http://[::1]:8080"] {
            assert!(text.parse::<Origin>().is_ok(), "{text}");
        }
        for text in [
            "",
            "null",
            "localhost",
            "http://a/",
            "http://a/b",
            "http://u@a",
            "https://a:443",
            "//a",
            "http://a b",
            "a\n",
        ] {
            assert!(text.parse::<Origin>().is_err(), "{text}");
        }
        assert!("http://a/".parse::<Origin>().unwrap_err().to_string().contains("http://localhost:3000"));
    }

    #[test]
    fn only_pages_of_the_origins_may_read() {
        let cors = |origins: &[&str]| Cors::new(origins.iter().map(|origin| origin.parse().unwrap()));
        let finished = |cors: &Cors, origin: &'static str| {
            let request = HeaderMap::from_iter([(ORIGIN, HeaderValue::from_static(origin))]);
            let mut response = HeaderMap::from_iter([(http::header::ETAG, HeaderValue::from_static("x"))]);
            cors.finish(&request, &mut response);
            let text =
                |name| response.get(name).map(|value: &HeaderValue| value.to_str().unwrap().to_owned());
            (text(ACCESS_CONTROL_ALLOW_ORIGIN), text(ACCESS_CONTROL_ALLOW_CREDENTIALS), text(VARY))
        };
        let (some, none) = (|text: &str| Some(text.to_owned()), None::<String>);
        let any = cors(&["*"]);
        assert_eq!(finished(&any, "http://a"), (some("*"), none.clone(), none.clone()));
        let one = cors(&["http://A"]);
        assert_eq!(finished(&one, "http://a"), (some("http://a"), some("true"), some("origin")));
        assert_eq!(finished(&one, "http://b"), (none.clone(), none.clone(), some("origin")));
        let both = cors(&["http://a", "*"]);
        assert_eq!(finished(&both, "http://a"), (some("http://a"), some("true"), some("origin")));
        assert_eq!(finished(&both, "http://b"), (some("*"), none, some("origin")));
    }
}

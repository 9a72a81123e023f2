//! A request whose path has been matched, with its arguments. Hooks and handlers read it; only the runtime fills it in.

use std::borrow::Cow;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, Method, Uri};
use percent_encoding::percent_decode_str;
use serde::de::DeserializeOwned;
use serde_json::Value;
use uuid::Uuid;

use crate::arguments::{Arguments, RequestBody};
use crate::cookies::cookies;
use crate::failure::Failure;
use crate::media::Media;
use crate::notes::Notes;
use crate::operation::{Location, Operation};
use crate::response_headers::ResponseHeaders;
use crate::upgrade::Offer;
use crate::values::{FilterValue, Values};

/// A request without its body, before the caller is known.
#[derive(Debug, Clone, Copy)]
pub struct RequestLine<'a> {
    /// The method.
    pub method: &'a Method,
    /// The path below the base path, as it was sent; all of it if it is not below the base path.
    pub path: &'a str,
    /// The URI that was asked for.
    pub uri: &'a Uri,
    /// The headers.
    pub headers: &'a HeaderMap,
    /// The template of the path; `None` if the API has no such path.
    pub route: Option<&'static str>,
    /// The operation asked for: of `HEAD` the one that answers `GET`; `None` for `OPTIONS` and for a method this path
    /// does not have.
    pub operation: Option<&'static Operation>,
    /// The body; `None` until it is read, and if it cannot be read. The middleware has it of requests that the host observes.
    pub body: Option<&'a Bytes>,
    /// The identifier of the request: the one that its header `X-Request-Id` gives if that is well-formed, or else 32
    /// hexadecimal digits.
    pub id: &'a str,
    /// The things that the middleware and the runtime leave for the host that looks on, such as a
    /// [`Departure`](crate::failure::Departure).
    pub notes: &'a Notes,
}

/// The request a hook or a handler is answering.
#[derive(Debug)]
pub struct RequestContext<U> {
    /// The identifier of this request, see [`RequestLine::id`].
    pub request_id: String,
    /// The method; `HEAD` and `OPTIONS` stay themselves.
    pub method: Method,
    /// The template of the matched path, e.g. `/pets/{id}/`.
    pub route: &'static str,
    /// The operation asked for: of `HEAD` the one that answers `GET`; `None` for `OPTIONS` and for a method this route
    /// does not have.
    pub operation: Option<&'static Operation>,
    /// The variable segments of the path, percent-decoded, by name.
    pub path: Vec<(&'static str, String)>,
    /// The query string, decoded.
    pub query: QueryString,
    /// The headers.
    pub headers: HeaderMap,
    /// The target, not decoded.
    pub(crate) uri: Uri,
    /// The user, if the request carried credentials.
    pub user: Option<U>,
    /// The parameters and the body, checked. Until then, the variables of the path are all there is.
    pub arguments: Arguments,
    pub(crate) response_headers: ResponseHeaders,
    pub(crate) offer: Option<Offer>,
}

impl<U: Clone> RequestContext<U> {
    /// Returns a request of the same caller for another operation, whose path has no variables, with a body that was checked.
    #[must_use]
    pub fn with_operation(&self, operation: &'static Operation, body: Value) -> Self {
        let mut arguments = Arguments::default();
        arguments.body = RequestBody::Value(body);
        Self {
            request_id: self.request_id.clone(),
            method: operation.method.clone(),
            route: operation.path,
            operation: Some(operation),
            path: Vec::new(),
            query: QueryString::default(),
            headers: self.headers.clone(),
            uri: self.uri.clone(),
            user: self.user.clone(),
            arguments,
            response_headers: ResponseHeaders::default(),
            offer: None,
        }
    }
}

impl<U> RequestContext<U> {
    /// Returns the address that the request was sent to, without a path; `None` if it names no host. The scheme is that of the
    /// header `X-Forwarded-Proto`, which a listener with TLS sets.
    #[must_use]
    pub fn origin(&self) -> Option<String> {
        let header = |name: &str| self.headers.get(name).and_then(|value| value.to_str().ok());
        let scheme = if header("x-forwarded-proto") == Some("https") { "https" } else { "http" };
        Some(format!("{scheme}://{}", header("host")?))
    }

    /// Returns the variable segment of that name; empty if the route has none.
    #[must_use]
    pub fn path_parameter(&self, name: &str) -> &str {
        self.path.iter().find(|(known, _)| *known == name).map_or("", |(_, value)| value)
    }

    /// Returns the variable segment of that name as a whole number.
    ///
    /// # Errors
    /// 404 if it is not one: no object has such a key.
    pub fn path_integer(&self, name: &str) -> Result<i64, Failure> {
        self.arguments.path.one(name, FilterValue::as_integer).ok_or_else(Failure::not_found)
    }

    /// Returns the variable segment of that name as a UUID.
    ///
    /// # Errors
    /// 404 if it is not one: no object has such a key.
    pub fn path_uuid(&self, name: &str) -> Result<Uuid, Failure> {
        self.arguments.path.one(name, FilterValue::as_uuid).ok_or_else(Failure::not_found)
    }

    /// Returns the variable segment of that name as it was checked, in the form of a text.
    ///
    /// # Errors
    /// 404 if it is none: no object has such a key.
    pub fn path_text(&self, name: &str) -> Result<String, Failure> {
        self.arguments.path.one(name, |value| Some(value.to_text())).ok_or_else(Failure::not_found)
    }

    /// Returns the variable segment of that name as a type.
    ///
    /// # Errors
    /// 400 if the type is stricter than the rules it was checked by.
    pub fn path_value<T: DeserializeOwned>(&self, name: &str) -> Result<T, Failure> {
        self.arguments.path.typed(Location::Path, name)?.ok_or_else(Failure::not_found)
    }

    /// Returns the checked parameters of one location.
    #[must_use]
    pub fn parameters(&self, location: Location) -> &Values {
        self.arguments.parameters(location)
    }

    /// Returns the checked body as a type, which is read from it once.
    ///
    /// # Errors
    /// 400 if the type is stricter than the rules the body was checked by; a server error if the body has been asked
    /// for as another type before.
    pub fn body<T>(&self) -> Result<&T, Failure>
    where
        T: DeserializeOwned + Send + Sync + 'static,
    {
        self.arguments.typed_body()
    }

    /// Returns the checked body as a type, like [`RequestContext::body`]; `None` if it was left out.
    ///
    /// # Errors
    /// Like [`RequestContext::body`].
    pub fn optional_body<T>(&self) -> Result<Option<&T>, Failure>
    where
        T: DeserializeOwned + Send + Sync + 'static,
    {
        if self.arguments.body == RequestBody::None { Ok(None) } else { self.body().map(Some) }
    }

    /// Returns the body as it came; `None` if it was left out.
    #[must_use]
    pub fn optional_media(&self) -> Option<Media> {
        self.arguments.body.as_media().cloned()
    }

    /// Returns the body as it came; empty if it is JSON or a form.
    #[must_use]
    pub fn media(&self) -> Media {
        self.optional_media().unwrap_or_default()
    }

    /// Returns the headers that are added to the response, for more to be added.
    #[must_use]
    pub fn response_headers(&self) -> &ResponseHeaders {
        &self.response_headers
    }

    /// Returns the texts of a parameter, in the order they were sent. Bytes of headers and cookies that are no UTF-8
    /// become U+FFFD.
    #[must_use]
    pub fn texts(&self, location: Location, name: &str) -> Vec<Cow<'_, str>> {
        let header = |name: &str| -> Vec<Cow<'_, str>> {
            let values = self.headers.get_all(name).iter();
            values.map(|value| String::from_utf8_lossy(value.as_bytes())).collect()
        };
        match location {
            Location::Path => vec![Cow::from(self.path_parameter(name))],
            Location::Query => self.query.all(name).map(Cow::from).collect(),
            // A name that cannot be one of a header is in none.
            Location::Header if HeaderName::try_from(name).is_err() => Vec::new(),
            Location::Header => header(name),
            Location::Cookie => {
                let values = cookies(&self.headers).into_iter().filter(|(known, _)| known == name);
                // What no cookie can hold is percent-encoded in it.
                let decoded =
                    values.map(|(_, value)| percent_decode_str(&value).decode_utf8_lossy().into_owned());
                decoded.map(Cow::from).collect()
            }
        }
    }

    /// Returns the variable segment of that name, and `true` if it is not decoded. Only what is beside something else in
    /// its segment is decoded already.
    pub(crate) fn encoded_variable(&self, name: &str) -> (Cow<'_, str>, bool) {
        let from_end = self.route.rsplit('/').position(|segment| {
            segment.strip_prefix('{').and_then(|segment| segment.strip_suffix('}')) == Some(name)
        });
        let encoded = from_end.and_then(|position| self.uri.path().rsplit('/').nth(position));
        let decoded = self.path_parameter(name);
        let is_same = |text: &&str| percent_decode_str(text).decode_utf8().is_ok_and(|text| text == decoded);
        match encoded.filter(is_same) {
            Some(encoded) => (Cow::from(encoded), true),
            None => (Cow::from(decoded), false),
        }
    }

    /// Returns the user, for operations that need one.
    ///
    /// # Errors
    /// If nobody is logged in.
    pub fn require_user(&self) -> Result<&U, Failure> {
        self.user.as_ref().ok_or_else(Failure::not_authenticated)
    }

    /// Returns `true` if the method of the request is safe, so that it changes nothing.
    #[must_use]
    pub fn is_safe(&self) -> bool {
        matches!(self.method, Method::GET | Method::HEAD | Method::OPTIONS)
    }
}

/// A decoded query string.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct QueryString {
    text: String,
    pairs: Vec<(String, String)>,
}

impl QueryString {
    /// Decodes the part of a URL after the question mark: `+` is a blank, and bytes that are no UTF-8 become U+FFFD.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let pairs = form_urlencoded::parse(text.as_bytes()).into_owned().collect();
        Self { text: text.to_owned(), pairs }
    }

    /// Returns every name, decoded, and value, which is not.
    pub(crate) fn encoded(&self) -> impl Iterator<Item = (Cow<'_, str>, Cow<'_, str>)> {
        let texts = self.text.split('&').filter(|text| !text.is_empty());
        let values = texts.map(|text| text.split_once('=').map_or("", |(_, value)| value));
        self.pairs.iter().zip(values).map(|((name, _), value)| (Cow::from(name), Cow::from(value)))
    }

    /// Returns the value of a parameter; of a repeated one the last.
    #[must_use]
    pub fn last(&self, name: &str) -> Option<&str> {
        self.pairs.iter().rev().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Returns the values of a parameter, in the order they were sent.
    pub fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.pairs.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Returns every name and value, in the order they were sent.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.pairs.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_is_decoded_and_its_last_value_wins() {
        let cases = [
            ("a=1&a=2", Some("2")),
            ("a=x+y", Some("x y")),
            ("a=x%2By", Some("x+y")),
            ("a=%FF", Some("\u{FFFD}")),
            ("a", Some("")),
            ("a=", Some("")),
            ("b=1", None),
            ("%61=1", Some("1")),
            ("a=1;a=2", Some("1;a=2")),
            ("a=%zz", Some("%zz")),
        ];
        for (text, expected) in cases {
            assert_eq!(QueryString::parse(text).last("a"), expected, "{text}");
        }
    }
}

//! A request of an operation while it is filled: by generated builders, with a value for each of its parameters and its
//! body, each of which may turn out to be none. The first fault is what the call answers.

use std::collections::hash_map::RandomState;
use std::fmt::Display;
use std::hash::{BuildHasher as _, Hasher as _};
use std::slice;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use reqwest::header::{
    ACCEPT, CONNECTION, CONTENT_TYPE, COOKIE, HeaderMap, HeaderName, HeaderValue, SEC_WEBSOCKET_KEY,
    SEC_WEBSOCKET_VERSION, UPGRADE,
};
use reqwest::{Body, Method, Url};
use serde::Serialize;
use serde_json::Value;

use crate::api::Operation;
use crate::client::Client;
use crate::encode::{cookie, form, header, path, query};
use crate::error::Error;
use crate::options::CallOptions;
use crate::parameter::{Content, Encoding, Location, Parameter};

/// A request that is not sent yet.
#[must_use = "a request does nothing until it is sent"]
pub struct Request<'c> {
    client: &'c Client,
    operation: &'static Operation,
    options: CallOptions,
    /// The parameters that have no value yet.
    open: slice::Iter<'static, Parameter>,
    /// The values of the variables in the path.
    path: Vec<(&'static str, String)>,
    query: String,
    headers: HeaderMap,
    cookies: Vec<String>,
    body: Option<(String, Body)>,
    fault: Option<String>,
}

impl<'c> Request<'c> {
    /// Starts a request of `operation`.
    pub fn new(client: &'c Client, operation: &'static Operation, options: CallOptions) -> Self {
        Request {
            client,
            operation,
            options,
            open: operation.parameters.iter(),
            path: Vec::new(),
            query: String::new(),
            headers: HeaderMap::new(),
            cookies: Vec::new(),
            body: None,
            fault: None,
        }
    }

    /// Gives the next parameter of the operation its value; nothing, if that is `None`.
    pub fn parameter<T: Serialize>(mut self, value: Result<T, String>) -> Self {
        let value = value.map(|value| serde_json::to_value(value).map_err(|fault| fault.to_string()));
        let placed = self.place(value);
        self.note(placed);
        self
    }

    fn place(&mut self, value: Result<Result<Value, String>, String>) -> Result<(), String> {
        let Some(parameter) = self.open.next() else {
            return Err("there are more values than the operation has parameters".to_owned());
        };
        let named = |fault: String| format!("{}: {fault}", parameter.name);
        let value = value?.map_err(named)?;
        match parameter.location {
            Location::Path => {
                let has_slashes = self.client.api().dialect.has_slashes(self.operation.id, parameter.name);
                self.path.push((parameter.name, path::expand(parameter, value, has_slashes)?));
            }
            Location::Query => query::append(&mut self.query, parameter, value).map_err(named)?,
            Location::Header => {
                if let Some(text) = header::text(parameter, value).map_err(named)? {
                    let name =
                        HeaderName::try_from(parameter.name).map_err(|fault| named(fault.to_string()))?;
                    let text = HeaderValue::try_from(text).map_err(|fault| named(fault.to_string()))?;
                    self.headers.append(name, text);
                }
            }
            Location::Cookie => {
                self.cookies.extend(cookie::cookies(parameter, value).map_err(named)?);
            }
        }
        Ok(())
    }

    /// Sends `body` as JSON, if there is one.
    pub fn json<T: Serialize>(mut self, body: Result<Option<T>, String>) -> Self {
        let bytes = body.and_then(|body| {
            body.map(|body| serde_json::to_vec(&body)).transpose().map_err(|fault| fault.to_string())
        });
        let placed = bytes.map(|bytes| self.attach(self.media_type("application/json"), bytes));
        self.note(placed);
        self
    }

    /// Sends `body` as a URL-encoded form, if there is one.
    pub fn form<T: Serialize>(mut self, body: Result<Option<T>, String>) -> Self {
        let value = body
            .and_then(|body| body.map(serde_json::to_value).transpose().map_err(|fault| fault.to_string()));
        let form =
            value.and_then(|value| value.map(|value| form::urlencoded(value, self.encoding())).transpose());
        let placed = form.map(|form| self.attach(self.media_type("application/x-www-form-urlencoded"), form));
        self.note(placed);
        self
    }

    /// Sends `body` in parts, if there is one.
    #[cfg(feature = "multipart")]
    pub async fn multipart<T: openapi_wire::form::IntoForm>(
        mut self,
        body: Result<Option<T>, String>,
    ) -> Self {
        let placed = match body {
            Ok(Some(body)) => crate::encode::multipart::multipart(body, self.encoding())
                .await
                .map(|(content_type, bytes)| self.attach(content_type, Some(bytes))),
            Ok(None) => Ok(()),
            Err(fault) => Err(fault),
        };
        self.note(placed);
        self
    }

    /// Sends `body` as it is, if there is one.
    pub fn raw(mut self, body: Result<Option<Body>, String>) -> Self {
        let placed = body.map(|body| self.attach(self.media_type("application/octet-stream"), body));
        self.note(placed);
        self
    }

    /// Asks for the connection to become a web socket.
    pub fn websocket(mut self) -> Self {
        // A number that is used once; nobody has to be unable to guess it.
        let random = || RandomState::new().build_hasher().finish().to_ne_bytes();
        let key = BASE64_STANDARD.encode([random(), random()].concat());
        self.headers.insert(CONNECTION, HeaderValue::from_static("Upgrade"));
        self.headers.insert(UPGRADE, HeaderValue::from_static("websocket"));
        self.headers.insert(SEC_WEBSOCKET_VERSION, HeaderValue::from_static("13"));
        if let Ok(key) = HeaderValue::try_from(key) {
            self.headers.insert(SEC_WEBSOCKET_KEY, key);
        }
        self
    }

    fn media_type(&self, usual: &str) -> String {
        self.operation.body.map_or(usual, |content| content.media_type).to_owned()
    }

    fn encoding(&self) -> &'static [Encoding] {
        self.operation.body.map_or(&[], |Content { encoding, .. }| encoding)
    }

    fn attach(&mut self, content_type: String, body: Option<impl Into<Body>>) {
        self.body = body.map(|body| (content_type, body.into()));
    }

    fn note(&mut self, placed: Result<(), String>) {
        if let Err(fault) = placed {
            self.fault.get_or_insert(fault);
        }
    }

    /// Returns the client that sends it.
    pub(crate) fn client(&self) -> &'c Client {
        self.client
    }

    /// Returns its operation.
    pub(crate) fn operation(&self) -> &'static Operation {
        self.operation
    }

    /// Returns the options of this call.
    pub(crate) fn options(&self) -> &CallOptions {
        &self.options
    }

    /// Returns the request as it is sent, apart from what belongs to every attempt.
    ///
    /// # Errors
    /// If one of its values was none.
    pub(crate) fn build(self) -> Result<(reqwest::Request, CallOptions), Error> {
        let operation = self.operation;
        let invalid = |fault: &dyn Display| operation.invalid(fault.to_string());
        if let Some(fault) = &self.fault {
            return Err(operation.invalid(fault));
        }
        let method = Method::from_bytes(operation.method.as_bytes()).map_err(|fault| invalid(&fault))?;
        let mut request = reqwest::Request::new(method, self.url()?);
        let headers = request.headers_mut();
        if !operation.accept.is_empty() {
            headers.insert(ACCEPT, HeaderValue::from_static(operation.accept));
        }
        let cookies = self.client.cookie().and_then(|cookie| cookie.to_str().ok());
        if !self.cookies.is_empty() {
            let all: Vec<&str> = self.cookies.iter().map(String::as_str).chain(cookies).collect();
            headers.insert(COOKIE, HeaderValue::try_from(all.join("; ")).map_err(|fault| invalid(&fault))?);
        }
        if let Some((content_type, _)) = &self.body {
            headers
                .insert(CONTENT_TYPE, HeaderValue::try_from(content_type).map_err(|fault| invalid(&fault))?);
        }
        // A parameter has the last word.
        headers.extend(self.headers);
        *request.body_mut() = self.body.map(|(_, body)| body);
        Ok((request, self.options))
    }

    fn url(&self) -> Result<Url, Error> {
        let mut text = self.client.base_url().to_owned();
        let mut rest = self.operation.path;
        while let Some((before, (name, after))) =
            rest.split_once('{').and_then(|(before, after)| Some((before, after.split_once('}')?)))
        {
            text.push_str(before);
            match self.path.iter().find(|(known, _)| *known == name) {
                Some((_, expanded)) => text.push_str(expanded),
                None => return Err(self.operation.invalid(format!("{name}: must be set"))),
            }
            rest = after;
        }
        text.push_str(rest);
        let mut url = Url::parse(&text).map_err(|fault| self.operation.invalid(fault.to_string()))?;
        if !self.query.is_empty() {
            let written = url.query().filter(|query| !query.is_empty());
            let query = written.map_or_else(|| self.query.clone(), |query| format!("{query}&{}", self.query));
            url.set_query(Some(&query));
        }
        Ok(url)
    }
}

/// Makes a body from its builder.
///
/// # Errors
/// If the builder was given what does not fit, or lacks something.
pub fn made<T, B>(builder: Result<B, String>) -> Result<Option<T>, String>
where
    T: TryFrom<B>,
    T::Error: Display,
{
    made_if_set(builder.map(Some))
}

/// Makes a body from its builder, if that was used.
///
/// # Errors
/// If the builder was given what does not fit, or lacks something.
pub fn made_if_set<T, B>(builder: Result<Option<B>, String>) -> Result<Option<T>, String>
where
    T: TryFrom<B>,
    T::Error: Display,
{
    builder.and_then(|builder| builder.map(T::try_from).transpose().map_err(|fault| fault.to_string()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::api::SAMPLE;
    use crate::client::ClientBuilder;
    use crate::parameter::Style;

    static SEARCH: Operation = Operation {
        parameters: &[
            Parameter::path("id").style(Style::Label, false),
            Parameter::query("q"),
            Parameter::query("tag"),
            Parameter::header("X-Tenant"),
            Parameter::cookie("theme"),
        ],
        body: Some(Content { media_type: "application/merge-patch+json", encoding: &[] }),
        accept: "application/json",
        ..Operation::sample("search", "PATCH", "/pets/{id}.json?all")
    };

    fn request(client: &Client) -> Request<'_> {
        Request::new(client, &SEARCH, CallOptions::new())
    }

    fn client() -> Client {
        ClientBuilder::new(&SAMPLE, "http://a.example").header("Cookie", "sid=1").build().unwrap()
    }

    #[test]
    fn every_value_goes_where_the_table_says() {
        let client = client();
        let request = request(&client)
            .parameter(Ok(5))
            .parameter(Ok(None::<String>))
            .parameter(Ok(vec!["a b", "ü"]))
            .parameter(Ok("acme"))
            .parameter(Ok("dark; x"))
            .json(Ok(Some(json!({"a": 1}))));
        let (request, _) = request.build().unwrap();
        assert_eq!(request.method(), "PATCH");
        assert_eq!(request.url().as_str(), "http://a.example/api/v3/pets/.5.json?all&tag=a%20b&tag=%C3%BC");
        let headers: Vec<(&str, &str)> =
            request.headers().iter().map(|(name, value)| (name.as_str(), value.to_str().unwrap())).collect();
        let expected = [
            ("accept", "application/json"),
            ("cookie", "theme=dark%3B%20x; sid=1"),
            ("content-type", "application/merge-patch+json"),
            ("x-tenant", "acme"),
        ];
        assert_eq!(headers, expected);
        assert_eq!(request.body().and_then(Body::as_bytes), Some(&br#"{"a":1}"#[..]));
    }

    #[test]
    fn the_first_fault_is_told_and_names_its_parameter() {
        let client = client();
        let error = |request: Request<'_>| request.build().unwrap_err().to_string();
        let unset = || Err::<i64, _>("id: must be set".to_owned());
        let first = request(&client).parameter(unset()).parameter(Err::<i64, _>("q: odd".to_owned()));
        assert_eq!(error(first), "search was not sent: id: must be set");
        assert_eq!(error(request(&client)), "search was not sent: id: must be set");
        let filled = || request(&client).parameter(Ok(1)).parameter(Ok(1)).parameter(Ok(1));
        let line_break = filled().parameter(Ok("a\nb"));
        assert_eq!(error(line_break), "search was not sent: X-Tenant: failed to parse header value");
        let nested = request(&client).parameter(Ok(1)).parameter(Ok(vec![vec![1]]));
        assert!(error(nested).starts_with("search was not sent: q: a list or an object inside"));
        let body = filled().json(Err::<Option<i64>, _>("name: must be set".to_owned()));
        assert_eq!(error(body), "search was not sent: name: must be set");
    }

    #[test]
    fn a_body_that_was_left_out_is_not_sent() {
        let client = client();
        let (request, _) = request(&client).parameter(Ok(1)).form(Ok(None::<Value>)).build().unwrap();
        assert!(request.body().is_none() && request.headers().get(CONTENT_TYPE).is_none());
    }

    #[test]
    fn a_web_socket_is_asked_for_with_a_key_of_its_own() {
        let client = client();
        let key = || {
            let (request, _) = request(&client).parameter(Ok(1)).websocket().build().unwrap();
            request.headers()[SEC_WEBSOCKET_KEY].clone()
        };
        assert_eq!(BASE64_STANDARD.decode(key()).unwrap().len(), 16);
        assert_ne!(key(), key());
    }
}

//! A request of an operation while it is filled: by generated builders, with a value for each of its parameters and its
//! body, each of which may turn out to be none. All faults together are what the call answers.

use std::fmt::Display;
use std::slice;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use openapi_wire::form::IntoForm;
use openapi_wire::{Refusal, Refused};
use reqwest::header::{
    ACCEPT, CONNECTION, CONTENT_TYPE, COOKIE, HeaderMap, HeaderName, HeaderValue, SEC_WEBSOCKET_KEY,
    SEC_WEBSOCKET_VERSION, UPGRADE,
};
use reqwest::{Body, Method, Url};
use serde::Serialize;
use serde_json::Value;

use crate::api::Operation;
use crate::client::Client;
use crate::encode::multipart::multipart;
use crate::encode::{cookie, form, header, path, query, unique};
use crate::error::Error;
use crate::field_errors::{FieldError, FieldErrors};
use crate::media_body::MediaBody;
use crate::options::CallOptions;
use crate::parameter::{Content, Encoding, Location, Parameter};

/// A request that is not sent yet.
#[must_use = "a request does nothing until it is sent"]
pub struct Request<'c> {
    client: &'c Client,
    operation: &'static Operation,
    options: CallOptions,
    /// The path, if the operation is not one of the document.
    address: Option<String>,
    /// The parameters that have no value yet.
    open: slice::Iter<'static, Parameter>,
    /// The values of the variables in the path.
    path: Vec<(&'static str, String)>,
    query: String,
    headers: HeaderMap,
    cookies: Vec<String>,
    body: Option<(String, Body)>,
    faults: Vec<FieldError>,
}

impl<'c> Request<'c> {
    /// Starts a request of `operation`.
    pub fn new(client: &'c Client, operation: &'static Operation, options: CallOptions) -> Self {
        Request {
            client,
            operation,
            options,
            address: None,
            open: operation.parameters.iter(),
            path: Vec::new(),
            query: String::new(),
            headers: HeaderMap::new(),
            cookies: Vec::new(),
            body: None,
            faults: Vec::new(),
        }
    }

    /// Gives the next parameter of the operation its value; nothing, if that is `None`.
    pub fn parameter<T: Serialize>(mut self, value: Result<T, Refusal>) -> Self {
        let Some(parameter) = self.open.next() else {
            self.note("", Err("there are more values than the operation has parameters".to_owned()));
            return self;
        };
        match value {
            Ok(value) => {
                let value = serde_json::to_value(value).map_err(|fault| fault.to_string());
                let placed = value.and_then(|value| self.place(parameter, value));
                self.note(parameter.name, placed);
            }
            Err(refusal) => self.refuse(&refusal),
        }
        self
    }

    /// Sends it to `path` below the base URL, whatever the path of the operation is.
    pub(crate) fn to(mut self, path: String) -> Self {
        self.address = Some(path);
        self
    }

    /// Adds a value of a parameter that the document does not have.
    pub(crate) fn with(mut self, parameter: &Parameter, value: Value) -> Self {
        let placed = match parameter.location {
            Location::Query => query::append(&mut self.query, parameter, value),
            _ => Err("only a parameter in the query can be given by name".to_owned()),
        };
        self.note(parameter.name, placed);
        self
    }

    /// Adds a header in place of one of the same name.
    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        let placed = match (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            (Ok(name), Ok(value)) => {
                self.headers.insert(name, value);
                Ok(())
            }
            (Err(_), _) => Err(format!("{name:?} cannot be the name of a header")),
            (_, Err(_)) => {
                Err(format!("the value of the header {name:?} has a character that it cannot have"))
            }
        };
        self.note("", placed);
        self
    }

    /// Adds a header unless there is one of the same name.
    pub(crate) fn usual_header(self, name: &str, value: &str) -> Self {
        if self.headers.contains_key(name) { self } else { self.header(name, value) }
    }

    /// Sets the options of this call.
    pub(crate) fn with_options(mut self, options: CallOptions) -> Self {
        self.options = options;
        self
    }

    /// Sends `body` as it is, as content of the type `content_type`.
    pub(crate) fn content(mut self, content_type: String, body: Result<Body, String>) -> Self {
        let placed = body.map(|body| self.attach(content_type, body));
        self.note("", placed);
        self
    }

    fn place(&mut self, parameter: &'static Parameter, value: Value) -> Result<(), String> {
        match parameter.location {
            Location::Path => {
                let has_slashes = self.client.api().dialect.has_slashes(self.operation.id, parameter.name);
                self.path.push((parameter.name, path::expand(parameter, value, has_slashes)?));
            }
            Location::Query => query::append(&mut self.query, parameter, value)?,
            Location::Header => {
                if let Some(text) = header::text(parameter, value)? {
                    let name = HeaderName::try_from(parameter.name).map_err(|fault| fault.to_string())?;
                    let text = HeaderValue::try_from(text).map_err(
                        |_| "must have no character that a header cannot have, such as a line break",
                    )?;
                    self.headers.append(name, text);
                }
            }
            Location::Cookie => self.cookies.extend(cookie::cookies(parameter, value)),
        }
        Ok(())
    }

    /// Sends bytes of a media type, if there are any, in place of a typed body.
    pub fn body_as(mut self, body: Option<MediaBody>) -> Self {
        if let Some(MediaBody { media_type, bytes }) = body {
            self.attach(media_type, bytes);
        }
        self
    }

    /// Sends `body` as JSON, if there is one.
    pub fn json<T: Serialize>(mut self, body: Result<Option<T>, Refusal>) -> Self {
        if let Some(body) = self.given(body) {
            let bytes = serde_json::to_vec(&body).map_err(|fault| fault.to_string());
            let placed = bytes.map(|bytes| self.attach(self.media_type("application/json"), bytes));
            self.note("", placed);
        }
        self
    }

    /// Sends `body` as a URL-encoded form, if there is one.
    pub fn form<T: Serialize>(mut self, body: Result<Option<T>, Refusal>) -> Self {
        if let Some(body) = self.given(body) {
            let value = serde_json::to_value(body).map_err(|fault| fault.to_string());
            let form = value.and_then(|value| form::urlencoded(value, self.encoding()));
            let placed =
                form.map(|form| self.attach(self.media_type("application/x-www-form-urlencoded"), form));
            self.note("", placed);
        }
        self
    }

    /// Sends `body` in parts, if there is one.
    pub fn multipart<T: IntoForm>(mut self, body: Result<Option<T>, Refusal>) -> Self {
        if let Some(body) = self.given(body) {
            let declared = self.media_type("multipart/form-data");
            let form = multipart(&declared, body, self.encoding());
            let placed = form.map(|(content_type, bytes)| self.attach(content_type, bytes));
            self.note("", placed);
        }
        self
    }

    /// Sends `body` as it is, if there is one.
    pub fn raw(mut self, body: Result<Option<Body>, Refusal>) -> Self {
        if let Some(body) = self.given(body) {
            self.attach(self.media_type("application/octet-stream"), body);
        }
        self
    }

    /// Asks for the connection to become a web socket.
    pub fn websocket(mut self) -> Self {
        let key = BASE64_STANDARD.encode(unique().to_ne_bytes());
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

    fn attach(&mut self, content_type: String, body: impl Into<Body>) {
        self.body = Some((content_type, body.into()));
    }

    /// Returns a body, if there is one and none in its place.
    fn given<T>(&mut self, body: Result<Option<T>, Refusal>) -> Option<T> {
        if self.body.is_some() {
            return None;
        }
        body.unwrap_or_else(|refusal| {
            self.refuse(&refusal);
            None
        })
    }

    /// Keeps what is wrong with a field; an empty name stands for the whole request.
    pub(crate) fn note(&mut self, field: &str, placed: Result<(), String>) {
        if let Err(fault) = placed {
            self.faults.push(FieldError::new(field, [fault]));
        }
    }

    fn refuse(&mut self, refusal: &Refusal) {
        for Refused { field, rule, .. } in refusal {
            self.faults.push(FieldError::new(field, [rule.clone()]));
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
    pub(crate) fn build(mut self) -> Result<(reqwest::Request, CallOptions), Error> {
        let operation = self.operation;
        let invalid = |fault: &dyn Display| operation.invalid(fault.to_string());
        let missing = self.open.clone().filter(|parameter| parameter.location == Location::Path);
        let missing = missing.map(|parameter| FieldError::new(parameter.name, ["must be set".to_owned()]));
        let faults: FieldErrors = self.faults.drain(..).chain(missing).collect();
        if faults.iter().next().is_some() {
            return Err(operation.refused(faults));
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
        let mut text = self.client.base_url_of(self.operation).into_owned();
        let mut rest = self.operation.path;
        if let Some(path) = &self.address {
            return self.below(text, path);
        }
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
        self.with_query(&text)
    }

    /// Returns the URL of `path` below `base`, which a path cannot leave.
    fn below(&self, mut base: String, path: &str) -> Result<Url, Error> {
        if !path.starts_with('/') || path.contains('#') {
            return Err(self.operation.invalid("the path must begin with a slash and have no fragment"));
        }
        let within = format!("{base}/");
        base.push_str(path);
        let url = self.with_query(&base)?;
        if url.as_str().starts_with(&within) {
            Ok(url)
        } else {
            Err(self.operation.invalid("the path must have no segment `..`, which leads out of the API"))
        }
    }

    fn with_query(&self, text: &str) -> Result<Url, Error> {
        let mut url = Url::parse(text).map_err(|fault| self.operation.invalid(fault.to_string()))?;
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
pub fn made<T, B>(builder: Result<B, Refusal>) -> Result<Option<T>, Refusal>
where
    T: TryFrom<B>,
    T::Error: Display + 'static,
{
    made_if_set(builder.map(Some))
}

/// Makes a body from its builder, if that was used.
///
/// # Errors
/// If the builder was given what does not fit, or lacks something.
pub fn made_if_set<T, B>(builder: Result<Option<B>, Refusal>) -> Result<Option<T>, Refusal>
where
    T: TryFrom<B>,
    T::Error: Display + 'static,
{
    builder.and_then(|builder| builder.map(T::try_from).transpose().map_err(|fault| Refusal::of("", &fault)))
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
        ..Operation::plain("search", "PATCH", "/pets/{id}.json?all")
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
    fn all_faults_are_told_and_name_their_parameters() {
        let client = client();
        let error = |request: Request<'_>| request.build().unwrap_err().to_string();
        let unset = || Err::<i64, _>(Refusal::missing("id"));
        let both =
            request(&client).parameter(unset()).parameter(Err::<i64, _>(Refusal::of("q", &"must be odd")));
        let body =
            Refusal::all([Some(&Refusal::missing("name")), Some(&Refusal::of("tags.1", &"must be short"))]);
        let refused = both.json(body.map(|()| Some(1))).build().unwrap_err();
        let told =
            "search was not sent: id: must be set; q: must be odd; name: must be set; tags.1: must be short";
        assert_eq!(refused.to_string(), told);
        let fields = refused.fields().unwrap();
        assert_eq!(fields.about("tags.1").collect::<Vec<_>>(), ["must be short"]);
        assert_eq!(error(request(&client)), "search was not sent: id: must be set");
        let filled = || request(&client).parameter(Ok(1)).parameter(Ok(1)).parameter(Ok(1));
        let line_break = filled().parameter(Ok("a\nb"));
        assert_eq!(
            error(line_break),
            "search was not sent: X-Tenant: must have no character that a header cannot have, such as a line break"
        );
        let body = filled().json(Err::<Option<i64>, _>(Refusal::missing("name")));
        assert_eq!(error(body), "search was not sent: name: must be set");
    }

    #[test]
    fn a_body_that_was_left_out_is_not_sent() {
        let client = client();
        let (request, _) = request(&client).parameter(Ok(1)).form(Ok(None::<Value>)).build().unwrap();
        assert!(request.body().is_none() && request.headers().get(CONTENT_TYPE).is_none());
    }

    #[test]
    fn bytes_of_another_media_type_are_sent_in_place_of_a_body() {
        let client = client();
        let sent = |body| {
            let request = request(&client).parameter(Ok(1)).body_as(body);
            request.json(Err::<Option<Value>, _>(Refusal::missing("name"))).build()
        };
        let body = MediaBody::new("text/csv", "a,b");
        assert_eq!(format!("{body:?}"), r#"MediaBody { media_type: "text/csv", bytes: 3 bytes }"#);
        let (request, _) = sent(Some(body)).unwrap();
        assert_eq!(request.headers()[CONTENT_TYPE], "text/csv");
        assert_eq!(request.body().and_then(Body::as_bytes), Some(&b"a,b"[..]));
        assert!(sent(None).is_err());
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

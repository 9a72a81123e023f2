//! The requests that a fault or an answer is for.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use openapi_resources::worlds::is_name;
use openapi_server_runtime::media::{Form, content_type};
use openapi_server_runtime::operation::Operation;
use openapi_server_runtime::request::RequestLine;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::api::{Api, Contradiction, answers};
use crate::compare;
use crate::entry::{body_value, fields};
use crate::expectation::{self, Problem};
use crate::limits::MAX_PATH;
use crate::pattern::Pattern;
use crate::world;

/// Conditions on the world, the query, the headers and the body of a request. All of them have to hold.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct When {
    /// The world that the request is in, by its name. Without it the request may be in any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub world: Option<String>,
    /// Parameters of the query that are there, with these values; a list has all values of one.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub query: Map<String, Value>,
    /// Headers that are there, with these values.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub headers: BTreeMap<String, String>,
    /// A part of the body, of JSON or of a form: objects may have more than this, lists may not.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "expectation::present")]
    pub body: Option<Value>,
}

impl When {
    /// Returns `true` if there are no conditions.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// The requests that are meant: those with everything that is given here.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Matching<'a> {
    pub(crate) operation: Option<&'a str>,
    pub(crate) method: Option<&'a str>,
    pub(crate) path: Option<&'a str>,
    pub(crate) when: &'a When,
}

/// A request, as far as it decides what is meant for it.
#[derive(Debug)]
pub(crate) struct Asked<'a> {
    method: &'a Method,
    /// The path below the base path.
    path: &'a str,
    query: Option<&'a str>,
    headers: &'a HeaderMap,
    body: Option<&'a Bytes>,
    operation: Option<&'static Operation>,
    /// The body as a value, which is read once for all conditions.
    value: OnceLock<Option<Value>>,
}

impl<'a> Asked<'a> {
    pub(crate) fn new(
        method: &'a Method,
        path: &'a str,
        query: Option<&'a str>,
        headers: &'a HeaderMap,
        body: Option<&'a Bytes>,
        operation: Option<&'static Operation>,
    ) -> Self {
        Self { method, path, query, headers, body, operation, value: OnceLock::new() }
    }

    fn value(&self) -> Option<&Value> {
        let read = || body_value(Form::of(&content_type(self.headers)), self.body?);
        self.value.get_or_init(read).as_ref()
    }
}

impl<'a> From<&RequestLine<'a>> for Asked<'a> {
    fn from(line: &RequestLine<'a>) -> Self {
        Self::new(line.method, line.path, line.uri.query(), line.headers, line.body, line.operation)
    }
}

/// The reason why no request is meant.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MatchError {
    /// No request is for this operation with this method at this path.
    #[error(transparent)]
    Contradiction(#[from] Contradiction),
    /// This is no method.
    #[error("method: `{0}` is no method")]
    Method(String),
    /// The path is too long.
    #[error("path: it has more than {MAX_PATH} characters")]
    Path,
    /// A condition never holds.
    #[error("when.{0}")]
    When(String),
}

impl Matching<'_> {
    /// Checks that there can be such requests.
    pub(crate) fn check(&self, api: &Api) -> Result<(), MatchError> {
        if self.path.is_some_and(|path| path.chars().count() > MAX_PATH) {
            return Err(MatchError::Path);
        }
        if let Some(name) = self.when.world.as_ref().filter(|name| !is_name(name)) {
            let name = name.escape_debug();
            return Err(MatchError::When(format!("world: no world is called `{name}`")));
        }
        let (method, path) = (self.parsed_method()?, self.path.map(Pattern::new));
        api.check(self.operation, method.as_ref(), path.as_ref())?;
        let name = self.when.headers.keys().find(|name| HeaderName::try_from(name.as_str()).is_err());
        if let Some(name) = name {
            return Err(MatchError::When(format!("headers: no header is called `{name}`")));
        }
        let odd = self.when.headers.iter().find(|(_, value)| HeaderValue::try_from(value.as_str()).is_err());
        if let Some((name, _)) = odd {
            return Err(MatchError::When(format!(
                "headers.{name}: no header has a value with such characters"
            )));
        }
        let checked = expectation::check_values(&self.when.query, self.when.body.as_ref());
        checked.map_err(|problem: Problem| MatchError::When(problem.to_string()))
    }

    /// Returns the method.
    pub(crate) fn parsed_method(&self) -> Result<Option<Method>, MatchError> {
        let parse =
            |text: &str| expectation::parse_method(text).map_err(|_| MatchError::Method(text.to_owned()));
        self.method.map(parse).transpose()
    }

    /// Returns `true` if this request is meant.
    pub(crate) fn fits(&self, asked: &Asked<'_>) -> bool {
        let id = asked.operation.map(|operation| operation.id);
        let is_method = |wanted: &str| {
            expectation::parse_method(wanted).is_ok_and(|wanted| answers(&wanted, asked.method))
        };
        self.operation.is_none_or(|wanted| id == Some(wanted))
            && self.method.is_none_or(is_method)
            && self.path.is_none_or(|wanted| Pattern::new(wanted).fits(asked.path))
            && self.holds(asked)
    }

    fn holds(&self, asked: &Asked<'_>) -> bool {
        let When { world, query, headers, body } = self.when;
        if world.as_ref().is_some_and(|wanted| world::of(asked.headers) != Some(wanted.as_bytes())) {
            return false;
        }
        let has_header = |(name, wanted): (&String, &String)| {
            asked.headers.get_all(name.as_str()).iter().any(|value| value.as_bytes() == wanted.as_bytes())
        };
        if !headers.iter().all(has_header) {
            return false;
        }
        if !query.is_empty() {
            let found = fields(asked.query.unwrap_or_default().as_bytes());
            if !query.iter().all(|(name, wanted)| compare::has_parameter(wanted, found.get(name))) {
                return false;
            }
        }
        let Some(wanted) = body else { return true };
        asked.value().is_some_and(|found| compare::has(wanted, found))
    }
}

//! Expectations: which requests are meant, and how many of them there should be.

use std::fmt;
use std::ops::RangeInclusive;

use http::Method;
use openapi_resources::worlds::is_name;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

use crate::api::{Api, Contradiction};
use crate::limits::{MAX_BODY, MAX_REQUESTS};
use crate::pattern::Pattern;

/// The requests that are meant: those with everything that is given here.
#[derive(Debug, Clone, Default)]
pub(crate) struct Criteria {
    pub(crate) world: Option<String>,
    pub(crate) operation: Option<String>,
    pub(crate) method: Option<Method>,
    pub(crate) path: Option<Pattern>,
    pub(crate) status: Option<RangeInclusive<u16>>,
    pub(crate) query: Map<String, Value>,
    pub(crate) body: Option<Value>,
}

/// An expectation.
#[derive(Debug, Clone, Deserialize)]
#[serde(from = "Written")]
pub(crate) struct Expectation {
    pub(crate) criteria: Criteria,
    pub(crate) count: Option<Count>,
    /// The requests that are expected one after the other.
    pub(crate) in_order: Option<Vec<Expectation>>,
}

/// A number of requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(untagged, expecting = "expected a number, or {\"at_least\": 1, \"at_most\": 3}")]
pub(crate) enum Count {
    Exactly(usize),
    Between(Bounds),
}

/// The least and the greatest number of requests.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Bounds {
    at_least: Option<usize>,
    at_most: Option<usize>,
}

/// An expectation as it is written.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Written {
    world: Option<String>,
    operation: Option<String>,
    #[serde(deserialize_with = "method")]
    method: Option<Method>,
    path: Option<Pattern>,
    #[serde(deserialize_with = "status")]
    status: Option<RangeInclusive<u16>>,
    query: Map<String, Value>,
    #[serde(deserialize_with = "present")]
    body: Option<Value>,
    count: Option<Count>,
    in_order: Option<Vec<Expectation>>,
}

impl From<Written> for Expectation {
    fn from(written: Written) -> Self {
        let Written { world, operation, method, path, status, query, body, count, in_order } = written;
        Self { criteria: Criteria { world, operation, method, path, status, query, body }, count, in_order }
    }
}

/// The reason why an expectation cannot be met, and the part of it that says so.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {reason}")]
pub(crate) struct Problem {
    pub(crate) place: String,
    pub(crate) reason: String,
}

impl Problem {
    fn at(place: impl Into<String>, reason: impl Into<String>) -> Self {
        Self { place: place.into(), reason: reason.into() }
    }
}

impl Criteria {
    /// Checks that there can be such requests.
    pub(crate) fn check(&self, api: &Api) -> Result<(), Problem> {
        api.check(self.operation.as_deref(), self.method.as_ref(), self.path.as_ref()).map_err(|error| {
            let place = match error {
                Contradiction::Operation(_) => "operation",
                Contradiction::Method { .. } => "method",
                Contradiction::Path { .. } | Contradiction::NoPath(..) => "path",
            };
            Problem::at(place, error.to_string())
        })?;
        if let Some(name) = self.world.as_ref().filter(|name| !is_name(name)) {
            return Err(Problem::at("world", format!("no world is called `{}`", name.escape_debug())));
        }
        check_values(&self.query, self.body.as_ref())
    }

    fn is_any(&self) -> bool {
        let Self { world, operation, method, path, status, query, body } = self;
        world.is_none()
            && (operation, method, path, status, body) == (&None, &None, &None, &None, &None)
            && query.is_empty()
    }
}

/// Checks that requests can have such a query and such a body.
pub(crate) fn check_values(query: &Map<String, Value>, body: Option<&Value>) -> Result<(), Problem> {
    let is_text = |value: &Value| value.is_string() || value.is_number() || value.is_boolean();
    let is_texts = |value: &Value| value.as_array().is_some_and(|values| values.iter().all(is_text));
    if let Some((name, value)) = query.iter().find(|(_, value)| !is_text(value) && !is_texts(value)) {
        let reason = format!("a parameter is a text, a number, a boolean or a list of these, not {value}");
        return Err(Problem::at(format!("query.{name}"), reason));
    }
    if let Some((name, _)) = query.iter().find(|(_, value)| value.as_array().is_some_and(Vec::is_empty)) {
        return Err(Problem::at(format!("query.{name}"), "no parameter has an empty list of values"));
    }
    if body.is_some_and(|body| body.to_string().len() > MAX_BODY) {
        return Err(Problem::at("body", format!("no body of more than {MAX_BODY} bytes is kept")));
    }
    Ok(())
}

impl fmt::Display for Criteria {
    /// Writes what the requests are called.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.operation, &self.method, &self.path) {
            (Some(operation), ..) => write!(f, "`{operation}`"),
            (None, Some(method), Some(path)) => write!(f, "`{method} {path}`"),
            (None, None, Some(path)) => write!(f, "`{path}`"),
            (None, Some(method), None) => write!(f, "any path with {method}"),
            (None, None, None) => f.write_str("the server"),
        }
    }
}

impl Expectation {
    /// Checks that the expectation can be met.
    pub(crate) fn check(&self, api: &Api) -> Result<(), Problem> {
        let Some(steps) = &self.in_order else {
            self.criteria.check(api)?;
            return self.count.map_or(Ok(()), Count::check);
        };
        if self.count.is_some() || !self.criteria.is_any() {
            return Err(Problem::at("in_order", "this stands alone: what is expected is in its list"));
        }
        if steps.is_empty() {
            return Err(Problem::at("in_order", "the list is empty"));
        }
        for (number, step) in steps.iter().enumerate() {
            let within = |problem: Problem| {
                Problem::at(format!("in_order[{number}].{}", problem.place), problem.reason)
            };
            if step.count.is_some() || step.in_order.is_some() {
                let place = if step.count.is_some() { "count" } else { "in_order" };
                return Err(within(Problem::at(place, "a step is one request; repeat it for more")));
            }
            step.check(api).map_err(within)?;
        }
        Ok(())
    }
}

impl Count {
    /// Returns the least and the greatest number.
    fn bounds(self) -> (usize, usize) {
        match self {
            Self::Exactly(count) => (count, count),
            Self::Between(Bounds { at_least, at_most }) => {
                (at_least.unwrap_or(0), at_most.unwrap_or(usize::MAX))
            }
        }
    }

    pub(crate) fn admits(self, count: usize) -> bool {
        let (least, greatest) = self.bounds();
        (least..=greatest).contains(&count)
    }

    fn check(self) -> Result<(), Problem> {
        let (least, greatest) = self.bounds();
        let reason = if self == Self::Between(Bounds::default()) {
            "name `at_least`, `at_most` or both".to_owned()
        } else if least > greatest {
            format!("no number is at least {least} and at most {greatest}")
        } else if least > MAX_REQUESTS {
            format!("the journal keeps no more than {MAX_REQUESTS} requests")
        } else {
            return Ok(());
        };
        Err(Problem::at("count", reason))
    }
}

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Exactly(count) => write!(f, "{count}"),
            Self::Between(Bounds { at_least: Some(least), at_most: Some(most) }) => {
                write!(f, "{least} to {most}")
            }
            Self::Between(Bounds { at_least, at_most: None }) => {
                write!(f, "at least {}", at_least.unwrap_or(0))
            }
            Self::Between(Bounds { at_least: None, at_most: Some(most) }) => write!(f, "at most {most}"),
        }
    }
}

impl Default for Count {
    /// Returns at least one.
    fn default() -> Self {
        Self::Between(Bounds { at_least: Some(1), at_most: None })
    }
}

/// Reads a method, whatever its case.
pub(crate) fn parse_method(text: &str) -> Result<Method, String> {
    Method::from_bytes(text.to_uppercase().as_bytes()).map_err(|_| format!("`{text}` is no method"))
}

/// Reads statuses: `404`, `400-499` or `4xx`.
pub(crate) fn parse_status(text: &str) -> Result<RangeInclusive<u16>, String> {
    let range = match (text.split_once('-'), text.strip_suffix("xx")) {
        (Some((first, last)), _) => (first.trim().parse().ok(), last.trim().parse().ok()),
        (None, Some(class)) => {
            let class = class.parse::<u16>().ok().filter(|class| *class < 10);
            (class.map(|class| class * 100), class.map(|class| class * 100 + 99))
        }
        (None, None) => (text.parse().ok(), text.parse().ok()),
    };
    match range {
        (Some(first), Some(last)) if 100 <= first && first <= last && last < 600 => Ok(first..=last),
        _ => Err(format!("`{text}` is no status: write 404, 400-499 or 4xx")),
    }
}

fn method<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Method>, D::Error> {
    let text = Option::<String>::deserialize(deserializer)?;
    text.map(|text| parse_method(&text)).transpose().map_err(D::Error::custom)
}

fn status<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<RangeInclusive<u16>>, D::Error> {
    let text = match Value::deserialize(deserializer)? {
        Value::Null => return Ok(None),
        Value::String(text) => text,
        other => other.to_string(),
    };
    parse_status(&text).map(Some).map_err(D::Error::custom)
}

/// Reads a value that is there even if it is null.
pub(crate) fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

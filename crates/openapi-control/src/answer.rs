//! An answer of one's own, which stands in the place of the API's.

use std::collections::BTreeMap;

use http::Response;
use http::header::CONTENT_TYPE;
use openapi_server_runtime::media::{Form, essence, most_specific};
use openapi_server_runtime::operation::{Content, Operation};
use openapi_server_runtime::response::Body;
use openapi_server_runtime::response_errors;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::api::{Api, PREFIX};
use crate::canned::{Canned, CannedError};

use crate::expectation;
use crate::limits::{MAX_ANSWERS, MAX_BODY, MAX_NAME};
use crate::matching::{MatchError, Matching, When};
use crate::pattern::Pattern;

/// An answer of one's own, for requests of one's choice.
///
/// ```
/// use openapi_control::Answer;
/// use serde_json::json;
///
/// // A path that the document does not have.
/// let about = Answer::new(200).at("/about").body("a shelter");
/// // A job that is done when it is asked for a second time.
/// let running = Answer::new(200).on("findJob").body(json!({"state": "running"})).scenario("job", "Started").becomes("done");
/// let done = Answer::new(200).on("findJob").body(json!({"state": "done"})).scenario("job", "done");
/// # let _ = (about, running, done);
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Answer {
    /// Only requests for the operation with this id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operation: Option<String>,
    /// Only requests with this method.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// Only requests to this path below the base path. `*` stands for any text without a slash, `**` for any text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// Only requests for which these conditions hold.
    #[serde(skip_serializing_if = "When::is_empty")]
    pub when: When,
    /// The status.
    pub status: u16,
    /// The headers.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub headers: BTreeMap<String, String>,
    /// The body: a text is sent as it is, anything else as JSON.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "expectation::present")]
    pub body: Option<Value>,
    /// The number of requests that are answered so; `null` for all of them.
    pub times: Option<u32>,
    /// The scenario that the answer is a part of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scenario: Option<String>,
    /// Only while the scenario is in this state. A scenario begins in the state `Started`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub requires: Option<String>,
    /// The state that the scenario is in after this answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub becomes: Option<String>,
    /// `true` if the answer may be one that the document does not describe.
    pub unchecked: bool,
}

impl Default for Answer {
    /// Returns an answer to every request with the status 200, and no body.
    fn default() -> Self {
        Self {
            operation: None,
            method: None,
            path: None,
            when: When::default(),
            status: 200,
            headers: BTreeMap::new(),
            body: None,
            times: None,
            scenario: None,
            requires: None,
            becomes: None,
            unchecked: false,
        }
    }
}

/// The reason why an answer is rejected.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AnswerError {
    /// There are too many.
    #[error("there are more than {MAX_ANSWERS} answers; remove some with DELETE /-/answers")]
    TooMany,
    /// They are too large.
    #[error("all answers together have more than {0} bytes; remove some with DELETE /-/answers")]
    TooLarge(usize),
    /// No request is meant.
    #[error(transparent)]
    Match(#[from] MatchError),
    /// The answer is for every request.
    #[error("the answer is for every request: name an `operation` or a `path`")]
    Anything,
    /// The control API is answered by itself.
    #[error("the path `{0}` is the control API's")]
    Control(String),
    /// The answer cannot be sent.
    #[error(transparent)]
    Canned(#[from] CannedError),
    /// The body is too long.
    #[error("the body has more than {MAX_BODY} bytes")]
    Body,
    /// It would never happen.
    #[error("`times` is 0: leave it out for every time")]
    Never,
    /// A state is that of a scenario.
    #[error("`{0}` is a state of a `scenario`, and none is named")]
    NoScenario(&'static str),
    /// A name is none.
    #[error("`{0}` has from 1 to {MAX_NAME} characters, none of which is a slash or a control character")]
    Name(&'static str),
    /// The document describes another answer.
    #[error("{}; with `\"unchecked\": true` it is answered all the same", .0.join("; "))]
    Undescribed(Vec<String>),
}

impl Answer {
    /// Answers with this status.
    #[must_use]
    pub fn new(status: u16) -> Self {
        Self { status, ..Self::default() }
    }

    /// Answers requests for this operation only.
    #[must_use]
    pub fn on(mut self, operation: impl Into<String>) -> Self {
        self.operation = Some(operation.into());
        self
    }

    /// Answers requests with this method only.
    #[must_use]
    pub fn method(mut self, method: impl Into<String>) -> Self {
        self.method = Some(method.into());
        self
    }

    /// Answers requests to this path only, which may have wildcards.
    #[must_use]
    pub fn at(mut self, path: impl Into<String>) -> Self {
        self.path = Some(path.into());
        self
    }

    /// Answers only while these conditions hold.
    #[must_use]
    pub fn when(mut self, when: When) -> Self {
        self.when = when;
        self
    }

    /// Answers requests in the world of this name only.
    #[must_use]
    pub fn in_world(mut self, name: impl Into<String>) -> Self {
        self.when.world = Some(name.into());
        self
    }

    /// Sends a header.
    #[must_use]
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.insert(name.into(), value.into());
        self
    }

    /// Sends this body: a text as it is, anything else as JSON.
    #[must_use]
    pub fn body(mut self, body: impl Into<Value>) -> Self {
        self.body = Some(body.into());
        self
    }

    /// Answers so many requests.
    #[must_use]
    pub fn times(mut self, requests: u32) -> Self {
        self.times = Some(requests);
        self
    }

    /// Answers only while a scenario is in a state. It begins in the state `Started`.
    #[must_use]
    pub fn scenario(mut self, scenario: impl Into<String>, requires: impl Into<String>) -> Self {
        (self.scenario, self.requires) = (Some(scenario.into()), Some(requires.into()));
        self
    }

    /// Moves the scenario to this state afterwards.
    #[must_use]
    pub fn becomes(mut self, state: impl Into<String>) -> Self {
        self.becomes = Some(state.into());
        self
    }

    /// Answers so even if the document describes other answers.
    #[must_use]
    pub fn unchecked(mut self) -> Self {
        self.unchecked = true;
        self
    }

    /// Returns the requests that are meant.
    pub(crate) fn matching(&self) -> Matching<'_> {
        let Self { operation, method, path, when, .. } = self;
        Matching { operation: operation.as_deref(), method: method.as_deref(), path: path.as_deref(), when }
    }

    /// Returns the response.
    pub(crate) fn response(&self) -> Response<Body> {
        self.canned().response(|_| Response::new(Body::empty()))
    }

    fn canned(&self) -> Canned<'_> {
        Canned { status: self.status, headers: &self.headers, body: self.body.as_ref() }
    }

    /// Checks that the answer is consistent, can be given, and is one that the document describes.
    pub(crate) fn check(&self, api: &Api) -> Result<(), AnswerError> {
        let matching = self.matching();
        matching.check(api)?;
        if self.operation.is_none() && self.path.is_none() {
            return Err(AnswerError::Anything);
        }
        if let Some(path) = self.path.as_ref().filter(|path| path.starts_with(PREFIX)) {
            return Err(AnswerError::Control(path.clone()));
        }
        self.canned().check()?;
        if self.body.as_ref().is_some_and(|body| body.to_string().len() > MAX_BODY) {
            return Err(AnswerError::Body);
        }
        if self.times == Some(0) {
            return Err(AnswerError::Never);
        }
        let names = [("scenario", &self.scenario), ("requires", &self.requires), ("becomes", &self.becomes)];
        for (place, name) in names {
            let Some(name) = name else { continue };
            if self.scenario.is_none() {
                return Err(AnswerError::NoScenario(place));
            }
            let length = name.chars().count();
            if !(1..=MAX_NAME).contains(&length) || name.contains(|it: char| it == '/' || it.is_control()) {
                return Err(AnswerError::Name(place));
            }
        }
        let problems = if self.unchecked { Vec::new() } else { self.undescribed(api) };
        if problems.is_empty() { Ok(()) } else { Err(AnswerError::Undescribed(problems)) }
    }

    /// Returns the ways in which the answer is none that the document describes.
    fn undescribed(&self, api: &Api) -> Vec<String> {
        let method = self.matching().parsed_method().ok().flatten();
        let path = self.path.as_ref().map(Pattern::new);
        let is_meant = |operation: &&'static Operation| {
            self.operation.as_deref().is_none_or(|id| operation.id == id)
                && method.as_ref().is_none_or(|method| operation.method == *method)
                && path.as_ref().is_none_or(|path| api.is_at(path, |known| std::ptr::eq(known, *operation)))
        };
        let meant = api.tables().operations.iter().filter(is_meant);
        let problems = meant.flat_map(|operation| {
            let problems = self.problems(operation).into_iter();
            problems.map(|problem| format!("`{}` {problem}", operation.id))
        });
        problems.take(MAX_PROBLEMS).collect()
    }

    fn problems(&self, operation: &'static Operation) -> Vec<String> {
        let Some(described) = operation.answer(self.status).or(operation.default.as_ref()) else {
            let known: Vec<String> =
                operation.responses.iter().map(|response| response.status.to_string()).collect();
            return vec![format!("is answered with {}, not with {}", known.join(", "), self.status)];
        };
        match (&described.content, &self.body) {
            (None, None) => Vec::new(),
            (None, Some(_)) => vec![format!("is answered with {} and no body", self.status)],
            (Some(content), None) => {
                vec![format!("is answered with {} and a body of {}", self.status, content.media_type)]
            }
            (Some(content), Some(body)) => self.content_problems(content, described.content_types, body),
        }
    }

    fn content_problems(
        &self,
        content: &'static Content,
        declared: &'static [&'static str],
        body: &Value,
    ) -> Vec<String> {
        let given = self.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case(CONTENT_TYPE.as_str()));
        let given = match (given, body) {
            (Some((_, given)), _) => essence(given),
            (None, Value::String(_)) => "text/plain".to_owned(),
            (None, _) => "application/json".to_owned(),
        };
        let Some(chosen) = most_specific(&given, declared.iter().copied()) else {
            return vec![format!("is answered with {}, not with {given}", declared.join(", "))];
        };
        // Of other media types no rule is known.
        if chosen != content.media_type || Form::of(&given) != Form::Json {
            return Vec::new();
        }
        // A text that is sent as JSON is the JSON itself.
        let parsed = body.as_str().map(serde_json::from_str::<Value>);
        let value = match &parsed {
            None => body,
            Some(Ok(parsed)) => parsed,
            Some(Err(error)) => return vec![format!("is answered with JSON, and this is none: {error}")],
        };
        let errors = response_errors(&content.rule, value);
        errors
            .iter()
            .map(|error| format!("answers otherwise at {}: {}", error.target, error.detail))
            .collect()
    }
}

/// The most ways that are told in which an answer is none of the document's.
const MAX_PROBLEMS: usize = 10;

//! Operations: the name of each, and the samples it is called with.

use serde::Deserialize;
use serde_json::Value;

/// One operation of the document.
#[derive(Clone, Copy, Debug)]
pub struct Operation {
    /// Its id in the document.
    pub id: &'static str,
    /// Its method and path, such as `GET /pets/{id}`.
    pub route: &'static str,
    /// Its samples as JSON.
    pub samples: &'static str,
    /// The parts that are not tried, each with the reason.
    pub skipped: &'static [(&'static str, &'static str)],
}

/// The samples of an operation.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct Samples {
    /// The parameters, with the values of each.
    #[serde(default)]
    pub(crate) parameters: Vec<Parameter>,
    /// The body, if the operation takes one.
    #[serde(default)]
    pub(crate) body: Option<Body>,
    /// The answers.
    #[serde(default)]
    pub(crate) answers: Vec<Answer>,
}

/// One parameter.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Parameter {
    /// Where it stands and its name, such as `query limit`.
    pub(crate) name: String,
    /// `true` if it is always sent.
    pub(crate) required: bool,
    /// `true` if a method of the service is given it.
    pub(crate) received: bool,
    /// Its values.
    pub(crate) values: Vec<Value>,
}

/// The body.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Body {
    /// `true` if it is always sent.
    pub(crate) required: bool,
    /// Its values.
    pub(crate) values: Vec<Value>,
}

/// An answer of an operation.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Answer {
    /// The status.
    pub(crate) status: u16,
    /// The bodies; a single `null` if there is none.
    pub(crate) values: Vec<Value>,
}

//! Something that is to go wrong with a request, so that a test can see its program meet a slow, failing or vanishing server.
//! A fault stands in front of the API like a broken proxy. Requests that it lets through are answered as ever.

mod strike;

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::effects::{self, Change, Damage, Disconnect};
use crate::expectation;
use crate::matching::When;

/// Something that is to go wrong.
///
/// ```
/// use std::time::Duration;
///
/// use openapi_control::Fault;
///
/// // The list is throttled twice; then it is there again.
/// let throttled = Fault::status(429).header("Retry-After", "1").on("listPets").times(2);
/// // A pet is created, but the client gets no response.
/// let lost = Fault::disconnect().carried_out().on("createPet");
/// // Every request for this pet takes its time.
/// let slow = Fault::delay(Duration::from_secs(30)).at("/pets/rex/").always();
/// // The second page breaks off, in one of four requests.
/// let torn = Fault::disconnect_within().on("listPets").query("page", 2).always().probability(0.25);
/// # let _ = (throttled, lost, slow, torn);
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Fault {
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
    /// The number of matching requests that are let through first.
    pub skip: u32,
    /// The number of requests that are hit then; `null` for all of them, until the faults are cleared.
    pub times: Option<u32>,
    /// The probability, above 0 and up to 1, with which one of these is hit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub probability: Option<f64>,
    /// The beginning of the random numbers for `probability` and `jitter_ms`: the same gives the same. Without it one is made,
    /// and shown in the list of faults.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seed: Option<u64>,
    /// The requests that are let through within a time; only those beyond are hit, by default with 429, and learn from
    /// `Retry-After` when the time is over.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub throttle: Option<Throttle>,
    /// The delay of the response, in milliseconds.
    pub delay_ms: u64,
    /// The most that the delay is longer at random, in milliseconds.
    #[serde(skip_serializing_if = "is_zero")]
    pub jitter_ms: u64,
    /// The time over which the body is sent, in milliseconds.
    #[serde(skip_serializing_if = "is_zero")]
    pub body_ms: u64,
    /// `true` if the request is carried out all the same, before its response is replaced or lost.
    pub carried_out: bool,
    /// The status to answer with; without it, `throttle` (429) and `disconnect` the response is the true one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// Headers of that answer.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub headers: BTreeMap<String, String>,
    /// The body of that answer: a text is sent as it is, anything else as JSON. Without it, the answer is the one that the
    /// dialect of the server has for the status.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "expectation::present")]
    pub body: Option<Value>,
    /// The moment at which the connection ends: `"before"` the response (also `true`), `"within"` its body or `"after"` it.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "effects::disconnect")]
    pub disconnect: Option<Disconnect>,
    /// The damage of the body: `"truncated"`, or `"broken"` so that it is no JSON.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub damage: Option<Damage>,
    /// The changes of properties of a body of JSON, by their paths, such as `results.*.name`: `"missing"`, `"null"`,
    /// `"other_type"` or `"unknown_value"`.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub properties: BTreeMap<String, Change>,
    /// The number of bytes by which the announced length of the body is too great; if it is negative, too small.
    #[serde(skip_serializing_if = "is_right")]
    pub wrong_length: i64,
}

/// Requests within a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Throttle {
    /// The number of requests that are let through.
    pub requests: u32,
    /// The time in seconds, after which as many are let through again.
    pub seconds: u32,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_zero(number: &u64) -> bool {
    *number == 0
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_right(length: &i64) -> bool {
    *length == 0
}

impl Default for Fault {
    fn default() -> Self {
        Self {
            operation: None,
            method: None,
            path: None,
            when: When::default(),
            skip: 0,
            times: Some(1),
            probability: None,
            seed: None,
            throttle: None,
            delay_ms: 0,
            jitter_ms: 0,
            body_ms: 0,
            carried_out: false,
            status: None,
            headers: BTreeMap::new(),
            body: None,
            disconnect: None,
            damage: None,
            properties: BTreeMap::new(),
            wrong_length: 0,
        }
    }
}

impl Fault {
    /// Answers with this status.
    #[must_use]
    pub fn status(status: u16) -> Self {
        Self { status: Some(status), ..Self::default() }
    }

    /// Ends the connection without a response.
    #[must_use]
    pub fn disconnect() -> Self {
        Self { disconnect: Some(Disconnect::Before), ..Self::default() }
    }

    /// Ends the connection within the body of the response.
    #[must_use]
    pub fn disconnect_within() -> Self {
        Self { disconnect: Some(Disconnect::Within), ..Self::default() }
    }

    /// Ends the connection after the bytes of the body, without the end of the response.
    #[must_use]
    pub fn disconnect_after() -> Self {
        Self { disconnect: Some(Disconnect::After), ..Self::default() }
    }

    /// Lets so many requests through within a time, and answers all others with 429 and `Retry-After`.
    #[must_use]
    pub fn throttle(requests: u32, seconds: u32) -> Self {
        Self { throttle: Some(Throttle { requests, seconds }), ..Self::default() }.always()
    }

    /// Damages the body.
    #[must_use]
    pub fn damage(damage: Damage) -> Self {
        Self { damage: Some(damage), ..Self::default() }
    }

    /// Changes a property of the body, by its path, such as `results.*.name`.
    #[must_use]
    pub fn property(path: impl Into<String>, change: Change) -> Self {
        Self { properties: BTreeMap::from([(path.into(), change)]), ..Self::default() }
    }

    /// Announces a body that is so many bytes longer than it is.
    #[must_use]
    pub fn wrong_length(bytes: i64) -> Self {
        Self { wrong_length: bytes, ..Self::default() }
    }

    /// Sends the body over so long a time.
    #[must_use]
    pub fn slow_body(time: Duration) -> Self {
        Self { body_ms: millis(time), ..Self::default() }
    }

    /// Delays the true response.
    #[must_use]
    pub fn delay(delay: Duration) -> Self {
        Self::default().delayed(delay)
    }

    /// Delays the response, whatever it is.
    #[must_use]
    pub fn delayed(mut self, delay: Duration) -> Self {
        self.delay_ms = millis(delay);
        self
    }

    /// Makes the delay longer at random, by up to so much.
    #[must_use]
    pub fn jitter(mut self, jitter: Duration) -> Self {
        self.jitter_ms = millis(jitter);
        self
    }

    /// Hits requests with this method only.
    #[must_use]
    pub fn method(mut self, method: impl Into<String>) -> Self {
        self.method = Some(method.into());
        self
    }

    /// Hits requests for which these conditions hold only.
    #[must_use]
    pub fn when(mut self, when: When) -> Self {
        self.when = when;
        self
    }

    /// Hits requests in the world of this name only.
    #[must_use]
    pub fn in_world(mut self, name: impl Into<String>) -> Self {
        self.when.world = Some(name.into());
        self
    }

    /// Hits requests whose query has this parameter only.
    #[must_use]
    pub fn query(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.when.query.insert(name.into(), value.into());
        self
    }

    /// Hits only some of the requests, with this probability.
    #[must_use]
    pub fn probability(mut self, probability: f64) -> Self {
        self.probability = Some(probability);
        self
    }

    /// Sets the beginning of the random numbers.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = Some(seed);
        self
    }

    /// Hits requests for this operation only.
    #[must_use]
    pub fn on(mut self, operation: impl Into<String>) -> Self {
        self.operation = Some(operation.into());
        self
    }

    /// Hits requests to this path only, which may have wildcards.
    #[must_use]
    pub fn at(mut self, path: impl Into<String>) -> Self {
        self.path = Some(path.into());
        self
    }

    /// Lets so many requests through first.
    #[must_use]
    pub fn skip(mut self, requests: u32) -> Self {
        self.skip = requests;
        self
    }

    /// Hits so many requests instead of one.
    #[must_use]
    pub fn times(mut self, requests: u32) -> Self {
        self.times = Some(requests);
        self
    }

    /// Hits every request until the fault is removed.
    #[must_use]
    pub fn always(mut self) -> Self {
        self.times = None;
        self
    }

    /// Sends a header with the answer.
    #[must_use]
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.insert(name.into(), value.into());
        self
    }

    /// Answers with this body: a text as it is, anything else as JSON.
    #[must_use]
    pub fn body(mut self, body: impl Into<Value>) -> Self {
        self.body = Some(body.into());
        self
    }

    /// Carries the request out before its response is replaced or lost.
    #[must_use]
    pub fn carried_out(mut self) -> Self {
        self.carried_out = true;
        self
    }
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

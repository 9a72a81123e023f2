//! The format of the recorded cases: what is sent, what authentik answered, and how the two may differ.
//! Reading only; comparing is `compare`'s.

use std::collections::{BTreeMap, BTreeSet};

use base64::Engine as _;
use serde::Deserialize;
use serde_json::Value;

const CASES: &str = include_str!("cases.jsonl");
const WIRE: &str = include_str!("wire.json");
pub const FIXTURE: &str = include_str!("fixture.json");

/// One recorded case: a few requests in a row against the pristine fixture.
#[derive(Deserialize)]
pub struct Case {
    pub id: String,
    pub group: String,
    pub mutates: bool,
    pub steps: Vec<Step>,
}

/// One request of a case and the recorded answer.
#[derive(Deserialize)]
pub struct Step {
    pub method: String,
    /// Below the API root, as sent: percent-encoded, with its query.
    pub path: String,
    pub auth: Option<Auth>,
    pub headers: BTreeMap<String, String>,
    body: Option<String>,
    body_b64: Option<String>,
    pub compare: Rules,
    pub expect: Answer,
}

impl Step {
    /// Returns the bytes of the request's body, if it has one.
    pub fn body(&self) -> Option<Vec<u8>> {
        let encoded = |text: &String| {
            base64::engine::general_purpose::STANDARD.decode(text).expect("recorded bodies are base64")
        };
        self.body_b64.as_ref().map(encoded).or_else(|| self.body.clone().map(String::into_bytes))
    }
}

/// The caller: a user of the fixture, or a verbatim `Authorization` header.
#[derive(Deserialize)]
#[serde(untagged)]
pub enum Auth {
    User(String),
    Raw { raw: String },
}

/// The differences that are allowed between two correct responses.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Rules {
    /// Properties whose lists have no order.
    pub unordered: BTreeSet<String>,
    /// The keys the results were ordered by; rows equal in all of them may come in any order.
    pub tie_keys: Vec<String>,
    /// Only the number of results is determined.
    pub results_len_only: bool,
    /// Values made up by the server, of which only the form is determined.
    pub mask: Vec<Mask>,
}

#[derive(Deserialize)]
pub struct Mask {
    pub path: String,
    pub kind: Form,
}

/// The form of a value that the server makes up.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Form {
    Uuid,
    Id40,
    Datetime,
    Any,
}

/// A response: recorded, or just received.
#[derive(Debug, Default, Deserialize)]
pub struct Answer {
    pub status: u16,
    pub content_type: Option<String>,
    pub allow: Option<String>,
    pub kind: Kind,
    pub body: Option<Value>,
}

#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    #[default]
    Empty,
    Json,
    Html,
    Text,
}

/// Returns every recorded case, in order.
pub fn cases() -> Vec<Case> {
    CASES.lines().map(|line| serde_json::from_str(line).expect("a recorded case")).collect()
}

/// Returns the token of each user of the fixture.
pub fn tokens() -> BTreeMap<String, String> {
    let fixture: Value = serde_json::from_str(FIXTURE).expect("the fixture is JSON");
    let users = fixture["users"].as_array().expect("the fixture has users");
    let api_token = |user: &Value| {
        let tokens = user["tokens"].as_array().expect("a user has tokens");
        let token = tokens.iter().find(|token| token["intent"] == "api").expect("each user has an API token");
        token["key"].as_str().expect("a token has a key").to_owned()
    };
    users
        .iter()
        .map(|user| (user["username"].as_str().expect("a name").to_owned(), api_token(user)))
        .collect()
}

/// The objects of the pristine fixture as they look on the wire; cases refer to them by slug or id.
pub struct Wire(Value);

impl Wire {
    pub fn recorded() -> Self {
        Self(serde_json::from_str(WIRE).expect("the recorded objects are JSON"))
    }

    /// Puts the objects in the place of the references `{"$plex": slug}` and `{"$conn": id}`.
    pub fn expand(&self, value: &Value) -> Value {
        match value {
            Value::Object(object) if object.len() == 1 && object.contains_key("$plex") => {
                self.0["plex"][object["$plex"].as_str().expect("a slug")].clone()
            }
            Value::Object(object) if object.len() == 1 && object.contains_key("$conn") => {
                self.0["conn"][object["$conn"].to_string()].clone()
            }
            Value::Object(object) => {
                object.iter().map(|(key, value)| (key.clone(), self.expand(value))).collect()
            }
            Value::Array(items) => items.iter().map(|item| self.expand(item)).collect(),
            other => other.clone(),
        }
    }
}

//! What a request can fail with, and the status and JSON each failure has on the wire. Framing it as a response, and
//! the pages that stand in for a server error, are the business of [`crate::answer`].

use std::fmt;

use http::StatusCode;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

/// The key under which errors of the object as a whole are reported.
pub const NON_FIELD_ERRORS: &str = "non_field_errors";

/// The errors of a body or a query, field by field, in the order they were found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FieldErrors {
    entries: Vec<(String, Messages)>,
}

/// What is wrong with one field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Messages {
    /// The messages about the value itself.
    Own(Vec<String>),
    /// The messages about parts of the value: fields of an object, positions in a list.
    Parts(FieldErrors),
}

impl FieldErrors {
    /// No errors.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// One error about one field.
    pub fn of(field: impl Into<String>, message: impl Into<String>) -> Self {
        let mut errors = Self::new();
        errors.add(field, message);
        errors
    }

    /// One error about the object as a whole.
    pub fn non_field(message: impl Into<String>) -> Self {
        Self::of(NON_FIELD_ERRORS, message)
    }

    /// Adds a message about a field's value, after those already there.
    pub fn add(&mut self, field: impl Into<String>, message: impl Into<String>) {
        let field = field.into();
        match self.entries.iter_mut().find(|(name, _)| *name == field) {
            Some((_, Messages::Own(messages))) => messages.push(message.into()),
            Some((_, parts)) => *parts = Messages::Own(vec![message.into()]),
            None => self.entries.push((field, Messages::Own(vec![message.into()]))),
        }
    }

    /// Sets everything that is wrong with a field.
    pub fn set(&mut self, field: impl Into<String>, messages: Messages) {
        let field = field.into();
        match self.entries.iter_mut().find(|(name, _)| *name == field) {
            Some((_, present)) => *present = messages,
            None => self.entries.push((field, messages)),
        }
    }

    /// Takes over everything in `others`, in the place of what is already said of the same fields.
    pub fn extend(&mut self, others: FieldErrors) {
        for (field, messages) in others.entries {
            self.set(field, messages);
        }
    }

    /// What is wrong with a field, if anything is.
    #[must_use]
    pub fn get(&self, field: &str) -> Option<&Messages> {
        self.entries.iter().find(|(name, _)| name == field).map(|(_, messages)| messages)
    }

    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The errors in the order they were found.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Messages)> {
        self.entries.iter().map(|(name, messages)| (name.as_str(), messages))
    }

    /// The errors as JSON: `{"<field>": ["<message>", ...], ...}`.
    #[must_use]
    pub fn to_value(&self) -> Value {
        Value::Object(
            self.entries.iter().map(|(name, messages)| (name.clone(), messages.to_value())).collect(),
        )
    }
}

impl Messages {
    /// A single message.
    pub fn one(message: impl Into<String>) -> Self {
        Self::Own(vec![message.into()])
    }

    fn to_value(&self) -> Value {
        match self {
            Self::Own(messages) => messages.iter().map(|message| Value::from(message.as_str())).collect(),
            Self::Parts(errors) => errors.to_value(),
        }
    }
}

impl From<Messages> for FieldErrors {
    fn from(messages: Messages) -> Self {
        match messages {
            Messages::Own(_) => Self { entries: vec![(NON_FIELD_ERRORS.to_owned(), messages)] },
            Messages::Parts(errors) => errors,
        }
    }
}

/// Why a request was not answered as asked.
#[derive(Debug, Clone, PartialEq)]
pub enum Failure {
    /// The body or the query breaks the document's rules: 400 with the errors field by field.
    Validation(FieldErrors),
    /// Refused with one sentence: `{"detail": "..."}`.
    Detail {
        /// The status.
        status: StatusCode,
        /// The sentence.
        detail: String,
    },
    /// Refused with a body of its own.
    Body {
        /// The status.
        status: StatusCode,
        /// The body; `Null` for none.
        value: Value,
    },
    /// The server broke down. Clients see a page without an explanation: 500 on reading, 405 on writing.
    ServerError,
}

impl Failure {
    /// A refusal with one sentence.
    pub fn detail(status: StatusCode, detail: impl Into<String>) -> Self {
        Self::Detail { status, detail: detail.into() }
    }

    /// 404: there is no such object, or it may not be known that there is.
    #[must_use]
    pub fn not_found() -> Self {
        Self::detail(StatusCode::NOT_FOUND, "Not found.")
    }

    /// 404: the page number is not a number, or there is no such page.
    #[must_use]
    pub fn invalid_page() -> Self {
        Self::detail(StatusCode::NOT_FOUND, "Invalid page.")
    }

    /// 403: the user may not do this.
    #[must_use]
    pub fn permission_denied() -> Self {
        Self::detail(StatusCode::FORBIDDEN, "You do not have permission to perform this action.")
    }

    /// 403: this needs a user.
    #[must_use]
    pub fn not_authenticated() -> Self {
        Self::detail(StatusCode::FORBIDDEN, "Authentication credentials were not provided.")
    }

    /// 403: these credentials are not, or no longer, anyone's.
    #[must_use]
    pub fn authentication_failed(detail: impl Into<String>) -> Self {
        Self::detail(StatusCode::FORBIDDEN, detail)
    }

    /// 400 with one error about the request as a whole.
    #[must_use]
    pub fn bad_request(message: impl Into<String>) -> Self {
        Self::Validation(FieldErrors::non_field(message))
    }

    /// The status; for a server error the one a reading request sees.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        match self {
            Self::Validation(_) => StatusCode::BAD_REQUEST,
            Self::Detail { status, .. } | Self::Body { status, .. } => *status,
            Self::ServerError => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The JSON body; `None` if there is none.
    #[must_use]
    pub fn body(&self) -> Option<Value> {
        match self {
            Self::Validation(errors) => Some(errors.to_value()),
            Self::Detail { detail, .. } => {
                Some(Value::Object(Map::from_iter([("detail".to_owned(), Value::from(detail.as_str()))])))
            }
            Self::Body { value: Value::Null, .. } | Self::ServerError => None,
            Self::Body { value, .. } => Some(value.clone()),
        }
    }
}

impl Failure {
    /// A refusal whose body is a value of a type. If the value cannot be written as JSON, that is a server error.
    #[must_use]
    pub fn typed(status: u16, value: &impl Serialize) -> Self {
        match (StatusCode::from_u16(status), serde_json::to_value(value)) {
            (Ok(status), Ok(value)) => Self::Body { status, value },
            _ => Self::ServerError,
        }
    }

    /// A refusal without a body.
    #[must_use]
    pub fn empty(status: u16) -> Self {
        Self::typed(status, &Value::Null)
    }

    /// The body as a value of a type, or this failure again if that is not what its body is.
    ///
    /// # Errors
    /// This failure.
    pub fn into_typed<T: DeserializeOwned>(self) -> Result<T, Self> {
        self.body().and_then(|body| serde_json::from_value(body).ok()).ok_or(self)
    }

    /// Whether this is a refusal without a body; a server error is none, for it has a page.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self != Self::ServerError && self.body().is_none()
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.status())?;
        self.body().map_or(Ok(()), |body| write!(f, ": {body}"))
    }
}

impl std::error::Error for Failure {}

impl From<FieldErrors> for Failure {
    fn from(errors: FieldErrors) -> Self {
        Self::Validation(errors)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn errors_keep_the_order_they_were_found_in() {
        let mut errors = FieldErrors::of("slug", "long");
        errors.add("name", "blank");
        errors.add("slug", "odd");
        let mut parts = FieldErrors::of("1", "blank");
        parts.add("3", "null");
        errors.set("servers", Messages::Parts(parts));
        let text = errors.to_value().to_string();
        assert_eq!(
            text,
            r#"{"slug":["long","odd"],"name":["blank"],"servers":{"1":["blank"],"3":["null"]}}"#
        );
    }

    #[test]
    fn every_failure_has_a_status_and_a_body() {
        let cases = [
            (
                Failure::bad_request("No data provided"),
                400,
                Some(json!({"non_field_errors": ["No data provided"]})),
            ),
            (Failure::not_found(), 404, Some(json!({"detail": "Not found."}))),
            (Failure::Body { status: StatusCode::BAD_REQUEST, value: json!(["x"]) }, 400, Some(json!(["x"]))),
            (Failure::Body { status: StatusCode::FORBIDDEN, value: Value::Null }, 403, None),
            (Failure::ServerError, 500, None),
        ];
        for (failure, status, body) in cases {
            assert_eq!((failure.status().as_u16(), failure.body()), (status, body), "{failure:?}");
        }
    }
}

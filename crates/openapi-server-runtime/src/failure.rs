//! Failures of a request. A [`Dialect`](crate::dialect::Dialect) decides how a failure looks on the wire.

use std::fmt;

use http::StatusCode;
use serde::Serialize;
use serde_json::Value;

use crate::operation::Location;

/// The errors in the body and the parameters of a request, in the order in which they were found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FieldErrors {
    errors: Vec<FieldError>,
}

/// One thing that is wrong with a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// The part of the request that is wrong.
    pub target: Target,
    /// The problem, as a sentence.
    pub detail: String,
}

/// The part of a request that an error concerns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// A value in the body, by the names and positions that lead to it; the whole body if there are none.
    Body(Vec<Segment>),
    /// A parameter.
    Parameter(Location, String),
}

/// One step to a value in a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Segment {
    /// A property of an object.
    Name(String),
    /// An item of a list.
    Position(usize),
}

impl<T: Into<String>> From<T> for Segment {
    fn from(name: T) -> Self {
        Self::Name(name.into())
    }
}

impl fmt::Display for Segment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(name) => f.write_str(name),
            Self::Position(position) => position.fmt(f),
        }
    }
}

impl FieldErrors {
    /// Returns no errors.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Returns one error about one property of the body.
    pub fn of(field: impl Into<String>, detail: impl Into<String>) -> Self {
        let mut errors = Self::new();
        errors.add(field, detail);
        errors
    }

    /// Returns one error about the body as a whole.
    pub fn whole(detail: impl Into<String>) -> Self {
        let mut errors = Self::new();
        errors.push(Target::Body(Vec::new()), detail);
        errors
    }

    /// Adds an error about a property of the body.
    pub fn add(&mut self, field: impl Into<String>, detail: impl Into<String>) {
        self.push(Target::Body(vec![Segment::Name(field.into())]), detail);
    }

    /// Adds an error.
    pub fn push(&mut self, target: Target, detail: impl Into<String>) {
        self.errors.push(FieldError { target, detail: detail.into() });
    }

    /// Returns the number of errors.
    #[must_use]
    pub fn len(&self) -> usize {
        self.errors.len()
    }

    /// Returns `true` if nothing is wrong.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.errors.is_empty()
    }

    /// Returns the errors in the order they were found.
    pub fn iter(&self) -> impl Iterator<Item = &FieldError> {
        self.errors.iter()
    }
}

impl Extend<FieldError> for FieldErrors {
    fn extend<T: IntoIterator<Item = FieldError>>(&mut self, errors: T) {
        self.errors.extend(errors);
    }
}

impl IntoIterator for FieldErrors {
    type Item = FieldError;
    type IntoIter = std::vec::IntoIter<FieldError>;

    fn into_iter(self) -> Self::IntoIter {
        self.errors.into_iter()
    }
}

/// The reason why the program that a server stands in for answers otherwise than its document says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Departure {
    /// The name of this kind of departure, such as `write-fails`.
    pub name: &'static str,
    /// The reason, as a sentence.
    pub reason: &'static str,
}

/// The reason why a request was not answered as asked.
#[derive(Debug, Clone, PartialEq)]
pub enum Failure {
    /// A failure that the document does not have, and why it is there. It is answered like the failure itself, and
    /// [`Host::observe`](crate::host::Host::observe) finds the departure among the notes.
    Departs(Departure, Box<Failure>),
    /// The body or a parameter breaks the document's rules.
    Validation(FieldErrors),
    /// The request needs credentials, or those it has are invalid.
    Unauthenticated {
        /// The problem, as a sentence.
        detail: String,
    },
    /// Refused with one sentence.
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
    /// There is nothing at this path, or a handler answers as if there were nothing.
    UnknownPath,
    /// The server failed. Clients do not learn why.
    ServerError,
    /// Nobody wrote the operation. [`serve`](crate::serve) answers it as [`Unwritten`](crate::unwritten::Unwritten) does, with what the
    /// host of the request gives, whoever called the method.
    Unwritten,
}

impl Failure {
    /// Refuses with one sentence.
    pub fn detail(status: StatusCode, detail: impl Into<String>) -> Self {
        Self::Detail { status, detail: detail.into() }
    }

    /// Refuses with 404: there is no such object, or it may not be known that there is.
    #[must_use]
    pub fn not_found() -> Self {
        Self::detail(StatusCode::NOT_FOUND, "Not found.")
    }

    /// Refuses with 403: the user may not do this.
    #[must_use]
    pub fn permission_denied() -> Self {
        Self::detail(StatusCode::FORBIDDEN, "You do not have permission to perform this action.")
    }

    /// Refuses because this needs a user.
    #[must_use]
    pub fn not_authenticated() -> Self {
        Self::authentication_failed("Authentication credentials were not provided.")
    }

    /// Refuses because these credentials are not, or no longer, anyone's.
    #[must_use]
    pub fn authentication_failed(detail: impl Into<String>) -> Self {
        Self::Unauthenticated { detail: detail.into() }
    }

    /// Refuses with one error about the body as a whole.
    #[must_use]
    pub fn bad_request(detail: impl Into<String>) -> Self {
        Self::Validation(FieldErrors::whole(detail))
    }

    /// Refuses with a value of a type as the body. If the value cannot be written as JSON, that is a server error.
    #[must_use]
    pub fn typed(status: u16, value: &impl Serialize) -> Self {
        match (StatusCode::from_u16(status), serde_json::to_value(value)) {
            (Ok(status), Ok(value)) => Self::Body { status, value },
            _ => Self::ServerError,
        }
    }

    /// Refuses without a body.
    #[must_use]
    pub fn empty(status: u16) -> Self {
        Self::typed(status, &Value::Null)
    }

    /// Fails like this where the document says otherwise, for a reason.
    #[must_use]
    pub fn because(self, departure: Departure) -> Self {
        match self {
            Self::Departs(known, failure) => Self::Departs(known, failure),
            failure => Self::Departs(departure, Box::new(failure)),
        }
    }

    /// Returns the failure itself, and why the document does not have it.
    #[must_use]
    pub fn explained(self) -> (Self, Option<Departure>) {
        match self {
            Self::Departs(departure, failure) => (*failure, Some(departure)),
            failure => (failure, None),
        }
    }

    /// Returns `true` if the server fails, for whatever reason.
    #[must_use]
    pub fn is_server_error(&self) -> bool {
        match self {
            Self::Departs(_, failure) => failure.is_server_error(),
            failure => *failure == Self::ServerError,
        }
    }

    /// Returns the status. A dialect may have its own for missing credentials and server errors.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        match self {
            Self::Validation(_) => StatusCode::BAD_REQUEST,
            Self::Unauthenticated { .. } => StatusCode::UNAUTHORIZED,
            Self::Detail { status, .. } | Self::Body { status, .. } => *status,
            Self::UnknownPath => StatusCode::NOT_FOUND,
            Self::ServerError => StatusCode::INTERNAL_SERVER_ERROR,
            Self::Unwritten => StatusCode::NOT_IMPLEMENTED,
            Self::Departs(_, failure) => failure.status(),
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Self::Departs(departure, failure) = self {
            return write!(f, "{failure} ({}: {})", departure.name, departure.reason);
        }
        write!(f, "{}", self.status())?;
        match self {
            Self::Validation(errors) => {
                errors.iter().try_for_each(|error| write!(f, "\n  {}: {}", error.target, error.detail))
            }
            Self::Unauthenticated { detail } | Self::Detail { detail, .. } => write!(f, ": {detail}"),
            Self::Body { value: Value::Null, .. }
            | Self::UnknownPath
            | Self::ServerError
            | Self::Unwritten
            | Self::Departs(..) => Ok(()),
            Self::Body { value, .. } => write!(f, ": {value}"),
        }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Body(path) if path.is_empty() => f.write_str("body"),
            Self::Body(path) => {
                let path: Vec<String> = path.iter().map(Segment::to_string).collect();
                f.write_str(&path.join("."))
            }
            Self::Parameter(location, name) => write!(f, "{name} ({location})"),
        }
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
    fn a_failure_names_its_status_and_everything_that_is_wrong() {
        let mut errors = FieldErrors::of("slug", "It is too long.");
        errors.push(Target::Parameter(Location::Query, "page".to_owned()), "It is no number.");
        let body = Failure::Body { status: StatusCode::BAD_REQUEST, value: json!(["x"]) };
        let cases = [
            (
                errors.into(),
                400,
                "400 Bad Request\n  slug: It is too long.\n  page (query): It is no number.",
            ),
            (Failure::bad_request("No."), 400, "400 Bad Request\n  body: No."),
            (Failure::not_found(), 404, "404 Not Found: Not found."),
            (body, 400, "400 Bad Request: [\"x\"]"),
            (Failure::empty(405), 405, "405 Method Not Allowed"),
            (Failure::UnknownPath, 404, "404 Not Found"),
            (Failure::ServerError, 500, "500 Internal Server Error"),
            (Failure::Unwritten, 501, "501 Not Implemented"),
            (
                Failure::empty(405).because(Departure { name: "broken", reason: "It always was." }),
                405,
                "405 Method Not Allowed (broken: It always was.)",
            ),
        ];
        for (failure, status, expected) in cases {
            assert_eq!((failure.status().as_u16(), failure.to_string().as_str()), (status, expected));
        }
    }
}

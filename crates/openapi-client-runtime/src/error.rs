//! Everything that can go wrong with an operation, as one type.
//!
//! No variant shows credentials, a body or a URL with credentials, neither in `Display` nor in `Debug`.

use std::fmt::{self, Write as _};
use std::time::Duration;

use reqwest::StatusCode;

use crate::answer::Answer;
use crate::api::Operation;
use crate::dialect::Meaning;
use crate::field_errors::{FieldError, FieldErrors};
use crate::line::Line;

/// The reason why an operation did not return its result.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// The client was set up with something it cannot work with.
    #[non_exhaustive]
    Configuration {
        /// The problem.
        message: String,
    },
    /// The request was refused before it was sent: values are missing or break a rule of the document.
    #[non_exhaustive]
    InvalidRequest {
        /// The operation's id in the document.
        operation: &'static str,
        /// All fields that are wrong, each with its rule, as a server would say it.
        fields: FieldErrors,
    },
    /// The server refused values of the request (400 or 422).
    #[non_exhaustive]
    Validation {
        /// The errors of each field.
        fields: FieldErrors,
        /// The response.
        answer: Box<Answer>,
    },
    /// The server does not know who is asking: credentials are missing, invalid, expired or of another kind.
    #[non_exhaustive]
    Unauthenticated {
        /// The response.
        answer: Box<Answer>,
    },
    /// The server knows who is asking, and they may not do this (403).
    #[non_exhaustive]
    PermissionDenied {
        /// The response.
        answer: Box<Answer>,
    },
    /// There is no such object, or none that the caller may see; or no such page (404).
    #[non_exhaustive]
    NotFound {
        /// The response.
        answer: Box<Answer>,
    },
    /// The server wants fewer requests (429).
    #[non_exhaustive]
    RateLimited {
        /// The time that it asks to wait.
        retry_after: Option<Duration>,
        /// The response.
        answer: Box<Answer>,
    },
    /// The server failed (5xx, or a status that the dialect knows to hide a failure).
    #[non_exhaustive]
    Server {
        /// The response.
        answer: Box<Answer>,
    },
    /// The server answered what the document does not describe.
    #[non_exhaustive]
    Decode {
        /// The place in the body, as a JSON pointer.
        pointer: String,
        /// The problem, without the value itself.
        message: String,
        /// The response.
        answer: Box<Answer>,
    },
    /// The response is longer than the builder's `body_limit`, and was not read to its end.
    #[non_exhaustive]
    BodyTooLarge {
        /// The operation's id in the document.
        operation: &'static str,
        /// The status of the response.
        status: StatusCode,
        /// The most bytes that a response may have.
        limit: usize,
    },
    /// There was no response in time.
    #[non_exhaustive]
    Timeout {
        /// The operation's id in the document.
        operation: &'static str,
        /// `true` if it may be sent again without doing something twice.
        repeatable: bool,
        /// The error of the transport, without the URL.
        source: reqwest::Error,
    },
    /// There was no response, or only a part of one.
    #[non_exhaustive]
    Transport {
        /// The operation's id in the document.
        operation: &'static str,
        /// `true` if it may be sent again without doing something twice: it was never sent, or is idempotent.
        repeatable: bool,
        /// The error of the transport, without the URL.
        source: reqwest::Error,
    },
    /// Something sends the call elsewhere (301, 302, 303, 307 or 308), which would take credentials and the body along, so it
    /// is not followed. The text says where to, and which URL to build the client with if that is known to help.
    #[non_exhaustive]
    Redirected {
        /// The response; its header `Location` has the whole URL.
        answer: Box<Answer>,
    },
    /// The server answered with a status that says none of the above.
    #[non_exhaustive]
    Unexpected {
        /// The response.
        answer: Box<Answer>,
    },
}

impl Operation {
    /// Returns the error for a request that is not sent because of `message`.
    pub(crate) fn invalid(&self, message: impl Into<String>) -> Error {
        let message = message.into();
        self.refused(FieldErrors::from_iter([FieldError::new("", [message])]))
    }

    /// Returns the error for a request that is not sent because of its `fields`.
    pub(crate) fn refused(&self, fields: FieldErrors) -> Error {
        Error::InvalidRequest { operation: self.id, fields }
    }
}

impl Error {
    pub(crate) fn configuration(message: String) -> Self {
        Error::Configuration { message }
    }

    pub(crate) fn transport(operation: &'static Operation, source: reqwest::Error) -> Self {
        let source = source.without_url();
        // Without a connection, nothing was sent.
        let repeatable = source.is_connect() || (operation.is_idempotent() && !source.is_builder());
        let operation = operation.id;
        if source.is_timeout() {
            Error::Timeout { operation, repeatable, source }
        } else {
            Error::Transport { operation, repeatable, source }
        }
    }

    /// Returns `true` if the same call may succeed later, and cannot do anything twice.
    ///
    /// The client itself retries these, as long as [`Retries`](crate::Retries) and the call's deadline allow it:
    ///
    /// - `RateLimited`, for every method: a request that was refused has done nothing;
    /// - `Server` with 502, 503 or 504, and `Transport` and `Timeout`, for `GET`, `HEAD`, `PUT` and `DELETE` only: after
    ///   these, it is unknown whether the request was carried out, and a `POST` or `PATCH` might be carried out twice. (A
    ///   `DELETE` that was, answers `NotFound` to the second attempt.)
    /// - `Transport` and `Timeout` for every method if there was no connection.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        match self {
            Error::RateLimited { .. } => true,
            Error::Server { answer } => {
                matches!(answer.status().as_u16(), 502..=504) && answer.is_idempotent()
            }
            Error::Timeout { repeatable, .. } | Error::Transport { repeatable, .. } => *repeatable,
            _ => false,
        }
    }

    /// Returns the response, if there was one.
    #[must_use]
    pub fn answer(&self) -> Option<&Answer> {
        match self {
            Error::Validation { answer, .. }
            | Error::Unauthenticated { answer }
            | Error::PermissionDenied { answer }
            | Error::NotFound { answer }
            | Error::RateLimited { answer, .. }
            | Error::Server { answer }
            | Error::Decode { answer, .. }
            | Error::Redirected { answer }
            | Error::Unexpected { answer } => Some(answer),
            Error::Configuration { .. }
            | Error::InvalidRequest { .. }
            | Error::BodyTooLarge { .. }
            | Error::Timeout { .. }
            | Error::Transport { .. } => None,
        }
    }

    /// Returns what is wrong with the fields of the request, whether this client says so before it sends it or the server.
    #[must_use]
    pub fn fields(&self) -> Option<&FieldErrors> {
        match self {
            Error::InvalidRequest { fields, .. } | Error::Validation { fields, .. } => Some(fields),
            _ => None,
        }
    }

    /// Returns the operation's id in the document, such as `pets_list`.
    #[must_use]
    pub fn operation(&self) -> Option<&'static str> {
        match self {
            Error::Configuration { .. } => None,
            Error::InvalidRequest { operation, .. }
            | Error::BodyTooLarge { operation, .. }
            | Error::Timeout { operation, .. }
            | Error::Transport { operation, .. } => Some(operation),
            other => other.answer().map(Answer::operation),
        }
    }

    /// Returns the status of the response, if there was one.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        match self {
            Error::BodyTooLarge { status, .. } => Some(*status),
            other => other.answer().map(Answer::status),
        }
    }

    /// Returns the id of the request in the server's log, if the response has it.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        self.answer().and_then(Answer::request_id)
    }
}

/// Shows the error in one line of a bounded length, without control characters, whatever the server sent.
impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let f = &mut Line::new(f);
        match self {
            Error::Configuration { message } => write!(f, "the client cannot be set up: {message}"),
            Error::InvalidRequest { operation, fields } => write!(f, "{operation} was not sent: {fields}"),
            Error::Validation { fields, answer } => write!(f, "{answer}: {fields}"),
            Error::Unauthenticated { answer } => told(f, answer, "the credentials are missing or invalid"),
            Error::PermissionDenied { answer } => told(f, answer, "the credentials do not permit this"),
            Error::NotFound { answer } if answer.report().meaning == Some(Meaning::NotTheApi) => write!(
                f,
                "{answer}: there is no API at this URL; is the URL of the deployment right, and its proxy?"
            ),
            Error::NotFound { answer } => told(f, answer, "not found"),
            Error::RateLimited { retry_after: Some(wait), answer } => {
                write!(f, "{answer}: too many requests, try again in {} s", wait.as_secs())
            }
            Error::RateLimited { retry_after: None, answer } => told(f, answer, "too many requests"),
            Error::Server { answer } if answer.report().meaning == Some(Meaning::HiddenFailure) => {
                write!(f, "{answer}: the server failed, and hides it behind this status")
            }
            Error::Server { answer } => told(f, answer, "the server failed"),
            Error::Decode { pointer, message, answer } => {
                let place = if pointer.is_empty() { "the body" } else { pointer };
                write!(f, "{answer}, which does not fit the document at {place}: {message}")
            }
            Error::BodyTooLarge { operation, status, limit } => write!(
                f,
                "{operation} answered {} with more than {limit} bytes, which is the limit; ClientBuilder::body_limit raises it",
                status.as_u16()
            ),
            Error::Timeout { operation, .. } => write!(f, "{operation} had no answer in time"),
            Error::Transport { operation, source, .. } if source.is_connect() => {
                write!(f, "{operation} was not sent: there is no connection to the server")
            }
            Error::Transport { operation, .. } => write!(f, "{operation} had no complete answer"),
            Error::Redirected { answer } => match answer.redirection() {
                Some(redirection) => write!(f, "{answer}: {redirection}"),
                None => told(f, answer, "redirects"),
            },
            Error::Unexpected { answer } => told(f, answer, "an answer that the document does not describe"),
        }
    }
}

/// Writes where a response came from and the server's own words, or ours if it had none.
fn told(f: &mut Line<'_, '_>, answer: &Answer, otherwise: &str) -> fmt::Result {
    write!(f, "{answer}: {}", answer.detail().unwrap_or(otherwise))
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Error::Timeout { source, .. } | Error::Transport { source, .. } => Some(source),
            _ => None,
        }
    }
}

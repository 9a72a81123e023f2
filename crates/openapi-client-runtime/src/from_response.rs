//! From an answer that is not what its operation is for to the error that says what happened.
//!
//! Every status is taken for what Django REST framework means by it, declared in the document or not.

use reqwest::StatusCode;

use crate::answer::Answer;
use crate::error::Error;
use crate::field_errors::FieldErrors;

/// What it says, with status 403, to whom it does not know.
const UNKNOWN: [&str; 4] = [
    "Authentication credentials were not provided.",
    "Unsupported authentication type",
    "Token invalid/expired",
    "Malformed header",
];

/// The error for `answer`.
pub(crate) fn error(answer: Answer) -> Error {
    let answer = Box::new(answer);
    match answer.status() {
        StatusCode::BAD_REQUEST if answer.detail().is_none() => {
            match FieldErrors::read(answer.body().bytes()) {
                Some(fields) => Error::Validation { fields, answer },
                None => Error::Unexpected { answer },
            }
        }
        StatusCode::UNAUTHORIZED => Error::Unauthenticated { answer },
        StatusCode::FORBIDDEN if answer.detail().is_some_and(|detail| UNKNOWN.contains(&detail)) => {
            Error::Unauthenticated { answer }
        }
        StatusCode::FORBIDDEN => Error::PermissionDenied { answer },
        StatusCode::NOT_FOUND => Error::NotFound { answer },
        StatusCode::TOO_MANY_REQUESTS => Error::RateLimited { retry_after: answer.retry_after(), answer },
        // Every operation's method is known to the server, so an empty refusal of it hides a failure.
        StatusCode::METHOD_NOT_ALLOWED if answer.body().bytes().is_empty() => Error::Server { answer },
        status if status.is_server_error() => Error::Server { answer },
        _ if answer.redirection().is_some() => Error::Redirected { answer },
        _ => Error::Unexpected { answer },
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use reqwest::Url;
    use reqwest::header::{HeaderMap, LOCATION, RETRY_AFTER};

    use super::*;
    use crate::api::{Operation, SAMPLE};

    const LIST: &Operation = &Operation::sample("sources_plex_list", "GET", "/sources/plex/");
    const CREATE: &Operation = &Operation::sample("sources_plex_create", "POST", "/sources/plex/");

    fn error_of(status: u16, body: &'static str) -> Error {
        let headers = HeaderMap::from_iter([
            (LOCATION, "/login".parse().unwrap()),
            (RETRY_AFTER, "7".parse().unwrap()),
            ("x-authentik-id".parse().unwrap(), "abc".parse().unwrap()),
        ]);
        let status = StatusCode::from_u16(status).unwrap();
        error(Answer::new(&SAMPLE, LIST, &url(), status, headers, Bytes::from_static(body.as_bytes())))
    }

    fn url() -> Url {
        Url::parse("https://a.example/api/v3/sources/plex/").unwrap()
    }

    #[test]
    fn each_answer_has_its_variant_and_a_line_that_says_it() {
        let cases = [
            (400, r#"{"slug": ["Bad."]}"#, "Validation", "slug: Bad."),
            (400, r#"{"detail": "JSON parse error - x"}"#, "Unexpected", "JSON parse error - x"),
            (400, "<html>", "Unexpected", "an answer that the document does not describe"),
            (401, "", "Unauthenticated", "the token is missing or invalid"),
            (403, r#"{"detail": "Token invalid/expired"}"#, "Unauthenticated", "Token invalid/expired"),
            (
                403,
                r#"{"detail": "You do not have permission to perform this action."}"#,
                "PermissionDenied",
                "You do not have permission to perform this action.",
            ),
            (404, r#"{"detail": "Invalid page."}"#, "NotFound", "Invalid page."),
            (
                404,
                "<html>",
                "NotFound",
                "there is no API at this URL; is the URL of the deployment right, and its proxy?",
            ),
            (405, "", "Server", "the server failed in a write, and hides it behind this status"),
            (
                405,
                r#"{"detail": "Method \"PUT\" not allowed."}"#,
                "Unexpected",
                "Method \"PUT\" not allowed.",
            ),
            (429, "", "RateLimited", "too many requests, try again in 7 s"),
            (502, "<html>", "Server", "the server failed"),
            (
                302,
                "",
                "Redirected",
                "redirects to https://a.example/login; that is not followed; does a proxy in front of the server want a \
                 login, or is the URL of the deployment another one?",
            ),
            (304, "", "Unexpected", "an answer that the document does not describe"),
        ];
        for (status, body, variant, line) in cases {
            let error = error_of(status, body);
            assert!(format!("{error:?}").starts_with(variant), "{status} {body}: {error:?}");
            assert_eq!(
                error.to_string(),
                format!("sources_plex_list answered {status} (request abc): {line}")
            );
        }
    }

    #[test]
    fn what_may_help_and_cannot_do_anything_twice_is_retryable() {
        let retryable = |operation, status| {
            let status = StatusCode::from_u16(status).unwrap();
            error(Answer::new(&SAMPLE, operation, &url(), status, HeaderMap::new(), Bytes::new()))
                .is_retryable()
        };
        assert_eq!([429, 502, 503, 504].map(|status| retryable(LIST, status)), [true; 4]);
        assert_eq!([400, 401, 403, 404, 405, 500, 302].map(|status| retryable(LIST, status)), [false; 7]);
        // A request that was refused for being one too many has done nothing.
        assert_eq!([429, 502, 503, 504].map(|status| retryable(CREATE, status)), [true, false, false, false]);
    }

    #[test]
    fn a_body_is_kept_and_shown_to_nobody() {
        let error = error_of(500, "s3cret");
        assert_eq!(error.answer().unwrap().body().text(), "s3cret");
        assert!(!format!("{error:?} {error}").contains("s3cret"));
    }
}

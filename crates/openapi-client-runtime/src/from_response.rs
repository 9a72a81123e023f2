//! From a response that is not what its operation is for to the error that says what happened.
//!
//! Every status is taken for what HTTP and the API's dialect mean by it, declared in the document or not.

use reqwest::StatusCode;

use crate::answer::Answer;
use crate::dialect::Meaning;
use crate::error::Error;

/// Returns the error for `answer`.
pub(crate) fn error(answer: Answer) -> Error {
    let mut answer = Box::new(answer);
    match answer.report().meaning {
        Some(Meaning::Unauthenticated) => return Error::Unauthenticated { answer },
        Some(Meaning::HiddenFailure) => return Error::Server { answer },
        Some(Meaning::NotTheApi) | None => {}
    }
    match answer.status() {
        StatusCode::BAD_REQUEST | StatusCode::UNPROCESSABLE_ENTITY => match answer.take_fields() {
            Some(fields) => Error::Validation { fields, answer },
            None => Error::Unexpected { answer },
        },
        StatusCode::UNAUTHORIZED => Error::Unauthenticated { answer },
        StatusCode::FORBIDDEN => Error::PermissionDenied { answer },
        StatusCode::NOT_FOUND => Error::NotFound { answer },
        StatusCode::TOO_MANY_REQUESTS => Error::RateLimited { retry_after: answer.retry_after(), answer },
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
    use crate::api::{Api, Operation, SAMPLE};
    use crate::dialect::{Dialect, ErrorReport};

    const LIST: &Operation = &Operation::plain("pets_list", "GET", "/pets/");
    const CREATE: &Operation = &Operation::plain("pets_create", "POST", "/pets/");

    fn error_of(status: u16, body: &'static str) -> Error {
        let headers = HeaderMap::from_iter([
            (LOCATION, "/login".parse().unwrap()),
            (RETRY_AFTER, "7".parse().unwrap()),
            ("x-request-id".parse().unwrap(), "abc".parse().unwrap()),
        ]);
        let status = StatusCode::from_u16(status).unwrap();
        error(Answer::new(&SAMPLE, LIST, &url(), status, headers, Bytes::from_static(body.as_bytes())))
    }

    fn url() -> Url {
        Url::parse("https://a.example/api/v3/pets/").unwrap()
    }

    #[test]
    fn each_answer_has_its_variant_and_a_line_that_says_it() {
        let cases = [
            (400, r#"{"errors": [{"pointer": "/slug", "detail": "Bad."}]}"#, "Validation", "slug: Bad."),
            (422, r#"{"errors": [{"parameter": "page", "detail": "Bad."}]}"#, "Validation", "page: Bad."),
            (400, r#"{"message": "x"}"#, "Unexpected", "x"),
            (400, "<html>", "Unexpected", "an answer that the document does not describe"),
            (401, "", "Unauthenticated", "the credentials are missing or invalid"),
            (403, r#"{"message": "You may not."}"#, "PermissionDenied", "You may not."),
            (404, r#"{"detail": "No such pet."}"#, "NotFound", "No such pet."),
            (404, "", "NotFound", "not found"),
            (405, "", "Unexpected", "an answer that the document does not describe"),
            (429, "", "RateLimited", "too many requests, try again in 7 s"),
            (502, "<html>", "Server", "the server failed"),
            (
                302,
                "",
                "Redirected",
                "redirects, and names \"https://a.example/login\" as the place; that is not followed; does a proxy in front of the server want a \
                 login, or is the URL of the deployment another one?",
            ),
            (304, "", "Unexpected", "an answer that the document does not describe"),
        ];
        for (status, body, variant, line) in cases {
            let error = error_of(status, body);
            assert!(format!("{error:?}").starts_with(variant), "{status} {body}: {error:?}");
            assert_eq!(error.to_string(), format!("pets_list answered {status} (request abc): {line}"));
        }
    }

    #[test]
    fn an_error_is_one_line_whatever_the_server_sends() {
        let odd = r"a\r\nb\u001b[31m\u0000\u202ec\u2066\u2028";
        let bodies = [
            format!(r#"{{"detail": "{odd}"}}"#),
            format!(r#"{{"errors": [{{"pointer": "/{odd}", "detail": "{odd}"}}]}}"#),
            format!(r#"{{"detail": "{}"}}"#, "x".repeat(1_000_000)),
            format!(r#"{{"errors": ["{}"]}}"#, "x".repeat(1_000_000)),
        ];
        let headers = HeaderMap::from_iter([
            (LOCATION, format!("https://b.example/{}", "x".repeat(10_000)).parse().unwrap()),
            ("x-request-id".parse().unwrap(), "i".repeat(10_000).parse().unwrap()),
        ]);
        for status in [302, 400, 401, 403, 404, 409, 429, 500] {
            for body in &bodies {
                let status = StatusCode::from_u16(status).unwrap();
                let body = Bytes::copy_from_slice(body.as_bytes());
                let error = error(Answer::new(&SAMPLE, LIST, &url(), status, headers.clone(), body));
                for shown in [error.to_string(), error.answer().unwrap().to_string()] {
                    let is_plain = |c: char| !c.is_control() && !('\u{2028}'..='\u{2069}').contains(&c);
                    assert!(shown.chars().all(is_plain), "{shown:?}");
                    assert!(shown.chars().count() < 2100, "{status}");
                }
            }
        }
    }

    #[test]
    fn a_dialect_says_what_a_status_does_not() {
        #[derive(Debug)]
        struct Odd(Meaning);
        impl Dialect for Odd {
            fn read_error(&self, _: StatusCode, _: &HeaderMap, _: &[u8]) -> ErrorReport {
                ErrorReport { meaning: Some(self.0), ..ErrorReport::default() }
            }

            fn is_essential(&self, _: &str) -> bool {
                false
            }
        }
        let cases: [(&'static Odd, u16, &str, &str); 3] = [
            (
                &Odd(Meaning::Unauthenticated),
                403,
                "Unauthenticated",
                "the credentials are missing or invalid",
            ),
            (
                &Odd(Meaning::HiddenFailure),
                405,
                "Server",
                "the server failed, and hides it behind this status",
            ),
            (
                &Odd(Meaning::NotTheApi),
                404,
                "NotFound",
                "there is no API at this URL; is the URL of the deployment right, and its proxy?",
            ),
        ];
        for (dialect, status, variant, line) in cases {
            let api = Api { dialect, ..SAMPLE };
            let status = StatusCode::from_u16(status).unwrap();
            let error = error(Answer::new(&api, LIST, &url(), status, HeaderMap::new(), Bytes::new()));
            assert!(format!("{error:?}").starts_with(variant), "{error:?}");
            assert_eq!(error.to_string(), format!("pets_list answered {}: {line}", status.as_u16()));
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

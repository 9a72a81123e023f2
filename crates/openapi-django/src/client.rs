//! Reads the responses of servers made with Django REST framework, for generated clients.

mod field_errors;

use openapi_client_runtime::header::HeaderMap;
use openapi_client_runtime::{Dialect, ErrorReport, Meaning, StatusCode};
use serde_json::Value;

/// The sentences of a 403 that refuse credentials, not a permission: without a header `WWW-Authenticate`, Django REST framework
/// has no 401.
const UNAUTHENTICATED: [&str; 4] = [
    "Authentication credentials were not provided.",
    "Unsupported authentication type",
    "Token invalid/expired",
    "Malformed header",
];

/// The dialect of Django REST framework.
///
/// - The sentence of an error is its `detail`.
/// - A 400 without one has the errors of fields: lists of messages by name, nested as the request is.
/// - A 403 whose sentence is about credentials means that the server does not know who is asking.
/// - A 404 without a sentence is not from the API.
#[derive(Clone, Copy, Debug)]
#[must_use]
pub struct Django {
    request_id_header: &'static str,
    essential: &'static [&'static str],
    expanded_suffix: Option<&'static str>,
    empty_405_is_failure: bool,
}

impl Default for Django {
    fn default() -> Self {
        Self::new()
    }
}

impl Django {
    /// Creates the dialect of an unmodified Django REST framework.
    pub const fn new() -> Self {
        Django {
            request_id_header: "x-request-id",
            essential: &["id", "pk", "slug", "uuid"],
            expanded_suffix: None,
            empty_405_is_failure: false,
        }
    }

    /// Sets the header with the request id of the server's log, in lower case; by default `x-request-id`.
    pub const fn request_id_header(mut self, name: &'static str) -> Self {
        self.request_id_header = name;
        self
    }

    /// Sets the properties that identify an object; by default `id`, `pk`, `slug` and `uuid`.
    pub const fn essential(mut self, properties: &'static [&'static str]) -> Self {
        self.essential = properties;
        self
    }

    /// Looks for the object that a property should hold in the property with this suffix, if the former holds a key only.
    pub const fn expanded_suffix(mut self, suffix: &'static str) -> Self {
        self.expanded_suffix = Some(suffix);
        self
    }

    /// Takes a 405 without a body for a failure of the server: every operation's method is known to it.
    pub const fn empty_405_is_failure(mut self) -> Self {
        self.empty_405_is_failure = true;
        self
    }
}

impl Dialect for Django {
    fn read_error(&self, status: StatusCode, _: &HeaderMap, body: &[u8]) -> ErrorReport {
        let detail = detail(body);
        let fields = match (status, &detail) {
            (StatusCode::BAD_REQUEST, None) => field_errors::read(body),
            _ => None,
        };
        let meaning = match (status, detail.as_deref()) {
            (StatusCode::FORBIDDEN, Some(said)) if UNAUTHENTICATED.contains(&said) => {
                Some(Meaning::Unauthenticated)
            }
            (StatusCode::NOT_FOUND, None) => Some(Meaning::NotTheApi),
            (StatusCode::METHOD_NOT_ALLOWED, _) if self.empty_405_is_failure && body.is_empty() => {
                Some(Meaning::HiddenFailure)
            }
            _ => None,
        };
        ErrorReport { detail, fields, meaning }
    }

    fn request_id_header(&self) -> &'static str {
        self.request_id_header
    }

    fn is_essential(&self, property: &str) -> bool {
        self.essential.contains(&property)
    }

    fn expanded(&self, property: &str) -> Option<String> {
        self.expanded_suffix.map(|suffix| format!("{property}{suffix}"))
    }
}

/// Returns the text of `{"detail": "..."}`.
fn detail(body: &[u8]) -> Option<String> {
    match serde_json::from_slice(body).ok()? {
        Value::Object(mut members) => match members.swap_remove("detail")? {
            Value::String(detail) => Some(detail),
            _ => None,
        },
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(dialect: Django, status: u16, body: &str) -> ErrorReport {
        dialect.read_error(StatusCode::from_u16(status).unwrap(), &HeaderMap::new(), body.as_bytes())
    }

    #[test]
    fn a_403_about_credentials_means_that_nobody_is_known() {
        for sentence in UNAUTHENTICATED {
            let body = serde_json::json!({"detail": sentence}).to_string();
            let report = read(Django::new(), 403, &body);
            assert_eq!(
                (report.detail.as_deref(), report.meaning),
                (Some(sentence), Some(Meaning::Unauthenticated))
            );
            assert_eq!(read(Django::new(), 400, &body).meaning, None);
        }
        let body = r#"{"detail": "You do not have permission to perform this action."}"#;
        assert_eq!(read(Django::new(), 403, body).meaning, None);
    }

    #[test]
    fn a_404_without_a_sentence_is_not_from_the_api() {
        assert_eq!(read(Django::new(), 404, r#"{"detail": "Not found."}"#).meaning, None);
        assert_eq!(read(Django::new(), 404, "<html>").meaning, Some(Meaning::NotTheApi));
    }

    #[test]
    fn a_400_has_a_sentence_or_errors_of_fields() {
        let report = read(Django::new(), 400, r#"{"detail": "JSON parse error"}"#);
        assert_eq!((report.detail.as_deref(), report.fields), (Some("JSON parse error"), None));
        let report = read(Django::new(), 400, r#"{"slug": ["Bad."], "detail": ["Worse."]}"#);
        let fields = report.fields.unwrap();
        assert_eq!((fields.to_string().as_str(), report.detail), ("slug: Bad.; detail: Worse.", None));
        assert_eq!(read(Django::new(), 500, r#"{"slug": ["Bad."]}"#).fields, None);
    }

    #[test]
    fn an_empty_405_is_a_failure_where_that_is_said() {
        assert_eq!(read(Django::new(), 405, "").meaning, None);
        let dialect = Django::new().empty_405_is_failure();
        assert_eq!(read(dialect, 405, "").meaning, Some(Meaning::HiddenFailure));
        assert_eq!(read(dialect, 405, r#"{"detail": "Method \"PUT\" not allowed."}"#).meaning, None);
    }
}

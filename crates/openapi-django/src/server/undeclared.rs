//! Responses of the framework to any operation: its exceptions, and the pages for what breaks.

use http::Method;
use openapi_server_runtime::operation::{Location, Operation};
use openapi_server_runtime::undeclared::Undeclared;
use serde_json::{Value, json};

/// Returns the responses that the framework gives to an operation.
pub(super) fn of(operation: &Operation, reads_body: bool, read_only_pages: bool) -> Vec<Undeclared> {
    let told = |status, description: &str| Undeclared::json(status, description, detail());
    let mut found = vec![
        told(403, "The credentials are missing or wrong, or the caller may not do this."),
        told(404, "There is no such object or page, or no such `format`."),
        told(406, "`Accept` rules every representation out."),
    ];
    if reads_body || operation.parameters_in(Location::Query).next().is_some() {
        found.push(Undeclared::json(400, "The body or a parameter is refused.", json!({})));
    }
    if reads_body {
        found.push(told(413, "The body is too large."));
        found.push(told(415, "The body has another media type."));
    }
    let is_read = matches!(operation.method, Method::GET | Method::HEAD);
    found.push(if is_read || !read_only_pages {
        Undeclared::page(500, "The server fails.", json!({"type": "string"}))
    } else {
        let empty = json!({"type": "string", "maxLength": 0});
        Undeclared::page(405, "The server fails and hides it behind a page that can only be read.", empty)
    });
    found
}

/// Returns the schema of a refusal with one sentence.
fn detail() -> Value {
    json!({"type": "object", "required": ["detail"], "properties": {"detail": {"type": "string"}}})
}

#[cfg(test)]
mod tests {
    use openapi_server_runtime::sample::OPERATIONS;

    use super::*;

    #[test]
    fn writes_hide_what_breaks_where_pages_can_only_be_read() {
        let statuses = |id: &str, read_only| {
            let operation =
                OPERATIONS.iter().find(|operation| operation.id == id).expect("a known operation");
            let reads_body = operation.body.is_some();
            let mut found: Vec<u16> =
                of(operation, reads_body, read_only).iter().map(|response| response.status).collect();
            found.sort_unstable();
            found
        };
        assert_eq!(statuses("list", true), [400, 403, 404, 406, 500]);
        assert_eq!(statuses("update", true), [400, 403, 404, 405, 406, 413, 415]);
        assert_eq!(statuses("update", false), [400, 403, 404, 406, 413, 415, 500]);
    }
}

//! The document of the control API itself.

use http::{Response, StatusCode};
use openapi_server_runtime::response::Body;

use crate::reply::json;

/// The document: `control.yaml` as JSON, which `cargo run -p openapi-control --example control_json` writes.
const TEXT: &str = include_str!("../../control.json");

/// Answers with the document.
pub(super) fn show() -> Response<Body> {
    json(StatusCode::OK, TEXT.trim_end().to_owned())
}

#[cfg(test)]
mod tests {
    use openapi_document::Document;

    #[test]
    fn the_json_is_that_of_the_document() {
        let document =
            Document::parse("control.yaml", include_str!("../../control.yaml")).expect("a document");
        let written = document.written().to_string();
        let is_fresh = super::TEXT.trim_end() == written;
        assert!(is_fresh, "run `cargo run -p openapi-control --example control_json`");
    }
}

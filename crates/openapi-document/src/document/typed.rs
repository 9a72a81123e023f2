//! The document as the `openapiv3` crate's types, which the generators of others take.

use super::Document;
use crate::checks::findings::Findings;
use crate::error::Error;
use crate::pointer;

impl Document {
    /// The document in the types of the `openapiv3` crate.
    ///
    /// # Errors
    /// If those types cannot express the document; parsing has made sure that they can.
    pub fn to_openapi(&self) -> Result<openapiv3::OpenAPI, Error> {
        self.read_typed().map_err(|(at, message)| self.error(&at, message, HELP))
    }

    fn read_typed(&self) -> Result<openapiv3::OpenAPI, (String, String)> {
        serde_path_to_error::deserialize(&self.value).map_err(|error| {
            let mut at = String::new();
            for segment in error.path() {
                use serde_path_to_error::Segment;
                match segment {
                    Segment::Seq { index } => pointer::push(&mut at, &index.to_string()),
                    Segment::Map { key } => pointer::push(&mut at, key),
                    Segment::Enum { .. } | Segment::Unknown => {}
                }
            }
            (at, format!("this cannot be read as OpenAPI: {}", error.inner()))
        })
    }
}

const HELP: &str = "see https://spec.openapis.org/oas/v3.0.3 for what may stand here";

/// Finds what the grammar lets pass and the typed form cannot express.
pub(crate) fn check(findings: &mut Findings<'_>) {
    if let Err((at, message)) = findings.document.read_typed() {
        findings.add(&at, message, HELP);
    }
}

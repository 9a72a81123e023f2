//! Finds defaults that break the schema they stand in.

use crate::document::Document;
use crate::error::Diagnostic;
use crate::samples::{Direction, fits};
use crate::{pointer, walk};

/// Returns a warning for each default that its own schema refuses, with its pointer.
pub(crate) fn check(document: &Document) -> Vec<Diagnostic> {
    let root = document.value();
    let mut found = Vec::new();
    walk::walk(root, |value, shape, at| {
        if !walk::is_schema(shape) || value.get("$ref").is_some() {
            return;
        }
        let Some(held) = value.get("default") else { return };
        if [Direction::Request, Direction::Response].iter().any(|way| fits(root, value, held, *way)) {
            return;
        }
        let at = pointer::child(at, "default");
        let location = document.nearest(&at);
        let message = format!("the default {} does not fit its schema", shown(&held.to_string()));
        found.push(Diagnostic { message, location, pointer: at, help: "it is left out".to_owned() });
    });
    found
}

/// Returns a value as it is written, cut if it is long.
fn shown(value: &str) -> String {
    const MAX_LENGTH: usize = 60;
    match value.char_indices().nth(MAX_LENGTH) {
        Some((end, _)) => format!("`{}…`", value.get(..end).unwrap_or_default()),
        None => format!("`{value}`"),
    }
}

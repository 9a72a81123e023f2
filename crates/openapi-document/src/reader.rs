//! Reads JSON or YAML text as a tree that knows where every value stands.
//!
//! It knows the syntax and its dangers, not what the document means.

mod json;
mod syntax_error;
mod yaml;

use crate::source::Location;
use crate::tree::Tree;
pub(crate) use syntax_error::SyntaxError;

/// Bytes a document may have.
const MAX_BYTES: usize = 64 * 1024 * 1024;

/// Reads `text`, which is called `name`. A text is JSON if its name or its first character says so, unless it is YAML
/// in braces.
pub(crate) fn read(name: &str, text: &str) -> Result<Tree, SyntaxError> {
    if text.len() > MAX_BYTES {
        let message =
            format!("the document has {} bytes, more than the {MAX_BYTES} that are read", text.len());
        let help = "split the document or remove generated parts of it";
        return Err(SyntaxError::new(Location::START, message, help));
    }
    let called_json =
        std::path::Path::new(name).extension().is_some_and(|it| it.eq_ignore_ascii_case("json"));
    if !called_json && !text.trim_start().starts_with(['{', '[']) {
        return yaml::read(text);
    }
    match json::read(text) {
        // What begins like JSON may still be YAML, whose error says more if the text is neither.
        Err(_) if !called_json => yaml::read(text),
        read => read,
    }
}

#[cfg(test)]
mod tests {
    use super::{MAX_BYTES, read};

    #[test]
    fn a_document_of_more_bytes_is_refused() {
        let error = read("a.yaml", &" ".repeat(MAX_BYTES + 1)).unwrap_err();
        assert_eq!(error.message, "the document has 67108865 bytes, more than the 67108864 that are read");
    }
}

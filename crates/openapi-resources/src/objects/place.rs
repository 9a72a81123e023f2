//! Places of problems in the text that was read.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::value::RawValue;

use crate::plan::Problem;

/// The most problems that are told.
pub const MAX_TOLD: usize = 100;

/// Returns problems of a text of JSON in lines, each with the file, line, column and pointer of its value.
#[must_use]
pub fn located(file: &str, text: &str, problems: &[Problem]) -> String {
    let mut told = String::new();
    for Problem { pointer, message, help } in problems.iter().take(MAX_TOLD) {
        let place =
            position(text, pointer).map_or_else(String::new, |(line, column)| format!("{line}:{column}:"));
        let pointer = if pointer.is_empty() { String::new() } else { format!(" {pointer}:") };
        let newline = if told.is_empty() { "" } else { "\n" };
        // Writing to a string cannot fail.
        let _ = write!(told, "{newline}{file}:{place}{pointer} {message}; {help}");
    }
    if let Some(more) = problems.len().checked_sub(MAX_TOLD).filter(|more| *more > 0) {
        let _ = write!(told, "\nand {more} more");
    }
    told
}

/// Returns line and column, counted from 1, of the value at a pointer, if the text is JSON and has such a value.
#[must_use]
pub fn position(text: &str, pointer: &str) -> Option<(usize, usize)> {
    let mut value: &RawValue = serde_json::from_str(text).ok()?;
    for token in pointer.split('/').skip(1) {
        value = if let Ok(members) = serde_json::from_str::<BTreeMap<String, &RawValue>>(value.get()) {
            members.get(&token.replace("~1", "/").replace("~0", "~")).copied()?
        } else {
            let items: Vec<&RawValue> = serde_json::from_str(value.get()).ok()?;
            items.get(token.parse::<usize>().ok()?).copied()?
        };
    }
    // A raw value borrows from the text, so its address tells where in the text it stands.
    let offset = value.get().as_ptr().addr().checked_sub(text.as_ptr().addr())?;
    let before = text.get(..offset)?;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    Some((before.matches('\n').count() + 1, column))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pointer_is_found_in_the_text() {
        let text = "{\n  \"a\": [1,\n   {\"x/y\": \"é\", \"z\": 2}]}";
        assert_eq!(position(text, ""), Some((1, 1)));
        assert_eq!(position(text, "/a"), Some((2, 8)));
        assert_eq!(position(text, "/a/0"), Some((2, 9)));
        assert_eq!(position(text, "/a/1/x~1y"), Some((3, 12)));
        assert_eq!(position(text, "/a/1/z"), Some((3, 22)));
        assert_eq!(position(text, "/a/2"), None);
        assert_eq!(position("[", "/0"), None);
    }
}

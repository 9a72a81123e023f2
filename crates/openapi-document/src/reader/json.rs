//! Reads JSON: what YAML takes for something else, such as control characters in strings, is text here.

use std::cell::Cell;

use indexmap::IndexMap;
use jsonc_parser::ast::{ObjectProp, Value};
use jsonc_parser::common::{Range, Ranged as _};
use jsonc_parser::errors::ParseErrorKind;
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};

use super::syntax_error::{MAX_DEPTH, SyntaxError, too_deep, twice};
use crate::source::Location;
use crate::tree::{Content, Tree};

/// Nothing but what RFC 8259 allows.
const STRICT: ParseOptions = ParseOptions {
    allow_comments: false,
    allow_loose_object_property_names: false,
    allow_trailing_commas: false,
    allow_missing_commas: false,
    allow_single_quoted_strings: false,
    allow_hexadecimal_numbers: false,
    allow_unary_plus_numbers: false,
    allow_bare_decimal_point_numbers: false,
    allow_non_finite_numbers: false,
    allow_extended_string_escapes: false,
};

pub(super) fn read(text: &str) -> Result<Tree, SyntaxError> {
    let lines = Lines::of(text);
    let parsed = parse_to_ast(text, &CollectOptions::default(), &STRICT).map_err(|fault| {
        let location = lines.locate(fault.range());
        match fault.kind() {
            ParseErrorKind::NestingDepthExceeded => too_deep(location),
            kind => SyntaxError::new(location, kind.to_string(), "correct the JSON syntax here"),
        }
    })?;
    let Some(value) = parsed.value else {
        let help = "write an OpenAPI document that begins with `{\"openapi\": \"3.1.0\"`";
        return Err(SyntaxError::new(Location::START, "the document is empty", help));
    };
    tree(&lines, value, 0)
}

/// Builds a tree. It is recursive, as the parser has refused what is deeper than its own limit.
fn tree(lines: &Lines<'_>, value: Value<'_>, depth: usize) -> Result<Tree, SyntaxError> {
    let at = lines.locate(value.range());
    let deeper = |depth: usize| if depth < MAX_DEPTH { Ok(depth + 1) } else { Err(too_deep(at)) };
    let content = match value {
        Value::NullKeyword(_) => Content::Null,
        Value::BooleanLit(flag) => Content::Bool(flag.value),
        Value::StringLit(text) => Content::Text(text.value.into_owned()),
        // What is out of the reach of numbers is text, as it is in YAML.
        Value::NumberLit(number) => serde_json::from_str(number.value)
            .map_or_else(|_| Content::Text(number.value.to_owned()), Content::Number),
        Value::Array(array) => {
            let depth = deeper(depth)?;
            let items = array.elements.into_iter().map(|item| tree(lines, item, depth));
            Content::List(items.collect::<Result<_, _>>()?)
        }
        Value::Object(object) => {
            let depth = deeper(depth)?;
            let mut map = IndexMap::with_capacity(object.properties.len());
            for ObjectProp { name, value, .. } in object.properties {
                let key_at = lines.locate(name.range());
                let key = name.as_str().to_owned();
                let member = Tree { key: Some(key_at), ..tree(lines, value, depth)? };
                if map.contains_key(&key) {
                    return Err(twice(&key, key_at));
                }
                map.insert(key, member);
            }
            Content::Map(map)
        }
    };
    Ok(Tree::new(at, content))
}

/// Where the lines of a text begin.
struct Lines<'a> {
    text: &'a str,
    starts: Vec<usize>,
    /// The byte that was located last, and its column, from which the next one in the same line is counted.
    last: Cell<(usize, usize)>,
}

impl<'a> Lines<'a> {
    fn of(text: &'a str) -> Self {
        // A carriage return alone ends a line too, as it does in YAML.
        let mut following = text.bytes().skip(1).chain([b' ']);
        let ends = text.bytes().enumerate().filter(|(_, byte)| {
            let next = following.next();
            *byte == b'\n' || *byte == b'\r' && next != Some(b'\n')
        });
        let starts = std::iter::once(0).chain(ends.map(|(at, _)| at + 1)).collect();
        Lines { text, starts, last: Cell::new((0, 1)) }
    }

    fn locate(&self, range: Range) -> Location {
        let line = self.starts.partition_point(|start| *start <= range.start);
        let start = self.starts.get(line.saturating_sub(1)).copied().unwrap_or_default();
        let last = self.last.get();
        // Values come in the order of the text, so that a document in one line is counted once.
        let (from, column) = if (start..=range.start).contains(&last.0) { last } else { (start, 1) };
        let column = column + self.text.get(from..range.start).unwrap_or_default().chars().count();
        self.last.set((range.start, column));
        Location::of_bytes(line.max(1), column, range.start..range.end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_json_allows_is_read_and_nothing_else_is() {
        let read_value = |text: &str| read(text).map(|tree| tree.to_value()).map_err(|fault| fault.message);
        assert_eq!(
            read_value("{\"a\\/b\":\"\\ud83d\\ude00\u{9f}\",\r\n\t\"c\":[1,2.0,null]}").unwrap().to_string(),
            "{\"a/b\":\"😀\u{9f}\",\"c\":[1,2.0,null]}"
        );
        assert_eq!(read_value("1e999").unwrap(), "1e999");
        for wrong in ["", "{a: 1}", "[1,]", "// c\n1", "{'a': 1}", "[1 2]", "{\"a\": 1, \"a\": 2}"] {
            assert!(read_value(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn every_value_has_a_place() {
        let Ok(tree) = read("{\n  \"ü\": {\"é\": 1}\n}") else { panic!("valid") };
        let at = |pointer: &str| {
            tree.at_pointer(pointer)
                .map(|tree| (tree.key.map(|key| key.column), tree.at.line, tree.at.column))
        };
        assert_eq!(at("/ü/é"), Some((Some(9), 2, 14)));
    }

    #[test]
    fn depth_is_bounded() {
        let nested = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
        assert!(read(&nested(MAX_DEPTH)).is_ok());
        assert!(read(&nested(MAX_DEPTH + 1)).is_err());
        assert!(read(&nested(100_000)).is_err());
    }
}

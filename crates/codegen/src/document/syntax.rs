//! Reads YAML or JSON text into a plain JSON value and remembers where every key and value stood.
//!
//! It knows the syntax and its dangers (depth, alias bombs, duplicate keys), not what the document means.

use std::cell::Cell;
use std::collections::HashMap;
use std::fmt;

use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};
use serde_saphyr::{DefaultMessageFormatter, DuplicateKeyPolicy, MessageFormatter, Options, Spanned};

use super::pointer;
use super::source::{Location, Place};

/// Levels of nested mappings and sequences a document may have; real documents stay below 40.
pub(super) const MAX_DEPTH: usize = 128;
/// Bytes a document may have.
pub(super) const MAX_BYTES: usize = 64 * 1024 * 1024;
/// Events that expanding aliases may add, which is what bounds an alias bomb.
const MAX_ALIAS_EVENTS: usize = 200_000;
/// Mappings, sequences and scalars written out in the text.
const MAX_NODES: usize = 8_000_000;

/// What the text says, and where it says it.
pub(super) struct Tree {
    pub(super) value: Value,
    pub(super) places: HashMap<String, Place>,
}

/// Why the text is no tree.
pub(super) struct Fault {
    pub(super) message: String,
    pub(super) help: &'static str,
    pub(super) location: Option<Location>,
}

/// Reads `text`; JSON is read as the YAML subset it is.
pub(super) fn read(text: &str) -> Result<Tree, Fault> {
    if text.len() > MAX_BYTES {
        return Err(Fault {
            message: format!(
                "the document has {} bytes, more than the {MAX_BYTES} that are read",
                text.len()
            ),
            help: "split the document or remove generated parts of it",
            location: None,
        });
    }
    let root: Spanned<Node> = serde_saphyr::from_str_with_options(text, options()).map_err(|e| fault(&e))?;
    let mut places = HashMap::new();
    let location = Location::from_yaml(root.referenced);
    let value = root.value.into_value(Place { key: None, value: location }, String::new(), &mut places);
    Ok(Tree { value, places })
}

fn options() -> Options {
    serde_saphyr::options! {
        budget: serde_saphyr::budget! {
            max_depth: MAX_DEPTH,
            max_documents: 1,
            max_events: MAX_NODES.saturating_mul(2),
            max_nodes: MAX_NODES,
            max_aliases: 20_000,
            max_anchors: 20_000,
            max_recorded_anchor_events: MAX_ALIAS_EVENTS,
            simple_key_max_lookahead: 16 * 1024,
        },
        alias_limits: serde_saphyr::alias_limits! {
            max_total_replayed_events: MAX_ALIAS_EVENTS,
        },
        duplicate_keys: DuplicateKeyPolicy::Error,
        strict_booleans: true,
        underscored_numbers_as_strings: true,
        with_snippet: false,
    }
}

fn fault(error: &serde_saphyr::Error) -> Fault {
    use serde_saphyr::Error as E;
    let help = match error {
        E::Budget { .. } | E::AliasReplayLimitExceeded { .. } => {
            "the document is nested, repeated or expanded by aliases beyond what is read; write it out plainly"
        }
        E::DuplicateMappingKey { .. } => "remove or rename one of the two keys",
        _ => "correct the YAML or JSON syntax here",
    };
    let message = match error {
        E::Budget { .. } => format!("the document is too deep or too large: {}", plain(error)),
        E::AliasReplayLimitExceeded { .. } => format!("too many aliases: {}", plain(error)),
        _ => plain(error),
    };
    Fault { message, help, location: error.location().map(Location::from_yaml) }
}

fn plain(error: &serde_saphyr::Error) -> String {
    DefaultMessageFormatter.format_message(error).into_owned()
}

/// A value whose members still carry their positions.
enum Node {
    Scalar(Value),
    Sequence(Vec<Spanned<Node>>),
    Mapping(Vec<(Spanned<String>, Spanned<Node>)>),
}

impl Node {
    fn into_value(self, place: Place, pointer: String, places: &mut HashMap<String, Place>) -> Value {
        let value = match self {
            Node::Scalar(value) => value,
            Node::Sequence(items) => {
                let items = items.into_iter().enumerate().map(|(index, item)| {
                    let place = Place { key: None, value: Location::from_yaml(item.referenced) };
                    item.value.into_value(place, pointer::child(&pointer, &index.to_string()), places)
                });
                Value::Array(items.collect())
            }
            Node::Mapping(entries) => {
                let mut map = Map::with_capacity(entries.len());
                for (key, item) in entries {
                    let place = Place {
                        key: Some(Location::from_yaml(key.referenced)),
                        value: Location::from_yaml(item.referenced),
                    };
                    let value = item.value.into_value(place, pointer::child(&pointer, &key.value), places);
                    map.insert(key.value, value);
                }
                Value::Object(map)
            }
        };
        places.insert(pointer, place);
        value
    }
}

thread_local! {
    /// How deep the node now being read lies. The reader counts the depth of the text alone, yet aliases stack up
    /// depth that is nowhere written, and reading is recursive.
    static DEPTH: Cell<usize> = const { Cell::new(0) };
}

struct Level;

impl Level {
    fn enter<E: de::Error>() -> Result<Self, E> {
        DEPTH.with(|depth| {
            if depth.get() > MAX_DEPTH {
                return Err(E::custom(format_args!("the document is nested deeper than {MAX_DEPTH} levels")));
            }
            depth.set(depth.get().saturating_add(1));
            Ok(Level)
        })
    }
}

impl Drop for Level {
    fn drop(&mut self) {
        DEPTH.with(|depth| depth.set(depth.get().saturating_sub(1)));
    }
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let _level = Level::enter()?;
        deserializer.deserialize_any(NodeVisitor)
    }
}

struct NodeVisitor;

impl<'de> Visitor<'de> for NodeVisitor {
    type Value = Node;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value that JSON can express")
    }

    fn visit_unit<E>(self) -> Result<Node, E> {
        Ok(Node::Scalar(Value::Null))
    }

    fn visit_none<E>(self) -> Result<Node, E> {
        Ok(Node::Scalar(Value::Null))
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Node, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Node, E> {
        Ok(Node::Scalar(Value::Bool(value)))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Node, E> {
        Ok(Node::Scalar(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Node, E> {
        Ok(Node::Scalar(value.into()))
    }

    fn visit_i128<E: de::Error>(self, value: i128) -> Result<Node, E> {
        Number::from_i128(value).map(|n| Node::Scalar(n.into())).ok_or_else(|| out_of_range(value))
    }

    fn visit_u128<E: de::Error>(self, value: u128) -> Result<Node, E> {
        Number::from_u128(value).map(|n| Node::Scalar(n.into())).ok_or_else(|| out_of_range(value))
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Node, E> {
        Number::from_f64(value).map(|n| Node::Scalar(n.into())).ok_or_else(|| out_of_range(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Node, E> {
        Ok(Node::Scalar(value.into()))
    }

    fn visit_string<E>(self, value: String) -> Result<Node, E> {
        Ok(Node::Scalar(value.into()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Node, A::Error> {
        let mut sequence = Vec::new();
        while let Some(item) = items.next_element()? {
            sequence.push(item);
        }
        Ok(Node::Sequence(sequence))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Node, A::Error> {
        let mut mapping = Vec::new();
        // Keys are read as text, so that a status written `200:` is the key "200".
        while let Some(entry) = entries.next_entry()? {
            mapping.push(entry);
        }
        Ok(Node::Mapping(mapping))
    }
}

fn out_of_range<E: de::Error>(value: impl fmt::Display) -> E {
    E::custom(format_args!("{value} is no number that JSON can express"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(text: &str) -> Value {
        read(text).map_err(|fault| fault.message).unwrap().value
    }

    fn fault(text: &str) -> Fault {
        read(text).err().unwrap()
    }

    #[test]
    fn scalars_follow_the_core_schema() {
        let text =
            "[no, yes, true, ~, 0o17, 1_000, 2024.8, '2024.8', 2024-08-01, 18446744073709551615, -0.5]";
        let expected = serde_json::json!([
            "no",
            "yes",
            true,
            null,
            15,
            "1_000",
            2024.8,
            "2024.8",
            "2024-08-01",
            18_446_744_073_709_551_615_u64,
            -0.5
        ]);
        assert_eq!(value(text), expected);
    }

    #[test]
    fn keys_are_text_as_written_and_keep_their_order() {
        let read = value("200: a\n1.10: b\nno: c\ndefault: d\n");
        assert_eq!(read.to_string(), r#"{"200":"a","1.10":"b","no":"c","default":"d"}"#);
    }

    #[test]
    fn json_with_tabs_and_escapes_is_read() {
        assert_eq!(
            value("{\n\t\"a\\/b\":\"\\ud83d\\ude00\",\r\n\t\"c\":[1,2.0,null]}").to_string(),
            "{\"a/b\":\"😀\",\"c\":[1,2.0,null]}"
        );
    }

    #[test]
    fn keys_and_values_have_places() {
        let tree = read("a:\n  ü: [1,\n    {b: c}]\n").map_err(|fault| fault.message).unwrap();
        let at = |pointer: &str| {
            let place = tree.places[pointer];
            (place.key.map(|key| (key.line, key.column)), (place.value.line, place.value.column))
        };
        assert_eq!(at("/a"), (Some((1, 1)), (2, 3)));
        assert_eq!(at("/a/ü"), (Some((2, 3)), (2, 6)));
        assert_eq!(at("/a/ü/0"), (None, (2, 7)));
        assert_eq!(at("/a/ü/1/b"), (Some((3, 6)), (3, 9)));
    }

    #[test]
    fn a_duplicate_key_is_refused_where_it_stands() {
        let fault = fault("a: 1\nb: 2\na: 3\n");
        assert!(fault.message.contains("duplicate"), "{}", fault.message);
        assert_eq!(fault.location.map(|at| (at.line, at.column)), Some((3, 1)));
    }

    #[test]
    fn deep_nesting_is_refused() {
        for (open, close) in [("[", "]"), ("{a: ", "}"), ("- ", "")] {
            let text = format!("{}1{}", open.repeat(10_000), close.repeat(10_000));
            assert!(read(&text).is_err());
        }
        let allowed = format!("{}1{}", "[".repeat(MAX_DEPTH), "]".repeat(MAX_DEPTH));
        assert!(read(&allowed).is_ok());
    }

    #[test]
    fn depth_hidden_in_aliases_is_refused() {
        let mut text = String::from("a0: &a0 1\n");
        for level in 1..200 {
            use fmt::Write as _;
            writeln!(text, "a{level}: &a{level} [[[[*a{}]]]]", level - 1).unwrap();
        }
        let fault = fault(&text);
        assert!(fault.message.contains("deep"), "{}", fault.message);
        assert!(read("[[1]]").is_ok(), "the depth is counted anew for each document");
    }

    #[test]
    fn an_alias_bomb_is_refused() {
        let mut text = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
        for level in 1..9 {
            use fmt::Write as _;
            let alias = format!("*a{}, ", level - 1);
            writeln!(text, "a{level}: &a{level} [{}]", alias.repeat(9)).unwrap();
        }
        let fault = fault(&text);
        assert!(fault.message.contains("too"), "{}", fault.message);
    }

    #[test]
    fn merge_keys_are_expanded() {
        assert_eq!(
            value("a: &a {b: 1, c: 2}\nd:\n  <<: *a\n  c: 3\n")["d"],
            serde_json::json!({"b": 1, "c": 3})
        );
    }
}

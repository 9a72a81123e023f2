//! Reads YAML or JSON text into a plain JSON value and remembers where every key and value stood.
//!
//! It knows the syntax and its dangers (depth, alias bombs, duplicate keys), not what the document means. It builds
//! from the parser's events without recursion, so no input can exhaust the stack.

use std::collections::HashMap;
use std::mem;

use granit_parser::{Event, Parser, ScalarStyle, ScanError, Span, Tag};
use serde_json::{Map, Value};

use super::scalar;
use super::source::{Location, Place};

/// Levels of nested mappings and sequences a document may have; real documents stay below 40.
pub(super) const MAX_DEPTH: usize = 128;
/// Bytes a document may have.
const MAX_BYTES: usize = 64 * 1024 * 1024;
/// Values that anchors and aliases may copy, which is what bounds an alias bomb.
const MAX_COPIES: usize = 500_000;
/// The longest key in characters; YAML's own limit of 1024 would refuse JSON that is sound.
const MAX_KEY: usize = 64 * 1024;

/// What the text says, and where it says it.
#[derive(Clone)]
pub(super) struct Tree {
    pub(super) value: Value,
    pub(super) place: Place,
}

/// Why the text is no tree.
pub(super) struct Fault {
    pub(super) message: String,
    pub(super) help: &'static str,
    pub(super) location: Location,
}

impl Fault {
    fn new(location: Location, message: impl Into<String>, help: &'static str) -> Self {
        Fault { message: message.into(), help, location }
    }
}

impl From<ScanError> for Fault {
    fn from(error: ScanError) -> Self {
        let marker = *error.marker();
        let location = Location::from_span(&Span::empty(marker));
        match error.kind() {
            granit_parser::ErrorKind::RecursionLimitExceeded => too_deep(location),
            kind => Fault::new(location, kind.to_string(), "correct the YAML or JSON syntax here"),
        }
    }
}

fn too_deep(location: Location) -> Fault {
    let message = format!("the document is nested deeper than {MAX_DEPTH} levels");
    Fault::new(location, message, "move inner parts to components and refer to them with $ref")
}

/// Reads `text`; JSON is read as the YAML it also is.
pub(super) fn read(text: &str) -> Result<Tree, Fault> {
    if text.len() > MAX_BYTES {
        let message =
            format!("the document has {} bytes, more than the {MAX_BYTES} that are read", text.len());
        return Err(Fault::new(
            Location::START,
            message,
            "split the document or remove generated parts of it",
        ));
    }
    let mut options = granit_parser::options! {
        simple_key_max_lookahead: MAX_KEY,
        flow_nesting_limit: MAX_DEPTH,
        block_nesting_limit: MAX_DEPTH,
    };
    options.set_emit_comments(false);
    let mut builder = Builder::default();
    for event in Parser::new_from_str_with_options(text, options) {
        let (event, span) = event?;
        builder.take(event, &span)?;
    }
    builder.root.ok_or_else(|| {
        let help = "write an OpenAPI document that begins with `openapi: 3.0.3`";
        Fault::new(Location::START, "the document is empty", help)
    })
}

/// The tree as far as the events so far tell.
#[derive(Default)]
struct Builder {
    open: Vec<Frame>,
    root: Option<Tree>,
    anchors: HashMap<usize, Anchor>,
    copies: usize,
}

/// A mapping or sequence whose end has not come yet.
struct Frame {
    place: Place,
    anchor: usize,
    members: Members,
}

enum Members {
    Items(Vec<Value>),
    Entries { map: Map<String, Value>, key: Option<Key>, merge: bool },
}

impl Members {
    fn entries(map: Map<String, Value>) -> Self {
        Members::Entries { map, key: None, merge: false }
    }
}

struct Key {
    text: String,
    location: Location,
}

/// What an alias stands for; absent while it is being read.
struct Anchor {
    tree: Tree,
    size: Size,
}

impl Builder {
    fn take(&mut self, event: Event<'_>, span: &Span) -> Result<(), Fault> {
        let location = Location::from_span(span);
        match event {
            Event::DocumentStart(..) if self.root.is_some() => {
                let help = "keep one document in the file";
                Err(Fault::new(location, "the file holds more than one YAML document", help))
            }
            Event::Scalar(text, style, ..) if self.expects_key() => {
                self.take_key(text.into_owned(), style, location)
            }
            Event::Alias(..) | Event::SequenceStart(..) | Event::MappingStart(..) if self.expects_key() => {
                Err(Fault::new(location, "a key of a mapping is no text", "write the key as text"))
            }
            Event::Scalar(text, style, anchor, tag) => {
                let value = scalar_value(&text, style, tag.as_deref(), location)?;
                let place = self.next_place(location);
                self.finish(Tree { value, place }, anchor)
            }
            Event::SequenceStart(_, anchor, _) => self.open(location, anchor, Members::Items(Vec::new())),
            Event::MappingStart(_, anchor, _) => self.open(location, anchor, Members::entries(Map::new())),
            Event::SequenceEnd | Event::MappingEnd => self.close(),
            Event::Alias(anchor) => self.take_alias(anchor, location),
            _ => Ok(()),
        }
    }

    fn expects_key(&self) -> bool {
        matches!(self.open.last(), Some(Frame { members: Members::Entries { key: None, .. }, .. }))
    }

    fn take_key(&mut self, text: String, style: ScalarStyle, location: Location) -> Result<(), Fault> {
        if let Some(Frame { members: Members::Entries { map, key, merge }, .. }) = self.open.last_mut() {
            if map.contains_key(&text) {
                let message = format!("the key `{text}` occurs twice in this mapping");
                return Err(Fault::new(location, message, "remove or rename one of the two keys"));
            }
            *merge |= text == MERGE_KEY && style == ScalarStyle::Plain;
            *key = Some(Key { text, location });
        }
        Ok(())
    }

    /// The place of the value that begins at `location`, under the key before it if there is one.
    fn next_place(&self, location: Location) -> Place {
        let key = match self.open.last() {
            Some(Frame { members: Members::Entries { key: Some(key), .. }, .. }) => Some(key.location),
            _ => None,
        };
        Place { key, value: location, members: Vec::new() }
    }

    fn open(&mut self, location: Location, anchor: usize, members: Members) -> Result<(), Fault> {
        if self.open.len() >= MAX_DEPTH {
            return Err(too_deep(location));
        }
        let place = self.next_place(location);
        self.open.push(Frame { place, anchor, members });
        Ok(())
    }

    fn close(&mut self) -> Result<(), Fault> {
        let Some(Frame { mut place, anchor, members }) = self.open.pop() else { return Ok(()) };
        let value = match members {
            Members::Items(items) => Value::Array(items),
            Members::Entries { map, merge: false, .. } => Value::Object(map),
            Members::Entries { map, merge: true, .. } => Value::Object(merge(map, &mut place)?),
        };
        self.finish(Tree { value, place }, anchor)
    }

    /// Hands a complete value to what holds it.
    fn finish(&mut self, tree: Tree, anchor: usize) -> Result<(), Fault> {
        if anchor != 0 {
            let size = Size::of(&tree.value);
            self.copies = copies_with(self.copies, size, tree.place.value)?;
            self.anchors.insert(anchor, Anchor { tree: tree.clone(), size });
        }
        let Some(frame) = self.open.last_mut() else {
            self.root = Some(tree);
            return Ok(());
        };
        frame.place.members.push(tree.place);
        match &mut frame.members {
            Members::Items(items) => items.push(tree.value),
            Members::Entries { map, key, .. } => {
                if let Some(key) = key.take() {
                    map.insert(key.text, tree.value);
                }
            }
        }
        Ok(())
    }

    fn take_alias(&mut self, anchor: usize, location: Location) -> Result<(), Fault> {
        let Some(Anchor { tree, size }) = self.anchors.get(&anchor) else {
            let help = "write the value out; a document cannot contain itself";
            return Err(Fault::new(location, "the alias stands inside the value it names", help));
        };
        self.copies = copies_with(self.copies, *size, location)?;
        if self.open.len().saturating_add(size.height) > MAX_DEPTH {
            return Err(too_deep(location));
        }
        let Tree { value, place } = tree.clone();
        let place = Place { members: place.members, ..self.next_place(location) };
        self.finish(Tree { value, place }, 0)
    }
}

/// The number of copied values with those of one more copy, unless that is too many.
fn copies_with(copies: usize, size: Size, location: Location) -> Result<usize, Fault> {
    let copies = copies.saturating_add(size.values);
    if copies > MAX_COPIES {
        let message = format!("anchors and aliases copy more than {MAX_COPIES} values");
        return Err(Fault::new(location, message, "use $ref to share parts of the document"));
    }
    Ok(copies)
}

/// How much a value holds.
#[derive(Clone, Copy)]
struct Size {
    values: usize,
    /// Nested mappings and sequences.
    height: usize,
}

impl Size {
    /// Recursive, as values are never deeper than [`MAX_DEPTH`].
    fn of(value: &Value) -> Self {
        let add = |sum: Size, member: &Value| {
            let size = Size::of(member);
            Size {
                values: sum.values.saturating_add(size.values),
                height: sum.height.max(size.height.saturating_add(1)),
            }
        };
        match value {
            Value::Object(map) => map.values().fold(Size { values: 1, height: 1 }, add),
            Value::Array(items) => items.iter().fold(Size { values: 1, height: 1 }, add),
            _ => Size { values: 1, height: 0 },
        }
    }
}

const MERGE_KEY: &str = "<<";

/// Replaces the merge key of a mapping by the members it stands for; members written out win over them.
fn merge(map: Map<String, Value>, place: &mut Place) -> Result<Map<String, Value>, Fault> {
    let mut merged = Map::new();
    let mut members = Vec::new();
    let mut sources = Vec::new();
    for ((key, value), member) in map.into_iter().zip(mem::take(&mut place.members)) {
        match value {
            Value::Array(items) if key == MERGE_KEY => sources.extend(items.into_iter().zip(member.members)),
            _ if key == MERGE_KEY => sources.push((value, member)),
            _ => {
                merged.insert(key, value);
                members.push(member);
            }
        }
    }
    for (source, source_place) in sources {
        let Value::Object(source) = source else {
            let help = "merge a mapping or a sequence of mappings";
            return Err(Fault::new(source_place.value, "the merge key `<<` has no mapping to merge", help));
        };
        for ((key, value), member) in source.into_iter().zip(source_place.members) {
            if !merged.contains_key(&key) {
                merged.insert(key, value);
                members.push(member);
            }
        }
    }
    place.members = members;
    Ok(merged)
}

fn scalar_value(
    text: &str,
    style: ScalarStyle,
    tag: Option<&Tag>,
    location: Location,
) -> Result<Value, Fault> {
    let forced_text = match tag {
        None => false,
        Some(tag) if tag.is_yaml_core_schema_tag("str") || tag.original() == "!" => true,
        Some(tag) if tag.is_yaml_core_schema() => false,
        Some(tag) => {
            let message = format!("the tag `{}` has no meaning in an OpenAPI document", tag.original());
            return Err(Fault::new(location, message, "remove the tag"));
        }
    };
    if forced_text || style != ScalarStyle::Plain {
        return Ok(Value::String(text.to_owned()));
    }
    scalar::resolve(text).ok_or_else(|| {
        Fault::new(
            location,
            format!("`{text}` is no number that JSON can express"),
            "put it in quotes if it is text",
        )
    })
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
    fn quoted_and_tagged_scalars_are_text() {
        assert_eq!(
            value("[2024.8, '2024.8', !!str 2024.8, no]"),
            serde_json::json!([2024.8, "2024.8", "2024.8", "no"])
        );
        assert!(fault("a: !ruby/object x").message.contains("!ruby/object"));
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
        let at = |path: &[usize]| {
            let place = path.iter().fold(&tree.place, |place, index| &place.members[*index]);
            (place.key.map(|key| (key.line, key.column)), (place.value.line, place.value.column))
        };
        assert_eq!(at(&[0]), (Some((1, 1)), (2, 3)));
        assert_eq!(at(&[0, 0]), (Some((2, 3)), (2, 6)));
        assert_eq!(at(&[0, 0, 0]), (None, (2, 7)));
        assert_eq!(at(&[0, 0, 1, 0]), (Some((3, 6)), (3, 9)));
    }

    #[test]
    fn a_duplicate_key_is_refused_where_it_stands() {
        let fault = fault("a: 1\nb: 2\na: 3\n");
        assert!(fault.message.contains("twice"), "{}", fault.message);
        assert_eq!((fault.location.line, fault.location.column), (3, 1));
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
            use std::fmt::Write as _;
            writeln!(text, "a{level}: &a{level} [[[[*a{}]]]]", level - 1).unwrap();
        }
        let fault = fault(&text);
        assert!(fault.message.contains("deep"), "{}", fault.message);
    }

    #[test]
    fn an_alias_bomb_is_refused() {
        let mut text = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
        for level in 1..9 {
            use std::fmt::Write as _;
            let alias = format!("*a{}, ", level - 1);
            writeln!(text, "a{level}: &a{level} [{}]", alias.repeat(9)).unwrap();
        }
        let fault = fault(&text);
        assert!(fault.message.contains("aliases"), "{}", fault.message);
    }

    #[test]
    fn merge_keys_are_expanded() {
        assert_eq!(
            value("a: &a {b: 1, c: 2}\nd:\n  <<: *a\n  c: 3\n")["d"],
            serde_json::json!({"b": 1, "c": 3})
        );
    }
}

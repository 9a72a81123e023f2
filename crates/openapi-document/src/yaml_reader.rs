//! Reads YAML or JSON text into a plain JSON value and remembers where every key and value stood.
//!
//! It knows the syntax and its dangers (depth, alias bombs, duplicate keys), not what the document means. It builds
//! from the parser's events without recursion, so no input can exhaust the stack.

mod copies;

use std::borrow::Cow;
use std::collections::HashMap;

use granit_parser::{Event, Parser, ScalarStyle, ScanError, Span, Tag};
use serde_json::{Map, Value};

use self::copies::{MERGE_KEY, Size, merge};
use crate::scalar;
use crate::source::{Location, Place};

/// Levels of nested mappings and sequences a document may have; real documents stay below 40.
const MAX_DEPTH: usize = 128;
/// Bytes a document may have.
const MAX_BYTES: usize = 64 * 1024 * 1024;
/// The longest key in characters; YAML's own limit of 1024 would refuse JSON that is sound.
const MAX_KEY: usize = 64 * 1024;

/// What the text says, and where it says it.
#[derive(Clone)]
pub(crate) struct Tree {
    pub(crate) value: Value,
    pub(crate) place: Place,
}

/// Why the text is no tree.
pub(crate) struct Fault {
    pub(crate) message: String,
    pub(crate) help: &'static str,
    pub(crate) location: Location,
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
pub(crate) fn read(text: &str) -> Result<Tree, Fault> {
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
            self.copies = size.copied(self.copies, tree.place.value)?;
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
        self.copies = size.copied(self.copies, location)?;
        if self.open.len().saturating_add(size.height) > MAX_DEPTH {
            return Err(too_deep(location));
        }
        let Tree { value, place } = tree.clone();
        let place = Place { members: place.members, ..self.next_place(location) };
        self.finish(Tree { value, place }, 0)
    }
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
            format!("`{}` is no number that JSON can express", short(text)),
            "put it in quotes if it is text",
        )
    })
}

/// A text as a message can have it: of a long one the beginning.
fn short(text: &str) -> Cow<'_, str> {
    const MOST: usize = 40;
    match text.char_indices().nth(MOST) {
        Some((end, _)) => Cow::Owned(format!("{}…", text.get(..end).unwrap_or_default())),
        None => Cow::Borrowed(text),
    }
}

#[cfg(test)]
mod tests;

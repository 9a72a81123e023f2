//! Reads YAML or JSON text into a plain JSON value and remembers where every key and value stood.
//!
//! It knows the syntax and its dangers (depth, alias bombs, duplicate keys), not what the document means. It builds
//! from the parser's events without recursion, so no input can exhaust the stack.

mod copies;
mod scalar;

use std::collections::HashMap;

use granit_parser::{Event, Parser, ScalarStyle, ScanError, Span, Tag};
use indexmap::IndexMap;

use self::copies::{MERGE_KEY, Size, merge};
use super::syntax_error::{MAX_DEPTH, SyntaxError, too_deep, twice};
use crate::source::Location;
use crate::tree::{Content, Tree};

/// The longest key in characters; YAML's own limit of 1024 would refuse JSON that is sound.
const MAX_KEY: usize = 64 * 1024;

impl From<ScanError> for SyntaxError {
    fn from(error: ScanError) -> Self {
        let marker = *error.marker();
        let location = Location::from_span(&Span::empty(marker));
        match error.kind() {
            granit_parser::ErrorKind::RecursionLimitExceeded => too_deep(location),
            kind => SyntaxError::new(location, kind.to_string(), "correct the YAML or JSON syntax here"),
        }
    }
}

/// Reads `text`.
pub(super) fn read(text: &str) -> Result<Tree, SyntaxError> {
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
        SyntaxError::new(Location::START, "the document is empty", help)
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
    /// Where its key stands, if it has one.
    key: Option<Location>,
    at: Location,
    anchor: usize,
    members: Members,
}

enum Members {
    Items(Vec<Tree>),
    Entries { map: IndexMap<String, Tree>, key: Option<Key>, merge: bool },
}

impl Members {
    fn entries() -> Self {
        Members::Entries { map: IndexMap::new(), key: None, merge: false }
    }
}

struct Key {
    text: String,
    location: Location,
}

/// The value that an alias stands for; absent while it is being read.
struct Anchor {
    tree: Tree,
    size: Size,
}

impl Builder {
    fn take(&mut self, event: Event<'_>, span: &Span) -> Result<(), SyntaxError> {
        let location = Location::from_span(span);
        match event {
            Event::DocumentStart(..) if self.root.is_some() => {
                let help = "keep one document in the file";
                Err(SyntaxError::new(location, "the file holds more than one YAML document", help))
            }
            Event::Scalar(text, style, ..) if self.expects_key() => {
                self.take_key(text.into_owned(), style, location)
            }
            Event::Alias(..) | Event::SequenceStart(..) | Event::MappingStart(..) if self.expects_key() => {
                Err(SyntaxError::new(location, "a key of a mapping is no text", "write the key as text"))
            }
            Event::Scalar(text, style, anchor, tag) => {
                let content = scalar_value(&text, style, tag.as_deref(), location)?;
                let key = self.next_key();
                self.finish(Tree { key, at: location, content }, anchor)
            }
            Event::SequenceStart(_, anchor, _) => self.open(location, anchor, Members::Items(Vec::new())),
            Event::MappingStart(_, anchor, _) => self.open(location, anchor, Members::entries()),
            Event::SequenceEnd | Event::MappingEnd => self.close(),
            Event::Alias(anchor) => self.take_alias(anchor, location),
            _ => Ok(()),
        }
    }

    fn expects_key(&self) -> bool {
        matches!(self.open.last(), Some(Frame { members: Members::Entries { key: None, .. }, .. }))
    }

    fn take_key(&mut self, text: String, style: ScalarStyle, location: Location) -> Result<(), SyntaxError> {
        if let Some(Frame { members: Members::Entries { map, key, merge }, .. }) = self.open.last_mut() {
            if map.contains_key(&text) {
                return Err(twice(&text, location));
            }
            *merge |= text == MERGE_KEY && style == ScalarStyle::Plain;
            *key = Some(Key { text, location });
        }
        Ok(())
    }

    /// Returns where the key before the next value stands, if there is one.
    fn next_key(&self) -> Option<Location> {
        match self.open.last() {
            Some(Frame { members: Members::Entries { key: Some(key), .. }, .. }) => Some(key.location),
            _ => None,
        }
    }

    fn open(&mut self, at: Location, anchor: usize, members: Members) -> Result<(), SyntaxError> {
        if self.open.len() >= MAX_DEPTH {
            return Err(too_deep(at));
        }
        let key = self.next_key();
        self.open.push(Frame { key, at, anchor, members });
        Ok(())
    }

    fn close(&mut self) -> Result<(), SyntaxError> {
        let Some(Frame { key, at, anchor, members }) = self.open.pop() else { return Ok(()) };
        let content = match members {
            Members::Items(items) => Content::List(items),
            Members::Entries { map, merge: false, .. } => Content::Map(map),
            Members::Entries { map, merge: true, .. } => Content::Map(merge(map)?),
        };
        self.finish(Tree { key, at, content }, anchor)
    }

    /// Hands a complete value to what holds it.
    fn finish(&mut self, tree: Tree, anchor: usize) -> Result<(), SyntaxError> {
        if anchor != 0 {
            let size = Size::of(&tree);
            self.copies = size.copied(self.copies, tree.at)?;
            self.anchors.insert(anchor, Anchor { tree: tree.clone(), size });
        }
        let Some(frame) = self.open.last_mut() else {
            self.root = Some(tree);
            return Ok(());
        };
        match &mut frame.members {
            Members::Items(items) => items.push(tree),
            Members::Entries { map, key, .. } => {
                if let Some(key) = key.take() {
                    map.insert(key.text, tree);
                }
            }
        }
        Ok(())
    }

    fn take_alias(&mut self, anchor: usize, location: Location) -> Result<(), SyntaxError> {
        let Some(Anchor { tree, size }) = self.anchors.get(&anchor) else {
            let help = "write the value out; a document cannot contain itself";
            return Err(SyntaxError::new(location, "the alias stands inside the value it names", help));
        };
        self.copies = size.copied(self.copies, location)?;
        if self.open.len().saturating_add(size.height) > MAX_DEPTH {
            return Err(too_deep(location));
        }
        let tree = Tree { key: self.next_key(), at: location, ..tree.clone() };
        self.finish(tree, 0)
    }
}

fn scalar_value(
    text: &str,
    style: ScalarStyle,
    tag: Option<&Tag>,
    location: Location,
) -> Result<Content, SyntaxError> {
    let forced_text = match tag {
        None => false,
        Some(tag) if tag.is_yaml_core_schema_tag("str") || tag.original() == "!" => true,
        Some(tag) if tag.is_yaml_core_schema() => false,
        Some(tag) => {
            let message = format!("the tag `{}` has no meaning in an OpenAPI document", tag.original());
            return Err(SyntaxError::new(location, message, "remove the tag"));
        }
    };
    if forced_text || style != ScalarStyle::Plain {
        return Ok(Content::Text(text.to_owned()));
    }
    Ok(scalar::resolve(text))
}

#[cfg(test)]
mod tests;

//! A document's values, each with its place in the text, in a form that can be rewritten.
//!
//! Whatever is moved keeps its place, so that a document that was rewritten still knows where everything was written.

use std::collections::BTreeMap;

use indexmap::IndexMap;
use serde_json::{Map, Number, Value};

use crate::document::Retain;
use crate::pointer;
use crate::source::{Location, SpanTree};

/// A value and its place.
#[derive(Clone, Debug)]
pub(crate) struct Tree {
    /// The position of its key, if it is a member of a mapping.
    pub(crate) key: Option<Location>,
    /// The position of the value itself.
    pub(crate) at: Location,
    pub(crate) content: Content,
}

/// The content of a value.
#[derive(Clone, Debug)]
pub(crate) enum Content {
    Null,
    Bool(bool),
    Number(Number),
    Text(String),
    List(Vec<Tree>),
    Map(IndexMap<String, Tree>),
}

/// The change of a part of a tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Edit {
    /// It is removed.
    Remove,
    /// An empty mapping takes its place, which as a schema allows any value.
    Empty,
}

impl Tree {
    pub(crate) fn new(at: Location, content: Content) -> Self {
        Tree { key: None, at, content }
    }

    /// Says of every place in the tree that it is in this file.
    pub(crate) fn mark(&mut self, file: usize) {
        self.at = self.at.in_file(file);
        self.key = self.key.map(|key| key.in_file(file));
        match &mut self.content {
            Content::Map(map) => map.values_mut().for_each(|member| member.mark(file)),
            Content::List(items) => items.iter_mut().for_each(|item| item.mark(file)),
            _ => {}
        }
    }

    /// Splits the tree into its values and their places.
    pub(crate) fn into_parts(self) -> (Value, SpanTree) {
        let mut members = Vec::new();
        let value = match self.content {
            Content::Null => Value::Null,
            Content::Bool(flag) => Value::Bool(flag),
            Content::Number(number) => Value::Number(number),
            Content::Text(text) => Value::String(text),
            Content::List(items) => {
                let values = items.into_iter().map(|item| {
                    let (value, place) = item.into_parts();
                    members.push(place);
                    value
                });
                Value::Array(values.collect())
            }
            Content::Map(map) => {
                let values = map.into_iter().map(|(key, member)| {
                    let (value, place) = member.into_parts();
                    members.push(place);
                    (key, value)
                });
                Value::Object(values.collect::<Map<_, _>>())
            }
        };
        (value, SpanTree { key: self.key, value: self.at, members })
    }

    /// Joins values and their places.
    pub(crate) fn of_parts(value: &Value, spans: &SpanTree) -> Self {
        // What was added later stands where its holder does.
        let nowhere = SpanTree { key: None, value: spans.value, members: Vec::new() };
        let places = spans.members.iter().chain(std::iter::repeat(&nowhere));
        let content = match value {
            Value::Null => Content::Null,
            Value::Bool(flag) => Content::Bool(*flag),
            Value::Number(number) => Content::Number(number.clone()),
            Value::String(text) => Content::Text(text.clone()),
            Value::Array(items) => Content::List(
                items.iter().zip(places).map(|(item, place)| Self::of_parts(item, place)).collect(),
            ),
            Value::Object(map) => {
                let members = map.iter().zip(places);
                let members =
                    members.map(|((key, member), place)| (key.clone(), Self::of_parts(member, place)));
                Content::Map(members.collect())
            }
        };
        Tree { key: spans.key, at: spans.value, content }
    }

    /// Returns the position that an error about it names: that of its key, if it holds others.
    pub(crate) fn place(&self) -> Location {
        let holds = matches!(self.content, Content::List(_) | Content::Map(_));
        self.key.filter(|_| holds).unwrap_or(self.at)
    }

    /// Edits the parts with these pointers. Those that are not there are passed over.
    pub(crate) fn edit(&mut self, edits: &BTreeMap<String, Edit>) {
        let mut edits: Vec<(Vec<String>, Edit)> =
            edits.iter().map(|(at, edit)| (pointer::steps(at).collect(), *edit)).collect();
        // Parts come before what holds them, and later items of a list before earlier ones, whose numbers stay.
        edits.sort_by(|(left, _), (right, _)| order(right, left));
        for (steps, edit) in edits {
            let Some((last, way)) = steps.split_last() else { continue };
            let holder = way.iter().try_fold(&mut *self, |tree, step| tree.member_mut(step));
            let Some(holder) = holder else { continue };
            match (edit, &mut holder.content) {
                (Edit::Remove, Content::Map(map)) => drop(map.shift_remove(last)),
                (Edit::Remove, Content::List(items)) => {
                    if let Some(index) = last.parse().ok().filter(|index| *index < items.len()) {
                        items.remove(index);
                    }
                }
                (Edit::Empty, _) => {
                    if let Some(member) = holder.member_mut(last) {
                        member.content = Content::Map(IndexMap::new());
                    }
                }
                _ => {}
            }
        }
    }

    /// Keeps the members that `retain` keeps, by pointer. Recursive, as a document is never deeper than its reader allows.
    pub(crate) fn retain(&mut self, at: &mut String, retain: &dyn Fn(&str) -> Retain) {
        let length = at.len();
        let mut keeps = |key: &str, member: &mut Tree| {
            pointer::push(at, key);
            let kept = retain(at);
            if kept == Retain::Descend {
                member.retain(at, retain);
            }
            at.truncate(length);
            kept != Retain::Drop
        };
        match &mut self.content {
            Content::Map(map) => map.retain(|key, member| keeps(key, member)),
            Content::List(items) => {
                let mut index = 0;
                items.retain_mut(|item| {
                    let kept = keeps(&index.to_string(), item);
                    index += 1;
                    kept
                });
            }
            _ => {}
        }
    }

    fn member_mut(&mut self, step: &str) -> Option<&mut Tree> {
        match &mut self.content {
            Content::Map(map) => map.get_mut(step),
            Content::List(items) => items.get_mut(step.parse::<usize>().ok()?),
            _ => None,
        }
    }

    /// Returns the values without their places.
    pub(crate) fn to_value(&self) -> Value {
        match &self.content {
            Content::Null => Value::Null,
            Content::Bool(flag) => Value::Bool(*flag),
            Content::Number(number) => Value::Number(number.clone()),
            Content::Text(text) => Value::String(text.clone()),
            Content::List(items) => Value::Array(items.iter().map(Tree::to_value).collect()),
            Content::Map(map) => {
                Value::Object(map.iter().map(|(key, member)| (key.clone(), member.to_value())).collect())
            }
        }
    }

    /// Makes `part` one of the schemas that this schema is all of, at `index` or behind the others.
    pub(crate) fn add_part(&mut self, index: usize, part: Tree) {
        match self.get_mut("allOf").and_then(Tree::list_mut) {
            Some(parts) => parts.insert(index.min(parts.len()), part),
            None => self.put_tree("allOf", Tree::new(part.at, Content::List(vec![part]))),
        }
    }

    pub(crate) fn map(&self) -> Option<&IndexMap<String, Tree>> {
        match &self.content {
            Content::Map(map) => Some(map),
            _ => None,
        }
    }

    pub(crate) fn map_mut(&mut self) -> Option<&mut IndexMap<String, Tree>> {
        match &mut self.content {
            Content::Map(map) => Some(map),
            _ => None,
        }
    }

    pub(crate) fn list(&self) -> Option<&[Tree]> {
        match &self.content {
            Content::List(items) => Some(items),
            _ => None,
        }
    }

    pub(crate) fn list_mut(&mut self) -> Option<&mut Vec<Tree>> {
        match &mut self.content {
            Content::List(items) => Some(items),
            _ => None,
        }
    }

    pub(crate) fn as_text(&self) -> Option<&str> {
        match &self.content {
            Content::Text(text) => Some(text),
            _ => None,
        }
    }

    pub(crate) fn is_null(&self) -> bool {
        matches!(self.content, Content::Null)
    }

    pub(crate) fn is_true(&self) -> bool {
        matches!(self.content, Content::Bool(true))
    }

    pub(crate) fn get(&self, key: &str) -> Option<&Tree> {
        self.map()?.get(key)
    }

    pub(crate) fn get_mut(&mut self, key: &str) -> Option<&mut Tree> {
        self.map_mut()?.get_mut(key)
    }

    pub(crate) fn has(&self, key: &str) -> bool {
        self.get(key).is_some()
    }

    /// Returns the text under `key`.
    pub(crate) fn text(&self, key: &str) -> Option<&str> {
        self.get(key)?.as_text()
    }

    /// Removes what stands under `key`; the order of the rest stays.
    pub(crate) fn take(&mut self, key: &str) -> Option<Tree> {
        self.map_mut()?.shift_remove(key)
    }

    /// Puts `content` under `key`, where it takes the place of what stood there, or stands last.
    pub(crate) fn put(&mut self, key: &str, content: Content) {
        let at = self.at;
        if let Some(map) = self.map_mut() {
            match map.get_mut(key) {
                Some(member) => member.content = content,
                None => {
                    map.insert(key.to_owned(), Tree::new(at, content));
                }
            }
        }
    }

    /// Puts `member` under `key`, last unless something stood there.
    pub(crate) fn put_tree(&mut self, key: &str, member: Tree) {
        if let Some(map) = self.map_mut() {
            map.insert(key.to_owned(), member);
        }
    }

    /// Returns the map under `key`, which is made if there is none.
    pub(crate) fn entry(&mut self, key: &str) -> Option<&mut Tree> {
        if !self.has(key) {
            self.put(key, Content::Map(IndexMap::new()));
        }
        self.get_mut(key)
    }

    /// Returns the value at `pointer`.
    pub(crate) fn at_pointer(&self, pointer: &str) -> Option<&Tree> {
        pointer::steps(pointer).try_fold(self, |tree, step| match &tree.content {
            Content::Map(map) => map.get(&step),
            Content::List(items) => items.get(step.parse::<usize>().ok()?),
            _ => None,
        })
    }

    /// Returns the value at `pointer`, to be changed.
    pub(crate) fn at_pointer_mut(&mut self, pointer: &str) -> Option<&mut Tree> {
        pointer::steps(pointer).try_fold(self, |tree, step| tree.member_mut(&step))
    }
}

/// Compares the ways to two parts, items of a list by their numbers.
fn order(left: &[String], right: &[String]) -> std::cmp::Ordering {
    let number = |step: &String| step.parse::<usize>().ok();
    let steps = left.iter().zip(right);
    let mut orders =
        steps.map(|(left, right)| number(left).cmp(&number(right)).then_with(|| left.cmp(right)));
    orders.find(|order| order.is_ne()).unwrap_or_else(|| left.len().cmp(&right.len()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn parts_are_edited_at_once_and_under_the_numbers_they_had() {
        let spans = SpanTree { key: None, value: Location::START, members: Vec::new() };
        let mut tree = Tree::of_parts(
            &json!({"a": [0, 1, 2, {"b": 1, "c": 2}, 4, 5, 6, 7, 8, 9, 10], "d": 1, "e": 2}),
            &spans,
        );
        let remove = ["/a/1", "/a/3/b", "/a/10", "/d", "/none/1"].map(|at| (at.to_owned(), Edit::Remove));
        let empty = [("/e".to_owned(), Edit::Empty)];
        tree.edit(&remove.into_iter().chain(empty).collect());
        assert_eq!(tree.to_value(), json!({"a": [0, 2, {"c": 2}, 4, 5, 6, 7, 8, 9], "e": {}}));
    }
}

//! Mends what a document says wrongly although it is clear what it means, with a warning for each.
//!
//! Real documents were tried on lenient readers only. What a reader would have to guess stays as it is, for the checks to
//! refuse.

mod kinds;
mod operations;
mod scalars;
mod schema;

use std::collections::HashSet;

use indexmap::IndexMap;

use crate::error::Diagnostic;
use crate::form::Form;
use crate::grammar::{DOCUMENT, Object, Others, Shape, is_extension};
use crate::source::{Location, Source};
use crate::tree::{Content, Tree};
use crate::version::Version;
use crate::{pointer, walk};
pub(crate) use operations::operations;

/// Mends the shapes of values in a document as it was read from `sources`.
pub(crate) fn shapes(tree: &mut Tree, sources: &[Source], version: Version) -> Vec<Diagnostic> {
    let schemas = tree.at_pointer("/components/schemas").and_then(Tree::map);
    let schemas = schemas.into_iter().flat_map(IndexMap::keys).cloned().collect();
    let mut kept = HashSet::new();
    find_kept(tree, &mut String::new(), &mut kept);
    let mut mender = Mender { sources, version, schemas, kept, way: String::new(), warnings: Vec::new() };
    mender.visit(tree, Shape::Object(&DOCUMENT));
    mender.warnings.extend(kinds::mend(tree));
    mender.warnings
}

/// Finds everything that is kept under `$defs` below `tree`, which stands at `at`.
fn find_kept(tree: &Tree, at: &mut String, kept: &mut HashSet<String>) {
    let length = at.len();
    let is_shelf = at.ends_with("/$defs");
    let items = tree.list().into_iter().flatten().enumerate().map(|(index, item)| (index.to_string(), item));
    for (key, member) in
        tree.map().into_iter().flatten().map(|(key, member)| (key.clone(), member)).chain(items)
    {
        pointer::push(at, &key);
        if is_shelf {
            kept.insert(at.clone());
        }
        find_kept(member, at, kept);
        at.truncate(length);
    }
}

struct Mender<'a> {
    sources: &'a [Source],
    version: Version,
    /// The names of the component schemas.
    schemas: HashSet<String>,
    /// The pointers of what is kept under `$defs`.
    kept: HashSet<String>,
    way: String,
    warnings: Vec<Diagnostic>,
}

/// The fate of a member.
#[derive(PartialEq, Eq)]
enum Fate {
    Stays,
    Goes,
}

/// Members that a document may lack after all, with the text, mapping or list that stands for them.
const STAND_INS: [(&str, &str, StandIn); 9] = [
    ("OpenAPI", "info", StandIn::Map),
    ("OpenAPI", "paths", StandIn::Map),
    ("info", "title", StandIn::Text("API")),
    ("info", "version", StandIn::Text("0")),
    ("operation", "responses", StandIn::Map),
    ("response", "description", StandIn::Text("")),
    ("example", "value", StandIn::Text("")),
    ("server variable", "default", StandIn::First("enum")),
    ("OAuth flow", "scopes", StandIn::Map),
];

#[derive(Clone, Copy)]
enum StandIn {
    Text(&'static str),
    Map,
    /// The first item of this member.
    First(&'static str),
}

impl Mender<'_> {
    /// Mends `tree`, which has this shape, and what is in it. Recursive, as a document is never deeper than its reader
    /// allows.
    fn visit(&mut self, tree: &mut Tree, shape: Shape) {
        let is_reference = shape.object().is_some() && tree.has("$ref");
        if walk::is_schema(shape) {
            self.schema(tree);
        }
        if matches!(shape, Shape::Any) || is_reference {
            return;
        }
        if self.way.is_empty() {
            self.dialect(tree, "jsonSchemaDialect");
        }
        if let (Some(object), Content::Map(map)) = (shape.object(), &mut tree.content) {
            self.keys(map, object);
            self.parameter(map, object);
        }
        if let Some(object) = shape.object() {
            self.stand_ins(tree, object);
        }
        let version = self.version;
        let length = self.way.len();
        match &mut tree.content {
            Content::Map(map) => {
                let fixed = shape.object();
                map.retain(|key, member| {
                    let member_shape = shape.step_in(key, version);
                    let fixed = fixed.and_then(|object| object.member_in(key, version));
                    let is_optional = fixed.is_some_and(|member| !member.required);
                    pointer::push(&mut self.way, key);
                    let fate = self.member(member, member_shape, is_optional);
                    if fate == Fate::Stays {
                        self.visit(member, member_shape);
                    }
                    self.way.truncate(length);
                    fate == Fate::Stays
                });
            }
            Content::List(items) => {
                for (index, item) in items.iter_mut().enumerate() {
                    let item_shape = shape.step_in("", version);
                    pointer::push(&mut self.way, &index.to_string());
                    self.member(item, item_shape, false);
                    self.visit(item, item_shape);
                    self.way.truncate(length);
                }
            }
            _ => {}
        }
    }

    fn warn(&mut self, location: Location, message: String, help: impl Into<String>) {
        self.warnings.push(Diagnostic { message, location, pointer: self.way.clone(), help: help.into() });
    }

    /// Returns the last step of the way.
    fn name(&self) -> String {
        pointer::steps(&self.way).last().unwrap_or_default()
    }

    /// Puts in what an object lacks and nothing needs.
    fn stand_ins(&mut self, tree: &mut Tree, object: &Object) {
        let Content::Map(map) = &tree.content else { return };
        if map.contains_key("$ref") {
            return;
        }
        for (_, key, stand_in) in STAND_INS.iter().filter(|(name, ..)| *name == object.name) {
            let is_required = object.member_in(key, self.version).is_some_and(|member| member.required);
            if !is_required || tree.has(key) {
                continue;
            }
            let content = match stand_in {
                StandIn::Text(text) => Content::Text((*text).to_owned()),
                StandIn::Map => Content::Map(IndexMap::new()),
                StandIn::First(list) => {
                    let first = tree.get(list).and_then(Tree::list).and_then(<[Tree]>::first);
                    first.map_or_else(|| Content::Text(String::new()), |first| first.content.clone())
                }
            };
            self.warn(
                tree.place(),
                format!("the {} object lacks `{key}`", object.name),
                format!("add `{key}:`"),
            );
            tree.put(key, content);
        }
    }

    /// Mends the keys of an object whose keys are free.
    fn keys(&mut self, map: &mut IndexMap<String, Tree>, object: &Object) {
        let mended: fn(&str) -> Option<String> = match object.others {
            Others::Paths(_) => |key| (!key.starts_with('/')).then(|| format!("/{key}")),
            Others::Statuses(_) => |key| {
                let wanted = if key.eq_ignore_ascii_case("default") {
                    "default".to_owned()
                } else {
                    key.trim().to_ascii_uppercase()
                };
                (wanted != key && super::structure::is_status(&wanted)).then_some(wanted)
            },
            _ => return,
        };
        let renamed: Vec<(String, String)> = map
            .keys()
            .filter(|key| !is_extension(key))
            .filter_map(|key| Some((key.clone(), mended(key)?)))
            .filter(|(_, wanted)| !map.contains_key(wanted))
            .collect();
        for (key, wanted) in renamed {
            let Some(index) = map.get_index_of(&key) else { continue };
            let Some(member) = map.shift_remove(&key) else { continue };
            self.warn(
                member.place(),
                format!("`{key}` must be `{wanted}`"),
                format!("it is read as `{wanted}`"),
            );
            map.shift_insert(index.min(map.len()), wanted, member);
        }
    }

    /// Mends what is no mapping, list or scalar where one is wanted.
    fn member(&mut self, member: &mut Tree, shape: Shape, is_optional: bool) -> Fate {
        if matches!(shape, Shape::Any) {
            return Fate::Stays;
        }
        let wants_map =
            matches!(shape, Shape::Object(_) | Shape::Reference(_) | Shape::Map(_) | Shape::Components(_));
        let wants_list = matches!(shape, Shape::List(..));
        match &mut member.content {
            Content::Null if is_optional => {
                let message = format!("`{}` has no value", self.name());
                self.warn(member.place(), message, "it is left out; give it a value or remove the key");
                return Fate::Goes;
            }
            Content::Null if wants_map => self.becomes(member, Content::Map(IndexMap::new())),
            Content::List(items) if wants_map && items.is_empty() => {
                self.becomes(member, Content::Map(IndexMap::new()));
            }
            Content::Map(map) if wants_list && map.is_empty() => {
                self.becomes(member, Content::List(Vec::new()));
            }
            Content::Text(_) if matches!(shape, Shape::List(Shape::Text, _)) => {
                let only = Tree { key: None, ..member.clone() };
                self.becomes(member, Content::List(vec![only]));
            }
            Content::Text(text)
                if is_optional && matches!(shape, Shape::Number | Shape::Count) && is_infinite(text) =>
            {
                let message = format!("`{}` must be a number that JSON can express", self.name());
                self.warn(member.place(), message, "it is left out, and bounds nothing");
                return Fate::Goes;
            }
            Content::Text(_) | Content::Number(_) | Content::Bool(_) => self.scalar(member, shape),
            _ => {}
        }
        Fate::Stays
    }

    fn becomes(&mut self, member: &mut Tree, content: Content) {
        let read_as = match &content {
            Content::Map(_) => "an empty mapping",
            Content::List(items) if items.is_empty() => "an empty list",
            _ => "a list of this one",
        };
        let wanted = if matches!(content, Content::Map(_)) { "a mapping" } else { "a list" };
        let message = format!("`{}` must be {wanted}", self.name());
        self.warn(member.place(), message, format!("it is read as {read_as}"));
        member.content = content;
    }

    /// Gives a parameter that says itself what its values are, as those of Swagger 2 do, a schema.
    fn parameter(&mut self, map: &mut IndexMap<String, Tree>, object: &Object) {
        const OF_SCHEMA: [&str; 14] = [
            "type",
            "format",
            "enum",
            "items",
            "default",
            "minimum",
            "maximum",
            "minLength",
            "maxLength",
            "pattern",
            "minItems",
            "maxItems",
            "uniqueItems",
            "multipleOf",
        ];
        if !matches!(object.name, "parameter" | "header") || map.contains_key("$ref") {
            return;
        }
        let has_content = map.get("content").and_then(Tree::map).is_some_and(|content| !content.is_empty());
        let has_schema = map.get("schema").is_some_and(|schema| !schema.is_null());
        let at = map.values().next().map(|first| first.key.unwrap_or(first.at)).unwrap_or_default();
        let named = map.get("name").and_then(Tree::as_text).unwrap_or("?").to_owned();
        let what = format!("the {} `{named}`", object.name);
        let what = if object.name == "header" { "the header".to_owned() } else { what };
        if !has_content && !has_schema {
            let said: Vec<(String, Tree)> = OF_SCHEMA
                .iter()
                .filter_map(|key| Some(((*key).to_owned(), map.shift_remove(*key)?)))
                .collect();
            let (schema, help) = if said.is_empty() {
                let text = Tree::new(at, Content::Text("string".to_owned()));
                ([("type".to_owned(), text)].into_iter().collect(), "it is read as a text")
            } else {
                (said.into_iter().collect(), "what is said of its values is read as its schema")
            };
            map.shift_remove("content");
            map.insert("schema".to_owned(), Tree::new(at, Content::Map(schema)));
            self.warn(at, format!("{what} has no `schema`"), help);
        } else if has_content && has_schema {
            map.shift_remove("content");
            self.warn(at, format!("{what} has both a `schema` and a `content`"), "the `content` is left out");
        } else if let Some(types) = map.get_mut("content").and_then(Tree::map_mut)
            && types.len() > 1
        {
            let is_understood = |name: &&String| matches!(Form::of(name), Form::Json | Form::Text);
            let chosen = types.keys().find(is_understood).or_else(|| types.keys().next());
            let chosen = chosen.cloned().unwrap_or_default();
            types.retain(|name, _| *name == chosen);
            let help = format!("it is read as `{chosen}`, and the others are left out");
            self.warn(at, format!("{what} has a `content` of several types"), help);
        }
        if map.get("in").and_then(Tree::as_text) == Some("path")
            && !map.get("required").is_some_and(Tree::is_true)
            && object.name == "parameter"
        {
            map.insert("required".to_owned(), Tree::new(at, Content::Bool(true)));
            let help = "it is read as required: a path without it is another path";
            self.warn(at, format!("the path parameter `{named}` is not required"), help);
        }
    }
}

/// Returns `true` if a text is what a number beyond all others was read as, or what is no number by its name.
fn is_infinite(text: &str) -> bool {
    let (sign, digits) = text.split_at(text.len() - text.trim_start_matches(['-', '+']).len());
    let number: Option<f64> = digits.strip_prefix('.').unwrap_or(digits).parse().ok();
    sign.len() < 2 && number.is_some_and(|number| !number.is_finite())
}

#[cfg(test)]
mod tests;

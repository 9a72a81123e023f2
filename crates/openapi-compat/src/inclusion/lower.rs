//! Lowers schemas to alternatives of plain facts.

use std::rc::Rc;
use std::sync::LazyLock;

use openapi_document::grammar::{ANNOTATIONS, is_extension};
use openapi_document::samples::Direction;
use serde_json::{Map, Value};

use super::facts::{
    CONTAINS, Facts, Items, KEYWORDS, KINDS, Kind, Layer, MAX_CONTAINS, MIN_CONTAINS, Opaque, Rest,
};
use super::limits::{MAX_ALTERNATIVES, MAX_DEPTH};
use super::numbers::{Bounds, Count};
use super::question::{Question, TooLarge};
use super::schema::Schema;

/// Alternatives of `oneOf` of which every two are compared; more are taken to overlap.
const MAX_COMPARED: usize = 24;

pub(super) type Lowered<'a> = Result<Vec<Facts<'a>>, TooLarge>;

/// The keyword that bears on items which other keywords do not speak of.
const UNEVALUATED_ITEMS: &str = "unevaluatedItems";

/// Patterns that any text matches.
const EVERYTHING: [&str; 5] = ["", ".*", "^.*", "^", "$"];

impl<'a> Question<'a, '_> {
    /// Returns the alternatives of values that match all these schemas.
    pub(super) fn facts_of_all(&mut self, all: &[Schema<'a>]) -> Lowered<'a> {
        let mut found = vec![Facts::any()];
        for schema in all {
            let facts = self.facts(*schema)?;
            found = both(&found, &facts)?;
        }
        Ok(found)
    }

    pub(super) fn facts(&mut self, schema: Schema<'a>) -> Result<Rc<Vec<Facts<'a>>>, TooLarge> {
        let schema = schema.resolved();
        if let Some(known) = self.lowered.get(&schema.id()) {
            return Ok(Rc::clone(known));
        }
        // A composition that contains itself, or that is too deep.
        if self.lowering.contains(&schema.id()) || self.lowering.len() > MAX_DEPTH {
            return Err(TooLarge);
        }
        self.lowering.push(schema.id());
        let facts = if schema.is_negated { Ok(self.not(schema.opposite())) } else { self.lower(schema) };
        self.lowering.pop();
        let facts = Rc::new(facts?);
        self.lowered.insert(schema.id(), Rc::clone(&facts));
        Ok(facts)
    }

    fn lower(&mut self, schema: Schema<'a>) -> Lowered<'a> {
        let map = match schema.value {
            Value::Object(map) => map,
            Value::Bool(false) => return Ok(Vec::new()),
            _ => return Ok(vec![Facts::any()]),
        };
        let mut found = alternatives(vec![own(schema, map, self.direction)]);
        for part in list(map, "allOf") {
            found = both(&found, &self.facts(schema.of(part))?)?;
        }
        if map.contains_key("anyOf") {
            let parts = list(map, "anyOf").iter().map(|part| schema.of(part)).collect::<Vec<_>>();
            found = both(&found, &self.any_of(&parts)?)?;
        }
        if map.contains_key("oneOf") {
            let parts = list(map, "oneOf").iter().map(|part| schema.of(part)).collect::<Vec<_>>();
            let is_told_apart = map.contains_key("discriminator");
            found = both(&found, &self.one_of(&parts, is_told_apart)?)?;
        }
        if let Some(not) = map.get("not") {
            found = both(&found, &self.not(schema.of(not)))?;
        }
        let branches = (map.get("then"), map.get("else"));
        if let (Some(then), true) = (branches.0, branches.0 == branches.1 && map.contains_key("if")) {
            found = both(&found, &self.facts(schema.of(then))?)?;
        } else if let Some(condition) = map.get("if").filter(|_| branches != (None, None)) {
            found = both(&found, &self.condition(schema, map, condition)?)?;
        }
        let says_nothing = |schema: &Value| match schema.as_object() {
            Some(schema) => !schema.keys().any(|key| bears_on_values(key)),
            None => *schema == Value::Bool(true),
        };
        for (name, then) in members(map, "dependentSchemas").filter(|(_, then)| !says_nothing(then)) {
            let mut present = Facts::any();
            present.require([name.as_str()]);
            let mut either = both(&[present], &self.facts(schema.of(then))?)?;
            either.push(Facts::absent(name));
            found = both(&found, &either)?;
        }
        let always: Vec<&str> = map.get("required").into_iter().flat_map(texts).collect();
        let asks = |names: &Value| texts(names).any(|name| !always.contains(&name));
        for (name, names) in members(map, "dependentRequired").filter(|(_, names)| asks(names)) {
            let mut present = Facts::any();
            present.require(texts(names).chain([name.as_str()]));
            found = both(&found, &[present, Facts::absent(name)])?;
        }
        if let Some(rest) = map.get("unevaluatedProperties") {
            for facts in &mut found {
                close(facts, schema, rest);
            }
        }
        if let Some(rest) = map.get(UNEVALUATED_ITEMS) {
            for facts in &mut found {
                close_list(facts, schema, rest);
            }
        }
        if map.get("nullable") == Some(&Value::Bool(true)) && !self.is_hardly_nullable(schema) {
            let mut null = Facts::any();
            null.keep([Kind::Null]);
            found.push(null);
        }
        Ok(found)
    }

    fn any_of(&mut self, parts: &[Schema<'a>]) -> Lowered<'a> {
        let mut found = Vec::new();
        for part in parts {
            found.extend(self.facts(*part)?.iter().cloned());
            if found.len() > MAX_ALTERNATIVES {
                return Err(TooLarge);
            }
        }
        Ok(found)
    }

    /// Lowers exactly one of several. Where no two of them overlap, it is any of them.
    fn one_of(&mut self, parts: &[Schema<'a>], are_told_apart: bool) -> Lowered<'a> {
        if are_told_apart || self.exclude_each_other(parts)? {
            return self.any_of(parts);
        }
        let mut found = Vec::new();
        let parts: Rc<[Schema<'a>]> = parts.into();
        for (chosen, part) in parts.iter().enumerate() {
            for facts in self.facts(*part)?.iter() {
                let mut facts = facts.clone();
                facts.opaque.push(Opaque::OneOf { parts: Rc::clone(&parts), chosen });
                found.push(facts);
            }
            if found.len() > MAX_ALTERNATIVES {
                return Err(TooLarge);
            }
        }
        Ok(found)
    }

    fn exclude_each_other(&mut self, parts: &[Schema<'a>]) -> Result<bool, TooLarge> {
        if parts.len() > MAX_COMPARED {
            return Ok(false);
        }
        for (index, part) in parts.iter().enumerate() {
            for other in parts.iter().skip(index + 1) {
                let common = both(&self.facts(*part)?, &self.facts(*other)?)?;
                if !common.iter().all(|facts| self.is_empty(facts)) {
                    return Ok(false);
                }
            }
        }
        Ok(true)
    }

    fn condition(
        &mut self,
        schema: Schema<'a>,
        map: &'a Map<String, Value>,
        condition: &'a Value,
    ) -> Lowered<'a> {
        let mut met = (*self.facts(schema.of(condition))?).clone();
        if let Some(then) = map.get("then") {
            met = both(&met, &self.facts(schema.of(then))?)?;
        }
        let mut unmet = self.not(schema.of(condition));
        if let Some(other) = map.get("else") {
            unmet = both(&unmet, &self.facts(schema.of(other))?)?;
        }
        met.extend(unmet);
        Ok(met)
    }
}

/// Returns every combination of an alternative of one list with one of the other.
pub(super) fn both<'a>(one: &[Facts<'a>], other: &[Facts<'a>]) -> Lowered<'a> {
    if one.len().saturating_mul(other.len()) > MAX_ALTERNATIVES {
        return Err(TooLarge);
    }
    let pairs = one.iter().flat_map(|one| other.iter().map(move |other| one.and(other)));
    Ok(alternatives(pairs.collect()))
}

/// Leaves out alternatives without values.
fn alternatives(all: Vec<Facts<'_>>) -> Vec<Facts<'_>> {
    all.into_iter().map(Facts::tidied).filter(|facts| facts.kinds().next().is_some()).collect()
}

/// Returns the facts that a schema states itself, besides those of the schemas that it is made of.
fn own<'a>(schema: Schema<'a>, map: &'a Map<String, Value>, direction: Direction) -> Facts<'a> {
    let mut facts = Facts::any();
    if let Some(kind) = map.get("type").and_then(Value::as_str) {
        facts.keep(kinds(kind).iter().copied());
    }
    let get = |key: &str| map.get(key);
    facts.values = get("enum").and_then(Value::as_array).map(|values| values.iter().collect());
    facts.numbers = Bounds::of(map);
    facts.length = Count::of(get("minLength"), get("maxLength"));
    let pattern = get("pattern").and_then(Value::as_str);
    facts.patterns.extend(pattern.filter(|pattern| !EVERYTHING.contains(pattern)));
    let format = get("format").and_then(Value::as_str);
    facts.formats.extend(format.filter(|format| !matches!(*format, "" | "password")));
    facts.items_count = Count::of(get("minItems"), get("maxItems"));
    if let Some(least) = whole(map, MIN_CONTAINS).and_then(Value::as_u64) {
        facts.items_count.least = facts.items_count.least.max(least);
    }
    facts.unique = get("uniqueItems") == Some(&Value::Bool(true));
    if get("items").is_some() || get("prefixItems").is_some() {
        facts.items.push(Items { root: schema.root, first: list(map, "prefixItems"), rest: get("items") });
    }
    facts.members_count = Count::of(get("minProperties"), get("maxProperties"));
    facts.require(get("required").into_iter().flat_map(texts));
    if ["properties", "patternProperties", "additionalProperties"].iter().any(|key| map.contains_key(*key)) {
        let layer = Layer {
            properties: get("properties").and_then(Value::as_object),
            patterns: get("patternProperties").and_then(Value::as_object),
            rest: rest(schema, get("additionalProperties")),
            speaks_of_rest: map.contains_key("additionalProperties"),
            ..Layer::of(schema.root)
        };
        facts.layers.push(layer.in_direction(direction));
    }
    // What every name matches is said of all properties.
    for (_, value) in members(map, "patternProperties").filter(|(key, _)| EVERYTHING.contains(&key.as_str()))
    {
        let (rest, speaks_of_rest) = (rest(schema, Some(value)), true);
        facts.layers.push(Layer { rest, speaks_of_rest, ..Layer::of(schema.root) });
    }
    facts.opaque.extend(KEYWORDS.into_iter().filter_map(|(key, _)| {
        let value = whole(map, key)?;
        Some(Opaque::Keyword { key, schema: schema.of(value) })
    }));
    facts
}

/// Returns what a schema says under a keyword that is compared as a whole, if that excludes anything.
fn whole<'a>(map: &'a Map<String, Value>, key: &str) -> Option<&'a Value> {
    static ONE: LazyLock<Value> = LazyLock::new(|| Value::from(1));
    let said = map.get(key);
    let is_bound = map.contains_key(MAX_CONTAINS);
    let is_needless = map.get(MIN_CONTAINS).and_then(Value::as_u64) == Some(0) && !is_bound;
    match key {
        // Of these, `lower` makes facts.
        UNEVALUATED_ITEMS => None,
        CONTAINS | MIN_CONTAINS | MAX_CONTAINS if !map.contains_key(CONTAINS) || is_needless => None,
        MIN_CONTAINS => Some(said.unwrap_or(&ONE)),
        _ => said,
    }
}

/// Returns what a schema says of properties that it does not name.
fn rest<'a>(schema: Schema<'a>, value: Option<&'a Value>) -> Rest<'a> {
    match value {
        Some(Value::Bool(false)) => Rest::None,
        Some(Value::Object(map)) if map.keys().any(|key| bears_on_values(key)) => {
            let says_never =
                map.len() == 1 && map.get("not").is_some_and(|not| not == &serde_json::json!({}));
            if says_never { Rest::None } else { Rest::Typed(schema.of(value.unwrap_or(&Value::Null))) }
        }
        _ => Rest::Any,
    }
}

/// Adds what a schema says of properties that none of its parts declares.
fn close<'a>(facts: &mut Facts<'a>, schema: Schema<'a>, value: &'a Value) {
    if facts.layers.iter().any(|layer| layer.speaks_of_rest) {
        return;
    }
    facts.layers.push(Layer {
        known: facts.names().into_iter().collect(),
        known_patterns: facts.name_patterns().into_iter().collect(),
        rest: rest(schema, Some(value)),
        speaks_of_rest: true,
        ..Layer::of(schema.root)
    });
}

/// Adds what a schema says of items that none of its parts speaks of.
fn close_list<'a>(facts: &mut Facts<'a>, schema: Schema<'a>, value: &'a Value) {
    let says_contains = |opaque: &Opaque<'_>| matches!(opaque, Opaque::Keyword { key: "contains", .. });
    if facts.opaque.iter().any(says_contains) {
        // Those that it contains are spoken of, wherever they are.
        return facts.opaque.push(Opaque::Keyword { key: UNEVALUATED_ITEMS, schema: schema.of(value) });
    }
    if facts.items.iter().all(|items| items.rest.is_none()) {
        let longest = facts.items.iter().map(|items| items.first).max_by_key(|first| first.len());
        let first = longest.unwrap_or_default();
        facts.items.push(Items { root: schema.root, first, rest: Some(value) });
    }
}

/// Returns `true` if a keyword decides which values there are.
fn bears_on_values(key: &str) -> bool {
    let is_note = ANNOTATIONS.contains(&key) || ["xml", "$comment", "discriminator"].contains(&key);
    !is_note && !is_extension(key)
}

fn kinds(name: &str) -> &'static [Kind] {
    match name {
        "null" => &[Kind::Null],
        "boolean" => &[Kind::Boolean],
        "number" | "integer" => &[Kind::Number],
        "string" => &[Kind::String],
        "array" => &[Kind::Array],
        "object" => &[Kind::Object],
        _ => &KINDS,
    }
}

fn list<'a>(map: &'a Map<String, Value>, key: &str) -> &'a [Value] {
    map.get(key).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn members<'a>(map: &'a Map<String, Value>, key: &str) -> impl Iterator<Item = (&'a String, &'a Value)> {
    map.get(key).and_then(Value::as_object).into_iter().flatten()
}

fn texts(value: &Value) -> impl Iterator<Item = &str> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str)
}

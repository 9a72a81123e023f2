//! Tells whether a value is valid against a schema.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::net::{Ipv4Addr, Ipv6Addr};

use serde_json::{Map, Value};

use super::direction::Direction;
use crate::example::merge::strings;
use crate::pointer::{self, resolve};
use openapi_wire::Pattern;

/// Levels of schemas that are followed; what is deeper is taken to fit.
const MAX_LEVELS: usize = 64;

/// Schemas that a value is held to; what is left then is taken to fit.
const MAX_STEPS: usize = 100_000;

/// Returns `true` if `value` is valid against `schema`, a schema of the document `root`, on its way in `direction`.
#[must_use]
pub fn fits(root: &Value, schema: &Value, value: &Value, direction: Direction) -> bool {
    fits_with(root, schema, value, direction, &Patterns::default())
}

/// Returns `true` like [`fits`]. Patterns that were met before are not compiled again.
pub(super) fn fits_with(
    root: &Value,
    schema: &Value,
    value: &Value,
    direction: Direction,
    patterns: &Patterns,
) -> bool {
    Check { root, direction, steps: Cell::new(0), patterns }.fits(schema, value, 0)
}

/// The patterns met so far; `None` for one that cannot be read.
#[derive(Default)]
pub(super) struct Patterns(RefCell<HashMap<String, Option<Pattern>>>);

impl Patterns {
    /// Returns `true` if a pattern is found in a text, or `None` if that cannot be told.
    fn is_found(&self, pattern: &str, text: &str) -> Option<bool> {
        let mut known = self.0.borrow_mut();
        if !known.contains_key(pattern) {
            known.insert(pattern.to_owned(), Pattern::compile(pattern));
        }
        known.get(pattern)?.as_ref()?.is_found_in(text)
    }
}

struct Check<'a> {
    root: &'a Value,
    direction: Direction,
    steps: Cell<usize>,
    patterns: &'a Patterns,
}

impl<'a> Check<'a> {
    fn fits(&self, schema: &'a Value, value: &Value, level: usize) -> bool {
        let schema = match resolve(self.root, schema) {
            Value::Object(schema) => schema,
            Value::Bool(false) => return false,
            _ => return true,
        };
        self.steps.set(self.steps.get() + 1);
        if level > MAX_LEVELS
            || self.steps.get() > MAX_STEPS
            || value.is_null() && schema.get("nullable") == Some(&Value::Bool(true))
        {
            return true;
        }
        let list = |key: &str| schema.get(key).and_then(Value::as_array);
        let fits = |schema: &&'a Value| self.fits(schema, value, level + 1);
        let is_listed =
            |known: &Value| known == value || known.is_number() && known.as_f64() == value.as_f64();
        list("enum").is_none_or(|values| values.iter().any(is_listed))
            && list("allOf").is_none_or(|parts| parts.iter().all(|part| fits(&part)))
            && list("anyOf").is_none_or(|parts| self.among(schema, parts, value, level) > 0)
            && list("oneOf").is_none_or(|parts| self.among(schema, parts, value, level) == 1)
            && schema.get("not").is_none_or(|schema| !fits(&schema))
            && schema.get("if").is_none_or(|condition| {
                let branch = if fits(&condition) { "then" } else { "else" };
                schema.get(branch).is_none_or(|schema| fits(&schema))
            })
            && self.is_of_type(schema, value, level)
    }

    /// Returns how many of the alternatives a value fits; of those that a discriminator tells apart, the one it names.
    fn among(&self, schema: &Map<String, Value>, parts: &'a [Value], value: &Value, level: usize) -> usize {
        let named = |part: &&Value| {
            discriminated(schema, part).is_none_or(|(key, words)| {
                let word = value.get(&key).and_then(Value::as_str);
                word.is_some_and(|word| words.iter().any(|known| known == word))
            })
        };
        let parts = parts.iter().filter(named);
        parts.filter(|part| self.fits(part, value, level + 1)).count()
    }

    fn is_of_type(&self, schema: &'a Map<String, Value>, value: &Value, level: usize) -> bool {
        let kind = schema.get("type").and_then(Value::as_str);
        let is_kind = |name: &str| kind.is_none_or(|kind| kind == name);
        match value {
            Value::Null => kind.is_none(),
            Value::Bool(_) => is_kind("boolean"),
            Value::Number(number) => {
                let is_whole = number.as_f64().is_some_and(|number| number.fract() == 0.0);
                let whole = kind == Some("integer") || schema.get("x-integer") == Some(&Value::Bool(true));
                (is_kind("number") || is_kind("integer"))
                    && (is_whole || !whole)
                    && super::numbers::is_within(schema, number)
            }
            Value::String(text) => is_kind("string") && self.is_text(schema, text),
            Value::Array(items) => {
                let unique = schema.get("uniqueItems") == Some(&Value::Bool(true));
                let is_new =
                    |(index, item): (usize, &Value)| !items.iter().take(index).any(|known| known == item);
                is_kind("array")
                    && is_sized(schema, "minItems", "maxItems", items.len())
                    && (!unique || items.iter().enumerate().all(is_new))
                    && self.is_list(schema, items, level)
            }
            Value::Object(members) => {
                is_kind("object")
                    && self.is_object(schema, members, level)
                    && asked(schema, "dependentSchemas", members)
                        .all(|part| self.fits(part, value, level + 1))
            }
        }
    }

    fn is_text(&self, schema: &'a Map<String, Value>, text: &str) -> bool {
        let word = |key: &str| schema.get(key).and_then(Value::as_str);
        is_sized(schema, "minLength", "maxLength", text.chars().count())
            // A pattern that cannot be read, or that takes too long, refuses nothing.
            && word("pattern").is_none_or(|pattern| self.patterns.is_found(pattern, text).unwrap_or(true))
            && word("format").is_none_or(|format| is_of_format(format, text))
    }

    /// Returns `true` if a member of an object fits what is said of it: by its name, by patterns, or else of all others.
    fn is_member(&self, schema: &'a Map<String, Value>, name: &str, value: &Value, level: usize) -> bool {
        let fits = |schema: &'a Value, value: &Value| self.fits(schema, value, level + 1);
        let object = |key: &str| schema.get(key).and_then(Value::as_object);
        let property = object("properties").and_then(|properties| properties.get(name));
        let is_found = |pattern: &str| self.patterns.is_found(pattern, name).unwrap_or(false);
        let patterns = object("patternProperties").into_iter().flatten();
        let named: Vec<&Value> = patterns
            .filter(|(pattern, _)| is_found(pattern))
            .map(|(_, schema)| schema)
            .chain(property)
            .collect();
        let others = schema.get("additionalProperties").filter(|_| named.is_empty());
        named.into_iter().chain(others).all(|schema| fits(schema, value))
            && schema.get("propertyNames").is_none_or(|schema| fits(schema, &Value::String(name.to_owned())))
    }

    /// Returns `true` if the items fit what is said of them, by their position and of all of them.
    fn is_list(&self, schema: &'a Map<String, Value>, items: &[Value], level: usize) -> bool {
        let fits = |schema: &'a Value, item: &Value| self.fits(schema, item, level + 1);
        let first =
            schema.get("prefixItems").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let (placed, rest) = items.split_at(first.len().min(items.len()));
        placed.iter().zip(first).all(|(item, schema)| fits(schema, item))
            && schema.get("items").is_none_or(|schema| rest.iter().all(|item| fits(schema, item)))
            && schema.get("contains").is_none_or(|part| {
                let count = items.iter().filter(|item| fits(part, item)).count();
                let least = schema.get("minContains").and_then(Value::as_u64).unwrap_or(1);
                count as u64 >= least && is_sized(schema, "minContains", "maxContains", count)
            })
    }

    fn is_object(&self, schema: &'a Map<String, Value>, members: &Map<String, Value>, level: usize) -> bool {
        let properties = schema.get("properties").and_then(Value::as_object);
        let property = |name: &str| properties.and_then(|properties| properties.get(name));
        let goes = |name: &str| {
            let property = property(name).map(|property| resolve(self.root, property));
            property.and_then(|property| property.get(self.direction.excluded())) != Some(&Value::Bool(true))
        };
        let has = |name: &str| members.contains_key(name);
        let needed = |names: &'a Value| strings(Some(names)).into_iter().all(has);
        strings(schema.get("required")).into_iter().all(|name| has(name) || !goes(name))
            && is_sized(schema, "minProperties", "maxProperties", members.len())
            && members.iter().all(|(name, value)| self.is_member(schema, name, value, level))
            && asked(schema, "dependentRequired", members).all(needed)
    }
}

/// Returns what a keyword of this name says for the members that an object has.
fn asked<'a>(
    schema: &'a Map<String, Value>,
    key: &str,
    members: &Map<String, Value>,
) -> impl Iterator<Item = &'a Value> {
    let asked = schema.get(key).and_then(Value::as_object).into_iter().flatten();
    asked.filter(|(name, _)| members.contains_key(*name)).map(|(_, what)| what)
}

/// Returns the property that tells an alternative from the others, and the words that stand for this one.
pub(super) fn discriminated(
    schema: &Map<String, Value>,
    alternative: &Value,
) -> Option<(String, Vec<String>)> {
    let discriminator = schema.get("discriminator")?;
    let key = discriminator.get("propertyName")?.as_str()?;
    let reference = alternative.get("$ref")?.as_str()?;
    let name = pointer::steps(reference).last()?;
    let mapping = discriminator.get("mapping").and_then(Value::as_object);
    let is_this = |target: &Value| [Some(reference), Some(name.as_str())].contains(&target.as_str());
    let mapped = mapping.into_iter().flatten().filter(|(_, target)| is_this(target));
    let mut words: Vec<String> = mapped.map(|(word, _)| word.clone()).collect();
    if words.is_empty() {
        words.push(name);
    }
    Some((key.to_owned(), words))
}

/// Returns `true` if a count is within the bounds of these names.
fn is_sized(schema: &Map<String, Value>, least: &str, most: &str, count: usize) -> bool {
    let bound = |key: &str| schema.get(key).and_then(Value::as_u64);
    let count = count as u64;
    bound(least).is_none_or(|least| least <= count) && bound(most).is_none_or(|most| count <= most)
}

/// Returns `true` if a text looks like one of this format; any looks like one of a format that is not known.
fn is_of_format(format: &str, text: &str) -> bool {
    let like = |shape: &str| {
        let same = |(shape, letter): (char, char)| match shape {
            'd' => letter.is_ascii_digit(),
            'x' => letter.is_ascii_hexdigit(),
            other => letter == other,
        };
        text.len() >= shape.len() && shape.chars().zip(text.chars()).all(same)
    };
    match format {
        "date" => text.len() == 10 && like("dddd-dd-dd"),
        "date-time" => like("dddd-dd-ddTdd:dd:dd") && text.len() > 19,
        "time" => like("dd:dd:dd"),
        "uuid" => text.len() == 36 && like("xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx"),
        "ipv4" => text.parse::<Ipv4Addr>().is_ok(),
        "ipv6" => text.parse::<Ipv6Addr>().is_ok(),
        "ip" => text.parse::<std::net::IpAddr>().is_ok(),
        "email" | "idn-email" => text.contains('@') && !text.contains(' '),
        "uri" | "url" => text.contains(':') && !text.contains(' '),
        "byte" => {
            text.len().is_multiple_of(4)
                && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+/=".contains(&byte))
        }
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn keywords_of_json_schema_are_heeded() {
        for (schema, good, bad) in [
            (
                json!({"patternProperties": {"^x-": {"type": "string"}}}),
                json!({"x-a": "1", "b": 1}),
                json!({"x-a": 1}),
            ),
            (
                json!({"patternProperties": {"^x-": {}}, "additionalProperties": false}),
                json!({"x-a": 1}),
                json!({"a": 1}),
            ),
            (json!({"propertyNames": {"maxLength": 1}}), json!({"a": 1}), json!({"ab": 1})),
            (json!({"prefixItems": [{"type": "string"}], "items": false}), json!(["a"]), json!([1])),
            (json!({"prefixItems": [{}], "items": false}), json!([]), json!([1, 2])),
            (json!({"contains": {"const": 1, "enum": [1]}}), json!([0, 1]), json!([0])),
            (json!({"contains": {"enum": [1]}, "maxContains": 1}), json!([1]), json!([1, 1])),
            (json!({"contains": {"enum": [1]}, "minContains": 0}), json!([]), json!(null)),
            (json!({"dependentRequired": {"a": ["b"]}}), json!({"b": 1}), json!({"a": 1})),
            (
                json!({"dependentSchemas": {"a": {"maxProperties": 1}}}),
                json!({"a": 1}),
                json!({"a": 1, "b": 1}),
            ),
            (json!({"if": {"enum": ["a"]}, "then": false, "else": {"maxLength": 2}}), json!("b"), json!("a")),
            (json!({"if": {"enum": ["a"]}, "else": {"maxLength": 2}}), json!("a"), json!("bbb")),
        ] {
            assert!(fits(&json!({}), &schema, &good, Direction::Request), "{schema} {good}");
            if !bad.is_null() {
                assert!(!fits(&json!({}), &schema, &bad, Direction::Request), "{schema} {bad}");
            }
        }
    }

    #[test]
    fn schemas_that_refer_to_the_next_one_twice_are_given_up() {
        let mut schemas = Map::new();
        for number in 0..60 {
            let next = json!({"not": {"$ref": format!("#/components/schemas/S{}", number + 1)}});
            schemas.insert(format!("S{number}"), json!({"anyOf": [next, next], "oneOf": [next, next]}));
        }
        let root = json!({"components": {"schemas": schemas}});
        let first = json!({"$ref": "#/components/schemas/S0"});
        // Whatever is answered, it is answered.
        let _ = fits(&root, &first, &json!(1), Direction::Request);
    }
}

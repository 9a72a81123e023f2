//! Tells whether a value is valid against a schema.

use std::net::{Ipv4Addr, Ipv6Addr};

use serde_json::{Map, Value};

use super::direction::Direction;
use crate::pattern::Pattern;
use crate::pointer::{self, resolve};

/// Levels of schemas that are followed; what is deeper is taken to fit.
const MAX_LEVELS: usize = 64;

/// Returns `true` if `value` is valid against `schema`, a schema of the document `root`, on its way in `direction`.
#[must_use]
pub fn fits(root: &Value, schema: &Value, value: &Value, direction: Direction) -> bool {
    Check { root, direction }.fits(schema, value, 0)
}

struct Check<'a> {
    root: &'a Value,
    direction: Direction,
}

impl Check<'_> {
    fn fits(&self, schema: &Value, value: &Value, level: usize) -> bool {
        let Value::Object(schema) = resolve(self.root, schema) else { return true };
        if level > MAX_LEVELS || value.is_null() && schema.get("nullable") == Some(&Value::Bool(true)) {
            return true;
        }
        let list = |key: &str| schema.get(key).and_then(Value::as_array);
        let fits = |schema: &&Value| self.fits(schema, value, level + 1);
        if value.is_null() && list("enum").is_some_and(|values| values.contains(value)) {
            return true;
        }
        let is_listed =
            |known: &Value| known == value || known.is_number() && known.as_f64() == value.as_f64();
        list("enum").is_none_or(|values| values.iter().any(is_listed))
            && list("allOf").is_none_or(|parts| parts.iter().all(|part| fits(&part)))
            && list("anyOf").is_none_or(|parts| self.among(schema, parts, value, level) > 0)
            && list("oneOf").is_none_or(|parts| self.among(schema, parts, value, level) == 1)
            && schema.get("not").is_none_or(|schema| !fits(&schema))
            && self.is_of_type(schema, value, level)
    }

    /// Returns how many of the alternatives a value fits; of those that a discriminator tells apart, the one it names.
    fn among(&self, schema: &Map<String, Value>, parts: &[Value], value: &Value, level: usize) -> usize {
        let named = |part: &&Value| {
            discriminated(schema, part).is_none_or(|(key, words)| {
                let word = value.get(&key).and_then(Value::as_str);
                word.is_some_and(|word| words.iter().any(|known| known == word))
            })
        };
        let parts = parts.iter().filter(named);
        parts.filter(|part| self.fits(part, value, level + 1)).count()
    }

    fn is_of_type(&self, schema: &Map<String, Value>, value: &Value, level: usize) -> bool {
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
            Value::String(text) => is_kind("string") && is_text(schema, text),
            Value::Array(items) => {
                let unique = schema.get("uniqueItems") == Some(&Value::Bool(true));
                let is_new =
                    |(index, item): (usize, &Value)| !items.iter().take(index).any(|known| known == item);
                is_kind("array")
                    && is_sized(schema, "minItems", "maxItems", items.len())
                    && (!unique || items.iter().enumerate().all(is_new))
                    && schema
                        .get("items")
                        .is_none_or(|schema| items.iter().all(|item| self.fits(schema, item, level + 1)))
            }
            Value::Object(members) => is_kind("object") && self.is_object(schema, members, level),
        }
    }

    fn is_object(&self, schema: &Map<String, Value>, members: &Map<String, Value>, level: usize) -> bool {
        let properties = schema.get("properties").and_then(Value::as_object);
        let property = |name: &str| properties.and_then(|properties| properties.get(name));
        let goes = |name: &str| {
            let property = property(name).map(|property| resolve(self.root, property));
            property.and_then(|property| property.get(self.direction.excluded())) != Some(&Value::Bool(true))
        };
        let required = crate::example::merge::strings(schema.get("required"));
        required.into_iter().all(|name| members.contains_key(name) || !goes(name))
            && is_sized(schema, "minProperties", "maxProperties", members.len())
            && members.iter().all(|(name, value)| {
                match property(name).or(schema.get("additionalProperties")) {
                    Some(Value::Bool(allowed)) => *allowed,
                    Some(schema) => self.fits(schema, value, level + 1),
                    None => true,
                }
            })
    }
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

fn is_text(schema: &Map<String, Value>, text: &str) -> bool {
    let pattern = schema.get("pattern").and_then(Value::as_str);
    // A pattern that cannot be read, or that takes too long, refuses nothing.
    let matches =
        |pattern: &str| Pattern::new(pattern).and_then(|pattern| pattern.is_found_in(text)).unwrap_or(true);
    is_sized(schema, "minLength", "maxLength", text.chars().count())
        && pattern.is_none_or(matches)
        && schema.get("format").and_then(Value::as_str).is_none_or(|format| is_of_format(format, text))
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

//! Sample values of a schema: several of each, at its edges, and the same on every call.
//!
//! Where [`example`](crate::example) makes the one value that documentation shows, this makes those that a program may
//! stumble over: the object with its required properties only and the one with all, empty lists, `null`, bounds, every
//! word of an enumeration, every alternative of a union, texts in other scripts. Each is valid against its schema; what is
//! not is dropped, so a schema may be left without samples.

mod direction;
mod fits;
mod numbers;
mod patterns;
mod texts;

use serde_json::{Map, Value, json};

use crate::example::merge::{flatten, strings};
use crate::pointer::resolve;
pub use direction::Direction;
pub use fits::fits;
use fits::{Patterns, discriminated, fits_with};

/// Samples of a schema.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Samples {
    /// The values; the first is the plainest that has everything.
    pub values: Vec<Value>,
    /// `true` if they have properties that are not sent in this direction, but that a generated type requires.
    pub has_properties_of_other_direction: bool,
}

/// Returns samples of a schema of the document `root`.
#[must_use]
pub fn of(root: &Value, schema: &Value, direction: Direction) -> Samples {
    let mut sampler = Sampler {
        root,
        direction,
        patterns: Patterns::default(),
        open: Vec::new(),
        levels: 0,
        looked_at: 0,
        of_other_direction: false,
    };
    let mut size = 0;
    let mut values = sampler.samples(schema);
    values.retain(|sample| {
        size += sample.to_string().len();
        size <= MAX_BYTES
    });
    Samples { values, has_properties_of_other_direction: sampler.of_other_direction }
}

/// Samples of one schema.
const MAX_SAMPLES: usize = 24;
/// Levels of schemas within schemas.
const MAX_LEVELS: usize = 16;
/// Levels and schemas after which a schema has one sample, without what may be left out: what varies multiplies.
const MAX_LEVELS_OF_VARIETY: usize = 6;
const MAX_SCHEMAS_OF_VARIETY: usize = 1_000;
/// Schemas that are looked at for one; alternatives within alternatives multiply.
const MAX_SCHEMAS: usize = 20_000;
/// The most bytes that all samples of one schema may have as text.
const MAX_BYTES: usize = 60_000;

struct Sampler<'a> {
    root: &'a Value,
    direction: Direction,
    patterns: Patterns,
    /// The references being followed, to notice a schema inside itself.
    open: Vec<String>,
    levels: usize,
    looked_at: usize,
    of_other_direction: bool,
}

impl Sampler<'_> {
    /// Returns the samples of a schema that are valid; none if it has no finite ones.
    fn samples(&mut self, schema: &Value) -> Vec<Value> {
        if self.levels >= MAX_LEVELS || self.looked_at >= MAX_SCHEMAS {
            return Vec::new();
        }
        self.looked_at += 1;
        self.levels += 1;
        let limit = if self.is_brief() { 1 } else { MAX_SAMPLES };
        let opened = self.open.len();
        let made = flatten(self.root, schema, &mut self.open).map(|flat| self.of_flat(&flat));
        self.open.truncate(opened);
        self.levels -= 1;
        // What is made of nothing but samples fits as they do.
        let is_made_of_parts = is_made_of_parts(resolve(self.root, schema));
        let mut samples: Vec<Value> = Vec::new();
        for sample in made.unwrap_or_default() {
            if samples.len() < limit
                && !samples.contains(&sample)
                && (is_made_of_parts || self.fits(schema, &sample))
            {
                samples.push(sample);
            }
        }
        samples
    }

    fn fits(&self, schema: &Value, sample: &Value) -> bool {
        fits_with(self.root, schema, sample, self.direction, &self.patterns)
    }

    /// Returns samples of a schema that neither is a reference nor has an `allOf`; some may be invalid.
    fn of_flat(&mut self, schema: &Map<String, Value>) -> Vec<Value> {
        if self.is_brief() && schema.get("nullable") == Some(&Value::Bool(true)) {
            return vec![Value::Null];
        }
        let null = (schema.get("nullable") == Some(&Value::Bool(true))).then_some(Value::Null);
        self.of_kind(schema).into_iter().chain(null).collect()
    }

    /// Returns `true` where one sample without what may be left out has to do.
    fn is_brief(&self) -> bool {
        self.levels > MAX_LEVELS_OF_VARIETY || self.looked_at > MAX_SCHEMAS_OF_VARIETY
    }

    fn of_kind(&mut self, schema: &Map<String, Value>) -> Vec<Value> {
        if let Some(values) = schema.get("enum").and_then(Value::as_array) {
            return values.clone();
        }
        let alternatives =
            ["oneOf", "anyOf"].iter().find_map(|key| schema.get(*key).and_then(Value::as_array));
        if let Some(alternatives) = alternatives.filter(|_| self.is_brief()) {
            let whole = Value::Object(schema.clone());
            // A value of one alternative may be of another, too, of which only `anyOf` thinks nothing.
            let is_any = schema.contains_key("anyOf");
            for alternative in alternatives {
                let samples = self.of_alternative(schema, alternative);
                if let Some(first) = samples.into_iter().find(|sample| is_any || self.fits(&whole, sample)) {
                    return vec![first];
                }
            }
            return Vec::new();
        }
        if let Some(alternatives) = alternatives {
            let lists = alternatives.iter().map(|alternative| self.of_alternative(schema, alternative));
            return interleaved(&lists.collect::<Vec<_>>());
        }
        let implied = [("properties", "object"), ("additionalProperties", "object"), ("items", "array")];
        let implied = implied.iter().find(|(key, _)| schema.contains_key(*key)).map(|(_, kind)| *kind);
        match schema.get("type").and_then(Value::as_str).or(implied) {
            Some("object") => self.objects(schema),
            Some("array") => self.lists(schema),
            Some("boolean") => vec![json!(true), json!(false)],
            Some("integer") => numbers::integers(schema),
            Some("number") if schema.get("x-integer") == Some(&Value::Bool(true)) => {
                numbers::integers(schema)
            }
            Some("number") => numbers::numbers(schema),
            Some("string") => texts::texts(schema),
            _ => anything(),
        }
    }

    /// Returns samples of one alternative together with what the schema says besides its alternatives.
    fn of_alternative(&mut self, schema: &Map<String, Value>, alternative: &Value) -> Vec<Value> {
        let mut rest = schema.clone();
        rest.retain(|key, _| !["oneOf", "anyOf"].contains(&key.as_str()) && !is_descriptive(key));
        let samples = if rest.is_empty() {
            self.samples(alternative)
        } else {
            self.samples(&json!({"allOf": [rest, alternative]}))
        };
        let Some((key, words)) = discriminated(schema, alternative) else { return samples };
        let with = |sample: &Value, word: &str| {
            let mut sample = sample.clone();
            if let Value::Object(members) = &mut sample {
                members.insert(key.clone(), json!(word));
            }
            sample
        };
        let plain = samples.first().cloned();
        let first = words.first().cloned();
        let each = samples.iter().zip(first.iter().cycle()).map(|(sample, word)| with(sample, word));
        let others = plain.iter().flat_map(|sample| words.iter().skip(1).map(|word| with(sample, word)));
        each.chain(others).collect()
    }

    fn objects(&mut self, schema: &Map<String, Value>) -> Vec<Value> {
        let required: Vec<&str> = strings(schema.get("required")).collect();
        let mut properties: Vec<(String, Vec<Value>)> = Vec::new();
        let declared = schema.get("properties").and_then(Value::as_object);
        let is_declared = |name: &str| declared.is_some_and(|declared| declared.contains_key(name));
        let is_brief = self.is_brief();
        for (name, property) in declared.into_iter().flatten() {
            if is_brief && !required.contains(&name.as_str()) {
                continue;
            }
            if resolve(self.root, property).get(self.direction.excluded()) == Some(&Value::Bool(true)) {
                if !required.contains(&name.as_str()) {
                    continue;
                }
                self.of_other_direction = true;
            }
            let samples = self.samples(property);
            if !samples.is_empty() {
                properties.push((name.clone(), samples));
            } else if required.contains(&name.as_str()) {
                return Vec::new();
            }
        }
        for name in required.iter().filter(|name| !is_declared(name)) {
            properties.push(((*name).to_owned(), vec![json!("string")]));
        }
        let least = schema.get("minProperties").and_then(Value::as_u64).unwrap_or(0);
        let others = if is_brief && least == 0 { Vec::new() } else { self.additional(schema) };
        let least = usize::try_from(least).unwrap_or(0).saturating_sub(properties.len());
        let names = ["key", "ключ é", "a/b c", "d"];
        let is_bounded = copies_are_bounded(&others, names.len());
        for (position, name) in names.iter().enumerate() {
            if !others.is_empty() && is_bounded && (position < 2 || position < least) {
                let turned = others.iter().cycle().skip(position).take(others.len());
                properties.push(((*name).to_owned(), turned.cloned().collect()));
            }
        }
        let count = properties.iter().map(|(_, samples)| samples.len()).max().unwrap_or(1);
        let all = |index: usize| {
            let members = properties.iter().filter_map(|(name, samples)| {
                let sample = samples.get(index.checked_rem(samples.len())?)?;
                Some((name.clone(), sample.clone()))
            });
            Value::Object(members.collect())
        };
        let mut minimal = all(0);
        if let Value::Object(members) = &mut minimal {
            // Every response of a release has what the release added.
            let is_expected = |name: &str| {
                let property = declared.and_then(|declared| declared.get(name));
                self.direction == Direction::Response
                    && property.is_some_and(|property| {
                        [property, resolve(self.root, property)]
                            .iter()
                            .any(|schema| schema.get("x-since").is_some())
                    })
            };
            members.retain(|name, _| required.contains(&name.as_str()) || is_expected(name));
        }
        [all(0), minimal].into_iter().chain((1..count).map(all)).collect()
    }

    /// Returns samples of properties that the schema does not name, if it says what they are.
    fn additional(&mut self, schema: &Map<String, Value>) -> Vec<Value> {
        match schema.get("additionalProperties") {
            Some(others @ Value::Object(_)) => self.samples(others),
            Some(Value::Bool(true)) | None if !schema.contains_key("properties") => anything(),
            _ => Vec::new(),
        }
    }

    fn lists(&mut self, schema: &Map<String, Value>) -> Vec<Value> {
        let limit = |key| schema.get(key).and_then(Value::as_u64).and_then(|n| usize::try_from(n).ok());
        let least = limit("minItems").unwrap_or(0).min(MAX_SAMPLES);
        let most = limit("maxItems").unwrap_or(MAX_SAMPLES).min(MAX_SAMPLES);
        if self.is_brief() && least == 0 {
            return vec![json!([])];
        }
        let items = match schema.get("items") {
            None => anything(),
            Some(items @ Value::Object(_)) => self.samples(items),
            // Whatever this means, it is no schema.
            Some(_) => Vec::new(),
        };
        if !copies_are_bounded(&items, least) {
            return if least == 0 { vec![json!([])] } else { Vec::new() };
        }
        if let Some(places) = schema.get("prefixItems").and_then(Value::as_array) {
            return self.tuples(places, &items, least, most);
        }
        let turned = |count: usize| items.iter().cycle().take(count).cloned().collect::<Value>();
        let mut lists = vec![turned(least.max(1).min(most)), turned(least)];
        if most > 0 {
            lists.extend(items.chunks(most).map(|chunk| chunk.iter().cloned().collect::<Value>()));
        }
        lists
    }

    /// Returns samples of a list that says what stands at its first places, and after these `items`.
    fn tuples(&mut self, places: &[Value], items: &[Value], least: usize, most: usize) -> Vec<Value> {
        let mut columns: Vec<Vec<Value>> =
            places.iter().take(most).map(|place| self.samples(place)).collect();
        let known = columns.iter().take_while(|samples| !samples.is_empty()).count();
        columns.truncate(known);
        while columns.len() < least && !items.is_empty() {
            columns.push(items.to_vec());
        }
        let count = columns.iter().map(Vec::len).max().unwrap_or(1);
        let row = |index: usize, length: usize| -> Value {
            columns
                .iter()
                .take(length)
                .filter_map(|samples| samples.get(index.checked_rem(samples.len())?))
                .cloned()
                .collect()
        };
        let whole = (0..count).map(|index| row(index, columns.len()));
        whole.chain([row(0, least)]).collect()
    }
}

/// Returns `true` if so many copies of any of these samples are no more than all samples may be.
fn copies_are_bounded(samples: &[Value], copies: usize) -> bool {
    samples.iter().all(|sample| values(sample).saturating_mul(copies) <= MAX_BYTES)
}

/// Returns how many values a value consists of, itself among them.
fn values(value: &Value) -> usize {
    1 + match value {
        Value::Array(items) => items.iter().map(values).sum(),
        Value::Object(members) => members.values().map(values).sum(),
        _ => 0,
    }
}

/// Returns `true` if a schema says nothing but what the members of objects or lists are and which of these there have to be,
/// or of which alternatives a value has to be any.
fn is_made_of_parts(schema: &Value) -> bool {
    let Some(schema) = schema.as_object() else { return false };
    let parts: &[&str] = match schema {
        // The word that tells alternatives apart is put over what a part has in its place.
        _ if schema.contains_key("anyOf") && schema.contains_key("discriminator") => return false,
        _ if schema.contains_key("anyOf") => &["anyOf"],
        _ if schema.contains_key("properties") => &["properties", "required", "type"],
        _ if schema.contains_key("items") => &["items", "type"],
        _ => return false,
    };
    schema.keys().all(|key| parts.contains(&key.as_str()) || is_descriptive(key))
}

/// Returns `true` if a keyword says nothing of the values besides `null`.
fn is_descriptive(key: &str) -> bool {
    const DESCRIPTIVE: [&str; 10] = [
        "title",
        "description",
        "example",
        "default",
        "deprecated",
        "discriminator",
        "nullable",
        "readOnly",
        "writeOnly",
        "xml",
    ];
    DESCRIPTIVE.contains(&key) || key.starts_with("x-")
}

/// Returns samples of a schema that does not restrict its values.
fn anything() -> Vec<Value> {
    vec![json!({"key": ["value", 1.5, true, {}]}), json!("string"), json!(7)]
}

/// Returns the first items of all lists, then the second ones, and so on.
fn interleaved(lists: &[Vec<Value>]) -> Vec<Value> {
    let longest = lists.iter().map(Vec::len).max().unwrap_or(0);
    let turn =
        |index: usize| lists.iter().filter_map(move |list| list.get(index).cloned()).collect::<Vec<_>>();
    (0..longest).flat_map(turn).collect()
}

#[cfg(test)]
mod tests;

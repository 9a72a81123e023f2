//! Confirms or refutes assessments by values: pairs of schemas at random, and values that one accepts and the other
//! refuses. The values are judged by a validator of JSON Schema, which shares no code with this crate.

use jsonschema::Validator;
use openapi_document::samples;
use serde_json::{Map, Value, json};

use super::super::{Severity, changes};
use openapi_document::document::Document;

/// A generator of numbers that gives the same ones every time.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % limit
    }

    fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    fn one<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }
}

const NAMES: [&str; 4] = ["a", "b", "c", "x-d"];

fn scalars() -> Vec<Value> {
    vec![
        json!("a"),
        json!("b"),
        json!("abc"),
        json!("abcdef"),
        json!(""),
        json!(0),
        json!(1),
        json!(2),
        json!(5),
        json!(-3),
        json!(1.5),
        json!(true),
        json!(false),
        json!(null),
    ]
}

/// Returns a schema at random, as OpenAPI 3.1 has it.
fn schema(random: &mut Random, depth: usize) -> Value {
    let kinds = if depth == 0 { 6 } else { 14 };
    match random.below(kinds) {
        0 => text(random),
        1 | 2 => number(random),
        3 => json!({"type": "boolean"}),
        4 => json!({"enum": some(random, &scalars())}),
        5 => json!({"type": [random.one(&["string", "integer"]), "null"]}),
        6 => {
            let mut list = json!({"type": "array", "items": schema(random, depth - 1)});
            if random.once_in(3) {
                list["maxItems"] = json!(random.below(3));
            }
            if random.once_in(3) {
                list["minItems"] = json!(random.below(2));
            }
            list
        }
        7..=9 => object(random, depth),
        10 => json!({"allOf": [object(random, depth), object(random, depth)]}),
        11 => json!({"anyOf": [schema(random, depth - 1), schema(random, depth - 1)]}),
        12 => json!({"oneOf": [schema(random, depth - 1), schema(random, depth - 1)]}),
        _ => conditional(random, depth),
    }
}

fn text(random: &mut Random) -> Value {
    let mut text = json!({"type": "string"});
    if random.once_in(3) {
        text["minLength"] = json!(random.below(3));
    }
    if random.once_in(3) {
        text["maxLength"] = json!(random.below(5));
    }
    if random.once_in(4) {
        text["not"] = json!({"enum": [random.one(&["a", "b", "abc"])]});
    }
    text
}

fn number(random: &mut Random) -> Value {
    let mut number = json!({"type": random.one(&["integer", "number"])});
    for key in ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"] {
        if random.once_in(4) {
            number[key] = json!(random.below(5));
        }
    }
    if random.once_in(5) {
        number["multipleOf"] = json!(random.one(&[1, 2, 5]));
    }
    number
}

fn some(random: &mut Random, all: &[Value]) -> Vec<Value> {
    let mut found: Vec<Value> = all.iter().filter(|_| random.once_in(3)).cloned().collect();
    if found.is_empty() {
        found.push(random.one(all).clone());
    }
    found
}

fn object(random: &mut Random, depth: usize) -> Value {
    let mut properties = Map::new();
    for name in NAMES.iter().take(3) {
        if !random.once_in(3) {
            properties.insert((*name).to_owned(), schema(random, depth - 1));
        }
    }
    let required: Vec<&str> = NAMES.iter().take(3).copied().filter(|_| random.once_in(3)).collect();
    let mut object = json!({"type": "object", "properties": properties});
    if !required.is_empty() {
        object["required"] = json!(required);
    }
    match random.below(5) {
        0 => object["additionalProperties"] = json!(false),
        1 => object["additionalProperties"] = schema(random, 0),
        _ => {}
    }
    object
}

fn conditional(random: &mut Random, depth: usize) -> Value {
    let mut object = object(random, depth);
    match random.below(4) {
        0 => object["dependentRequired"] = json!({"a": ["b"]}),
        1 => object["patternProperties"] = json!({"^x-": schema(random, 0)}),
        2 => {
            object["if"] = json!({"required": ["a"]});
            object["then"] = json!({"required": ["b"]});
        }
        _ => object["minProperties"] = json!(random.below(3)),
    }
    object
}

/// Changes a schema in one place.
fn mutated(random: &mut Random, whole: &Value, depth: usize) -> Value {
    let mut changed = whole.clone();
    let Some(map) = changed.as_object_mut() else { return changed };
    // Somewhere below, as often as here.
    if random.once_in(2) {
        let mut inner: Vec<&mut Value> = Vec::new();
        for (key, member) in map.iter_mut() {
            match (key.as_str(), member) {
                ("properties", Value::Object(all)) => inner.extend(all.values_mut()),
                ("items" | "then", member) => inner.push(member),
                ("additionalProperties", member) if member.is_object() => inner.push(member),
                ("allOf" | "anyOf" | "oneOf", Value::Array(all)) => inner.extend(all.iter_mut()),
                _ => {}
            }
        }
        if !inner.is_empty() {
            let index = random.below(inner.len());
            let new = mutated(random, inner[index], depth.saturating_sub(1));
            *inner[index] = new;
            return changed;
        }
    }
    match random.below(13) {
        0 => schema(random, depth.min(1)),
        1 => json!({"allOf": [whole, {}]}),
        2 => json!({"anyOf": [whole]}),
        3 => json!({"anyOf": [whole, schema(random, depth.min(1))]}),
        4 => extracted(whole),
        5 => {
            for key in ["minimum", "maximum", "minLength", "maxLength", "maxItems", "minItems"] {
                if let Some(bound) = map.get(key).and_then(Value::as_i64) {
                    let new = if random.once_in(2) { bound + 1 } else { (bound - 1).max(0) };
                    map.insert(key.to_owned(), json!(new));
                }
            }
            changed
        }
        6 => {
            if let Some(values) = map.get_mut("enum").and_then(Value::as_array_mut) {
                if random.once_in(2) && values.len() > 1 {
                    values.pop();
                } else if !values.contains(&json!("new")) {
                    values.push(json!("new"));
                }
            }
            changed
        }
        7 => {
            if map.contains_key("properties") {
                map.insert("required".to_owned(), json!([random.one(&NAMES[..3])]));
            }
            changed
        }
        8 => {
            map.remove("required");
            changed
        }
        9 => {
            if let Some(properties) = map.get_mut("properties").and_then(Value::as_object_mut) {
                let name = *random.one(&NAMES[..3]);
                if properties.remove(name).is_none() {
                    properties.insert(name.to_owned(), schema(random, 0));
                }
            }
            changed
        }
        10 => {
            if map.contains_key("properties") && map.remove("additionalProperties").is_none() {
                let rest = if random.once_in(2) { json!(false) } else { schema(random, 0) };
                map.insert("additionalProperties".to_owned(), rest);
            }
            changed
        }
        11 => json!({"allOf": [whole, {"not": {"enum": some(random, &scalars())}}]}),
        _ => {
            for key in ["anyOf", "oneOf", "allOf"] {
                if let Some(parts) = map.get_mut(key).and_then(Value::as_array_mut) {
                    parts.reverse();
                }
            }
            changed
        }
    }
}

/// Moves a property into a base that the object extends.
fn extracted(whole: &Value) -> Value {
    let mut own = whole.clone();
    let Some(properties) = own.get_mut("properties").and_then(Value::as_object_mut) else { return own };
    let Some(name) = properties.keys().next().cloned() else { return own };
    let property = properties.remove(&name);
    json!({"allOf": [{"type": "object", "properties": {name: property}}, own]})
}

fn document(schema: &Value) -> Document {
    let content = json!({"application/json": {"schema": schema}});
    let operation = |body: bool| {
        let mut operation = json!({"operationId": if body { "send" } else { "ask" }, "responses": {"204": {"description": ""}}});
        if body {
            operation["requestBody"] = json!({"content": content});
        } else {
            operation["responses"] = json!({"200": {"description": "", "content": content}});
        }
        operation
    };
    let document = json!({
        "openapi": "3.1.0", "info": {"title": "t", "version": "1"},
        "paths": {"/": {"post": operation(true), "get": operation(false)}},
    });
    Document::parse("values.json", &document.to_string()).unwrap()
}

fn schema_of(document: &Document) -> &Value {
    &document.value()["paths"]["/"]["post"]["requestBody"]["content"]["application/json"]["schema"]
}

/// Returns values near the edges of both schemas, and others.
fn values(random: &mut Random, documents: [&Document; 2]) -> Vec<Value> {
    let mut values = scalars();
    values.extend([
        json!([]),
        json!({}),
        json!(["a"]),
        json!([1, 1]),
        json!("new"),
        json!(3),
        json!(4),
        json!(6),
    ]);
    for document in documents {
        for direction in [samples::Direction::Request, samples::Direction::Response] {
            values.extend(samples::of(document.value(), schema_of(document), direction).values);
        }
    }
    let pool = values.clone();
    for value in &pool {
        match value {
            Value::Object(members) => {
                for _ in 0..8 {
                    let mut members = members.clone();
                    let name = random.one(&NAMES).to_owned();
                    if random.once_in(3) {
                        members.remove(name);
                    } else {
                        members.insert(name.to_owned(), random.one(&pool).clone());
                    }
                    values.push(Value::Object(members));
                }
            }
            Value::Array(items) => {
                let mut items = items.clone();
                items.push(random.one(&pool).clone());
                values.push(Value::Array(items));
            }
            _ => values.push(json!([value])),
        }
    }
    for _ in 0..120 {
        let members = NAMES.iter().filter(|_| random.once_in(2)).copied().collect::<Vec<_>>();
        values.push(members.iter().map(|name| ((*name).to_owned(), random.one(&pool).clone())).collect());
    }
    values
}

/// The members that a schema declares, in whichever of its parts.
#[derive(Default)]
struct Declared<'a> {
    properties: Vec<(&'a str, &'a Value)>,
    items: Vec<&'a Value>,
    has_others: bool,
    has_marked: bool,
}

impl<'a> Declared<'a> {
    fn add(&mut self, schema: &'a Value) {
        let members = |key: &str| schema.get(key).and_then(Value::as_object).into_iter().flatten();
        self.properties.extend(members("properties").map(|(name, schema)| (name.as_str(), schema)));
        let required = schema.get("required").and_then(Value::as_array).into_iter().flatten();
        self.properties.extend(required.filter_map(Value::as_str).map(|name| (name, &Value::Bool(true))));
        self.items.extend(schema.get("items"));
        self.has_others |= schema.get("additionalProperties").is_some_and(Value::is_object);
        // The only pattern that is made here.
        self.has_marked |= schema.get("patternProperties").is_some();
        for key in ["allOf", "anyOf", "oneOf"] {
            schema.get(key).and_then(Value::as_array).into_iter().flatten().for_each(|part| self.add(part));
        }
        schema.get("then").into_iter().for_each(|part| self.add(part));
    }
}

/// Returns `true` if a sender of `schemas` may send a value: it declares every property that the value has.
fn is_sent(schemas: &[&Value], value: &Value) -> bool {
    let mut declared = Declared::default();
    for schema in schemas {
        declared.add(schema);
    }
    match value {
        Value::Object(members) => members.iter().all(|(name, member)| {
            let known = declared.properties.iter().filter(|(known, _)| known == name);
            let known: Vec<&Value> = known.map(|(_, schema)| *schema).collect();
            let is_marked = declared.has_marked && name.starts_with("x-");
            declared.has_others || is_marked || !known.is_empty() && is_sent(&known, member)
        }),
        Value::Array(items) => items.iter().all(|item| is_sent(&declared.items, item)),
        _ => true,
    }
}

#[test]
fn values_confirm_that_no_breaking_change_is_missed() {
    const PAIRS: usize = 1000;
    /// Of a hundred alarms, those that no value confirmed. Few values are tried.
    const MOST_UNCONFIRMED: usize = 8;
    let mut random = Random(20_240_801);
    let (mut alarms, mut unconfirmed, mut missed) = (0, Vec::new(), Vec::new());
    for _ in 0..PAIRS {
        let old = schema(&mut random, 2);
        let new = mutated(&mut random, &old, 2);
        let (before, after) = (document(&old), document(&new));
        let (accepts_old, accepts_new): (Validator, Validator) =
            (jsonschema::validator_for(&old).unwrap(), jsonschema::validator_for(&new).unwrap());
        let values = values(&mut random, [&before, &after]);
        let found = changes(&before, &after);
        let worst = |prefix: &str| {
            let of = found.iter().filter(|change| change.pointer.starts_with(prefix));
            of.map(|change| change.severity).max().unwrap_or(Severity::Documentation)
        };
        for (place, sent, sender, reader, least) in [
            ("/paths/~1/post", &old, &accepts_old, &accepts_new, Severity::Breaking),
            // Some widened answers are risks by choice: enumerated values, longer texts.
            ("/paths/~1/get", &new, &accepts_new, &accepts_old, Severity::Risky),
        ] {
            let refused = values
                .iter()
                .find(|value| sender.is_valid(value) && !reader.is_valid(value) && is_sent(&[sent], value));
            let severity = worst(place);
            match refused {
                Some(value) if severity < least => {
                    missed.push(format!("{place} {severity:?}: {old} → {new}: {value}"));
                }
                None if severity == Severity::Breaking => {
                    alarms += 1;
                    let told: Vec<&str> = found.iter().map(|change| change.text.as_str()).collect();
                    unconfirmed.push(format!("{place}: {old} → {new}: {told:?}"));
                }
                Some(_) => alarms += 1,
                None => {}
            }
        }
    }
    println!("{} of {alarms} alarms are not confirmed by a value", unconfirmed.len());
    unconfirmed.iter().take(12).for_each(|line| println!("{line}"));
    assert!(missed.is_empty(), "{} missed:\n{}", missed.len(), missed.join("\n"));
    assert!(unconfirmed.len() * 100 <= alarms * MOST_UNCONFIRMED, "{} of {alarms}", unconfirmed.len());
}

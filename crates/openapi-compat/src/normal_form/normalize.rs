//! The normal form of a document, in which two documents that say the same are equal.
//!
//! It looks like the document, with these exceptions: lists whose order means nothing are mappings keyed by what tells
//! their items apart, what only saves writing is written out, and what goes without saying is left out.

use serde_json::{Map, Value, json};

use openapi_document::grammar::{self, Blank, DOCUMENT, Object, Order, Shape};
use openapi_document::operations::is_method;
use openapi_document::pointer;
use openapi_document::pointer::resolve;

/// Selects the parts of documents that are compared.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// Compare vendor extensions (`x-…`) too.
    pub extensions: bool,
}

pub(super) fn form(document: &Value, options: Options) -> Value {
    let mut normaliser = Normaliser { root: document, options, inlined: 0 };
    let mut form = normaliser.value(document, Shape::Object(&DOCUMENT));
    spread_security(&mut form);
    if let Some(document) = form.as_object_mut() {
        document.shift_remove("openapi");
    }
    if let Some(Value::Object(kinds)) = form.get_mut("components") {
        let named = |kind: &str| !matches!(DOCUMENT.shape_of("components").step(kind).step(""), Shape::Reference(object) if object.inlined);
        kinds.retain(|kind, components| named(kind) && !is_blank(components, Blank::Empty));
    }
    form
}

/// Returns the normal form of a value of this shape within the document `root`.
pub(super) fn value_form(root: &Value, value: &Value, shape: Shape) -> Value {
    Normaliser { root, options: Options::default(), inlined: 0 }.value(value, shape)
}

/// Returns `true` if leaving out `value` under `key` of such an object would mean the same.
pub(crate) fn is_blank_member(object: &Object, key: &str, value: &Value) -> bool {
    object.member(key).and_then(|member| member.blank).is_some_and(|blank| is_blank(value, blank))
}

/// Moves security requirements for all operations into the operations that have none of their own.
fn spread_security(document: &mut Value) {
    let Some(shared) = document.as_object_mut().and_then(|document| document.shift_remove("security")) else {
        return;
    };
    let items = document.get_mut("paths").and_then(Value::as_object_mut);
    for item in items.into_iter().flat_map(Map::values_mut).filter_map(Value::as_object_mut) {
        for (_, operation) in item.iter_mut().filter(|(key, _)| is_method(key)) {
            if let Value::Object(operation) = operation {
                operation.entry("security").or_insert_with(|| shared.clone());
            }
        }
    }
}

/// References within references that are written out; no sensible document has as many.
const MAX_INLINED: usize = 3;

struct Normaliser<'a> {
    root: &'a Value,
    options: Options,
    /// The references around the value at hand that have been written out.
    inlined: usize,
}

impl Normaliser<'_> {
    fn value(&mut self, value: &Value, shape: Shape) -> Value {
        match (shape, value) {
            (Shape::Reference(object), Value::Object(map)) => match map.get("$ref").and_then(Value::as_str) {
                Some(reference) => self.reference(value, reference, object),
                None => self.object(map, object),
            },
            (Shape::Object(object), Value::Object(map)) => self.object(map, object),
            (Shape::FlagOr(_), Value::Bool(true)) => json!({}),
            (Shape::FlagOr(shape), _) => self.value(value, *shape),
            (Shape::Map(member) | Shape::Components(member), Value::Object(map)) => {
                map.iter().map(|(key, value)| (key.clone(), self.value(value, *member))).collect()
            }
            (Shape::List(item, order), Value::Array(items)) => {
                let items = items.iter().map(|value| self.value(value, *item)).collect();
                list(items, order)
            }
            _ => value.clone(),
        }
    }

    fn reference(&mut self, value: &Value, reference: &str, object: &'static Object) -> Value {
        let path_item = object.name == grammar::PATH_ITEM.name;
        if let Value::Object(target) = resolve(self.root, value)
            && (object.inlined || path_item)
            && !target.contains_key("$ref")
            && self.inlined < MAX_INLINED
        {
            self.inlined += 1;
            let written_out = self.object(target, object);
            self.inlined -= 1;
            return written_out;
        }
        let target = pointer::of_reference(reference).map(|target| format!("#{target}"));
        json!({"$ref": target.as_deref().unwrap_or(reference)})
    }

    fn object(&mut self, map: &Map<String, Value>, object: &'static Object) -> Value {
        let mut form = Map::new();
        for (key, value) in map {
            if grammar::is_extension(key) && !self.options.extensions {
                continue;
            }
            let value = self.value(value, object.shape_of(key));
            let blank = object.member(key).and_then(|member| member.blank);
            if !blank.is_some_and(|blank| is_blank(&value, blank)) {
                form.insert(key.clone(), value);
            }
        }
        match object.name {
            "path item" => spread_parameters(&mut form),
            "parameter" | "header" | "encoding" => drop_usual_style(&mut form, object.name),
            _ => {}
        }
        Value::Object(form)
    }
}

fn list(items: Vec<Value>, order: Order) -> Value {
    let key = |item: &Value| match order {
        Order::FreeBy(keys) => {
            let parts: Vec<String> = keys.iter().filter_map(|key| item.get(*key)).map(identity).collect();
            parts.join(":")
        }
        _ => identity(item),
    };
    match order {
        Order::Significant => Value::Array(items),
        _ => items.into_iter().map(|item| (key(&item), item)).collect(),
    }
}

/// Returns the text that identifies an item of an unordered list.
pub(crate) fn identity(item: &Value) -> String {
    match item {
        // In quotes if it would look like a value that is no text.
        Value::String(text)
            if text.parse::<f64>().is_ok() || matches!(text.as_str(), "true" | "false" | "null") =>
        {
            item.to_string()
        }
        Value::String(text) => text.clone(),
        Value::Object(map) if map.is_empty() => "{}".to_owned(),
        Value::Object(map) => {
            let mut members: Vec<String> = map
                .iter()
                .map(|(key, value)| {
                    if is_blank(value, Blank::Empty) {
                        key.clone()
                    } else {
                        format!("{key}={}", identity(value))
                    }
                })
                .collect();
            members.sort();
            members.join("+")
        }
        Value::Array(items) => items.iter().map(identity).collect::<Vec<_>>().join(","),
        Value::Number(number) => match number.as_f64() {
            Some(value) if value.fract() == 0.0 && number.is_f64() => format!("{value:.0}"),
            _ => number.to_string(),
        },
        _ => item.to_string(),
    }
}

fn is_blank(value: &Value, blank: Blank) -> bool {
    match (blank, value) {
        (Blank::False, Value::Bool(flag)) => !flag,
        (Blank::Zero, Value::Number(number)) => number.as_f64() == Some(0.0),
        (Blank::Empty, Value::String(text)) => text.is_empty(),
        (Blank::Empty, Value::Array(items)) => items.is_empty(),
        (Blank::Empty, Value::Object(map)) => map.is_empty(),
        _ => false,
    }
}

/// Moves the parameters of a path item into its operations, whose own parameters win.
fn spread_parameters(item: &mut Map<String, Value>) {
    let Some(Value::Object(shared)) = item.shift_remove("parameters") else { return };
    for (_, operation) in item.iter_mut().filter(|(key, _)| is_method(key)) {
        let Value::Object(operation) = operation else { continue };
        let own = operation.entry("parameters").or_insert_with(|| json!({}));
        if let Value::Object(own) = own {
            for (key, parameter) in &shared {
                own.entry(key.clone()).or_insert_with(|| parameter.clone());
            }
        }
    }
}

/// Leaves out a style, and whether it explodes, where it is the usual one.
fn drop_usual_style(map: &mut Map<String, Value>, object: &str) {
    let place = map.get("in").and_then(Value::as_str);
    let usual = match (object, place) {
        ("header", _) | (_, Some("path" | "header")) => "simple",
        _ => "form",
    };
    let style = map.get("style").and_then(Value::as_str).unwrap_or(usual).to_owned();
    if style == usual {
        map.shift_remove("style");
    }
    if map.get("explode") == Some(&Value::Bool(style == "form")) {
        map.shift_remove("explode");
    }
}

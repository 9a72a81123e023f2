//! Names that progenitor and typify would make none of, or the same as another.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value, json};

use crate::alias;
use crate::passes::Plan;
use openapi_document::document::resolve;
use openapi_document::names::{self, Case, Names};
use openapi_document::operations::METHODS;
use openapi_document::pointer::child;
use openapi_document::usage::component;

/// Gives everything that would get another name than [`Names`] has for it an [`alias`](crate::alias).
///
/// typify stops with a panic where it cannot tell values apart, and makes two fields or types of one name where it cannot
/// tell properties or components apart; to progenitor parameters of one name in several places are one
/// (<https://github.com/oxidecomputer/typify/blob/v0.8.0/typify-impl/src/type_entry.rs>, `from_metadata`;
/// <https://github.com/oxidecomputer/progenitor/blob/v0.15.1/progenitor-impl/src/util.rs>, `parameter_map`). Aliases are
/// taken back in the code that progenitor answers.
pub(super) fn rust_names(root: &mut Value, plan: &Plan<'_>) -> usize {
    let original = root.clone();
    let mut aliases = Aliases { root: &original, names: plan.document.names(), changes: 0 };
    aliases.paths(root);
    aliases.schemas_below(root);
    aliases.components(root);
    aliases.changes
}

struct Aliases<'a> {
    /// The document before any alias.
    root: &'a Value,
    names: &'a Names,
    changes: usize,
}

impl Aliases<'_> {
    /// What stands for `wire`, which is to be called `rust`; `None` if it is called so anyway.
    fn alias(&mut self, wire: &str, rust: &str, case: Case) -> Option<String> {
        if names::is_theirs(wire, rust, case) {
            return None;
        }
        self.changes += 1;
        Some(alias::alias(rust, wire))
    }

    /// Operations and their parameters.
    fn paths(&mut self, root: &mut Value) {
        let Some(paths) = root.get_mut("paths").and_then(Value::as_object_mut) else { return };
        for (path, mut item) in std::mem::take(paths) {
            let mut template = path;
            if let Some(item) = item.as_object_mut() {
                for method in METHODS {
                    let Some(operation) = item.get_mut(method) else { continue };
                    let id =
                        operation.get("operationId").and_then(Value::as_str).unwrap_or_default().to_owned();
                    if let Some(alias) = self.alias(&id, &self.names.operation(&id), Case::Snake) {
                        operation["operationId"] = json!(alias);
                    }
                }
                self.parameters(&mut template, item);
            }
            paths.insert(template, item);
        }
    }

    /// The parameters of the operations of one path; if one of them needs an alias, each operation gets all of its own.
    fn parameters(&mut self, path: &mut String, item: &mut Map<String, Value>) {
        let (at, before) = (child("/paths", path), self.changes);
        let (mut listed, mut variables, mut share_a_name) = (Vec::new(), HashMap::new(), false);
        for method in METHODS.into_iter().filter(|method| item.contains_key(*method)) {
            let (mut parameters, mut wires) = (Vec::new(), HashSet::new());
            for setter in names::setters(self.root, &child(&at, method)) {
                let mut parameter = setter.parameter.clone();
                share_a_name |= !wires.insert(setter.wire());
                if let Some(alias) = self.alias(setter.wire(), &setter.name, Case::Snake) {
                    parameter["name"] = json!(alias);
                    if setter.place() == "path" {
                        variables.insert(setter.wire(), alias);
                    }
                }
                parameters.push(parameter);
            }
            listed.push((method, parameters));
        }
        if self.changes == before && !share_a_name {
            return;
        }
        item.shift_remove("parameters");
        for (method, parameters) in listed {
            if let Some(operation) = item.get_mut(method) {
                operation["parameters"] = Value::Array(parameters);
            }
        }
        for (wire, alias) in variables {
            *path = path.replace(&format!("{{{wire}}}"), &format!("{{{alias}}}"));
        }
    }

    /// Every schema that is written below `value`, which is none itself.
    fn schemas_below(&mut self, value: &mut Value) {
        match value {
            Value::Object(members) => {
                for (key, member) in members {
                    match (key.as_str(), member) {
                        ("schema", schema) => self.schema(schema),
                        ("schemas", Value::Object(schemas)) => {
                            schemas.values_mut().for_each(|schema| self.schema(schema));
                        }
                        (_, member) => self.schemas_below(member),
                    }
                }
            }
            Value::Array(items) => items.iter_mut().for_each(|item| self.schemas_below(item)),
            _ => {}
        }
    }

    /// The properties and values of a schema and of all that it holds.
    fn schema(&mut self, schema: &mut Value) {
        let written = schema.clone();
        let Some(schema) = schema.as_object_mut() else { return };
        if let Some(default) = schema.get_mut("default") {
            self.value(&written, default, 0);
        }
        let words = words(&written);
        for value in schema.get_mut("enum").and_then(Value::as_array_mut).into_iter().flatten() {
            self.word(&words, value);
        }
        if let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) {
            for (name, mut property) in std::mem::take(properties) {
                self.schema(&mut property);
                let alias = self.alias(&name, &self.names.property(&name), Case::Snake);
                properties.insert(alias.unwrap_or(name), property);
            }
        }
        for name in schema.get_mut("required").and_then(Value::as_array_mut).into_iter().flatten() {
            let alias =
                name.as_str().and_then(|name| self.alias(name, &self.names.property(name), Case::Snake));
            if let Some(alias) = alias {
                *name = json!(alias);
            }
        }
        for key in ["items", "additionalProperties", "not"] {
            if let Some(part) = schema.get_mut(key) {
                self.schema(part);
            }
        }
        for key in ["allOf", "oneOf", "anyOf"] {
            let parts = schema.get_mut(key).and_then(Value::as_array_mut);
            parts.into_iter().flatten().for_each(|part| self.schema(part));
        }
    }

    /// A value, if it is one of `words`.
    fn word(&mut self, words: &HashMap<&str, String>, value: &mut Value) {
        let named = value.as_str().and_then(|word| Some((word, words.get(word)?)));
        if let Some(alias) = named.and_then(|(word, variant)| self.alias(word, variant, Case::Pascal)) {
            *value = json!(alias);
        }
    }

    /// The words and members of a value that follows `schema`.
    fn value(&mut self, schema: &Value, value: &mut Value, depth: usize) {
        // Deeper than any default that a person wrote: a component that holds itself.
        const DEEPEST: usize = 16;
        if depth > DEEPEST {
            return;
        }
        let root = self.root;
        let schema = resolve(root, schema);
        self.word(&words(schema), value);
        match value {
            Value::Array(items) => {
                if let Some(of) = schema.get("items") {
                    for item in items {
                        self.value(of, item, depth + 1);
                    }
                }
            }
            Value::Object(members) => {
                for (name, mut member) in std::mem::take(members) {
                    let property = schema.get("properties").and_then(|properties| properties.get(&name));
                    let alias = property.and_then(|property| {
                        self.value(property, &mut member, depth + 1);
                        self.alias(&name, &self.names.property(&name), Case::Snake)
                    });
                    members.insert(alias.unwrap_or(name), member);
                }
            }
            _ => {}
        }
        for part in schema.get("allOf").and_then(Value::as_array).into_iter().flatten() {
            self.value(part, value, depth + 1);
        }
    }

    /// Components, and all that refers to them.
    fn components(&mut self, root: &mut Value) {
        let mut renamed = HashMap::new();
        let schemas = root.pointer_mut("/components/schemas").and_then(Value::as_object_mut);
        if let Some(schemas) = schemas {
            for (name, schema) in std::mem::take(schemas) {
                let alias = self.alias(&name, &self.names.component(&name), Case::Pascal);
                renamed.extend(alias.clone().map(|alias| (name.clone(), alias)));
                schemas.insert(alias.unwrap_or(name), schema);
            }
        }
        if !renamed.is_empty() {
            refer(root, &renamed);
        }
    }
}

/// The words that `schema` lists, each with its variant.
fn words(schema: &Value) -> HashMap<&str, String> {
    let listed = schema.get("enum").and_then(Value::as_array).into_iter().flatten();
    let words: Vec<&str> = listed.filter_map(Value::as_str).collect();
    let variants = names::variants(&words);
    words.into_iter().zip(variants).collect()
}

/// Has every reference to a component lead to its alias.
fn refer(value: &mut Value, renamed: &HashMap<String, String>) {
    match value {
        Value::Object(members) => {
            let target = members.get("$ref").and_then(Value::as_str).and_then(component);
            if let Some(alias) = target.and_then(|target| renamed.get(&target)) {
                members.insert("$ref".to_owned(), json!(child("#/components/schemas", alias)));
            }
            members.values_mut().for_each(|member| refer(member, renamed));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| refer(item, renamed)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use crate::alias::{alias, restored};
    use crate::passes::tests::after;

    const DOCUMENT: &str = r"
openapi: 3.0.3
info: {title: t, version: '1'}
paths:
  /pets/{id}:
    parameters:
    - {in: path, name: id, required: true, schema: {type: string}}
    get:
      operationId: builder
      parameters:
      - {in: query, name: id, schema: {type: string, enum: [<, '>'], default: <}}
      responses: {'204': {description: ''}}
components:
  schemas:
    Pet: {type: object, required: [a-b], properties: {a-b: {$ref: '#/components/schemas/pet'}, a_b: {type: string}}}
    pet: {type: string}
";

    #[test]
    fn what_would_get_a_wrong_name_gets_an_alias_and_all_else_is_left() {
        let (value, changes) = after("rust_names", DOCUMENT);
        assert_eq!(changes, 8);
        let operation = &value["paths"]["/pets/{id}"]["get"];
        assert_eq!(operation["operationId"], alias("builder_2", "builder"));
        assert_eq!(operation["parameters"][0]["name"], "id");
        let parameter = &operation["parameters"][1];
        assert_eq!(parameter["name"], alias("id_2", "id"));
        assert_eq!(parameter["schema"]["enum"][0], alias("LessThan", "<"));
        assert_eq!(parameter["schema"]["default"], alias("LessThan", "<"));
        let pet = &value["components"]["schemas"]["Pet"];
        let property = alias("a_dash_b", "a-b");
        assert_eq!(pet["required"][0], property);
        assert_eq!(
            pet["properties"][&property]["$ref"],
            format!("#/components/schemas/{}", alias("Pet2", "pet"))
        );
        assert_eq!(pet["properties"]["a_b"]["type"], "string");
        // The aliases taken back, nothing else has changed.
        assert!(restored(&value.to_string()).contains(r#""required":["a-b"]"#));
    }
}

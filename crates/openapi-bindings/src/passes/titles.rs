//! Types of what has no name of its own.

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use crate::passes::Plan;
use openapi_document::names::{Case, Names, numbered, plain, setters};
use openapi_document::operations::{METHODS, components_mut};
use openapi_document::pointer::{child, escape};

/// Gives a title to every schema written in place whose type would get the name of another.
///
/// typify calls a type after its title, or else after what it stands in, and takes all types of one name for one
/// (<https://github.com/oxidecomputer/typify/blob/v0.8.0/typify-impl/src/lib.rs>, `assign_type`).
pub(super) fn type_names(root: &mut Value, plan: &Plan<'_>) -> usize {
    let names = plan.document.names();
    let original = root.clone();
    let components = original.pointer("/components/schemas").and_then(Value::as_object);
    let taken = components.into_iter().flatten().map(|(name, _)| (names.component(name), None));
    let mut titles = Titles { names, taken: taken.collect(), changes: 0 };
    for (name, schema) in components_mut(root) {
        titles.parts(schema, &names.component(name));
    }
    let paths = root.get_mut("paths").and_then(Value::as_object_mut);
    for (path, item) in paths.into_iter().flatten() {
        for method in METHODS {
            let Some(operation) = item.get_mut(method).and_then(Value::as_object_mut) else { continue };
            titles.operation(operation, &original, &format!("/paths/{}/{method}", escape(path)));
        }
    }
    titles.changes
}

struct Titles<'a> {
    names: &'a Names,
    /// The names of types, with the schema each is made from; a component shares its name with nothing.
    taken: HashMap<String, Option<Value>>,
    changes: usize,
}

impl Titles<'_> {
    fn operation(&mut self, operation: &mut Map<String, Value>, original: &Value, pointer: &str) {
        let id = operation.get("operationId").and_then(Value::as_str).unwrap_or_default();
        let builder = self.names.builder(id);
        let own = child(pointer, "parameters");
        let setters: HashMap<String, String> =
            setters(original, pointer).into_iter().map(|setter| (setter.pointer, setter.name)).collect();
        let parameters = operation.get_mut("parameters").and_then(Value::as_array_mut);
        for (index, parameter) in parameters.into_iter().flatten().enumerate() {
            let setter = setters.get(&format!("{own}/{index}"));
            if let (Some(schema), Some(setter)) = (parameter.get_mut("schema"), setter) {
                self.schema(schema, &format!("{builder}{}", plain(setter, Case::Pascal)));
            }
        }
        if let Some(body) = operation.get_mut("requestBody") {
            self.content(body, &format!("{builder}Body"));
        }
        let responses = operation.get_mut("responses").and_then(Value::as_object_mut);
        for (_, response) in responses.into_iter().flatten() {
            self.content(response, &format!("{builder}Response"));
        }
    }

    /// What a body or an answer holds.
    fn content(&mut self, holder: &mut Value, suggested: &str) {
        let content = holder.get_mut("content").and_then(Value::as_object_mut);
        for (_, media) in content.into_iter().flatten() {
            if let Some(schema) = media.get_mut("schema") {
                self.schema(schema, suggested);
            }
        }
    }

    /// A schema written in place, whose type would be called `suggested` if it has no title.
    fn schema(&mut self, schema: &mut Value, suggested: &str) {
        if schema.get("$ref").is_some() {
            return;
        }
        let title = schema.get("title").and_then(Value::as_str).map(|title| plain(title, Case::Pascal));
        let wanted = title.unwrap_or_else(|| suggested.to_owned());
        let mut name = wanted.clone();
        if has_a_type(schema) {
            let others = (2..).map(|number| numbered(suggested, number, Case::Pascal));
            let mut candidates = [wanted.clone(), suggested.to_owned()].into_iter().chain(others);
            let is_free =
                |name: &String| self.taken.get(name).is_none_or(|made| made.as_ref() == Some(&*schema));
            name = candidates.find(is_free).unwrap_or_default();
            self.taken.insert(name.clone(), Some(schema.clone()));
            if name != wanted {
                schema["title"] = json!(name);
                self.changes += 1;
            }
        }
        self.parts(schema, &name);
    }

    /// The schemas that one of the type `name` is made of.
    fn parts(&mut self, schema: &mut Value, name: &str) {
        let Some(schema) = schema.as_object_mut() else { return };
        for (property, part) in
            schema.get_mut("properties").and_then(Value::as_object_mut).into_iter().flatten()
        {
            self.schema(part, &self.names.held(name, property));
        }
        for (key, suffix) in [("items", "Item"), ("additionalProperties", "Value"), ("not", "")] {
            if let Some(part) = schema.get_mut(key) {
                self.schema(part, &format!("{name}{suffix}"));
            }
        }
        for key in ["oneOf", "anyOf"] {
            let variants = schema.get_mut(key).and_then(Value::as_array_mut);
            for (number, variant) in variants.into_iter().flatten().enumerate() {
                self.schema(variant, &format!("{name}Variant{number}"));
            }
        }
        // The parts of a composition have no types, but what they hold has.
        for part in schema.get_mut("allOf").and_then(Value::as_array_mut).into_iter().flatten() {
            self.parts(part, name);
        }
    }
}

/// Whether typify makes a type for a schema written in place.
fn has_a_type(schema: &Value) -> bool {
    let lists = |key: &str| schema.get(key).and_then(Value::as_array).map_or(0, Vec::len);
    let constrained = ["properties", "pattern", "minLength", "maxLength"];
    lists("enum") > 0
        || lists("oneOf") + lists("anyOf") > 0
        || lists("allOf") > 1
        || constrained.iter().any(|key| schema.get(key).is_some())
}

#[cfg(test)]
mod tests {
    use crate::passes::tests::after;

    #[test]
    fn a_type_that_would_get_the_name_of_another_gets_one_of_its_own() {
        let (value, changes) = after(
            "type_names",
            r"
openapi: 3.0.3
info: {title: t, version: '1'}
paths:
  /pets/:
    get:
      operationId: pets_list
      responses: {'200': {description: '', content: {application/json: {schema: {type: object, properties: {a: {}}}}}}}
components:
  schemas:
    Pet:
      type: object
      properties:
        kind: {type: string, enum: [cat]}
        size: {title: Word, type: string, enum: [big]}
        mood: {title: Word, type: string, enum: [good]}
        other: {title: Word, type: string, enum: [big]}
        name: {title: Word, type: string}
    PetKind: {type: object}
    PetsListResponse: {type: object}
",
        );
        assert_eq!(changes, 3);
        let properties = &value["components"]["schemas"]["Pet"]["properties"];
        let title = |name: &str| properties[name]["title"].as_str().unwrap().to_owned();
        assert_eq!(title("kind"), "PetKind2");
        assert_eq!(["size", "mood", "other", "name"].map(title), ["Word", "PetMood", "Word", "Word"]);
        let answer =
            &value["paths"]["/pets/"]["get"]["responses"]["200"]["content"]["application/json"]["schema"];
        assert_eq!(answer["title"], "PetsListResponse2");
    }
}

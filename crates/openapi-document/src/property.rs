//! The properties of a component, with what matters to the Rust field each becomes.

use serde_json::{Map, Value};

use crate::document::resolve;
use crate::operations::components;

/// One property of one component.
#[derive(Clone, Copy, Debug)]
pub struct Property<'a> {
    /// The component's name in the document.
    pub component: &'a str,
    /// The property's name in the document.
    pub name: &'a str,
    /// Its schema, as written.
    pub schema: &'a Value,
    /// Whether the object must have it.
    pub required: bool,
    /// Whether it may be `null`.
    pub nullable: bool,
    /// Whether it is a list or a map, which has an empty value of its own.
    pub collection: bool,
}

/// The properties of all components of the document `root`, in the order of the text.
#[must_use]
pub fn properties(root: &Value) -> Vec<Property<'_>> {
    let mut found = Vec::new();
    for (name, schema) in components(root) {
        collect(root, name, schema, &mut found, 0);
    }
    found
}

/// Whether a schema is that of a list or a map.
#[must_use]
pub fn is_collection(schema: &Map<String, Value>) -> bool {
    let kind = schema.get("type").and_then(Value::as_str);
    let says_other_properties = schema.get("additionalProperties").is_some_and(|others| *others != false);
    let is_map = (kind == Some("object") || kind.is_none() && says_other_properties)
        && !schema.contains_key("properties");
    kind == Some("array") || is_map
}

/// Adds the properties of `schema`, and of the parts it is composed of.
fn collect<'a>(
    root: &'a Value,
    component: &'a str,
    schema: &'a Value,
    found: &mut Vec<Property<'a>>,
    depth: usize,
) {
    // Deeper than any composition a person wrote: a component that is a part of itself.
    const DEEPEST: usize = 16;
    let required = schema.get("required").and_then(Value::as_array);
    let is_required = |name: &str| required.is_some_and(|names| names.iter().any(|known| known == name));
    for (name, property) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
        let resolved = resolve(root, property);
        found.push(Property {
            component,
            name,
            schema: property,
            required: is_required(name),
            nullable: resolved.get("nullable") == Some(&Value::Bool(true)),
            collection: resolved.as_object().is_some_and(is_collection),
        });
    }
    for part in schema.get("allOf").and_then(Value::as_array).into_iter().flatten() {
        if depth < DEEPEST {
            collect(root, component, resolve(root, part), found, depth + 1);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_composed_component_has_the_properties_of_its_parts() {
        let root = json!({"components": {"schemas": {
            "Base": {"properties": {"pk": {"type": "integer"}}, "required": ["pk"]},
            "Pet": {"allOf": [
                {"$ref": "#/components/schemas/Base"},
                {"properties": {"toys": {"type": "array", "items": {}}, "ages": {"additionalProperties": {}}, "vet": {"type": "string", "nullable": true}}},
            ]},
        }}});
        let all = properties(&root);
        let pet: Vec<_> = all.iter().filter(|property| property.component == "Pet").collect();
        assert_eq!(
            pet.iter().map(|property| property.name).collect::<Vec<_>>(),
            ["pk", "toys", "ages", "vet"]
        );
        assert!(pet[0].required && !pet[0].nullable && !pet[0].collection);
        assert!(pet[1].collection && !pet[1].required);
        assert!(pet[2].collection && !pet[2].required);
        assert!(pet[3].nullable && !pet[3].collection);
    }
}

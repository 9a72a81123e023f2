//! Unions whose members are told apart by one property.

use std::collections::{BTreeMap, HashSet};

use serde_json::{Map, Value, json};

use crate::passes::Plan;
use openapi_document::document::resolve;
use openapi_document::operations::components;
use openapi_document::pointer::child;
use openapi_document::property::properties;
use openapi_document::usage::component;

/// Makes the property that tells the members of a union apart a required constant of each member that has it.
///
/// progenitor reads no `discriminator` (<https://github.com/oxidecomputer/progenitor/blob/v0.15.1/progenitor-impl/src/to_schema.rs>)
/// and typify's union takes the first member that fits, which is the wrong one as soon as members have optional
/// properties only. A constant lets the right one fit alone.
pub(super) fn discriminators(root: &mut Value, _: &Plan<'_>) -> usize {
    // A member of several unions is known by all the values that any of them knows it by.
    let mut constants: BTreeMap<(String, String), Vec<String>> = BTreeMap::new();
    for union in unions(root) {
        for member in union.members.into_iter().filter(|member| member.marked) {
            let values = constants.entry((member.component, union.property.clone())).or_default();
            let unknown = member.values.into_iter().filter(|value| !values.contains(value));
            let unknown: Vec<String> = unknown.collect();
            values.extend(unknown);
        }
    }
    let mut changes = 0;
    for ((member, property), values) in constants {
        let schema = root.pointer_mut(&child("/components/schemas", &member));
        changes += schema.map_or(0, |schema| usize::from(mark(schema, &property, &values)));
    }
    changes
}

/// Makes a union one of exactly one of its members, which is what its discriminator says.
///
/// typify reads `anyOf` as an object that may be all of its members at once
/// (<https://github.com/oxidecomputer/typify/blob/v0.8.0/typify-impl/src/convert.rs>, `convert_any_of`).
pub(super) fn any_of_unions(root: &mut Value, _: &Plan<'_>) -> usize {
    let mut changes = 0;
    for (_, schema) in openapi_document::operations::components_mut(root) {
        let Some(schema) = schema.as_object_mut() else { continue };
        if schema.contains_key("discriminator")
            && !schema.contains_key("oneOf")
            && let Some(members) = schema.shift_remove("anyOf")
        {
            schema.insert("oneOf".to_owned(), members);
            changes += 1;
        }
    }
    changes
}

/// A component that is one of several, told apart by the value of a property.
pub(crate) struct Union {
    /// Its name.
    pub(crate) name: String,
    /// The property.
    pub(crate) property: String,
    pub(crate) members: Vec<Member>,
}

/// A member of a union, and the values by which it is known.
pub(crate) struct Member {
    pub(crate) component: String,
    pub(crate) values: Vec<String>,
    /// Whether it has the property itself; otherwise the property is the union's.
    pub(crate) marked: bool,
    /// Whether it is an object, and so can have a property.
    pub(crate) object: bool,
}

impl Member {
    /// Where the member stands in the document.
    pub(crate) fn pointer(&self) -> String {
        child("/components/schemas", &self.component)
    }
}

/// The unions of the document `root`, each with its members in the order of the document.
pub(crate) fn unions(root: &Value) -> Vec<Union> {
    let with_discriminator = components(root).filter_map(|(name, schema)| {
        let discriminator = schema.get("discriminator")?;
        let property = discriminator.get("propertyName")?.as_str()?;
        let listed = schema.get("oneOf").or_else(|| schema.get("anyOf"))?.as_array()?;
        Some((name, property, discriminator.get("mapping").and_then(Value::as_object), listed))
    });
    let with_discriminator: Vec<_> = with_discriminator.collect();
    if with_discriminator.is_empty() {
        return Vec::new();
    }
    let all = properties(root);
    let known: HashSet<(&str, &str)> =
        all.iter().map(|property| (property.component, property.name)).collect();
    let union =
        |(name, property, mapping, listed): (&String, &str, Option<&Map<String, Value>>, &Vec<Value>)| {
            let listed = listed.iter().filter_map(|member| component(member.get("$ref")?.as_str()?));
            let members = listed.map(|component| {
                let schema = root.pointer(&child("/components/schemas", &component)).unwrap_or(&Value::Null);
                let schema = resolve(root, schema);
                Member {
                    values: values(mapping, &component),
                    marked: known.contains(&(component.as_str(), property)),
                    object: schema.get("type").is_some_and(|kind| kind == "object")
                        || ["properties", "allOf"].iter().any(|key| schema.get(key).is_some()),
                    component,
                }
            });
            Union { name: name.clone(), property: property.to_owned(), members: members.collect() }
        };
    with_discriminator.into_iter().map(union).collect()
}

/// The values by which a union knows a member: those mapped to it, or its name.
fn values(mapping: Option<&Map<String, Value>>, member: &str) -> Vec<String> {
    let mapped = mapping.into_iter().flatten().filter(|(_, target)| {
        target.as_str().is_some_and(|target| target == member || component(target).as_deref() == Some(member))
    });
    let mapped: Vec<String> = mapped.map(|(value, _)| value.clone()).collect();
    if mapped.is_empty() { vec![member.to_owned()] } else { mapped }
}

/// Makes `property` a required constant of the object `schema`; `false` if it is one already.
fn mark(schema: &mut Value, property: &str, values: &[String]) -> bool {
    let Some(schema) = schema.as_object_mut() else { return false };
    let constant = json!({"type": "string", "enum": values});
    let own = schema.get_mut("properties").and_then(Value::as_object_mut);
    if let Some(known) = own.and_then(|own| own.get_mut(property)) {
        let changed = *known != constant;
        *known = constant;
        require(schema, property);
        return changed;
    }
    // The property is that of a part; one more part narrows it.
    let part = json!({"type": "object", "properties": {property: constant}, "required": [property]});
    match schema.get_mut("allOf").and_then(Value::as_array_mut) {
        Some(parts) if !parts.contains(&part) => parts.push(part),
        _ => return false,
    }
    true
}

fn require(schema: &mut Map<String, Value>, property: &str) {
    let required = schema.entry("required").or_insert_with(|| json!([]));
    if let Some(names) = required.as_array_mut()
        && !names.iter().any(|name| name == property)
    {
        names.push(json!(property));
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::passes::tests::after;

    const DOCUMENT: &str = r"
openapi: 3.0.3
info: {title: t, version: '1'}
paths: {}
components:
  schemas:
    Pet:
      oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}]
      discriminator:
        propertyName: kind
        mapping: {cat: '#/components/schemas/Cat', dog: '#/components/schemas/Dog'}
    Cat: {type: object, properties: {kind: {type: string}, lives: {type: integer}}}
    Dog: {type: object, required: [kind], properties: {kind: {type: string}, tricks: {type: integer}}}
";

    #[test]
    fn each_member_of_a_union_requires_its_own_value() {
        let (value, changes) = after("discriminators", DOCUMENT);
        assert_eq!(changes, 2);
        let schemas = &value["components"]["schemas"];
        assert_eq!(schemas["Cat"]["properties"]["kind"], json!({"type": "string", "enum": ["cat"]}));
        assert_eq!(schemas["Cat"]["required"], json!(["kind"]));
        assert_eq!(schemas["Dog"]["required"], json!(["kind"]));
    }

    #[test]
    fn a_member_without_the_property_is_known_as_such_and_left_as_it_is() {
        let text = DOCUMENT.replace("{kind: {type: string}, lives", "{lives");
        let (value, changes) = after("discriminators", &text);
        assert_eq!(changes, 1);
        assert_eq!(value["components"]["schemas"]["Cat"]["properties"].get("kind"), None);
        let unions = unions(&value);
        let members: Vec<_> =
            unions[0].members.iter().map(|member| (member.component.as_str(), member.marked)).collect();
        assert_eq!(members, [("Cat", false), ("Dog", true)]);
    }

    #[test]
    fn a_member_that_nothing_is_mapped_to_is_known_by_its_name() {
        let text = DOCUMENT.replace("cat: '#/components/schemas/Cat', dog: ", "dog: Dog, puppy: ");
        let (value, _) = after("discriminators", &text);
        let schemas = &value["components"]["schemas"];
        assert_eq!(schemas["Cat"]["properties"]["kind"]["enum"], json!(["Cat"]));
        assert_eq!(schemas["Dog"]["properties"]["kind"]["enum"], json!(["dog", "puppy"]));
    }

    #[test]
    fn a_property_that_a_member_has_from_a_part_becomes_its_constant_all_the_same() {
        let text = DOCUMENT.replace(
            "Dog: {type: object, required: [kind], properties: {kind: {type: string}, tricks: {type: integer}}}",
            "Dog: {allOf: [{$ref: '#/components/schemas/Base'}]}\n    Base: {type: object, properties: {kind: {type: string}}}",
        );
        let (value, changes) = after("discriminators", &text);
        assert_eq!(changes, 2);
        let part = &value["components"]["schemas"]["Dog"]["allOf"][1];
        assert_eq!(part["properties"]["kind"]["enum"], json!(["dog"]));
        assert_eq!(part["required"], json!(["kind"]));
    }

    #[test]
    fn a_union_of_any_is_a_union_of_one() {
        let (value, changes) = after("any_of_unions", &DOCUMENT.replace("oneOf", "anyOf"));
        assert_eq!(changes, 1);
        assert_eq!(value["components"]["schemas"]["Pet"]["oneOf"].as_array().unwrap().len(), 2);
    }
}

//! Unions whose members are told apart by one property.

use serde_json::{Value, json};

use crate::document::pointer::child;
use crate::passes::{Plan, components};
use crate::property::properties;
use crate::usage::component;

/// Makes the property that tells the members of a union apart a required constant of each member.
///
/// progenitor reads no `discriminator` (<https://github.com/oxidecomputer/progenitor/blob/v0.15.1/progenitor-impl/src/to_schema.rs>)
/// and typify's union takes the first member that fits, which is the wrong one as soon as members have optional
/// properties only. A constant lets the right one fit alone.
pub(super) fn discriminators(root: &mut Value, _: &Plan<'_>) -> usize {
    let mut changes = 0;
    for member in members(root) {
        let Some(schema) = root.pointer_mut(&member.pointer()) else { continue };
        if let Some(constant) = schema.get_mut("properties").and_then(|all| all.get_mut(&member.property)) {
            *constant = json!({"type": "string", "enum": member.values});
            require(schema, &member.property);
            changes += 1;
        }
    }
    changes
}

/// The members of unions that lack the property by which they are to be told apart.
pub(crate) fn unmarked(root: &Value) -> Vec<Member> {
    let known = properties(root);
    let has = |member: &Member| {
        known.iter().any(|known| known.component == member.component && known.name == member.property)
    };
    members(root).into_iter().filter(|member| !has(member)).collect()
}

/// A member of a union, and the values by which it is known.
pub(crate) struct Member {
    pub(crate) union: String,
    pub(crate) property: String,
    pub(crate) component: String,
    values: Vec<String>,
}

impl Member {
    /// Where the member stands in the document.
    pub(crate) fn pointer(&self) -> String {
        child("/components/schemas", &self.component)
    }
}

fn members(root: &Value) -> Vec<Member> {
    let mut members: Vec<Member> = Vec::new();
    for (union, schema) in components(root) {
        let Some(discriminator) = schema.get("discriminator") else { continue };
        let Some(property) = discriminator.get("propertyName").and_then(Value::as_str) else { continue };
        for (value, target) in discriminator.get("mapping").and_then(Value::as_object).into_iter().flatten() {
            let Some(component) = target.as_str().and_then(component) else { continue };
            let known =
                members.iter_mut().find(|known| known.union == *union && known.component == component);
            if let Some(known) = known {
                known.values.push(value.clone());
                continue;
            }
            let (union, property) = (union.clone(), property.to_owned());
            members.push(Member { union, property, values: vec![value.clone()], component });
        }
    }
    members
}

fn require(schema: &mut Value, property: &str) {
    let Some(schema) = schema.as_object_mut() else { return };
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
    use crate::document::Document;
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
    fn a_member_without_the_property_is_known() {
        let text = DOCUMENT.replace("{kind: {type: string}, lives", "{lives");
        let document = Document::parse("spec.yaml", &text).unwrap();
        let pointers: Vec<_> = unmarked(document.value()).iter().map(Member::pointer).collect();
        assert_eq!(pointers, ["/components/schemas/Cat"]);
    }
}

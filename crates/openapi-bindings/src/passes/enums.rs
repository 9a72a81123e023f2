//! Enumerations that the document writes out more than once.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::passes::Plan;
use openapi_document::operations::{components, operations_mut};

/// Replaces an enumeration written out in a parameter by the component with the same values.
///
/// Otherwise typify makes a type of its own for every parameter of every operation, and a value read from an answer
/// is not of the type that the filter for it takes.
pub(super) fn parameter_enums(root: &mut Value, _: &Plan<'_>) -> usize {
    let named = named_enums(root);
    let mut changes = 0;
    for (.., operation) in operations_mut(root) {
        for parameter in operation.get_mut("parameters").and_then(Value::as_array_mut).into_iter().flatten() {
            let Some(schema) = parameter.get_mut("schema") else { continue };
            if let Some(component) = values(schema).and_then(|values| named.get(&values)) {
                *schema = json!({"$ref": format!("#/components/schemas/{component}")});
                changes += 1;
            }
        }
    }
    changes
}

/// The component whose values are those of the enumeration `schema`, in any order.
///
/// `None` if there is no such component, or more than one.
#[must_use]
pub(crate) fn component_of_enum(root: &Value, schema: &Value) -> Option<String> {
    named_enums(root).remove(&values(schema)?)
}

/// The components that are enumerations, by their values; those that share their values are told apart by nothing.
fn named_enums(root: &Value) -> BTreeMap<BTreeSet<String>, String> {
    let mut named: BTreeMap<BTreeSet<String>, Vec<String>> = BTreeMap::new();
    for (name, schema) in components(root) {
        if let Some(values) = values(schema) {
            named.entry(values).or_default().push(name.clone());
        }
    }
    let unambiguous = named.into_iter().filter(|(_, names)| names.len() == 1);
    unambiguous.filter_map(|(values, names)| Some((values, names.into_iter().next()?))).collect()
}

/// The values of an enumeration of strings.
fn values(schema: &Value) -> Option<BTreeSet<String>> {
    let values = schema.get("enum")?.as_array()?;
    values.iter().map(|value| value.as_str().map(str::to_owned)).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::passes::tests::after;

    #[test]
    fn a_parameter_takes_the_component_with_its_values_in_any_order_unless_two_have_them() {
        let (value, changes) = after(
            "parameter_enums",
            r"
openapi: 3.0.3
info: {title: t, version: '1'}
paths:
  /pets/:
    get:
      operationId: pets_list
      parameters:
      - {in: query, name: kind, schema: {type: string, enum: [dog, cat]}}
      - {in: query, name: size, schema: {type: string, enum: [big, small]}}
      - {in: query, name: mood, schema: {type: string, enum: [good]}}
      responses: {'200': {description: ''}}
components:
  schemas:
    Kind: {type: string, enum: [cat, dog]}
    Size: {type: string, enum: [small, big]}
    Weight: {type: string, enum: [small, big]}
",
        );
        assert_eq!(changes, 1);
        let parameters = &value["paths"]["/pets/"]["get"]["parameters"];
        assert_eq!(parameters[0]["schema"], json!({"$ref": "#/components/schemas/Kind"}));
        assert_eq!(parameters[1]["schema"]["enum"], json!(["big", "small"]));
        assert_eq!(parameters[2]["schema"]["enum"], json!(["good"]));
    }
}

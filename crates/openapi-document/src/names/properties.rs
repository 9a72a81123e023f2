//! Fields of properties that one object could not distinguish.
//!
//! A property has one name wherever it stands: objects are composed of others, and it is only known in the end which
//! properties meet.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::Value;

use super::scope::Scope;
use super::spelling::{Case, plain};
use super::taken;
use crate::pointer::resolve;

/// The greatest depth of objects composed of others.
const MAX_DEPTH: usize = 16;

/// Returns the fields of the properties that may be in one object with others of the same Rust name, in the document
/// `root`.
pub(super) fn names(root: &Value) -> HashMap<String, String> {
    let mut found = Found::default();
    found.visit(root, root);
    let mut names = HashMap::new();
    for field in &found.clashing {
        let Some(properties) = found.by_field.get(field) else { continue };
        let properties: Vec<&str> = properties.iter().copied().collect();
        let others = found.by_field.keys().filter(|other| *other != field).map(String::as_str);
        let open = (field == taken::BY_OPEN_OBJECTS).then_some(taken::BY_OPEN_OBJECTS);
        let taken: Vec<&str> = others.chain(open).collect();
        names.extend(Scope::of(Case::Snake, &taken).named(&properties));
    }
    names
}

#[derive(Default)]
struct Found<'a> {
    /// All properties, by the field they would like to be.
    by_field: BTreeMap<String, BTreeSet<&'a str>>,
    /// The field that each property would like to be.
    fields: HashMap<&'a str, String>,
    /// The fields that several properties of one object would like to be.
    clashing: BTreeSet<String>,
}

impl<'a> Found<'a> {
    fn visit(&mut self, root: &'a Value, value: &'a Value) {
        match value {
            Value::Object(members) => {
                if members.contains_key("properties") || members.contains_key("allOf") {
                    self.object(root, value);
                }
                for key in ["oneOf", "anyOf"] {
                    self.variants(members.get(key));
                }
                members.values().for_each(|member| self.visit(root, member));
            }
            Value::Array(items) => items.iter().for_each(|item| self.visit(root, item)),
            _ => {}
        }
    }

    /// Adds the properties of one object.
    fn object(&mut self, root: &'a Value, schema: &'a Value) {
        let (mut properties, mut open) = (BTreeSet::new(), false);
        collect(root, schema, &mut properties, &mut open, MAX_DEPTH);
        self.meet(properties, open.then_some(taken::BY_OPEN_OBJECTS));
    }

    /// Adds the properties of alternatives that have one each: they are variants of one enumeration.
    fn variants(&mut self, alternatives: Option<&'a Value>) {
        let alternatives = alternatives.and_then(Value::as_array).into_iter().flatten();
        let objects = alternatives.filter_map(|alternative| alternative.get("properties")?.as_object());
        let single = objects.filter(|properties| properties.len() == 1);
        self.meet(single.flat_map(serde_json::Map::keys).map(String::as_str).collect(), None);
    }

    /// Adds properties that are in one place, where `taken` is a name already.
    fn meet(&mut self, properties: BTreeSet<&'a str>, taken: Option<&str>) {
        let mut fields: BTreeMap<String, usize> =
            taken.map(|field| (field.to_owned(), 1)).into_iter().collect();
        for property in properties {
            let field = self.fields.entry(property).or_insert_with(|| plain(property, Case::Snake));
            self.by_field.entry(field.clone()).or_default().insert(property);
            *fields.entry(field.clone()).or_default() += 1;
        }
        self.clashing.extend(fields.into_iter().filter(|(_, count)| *count > 1).map(|(field, _)| field));
    }
}

/// Adds the properties of `schema` and of what it is composed of, and whether it may have others.
fn collect<'a>(
    root: &'a Value,
    schema: &'a Value,
    properties: &mut BTreeSet<&'a str>,
    open: &mut bool,
    depth: usize,
) {
    let schema = resolve(root, schema);
    properties.extend(
        schema
            .get("properties")
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
            .map(|(name, _)| name.as_str()),
    );
    // What is required is a property, described or not.
    let required = schema.get("required").and_then(Value::as_array).into_iter().flatten();
    properties.extend(required.filter_map(Value::as_str));
    *open |= schema.get("additionalProperties").is_some_and(|others| *others != Value::Bool(false));
    for part in schema.get("allOf").and_then(Value::as_array).into_iter().flatten() {
        if depth > 0 {
            collect(root, part, properties, open, depth - 1);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn fields<const N: usize>(schemas: &Value, properties: [&str; N]) -> [String; N] {
        let names = crate::names::Names::of(&json!({"components": {"schemas": schemas}}));
        properties.map(|property| names.property(property))
    }

    #[test]
    fn properties_that_are_variants_of_one_enumeration_are_told_apart() {
        let schemas = json!({"A": {"oneOf": [{"properties": {"a-b": {}}}, {"properties": {"a_b": {}}}]}});
        let [one, other] = fields(&schemas, ["a-b", "a_b"]);
        assert_ne!(one, other);
    }

    #[test]
    fn properties_that_never_meet_have_the_names_they_like() {
        let schemas = json!({"A": {"properties": {"a-b": {}}}, "B": {"properties": {"a_b": {}}}});
        assert_eq!(fields(&schemas, ["a-b", "a_b"]), ["a_b", "a_b"]);
    }

    #[test]
    fn properties_that_meet_in_one_object_are_told_apart_everywhere() {
        let schemas = json!({
            "A": {"properties": {"a-b": {}, "a_dash_b": {}}},
            "B": {"allOf": [{"$ref": "#/components/schemas/A"}, {"properties": {"a_b": {}, "A-B": {}}}]},
        });
        assert_eq!(
            fields(&schemas, ["a-b", "a_b", "A-B", "a_dash_b"]),
            ["a_b_3", "a_b", "a_b_2", "a_dash_b"]
        );
    }

    #[test]
    fn what_is_required_and_not_described_is_told_apart_too() {
        let schemas = json!({"A": {"required": ["name"], "properties": {"Name": {}}}});
        assert_eq!(fields(&schemas, ["Name", "name"]), ["name_2", "name"]);
    }

    #[test]
    fn the_field_for_all_other_properties_is_none_of_them() {
        let schemas = json!({"A": {"properties": {"extra": {}}, "additionalProperties": {"type": "string"}}});
        assert_eq!(fields(&schemas, ["extra"]), ["extra_2"]);
    }
}

//! From the name of a Rust type back to the place in the document it was made from.

use std::collections::HashMap;

use heck::ToPascalCase;
use serde_json::Value;

use crate::document::pointer::{child, escape};
use crate::passes::{components, operations};

/// The pointers of everything typify names a type after, by that name.
#[derive(Debug, Default)]
pub(crate) struct Origins(HashMap<String, String>);

impl Origins {
    /// The origins in the document `root`.
    pub(crate) fn of(root: &Value) -> Self {
        let mut origins = Origins::default();
        for (path, method, operation) in operations(root) {
            let pointer = format!("/paths/{}/{method}", escape(path));
            let Some(id) = operation.get("operationId").and_then(Value::as_str) else { continue };
            let parameters = operation.get("parameters").and_then(Value::as_array);
            for (index, parameter) in parameters.into_iter().flatten().enumerate() {
                if let Some(name) = parameter.get("name").and_then(Value::as_str) {
                    origins.insert(&format!("{id}-{name}"), format!("{pointer}/parameters/{index}"));
                }
            }
            origins.insert(&format!("{id}-body"), format!("{pointer}/requestBody"));
            origins.insert(&format!("{id}-response"), format!("{pointer}/responses"));
            origins.insert(id, pointer);
        }
        // Components come last: where two things have one name, the component has the type.
        for (name, schema) in components(root) {
            let pointer = child("/components/schemas", name);
            for property in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
                let of_property = child(&format!("{pointer}/properties"), property.0);
                origins.insert(&format!("{name}-{}", property.0), of_property.clone());
                origins.insert(&format!("{name}-{}-item", property.0), format!("{of_property}/items"));
            }
            origins.insert(name, pointer);
        }
        origins
    }

    /// The pointer of what the type `name` was made from.
    pub(crate) fn get(&self, name: &str) -> Option<String> {
        self.0.get(name).cloned()
    }

    /// The pointer of what the type `name`, or the type it is a part of, was made from.
    ///
    /// What has no name of its own in the document is called after what it stands in.
    pub(crate) fn nearest(&self, name: &str) -> Option<String> {
        let ends = name.char_indices().skip(1).filter(|(_, letter)| letter.is_ascii_uppercase());
        let mut ends: Vec<usize> = ends.map(|(end, _)| end).collect();
        ends.push(name.len());
        ends.into_iter().rev().find_map(|end| self.get(&name[..end]))
    }

    fn insert(&mut self, name: &str, pointer: String) {
        self.0.insert(name.to_pascal_case(), pointer);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_type_is_traced_to_its_component_property_or_parameter() {
        let origins = Origins::of(&json!({
            "paths": {"/pets/": {"get": {"operationId": "pets_list", "parameters": [{"name": "page_size"}]}}},
            "components": {"schemas": {"PetRequest": {"properties": {"slug": {"maxLength": 50}}}}},
        }));
        assert_eq!(origins.get("PetRequest").as_deref(), Some("/components/schemas/PetRequest"));
        assert_eq!(
            origins.get("PetRequestSlug").as_deref(),
            Some("/components/schemas/PetRequest/properties/slug")
        );
        assert_eq!(origins.get("PetsListPageSize").as_deref(), Some("/paths/~1pets~1/get/parameters/0"));
        assert_eq!(origins.get("Defaults"), None);
        assert_eq!(origins.nearest("PetRequestSlugOdd"), origins.get("PetRequestSlug"));
        assert_eq!(origins.nearest("Pets"), None);
    }
}

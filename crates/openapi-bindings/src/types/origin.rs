//! From the name of a Rust type back to the place in the document it was made from.

use std::collections::HashMap;

use heck::ToPascalCase;
use serde_json::Value;

use openapi_document::document::Document;
use openapi_document::names::setters;
use openapi_document::operations::{components, operations};
use openapi_document::pointer::{child, escape};
use openapi_document::walk::{is_schema, walk};

/// The pointers of everything typify names a type after, by that name.
#[derive(Debug, Default)]
pub(crate) struct Origins(HashMap<String, String>);

impl Origins {
    /// The origins in `document`.
    pub(crate) fn of(document: &Document) -> Self {
        let (root, names) = (document.value(), document.names());
        let mut origins = HashMap::new();
        // What has a title and no name of its own is called after that.
        walk(root, |value, shape, at| {
            if is_schema(shape)
                && let Some(title) = value.get("title").and_then(Value::as_str)
            {
                origins.entry(title.to_pascal_case()).or_insert_with(|| at.to_owned());
            }
        });
        for (path, method, operation) in operations(root) {
            let pointer = format!("/paths/{}/{method}", escape(path));
            let Some(id) = operation.get("operationId").and_then(Value::as_str) else { continue };
            let builder = names.builder(id);
            for setter in setters(root, &pointer) {
                origins.insert(builder.clone() + &setter.name.to_pascal_case(), setter.pointer);
            }
            origins.insert(format!("{builder}Body"), format!("{pointer}/requestBody"));
            origins.insert(format!("{builder}Response"), format!("{pointer}/responses"));
            origins.insert(builder, pointer);
        }
        // Components come last: where two things have one name, the component has the type.
        for (name, schema) in components(root) {
            let (component, pointer) = (names.component(name), child("/components/schemas", name));
            for property in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
                let of_property = child(&format!("{pointer}/properties"), property.0);
                let held = names.held(&component, property.0);
                origins.insert(format!("{held}Item"), format!("{of_property}/items"));
                origins.insert(held, of_property);
            }
            origins.insert(component, pointer);
        }
        Origins(origins)
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
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_is_traced_to_its_component_property_or_parameter() {
        let text = r"
openapi: 3.0.3
info: {title: t, version: '1'}
paths: {/pets/: {get: {operationId: pets_list, parameters: [{name: page_size, in: query, schema: {}}], responses: {'204': {description: ''}}}}}
components: {schemas: {PetRequest: {properties: {slug: {maxLength: 50}}}}}
";
        let origins = Origins::of(&Document::parse("pets.yaml", text).unwrap());
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

//! The order of fields.

use syn::{Fields, Item};

use crate::syntax::Plan;
use crate::syntax::tree::{structs_mut, wire_name};

/// Puts the fields of every type in the order of the document.
///
/// typify reads schemas through schemars 0.8, which sorts properties by name
/// (<https://docs.rs/schemars/0.8/schemars/schema/struct.ObjectValidation.html>); serialised, they would go over the
/// wire in an order nobody chose.
pub(super) fn document_order(items: &mut [Item], plan: &Plan<'_>) -> usize {
    let mut changes = 0;
    for item in structs_mut(items) {
        let Some(schema) = plan.schema(&item.ident.to_string()) else { continue };
        let Fields::Named(fields) = &mut item.fields else { continue };
        let properties = plan.model.schemas.properties(schema.id);
        let place = |field: &syn::Field| {
            let wire_name = wire_name(field)?;
            properties.iter().position(|property| property.name == wire_name)
        };
        // What the document does not list, such as a map of all other members, stays last.
        let key = |field: &syn::Field| place(field).unwrap_or(usize::MAX);
        if !fields.named.iter().is_sorted_by_key(key) {
            let mut sorted: Vec<_> = std::mem::take(&mut fields.named).into_iter().collect();
            sorted.sort_by_key(key);
            fields.named = sorted.into_iter().collect();
            changes += 1;
        }
    }
    changes
}

#[cfg(test)]
mod tests {
    use crate::syntax::tree::tests::{after, formatted};

    #[test]
    fn fields_stand_in_the_order_of_the_document_and_the_rest_last() {
        let (source, changes) = after(
            super::document_order,
            r"
openapi: 3.0.3
info: {title: t, version: '1'}
paths: {}
components: {schemas: {Pet: {type: object, properties: {type: {type: string}, name: {type: string}, age: {type: integer}}}}}
",
            r#"
pub struct Pet { pub age: i64, #[serde(flatten)] pub extra: Map, pub name: String, #[serde(rename = "type")] pub type_: String }
pub struct Other { pub b: i64, pub a: i64 }
"#,
        );
        assert_eq!(changes, 1);
        let expected = r#"
pub struct Pet { #[serde(rename = "type")] pub type_: String, pub name: String, pub age: i64, #[serde(flatten)] pub extra: Map }
pub struct Other { pub b: i64, pub a: i64 }
"#;
        assert_eq!(source, formatted(expected));
    }
}

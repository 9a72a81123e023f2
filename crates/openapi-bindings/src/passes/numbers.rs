//! Numbers that are narrower than the document says.

use serde_json::{Value, json};

use crate::passes::Plan;

/// Makes `number` an `integer` wherever the document marks it with `x-integer: true`.
///
/// JSON has one kind of number, and documents written from programs without static types often say so of what only
/// ever is whole, such as the number of a page. typify then gives an `f64`
/// (<https://github.com/oxidecomputer/typify/blob/v0.8.0/typify-impl/src/convert.rs>), which is sent back as `2.0`.
pub(super) fn whole_numbers(root: &mut Value, _: &Plan<'_>) -> usize {
    mark(root)
}

fn mark(value: &mut Value) -> usize {
    match value {
        Value::Object(members) => {
            let marked = members.get("x-integer") == Some(&Value::Bool(true));
            let number = members.get("type").is_some_and(|kind| kind == "number");
            if marked && number {
                members.insert("type".to_owned(), json!("integer"));
                // A width belongs to the floating-point number that this is not.
                if members.get("format").is_some_and(|format| format == "float" || format == "double") {
                    members.shift_remove("format");
                }
            }
            usize::from(marked && number) + members.values_mut().map(mark).sum::<usize>()
        }
        Value::Array(items) => items.iter_mut().map(mark).sum(),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::passes::tests::after;

    #[test]
    fn only_a_marked_number_becomes_an_integer() {
        let (value, changes) = after(
            "whole_numbers",
            r"
openapi: 3.0.3
info: {title: t, version: '1'}
paths: {}
components:
  schemas:
    Page:
      type: object
      properties:
        next: {type: number, format: double, x-integer: true}
        ratio: {type: number}
",
        );
        assert_eq!(changes, 1);
        let properties = &value["components"]["schemas"]["Page"]["properties"];
        assert_eq!(properties["next"], json!({"type": "integer", "x-integer": true}));
        assert_eq!(properties["ratio"], json!({"type": "number"}));
    }
}

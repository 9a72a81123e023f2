//! Parts of the document as JSON for those who do not know the document.

use serde_json::Value;

use openapi_document::grammar::{is_extension, reference};
use openapi_document::model::Place;
use openapi_document::pointer::child;
use openapi_document::walk::{is_schema, shape_at};

/// Deeper than any document that parses; a circle of components other than schemas ends here.
const DEEPEST: usize = 256;

/// The value at `place` without vendor extensions, and with whatever it refers to that is no schema in place of the
/// reference.
#[must_use]
pub fn plain(place: &Place<'_>) -> Value {
    plain_within(place, 0)
}

fn plain_within(place: &Place<'_>, depth: usize) -> Value {
    if depth > DEEPEST {
        return Value::Null;
    }
    let shape = shape_at(&place.pointer);
    let plain = |key: &str, value: &Value| {
        let shape = shape.step(key);
        let member = Place::of(place.document(), child(&place.pointer, key), value);
        let is_kept = is_schema(shape) || reference(value, shape).is_none();
        plain_within(&if is_kept { member } else { member.followed() }, depth + 1)
    };
    match place.value {
        Value::Object(members) => {
            // A header may be called like an extension, and an example may have anything.
            let kept = members.iter().filter(|(key, _)| shape.object().is_none() || !is_extension(key));
            Value::Object(kept.map(|(key, value)| (key.clone(), plain(key, value))).collect())
        }
        Value::Array(items) => {
            items.iter().enumerate().map(|(index, value)| plain(&index.to_string(), value)).collect()
        }
        other => other.clone(),
    }
}

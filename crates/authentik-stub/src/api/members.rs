//! The members of JSON objects.

use serde_json::{Map, Value};

/// Returns the members of an object; none of anything else.
pub(super) fn members(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(members) => members,
        _ => Map::new(),
    }
}

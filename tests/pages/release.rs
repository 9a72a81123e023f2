//! The document as of an older release: without everything that `x-since` says came later. It knows no other way in
//! which releases differ.

use serde_json::{Map, Value};

/// A release by year and month, such as `2024.8`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Release(Vec<u32>);

impl Release {
    pub fn new(text: &str) -> Self {
        let number = |part: &str| part.parse().unwrap_or_else(|_| panic!("{text:?} is no release"));
        Release(text.split('.').map(number).collect())
    }
}

/// The document without what came after `release`.
pub fn as_of(document: &Value, release: &Release) -> Value {
    match document {
        Value::Object(members) => {
            let kept = members.iter().filter(|(_, value)| existed(value, release));
            let mut kept: Map<_, _> = kept.map(|(key, value)| (key.clone(), as_of(value, release))).collect();
            forget_requirements(&mut kept);
            Value::Object(kept)
        }
        Value::Array(items) => {
            items.iter().filter(|item| existed(item, release)).map(|item| as_of(item, release)).collect()
        }
        scalar => scalar.clone(),
    }
}

fn existed(value: &Value, release: &Release) -> bool {
    value.get("x-since").and_then(Value::as_str).is_none_or(|since| Release::new(since) <= *release)
}

/// A property that is gone cannot be required.
fn forget_requirements(schema: &mut Map<String, Value>) {
    let Some(properties) = schema.get("properties").and_then(Value::as_object).cloned() else { return };
    if let Some(Value::Array(required)) = schema.get_mut("required") {
        required.retain(|name| name.as_str().is_some_and(|name| properties.contains_key(name)));
    }
}

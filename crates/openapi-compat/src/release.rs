//! The document as of an older release: without everything that `x-since` says came later. It knows no other way in
//! which releases differ.

use serde_json::{Map, Value};

/// A release by year and month, such as `2024.8`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Release(Vec<u32>);

impl Release {
    /// Returns the release with the name `text`; `None` if that is not numbers with dots between them.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        text.split('.').map(|part| part.parse().ok()).collect::<Option<_>>().map(Release)
    }
}

/// Returns the value of a document without the parts added after `release`. An `x-since` that is not a release is
/// ignored.
#[must_use]
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
    let since = value.get("x-since").and_then(Value::as_str).and_then(Release::parse);
    since.is_none_or(|since| since <= *release)
}

/// Removes properties that are gone from the required ones.
fn forget_requirements(schema: &mut Map<String, Value>) {
    let Some(properties) = schema.get("properties").and_then(Value::as_object).cloned() else { return };
    if let Some(Value::Array(required)) = schema.get_mut("required") {
        required.retain(|name| name.as_str().is_some_and(|name| properties.contains_key(name)));
    }
}

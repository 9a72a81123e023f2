//! Values that are enumerated, each of which is found in one step however many there are.

use std::collections::HashSet;
use std::hash::{Hash, Hasher};
use std::rc::Rc;

use serde_json::Value;

/// Enumerated values in their order.
#[derive(Clone, Debug, Default)]
pub(super) struct Values<'a>(Rc<Listed<'a>>);

#[derive(Clone, Debug, Default)]
struct Listed<'a> {
    all: Vec<&'a Value>,
    known: HashSet<Known<'a>>,
}

impl<'a> Values<'a> {
    pub(super) fn iter(&self) -> impl Iterator<Item = &'a Value> + '_ {
        self.0.all.iter().copied()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.all.is_empty()
    }

    /// Returns `true` if one of these is equal to `value`, even if numbers are written differently.
    pub(super) fn contains(&self, value: &Value) -> bool {
        self.0.known.contains(&Known(value))
    }

    pub(super) fn extend(&mut self, values: impl IntoIterator<Item = &'a Value>) {
        for value in values {
            let listed = Rc::make_mut(&mut self.0);
            listed.all.push(value);
            listed.known.insert(Known(value));
        }
    }
}

impl<'a> FromIterator<&'a Value> for Values<'a> {
    fn from_iter<I: IntoIterator<Item = &'a Value>>(values: I) -> Self {
        let mut listed = Values::default();
        listed.extend(values);
        listed
    }
}

/// A value that is equal to others as [`same`] has it.
#[derive(Clone, Copy, Debug)]
struct Known<'a>(&'a Value);

impl PartialEq for Known<'_> {
    fn eq(&self, other: &Self) -> bool {
        same(self.0, other.0)
    }
}

impl Eq for Known<'_> {}

impl Hash for Known<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        match self.0.as_f64() {
            // Zero has two signs.
            Some(number) => (number + 0.0).to_bits().hash(state),
            None => self.0.hash(state),
        }
    }
}

/// Returns `true` if two values are equal, even if their numbers are written differently.
pub(super) fn same(one: &Value, other: &Value) -> bool {
    let whole = |value: &Value| value.as_number().and_then(serde_json::Number::as_i128);
    match (whole(one), whole(other)) {
        (Some(one), Some(other)) => one == other,
        _ => one == other || one.is_number() && one.as_f64() == other.as_f64(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_value_is_found_however_it_is_written() {
        let all = json!([1, "a", -0.0, null, {"b": 1, "c": [2]}, true]);
        let values: Values<'_> = all.as_array().unwrap().iter().collect();
        for known in [json!(1.0), json!("a"), json!(0), json!(null), json!({"c": [2], "b": 1}), json!(true)] {
            assert!(values.contains(&known), "{known}");
        }
        for other in [json!("1"), json!(2), json!(false), json!({"b": 1}), json!([])] {
            assert!(!values.contains(&other), "{other}");
        }
        assert!(!same(&json!(9_007_199_254_740_993_i64), &json!(9_007_199_254_740_992_i64)));
    }
}

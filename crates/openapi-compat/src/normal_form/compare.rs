//! Compares two values in normal form, member by member.

use serde_json::{Number, Value};

use super::difference::{Difference, Kind};
use openapi_document::pointer;

pub(super) fn compare(old: &Value, new: &Value) -> Vec<Difference> {
    let mut found = Vec::new();
    descend(old, new, &mut String::new(), &mut found);
    found
}

fn descend(old: &Value, new: &Value, at: &mut String, found: &mut Vec<Difference>) {
    match (old, new) {
        (Value::Object(old), Value::Object(new)) => {
            for (key, value) in old {
                step(Some(value), new.get(key), key, at, found);
            }
            for (key, value) in new.iter().filter(|(key, _)| !old.contains_key(*key)) {
                step(None, Some(value), key, at, found);
            }
        }
        (Value::Array(old), Value::Array(new)) => {
            for index in 0..old.len().max(new.len()) {
                step(old.get(index), new.get(index), &index.to_string(), at, found);
            }
        }
        _ if same(old, new) => {}
        _ => found.push(difference(Kind::Changed, Some(old), Some(new), at)),
    }
}

fn step(old: Option<&Value>, new: Option<&Value>, key: &str, at: &mut String, found: &mut Vec<Difference>) {
    let length = at.len();
    pointer::push(at, key);
    match (old, new) {
        (Some(old), Some(new)) => descend(old, new, at, found),
        (None, Some(_)) => found.push(difference(Kind::Added, old, new, at)),
        _ => found.push(difference(Kind::Removed, old, new, at)),
    }
    at.truncate(length);
}

fn difference(kind: Kind, old: Option<&Value>, new: Option<&Value>, at: &str) -> Difference {
    Difference { pointer: at.to_owned(), kind, old: old.cloned(), new: new.cloned() }
}

fn same(old: &Value, new: &Value) -> bool {
    match (old, new) {
        (Value::Number(old), Value::Number(new)) => same_number(old, new),
        _ => old == new,
    }
}

/// Returns `true` if two numbers are equal, even if they are written differently, as 1 and 1.0 are.
#[allow(clippy::float_cmp, reason = "the question is whether the very same number is meant")]
fn same_number(old: &Number, new: &Number) -> bool {
    let both_integers = !old.is_f64() && !new.is_f64();
    old == new || (!both_integers && old.as_f64() == new.as_f64())
}

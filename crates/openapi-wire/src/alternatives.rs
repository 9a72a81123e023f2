//! Unions whose members nothing tells apart but what they know of a value.

use std::cell::Cell;

use serde::de::Error as _;
use serde_json::{Error, Value};

/// The part of a value that a member of a union knows.
#[derive(Debug, Clone, Copy)]
pub enum Known {
    /// The members of objects that have these names.
    Members(&'static [&'static str]),
    /// All members of objects.
    AllMembers,
    /// These texts.
    Texts(&'static [&'static str]),
    /// Nothing in particular.
    Nothing,
}

impl Known {
    fn count(self, value: &Value) -> usize {
        match (self, value) {
            (Self::Members(names), Value::Object(members)) => {
                names.iter().filter(|name| members.contains_key(**name)).count()
            }
            (Self::AllMembers, Value::Object(members)) => members.len(),
            (Self::Texts(texts), Value::String(text)) => usize::from(texts.contains(&text.as_str())),
            _ => 0,
        }
    }
}

/// The most members whose faults are told.
const MOST_FAULTS: usize = 4;

/// The most characters of a fault that are told: a member may be a union of the same again.
const LONGEST_FAULT: usize = 200;

/// The most readings that may fail within one value: members that may be unions of the same again double them with each level.
const MOST_FAILURES: usize = 1_000_000;

thread_local! {
    /// The unions that are being read, one within another, and the readings that have failed within the outermost.
    static READING: Cell<(usize, usize)> = const { Cell::new((0, 0)) };
}

/// A union that is being read.
struct Reading;

impl Reading {
    fn begin() -> Self {
        READING.set((READING.get().0 + 1, READING.get().1));
        Self
    }

    /// Counts a reading that has failed; returns `true` if there were too many.
    fn fail() -> bool {
        let (depth, failures) = READING.get();
        READING.set((depth, failures + 1));
        failures >= MOST_FAILURES
    }
}

impl Drop for Reading {
    fn drop(&mut self) {
        let (depth, failures) = READING.get();
        READING.set(if depth <= 1 { (0, 0) } else { (depth - 1, failures) });
    }
}

/// Reads a value as the member of the union `name` that knows the most of it, and of several of these as the first: what a
/// member does not know would be lost. `read` reads it as the member of a number, and the next is tried if it cannot be.
///
/// # Errors
/// If it cannot be read as any, with what is wrong for each.
pub fn read<T>(
    name: &str,
    members: &[Known],
    value: &Value,
    mut read: impl FnMut(usize) -> Result<T, Error>,
) -> Result<T, Error> {
    let mut ranked: Vec<(usize, usize)> =
        members.iter().enumerate().map(|(number, known)| (number, known.count(value))).collect();
    ranked.sort_by_key(|(_, known)| std::cmp::Reverse(*known));
    let (_reading, mut faults) = (Reading::begin(), Vec::new());
    for (number, _) in ranked {
        match read(number) {
            Ok(read) => return Ok(read),
            Err(_) if Reading::fail() => {
                return Err(Error::custom("unions within unions failed to be read too many times"));
            }
            Err(fault) if faults.len() < MOST_FAULTS => {
                let mut fault = fault.to_string();
                if let Some((end, _)) = fault.char_indices().nth(LONGEST_FAULT) {
                    fault.truncate(end);
                    fault.push('…');
                }
                faults.push(fault);
            }
            Err(_) => {}
        }
    }
    let more = if members.len() > MOST_FAULTS { ", …" } else { "" };
    Err(Error::custom(format_args!("this is no `{name}`: {}{more}", faults.join(", or "))))
}

#[cfg(test)]
mod tests {
    use serde::Deserialize as _;
    use serde_json::json;

    use super::*;

    fn chosen(value: &Value) -> Result<usize, String> {
        let members = [
            Known::Members(&["id", "size"]),
            Known::Members(&["id", "age"]),
            Known::AllMembers,
            Known::Nothing,
            Known::Texts(&["x"]),
        ];
        let read = |number| {
            let is_read = match number {
                0 | 1 => value.is_object() && value.get("size") != Some(&json!(null)),
                2 => value.is_object() && value.get("id").is_none(),
                _ => value.is_string(),
            };
            if is_read { Ok(number) } else { bool::deserialize(value).map(|_| number) }
        };
        super::read("Pet", &members, value, read).map_err(|fault| fault.to_string())
    }

    #[test]
    fn a_value_is_the_member_that_loses_the_least_of_it() {
        for (value, number) in [
            (json!({"id": 1}), 0),
            (json!({"id": 1, "age": 2}), 1),
            (json!({"id": 1, "age": 2, "size": 3}), 0),
            (json!({"color": 1}), 2),
            (json!({"color": 1, "id": 2}), 0),
            (json!("x"), 4),
            (json!("y"), 3),
        ] {
            assert_eq!(chosen(&value), Ok(number), "{value}");
        }
        let told = chosen(&json!(1)).unwrap_err();
        assert!(told.starts_with("this is no `Pet`: invalid type: integer `1`"), "{told}");
        assert!(told.ends_with(", …"), "{told}");
    }

    #[test]
    fn a_union_within_itself_is_told_in_part() {
        fn failing(depth: usize) -> Result<(), Error> {
            super::read("Filter", &[Known::Nothing; 2], &json!({}), |_| match depth {
                0 => Err(Error::custom("no")),
                _ => failing(depth - 1),
            })
        }
        let told = failing(8).unwrap_err().to_string();
        assert!(told.contains('…') && told.chars().count() < 3 * LONGEST_FAULT, "{told}");
        assert!(failing(100).unwrap_err().to_string().contains("too many times"));
        assert!(failing(0).unwrap_err().to_string().contains("no"), "what comes after begins anew");
    }
}

//! Unions whose members nothing tells apart but what they know of a value.

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
    let mut faults = Vec::new();
    for (number, _) in ranked {
        match read(number) {
            Ok(read) => return Ok(read),
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
    }
}

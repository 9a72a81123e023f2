//! JSON pointers (RFC 6901), by which the places in a definition and in a state are named.

use std::fmt::{self, Write as _};

/// Returns the pointer to a member or an item of what `parent` points to.
#[must_use]
pub fn child(parent: &str, key: impl fmt::Display) -> String {
    // Most keys are shorter, so that the memory is asked for once.
    const KEY: usize = 32;
    let mut pointer = String::with_capacity(parent.len() + KEY);
    pointer.push_str(parent);
    pointer.push('/');
    // A text takes everything.
    let _ = write!(Step(&mut pointer), "{key}");
    pointer
}

/// The step of a pointer that is being written.
struct Step<'a>(&'a mut String);

impl fmt::Write for Step<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for letter in text.chars() {
            match letter {
                '~' => self.0.push_str("~0"),
                '/' => self.0.push_str("~1"),
                letter => self.0.push(letter),
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_steps_of_a_pointer() {
        assert_eq!(child("/a", "core/users"), "/a/core~1users");
        assert_eq!(child("", "m~n/é"), "/m~0n~1é");
        assert_eq!(child("/list", 7), "/list/7");
    }
}

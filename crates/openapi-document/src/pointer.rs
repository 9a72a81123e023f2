//! JSON pointers (RFC 6901), the addresses by which everything in a document is named, and the references that hold them.

use serde_json::Value;

/// Returns the pointer to the member `key` of what `parent` points to.
#[must_use]
pub fn child(parent: &str, key: &str) -> String {
    let mut pointer = String::with_capacity(parent.len() + key.len() + 1);
    pointer.push_str(parent);
    push(&mut pointer, key);
    pointer
}

/// Makes `pointer` point to the member `key` of what it points to.
pub fn push(pointer: &mut String, key: &str) {
    pointer.push('/');
    pointer.push_str(&escape(key));
}

/// Returns the pointer to what holds `pointer`'s target; `None` for the whole document.
#[must_use]
pub fn parent(pointer: &str) -> Option<&str> {
    pointer.rsplit_once('/').map(|(parent, _)| parent)
}

/// Returns one key as a step of a pointer: `/` becomes `~1`, `~` becomes `~0`.
#[must_use]
pub fn escape(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

/// Returns the key of one step of a pointer.
#[must_use]
pub fn unescape(step: &str) -> String {
    step.replace("~1", "/").replace("~0", "~")
}

/// Returns the keys along a pointer, unescaped.
pub fn steps(pointer: &str) -> impl Iterator<Item = String> + '_ {
    pointer.split('/').skip(1).map(unescape)
}

/// Returns the pointer in a local reference such as `#/components/schemas/Pet`; `None` if its target is in another
/// document.
///
/// A reference is a URI fragment, so `%7B` in it means `{`.
#[must_use]
pub fn of_reference(reference: &str) -> Option<String> {
    let fragment = reference.strip_prefix('#')?;
    (fragment.is_empty() || fragment.starts_with('/')).then(|| percent_decoded(fragment))
}

/// Returns the local reference to a pointer, on one line and without a blank: [`of_reference`] returns the pointer again.
#[must_use]
pub fn reference(pointer: &str) -> String {
    let mut reference = String::with_capacity(pointer.len() + 1);
    reference.push('#');
    for letter in pointer.chars() {
        if letter.is_alphanumeric() || letter.is_ascii_punctuation() && letter != '%' {
            reference.push(letter);
        } else {
            let bytes = letter.to_string().into_bytes();
            reference.extend(bytes.into_iter().map(|byte| format!("%{byte:02X}")));
        }
    }
    reference
}

/// Returns the value itself or, for a reference, its target in the document `root`. Chains of references are followed as
/// far as they lead. A reference in a circle is returned itself.
#[must_use]
pub fn resolve<'a>(root: &'a Value, value: &'a Value) -> &'a Value {
    let target = |value: &&'a Value| root.pointer(&of_reference(value.get("$ref")?.as_str()?)?);
    follow(value, target, |one, other| std::ptr::eq(*one, *other)).unwrap_or(value)
}

/// Follows the references that begin at `start`, to where no other one follows: `target` returns what a place refers to.
/// Returns `None` if they lead in a circle, which only a value that was never parsed can have.
pub fn follow<T: Clone>(
    start: T,
    target: impl Fn(&T) -> Option<T>,
    is_same: impl Fn(&T, &T) -> bool,
) -> Option<T> {
    // A circle comes back to the place remembered last, once that is within the circle and far enough behind.
    let (mut current, mut remembered) = (start.clone(), start);
    let (mut steps, mut enough) = (0_usize, 1_usize);
    while let Some(next) = target(&current) {
        if is_same(&next, &remembered) {
            return None;
        }
        current = next;
        steps += 1;
        if steps == enough {
            remembered = current.clone();
            (steps, enough) = (0, enough.saturating_mul(2));
        }
    }
    Some(current)
}

/// Returns `fragment` with its percent-encoding decoded.
pub(crate) fn percent_decoded(fragment: &str) -> String {
    let mut bytes = Vec::with_capacity(fragment.len());
    let mut rest = fragment.as_bytes();
    while let [first, tail @ ..] = rest {
        if let (b'%', [high, low, after @ ..]) = (first, tail)
            && let (Some(high), Some(low)) = ((*high as char).to_digit(16), (*low as char).to_digit(16))
            && let Ok(byte) = u8::try_from(high * 16 + low)
        {
            bytes.push(byte);
            rest = after;
        } else {
            bytes.push(*first);
            rest = tail;
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| fragment.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_template_survives_as_one_step() {
        let pointer = child("/paths", "/pets/{id}/~x");
        assert_eq!(pointer, "/paths/~1pets~1{id}~1~0x");
        assert_eq!(steps(&pointer).collect::<Vec<_>>(), ["paths", "/pets/{id}/~x"]);
        assert_eq!(parent(&pointer), Some("/paths"));
    }

    #[test]
    fn references_are_followed_to_their_end_unless_they_have_none() {
        let end =
            |start: u32, target: fn(&u32) -> Option<u32>| follow(start, target, |one, other| one == other);
        assert_eq!(end(5_000, |at| at.checked_sub(1)), Some(0));
        assert_eq!(end(3, |at| Some(*at)), None);
        assert_eq!(end(90, |at| Some(if *at == 0 { 7 } else { at - 1 })), None);
    }

    #[test]
    fn a_reference_is_percent_decoded_and_must_be_local() {
        assert_eq!(of_reference("#/paths/~1pets~1%7Bid%7D").as_deref(), Some("/paths/~1pets~1{id}"));
        assert_eq!(of_reference("#/a%zz").as_deref(), Some("/a%zz"));
        assert_eq!(of_reference("other.yaml#/Pet"), None);
        assert_eq!(of_reference("#anchor"), None);
    }

    #[test]
    fn a_reference_to_any_pointer_is_one_line_that_leads_back() {
        assert_eq!(reference("/paths/~1pets~1{id}/get"), "#/paths/~1pets~1{id}/get");
        assert_eq!(reference("/größe"), "#/größe");
        assert_eq!(reference("/a /%41"), "#/a%20/%2541");
        for pointer in ["", "/", "/ ", "/a\r\nb", "/%", "/%zz", "/\u{202e}\u{1F600}\0"] {
            let reference = reference(pointer);
            assert_eq!(of_reference(&reference).as_deref(), Some(pointer), "{reference}");
            assert!(!reference.contains(|letter: char| letter.is_whitespace() || letter.is_control()));
        }
    }
}

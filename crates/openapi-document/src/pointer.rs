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

/// Returns the value itself or, for a reference, its target in the document `root`. Chains of references are followed.
/// A reference without a target, or in a cycle, is returned itself.
#[must_use]
pub fn resolve<'a>(root: &'a Value, value: &'a Value) -> &'a Value {
    // A chain longer than this is a circle, which only a value that was never parsed can have.
    const MAX_CHAIN: usize = 10_000;
    let mut current = value;
    for _ in 0..MAX_CHAIN {
        let Some(reference) = current.get("$ref").and_then(Value::as_str) else { return current };
        let Some(target) = of_reference(reference).and_then(|at| root.pointer(&at)) else {
            return value;
        };
        current = target;
    }
    value
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
    fn a_reference_is_percent_decoded_and_must_be_local() {
        assert_eq!(of_reference("#/paths/~1pets~1%7Bid%7D").as_deref(), Some("/paths/~1pets~1{id}"));
        assert_eq!(of_reference("#/a%zz").as_deref(), Some("/a%zz"));
        assert_eq!(of_reference("other.yaml#/Pet"), None);
        assert_eq!(of_reference("#anchor"), None);
    }
}

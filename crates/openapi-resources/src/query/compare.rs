//! Comparisons of values.

use std::fmt;
use std::sync::Arc;

use openapi_wire::Pattern;
use serde_json::Value;

use crate::definition::{Kind, Lookup};
use crate::key::{Key, OwnedKey};
use crate::reader::plain;

/// A demand on a value.
#[derive(Clone, Debug)]
pub(crate) enum Matcher {
    /// A value that it is compared with.
    Compare { lookup: Lookup, kind: Kind, key: OwnedKey },
    /// A text that it has, is, begins or ends with.
    Text { lookup: Lookup, text: String },
    /// The same whatever the case; the text is folded.
    Folded { lookup: Lookup, text: Folded },
    /// `true` if there may be none, `false` if there has to be one.
    Null(bool),
    /// A regular expression.
    Pattern(Arc<Pattern>),
}

/// A text without case.
#[derive(Clone, Debug)]
pub(crate) struct Folded {
    text: String,
    /// The first byte in both cases, if the text is ASCII and not empty.
    first: Option<(u8, u8)>,
}

/// A text that is no regular expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct InvalidPattern(String);

impl fmt::Display for InvalidPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "this is no regular expression: {}", self.0)
    }
}

impl std::error::Error for InvalidPattern {}

impl Matcher {
    /// Returns what values of this kind have to fit.
    ///
    /// # Errors
    /// If `value` is no regular expression, and has to be one.
    pub(crate) fn new(lookup: Lookup, kind: Kind, value: &Value) -> Result<Self, InvalidPattern> {
        let value = kind.read(value);
        let pattern = |flags: &str| {
            let text = plain(&value);
            let pattern = Pattern::compile(&format!("{flags}{text}"));
            pattern.map(|pattern| Matcher::Pattern(Arc::new(pattern))).ok_or(InvalidPattern(text))
        };
        Ok(match lookup {
            Lookup::Exact | Lookup::In | Lookup::Gt | Lookup::Gte | Lookup::Lt | Lookup::Lte => {
                let lookup = if lookup == Lookup::In { Lookup::Exact } else { lookup };
                Matcher::Compare { lookup, kind, key: Key::of(kind, &value).kept() }
            }
            Lookup::IsNull => Matcher::Null(is_true(&value)),
            Lookup::Contains | Lookup::StartsWith | Lookup::EndsWith => {
                Matcher::Text { lookup, text: plain(&value) }
            }
            Lookup::IExact | Lookup::IContains | Lookup::IStartsWith | Lookup::IEndsWith => {
                Matcher::Folded { lookup, text: Folded::new(&plain(&value)) }
            }
            Lookup::Regex => pattern("")?,
            Lookup::IRegex => pattern("(?i)")?,
        })
    }

    /// Returns `true` if a value fits.
    pub(crate) fn fits(&self, value: &Value) -> bool {
        match self {
            Matcher::Null(null) => value.is_null() == *null,
            Matcher::Compare { lookup, kind, key } => {
                let (own, other) = (Key::of(*kind, value), key.key());
                if *lookup == Lookup::Exact {
                    // What has no kind may be a number or a flag that a parameter could only write as text.
                    let as_text = || match (&own, other) {
                        (Key::Boolean(_) | Key::Integer(_) | Key::Float(_), Key::Text(text)) => {
                            *kind == Kind::Any && plain(value) == text
                        }
                        _ => false,
                    };
                    return own == other || as_text();
                }
                if own.is_null() {
                    return false;
                }
                match lookup {
                    Lookup::Gt => own > other,
                    Lookup::Gte => own >= other,
                    Lookup::Lt => own < other,
                    _ => own <= other,
                }
            }
            Matcher::Text { lookup, text } => on_text(value, |value| match lookup {
                Lookup::Contains => value.contains(text.as_str()),
                Lookup::StartsWith => value.starts_with(text.as_str()),
                _ => value.ends_with(text.as_str()),
            }),
            Matcher::Folded { lookup, text } => on_text(value, |value| text.fits(value, *lookup)),
            // A text that takes too many steps to tell is not found.
            Matcher::Pattern(pattern) => on_text(value, |value| pattern.is_found_in(value) == Some(true)),
        }
    }
}

/// Returns `true` if a value says yes, as people write it in a query.
fn is_true(value: &Value) -> bool {
    let text = plain(value);
    !["", "false", "0", "off", "no", "null"].iter().any(|word| text.eq_ignore_ascii_case(word))
}

/// Asks about a value as text; null is none.
fn on_text(value: &Value, ask: impl Fn(&str) -> bool) -> bool {
    match value {
        Value::Null => false,
        Value::String(text) => ask(text),
        value => ask(&value.to_string()),
    }
}

impl Folded {
    fn new(text: &str) -> Self {
        let text = text.to_lowercase();
        let first = text.bytes().next().filter(|_| text.is_ascii());
        Self { first: first.map(|byte| (byte, byte.to_ascii_uppercase())), text }
    }

    fn fits(&self, value: &str, lookup: Lookup) -> bool {
        let (own, needle) = (value.as_bytes(), self.text.as_bytes());
        // Nothing is allocated for texts in ASCII, which most are.
        if value.is_ascii() {
            if self.first.is_none() && !self.text.is_empty() {
                return false;
            }
            let cut = |range: std::ops::Range<usize>| {
                own.get(range).is_some_and(|part| part.eq_ignore_ascii_case(needle))
            };
            return match lookup {
                Lookup::IExact => own.eq_ignore_ascii_case(needle),
                Lookup::IStartsWith => cut(0..needle.len()),
                Lookup::IEndsWith => own.len().checked_sub(needle.len()).is_some_and(|at| cut(at..own.len())),
                _ => self.is_in(own),
            };
        }
        let value = value.to_lowercase();
        match lookup {
            Lookup::IExact => value == self.text,
            Lookup::IStartsWith => value.starts_with(&self.text),
            Lookup::IEndsWith => value.ends_with(&self.text),
            _ => value.contains(&self.text),
        }
    }

    /// Returns `true` if a text in ASCII has this one in it.
    fn is_in(&self, value: &[u8]) -> bool {
        let Some((lower, upper)) = self.first else { return self.text.is_empty() };
        let Some(last) = value.len().checked_sub(self.text.len()) else { return false };
        let starts = memchr::memchr2_iter(lower, upper, value.get(..=last).unwrap_or_default());
        starts.into_iter().any(|at| {
            let part = value.get(at..at + self.text.len());
            part.is_some_and(|part| part.eq_ignore_ascii_case(self.text.as_bytes()))
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn each_lookup_fits_what_it_says() {
        use Lookup::{
            Contains, EndsWith, Exact, Gt, Gte, IContains, IEndsWith, IExact, IRegex, IStartsWith, In,
            IsNull, Lt, Lte, Regex, StartsWith,
        };
        let cases = [
            (Exact, Kind::Text, json!("a"), json!("a"), true),
            (Exact, Kind::Text, json!("a"), json!("A"), false),
            (Exact, Kind::Text, json!("5"), json!("5"), true),
            (Exact, Kind::Number, json!("5"), json!(5), true),
            (Exact, Kind::Any, json!("5"), json!(5), true),
            (Exact, Kind::Boolean, json!("true"), json!(true), true),
            (Exact, Kind::Any, json!("true"), json!(true), true),
            (Exact, Kind::Text, json!(null), json!(null), true),
            (Exact, Kind::DateTime, json!("2026-01-01T01:00:00+01:00"), json!("2026-01-01T00:00:00Z"), true),
            (In, Kind::Text, json!("a"), json!("a"), true),
            (IExact, Kind::Text, json!("Ab"), json!("aB"), true),
            (IExact, Kind::Text, json!("ÄB"), json!("äb"), true),
            (IExact, Kind::Text, json!("ab"), json!("abc"), false),
            (IExact, Kind::Number, json!(5), json!(5), true),
            (Contains, Kind::Text, json!("b"), json!("abc"), true),
            (Contains, Kind::Text, json!("B"), json!("abc"), false),
            (IContains, Kind::Text, json!("B"), json!("abc"), true),
            (IContains, Kind::Text, json!("bC"), json!("aBbc"), true),
            (IContains, Kind::Text, json!("ß"), json!("abc"), false),
            (IContains, Kind::Text, json!("É"), json!("café"), true),
            (IContains, Kind::Text, json!("abcd"), json!("abc"), false),
            (IContains, Kind::Text, json!(""), json!("abc"), true),
            (StartsWith, Kind::Text, json!("ab"), json!("abc"), true),
            (IStartsWith, Kind::Text, json!("AB"), json!("abc"), true),
            (IStartsWith, Kind::Text, json!("abcd"), json!("abc"), false),
            (EndsWith, Kind::Text, json!("bc"), json!("abc"), true),
            (IEndsWith, Kind::Text, json!("BC"), json!("abc"), true),
            (IEndsWith, Kind::Text, json!("xabc"), json!("abc"), false),
            (Gt, Kind::Number, json!(1), json!(2), true),
            (Gt, Kind::Number, json!(2), json!(2), false),
            (Gte, Kind::Number, json!(2), json!(2), true),
            (Lt, Kind::Text, json!("b"), json!("a"), true),
            (Lte, Kind::Text, json!("b"), json!("b"), true),
            (Lte, Kind::Text, json!("b"), json!(null), false),
            (Gt, Kind::Text, json!("b"), json!(null), false),
            (IsNull, Kind::Text, json!(true), json!(null), true),
            (IsNull, Kind::Text, json!("true"), json!("a"), false),
            (IsNull, Kind::Text, json!("True"), json!(null), true),
            (Regex, Kind::Text, json!("^(a+)+$"), json!("a".repeat(40) + "!"), false),
            (IsNull, Kind::Text, json!(false), json!("a"), true),
            (Regex, Kind::Text, json!("^a.c$"), json!("abc"), true),
            (Regex, Kind::Text, json!("^A"), json!("abc"), false),
            (IRegex, Kind::Text, json!("^A"), json!("abc"), true),
        ];
        for (lookup, kind, wanted, value, expected) in cases {
            let matcher = Matcher::new(lookup, kind, &wanted).expect("a matcher");
            assert_eq!(matcher.fits(&value), expected, "{lookup:?} {wanted} {value}");
        }
        assert!(Matcher::new(Regex, Kind::Text, &json!("(")).is_err());
    }
}

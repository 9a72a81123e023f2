//! Python's spelling of numbers and values. The server whose answers these are is written in Python, and its `int()`,
//! `str()` and `repr()` shine through wherever a value is read from a URL or quoted in a message.

use std::fmt::{self, Write as _};

use serde_json::{Number, Value};
use uuid::Uuid;

/// The longest number `int()` reads.
const MAX_DIGITS: usize = 4300;

/// The zeros of Unicode's decimal digits (category Nd, Unicode 15.0); the digits one to nine follow each of them.
const ZEROS: [char; 68] = [
    '\u{30}',
    '\u{660}',
    '\u{6F0}',
    '\u{7C0}',
    '\u{966}',
    '\u{9E6}',
    '\u{A66}',
    '\u{AE6}',
    '\u{B66}',
    '\u{BE6}',
    '\u{C66}',
    '\u{CE6}',
    '\u{D66}',
    '\u{DE6}',
    '\u{E50}',
    '\u{ED0}',
    '\u{F20}',
    '\u{1040}',
    '\u{1090}',
    '\u{17E0}',
    '\u{1810}',
    '\u{1946}',
    '\u{19D0}',
    '\u{1A80}',
    '\u{1A90}',
    '\u{1B50}',
    '\u{1BB0}',
    '\u{1C40}',
    '\u{1C50}',
    '\u{A620}',
    '\u{A8D0}',
    '\u{A900}',
    '\u{A9D0}',
    '\u{A9F0}',
    '\u{AA50}',
    '\u{ABF0}',
    '\u{FF10}',
    '\u{104A0}',
    '\u{10D30}',
    '\u{11066}',
    '\u{110F0}',
    '\u{11136}',
    '\u{111D0}',
    '\u{112F0}',
    '\u{11450}',
    '\u{114D0}',
    '\u{11650}',
    '\u{116C0}',
    '\u{11730}',
    '\u{118E0}',
    '\u{11950}',
    '\u{11C50}',
    '\u{11D50}',
    '\u{11DA0}',
    '\u{11F50}',
    '\u{16A60}',
    '\u{16AC0}',
    '\u{16B50}',
    '\u{1D7CE}',
    '\u{1D7D8}',
    '\u{1D7E2}',
    '\u{1D7EC}',
    '\u{1D7F6}',
    '\u{1E140}',
    '\u{1E2F0}',
    '\u{1E4F0}',
    '\u{1E950}',
    '\u{1FBF0}',
];

/// Parses as `int(text)` does, with white space around it, a sign, underscores between digits, and the digits of every
/// script. A number beyond 128 bits becomes the nearest one within.
#[must_use]
pub fn int(text: &str) -> Option<i128> {
    let text = text.trim_matches(is_number_space);
    let (negative, text) = sign(text);
    let digits = digits(text, 10)?;
    if digits.len() > MAX_DIGITS {
        return None;
    }
    let magnitude = digits
        .iter()
        .fold(0_i128, |number, digit| number.saturating_mul(10).saturating_add(i128::from(*digit)));
    Some(if negative { -magnitude } else { magnitude })
}

/// Parses as `uuid.UUID(text)` does: 32 hexadecimal digits, with or without hyphens, braces and `urn:uuid:`.
#[must_use]
pub fn uuid(text: &str) -> Option<Uuid> {
    let text = text.replace("urn:", "").replace("uuid:", "");
    let text = text.trim_matches(['{', '}']).replace('-', "");
    if text.chars().count() != 32 {
        return None;
    }
    // The 32 characters are then read as a number, which may be shorter than they are.
    let (_, text) = sign(text.trim_matches(is_number_space));
    let text = match text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        Some(rest) => rest.strip_prefix('_').unwrap_or(rest),
        None => text,
    };
    let number = digits(text, 16)?.iter().fold(0_u128, |number, digit| number << 4 | u128::from(*digit));
    Some(Uuid::from_u128(number))
}

/// Strips as `text.strip()` does.
#[must_use]
pub fn strip(text: &str) -> &str {
    text.trim_matches(is_space)
}

/// Returns `str(value)`: text as it is, everything else as in [`repr`].
#[must_use]
pub fn str(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => repr(other),
    }
}

/// Returns `repr(value)`.
#[must_use]
pub fn repr(value: &Value) -> String {
    Repr(value).to_string()
}

/// Returns `json.dumps(value, indent=indent)`.
#[must_use]
pub fn dumps(value: &Value, indent: Option<usize>) -> String {
    fn spread(value: &Value, indent: Option<usize>, depth: usize, out: &mut String) {
        let line = |depth: usize| indent.map(|indent| format!("\n{}", " ".repeat(indent * depth)));
        let (open, close, len) = match value {
            Value::Array(items) => ('[', ']', items.len()),
            Value::Object(members) => ('{', '}', members.len()),
            Value::String(_) => return ascii(&value.to_string(), out),
            Value::Number(number) if number.is_f64() => return out.push_str(&repr(value)),
            other => return out.push_str(&other.to_string()),
        };
        out.push(open);
        let divide = |position: usize, out: &mut String| {
            let line = line(depth + 1);
            if position > 0 {
                out.push_str(if line.is_some() { "," } else { ", " });
            }
            out.push_str(line.as_deref().unwrap_or_default());
        };
        for (position, item) in value.as_array().into_iter().flatten().enumerate() {
            divide(position, out);
            spread(item, indent, depth + 1, out);
        }
        for (position, (name, member)) in value.as_object().into_iter().flatten().enumerate() {
            divide(position, out);
            ascii(&Value::from(name.as_str()).to_string(), out);
            out.push_str(": ");
            spread(member, indent, depth + 1, out);
        }
        if let Some(line) = line(depth).filter(|_| len > 0) {
            out.push_str(&line);
        }
        out.push(close);
    }
    let mut out = String::new();
    spread(value, indent, 0, &mut out);
    out
}

/// Appends JSON whose letters beyond ASCII are escaped.
fn ascii(json: &str, out: &mut String) {
    for letter in json.chars() {
        if letter.is_ascii() {
            out.push(letter);
        } else {
            let mut units = [0; 2];
            out.extend(letter.encode_utf16(&mut units).iter().map(|unit| format!("\\u{unit:04x}")));
        }
    }
}

/// Returns `type(value).__name__`.
#[must_use]
pub fn type_name(value: &Value) -> &'static str {
    match value {
        Value::Null => "NoneType",
        Value::Bool(_) => "bool",
        Value::Number(number) if number.is_f64() => "float",
        Value::Number(_) => "int",
        Value::String(_) => "str",
        Value::Array(_) => "list",
        Value::Object(_) => "dict",
    }
}

/// Returns `true` for white space of `strip()` and `split()`: that of Unicode and the four ASCII separators.
#[must_use]
pub fn is_space(character: char) -> bool {
    character.is_whitespace() || matches!(character, '\u{1C}'..='\u{1F}')
}

/// Returns `true` for white space around a number of `int()`. Unlike `strip()`, it excludes the ASCII separators.
fn is_number_space(character: char) -> bool {
    character.is_whitespace()
}

fn sign(text: &str) -> (bool, &str) {
    match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    }
}

/// Returns the digits of a number with single underscores between them.
fn digits(text: &str, radix: u32) -> Option<Vec<u8>> {
    text.split('_')
        .map(|group| if group.is_empty() { None } else { Some(group) })
        .collect::<Option<Vec<_>>>()?
        .into_iter()
        .flat_map(str::chars)
        .map(|character| digit(character, radix))
        .collect()
}

fn digit(character: char, radix: u32) -> Option<u8> {
    if character.is_ascii() {
        return character.to_digit(radix).and_then(|digit| u8::try_from(digit).ok());
    }
    let zero = ZEROS[ZEROS.partition_point(|zero| *zero <= character).checked_sub(1)?];
    u8::try_from(u32::from(character) - u32::from(zero)).ok().filter(|digit| *digit < 10)
}

/// A value that prints as `repr()` spells it.
struct Repr<'a>(&'a Value);

impl fmt::Display for Repr<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Value::Null => f.write_str("None"),
            Value::Bool(true) => f.write_str("True"),
            Value::Bool(false) => f.write_str("False"),
            Value::Number(number) => write_number(f, number),
            Value::String(text) => write_text(f, text),
            Value::Array(items) => {
                f.write_str("[")?;
                for (position, item) in items.iter().enumerate() {
                    f.write_str(separator(position))?;
                    Repr(item).fmt(f)?;
                }
                f.write_str("]")
            }
            Value::Object(entries) => {
                f.write_str("{")?;
                for (position, (key, item)) in entries.iter().enumerate() {
                    f.write_str(separator(position))?;
                    write_text(f, key)?;
                    write!(f, ": {}", Repr(item))?;
                }
                f.write_str("}")
            }
        }
    }
}

fn separator(position: usize) -> &'static str {
    if position == 0 { "" } else { ", " }
}

/// Integers as they are; the shortest digits of a float, in exponential notation below 1e-4 and from 1e16 on.
fn write_number(f: &mut fmt::Formatter<'_>, number: &Number) -> fmt::Result {
    let Some(float) = number.as_f64().filter(|_| number.is_f64()) else {
        return write!(f, "{number}");
    };
    let shortest = format!("{float:e}");
    let (mantissa, exponent) = shortest.split_once('e').unwrap_or((shortest.as_str(), "0"));
    let exponent: i32 = exponent.parse().unwrap_or_default();
    if float != 0.0 && !(-4..16).contains(&exponent) {
        return write!(f, "{mantissa}e{}{:02}", if exponent < 0 { '-' } else { '+' }, exponent.abs());
    }
    let plain = float.to_string();
    write!(f, "{plain}{}", if plain.contains('.') { "" } else { ".0" })
}

/// Writes text in single quotes, or in double quotes if that saves escaping.
fn write_text(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    let quote = if text.contains('\'') && !text.contains('"') { '"' } else { '\'' };
    f.write_char(quote)?;
    for character in text.chars() {
        match character {
            '\n' => f.write_str("\\n"),
            '\r' => f.write_str("\\r"),
            '\t' => f.write_str("\\t"),
            _ if character == quote || character == '\\' => write!(f, "\\{character}"),
            _ if is_printable(character) => f.write_char(character),
            _ => match u32::from(character) {
                code @ ..=0xFF => write!(f, "\\x{code:02x}"),
                code @ ..=0xFFFF => write!(f, "\\u{code:04x}"),
                code => write!(f, "\\U{code:08x}"),
            },
        }?;
    }
    f.write_char(quote)
}

/// Returns `str.isprintable()`. Rust's debug notation escapes the same categories; a letter before the character keeps
/// it from escaping combining marks as well.
fn is_printable(character: char) -> bool {
    matches!(character, '"' | '\'' | '\\')
        || ['a', character].iter().collect::<String>().escape_debug().count() == 2
}

/// Returns `true` for a value that Python takes for true.
#[must_use]
pub fn truth(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(flag) => *flag,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Object(members) => !members.is_empty(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn int_reads_what_python_reads() {
        let cases = [
            ("2", Some(2)),
            (" 2", Some(2)),
            ("\u{A0}2\u{85}", Some(2)),
            ("+2", Some(2)),
            ("-2", Some(-2)),
            ("01", Some(1)),
            ("1_0", Some(10)),
            ("２", Some(2)),
            ("٢_\u{1D7D1}", Some(23)),
            ("99999999999999999999999999", Some(99_999_999_999_999_999_999_999_999)),
            ("", None),
            (" ", None),
            ("abc", None),
            ("1.0", None),
            ("1e0", None),
            ("0x1", None),
            ("_1", None),
            ("1_", None),
            ("1__0", None),
            ("+ 1", None),
            ("--1", None),
            ("\u{1C}2", None),
            ("²", None),
            ("\0", None),
        ];
        for (text, expected) in cases {
            assert_eq!(int(text), expected, "{text:?}");
        }
        assert_eq!(int(&"9".repeat(4300)), Some(i128::MAX));
        assert_eq!(int(&"9".repeat(4301)), None);
    }

    #[test]
    fn uuids_are_read_in_any_spelling() {
        let plain = "d130f4a9-01e3-4140-ad98-488e0aee3897";
        let same = [
            plain.to_owned(),
            plain.to_uppercase(),
            plain.replace('-', ""),
            format!("{{{plain}}}"),
            format!("urn:uuid:{plain}"),
            format!("{}{}", &plain[..8], plain[8..].replace('-', "--")),
        ];
        for text in same {
            assert_eq!(uuid(&text).map(|uuid| uuid.to_string()).as_deref(), Some(plain), "{text}");
        }
        let odd = [
            (
                format!(" {}", "a".repeat(31)),
                Some(format!("0aaaaaaa-{}-{}", "aaaa-aaaa-aaaa", "a".repeat(12))),
            ),
            (
                format!("0x_{}", "a".repeat(29)),
                Some(format!("000aaaaa-{}-{}", "aaaa-aaaa-aaaa", "a".repeat(12))),
            ),
            (
                format!("a_{}", "a".repeat(30)),
                Some(format!("0aaaaaaa-{}-{}", "aaaa-aaaa-aaaa", "a".repeat(12))),
            ),
            (format!("_{}", "a".repeat(31)), None),
            ("a".repeat(31), None),
            ("g".repeat(32), None),
            (format!(" {plain}"), None),
            ("null".to_owned(), None),
            (String::new(), None),
        ];
        for (text, expected) in odd {
            assert_eq!(uuid(&text).map(|uuid| uuid.to_string()), expected, "{text:?}");
        }
    }

    #[test]
    fn values_are_spelled_as_python_spells_them() {
        let cases = [
            (json!(null), "None"),
            (json!(true), "True"),
            (json!(-1), "-1"),
            (json!(18_446_744_073_709_551_615_u64), "18446744073709551615"),
            (json!(1.5), "1.5"),
            (json!(1e2), "100.0"),
            (json!(1e16), "1e+16"),
            (json!(9_999_999_999_999_998.0), "9999999999999998.0"),
            (json!(1e21), "1e+21"),
            (json!(1.5e300), "1.5e+300"),
            (json!(1e-4), "0.0001"),
            (json!(1e-5), "1e-05"),
            (json!(-0.0), "-0.0"),
            (json!("x"), "'x'"),
            (json!("it's"), "\"it's\""),
            (json!("it's \"x\""), "'it\\'s \"x\"'"),
            (
                json!("a\n\u{1}\u{A0}\u{200B}\u{E000}é\u{301}😀\u{E0001}"),
                r"'a\n\x01\xa0\u200b\ue000é́😀\U000e0001'",
            ),
            (json!([1, "a", [null]]), "[1, 'a', [None]]"),
            (json!({"b": 1, "a": {}}), "{'b': 1, 'a': {}}"),
        ];
        for (value, expected) in cases {
            assert_eq!(repr(&value), expected, "{value}");
        }
        assert_eq!(str(&json!("x")), "x");
        assert_eq!(str(&json!(["x"])), "['x']");
    }

    #[test]
    fn values_are_dumped_as_python_dumps_them() {
        let value = json!({"a": [1, 2.0, null, "ü😀\"\n"], "b": {}, "c": []});
        let compact = r#"{"a": [1, 2.0, null, "\u00fc\ud83d\ude00\"\n"], "b": {}, "c": []}"#;
        assert_eq!(dumps(&value, None), compact);
        assert_eq!(
            dumps(&json!({"a": [true], "b": {}}), Some(4)),
            "{\n    \"a\": [\n        true\n    ],\n    \"b\": {}\n}"
        );
        assert_eq!(dumps(&json!("x"), Some(4)), "\"x\"");
    }

    #[test]
    fn strip_takes_every_blank() {
        assert_eq!(strip(" \u{1C}\u{85}\u{3000}a \u{200B}\n"), "a \u{200B}");
    }
}

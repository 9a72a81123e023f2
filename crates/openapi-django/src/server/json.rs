//! Reading the JSON of a request body. The reader gives the errors of the server's own parser, with its positions and
//! its limit on nesting, and it never recurses, so no body can exhaust the stack; that is what sets it apart from
//! `serde_json`, which does everything else with JSON here.

use std::fmt;

use serde_json::{Map, Number, Value};

/// The greatest depth of nested arrays and objects.
const MAX_DEPTH: usize = 1024;

/// The reason why a text is not JSON, and its position.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParseError {
    message: &'static str,
    line: usize,
    column: usize,
    position: usize,
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { message, line, column, position } = self;
        write!(f, "{message}: line {line} column {column} (char {position})")
    }
}

impl std::error::Error for ParseError {}

/// Reads one JSON value. Of repeated keys the last wins; whole numbers beyond 64 bits become floats.
///
/// # Errors
/// If the text is anything else.
pub fn parse(text: &str) -> Result<Value, ParseError> {
    let mut reader = Reader { text, at: 0 };
    reader.document().map_err(|fault| {
        let before = &text[..fault.at];
        let line = before.rsplit('\n').next().unwrap_or_default();
        ParseError {
            message: fault.message,
            line: before.matches('\n').count() + 1,
            column: line.chars().count() + 1,
            position: before.chars().count(),
        }
    })
}

/// A message and the byte it is about.
struct Fault {
    message: &'static str,
    at: usize,
}

/// An array or object of which the end has not been seen.
enum Open {
    Array(Vec<Value>),
    Object(Map<String, Value>, String),
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl Reader<'_> {
    fn document(&mut self) -> Result<Value, Fault> {
        self.blanks();
        if self.peek().is_none() {
            return Err(Fault { message: "input data is empty", at: 0 });
        }
        let mut open: Vec<Open> = Vec::new();
        'value: loop {
            let mut value = match self.peek() {
                Some(bracket @ (b'[' | b'{')) => {
                    self.at += 1;
                    if open.len() == MAX_DEPTH {
                        return Err(self.fault("array and object recursion depth exceeded"));
                    }
                    self.blanks();
                    match (bracket, self.peek()) {
                        (b'[', Some(b']')) => {
                            self.at += 1;
                            Value::Array(Vec::new())
                        }
                        (b'[', _) => {
                            open.push(Open::Array(Vec::new()));
                            continue 'value;
                        }
                        (_, Some(b'}')) => {
                            self.at += 1;
                            Value::Object(Map::new())
                        }
                        _ => {
                            let key = self.key()?;
                            open.push(Open::Object(Map::new(), key));
                            continue 'value;
                        }
                    }
                }
                _ => self.scalar()?,
            };
            // The value is complete; it may complete what it stands in, and so on outwards.
            loop {
                self.blanks();
                match open.pop() {
                    None if self.peek().is_none() => return Ok(value),
                    None => return Err(self.fault("unexpected content after document")),
                    Some(Open::Array(mut items)) => {
                        items.push(value);
                        if self.more(b']')? {
                            open.push(Open::Array(items));
                            continue 'value;
                        }
                        value = Value::Array(items);
                    }
                    Some(Open::Object(mut entries, key)) => {
                        entries.insert(key, value);
                        if self.more(b'}')? {
                            let key = self.key()?;
                            open.push(Open::Object(entries, key));
                            continue 'value;
                        }
                        value = Value::Object(entries);
                    }
                }
            }
        }
    }

    /// Returns `true` if a comma comes next, and `false` if the closing bracket does.
    fn more(&mut self, close: u8) -> Result<bool, Fault> {
        match self.peek() {
            Some(b',') => {
                let comma = self.at;
                self.at += 1;
                self.blanks();
                if self.peek() == Some(close) {
                    return Err(Fault { message: "trailing comma is not allowed", at: comma });
                }
                Ok(true)
            }
            Some(byte) if byte == close => {
                self.at += 1;
                Ok(false)
            }
            _ => Err(self.unexpected()),
        }
    }

    /// Returns a key and the colon after it.
    fn key(&mut self) -> Result<String, Fault> {
        if self.peek() != Some(b'"') {
            return Err(self.unexpected());
        }
        let key = self.string()?;
        self.blanks();
        if self.peek() != Some(b':') {
            return Err(self.unexpected());
        }
        self.at += 1;
        self.blanks();
        Ok(key)
    }

    fn scalar(&mut self) -> Result<Value, Fault> {
        match self.peek() {
            Some(b'"') => self.string().map(Value::String),
            Some(b'-' | b'0'..=b'9') => self.number().map(Value::Number),
            Some(b't') => self.literal("true", Value::Bool(true)),
            Some(b'f') => self.literal("false", Value::Bool(false)),
            Some(b'n') => self.literal("null", Value::Null),
            _ => Err(self.unexpected()),
        }
    }

    fn literal(&mut self, word: &'static str, value: Value) -> Result<Value, Fault> {
        let rest = self.rest();
        if rest.starts_with(word) {
            self.at += word.len();
            Ok(value)
        } else if word.starts_with(rest) {
            Err(self.end())
        } else {
            Err(self.fault("invalid literal"))
        }
    }

    fn number(&mut self) -> Result<Number, Fault> {
        let start = self.at;
        let negative = self.peek() == Some(b'-');
        self.at += usize::from(negative);
        let first = self.at;
        self.digits("no digit after minus sign")?;
        if self.text[first..self.at].starts_with('0') && self.at > first + 1 {
            return Err(Fault { message: "number with leading zero is not allowed", at: first });
        }
        let mut whole = true;
        if self.peek() == Some(b'.') {
            whole = false;
            self.at += 1;
            self.digits("no digit after decimal point")?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            whole = false;
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.digits("no digit after exponent sign")?;
        }
        let text = &self.text[start..self.at];
        let integer = match negative {
            _ if !whole => None,
            true => text.parse::<i64>().ok().map(Number::from),
            false => text.parse::<u64>().ok().map(Number::from),
        };
        integer
            .or_else(|| text.parse().ok().and_then(Number::from_f64))
            .ok_or(Fault { message: "number is infinity when parsed as double", at: start })
    }

    fn digits(&mut self, none: &'static str) -> Result<(), Fault> {
        let start = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        if self.at > start { Ok(()) } else { Err(self.fault_or_end(none)) }
    }

    fn string(&mut self) -> Result<String, Fault> {
        self.at += 1;
        let mut out = String::new();
        loop {
            let rest = self.rest();
            let plain =
                rest.bytes().position(|byte| matches!(byte, b'"' | b'\\' | ..0x20)).unwrap_or(rest.len());
            out.push_str(&rest[..plain]);
            self.at += plain;
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(out);
                }
                Some(b'\\') => out.push(self.escape()?),
                _ => return Err(self.fault_or_end("unexpected control character in string")),
            }
        }
    }

    fn escape(&mut self) -> Result<char, Fault> {
        let plain = match self.rest().as_bytes().get(1) {
            Some(b'u') => return self.unicode_escape(),
            Some(byte @ (b'"' | b'\\' | b'/')) => char::from(*byte),
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{C}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(_) => {
                return Err(Fault { message: "invalid escaped character in string", at: self.at + 1 });
            }
            None => return Err(self.end()),
        };
        self.at += 2;
        Ok(plain)
    }

    fn unicode_escape(&mut self) -> Result<char, Fault> {
        let high = self.code_unit()?;
        if let Some(character) = char::from_u32(u32::from(high)) {
            self.at += 6;
            return Ok(character);
        }
        if high >= 0xDC00 {
            return Err(self.fault("invalid high surrogate in string"));
        }
        self.at += 6;
        if !self.rest().starts_with("\\u") {
            let truncated = "\\u".starts_with(self.rest());
            return Err(if truncated { self.end() } else { self.fault("no low surrogate in string") });
        }
        let low = self.code_unit()?;
        match char::decode_utf16([high, low]).next() {
            Some(Ok(character)) => {
                self.at += 6;
                Ok(character)
            }
            _ => Err(self.fault("invalid low surrogate in string")),
        }
    }

    /// Returns the four hexadecimal digits of the `\u` escape that comes next.
    fn code_unit(&self) -> Result<u16, Fault> {
        let digits = self.rest().as_bytes().get(2..).unwrap_or_default();
        let digits = &digits[..digits.len().min(4)];
        if !digits.iter().all(u8::is_ascii_hexdigit) {
            return Err(self.fault("invalid escaped sequence in string"));
        }
        if digits.len() < 4 {
            return Err(self.end());
        }
        Ok(digits.iter().fold(0, |unit, digit| unit << 4 | hex_value(*digit)))
    }

    fn blanks(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn unexpected(&self) -> Fault {
        self.fault_or_end("unexpected character")
    }

    fn fault_or_end(&self, message: &'static str) -> Fault {
        if self.peek().is_none() { self.end() } else { self.fault(message) }
    }

    fn fault(&self, message: &'static str) -> Fault {
        Fault { message, at: self.at }
    }

    fn end(&self) -> Fault {
        Fault { message: "unexpected end of data", at: self.text.len() }
    }
}

fn hex_value(digit: u8) -> u16 {
    char::from(digit).to_digit(16).and_then(|value| u16::try_from(value).ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_are_read() {
        let cases = [
            (
                " {\"b\": [1, -2, 1.5, true, false, null], \"a\": {}} ",
                json!({"b": [1, -2, 1.5, true, false, null], "a": {}}),
            ),
            (r#"{"a":1,"b":2,"a":3}"#, json!({"a": 3, "b": 2})),
            (r#""\"\\\/\b\f\n\r\t\u00e9\uD83D\uDE00é""#, json!("\"\\/\u{8}\u{C}\n\r\té😀é")),
            ("18446744073709551615", json!(18_446_744_073_709_551_615_u64)),
            ("18446744073709551616", json!(18_446_744_073_709_551_616.0)),
            ("-9223372036854775809", json!(-9_223_372_036_854_775_809.0)),
            ("-0", json!(0)),
            ("0e0", json!(0.0)),
            ("1e-400", json!(0.0)),
            ("\"\u{7F}\"", json!("\u{7F}")),
            ("[[],{}]", json!([[], {}])),
        ];
        for (text, expected) in cases {
            assert_eq!(parse(text).as_ref(), Ok(&expected), "{text}");
        }
    }

    #[test]
    fn errors_name_what_and_where() {
        let cases = [
            (" ", "input data is empty", 1, 1, 0),
            ("{", "unexpected end of data", 1, 2, 1),
            ("{\"a\":1,", "unexpected end of data", 1, 8, 7),
            ("{\n", "unexpected end of data", 2, 1, 2),
            ("{\n\"é\": x}", "unexpected character", 2, 6, 7),
            ("{a:1}", "unexpected character", 1, 2, 1),
            ("{\"a\" 1}", "unexpected character", 1, 6, 5),
            ("[1,,2]", "unexpected character", 1, 4, 3),
            ("[1 2]", "unexpected character", 1, 4, 3),
            ("[}", "unexpected character", 1, 2, 1),
            ("\u{FEFF}{}", "unexpected character", 1, 1, 0),
            ("NaN", "unexpected character", 1, 1, 0),
            ("[1,\n]", "trailing comma is not allowed", 1, 3, 2),
            ("{\"name\":\"x\",}", "trailing comma is not allowed", 1, 12, 11),
            ("{}{}", "unexpected content after document", 1, 3, 2),
            ("{\"a\":1}é", "unexpected content after document", 1, 8, 7),
            ("nul", "unexpected end of data", 1, 4, 3),
            ("[tru]", "invalid literal", 1, 2, 1),
            ("-", "unexpected end of data", 1, 2, 1),
            ("-a", "no digit after minus sign", 1, 2, 1),
            ("-01", "number with leading zero is not allowed", 1, 2, 1),
            ("[1.]", "no digit after decimal point", 1, 4, 3),
            ("1ea", "no digit after exponent sign", 1, 3, 2),
            ("[-1e400]", "number is infinity when parsed as double", 1, 2, 1),
            ("\"a", "unexpected end of data", 1, 3, 2),
            ("\"a\tb\"", "unexpected control character in string", 1, 3, 2),
            ("\"\\x\"", "invalid escaped character in string", 1, 3, 2),
            ("\"\\u12G4\"", "invalid escaped sequence in string", 1, 2, 1),
            ("\"\\u12", "unexpected end of data", 1, 6, 5),
            ("\"\\udc00\"", "invalid high surrogate in string", 1, 2, 1),
            ("\"\\ud800x\"", "no low surrogate in string", 1, 8, 7),
            ("\"\\ud800\\u0041\"", "invalid low surrogate in string", 1, 8, 7),
            ("\"\\ud83d\\ude", "unexpected end of data", 1, 12, 11),
        ];
        for (text, message, line, column, position) in cases {
            assert_eq!(parse(text), Err(ParseError { message, line, column, position }), "{text:?}");
        }
    }

    #[test]
    fn nesting_is_limited() {
        let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert!(parse(&nested(1024)).is_ok());
        let error = parse(&nested(1025)).expect_err("too deep").to_string();
        assert_eq!(error, "array and object recursion depth exceeded: line 1 column 1026 (char 1025)");
        assert!(parse(&"[".repeat(1_000_000)).is_err());
    }
}

//! Reads unquoted YAML scalars by the core schema of YAML 1.2: `no` is text, `0777` a decimal number.

use serde_json::Number;

use crate::tree::Content;

/// Returns the value of a plain scalar. Infinities and NaN, which JSON cannot express, are texts.
pub(crate) fn resolve(text: &str) -> Content {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Content::Null,
        "true" | "True" | "TRUE" => Content::Bool(true),
        "false" | "False" | "FALSE" => Content::Bool(false),
        _ => {
            let float = || text.parse().ok().filter(|_| is_float(text)).and_then(Number::from_f64);
            let number = integer(text).or_else(float);
            number.map_or_else(|| Content::Text(text.to_owned()), Content::Number)
        }
    }
}

fn unsigned(text: &str) -> &str {
    text.strip_prefix(['-', '+']).unwrap_or(text)
}

/// Returns an integer that fits 64 bits; a longer one is read as a float.
fn integer(text: &str) -> Option<Number> {
    let in_base = |digits: &str, base| {
        // `from_str_radix` would accept a second sign here.
        let plain = digits.bytes().all(|b| b.is_ascii_hexdigit());
        if plain { u64::from_str_radix(digits, base).ok().map(Number::from) } else { None }
    };
    if let Some(digits) = text.strip_prefix("0x") {
        return in_base(digits, 16);
    }
    if let Some(digits) = text.strip_prefix("0o") {
        return in_base(digits, 8);
    }
    if !unsigned(text).bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    text.parse::<i64>().map(Number::from).or_else(|_| text.parse::<u64>().map(Number::from)).ok()
}

/// Returns `true` if the text is `[-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?`.
fn is_float(text: &str) -> bool {
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    let (mantissa, exponent) = match unsigned(text).split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(unsigned(exponent))),
        None => (unsigned(text), None),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    digits(whole)
        && digits(fraction)
        && !(whole.is_empty() && fraction.is_empty())
        && exponent.is_none_or(|exponent| !exponent.is_empty() && digits(exponent))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn value(text: &str) -> serde_json::Value {
        Tree::new(Location::START, resolve(text)).to_value()
    }
    use crate::source::Location;
    use crate::tree::Tree;

    #[test]
    fn words_of_yaml_1_1_are_text() {
        for text in [
            "no",
            "yes",
            "on",
            "off",
            "y",
            "2024-08-01",
            "1_000",
            "1:30",
            "0b1",
            "0x",
            "+",
            "-",
            ".",
            "1e",
            "e1",
            "--1",
            "0o-7",
            "1.2.3",
        ] {
            assert_eq!(value(text), json!(text), "{text}");
        }
    }

    #[test]
    fn numbers_are_read_in_every_notation() {
        let cases = [
            ("0", json!(0)),
            ("0777", json!(777)),
            ("-12", json!(-12)),
            ("+12", json!(12)),
            ("0o17", json!(15)),
            ("0xFf", json!(255)),
            ("18446744073709551615", json!(u64::MAX)),
            ("2024.8", json!(2024.8)),
            ("1.", json!(1.0)),
            (".5", json!(0.5)),
            ("-1e3", json!(-1000.0)),
            ("100000000000000000000", json!(1e20)),
        ];
        for (text, expected) in cases {
            assert_eq!(value(text), expected, "{text}");
        }
    }

    #[test]
    fn what_json_cannot_express_is_text() {
        for text in [".inf", "-.INF", ".nan", "1e999"] {
            assert_eq!(value(text), json!(text), "{text}");
        }
    }
}

//! Examples of texts and numbers within the bounds of their schemas.

use serde_json::{Map, Number, Value};

/// The moment in every example.
pub const MOMENT: &str = "2024-07-29T15:51:28.071Z";

/// The example text of each format; for any other it is "string".
const FORMATS: [(&str, &str); 15] = [
    ("byte", "c3RyaW5n"),
    ("date", "2024-07-29"),
    ("date-time", MOMENT),
    ("duration", "P1D"),
    ("email", "user@example.com"),
    ("hostname", "example.com"),
    ("idn-email", "user@example.com"),
    ("idn-hostname", "example.com"),
    ("ipv4", "198.51.100.42"),
    ("ipv6", "2001:0db8:5b96:0000:0000:426f:8e17:642a"),
    ("time", "15:51:28Z"),
    ("uri", "https://example.com"),
    ("uri-reference", "https://example.com"),
    ("url", "https://example.com"),
    ("uuid", "3fa85f64-5717-4562-b3fc-2c963f66afa6"),
];

/// The longest text that is made to satisfy `minLength`.
const MAX_LENGTH: usize = 10_000;

pub(super) fn text(schema: &Map<String, Value>) -> Value {
    let format = schema.get("format").and_then(Value::as_str);
    if let Some((_, example)) = FORMATS.iter().find(|(name, _)| Some(*name) == format) {
        return Value::from(*example);
    }
    let limit = |key| schema.get(key).and_then(Value::as_u64).and_then(|n| usize::try_from(n).ok());
    let usual = "string";
    let length = usual.len().max(limit("minLength").unwrap_or(0).min(MAX_LENGTH));
    let length = length.min(limit("maxLength").unwrap_or(usize::MAX));
    usual.chars().cycle().take(length).collect::<String>().into()
}

/// Returns the integer nearest to zero, from below if there is a choice, that the schema admits.
pub(super) fn integer(schema: &Map<String, Value>) -> Value {
    let bound = |key: &str| schema.get(key).and_then(Value::as_f64);
    let whole = |key: &str, rounded: fn(f64) -> f64| {
        let exact = schema.get(key).and_then(Value::as_i64).map(i128::from);
        // A bound beyond 2^53 that is no i64 is an estimate anyway.
        #[allow(clippy::cast_possible_truncation)]
        exact.or_else(|| bound(key).map(|bound| rounded(bound) as i128))
    };
    let above = whole("exclusiveMinimum", f64::floor).map(|bound| bound.saturating_add(1));
    let below = whole("exclusiveMaximum", f64::ceil).map(|bound| bound.saturating_sub(1));
    let least = whole("minimum", f64::ceil).into_iter().chain(above).max();
    let most = whole("maximum", f64::floor).into_iter().chain(below).min();
    let nearest = 0.max(least.unwrap_or(i128::MIN)).min(most.unwrap_or(i128::MAX));
    let step = whole("multipleOf", f64::abs).filter(|step| *step > 0).unwrap_or(1);
    let up = nearest.saturating_add((step - nearest.rem_euclid(step)) % step);
    let multiple = if most.is_some_and(|most| up > most) { up.saturating_sub(step) } else { up };
    Number::from_i128(multiple).map_or(Value::from(0), Value::Number)
}

/// Returns the number nearest to zero that the schema admits, written without a fraction if it has none.
pub(super) fn number(schema: &Map<String, Value>) -> Value {
    let bound = |key: &str| schema.get(key).and_then(Value::as_f64);
    let least = bound("exclusiveMinimum").or_else(|| bound("minimum")).unwrap_or(f64::NEG_INFINITY);
    let most = bound("exclusiveMaximum").or_else(|| bound("maximum")).unwrap_or(f64::INFINITY);
    let admitted = |number: f64| {
        let above = number >= least && bound("exclusiveMinimum").is_none_or(|bound| number > bound);
        let below = number <= most && bound("exclusiveMaximum").is_none_or(|bound| number < bound);
        above && below && bound("multipleOf").is_none_or(|step| (number / step).fract() == 0.0)
    };
    let step = bound("multipleOf").filter(|step| *step > 0.0).unwrap_or(1.0);
    let candidates = [
        0.0,
        least,
        most,
        (least / step).ceil() * step,
        ((least / step).floor() + 1.0) * step,
        (most / step).floor() * step,
        ((most / step).ceil() - 1.0) * step,
        f64::midpoint(least, most),
    ];
    let number = candidates.into_iter().find(|number| number.is_finite() && admitted(*number)).unwrap_or(0.0);
    plain(number)
}

fn plain(number: f64) -> Value {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if number.fract() == 0.0 && number.abs() < EXACT {
        #[allow(clippy::cast_possible_truncation)]
        return Value::from(number as i64);
    }
    Value::from(number)
}

/// Returns a value like `value` and unlike it, for lists without repetition.
pub(super) fn another(value: &Value, index: usize) -> Value {
    match value {
        Value::String(text) => format!("{text}{index}").into(),
        Value::Number(number) => {
            let added =
                number.as_i64().zip(i64::try_from(index).ok()).and_then(|(n, index)| n.checked_add(index));
            added.map_or_else(|| value.clone(), Value::from)
        }
        _ => value.clone(),
    }
}

//! Samples of numbers.

use serde_json::{Map, Number, Value};

/// Returns integers near zero and at the bounds of a schema.
pub(super) fn integers(schema: &Map<String, Value>) -> Vec<Value> {
    let format = schema.get("format").and_then(Value::as_str).unwrap_or_default();
    let step = whole(schema, "multipleOf").filter(|step| *step > 0).unwrap_or(1);
    let (least, most) = range(format);
    let (least, most) = (
        [whole(schema, "minimum"), whole(schema, "exclusiveMinimum")]
            .into_iter()
            .flatten()
            .fold(least, i128::max),
        [whole(schema, "maximum"), whole(schema, "exclusiveMaximum")]
            .into_iter()
            .flatten()
            .fold(most, i128::min),
    );
    let nearest = 1.clamp(least, most.max(least));
    let candidates = [nearest, 0, -1, 7, least, least + 1, most, most - 1];
    let multiples = candidates.iter().flat_map(|number| {
        let down = number - number.rem_euclid(step);
        [down, down + step]
    });
    let candidates = candidates.iter().copied().chain(multiples);
    candidates.filter_map(|number| Number::from_i128(number).map(Value::Number)).collect()
}

/// Returns numbers with and without a fraction, near zero and at the bounds of a schema.
pub(super) fn numbers(schema: &Map<String, Value>) -> Vec<Value> {
    let bound = |key: &str| schema.get(key).and_then(Value::as_f64);
    let least = bound("minimum").or_else(|| bound("exclusiveMinimum"));
    let most = bound("maximum").or_else(|| bound("exclusiveMaximum"));
    let middle = least.zip(most).map(|(least, most)| f64::midpoint(least, most));
    let above = least.map(|least| least + 1.5);
    let below = most.map(|most| most - 1.5);
    let multiple = bound("multipleOf").map(|step| step * 3.0);
    let plain = [1.5, 0.0, -2.25, 3.0];
    let candidates =
        plain.into_iter().chain([middle, above, below, least, most, multiple].into_iter().flatten());
    candidates.filter_map(|number| Number::from_f64(number).map(Value::Number)).collect()
}

/// Returns `true` if a number is within the bounds of its schema and its format.
pub(super) fn is_within(schema: &Map<String, Value>, number: &Number) -> bool {
    let Some(value) = number.as_f64() else { return false };
    let bound = |key: &str| schema.get(key).and_then(Value::as_f64);
    let above = bound("minimum").is_none_or(|least| value >= least)
        && bound("exclusiveMinimum").is_none_or(|least| value > least);
    let below = bound("maximum").is_none_or(|most| value <= most)
        && bound("exclusiveMaximum").is_none_or(|most| value < most);
    let multiple = bound("multipleOf").filter(|step| *step > 0.0).is_none_or(|step| {
        let quotient = value / step;
        (quotient - quotient.round()).abs() < 1e-9
    });
    let format = schema.get("format").and_then(Value::as_str).unwrap_or_default();
    let in_range = schema.get("type").and_then(Value::as_str) != Some("integer")
        || number.as_i128().is_none_or(|number| {
            let (least, most) = range(format);
            (least..=most).contains(&number)
        });
    above && below && multiple && in_range && (format != "float" || is_single(value))
}

/// Returns `true` if a number is within reach of those of single precision.
fn is_single(value: f64) -> bool {
    let magnitude = value.abs();
    value == 0.0 || (f64::from(f32::MIN_POSITIVE)..=f64::from(f32::MAX)).contains(&magnitude)
}

/// Returns the integers of a format. Without one, they are those that every reader of JSON keeps.
fn range(format: &str) -> (i128, i128) {
    const EXACT: i128 = (1 << 53) - 1;
    match format {
        "int8" => (i8::MIN.into(), i8::MAX.into()),
        "int16" => (i16::MIN.into(), i16::MAX.into()),
        // What is as wide as the machine that wrote it has at least 32 bits.
        "int32" | "int" => (i32::MIN.into(), i32::MAX.into()),
        "int64" => (i64::MIN.into(), i64::MAX.into()),
        "uint8" => (0, u8::MAX.into()),
        "uint16" => (0, u16::MAX.into()),
        "uint32" | "uint" => (0, u32::MAX.into()),
        // A server reads integers of 64 bits with a sign.
        "uint64" => (0, i64::MAX.into()),
        _ => (-EXACT, EXACT),
    }
}

/// Returns a bound as the integer that is within it.
fn whole(schema: &Map<String, Value>, key: &str) -> Option<i128> {
    let value = schema.get(key)?;
    if let Some(exact) = value.as_i64() {
        return Some(exact.into());
    }
    let bound = value.as_f64()?;
    let rounded = if key.ends_with("aximum") { bound.floor() } else { bound.ceil() };
    // A bound beyond 2^53 that is no i64 is an estimate anyway.
    #[allow(clippy::cast_possible_truncation)]
    let rounded = rounded as i128;
    Some(rounded)
}

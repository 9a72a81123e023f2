//! Compares the constraints on numbers and on texts.

use super::facts::Facts;
use super::numbers::{Count, range};

/// Formats of numbers, which say nothing of texts.
const OF_NUMBERS: [&str; 10] =
    ["int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "float", "double"];

pub(super) fn numbers_within(sent: &Facts<'_>, read: &Facts<'_>) -> bool {
    // The range of a format of whole numbers is among the bounds.
    let is_known = |format: &&str| {
        range(format).is_some() && sent.numbers.whole
            || !OF_NUMBERS.contains(format)
            || sent.formats.contains(*format)
            || *format == "double" && sent.formats.contains("float")
    };
    read.values.is_none() && sent.numbers.is_within(&read.numbers) && read.formats.iter().all(is_known)
}

pub(super) fn texts_within(sent: &Facts<'_>, read: &Facts<'_>) -> bool {
    let is_known = |format: &&str| OF_NUMBERS.contains(format) || sent.formats.contains(*format);
    let length = sent.formats.iter().fold(sent.length, |length, format| length.and(length_of(format)));
    read.values.is_none()
        && length.is_within(read.length)
        && read.patterns.is_subset(&sent.patterns)
        && read.formats.iter().all(is_known)
}

/// Returns how long texts of a format are.
fn length_of(format: &str) -> Count {
    let exactly = |length| Count { least: length, most: Some(length) };
    match format {
        "uuid" => exactly(36),
        "date" => exactly(10),
        _ => Count::default(),
    }
}

//! Compares the constraints on numbers and on texts.

use std::collections::BTreeSet;

use super::answer::Answer;
use super::facts::Facts;
use super::numbers::{Count, range};
use super::texts::{self, Texts, Work};

/// Formats of numbers, which say nothing of texts.
const OF_NUMBERS: [&str; 10] =
    ["int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "float", "double"];

/// Tells whether numbers lie within others; their bounds do not matter to a reader who is lenient.
pub(super) fn numbers_within(sent: &Facts<'_>, read: &Facts<'_>, is_lenient: bool) -> bool {
    // The range of a format of whole numbers is among the bounds.
    let is_known = |format: &&str| {
        range(format).is_some() && sent.numbers.whole
            || !OF_NUMBERS.contains(format)
            || sent.formats.contains(*format)
            || *format == "double" && sent.formats.contains("float")
    };
    let are_bounded = if is_lenient {
        sent.numbers.integer || !read.numbers.integer
    } else {
        sent.numbers.is_within(&read.numbers)
    };
    read.values.is_none() && are_bounded && read.formats.iter().all(is_known)
}

/// Tells whether texts lie within others. Where patterns may differ, one takes the place of another, and a reader who is
/// lenient heeds neither these nor bounds.
pub(super) fn texts_within(
    sent: &Facts<'_>,
    read: &Facts<'_>,
    (may_differ, is_lenient): (bool, bool),
    work: &Work,
) -> Answer {
    let is_known = |format: &&str| OF_NUMBERS.contains(format) || sent.formats.contains(*format);
    if read.values.is_some() || !read.formats.iter().all(is_known) {
        return Answer::No;
    }
    let length = sent.formats.iter().fold(sent.length, |length, format| length.and(length_of(format)));
    let has_other = may_differ && !sent.patterns.is_empty();
    if is_lenient || has_other && length.is_within(read.length) {
        return Answer::Yes;
    }
    match texts_of(sent, length).are_within(&texts_of(read, read.length), work) {
        Some(true) => Answer::Yes,
        None if texts::is_spent(work) => Answer::Unknown,
        _ => Answer::No,
    }
}

fn texts_of<'a>(facts: &Facts<'a>, length: Count) -> Texts<'a> {
    let all = |patterns: &BTreeSet<&'a str>| patterns.iter().copied().collect();
    Texts { patterns: all(&facts.patterns), unlike: all(&facts.unlike), length }
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

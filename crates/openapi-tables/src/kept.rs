//! Allocates values for the life of the process: tables refer to what is never freed.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

/// Keeps a value.
pub(crate) fn kept<T>(value: T) -> &'static T {
    Box::leak(Box::new(value))
}

/// Keeps values.
pub(crate) fn all<T>(values: Vec<T>) -> &'static [T] {
    Box::leak(values.into_boxed_slice())
}

/// Keeps a text; the same text only once.
pub(crate) fn text(text: &str) -> &'static str {
    static KNOWN: Mutex<Option<HashSet<&'static str>>> = Mutex::new(None);
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    let known = known.get_or_insert_default();
    if let Some(known) = known.get(text) {
        return known;
    }
    let kept: &'static str = Box::leak(Box::from(text));
    known.insert(kept);
    kept
}

/// Keeps texts.
pub(crate) fn texts<'a>(texts: impl IntoIterator<Item = &'a str>) -> &'static [&'static str] {
    all(texts.into_iter().map(text).collect())
}

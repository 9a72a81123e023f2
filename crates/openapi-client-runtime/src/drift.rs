//! Finds the differences between a response and the document, and repairs the response so that it still decodes.
//!
//! Releases of a server add, move and drop properties. A response is compared with the tables made from the document. A
//! missing value is replaced by a neutral one, and every difference is reported. Essential values are not replaced, and
//! decoding fails without them: those that identify the object of a response, and the objects of a page. A made-up
//! value would be taken for a real one.

mod compare;
mod report;
#[cfg(test)]
mod sample;
pub mod shape;

use std::borrow::Cow;
use std::collections::BTreeSet;

use serde_json::Value;

use crate::api::Operation;
use crate::dialect::Dialect;
pub(crate) use report::Hook;
pub use report::{Drift, DriftKind, DriftReport};

/// Returns the body to decode instead of `body`, which `operation` answered, and how that one drifted.
pub(crate) fn settle<'a>(
    dialect: &dyn Dialect,
    operation: &Operation,
    body: &'a [u8],
) -> (Cow<'a, [u8]>, Vec<Drift>) {
    // What is no JSON is for decoding to complain about, as it knows the line and the column.
    let Ok(mut value) = serde_json::from_slice::<Value>(body) else {
        return (Cow::Borrowed(body), Vec::new());
    };
    let Some(shape) = &operation.answer else {
        return (Cow::Borrowed(body), Vec::new());
    };
    let (drift, changed) = compare::settle(dialect, shape, &mut value);
    log(operation.id, &drift);
    let body = match serde_json::to_vec(&value) {
        Ok(settled) if changed => Cow::Owned(settled),
        _ => Cow::Borrowed(body),
    };
    (body, drift)
}

/// Tells each place once, however many objects of a page it is in.
fn log(operation: &str, drift: &[Drift]) {
    let told: BTreeSet<(&str, DriftKind)> = drift.iter().map(|drift| (drift.place(), drift.kind())).collect();
    for (place, kind) in told {
        tracing::info!(operation, place, %kind, "the answer is not as the document describes it");
    }
}

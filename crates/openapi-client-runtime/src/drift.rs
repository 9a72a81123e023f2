//! Finds the differences between a response and the document, and repairs the response so that it still decodes.
//!
//! Releases of a server add, move and drop properties. A response is compared with the tables made from the document. A
//! missing value is replaced by a neutral one, and every difference is reported. Essential values are not replaced, and
//! decoding fails without them: those that identify the object of a response, and the objects of a page. A made-up
//! value would be taken for a real one.

mod compare;
mod place;
mod report;
#[cfg(test)]
mod sample;
pub mod shape;
mod watch;

use std::borrow::Cow;
use std::collections::BTreeSet;

use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::api::Operation;
use crate::dialect::Dialect;
pub(crate) use report::Hook;
pub use report::{Drift, DriftKind, DriftReport};
use shape::Shape;

/// Reads `body`, which `operation` answered, as a `T`, repaired where it drifted; and returns the drift.
///
/// A body that needs no repair is read once, and no value of it is made but the `T`. An error has its place as a JSON pointer.
pub(crate) fn read<T: DeserializeOwned>(
    dialect: &dyn Dialect,
    operation: &Operation,
    body: &[u8],
) -> (Result<T, (String, serde_json::Error)>, Vec<Drift>) {
    let shape = operation.answer.as_ref().unwrap_or(&Shape::Opaque);
    let read = match watch::read(dialect, shape, body) {
        (Ok(value), Some(drift)) => {
            report(operation.id, &drift);
            return (Ok(value), drift);
        }
        (read, _) => read,
    };
    let (settled, drift) = settle(dialect, operation, body);
    match (read, settled) {
        (Ok(value), Cow::Borrowed(_)) => (Ok(value), drift),
        (_, settled) => (watch::read_traced(dialect, &settled), drift),
    }
}

/// Returns the body to decode instead of `body`, which `operation` answered, and how that one drifted.
fn settle<'a>(dialect: &dyn Dialect, operation: &Operation, body: &'a [u8]) -> (Cow<'a, [u8]>, Vec<Drift>) {
    let Some(shape) = &operation.answer else {
        return (Cow::Borrowed(body), Vec::new());
    };
    // What is no JSON is for decoding to complain about, as it knows the line and the column.
    let Ok(mut value) = serde_json::from_slice::<Value>(body) else {
        return (Cow::Borrowed(body), Vec::new());
    };
    let (drift, changed) = compare::settle(dialect, shape, &mut value);
    report(operation.id, &drift);
    let settled = if changed { serde_json::to_vec(&value).ok() } else { None };
    (settled.map_or(Cow::Borrowed(body), Cow::Owned), drift)
}

/// Tells each place once, however many objects of a page it is in.
fn report(operation: &str, drift: &[Drift]) {
    let told: BTreeSet<(&str, DriftKind)> = drift.iter().map(|drift| (drift.place(), drift.kind)).collect();
    for (place, kind) in told {
        tracing::info!(operation, place, %kind, "the answer is not as the document describes it");
    }
}

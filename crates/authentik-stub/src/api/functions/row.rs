//! The means of functions of rows.

use std::collections::HashMap;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex};

use openapi_resources::reader::Reader;
use openapi_resources::row::Row;
use serde_json::Value;

use super::super::caller::Caller;

/// A function of a row.
pub(crate) type Computed = fn(Reader<'_>, &Row) -> Value;

/// The request that a row is shown for, as far as functions know it.
#[derive(Debug, Default)]
pub(crate) struct Shown {
    /// The URL of the server, without a slash at its end.
    pub(crate) url: String,
    pub(crate) caller: Option<Arc<Caller>>,
    /// `true` once the service for pictures of users was asked in vain.
    pub(crate) has_no_pictures: Arc<AtomicBool>,
    /// The names of the first objects that holders of permissions may view, by the holders and the models.
    pub(super) first_objects: Mutex<HashMap<String, Value>>,
}

pub(crate) fn nothing(_: Reader<'_>, _: &Row) -> Value {
    Value::Null
}

pub(crate) fn text<'a>(reader: Reader<'a>, row: &'a Row, field: &str) -> &'a str {
    reader.value(row, field).as_str().unwrap_or_default()
}

/// Returns a number without its fraction.
#[allow(clippy::cast_possible_truncation, reason = "what is out of reach becomes the nearest number")]
pub(crate) fn whole(number: f64) -> i64 {
    number as i64
}

/// Returns the seconds of a duration like `hours=1;minutes=5`.
pub(crate) fn seconds(text: &str) -> f64 {
    let pairs = text.split(';').filter_map(|pair| pair.split_once('='));
    let pairs = pairs.filter_map(|(unit, amount)| {
        let unit = match unit.to_lowercase().as_str() {
            "microseconds" => 0.000_001,
            "milliseconds" => 0.001,
            "seconds" => 1.0,
            "minutes" => 60.0,
            "hours" => 3600.0,
            "days" => 86_400.0,
            "weeks" => 604_800.0,
            _ => return None,
        };
        Some(unit * amount.trim().parse::<f64>().ok()?)
    });
    pairs.sum()
}

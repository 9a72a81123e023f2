//! Reads what the control API is sent, and says which part of it is wrong.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::limits::MAX_BYTES_OF_A_KIND;

/// One thing, or several.
#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMany {
    Many(Vec<Value>),
    One(Value),
}

/// Reads one thing.
pub(crate) fn one<T: DeserializeOwned>(text: &[u8]) -> Result<T, String> {
    let value = serde_json::from_slice(text).map_err(|error| format!("this is no JSON: {error}"))?;
    typed(value).map_err(|error| format!("at {error}"))
}

/// Reads one thing or a list of them, which are called `noun`.
pub(crate) fn one_or_many<T: DeserializeOwned>(text: &[u8], noun: &str) -> Result<Vec<T>, String> {
    let values = match serde_json::from_slice(text) {
        Ok(OneOrMany::Many(values)) => values,
        Ok(OneOrMany::One(value)) => vec![value],
        Err(error) => {
            return Err(format!("the body is no JSON: {error}; send one {noun}, or a list of them"));
        }
    };
    let numbered = values.into_iter().zip(1..);
    numbered
        .map(|(value, number)| typed(value).map_err(|error| format!("{noun} {number}, at {error}")))
        .collect()
}

/// Returns the number of bytes that something has as JSON.
pub(crate) fn size(value: &impl Serialize) -> usize {
    serde_json::to_vec(value).map_or(usize::MAX, |text| text.len())
}

/// Returns `true` if things have no more bytes together than is kept of them.
pub(crate) fn fit<'a, T: Serialize + 'a>(values: impl IntoIterator<Item = &'a T>) -> bool {
    values.into_iter().map(size).fold(0, usize::saturating_add) <= MAX_BYTES_OF_A_KIND
}

fn typed<T: DeserializeOwned>(value: Value) -> Result<T, String> {
    // A list would be read as the members in their order.
    if value.is_array() {
        return Err(".: invalid type: list, expected an object".to_owned());
    }
    serde_path_to_error::deserialize(value).map_err(|error| format!("{}: {}", error.path(), error.inner()))
}

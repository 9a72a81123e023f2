//! The rules for values that name objects by their keys, and for UUIDs.

use serde_json::Value;
use uuid::Uuid;

use crate::server::fault::Fault;
use crate::server::python;
use openapi_server_runtime::host::Host;
use openapi_server_runtime::request::RequestContext;
use openapi_server_runtime::schema::Key;

/// The objects that a value names one of, and what they are named by.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Target {
    pub(crate) model: &'static str,
    pub(crate) by: Option<&'static str>,
    pub(crate) key: Key,
}

/// Returns a UUID, from text in any of its spellings or from a number.
pub(crate) fn uuid(value: &Value) -> Option<Uuid> {
    match value {
        Value::String(text) => python::uuid(text),
        Value::Number(number) => number.as_u64().map(|number| Uuid::from_u128(u128::from(number))),
        _ => None,
    }
}

/// Returns the key of one object.
pub(crate) async fn key<H: Host>(
    target: Target,
    value: &Value,
    host: &H,
    cx: &RequestContext<H::User>,
) -> Result<Value, Fault> {
    let text = python::str(value);
    let missing = || Fault::invalid(format!("Invalid pk \"{text}\" - object does not exist."));
    let mistyped = || {
        let name = python::type_name(value);
        Fault::invalid(format!("Incorrect type. Expected pk value, received {name}."))
    };
    let key = match (target.key, value) {
        (_, Value::Bool(_)) => return Err(mistyped()),
        (_, Value::Null) => return Err(missing()),
        (Key::Uuid, _) => {
            let key = uuid(value).ok_or_else(|| Fault::invalid(format!("“{text}” is not a valid UUID.")))?;
            Value::from(key.to_string())
        }
        (_, Value::Array(_) | Value::Object(_)) => return Err(mistyped()),
        (Key::Integer, _) => {
            let number = python::int(&text).ok_or_else(mistyped)?;
            i64::try_from(number).map(Value::from).map_err(|_| missing())?
        }
        (Key::Text, _) => Value::from(text.as_str()),
    };
    if host.foreign_key_exists(cx, target.model, target.by, &key).await? { Ok(key) } else { Err(missing()) }
}

/// Returns the keys of several objects, each once. An object counts as the list of its keys. Only the first bad key is
/// reported.
pub(crate) async fn keys<H: Host>(
    target: Target,
    value: &Value,
    host: &H,
    cx: &RequestContext<H::User>,
) -> Result<Value, Fault> {
    let names: Vec<Value>;
    let values = match value {
        Value::Array(values) => values,
        Value::Object(entries) => {
            names = entries.keys().map(|key| Value::from(key.as_str())).collect();
            &names
        }
        _ => return Err(Fault::not_a_list(value)),
    };
    let mut keys = Vec::with_capacity(values.len());
    for value in values {
        let key = key(target, value, host, cx).await?;
        if !keys.contains(&key) {
            keys.push(key);
        }
    }
    Ok(Value::Array(keys))
}

//! The rules for values that name objects by their primary key, which is a UUID, and for UUIDs themselves.

use serde_json::Value;
use uuid::Uuid;

use crate::server::fault::Fault;
use crate::server::python;
use openapi_server_runtime::host::Host;
use openapi_server_runtime::request::RequestContext;

/// Returns a UUID, from text in any of its spellings or from a number.
pub(crate) fn uuid(value: &Value) -> Option<Uuid> {
    match value {
        Value::String(text) => python::uuid(text),
        Value::Number(number) => number.as_u64().map(|number| Uuid::from_u128(u128::from(number))),
        _ => None,
    }
}

/// Returns the primary key of one object.
pub(crate) async fn key<H: Host>(
    model: &'static str,
    value: &Value,
    host: &H,
    cx: &RequestContext<H::User>,
) -> Result<Uuid, Fault> {
    let text = python::str(value);
    let missing = || Fault::invalid(format!("Invalid pk \"{text}\" - object does not exist."));
    match value {
        Value::Bool(_) => Err(Fault::invalid("Incorrect type. Expected pk value, received bool.")),
        Value::Null => Err(missing()),
        _ => {
            let key = uuid(value).ok_or_else(|| Fault::invalid(format!("“{text}” is not a valid UUID.")))?;
            if host.foreign_key_exists(cx, model, key).await? { Ok(key) } else { Err(missing()) }
        }
    }
}

/// Returns the primary keys of several objects, each once. An object counts as the list of its keys. Only the first bad
/// key is reported.
pub(crate) async fn keys<H: Host>(
    model: &'static str,
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
        let key = key(model, value, host, cx).await?;
        if !keys.contains(&key) {
            keys.push(key);
        }
    }
    Ok(keys.iter().map(|key| Value::from(key.to_string())).collect())
}

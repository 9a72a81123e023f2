//! The arguments of a request as the store takes them.

use openapi_django::server::python;
use openapi_server_runtime::arguments::ParameterValue;
use openapi_server_runtime::filters::{FilterValue, PageNumber};
use openapi_server_runtime::operation::{Location, Operation};
use openapi_server_runtime::schema::Rule;
use serde_json::Value;

use super::Context;

/// Returns the address that a request was sent to, without a path.
pub(crate) fn origin(cx: &Context) -> String {
    cx.origin().unwrap_or_else(|| "http://localhost".to_owned())
}

/// Returns the variables of the path. What the document says is a number or a UUID is read as Python does.
pub(crate) fn path(cx: &Context) -> Vec<(&str, Value)> {
    let read = |name: &str, text: &str| match declared(cx, name)? {
        Rule::Integer(_) => i64::try_from(python::int(text)?).ok().map(Value::from),
        Rule::Uuid => python::uuid(text).map(|uuid| Value::from(uuid.to_string())),
        _ => None,
    };
    let value = |name, text: &str| read(name, text).unwrap_or_else(|| Value::from(text));
    cx.path.iter().map(|(name, text)| (*name, value(name, text))).collect()
}

/// Returns `true` for a variable of the path that the document says is a number.
pub(crate) fn is_number(cx: &Context, name: &str) -> bool {
    matches!(declared(cx, name), Some(Rule::Integer(_)))
}

/// Returns what the document says of a variable of the path.
fn declared(cx: &Context, name: &str) -> Option<&'static Rule> {
    let mut declared = cx.operation.into_iter().flat_map(|operation| operation.parameters_in(Location::Path));
    declared.find(|parameter| parameter.name == name).map(|parameter| &parameter.rule)
}

/// Returns the parameters of the query, checked.
pub(crate) fn query<'a>(cx: &Context, operation: &'a Operation) -> Vec<(&'a str, Vec<Value>)> {
    let values = cx.parameters(Location::Query);
    let known = operation.parameters_in(Location::Query);
    known.filter_map(|parameter| Some((parameter.name, texts(values.get(parameter.name)?)))).collect()
}

/// Returns a parameter as values of JSON.
pub(crate) fn texts(value: &ParameterValue) -> Vec<Value> {
    match value {
        ParameterValue::Filter(value) => of(value),
        ParameterValue::Page(PageNumber::Number(number)) => vec![Value::from(number.to_string())],
        ParameterValue::Page(PageNumber::Last) => vec![Value::from("last")],
        ParameterValue::Page(PageNumber::Invalid) => vec![Value::from("invalid")],
        ParameterValue::PageSize(size) => vec![Value::from(size.rows().to_string())],
    }
}

fn of(value: &FilterValue) -> Vec<Value> {
    vec![match value {
        FilterValue::Text(text) | FilterValue::Choice(text) => Value::from(text.as_str()),
        FilterValue::Boolean(flag) => Value::from(*flag),
        FilterValue::Integer(number) => Value::from(*number),
        FilterValue::Number(number) => Value::from(*number),
        FilterValue::Uuid(uuid) => Value::from(uuid.to_string()),
        FilterValue::Json(value) => value.clone(),
        FilterValue::List(values) => return values.iter().flat_map(of).collect(),
    }]
}

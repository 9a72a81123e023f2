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

/// Returns the variables of the path. What the document says is a number is read as Python does.
pub(crate) fn path(cx: &Context) -> Vec<(&str, Value)> {
    let value = |name: &str, text: &str| {
        let number = python::int(text).filter(|_| is_number(cx, name));
        let number = number.and_then(|number| i64::try_from(number).ok());
        number.map_or_else(|| Value::from(text), Value::from)
    };
    cx.path.iter().map(|(name, text)| (*name, value(name, text))).collect()
}

/// Returns `true` for a variable of the path that the document says is a number.
pub(crate) fn is_number(cx: &Context, name: &str) -> bool {
    let mut declared = cx.operation.into_iter().flat_map(|operation| operation.parameters_in(Location::Path));
    declared.any(|parameter| parameter.name == name && matches!(parameter.rule, Rule::Integer(_)))
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

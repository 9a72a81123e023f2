//! Reads parameters from their text: a value is spelled as in JSON, and nothing stands around it.

use serde_json::Value;
use uuid::Uuid;

use super::values::{Checker, expected};
use crate::arguments::{Arguments, ParameterValue};
use crate::filters::{FilterValue, PageNumber, PageSize};
use crate::operation::{Location, Parameter, Role};
use crate::request::RequestContext;
use crate::schema::{Key, Rule};

/// The longest text that an error quotes.
const MAX_QUOTED: usize = 40;

/// Reads a parameter of a request into `arguments`, or adds to `checker` what is wrong with it.
pub(super) fn parse<U>(
    parameter: &'static Parameter,
    cx: &RequestContext<U>,
    arguments: &mut Arguments,
    checker: &mut Checker,
) {
    if parameter.is_ignored() {
        return;
    }
    let texts = cx.texts(parameter.location, parameter.name);
    let mut texts = texts.iter().map(AsRef::as_ref);
    checker.parameter(parameter, |checker| {
        let value = match (&parameter.rule, texts.len()) {
            (_, 0) if parameter.required => {
                return checker.fail("This parameter is required.");
            }
            (_, 0) => return,
            (Rule::List(list), _) => texts.map(|text| scalar(&list.item, text)).collect(),
            (Rule::Joined { list, separator }, _) => {
                // The lists of headers may have blanks around their commas.
                let trimmed =
                    |text| if parameter.location == Location::Header { str::trim(text) } else { text };
                let items = texts.flat_map(|text| text.split(*separator)).map(trimmed);
                items.map(|text| scalar(&list.item, text)).collect()
            }
            (rule, 1) => scalar(rule, texts.next().unwrap_or_default()),
            _ => return checker.fail("This parameter is given more than once."),
        };
        match value {
            Err(detail) => checker.fail(detail),
            Ok(value) => {
                checker.value(&parameter.rule, &value);
                if let Some(value) = of_role(parameter.role, &parameter.rule, &value) {
                    arguments.parameters_mut(parameter.location).insert(parameter.name, value);
                }
            }
        }
    });
}

/// Reads a text as the JSON value that a rule takes.
fn scalar(rule: &Rule, text: &str) -> Result<Value, String> {
    let value = match rule {
        Rule::Nullable(rule) => return scalar(rule, text),
        Rule::Boolean => text.parse().ok().map(Value::Bool),
        Rule::Integer(_) | Rule::Number(_)
            if text.starts_with(|first: char| first == '-' || first.is_ascii_digit()) =>
        {
            serde_json::from_str(text).ok().filter(|_| !text.ends_with(char::is_whitespace))
        }
        Rule::Integer(_) | Rule::Number(_) => None,
        _ => Some(Value::from(text)),
    };
    value.ok_or_else(|| format!("Expected {}, got \"{}\".", expected(rule), quoted(text)))
}

/// Returns the beginning of a text.
fn quoted(text: &str) -> String {
    match text.char_indices().nth(MAX_QUOTED) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// Returns a value as what its parameter is for.
fn of_role(purpose: Role, rule: &Rule, value: &Value) -> Option<ParameterValue> {
    let number = || value.as_u64().or_else(|| value.as_str()?.parse().ok()).filter(|number| *number > 0);
    Some(match purpose {
        Role::Page => ParameterValue::Page(number().map_or(PageNumber::Invalid, PageNumber::Number)),
        Role::PageSize => ParameterValue::PageSize(PageSize::new(number()?)?),
        Role::Ordering | Role::Search => {
            ParameterValue::Filter(FilterValue::Text(value.as_str().unwrap_or_default().to_owned()))
        }
        Role::Filter | Role::Plain => ParameterValue::Filter(typed(rule, value)?),
    })
}

/// Returns a value that follows a rule as what the rule says it is.
fn typed(rule: &Rule, value: &Value) -> Option<FilterValue> {
    Some(match rule {
        Rule::Nullable(rule) => return typed(rule, value),
        Rule::Boolean => FilterValue::Boolean(value.as_bool()?),
        Rule::Integer(_) | Rule::Reference { key: Key::Integer, .. } => FilterValue::Integer(value.as_i64()?),
        Rule::Number(_) => FilterValue::Number(value.as_f64()?),
        Rule::Uuid | Rule::Reference { key: Key::Uuid, .. } => {
            FilterValue::Uuid(Uuid::try_parse(value.as_str()?).ok()?)
        }
        Rule::Choice(_) => FilterValue::Choice(value.as_str()?.to_owned()),
        Rule::List(list) | Rule::Joined { list, .. } => {
            let items = value.as_array()?.iter().map(|value| typed(&list.item, value));
            FilterValue::List(items.collect::<Option<_>>()?)
        }
        _ => FilterValue::Text(value.as_str()?.to_owned()),
    })
}

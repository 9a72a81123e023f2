//! The rules for text in a body: what counts as text, how it is trimmed, and every way in which it can be wrong.

use serde_json::Value;

use crate::server::errors::Messages;
use crate::server::fault::Fault;
use crate::server::python;
use openapi_server_runtime::host::Host;
use openapi_server_runtime::request::RequestContext;
use openapi_server_runtime::schema::{Field, Text};

const BLANK: &str = "This field may not be blank.";
const NOT_TEXT: &str = "Not a valid string.";
const NULL_CHARACTERS: &str = "Null characters are not allowed.";
const NOT_A_SLUG: &str = "Enter a valid \"slug\" consisting of letters, numbers, underscores or hyphens.";
const NO_MATCH: &str = "This value does not match the required pattern.";

/// Parses a text.
pub(crate) fn parse(rule: &Text, value: &Value) -> Result<String, Fault> {
    checked(rule, trimmed(rule, value)?, Vec::new())
}

/// Parses the text of a field, which may have to be unique.
pub(crate) async fn parse_unique<H: Host>(
    rule: &Text,
    field: &'static Field,
    value: &Value,
    host: &H,
    cx: &RequestContext<H::User>,
) -> Result<String, Fault> {
    let text = trimmed(rule, value)?;
    let mut messages = Vec::new();
    if let Some(model) = field.unique
        && host.unique_conflict(cx, model, field.name, &text).await?
    {
        messages.push(format!("{model} with this {} already exists.", field.name.replace('_', " ")));
    }
    checked(rule, text, messages)
}

/// Numbers count as text; blanks around it do not.
fn trimmed(rule: &Text, value: &Value) -> Result<String, Fault> {
    let text = match value {
        Value::String(_) | Value::Number(_) => python::str(value),
        _ => return Err(Fault::invalid(mismatch(rule))),
    };
    let text = python::strip(&text);
    if text.is_empty() && rule.min_length.is_some_and(|least| least > 0) {
        return Err(Fault::invalid(BLANK));
    }
    Ok(text.to_owned())
}

/// Returns the text, unless there are messages about it, which follow those already there.
fn checked(rule: &Text, text: String, mut messages: Vec<String>) -> Result<String, Fault> {
    let length = text.chars().count();
    if let Some(most) = rule.max_length.filter(|most| length > *most) {
        messages.push(format!("Ensure this field has no more than {most} characters."));
    }
    if let Some(least) = rule.min_length.filter(|least| length < *least) {
        messages.push(format!("Ensure this field has at least {least} characters."));
    }
    if text.contains('\0') {
        messages.push(NULL_CHARACTERS.to_owned());
    }
    if !text.is_empty() && !rule.matches_pattern(&text) {
        messages.push(mismatch(rule).to_owned());
    }
    if messages.is_empty() { Ok(text) } else { Err(Fault::Invalid(Messages::Own(messages))) }
}

fn mismatch(rule: &Text) -> &'static str {
    match rule.pattern {
        None => NOT_TEXT,
        Some(_) if rule.is_slug() => NOT_A_SLUG,
        Some(_) => NO_MATCH,
    }
}

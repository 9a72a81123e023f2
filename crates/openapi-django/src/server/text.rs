//! The rules for text in a body: what counts as text, how it is trimmed, and every way in which it can be wrong.

use serde_json::Value;

use crate::server::errors::Messages;
use crate::server::fault::Fault;
use crate::server::formats;
use crate::server::python;
use openapi_server_runtime::host::Host;
use openapi_server_runtime::request::RequestContext;
use openapi_server_runtime::schema::{Field, Text};

const BLANK: &str = "This field may not be blank.";
const NOT_TEXT: &str = "Not a valid string.";
pub(crate) const NULL_CHARACTERS: &str = "Null characters are not allowed.";
const NOT_A_SLUG: &str = "Enter a valid \"slug\" consisting of letters, numbers, underscores or hyphens.";

/// Parses a text.
pub(crate) fn parse(rule: &Text, value: &Value) -> Result<String, Fault> {
    checked(rule, trimmed(rule, value)?, Vec::new(), None)
}

/// Parses the text of a field, which may have to be unique, and may have messages of its own.
pub(crate) async fn parse_field<H: Host>(
    rule: &Text,
    field: &'static Field,
    value: &Value,
    host: &H,
    cx: &RequestContext<H::User>,
) -> Result<String, Fault> {
    let text = trimmed(rule, value)?;
    let messages = unique_message(field, &Value::from(text.as_str()), host, cx).await?;
    checked(rule, text, messages.into_iter().collect(), Some(field))
}

/// Returns the message for a value of a field that another object has already, if it may not.
pub(crate) async fn unique_message<H: Host>(
    field: &'static Field,
    value: &Value,
    host: &H,
    cx: &RequestContext<H::User>,
) -> Result<Option<String>, Fault> {
    let Some(model) = field.unique else { return Ok(None) };
    if value.is_null() || !host.unique_conflict(cx, model, field.name, value).await? {
        return Ok(None);
    }
    Ok(Some(taken(field, model)))
}

/// Returns the message for a value of a field that another object of a model has already.
#[must_use]
pub fn taken(field: &Field, model: &str) -> String {
    let usual = || format!("{model} with this {} already exists.", field.name.replace('_', " "));
    field.message("unique").map_or_else(usual, str::to_owned)
}

/// Numbers count as text; blanks around it do not.
fn trimmed(rule: &Text, value: &Value) -> Result<String, Fault> {
    let text = match value {
        Value::String(_) | Value::Number(_) => python::str(value),
        _ => return Err(Fault::invalid(mismatch(rule))),
    };
    let text = if rule.blanks { text.as_str() } else { python::strip(&text) };
    if text.is_empty() && !may_be_blank(rule) { Err(Fault::invalid(BLANK)) } else { Ok(text.to_owned()) }
}

fn may_be_blank(rule: &Text) -> bool {
    rule.min_length.is_none_or(|least| least == 0)
}

/// Returns the text, unless there are messages about it, which follow those already there.
fn checked(
    rule: &Text,
    text: String,
    mut messages: Vec<String>,
    field: Option<&'static Field>,
) -> Result<String, Fault> {
    if text.is_empty() && may_be_blank(rule) {
        return Ok(text);
    }
    let own = |rule: &str| field.and_then(|field| field.message(rule));
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
    if !rule.matches_pattern(&text) {
        let usual = if rule.is_slug() { NOT_A_SLUG } else { "Enter a valid value." };
        messages.push(own("pattern").unwrap_or(usual).to_owned());
    }
    if let Some(message) = rule.format.and_then(|format| formats::refused(format, &text)) {
        messages.push(own("format").map_or(message, |own| own.replace("{value}", &text)));
    }
    match (rule.format, messages.is_empty()) {
        (Some(format), true) => Ok(formats::written(format, text)),
        (None, true) => Ok(text),
        (_, false) => Err(Fault::Invalid(Messages::Own(messages))),
    }
}

fn mismatch(rule: &Text) -> &'static str {
    match (rule.format, rule.pattern) {
        // Fields of these kinds have one message for whatever is wrong.
        (Some("uri"), _) => "Enter a valid URL.",
        (Some("email"), _) => "Enter a valid email address.",
        (Some("ip"), _) => "Enter a valid IPv4 or IPv6 address.",
        (_, Some(_)) if rule.is_slug() => NOT_A_SLUG,
        _ => NOT_TEXT,
    }
}

//! The document to the letter: what a request must not do although the server puts up with it. A value may be coerced,
//! a name misspelt or a read-only property set without anybody noticing; a contract test wants to notice. Values that
//! the server refuses by itself are not looked at twice: [`super::fields`] and [`super::parameters`] report those.

use std::collections::BTreeSet;

use http::HeaderMap;
use http::header::CONTENT_TYPE;
use serde_json::Value;

use crate::server::errors::{ErrorTree, Messages};
use crate::server::{parameters, python};
use openapi_server_runtime::media;
use openapi_server_runtime::operation::{Location, Operation, Parameter, Role};
use openapi_server_runtime::request::RequestContext;
use openapi_server_runtime::schema::{ObjectSchema, Rule, Union};
use openapi_server_runtime::style::Written;

/// Returns the violations in a query: undeclared parameters, repetitions, and values not written as their type
/// requires.
#[must_use]
pub fn query<U>(operation: &'static Operation, cx: &RequestContext<U>) -> ErrorTree {
    let mut errors = ErrorTree::new();
    let mut seen = BTreeSet::new();
    let written: Vec<Written<'_>> =
        operation.parameters_in(Location::Query).map(|parameter| Written::of(parameter, cx)).collect();
    let members: BTreeSet<&str> = written.iter().flat_map(Written::member_names).collect();
    for (name, value) in cx.query.iter().filter(|(name, _)| !members.contains(name)) {
        match operation.parameters_in(Location::Query).find(|parameter| parameter.name == name) {
            None => errors.add(name, undeclared_parameter(operation)),
            Some(parameter) if !seen.insert(name) && !matches!(parameter.rule, Rule::List(_)) => {
                errors.add(name, "This parameter is given more than once.");
            }
            Some(parameter) => {
                if let Some(expected) = departs_from(parameter, value) {
                    errors.add(name, format!("The document declares {expected} here, not \"{value}\"."));
                }
            }
        }
    }
    errors
}

/// Returns the violations of a body before it is read: a forbidden or missing body, or a wrong media type.
#[must_use]
pub fn envelope(operation: &'static Operation, headers: &HeaderMap, has_body: bool) -> ErrorTree {
    let message = match (&operation.body, has_body) {
        (None, true) => "The document declares no request body here.".to_owned(),
        (Some(declared), false) if declared.required => {
            "The document declares a request body here, but there is none.".to_owned()
        }
        (_, false) => return ErrorTree::new(),
        (Some(declared), true) => {
            let sent = headers.get(CONTENT_TYPE).map(|value| String::from_utf8_lossy(value.as_bytes()));
            let sent = sent.as_deref().unwrap_or_default();
            let is_sent = |known: &str| {
                let is_range = known.contains('*') && media::overlap(known, sent);
                is_range || media::essence(known) == media::essence(sent)
            };
            if declared.content_types.iter().any(|known| is_sent(known)) {
                return ErrorTree::new();
            }
            let known = declared.content_types.join(", ");
            format!("The document declares the media type {known} here, not \"{sent}\".")
        }
    };
    ErrorTree::non_field(message)
}

/// Returns the violations inside a body.
#[must_use]
pub fn body(rule: &'static Rule, value: &Value) -> ErrorTree {
    match rule {
        Rule::Object(schema) => object(schema, value),
        // What is no body at all is refused by itself.
        _ if value.is_null() => ErrorTree::new(),
        rule => departs(rule, value).map(ErrorTree::from).unwrap_or_default(),
    }
}

/// Returns the violations inside an object: undeclared or read-only properties, and values of another JSON type than
/// their own.
fn object(schema: &'static ObjectSchema, value: &Value) -> ErrorTree {
    let mut errors = ErrorTree::new();
    let Value::Object(entries) = value else { return errors };
    for (name, value) in entries {
        match schema.field(name) {
            None => errors.add(name, format!("The document declares no such property of {}.", schema.name)),
            Some(field) if field.read_only => {
                errors.add(name, "The document declares this property read only.");
            }
            // A null that is not allowed is refused by the field itself.
            Some(_) if value.is_null() => {}
            Some(field) => {
                if let Some(messages) = departs(&field.rule, value) {
                    errors.set(name, messages);
                }
            }
        }
    }
    errors
}

fn undeclared_parameter(operation: &'static Operation) -> String {
    let known: Vec<&str> = operation.parameters_in(Location::Query).map(|parameter| parameter.name).collect();
    if known.is_empty() {
        return "The document declares no query parameters here.".to_owned();
    }
    format!("The document declares no such parameter here, only {}.", known.join(", "))
}

/// Returns what was expected of the text of a parameter, or of an item in it, if it is something else.
fn departs_from(parameter: &Parameter, value: &str) -> Option<&'static str> {
    let is_list = matches!(parameter.rule, Rule::List(_));
    match parameters::separator(parameter).filter(|_| is_list) {
        Some(separator) => {
            value.split(separator).find_map(|value| mismatch(&parameter.rule, parameter.role, value))
        }
        None => mismatch(&parameter.rule, parameter.role, value),
    }
}

/// Returns what was expected of a text, if it is something else.
fn mismatch(rule: &Rule, purpose: Role, value: &str) -> Option<&'static str> {
    let whole =
        || !value.is_empty() && value.strip_prefix('-').unwrap_or(value).bytes().all(|b| b.is_ascii_digit());
    let (fits, expected) = match rule {
        Rule::Nullable(rule) => return mismatch(rule, purpose, value),
        Rule::Reference { key, .. } => return mismatch(key.rule(), purpose, value),
        Rule::List(list) => return mismatch(&list.item, purpose, value),
        Rule::Boolean => (matches!(value, "true" | "false"), "true or false"),
        Rule::Integer(_) => (whole(), "an integer"),
        Rule::Number(_) => (value.parse().is_ok_and(f64::is_finite), "a number"),
        Rule::Uuid => (is_plain_uuid(value), "a UUID with dashes"),
        // A word that is none of an enumeration's is refused by the filter itself, unless it is empty.
        Rule::Choice(_) if purpose == Role::Filter => (!value.is_empty(), "one of several words"),
        _ => (true, ""),
    };
    (!fits).then_some(expected)
}

/// Returns the violations of a value against the JSON type that a rule declares.
fn departs(rule: &'static Rule, value: &Value) -> Option<Messages> {
    let expected = match (rule, value) {
        (Rule::Text(rule), Value::String(text)) if !text.is_empty() && !rule.matches_pattern(text) => {
            "a string that matches the pattern as it is, blanks included"
        }
        (Rule::Uuid, Value::String(text)) if !is_plain_uuid(text) => "a UUID with dashes",
        (Rule::Text(_) | Rule::DateTime | Rule::Uuid | Rule::Choice(_), Value::String(_))
        | (Rule::Boolean, Value::Bool(_))
        | (Rule::Number(_), Value::Number(_))
        | (Rule::Nullable(_), Value::Null)
        // What is no file is refused by itself.
        | (Rule::Any | Rule::File, _) => return None,
        (Rule::Nullable(rule), _) => return departs(rule, value),
        (Rule::Reference { key, .. }, _) => return departs(key.rule(), value),
        (Rule::Integer(_), Value::Number(number)) if number.is_i64() || number.is_u64() => return None,
        (Rule::List(list), Value::Array(values)) => {
            let values = values.iter().enumerate();
            return parts(&list.item, values.map(|(position, value)| (position.to_string(), value)));
        }
        (Rule::Map(map), Value::Object(entries)) => {
            return parts(&map.value, entries.iter().map(|(name, value)| (name.clone(), value)));
        }
        (Rule::Object(schema), Value::Object(_)) => {
            let errors = object(schema, value);
            return (!errors.is_empty()).then_some(Messages::Parts(errors));
        }
        (Rule::Union(union), _) => return departs_from_union(union, value),
        (Rule::Text(_), _) => "a string",
        (Rule::DateTime, _) => "a date-time string",
        (Rule::Uuid, _) => "a UUID string",
        (Rule::Choice(_), _) => "one of several strings",
        (Rule::Boolean, _) => "true or false",
        (Rule::Integer(_), _) => "an integer",
        (Rule::Number(_), _) => "a number",
        (Rule::List(_), _) => "an array",
        (Rule::Object(_) | Rule::Map(_), _) => "an object",
    };
    Some(Messages::one(format!("The document declares {expected} here, not {}.", python::repr(value))))
}

/// Returns the violations of the parts of a value against the one rule for all of them.
fn parts<'a>(rule: &'static Rule, parts: impl Iterator<Item = (String, &'a Value)>) -> Option<Messages> {
    let mut errors = ErrorTree::new();
    for (name, value) in parts {
        if let Some(messages) = departs(rule, value) {
            errors.set(name, messages);
        }
    }
    (!errors.is_empty()).then_some(Messages::Parts(errors))
}

/// Returns the violations of a value against the rule its tag names, or against all rules. The general check rejects a
/// tag that names none.
fn departs_from_union(union: &'static Union, value: &Value) -> Option<Messages> {
    if let Some(tag) = union.tag {
        let rule = union.named(value.get(tag)?.as_str()?)?;
        // The tag is the union's, whether the member names it or not.
        let mut untagged = value.clone();
        if let (Rule::Object(schema), Some(entries)) = (rule, untagged.as_object_mut())
            && schema.field(tag).is_none()
        {
            entries.shift_remove(tag);
        }
        return departs(rule, &untagged);
    }
    let mut departures = union.members.iter().map(|member| departs(&member.rule, value));
    let first = departures.next()??;
    departures.all(|departure| departure.is_some()).then_some(first)
}

/// Returns `true` if a UUID has its canonical form: 32 hexadecimal digits in five groups.
fn is_plain_uuid(text: &str) -> bool {
    text.len() == 36 && uuid::Uuid::try_parse(text).is_ok()
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;
    use serde_json::json;

    use super::*;
    use openapi_server_runtime::sample::{OPERATIONS, PET, context};
    use openapi_server_runtime::schema::Key;

    fn operation(id: &str) -> &'static Operation {
        OPERATIONS.iter().find(|operation| operation.id == id).expect("a known operation")
    }

    #[test]
    fn a_query_is_held_to_what_is_declared() {
        let cases = [
            ("good=true&kind=dog&age=3&page=2&ordering=-name&search=x&note=", vec![]),
            ("owner=00000000-0000-0000-0000-000000000007", vec![]),
            ("good=True", vec!["good"]),
            ("good=1", vec!["good"]),
            ("age=+3", vec!["age"]),
            ("page=last", vec!["page"]),
            ("page_size=1_0", vec!["page_size"]),
            ("kind=", vec!["kind"]),
            ("owner=00000000000000000000000000000007", vec!["owner"]),
            ("colour=red&format=json", vec!["colour", "format"]),
            ("note=a&note=b", vec!["note"]),
        ];
        for (text, expected) in cases {
            let errors = query(operation("list"), &context(text));
            let errors = errors.to_value();
            let names: Vec<&String> =
                errors.as_object().into_iter().flat_map(|errors| errors.keys()).collect();
            assert_eq!(names, expected, "{text}");
        }
    }

    #[test]
    fn a_body_is_held_to_what_is_declared() {
        let key = "00000000-0000-0000-0000-000000000007";
        let cases = [
            (
                json!({"name": "max", "good": true, "owner": key, "friends": [key], "tricks": ["sit"]}),
                json!({}),
            ),
            (json!({"age": 3, "kind": "dog", "owner": null}), json!({})),
            (json!({"nmae": "max"}), json!({"nmae": ["The document declares no such property of Pet."]})),
            (json!({"id": key}), json!({"id": ["The document declares this property read only."]})),
            (json!({"name": 12}), json!({"name": ["The document declares a string here, not 12."]})),
            (
                json!({"good": "yes"}),
                json!({"good": ["The document declares true or false here, not 'yes'."]}),
            ),
            (json!({"age": "3"}), json!({"age": ["The document declares an integer here, not '3'."]})),
            (json!({"friends": {}}), json!({"friends": ["The document declares an array here, not {}."]})),
            (
                json!({"tricks": ["sit", 5]}),
                json!({"tricks": {"1": ["The document declares a string here, not 5."]}}),
            ),
        ];
        for (sent, expected) in cases {
            assert_eq!(object(&PET, &sent).to_value(), expected, "{sent}");
        }
    }

    #[test]
    fn a_key_is_of_its_own_kind() {
        const fn key(key: Key) -> Rule {
            Rule::Reference { model: "person", by: None, key }
        }
        static RULES: [Rule; 3] = [key(Key::Uuid), key(Key::Integer), key(Key::Text)];
        let cases = [
            (json!("00000000-0000-0000-0000-000000000007"), [true, false, true]),
            (json!(7), [false, true, false]),
            (json!("ann"), [false, false, true]),
        ];
        for (value, expected) in cases {
            let found = RULES.each_ref().map(|rule| departs(rule, &value).is_none());
            assert_eq!(found, expected, "{value}");
        }
        let text = |rule, text| mismatch(rule, Role::Filter, text).is_none();
        assert_eq!(RULES.each_ref().map(|rule| text(rule, "7")), [false, true, true]);
    }

    #[test]
    fn a_body_comes_as_what_is_declared_where_one_is() {
        let media_type =
            |sent| format!("The document declares the media type application/json here, not \"{sent}\".");
        let cases = [
            ("update", "application/json; charset=utf-8", true, None),
            ("update", "application/*", true, Some(media_type("application/*"))),
            ("update", "text/plain", true, Some(media_type("text/plain"))),
            (
                "update",
                "application/json",
                false,
                Some("The document declares a request body here, but there is none.".to_owned()),
            ),
            (
                "wash",
                "application/json",
                true,
                Some("The document declares no request body here.".to_owned()),
            ),
            ("wash", "application/json", false, None),
        ];
        for (id, content_type, has_body, expected) in cases {
            let mut headers = HeaderMap::new();
            headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
            let expected = expected.map_or_else(ErrorTree::new, ErrorTree::non_field);
            assert_eq!(
                envelope(operation(id), &headers, has_body),
                expected,
                "{id} {content_type} {has_body}"
            );
        }
    }
}

//! Emits the table of operations: the samples of each, and what of it is not tried.

use quote::quote;
use serde_json::{Value, json};

use super::client::Builders;
use crate::api::model::{Location, Model, Operation, Parameter, Response};
use crate::rust::RustFile;
use openapi_document::error::Result;
use openapi_document::model::{Additional, Form, Kind, Style};
use openapi_document::samples::{self, Direction};
use openapi_tables::media::Media;
use openapi_tables::node::Node;

/// Writes the table.
pub(super) fn file(model: &Model<'_>, builders: &Builders) -> Result<RustFile> {
    let mut file =
        RustFile::new("The operations, with their samples.").allow("clippy::all, clippy::pedantic");
    let operations = model.operations.iter().map(|operation| {
        let plan = Plan::of(model, builders, operation);
        let (id, samples) = (operation.id, plan.samples.to_string());
        let route = format!("{} {}", operation.method.to_uppercase(), operation.path);
        let skipped = plan.skipped.iter().map(|(what, why)| quote!((#what, #why)));
        quote! {
            Operation { id: #id, route: #route, samples: #samples, skipped: &[#(#skipped),*] }
        }
    });
    file.push_tokens(
        model.document,
        Some("/paths"),
        quote! {
            use openapi_round_trip::Operation;

            /// Every operation, in the document's order.
            pub const OPERATIONS: &[Operation] = &[#(#operations),*];
        },
    )?;
    Ok(file)
}

/// Returns what a parameter is called here: its place and its name.
pub(super) fn key(parameter: &Parameter<'_>) -> String {
    let place = match parameter.location {
        Location::Path => "path",
        Location::Query => "query",
        Location::Header => "header",
        Location::Cookie => "cookie",
    };
    format!("{place} {}", parameter.name)
}

/// Returns the failures that a method can answer with by a variant of its error.
pub(super) fn typed_failures<'o, 'a>(operation: &'o Operation<'a>) -> impl Iterator<Item = &'o Response<'a>> {
    operation.failures().filter(|response| response.media.as_ref().is_none_or(Media::is_typed))
}

/// The samples that one operation is tried with, and what is not tried.
struct Plan {
    samples: Value,
    skipped: Vec<(String, &'static str)>,
}

const UPGRADED: &str = "the operation upgrades its connection";
const NO_SAMPLES: &str = "no sample of the schema is known";
const ONE_MEDIA_TYPE: &str = "of several media types, one is generated";
const NO_STATUS: &str =
    "the server answers no status that the document leaves open, such as `default` or `4XX`";
const ONE_SUCCESS: &str = "the server answers one status when it succeeds";
const UNTYPED_FAILURE: &str = "a failure that is no JSON has no type in the server";
const BOTH_WAYS: &str = "a required property that is `readOnly` or `writeOnly` goes both ways";
const NO_WORD: &str = "a form has no word for `null`, an empty list or an empty object";
const SLASH: &str = "the client refuses to send a slash within a segment of the path";
const DESCRIBED_ELSEWHERE: &str = "headers such as `Authorization` are no parameters to the server";
const ONE_TEXT: &str =
    "a parameter that may be a list or something else is one text if neither is written separately";
const NO_SETTER: &str = "the client has no setter for the parameter";

impl Plan {
    fn of(model: &Model<'_>, builders: &Builders, operation: &Operation<'_>) -> Self {
        let mut plan = Plan { samples: json!({}), skipped: Vec::new() };
        let Some(builder) = builders
            .of(model, operation)
            .filter(|builder| builder.kind().is_some() && operation.protocols().is_none())
        else {
            plan.skip(operation.id, UPGRADED);
            return plan;
        };
        let root = model.root.value;
        let mut parameters = Vec::new();
        for parameter in &operation.parameters {
            let name = key(parameter);
            let is_received = !parameter.is_ignored();
            if !is_received {
                plan.skip(&name, DESCRIBED_ELSEWHERE);
            }
            if builder.setter(parameter).is_none() {
                if is_received {
                    plan.skip(&name, NO_SETTER);
                }
                continue;
            }
            let schema = parameter.schema.as_ref().map_or(&Value::Null, |schema| schema.value);
            let mut values = samples::of(root, schema, Direction::Request).values;
            let is_described_text = parameter.schema.is_none() && parameter.style.is_some();
            values.retain(|value| is_sendable(parameter, value) && (value.is_string() || !is_described_text));
            let is_list = parameter.schema.as_ref().is_some_and(|schema| schema.unwrapped().is(Kind::Array));
            let is_told_apart = parameter.style.is_none() || parameter.explode;
            if !is_list && !is_told_apart && values.iter().any(Value::is_array) {
                values.retain(|value| !value.is_array());
                plan.skip(&name, ONE_TEXT);
            }
            if parameter.style.is_some() && parameter.schema.as_ref().is_some_and(is_anything) {
                values.retain(|value| !value.is_array() && !value.is_object());
                plan.skip(&name, ONE_TEXT);
            }
            if parameter.location == Location::Path {
                let before = values.len();
                values.retain(|value| {
                    let is_one = |text: &str| !text.contains(['/', '\\']);
                    value.as_str().map_or_else(|| is_one(&value.to_string()), is_one)
                });
                if values.len() < before {
                    plan.skip(&name, SLASH);
                }
            }
            let required = parameter.location == Location::Path || parameter.place.flag("required");
            if !is_received {
                if !required {
                    continue;
                }
                if parameter.name.eq_ignore_ascii_case("content-type")
                    && let Some(body) = &operation.body
                {
                    values = vec![json!(body.media.content_type)];
                }
                if parameter.name.eq_ignore_ascii_case("accept")
                    && let Some(media) = operation.success().media
                {
                    values = vec![json!(media.content_type)];
                }
            }
            if values.is_empty() {
                plan.skip(&name, NO_SAMPLES);
            } else {
                parameters.push(
                    json!({"name": name, "required": required, "received": is_received, "values": values}),
                );
            }
        }
        let body = operation.body.as_ref().map(|body| {
            if body.content_types.len() > 1 {
                plan.skip("body", ONE_MEDIA_TYPE);
            }
            let values = plan.samples_of(root, &body.media, Direction::Request, "body");
            if values.is_empty() {
                plan.skip("body", NO_SAMPLES);
            }
            json!({"required": body.required, "values": values})
        });
        let answers = plan.answers(root, operation);
        plan.samples = json!({"parameters": parameters, "answers": answers});
        if let (Some(body), Value::Object(samples)) = (body, &mut plan.samples) {
            samples.insert("body".to_owned(), body);
        }
        plan
    }

    fn answers(&mut self, root: &Value, operation: &Operation<'_>) -> Vec<Value> {
        let success = operation.success();
        let mut answers = Vec::new();
        let failures = typed_failures(operation).map(|response| (response.status, response.media.as_ref()));
        for (status, media) in [(success.status, success.media)].into_iter().chain(failures) {
            let about = format!("answer {status}");
            let values = media.map_or_else(
                || vec![Value::Null],
                |media| self.samples_of(root, media, Direction::Response, &about),
            );
            if values.is_empty() {
                self.skip(&about, NO_SAMPLES);
            } else {
                answers.push(json!({"status": status, "values": values}));
            }
        }
        let declared = operation.place.get("responses");
        for (status, response) in declared.iter().flat_map(openapi_document::model::Place::followed_members) {
            let about = format!("answer {status}");
            let number = status.parse::<u16>().ok();
            match number {
                None => self.skip(&about, NO_STATUS),
                Some(number) if number < 400 && number != success.status => self.skip(&about, ONE_SUCCESS),
                Some(number) if number >= 400 && !answers.iter().any(|answer| answer["status"] == number) => {
                    self.skip(&about, UNTYPED_FAILURE);
                }
                Some(_) => {}
            }
            if response.get("content").is_some_and(|content| content.members().count() > 1) {
                self.skip(&about, ONE_MEDIA_TYPE);
            }
        }
        answers
    }

    /// Returns samples of what has this media type.
    fn samples_of(
        &mut self,
        root: &Value,
        media: &Media<'_>,
        direction: Direction,
        about: &str,
    ) -> Vec<Value> {
        if !media.is_typed() {
            return vec![json!("text"), json!("名前 é 🦀\r\n\t\"'<&>"), json!("")];
        }
        let schema = media.schema.as_ref().map_or(&Value::Null, |schema| schema.value);
        let samples = samples::of(root, schema, direction);
        if samples.has_properties_of_other_direction {
            self.skip(about, BOTH_WAYS);
        }
        let mut values = samples.values;
        if media.form != Form::Json {
            for members in values.iter_mut().filter_map(Value::as_object_mut) {
                // A form has texts alone; what a value was besides, its schema tells.
                for property in untyped(media) {
                    if let Some(value) = members.get_mut(property).filter(|value| !value.is_string()) {
                        *value = json!("text");
                    }
                }
                let before = members.len();
                members.retain(|_, value| is_sayable(value));
                if members.len() < before {
                    self.skip(about, NO_WORD);
                }
            }
            values.retain(|value| samples::fits(root, schema, value, direction));
        }
        values
    }

    fn skip(&mut self, what: &str, why: &'static str) {
        if !self
            .skipped
            .iter()
            .any(|(known, reason)| known == what && (*reason == why || *reason == NO_SAMPLES))
        {
            self.skipped.push((what.to_owned(), why));
        }
    }
}

/// Returns the properties whose schemas say nothing of their values.
fn untyped<'a>(media: &Media<'a>) -> Vec<&'a str> {
    let Some(schema) = media.schema else { return Vec::new() };
    let properties = schema.properties.iter().filter(|property| says_nothing(&schema.at(property.schema)));
    properties.map(|property| property.name).collect()
}

/// Returns whether a schema says nothing of its values.
fn says_nothing(schema: &Node<'_>) -> bool {
    let is_composed = schema.has_alternatives() || !schema.all_of.is_empty();
    schema.kind.is_none() && schema.values.is_none() && !is_composed
}

/// Returns whether a schema neither says nor implies what its values are.
fn is_anything(schema: &Node<'_>) -> bool {
    let is_unsaid = schema.additional == Additional::Unsaid && schema.items.is_none();
    says_nothing(schema) && is_unsaid && schema.properties.is_empty()
}

/// Returns whether a form can say this property: a form has neither `null` nor empty lists and objects.
fn is_sayable(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Array(items) => !items.is_empty() && items.iter().all(is_sayable),
        Value::Object(members) => !members.is_empty() && members.values().all(is_sayable),
        _ => true,
    }
}

/// Returns whether a parameter can say this value where it stands.
fn is_sendable(parameter: &Parameter<'_>, value: &Value) -> bool {
    match (parameter.style, value) {
        // A parameter that is nothing is not sent.
        (_, Value::Null) => false,
        (None, value) => parameter.location != Location::Header || is_printable(&value.to_string()),
        (Some(_), Value::Array(items)) => {
            !items.is_empty() && items.iter().all(|item| is_sendable_inside(parameter, item))
        }
        (Some(style), Value::Object(members)) => {
            !members.is_empty()
                && members.iter().all(|(name, value)| {
                    let is_plain = !name.contains(['[', ']', '=']) && !name.is_empty();
                    let is_whole = style == Style::DeepObject || is_sendable_inside(parameter, &json!(name));
                    is_plain && is_whole && is_sendable_inside(parameter, value)
                })
        }
        (Some(_), Value::String(text)) => is_text_of(parameter, text),
        // Pages are counted from 1, and have at least one object.
        (_, Value::Number(number))
            if matches!(parameter.place.text("x-role"), Some("page" | "page-size")) =>
        {
            number.as_i64().is_some_and(|number| number > 0)
        }
        _ => true,
    }
}

/// Returns whether a parameter can say this value inside of a list or an object.
fn is_sendable_inside(parameter: &Parameter<'_>, value: &Value) -> bool {
    if parameter.style == Some(Style::DeepObject) && (value.is_array() || value.is_object()) {
        return is_sendable(parameter, value);
    }
    // Where nothing is encoded, or decoded before the value is taken apart.
    let delimiter = match (parameter.style, parameter.explode) {
        (Some(Style::SpaceDelimited), false) => Some(' '),
        (Some(Style::PipeDelimited), false) => Some('|'),
        (Some(Style::Label), true) => Some('.'),
        _ => (parameter.location == Location::Header).then_some(','),
    };
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    !value.is_null()
        && is_text_of(parameter, &text)
        && !delimiter.is_some_and(|delimiter| text.contains(delimiter))
}

/// Returns whether a text can stand where a parameter stands.
fn is_text_of(parameter: &Parameter<'_>, text: &str) -> bool {
    match parameter.location {
        Location::Path => !matches!(text, "" | "." | ".."),
        Location::Header | Location::Cookie => !text.is_empty() && text.trim() == text && is_printable(text),
        Location::Query => true,
    }
}

/// Returns whether a text is printable ASCII, which is what a header is.
fn is_printable(text: &str) -> bool {
    text.bytes().all(|byte| (b' '..=b'~').contains(&byte))
}

//! What progenitor cannot say about answers that are no errors.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::passes::Plan;
use crate::passes::bodies::{Kind, bare, kind_of};
use openapi_document::document::resolve;
use openapi_document::operations::operations_mut;

/// Rewrites the answers of every operation that has several kinds of them, none that is no error, or one that
/// progenitor takes for something else than it is.
///
/// progenitor gives an operation one type of answer and stops with a panic at a second one
/// (<https://github.com/oxidecomputer/progenitor/issues/344>); it only knows JSON by its plainest name, and takes bytes
/// that are said to be JSON for a JSON text. The pass `answer_kinds` has the client expect what the document says.
pub(super) fn plain_answers(root: &mut Value, _: &Plan<'_>) -> usize {
    let original = root.clone();
    let mut changes = 0;
    for (.., operation) in operations_mut(root) {
        let answers = answers(&original, operation);
        if answers.plain {
            continue;
        }
        let content = match answers.kind {
            AnswerKind::Json => json!({"application/json": {"schema": union(answers.schemas)}}),
            AnswerKind::Bytes | AnswerKind::Text => {
                json!({"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}})
            }
            AnswerKind::Nothing => json!({}),
        };
        operation["responses"] = json!({"200": {"description": "", "content": content}});
        changes += 1;
    }
    changes
}

/// What an operation answers when all is well.
#[derive(Debug, PartialEq)]
pub(crate) struct Answers {
    /// The statuses, as the document has them: `200` or `2XX`.
    pub(crate) statuses: Vec<String>,
    pub(crate) kind: AnswerKind,
    /// Whether an answer may also have no content.
    pub(crate) optional: bool,
    schemas: Vec<Value>,
    /// Whether progenitor reads all of this from the document as it is.
    plain: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum AnswerKind {
    Nothing,
    Json,
    Text,
    Bytes,
}

/// What `operation` of the document `root` answers when all is well.
pub(crate) fn answers(root: &Value, operation: &Value) -> Answers {
    let none = Map::new();
    let responses = operation.get("responses").and_then(Value::as_object).unwrap_or(&none);
    let starting = |start: char| {
        let statuses = responses.iter().filter(move |(status, _)| status.starts_with(start));
        statuses.collect::<Vec<_>>()
    };
    let (succeeding, redirecting) = (starting('2'), starting('3'));
    let default = responses.get_key_value("default");
    // An upgrade of the connection is an answer of its own kind, which progenitor knows unless there are others.
    let declared = responses.contains_key("101");
    let upgrades = upgrades(operation);
    let (found, as_declared) = if !succeeding.is_empty() || upgrades {
        (succeeding, !declared)
    } else if let Some(default) = default {
        (vec![default], false)
    } else {
        (redirecting, false)
    };
    let mut plain = as_declared;
    let mut statuses: Vec<String> =
        found.iter().map(|(status, _)| (*status).clone()).filter(|status| status != "default").collect();
    if statuses.is_empty() {
        statuses.push("2XX".to_owned());
    }
    let (mut kinds, mut schemas) = (BTreeSet::new(), Vec::new());
    for (_, response) in found {
        let content = resolve(root, response).get("content").and_then(Value::as_object);
        let (kind, schema, is_plain) =
            content.map_or((AnswerKind::Nothing, None, true), |content| of_content(root, content));
        kinds.insert(kind);
        plain &= is_plain;
        schemas.extend(schema.filter(|schema| !schemas.contains(schema)));
    }
    let mut with_content = kinds.iter().copied().filter(|kind| *kind != AnswerKind::Nothing);
    let kind = match (with_content.next(), with_content.next()) {
        (None, _) => AnswerKind::Nothing,
        (Some(kind), None) => kind,
        // Nothing else is all of them.
        (Some(_), Some(_)) => AnswerKind::Bytes,
    };
    let optional = kind == AnswerKind::Json && kinds.contains(&AnswerKind::Nothing);
    plain &= kinds.len() <= 1 && schemas.len() <= 1;
    Answers { statuses, kind, optional, schemas, plain: plain || upgrades }
}

/// Tells whether an operation succeeds by giving its connection to another protocol.
pub(crate) fn upgrades(operation: &Value) -> bool {
    let responses = operation.get("responses").and_then(Value::as_object);
    let declared = |start: &str| {
        responses.is_some_and(|responses| responses.keys().any(|status| status.starts_with(start)))
    };
    declared("101") && !declared("2") || operation.get("x-dropshot-websocket").is_some()
}

/// The kind of an answer with this content, its schema if it is JSON, and whether progenitor sees it the same way.
fn of_content(root: &Value, content: &Map<String, Value>) -> (AnswerKind, Option<Value>, bool) {
    let json = content.iter().filter(|(kind, _)| kind_of(kind) == Kind::Json);
    if let Some((kind, media)) = json.min_by_key(|(kind, _)| bare(kind) != "application/json") {
        let schema = media.get("schema").cloned().unwrap_or_else(|| json!({}));
        let target = resolve(root, &schema);
        if target.get("format").is_some_and(|format| format == "binary") {
            return (AnswerKind::Bytes, None, false);
        }
        let is_plain = bare(kind) == "application/json"
            && media.get("schema").is_some()
            && media.get("encoding").is_none();
        return (AnswerKind::Json, Some(schema), is_plain);
    }
    match content.keys().next() {
        None => (AnswerKind::Nothing, None, true),
        Some(_) if content.keys().all(|kind| kind_of(kind) == Kind::Text) => (AnswerKind::Text, None, true),
        Some(_) => (AnswerKind::Bytes, None, true),
    }
}

/// One schema for values of any of `schemas`.
fn union(mut schemas: Vec<Value>) -> Value {
    match schemas.len() {
        1 => schemas.remove(0),
        _ => json!({"oneOf": schemas}),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::passes::tests::after;

    /// The answers of an operation with these responses, after the pass, and how many changes it made.
    fn answers_after(responses: &str) -> (Value, usize) {
        let text = format!(
            "{{openapi: 3.0.3, info: {{title: t, version: '1'}}, paths: {{/pets/: {{get: {{operationId: p, responses: {responses}}}}}}}}}"
        );
        let (value, changes) = after("plain_answers", &text);
        (value["paths"]["/pets/"]["get"]["responses"].clone(), changes)
    }

    fn pet(kind: &str) -> String {
        format!("{{description: '', content: {{application/json: {{schema: {{type: {kind}}}}}}}}}")
    }

    #[test]
    fn one_kind_of_answer_is_left_as_it_is() {
        assert_eq!(answers_after(&format!("{{'200': {}, '201': {0}}}", pet("string"))).1, 0);
        assert_eq!(answers_after("{'204': {description: ''}}").1, 0);
        assert_eq!(answers_after("{'200': {description: '', content: {image/png: {}}}}").1, 0);
        assert_eq!(answers_after(&format!("{{'200': {}, '304': {{description: ''}}}}", pet("string"))).1, 0);
        assert_eq!(answers_after("{'101': {description: ''}}").1, 0);
    }

    #[test]
    fn an_upgrade_beside_another_answer_is_left_out() {
        let (value, changes) = answers_after("{'101': {description: ''}, '200': {description: ''}}");
        assert_eq!((value, changes), (json!({"200": {"description": "", "content": {}}}), 1));
    }

    #[test]
    fn an_upgrade_is_left_to_progenitor_however_it_is_declared() {
        let operation = json!({"x-dropshot-websocket": {}, "responses": {"default": {"content": {"*/*": {"schema": {}}}}}});
        assert!(answers(&Value::Null, &operation).plain);
    }

    #[test]
    fn answers_of_several_types_are_one_of_them() {
        let (value, changes) = answers_after(&format!(
            "{{'200': {}, '202': {}, '204': {{description: ''}}}}",
            pet("string"),
            pet("integer")
        ));
        assert_eq!(changes, 1);
        let schema = &value["200"]["content"]["application/json"]["schema"];
        assert_eq!(*schema, json!({"oneOf": [{"type": "string"}, {"type": "integer"}]}));
    }

    #[test]
    fn bytes_said_to_be_json_are_bytes_and_other_names_of_json_are_json() {
        let (value, _) = answers_after(
            "{'200': {description: '', content: {application/json: {schema: {type: string, format: binary}}}}}",
        );
        assert!(value["200"]["content"].get("application/octet-stream").is_some(), "{value}");
        let (value, _) =
            answers_after("{'200': {description: '', content: {application/vnd.pets+json: {}}}}");
        assert_eq!(value["200"]["content"], json!({"application/json": {"schema": {}}}));
    }

    #[test]
    fn what_counts_as_success_is_what_the_document_says_or_any_success() {
        let of = |responses: Value| answers(&Value::Null, &json!({"responses": responses}));
        let statuses = |responses| of(responses).statuses;
        assert_eq!(statuses(json!({"200": {}, "204": {}, "302": {}, "default": {}})), ["200", "204"]);
        assert_eq!(statuses(json!({"default": {}, "400": {}})), ["2XX"]);
        assert_eq!(statuses(json!({"302": {}, "400": {}})), ["302"]);
        assert_eq!(statuses(json!({"400": {}})), ["2XX"]);
        let json = json!({"content": {"application/json": {"schema": {}}}});
        let maybe = of(json!({"200": json, "204": {}}));
        assert_eq!((maybe.kind, maybe.optional), (AnswerKind::Json, true));
        let either = of(json!({"200": json, "201": {"content": {"image/png": {}}}}));
        assert_eq!((either.kind, either.optional), (AnswerKind::Bytes, false));
    }
}

//! What the document says of an operation and the table of operations has no place for. It stands beside the table as
//! JSON, to be merged into what is emitted from it; nothing acts on it.

use serde_json::{Map, Value};

use crate::passes::METHODS;

use super::media::Media;
use super::model::{Operation, Parameter};
use super::place::Place;

/// What the table says itself, by where it stands.
const OF_OPERATION: [&str; 8] =
    ["operationId", "tags", "summary", "description", "parameters", "requestBody", "responses", "security"];
const OF_PARAMETER: [&str; 5] = ["name", "in", "required", "description", "schema"];
const OF_BODY: [&str; 2] = ["required", "content"];
const OF_RESPONSE: [&str; 2] = ["description", "content"];
const OF_MEDIA: [&str; 1] = ["schema"];

/// What the table does not say of an operation; `None` if that is nothing. Parameters stand under their place and name.
pub(super) fn of(operation: &Operation<'_>) -> Option<Value> {
    let mut rest = besides(&operation.place, &OF_OPERATION);
    let parameters = operation.parameters.iter().map(|parameter| {
        let Parameter { name, place, .. } = parameter;
        let key = format!("{} {name}", place.text("in").unwrap_or_default());
        (key, besides(place, &OF_PARAMETER))
    });
    add(&mut rest, "parameters", parameters);
    if let Some(place) = operation.place.get("requestBody") {
        let mut body = besides(&place, &OF_BODY);
        add_content(&mut body, &place, operation.body.as_ref().map(|body| &body.media));
        add(&mut rest, "requestBody", body);
    }
    let listed = operation.place.get("responses");
    let responses = listed.iter().flat_map(Place::members).map(|(status, place)| {
        let known = operation.responses.iter().find(|response| response.status.to_string() == status);
        let Some(known) = known else { return (status.to_owned(), besides(&place, &[])) };
        let mut response = besides(&place, &OF_RESPONSE);
        add_content(&mut response, &place, known.media.as_ref());
        (status.to_owned(), response)
    });
    add(&mut rest, "responses", responses);
    (!rest.is_empty()).then_some(Value::Object(rest))
}

/// What is said of paths themselves.
pub(super) fn of_paths(root: &Place<'_>) -> Map<String, Value> {
    let mut known: Vec<&str> = METHODS.to_vec();
    known.push("parameters");
    let mut rest = Map::new();
    let paths = root.get("paths");
    for (path, item) in paths.iter().flat_map(Place::members) {
        add(&mut rest, path, besides(&item, &known));
    }
    rest
}

/// The members of an object besides those that are `known`.
fn besides(place: &Place<'_>, known: &[&str]) -> Map<String, Value> {
    let Value::Object(mut plain) = place.plain() else { return Map::new() };
    plain.retain(|key, _| !known.contains(&key.as_str()));
    plain
}

/// Adds what the content says besides the schema of the one content type that the table has.
fn add_content(rest: &mut Map<String, Value>, place: &Place<'_>, chosen: Option<&Media<'_>>) {
    let content = place.get("content");
    let mut others = Map::new();
    for (content_type, place) in content.iter().flat_map(Place::members) {
        if chosen.is_some_and(|chosen| chosen.content_type == content_type) {
            add(&mut others, content_type, besides(&place, &OF_MEDIA));
        } else {
            others.insert(content_type.to_owned(), place.plain());
        }
    }
    if !others.is_empty() {
        rest.insert("content".to_owned(), Value::Object(others));
    }
}

/// Adds an object unless it is empty, or holds nothing but empty objects.
fn add(
    rest: &mut Map<String, Value>,
    key: &str,
    members: impl IntoIterator<Item = (String, impl Into<Value>)>,
) {
    let empty = |value: &Value| value.as_object().is_some_and(Map::is_empty);
    let members: Map<String, Value> = members.into_iter().map(|(key, value)| (key, value.into())).collect();
    if members.values().any(|member| !empty(member)) {
        let kept = members.into_iter().filter(|(_, member)| !empty(member));
        rest.insert(key.to_owned(), Value::Object(kept.collect()));
    }
}

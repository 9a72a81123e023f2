//! Writes what the document says about its parts, as paragraphs for whoever reads the code made from it.
//!
//! A part is introduced by its own words: description, then note. What its schema says besides follows, since when
//! there is a part, and the pointer to it. Where the document has no words, a plain sentence names the part.

use serde_json::{Number, Value};

use crate::safe_text::{code, line, markdown};
use openapi_document::model::{
    Bounds, Location, Model, Operation, Parameter, RequestBody, Schema, SchemaId, SecurityScheme,
};
use openapi_document::pointer::resolve;

/// Writes about the type made from what stands at `pointer`; `None` if nothing stands there.
pub(crate) fn of_type(model: &Model<'_>, pointer: &str) -> Option<String> {
    let part = model.document.value().pointer(pointer)?;
    let name = pointer.rsplit('/').next().unwrap_or_default();
    let mut words = paragraphs(&said(model, part));
    if words.is_empty() {
        words.push(format!("{} of the document.", code(name)));
    }
    words.extend(model.schemas.at(pointer).and_then(|schema| facts(model, schema)));
    Some(finish(words, part, pointer))
}

/// Writes about the property `name` of a schema, or of a part that it is composed of.
pub(crate) fn of_property(model: &Model<'_>, schema: SchemaId, name: &str) -> Option<String> {
    let schema = model.schema(model.schemas.property(schema, name)?.schema);
    let mut words = paragraphs(&said(model, schema.value));
    if words.is_empty() {
        words.push(format!("The property {}.", code(name)));
    }
    words.extend(facts(model, schema));
    Some(finish(words, schema.value, &schema.pointer))
}

/// Writes about the value `value` of an enumeration.
pub(crate) fn of_value(schema: Option<&Schema<'_>>, value: &str) -> String {
    let label = schema.and_then(|schema| text(schema.member("x-enum-labels")?, value));
    label.map_or_else(|| format!("The value {}.", code(value)), markdown)
}

/// Writes about a parameter.
pub(crate) fn of_parameter(model: &Model<'_>, parameter: &Parameter<'_>) -> String {
    let schema = parameter.schema().map(|id| model.schema(id));
    let mut words = paragraphs(&said(model, parameter.value));
    if words.is_empty() {
        words.extend(schema.map(|schema| paragraphs(&said(model, schema.value))).unwrap_or_default());
    }
    let place = place(parameter);
    if words.is_empty() {
        words.push(format!("The parameter {place}."));
    } else {
        words.push(format!("Sent as {place}."));
    }
    words.extend(schema.and_then(|schema| facts(model, schema)));
    finish(words, parameter.value, &parameter.pointer)
}

/// Writes about the setter for a security scheme, which does what `sentence` says.
pub(crate) fn of_scheme(model: &Model<'_>, scheme: &SecurityScheme<'_>, sentence: String) -> String {
    let mut words = vec![sentence];
    words.extend(paragraphs(&said(model, scheme.value)));
    finish(words, scheme.value, &scheme.pointer)
}

/// Writes about an operation; `more` follows what the document says.
pub(crate) fn of_operation(
    model: &Model<'_>,
    operation: &Operation<'_>,
    more: impl IntoIterator<Item = String>,
) -> String {
    let mut words: Vec<String> = operation.summary.map(markdown).into_iter().collect();
    words.extend(paragraphs(&said(model, operation.value)));
    words.push(code(&format!("{} {}", operation.method.to_uppercase(), operation.path)));
    words.extend(more);
    finish(words, operation.value, &operation.pointer)
}

/// Lists the parameters of an operation, and its body; `None` if it takes nothing.
pub(crate) fn of_arguments(model: &Model<'_>, operation: &Operation<'_>) -> Option<String> {
    let parameters = operation.parameters.iter();
    let lines =
        parameters.map(|parameter| format!("- {}{}", place(parameter), colon(&said(model, parameter.value))));
    let mut lines: Vec<String> = lines.collect();
    if let Some(body) = &operation.body {
        let needed = if body.required { ", required" } else { "" };
        let what = body_schema(body).map(|schema| link(model, schema)).unwrap_or_default();
        let what = if what.is_empty() { String::new() } else { format!(": {what}") };
        lines.push(format!("- the body{needed}{what}"));
    }
    (!lines.is_empty()).then(|| format!("Takes\n{}", lines.join("\n")))
}

/// Writes about the body of an operation.
pub(crate) fn of_body(model: &Model<'_>, body: &RequestBody<'_>) -> String {
    let schema = body_schema(body);
    let mut words = paragraphs(&said(model, body.value));
    if words.is_empty() {
        words.extend(schema.map(|id| paragraphs(&said(model, model.schema(id).value))).unwrap_or_default());
    }
    let what = schema.map(|schema| link(model, schema)).filter(|what| !what.is_empty());
    words.insert(0, what.map_or_else(|| "The body.".to_owned(), |what| format!("The body: {what}.")));
    finish(words, body.value, &body.pointer)
}

/// Writes a paragraph about the media types that a body may have.
pub(crate) fn of_media_types(operation: &Operation<'_>) -> String {
    let media = operation.body.iter().flat_map(|body| &body.media);
    let types: Vec<String> = media.map(|media| code(media.content_type)).collect();
    format!(
        "Sends these bytes as the body, in place of one that [`Self::body`] made. The document has the media types {}; one \
         that says how the body is to be read, such as the boundary of parts, says it here.",
        types.join(", ")
    )
}

/// Writes a sentence about the answers of an operation that succeeds, and a line for each other status.
pub(crate) fn of_answers(model: &Model<'_>, operation: &Operation<'_>) -> (String, Vec<String>) {
    let (mut good, mut faults) = (Vec::new(), Vec::new());
    for (responses, seen) in [(&operation.responses, ""), (&operation.observed, ", observed")] {
        for response in responses {
            let (status, schema) = (response.status, response.media.first().and_then(|media| media.schema));
            let what = schema.map(|schema| link(model, schema)).unwrap_or_default();
            let mut about = said(model, response.value);
            if status.class() == Some(2) {
                if about.is_empty() {
                    about = schema.map(|id| said(model, model.resolved(id).value)).unwrap_or_default();
                }
                let what = if what.is_empty() { "nothing".to_owned() } else { what };
                let about = if schema.is_some() { colon(&about) } else { String::new() };
                good.push(format!("Answers {what} ({status}){about}"));
            } else {
                let what = if what.is_empty() { String::new() } else { format!(", {what}") };
                faults.push(format!("- {status}{what}{seen}{}", colon(&about)));
            }
        }
    }
    let good = if good.is_empty() { "Answers what the server does.".to_owned() } else { good.join("\n") };
    (good, faults)
}

/// Returns the description and the note of a part, or of what it refers to if it has neither, as the document has them.
fn said<'v>(model: &'v Model<'_>, part: &'v Value) -> Vec<&'v str> {
    let own = ["description", "x-note"].into_iter().filter_map(|key| text(part, key));
    let own: Vec<&str> = own.filter(|words| !words.trim().is_empty()).collect();
    if !own.is_empty() {
        return own;
    }
    let composed = part.get("allOf").and_then(Value::as_array).filter(|parts| parts.len() == 1);
    let other = part.get("$ref").map_or_else(|| composed?.first(), |_| Some(part));
    let other = other.map(|other| resolve(model.document.value(), other));
    other.filter(|other| other.get("$ref").is_none()).map(|other| said(model, other)).unwrap_or_default()
}

/// Returns a paragraph of what a schema says of its values besides their type.
fn facts(model: &Model<'_>, schema: &Schema<'_>) -> Option<String> {
    let resolved = model.resolved(schema.id);
    let items = resolved.items.map(|items| model.resolved(items));
    let mut facts = Vec::new();
    let limits = limits(&resolved.bounds);
    if !limits.is_empty() {
        facts.push(format!("Limits: {}.", limits.join(", ")));
    }
    let limits = items.map(|items| self::limits(&items.bounds)).unwrap_or_default();
    if !limits.is_empty() {
        facts.push(format!("Limits of each item: {}.", limits.join(", ")));
    }
    if let Some(default) = schema.default.or(resolved.default) {
        facts.push(format!("Default: {}.", code(&default.to_string())));
    }
    let references = |schema: &Schema<'_>| Some(schema.member("x-references")?.as_str()?.to_owned());
    if let Some(object) = references(resolved) {
        facts.push(format!("Primary key of a {}.", code(&object)));
    } else if let Some(object) = items.and_then(references) {
        facts.push(format!("Each item is the primary key of a {}.", code(&object)));
    }
    if schema.member("x-unique").is_some() {
        facts.push("No two objects have the same.".to_owned());
    }
    if schema.flag("x-secret") {
        facts.push("A secret: no `Debug` shows it.".to_owned());
    }
    if schema.flag("deprecated") {
        facts.push("Deprecated.".to_owned());
    }
    (!facts.is_empty()).then(|| facts.join(" "))
}

/// Returns the rules that a schema has for its values.
fn limits(bounds: &Bounds<'_>) -> Vec<String> {
    let count = |count: Option<u64>, bound: &str, what: &str| {
        count.map(|count| format!("{bound} {count} {what}{}", if count == 1 { "" } else { "s" }))
    };
    let number = |number: Option<&Number>, bound: &str| number.map(|number| format!("{bound} {number}"));
    let limits = [
        count(bounds.min_length, "at least", "character"),
        count(bounds.max_length, "at most", "character"),
        count(bounds.min_items, "at least", "item"),
        count(bounds.max_items, "at most", "item"),
        number(bounds.minimum, if bounds.above { "above" } else { "from" }),
        number(bounds.maximum, if bounds.below { "below" } else { "up to" }),
        number(bounds.multiple_of, "a multiple of"),
        bounds.pattern.map(|pattern| format!("matches {}", code(pattern))),
    ];
    limits.into_iter().flatten().collect()
}

/// Returns a parameter's name and place.
fn place(parameter: &Parameter<'_>) -> String {
    let place = match parameter.location {
        Location::Path => "in the path",
        Location::Query => "in the query",
        Location::Header => "in a header",
        Location::Cookie => "in the cookie",
    };
    format!("{} {place}{}", code(parameter.name), if parameter.required { ", required" } else { "" })
}

/// Returns a link to the type of a schema, or says what it is; empty if it has no name of its own.
fn link(model: &Model<'_>, schema: SchemaId) -> String {
    let schema = model.schema(schema);
    if let Some(target) = schema.reference {
        let component = model.schema(target).component();
        let link = |name| format!("[{}](types::{})", code(name), model.names().component(name));
        return component.map(link).unwrap_or_default();
    }
    match schema.items.map(|items| link(model, items)) {
        None => String::new(),
        Some(item) if item.is_empty() => "a list".to_owned(),
        Some(item) => format!("a list of {item}"),
    }
}

/// Returns the schema of the first content of a body.
fn body_schema(body: &RequestBody<'_>) -> Option<SchemaId> {
    body.media.first()?.schema
}

/// Returns the paragraphs as one text, with the release that brought the part along and its pointer.
fn finish(mut words: Vec<String>, part: &Value, pointer: &str) -> String {
    words.extend(text(part, "x-since").map(|release| format!("Since {}.", line(release))));
    words.push(format!("From {}.", code(&format!("#{pointer}"))));
    words.join("\n\n")
}

/// Returns texts of the document as paragraphs.
fn paragraphs(said: &[&str]) -> Vec<String> {
    said.iter().map(|text| markdown(text)).filter(|text| !text.is_empty()).collect()
}

/// Returns `: ` and the words in one line, if there are any.
fn colon(said: &[&str]) -> String {
    let line = line(&said.join(" "));
    if line.is_empty() { line } else { format!(": {line}") }
}

fn text<'a>(value: &'a Value, key: &str) -> Option<&'a str> {
    value.get(key).and_then(Value::as_str)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    use openapi_document::Document;

    fn document() -> Document {
        let mut root = root();
        for (key, value) in [("openapi", json!("3.0.3")), ("info", json!({"title": "t", "version": "1"}))] {
            root[key] = value;
        }
        Document::parse("pets.json", &root.to_string()).unwrap()
    }

    fn root() -> Value {
        json!({
            "paths": {"/pets/{id}/": {
                "parameters": [{"$ref": "#/components/parameters/Id"}],
                "put": {
                    "operationId": "pets_update", "description": "Changes a pet.", "x-note": "All of it.",
                    "parameters": [{"name": "kind", "in": "query", "schema": {"type": "string", "maxLength": 9}}],
                    "requestBody": {"required": true, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Pet"}}}},
                    "responses": {
                        "200": {"description": "", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Pet"}}}},
                        "404": {"description": "No such\n pet."},
                    },
                    "x-observed-responses": {"405": {"description": ""}},
                },
            }},
            "components": {
                "parameters": {"Id": {"name": "id", "in": "path", "required": true, "x-note": "The key.", "schema": {"type": "integer", "minimum": 1}}},
                "schemas": {
                    "Kind": {"type": "string", "x-note": "What it is.", "enum": ["cat", "dog"], "x-enum-labels": {"cat": "A cat"}},
                    "Base": {"type": "object", "properties": {"tag": {
                        "type": "string", "minLength": 1, "maxLength": 5, "pattern": "^a+$", "default": "a",
                        "x-unique": "pet", "x-secret": true, "x-since": "2",
                    }}},
                    "Pet": {"x-note": "A pet.", "allOf": [
                        {"$ref": "#/components/schemas/Base"},
                        {"properties": {
                            "kind": {"$ref": "#/components/schemas/Kind"},
                            "vets": {"type": "array", "items": {"type": "string", "x-references": "vet"}},
                            "mute": {"type": "boolean"},
                        }},
                    ]},
                },
            },
        })
    }

    const PUT: &str = "/paths/~1pets~1{id}~1/put";

    #[test]
    fn a_property_has_its_words_its_limits_its_release_and_its_pointer() {
        let document = document();
        let model = Model::of(&document);
        let pet = model.schemas.component("Pet").unwrap().id;
        let about = |name: &str| of_property(&model, pet, name).unwrap();
        assert_eq!(
            about("tag"),
            "The property `tag`.\n\nLimits: at least 1 character, at most 5 characters, matches `^a+$`. Default: `\"a\"`. \
             No two objects have the same. A secret: no `Debug` shows it.\n\nSince 2.\n\n\
             From `#/components/schemas/Base/properties/tag`."
        );
        assert_eq!(about("kind"), "What it is.\n\nFrom `#/components/schemas/Pet/allOf/1/properties/kind`.");
        assert!(about("vets").contains("Each item is the primary key of a `vet`."));
        assert!(of_property(&model, pet, "nothing").is_none());
    }

    #[test]
    fn a_parameter_is_described_where_it_stands() {
        let document = document();
        let model = Model::of(&document);
        let [id, kind] = model.operations[0].parameters.as_slice() else { panic!("two parameters") };
        assert_eq!(
            of_parameter(&model, id),
            "The key.\n\nSent as `id` in the path, required.\n\nLimits: from 1.\n\nFrom `#/components/parameters/Id`."
        );
        assert_eq!(
            of_parameter(&model, kind),
            format!(
                "The parameter `kind` in the query.\n\nLimits: at most 9 characters.\n\nFrom `#{PUT}/parameters/0`."
            )
        );
    }

    #[test]
    fn an_operation_says_what_it_takes_and_what_it_answers() {
        let document = document();
        let model = Model::of(&document);
        let operation = &model.operations[0];
        assert_eq!(
            of_operation(&model, operation, None),
            format!("Changes a pet.\n\nAll of it.\n\n`PUT /pets/{{id}}/`\n\nFrom `#{PUT}`.")
        );
        assert_eq!(
            of_arguments(&model, operation).unwrap(),
            "Takes\n- `id` in the path, required: The key.\n- `kind` in the query\n- the body, required: [`Pet`](types::Pet)"
        );
        let (good, faults) = of_answers(&model, operation);
        assert_eq!(good, "Answers [`Pet`](types::Pet) (200): A pet.");
        assert_eq!(faults, ["- 404: No such pet.", "- 405, observed"]);
        let about = of_body(&model, operation.body.as_ref().unwrap());
        assert!(about.starts_with("The body: [`Pet`](types::Pet).\n\nA pet."), "{about}");
    }

    #[test]
    fn a_bound_that_is_no_value_itself_is_said_to_be_none() {
        let bound = |number: i64| Number::from(number);
        let (least, most) = (bound(0), bound(9));
        let bounds = Bounds { minimum: Some(&least), above: true, maximum: Some(&most), ..Bounds::default() };
        assert_eq!(limits(&bounds), ["above 0", "up to 9"]);
    }

    #[test]
    fn a_value_has_its_label_or_its_name() {
        let document = document();
        let model = Model::of(&document);
        let kind = model.schemas.component("Kind");
        assert_eq!(of_value(kind, "cat"), "A cat");
        assert_eq!(of_value(kind, "dog"), "The value `dog`.");
    }
}

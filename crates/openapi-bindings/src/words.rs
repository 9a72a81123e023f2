//! What the document says about its parts, as paragraphs for whoever reads the code made from it.
//!
//! A part is introduced by its own words: description, then note. What its schema says besides follows, since when
//! there is a part, and the pointer to it. Where the document has no words, a plain sentence names the part.

use serde_json::Value;

use openapi_document::names::{Names, Setter, setters};
use openapi_document::pointer::resolve;
use openapi_document::pointer::{child, escape, of_reference};

/// About the type made from the schema at `pointer`.
pub(crate) fn of_type(root: &Value, pointer: &str) -> Option<String> {
    let schema = root.pointer(pointer)?;
    let name = pointer.rsplit('/').next().unwrap_or_default();
    let mut words = said(root, schema);
    if words.is_empty() {
        words.push(format!("`{name}` of the document."));
    }
    words.extend(facts(root, schema));
    Some(finish(words, schema, pointer))
}

/// About the property `name` of the schema at `pointer`, or of a part that it is composed of.
pub(crate) fn of_property(root: &Value, pointer: &str, name: &str) -> Option<String> {
    // Deeper than any composition a person wrote: a component that is a part of itself.
    find_property(root, pointer, name, 16).map(|pointer| {
        let schema = root.pointer(&pointer).unwrap_or(&Value::Null);
        let mut words = said(root, schema);
        if words.is_empty() {
            words.push(format!("The property `{name}`."));
        }
        words.extend(facts(root, schema));
        finish(words, schema, &pointer)
    })
}

/// About the value `value` of the enumeration at `pointer`.
pub(crate) fn of_value(root: &Value, pointer: &str, value: &str) -> String {
    let label = root.pointer(pointer).and_then(|schema| text(schema.get("x-enum-labels")?, value));
    label.map_or_else(|| format!("The value `{value}`."), str::to_owned)
}

/// About the parameter at `pointer`, which may refer to one elsewhere.
pub(crate) fn of_parameter(root: &Value, pointer: &str) -> Option<String> {
    let (pointer, parameter) = followed(root, pointer)?;
    let mut words = said(root, parameter);
    if words.is_empty() {
        words.extend(parameter.get("schema").map(|schema| said(root, schema)).unwrap_or_default());
    }
    let place = place(parameter);
    if words.is_empty() {
        words.push(format!("The parameter {place}."));
    } else {
        words.push(format!("Sent as {place}."));
    }
    words.extend(parameter.get("schema").and_then(|schema| facts(root, schema)));
    Some(finish(words, parameter, &pointer))
}

/// About the setter for the security scheme at `pointer`, which does what `sentence` says.
pub(crate) fn of_scheme(root: &Value, pointer: &str, sentence: String) -> String {
    let Some((pointer, scheme)) = followed(root, pointer) else { return sentence };
    let mut words = vec![sentence];
    words.extend(said(root, scheme));
    finish(words, scheme, &pointer)
}

/// About the operation at `pointer`, whose method and path are known; `more` follows what the document says.
pub(crate) fn of_operation(
    root: &Value,
    pointer: &str,
    (method, path): (&str, &str),
    more: impl IntoIterator<Item = String>,
) -> Option<String> {
    let operation = root.pointer(pointer)?;
    let mut words: Vec<String> = text(operation, "summary").map(str::to_owned).into_iter().collect();
    words.extend(said(root, operation));
    words.push(format!("`{} {path}`", method.to_uppercase()));
    words.extend(more);
    Some(finish(words, operation, pointer))
}

/// The parameters of the operation at `pointer`, and its body, as a list; `None` if it takes nothing.
pub(crate) fn of_arguments(root: &Value, pointer: &str, names: &Names) -> Option<String> {
    let lines = setters(root, pointer)
        .into_iter()
        .map(|Setter { parameter, .. }| format!("- {}{}", place(parameter), colon(&said(root, parameter))));
    let mut lines: Vec<String> = lines.collect();
    if let Some((_, body)) = followed(root, &child(pointer, "requestBody")) {
        let needed = if body.get("required") == Some(&Value::Bool(true)) { ", required" } else { "" };
        let what = schema(body).map(|schema| link(schema, names)).unwrap_or_default();
        let what = if what.is_empty() { String::new() } else { format!(": {what}") };
        lines.push(format!("- the body{needed}{what}"));
    }
    (!lines.is_empty()).then(|| format!("Takes\n{}", lines.join("\n")))
}

/// About the body of the operation at `pointer`.
pub(crate) fn of_body(root: &Value, pointer: &str, names: &Names) -> Option<String> {
    let (pointer, body) = followed(root, &child(pointer, "requestBody"))?;
    let mut words = said(root, body);
    let schema = schema(body);
    if words.is_empty() {
        words.extend(schema.map(|schema| said(root, schema)).unwrap_or_default());
    }
    let what = schema.map(|schema| link(schema, names)).filter(|what| !what.is_empty());
    words.insert(0, what.map_or_else(|| "The body.".to_owned(), |what| format!("The body: {what}.")));
    Some(finish(words, body, &pointer))
}

/// What the operation at `pointer` answers when all is well, in a sentence; and when it is not, by status.
pub(crate) fn of_answers(root: &Value, pointer: &str, names: &Names) -> Option<(String, Vec<String>)> {
    let operation = root.pointer(pointer)?;
    let (mut good, mut faults) = (Vec::new(), Vec::new());
    for (key, seen) in [("responses", ""), ("x-observed-responses", ", observed")] {
        for (status, response) in operation.get(key).and_then(Value::as_object).into_iter().flatten() {
            let response = resolve(root, response);
            let schema = schema(response);
            let what = schema.map(|schema| link(schema, names)).unwrap_or_default();
            let mut about = said(root, response);
            if status.starts_with('2') {
                if about.is_empty() {
                    about = schema.map(|schema| said(root, resolve(root, schema))).unwrap_or_default();
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
    Some((good, faults))
}

/// Description and note of `value`, or of what it refers to if it has neither.
fn said(root: &Value, value: &Value) -> Vec<String> {
    let own = ["description", "x-note"].into_iter().filter_map(|key| text(value, key)).map(plain);
    let own: Vec<String> = own.filter(|words| !words.is_empty()).collect();
    let composed = value.get("allOf").and_then(Value::as_array).filter(|parts| parts.len() == 1);
    let other = if value.get("$ref").is_some() {
        Some(resolve(root, value))
    } else {
        composed.and_then(|parts| parts.first()).map(|part| resolve(root, part))
    };
    match other.filter(|other| own.is_empty() && other.get("$ref").is_none()) {
        Some(other) => said(root, other),
        None => own,
    }
}

/// What a schema says of its values besides their type, as a paragraph.
fn facts(root: &Value, schema: &Value) -> Option<String> {
    let resolved = resolve(root, schema);
    let items = resolved.get("items").map(|items| resolve(root, items));
    let mut facts = Vec::new();
    let limits = limits(resolved);
    if !limits.is_empty() {
        facts.push(format!("Limits: {}.", limits.join(", ")));
    }
    let limits = items.map(self::limits).unwrap_or_default();
    if !limits.is_empty() {
        facts.push(format!("Limits of each item: {}.", limits.join(", ")));
    }
    if let Some(default) = schema.get("default").or(resolved.get("default")) {
        facts.push(format!("Default: `{default}`."));
    }
    if let Some(model) = text(resolved, "x-references") {
        facts.push(format!("Primary key of a `{model}`."));
    } else if let Some(model) = items.and_then(|items| text(items, "x-references")) {
        facts.push(format!("Each item is the primary key of a `{model}`."));
    }
    if schema.get("x-unique").is_some() {
        facts.push("No two objects have the same.".to_owned());
    }
    if schema.get("x-secret") == Some(&Value::Bool(true)) {
        facts.push("A secret: no `Debug` shows it.".to_owned());
    }
    if schema.get("deprecated") == Some(&Value::Bool(true)) {
        facts.push("Deprecated.".to_owned());
    }
    (!facts.is_empty()).then(|| facts.join(" "))
}

/// The rules that a schema has for its values.
fn limits(schema: &Value) -> Vec<String> {
    const RULES: [(&str, &str, &str); 7] = [
        ("minLength", "at least ", " characters"),
        ("maxLength", "at most ", " characters"),
        ("minItems", "at least ", " items"),
        ("maxItems", "at most ", " items"),
        ("minimum", "from ", ""),
        ("maximum", "up to ", ""),
        ("multipleOf", "a multiple of ", ""),
    ];
    let mut limits = Vec::new();
    for (key, before, after) in RULES {
        if let Some(bound) = schema.get(key).and_then(Value::as_number) {
            let after = if bound.as_u64() == Some(1) { after.trim_end_matches('s') } else { after };
            limits.push(format!("{before}{bound}{after}"));
        }
    }
    limits.extend(text(schema, "pattern").map(|pattern| format!("matches `{pattern}`")));
    limits
}

/// A parameter's name and place.
fn place(parameter: &Value) -> String {
    let (name, place) =
        (text(parameter, "name").unwrap_or_default(), text(parameter, "in").unwrap_or_default());
    let needed = if parameter.get("required") == Some(&Value::Bool(true)) { ", required" } else { "" };
    match place {
        "header" => format!("`{name}` in a header{needed}"),
        place => format!("`{name}` in the {place}{needed}"),
    }
}

/// A link to the type of a schema, or what it is; empty if it has no name of its own.
fn link(schema: &Value, names: &Names) -> String {
    let reference = schema.get("$ref").and_then(Value::as_str);
    if let Some(name) = reference.and_then(openapi_document::usage::component) {
        return format!("[`{name}`](types::{})", names.component(&name));
    }
    match schema.get("items") {
        Some(items) => match link(items, names) {
            item if item.is_empty() => "a list".to_owned(),
            item => format!("a list of {item}"),
        },
        None => String::new(),
    }
}

/// The schema of the first content of a body or an answer.
fn schema(content: &Value) -> Option<&Value> {
    content.get("content")?.as_object()?.values().next()?.get("schema")
}

/// What `pointer` leads to and, if that refers to something, what it refers to.
fn followed<'a>(root: &'a Value, pointer: &str) -> Option<(String, &'a Value)> {
    let value = root.pointer(pointer)?;
    let target = value.get("$ref").and_then(Value::as_str).and_then(of_reference);
    match target.and_then(|target| root.pointer(&target).map(|value| (target, value))) {
        Some(found) => Some(found),
        None => Some((pointer.to_owned(), value)),
    }
}

/// The pointer of the property `name` of the schema at `pointer`, in itself or in a part of it.
fn find_property(root: &Value, pointer: &str, name: &str, depth: usize) -> Option<String> {
    let (pointer, schema) = followed(root, pointer)?;
    let own = format!("{pointer}/properties/{}", escape(name));
    if schema.get("properties").and_then(|properties| properties.get(name)).is_some() {
        return Some(own);
    }
    let parts = schema.get("allOf").and_then(Value::as_array).map_or(0, Vec::len);
    (0..if depth > 0 { parts } else { 0 })
        .find_map(|index| find_property(root, &format!("{pointer}/allOf/{index}"), name, depth - 1))
}

/// The paragraphs as one text, with the release that brought the part along and its pointer.
fn finish(mut words: Vec<String>, part: &Value, pointer: &str) -> String {
    words.extend(text(part, "x-since").map(|release| format!("Since {release}.")));
    words.push(format!("From `#{pointer}`."));
    words.join("\n\n")
}

/// `: ` and the words in one line, if there are any.
fn colon(words: &[String]) -> String {
    let line = words.join(" ").split_whitespace().collect::<Vec<_>>().join(" ");
    if line.is_empty() { line } else { format!(": {line}") }
}

/// `text` without what rustdoc would take for Rust to be compiled: indented lines, and fences that name no language.
fn plain(text: &str) -> String {
    let mut inside = false;
    let lines = text.trim().lines().map(|line| {
        let code = line.trim_start();
        let Some(language) = code.strip_prefix("```") else {
            let deep = !inside && (line.starts_with("    ") || line.starts_with('\t'));
            return if deep { format!("  {code}") } else { line.to_owned() };
        };
        inside = !inside;
        if inside && language.trim().is_empty() { "```text".to_owned() } else { code.to_owned() }
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn text<'a>(value: &'a Value, key: &str) -> Option<&'a str> {
    value.get(key).and_then(Value::as_str)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

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
    const PET: &str = "/components/schemas/Pet";

    #[test]
    fn a_property_has_its_words_its_limits_its_release_and_its_pointer() {
        let root = root();
        let about = |name: &str| of_property(&root, PET, name).unwrap();
        assert_eq!(
            about("tag"),
            "The property `tag`.\n\nLimits: at least 1 character, at most 5 characters, matches `^a+$`. Default: `\"a\"`. \
             No two objects have the same. A secret: no `Debug` shows it.\n\nSince 2.\n\n\
             From `#/components/schemas/Base/properties/tag`."
        );
        assert_eq!(about("kind"), "What it is.\n\nFrom `#/components/schemas/Pet/allOf/1/properties/kind`.");
        assert!(about("vets").contains("Each item is the primary key of a `vet`."));
        assert!(of_property(&root, PET, "nothing").is_none());
    }

    #[test]
    fn a_parameter_is_described_where_it_stands() {
        let root = root();
        let listed: Vec<String> = setters(&root, PUT).into_iter().map(|setter| setter.pointer).collect();
        assert_eq!(listed, ["/paths/~1pets~1{id}~1/parameters/0".to_owned(), format!("{PUT}/parameters/0")]);
        assert_eq!(
            of_parameter(&root, &listed[0]).unwrap(),
            "The key.\n\nSent as `id` in the path, required.\n\nLimits: from 1.\n\nFrom `#/components/parameters/Id`."
        );
        assert_eq!(
            of_parameter(&root, &listed[1]).unwrap(),
            format!(
                "The parameter `kind` in the query.\n\nLimits: at most 9 characters.\n\nFrom `#{PUT}/parameters/0`."
            )
        );
    }

    #[test]
    fn an_operation_says_what_it_takes_and_what_it_answers() {
        let root = root();
        assert_eq!(
            of_operation(&root, PUT, ("put", "/pets/{id}/"), None).unwrap(),
            format!("Changes a pet.\n\nAll of it.\n\n`PUT /pets/{{id}}/`\n\nFrom `#{PUT}`.")
        );
        assert_eq!(
            of_arguments(&root, PUT, &Names::of(&root)).unwrap(),
            "Takes\n- `id` in the path, required: The key.\n- `kind` in the query\n- the body, required: [`Pet`](types::Pet)"
        );
        let (good, faults) = of_answers(&root, PUT, &Names::of(&root)).unwrap();
        assert_eq!(good, "Answers [`Pet`](types::Pet) (200): A pet.");
        assert_eq!(faults, ["- 404: No such pet.", "- 405, observed"]);
        assert!(
            of_body(&root, PUT, &Names::of(&root))
                .unwrap()
                .starts_with("The body: [`Pet`](types::Pet).\n\nA pet.")
        );
    }

    #[test]
    fn a_value_has_its_label_or_its_name_and_nothing_is_taken_for_rust() {
        let root = root();
        assert_eq!(of_value(&root, "/components/schemas/Kind", "cat"), "A cat");
        assert_eq!(of_value(&root, "/components/schemas/Kind", "dog"), "The value `dog`.");
        assert_eq!(plain("So:\n\n    let x;\n```\nlet y;\n```"), "So:\n\n  let x;\n```text\nlet y;\n```");
    }
}

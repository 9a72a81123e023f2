//! The style of this document: what `spec/README.md` and the head of the document say in prose, as data.
//!
//! Beside [`project`](crate::project) the other place where something general meets this document.

use std::path::Path;

use openapi_compat::lint::{Extension, Form, Provenance, Style, Verb};

/// Returns the style of the document below `root`, whose pages and rules are beside it.
///
/// # Errors
/// If the pages or the README cannot be read; the message says what to do.
pub fn of(root: &Path) -> Result<Style, String> {
    Ok(Style {
        descriptions: vec!["description", "x-note"],
        verbs: VERBS.to_vec(),
        methods: vec!["get", "post", "put", "patch", "delete"],
        components: vec!["securitySchemes", "parameters", "responses", "schemas"],
        keys: KEYS.iter().map(|(kind, keys)| (*kind, keys.to_vec())).collect(),
        extensions: extensions(),
        provenance: Some(Provenance { key: "x-provenance", pages: pages(root)?, rules: rules(root)? }),
        errors: vec!["400", "403"],
        missing: Some("404"),
    })
}

const fn verb(method: &'static str, of_one: Option<bool>, verb: &'static str) -> Verb {
    Verb { method, of_one, verb }
}

/// The names of the methods of a viewset.
const VERBS: [Verb; 6] = [
    verb("get", Some(true), "retrieve"),
    verb("get", Some(false), "list"),
    verb("post", None, "create"),
    verb("put", None, "update"),
    verb("patch", None, "partial_update"),
    verb("delete", None, "destroy"),
];

const KEYS: [(&str, &[&str]); 6] = [
    (
        "OpenAPI",
        &[
            "openapi",
            "info",
            "servers",
            "tags",
            "x-service-traits",
            "x-observed-responses",
            "paths",
            "components",
        ],
    ),
    (
        "operation",
        &[
            "operationId",
            "description",
            "x-note",
            "x-view-name",
            "x-provenance",
            "x-since",
            "tags",
            "parameters",
            "requestBody",
            "security",
            "responses",
            "x-observed-responses",
        ],
    ),
    (
        "parameter",
        &["name", "in", "required", "description", "x-note", "x-role", "x-provenance", "x-since", "schema"],
    ),
    ("request body", &["description", "x-note", "required", "content"]),
    ("response", &["description", "x-note", "x-provenance", "x-since", "headers", "content"]),
    (
        "schema",
        &[
            "type",
            "allOf",
            "format",
            "minLength",
            "maxLength",
            "pattern",
            "items",
            "default",
            "title",
            "nullable",
            "readOnly",
            "x-computed",
            "description",
            "x-note",
            "x-provenance",
            "x-references",
            "x-unique",
            "x-secret",
            "x-integer",
            "x-since",
            "required",
            "properties",
            "additionalProperties",
            "enum",
            "x-enum-labels",
        ],
    ),
];

/// Returns the table of extension keys in `spec/README.md`, without those of the overlay of the whole API.
fn extensions() -> Vec<Extension> {
    let any = |key, of: &[&'static str], form| Extension { key, of: of.to_vec(), form, beside: None };
    let with = |key, form, beside| Extension { key, of: vec!["schema"], form, beside: Some(beside) };
    vec![
        any("x-provenance", &[], Form::Any),
        any("x-note", &[], Form::Text),
        any("x-since", &["operation", "parameter", "schema", "response"], Form::Release),
        any("x-role", &["parameter"], Form::Word(vec!["filter", "page", "page-size", "ordering", "search"])),
        with("x-references", Form::Word(vec!["flow", "property-mapping", "group"]), ("type", "\"string\"")),
        any("x-unique", &["schema"], Form::Text),
        with("x-integer", Form::Set, ("type", "\"number\"")),
        with("x-computed", Form::Set, ("readOnly", "true")),
        any("x-secret", &["schema"], Form::Set),
        any("x-enum-labels", &["schema"], Form::Any),
        any("x-service-traits", &["OpenAPI"], Form::Word(vec!["tag", "path"])),
        any("x-view-name", &["operation"], Form::Text),
        any("x-observed-responses", &["operation", "OpenAPI"], Form::Any),
    ]
}

fn pages(root: &Path) -> Result<Vec<String>, String> {
    let directory = root.join("spec/documents");
    let entries = std::fs::read_dir(&directory).map_err(|error| {
        format!("cannot read {}: {error}\n  help: the reference pages belong there", directory.display())
    })?;
    let names = entries.flatten().filter_map(|entry| entry.file_name().into_string().ok());
    let mut names: Vec<String> = names.collect();
    names.sort();
    Ok(names)
}

/// Returns the rules with a heading of their own.
fn rules(root: &Path) -> Result<Vec<String>, String> {
    let path = root.join("spec/README.md");
    let readme = std::fs::read_to_string(&path).map_err(|error| {
        format!("cannot read {}: {error}\n  help: the rules are explained there", path.display())
    })?;
    let headings = readme.lines().filter_map(|line| line.strip_prefix("### `")?.strip_suffix('`'));
    Ok(headings.map(str::to_owned).collect())
}

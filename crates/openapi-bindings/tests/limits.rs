//! Checks that what is not generated is refused where it stands, and listed in the README: all of it, and nothing else.

use openapi_bindings::{api, bindings};
use openapi_document::model::Model;
use openapi_document::{Document, Error};

/// A limit as the README calls it, the smallest part of a document that goes beyond it, and what is said then.
struct Limit {
    name: &'static str,
    path: &'static str,
    operation: &'static str,
    schema: &'static str,
    message: &'static str,
    pointer: &'static str,
}

const fn of_operation(
    name: &'static str,
    operation: &'static str,
    message: &'static str,
    pointer: &'static str,
) -> Limit {
    Limit { name, path: "", operation, schema: "{type: object}", message, pointer }
}

const fn of_schema(
    name: &'static str,
    schema: &'static str,
    message: &'static str,
    pointer: &'static str,
) -> Limit {
    Limit { name, path: "", operation: "operationId: p", schema, message, pointer }
}

const LIMITS: [Limit; 3] = [
    Limit {
        name: "a method that HTTP/1.1 does not define",
        path: "query: {operationId: q, responses: {'200': {description: ''}}}",
        operation: "operationId: p",
        schema: "{type: object}",
        message: "the method QUERY is not supported",
        pointer: "/paths/~1toys/query",
    },
    of_operation(
        "a part of a body that is an object and described as something other than JSON",
        "operationId: p, requestBody: {content: {multipart/form-data: {schema: {type: object, properties: {a: {type: \
         object}}}, encoding: {a: {contentType: text/csv}}}}}",
        "is sent as JSON, and not as text/csv",
        "/paths/~1pets/post/requestBody/content/multipart~1form-data/encoding/a/contentType",
    ),
    of_schema(
        "a discriminator of members that are no objects",
        "{oneOf: [{$ref: '#/components/schemas/Text'}], discriminator: {propertyName: kind}}",
        "but no object that could have the property",
        "/components/schemas/Text",
    ),
];

/// Reads and generates the document of a limit.
fn generated(limit: &Limit) -> Result<(), Error> {
    let Limit { path, operation, schema, .. } = limit;
    let pets = if operation.contains("in: path") { "/pets/{a}" } else { "/pets" };
    let text = format!(
        "{{openapi: 3.2.0, info: {{title: t, version: '1'}}, paths: {{'{pets}': {{post: {{{operation}, responses: {{'204': \
         {{description: ''}}}}}}}}, /toys: {{{path}}}}}, components: {{schemas: {{Odd: {schema}, Text: {{type: string}}}}}}}}"
    );
    let document = Document::parse("pets.yaml", &text)?;
    let model = Model::of(&document);
    bindings::generate(&model)?;
    let config = api::Config { directory: "src".to_owned(), types: "types".to_owned() };
    api::generate(&model, &config).map(drop)
}

#[test]
fn each_limit_is_told_where_it_stands() {
    for limit in &LIMITS {
        let error = generated(limit).expect_err(limit.name);
        let found: Vec<(&str, &str)> = error
            .diagnostics()
            .iter()
            .map(|found| (found.pointer.as_str(), found.message.as_str()))
            .collect();
        assert!(
            found.iter().any(|(at, message)| *at == limit.pointer && message.contains(limit.message)),
            "{}: {found:?}",
            limit.name
        );
    }
}

#[test]
fn the_readme_lists_the_limits_and_nothing_else() {
    let readme = include_str!("../README.md");
    let (_, limits) = readme.split_once("## Limits").expect("the README has its limits");
    let limits = limits.split_once("\n## ").map_or(limits, |(limits, _)| limits);
    let listed: Vec<&str> = limits.lines().filter_map(|line| line.strip_prefix("- ")).collect();
    assert_eq!(listed, LIMITS.map(|limit| limit.name));
}

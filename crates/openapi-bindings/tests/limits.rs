//! Checks that what is not generated is refused where it stands, and listed in the README: all of it, and nothing else.

use openapi_bindings::{api, bindings};
use openapi_document::model::Model;
use openapi_document::{Document, Error};

/// A limit as the README calls it, the smallest part of a document that goes beyond it, and what is said then.
struct Limit {
    name: &'static str,
    path: &'static str,
    operation: &'static str,
    message: &'static str,
    pointer: &'static str,
}

const LIMITS: [Limit; 2] = [
    Limit {
        name: "a method that HTTP/1.1 does not define",
        path: "query: {operationId: q, responses: {'200': {description: ''}}}",
        operation: "operationId: p",
        message: "the method QUERY is not supported",
        pointer: "/paths/~1toys/query",
    },
    Limit {
        name: "a part of a body that is an object and described as something other than JSON",
        path: "",
        operation: "operationId: p, requestBody: {content: {multipart/form-data: {schema: {type: object, properties: {a: {type: \
         object}}}, encoding: {a: {contentType: text/csv}}}}}",
        message: "is sent as JSON, and not as text/csv",
        pointer: "/paths/~1pets/post/requestBody/content/multipart~1form-data/encoding/a/contentType",
    },
];

/// Reads and generates the document of a limit.
fn generated(limit: &Limit) -> Result<(), Error> {
    let Limit { path, operation, .. } = limit;
    let text = format!(
        "{{openapi: 3.2.0, info: {{title: t, version: '1'}}, paths: {{/pets: {{post: {{{operation}, responses: {{'204': \
         {{description: ''}}}}}}}}, /toys: {{{path}}}}}}}"
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

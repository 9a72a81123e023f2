//! The server side of documents as people write them, and the errors for what it cannot do.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use openapi_bindings::api::{Config, generate};
use openapi_bindings::{Document, GeneratedFile};

/// Operations with every kind of parameter, body and answer; the tests below break it.
const ZOO: &str = include_str!("zoo.yaml");

fn files(text: &str) -> Result<Vec<GeneratedFile>, openapi_bindings::Error> {
    let config =
        Config { directory: "src".to_owned(), types: "zoo_types".to_owned(), command: "make".to_owned() };
    generate(&Document::parse("zoo.yaml", text)?, &config)
}

/// The text of one generated file, without line breaks and indentation.
fn file(name: &str) -> String {
    let files = files(ZOO).unwrap();
    let file = files.iter().find(|file| file.path == format!("src/generated/{name}.rs")).unwrap();
    file.text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn assert_holds(name: &str, pieces: &[&str]) {
    let text = file(name);
    for piece in pieces {
        assert!(text.contains(piece), "{name} has no {piece:?}:\n{text}");
    }
}

#[test]
fn every_operation_is_a_method_with_plain_arguments() {
    assert_holds(
        "service",
        &[
            "fn pens_list( &self, cx: &RequestContext<Self::User>, query: PensListQuery, ) \
             -> impl Future<Output = Result<Vec<types::Pen>, PensListError>> + Send {",
            "query: PensCreateQuery, body: types::PenRequest,",
            "fn animals_retrieve( &self, cx: &RequestContext<Self::User>, pen_id: uuid::Uuid, number: i64, )",
            "Result<serde_json::Value, AnimalsRetrieveError>",
            "Result<(), AnimalsDeleteError>",
        ],
    );
}

#[test]
fn a_query_is_a_struct_of_typed_fields() {
    assert_holds(
        "queries",
        &[
            "pub type_: Option<Vec<types::Kind>>,",
            "pub born_after: Option<String>,",
            "pub ids: Option<Vec<Uuid>>,",
            "/// How big pub size: Option<f64>,",
            "type_: values.list(\"type\", FilterValue::as_choice)",
        ],
    );
}

#[test]
fn a_failure_is_a_variant_of_its_status() {
    assert_holds(
        "errors",
        &[
            "pub enum PensListError { /// 429: slow down TooManyRequests, /// Anything else. Other(Failure), }",
            "/// 409: there Conflict(types::Error),",
        ],
    );
}

#[test]
fn components_become_tables_that_may_hold_themselves() {
    assert_holds(
        "schemas",
        &[
            "// from #/components/schemas/Pen /// `Pen` pub static PEN: ObjectSchema",
            "name: \"inner\", rule: Rule::Object(&schemas::PEN),",
            "rule: Rule::Text(Text { min_length: Some(2), max_length: None, pattern: Some(\"^a+$\"), }),",
            "Choice { value: \"2legs\", label: \"2legs\", }",
        ],
    );
}

#[test]
fn a_base_path_and_a_security_requirement_may_stand_above_the_operations() {
    assert_holds(
        "operations",
        &["pub const BASE_PATH: &str = \"/api\";", "security: &[&[\"key\"]],", "security: &[],"],
    );
}

#[test]
fn what_the_server_side_cannot_do_is_an_error_where_it_stands() {
    let cases = [
        (
            "in: query, name: size",
            "in: header, name: size",
            "does not read `header` parameters",
            "/paths/~1pens/parameters/0",
        ),
        (
            "{ type: number, minimum: 0 }",
            "{ type: object, properties: { a: {} } }",
            "reads scalar values here",
            "/paths/~1pens/parameters/0/schema",
        ),
        (
            "{ application/json: { schema: { $ref: \"#/components/schemas/PenRequest\" } } }",
            "{ text/plain: { schema: { type: string } } }",
            "reads JSON only",
            "/paths/~1pens/post/requestBody",
        ),
        (
            "{ $ref: \"#/components/schemas/PenRequest\" }",
            "{ type: object, properties: { name: { type: string } } }",
            "described by a component",
            "/paths/~1pens/post/requestBody/content/application~1json/schema",
        ),
        (
            "\"204\": { description: gone }",
            "default: { description: gone }",
            "no response says what this operation answers with when it succeeds",
            "/paths/~1pens~1{pen_id}~1animals~1{number}/delete",
        ),
        (
            "{ description: made, content: { application/json:",
            "{ description: made, content: { text/csv:",
            "answers with JSON only",
            "/paths/~1pens/post/responses/201",
        ),
        (
            "operationId: animals_delete",
            "operationId: animals.retrieve",
            "are the same name in Rust",
            "/paths/~1pens~1{pen_id}~1animals~1{number}/delete",
        ),
        (
            "    delete:",
            "    head:",
            "the server itself answers `HEAD`",
            "/paths/~1pens~1{pen_id}~1animals~1{number}/head",
        ),
        (
            "{ type: array, items: { type: string, format: uuid } }",
            "{ type: array, items: { type: string, format: uuid } }, explode: false",
            "reads lists from repeated parameters only",
            "/paths/~1pens/get/parameters/3",
        ),
    ];
    for (piece, replacement, message, pointer) in cases {
        assert_eq!(ZOO.matches(piece).count(), 1, "the sample has {piece:?} once");
        let error = files(&ZOO.replace(piece, replacement)).expect_err(replacement);
        let found: Vec<_> = error
            .diagnostics()
            .iter()
            .map(|found| (found.message.as_str(), found.pointer.as_str()))
            .collect();
        assert!(
            found.iter().any(|(text, at)| text.contains(message) && *at == pointer),
            "{replacement}: {found:?}"
        );
    }
}

//! Documents that are small, or valid, or both, and meant to make whoever reads them run out of time, memory or stack.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod exercise;

use exercise::exercise;
use openapi_document::Document;

/// A document with these schemas, one operation that sends and answers the first of them, and nothing else.
fn with_schemas(schemas: impl IntoIterator<Item = String>) -> String {
    let schemas = schemas.into_iter().collect::<Vec<_>>().join("\n    ");
    format!(
        "openapi: 3.0.3
info: {{title: T, version: '1'}}
paths:
  /s/:
    post:
      operationId: s_create
      requestBody: {{content: {{application/json: {{schema: {{$ref: '#/components/schemas/S0'}}}}}}}}
      responses: {{'200': {{description: '', content: {{application/json: {{schema: {{$ref: '#/components/schemas/S0'}}}}}}}}}}
components:
  schemas:
    {schemas}
"
    )
}

/// `count` schemas of which each refers to the next one as `link` says, with `@` for the reference.
fn chain(count: usize, link: &str) -> String {
    let schema = |number| {
        let next = format!("{{$ref: '#/components/schemas/S{}'}}", number + 1);
        format!("S{number}: {}", link.replace('@', &next))
    };
    with_schemas((0..count).map(schema).chain([format!("S{count}: {{type: string}}")]))
}

/// The keywords by which a schema may refer to another.
const LINKS: [&str; 9] = [
    "{type: object, properties: {a: @}}",
    "{type: object, required: [a], properties: {a: @}}",
    "{type: array, items: @}",
    "{type: object, additionalProperties: @}",
    "{allOf: [@]}",
    "{allOf: [@, {type: object, properties: {b: {type: string}}}]}",
    "{oneOf: [@, {type: integer}]}",
    "{anyOf: [@, {type: integer}]}",
    "@",
];

#[test]
fn a_long_chain_of_schemas_is_followed_to_its_end() {
    for link in LINKS {
        println!("{link}");
        exercise(&chain(60, link));
    }
}

#[test]
fn schemas_that_refer_to_the_next_one_twice_are_not_written_out() {
    for link in [
        "{type: object, properties: {a: @, b: @}}",
        "{type: object, required: [a, b], properties: {a: @, b: @}}",
        "{allOf: [@, @]}",
        "{oneOf: [@, @]}",
        "{anyOf: [@, {allOf: [@]}]}",
        "{type: array, minItems: 100, items: @}",
        "{type: object, properties: {a: @}, additionalProperties: @}",
        "{type: object, properties: {a: {type: array, items: @}, b: {allOf: [@]}}}",
    ] {
        println!("{link}");
        exercise(&chain(40, link));
    }
}

#[test]
fn a_composition_that_doubles_with_each_step_is_refused_where_it_gets_too_large() {
    for link in ["{allOf: [@, @]}", "{oneOf: [@, @]}", "{anyOf: [@, {allOf: [@]}]}"] {
        let error = Document::parse("bomb.yaml", &chain(40, link)).unwrap_err();
        assert_eq!(error.diagnostics().len(), 1, "{error}");
        assert!(error.to_string().contains("expands to more than 10000 schemas"), "{error}");
        assert!(Document::parse("small.yaml", &chain(8, link)).is_ok(), "{link}");
    }
}

#[test]
fn a_schema_that_contains_itself_is_used_or_refused() {
    for link in LINKS {
        let link = link.replace('@', "{$ref: '#/components/schemas/S0'}");
        println!("{link}");
        exercise(&with_schemas([format!("S0: {link}")]));
        exercise(&with_schemas([
            "S0: {type: object, properties: {a: {$ref: '#/components/schemas/S1'}}}".to_owned(),
            format!("S1: {link}"),
        ]));
    }
    exercise(&with_schemas(["S0: {not: {$ref: '#/components/schemas/S0'}}".to_owned()]));
}

#[test]
fn a_schema_of_extremes_is_used_or_refused() {
    let many = |count: usize, item: &str| vec![item.to_owned(); count].join(", ");
    let numbered = |count: usize, item: &str| {
        (0..count).map(|number| item.replace('@', &number.to_string())).collect::<Vec<_>>().join(", ")
    };
    for schema in [
        "{type: string, minLength: 18446744073709551615}".to_owned(),
        "{type: string, minLength: 1000000000, maxLength: 1}".to_owned(),
        "{type: string, minLength: 9007199254740993, default: a}".to_owned(),
        "{type: array, minItems: 18446744073709551615, items: {type: string}}".to_owned(),
        "{type: array, minItems: 100, items: {type: array, minItems: 100, items: {type: array, minItems: 100, items: {type: array, minItems: 100, items: {type: array, minItems: 100, items: {type: integer}}}}}}".to_owned(),
        "{type: integer, minimum: -1e300, maximum: 1e300}".to_owned(),
        "{type: integer, minimum: 99999999999999999999999999}".to_owned(),
        "{type: integer, multipleOf: 0}".to_owned(),
        "{type: number, multipleOf: 1e-300, minimum: 1e300}".to_owned(),
        "{type: integer, format: uint8, default: -5}".to_owned(),
        "{type: string, pattern: '(a+)+$', default: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab}".to_owned(),
        "{type: string, pattern: '((a{1000}){1000}){1000}', default: a}".to_owned(),
        "{type: string, pattern: '(((((((', default: a}".to_owned(),
        format!("{{type: string, pattern: '{}{}'}}", "(".repeat(20_000), ")".repeat(20_000)),
        format!("{{type: string, description: '{}'}}", "a".repeat(100_000)),
        format!("{{type: string, enum: ['{}', b]}}", "a".repeat(100_000)),
        format!("{{type: string, enum: [{}]}}", numbered(200, "value@")),
        format!("{{type: string, enum: [{}]}}", numbered(100, "'v{@}'")),
        "{type: string, enum: [a, A, a_, ' a', '', '-', '+', self, Self, crate, '1', null]}".to_owned(),
        format!("{{type: object, properties: {{{}}}}}", numbered(100, "p@: {type: string}")),
        format!("{{type: object, required: [{}], properties: {{p: {{}}}}}}", numbered(100, "q@")),
        "{type: object, properties: {a: {}, A: {}, a_: {}, 'a-': {}, '': {}, self: {}, type: {}, '日本': {}}}".to_owned(),
        format!("{{oneOf: [{}]}}", many(40, "{type: string}")),
        format!("{{allOf: [{}]}}", many(40, "{type: object, properties: {a: {type: string}}}")),
        "{allOf: [{type: string}, {type: object}]}".to_owned(),
        "{oneOf: []}".to_owned(),
        "{enum: []}".to_owned(),
        "{type: object, default: {a: [1, {b: null}]}}".to_owned(),
        "{type: string, default: null, nullable: true}".to_owned(),
        "{type: string, format: date-time, default: yesterday}".to_owned(),
        "{type: string, format: uuid, enum: [a]}".to_owned(),
    ] {
        println!("{}", schema.get(..60).unwrap_or(&schema));
        exercise(&with_schemas([format!("S0: {schema}")]));
        exercise(&with_schemas([format!("S0: {{type: object, properties: {{a: {schema}}}}}")]));
    }
}

#[test]
fn an_operation_of_extremes_is_used_or_refused() {
    let operations =
        |operations: &str| format!("openapi: 3.0.3\ninfo: {{title: T, version: '1'}}\npaths: {operations}\n");
    let numbered = |count: usize, item: &str, between: &str| {
        (0..count).map(|number| item.replace('@', &number.to_string())).collect::<Vec<_>>().join(between)
    };
    let fine = "responses: {'204': {description: ''}}";
    let path_parameter = "{name: v@, in: path, required: true, schema: {type: string}}";
    for paths in [
        format!("{{/a/: {{get: {{operationId: {}, {fine}}}}}}}", "a".repeat(50_000)),
        format!(
            "{{/a/: {{get: {{operationId: self, {fine}}}}}, /b/: {{get: {{operationId: '1', {fine}}}}}}}"
        ),
        format!(
            "{{/a/: {{get: {{operationId: '日本', {fine}}}}}, /b/: {{get: {{operationId: '---', {fine}}}}}}}"
        ),
        format!(
            "{{{}/: {{get: {{operationId: a, parameters: [{}], {fine}}}}}}}",
            numbered(200, "/{v@}", ""),
            numbered(200, path_parameter, ", ")
        ),
        format!("{{/{}/: {{get: {{operationId: a, {fine}}}}}}}", "{".repeat(1_000)),
        format!(
            "{{'/{{}}/': {{get: {{operationId: a, {fine}}}}}, '/}}{{/': {{get: {{operationId: b, {fine}}}}}}}"
        ),
        format!(
            "{{/a/: {{get: {{operationId: a, parameters: [{}], {fine}}}}}}}",
            numbered(100, "{name: q@, in: query, schema: {type: string}}", ", ")
        ),
        format!(
            "{{{}}}",
            numbered(100, "/a@/: {get: {operationId: a@, responses: {'204': {description: ''}}}}", ", ")
        ),
        "{/a/: {get: {operationId: a, responses: {}}}}".to_owned(),
        "{/a/: {get: {operationId: a, responses: {default: {description: ''}}}}}".to_owned(),
        "{/a/: {get: {operationId: a, responses: {'999': {description: ''}, 1XX: {description: ''}}}}}"
            .to_owned(),
        "{/a/: {$ref: '#/paths/~1b~1'}, /b/: {get: {operationId: a, responses: {'204': {description: ''}}}}}"
            .to_owned(),
        "{/a/: {$ref: '#/paths/~1a~1'}}".to_owned(),
    ] {
        println!("{}", paths.get(..60).unwrap_or(&paths));
        exercise(&operations(&paths));
    }
}

//! Documents as people write and miswrite them, read from outside the crate.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fmt::Write as _;

use openapi_document::Document;

/// A small document that uses a bit of everything; the tests below break it.
const PETS: &str = include_str!("pets.yaml");

fn parse(text: &str) -> Result<Document, openapi_document::Error> {
    Document::parse("pets.yaml", text)
}

/// Returns the rendered errors of the sample document after replacing one piece of its text.
fn broken(piece: &str, replacement: &str) -> String {
    assert_eq!(PETS.matches(piece).count(), 1, "the sample has {piece:?} once");
    let error = parse(&PETS.replace(piece, replacement)).unwrap_err();
    format!("{replacement}\n\n{}", error.render(false))
}

/// Returns the warnings of the sample document after replacing one piece of its text.
fn mended(piece: &str, replacement: &str) -> String {
    assert_eq!(PETS.matches(piece).count(), 1, "the sample has {piece:?} once");
    let document = parse(&PETS.replace(piece, replacement)).unwrap();
    format!("{replacement}\n\n{}", document.warnings().told(10))
}

fn assert_errors(name: &str, errors: &[String]) {
    let text = errors.join("\n\n----------------------------------------\n\n");
    insta::with_settings!({omit_expression => true}, { insta::assert_snapshot!(name, text) });
}

#[test]
fn a_sound_document_is_read_with_its_keys_in_order() {
    let document = parse(PETS).unwrap();
    let schemas = document.value()["components"]["schemas"].as_object().unwrap();
    assert_eq!(schemas.keys().collect::<Vec<_>>(), ["Pet", "Kind", "Node", "Error"]);
    assert_eq!(openapi_document::operations::operations(document.value()).count(), 3);
}

#[test]
fn a_pointer_leads_to_a_line_and_column() {
    let document = parse(PETS).unwrap();
    let at = |pointer: &str| document.locate(pointer).map(|at| (at.line, at.column));
    assert_eq!(at(""), Some((1, 1)));
    assert_eq!(at("/info/version"), Some((4, 12)));
    assert_eq!(at("/paths/~1pets~1{id}"), Some((27, 3)));
    assert_eq!(at("/nowhere"), None);
    let key = document.locate_key("/info/version").unwrap();
    assert_eq!((key.line, key.column), (4, 3));
}

#[test]
fn an_error_about_a_missing_key_points_at_what_lacks_it() {
    let document = parse(PETS).unwrap();
    let error = document.error("/info/contact/name", "nobody to ask", "add a contact");
    assert_eq!(
        error.to_string(),
        "pets.yaml:2:1: nobody to ask (at #/info/contact/name)\n  help: add a contact"
    );
}

#[test]
fn json_is_read_like_yaml() {
    let document = parse(PETS).unwrap();
    let json = serde_json::to_string_pretty(document.value()).unwrap();
    let again = Document::parse("pets.json", &json).unwrap();
    assert_eq!(again.value().to_string(), document.value().to_string());
}

#[test]
fn references_are_followed_to_the_end() {
    let document = parse(PETS).unwrap();
    let kind = document.value().pointer("/components/schemas/Pet/properties/kind/allOf/0").unwrap();
    assert_eq!(document.resolve(kind)["enum"][0], "dog");
    assert_eq!(
        document.resolve(&serde_json::json!({"$ref": "#/gone"})),
        &serde_json::json!({"$ref": "#/gone"})
    );
}

#[test]
fn other_versions_are_named() {
    assert_errors(
        "other_versions_are_named",
        &[
            broken("openapi: 3.0.3", "openapi: 4.0.0"),
            broken("openapi: 3.0.3", "swagger: '2.0'"),
            broken("openapi: 3.0.3", "openapi: 3.0"),
            broken("openapi: 3.0.3", "asyncapi: 3.0.0"),
            parse("").unwrap_err().render(false),
            parse("[1, 2]").unwrap_err().render(false),
        ],
    );
}

#[test]
fn syntax_errors_point_into_the_text() {
    assert_errors(
        "syntax_errors_point_into_the_text",
        &[
            broken("title: Pets", "title: \"Pets"),
            broken("title: Pets", "title: Pets\n  title: Cats"),
            parse("{\"openapi\": \"3.0.3\",}}").unwrap_err().render(false),
        ],
    );
}

#[test]
fn wrong_types_say_what_is_expected() {
    assert_errors(
        "wrong_types_say_what_is_expected",
        &[
            broken("version: \"2024.8\"", "version: [2024, 8]"),
            broken("maxLength: 50", "maxLength: few"),
            broken("type: boolean", "type: [boolean, nothing]"),
            broken("in: path", "in: body"),
            broken("\"204\":", "20X:"),
        ],
    );
}

#[test]
fn missing_parts_are_named() {
    assert_errors("missing_parts_are_named", &[broken("in: path", "at: path")]);
}

#[test]
fn what_is_clear_all_the_same_is_a_warning() {
    assert_errors(
        "what_is_clear_all_the_same_is_a_warning",
        &[
            mended("  title: Pets\n", ""),
            mended("version: \"2024.8\"", "version: 2024.80"),
            mended("maxLength: 50", "maxLength: \"50\""),
            mended("type: boolean", "type: [boolean, 'null']"),
            mended("operationId: pets_destroy", "operationId: pets_list"),
            mended("operationId: pets_destroy", "operationId: ''"),
            mended("/pets/{id}:", "/pets/{pk}:"),
            mended("name: kind\n", "name: limit\n"),
        ],
    );
}

#[test]
fn references_must_lead_to_the_right_kind_of_thing() {
    assert_errors(
        "references_must_lead_to_the_right_kind_of_thing",
        &[
            broken("$ref: \"#/components/schemas/Kind\"", "$ref: \"#/components/schemas/kind\""),
            broken("$ref: \"#/components/schemas/Kind\"", "$ref: other.yaml#/Kind"),
            broken("$ref: \"#/components/schemas/Kind\"", "$ref: \"#/components/parameters/Limit\""),
        ],
    );
}

#[test]
fn references_may_not_lead_in_a_circle() {
    let circle = "    Kind: { $ref: \"#/components/schemas/Again\" }\n    Again: { $ref: \"#/components/schemas/Kind\" }\n    Old:\n      type: string";
    let whole = "    Kind:\n      allOf: [{ $ref: \"#/components/schemas/Kind\" }]\n      type: string";
    assert_errors(
        "references_may_not_lead_in_a_circle",
        &[broken("    Kind:\n      type: string", circle), broken("    Kind:\n      type: string", whole)],
    );
}

#[test]
fn path_and_parameters_must_agree() {
    assert_errors(
        "path_and_parameters_must_agree",
        &[broken("/pets/{id}:", "/pets/{id:"), broken("        - token: []\n", "        - tokens: []\n")],
    );
}

#[test]
fn several_errors_are_told_at_once_in_the_order_of_the_text() {
    let text = PETS
        .replace("version: \"2024.8\"", "version: [2024, 8]")
        .replace("in: path", "in: body")
        .replace("#/components/schemas/Kind", "#/components/schemas/Kin");
    assert_errors(
        "several_errors_are_told_at_once_in_the_order_of_the_text",
        &[parse(&text).unwrap_err().to_string()],
    );
}

#[test]
fn a_hopeless_document_is_told_in_part() {
    let mut text =
        String::from("openapi: 3.0.3\ninfo: {title: T, version: '1'}\npaths: {}\ncomponents:\n  schemas:\n");
    for index in 0..5_000 {
        writeln!(text, "    S{index}: {{type: no}}").unwrap();
    }
    let error = parse(&text).unwrap_err();
    assert_eq!(error.diagnostics().len(), 100);
    assert!(error.to_string().ends_with("pets.yaml: 4900 more errors"));
}

#[test]
fn colour_is_optional() {
    let error = parse("a: 1").unwrap_err();
    assert!(!error.render(false).contains('\u{1b}'));
    assert!(error.render(true).contains('\u{1b}'));
}

#[test]
fn deep_schemas_are_read_or_refused_without_exhausting_the_stack() {
    let nested = |levels: usize, open: &str, close: &str| {
        let (open, close) = (open.repeat(levels), close.repeat(levels));
        format!(
            "openapi: 3.0.3\ninfo: {{title: T, version: '1'}}\npaths: {{}}\ncomponents: {{schemas: {{A: {open}{{type: string}}{close}}}}}\n"
        )
    };
    for (open, close) in [
        ("{allOf: [", "]}"),
        ("{type: object, properties: {a: ", "}}"),
        ("{additionalProperties: ", "}"),
        ("{items: ", "}"),
    ] {
        parse(&nested(23, open, close)).unwrap();
        let error = parse(&nested(40, open, close)).unwrap_err();
        assert!(error.to_string().contains("24 schemas are written inside one another"), "{error}");
        assert_eq!(error.diagnostics().len(), 1);
        let error = parse(&nested(5_000, open, close)).unwrap_err();
        assert!(error.to_string().contains("nested deeper than 128 levels"), "{error}");
    }
}

#[test]
fn a_long_chain_of_references_is_followed() {
    let mut text =
        String::from("openapi: 3.0.3\ninfo: {title: T, version: '1'}\npaths: {}\ncomponents:\n  schemas:\n");
    for index in 0..3_000 {
        writeln!(text, "    S{index}: {{$ref: '#/components/schemas/S{}'}}", index + 1).unwrap();
    }
    text.push_str("    S3000: {type: string}\n");
    let document = parse(&text).unwrap();
    let first = &document.value()["components"]["schemas"]["S0"];
    assert_eq!(document.resolve(first)["type"], "string");
}

#[test]
fn a_mark_of_the_encoding_shifts_no_column() {
    let text = "{openapi: 3.0.3, info: {title: t}, paths: 1}";
    let marked = Document::parse("d", &format!("\u{feff}{text}")).unwrap_err();
    let plain = Document::parse("d", text).unwrap_err();
    assert_eq!((marked.render(false), marked.to_string()), (plain.render(false), plain.to_string()));
}

#[test]
fn paths_that_differ_in_the_names_of_variables_may_share_no_method() {
    let operation = |variable: &str| {
        format!(
            "{{parameters: [{{in: path, name: {variable}, required: true, schema: {{}}}}], responses: {{'204': {{description: ''}}}}}}"
        )
    };
    let document = |method: &str| {
        format!(
            "openapi: 3.0.3\ninfo: {{title: t, version: '1'}}\npaths: {{'/a/{{x}}': {{get: {}}}, '/a/{{y}}': {{{method}: {}}}}}\n",
            operation("x"),
            operation("y")
        )
    };
    assert!(parse(&document("put")).is_ok());
    let error = parse(&document("get")).unwrap_err().to_string();
    assert!(
        error.contains("GET /a/{y} is the same as GET /a/{x} but for the names of the variables"),
        "{error}"
    );
    assert!(error.contains("leave out one of the two operations"), "{error}");
}

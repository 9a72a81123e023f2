use serde_json::{Value, json};

use crate::Document;

/// Reads a document with these paths and component schemas. Returns its value, and the pointers of its warnings.
fn read(version: &str, paths: &str, schemas: &str) -> (Value, Vec<String>) {
    let text = format!(
        "openapi: {version}\ninfo: {{title: T, version: '1'}}\npaths: {paths}\ncomponents: {{schemas: {schemas}}}\n"
    );
    let document = Document::parse("spec.yaml", &text).unwrap_or_else(|error| panic!("{error}"));
    let warnings = document.warnings();
    let pointers = warnings.diagnostics().iter().map(|warning| warning.pointer.clone());
    (document.value().clone(), pointers.collect())
}

#[test]
fn schemas_in_the_words_of_others_are_read_as_they_are_meant() {
    for (written, meant) in [
        ("{type: file}", json!({"type": "string", "format": "binary"})),
        ("{type: Integer}", json!({"type": "integer"})),
        ("{type: float}", json!({"type": "number", "format": "float"})),
        ("{type: any}", json!({})),
        ("{type: [string, 'null']}", json!({"type": "string", "nullable": true})),
        ("{type: integer, exclusiveMinimum: 5}", json!({"type": "integer", "exclusiveMinimum": 5})),
        ("{enum: [a, 1, a, '1', 1]}", json!({"enum": ["a", 1, "1"]})),
        ("{type: string, enum: [1, true, a]}", json!({"type": "string", "enum": ["1", "true", "a"]})),
        ("{type: integer, enum: ['1', 2, a]}", json!({"type": "integer", "enum": [1, 2]})),
        ("{type: integer, enum: [1, 2.5, '3.5']}", json!({"type": "integer", "enum": [1]})),
        (
            "{type: ['null', string], enum: [1, a, null]}",
            json!({"type": "string", "nullable": true, "enum": ["1", "a"]}),
        ),
        ("{type: object, enum: [a]}", json!({"type": "object"})),
        (
            "{type: array, enum: [a, 1], items: {type: string}}",
            json!({"type": "array", "items": {"type": "string", "enum": ["a", "1"]}}),
        ),
        ("{type: string, maxLength: '5'}", json!({"type": "string", "maxLength": 5})),
        ("{type: number, minimum: -.inf, maximum: 1E400, multipleOf: .nan}", json!({"type": "number"})),
        ("{type: string, maxLength: .inf}", json!({"type": "string"})),
        ("{type: number, default: .inf, enum: [.inf, 1]}", json!({"type": "number", "enum": [1]})),
        ("{type: string, maxLength: 5.0}", json!({"type": "string", "maxLength": 5})),
        ("{type: string, nullable: 'true'}", json!({"type": "string", "nullable": true})),
        ("{type: string, description: }", json!({"type": "string"})),
        ("{type: string, description: 1.10}", json!({"type": "string", "description": "1.10"})),
        ("{type: object, properties: []}", json!({"type": "object", "properties": {}})),
        (
            "{type: object, properties: {a: string}}",
            json!({"type": "object", "properties": {"a": {"type": "string"}}}),
        ),
        ("{type: object, required: a}", json!({"type": "object", "required": ["a"]})),
        ("{type: string, required: true}", json!({"type": "string"})),
        ("{type: array, items: [{type: string}]}", json!({"type": "array", "items": {"type": "string"}})),
        ("{$ref: '#/definitions/B'}", json!({"$ref": "#/components/schemas/B"})),
        ("{$ref: B}", json!({"$ref": "#/components/schemas/B"})),
        (
            "{type: object, discriminator: kind}",
            json!({"type": "object", "discriminator": {"propertyName": "kind"}}),
        ),
        ("{type: integer, default: old}", json!({"type": "integer"})),
        ("{type: string, externalDocs: {description: d}}", json!({"type": "string"})),
    ] {
        let (document, warnings) = read("3.0.3", "{}", &format!("{{A: {written}, B: {{type: string}}}}"));
        assert_eq!(document["components"]["schemas"]["A"], meant, "{written}");
        assert!(!warnings.is_empty(), "{written}");
    }
    let (document, warnings) =
        read("3.1.0", "{}", "{A: {type: integer, minimum: 5, exclusiveMinimum: true}}");
    assert_eq!(document["components"]["schemas"]["A"], json!({"type": "integer", "exclusiveMinimum": 5}));
    assert_eq!(warnings, ["/components/schemas/A"]);
}

#[test]
fn a_constant_of_another_type_is_mended_or_left_out() {
    for (written, meant) in [
        ("{type: string, const: 1}", json!({"type": "string", "enum": ["1"]})),
        ("{type: integer, const: a}", json!({"type": "integer"})),
        ("{type: number, const: .inf}", json!({"type": "number"})),
    ] {
        let (document, warnings) = read("3.1.0", "{}", &format!("{{A: {written}}}"));
        assert_eq!(document["components"]["schemas"]["A"], meant, "{written}");
        assert_eq!(warnings, ["/components/schemas/A/const"]);
    }
}

#[test]
fn a_reference_may_be_written_as_if_the_schema_around_were_the_document() {
    let schema = "{$defs: {inner: {type: string}}, type: object, properties: {a: {$ref: '#/$defs/inner'}}}";
    let (document, warnings) = read("3.1.0", "{}", &format!("{{A: {schema}}}"));
    let a = document.pointer("/components/schemas/A/properties/a/$ref").and_then(Value::as_str).unwrap();
    assert_eq!(document.pointer(&a[1..]), Some(&json!({"type": "string"})), "{document}");
    assert_eq!(warnings, ["/components/schemas/A/properties/a"]);
}

#[test]
fn what_an_operation_lacks_is_put_in() {
    let paths = "{pets: {get: {responses: {default: {}, 2xx: }}, post: {parameters: [{name: a, in: query, type: integer}, {name: b, in: header}]}}}";
    let (document, warnings) = read("3.0.3", paths, "{}");
    let item = &document["paths"]["/pets"];
    assert_eq!(item["get"]["responses"], json!({"default": {"description": ""}, "2XX": {"description": ""}}));
    assert_eq!(item["post"]["parameters"][0]["schema"], json!({"type": "integer"}));
    assert_eq!(item["post"]["parameters"][1]["schema"], json!({"type": "string"}));
    assert_eq!(item["post"]["responses"], json!({}));
    assert!(warnings.len() >= 6, "{warnings:?}");
    let document = Document::parse("spec.yaml", "{openapi: 3.0.3, paths: {}}").unwrap();
    assert_eq!(document.value()["info"], json!({"title": "API", "version": "0"}));
}

#[test]
fn a_parameter_has_the_first_media_type_that_is_understood() {
    let one = |name: &str| format!("{name}: {{schema: {{type: object}}}}");
    let parameter = |types: &[&str]| {
        let content: Vec<String> = types.iter().map(|name| one(name)).collect();
        format!("{{name: a, in: query, content: {{{}}}}}", content.join(", "))
    };
    for (types, kept) in [
        (["application/xml", "application/json"], "application/json"),
        (["text/plain", "application/json"], "text/plain"),
        (["application/xml", "application/pdf"], "application/xml"),
    ] {
        let paths = format!("{{/a: {{get: {{parameters: [{}], responses: {{}}}}}}}}", parameter(&types));
        let (document, warnings) = read("3.0.3", &paths, "{}");
        let content = &document["paths"]["/a"]["get"]["parameters"][0]["content"];
        assert_eq!(content.as_object().unwrap().keys().collect::<Vec<_>>(), [kept]);
        assert_eq!(warnings, ["/paths/~1a/get/parameters/0"]);
    }
}

#[test]
fn paths_and_parameters_are_made_to_agree() {
    let path = |name: &str| format!("{{name: {name}, in: path, schema: {{type: integer}}}}");
    let names = |item: &Value| -> Vec<String> {
        let of = |holder: &Value| -> Vec<String> {
            let list = holder["parameters"].as_array().cloned().unwrap_or_default();
            list.iter()
                .map(|parameter| format!("{} {}", parameter["name"], parameter["schema"]["type"]))
                .collect()
        };
        [of(item), of(&item["get"])].concat()
    };
    for (key, shared, own, meant, found) in [
        ("/a/{x}", String::new(), String::new(), "/a/{x}", vec![r#""x" "string""#]),
        ("/a/{petId}", path("pet_id"), path("more"), "/a/{petId}", vec![r#""petId" "integer""#]),
        ("/a/{x}", String::new(), path("y"), "/a/{x}", vec![r#""x" "integer""#]),
        ("/a", path("x"), path("y"), "/a", vec![]),
        ("/a/{x}", path("x"), format!("{}, {}", path("x"), path("x")), "/a/{x}", vec![r#""x" "integer""#; 2]),
        (
            "/a/{x}/b/{x}",
            path("x"),
            String::new(),
            "/a/{x}/b/{x_2}",
            vec![r#""x" "integer""#, r#""x_2" "integer""#],
        ),
    ] {
        let paths = format!(
            "{{'{key}': {{parameters: [{shared}], get: {{parameters: [{own}], responses: {{'204': {{description: ''}}}}}}}}}}"
        );
        let (document, warnings) = read("3.0.3", &paths, "{}");
        assert_eq!(names(&document["paths"][meant]), found, "{paths}");
        assert!(!warnings.is_empty(), "{paths}");
    }
}

#[test]
fn ids_that_another_operation_has_are_made_anew() {
    let paths = "{/a: {get: {operationId: a, responses: {}}, put: {operationId: a, responses: {}}}, /b: {get: {operationId: '', responses: {}}}}";
    let (document, warnings) = read("3.0.3", paths, "{}");
    let ids = crate::operations::operations(&document).map(|(.., it)| it["operationId"].clone());
    assert_eq!(ids.collect::<Vec<_>>(), ["a", "put_a", "get_b"]);
    assert_eq!(warnings, ["/paths/~1a/put/operationId", "/paths/~1b/get/operationId"]);
}

#[test]
fn references_to_another_kind_of_thing_are_read_as_what_that_says() {
    let text = "
openapi: 3.0.3
info: {title: T, version: '1'}
paths:
  /a:
    post:
      requestBody: {$ref: '#/components/schemas/A'}
      responses:
        '200': {$ref: '#/components/schemas/A'}
        '400': {description: '', content: {application/json: {schema: {$ref: '#/components/responses/Bad'}}}}
        '404': {description: '', headers: {X: {$ref: '#/components/parameters/X'}}}
components:
  schemas: {A: {type: string}}
  responses: {Bad: {description: '', content: {application/json: {schema: {type: integer}}}}}
  parameters: {X: {name: X, in: header, required: true, schema: {type: string}}}
";
    let document = Document::parse("spec.yaml", text).unwrap();
    let operation = &document.value()["paths"]["/a"]["post"];
    let json_of = |schema: Value| json!({"application/json": {"schema": schema}});
    let a = json!({"$ref": "#/components/schemas/A"});
    assert_eq!(operation["requestBody"]["content"], json_of(a.clone()));
    assert_eq!(operation["responses"]["200"]["content"], json_of(a));
    assert_eq!(operation["responses"]["400"]["content"], json_of(json!({"type": "integer"})));
    assert_eq!(
        operation["responses"]["404"]["headers"]["X"],
        json!({"required": true, "schema": {"type": "string"}})
    );
    assert_eq!(document.warnings().diagnostics().len(), 4);
}

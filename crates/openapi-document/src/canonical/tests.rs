use serde_json::{Value, json};

use super::print;
use crate::document::Document;
use crate::loader::Loader;
use crate::version::Version;

/// Returns the schema `A` of a document of this version, as everything else reads it.
fn schema(version: &str, schema: &str) -> Value {
    let document = with_schemas(version, &format!("{{A: {schema}, B: {{type: string}}}}"));
    document.value()["components"]["schemas"]["A"].clone()
}

fn with_schemas(version: &str, schemas: &str) -> Document {
    let text = format!(
        "{{openapi: {version}, info: {{title: t, version: '1'}}, paths: {{}}, components: {{schemas: {schemas}}}}}"
    );
    Document::parse("spec.yaml", &text).unwrap_or_else(|error| panic!("{schemas}\n{error}"))
}

#[test]
fn a_schema_of_3_0_and_its_translation_are_one() {
    let reference = "{$ref: '#/components/schemas/B'}";
    for (old, new) in [
        ("{type: string, nullable: true}", "{type: [string, 'null']}"),
        ("{type: string, nullable: true}", "{anyOf: [{type: string}, {type: 'null'}]}"),
        ("{type: string, enum: [a], nullable: true}", "{type: [string, 'null'], enum: [a, null]}"),
        ("{type: string, enum: [null]}", "{type: 'null'}"),
        ("{type: string, enum: [a, null], nullable: true}", "{type: [string, 'null'], enum: [a, null]}"),
        ("{type: string, enum: [a]}", "{type: string, const: a}"),
        ("{type: integer, minimum: 1, exclusiveMinimum: true}", "{type: integer, exclusiveMinimum: 1}"),
        ("{type: integer, maximum: 1, exclusiveMaximum: false}", "{type: integer, maximum: 1}"),
        ("{type: string, example: a}", "{type: string, examples: [a]}"),
        ("{type: string, format: byte}", "{type: string, contentEncoding: base64}"),
        ("{type: string, format: binary}", "{type: string, contentMediaType: application/octet-stream}"),
        ("{type: array, items: {}}", "{type: array, items: true}"),
        (
            &format!("{{allOf: [{reference}], nullable: true, description: d}}"),
            &format!("{{oneOf: [{reference}, {{type: 'null'}}], description: d}}"),
        ),
        (
            &format!("{{allOf: [{reference}], description: d}}"),
            "{$ref: '#/components/schemas/B', description: d}",
        ),
        (
            "{anyOf: [{type: string, maxLength: 2}, {type: integer}]}",
            "{type: [string, integer], maxLength: 2}",
        ),
    ] {
        assert_eq!(schema("3.0.3", old), schema("3.1.0", new), "{old} and {new}");
    }
    let (old, new) = ("{anyOf: [{type: string}, {nullable: true}]}", "{type: [string, 'null']}");
    assert_eq!(schema("3.0.3", old), schema("3.1.0", new));
}

#[test]
fn what_narrows_a_schema_of_3_1_is_kept_wherever_it_stands() {
    let of_b = json!([{"$ref": "#/components/schemas/B"}]);
    for (written, read) in [
        ("{const: a, enum: [a, b]}", json!({"enum": ["a"]})),
        ("{$ref: '#/components/schemas/B', const: a}", json!({"allOf": of_b, "enum": ["a"]})),
        (
            "{$ref: '#/components/schemas/B', type: [string, integer]}",
            json!({"allOf": of_b, "anyOf": [{"type": "string"}, {"type": "integer"}]}),
        ),
        (
            "{type: [string, boolean], anyOf: [{minLength: 1}, {enum: [1]}]}",
            json!({"anyOf": [{"minLength": 1}, {"enum": [1]}], "allOf": [{"anyOf": [{"type": "string"}, {"type": "boolean"}]}]}),
        ),
        (
            "{type: [string, integer], anyOf: [{type: string}, {type: integer, minimum: 1}]}",
            json!({"anyOf": [{"type": "string"}, {"type": "integer", "minimum": 1}]}),
        ),
        (
            "{prefixItems: [{}, {}], items: false, maxItems: 5}",
            json!({"prefixItems": [{}, {}], "maxItems": 2}),
        ),
    ] {
        assert_eq!(schema("3.1.0", written), read, "{written}");
    }
}

#[test]
fn null_that_something_else_excludes_is_no_value() {
    let is_nullable = |version: &str, text: &str| schema(version, text).get("nullable").is_some();
    for text in [
        "{type: [string, 'null'], enum: [a]}",
        "{type: [string, 'null'], not: {type: 'null'}}",
        "{type: [string, 'null'], not: {const: null}}",
        "{type: [string, 'null'], if: {type: 'null'}, then: false}",
        "{type: [string, 'null'], allOf: [{type: string}]}",
        "{type: [string, 'null'], anyOf: [{type: string, minLength: 1}, {type: string, maxLength: 0}]}",
        "{type: string, oneOf: [{minLength: 1}, {type: 'null'}]}",
        "{oneOf: [{not: {type: string}}, {type: string}, {type: 'null'}]}",
        "{type: object, const: null}",
    ] {
        assert!(!is_nullable("3.1.0", text), "{text}");
    }
    for text in [
        "{type: [string, 'null'], not: {type: integer}}",
        "{type: [string, 'null'], if: {type: string}, then: {maxLength: 1}}",
        "{type: [string, 'null'], $ref: '#/components/schemas/B'}",
        "{type: [string, 'null'], const: null}",
    ] {
        assert!(is_nullable("3.1.0", text), "{text}");
    }
    assert!(is_nullable("3.0.3", "{type: string, nullable: true, enum: [a]}"));
}

#[test]
fn a_form_is_never_null() {
    for (kind, written, meant) in [
        (
            "multipart/form-data",
            "{anyOf: [{$ref: '#/components/schemas/A'}, {type: 'null'}]}",
            json!({"$ref": "#/components/schemas/A"}),
        ),
        ("multipart/form-data", "{type: [object, 'null']}", json!({"type": "object"})),
        (
            "application/x-www-form-urlencoded",
            "{title: B, anyOf: [{$ref: '#/components/schemas/A'}, {type: 'null'}]}",
            json!({"title": "B", "allOf": [{"$ref": "#/components/schemas/A"}]}),
        ),
        ("application/json", "{type: [object, 'null']}", json!({"type": "object", "nullable": true})),
    ] {
        let text = format!(
            "{{openapi: 3.1.0, info: {{title: T, version: '1'}}, paths: {{/a: {{post: {{requestBody: {{content: \
             {{{kind}: {{schema: {written}}}}}}}, responses: {{}}}}}}}}, components: {{schemas: {{A: {{type: object}}}}}}}}"
        );
        let document = Document::parse("spec.yaml", &text).unwrap();
        let content = &document.value()["paths"]["/a"]["post"]["requestBody"]["content"];
        assert_eq!(content[kind]["schema"], meant, "{written}");
    }
}

#[test]
fn a_security_scheme_may_be_asked_for_by_a_uri() {
    let text = "openapi: 3.2.0\n$self: https://api.example/openapi.yaml\ninfo: {title: t, version: '1'}\nsecurity: [{'#/components/securitySchemes/own': []}]\n\
        paths:\n  /a: {get: {security: [{'https://api.example/openapi.yaml#/components/securitySchemes/own': [], 'auth.yaml#/k': []}], responses: {}}}\n\
        components: {securitySchemes: {own: {type: http, scheme: basic}}}\n";
    let files = Files(&[("auth.yaml", "k: {type: apiKey, in: header, name: K}\n")]);
    let document = Document::load("spec.yaml", text, &files).unwrap();
    let root = document.value();
    assert_eq!(root["security"], json!([{"own": []}]));
    assert_eq!(root["paths"]["/a"]["get"]["security"], json!([{"own": [], "k": []}]));
    assert_eq!(root["components"]["securitySchemes"]["k"]["name"], "K");
    let lost = text.replace("'auth.yaml#/k'", "'https://other.example/auth.yaml#/k'");
    let said = Document::load("spec.yaml", &lost, &files).unwrap_err().to_string();
    assert!(said.contains("there is no security scheme `https://other.example/auth.yaml#/k`"), "{said}");
}

#[test]
fn a_union_within_a_union_is_replaced_by_its_members() {
    let union = |members: &str, mapping: &str| {
        format!("{{oneOf: [{members}], discriminator: {{propertyName: kind, mapping: {{{mapping}}}}}}}")
    };
    let to = |name: &str| format!("{{$ref: '#/components/schemas/{name}'}}");
    let schemas = format!(
        "{{A: {}, Pets: {}, Cat: {{type: object}}, Dog: {{type: object}}, Car: {{type: object}}}}",
        union(&[to("Pets"), to("Car"), to("A")].join(", "), ""),
        union(&[to("Cat"), to("Dog")].join(", "), "dog: Dog"),
    );
    let document = with_schemas("3.0.3", &schemas);
    let reference = |name: &str| json!({"$ref": format!("#/components/schemas/{name}")});
    let found = &document.value()["components"]["schemas"]["A"];
    assert_eq!(found["oneOf"], json!(["Cat", "Dog", "Car"].map(reference)));
    assert_eq!(found["discriminator"]["mapping"], json!({"dog": "Dog"}));
}

#[test]
fn a_union_that_says_more_than_its_members_stays() {
    let schemas = "{A: {oneOf: [{$ref: '#/components/schemas/Pets'}], discriminator: {propertyName: kind}}, \
                   Pets: {required: [age], oneOf: [{$ref: '#/components/schemas/Cat'}], discriminator: {propertyName: kind}}, \
                   Cat: {type: object}}";
    let document = with_schemas("3.0.3", schemas);
    let found = &document.value()["components"]["schemas"]["A"];
    assert_eq!(found["oneOf"], json!([{"$ref": "#/components/schemas/Pets"}]));
}

#[test]
fn a_chain_of_unions_is_flattened_in_part() {
    let union = |number: usize| {
        format!(
            "U{number}: {{oneOf: [{{$ref: '#/components/schemas/C{number}'}}, {{$ref: '#/components/schemas/U{}'}}], \
             discriminator: {{propertyName: kind}}}}, C{number}: {{type: object}}",
            number + 1
        )
    };
    let unions: Vec<String> = (0..600).map(union).collect();
    let document = with_schemas("3.0.3", &format!("{{{}, U600: {{type: object}}}}", unions.join(", ")));
    let schemas = document.value()["components"]["schemas"].as_object().unwrap();
    let members: Vec<usize> =
        schemas.values().filter_map(|schema| Some(schema["oneOf"].as_array()?.len())).collect();
    assert!(members.iter().sum::<usize>() < 25_000 && members.contains(&2) && members.contains(&601));
}

#[test]
fn what_is_printed_reads_as_it_was() {
    for text in [
        "{type: string, nullable: true, enum: [a]}",
        "{type: object, properties: {a: {allOf: [{$ref: '#/components/schemas/B'}], nullable: true}}}",
        "{anyOf: [{type: string}, {type: integer}], nullable: true}",
        "{type: integer, minimum: 1, exclusiveMinimum: true}",
        "{type: string, format: byte}",
        "{nullable: true, enum: [1, a]}",
    ] {
        let document = with_schemas("3.0.3", &format!("{{A: {text}, B: {{type: string}}}}"));
        for version in [Version::V3_0, Version::V3_1, Version::V3_2] {
            let printed = print::document(document.value(), version).to_string();
            let again = Document::parse("printed.json", &printed).unwrap_or_else(|error| panic!("{error}"));
            assert_eq!(again.version(), version);
            assert_eq!(again.value()["components"], document.value()["components"], "{version}: {printed}");
        }
    }
}

#[test]
fn what_is_referred_to_where_it_is_written_becomes_a_component() {
    let document = with_schemas(
        "3.1.0",
        "{Pet: {type: object, $defs: {Kind: {type: string}}, properties: {kind: {$ref: '#/components/schemas/Pet/$defs/Kind'}, \
         tag: {$anchor: tag, type: integer}}}, Toy: {$ref: '#tag'}, Box: {$ref: '#/components/schemas/Pet/properties/kind'}}",
    );
    let schemas = &document.value()["components"]["schemas"];
    assert_eq!(schemas["Pet"]["properties"]["kind"], json!({"$ref": "#/components/schemas/Pet_kind"}));
    assert_eq!(schemas["Pet_kind"], json!({"$ref": "#/components/schemas/Kind"}));
    assert_eq!(schemas["Kind"], json!({"type": "string"}));
    assert_eq!(schemas["Toy"], json!({"$ref": "#/components/schemas/Pet_tag"}));
    assert_eq!(schemas["Pet_tag"], json!({"type": "integer"}));
    assert_eq!(document.locate("/components/schemas/Kind/type").map(|at| at.line), Some(1));
}

#[test]
fn operations_of_all_methods_stand_beside_each_other() {
    let text = "{openapi: 3.2.0, info: {title: t, version: '1'}, paths: {/a: {$ref: '#/components/pathItems/a'}}, components: \
                {pathItems: {a: {query: {operationId: q}, additionalOperations: {COPY: {operationId: c}}}}}}";
    let document = Document::parse("spec.yaml", text).unwrap();
    let found: Vec<_> =
        crate::operations::operations(document.value()).map(|(_, method, _)| method).collect();
    assert_eq!(found, ["query", "COPY"]);
    let printed = document.written();
    assert_eq!(printed["paths"]["/a"]["additionalOperations"]["COPY"]["operationId"], "c");
}

/// Files by their names.
struct Files<'a>(&'a [(&'a str, &'a str)]);

impl Loader for Files<'_> {
    fn load(&self, name: &str) -> std::io::Result<String> {
        let found = self.0.iter().find(|(known, _)| *known == name);
        found.map(|(_, text)| (*text).to_owned()).ok_or_else(|| std::io::ErrorKind::NotFound.into())
    }
}

const PIECES: Files<'_> = Files(&[
    (
        "paths/pets.yaml",
        "get:\n  operationId: pets\n  responses:\n    '200':\n      description: ''\n      content: {application/json: {schema: {$ref: ../schemas/pet.json#/Pet}}}\n",
    ),
    (
        "schemas/pet.json",
        "{\"Pet\": {\"type\": \"object\", \"properties\": {\"parent\": {\"$ref\": \"#/Pet\"}, \"age\": {\"type\": \"age\"}}}}",
    ),
]);

#[test]
fn files_beside_a_document_are_followed_and_named_where_they_are_wrong() {
    let text = "openapi: 3.1.0\ninfo: {title: t, version: '1'}\npaths: {/pets: {$ref: paths/pets.yaml}}\n";
    let error = Document::load("spec.yaml", text, &PIECES).unwrap_err();
    let said = error.to_string();
    assert!(said.starts_with("schemas/pet.json:1:88: `type` must be one of"), "{said}");
    let mended = [
        PIECES.0[0],
        ("schemas/pet.json", "{\"Pet\": {\"properties\": {\"parent\": {\"$ref\": \"#/Pet\"}}}}"),
    ];
    let document = Document::load("spec.yaml", text, &Files(&mended)).unwrap();
    let pet = &document.value()["components"]["schemas"]["Pet"];
    assert_eq!(pet["properties"]["parent"]["$ref"], "#/components/schemas/Pet");
    assert_eq!(document.value()["paths"]["/pets"]["get"]["operationId"], "pets");
}

#[test]
fn files_out_of_reach_are_refused_once() {
    let text = |reference: &str| {
        format!(
            "openapi: 3.1.0\ninfo: {{title: t, version: '1'}}\ncomponents: {{schemas: {{A: {{$ref: '{reference}'}}}}}}\n"
        )
    };
    for (reference, expected) in [
        ("../other.yaml#/A", "leads out of the directory of the document"),
        ("/etc/passwd", "leads out of the directory of the document"),
        ("%2e%2e/other.yaml", "leads out of the directory of the document"),
        ("https://example.com/a.yaml", "leads to another host"),
        ("other.yaml#/A", "to a file that cannot be read"),
    ] {
        let error = Document::load("spec.yaml", &text(reference), &PIECES).unwrap_err();
        assert!(error.diagnostics()[0].message.contains(expected), "{reference}: {error}");
        assert_eq!(error.diagnostics()[0].pointer, "/components/schemas/A/$ref");
    }
    let many: Vec<String> = (0..2000).map(|n| format!("A{n}: {{$ref: 'a{n}.yaml'}}")).collect();
    let text = format!(
        "openapi: 3.1.0\ninfo: {{title: t, version: '1'}}\ncomponents: {{schemas: {{{}}}}}\n",
        many.join(", ")
    );
    let error = Document::load("spec.yaml", &text, &PIECES).unwrap_err();
    assert_eq!(error.diagnostics().len(), 1, "{error}");
    assert!(
        error.diagnostics()[0]
            .message
            .contains("the document is in pieces: 2000 references lead to 2000 files"),
        "{error}"
    );
}

#[test]
fn a_dialect_that_is_not_known_is_read_like_the_usual_one() {
    let text = "{openapi: 3.1.0, info: {title: t, version: '1'}, jsonSchemaDialect: 'http://json-schema.org/draft-07/schema#'}";
    let warnings = Document::parse("spec.yaml", text).unwrap().warnings().told(1);
    assert!(
        warnings
            .contains("the dialect `http://json-schema.org/draft-07/schema#` of JSON Schema is not known"),
        "{warnings}"
    );
}

#[test]
fn what_children_extend_is_a_component_beside_the_parent() {
    let document = with_schemas(
        "3.0.3",
        "{Animal: {type: object, description: d, required: [kind], properties: {kind: {type: string}}, \
         oneOf: [{$ref: '#/components/schemas/Dog'}, {$ref: '#/components/schemas/Cat'}]}, \
         Dog: {allOf: [{$ref: '#/components/schemas/Animal'}, {type: object}]}, Pet: {allOf: [{$ref: '#/components/schemas/Animal'}]}, \
         Cat: {allOf: [{$ref: '#/components/schemas/Pet'}]}, Fish: {allOf: [{$ref: '#/components/schemas/Animal'}]}}",
    );
    let schemas = &document.value()["components"]["schemas"];
    let alternatives = json!([{"$ref": "#/components/schemas/Dog"}, {"$ref": "#/components/schemas/Cat"}]);
    assert_eq!(schemas["Animal"], json!({"description": "d", "oneOf": alternatives}));
    let base = json!({"type": "object", "required": ["kind"], "properties": {"kind": {"type": "string"}}});
    assert_eq!(schemas["AnimalBase"], base);
    for (child, extends) in [("Dog", "AnimalBase"), ("Pet", "AnimalBase"), ("Cat", "Pet"), ("Fish", "Animal")]
    {
        let reference = format!("#/components/schemas/{extends}");
        assert_eq!(schemas[child]["allOf"][0]["$ref"], reference, "{child}");
    }
}

#[test]
fn a_composition_that_contains_itself_is_refused() {
    let text = "{openapi: 3.0.3, info: {title: t, version: '1'}, paths: {}, components: {schemas: \
                {A: {anyOf: [{type: string}, {not: {$ref: '#/components/schemas/A'}}]}}}}";
    let error = Document::parse("spec.yaml", text).unwrap_err();
    assert!(error.to_string().contains("references in a circle"), "{error}");
}

/// Files each of which refers to the next.
struct Chain;

impl Loader for Chain {
    fn load(&self, name: &str) -> std::io::Result<String> {
        let number: usize = name.trim_end_matches(".yaml").parse().unwrap_or_default();
        Ok(format!("A: {{properties: {{next: {{$ref: '{}.yaml#/A'}}}}}}\n", number + 1))
    }
}

struct One;

impl Loader for One {
    fn load(&self, _: &str) -> std::io::Result<String> {
        Ok("A: {type: string}\n".to_owned())
    }
}

#[test]
fn so_many_references_lead_to_other_files() {
    use std::fmt::Write as _;

    let mut text = "openapi: 3.1.0\ninfo: {title: t, version: '1'}\ncomponents:\n  schemas:\n".to_owned();
    for number in 0..=100_000 {
        writeln!(text, "    A{number}: {{$ref: 'a.yaml#/A'}}").expect("a string can be written to");
    }
    let said = Document::load("spec.yaml", &text, &One).unwrap_err().to_string();
    assert!(said.contains("more than 100000 references lead to other files"), "{said}");
}

#[test]
fn a_chain_of_files_ends() {
    let text =
        "openapi: 3.1.0\ninfo: {title: t, version: '1'}\ncomponents: {schemas: {A: {$ref: '1.yaml#/A'}}}\n";
    let said = Document::load("spec.yaml", text, &Chain).unwrap_err().to_string();
    assert!(said.contains("1000.yaml:1:31: the document refers to more than 1000 files"), "{said}");
}

#[test]
fn a_union_is_told_apart_by_what_its_members_extend() {
    let document = with_schemas(
        "3.0.3",
        "{Animal: {type: object, properties: {kind: {type: string}}, discriminator: {propertyName: kind, mapping: \
         {dog: '#/components/schemas/Dog', fish: Fish}}}, \
         Dog: {allOf: [{$ref: '#/components/schemas/Animal'}, {type: object}]}, Pet: {allOf: [{$ref: '#/components/schemas/Animal'}]}, \
         Cat: {allOf: [{$ref: '#/components/schemas/Pet'}]}, Fish: {allOf: [{$ref: '#/components/schemas/Animal'}]}, Car: {type: object}, \
         Caged: {allOf: [{$ref: '#/components/schemas/Animal'}], discriminator: {propertyName: in}}, \
         Lion: {allOf: [{$ref: '#/components/schemas/Caged'}]}, Bear: {allOf: [{$ref: '#/components/schemas/Caged'}]}, \
         Zoo: {oneOf: [{$ref: '#/components/schemas/Lion'}, {$ref: '#/components/schemas/Bear'}]}, \
         Pets: {type: array, items: {anyOf: [{$ref: '#/components/schemas/Dog'}, {$ref: '#/components/schemas/Cat'}]}}, \
         Things: {oneOf: [{$ref: '#/components/schemas/Dog'}, {$ref: '#/components/schemas/Car'}]}}",
    );
    let schemas = &document.value()["components"]["schemas"];
    let expected = json!({"propertyName": "kind", "mapping": {"dog": "#/components/schemas/Dog"}});
    assert_eq!(schemas["Pets"]["items"]["discriminator"], expected);
    assert_eq!(schemas["Zoo"]["discriminator"], json!({"propertyName": "in"}), "the nearest");
    assert_eq!(schemas["Things"].get("discriminator"), None, "a car is no animal");
}

//! Shows documents as they are lowered, with their names in place of the ids.

use super::*;
use openapi_document::Document;

/// Returns the document of `text` lowered, its ids restored to what is said on the wire.
fn lowered(text: &str) -> Value {
    let document = Document::parse("spec.yaml", text).unwrap();
    let model = Model::of(&document);
    let lowered = Lowered::of(&model);
    serde_json::from_str(&lowered.restored(&lowered.document.to_string())).unwrap()
}

fn schemas(text: &str) -> Value {
    lowered(text)["components"]["schemas"].clone()
}

const DOCUMENT: &str = r"
openapi: 3.0.3
info: {title: t, version: '1'}
paths:
  /pets/{id}/:
    patch:
      operationId: pets_partial_update
      parameters:
      - {in: path, name: id, required: true, schema: {type: integer}}
      - {in: query, name: kind, schema: {type: string, enum: [dog, cat]}}
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/PatchedPetRequest'}}}}
      responses:
        '200': {description: '', content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}
        '400': {description: '', content: {application/json: {schema: {type: object}}}}
        4XX: {description: '', content: {application/json: {schema: {type: string}}}}
        default: {description: ''}
components:
  schemas:
    Kind: {type: string, enum: [cat, dog]}
    PatchedPetRequest:
      type: object
      required: [kind]
      properties:
        kind: {type: string, default: cat}
        slug: {type: string, pattern: '^[a-z]+$', maxLength: 50}
        hungry: {type: boolean, default: true}
        toys: {type: array, items: {type: string, minLength: 1}}
        labels: {type: object, additionalProperties: {type: string}}
    Pet:
      type: object
      description: Its description.
      required: [kinds, friend]
      properties:
        hungry: {type: boolean, default: true}
        slug: {type: string, pattern: '^[a-z]+$', maxLength: 50}
        age: {type: number, format: double, minimum: 0, x-integer: true}
        kinds: {type: array, items: {$ref: '#/components/schemas/Kind'}, default: [cat]}
        toys: {type: array, items: {type: string}}
        pattern: {type: number}
        friend: {default: {kinds: [], friend: x}, oneOf: [{type: string}, {$ref: '#/components/schemas/Pet'}]}
";

#[test]
fn a_generator_sees_no_name_of_the_document() {
    let document = Document::parse("spec.yaml", DOCUMENT).unwrap();
    let model = Model::of(&document);
    let text = Lowered::of(&model).document.to_string();
    for name in ["Pet", "hungry", "pets_partial_update", "dog", "kind"] {
        assert!(!text.contains(name), "{name} in {text}");
    }
}

#[test]
fn ids_are_unlike_anything_in_the_document() {
    let text = DOCUMENT.replace("hungry", "Fqz000001").replace("slug", "qzz000001");
    let properties = &schemas(&text)["Pet"]["properties"];
    assert!(properties.get("Fqz000001").is_some() && properties.get("qzz000001").is_some(), "{properties}");
}

#[test]
fn a_request_can_say_nothing_and_that_a_list_is_empty() {
    let all = schemas(DOCUMENT);
    let (request, answer) = (&all["PatchedPetRequest"]["properties"], &all["Pet"]["properties"]);
    assert_eq!(request["hungry"], json!({"type": "boolean"}));
    assert_eq!(request["kind"]["default"], "cat", "what is required is sent");
    assert_eq!(answer["hungry"], json!({"type": "boolean"}));
    assert_eq!(request["toys"], json!({"type": "array", "items": {"type": "string"}, "nullable": true}));
    assert_eq!(request["labels"]["nullable"], true);
    assert_eq!(answer["toys"].get("nullable"), None);
}

#[test]
fn an_answer_loses_its_constraints_and_a_request_keeps_them() {
    let all = schemas(DOCUMENT);
    assert_eq!(
        all["PatchedPetRequest"]["properties"]["slug"],
        json!({"type": "string", "pattern": "^[a-z]+$", "maxLength": 50})
    );
    let answer = &all["Pet"]["properties"];
    assert_eq!(answer["slug"], json!({"type": "string"}));
    assert_eq!(
        (&answer["age"], &answer["pattern"]),
        (&json!({"type": "integer"}), &json!({"type": "number"}))
    );
    assert_eq!(answer["kinds"]["default"], json!(["cat"]));
    assert_eq!(answer["friend"]["default"], json!({"kinds": [], "friend": "x"}));
    assert_eq!(all["Pet"].get("description"), None, "words are said where the code is read");
}

/// Returns the first operation of this method, whatever path it was given.
fn by_method(lowered: &Value, method: &str) -> Value {
    let mut items = lowered["paths"].as_object().into_iter().flat_map(Map::values);
    items.find_map(|item| item.get(method)).cloned().unwrap_or_default()
}

#[test]
fn an_enumeration_in_a_parameter_is_the_component_with_its_values() {
    let patch = by_method(&lowered(DOCUMENT), "patch");
    assert_eq!(patch["parameters"][1]["schema"], json!({"$ref": "#/components/schemas/Kind"}));
    let twice = DOCUMENT.replace("    Kind:", "    Sort: {type: string, enum: [dog, cat]}\n    Kind:");
    let patch = by_method(&lowered(&twice), "patch");
    assert_eq!(patch["parameters"][1]["schema"]["enum"], json!(["dog", "cat"]));
}

/// Returns an operation with this body or these responses as it is lowered.
fn operation(key: &str, value: &str) -> Value {
    let responses = if key == "responses" { "" } else { ", responses: {'204': {description: ''}}" };
    let text = format!(
        "{{openapi: 3.0.3, info: {{title: t, version: '1'}}, paths: {{/pets/: {{post: {{operationId: p, {key}: {value}\
         {responses}}}}}}}, components: {{schemas: {{Upload: {{type: object, properties: {{icon: {{type: string, format: \
         binary, nullable: true}}}}}}}}}}}}"
    );
    let all = lowered(&text);
    json!([by_method(&all, "post")[key], all["components"]["schemas"]])
}

#[test]
fn an_operation_has_one_answer_and_no_errors() {
    let pet = |kind: &str| {
        format!("{{description: '', content: {{application/json: {{schema: {{type: {kind}}}}}}}}}")
    };
    let schema = |responses: &str| {
        operation("responses", responses)[0]["200"]["content"]["application/json"]["schema"].clone()
    };
    assert_eq!(
        schema(&format!("{{'200': {}, '400': {}}}", pet("string"), pet("integer"))),
        json!({"type": "string"})
    );
    assert_eq!(
        schema(&format!(
            "{{'200': {}, '202': {}, '204': {{description: ''}}}}",
            pet("string"),
            pet("integer")
        )),
        json!({"oneOf": [{"type": "string"}, {"type": "integer"}]})
    );
    assert_eq!(schema(&format!("{{'200': {}, '201': {0}}}", pet("string"))), json!({"type": "string"}));
    assert_eq!(schema("{'200': {description: '', content: {application/vnd.pets+json: {}}}}"), json!({}));
}

#[test]
fn answers_that_are_no_json_are_left_to_the_client() {
    let nothing = json!({"200": {"description": "", "content": {}}});
    for responses in [
        "{'200': {description: '', content: {application/json: {schema: {type: string, format: binary}}}}}",
        "{default: {description: '', content: {text/csv: {}}}}",
        "{'101': {description: up}}",
        "{'101': {description: ''}, '200': {description: ''}}",
    ] {
        assert_eq!(operation("responses", responses)[0], nothing, "{responses}");
    }
}

#[test]
fn a_body_is_what_would_be_json_or_left_to_the_client() {
    let of_json = |schema: Value| json!({"application/json": {"schema": schema}});
    let object = json!({"type": "object"});
    let with_member = json!({"properties": {"a": {}}});
    for (content, expected) in [
        ("{text/csv: {}, application/json: {schema: {type: object}}}", of_json(object.clone())),
        ("{application/merge-patch+json: {}}", of_json(json!({}))),
        ("{text/plain: {}, multipart/form-data: {schema: {properties: {a: {}}}}}", of_json(with_member)),
        ("{text/plain: {}, multipart/form-data: {schema: {type: object}}}", Value::Null),
        ("{application/x-www-form-urlencoded: {}}", of_json(object)),
        ("{text/csv: {schema: {type: string, maxLength: 9}}}", Value::Null),
        ("{image/png: {}}", Value::Null),
    ] {
        let body = &operation("requestBody", &format!("{{content: {content}}}"))[0];
        assert_eq!(body["content"], expected, "{content}");
    }
}

#[test]
fn every_parameter_is_in_the_query_and_an_object_in_a_list() {
    let found = operation(
        "parameters",
        "[{in: header, name: h, required: true, schema: {type: string}}, {in: cookie, name: c, schema: {type: array, items: \
         {type: string}}}, {in: query, name: o, style: deepObject, schema: {type: object}}, {in: query, name: j, content: \
         {application/json: {schema: {type: boolean}}}}, {in: query, name: t, content: {text/csv: {}}}]",
    );
    let schemas = ["string", "array", "array", "boolean", "string"];
    for (parameter, kind) in found[0].as_array().unwrap().iter().zip(schemas) {
        assert_eq!(
            (&parameter["in"], &parameter["schema"]["type"]),
            (&json!("query"), &json!(kind)),
            "{parameter}"
        );
    }
    assert_eq!(found[0][2]["schema"]["items"], json!({"type": "object"}));
    assert_eq!((&found[0][0]["required"], &found[0][1]["required"]), (&json!(true), &json!(false)));
}

#[test]
fn the_files_of_a_body_of_several_parts_are_told_apart_from_its_texts() {
    let parts = operation(
        "requestBody",
        "{content: {multipart/form-data: {schema: {allOf: [{$ref: '#/components/schemas/Upload'}, {type: object, \
         properties: {pages: {type: array, items: {type: string, format: binary}}, name: {type: string}}}]}}}}",
    );
    let file = json!({"$ref": format!("#/components/schemas/{FILE}")});
    let properties = &parts[0]["content"]["application/json"]["schema"]["allOf"][1]["properties"];
    assert_eq!(properties["pages"]["items"], file);
    assert_eq!(properties["name"], json!({"type": "string"}));
    assert_eq!(parts[1]["Upload"]["properties"]["icon"], json!({"nullable": true, "allOf": [file]}));
    assert_eq!(parts[1][FILE], binary());
}

const UNION: &str = r"
openapi: 3.0.3
info: {title: t, version: '1'}
paths: {}
components:
  schemas:
    Pet:
      anyOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}, {$ref: '#/components/schemas/Fish'}]
      discriminator: {propertyName: kind, mapping: {cat: '#/components/schemas/Cat', puppy: Dog, dog: Dog}}
    Cat: {type: object, properties: {kind: {type: string}, lives: {type: integer}}}
    Dog: {allOf: [{$ref: '#/components/schemas/Base'}]}
    Base: {type: object, properties: {kind: {type: string}}}
    Fish: {type: object, properties: {fins: {type: integer, exclusiveMinimum: true, minimum: 1}}}
";

#[test]
fn each_member_of_a_union_requires_its_own_value() {
    let all = schemas(UNION);
    assert_eq!(all["Pet"]["oneOf"].as_array().map(Vec::len), Some(3));
    assert_eq!(all["Cat"]["properties"]["kind"], json!({"type": "string", "enum": ["cat"]}));
    assert_eq!(all["Cat"]["required"], json!(["kind"]));
    let part = json!({"type": "object", "properties": {"kind": {"type": "string", "enum": ["puppy", "dog"]}}, "required": ["kind"]});
    assert_eq!(all["Dog"]["allOf"][1], part);
    let fins = json!({"type": "integer", "minimum": 1, "exclusiveMinimum": true});
    assert_eq!(all["Fish"], json!({"type": "object", "properties": {"fins": fins}}));
}

#[test]
fn names_come_back_wherever_ids_stand() {
    let document = Document::parse(
        "spec.yaml",
        r"
openapi: 3.0.3
info: {title: t, version: '1'}
paths:
  /pets/{id}:
    get:
      operationId: builder
      parameters:
      - {in: path, name: id, required: true, schema: {type: string}}
      - {in: query, name: id, schema: {type: string, enum: [<, '>']}}
      - {in: query, name: filter, schema: {type: object, properties: {a_b: {type: string, maxLength: 3}}}}
      responses: {'204': {description: ''}}
components:
  schemas:
    Pet: {type: object, required: [a-b], properties: {a-b: {$ref: '#/components/schemas/pet'}, a_b: {type: string, title: Held, maxLength: 3}}}
    pet: {type: string}
    Held: {type: string}
",
    )
    .unwrap();
    let model = Model::of(&document);
    let lowered = Lowered::of(&model);
    let ids = &lowered.ids;
    let id = |letter: &str, number: usize| format!("{letter}{}{number:06}", "qz");
    assert!(ids.are_in(&id("T", 0)));
    let tokens = quote::quote! {
        struct Tqz000000 {
            #[serde(rename = "Fqz000000")]
            fqz000000: Tqz000003,
            fqz000001: Tqz000000Fqz000001,
        }
        struct Tqz000003(String);
        struct Tqz000000Fqz000001(String);
        struct Oqz000000Pqz000002Item;
        struct Oqz000000Pqz000002ItemFqz000001(String);
        enum Oqz000000Pqz000001 {
            #[serde(rename = "vqz000000")]
            Vqz000000,
        }
        fn oqz000000(pqz000000: String, pqz000001: Option<Oqz000000Pqz000001>) {
            say("Pqz000001", "conversion to `Oqz000000Pqz000001` for pqz000001 failed", defaults::tqz000000_fqz000001)
        }
    };
    let (tokens, made) = lowered.restore(tokens);
    let expected = quote::quote! {
        struct Pet {
            #[serde(rename = "a-b")]
            a_dash_b: Pet2,
            a_b: PetAB,
        }
        struct Pet2(String);
        struct PetAB(String);
        struct Builder2Filter;
        struct Builder2FilterAB(String);
        enum Builder2Id2 {
            #[serde(rename = "<")]
            LessThan,
        }
        fn builder_2(id: String, id_2: Option<Builder2Id2>) {
            say("id", "conversion to `Builder2Id2` for id_2 failed", defaults::pet_a_b)
        }
    };
    assert_eq!(tokens.to_string(), expected.to_string());
    assert_eq!(made["PetAB"].pointer, "/components/schemas/Pet/properties/a_b");
    assert_eq!(made["Builder2Id2"].pointer, "/paths/~1pets~1{id}/get/parameters/1");
    assert_eq!(made["Pet2"].schema, model.schemas.component("pet").map(|schema| schema.id));
}

#[test]
fn items_beside_alternatives_make_no_list_of_what_may_be_a_text() {
    let text = "{openapi: 3.0.3, info: {title: t, version: '1'}, paths: {}, components: {schemas: {Entry: {type: object, \
                properties: {point: {items: {type: string}, oneOf: [{type: array, items: {}}, {type: string}]}}}}}}";
    let found = schemas(text);
    let point = found.as_object().unwrap().values().find_map(|schema| schema.pointer("/properties/point"));
    assert_eq!(point.unwrap().get("items"), None, "{found}");
}

#[test]
fn values_without_a_type_have_the_one_they_share_and_no_other() {
    let schemas = schemas(
        "{openapi: 3.0.3, info: {title: t, version: '1'}, paths: {}, components: {schemas: {
          A: {enum: [a, b]}, B: {enum: [1, 2, null]}, C: {enum: [a, 1]}, D: {type: object, format: uri-map},
          E: {enum: [a], allOf: [{$ref: '#/components/schemas/A'}]}, F: {not: {type: string}}, G: {type: string, minLength: 0, pattern: '(?i)a++'},
          H: {type: integer, default: 1.0}, I: {format: email, nullable: true}, J: {minimum: 1}, K: {minLength: 1, allOf: []},
          L: {minLength: 1, allOf: [{type: string}]}, M: {minLength: 1, minProperties: 1, properties: {a: {}}, default: a},
          N: {oneOf: [{type: string}, {type: integer}], anyOf: [{type: string}, {type: boolean}]}}}}",
    );
    assert_eq!(schemas["A"], json!({"type": "string", "enum": ["a", "b"]}));
    assert_eq!(schemas["B"], json!({"type": "integer", "enum": [1, 2], "nullable": true}));
    assert_eq!(schemas["C"], json!({}));
    assert_eq!(schemas["D"], json!({"type": "object"}));
    assert_eq!(schemas["E"], json!({"enum": ["a"], "allOf": [{"$ref": "#/components/schemas/A"}]}));
    assert_eq!(schemas["F"], json!({}));
    assert_eq!(schemas["G"], json!({"type": "string"}));
    assert_eq!(schemas["H"].to_string(), r#"{"type":"integer","default":1}"#);
    assert_eq!(schemas["I"], json!({"nullable": true}), "a rule for texts is no type");
    assert_eq!(schemas["J"], json!({}));
    assert_eq!(schemas["K"], json!({}));
    assert_eq!(schemas["M"], json!({"minProperties": 1, "properties": {"a": {}}}));
    assert_eq!(schemas["N"], json!({}));
    assert_eq!(schemas["L"], json!({"minLength": 1, "allOf": [{"type": "string"}]}));
}

#[test]
fn a_composed_component_that_may_be_null_is_told_from_the_same_without_null() {
    let schemas = schemas(
        "{openapi: 3.0.3, info: {title: t, version: '1'}, paths: {}, components: {schemas: {A: {type: string}, B: {nullable: \
         true, oneOf: [{$ref: '#/components/schemas/A'}, {type: integer}]}, C: {nullable: true, allOf: [{$ref: \
         '#/components/schemas/A'}]}}}}",
    );
    assert_eq!(schemas["B"], json!({"nullable": true, "allOf": [{"$ref": "#/components/schemas/BInner"}]}));
    assert_eq!(
        schemas["BInner"],
        json!({"oneOf": [{"$ref": "#/components/schemas/A"}, {"type": "integer"}]})
    );
    assert_eq!(schemas["C"], json!({"nullable": true, "allOf": [{"$ref": "#/components/schemas/A"}]}));
}

#[test]
fn what_members_of_a_union_hold_has_names_of_its_own() {
    let schemas = schemas(
        "{openapi: 3.0.3, info: {title: t, version: '1'}, paths: {}, components: {schemas: {B: {oneOf: [{type: object, \
         properties: {a: {type: object}}}, {type: object, properties: {a: {type: array, items: {type: object}}}}]}}}}",
    );
    let member = |number: usize| &schemas["B"]["oneOf"][number];
    assert_eq!(member(0).get("title"), None);
    let held = [&member(0)["properties"]["a"], &member(1)["properties"]["a"]];
    assert!(held.iter().all(|schema| schema.get("title").is_some()), "{schemas}");
    assert!(held[1]["items"].get("title").is_some(), "{schemas}");
}

#[test]
fn what_would_be_merged_without_end_is_described_by_the_last_part() {
    let schemas = schemas(
        "{openapi: 3.0.3, info: {title: t, version: '1'}, paths: {}, components: {schemas: {
          Node: {type: object, properties: {name: {type: string}, nodes: {type: array, items: {$ref: '#/components/schemas/Node'}}}},
          Leaf: {type: object, properties: {nodes: {type: array, items: {$ref: '#/components/schemas/Leaf'}}}},
          A: {allOf: [{$ref: '#/components/schemas/Node'}, {type: object, properties: {name: {type: string, enum: [a]},
              nodes: {type: array, items: {oneOf: [{$ref: '#/components/schemas/Leaf'}]}}}}]},
          B: {properties: {nodes: {type: array, items: {$ref: '#/components/schemas/Leaf'}}}, allOf: [{$ref: '#/components/schemas/Node'}]},
          C: {allOf: [{$ref: '#/components/schemas/Node'}, {properties: {nodes: {items: {$ref: '#/components/schemas/Node'}}}}]}}}}",
    );
    let leaf = json!({"$ref": "#/components/schemas/Leaf"});
    let node =
        |nodes: Value| json!({"type": "object", "properties": {"name": {"type": "string"}, "nodes": nodes}});
    let last = json!({"type": "array", "items": {"oneOf": [leaf]}});
    assert_eq!(schemas["A"]["allOf"][0], node(json!({})));
    assert_eq!(schemas["A"]["allOf"][1]["properties"]["nodes"], last);
    assert_eq!(schemas["B"]["allOf"], json!([node(json!({}))]), "the composition itself is the last part");
    assert_eq!(schemas["B"]["properties"]["nodes"], json!({"type": "array", "items": leaf}));
    assert_eq!(
        schemas["C"]["allOf"][0],
        json!({"$ref": "#/components/schemas/Node"}),
        "one reference is merged at once"
    );
}

#[test]
fn what_takes_long_to_merge_is_described_by_the_last_part() {
    let of =
        |name: &str, properties: String| format!("{name}: {{type: object, properties: {{{properties}}}}}");
    let many =
        |count: usize| (0..count).map(|it| format!("p{it}: {{type: object}}")).collect::<Vec<_>>().join(", ");
    let deep = |side: &str, count: usize| {
        let levels = (0..count).map(|it| {
            of(&format!("{side}{it}"), format!("next: {{$ref: '#/components/schemas/{side}{}'}}", it + 1))
        });
        let end = of(&format!("{side}{count}"), String::new());
        levels.chain([end]).collect::<Vec<_>>().join(", ")
    };
    let is_merged = |components: String, one: &str, other: &str| {
        let schemas = schemas(&format!(
            "{{openapi: 3.0.3, info: {{title: t, version: '1'}}, paths: {{}}, components: {{schemas: {{{components},
              A: {{allOf: [{{type: object, properties: {{it: {{$ref: '#/components/schemas/{one}'}}}}}},
                           {{type: object, properties: {{it: {{$ref: '#/components/schemas/{other}'}}}}}}]}}}}}}}}",
        ));
        schemas["A"]["allOf"][0]["properties"]["it"] != json!({})
    };
    for (count, expected) in [(1_900, true), (2_100, false)] {
        let components = format!("{}, {}", of("One", many(count)), of("Other", many(count)));
        assert_eq!(is_merged(components, "One", "Other"), expected, "{count} pairs");
    }
    for (count, expected) in [(60, true), (70, false)] {
        let components = format!("{}, {}", deep("One", count), deep("Other", count));
        assert_eq!(is_merged(components, "One0", "Other0"), expected, "{count} levels");
    }
}

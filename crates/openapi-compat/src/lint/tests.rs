use super::*;

/// A document in style; the tests below break it.
const PETS: &str = r"
openapi: 3.0.3
info: {title: t, version: '1'}
tags: [{name: pets}]
paths:
  /pets/:
    get:
      operationId: pets_list
      description: All pets.
      x-from: {document: one.txt}
      tags: [pets]
      parameters:
        - {name: kind, in: query, x-note: Only pets of this kind., schema: {type: string, enum: [cat, dog]}}
        - {name: page, in: query, description: Which page., schema: {type: integer, default: 1}}
      responses:
        '200': {description: '', content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}
        '400': {$ref: '#/components/responses/Wrong'}
    post:
      operationId: pets_create
      description: A new pet.
      x-from: {companion: viewset}
      tags: [pets]
      responses:
        '204': {description: ''}
        '400': {$ref: '#/components/responses/Wrong'}
  /pets/{id}/:
    get:
      operationId: pets_retrieve
      description: One pet.
      x-from: {companion: viewset}
      tags: [pets]
      parameters:
        - {name: id, in: path, required: true, description: Which., schema: {type: integer}}
      responses:
        '204': {description: ''}
        '400': {$ref: '#/components/responses/Wrong'}
        '404': {$ref: '#/components/responses/Wrong'}
components:
  responses:
    Wrong: {description: Something is wrong., x-from: {companion: viewset}}
  schemas:
    Kind: {type: string, description: A kind., x-from: {companion: viewset}, enum: [cat, dog], x-enum-labels: {cat: Cat, dog: Dog}}
    Pet:
      type: object
      description: A pet.
      x-from: {document: one.txt, inferred: [viewset]}
      required: [name, kind]
      properties:
        name: {type: string, minLength: 1, description: Its name., x-since: '2024.8', example: Tom}
        kind: {$ref: '#/components/schemas/Kind'}
";

fn style() -> Style {
    Style {
        descriptions: vec!["description", "x-note"],
        verbs: vec![
            Verb { method: "get", of_one: Some(true), verb: "retrieve" },
            Verb { method: "get", of_one: Some(false), verb: "list" },
            Verb { method: "post", of_one: None, verb: "create" },
        ],
        methods: vec!["get", "post"],
        components: vec!["responses", "schemas"],
        keys: vec![("schema", vec!["type", "description", "x-from", "required", "properties", "enum"])],
        extensions: vec![
            Extension { key: "x-note", of: vec![], form: Form::Text, beside: None },
            Extension { key: "x-from", of: vec![], form: Form::Any, beside: None },
            Extension { key: "x-enum-labels", of: vec!["schema"], form: Form::Any, beside: None },
            Extension { key: "x-since", of: vec!["schema"], form: Form::Release, beside: None },
            Extension { key: "x-set", of: vec![], form: Form::Set, beside: Some(("type", "\"string\"")) },
            Extension { key: "x-word", of: vec![], form: Form::Word(vec!["a", "b"]), beside: None },
        ],
        provenance: Some(Provenance {
            key: "x-from",
            pages: vec!["one.txt".to_owned()],
            rules: vec!["viewset".to_owned()],
        }),
        errors: vec!["400"],
        missing: Some("404"),
    }
}

fn found(text: &str) -> Vec<Finding> {
    check(&Document::parse("pets.yaml", text).unwrap(), &style())
}

#[test]
fn extensions_are_no_components() {
    let text =
        PETS.replace("  schemas:\n", "  x-kinds: {b: {$ref: '#/nowhere'}, a: {type: object}}\n  schemas:\n");
    let rules: Vec<_> = found(&text).into_iter().map(|finding| finding.rule).collect();
    assert_eq!(rules, ["extension"]);
}

/// Each rule with a change that breaks it, and where.
const BREACHES: &[(&str, &str, &str, &str)] = &[
    ("described", "description: All pets.", "summary: All pets.", "/paths/~1pets~1/get"),
    ("described", "x-note: Only pets of this kind.", "x-note: ''", "/paths/~1pets~1/get/parameters/0"),
    ("described", "description: Its name., ", "", "/components/schemas/Pet/properties/name"),
    (
        "note-of-its-own",
        "description: A pet.",
        "description: A pet.\n      x-note: a pet",
        "/components/schemas/Pet/x-note",
    ),
    ("operation-id", "pets_retrieve", "pets_get", "/paths/~1pets~1{id}~1/get/operationId"),
    (
        "tag",
        "tags: [pets]\n      responses:\n        '204': {description: ''}\n        '400': {$ref: '#/components/responses/Wrong'}\n  /",
        "responses:\n        '204': {description: ''}\n        '400': {$ref: '#/components/responses/Wrong'}\n  /",
        "/paths/~1pets~1/post",
    ),
    ("tag", "tags: [{name: pets}]", "tags: [{name: cats}]", "/paths/~1pets~1/get/tags/0"),
    ("path-order", "  /pets/:", "  /pets/first/:", "/paths/~1pets~1{id}~1"),
    (
        "component-order",
        "  schemas:\n",
        "  schemas:\n    Zebra: {type: string}\n",
        "/components/schemas/Kind",
    ),
    (
        "parameter-order",
        "name: kind, in: query",
        "name: zebra, in: query",
        "/paths/~1pets~1/get/parameters/1",
    ),
    (
        "key-order",
        "Kind: {type: string, description: A kind., ",
        "Kind: {description: A kind., type: string, ",
        "/components/schemas/Kind/type",
    ),
    ("required-order", "[name, kind]", "[kind, name]", "/components/schemas/Pet/required/1"),
    ("extension", "x-note: Only", "x-remark: Only", "/paths/~1pets~1/get/parameters/0/x-remark"),
    ("extension", "x-since: '2024.8'", "x-since: new", "/components/schemas/Pet/properties/name/x-since"),
    (
        "extension",
        "in: path,",
        "in: path, x-since: '2024.8',",
        "/paths/~1pets~1{id}~1/get/parameters/0/x-since",
    ),
    ("extension", "required: [name", "x-set: true\n      required: [name", "/components/schemas/Pet/x-set"),
    ("extension", "required: [name", "x-word: c\n      required: [name", "/components/schemas/Pet/x-word"),
    ("enum-labels", "{cat: Cat, dog: Dog}", "{cat: Cat}", "/components/schemas/Kind/x-enum-labels"),
    ("enum-labels", "{cat: Cat, dog: Dog}", "{dog: Dog, cat: Cat}", "/components/schemas/Kind/x-enum-labels"),
    ("provenance", "x-from: {document: one.txt}", "summary: s", "/paths/~1pets~1/get"),
    (
        "provenance",
        "x-from: {document: one.txt}",
        "x-from: {document: two.txt}",
        "/paths/~1pets~1/get/x-from/document",
    ),
    (
        "provenance",
        "x-from: {document: one.txt}",
        "x-from: {document: one.txt, inferrred: [viewset]}",
        "/paths/~1pets~1/get/x-from/inferrred",
    ),
    ("provenance", "inferred: [viewset]", "inferred: [guess]", "/components/schemas/Pet/x-from/inferred/0"),
    (
        "provenance",
        "x-from: {document: one.txt}",
        "x-from: {document: one.txt, companion: viewset}",
        "/paths/~1pets~1/get/x-from",
    ),
    ("used", "#/components/schemas/Pet'", "#/components/schemas/Kind'", "/components/schemas/Pet"),
    (
        "named",
        "{type: string, minLength: 1,",
        "{type: string, enum: [Tom],",
        "/components/schemas/Pet/properties/name",
    ),
    (
        "named",
        "schema: {type: integer, default: 1}",
        "schema: {type: object, properties: {}}",
        "/paths/~1pets~1/get/parameters/1/schema",
    ),
    (
        "error-answers",
        "        '404': {$ref: '#/components/responses/Wrong'}\n",
        "",
        "/paths/~1pets~1{id}~1/get",
    ),
    (
        "error-answers",
        "'204': {description: ''}\n        '400': {$ref: '#/components/responses/Wrong'}\n  /",
        "'204': {description: ''}\n  /",
        "/paths/~1pets~1/post/responses",
    ),
    ("fits", "example: Tom", "example: ''", "/components/schemas/Pet/properties/name/example"),
    (
        "fits",
        "A kind., x-from: {companion: viewset}, enum: [cat, dog]",
        "A kind., x-from: {companion: viewset}, minLength: 2, enum: [cat, dog, d]",
        "/components/schemas/Kind/enum/2",
    ),
    ("misspelt", "minLength: 1", "minLenght: 1", "/components/schemas/Pet/properties/name/minLenght"),
    (
        "required-declared",
        "required: [name, kind]",
        "required: [name, kind, owner]",
        "/components/schemas/Pet/required/2",
    ),
    (
        "beside-reference",
        "kind: {$ref: '#/components/schemas/Kind'}",
        "kind: {$ref: '#/components/schemas/Kind', nullable: true}",
        "/components/schemas/Pet/properties/kind/nullable",
    ),
    (
        "untyped",
        "name: {type: string, minLength: 1, description",
        "name: {description",
        "/components/schemas/Pet/properties/name",
    ),
    (
        "shared",
        "      operationId: pets_create\n",
        "      operationId: pets_create\n      parameters: [{name: kind, in: query, x-note: Only pets of this kind., schema: {type: string, enum: [cat, dog]}}]\n",
        "/paths/~1pets~1/post/parameters/0",
    ),
];

#[test]
fn a_document_in_style_has_no_findings() {
    assert_eq!(found(PETS), []);
}

#[test]
fn every_breach_of_a_rule_is_found_where_it_is_with_what_to_do() {
    for (rule, piece, replacement, at) in BREACHES {
        assert_eq!(PETS.matches(piece).count(), 1, "the sample has {piece:?} once");
        let findings = found(&PETS.replace(piece, replacement));
        let finding = findings.iter().find(|finding| finding.rule == *rule && finding.pointer == *at);
        let finding = finding.unwrap_or_else(|| panic!("{rule} by {replacement:?}: {findings:?}"));
        assert!(!finding.message.is_empty() && !finding.remedy.is_empty() && !finding.why.is_empty());
    }
}

#[test]
fn every_rule_has_a_breach() {
    for rule in RULES {
        assert!(BREACHES.iter().any(|(id, ..)| *id == rule.id), "nothing breaks {}", rule.id);
    }
}

#[test]
fn a_style_that_asks_for_nothing_finds_only_what_no_document_should_have() {
    let bare = "{openapi: 3.0.3, info: {title: t, version: '1'}, paths: {/z: {get: {operationId: z, responses: {'200': {description: ''}}}}, /a: {}}}";
    let findings = check(&Document::parse("bare.yaml", bare).unwrap(), &Style::default());
    assert_eq!(findings.iter().map(|finding| finding.rule).collect::<Vec<_>>(), ["path-order"]);
}

#[test]
fn the_document_of_this_repository_has_no_mistakes() {
    let path = format!("{}/../../spec/openapi.yaml", env!("CARGO_MANIFEST_DIR"));
    let document = Document::parse(&path, &std::fs::read_to_string(&path).unwrap()).unwrap();
    let mistakes = ["misspelt", "required-declared", "beside-reference", "untyped"];
    let mut findings = check(&document, &Style::default());
    findings.retain(|finding| mistakes.contains(&finding.rule));
    assert_eq!(findings, []);
}

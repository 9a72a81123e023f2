use serde_json::json;

use super::*;
use crate::lint::Style;

const OURS: &str = "\
# Ours, with comments.
openapi: 3.0.3
info: {title: t, version: '1'} # on one line
tags:
  - name: pets # the first
paths:
  # Dogs come after cats.
  /pets/dogs/:
    # The list.
    get:
      operationId: dogs_list
      parameters:
        - $ref: '#/components/parameters/Page'
        - name: owner
          in: query
          x-role: filter
          schema: {type: string, format: uuid, x-references: person}
      responses:
        '200': {$ref: '#/components/responses/Fine'}

# What is shared.
components:
  parameters:
    Page:
      name: page
      in: query
      x-role: page
      description: Which page.
      schema: {type: integer}
  responses:
    Fine:
      description: Fine.
      content: {application/json: {schema: {$ref: '#/components/schemas/Dog'}}}
  schemas:
    Dog:
      type: object
      x-note: |
        A dog.
        # Not a comment.
      properties:
        secret: {type: string, x-secret: true}
    # The last one.
    Zoo: {type: string}";

const THEIRS: &str = "
openapi: 3.0.3
info: {title: t, version: '2'}
paths:
  /pets/dogs/:
    parameters: [{name: kind, in: query, required: false, schema: {type: string}}]
    get:
      operationId: dogs_list
      responses: {'204': {description: ''}}
    post:
      operationId: dogs_create
      tags: [pets, dogs]
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Cat'}}}}
      responses: {'200': {description: Fine., content: {application/json: {schema: {$ref: '#/components/schemas/Dog'}}}}}
  /pets/cats/:
    get:
      operationId: cats_list
      parameters:
        - {name: page, in: query, required: false, description: A page., schema: {type: integer}}
        - {name: owner, in: query, schema: {type: string, format: uuid}}
        - {name: fur, in: query, schema: {type: string}}
      responses: {'200': {description: '', content: {application/json: {schema: {$ref: '#/components/schemas/Cat'}}}}}
components:
  schemas:
    Dog: {type: object, properties: {secret: {type: string}}, required: [secret]}
    Cat: {required: [b, a], type: object, properties: {a: {type: string}, b: {$ref: '#/components/schemas/Fur'}}}
    Fur: {type: string}
    Unused: {type: string}
";

fn imported(ours: &str, theirs: &str, take_theirs: &[&str]) -> Result<Import> {
    let (ours, theirs) = (Document::parse("ours", ours).unwrap(), Document::parse("theirs", theirs).unwrap());
    let style = Style {
        methods: vec!["get", "post"],
        components: vec!["parameters", "responses", "schemas"],
        keys: vec![("schema", vec!["type", "required", "properties"])],
        ..Style::default()
    };
    let provenance = ("x-from", json!({"upstream": "2"}));
    let take_theirs = take_theirs.iter().map(|&name| name.to_owned()).collect();
    import(&ours, &theirs, &Options { style: &style, provenance, take_theirs })
}

#[test]
fn new_lines_stand_where_the_order_has_a_place_and_all_others_are_untouched() {
    let import = imported(OURS, THEIRS, &[]).unwrap();
    let mut lines = import.text.lines();
    assert!(OURS.lines().all(|line| lines.any(|other| other == line)), "the old lines in their order");
    insta::assert_snapshot!(import.text);
    assert_eq!(
        (import.operations.join(" "), import.present.keys().map(String::as_str).collect::<String>()),
        ("dogs_create cats_list".to_owned(), "dogs_list".to_owned())
    );
    assert_eq!(import.added, ["schemas/Cat", "schemas/Fur"].map(str::to_owned).into());
}

#[test]
fn new_lines_end_as_those_that_are_there() {
    let tagged = THEIRS.replace("operationId: cats_list", "operationId: cats_list\n      tags: [cats]");
    for take in [&[][..], &["Dog"]] {
        let plain = imported(OURS, &tagged, take).unwrap();
        let other = imported(&OURS.replace('\n', "\r\n"), &tagged, take).unwrap();
        assert_eq!(other.text, plain.text.replace('\n', "\r\n"));
    }
}

#[test]
fn another_meaning_is_told_and_taken_on_demand() {
    let kept = imported(OURS, THEIRS, &[]).unwrap();
    let told: Vec<&str> = kept.kept["schemas/Dog"].iter().map(|change| change.rule).collect();
    assert_eq!(told, ["property-became-required"]);
    let taken = imported(OURS, THEIRS, &["Dog"]).unwrap();
    assert!(taken.kept.is_empty());
    assert_eq!(taken.replaced, [("schemas/Dog".to_owned(), Vec::new())].into());
    let document = Document::parse("taken", &taken.text).unwrap();
    assert_eq!(
        document.value()["components"]["schemas"]["Dog"],
        json!({
            "type": "object",
            "required": ["secret"],
            "properties": {"secret": {"type": "string", "x-secret": true}},
            "x-from": {"upstream": "2"},
            "x-note": "A dog.\n# Not a comment.\n",
        })
    );
}

#[test]
fn what_is_said_of_a_place_that_theirs_has_not_goes_and_is_told() {
    let ours =
        OURS.replace("x-secret: true}", "x-secret: true}\n        age: {type: integer, x-note: In years.}");
    let ours =
        ours.replace("      x-note: |\n        A dog.", "      x-from: us\n      x-note: |\n        A dog.");
    let taken = imported(&ours, THEIRS, &["schemas/Dog"]).unwrap();
    let gone = ["/components/schemas/Dog/x-from", "/components/schemas/Dog/properties/age/x-note"];
    assert_eq!(taken.replaced["schemas/Dog"], gone);
}

#[test]
fn a_component_that_is_not_in_both_cannot_be_taken_and_those_that_can_are_named() {
    for (name, help) in [("Cat", "`schemas/Dog`"), ("Dgo", "`schemas/Dog`"), ("Zoo", "`schemas/Dog`")] {
        let error = imported(OURS, THEIRS, &["Dog", name]).unwrap_err().to_string();
        assert!(error.contains(&format!("`{name}`")) && error.contains(help), "{error}");
    }
    let alike = THEIRS.replace(", required: [secret]", "");
    let error = imported(OURS, &alike, &["Zoo"]).unwrap_err().to_string();
    assert!(error.contains("those that both have are `schemas/Dog`"), "{error}");
}

#[test]
fn an_operation_that_is_there_is_judged_against_theirs() {
    let present = &imported(OURS, THEIRS, &[]).unwrap().present["dogs_list"];
    let rules: Vec<&str> = present.iter().map(|change| change.rule).collect();
    insta::assert_debug_snapshot!(rules);
    let text = imported(OURS, THEIRS, &[]).unwrap().text;
    let once = imported(&text, &text, &[]).unwrap();
    assert!(once.present.len() == 3 && once.present.values().all(Vec::is_empty));
}

#[test]
fn a_layout_without_room_for_new_lines_is_refused() {
    let flow = OURS.split("paths:").next().unwrap().to_owned()
        + "paths: {/pets/dogs/: {get: {operationId: dogs_list, responses: {'204': {description: ''}}}}}\n";
    let error = imported(&flow, THEIRS, &[]).unwrap_err();
    assert!(!error.to_string().is_empty() && error.to_string().contains("help: "), "{error}");
}

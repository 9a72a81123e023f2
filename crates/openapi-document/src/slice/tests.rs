use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::Value;

use super::{Selection, slice};
use crate::document::Document;
use crate::pointer;

/// Every way in which one part of a document needs another.
const TANGLE: &str = r"
openapi: 3.0.3
info: {title: tangle, version: '1'}
security: [{everywhere: []}]
tags: [{name: pets}, {name: zoos, description: Zoos.}, {name: idle}]
x-shared: {late: {$ref: '#/components/schemas/Late'}}
paths:
  x-note: {$ref: '#/components/schemas/Noted'}
  /pets/:
    parameters: [{$ref: '#/components/parameters/Tenant'}]
    get:
      operationId: pets_list
      tags: [pets]
      responses: {'200': {description: '', content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}}
    post:
      operationId: pets_create
      tags: [pets]
      security: [{here: []}]
      requestBody: {$ref: '#/components/requestBodies/Pet'}
      responses: {'201': {$ref: '#/components/responses/Made'}}
  /zoos/:
    get:
      operationId: zoos_list
      tags: [zoos]
      x-more: [{$ref: '#/components/schemas/More'}]
      responses:
        '200':
          description: ''
          content: {application/json: {schema: {$ref: '#/paths/~1zoos~1/post/requestBody/content/application~1json/schema'}}}
    post:
      operationId: zoos_create
      tags: [zoos]
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Node'}, example: {$ref: '#/components/schemas/Idle'}}}}
      responses: {'204': {description: ''}}
components:
  securitySchemes:
    everywhere: {type: http, scheme: bearer}
    here: {type: http, scheme: basic}
    nowhere: {type: http, scheme: digest}
  parameters:
    Tenant: {name: tenant, in: query, schema: {$ref: '#/components/schemas/Name'}}
  requestBodies:
    Pet: {content: {application/json: {schema: {$ref: '#/components/schemas/Named'}}}}
  headers:
    Count: {schema: {$ref: '#/components/schemas/Count'}}
  responses:
    Made: {description: '', headers: {X-Count: {$ref: '#/components/headers/Count'}}}
  schemas:
    Count: {type: integer}
    Name: {type: string}
    Named: {oneOf: [{$ref: '#/components/schemas/Node'}], discriminator: {propertyName: kind, mapping: {node: Node, x: '#/components/schemas/Mapped'}}}
    Node: {type: object, properties: {next: {$ref: '#/components/schemas/Node'}}}
    Mapped: {type: object}
    Pet: {type: object, discriminator: {propertyName: kind}, properties: {kind: {type: string}}}
    Cat: {allOf: [{$ref: '#/components/schemas/Pet'}, {type: object, properties: {lives: {$ref: '#/components/schemas/Lives'}}}]}
    Lives: {type: integer}
    Late: {type: string}
    Noted: {type: string}
    More: {type: string}
    Idle: {type: string}
";

fn documents() -> [Document; 4] {
    [
        ("tangle.yaml", TANGLE),
        ("everything.yaml", include_str!("../../tests/everything.yaml")),
        ("zoo.yaml", include_str!("../../tests/zoo.yaml")),
        ("pets.yaml", include_str!("../../tests/pets.yaml")),
    ]
    .map(|(name, text)| Document::parse(name, text).unwrap())
}

fn operations(globs: &[&str]) -> Selection {
    Selection { operations: globs.iter().map(|&glob| glob.to_owned()).collect(), ..Selection::default() }
}

fn tags(tags: &[&str]) -> Selection {
    Selection { tags: tags.iter().map(|&tag| tag.to_owned()).collect(), ..Selection::default() }
}

fn ids(document: &Document) -> Vec<String> {
    let operations = crate::operations::operations(document.value());
    operations.map(|(.., operation)| operation["operationId"].as_str().unwrap().to_owned()).collect()
}

/// Returns the components, as `kind/name`.
fn components(document: &Document) -> BTreeSet<String> {
    let kinds = document.value().get("components").and_then(Value::as_object);
    let kinds = kinds.into_iter().flatten();
    kinds
        .flat_map(|(kind, of)| of.as_object().unwrap().keys().map(move |name| format!("{kind}/{name}")))
        .collect()
}

/// Checks that the part is a document of its own: it is still valid when printed and read again, and every position is
/// correct.
fn check_part(whole: &Document, part: &Document) {
    Document::parse("part.json", &part.written().to_string()).unwrap_or_else(|error| panic!("{error}"));
    let mut open = vec![String::new()];
    while let Some(at) = open.pop() {
        let value = part.value().pointer(&at).unwrap();
        // An item of the tags has another number than in the whole.
        if !at.starts_with("/tags/") {
            assert_eq!(part.locate(&at), whole.locate(&at), "{at}");
        }
        match value {
            Value::Object(map) => open.extend(map.keys().map(|key| pointer::child(&at, key))),
            Value::Array(items) => {
                open.extend((0..items.len()).map(|index| pointer::child(&at, &index.to_string())));
            }
            _ => {}
        }
    }
}

#[test]
fn a_slice_has_what_its_operations_lead_to_and_nothing_else() {
    let [tangle, ..] = documents();
    let always = ["securitySchemes/everywhere", "schemas/Late", "schemas/Noted"];
    for (wanted, ids_found, found) in [
        (
            "pets_list",
            vec!["pets_list"],
            vec!["parameters/Tenant", "schemas/Name", "schemas/Pet", "schemas/Cat", "schemas/Lives"],
        ),
        (
            "*_create",
            vec!["pets_create", "zoos_create"],
            vec![
                "securitySchemes/here",
                "parameters/Tenant",
                "schemas/Name",
                "requestBodies/Pet",
                "schemas/Named",
                "schemas/Node",
                "schemas/Mapped",
                "responses/Made",
                "headers/Count",
                "schemas/Count",
                "schemas/zoos_create_body",
            ],
        ),
        // The list refers into the creation, which need not come along.
        ("zoos_l?st", vec!["zoos_list"], vec!["schemas/Node", "schemas/More", "schemas/zoos_create_body"]),
    ] {
        let part = slice(&tangle, &operations(&[wanted])).unwrap();
        assert_eq!(ids(&part), ids_found);
        assert_eq!(
            components(&part),
            found.iter().chain(&always).map(|&name| name.to_owned()).collect(),
            "{wanted}"
        );
        check_part(&tangle, &part);
    }
}

#[test]
fn the_list_of_tags_has_those_of_the_operations() {
    let [tangle, ..] = documents();
    let part = slice(&tangle, &tags(&["zoos"])).unwrap();
    assert_eq!(part.value()["tags"], serde_json::json!([{"name": "zoos", "description": "Zoos."}]));
    let both = Selection {
        operations: vec!["pets_l*".to_owned()],
        tags: vec!["zoos".to_owned()],
        ..Selection::default()
    };
    assert_eq!(ids(&slice(&tangle, &both).unwrap()), ["pets_list", "zoos_list", "zoos_create"]);
}

#[test]
fn what_names_nothing_is_told_with_the_nearest_names() {
    let [tangle, ..] = documents();
    let selection = Selection {
        operations: ["pet_lists", "pets_*", "zoo_cr*", "12345"].map(str::to_owned).to_vec(),
        tags: vec!["pet".to_owned()],
        ..Selection::default()
    };
    insta::assert_snapshot!(slice(&tangle, &selection).unwrap_err().to_string());
}

#[test]
fn a_name_that_names_nothing_can_be_passed_over() {
    let [tangle, ..] = documents();
    let selection = operations(&["pets_list", "birds_*"]);
    assert_eq!(ids(&super::slice_if_known(&tangle, &selection)), ["pets_list"]);
    let names: Vec<Selection> = selection.each().collect();
    assert_eq!(names, [operations(&["pets_list"]), operations(&["birds_*"])]);
    let nothing = super::slice_if_known(&tangle, &names[1]);
    assert!(ids(&nothing).is_empty());
    check_part(&tangle, &nothing);
}

#[test]
fn all_operations_of_a_document_without_leftovers_are_the_document() {
    for whole in documents() {
        let all = slice(&whole, &operations(&["*"])).unwrap();
        assert_eq!(ids(&all), ids(&whole));
        assert_eq!(
            slice(&whole, &Selection::default()).unwrap().value().to_string(),
            whole.value().to_string()
        );
        // Without its leftovers it is such a document.
        let compact = Document::parse("all.json", &all.written().to_string()).unwrap();
        let again = slice(&compact, &operations(&["*"])).unwrap();
        assert_eq!(again.value().to_string(), all.value().to_string(), "also in its order");
    }
}

proptest! {
    // Each case reads a dozen documents.
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn a_slice_stands_on_its_own_and_a_slice_of_it_is_that_of_the_whole(
        which in 0..4_usize,
        chosen in prop::collection::vec(any::<prop::sample::Index>(), 1..4),
        fewer in any::<prop::sample::Index>(),
    ) {
        let whole = documents().into_iter().nth(which).unwrap();
        let all = ids(&whole);
        let chosen: Vec<&str> = chosen.iter().map(|index| index.get(&all).as_str()).collect();
        let part = slice(&whole, &operations(&chosen)).unwrap();
        check_part(&whole, &part);
        prop_assert!(chosen.iter().all(|id| ids(&part).iter().any(|found| found == id)));

        let one = [*fewer.get(&chosen)];
        let (direct, through) = (slice(&whole, &operations(&one)).unwrap(), slice(&part, &operations(&one)).unwrap());
        prop_assert_eq!(direct.value().to_string(), through.value().to_string());

        // Without any of its components it no longer stands.
        for name in components(&part) {
            let (kind, name) = name.split_once('/').unwrap();
            let mut less = part.value().clone();
            less["components"][kind].as_object_mut().unwrap().remove(name);
            let needed = Document::parse("less.json", &less.to_string()).is_err();
            // What a discriminator or an extension leads to is not missed by the reader.
            let quiet = ["Mapped", "Cat", "Lives", "Late", "Noted", "More"].contains(&name);
            prop_assert!(needed || quiet, "{} is not needed", name);
        }
    }
}

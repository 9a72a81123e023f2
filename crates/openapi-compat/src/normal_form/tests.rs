use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::{Kind, Options, differences};
use openapi_document::Document;

fn pets() -> Value {
    let document = Document::parse("pets.yaml", include_str!("../../../openapi-document/tests/pets.yaml"));
    document.map(|document| document.value().clone()).unwrap()
}

fn printed(old: &Value, new: &Value) -> Vec<String> {
    differences(old, new, &Options::default()).iter().map(ToString::to_string).collect()
}

/// Returns the differences after `value` is put at `pointer` of the sample document, or removed if it is `None`.
fn after(pointer: &str, value: Option<Value>) -> Vec<String> {
    let (old, mut new) = (pets(), pets());
    let (holder, key) = pointer.rsplit_once('/').unwrap();
    let key = openapi_document::pointer::unescape(key);
    match (new.pointer_mut(holder).unwrap(), value) {
        (Value::Object(map), Some(value)) => drop(map.insert(key, value)),
        (Value::Object(map), None) => assert!(map.shift_remove(&key).is_some(), "{pointer} is there"),
        (Value::Array(items), Some(value)) => items.insert(key.parse().unwrap(), value),
        (Value::Array(items), None) => drop(items.remove(key.parse().unwrap())),
        _ => panic!("{pointer} leads nowhere"),
    }
    let back = differences(&new, &old, &Options::default());
    let found = differences(&old, &new, &Options::default());
    assert_eq!(found.len(), back.len(), "the way back has as many steps");
    found.iter().map(ToString::to_string).collect()
}

#[test]
fn a_document_does_not_differ_from_itself() {
    assert_eq!(printed(&pets(), &pets()), Vec::<String>::new());
}

#[test]
fn single_changes_are_found_where_they_are() {
    let cases = [
        ("/info/title", Some(json!("Cats")), r#"#/info/title: "Pets" → "Cats""#),
        ("/servers/0/url", Some(json!("/")), r#"#/servers/0/url: "/api" → "/""#),
        (
            "/paths/~1pets/get/operationId",
            Some(json!("x")),
            r#"#/paths/~1pets/get/operationId: "pets_list" → "x""#,
        ),
        ("/paths/~1pets/get/tags/0", Some(json!("a")), r#"#/paths/~1pets/get/tags/a: nothing → "a""#),
        (
            "/paths/~1pets~1{id}/delete/responses/204/description",
            Some(json!("")),
            r#"#/paths/~1pets~1{id}/delete/responses/204/description: "Gone." → """#,
        ),
        (
            "/paths/~1pets~1{id}/delete/security/1",
            None,
            "#/paths/~1pets~1{id}/delete/security/{}: {} → nothing",
        ),
        (
            "/components/schemas/Pet/required/1",
            None,
            r#"#/components/schemas/Pet/required/name: "name" → nothing"#,
        ),
        (
            "/components/schemas/Pet/properties/name/maxLength",
            Some(json!(51)),
            "#/components/schemas/Pet/properties/name/maxLength: 50 → 51",
        ),
        (
            "/components/schemas/Pet/properties/name/type",
            Some(json!("integer")),
            r#"#/components/schemas/Pet/properties/name/type: "string" → "integer""#,
        ),
        (
            "/components/schemas/Pet/properties/owner/nullable",
            None,
            "#/components/schemas/Pet/properties/owner/nullable: true → nothing",
        ),
        (
            "/components/schemas/Pet/properties/id/readOnly",
            None,
            "#/components/schemas/Pet/properties/id/readOnly: true → nothing",
        ),
        (
            "/components/schemas/Pet/properties/born",
            None,
            r#"#/components/schemas/Pet/properties/born: {"type":"string","format":"date-time"} → nothing"#,
        ),
        (
            "/components/schemas/Pet/properties/kind/allOf/0/$ref",
            Some(json!("#/components/schemas/Error")),
            r##"#/components/schemas/Pet/properties/kind/allOf/0/$ref: "#/components/schemas/Kind" → "#/components/schemas/Error""##,
        ),
        (
            "/components/schemas/Kind/enum/0",
            Some(json!("fish")),
            r#"#/components/schemas/Kind/enum/fish: nothing → "fish""#,
        ),
        (
            "/components/schemas/Error/additionalProperties",
            Some(json!(false)),
            "#/components/schemas/Error/additionalProperties: nothing → false",
        ),
        (
            "/components/securitySchemes/token/scheme",
            Some(json!("basic")),
            r#"#/components/securitySchemes/token/scheme: "bearer" → "basic""#,
        ),
    ];
    for (pointer, value, expected) in cases {
        assert_eq!(after(pointer, value), [expected], "{pointer}");
    }
}

#[test]
fn a_change_behind_a_reference_is_found_in_every_operation_it_touches() {
    let found = after("/components/parameters/Limit/schema/maximum", Some(json!(200)));
    assert_eq!(found, ["#/paths/~1pets/get/parameters/query:limit/schema/maximum: 100 → 200"]);
    let found = after("/components/responses/Failed/description", Some(json!("Oh.")));
    assert_eq!(found, [r#"#/paths/~1pets/get/responses/default/description: "What went wrong." → "Oh.""#]);
    let found = after("/paths/~1pets~1{id}/parameters/0/schema/format", None);
    let pointer = |method| {
        format!(r#"#/paths/~1pets~1{{id}}/{method}/parameters/path:id/schema/format: "uuid" → nothing"#)
    };
    assert_eq!(found, [pointer("put"), pointer("delete")]);
}

#[test]
fn whole_operations_and_paths_are_told_once() {
    assert_eq!(after("/paths/~1pets/get", None).len(), 1);
    assert_eq!(after("/paths/~1pets~1{id}", None).len(), 1);
    let difference = &differences(&pets(), &json!({"paths": {}}), &Options::default())[0];
    assert_eq!((difference.pointer.as_str(), difference.kind), ("/info", Kind::Removed));
}

#[test]
fn ways_of_writing_the_same_are_no_differences() {
    let cases = [
        ("/openapi", json!("3.0.0")),
        ("/info/description", json!("")),
        ("/x-added", json!({"by": "a tool"})),
        ("/paths/~1pets/get/deprecated", json!(false)),
        ("/paths/~1pets/get/parameters/1/required", json!(false)),
        ("/components/parameters/Limit/style", json!("form")),
        ("/components/parameters/Limit/explode", json!(true)),
        ("/paths/~1pets~1{id}/parameters/0/style", json!("simple")),
        ("/paths/~1pets~1{id}/parameters/0/explode", json!(false)),
        ("/components/schemas/Pet/properties/name/nullable", json!(false)),
        ("/components/schemas/Pet/properties/name/minLength", json!(0)),
        ("/components/schemas/Pet/properties/name/x-note", json!(1)),
        ("/components/schemas/Unused", json!({"$ref": "#/components/schemas/AlsoUnused"})),
        ("/components/headers", json!({"X": {"schema": {"type": "string"}}})),
        ("/components/securitySchemes/unused", json!({"type": "http", "scheme": "basic"})),
    ];
    for (pointer, value) in cases {
        assert_eq!(after(pointer, Some(value)), Vec::<String>::new(), "{pointer}");
    }
}

#[test]
fn writing_out_what_is_shared_is_no_difference() {
    let (old, mut new) = (pets(), pets());
    let limit = new.pointer("/components/parameters/Limit").unwrap().clone();
    let failed = new.pointer("/components/responses/Failed").unwrap().clone();
    let id = new["paths"]["/pets/{id}"].as_object_mut().unwrap().shift_remove("parameters").unwrap();
    new["paths"]["/pets"]["get"]["parameters"][0] = limit;
    new["paths"]["/pets"]["get"]["parameters"].as_array_mut().unwrap().reverse();
    new["paths"]["/pets"]["get"]["responses"]["default"] = failed;
    new["paths"]["/pets/{id}"]["put"]["parameters"] = id.clone();
    new["paths"]["/pets/{id}"]["delete"]["parameters"] = id;
    new["components"]
        .as_object_mut()
        .unwrap()
        .retain(|kind, _| kind == "schemas" || kind == "securitySchemes");
    new["components"]["schemas"].as_object_mut().unwrap().shift_remove("Node");
    assert_eq!(printed(&old, &new), Vec::<String>::new());
    assert_eq!(printed(&new, &old), Vec::<String>::new());
}

#[test]
fn security_for_all_is_security_for_each_without_its_own() {
    let (mut old, mut new) = (pets(), pets());
    old["security"] = json!([{"token": []}]);
    new["paths"]["/pets"]["get"]["security"] = json!([{"token": []}]);
    assert_eq!(
        printed(&old, &new),
        ["#/paths/~1pets~1{id}/put/security: {\"token\":{\"token\":{}}} → nothing"]
    );
    new["paths"]["/pets/{id}"]["put"]["security"] = json!([{"token": []}]);
    assert_eq!(printed(&old, &new), Vec::<String>::new());
}

#[test]
fn numbers_are_compared_by_value() {
    let with = |maximum: Value| {
        let mut document = pets();
        document["components"]["parameters"]["Limit"]["schema"]["maximum"] = maximum;
        document
    };
    assert_eq!(printed(&with(json!(1)), &with(json!(1.0))), Vec::<String>::new());
    assert_eq!(printed(&with(json!(1)), &with(json!(1.5))).len(), 1);
    assert_eq!(printed(&with(json!(u64::MAX)), &with(json!(u64::MAX - 1))).len(), 1);
}

#[test]
fn values_that_look_alike_are_kept_apart() {
    let with = |values: Value| {
        let mut document = pets();
        document["components"]["schemas"]["Kind"]["enum"] = values;
        document
    };
    let found = printed(&with(json!([1, "1"])), &with(json!([1])));
    assert_eq!(found, [r#"#/components/schemas/Kind/enum/"1": "1" → nothing"#]);
    assert_eq!(printed(&with(json!([1, "1"])), &with(json!(["1", 1.0]))), Vec::<String>::new());
}

#[test]
fn extensions_count_when_asked_for() {
    let (old, mut new) = (pets(), pets());
    new["components"]["schemas"]["Pet"]["x-note"] = json!("new");
    let found = differences(&old, &new, &Options { extensions: true });
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].to_string(), r#"#/components/schemas/Pet/x-note: nothing → "new""#);
}

#[test]
fn headers_within_headers_end() {
    let mut document = pets();
    document["components"]["headers"] = json!({"H": {"content": {"a/b": {"encoding": {"p": {"headers": {"H": {"$ref": "#/components/headers/H"}}}}}}}});
    document["paths"]["/pets"]["get"]["responses"]["200"]["headers"] =
        json!({"H": {"$ref": "#/components/headers/H"}});
    assert_eq!(printed(&document, &document), Vec::<String>::new());
}

#[test]
fn long_values_are_cut() {
    let (old, mut new) = (pets(), pets());
    new["info"]["title"] = json!("ü".repeat(500));
    assert!(printed(&old, &new)[0].chars().count() < 200);
}

/// Returns the value with the keys of every mapping, and the items of unordered lists, in another order.
fn shuffled(value: &Value, seed: &mut impl FnMut(usize) -> usize, free: bool) -> Value {
    match value {
        Value::Object(map) => {
            let mut entries: Vec<_> = map.iter().collect();
            let mut shuffled_map = Map::new();
            while !entries.is_empty() {
                let (key, member) = entries.swap_remove(seed(entries.len()));
                let free = matches!(key.as_str(), "required" | "tags" | "parameters" | "security" | "enum");
                shuffled_map.insert(key.clone(), shuffled(member, seed, free));
            }
            Value::Object(shuffled_map)
        }
        Value::Array(items) => {
            let mut items: Vec<_> = items.iter().map(|item| shuffled(item, seed, false)).collect();
            if free {
                for index in (1..items.len()).rev() {
                    items.swap(index, seed(index + 1));
                }
            }
            Value::Array(items)
        }
        _ => value.clone(),
    }
}

proptest! {
    #[test]
    fn order_means_nothing(numbers in prop::collection::vec(any::<usize>(), 64)) {
        let mut numbers = numbers.into_iter().cycle();
        let mut seed = |below: usize| numbers.next().unwrap_or(0) % below;
        let other = shuffled(&pets(), &mut seed, false);
        prop_assert_eq!(printed(&pets(), &other), Vec::<String>::new());
    }
}

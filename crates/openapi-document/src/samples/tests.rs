use serde_json::{Value, json};

use super::{Direction, of};

/// Returns the samples of a schema beside these components.
fn samples(schema: &Value, components: &Value) -> Vec<Value> {
    of(&json!({"components": {"schemas": components}}), schema, Direction::Request).values
}

#[test]
fn an_object_has_all_of_its_properties_or_only_those_that_it_needs() {
    let schema = json!({
        "type": "object",
        "required": ["name"],
        "properties": {
            "id": {"type": "integer", "readOnly": true},
            "name": {"type": "string", "minLength": 2, "maxLength": 6, "pattern": "^[a-z]*$"},
            "kind": {"enum": ["cat", "dog", null], "type": "string", "nullable": true},
            "tags": {"type": "array", "items": {"type": "string", "enum": ["x", "y"]}},
        },
    });
    let found = samples(&schema, &json!({}));
    for length in [2, 6] {
        assert!(
            found.iter().any(|sample| sample["name"].as_str().map(str::len) == Some(length)),
            "{found:?}"
        );
    }
    assert_eq!(
        found[1].as_object().map(serde_json::Map::len),
        Some(1),
        "without what is read only or optional"
    );
    let of_key = |key: &str| found.iter().filter_map(|sample| sample.get(key).cloned()).collect::<Vec<_>>();
    for kind in [json!("cat"), json!("dog"), Value::Null] {
        assert!(of_key("kind").contains(&kind), "{kind}");
    }
    for tags in [json!([]), json!(["x"]), json!(["x", "y"])] {
        assert!(of_key("tags").contains(&tags), "{tags}");
    }
    assert!(found.iter().all(|sample| sample.get("id").is_none()));
    let answered = of(&json!({}), &schema, Direction::Response);
    assert!(answered.values[0].get("id").is_some_and(Value::is_i64));
}

#[test]
fn what_is_required_and_does_not_go_this_way_is_there_and_said() {
    let schema = json!({"type": "object", "required": ["id"], "properties": {"id": {"type": "boolean", "readOnly": true}}});
    let both = |direction| of(&json!({}), &schema, direction);
    assert_eq!(both(Direction::Request).values, both(Direction::Response).values);
    assert!(both(Direction::Request).has_properties_of_other_direction);
    assert!(!both(Direction::Response).has_properties_of_other_direction);
}

#[test]
fn every_alternative_is_there_and_what_fits_two_is_not() {
    let components = json!({
        "Cat": {"type": "object", "required": ["kind"], "properties": {"kind": {"type": "string"}, "lives": {"type": "integer"}}},
        "Dog": {"type": "object", "required": ["kind"], "properties": {"kind": {"type": "string"}}},
    });
    let alternatives = json!([{"$ref": "#/components/schemas/Cat"}, {"$ref": "#/components/schemas/Dog"}]);
    let mapping = json!({"cat": "#/components/schemas/Cat", "tom": "#/components/schemas/Cat"});
    let discriminator = json!({"propertyName": "kind", "mapping": mapping});
    let found = samples(&json!({"oneOf": alternatives, "discriminator": discriminator}), &components);
    for kind in ["cat", "tom", "Dog"] {
        assert!(found.iter().any(|sample| sample["kind"] == kind), "{kind}: {found:?}");
    }
    assert_eq!(samples(&json!({"oneOf": alternatives}), &components), Vec::<Value>::new());
    assert!(!samples(&json!({"anyOf": alternatives}), &components).is_empty());
}

#[test]
fn bounds_are_reached_and_kept() {
    let integers =
        samples(&json!({"type": "integer", "minimum": 3, "maximum": 9, "multipleOf": 3}), &json!({}));
    assert_eq!(integers.len(), 3, "{integers:?}");
    let numbers = samples(&json!({"type": "number", "exclusiveMinimum": 1, "maximum": 2}), &json!({}));
    assert!(numbers.contains(&json!(2.0)) && !numbers.contains(&json!(1.0)), "{numbers:?}");
    let single = json!({"type": "number", "format": "float", "minimum": 1e-60, "maximum": 1e60});
    let single = samples(&single, &json!({}));
    assert!(single.contains(&json!(1.5)) && !single.contains(&json!(1e60)), "{single:?}");
    let int32 = samples(&json!({"type": "integer", "format": "int32"}), &json!({}));
    assert!(int32.contains(&json!(i32::MIN)) && int32.contains(&json!(i32::MAX)), "{int32:?}");
}

#[test]
fn a_schema_that_contains_itself_ends_and_one_that_needs_itself_has_no_samples() {
    let components = json!({
        "Tree": {"type": "object", "properties": {"name": {"type": "string"}, "trees": {"type": "array", "items": {"$ref": "#/components/schemas/Tree"}}}},
        "Endless": {"type": "object", "required": ["next"], "properties": {"next": {"$ref": "#/components/schemas/Endless"}}},
    });
    let of = |name: &str| samples(&json!({"$ref": format!("#/components/schemas/{name}")}), &components);
    assert_eq!(of("Tree")[0], json!({"name": "string", "trees": []}));
    assert_eq!(of("Endless"), Vec::<Value>::new());
}

#[test]
fn samples_are_the_same_every_time_and_not_too_many() {
    let schema =
        json!({"type": "object", "additionalProperties": {"type": "array", "items": {"type": "object"}}});
    assert_eq!(samples(&schema, &json!({})), samples(&schema, &json!({})));
    assert!(samples(&schema, &json!({})).len() <= super::MAX_SAMPLES);
}

#[test]
fn objects_that_all_need_many_others_have_samples_of_a_size() {
    let components = (0..40).map(|number| {
        let next =
            json!({"anyOf": [{"type": "string"}, {"$ref": format!("#/components/schemas/S{}", number + 1)}]});
        let properties: serde_json::Map<_, _> =
            (0..8).map(|name| (format!("p{name}"), next.clone())).collect();
        let required: Vec<&String> = properties.keys().collect();
        (format!("S{number}"), json!({"type": "object", "required": required, "properties": properties}))
    });
    let components = Value::Object(components.collect());
    let found = samples(&json!({"$ref": "#/components/schemas/S0"}), &components);
    assert!(found.iter().any(|sample| sample["p0"].is_string()), "{found:?}");
    assert!(found.iter().any(|sample| sample["p0"]["p0"].is_object()), "{found:?}");
    let length: usize = found.iter().map(|sample| sample.to_string().len()).sum();
    assert!(length <= super::MAX_BYTES, "{length}");
}

#[test]
fn lists_and_maps_of_many_within_one_another_have_a_size() {
    let lists = (0..12).fold(
        json!({"type": "integer"}),
        |items, _| json!({"type": "array", "minItems": 24, "items": items}),
    );
    assert_eq!(samples(&lists, &json!({})), Vec::<Value>::new());
    let maps = (0..15).fold(
        json!({"type": "integer"}),
        |others, _| json!({"type": "object", "minProperties": 4, "additionalProperties": others}),
    );
    assert_eq!(samples(&maps, &json!({})), Vec::<Value>::new());
}

#[test]
fn a_word_that_tells_alternatives_apart_has_to_be_one_of_those_that_are_allowed() {
    let cat = |word| {
        let kind = json!({"type": "string", "enum": [word]});
        json!({"Cat": {"type": "object", "required": ["kind"], "properties": {"kind": kind}}})
    };
    let pet = json!({
        "anyOf": [{"$ref": "#/components/schemas/Cat"}],
        "discriminator": {"propertyName": "kind"},
    });
    assert_eq!(samples(&pet, &cat("Cat")), [json!({"kind": "Cat"})]);
    assert_eq!(samples(&pet, &cat("cat")), Vec::<Value>::new());
}

#[test]
fn far_within_a_schema_an_alternative_that_another_admits_too_is_passed_over() {
    let either = json!({"oneOf": [{"type": "number"}, {"type": "integer"}, {"type": "boolean"}]});
    let deep = (0..10).fold(
        either,
        |held, _| json!({"type": "object", "required": ["held"], "properties": {"held": held}}),
    );
    assert!(!samples(&deep, &json!({})).is_empty());
}

#[test]
fn a_list_that_says_what_stands_where_has_it_there() {
    let places = json!([{"type": "integer", "enum": [1, 2]}, {"type": "string", "enum": ["a"]}]);
    let found = |schema: Value| samples(&schema, &json!({}));
    assert_eq!(
        found(json!({"type": "array", "prefixItems": places, "minItems": 2, "maxItems": 2})),
        [json!([1, "a"]), json!([2, "a"])]
    );
    let rest = json!({"prefixItems": places, "items": {"type": "boolean"}, "minItems": 3, "type": "array"});
    assert_eq!(found(rest), [json!([1, "a", true]), json!([2, "a", false])]);
    assert_eq!(found(json!({"type": "array", "prefixItems": places, "maxItems": 2}))[2], json!([]));
}

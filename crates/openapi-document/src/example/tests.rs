use serde_json::{Value, json};

use super::{of, of_request};

fn example(schema: &Value) -> Value {
    of(&json!({}), schema)
}

#[test]
fn scalars_are_what_pages_print() {
    let cases = [
        (json!({"type": "string"}), json!("string")),
        (json!({"type": "string", "format": "uuid"}), json!("3fa85f64-5717-4562-b3fc-2c963f66afa6")),
        (json!({"type": "string", "format": "date-time"}), json!("2024-07-29T15:51:28.071Z")),
        (json!({"type": "string", "format": "date"}), json!("2024-07-29")),
        (json!({"type": "string", "format": "email"}), json!("user@example.com")),
        (json!({"type": "string", "format": "uri"}), json!("https://example.com")),
        (json!({"type": "string", "format": "binary"}), json!("string")),
        (json!({"type": "string", "format": "of its own"}), json!("string")),
        (json!({"type": "string", "default": "other", "nullable": true}), json!("string")),
        (json!({"type": "string", "example": "other"}), json!("other")),
        (json!({"type": "string", "enum": ["b", "a"]}), json!("b")),
        (json!({"type": "string", "nullable": true, "enum": [null, "a"]}), json!("a")),
        (json!({"type": "boolean", "default": false}), json!(true)),
        (json!({"type": "integer"}), json!(0)),
        (json!({"type": "number"}), json!(0)),
    ];
    for (schema, expected) in cases {
        assert_eq!(example(&schema), expected, "{schema}");
    }
}

#[test]
fn bounds_are_respected() {
    let cases = [
        (json!({"type": "string", "minLength": 8}), json!("stringst")),
        (json!({"type": "string", "maxLength": 3}), json!("str")),
        (json!({"type": "integer", "minimum": 5}), json!(5)),
        (json!({"type": "integer", "exclusiveMinimum": 5}), json!(6)),
        (json!({"type": "integer", "minimum": -5}), json!(0)),
        (json!({"type": "integer", "maximum": -5}), json!(-5)),
        (json!({"type": "integer", "minimum": 5, "multipleOf": 4}), json!(8)),
        (json!({"type": "integer", "minimum": 1.5}), json!(2)),
        (json!({"type": "integer", "minimum": i64::MAX}), json!(i64::MAX)),
        (json!({"type": "number", "minimum": 0.5}), json!(0.5)),
        (json!({"type": "number", "exclusiveMinimum": 0}), json!(1)),
        (json!({"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1}), json!(0.5)),
        (json!({"type": "array", "minItems": 2, "items": {"type": "integer"}}), json!([0, 0])),
        (
            json!({"type": "array", "minItems": 3, "uniqueItems": true, "items": {"type": "integer"}}),
            json!([0, 1, 2]),
        ),
        (json!({"type": "array", "maxItems": 0, "items": {"type": "integer"}}), json!([])),
    ];
    for (schema, expected) in cases {
        assert_eq!(example(&schema), expected, "{schema}");
    }
}

#[test]
fn objects_have_every_property_in_order_and_nothing_else() {
    let schema = json!({
        "type": "object",
        "required": ["any"],
        "properties": {"b": {"type": "string"}, "a": {"type": "array", "items": {"type": "string"}}, "any": {}, "open": {}},
        "additionalProperties": {},
    });
    assert_eq!(example(&schema).to_string(), r#"{"b":"string","a":["string"],"any":"string"}"#);
}

#[test]
fn properties_of_the_other_direction_are_left_out() {
    let schema = json!({"properties": {"in": {"type": "string", "writeOnly": true}, "out": {"type": "string", "readOnly": true}}});
    assert_eq!(example(&schema), json!({"out": "string"}));
    assert_eq!(of_request(&json!({}), &schema), json!({"in": "string"}));
}

#[test]
fn parts_of_an_all_of_are_merged() {
    let root = json!({"components": {"schemas": {
        "Kind": {"type": "string", "enum": ["cat", "dog"]},
        "Base": {"type": "object", "required": ["id"], "properties": {"id": {"type": "integer"}, "name": {"type": "string"}}},
        "Pet": {"allOf": [
            {"$ref": "#/components/schemas/Base"},
            {"type": "object", "properties": {"name": {"minLength": 7}, "kind": {"allOf": [{"$ref": "#/components/schemas/Kind"}], "nullable": true}}},
        ]},
    }}});
    let example = of(&root, &json!({"$ref": "#/components/schemas/Pet"}));
    assert_eq!(example.to_string(), r#"{"id":0,"name":"strings","kind":"cat"}"#);
}

#[test]
fn the_first_alternative_stands_for_all_and_says_which_it_is() {
    let root = json!({"components": {"schemas": {
        "Cat": {"type": "object", "properties": {"component": {"type": "string"}, "lives": {"type": "integer"}}},
        "Dog": {"type": "object", "properties": {"component": {"type": "string"}}},
    }}});
    let mut schema =
        json!({"oneOf": [{"$ref": "#/components/schemas/Cat"}, {"$ref": "#/components/schemas/Dog"}]});
    assert_eq!(of(&root, &schema), json!({"component": "string", "lives": 0}));
    schema["discriminator"] =
        json!({"propertyName": "component", "mapping": {"the-cat": "#/components/schemas/Cat"}});
    assert_eq!(of(&root, &schema), json!({"component": "the-cat", "lives": 0}));
}

#[test]
fn a_schema_inside_itself_ends() {
    let node = json!({"$ref": "#/components/schemas/Node"});
    let root = |schema: Value| json!({"components": {"schemas": {"Node": schema}}});
    let list = root(json!({"required": ["id", "children"], "properties": {
        "id": {"type": "string"}, "children": {"type": "array", "items": node}, "parent": node,
    }}));
    assert_eq!(of(&list, &node), json!({"id": "string", "children": []}));
    let nullable =
        root(json!({"required": ["next"], "properties": {"next": {"allOf": [node], "nullable": true}}}));
    assert_eq!(of(&nullable, &node), json!({"next": null}));
    let endless = root(json!({"required": ["next"], "properties": {"next": node}}));
    assert_eq!(of(&endless, &node), json!("string"));
    let choice =
        root(json!({"oneOf": [{"type": "array", "minItems": 1, "items": node}, {"type": "integer"}]}));
    assert_eq!(of(&choice, &node), json!(0));
}

#[test]
fn schemas_that_multiply_stay_small() {
    let mut schemas = serde_json::Map::new();
    for level in 0..60 {
        let next = json!({"$ref": format!("#/components/schemas/S{}", level + 1)});
        schemas.insert(format!("S{level}"), json!({"properties": {"a": next, "b": next}}));
    }
    schemas.insert("S60".into(), json!({"type": "string"}));
    let root = json!({"components": {"schemas": schemas}});
    let example = of(&root, &json!({"$ref": "#/components/schemas/S0"}));
    assert!(example.is_object() && example.to_string().len() < 1_000_000);
}

#![allow(clippy::needless_pass_by_value, reason = "the values are written in place")]

use super::*;
use openapi_document::samples::Direction;
use serde_json::{Value, json};

fn within(old: &Value, new: &Value, direction: Direction) -> Answer {
    let alike = |one: &Value, other: &Value| one == other && !one.to_string().contains("$ref");
    let (old, new) = (Schema::new(old, old), Schema::new(new, new));
    Question::new(direction, &mut Memo::default(), &alike).is_within(old, new)
}

/// Checks whether requests of the first schema are valid by the second.
fn check(old: Value, new: Value, expected: Answer) {
    assert_eq!(within(&old, &new, Direction::Request), expected, "{old} → {new}");
}

fn same(one: Value, other: Value) {
    check(one.clone(), other.clone(), Answer::Yes);
    check(other, one, Answer::Yes);
}

fn wider(one: Value, other: Value) {
    check(one.clone(), other.clone(), Answer::Yes);
    check(other, one, Answer::No);
}

fn unlike(one: Value, other: Value) {
    check(one.clone(), other.clone(), Answer::No);
    check(other, one, Answer::No);
}

#[test]
fn forms_of_one_schema_are_the_same() {
    let object = json!({"type": "object", "properties": {"a": {"type": "string"}, "b": {"type": "integer"}}, "required": ["a"]});
    let parts = json!({"allOf": [
        {"type": "object", "properties": {"b": {"type": "integer"}}},
        {"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"]},
    ]});
    same(object.clone(), parts);
    same(object.clone(), json!({"anyOf": [object]}));
    same(json!({"enum": ["a", "b"]}), json!({"oneOf": [{"enum": ["b"]}, {"enum": ["a"]}]}));
    same(
        json!({"type": "string", "nullable": true}),
        json!({"anyOf": [{"type": "string"}, {"enum": [null]}]}),
    );
    same(json!({"type": "integer", "minimum": 1}), json!({"type": "integer", "exclusiveMinimum": 0}));
    same(
        json!({"type": "integer", "format": "int32"}),
        json!({"type": "integer", "format": "int32", "minimum": -3_000_000_000_i64}),
    );
    same(json!({"type": "boolean"}), json!({"enum": [true, false]}));
    same(json!({"type": "string"}), json!({"type": "string", "minLength": 0, "pattern": ".*"}));
    same(json!({"type": "string", "not": {"type": "integer"}}), json!({"type": "string"}));
    let kinds = |words: &[&str]| json!({"type": "object", "properties": {"kind": {"enum": words}}, "required": ["kind"]});
    same(kinds(&["a", "b"]), json!({"oneOf": [kinds(&["a"]), kinds(&["b"])]}));
}

#[test]
fn a_schema_lies_within_a_wider_one() {
    wider(json!({"type": "integer"}), json!({"type": "number"}));
    wider(json!({"type": "string", "maxLength": 3}), json!({"type": "string", "maxLength": 4}));
    wider(json!({"type": "string", "not": {"enum": ["no"]}}), json!({"type": "string"}));
    wider(json!({"enum": ["a"]}), json!({"enum": ["a", "b"]}));
    wider(json!({"type": "string"}), json!({"anyOf": [{"type": "string"}, {"type": "integer"}]}));
    wider(
        json!({"type": "array", "items": {"type": "integer"}}),
        json!({"type": "array", "items": {"type": "number"}}),
    );
    wider(
        json!({"type": "object", "properties": {"a": {}}, "additionalProperties": false}),
        json!({"type": "object", "properties": {"a": {}}}),
    );
    wider(
        json!({"type": "object", "additionalProperties": {"type": "integer"}}),
        json!({"type": "object", "additionalProperties": {"type": "number"}}),
    );
    wider(
        json!({"type": "object", "properties": {"a": {}, "b": {}}, "dependentRequired": {"a": ["b"]}}),
        json!({"type": "object", "properties": {"a": {}, "b": {}}}),
    );
    wider(json!({"not": {}}), json!({"type": "string"}));
}

#[test]
fn a_sender_sends_what_it_declares() {
    let object = |more: Value| {
        let mut object = json!({"type": "object", "properties": {"a": {"type": "string"}}});
        object.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        object
    };
    let with_b = |more: Value| {
        let mut object = object(more);
        object["properties"]["b"] = json!({"type": "integer"});
        object
    };
    wider(object(json!({})), with_b(json!({})));
    wider(object(json!({"additionalProperties": false})), with_b(json!({"additionalProperties": false})));
    // What is not named was typed otherwise.
    let typed = json!({"additionalProperties": {"type": "string"}});
    check(object(typed.clone()), with_b(typed.clone()), Answer::No);
    check(with_b(typed.clone()), object(typed), Answer::No);
    unlike(object(json!({})), json!({"type": "object", "properties": {"a": {"type": "integer"}}}));
    // An answer of a closed object gains a property.
    let closed = json!({"additionalProperties": false});
    assert_eq!(within(&with_b(closed.clone()), &object(closed), Direction::Response), Answer::No);
    assert_eq!(within(&with_b(json!({})), &object(json!({})), Direction::Response), Answer::Yes);
    assert_eq!(within(&object(json!({})), &with_b(json!({})), Direction::Response), Answer::No);
}

#[test]
fn exactly_one_is_less_than_any() {
    let part = |name: &str| json!({"type": "object", "properties": {name: {"type": "string"}}});
    let (a, b) = (part("a"), part("b"));
    let (any, one) = (json!({"anyOf": [a, b]}), json!({"oneOf": [a, b]}));
    wider(one.clone(), any);
    check(a, one, Answer::No);
}

#[test]
fn conditions_are_compared_by_what_they_admit() {
    let condition = |then: Value| {
        json!({
            "type": "object", "properties": {"a": {"type": "string"}, "b": {"type": "string"}},
            "if": {"required": ["a"]}, "then": then,
        })
    };
    let (loose, strict) = (condition(json!({})), condition(json!({"required": ["b"]})));
    same(strict.clone(), strict.clone());
    wider(strict, loose);
    let tree = |leaf: &str| json!({"type": "object", "properties": {"leaf": {"type": leaf}}});
    let named = |leaf: &str| json!({"type": "object", "patternProperties": {"^x-": tree(leaf)}});
    unlike(named("string"), named("integer"));
    same(named("string"), named("string"));
}

#[test]
fn what_is_not_evaluated_is_what_no_part_speaks_of() {
    let closed = |part: Value| json!({"allOf": [part], "unevaluatedProperties": false});
    let named = |pattern: &str| json!({"patternProperties": {pattern: {"type": "string"}}});
    let both = json!({"properties": {"b": {}}, "patternProperties": {"^x-": {"type": "string"}}});
    wider(closed(named("^x-")), closed(both));
    wider(closed(json!({"properties": {"a": {}}})), json!({"properties": {"a": {}}}));
    let open = json!({"properties": {"a": {}}, "additionalProperties": true});
    same(closed(open.clone()), open);
    let list = |first: Value| json!({"type": "array", "prefixItems": first, "unevaluatedItems": false});
    wider(list(json!([{"type": "string"}])), list(json!([{"type": "string"}, {}])));
    let listed = json!({"type": "array", "items": {"type": "string"}});
    same(json!({"allOf": [listed], "unevaluatedItems": false}), listed);
}

#[test]
fn a_name_that_a_pattern_typed_keeps_its_type() {
    let object = |properties: Value| json!({"patternProperties": {"^b": {"type": "string"}}, "properties": properties});
    unlike(
        json!({"patternProperties": {"^b": {"type": "string"}}}),
        json!({"patternProperties": {"^b": {"type": "integer"}}}),
    );
    check(object(json!({})), object(json!({"bar": {"type": "integer"}})), Answer::No);
    check(object(json!({})), object(json!({"bar": {"type": "string"}})), Answer::Yes);
}

#[test]
fn few_numbers_are_compared_one_by_one() {
    same(json!({"type": "integer", "minimum": 0, "maximum": 2}), json!({"enum": [2, 0, 1]}));
    wider(
        json!({"type": "integer", "minimum": 1, "maximum": 9, "multipleOf": 4}),
        json!({"enum": [4, 8, 12]}),
    );
    same(json!({"type": "string", "maxLength": 0}), json!({"enum": [""]}));
    let both = json!({"allOf": [{"type": "integer", "multipleOf": 2}, {"multipleOf": 3}]});
    same(both, json!({"type": "integer", "multipleOf": 6}));
    let multiple = |of: i64| json!({"type": "integer", "multipleOf": of});
    unlike(multiple(9_007_199_254_740_993), multiple(9_007_199_254_740_992));
    unlike(json!({"enum": [9_007_199_254_740_993_i64]}), json!({"enum": [9_007_199_254_740_992_i64]}));
}

#[test]
fn keywords_that_admit_all_say_nothing() {
    let list = |more: Value| {
        let mut list = json!({"type": "array", "items": {"type": "string"}});
        list.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        list
    };
    let object = |more: Value| {
        let mut object = json!({"type": "object", "properties": {"a": {}, "b": {}}, "required": ["b"]});
        object.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        object
    };
    for nothing in [
        json!({"propertyNames": {"type": "string"}}),
        json!({"dependentRequired": {"a": []}}),
        json!({"dependentRequired": {"a": ["b"]}}),
        json!({"dependentSchemas": {"a": true}}),
        json!({"if": {"required": ["a"]}}),
        json!({"if": {"required": ["a"]}, "then": {"type": "object"}, "else": {"type": "object"}}),
    ] {
        same(object(json!({})), object(nothing));
    }
    let closed = |more: Value| {
        let mut closed = object(more);
        closed["additionalProperties"] = json!(false);
        closed
    };
    same(closed(json!({})), closed(json!({"propertyNames": {"maxLength": 1}})));
    for nothing in [json!({"contains": {"maxLength": 1}, "minContains": 0}), json!({"maxContains": 1})] {
        same(list(json!({})), list(nothing));
    }
    let contains = |most: u64| list(json!({"contains": {"maxLength": most}}));
    wider(contains(1), contains(2));
    same(contains(1), list(json!({"contains": {"maxLength": 1}, "minContains": 1})));
    wider(contains(1), list(json!({"contains": {"maxLength": 1}, "minContains": 0})));
    wider(list(json!({"minItems": 1})), list(json!({"contains": {"type": "string"}, "minContains": 0})));
    same(list(json!({"minItems": 1})), list(json!({"contains": {"type": "string"}})));
    let most = |kind: u64, count: u64| list(json!({"contains": {"maxLength": kind}, "maxContains": count}));
    wider(most(1, 2), most(1, 3));
    check(most(1, 2), most(2, 2), Answer::No);
    same(json!({"type": "array", "items": {"not": {}}}), json!({"type": "array", "maxItems": 0}));
    same(
        json!({"patternProperties": {".*": {"type": "string"}}}),
        json!({"additionalProperties": {"type": "string"}}),
    );
}

#[test]
fn recursive_schemas_are_compared() {
    let tree = |leaf: &str| {
        json!({"components": {"schemas": {"T": {
            "type": "object",
            "properties": {"leaf": {"type": leaf}, "children": {"type": "array", "items": {"$ref": "#/components/schemas/T"}}},
        }}}})
    };
    let (old, new) = (tree("integer"), tree("number"));
    let schema = |root| Schema::new(root, &root["components"]["schemas"]["T"]);
    let alike = |_: &Value, _: &Value| false;
    let ask =
        |one, other| Question::new(Direction::Request, &mut Memo::default(), &alike).is_within(one, other);
    assert_eq!(ask(schema(&old), schema(&new)), Answer::Yes);
    assert_eq!(ask(schema(&new), schema(&old)), Answer::No);
}

#[test]
fn enumerated_objects_and_lists_are_held_to_every_keyword() {
    for (values, schema) in [
        (json!([{"x-a": 1}]), json!({"patternProperties": {"^x-": {"type": "string"}}})),
        (json!([[1, "a"]]), json!({"prefixItems": [{"type": "string"}]})),
        (json!([{"a": 1}]), json!({"dependentRequired": {"a": ["b"]}})),
        (json!([{"a": 1}]), json!({"dependentSchemas": {"a": {"required": ["b"]}}})),
        (json!([[1]]), json!({"contains": {"type": "string"}})),
        (json!([{"long": 1}]), json!({"propertyNames": {"maxLength": 1}})),
    ] {
        check(json!({"enum": values}), schema, Answer::No);
    }
}

#[test]
fn objects_that_need_many_of_themselves_are_compared_once() {
    let names = ["a", "b", "c", "d", "e", "f"];
    let itself = json!({"$ref": "#/components/schemas/Node"});
    let properties: serde_json::Map<String, Value> =
        names.iter().map(|name| ((*name).to_owned(), itself.clone())).collect();
    let node = json!({"type": "object", "properties": properties, "required": names});
    let root = json!({"components": {"schemas": {"Node": node}}});
    let mut less = node;
    less["maxProperties"] = json!(9);
    let (old, new) = (Schema::new(&root, &itself), Schema::new(&root, &less));
    let alike = |one: &Value, other: &Value| std::ptr::eq(one, other);
    let answer = Question::new(Direction::Request, &mut Memo::default(), &alike).is_within(old, new);
    assert_ne!(answer, Answer::Yes);
}

#[test]
fn what_does_not_match_a_schema_is_known() {
    let text = |not: Value| json!({"type": "string", "not": not});
    same(text(json!({"maxLength": 3})), json!({"type": "string", "minLength": 4}));
    same(
        text(json!({"anyOf": [{"enum": ["a"]}, {"enum": ["b"]}]})),
        json!({"type": "string", "not": {"enum": ["b", "a"]}}),
    );
    same(text(json!({"type": "integer"})), json!({"type": "string"}));
    same(text(text(json!({"pattern": "^a"}))), json!({"type": "string", "pattern": "^a"}));
    same(
        json!({"anyOf": [{"type": "string"}, {"type": "integer"}], "not": {"type": "integer"}}),
        json!({"type": "string"}),
    );
    wider(text(json!({"pattern": "^a"})), text(json!({"pattern": "^ab"})));
    wider(json!({"not": {"minimum": 5}}), json!({"not": {"minimum": 9}}));
    let kind = |more: Value| {
        let mut object =
            json!({"type": "object", "properties": {"a": {"enum": ["x", "y"]}, "b": {}}, "required": ["a"]});
        object.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        object
    };
    let x = json!({"properties": {"a": {"enum": ["x"]}}, "required": ["a"]});
    wider(kind(json!({"not": x})), kind(json!({})));
    same(
        kind(json!({"if": x, "then": {"required": ["b"]}})),
        kind(json!({"anyOf": [{"properties": {"a": {"enum": ["y"]}}}, {"required": ["b"]}]})),
    );
}

#[test]
fn several_alternatives_cover_values_together() {
    let any = |parts: Value| json!({"anyOf": parts});
    same(
        json!({"type": "integer"}),
        any(json!([{"type": "integer", "maximum": 4}, {"type": "integer", "minimum": 5}])),
    );
    check(
        json!({"type": "number"}),
        any(json!([{"type": "number", "maximum": 4}, {"type": "number", "minimum": 5}])),
        Answer::No,
    );
    let list = |more: Value| {
        let mut list = json!({"type": "array", "items": {"type": "string"}});
        list.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        list
    };
    same(list(json!({})), any(json!([list(json!({"maxItems": 4})), list(json!({"minItems": 5}))])));
    let text = |pattern: &str| json!({"type": "string", "pattern": pattern});
    same(text("^[ab]$"), any(json!([text("^a$"), text("^b$")])));
    check(text("^[abc]$"), any(json!([text("^a$"), text("^b$")])), Answer::No);
    let flag = |flag: Value| json!({"type": "object", "properties": {"a": flag}, "required": ["a"]});
    same(
        flag(json!({"type": "boolean"})),
        any(json!([flag(json!({"enum": [true]})), flag(json!({"enum": [false]}))])),
    );
}

#[test]
fn patterns_of_names_are_compared_by_what_they_match() {
    let named = |pattern: &str, kind: &str, rest: bool| json!({"patternProperties": {pattern: {"type": kind}}, "additionalProperties": rest});
    same(named("^x-", "string", false), named("^x-.*$", "string", false));
    wider(named("^x-a", "string", false), named("^x-", "string", false));
    // What lies within a pattern, and what crosses it, was typed otherwise.
    check(named("^x-", "string", false), named("^x-a", "integer", true), Answer::No);
    check(named("^x", "string", false), named("a$", "integer", true), Answer::No);
    check(named("^x$", "string", false), named("^a$", "integer", true), Answer::Yes);
    let matching =
        |schema: Value| json!({"additionalProperties": {"type": "string"}, "propertyNames": schema});
    same(matching(json!({"pattern": "^[0-9]+$"})), matching(json!({"type": "string", "pattern": r"^\d+$"})));
}

#[test]
fn a_part_that_is_too_large_hides_no_other() {
    let object = |kinds: &[&str], x: Value| json!({"type": "object", "properties": {"kind": {"enum": kinds}, "x": x}, "required": ["kind"]});
    let large: Vec<Value> = (0..300).map(|most| json!({"type": "string", "maxLength": most})).collect();
    let sent = object(&["a", "b"], json!({"type": "string"}));
    let read = |other: &str| json!({"anyOf": [object(&["a"], json!({"anyOf": large})), object(&["b"], json!({"type": other}))]});
    check(sent.clone(), read("string"), Answer::Unknown);
    check(sent, read("integer"), Answer::No);
}

#[test]
fn what_takes_too_much_is_not_decided_and_spoils_no_other_question() {
    // Every text takes some looking at, and all of them together too much.
    let text = |first: usize, last: &str| json!({"type": "string", "pattern": format!("^(a|b|{first})*a(a|b){{9}}{last}$")});
    let object = |last: &str| {
        let properties: serde_json::Map<String, Value> =
            (0..300).map(|name| (format!("p{name:03}"), text(name, last))).collect();
        json!({"type": "object", "properties": properties})
    };
    let (old, new) = (object(""), object("(a|b)?"));
    let alike = |one: &Value, other: &Value| one == other;
    let mut memo = Memo::default();
    let whole = |schema| Schema::new(schema, schema);
    let mut ask = |old, new| Question::new(Direction::Request, &mut memo, &alike).is_within(old, new);
    assert_eq!(ask(whole(&old), whole(&new)), Answer::Unknown);
    let last = |root| Schema::new(root, &root["properties"]["p299"]);
    assert_eq!(ask(last(&old), last(&new)), Answer::Yes);
    // What an alternative leaves to the others is asked so often.
    let either = |most: i64| json!({"anyOf": [{"type": "integer", "maximum": most}, {"type": "integer", "minimum": most + 1}]});
    let numbers = |schema: &dyn Fn(i64) -> Value| {
        let properties: serde_json::Map<String, Value> =
            (0..300).map(|name| (format!("p{name:03}"), schema(name))).collect();
        json!({"type": "object", "properties": properties})
    };
    let (old, new) = (numbers(&|_| json!({"type": "integer"})), numbers(&either));
    assert_eq!(ask(whole(&old), whole(&new)), Answer::Unknown);
    assert_eq!(ask(last(&old), last(&new)), Answer::Yes);
}

#[test]
fn so_many_patterns_of_names_are_compared() {
    let named = |count: u64, kind: &str| {
        let patterns: serde_json::Map<String, Value> =
            (0..count).map(|name| (format!("n{name}"), json!({"type": kind}))).collect();
        json!({"patternProperties": patterns})
    };
    check(named(9, "integer"), named(9, "number"), Answer::Yes);
    check(named(9, "number"), named(9, "integer"), Answer::No);
    check(named(2_000, "integer"), named(2_000, "number"), Answer::Unknown);
    check(named(140, "integer"), named(140, "number"), Answer::Unknown);
}

#[test]
fn whether_alternatives_of_very_many_properties_cover_values_together_is_not_decided() {
    let object = |count: u64, flag: Value| {
        let names = (0..count).map(|name| (format!("n{name}"), json!({"type": "string"})));
        let properties: serde_json::Map<String, Value> = names.chain([("a".to_owned(), flag)]).collect();
        json!({"type": "object", "properties": properties, "required": ["a"]})
    };
    for (count, expected) in [(9, Answer::Yes), (300, Answer::Unknown)] {
        let either = [true, false].map(|flag| object(count, json!({"enum": [flag]})));
        assert_eq!(
            within(&object(count, json!({"type": "boolean"})), &json!({"anyOf": either}), Direction::Request),
            expected
        );
    }
}

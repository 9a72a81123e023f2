//! Mutations of schemas.

use super::*;

fn visible(property: &Edited) -> bool {
    !property.contains_key("readOnly") && !property.contains_key("writeOnly")
}

fn toggle_required(object: &mut Edited, required: bool) -> bool {
    let names: Vec<Value> = object.get("required").and_then(Value::as_array).cloned().unwrap_or_default();
    let Some(properties) = map(object, "properties") else { return false };
    let shown = |value: &Value| value.as_object().is_some_and(visible);
    let found =
        properties.iter().find(|(name, value)| names.contains(&json!(name)) != required && shown(value));
    let Some(name) = found.map(|(name, _)| json!(name)) else { return false };
    if required {
        return push(object, "required", name);
    }
    list(object, "required").is_some_and(|names| {
        names.retain(|known| *known != name);
        true
    })
}

/// Edits the first property that `which` accepts.
fn edit_property(object: &mut Edited, which: fn(&Edited) -> bool, edit: fn(&mut Edited) -> bool) -> bool {
    let properties = map(object, "properties").into_iter().flat_map(|properties| properties.values_mut());
    properties.filter_map(Value::as_object_mut).find(|property| which(property)).is_some_and(edit)
}

fn is_object_of_type(value: &Value, kind: &str) -> bool {
    value.as_object().is_some_and(|schema| is(schema, "type", kind))
}

fn in_place(property: &Edited) -> bool {
    !property.contains_key("$ref")
}

/// Returns `true` if the last of several parts that all hold is one that `which` accepts.
fn ends_all_of(object: &mut Edited, which: fn(&Edited) -> bool) -> bool {
    let parts = list(object, "allOf").filter(|parts| parts.len() > 1);
    parts.and_then(|parts| parts.last()?.as_object()).is_some_and(which)
}

fn rename_component(object: &mut Edited) -> bool {
    edit_property(
        object,
        |p| is(p, "$ref", "#/components/schemas/Kind"),
        |p| change(p, "$ref", json!("#/components/schemas/OtherKind")),
    )
}

pub(super) static SCHEMAS: &[Mutation] = &[
    on("schema", &TYPE_CHANGED, |o| is(o, "type", "boolean") && change(o, "type", json!("string"))),
    on("schema", &TYPE_CHANGED, |o| !o.contains_key("enum") && change(o, "type", json!("boolean")))
        .also(&[&ENCODING_CHANGED]),
    on("schema", &TYPE_NARROWED, |o| is(o, "type", "number") && change(o, "type", json!("integer"))),
    on("schema", &TYPE_NARROWED, |o| o.is_empty() && add(o, "type", json!("string"))),
    on("schema", &TYPE_WIDENED, |o| is(o, "type", "integer") && change(o, "type", json!("number"))),
    on("schema", &TYPE_WIDENED, |o| simple(o) && remove(o, "type")),
    on("schema", &FORMAT_CHANGED, |o| is(o, "type", "string") && change(o, "format", json!("email")))
        .also(&[&ENCODING_CHANGED]),
    on("schema", &FORMAT_NARROWED, |o| o.contains_key("type") && add(o, "format", json!("brand-new"))),
    on("schema", &FORMAT_NARROWED, |o| is(o, "format", "double") && change(o, "format", json!("float"))),
    on("schema", &FORMAT_WIDENED, |o| remove(o, "format")).also(&[&ENCODING_CHANGED]),
    on("schema", &FORMAT_WIDENED, |o| is(o, "format", "int32") && change(o, "format", json!("int64"))),
    on("schema", &BECAME_NULLABLE, |o| raise_flag(o, "nullable")),
    on("schema", &BECAME_NOT_NULLABLE, |o| lower_flag(o, "nullable")),
    on("schema", &ENUM_ADDED, |o| is_plain_text(o) && add(o, "enum", json!(["a", "b"]))),
    on("schema", &ENUM_REMOVED, |o| remove(o, "enum")),
    on("schema", &ENUM_VALUE_ADDED, |o| o.contains_key("enum") && push(o, "enum", json!("brand-new"))),
    on("schema", &ENUM_VALUE_REMOVED, |o| pop(o, "enum")),
    on("schema", &MAX_LENGTH_LOWERED, |o| shift(o, "maxLength", -1)),
    on("schema", &MAX_LENGTH_LOWERED, |o| is_plain_text(o) && add(o, "maxLength", json!(9))),
    on("schema", &FORMAT_HINT_CHANGED, |o| is_plain_text(o) && add(o, "format", json!("password"))),
    on("schema", &MAX_LENGTH_RAISED, |o| shift(o, "maxLength", 1)),
    on("schema", &MAX_LENGTH_RAISED, |o| remove(o, "maxLength")),
    on("schema", &MIN_LENGTH_RAISED, |o| shift(o, "minLength", 1)),
    on("schema", &MIN_LENGTH_RAISED, |o| is_plain_text(o) && add(o, "minLength", json!(1))),
    on("schema", &MIN_LENGTH_LOWERED, |o| shift(o, "minLength", -1)),
    on("schema", &MIN_LENGTH_LOWERED, |o| remove(o, "minLength")),
    on("schema", &MAX_ITEMS_LOWERED, |o| shift(o, "maxItems", -1)),
    on("schema", &MAX_ITEMS_LOWERED, |o| is(o, "type", "array") && add(o, "maxItems", json!(9))),
    on("schema", &MAX_ITEMS_RAISED, |o| shift(o, "maxItems", 1)),
    on("schema", &MAX_ITEMS_RAISED, |o| remove(o, "maxItems")),
    on("schema", &MIN_ITEMS_RAISED, |o| shift(o, "minItems", 1)),
    on("schema", &MIN_ITEMS_RAISED, |o| is(o, "type", "array") && add(o, "minItems", json!(1))),
    on("schema", &MIN_ITEMS_LOWERED, |o| remove(o, "minItems")),
    on("schema", &MAX_PROPERTIES_LOWERED, |o| shift(o, "maxProperties", -1)),
    on("schema", &MAX_PROPERTIES_LOWERED, |o| is(o, "type", "object") && add(o, "maxProperties", json!(99))),
    on("schema", &MAX_PROPERTIES_RAISED, |o| shift(o, "maxProperties", 1)),
    on("schema", &MIN_PROPERTIES_RAISED, |o| is(o, "type", "object") && add(o, "minProperties", json!(1))),
    on("schema", &MIN_PROPERTIES_LOWERED, |o| remove(o, "minProperties")),
    on("schema", &MAXIMUM_LOWERED, |o| shift(o, "maximum", -1)),
    on("schema", &MAXIMUM_LOWERED, |o| {
        is(o, "type", "integer") && !o.contains_key("exclusiveMaximum") && add(o, "maximum", json!(9))
    }),
    on("schema", &MAXIMUM_RAISED, |o| shift(o, "maximum", 1)),
    on("schema", &MAXIMUM_RAISED, |o| remove(o, "maximum")),
    on("schema", &MAXIMUM_EXCLUDED, |o| rename(o, "maximum", "exclusiveMaximum")),
    on("schema", &MAXIMUM_INCLUDED, |o| rename(o, "exclusiveMaximum", "maximum")),
    on("schema", &MINIMUM_RAISED, |o| shift(o, "minimum", 1)),
    on("schema", &MINIMUM_RAISED, |o| {
        is(o, "type", "integer") && !o.contains_key("exclusiveMinimum") && add(o, "minimum", json!(0))
    }),
    on("schema", &MINIMUM_LOWERED, |o| shift(o, "minimum", -1)),
    on("schema", &MINIMUM_LOWERED, |o| remove(o, "minimum")),
    on("schema", &MINIMUM_EXCLUDED, |o| rename(o, "minimum", "exclusiveMinimum")),
    on("schema", &MINIMUM_INCLUDED, |o| rename(o, "exclusiveMinimum", "minimum")),
    on("schema", &MULTIPLE_OF_NARROWED, |o| is(o, "type", "integer") && add(o, "multipleOf", json!(2))),
    on("schema", &MULTIPLE_OF_NARROWED, |o| {
        o.contains_key("multipleOf") && change(o, "multipleOf", json!(12))
    }),
    on("schema", &MULTIPLE_OF_WIDENED, |o| remove(o, "multipleOf")),
    on("schema", &MULTIPLE_OF_WIDENED, |o| {
        o.get("multipleOf") == Some(&json!(6)) && change(o, "multipleOf", json!(3))
    }),
    on("schema", &MULTIPLE_OF_CHANGED, |o| {
        o.get("multipleOf") == Some(&json!(6)) && change(o, "multipleOf", json!(4))
    }),
    on("schema", &UNIQUE_ITEMS_ADDED, |o| is(o, "type", "array") && raise_flag(o, "uniqueItems")),
    on("schema", &UNIQUE_ITEMS_REMOVED, |o| lower_flag(o, "uniqueItems")),
    on("schema", &PATTERN_ADDED, |o| is_plain_text(o) && add(o, "pattern", json!("^a$"))),
    on("schema", &PATTERN_REMOVED, |o| remove(o, "pattern")),
    on("schema", &PATTERN_EXCLUDES, |o| change(o, "pattern", json!("^!{3}$"))),
    on("schema", &PATTERN_CHANGED, |o| {
        let same =
            o.get("pattern").and_then(Value::as_str).map(|pattern| json!(format!("{pattern}|^a(?=!)")));
        same.is_some_and(|same| change(o, "pattern", same))
    }),
    on("schema", &PROPERTY_ADDED_OPTIONAL, |o| {
        o.contains_key("properties") && put(o, "properties", "brand_new", json!({"type": "string"}))
    })
    .also(&[&VALUES_NOT_COVERED]),
    on("schema", &PROPERTY_ADDED_REQUIRED, |o| {
        o.contains_key("properties")
            && put(o, "properties", "brand_new", json!({"type": "string"}))
            && push(o, "required", json!("brand_new"))
    })
    .also(&[&VALUES_NOT_COVERED]),
    on("schema", &REQUIRED_PROPERTY_REMOVED, |o| take_property(o, true)),
    on("schema", &OPTIONAL_PROPERTY_REMOVED, |o| take_property(o, false)).also(&[&VALUES_NOT_COVERED]),
    on("schema", &PROPERTY_BECAME_REQUIRED, |o| toggle_required(o, true)),
    on("schema", &PROPERTY_BECAME_REQUIRED, |o| {
        o.contains_key("allOf") && push(o, "required", json!("brand_new"))
    }),
    on("schema", &PROPERTY_BECAME_OPTIONAL, |o| toggle_required(o, false)),
    on("schema", &BECAME_READ_ONLY, |o| {
        edit_property(o, |p| visible(p) && in_place(p), |p| raise_flag(p, "readOnly"))
    }),
    on("schema", &BECAME_WRITABLE, |o| {
        edit_property(o, |p| p.contains_key("readOnly"), |p| lower_flag(p, "readOnly"))
    })
    .also(&[&PROPERTY_BECAME_REQUIRED]),
    on("schema", &BECAME_WRITE_ONLY, |o| {
        edit_property(o, |p| visible(p) && in_place(p), |p| raise_flag(p, "writeOnly"))
    }),
    on("schema", &BECAME_READABLE, |o| {
        edit_property(o, |p| p.contains_key("writeOnly"), |p| lower_flag(p, "writeOnly"))
    })
    .also(&[&PROPERTY_BECAME_REQUIRED]),
    on("schema", &HIDDEN_PROPERTY_CHANGED, |o| {
        edit_property(
            o,
            |p| p.contains_key("readOnly"),
            |p| is(p, "type", "integer") && change(p, "format", json!("int64")),
        )
    })
    .also(&[&FORMAT_WIDENED]),
    on("schema", &HIDDEN_PROPERTY_CHANGED, |o| {
        edit_property(o, |p| p.contains_key("writeOnly"), |p| add(p, "maxLength", json!(9)))
    })
    .also(&[&MAX_LENGTH_LOWERED]),
    on("schema", &HIDDEN_PROPERTY_CHANGED, |o| {
        is(o, "title", "A thing")
            && put(o, "properties", "brand_new", json!({"type": "string", "readOnly": true}))
    })
    .also(&[&PROPERTY_ADDED_OPTIONAL]),
    on("schema", &DEFAULT_ADDED, |o| is_plain_text(o) && add(o, "default", json!("brand-new"))),
    on("schema", &DEFAULT_REMOVED, |o| remove(o, "default")),
    on("schema", &DEFAULT_CHANGED, |o| change(o, "default", json!("another"))),
    on("schema", &SCHEMA_DEPRECATED, |o| raise_flag(o, "deprecated")),
    on("schema", &SCHEMA_RESTORED, |o| lower_flag(o, "deprecated")),
    on("schema", &ADDITIONAL_CLOSED, |o| {
        is(o, "type", "object")
            && o.get("additionalProperties") != Some(&json!(false))
            && o.insert("additionalProperties".into(), json!(false)) != Some(json!(false))
    }),
    on("schema", &ADDITIONAL_OPENED, |o| {
        o.get("additionalProperties") == Some(&json!(false)) && remove(o, "additionalProperties")
    }),
    on("schema", &ADDITIONAL_TYPED, |o| {
        is(o, "type", "object") && add(o, "additionalProperties", json!({"type": "boolean"}))
    }),
    on("schema", &ADDITIONAL_UNTYPED, |o| {
        o.get("additionalProperties").is_some_and(|schema| schema.get("type").is_some())
            && change(o, "additionalProperties", json!(true))
    }),
    on("schema", &ADDITIONAL_DECLARED, |o| {
        is(o, "type", "object") && add(o, "additionalProperties", json!({}))
    }),
    on("schema", &ADDITIONAL_DECLARED, |o| {
        o.get("additionalProperties") == Some(&json!(true)) && remove(o, "additionalProperties")
    }),
    on("schema", &ALL_OF_ADDED, |o| {
        o.contains_key("allOf") && push(o, "allOf", json!({"required": ["brand_new"]}))
    }),
    on("schema", &ALL_OF_REMOVED, |o| {
        ends_all_of(o, |last| !last.contains_key("properties") && in_place(last)) && pop(o, "allOf")
    }),
    on("schema", &VALUES_PARTLY_COVERED, |o| {
        ends_all_of(o, |last| last.contains_key("properties")) && pop(o, "allOf")
    })
    .also(&[&ALL_OF_REMOVED]),
    on("schema", &ALTERNATIVE_ADDED, |o| {
        o.contains_key("oneOf") && push(o, "oneOf", json!({"type": "boolean"}))
    }),
    on("schema", &ALTERNATIVE_ADDED, |o| {
        o.contains_key("anyOf") && push(o, "anyOf", json!({"type": "boolean"}))
    }),
    on("schema", &ALTERNATIVE_REMOVED, |o| pop(o, "oneOf") || pop(o, "anyOf")),
    on("schema", &VALUES_NOT_COVERED, |o| {
        o.get("additionalProperties").is_some_and(|rest| is_object_of_type(rest, "string"))
            && put(o, "properties", "brand_new", json!({"type": "boolean"}))
    })
    .also(&[&PROPERTY_ADDED_OPTIONAL]),
    on("schema", &VALUES_NOT_COVERED, |o| {
        o.get("additionalProperties") == Some(&json!(false))
            && put(o, "properties", "brand_new", json!({"type": "boolean"}))
    })
    .also(&[&PROPERTY_ADDED_OPTIONAL]),
    on("schema", &SCHEMA_REWRITTEN, |o| {
        is(o, "type", "object") && o.contains_key("required") && {
            let whole = Value::Object(std::mem::take(o));
            add(o, "allOf", json!([whole, {"type": "object"}]))
        }
    })
    .also(&[
        &DESCRIPTION_CHANGED,
        &EXAMPLE_CHANGED,
        &EXTERNAL_DOCS_CHANGED,
        &EXTENSION_CHANGED,
        &HINT_CHANGED,
    ]),
    on("schema", &CONSTRAINT_WITHOUT_EFFECT, |o| is(o, "format", "uuid") && add(o, "maxLength", json!(36))),
    on("schema", &XML_HINT_CHANGED, |o| add(o, "xml", json!({"prefix": "p"}))),
    on("schema", &ALTERNATIVES_CHANGED, |o| simple(o) && add(o, "oneOf", json!([{"type": "string"}]))),
    on("schema", &ALTERNATIVES_CHANGED, |o| remove(o, "oneOf")),
    on("schema", &NOT_CHANGED, |o| change(o, "not", json!({"type": "boolean"}))),
    on("schema", &NOT_CHANGED, |o| is_plain_text(o) && add(o, "not", json!({"enum": ["abc"]})))
        .also(&[&SCHEMA_REWRITTEN]),
    on("schema", &CONDITION_CHANGED, |o| {
        is_plain_text(o) && add(o, "if", json!({"minLength": 7})) && add(o, "then", json!({"maxLength": 8}))
    })
    .also(&[&SCHEMA_REWRITTEN]),
    on("schema", &CONDITION_CHANGED, |o| simple(o) && add(o, "minContains", json!(1))),
    on("schema", &CONDITION_CHANGED, |o| remove(o, "propertyNames")),
    on("schema", &DISCRIMINATOR_ADDED, |o| {
        o.contains_key("anyOf") && add(o, "discriminator", json!({"propertyName": "form"}))
    }),
    on("schema", &DISCRIMINATOR_REMOVED, |o| remove(o, "discriminator")),
    on("discriminator", &DISCRIMINATOR_CHANGED, |o| change(o, "propertyName", json!("outline"))),
    on("discriminator", &MAPPING_ADDED, |o| put(o, "mapping", "new", json!("#/components/schemas/Circle"))),
    on("discriminator", &MAPPING_REMOVED, |o| take_first(o, "mapping")),
    on("discriminator", &MAPPING_CHANGED, |o| {
        map(o, "mapping").is_some_and(|all| change(all, "circle", json!("#/components/schemas/Square")))
    }),
    on("schema", &SCHEMA_RENAMED, rename_component),
    on("schema", &SCHEMA_PLACED, |o| {
        edit_property(
            o,
            |p| is(p, "$ref", "#/components/schemas/Kind"),
            |p| {
                p.clear();
                add(p, "type", json!("string")) && add(p, "enum", json!(["big", "small"]))
            },
        )
    }),
    on("schema", &XML_CHANGED, |o| remove(o, "xml")),
    on("schema", &X_INTEGER_CHANGED, |o| {
        is(o, "type", "number") && !o.contains_key("x-integer") && add(o, "x-integer", json!(true))
    }),
    on("schema", &X_INTEGER_CHANGED, |o| remove(o, "x-integer")),
];

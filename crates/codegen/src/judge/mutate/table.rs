//! The table of mutations, in the order of the catalogue.

use super::*;

fn is_operation(value: &Value) -> bool {
    value.get("operationId").is_some()
}

fn is_failure(status: &str) -> bool {
    status.starts_with(['4', '5'])
}

fn take_answer(answers: &mut Edited, which: fn(&str) -> bool) -> bool {
    let Some(status) = answers.keys().find(|status| which(status)).cloned() else { return false };
    remove(answers, &status)
}

fn is_success(status: &str) -> bool {
    status.starts_with('2')
}

fn visible(property: &Edited) -> bool {
    !property.contains_key("readOnly") && !property.contains_key("writeOnly")
}

/// Whether a schema stands by itself: others can have anything put beside them that means nothing there.
fn simple(schema: &Edited) -> bool {
    ["allOf", "oneOf", "anyOf", "not"].iter().all(|key| !schema.contains_key(*key))
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

fn in_place(property: &Edited) -> bool {
    !property.contains_key("$ref")
}

fn rename_component(object: &mut Edited) -> bool {
    edit_property(
        object,
        |p| is(p, "$ref", "#/components/schemas/Kind"),
        |p| change(p, "$ref", json!("#/components/schemas/OtherKind")),
    )
}

fn new_operation() -> Value {
    json!({"operationId": "brand_new", "responses": {"204": {"description": ""}}})
}

fn security_with(operation: &mut Edited, edit: fn(&mut Vec<Value>) -> bool) -> bool {
    list(operation, "security").is_some_and(edit)
}

fn scopes_of(requirements: &mut [Value]) -> Option<&mut Vec<Value>> {
    requirements.iter_mut().find_map(|requirement| requirement.get_mut("oauth")).and_then(Value::as_array_mut)
}

/// Every mutation.
pub(in crate::judge) static MUTATIONS: &[Mutation] = &[
    on("paths", &PATH_REMOVED, |o| {
        let path = o.keys().find(|path| path.starts_with('/')).cloned();
        path.is_some_and(|path| remove(o, &path))
    }),
    on("paths", &PATH_VARIABLE_RENAMED, |o| {
        let Some(path) = o.keys().find(|path| path.contains('{')).cloned() else { return false };
        let Some(item) = o.shift_remove(&path) else { return false };
        let text = item.to_string().replace("\"#/components/parameters/SourceSlug\"", "\"#\"");
        let Ok(item) = serde_json::from_str(&text.replace("\"thing_id\"", "\"renamed\"")) else {
            return false;
        };
        let variable = path.split(['{', '}']).nth(1).unwrap_or_default();
        variable == "thing_id" && o.insert(path.replace(variable, "renamed"), item).is_none()
    }),
    on("paths", &OPERATION_ADDED, |o| add(o, "/brand/new/", json!({"post": new_operation()}))),
    on("path item", &OPERATION_ADDED, |o| add(o, "trace", new_operation())),
    on("path item", &OPERATION_REMOVED, |o| {
        let method = o.iter().find(|(_, value)| is_operation(value)).map(|(method, _)| method.clone());
        method.is_some_and(|method| remove(o, &method))
    }),
    on("operation", &OPERATION_ID_CHANGED, |o| change(o, "operationId", json!("brand_new"))),
    on("operation", &OPERATION_TAGS_CHANGED, |o| push(o, "tags", json!("brand-new"))),
    on("operation", &OPERATION_TAGS_CHANGED, |o| pop(o, "tags")),
    on("operation", &OPERATION_DEPRECATED, |o| raise_flag(o, "deprecated")),
    on("operation", &OPERATION_RESTORED, |o| lower_flag(o, "deprecated")),
    on("operation", &CALLBACK_ADDED, |o| {
        put(o, "callbacks", "new", json!({"/cb": {"post": new_operation()}}))
    }),
    on("operation", &CALLBACK_REMOVED, |o| remove(o, "callbacks")),
    on("operation", &CALLBACK_CHANGED, |o| {
        map(o, "callbacks").and_then(|all| all.values_mut().next()).is_some_and(|callback| {
            callback["{$request.body#/url}"]["post"]["responses"]["200"]["description"] = json!("another");
            true
        })
    }),
    on("OpenAPI", &SERVER_ADDED, |o| push(o, "servers", json!({"url": "https://new.example.com"}))),
    on("operation", &SERVER_ADDED, |o| {
        o.contains_key("servers") && push(o, "servers", json!({"url": "/new"}))
    }),
    on("OpenAPI", &SERVER_REMOVED, |o| {
        list(o, "servers").is_some_and(|servers| servers.len() > 1) && pop(o, "servers")
    }),
    on("operation", &SERVER_REMOVED, |o| pop(o, "servers")),
    on("OpenAPI", &SERVER_REMOVED, |o| {
        list(o, "servers").is_some_and(|all| {
            all[0]["url"] = json!("/elsewhere");
            true
        })
    })
    .also(&[&SERVER_ADDED]),
    on("OpenAPI", &SERVER_ORDER_CHANGED, |o| {
        list(o, "servers").filter(|servers| servers.len() > 1).is_some_and(|servers| {
            servers.reverse();
            true
        })
    }),
    on("operation", &SERVER_ORDER_CHANGED, |o| {
        list(o, "servers").filter(|servers| servers.len() > 1).is_some_and(|servers| {
            servers.reverse();
            true
        })
    }),
    on("server", &SERVER_VARIABLES_CHANGED, |o| {
        map(o, "variables")
            .and_then(|all| map(all, "place"))
            .is_some_and(|v| change(v, "default", json!("us")))
    }),
    on("server", &SERVER_VARIABLES_CHANGED, |o| remove(o, "variables")),
    on("operation", &PARAMETER_ADDED_OPTIONAL, |o| {
        push(o, "parameters", json!({"name": "brand_new", "in": "query", "schema": {"type": "string"}}))
    }),
    on("path item", &PARAMETER_ADDED_OPTIONAL, |o| {
        push(o, "parameters", json!({"name": "brand_new", "in": "query", "schema": {"type": "string"}}))
    }),
    on("operation", &PARAMETER_ADDED_REQUIRED, |o| {
        let parameter =
            json!({"name": "brand_new", "in": "query", "required": true, "schema": {"type": "string"}});
        push(o, "parameters", parameter)
    }),
    on("operation", &PARAMETER_REMOVED, |o| pop_where(o, "parameters", |_| true)),
    on("operation", &PARAMETER_MOVED, |o| {
        let mut all = list(o, "parameters").into_iter().flatten().filter_map(Value::as_object_mut);
        let moved = |p: &mut Edited| {
            !is(p, "in", "path") && !is(p, "in", "header") && change(p, "in", json!("header"))
        };
        all.any(moved)
    }),
    on("parameter", &PARAMETER_BECAME_REQUIRED, |o| raise_flag(o, "required")),
    on("parameter", &PARAMETER_BECAME_OPTIONAL, |o| !is(o, "in", "path") && lower_flag(o, "required")),
    on("parameter", &PARAMETER_STYLE_CHANGED, |o| {
        !is(o, "style", "spaceDelimited")
            && is(o, "in", "query")
            && o.insert("style".into(), json!("spaceDelimited")).is_none_or(|s| s != "x")
    }),
    on("parameter", &PARAMETER_STYLE_CHANGED, |o| {
        is(o, "in", "query") && !o.contains_key("style") && add(o, "explode", json!(false))
    }),
    on("parameter", &PARAMETER_RESERVED_CHANGED, |o| raise_flag(o, "allowReserved")),
    on("parameter", &PARAMETER_RESERVED_CHANGED, |o| lower_flag(o, "allowReserved")),
    on("parameter", &PARAMETER_EMPTY_ALLOWED, |o| raise_flag(o, "allowEmptyValue")),
    on("parameter", &PARAMETER_EMPTY_FORBIDDEN, |o| lower_flag(o, "allowEmptyValue")),
    on("parameter", &PARAMETER_DEPRECATED, |o| raise_flag(o, "deprecated")),
    on("parameter", &PARAMETER_RESTORED, |o| lower_flag(o, "deprecated")),
    on("parameter", &PARAMETER_CONTENT_CHANGED, |o| {
        let Some(schema) = o.shift_remove("schema") else { return false };
        add(o, "content", json!({"application/json": {"schema": schema}}))
    }),
    on("parameter", &PARAMETER_CONTENT_CHANGED, |o| {
        let Some(content) = map(o, "content") else { return false };
        content.shift_remove("application/json").is_some_and(|media| add(content, "application/xml", media))
    }),
    on("operation", &REQUEST_BODY_ADDED_OPTIONAL, |o| {
        add(o, "requestBody", json!({"content": {"application/json": {"schema": {"type": "object"}}}}))
    }),
    on("operation", &REQUEST_BODY_ADDED_REQUIRED, |o| {
        let content = json!({"application/json": {"schema": {"type": "object"}}});
        add(o, "requestBody", json!({"required": true, "content": content}))
    }),
    on("operation", &REQUEST_BODY_REMOVED, |o| remove(o, "requestBody")),
    on("request body", &REQUEST_BODY_BECAME_REQUIRED, |o| raise_flag(o, "required")),
    on("request body", &REQUEST_BODY_BECAME_OPTIONAL, |o| lower_flag(o, "required")),
    on("request body", &REQUEST_CONTENT_TYPE_ADDED, |o| put(o, "content", "text/plain", json!({}))),
    on("request body", &REQUEST_CONTENT_TYPE_REMOVED, |o| take_first(o, "content")),
    on("media type", &ENCODING_CHANGED, |o| add(o, "encoding", json!({"x": {"contentType": "text/plain"}}))),
    on("media type", &ENCODING_CHANGED, |o| remove(o, "encoding")),
    on("responses", &SUCCESS_ADDED, |o| add(o, "206", json!({"description": ""}))),
    on("responses", &SUCCESS_REMOVED, |o| take_answer(o, is_success)),
    on("responses", &FAILURE_ADDED, |o| add(o, "429", json!({"description": ""}))),
    on("responses", &FAILURE_REMOVED, |o| take_answer(o, is_failure)),
    on("response", &ANSWER_BODY_ADDED, |o| {
        add(o, "content", json!({"application/json": {"schema": {"type": "string"}}}))
    }),
    on("response", &ANSWER_BODY_REMOVED, |o| remove(o, "content")),
    on("response", &ANSWER_CONTENT_TYPE_ADDED, |o| {
        o.contains_key("content") && put(o, "content", "text/plain", json!({}))
    }),
    on("response", &ANSWER_CONTENT_TYPE_REMOVED, |o| {
        map(o, "content").is_some_and(|content| content.len() > 1) && take_first(o, "content")
    }),
    on("response", &HEADER_ADDED, |o| put(o, "headers", "X-New", json!({"schema": {"type": "string"}}))),
    on("response", &HEADER_REMOVED, |o| take_first(o, "headers")),
    on("header", &HEADER_BECAME_REQUIRED, |o| raise_flag(o, "required")),
    on("header", &HEADER_BECAME_OPTIONAL, |o| lower_flag(o, "required")),
    on("header", &HEADER_CHANGED, |o| add(o, "explode", json!(true))),
    on("header", &HEADER_CHANGED, |o| lower_flag(o, "deprecated")),
    on("response", &LINKS_CHANGED, |o| add(o, "links", json!({"next": {"operationId": "x"}}))),
    on("response", &LINKS_CHANGED, |o| remove(o, "links")),
    on("schema", &TYPE_CHANGED, |o| is(o, "type", "boolean") && change(o, "type", json!("string"))),
    on("schema", &TYPE_CHANGED, |o| change(o, "type", json!("boolean"))),
    on("schema", &TYPE_NARROWED, |o| is(o, "type", "number") && change(o, "type", json!("integer"))),
    on("schema", &TYPE_NARROWED, |o| o.is_empty() && add(o, "type", json!("string"))),
    on("schema", &TYPE_WIDENED, |o| is(o, "type", "integer") && change(o, "type", json!("number"))),
    on("schema", &TYPE_WIDENED, |o| simple(o) && remove(o, "type")),
    on("schema", &FORMAT_CHANGED, |o| is(o, "type", "string") && change(o, "format", json!("email"))),
    on("schema", &FORMAT_NARROWED, |o| o.contains_key("type") && add(o, "format", json!("brand-new"))),
    on("schema", &FORMAT_NARROWED, |o| is(o, "format", "double") && change(o, "format", json!("float"))),
    on("schema", &FORMAT_WIDENED, |o| remove(o, "format")),
    on("schema", &FORMAT_WIDENED, |o| is(o, "format", "int32") && change(o, "format", json!("int64"))),
    on("schema", &BECAME_NULLABLE, |o| raise_flag(o, "nullable")),
    on("schema", &BECAME_NOT_NULLABLE, |o| lower_flag(o, "nullable")),
    on("schema", &ENUM_ADDED, |o| is_plain_text(o) && add(o, "enum", json!(["a", "b"]))),
    on("schema", &ENUM_REMOVED, |o| remove(o, "enum")),
    on("schema", &ENUM_VALUE_ADDED, |o| o.contains_key("enum") && push(o, "enum", json!("brand-new"))),
    on("schema", &ENUM_VALUE_REMOVED, |o| pop(o, "enum")),
    on("schema", &MAX_LENGTH_LOWERED, |o| shift(o, "maxLength", -1)),
    on("schema", &MAX_LENGTH_LOWERED, |o| is_plain_text(o) && add(o, "maxLength", json!(9))),
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
    on("schema", &MAXIMUM_LOWERED, |o| is(o, "type", "integer") && add(o, "maximum", json!(9))),
    on("schema", &MAXIMUM_RAISED, |o| shift(o, "maximum", 1)),
    on("schema", &MAXIMUM_RAISED, |o| remove(o, "maximum")),
    on("schema", &MAXIMUM_EXCLUDED, |o| o.contains_key("maximum") && raise_flag(o, "exclusiveMaximum")),
    on("schema", &MAXIMUM_INCLUDED, |o| lower_flag(o, "exclusiveMaximum")),
    on("schema", &MINIMUM_RAISED, |o| shift(o, "minimum", 1)),
    on("schema", &MINIMUM_RAISED, |o| is(o, "type", "integer") && add(o, "minimum", json!(0))),
    on("schema", &MINIMUM_LOWERED, |o| shift(o, "minimum", -1)),
    on("schema", &MINIMUM_LOWERED, |o| remove(o, "minimum")),
    on("schema", &MINIMUM_EXCLUDED, |o| o.contains_key("minimum") && raise_flag(o, "exclusiveMinimum")),
    on("schema", &MINIMUM_INCLUDED, |o| lower_flag(o, "exclusiveMinimum")),
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
    on("schema", &PATTERN_CHANGED, |o| change(o, "pattern", json!("^another$"))),
    on("schema", &PROPERTY_ADDED_OPTIONAL, |o| {
        o.contains_key("properties") && put(o, "properties", "brand_new", json!({"type": "string"}))
    }),
    on("schema", &PROPERTY_ADDED_REQUIRED, |o| {
        o.contains_key("properties")
            && put(o, "properties", "brand_new", json!({"type": "string"}))
            && push(o, "required", json!("brand_new"))
    }),
    on("schema", &REQUIRED_PROPERTY_REMOVED, |o| take_property(o, true)),
    on("schema", &OPTIONAL_PROPERTY_REMOVED, |o| take_property(o, false)),
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
        o.contains_key("allOf") && push(o, "allOf", json!({"type": "object", "title": "Brand new"}))
    }),
    on("schema", &ALL_OF_REMOVED, |o| list(o, "allOf").is_some_and(|all| all.len() > 1) && pop(o, "allOf")),
    on("schema", &ALTERNATIVE_ADDED, |o| {
        o.contains_key("oneOf") && push(o, "oneOf", json!({"type": "boolean"}))
    }),
    on("schema", &ALTERNATIVE_ADDED, |o| {
        o.contains_key("anyOf") && push(o, "anyOf", json!({"type": "boolean"}))
    }),
    on("schema", &ALTERNATIVE_REMOVED, |o| pop(o, "oneOf") || pop(o, "anyOf")),
    on("schema", &ALTERNATIVES_CHANGED, |o| simple(o) && add(o, "oneOf", json!([{"type": "string"}]))),
    on("schema", &ALTERNATIVES_CHANGED, |o| remove(o, "oneOf")),
    on("schema", &NOT_CHANGED, |o| change(o, "not", json!({"type": "boolean"}))),
    on("schema", &NOT_CHANGED, |o| simple(o) && add(o, "not", json!({"type": "boolean"}))),
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
    on("schema", &XML_CHANGED, |o| add(o, "xml", json!({"name": "another"}))),
    on("schema", &XML_CHANGED, |o| remove(o, "xml")),
    on("schema", &X_INTEGER_CHANGED, |o| {
        is(o, "type", "number") && !o.contains_key("x-integer") && add(o, "x-integer", json!(true))
    }),
    on("schema", &X_INTEGER_CHANGED, |o| remove(o, "x-integer")),
    on("operation", &ANONYMOUS_ALLOWED, |o| {
        security_with(o, |all| {
            let closed = !all.contains(&json!({}));
            all.push(json!({}));
            closed
        })
    }),
    on("operation", &ANONYMOUS_FORBIDDEN, |o| {
        pop_where(o, "security", |requirement| *requirement == json!({}))
    }),
    on("operation", &ANONYMOUS_FORBIDDEN, |o| {
        o.get("security") == Some(&json!([])) && change(o, "security", json!([{"token": []}]))
    })
    .also(&[&SECURITY_ALTERNATIVE_ADDED]),
    on("operation", &SECURITY_ALTERNATIVE_ADDED, |o| {
        security_with(o, |all| {
            all.push(json!({"key": []}));
            true
        })
    }),
    on("OpenAPI", &SECURITY_ALTERNATIVE_ADDED, |o| {
        o.contains_key("security") && push(o, "security", json!({"key": []}))
    }),
    on("operation", &SECURITY_ALTERNATIVE_REMOVED, |o| {
        security_with(o, |all| all.len() > 1 && all.pop().is_some_and(|taken| taken != json!({})))
    }),
    on("OpenAPI", &SECURITY_ALTERNATIVE_REMOVED, |o| pop(o, "security")),
    on("operation", &SECURITY_SCOPE_ADDED, |o| {
        security_with(o, |all| {
            scopes_of(all).is_some_and(|scopes| {
                scopes.push(json!("new"));
                true
            })
        })
    }),
    on("operation", &SECURITY_SCOPE_REMOVED, |o| {
        security_with(o, |all| scopes_of(all).is_some_and(|scopes| scopes.pop().is_some()))
    }),
    on("security scheme", &SECURITY_SCHEME_CHANGED, |o| change(o, "scheme", json!("basic"))),
    on("security scheme", &SECURITY_SCHEME_CHANGED, |o| change(o, "name", json!("X-Other"))),
    on("security scheme", &SECURITY_SCHEME_CHANGED, |o| change(o, "in", json!("query"))),
    on("OAuth flow", &OAUTH_FLOW_CHANGED, |o| {
        change(o, "authorizationUrl", json!("https://example.com/new"))
    }),
    on("OAuth flows", &OAUTH_FLOW_CHANGED, |o| remove(o, "implicit")),
    on("OAuth flows", &OAUTH_FLOW_CHANGED, |o| {
        add(o, "password", json!({"tokenUrl": "https://example.com/t", "scopes": {}}))
    }),
    on("OAuth flow", &OAUTH_SCOPE_OFFERED, |o| put(o, "scopes", "new", json!("New."))),
    on("OAuth flow", &OAUTH_SCOPE_WITHDRAWN, |o| take_first(o, "scopes")),
    on("security scheme", &BEARER_FORMAT_CHANGED, |o| change(o, "bearerFormat", json!("another"))),
    on("info", &INFO_CHANGED, |o| change(o, "title", json!("another"))),
    on("info", &INFO_CHANGED, |o| change(o, "version", json!("another"))),
    on("info", &INFO_CHANGED, |o| add(o, "license", json!({"name": "another"}))),
    on("OpenAPI", &TAGS_CHANGED, |o| push(o, "tags", json!({"name": "brand-new"}))),
    on("tag", &TAGS_CHANGED, |o| {
        o.insert("description".into(), json!("another")).is_none_or(|old| old != "another")
    }),
    on("operation", &DESCRIPTION_CHANGED, |o| {
        o.insert("description".into(), json!("another")).is_none_or(|d| d != "another")
    }),
    on("operation", &DESCRIPTION_CHANGED, |o| add(o, "summary", json!("another"))),
    on("schema", &DESCRIPTION_CHANGED, |o| {
        o.insert("title".into(), json!("another")).is_none_or(|d| d != "another")
    }),
    on("schema", &DESCRIPTION_CHANGED, |o| remove(o, "description")),
    on("response", &DESCRIPTION_CHANGED, |o| change(o, "description", json!("another"))),
    on("info", &DESCRIPTION_CHANGED, |o| change(o, "description", json!("another"))),
    on("OAuth flow", &DESCRIPTION_CHANGED, |o| {
        map(o, "scopes").is_some_and(|s| change(s, "read", json!("another")))
    }),
    on("schema", &EXAMPLE_CHANGED, |o| {
        o.insert("example".into(), json!("another")).is_none_or(|e| e != "another")
    }),
    on("parameter", &EXAMPLE_CHANGED, |o| add(o, "example", json!("another"))),
    on("media type", &EXAMPLE_CHANGED, |o| {
        o.insert("example".into(), json!("another")).is_none_or(|e| e != "another")
    }),
    on("schema", &EXTERNAL_DOCS_CHANGED, |o| {
        add(o, "externalDocs", json!({"url": "https://example.com/new"}))
    }),
    on("operation", &EXTERNAL_DOCS_CHANGED, |o| {
        add(o, "externalDocs", json!({"url": "https://example.com/new"}))
    }),
    on("OpenAPI", &EXTERNAL_DOCS_CHANGED, |o| remove(o, "externalDocs")),
    on("schema", &EXTENSION_CHANGED, |o| add(o, "x-brand-new", json!("note"))),
    on("schema", &EXTENSION_CHANGED, |o| remove(o, "x-note")),
    on("operation", &EXTENSION_CHANGED, |o| change(o, "x-provenance", json!("another"))),
    on("OpenAPI", &EXTENSION_CHANGED, |o| add(o, "x-brand-new", json!("note"))),
    on("responses", &EXTENSION_CHANGED, |o| add(o, "x-brand-new", json!("note"))),
    on("response", &EXTENSION_CHANGED, |o| add(o, "x-brand-new", json!("note"))),
    on("schema", &HINT_CHANGED, |o| add(o, "x-references", json!("thing"))),
    on("schema", &HINT_CHANGED, |o| remove(o, "x-references")),
    on("operation", &HINT_CHANGED, |o| remove(o, "x-observed-responses")),
    on("parameter", &HINT_CHANGED, |o| change(o, "x-role", json!("another"))),
    on("media type", &HINT_CHANGED, |o| add(o, "x-unique", json!("thing"))),
    on("schema", &UNKNOWN_CHANGED, |o| simple(o) && add(o, "brandNew", json!(1))),
    on("operation", &UNKNOWN_CHANGED, |o| add(o, "brandNew", json!(1))),
    on("OpenAPI", &UNKNOWN_CHANGED, |o| add(o, "brandNew", json!(1))),
];

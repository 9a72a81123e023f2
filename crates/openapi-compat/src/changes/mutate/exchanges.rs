//! Mutations of operations and of what they exchange.

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

fn new_operation() -> Value {
    json!({"operationId": "brand_new", "responses": {"204": {"description": ""}}})
}

pub(super) static EXCHANGES: &[Mutation] = &[
    on("paths", &PATH_REMOVED, |o| {
        let path = o.keys().find(|path| path.starts_with('/')).cloned();
        path.is_some_and(|path| remove(o, &path))
    }),
    on("paths", &PATH_VARIABLE_RENAMED, |o| {
        let Some(item) = o.shift_remove("/things/{thing_id}/") else { return false };
        let renamed = serde_json::from_str(&item.to_string().replace("\"thing_id\"", "\"renamed\""));
        renamed.is_ok_and(|item| o.insert("/things/{renamed}/".to_owned(), item).is_none())
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
    on("OpenAPI", &SERVICE_TRAIT_CHANGED, |o| change(o, "x-service-traits", json!("tag")))
        .also(&[&EXTENSION_CHANGED]),
    on("operation", &OPERATION_DEPRECATED, |o| raise_flag(o, "deprecated")),
    on("operation", &OPERATION_RESTORED, |o| lower_flag(o, "deprecated")),
    on("operation", &CALLBACK_ADDED, |o| {
        put(o, "callbacks", "new", json!({"/cb": {"post": new_operation()}}))
    }),
    on("operation", &CALLBACK_REMOVED, |o| remove(o, "callbacks")),
    on("OpenAPI", &CALLBACK_ADDED, |o| put(o, "webhooks", "new", json!({"post": new_operation()}))),
    on("OpenAPI", &SERVER_ADDED, |o| push(o, "servers", json!({"url": "https://new.example.com"}))),
    on("operation", &SERVER_ADDED, |o| {
        o.contains_key("servers") && push(o, "servers", json!({"url": "/new"}))
    }),
    on("OpenAPI", &SERVER_ORDER_CHANGED, |o| {
        list(o, "servers").filter(|servers| !servers.is_empty()).is_some_and(|servers| {
            servers.insert(0, json!({"url": "https://new.example.com"}));
            true
        })
    })
    .also(&[&SERVER_ADDED]),
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
    on("OpenAPI", &SERVER_SPELT_DIFFERENTLY, |o| {
        list(o, "servers").is_some_and(|all| {
            let url = all[0]["url"].as_str().unwrap_or_default().to_owned();
            all[0]["url"] = json!(format!("{url}/"));
            true
        })
    }),
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
    on("server variable", &SERVER_VARIABLES_CHANGED, |o| pop(o, "enum")),
    on("server variable", &SERVER_VARIABLES_EXTENDED, |o| push(o, "enum", json!("asia"))),
    on("server variable", &SERVER_VARIABLES_EXTENDED, |o| remove(o, "enum")),
    on("OpenAPI", &SERVER_SPELT_DIFFERENTLY, |o| {
        list(o, "servers").and_then(|all| all.get_mut(1)).and_then(Value::as_object_mut).is_some_and(
            |server| {
                is(server, "url", "https://{place}.example.com/v1")
                    && change(server, "url", json!("HTTPS://{place}.Example.com:443/v1"))
            },
        )
    }),
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
        let is_list = o.get("schema").is_some_and(|schema| schema["type"] == "array");
        is_list && is(o, "in", "query") && !o.contains_key("style") && add(o, "explode", json!(false))
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
    on("media type", &ENCODING_CHANGED, |o| {
        o.contains_key("encoding") && put(o, "encoding", "file", json!({"contentType": "image/png"}))
    }),
    on("encoding", &ENCODING_CHANGED, |o| change(o, "contentType", json!("text/plain"))),
    on("encoding", &ENCODING_WIDENED, |o| {
        let headers = json!({"X-Note": {"schema": {"type": "string"}}});
        is(o, "contentType", "application/json") && add(o, "headers", headers)
    }),
    on("responses", &SUCCESS_ADDED, |o| add(o, "206", json!({"description": ""}))),
    on("responses", &SUCCESS_REMOVED, |o| take_answer(o, is_success)),
    on("responses", &FAILURE_ADDED, |o| {
        !o.contains_key("default") && add(o, "429", json!({"description": ""}))
    }),
    on("responses", &STATUS_SPECIFIED, |o| {
        o.contains_key("default") && add(o, "429", json!({"description": ""}))
    }),
    on("responses", &STATUS_GENERALISED, |o| rename(o, "202", "2XX")).also(&[&SUCCESS_ADDED]),
    on("response", &ANSWER_CONTENT_TYPE_NARROWED, |o| {
        map(o, "content").is_some_and(|content| rename(content, "*/*", "application/json"))
    }),
    on("responses", &FAILURE_REMOVED, |o| take_answer(o, is_failure)),
    on("response", &ANSWER_BODY_ADDED, |o| {
        add(o, "content", json!({"application/json": {"schema": {"type": "string"}}}))
    }),
    on("response", &ANSWER_BODY_REMOVED, |o| remove(o, "content")),
    on("response", &ANSWER_CONTENT_TYPE_ADDED, |o| {
        o.get("content").is_some_and(|content| content.get("*/*").is_none())
            && put(o, "content", "text/plain", json!({}))
    }),
    on("response", &ANSWER_CONTENT_TYPE_REMOVED, |o| {
        map(o, "content").is_some_and(|content| content.len() > 1) && take_first(o, "content")
    }),
    on("response", &HEADER_ADDED, |o| put(o, "headers", "X-New", json!({"schema": {"type": "string"}}))),
    on("response", &HEADER_REMOVED, |o| take_first(o, "headers")),
    on("header", &HEADER_BECAME_REQUIRED, |o| raise_flag(o, "required")),
    on("header", &HEADER_BECAME_OPTIONAL, |o| lower_flag(o, "required")),
    on("header", &HEADER_CHANGED, |o| {
        let Some(schema) = o.shift_remove("schema") else { return false };
        add(o, "content", json!({"application/json": {"schema": schema}}))
    }),
    on("header", &HEADER_CHANGED, |o| lower_flag(o, "deprecated")),
    on("response", &LINKS_CHANGED, |o| add(o, "links", json!({"next": {"operationId": "x"}}))),
    on("response", &LINKS_CHANGED, |o| remove(o, "links")),
];

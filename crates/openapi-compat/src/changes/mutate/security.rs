//! Mutates who may call an operation, and the descriptions, tags and examples.

use super::*;

fn security_with(operation: &mut Edited, edit: fn(&mut Vec<Value>) -> bool) -> bool {
    list(operation, "security").is_some_and(edit)
}

fn scopes_of(requirements: &mut [Value]) -> Option<&mut Vec<Value>> {
    requirements.iter_mut().find_map(|requirement| requirement.get_mut("oauth")).and_then(Value::as_array_mut)
}

pub(super) static SECURITY: &[Mutation] = &[
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
    on("schema", &HINT_CHANGED, |o| simple(o) && add(o, "x-secret", json!(true))),
    on("schema", &HINT_CHANGED, |o| remove(o, "x-computed")),
    on("schema", &SECRET_REVEALED, |o| remove(o, "x-secret")),
    on("operation", &HINT_CHANGED, |o| remove(o, "x-observed-responses")),
    on("parameter", &HINT_CHANGED, |o| change(o, "x-role", json!("another"))),
    on("media type", &HINT_CHANGED, |o| add(o, "x-unique", json!("thing"))),
    on("schema", &UNKNOWN_CHANGED, |o| simple(o) && add(o, "brandNew", json!(1))),
    on("operation", &UNKNOWN_CHANGED, |o| add(o, "brandNew", json!(1))),
    on("OpenAPI", &UNKNOWN_CHANGED, |o| add(o, "brandNew", json!(1))),
];

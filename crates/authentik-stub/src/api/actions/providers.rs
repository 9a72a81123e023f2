//! Providers: where their clients find them, and what they would tell about a user.

use std::sync::Arc;

use http::StatusCode;
use openapi_resources::reader::Reader;
use openapi_resources::row::Row;
use openapi_server_runtime::arguments::RequestBody;
use openapi_server_runtime::failure::Failure;
use openapi_wire::form::Field;
use serde_json::{Map, Value, json};

use super::expressions::{self, Names};
use super::kit::{self, Answered, Subject, by_key, caller, caller_row, refuse, text};
use super::{Action, outside, saml, tenants};
use crate::api::applications::application;
use crate::api::{Api, Context, access, request};

pub(super) const ACTIONS: &[(&str, Action)] = &[
    ("providers_oauth2_preview_user_retrieve", preview_oauth2),
    ("providers_oauth2_setup_urls_retrieve", setup_urls),
    ("providers_saml_import_metadata_create", import_metadata),
    ("providers_saml_metadata_retrieve", metadata),
    ("providers_saml_preview_user_retrieve", preview_saml),
];

/// The model of the mappings that make attributes of SAML.
const SAML_MAPPING: &str = "authentik_providers_saml.samlpropertymapping";

/// Returns who the provider says it is.
fn issuer(cx: &Context, provider: &Subject, application: Option<&str>) -> Value {
    match (provider.text("issuer_mode"), application) {
        ("global", _) => json!(format!("{}/", request::origin(cx))),
        (_, Some(slug)) => json!(format!("{}/application/o/{slug}/", request::origin(cx))),
        (_, None) => Value::Null,
    }
}

fn setup_urls(api: &Api, cx: &Context) -> Answered {
    let provider = Subject::of(api, cx)?;
    let reader = provider.reader();
    let slug = application(reader, &provider.row).map(|application| text(reader, application, "slug"));
    let below = |path: &str| format!("{}/application/o/{path}", request::origin(cx));
    let of_application = |end: &str| slug.map_or(Value::Null, |slug| json!(below(&format!("{slug}/{end}"))));
    let mut urls = kit::members(json!({
        "issuer": issuer(cx, &provider, slug),
        "authorize": below("authorize/"),
        "token": below("token/"),
        "user_info": below("userinfo/"),
        "provider_info": of_application(".well-known/openid-configuration"),
        "logout": of_application("end-session/"),
    }));
    if slug.is_some() {
        urls.insert("jwks".to_owned(), of_application("jwks/"));
    }
    kit::json(&urls)
}

/// Returns the user that a preview is for: the one of the query whom the caller may preview, or else the caller.
fn previewed<'a>(reader: Reader<'a>, cx: &Context) -> Result<&'a Arc<Row>, Failure> {
    let Some(wanted) = cx.query.last("for_user") else { return caller_row(reader, cx) };
    let key = openapi_django::server::python::int(wanted).and_then(|key| i64::try_from(key).ok());
    let key = json!(key.ok_or_else(|| refuse("for_user", "input must be numerical"))?);
    let user = by_key(reader, "authentik_core.user", &key);
    let caller = caller(cx)?;
    let user = user.filter(|user| kit::may(reader, caller, "authentik_core.preview_user", user));
    user.ok_or_else(|| refuse("for_user", "User not found"))
}

/// Returns the identifier of a user that nobody can guess the user from.
fn uid(provider: &Subject, user: &Row) -> Value {
    kit::uid(&provider.snapshot, user)
}

/// Returns the values of the property mappings of a provider, each with its row.
fn mapped<'a>(
    cx: &Context,
    provider: &'a Subject,
    user: &Row,
) -> Result<Vec<(&'a Arc<Row>, Value)>, Failure> {
    let (reader, context) = (provider.reader(), json!({}));
    let names = Names { reader, user: Some(user), context: Some(&context) };
    let keys = provider.value("property_mappings").as_array().into_iter().flatten();
    let mappings = keys.filter_map(|key| by_key(reader, "authentik_core.propertymapping", key));
    let values = mappings.map(|mapping| {
        let value = expressions::evaluate(text(reader, mapping, "expression"), &names);
        Ok((mapping, value.ok_or_else(|| outside::failure(cx))?))
    });
    values.collect()
}

fn preview_oauth2(api: &Api, cx: &Context) -> Answered {
    let provider = Subject::of(api, cx)?;
    let reader = provider.reader();
    let user = previewed(reader, cx)?;
    let slug = application(reader, &provider.row).map(|application| text(reader, application, "slug"));
    let subject = match provider.text("sub_mode") {
        "user_id" => json!(access::key(reader, user)),
        "user_uuid" => reader.value(user, "uuid").clone(),
        "user_email" => reader.value(user, "email").clone(),
        "user_username" => reader.value(user, "username").clone(),
        "user_upn" => match &reader.value(user, "attributes")["upn"] {
            Value::Null => uid(&provider, user),
            name => name.clone(),
        },
        _ => uid(&provider, user),
    };
    let now = reader.now();
    let mut claims = Map::new();
    let mut add = |name: &str, value: Value| claims.insert(name.to_owned(), value);
    let issuer = issuer(cx, &provider, slug);
    if !issuer.is_null() {
        add("iss", issuer);
    }
    add("sub", subject);
    add("aud", provider.value("client_id").clone());
    add("exp", json!(tenants::token_expiry(reader, now).timestamp()));
    add("iat", json!(now.timestamp()));
    add("auth_time", json!(now.timestamp()));
    add("acr", json!("goauthentik.io/providers/oauth2/default"));
    if provider.value("include_claims_in_id_token") == true {
        for (_, value) in mapped(cx, &provider, user)? {
            claims.extend(kit::members(value));
        }
    }
    kit::json(&json!({"preview": claims}))
}

fn preview_saml(api: &Api, cx: &Context) -> Answered {
    let provider = Subject::of(api, cx)?;
    let reader = provider.reader();
    let user = previewed(reader, cx)?;
    let mut mapped = mapped(cx, &provider, user)?;
    mapped.retain(|(mapping, value)| !value.is_null() && reader.model_name(mapping.model()) == SAML_MAPPING);
    mapped.sort_by_key(|(mapping, _)| text(reader, mapping, "saml_name"));
    let attribute = |(mapping, value): (&Arc<Row>, Value)| {
        let values = match value {
            Value::Array(items) => items,
            value => vec![value],
        };
        let values: Vec<String> = values.iter().map(openapi_django::server::python::str).collect();
        let mut attribute = kit::members(json!({"Value": values}));
        let friendly = text(reader, mapping, "friendly_name");
        if !friendly.is_empty() {
            attribute.insert("FriendlyName".to_owned(), json!(friendly));
        }
        attribute.insert("Name".to_owned(), reader.value(mapping, "saml_name").clone());
        Value::Object(attribute)
    };
    let attributes: Vec<Value> = mapped.into_iter().map(attribute).collect();
    let own = by_key(reader, "authentik_core.propertymapping", provider.value("name_id_mapping"));
    let name_id = match own {
        None => uid(&provider, user),
        Some(mapping) => {
            let context = json!({});
            let names = Names { reader, user: Some(user), context: Some(&context) };
            let value = expressions::evaluate(text(reader, mapping, "expression"), &names);
            match value.ok_or_else(|| outside::failure(cx))? {
                Value::Null => uid(&provider, user),
                value => json!(openapi_django::server::python::str(&value)),
            }
        }
    };
    kit::json(&json!({"preview": {"attributes": attributes, "nameID": name_id}}))
}

/// Answers with the metadata of a provider; with none, if it has no application.
fn metadata(api: &Api, cx: &Context) -> Answered {
    let provider = Subject::of(api, cx)?;
    let reader = provider.reader();
    let Some(application) = application(reader, &provider.row) else {
        return kit::json(&json!({"metadata": ""}));
    };
    let metadata = saml::identity_provider(
        &provider,
        &request::origin(cx),
        text(reader, application, "slug"),
        cx.query.last("force_binding"),
    );
    if cx.query.last("download").is_some() {
        let name = format!("{}_authentik_meta.xml", provider.text("name"));
        return Ok(kit::download(cx, "application/xml", &name, metadata));
    }
    kit::json(&json!({"metadata": metadata}))
}

/// Refuses a file that is no XML.
fn import_metadata(_: &Api, cx: &Context) -> Answered {
    if let RequestBody::Form(fields) = &cx.arguments.body
        && let Some((_, Field::File(file))) = fields.iter().find(|(name, _)| name == "file")
        && !file.content.trim_ascii_start().starts_with(b"<")
    {
        return Err(Failure::Body { status: StatusCode::BAD_REQUEST, value: json!(["Invalid XML Syntax"]) });
    }
    Err(outside::failure(cx))
}

//! Providers and what they issue.

use chrono::DateTime;
use openapi_resources::reader::Reader;
use openapi_resources::row::Row;
use serde_json::{Value, json};

use super::row::{Computed, seconds, text};
use super::sources::url;
use crate::api::actions::returned_keys;
use crate::api::applications::{application, served};

pub(super) const OWN: &[(&str, Computed)] = &[
    ("access_token_validity", |reader, row| json!(seconds(text(reader, row, "access_token_validity")))),
    ("authorizationcode.scope", scope),
    ("refreshtoken.scope", scope),
    ("id_token", |reader, row| {
        let token: Value = serde_json::from_str(text(reader, row, "_id_token")).unwrap_or_default();
        json!(serde_json::to_string_pretty(&token).unwrap_or_default().replace("  ", "    "))
    }),
];

pub(super) const COMPUTED: &[(&str, Computed)] = &[
    ("application_slug", |reader, row| json!(served(reader, row).map(|row| text(reader, row, "slug")))),
    ("oidc_configuration", |reader, row| oidc_configuration(reader, row)),
    ("scopes_to_request", scopes),
    ("authorizationcode.is_expired", is_expired),
    ("refreshtoken.is_expired", is_expired),
    ("url_download_metadata", |reader, row| {
        url(reader, &format!("/api/v3/providers/saml/{}/metadata/?download", reader.key(row)))
    }),
    ("url_sso_post", |reader, row| saml(reader, row, "sso/binding/post/")),
    ("url_sso_redirect", |reader, row| saml(reader, row, "sso/binding/redirect/")),
    ("url_sso_init", |reader, row| saml(reader, row, "sso/binding/init/")),
    ("url_slo_post", |reader, row| saml(reader, row, "slo/binding/post/")),
    ("url_slo_redirect", |reader, row| saml(reader, row, "slo/binding/redirect/")),
];

/// Returns an address of a provider, which it has only as part of an application.
fn saml(reader: Reader<'_>, row: &Row, path: &str) -> Value {
    match application(reader, row) {
        Some(application) => {
            url(reader, &format!("/application/saml/{}/{path}", text(reader, application, "slug")))
        }
        None => json!("-"),
    }
}

fn is_expired(reader: Reader<'_>, row: &Row) -> Value {
    let expires = DateTime::parse_from_rfc3339(text(reader, row, "expires"));
    json!(expires.is_ok_and(|at| at < reader.now()))
}

fn scope(reader: Reader<'_>, row: &Row) -> Value {
    json!(text(reader, row, "_scope").split_whitespace().collect::<Vec<_>>())
}

/// Returns the mappings of a provider, by the names of their scopes.
fn mappings<'a>(reader: Reader<'a>, row: &'a Row) -> Vec<(&'a str, &'a Row)> {
    let model = reader.model("authentik_providers_oauth2.scopemapping");
    let keys = reader.value(row, "property_mappings").as_array().into_iter().flatten();
    let rows = keys.filter_map(|key| reader.by_key(model?, key));
    let mut named: Vec<_> = rows.map(|row| (text(reader, row, "scope_name"), row.as_ref())).collect();
    named.sort_by_key(|(name, _)| *name);
    named
}

/// Returns the names of the claims that a provider issues: the usual ones, and those of its mappings.
fn claims(reader: Reader<'_>, row: &Row) -> Vec<String> {
    let usual = ["sub", "iss", "aud", "exp", "iat", "auth_time", "acr", "amr", "nonce"];
    let own = mappings(reader, row).into_iter();
    let own = own.flat_map(|(_, mapping)| returned_keys(text(reader, mapping, "expression")));
    usual.into_iter().map(str::to_owned).chain(own).collect()
}

/// Returns the names of the scopes that the mappings of a provider are for.
fn scopes(reader: Reader<'_>, row: &Row) -> Value {
    let mut names: Vec<&str> = mappings(reader, row).into_iter().map(|(name, _)| name).collect();
    if !names.contains(&"openid") {
        names.push("openid");
    }
    json!(names)
}

/// Returns what OpenID Connect discovery says of a provider.
pub(crate) fn oidc_configuration(reader: Reader<'_>, row: &Row) -> Value {
    let slug = application(reader, row).map_or("", |application| text(reader, application, "slug"));
    let at = |path: &str| url(reader, path);
    json!({
        "issuer": at(&format!("/application/o/{slug}/")),
        "authorization_endpoint": at("/application/o/authorize/"),
        "token_endpoint": at("/application/o/token/"),
        "userinfo_endpoint": at("/application/o/userinfo/"),
        "end_session_endpoint": at(&format!("/application/o/{slug}/end-session/")),
        "introspection_endpoint": at("/application/o/introspect/"),
        "revocation_endpoint": at("/application/o/revoke/"),
        "device_authorization_endpoint": at("/application/o/device/"),
        "response_types_supported": ["code", "id_token", "id_token token", "code token", "code id_token", "code id_token token"],
        "response_modes_supported": ["query", "fragment", "form_post"],
        "jwks_uri": at(&format!("/application/o/{slug}/jwks/")),
        "grant_types_supported": ["authorization_code", "refresh_token", "implicit", "client_credentials", "password", "urn:ietf:params:oauth:grant-type:device_code"],
        "id_token_signing_alg_values_supported": ["HS256"],
        "subject_types_supported": ["public"],
        "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
        "acr_values_supported": ["goauthentik.io/providers/oauth2/default"],
        "scopes_supported": scopes(reader, row),
        "request_parameter_supported": false,
        "claims_supported": claims(reader, row),
        "claims_parameter_supported": false,
        "code_challenge_methods_supported": ["plain", "S256"],
    })
}

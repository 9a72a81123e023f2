//! Sources: their kinds, their pictures, and the countries of a policy.

use openapi_resources::functions::Functions;
use openapi_resources::reader::Reader;
use openapi_resources::row::Row;
use serde_json::{Value, json};

use super::super::viewsets::Viewsets;
use super::row::{Computed, Shown, text};
use crate::api::icon;

/// Adds the functions that need what viewsets tell.
pub(super) fn add(functions: Functions, viewsets: &Viewsets) -> Functions {
    let (kinds, countries) = (viewsets.source_types.clone(), viewsets.countries.clone());
    functions
        .with_own("type", move |reader, row| {
            let provider = reader.value(row, "provider_type");
            json!(kinds.iter().find(|kind| kind["name"] == *provider))
        })
        .with_own("countries_obj", move |reader, row| {
            let codes = reader.value(row, "countries").as_array().into_iter().flatten();
            let named = codes
                .filter_map(Value::as_str)
                .filter_map(|code| Some(json!({"code": code, "name": countries.get(code)?})));
            named.collect()
        })
}

pub(super) const OWN: &[(&str, Computed)] = &[
    ("source.icon_url", icon_url),
    ("ldapsource.icon_url", icon_url),
    ("oauthsource.icon_url", icon_url),
    ("plexsource.icon_url", icon_url),
    ("samlsource.icon_url", icon_url),
    ("flow.background_url", |reader, row| {
        let usual = || "/static/dist/assets/images/flow_background.jpg".to_owned();
        json!(icon::address(reader.value(row, "background").as_str()).unwrap_or_else(usual))
    }),
    ("application.get_meta_icon", |reader, row| {
        json!(icon::address(reader.value(row, "meta_icon").as_str()))
    }),
];

pub(super) const COMPUTED: &[(&str, Computed)] = &[
    ("root_url", |reader, row| url(reader, &format!("/source/scim/{}/v2", text(reader, row, "slug")))),
    ("callback_url", |reader, row| {
        url(reader, &format!("/source/oauth/callback/{}/", text(reader, row, "slug")))
    }),
];

/// Returns an address of the server.
pub(super) fn url(reader: Reader<'_>, path: &str) -> Value {
    let server = reader.context::<Shown>().map_or("", |shown| shown.url.as_str());
    json!(format!("{server}{path}"))
}

/// Returns the picture of a source: its own, or that of its kind.
fn icon_url(reader: Reader<'_>, row: &Row) -> Value {
    let own = icon::address(reader.value(row, "icon").as_str());
    let usual = || {
        let provider = text(reader, row, "provider_type");
        let file = match reader.model_name(reader.seen(row)) {
            "authentik_sources_ldap.ldapsource" => "ldap.png",
            "authentik_sources_plex.plexsource" => "plex.svg",
            "authentik_sources_saml.samlsource" => "saml.png",
            "authentik_sources_scim.scimsource" => "scim.png",
            "authentik_sources_oauth.oauthsource" if !provider.is_empty() => {
                return Some(format!("/static/authentik/sources/{provider}.svg"));
            }
            _ => return None,
        };
        Some(format!("/static/authentik/sources/{file}"))
    };
    json!(own.or_else(usual))
}

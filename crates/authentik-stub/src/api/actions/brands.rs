//! The brand that a request is for.

use std::sync::Arc;

use http::header::HOST;
use openapi_resources::reader::Reader;
use openapi_resources::row::Row;
use serde_json::{Map, Value, json};

use super::kit::{self, Answered, by_key, rows, text};
use super::{Action, tenants};
use crate::api::{Api, Context};

pub(super) const ACTIONS: &[(&str, Action)] = &[("core_brands_current_retrieve", shown)];

/// The flows that a brand may have.
const FLOWS: [&str; 6] = [
    "flow_authentication",
    "flow_invalidation",
    "flow_recovery",
    "flow_unenrollment",
    "flow_user_settings",
    "flow_device_code",
];

/// Returns the brand whose domain the host of a request ends with, or else the default one.
pub(super) fn current<'a>(reader: Reader<'a>, cx: &Context) -> Option<&'a Arc<Row>> {
    let host = cx.headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or_default().to_lowercase();
    let is_default = |row: &Row| reader.value(row, "default") == true;
    let fits = |row: &Row| host.ends_with(&text(reader, row, "domain").to_lowercase());
    let mut brands: Vec<&Arc<Row>> =
        rows(reader, "authentik_brands.brand").filter(|row| is_default(row) || fits(row)).collect();
    brands.sort_by_key(|row| is_default(row));
    brands.first().copied()
}

/// Returns the brand of an event where there is none: one that is made for the request, and forgotten.
pub(crate) fn fallback(reader: Reader<'_>) -> Value {
    json!({
        "pk": reader.supply().uuid().simple().to_string(),
        "app": "authentik_brands",
        "name": "Brand fallback",
        "model_name": "brand",
    })
}

/// Returns the flow of a brand.
pub(super) fn flow<'a>(reader: Reader<'a>, brand: &Row, field: &str) -> Option<&'a Arc<Row>> {
    by_key(reader, "authentik_flows.flow", reader.value(brand, field))
}

fn shown(api: &Api, cx: &Context) -> Answered {
    let snapshot = api.store().snapshot();
    let reader = snapshot.reader();
    let brand = current(reader, cx);
    let given = |field: &str, default: &str| {
        brand.map_or_else(|| json!(default), |brand| reader.value(brand, field).clone())
    };
    let settings = brand.map_or(&Value::Null, |brand| &reader.value(brand, "attributes")["settings"]);
    let mut answer = Map::new();
    let mut add = |name: &str, value: Value| answer.insert(name.to_owned(), value);
    add("matched_domain", given("domain", "fallback"));
    add("branding_title", given("branding_title", "authentik"));
    add("branding_logo", given("branding_logo", "/static/dist/assets/icons/icon_left_brand.svg"));
    add("branding_favicon", given("branding_favicon", "/static/dist/assets/icons/icon.png"));
    add("ui_footer_links", tenants::setting(reader, "footer_links"));
    let theme = &settings["theme"]["base"];
    add("ui_theme", if theme.is_null() { json!("automatic") } else { theme.clone() });
    for field in FLOWS {
        if let Some(flow) = brand.and_then(|brand| flow(reader, brand, field)) {
            add(field, json!(text(reader, flow, "slug")));
        }
    }
    add("default_locale", json!(settings["locale"].as_str().unwrap_or_default()));
    kit::json(&answer)
}

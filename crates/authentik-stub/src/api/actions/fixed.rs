//! Answers that are the same for everybody and always.

use std::sync::LazyLock;

use http::header::ACCEPT;
use openapi_server_runtime::dispatch::HandlerResponse;
use openapi_server_runtime::failure::Failure;
use openapi_server_runtime::media::{Media, joined, overlap};
use openapi_server_runtime::operation::Operation;
use serde_json::{Map, Value, json};

use super::kit::{self, Answered};
use super::{Action, yaml};
use crate::api::{Api, Context, asset};

static CONSTANTS: &[u8] = include_bytes!("../../../assets/constants.json");

static ANSWERS: LazyLock<Map<String, Value>> =
    LazyLock::new(|| serde_json::from_slice(CONSTANTS).unwrap_or_default());

pub(super) const ACTIONS: &[(&str, Action)] = &[
    ("admin_apps_list", answer),
    ("admin_models_list", answer),
    ("events_events_actions_list", answer),
    ("outposts_service_connections_all_types_list", answer),
    ("policies_all_types_list", answer),
    ("policies_geoip_iso3166_list", answer),
    ("propertymappings_all_types_list", answer),
    ("providers_all_types_list", answer),
    ("root_config_retrieve", answer),
    ("schema_retrieve", schema),
    ("sources_all_types_list", answer),
    ("sources_oauth_source_types_list", source_types),
    ("stages_all_types_list", answer),
    ("stages_email_templates_list", answer),
];

/// Returns the answer of a path.
pub(super) fn of(path: &str) -> Option<&'static Value> {
    ANSWERS.get(path)
}

/// Answers with the document of the API in the first of its declared media types that is asked for.
fn schema(_: &Api, cx: &Context) -> Answered {
    let accepted = joined(&cx.headers, ACCEPT).unwrap_or_else(|| "*/*".to_owned());
    let format = cx.query.last("format").unwrap_or_default();
    let declared =
        cx.operation.and_then(Operation::success).map_or(&[][..], |response| response.content_types);
    let wanted = |range: &str, media_type: &str| {
        let is_of_format = format.is_empty() || media_type.ends_with("json") == (format == "json");
        is_of_format && overlap(range, media_type)
    };
    // What names a media type comes before what leaves it open.
    let mut ranges: Vec<&str> = accepted.split(',').collect();
    ranges.sort_by_key(|range| range.matches('*').count());
    let chosen = ranges
        .into_iter()
        .find_map(|range| declared.iter().find(|media_type| wanted(range, media_type)))
        .ok_or(Failure::ServerError)?;
    if chosen.ends_with("json") {
        return Ok(HandlerResponse::media(200, Media::text(*chosen, asset::DOCUMENT)));
    }
    let document: Value = serde_json::from_str(asset::DOCUMENT).map_err(|_| Failure::ServerError)?;
    let media_type = format!("{chosen}; charset=utf-8");
    Ok(HandlerResponse::media(200, Media::text(media_type, yaml::document(&document))))
}

fn answer(_: &Api, cx: &Context) -> Answered {
    kit::json(of(cx.route).ok_or(Failure::ServerError)?)
}

/// Answers with the kinds of OAuth sources, or the one of a name. An unknown name is that of a source of no kind.
fn source_types(_: &Api, cx: &Context) -> Answered {
    let all = of(cx.route).and_then(Value::as_array).ok_or(Failure::ServerError)?;
    let Some(name) = cx.query.last("name") else { return kit::json(all) };
    let of_no_kind = json!({
        "name": "default",
        "verbose_name": "Default source type",
        "urls_customizable": false,
        "request_token_url": null,
        "authorization_url": null,
        "access_token_url": null,
        "profile_url": null,
        "oidc_well_known_url": null,
        "oidc_jwks_url": null,
    });
    let found = all.iter().find(|kind| kind["name"] == name);
    kit::json(&[found.unwrap_or(&of_no_kind)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fixed_answer_is_there() {
        let tables = crate::api::asset::tables().expect("the tables are there");
        for (id, _) in ACTIONS.iter().filter(|(id, _)| *id != "schema_retrieve") {
            let operation = tables.operations.iter().find(|operation| operation.id == *id);
            let path = operation.map(|operation| operation.path).expect("the operation is there");
            assert!(of(path).is_some_and(|answer| !answer.is_null()), "{path}");
        }
    }
}

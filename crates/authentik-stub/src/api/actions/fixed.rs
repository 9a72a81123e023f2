//! Answers that are the same for everybody and always.

use std::sync::LazyLock;

use http::header::ACCEPT;
use openapi_server_runtime::dispatch::HandlerResponse;
use openapi_server_runtime::failure::Failure;
use openapi_server_runtime::media::Media;
use serde_json::{Map, Value};

use super::kit::{Answered, json};
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

/// Answers with the document of the API, as YAML unless JSON is asked for.
fn schema(_: &Api, cx: &Context) -> Answered {
    let accepted = cx.headers.get(ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let is_json = match cx.query.last("format") {
        Some(format) => format == "json",
        None => accepted.contains("json"),
    };
    if is_json {
        return Ok(HandlerResponse::media(
            200,
            Media::text("application/vnd.oai.openapi+json", asset::DOCUMENT),
        ));
    }
    let document: Value = serde_json::from_str(asset::DOCUMENT).map_err(|_| Failure::ServerError)?;
    let media_type = "application/vnd.oai.openapi; charset=utf-8";
    Ok(HandlerResponse::media(200, Media::text(media_type, yaml::document(&document))))
}

fn answer(_: &Api, cx: &Context) -> Answered {
    json(of(cx.route).ok_or(Failure::ServerError)?)
}

/// Answers with the kinds of OAuth sources, or the one of a name.
fn source_types(_: &Api, cx: &Context) -> Answered {
    let all = of(cx.route).and_then(Value::as_array).ok_or(Failure::ServerError)?;
    let name = cx.query.last("name").filter(|name| !name.is_empty());
    let found: Vec<&Value> = all.iter().filter(|kind| name.is_none_or(|name| kind["name"] == name)).collect();
    // Of a name that is unknown the program fails to describe the kind.
    if found.is_empty() { Err(Failure::ServerError) } else { json(&found) }
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

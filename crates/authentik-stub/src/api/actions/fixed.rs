//! Answers that are the same for everybody and always.

use std::sync::LazyLock;

use openapi_server_runtime::failure::Failure;
use serde_json::{Map, Value};

use super::kit::{Answered, json};
use super::Action;
use crate::api::{Api, Context};

static CONSTANTS: &[u8] = include_bytes!("../../../assets/constants.json");

static ANSWERS: LazyLock<Map<String, Value>> = LazyLock::new(|| serde_json::from_slice(CONSTANTS).unwrap_or_default());

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
    ("sources_all_types_list", answer),
    ("sources_oauth_source_types_list", source_types),
    ("stages_all_types_list", answer),
    ("stages_email_templates_list", answer),
];

/// Returns the answer of a path.
pub(super) fn of(path: &str) -> Option<&'static Value> {
    ANSWERS.get(path)
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
        for (id, _) in ACTIONS {
            let operation = tables.operations.iter().find(|operation| operation.id == *id);
            let path = operation.map(|operation| operation.path).expect("the operation is there");
            assert!(of(path).is_some_and(|answer| !answer.is_null()), "{path}");
        }
    }
}

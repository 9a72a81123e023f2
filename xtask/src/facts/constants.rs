//! Answers that are the same for everybody and always: which kinds of objects, apps, models and countries there are.

use serde_json::{Map, Value, json};

/// The ends of paths whose answers do not depend on any row.
const ENDS: [&str; 5] = ["/types/", "/source_types/", "/templates/", "/events/actions/", "/root/config/"];

/// Returns the answers, by their paths.
///
/// # Errors
/// Fails if the facts lack one of them.
pub(super) fn of(fresh: &Value, viewsets: &Value) -> Result<Vec<u8>, String> {
    let mut answers = Map::new();
    for (path, views) in fresh["views"].as_object().into_iter().flatten() {
        if ENDS.iter().any(|end| path.ends_with(end)) {
            answers.insert(path.clone(), views["admin"]["answer_body"].clone());
        }
    }
    for list in ["admin/apps", "admin/models"] {
        answers.insert(format!("/{list}/"), fresh["objects"][list].clone());
    }
    let countries =
        &viewsets["serializers"]["authentik.policies.geoip.api.GeoIPPolicySerializer"]["fields"]["countries"];
    let of = |key: &str| countries["child"][key].as_array().into_iter().flatten();
    let countries: Vec<Value> = of("choices")
        .zip(of("choice_labels"))
        .map(|(code, name)| json!({"code": code, "name": name}))
        .collect();
    answers.insert("/policies/geoip_iso3166/".to_owned(), json!(countries));
    match answers.iter().find(|(_, answer)| answer.is_null() || **answer == json!([])) {
        Some((path, _)) => Err(format!("fresh.json and viewsets.json have no answer for `{path}`")),
        None => serde_json::to_vec(&answers).map_err(|error| error.to_string()),
    }
}

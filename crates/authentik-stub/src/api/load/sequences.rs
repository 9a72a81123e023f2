//! The numbers that keys of new rows go on after.

use serde_json::Value;

use openapi_resources::pointer::child;

use super::problem::Problems;
use crate::api::viewsets::Viewsets;

/// Returns the models and fields of the sequences of a fixture, each with the last number that it gave. The tables that
/// join rows and those of the framework have sequences too, which nothing shows.
pub(super) fn read(
    fixture: &Value,
    viewsets: &Viewsets,
    problems: &mut Problems,
) -> Vec<(String, String, i64)> {
    let mut found = Vec::new();
    for (name, value) in fixture["sequences"].as_object().into_iter().flatten() {
        let pointer = child("/sequences", name);
        let (Some(table), Some(last)) = (name.strip_suffix("_id_seq"), value[0].as_i64()) else {
            problems.add(&pointer, "this is no sequence", "write \"TABLE_id_seq\": [LAST NUMBER, true]");
            continue;
        };
        let was_given = value[1] != false;
        let model = viewsets.models.iter().find(|(_, model)| model.table == table);
        if let Some((model, _)) = model {
            found.push((
                model.clone(),
                "id".to_owned(),
                if was_given { last } else { last.saturating_sub(1) },
            ));
        }
    }
    found
}

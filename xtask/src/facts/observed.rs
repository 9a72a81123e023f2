//! The answers of the program that its document does not declare, beside those that every operation may have.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::told::item;

/// The statuses with a body of JSON that the framework answers any operation with.
const USUAL: [u64; 5] = [403, 404, 405, 406, 415];

/// Returns the changes of the document that add the answers of operations which were recorded and are not declared.
pub(super) fn updates(document: &Value, cases: &[Value]) -> Vec<(String, Value)> {
    let mut found: BTreeMap<String, Map<String, Value>> = BTreeMap::new();
    let steps = cases.iter().flat_map(|case| case["steps"].as_array().into_iter().flatten());
    for step in steps {
        let path = step["path"].as_str().unwrap_or_default();
        let method = step["method"].as_str().unwrap_or_default().to_lowercase();
        let Some((path, described)) = item(document, path.split('?').next().unwrap_or(path)) else {
            continue;
        };
        let Some(status) = step["status"].as_u64() else { continue };
        let declared = &described[&method]["responses"];
        let media_type = step["answer"]["Content-Type"].as_str().unwrap_or_default();
        let media_type = media_type.split(';').next().unwrap_or_default();
        let is_page = media_type == "text/html";
        // A failure of the server is a page, or a page that can only be read.
        let is_usual = if is_page { [405, 500].contains(&status) } else { USUAL.contains(&status) };
        let status = status.to_string();
        let is_declared = match &declared[&status] {
            Value::Null => false,
            response => media_type.is_empty() || response["content"].get(media_type).is_some(),
        };
        if declared.is_null() || is_usual || is_declared {
            continue;
        }
        let target = format!("$.paths['{path}'].{method}");
        let response = found.entry(target).or_default().entry(status);
        let response = response.or_insert_with(|| json!({"description": "Recorded, and not declared."}));
        if !media_type.is_empty() {
            let schema = if is_page { json!({"type": "string"}) } else { json!({}) };
            response["content"][media_type] = json!({"schema": schema});
        }
    }
    let updates = found.into_iter();
    updates.map(|(target, responses)| (target, json!({"x-observed-responses": responses}))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_declared_or_usual_is_left_out() {
        let document = json!({"paths": {"/pets/{id}/": {"get": {"responses": {
            "200": {"content": {"application/json": {}}}, "204": {},
        }}}}});
        let step = |status: u16, media_type: &str| json!({"method": "GET", "path": "/pets/1/?x", "status": status, "answer": {"Content-Type": media_type}});
        let json = "application/json; charset=utf-8";
        let page = "text/html; charset=utf-8";
        let steps = [
            step(200, json),
            step(204, ""),
            step(403, json),
            step(500, page),
            step(400, page),
            step(401, ""),
        ];
        let (target, update) = updates(&document, &[json!({"steps": steps})]).remove(0);
        assert_eq!(target, "$.paths['/pets/{id}/'].get");
        let page = json!({"text/html": {"schema": {"type": "string"}}});
        let about = "Recorded, and not declared.";
        let expected = json!({"400": {"description": about, "content": page}, "401": {"description": about}});
        assert_eq!(update, json!({"x-observed-responses": expected}));
    }
}

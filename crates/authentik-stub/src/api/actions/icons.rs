//! The icons of applications and sources and the backgrounds of flows: files, or where they are.

use openapi_wire::form::{Field, FilePart};
use serde_json::{Value, json};

use super::Action;
use super::kit::{self, Answered, Subject};
use crate::api::departure::Departs;
use crate::api::{Api, Context};
use openapi_server_runtime::arguments::RequestBody;

pub(super) const ACTIONS: &[(&str, Action)] = &[
    ("core_applications_set_icon_create", |api, cx| upload(api, cx, "meta_icon", "application-icons")),
    ("core_applications_set_icon_url_create", |api, cx| point(api, cx, "meta_icon")),
    ("flows_instances_set_background_create", |api, cx| upload(api, cx, "background", "flow-backgrounds")),
    ("flows_instances_set_background_url_create", |api, cx| point(api, cx, "background")),
    ("sources_all_set_icon_create", |api, cx| upload(api, cx, "icon", "source-icons")),
    ("sources_all_set_icon_url_create", |api, cx| point(api, cx, "icon")),
];

/// Sets where a file is.
fn point(api: &Api, cx: &Context, field: &str) -> Answered {
    let url = match kit::dictionary(cx)?.get("url") {
        None | Some(Value::Null) => return Ok(kit::page(400)),
        Some(Value::String(url)) => url.clone(),
        Some(_) => return Err(Departs::BodyUnchecked.broken()),
    };
    set(api, cx, field, &json!(url))
}

/// Keeps a file that was sent under its name, or forgets the one that there is. Its content is not kept: nothing of this
/// API shows it.
fn upload(api: &Api, cx: &Context, field: &str, folder: &str) -> Answered {
    let (mut clear, mut file): (bool, Option<&FilePart>) = (false, None);
    if let RequestBody::Form(fields) = &cx.arguments.body {
        for (name, value) in fields {
            match (name.as_str(), value) {
                ("file", Field::File(part)) => file = Some(part),
                ("clear", Field::Value(value)) => clear = *value == true || value == "true",
                _ => {}
            }
        }
    }
    let given = &kit::body(cx)["clear"];
    if clear || *given == true || given == "true" {
        return set(api, cx, field, &Value::Null);
    }
    match file.map(|file| base(&file.file_name)).filter(|name| !name.is_empty()) {
        Some(name) => set(api, cx, field, &json!(format!("{folder}/{name}"))),
        None => Ok(kit::page(400)),
    }
}

/// Returns the name of a file without the folders before it, as it is kept.
fn base(name: &str) -> String {
    let name = name.rsplit(['/', '\\']).next().unwrap_or_default().trim().replace(' ', "_");
    name.chars().filter(|letter| letter.is_alphanumeric() || "-_.".contains(*letter)).collect()
}

fn set(api: &Api, cx: &Context, field: &str, value: &Value) -> Answered {
    let row = Subject::of(api, cx)?.row;
    kit::write(api, |transaction| kit::update(transaction, &row, json!({field: value})))?;
    kit::json(&json!({}))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_kept_by_its_name_alone() {
        assert_eq!(base("../../a b.png"), "a_b.png");
        assert_eq!(base("C:\\x\\ü (1).png"), "ü_1.png");
        assert_eq!(base("/"), "");
    }
}

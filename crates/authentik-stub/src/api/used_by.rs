//! What uses an object: every row that names it and that the caller may see.

use openapi_resources::definition::OnDelete;
use openapi_server_runtime::dispatch::HandlerResponse;
use openapi_server_runtime::failure::Failure;
use serde_json::{Value, json};

use super::{Api, Context, access};

/// Answers what uses the object of the path.
pub(crate) fn answer(api: &Api, cx: &Context) -> Result<HandlerResponse, Failure> {
    let snapshot = api.store().snapshot();
    let reader = snapshot.reader();
    let (viewset, _) = api.viewsets().of(cx.route).ok_or_else(Failure::not_found)?;
    let row = access::find(api, cx, viewset, &snapshot)?;
    let caller = cx.require_user()?;
    let mut users: Vec<Value> = Vec::new();
    for reference in reader.references(&row) {
        let other = reference.row;
        let model = reader.model_name(other.model());
        let key = access::key(reader, other);
        if !caller.has_on(&access::permission(model, "view"), &key) {
            continue;
        }
        let (app, name) = model.split_once('.').unwrap_or(("", model));
        let action = match (reference.many, reference.on_delete) {
            (true, _) => "cascade_many",
            (_, OnDelete::Cascade) => "cascade",
            (_, OnDelete::Null) => "set_null",
            (_, OnDelete::Default) => "set_default",
            _ => "cascade",
        };
        users.push(json!({
            "app": app,
            "model_name": name,
            "pk": key,
            "name": reader.text(other),
            "action": action,
        }));
    }
    HandlerResponse::json(200, &users)
}

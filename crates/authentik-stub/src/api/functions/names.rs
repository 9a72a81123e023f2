//! Names of models, their apps and their rows for people, and which component of the user interface edits them.

use std::sync::Arc;

use openapi_resources::functions::Functions;
use openapi_resources::reader::Reader;
use openapi_resources::row::Row;
use serde_json::{Value, json};

use super::super::used_by::names::{self, content_type};
use super::super::viewsets::{ModelName, Viewsets};
use super::row::text;

/// Adds the functions.
pub(super) fn add(functions: Functions, viewsets: &Arc<Viewsets>) -> Functions {
    let of_row = |name: fn(&ModelName) -> Value, otherwise: Value| {
        let viewsets = Arc::clone(viewsets);
        move |reader: Reader<'_>, row: &Row| {
            let known = viewsets.models.get(reader.model_name(reader.seen(row)));
            known.map_or_else(|| otherwise.clone(), name)
        }
    };
    let component = |known: &ModelName| json!(known.component.as_deref().unwrap_or_default());
    let of_type = |name: fn(&ModelName) -> Value| {
        let viewsets = Arc::clone(viewsets);
        move |reader: Reader<'_>, row: &Row| {
            let model = content_type(reader, row);
            model.and_then(|model| viewsets.models.get(&model).map(name)).unwrap_or_default()
        }
    };
    let (apps, objects) = (Arc::clone(viewsets), Arc::clone(viewsets));
    functions
        .with("verbose_name", of_row(|known| json!(known.name), Value::Null))
        .with("verbose_name_plural", of_row(|known| json!(known.plural), Value::Null))
        .with("component", of_row(component, json!("")))
        .with("dockerserviceconnection.component", of_row(component, json!("")))
        .with("kubernetesserviceconnection.component", of_row(component, json!("")))
        .with("outpostserviceconnection.component", of_row(component, json!("")))
        .with("meta_model_name", |reader, row| json!(reader.model_name(reader.seen(row))))
        .with("model_verbose", of_type(|known| json!(known.name)))
        .with("app_label_verbose", move |reader, row| {
            let model = content_type(reader, row).unwrap_or_default();
            json!(model.split('.').next().and_then(|app| apps.apps.get(app)))
        })
        .with("object_description", move |reader, row| object_description(&objects, reader, row))
        .with("mode_verbose", |reader, row| {
            json!(match text(reader, row, "mode") {
                "local" => "authentik inbuilt notifications",
                "webhook" => "Generic Webhook",
                "webhook_slack" => "Slack Webhook (Slack/Discord)",
                "email" => "Email",
                other => other,
            })
        })
}

/// Returns how the object is called that a permission is for, as what the permission takes it for.
fn object_description(viewsets: &Viewsets, reader: Reader<'_>, row: &Row) -> Value {
    let model = content_type(reader, row).unwrap_or_default();
    let object = names::object(reader, row, reader.value(row, "object_pk"));
    json!(object.map(|object| names::of(viewsets, reader, object, &model)))
}

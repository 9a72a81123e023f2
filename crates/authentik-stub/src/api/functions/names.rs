//! Names of models, their apps and their rows for people, and which component of the user interface edits them.

use std::collections::HashMap;
use std::sync::Arc;

use openapi_resources::functions::Functions;
use openapi_resources::reader::Reader;
use openapi_resources::row::Row;
use serde_json::{Value, json};

use super::super::viewsets::{ModelName, Viewsets};
use super::row::text;

/// Adds the functions.
pub(super) fn add(functions: Functions, viewsets: &Viewsets) -> Functions {
    let models: Arc<HashMap<String, ModelName>> = Arc::new(viewsets.models.clone());
    let of_row = |name: fn(&ModelName) -> Value, otherwise: Value| {
        let models = Arc::clone(&models);
        move |reader: Reader<'_>, row: &Row| {
            models.get(reader.model_name(reader.seen(row))).map_or_else(|| otherwise.clone(), name)
        }
    };
    let component = |known: &ModelName| json!(known.component.as_deref().unwrap_or_default());
    let of_type = |name: fn(&ModelName) -> Value| {
        let models = Arc::clone(&models);
        move |reader: Reader<'_>, row: &Row| {
            content_type(reader, row).and_then(|model| models.get(&model).map(name)).unwrap_or_default()
        }
    };
    let apps = viewsets.apps.clone();
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
            json!(model.split('.').next().and_then(|app| apps.get(app)))
        })
        .with("object_description", object_description)
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

/// Returns the model that a permission is for.
fn content_type(reader: Reader<'_>, row: &Row) -> Option<String> {
    let row = reader.by_key(reader.model("contenttypes.contenttype")?, reader.value(row, "content_type"))?;
    Some(format!("{}.{}", text(reader, row, "app_label"), text(reader, row, "model")))
}

/// Returns how the object is called that a permission is for.
fn object_description(reader: Reader<'_>, row: &Row) -> Value {
    let find = || {
        let model = reader.model(&content_type(reader, row)?)?;
        let key = reader.value(row, "object_pk");
        let number = key.as_str().and_then(|key| key.parse::<i64>().ok()).map(Value::from);
        reader.by_key(model, key).or_else(|| reader.by_key(model, &number?))
    };
    json!(find().map(|object| reader.text(object)))
}

//! Names of models, their apps and their rows for people, and which component of the user interface edits them.

use std::sync::{Arc, PoisonError};

use openapi_resources::functions::Functions;
use openapi_resources::plan::ModelId;
use openapi_resources::reader::Reader;
use openapi_resources::row::Row;
use serde_json::{Value, json};

use super::super::caller::{groups, groups_of_roles};
use super::super::used_by::names::{self, content_type};
use super::super::viewsets::{ModelName, Viewsets};
use super::row::{Shown, text};

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
        .with_own("verbose_name", of_row(|known| json!(known.name), Value::Null))
        .with_own("verbose_name_plural", of_row(|known| json!(known.plural), Value::Null))
        .with_own("component", of_row(component, json!("")))
        .with_own("dockerserviceconnection.component", of_row(component, json!("")))
        .with_own("kubernetesserviceconnection.component", of_row(component, json!("")))
        .with_own("outpostserviceconnection.component", of_row(component, json!("")))
        .with_own("meta_model_name", |reader, row| json!(reader.model_name(reader.seen(row))))
        .with("model_verbose", of_type(|known| json!(known.name)))
        .with("app_label_verbose", move |reader, row| {
            let model = content_type(reader, row).unwrap_or_default();
            json!(model.split('.').next().and_then(|app| apps.apps.get(app)))
        })
        .with("object_description", move |reader, row| object_description(&objects, reader, row))
        .with_own("mode_verbose", |reader, row| {
            json!(match text(reader, row, "mode") {
                "local" => "authentik inbuilt notifications",
                "webhook" => "Generic Webhook",
                "webhook_slack" => "Slack Webhook (Slack/Discord)",
                "email" => "Email",
                other => other,
            })
        })
}

/// Returns how the first object is called that the holder of a permission may view, of the model that the permission is for: the
/// program does not look for the object itself.
fn object_description(viewsets: &Viewsets, reader: Reader<'_>, row: &Row) -> Value {
    let Some(model) = content_type(reader, row) else { return Value::Null };
    let (user, group) = (reader.value(row, "user"), reader.value(row, "group"));
    let asked = format!("{user} {group} {model}");
    // A list has many permissions of few holders.
    let known = reader.context::<Shown>().map(|shown| &shown.first_objects);
    let known = || Some(known?.lock().unwrap_or_else(PoisonError::into_inner));
    if let Some(found) = known().and_then(|known| known.get(&asked).cloned()) {
        return found;
    }
    let first = || {
        let codename = format!("view_{}", model.split_once('.')?.1);
        let mut views = reader.find_all(reader.model("auth.permission")?, "codename", &Value::from(codename));
        let view = views.find(|view| content_type(reader, view).as_ref() == Some(&model))?;
        let object = Holder::of(reader, row).first(reader, reader.model(&model)?, reader.key(view))?;
        Some(json!(names::of(viewsets, reader, object, &model)))
    };
    let found = first().unwrap_or_default();
    if let Some(mut known) = known() {
        known.insert(asked, found.clone());
    }
    found
}

/// The user or the role that a permission was given to.
struct Holder<'a> {
    /// The user, and the groups of the framework that hold the permissions of roles.
    rows: Vec<&'a Row>,
    is_superuser: bool,
}

impl<'a> Holder<'a> {
    /// Returns the holder of a permission for an object.
    fn of(reader: Reader<'a>, permission: &Row) -> Self {
        let named = |model: &str, field: &str| -> Option<&'a Row> {
            reader.by_key(reader.model(model)?, reader.value(permission, field)).map(AsRef::as_ref)
        };
        let Some(user) = named("authentik_core.user", "user") else {
            let group = named("auth.group", "group");
            return Self { rows: group.into_iter().collect(), is_superuser: false };
        };
        let groups = groups(reader, user);
        Self {
            is_superuser: groups.iter().any(|group| reader.value(group, "is_superuser") == true),
            rows: [user].into_iter().chain(groups_of_roles(reader, &groups).map(AsRef::as_ref)).collect(),
        }
    }

    /// Returns the first object of a model, by its key, for which or for all of which the holder has a permission.
    fn first(&self, reader: Reader<'a>, model: ModelId, permission: &Value) -> Option<&'a Row> {
        let is_held = |holder: &&Row| {
            ["user_permissions", "permissions"].iter().any(|field| {
                reader.value(holder, field).as_array().is_some_and(|held| held.contains(permission))
            })
        };
        let by_key = |one: &&'a Row, other: &&'a Row| {
            let [one, other] = [one, other].map(|row| reader.key(row));
            (one.as_i64(), one.as_str()).cmp(&(other.as_i64(), other.as_str()))
        };
        if self.is_superuser || self.rows.iter().any(is_held) {
            return reader.rows(model).map(AsRef::as_ref).min_by(by_key);
        }
        let given = self.rows.iter().flat_map(|holder| {
            let (model, field) = match reader.model_name(holder.model()) {
                "auth.group" => ("guardian.groupobjectpermission", "group"),
                _ => ("guardian.userobjectpermission", "user"),
            };
            let rows = reader.model(model).map(|model| reader.find_all(model, field, reader.key(holder)));
            rows.into_iter().flatten().filter(|row| reader.value(row, "permission") == permission)
        });
        let objects = given.filter_map(|row| names::object(reader, row, reader.value(row, "object_pk")));
        objects.min_by(by_key)
    }
}

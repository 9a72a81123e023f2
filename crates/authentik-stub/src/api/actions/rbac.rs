//! Permissions that users and roles are given, for all objects or for one.

use std::sync::Arc;

use openapi_resources::reader::Reader;
use openapi_resources::row::Row;
use openapi_resources::transaction::Transaction;
use openapi_server_runtime::dispatch::HandlerResponse;
use openapi_server_runtime::failure::Failure;
use serde_json::{Value, json};

use super::Action;
use super::kit::{self, Answered, Subject, by_key, rows, text};
use crate::api::departure::Departs;
use crate::api::{Api, Context, access};

pub(super) const ACTIONS: &[(&str, Action)] = &[
    ("rbac_permissions_assigned_by_roles_assign", |api, cx| assign(api, cx, &ROLES)),
    ("rbac_permissions_assigned_by_roles_unassign_partial_update", |api, cx| unassign(api, cx, &ROLES)),
    ("rbac_permissions_assigned_by_users_assign", |api, cx| assign(api, cx, &USERS)),
    ("rbac_permissions_assigned_by_users_unassign_partial_update", |api, cx| unassign(api, cx, &USERS)),
];

/// Who holds permissions, and where they are kept.
struct Holders {
    /// The field of the row of the path that names who holds them; nothing if the row does itself.
    through: Option<(&'static str, &'static str)>,
    /// The list of permissions for all objects.
    global: &'static str,
    /// The model of permissions for one object, and its field that names who holds them.
    objects: (&'static str, &'static str),
}

const USERS: Holders =
    Holders { through: None, global: "user_permissions", objects: ("guardian.userobjectpermission", "user") };
const ROLES: Holders = Holders {
    through: Some(("group", "auth.group")),
    global: "permissions",
    objects: ("guardian.groupobjectpermission", "group"),
};

/// The wish of a body.
struct Wanted {
    permissions: Vec<Arc<Row>>,
    /// The key of the one object.
    object: Option<String>,
    holder: Arc<Row>,
}

/// Returns the permission of a name: `app.codename`.
fn permission<'a>(reader: Reader<'a>, name: &str, of: Option<&str>) -> Option<&'a Arc<Row>> {
    let (app, codename) = name.split_once('.')?;
    rows(reader, "auth.permission").find(|row| {
        let kind = by_key(reader, "contenttypes.contenttype", reader.value(row, "content_type"));
        text(reader, row, "codename") == codename
            && kind.is_some_and(|kind| {
                let model = format!("{}.{}", text(reader, kind, "app_label"), text(reader, kind, "model"));
                text(reader, kind, "app_label") == app && of.is_none_or(|of| of == model)
            })
    })
}

/// Reads what a body asks for.
///
/// # Errors
/// 400 if it names a model without an object or an object without a model, or an object that is not there; a server error
/// for a permission that there is not.
fn wanted(subject: &Subject, cx: &Context, holders: &Holders) -> Result<Wanted, Failure> {
    let body = kit::body(cx);
    let (model, key) = (body["model"].as_str(), body["object_pk"].as_str());
    if model.is_some() != key.is_some() {
        let errors = json!({"non_field_errors": ["The fields model, object_pk must be used together."]});
        return Err(Failure::Body { status: http::StatusCode::BAD_REQUEST, value: errors });
    }
    let reader = subject.reader();
    if let Some((model, key)) = model.zip(key) {
        let is_there = rows(reader, model).any(|row| access::key(reader, row) == key);
        if !is_there {
            return Err(kit::invalid("object_pk", format!("Invalid pk \"{key}\" - object does not exist.")));
        }
    }
    let names = body["permissions"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let permissions: Option<Vec<Arc<Row>>> =
        names.map(|name| permission(reader, name, model).cloned()).collect();
    let holder = match holders.through {
        None => Some(subject.row.clone()),
        Some((field, model)) => by_key(reader, model, subject.value(field)).cloned(),
    };
    Ok(Wanted {
        permissions: permissions.ok_or_else(|| Departs::WriteFails.broken())?,
        object: key.map(str::to_owned),
        holder: holder.ok_or(Failure::ServerError)?,
    })
}

impl Wanted {
    /// Returns the rows of permissions for the one object.
    fn held(
        &self,
        transaction: &Transaction<'_>,
        holders: &Holders,
        permission: &Row,
        object: &str,
    ) -> Option<Arc<Row>> {
        let reader = transaction.reader();
        let (model, field) = holders.objects;
        let mut held = rows(reader, model);
        let is_it = |row: &&Arc<Row>| {
            reader.value(row, "permission") == reader.key(permission)
                && text(reader, row, "object_pk") == object
                && reader.value(row, field) == reader.key(&self.holder)
        };
        held.find(is_it).cloned()
    }

    /// Returns the keys of the permissions for all objects.
    fn global(&self, transaction: &Transaction<'_>, holders: &Holders) -> Vec<Value> {
        let reader = transaction.reader();
        let now = reader.row(self.holder.model(), self.holder.id());
        now.and_then(|row| reader.value(row, holders.global).as_array().cloned()).unwrap_or_default()
    }
}

/// Refuses to change the permissions of accounts that belong to the program itself.
///
/// # Errors
/// 400 for the account of an outpost or a source.
fn changeable(subject: &Subject, sentence: &str) -> Result<(), Failure> {
    if subject.text("type") != "internal_service_account" {
        return Ok(());
    }
    Err(Failure::Body { status: http::StatusCode::BAD_REQUEST, value: json!([sentence]) })
}

/// Gives permissions; answers with their keys.
fn assign(api: &Api, cx: &Context, holders: &Holders) -> Answered {
    let subject = Subject::of(api, cx)?;
    changeable(&subject, "Permissions cannot be assigned to an internal service account.")?;
    let wanted = wanted(&subject, cx, holders)?;
    let ids = kit::write(api, |transaction| {
        let mut ids = Vec::new();
        for permission in &wanted.permissions {
            let key = transaction.reader().key(permission).clone();
            match &wanted.object {
                None => {
                    let mut held = wanted.global(transaction, holders);
                    if !held.contains(&key) {
                        held.push(key.clone());
                        kit::update(transaction, &wanted.holder, json!({holders.global: held}));
                    }
                    ids.push(key);
                }
                Some(object) => {
                    let known = wanted.held(transaction, holders, permission, object);
                    let (model, field) = holders.objects;
                    let reader = transaction.reader();
                    let values = json!({
                        "permission": key,
                        "content_type": reader.value(permission, "content_type"),
                        "object_pk": object,
                        field: reader.key(&wanted.holder),
                    });
                    let row = known.or_else(|| kit::insert(transaction, model, values));
                    ids.extend(row.map(|row| transaction.reader().key(&row).clone()));
                }
            }
        }
        ids
    })?;
    // The framework writes a key that it knows no field of as text.
    let ids: Vec<Value> =
        ids.iter().map(|id| json!({"id": openapi_django::server::python::str(id)})).collect();
    kit::json(&ids)
}

/// Takes permissions away. They have to be named, although the method is PATCH.
fn unassign(api: &Api, cx: &Context, holders: &Holders) -> Answered {
    let subject = Subject::of(api, cx)?;
    changeable(&subject, "Permissions cannot be unassigned from an internal service account.")?;
    if kit::body(cx).get("permissions").is_none() {
        return Err(kit::invalid("permissions", "This field is required."));
    }
    let wanted = wanted(&subject, cx, holders)?;
    kit::write(api, |transaction| {
        for permission in &wanted.permissions {
            match &wanted.object {
                None => {
                    let mut held = wanted.global(transaction, holders);
                    let key = transaction.reader().key(permission).clone();
                    held.retain(|known| *known != key);
                    kit::update(transaction, &wanted.holder, json!({holders.global: held}));
                }
                Some(object) => {
                    if let Some(row) = wanted.held(transaction, holders, permission, object) {
                        transaction.delete(row.model(), row.id());
                    }
                }
            }
        }
    })?;
    Ok(HandlerResponse::empty(204))
}

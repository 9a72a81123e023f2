//! Permissions that users and roles are given, for all objects or for one.

use std::sync::Arc;

use openapi_django::server::python;
use openapi_resources::definition::{Fill, Kind};
use openapi_resources::reader::Reader;
use openapi_resources::row::Row;
use openapi_resources::store::Snapshot;
use openapi_resources::transaction::Transaction;
use openapi_server_runtime::dispatch::HandlerResponse;
use openapi_server_runtime::failure::{Failure, FieldErrors};
use serde_json::{Value, json};

use super::Action;
use super::kit::{self, Answered, Subject, by_key, rows, text};
use crate::api::departure::Departs;
use crate::api::used_by::names::content_type;
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
    /// The permissions, each unless there is none of its name.
    permissions: Vec<Option<Arc<Row>>>,
    /// The key of the one object.
    object: Option<String>,
    holder: Arc<Row>,
}

/// Returns the permission of a name for all objects, `app.codename`.
pub(crate) fn permission<'a>(reader: Reader<'a>, name: &str) -> Option<&'a Arc<Row>> {
    let (app, codename) = name.split_once('.')?;
    rows(reader, "auth.permission").find(|row| {
        let kind = by_key(reader, "contenttypes.contenttype", reader.value(row, "content_type"));
        text(reader, row, "codename") == codename
            && kind.is_some_and(|kind| text(reader, kind, "app_label") == app)
    })
}

/// Returns the permission of a name for one object of a model. The app before a dot says nothing.
fn permission_of<'a>(reader: Reader<'a>, name: &str, model: &str) -> Option<&'a Arc<Row>> {
    let codename = name.split_once('.').map_or(name, |(_, codename)| codename);
    rows(reader, "auth.permission").find(|row| {
        text(reader, row, "codename") == codename && content_type(reader, row).as_deref() == Some(model)
    })
}

/// Returns the key of the object that a body names, if it is there.
///
/// # Errors
/// 400 for a text that is no UUID, or a server error for one that is no number, where keys are such.
fn object(snapshot: &Snapshot, model: &str, key: &str) -> Result<Option<String>, Failure> {
    let (reader, plan) = (snapshot.reader(), snapshot.plan());
    let Some(id) = reader.model(model) else { return Ok(None) };
    let column = plan.columns(id).get(plan.key(id));
    let key = match column.map(|column| (column.kind, &column.fill)) {
        Some((Kind::Number, _)) => {
            let number = python::int(key).ok_or_else(|| Departs::BodyUnchecked.broken())?;
            // No row has a number that is out of reach.
            i64::try_from(number).map_or(Value::Null, Value::from)
        }
        Some((_, Some(Fill::Uuid))) => {
            let invalid = || FieldErrors::whole(format!("“{key}” is not a valid UUID."));
            Value::from(python::uuid(key).ok_or_else(invalid)?.to_string())
        }
        _ => Value::from(key),
    };
    Ok(reader.by_key(id, &key).map(|row| access::key(reader, row)))
}

/// Reads what a body asks for. An object that is not there is as none: the permission is for all.
///
/// # Errors
/// 400 if it names a model without an object or an object without a model, or a permission for all objects without its app.
fn wanted(subject: &Subject, cx: &Context, holders: &Holders) -> Result<Wanted, Failure> {
    let body = kit::body(cx);
    let (model, key) = (body["model"].as_str(), body["object_pk"].as_str());
    if model.is_some() != key.is_some() {
        return Err(FieldErrors::whole("The fields model, object_pk must be used together.").into());
    }
    let reader = subject.reader();
    let one = model.zip(key);
    let object = one.map(|(model, key)| object(&subject.snapshot, model, key)).transpose()?.flatten();
    let names = body["permissions"].as_array().into_iter().flatten().filter_map(Value::as_str);
    if model.is_none() && !names.clone().all(|name| name.contains('.')) {
        const MESSAGE: &str =
            "When assigning global permissions, codename must be given as app_label.codename";
        return Err(kit::invalid("permissions", MESSAGE));
    }
    let of_name = |name| match model.filter(|_| object.is_some()) {
        Some(model) => permission_of(reader, name, model),
        None => permission(reader, name),
    };
    let permissions = names.map(|name| of_name(name).cloned()).collect();
    let holder = match holders.through {
        None => Some(subject.row.clone()),
        Some((field, model)) => by_key(reader, model, subject.value(field)).cloned(),
    };
    Ok(Wanted { permissions, object, holder: holder.ok_or(Failure::ServerError)? })
}

/// Gives a user a permission for one row.
pub(crate) fn give_to_user(transaction: &mut Transaction<'_>, name: &str, user: &Value, row: &Row) {
    let reader = transaction.reader();
    let Some(permission) = permission(reader, name) else { return };
    let values = given(reader, permission, &access::key(reader, row), (USERS.objects.1, user));
    kit::insert(transaction, USERS.objects.0, values);
}

/// Returns the values of the row that gives somebody a permission for one object.
fn given(reader: Reader<'_>, permission: &Row, object: &str, (field, holder): (&str, &Value)) -> Value {
    json!({
        "permission": reader.key(permission),
        "content_type": reader.value(permission, "content_type"),
        "object_pk": object,
        field: holder,
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
    let permissions: Option<Vec<&Arc<Row>>> = wanted.permissions.iter().map(Option::as_ref).collect();
    let permissions = permissions.ok_or_else(|| Departs::WriteFails.broken())?;
    let ids = kit::write(api, |transaction| {
        let mut ids = Vec::new();
        for permission in permissions {
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
                    let values = given(reader, permission, object, (field, reader.key(&wanted.holder)));
                    let row = known.or_else(|| kit::insert(transaction, model, values));
                    ids.extend(row.map(|row| transaction.reader().key(&row).clone()));
                }
            }
        }
        ids
    })?;
    // The framework writes a key that it knows no field of as text.
    let ids: Vec<Value> = ids.iter().map(|id| json!({"id": python::str(id)})).collect();
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
    // Of one object nothing is taken away that nobody can have.
    if wanted.object.is_none() && wanted.permissions.iter().any(Option::is_none) {
        return Err(Departs::WriteFails.broken());
    }
    kit::write(api, |transaction| {
        for permission in wanted.permissions.iter().flatten() {
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

//! Who is calling: a user, with the permissions that the rows of the store give him.

use std::collections::{BTreeSet, HashSet};

use chrono::{DateTime, Utc};
use openapi_resources::reader::Reader;
use openapi_resources::row::Row;
use serde_json::Value;

/// A user who is calling.
#[derive(Debug, Default)]
pub struct Caller {
    /// The primary key.
    pub(crate) key: Value,
    pub(crate) is_superuser: bool,
    /// `true` for the account of an outpost.
    pub(crate) is_internal_service_account: bool,
    /// The permissions for all objects of a model: `app.action_model`.
    permissions: HashSet<String>,
    /// The permissions for one object: the permission and the primary key.
    on_objects: HashSet<(String, String)>,
}

impl Caller {
    /// Returns the user whose token this is, if it is good for the API at this time.
    pub(crate) fn of_token(reader: Reader<'_>, token: &str, now: DateTime<Utc>) -> Option<Self> {
        let model = reader.model("authentik_core.token")?;
        let tokens = reader.rows(model).filter(|row| reader.value(row, "key") == token);
        let row = tokens.into_iter().find(|row| {
            let expires = reader.value(row, "expires").as_str();
            let expires = expires.and_then(|text| DateTime::parse_from_rfc3339(text).ok());
            let expired = reader.value(row, "expiring") == true && expires.is_some_and(|at| at <= now);
            reader.value(row, "intent") == "api" && !expired
        })?;
        let users = reader.model("authentik_core.user")?;
        let user = reader.by_key(users, reader.value(row, "user"))?;
        (reader.value(user, "is_active") == true).then(|| Self::of(reader, user))
    }

    /// Returns a user with his permissions.
    pub(crate) fn of(reader: Reader<'_>, user: &Row) -> Self {
        let groups = groups(reader, user);
        let mut caller = Self {
            key: reader.key(user).clone(),
            is_superuser: groups.iter().any(|group| reader.value(group, "is_superuser") == true),
            is_internal_service_account: reader.value(user, "type") == "internal_service_account",
            ..Self::default()
        };
        caller.add(reader, reader.value(user, "user_permissions"));
        caller.add_objects(reader, "guardian.userobjectpermission", "user", reader.key(user));
        let (roles, auth_groups) = (reader.model("authentik_rbac.role"), reader.model("auth.group"));
        for role in groups.iter().flat_map(|group| listed(reader.value(group, "roles"))) {
            let Some(role) = roles.and_then(|roles| reader.by_key(roles, role)) else { continue };
            let group = reader.value(role, "group");
            if let Some(group) = auth_groups.and_then(|groups| reader.by_key(groups, group)) {
                caller.add(reader, reader.value(group, "permissions"));
            }
            caller.add_objects(reader, "guardian.groupobjectpermission", "group", group);
        }
        caller
    }

    fn add(&mut self, reader: Reader<'_>, permissions: &Value) {
        self.permissions.extend(listed(permissions).filter_map(|key| permission(reader, key)));
    }

    fn add_objects(&mut self, reader: Reader<'_>, model: &str, field: &str, key: &Value) {
        let Some(model) = reader.model(model).filter(|_| !key.is_null()) else { return };
        for row in reader.rows(model).filter(|row| reader.value(row, field) == key) {
            if let Some(permission) = permission(reader, reader.value(row, "permission")) {
                let object = reader.value(row, "object_pk").as_str().unwrap_or_default().to_owned();
                self.on_objects.insert((permission, object));
            }
        }
    }

    /// Returns `true` if the user has a permission for all objects.
    pub(crate) fn has(&self, permission: &str) -> bool {
        self.is_superuser || self.permissions.contains(permission)
    }

    /// Returns `true` if the user has a permission for an object, or for all.
    pub(crate) fn has_on(&self, permission: &str, key: &str) -> bool {
        self.has(permission) || self.on_objects.contains(&(permission.to_owned(), key.to_owned()))
    }

    /// Returns `true` if the user has a permission for any one object.
    pub(crate) fn has_on_any(&self, permission: &str) -> bool {
        self.on_objects.iter().any(|(known, _)| known == permission)
    }
}

fn listed(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

/// Returns the name of a permission: `app.action_model`.
fn permission(reader: Reader<'_>, key: &Value) -> Option<String> {
    let row = reader.by_key(reader.model("auth.permission")?, key)?;
    let types = reader.model("contenttypes.contenttype")?;
    let of = reader.by_key(types, reader.value(row, "content_type"))?;
    let text = |row: &Row, field: &str| reader.value(row, field).as_str().unwrap_or_default().to_owned();
    Some(format!("{}.{}", text(of, "app_label"), text(row, "codename")))
}

/// Returns the groups of a user, and those that are above them.
pub(crate) fn groups<'a>(reader: Reader<'a>, user: &Row) -> Vec<&'a Row> {
    let Some(model) = reader.model("authentik_core.group") else { return Vec::new() };
    let mut seen = BTreeSet::new();
    let mut open: Vec<&Row> = listed(reader.value(user, "ak_groups"))
        .filter_map(|key| reader.by_key(model, key))
        .map(AsRef::as_ref)
        .collect();
    let mut found = Vec::new();
    while let Some(group) = open.pop() {
        if seen.insert(group.id()) {
            found.push(group);
            open.extend(reader.by_key(model, reader.value(group, "parent")).map(AsRef::as_ref));
        }
    }
    found
}

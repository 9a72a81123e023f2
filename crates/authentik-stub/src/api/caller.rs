//! Who is calling: a user, with the permissions that the rows of the store give him.

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use chrono::{DateTime, Utc};
use openapi_resources::reader::Reader;
use openapi_resources::row::Row;
use openapi_resources::store::Snapshot;
use serde_json::Value;

/// The user that stands for everybody who is not logged in.
pub(super) const ANONYMOUS: &str = "AnonymousUser";

/// A user who is calling.
#[derive(Debug)]
pub struct Caller {
    /// The primary key.
    pub(crate) key: Value,
    pub(crate) is_superuser: bool,
    /// `true` for the account of an outpost.
    pub(crate) is_internal_service_account: bool,
    user: Arc<Row>,
    /// The groups of the framework, which hold the permissions of roles.
    roles: Vec<Arc<Row>>,
    /// The rows as they were when the user was asked for.
    snapshot: Snapshot,
}

impl Caller {
    /// Returns the user whose token this is, if it is good for the API at this time.
    pub(crate) fn of_token(snapshot: &Snapshot, token: &str, now: DateTime<Utc>) -> Option<Self> {
        let reader = snapshot.reader();
        let tokens = reader.find_all(reader.model("authentik_core.token")?, "key", &Value::from(token));
        let row = tokens.into_iter().find(|row| {
            let expires = reader.value(row, "expires").as_str();
            let expires = expires.and_then(|text| DateTime::parse_from_rfc3339(text).ok());
            let is_over = reader.value(row, "expiring") == true && expires.is_some_and(|at| at <= now);
            reader.value(row, "intent") == "api" && !is_over
        })?;
        let user = reader.by_key(reader.model("authentik_core.user")?, reader.value(row, "user"))?;
        (reader.value(user, "is_active") == true).then(|| Self::of(snapshot, user))
    }

    /// Returns a user with his permissions.
    pub(crate) fn of(snapshot: &Snapshot, user: &Arc<Row>) -> Self {
        let reader = snapshot.reader();
        let groups = groups(reader, user);
        let roles = groups_of_roles(reader, &groups);
        Self {
            key: reader.key(user).clone(),
            is_superuser: groups.iter().any(|group| reader.value(group, "is_superuser") == true),
            is_internal_service_account: reader.value(user, "type") == "internal_service_account",
            user: Arc::clone(user),
            roles: roles.map(Arc::clone).collect(),
            snapshot: snapshot.clone(),
        }
    }

    /// Returns the key of a permission, `app.action_model`.
    fn permission(&self, name: &str) -> Option<&Value> {
        let reader = self.snapshot.reader();
        let (app, codename) = name.split_once('.')?;
        let types = reader.model("contenttypes.contenttype")?;
        let mut named = reader.find_all(reader.model("auth.permission")?, "codename", &Value::from(codename));
        let found = named.find(|row| {
            let of = reader.by_key(types, reader.value(row, "content_type"));
            of.is_some_and(|of| reader.value(of, "app_label") == app)
        })?;
        Some(reader.key(found))
    }

    /// Returns `true` if the user has a permission for all objects.
    pub(crate) fn has(&self, permission: &str) -> bool {
        self.is_superuser || self.permission(permission).is_some_and(|key| self.holds(key))
    }

    fn holds(&self, permission: &Value) -> bool {
        let reader = self.snapshot.reader();
        let own = listed(reader.value(&self.user, "user_permissions"));
        let of_roles = self.roles.iter().flat_map(|role| listed(reader.value(role, "permissions")));
        own.chain(of_roles).any(|held| held == permission)
    }

    /// Returns `true` if the user has a permission for one object of this very model, apart from those for all.
    pub(crate) fn has_on_one(&self, permission: &str, model: &str, key: &str) -> bool {
        let reader = self.snapshot.reader();
        let Some(row) =
            self.permission(permission).and_then(|key| reader.by_key(reader.model("auth.permission")?, key))
        else {
            return false;
        };
        let types = reader.model("contenttypes.contenttype");
        let of = types.and_then(|types| reader.by_key(types, reader.value(row, "content_type")));
        let text =
            |of: &Arc<Row>, field: &str| reader.value(of, field).as_str().unwrap_or_default().to_owned();
        let is_of_model =
            of.is_some_and(|of| format!("{}.{}", text(of, "app_label"), text(of, "model")) == model);
        is_of_model && self.objects(permission).contains(key)
    }

    /// Returns the primary keys of the objects that the user has a permission for, one by one.
    pub(crate) fn objects(&self, permission: &str) -> HashSet<&str> {
        let Some(permission) = self.permission(permission) else { return HashSet::new() };
        let reader = self.snapshot.reader();
        let own = ("guardian.userobjectpermission", "user", &self.key);
        let of_roles =
            self.roles.iter().map(|role| ("guardian.groupobjectpermission", "group", reader.key(role)));
        let rows = [own].into_iter().chain(of_roles).flat_map(|(model, field, key)| {
            let rows = reader.model(model).map(|model| reader.find_all(model, field, key));
            rows.into_iter().flatten()
        });
        let given = rows.filter(|row| reader.value(row, "permission") == permission);
        given.filter_map(|row| reader.value(row, "object_pk").as_str()).collect()
    }
}

fn listed(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

/// Returns the groups of the framework that hold the permissions of the roles of groups.
pub(crate) fn groups_of_roles<'a>(
    reader: Reader<'a>,
    groups: &[&'a Row],
) -> impl Iterator<Item = &'a Arc<Row>> + use<'a> {
    let (roles, auth_groups) = (reader.model("authentik_rbac.role"), reader.model("auth.group"));
    let keys: Vec<&Value> = groups.iter().flat_map(|group| listed(reader.value(group, "roles"))).collect();
    let roles = keys.into_iter().filter_map(move |key| reader.by_key(roles?, key));
    roles.filter_map(move |role| reader.by_key(auth_groups?, reader.value(role, "group")))
}

/// Returns the groups of a user, and those that are above them.
pub(crate) fn groups<'a>(reader: Reader<'a>, user: &Row) -> Vec<&'a Row> {
    let keys = reader.value(user, "ak_groups").as_array().filter(|keys| !keys.is_empty());
    let Some((keys, model)) = keys.and_then(|keys| Some((keys, reader.model("authentik_core.group")?)))
    else {
        return Vec::new();
    };
    let mut seen = BTreeSet::new();
    let mut open: Vec<&Row> =
        keys.iter().filter_map(|key| reader.by_key(model, key)).map(AsRef::as_ref).collect();
    let mut found = Vec::new();
    while let Some(group) = open.pop() {
        if seen.insert(group.id()) {
            found.push(group);
            open.extend(reader.by_key(model, reader.value(group, "parent")).map(AsRef::as_ref));
        }
    }
    found
}

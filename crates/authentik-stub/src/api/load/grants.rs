//! Who may do what: the table of permissions, members of groups and roles, and permissions of users and roles.

use std::collections::{BTreeMap, HashMap};

use serde::Deserialize;
use serde_json::{Value, json};

use super::draft::Drafts;
use openapi_resources::pointer::child;

use super::problem::Problems;
use super::text::text;
use crate::api::asset::{self, AssetError};

const PERMISSION: &str = "auth.permission";
const CONTENT_TYPE: &str = "contenttypes.contenttype";

/// A permission.
#[derive(Debug, Clone, Deserialize)]
struct Permission {
    id: i64,
    app: String,
    model: String,
    codename: String,
    name: String,
}

/// All permissions.
#[derive(Debug)]
pub(super) struct Table {
    permissions: Vec<Permission>,
    /// The models that they are for, in the order of their numbers.
    types: Vec<(String, String)>,
}

/// A user or a role that is given permissions.
#[derive(Debug)]
struct Subject {
    /// The model of the rows that give permissions for objects.
    model: &'static str,
    /// The field of theirs that names whom.
    field: &'static str,
    /// The value of that field.
    key: Value,
}

/// A permission for an object that is given.
#[derive(Debug)]
struct Grant<'a> {
    subject: &'a Subject,
    permission: usize,
    object: String,
    /// The number of its row, if it is known.
    id: Option<i64>,
}

impl Table {
    /// Returns the permissions of a fixture, or else those that every authentik of this release has.
    pub(super) fn of(fixture: &Value, problems: &mut Problems) -> Result<Self, AssetError> {
        let own = fixture.get("permission_table").map(Vec::<Permission>::deserialize);
        let permissions = match own {
            Some(Ok(own)) => own,
            Some(Err(error)) => {
                problems.add(
                    "/permission_table",
                    &error.to_string(),
                    "leave it out to use the permissions of 2024.8",
                );
                Vec::new()
            }
            None => asset::permissions()?,
        };
        let mut types: Vec<(String, String)> = Vec::new();
        for permission in &permissions {
            let of = (permission.app.clone(), permission.model.clone());
            if !types.contains(&of) {
                types.push(of);
            }
        }
        Ok(Self { permissions, types })
    }

    /// Adds the permissions as rows.
    pub(super) fn draft(&self, drafts: &mut Drafts<'_>) {
        for (number, (app, model)) in (1_i64..).zip(&self.types) {
            if let Some(row) = drafts.add_known(CONTENT_TYPE, &json!(number)) {
                drafts.set(row, "app_label", "", json!(app));
                drafts.set(row, "model", "", json!(model));
            }
        }
        for permission in &self.permissions {
            let number = self.type_of(permission);
            if let Some(row) = drafts.add_known(PERMISSION, &json!(permission.id)) {
                drafts.set(row, "name", "", json!(permission.name));
                drafts.set(row, "codename", "", json!(permission.codename));
                drafts.set(row, "content_type", "", json!(number));
            }
        }
    }

    /// Returns the number of the model that a permission is for.
    fn type_of(&self, permission: &Permission) -> Option<usize> {
        let position =
            self.types.iter().position(|(app, model)| *app == permission.app && *model == permission.model);
        position.map(|position| position + 1)
    }

    /// Returns the positions of permissions by their names, `app.codename`.
    fn by_name(&self) -> HashMap<String, usize> {
        let all = self.permissions.iter().enumerate();
        all.map(|(position, permission)| (format!("{}.{}", permission.app, permission.codename), position))
            .collect()
    }
}

/// Adds the members of groups, and the roles of groups, by their names.
pub(super) fn memberships(fixture: &Value, drafts: &mut Drafts<'_>, problems: &mut Problems) {
    let users = drafts.by("authentik_core.user", "username");
    let roles = drafts.by("authentik_rbac.role", "name");
    for (name, about) in fixture["memberships"]["groups"].as_object().into_iter().flatten() {
        let pointer = child("/memberships/groups", name);
        let Some(group) = drafts.find("authentik_core.group", &about["pk"]) else {
            problems.add(&child(&pointer, "pk"), "there is no such group", "add it to `core/groups`");
            continue;
        };
        for (key, known, what) in [("users", &users, "user"), ("roles", &roles, "role")] {
            for member in about[key].as_array().into_iter().flatten().filter_map(Value::as_str) {
                let Some(member_row) = known.get(member).copied() else {
                    let message = format!("there is no {what} `{member}`");
                    problems.add(&child(&pointer, key), &message, "add it to its list, or remove it here");
                    continue;
                };
                if key == "users" {
                    drafts.join(member_row, "ak_groups", &about["pk"]);
                } else if let Some(role) = drafts.value(member_row, "uuid").cloned() {
                    drafts.join(group, "roles", &role);
                }
            }
        }
    }
}

/// Returns whom the permissions under a name are given to; roles get their group of the framework.
fn subject(drafts: &mut Drafts<'_>, about: &Value) -> Option<(Subject, usize)> {
    if about["kind"] == "role" {
        super::defaults::groups_of_roles(drafts);
        let role = drafts.find("authentik_rbac.role", &about["uuid"])?;
        let key = drafts.value(role, "group")?.clone();
        let group = drafts.find("auth.group", &key)?;
        return Some((Subject { model: "guardian.groupobjectpermission", field: "group", key }, group));
    }
    let user = drafts.find("authentik_core.user", &about["pk"])?;
    let key = about["pk"].clone();
    Some((Subject { model: "guardian.userobjectpermission", field: "user", key }, user))
}

/// Adds the permissions of users and roles, for all objects and for one.
pub(super) fn permissions(fixture: &Value, table: &Table, drafts: &mut Drafts<'_>, problems: &mut Problems) {
    let names = table.by_name();
    let mut subjects = Vec::new();
    for (name, about) in fixture["permissions"].as_object().into_iter().flatten() {
        let pointer = child("/permissions", name);
        match subject(drafts, about) {
            Some((subject, row)) => subjects.push((pointer, name, about, subject, row)),
            None => problems.add(
                &pointer,
                "there is no such user or role",
                "add it to `core/users` or `rbac/roles`",
            ),
        }
    }
    let mut grants: Vec<Grant<'_>> = Vec::new();
    for (pointer, name, about, subject, row) in &subjects {
        let field = if subject.field == "user" { "user_permissions" } else { "permissions" };
        let mut unknown = |pointer: String, name: &Value| {
            problems.add(&pointer, &unknown_permission(&names, &text(name)), "write APP.ACTION_MODEL");
        };
        for (number, permission) in about["global"].as_array().into_iter().flatten().enumerate() {
            let found = permission.as_str().and_then(|name| table.permissions.get(*names.get(name)?));
            match found {
                Some(found) => drafts.join(*row, field, &json!(found.id)),
                None => unknown(child(&child(pointer, "global"), number), permission),
            }
        }
        let mut ids = ids(fixture, subject.field, name).into_iter();
        for (number, grant) in about["objects"].as_array().into_iter().flatten().enumerate() {
            match grant[0].as_str().and_then(|name| names.get(name)) {
                Some(permission) => grants.push(Grant {
                    subject,
                    permission: *permission,
                    object: text(&grant[2]).into_owned(),
                    id: ids.next(),
                }),
                None => unknown(child(&child(pointer, "objects"), number), &grant[0]),
            }
        }
    }
    told(fixture, drafts, problems);
    read_only(fixture, &names, table, drafts);
    for grant in numbered(grants, table) {
        give(drafts, table, &grant);
    }
    shown(fixture, table, &names, drafts, problems);
}

/// Returns the problem of a permission that is none of those known, with the one that is most like it.
fn unknown_permission(names: &HashMap<String, usize>, name: &str) -> String {
    let likeness = |known: &str| strsim::jaro_winkler(known, name);
    let nearest = names.keys().max_by(|one, other| {
        // Of two that are equally like it, always the same.
        likeness(one).total_cmp(&likeness(other)).then_with(|| other.cmp(one))
    });
    let nearest = nearest.map_or_else(String::new, |nearest| format!(": the nearest known is `{nearest}`"));
    format!("unknown permission `{name}`{nearest}")
}

/// Adds the permissions for all objects that are told to use a user.
fn told(fixture: &Value, drafts: &mut Drafts<'_>, problems: &mut Problems) {
    for (key, users) in fixture["used_by"]["core/users"].as_object().into_iter().flatten() {
        let pointer = child("/used_by/core~1users", key);
        let key = key.parse::<i64>().ok().map(Value::from).unwrap_or_default();
        let using = users.as_array().into_iter().flatten();
        let permissions = using.filter(|used| used["app"] == "auth" && used["model_name"] == "permission");
        for permission in permissions.filter_map(|used| used["pk"].as_str()?.parse::<i64>().ok()) {
            match drafts.find("authentik_core.user", &key) {
                Some(account) => drafts.join(account, "user_permissions", &json!(permission)),
                None => problems.add(&pointer, "there is no such user", "add the user to `core/users`"),
            }
        }
    }
}

/// Gives the role that a default blueprint makes the permissions to view whatever the API has models of, if the fixture
/// has the role and says of none that it has.
fn read_only(fixture: &Value, names: &HashMap<String, usize>, table: &Table, drafts: &mut Drafts<'_>) {
    const BLUEPRINT: &str = "default/rbac-role-read-only.yaml";
    let mut blueprints = drafts.of("authentik_blueprints.blueprintinstance");
    let is_applied = blueprints.any(|(number, _)| {
        let is = |field: &str, text: &str| drafts.value(number, field).is_some_and(|value| value == text);
        is("path", BLUEPRINT) && is("status", "successful")
    });
    drop(blueprints);
    let role = drafts.by("authentik_rbac.role", "name").get("authentik Read-only").copied();
    let Some(role) = role.filter(|_| is_applied) else { return };
    super::defaults::groups_of_roles(drafts);
    let group = drafts.value(role, "group").and_then(|group| drafts.find("auth.group", group));
    let Some(group) = group.filter(|group| drafts.value(*group, "permissions").is_none()) else { return };
    for model in fixture["objects"]["admin/models"].as_array().into_iter().flatten() {
        let (app, name) = model["name"].as_str().and_then(|name| name.split_once('.')).unwrap_or_default();
        let view =
            names.get(&format!("{app}.view_{name}")).and_then(|position| table.permissions.get(*position));
        if let Some(view) = view {
            drafts.join(group, "permissions", &json!(view.id));
        }
    }
}

/// Returns the numbers of the rows that give a user permissions, as far as `owners` says them.
fn ids(fixture: &Value, field: &str, name: &str) -> Vec<i64> {
    let owners = fixture["owners"]["rbac/permissions/users"].as_object().into_iter().flatten();
    let own = owners.filter(|(_, user)| field == "user" && **user == name);
    own.filter_map(|(id, _)| id.parse().ok()).collect()
}

/// Numbers the rows that have no number: object after object, as they come, and within one permission after permission.
fn numbered<'a>(grants: Vec<Grant<'a>>, table: &Table) -> Vec<Grant<'a>> {
    let mut objects: HashMap<(String, &str), usize> = HashMap::new();
    let mut last: BTreeMap<&str, i64> = BTreeMap::new();
    let mut sorted: Vec<(usize, String, Grant<'a>)> = Vec::new();
    for grant in grants {
        let Some(permission) = table.permissions.get(grant.permission) else { continue };
        let next = objects.len();
        let of = format!("{}.{}/{}", permission.app, permission.model, grant.object);
        let place = *objects.entry((of, grant.subject.model)).or_insert(next);
        let known = last.entry(grant.subject.model).or_default();
        *known = (*known).max(grant.id.unwrap_or_default());
        sorted.push((place, permission.codename.clone(), grant));
    }
    sorted.sort_by(|(place, codename, _), (other, name, _)| (place, codename).cmp(&(other, name)));
    let mut numbered: Vec<Grant<'a>> = Vec::new();
    for (_, _, mut grant) in sorted {
        if grant.id.is_none() {
            let last = last.entry(grant.subject.model).or_default();
            *last += 1;
            grant.id = Some(*last);
        }
        numbered.push(grant);
    }
    numbered
}

/// Adds the row that gives a permission for an object.
fn give(drafts: &mut Drafts<'_>, table: &Table, grant: &Grant<'_>) {
    let Some(permission) = table.permissions.get(grant.permission) else { return };
    if let Some(row) = drafts.add_known(grant.subject.model, &json!(grant.id)) {
        drafts.set(row, "permission", "", json!(permission.id));
        drafts.set(row, "content_type", "", json!(table.type_of(permission)));
        drafts.set(row, "object_pk", "", json!(grant.object));
        drafts.set(row, grant.subject.field, "", grant.subject.key.clone());
    }
}

/// Completes the rows that the lists of permissions for objects show. Whose they are is shown by the same lists for one
/// user or role, among the recorded `views`.
fn shown(
    fixture: &Value,
    table: &Table,
    names: &HashMap<String, usize>,
    drafts: &mut Drafts<'_>,
    problems: &mut Problems,
) {
    for (list, model, field, parameter) in [
        ("rbac/permissions/users", "guardian.userobjectpermission", "user", "user_id"),
        ("rbac/permissions/roles", "guardian.groupobjectpermission", "group", "uuid"),
    ] {
        let owners = shown_for(fixture, list, parameter);
        for (number, object) in fixture["objects"][list].as_array().into_iter().flatten().enumerate() {
            let pointer = child(&child("/objects", list), number);
            let member = |key: &str| object[key].as_str().unwrap_or_default();
            let name = format!("{}.{}", member("app_label"), member("codename"));
            let Some(permission) = names.get(&name).and_then(|position| table.permissions.get(*position))
            else {
                problems.add(
                    &pointer,
                    &unknown_permission(names, &name),
                    "change `app_label` and `codename`",
                );
                continue;
            };
            let Some(row) = drafts.find(model, &object["id"]) else { continue };
            let owner = owners.get(&*text(&object["id"])).cloned();
            let owner = match field {
                "group" => owner.and_then(|role| {
                    let role = drafts.find("authentik_rbac.role", &json!(role))?;
                    drafts.value(role, "group").cloned()
                }),
                _ => owner.and_then(|user| user.parse::<i64>().ok()).map(Value::from),
            };
            drafts.set(row, "permission", "codename", json!(permission.id));
            drafts.set(row, "content_type", "model", json!(table.type_of(permission)));
            if let Some(owner) = owner {
                drafts.set(row, field, "", owner);
            }
        }
    }
}

/// Returns for whom the rows of a list are shown, by their numbers.
fn shown_for(fixture: &Value, list: &str, parameter: &str) -> HashMap<String, String> {
    let mut found = HashMap::new();
    for (path, answers) in fixture["views"].as_object().into_iter().flatten() {
        let Some(of) = path.strip_prefix(&format!("/{list}/?{parameter}=")) else { continue };
        for answer in answers.as_object().into_iter().flat_map(|answers| answers.values()) {
            for row in answer["answer_body"]["results"].as_array().into_iter().flatten() {
                found.insert(text(&row["id"]).into_owned(), of.to_owned());
            }
        }
    }
    found
}

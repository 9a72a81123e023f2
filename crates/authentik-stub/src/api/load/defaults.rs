//! Rows that every authentik has although no list shows it, and values that rows have to have although no answer shows them.

use std::collections::HashMap;

use openapi_resources::definition::{Field, Fill, Kind};
use openapi_resources::supply::timestamp;
use serde_json::{Value, json};

use super::draft::Drafts;
use crate::api::caller::ANONYMOUS;
use crate::api::certificates::{self, Algorithm};

/// Completes the rows.
pub(super) fn complete(drafts: &mut Drafts<'_>) {
    anonymous(drafts);
    groups_of_roles(drafts);
    certificates(drafts);
    let mut given = Vec::new();
    let mut firsts = HashMap::new();
    for (number, draft) in drafts.rows().iter().enumerate() {
        let missing = drafts.fields(&draft.model).filter(|(name, field)| {
            let is_constant = field.unique && matches!(field.fill, Some(Fill::Value(_)));
            !draft.values.contains_key(*name) && !field.nullable && (field.fill.is_none() || is_constant)
        });
        for (name, field) in missing {
            if let Some(value) = value(drafts, field, &mut firsts) {
                given.push((number, name.to_owned(), value));
            }
        }
    }
    for (number, field, value) in given {
        if let Some(draft) = drafts.at(number) {
            draft.set(&field, "", value);
        }
    }
}

/// Returns a value for a field that has to have one: the first row there is, or as little as its kind allows.
/// `firsts` are the keys of the first rows that are known already, by models.
fn value<'a>(
    drafts: &Drafts<'a>,
    field: &'a Field,
    firsts: &mut HashMap<&'a str, Option<Value>>,
) -> Option<Value> {
    if let Some(reference) = &field.reference {
        let first = || {
            let key = drafts.key(&reference.model);
            drafts.of(&reference.model).next().and_then(|(_, draft)| draft.values.get(key).cloned())
        };
        return if reference.many {
            None
        } else {
            firsts.entry(&reference.model).or_insert_with(first).clone()
        };
    }
    Some(match field.kind {
        Kind::Text if field.unique => json!(drafts.supply.uuid()),
        Kind::Text => json!(""),
        Kind::Number => json!(0),
        Kind::Boolean => json!(false),
        Kind::DateTime => json!(timestamp(drafts.supply.now())),
        Kind::Any => json!({}),
    })
}

fn anonymous(drafts: &mut Drafts<'_>) {
    let is_there = drafts.by("authentik_core.user", "username").contains_key(ANONYMOUS);
    if is_there || drafts.find("authentik_core.user", &json!(1)).is_some() {
        return;
    }
    let number = drafts.add("authentik_core.user", "", &json!(1));
    if let Some(draft) = drafts.at(number) {
        draft.set("username", "", json!(ANONYMOUS));
    }
}

/// Gives key pairs without a certificate one that is good for a year.
fn certificates(drafts: &mut Drafts<'_>) {
    let bare: Vec<(usize, String)> = drafts
        .of("authentik_crypto.certificatekeypair")
        .filter(|(_, pair)| !pair.values.contains_key("certificate_data"))
        .map(|(number, pair)| (number, pair.values.get("name").map(super::text::text).unwrap_or_default()))
        .collect();
    for (number, name) in bare {
        let made = certificates::generate(&name, &[], 365, Algorithm::Ecdsa, drafts.supply.now());
        if let (Some(made), Some(pair)) = (made, drafts.at(number)) {
            pair.set("certificate_data", "", json!(made.certificate));
            pair.set("key_data", "", json!(made.key));
        }
    }
}

/// Gives roles the groups of the framework that hold their permissions.
pub(super) fn groups_of_roles(drafts: &mut Drafts<'_>) {
    let roles: Vec<(usize, Value)> = drafts
        .of("authentik_rbac.role")
        .filter(|(_, role)| !role.values.contains_key("group"))
        .map(|(number, role)| (number, role.values.get("name").cloned().unwrap_or_default()))
        .collect();
    let last = drafts.of("auth.group").filter_map(|(_, group)| group.values.get("id")?.as_i64()).max();
    for (key, (role, name)) in (last.unwrap_or_default() + 1..).zip(roles) {
        let group = drafts.add("auth.group", "", &json!(key));
        if let Some(group) = drafts.at(group) {
            group.set("name", "", name);
        }
        if let Some(role) = drafts.at(role) {
            role.set("group", "", json!(key));
        }
    }
}

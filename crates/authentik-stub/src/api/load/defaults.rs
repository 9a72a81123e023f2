//! Rows that every authentik has although no list shows it, and values that rows have to have although no answer shows them.

use std::collections::HashMap;

use openapi_resources::definition::{Fill, Kind};
use openapi_resources::plan::{Column, ModelId, ReferencePlan};
use openapi_resources::supply::timestamp;
use serde_json::{Value, json};

use super::draft::Drafts;
use super::text::text;
use crate::api::caller::ANONYMOUS;
use crate::api::certificates::{self, Algorithm};

/// Completes the rows.
pub(super) fn complete(drafts: &mut Drafts<'_>) {
    anonymous(drafts);
    groups_of_roles(drafts);
    certificates(drafts);
    let mut needed: HashMap<ModelId, Vec<usize>> = HashMap::new();
    let (mut firsts, mut given) = (HashMap::new(), Vec::new());
    for (number, draft) in drafts.rows().iter().enumerate() {
        let columns = drafts.plan.columns(draft.model);
        let needed = needed.entry(draft.model).or_insert_with(|| {
            (0..columns.len()).filter(|column| columns.get(*column).is_some_and(has_to_be_given)).collect()
        });
        for column in needed.iter().filter(|column| draft.value(**column).is_none()) {
            let value = columns.get(*column).and_then(|named| value(drafts, named, &mut firsts));
            given.extend(value.map(|value| (number, *column, value)));
        }
    }
    for (number, column, value) in given {
        drafts.set(number, column, "", value);
    }
}

/// Returns `true` if nothing else gives a field the value that it has to have.
fn has_to_be_given(column: &Column) -> bool {
    let is_constant = column.unique && matches!(column.fill, Some(Fill::Value(_)));
    !column.nullable && (column.fill.is_none() || is_constant)
}

/// Returns a value for a field that has to have one: the first row there is, or as little as its kind allows.
/// `firsts` are the keys of the first rows that are known already, by models.
fn value(
    drafts: &Drafts<'_>,
    column: &Column,
    firsts: &mut HashMap<ModelId, Option<Value>>,
) -> Option<Value> {
    if let Some(ReferencePlan { model, many, .. }) = column.reference {
        let first = || {
            let (number, _) = drafts.of(model).next()?;
            drafts.key(model, number).cloned()
        };
        return if many { None } else { firsts.entry(model).or_insert_with(first).clone() };
    }
    let supply = drafts.plan.supply();
    Some(match column.kind {
        Kind::Text if column.unique => json!(supply.uuid()),
        Kind::Text => json!(""),
        Kind::Number => json!(0),
        Kind::Boolean => json!(false),
        Kind::DateTime => json!(timestamp(supply.now())),
        Kind::Any => json!({}),
    })
}

fn anonymous(drafts: &mut Drafts<'_>) {
    let is_anonymous =
        |(number, _)| drafts.value(number, "username").is_some_and(|username| username == ANONYMOUS);
    if drafts.of("authentik_core.user").any(is_anonymous)
        || drafts.find("authentik_core.user", &json!(1)).is_some()
    {
        return;
    }
    if let Some(number) = drafts.add_known("authentik_core.user", &json!(1)) {
        drafts.set(number, "username", "", json!(ANONYMOUS));
    }
}

/// Gives key pairs without a certificate one that is good for a year.
fn certificates(drafts: &mut Drafts<'_>) {
    let pairs = drafts.of("authentik_crypto.certificatekeypair").map(|(number, _)| number);
    let bare: Vec<usize> =
        pairs.filter(|number| drafts.value(*number, "certificate_data").is_none()).collect();
    for number in bare {
        let name = drafts.value(number, "name").map(|name| text(name).into_owned()).unwrap_or_default();
        let now = drafts.plan.supply().now();
        if let Some(made) = certificates::generate(&name, &[], 365, Algorithm::Ecdsa, now) {
            drafts.set(number, "certificate_data", "", json!(made.certificate));
            drafts.set(number, "key_data", "", json!(made.key));
        }
    }
}

/// Gives roles the groups of the framework that hold their permissions.
pub(super) fn groups_of_roles(drafts: &mut Drafts<'_>) {
    let roles = drafts.of("authentik_rbac.role").map(|(number, _)| number);
    let roles: Vec<usize> = roles.filter(|number| drafts.value(*number, "group").is_none()).collect();
    let groups = drafts.of("auth.group").filter_map(|(number, _)| drafts.value(number, "id")?.as_i64());
    let last = groups.max().unwrap_or_default();
    for (key, role) in (last + 1..).zip(roles) {
        let name = drafts.value(role, "name").cloned().unwrap_or_default();
        if let Some(group) = drafts.add_known("auth.group", &json!(key)) {
            drafts.set(group, "name", "", name);
        }
        drafts.set(role, "group", "", json!(key));
    }
}

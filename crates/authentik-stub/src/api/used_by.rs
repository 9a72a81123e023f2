//! The users of an object: the rows that related objects are asked for, one relation of its class after the other.

pub(crate) mod names;

use std::cmp::Ordering;
use std::sync::Arc;

use openapi_resources::reader::Reader;
use openapi_resources::row::Row;
use openapi_server_runtime::dispatch::HandlerResponse;
use openapi_server_runtime::failure::Failure;
use serde::Serialize;

use super::caller::Caller;
use super::viewsets::User;
use super::{Api, Context, access};
use crate::api::departure::Departs;

/// A row that uses another.
#[derive(Debug, Serialize)]
struct UsedBy<'a> {
    app: &'a str,
    model_name: &'a str,
    pk: String,
    name: String,
    action: &'a str,
}

/// The bases whose own objects lack what every object has to say of itself, on which the program fails.
const ABSTRACT: [&str; 8] = [
    "authentik_core.groupsourceconnection",
    "authentik_core.propertymapping",
    "authentik_core.provider",
    "authentik_core.source",
    "authentik_core.usersourceconnection",
    "authentik_flows.stage",
    "authentik_outposts.outpostserviceconnection",
    "authentik_policies.policy",
];

/// Answers what uses the object of the path, as far as the caller may see it.
pub(crate) fn answer(api: &Api, cx: &Context) -> Result<HandlerResponse, Failure> {
    let snapshot = api.store().snapshot();
    let reader = snapshot.reader();
    let (viewset, _) = api.viewsets().of(cx.route).ok_or_else(Failure::not_found)?;
    let row = access::find(api, cx, viewset, &snapshot)?;
    let caller = cx.require_user()?;
    let model = match viewset.model.as_deref() {
        Some(model) if !viewset.shows_children() => model,
        _ => reader.model_name(row.model()),
    };
    if ABSTRACT.contains(&model) {
        return Err(Departs::BaseUnused.broken());
    }
    let (plan, models) = (api.plan(), &api.viewsets().models);
    let (mut found, mut shadows) = (Vec::new(), Vec::new());
    for user in models.get(model).map_or(&[][..], |about| &about.used_by) {
        let relation = plan.model(model).and_then(|id| plan.relation(id, &user.path));
        let rows = relation.map(|relation| reader.related(&relation, &row)).unwrap_or_default();
        let rows = visible(reader, caller, user, rows);
        if !rows.is_empty() {
            shadows.extend(
                models.get(&user.model).and_then(|about| about.shadows.as_deref()).into_iter().flatten(),
            );
        }
        let (app, model_name) = user.model.split_once('.').unwrap_or(("", &user.model));
        for row in rows {
            let name = names::of(api.viewsets(), reader, row, &user.model).trim().to_owned();
            // What has no name is left out.
            if !name.is_empty() {
                found.push(UsedBy {
                    app,
                    model_name,
                    pk: key(reader, row, &user.model),
                    name,
                    action: &user.action,
                });
            }
        }
    }
    HandlerResponse::json(200, &without(found, &shadows))
}

/// Returns the primary key of a row as one of a model, which may be a base of its own.
fn key(reader: Reader<'_>, row: &Row, model: &str) -> String {
    let key = reader.model(model).map(|model| reader.key_as(row, model));
    key.map(openapi_django::server::python::str).unwrap_or_default()
}

/// Returns the rows that the caller may see, in the order of their model.
fn visible<'a>(
    reader: Reader<'a>,
    caller: &Caller,
    user: &User,
    mut rows: Vec<&'a Arc<Row>>,
) -> Vec<&'a Arc<Row>> {
    let view = access::permission(&user.model, "view");
    if !rows.is_empty() && !caller.has(&view) {
        let keys = caller.objects(&view);
        rows.retain(|row| keys.contains(key(reader, row, &user.model).as_str()));
    }
    // Over rows that join two models, the others come in the order of their creation; a list keeps its own.
    if user.path.contains('.') {
        rows.sort_by_key(|row| row.id());
    }
    rows.sort_by(|one, other| {
        let fields = user.order.iter().map(|field| compare(reader, field, one, other));
        fields.fold(Ordering::Equal, Ordering::then)
    });
    rows
}

fn compare(reader: Reader<'_>, field: &str, one: &Row, other: &Row) -> Ordering {
    let (one, other) = (reader.value(one, field), reader.value(other, field));
    match (one.as_i64(), other.as_i64()) {
        (Some(one), Some(other)) => one.cmp(&other),
        _ => one.as_str().cmp(&other.as_str()),
    }
}

/// Leaves out rows of models that others stand for. As in the program, a row after one that is left out stays.
fn without<'a>(mut found: Vec<UsedBy<'a>>, shadows: &[&String]) -> Vec<UsedBy<'a>> {
    let mut number = 0;
    while let Some(used) = found.get(number) {
        let name = format!("{}.{}", used.app, used.model_name);
        if shadows.iter().any(|shadow| **shadow == name) {
            found.remove(number);
        }
        number += 1;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_row_after_one_that_is_left_out_stays() {
        let row = |pk: &str, model_name| UsedBy {
            app: "app",
            model_name,
            pk: pk.to_owned(),
            name: pk.to_owned(),
            action: "cascade",
        };
        let rows = vec![row("1", "base"), row("2", "base"), row("3", "child"), row("4", "base")];
        let left = without(rows, &[&"app.base".to_owned()]);
        let left: Vec<&str> = left.iter().map(|row| row.pk.as_str()).collect();
        assert_eq!(left, ["2", "3"]);
    }
}

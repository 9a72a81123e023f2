//! The filters of lists that are functions in the program.
#![allow(
    clippy::unnecessary_wraps,
    clippy::needless_pass_by_value,
    reason = "filters have one type, for a table"
)]

use openapi_resources::reader::Reader;
use openapi_resources::row::Row;
use openapi_server_runtime::operation::Location;
use serde_json::Value;

use super::super::{Api, Context, access, request};

/// A filter of a list that is a function.
pub(crate) type Filter<'a> = Box<dyn Fn(Reader<'_>, &Row) -> bool + Send + Sync + 'a>;

type Make = fn(Value) -> Option<Filter<'static>>;

/// The functions, by their names in the program.
const FUNCTIONS: &[(&str, Make)] = &[
    ("filter_has_key", |value| flag(&value, |reader, row| reader.value(row, "key_data") != "")),
    ("filter_application__isnull", |value| {
        flag(&value, |reader, row| applications(reader, row).next().is_none())
    }),
    ("filter_backchannel", |value| flag(&value, |reader, row| reader.value(row, "is_backchannel") == true)),
    ("filter_has_jwks", |value| {
        flag(&value, |reader, row| {
            let has = |name: &str| reader.value(row, name).as_str().is_some_and(|text| !text.is_empty());
            has("oidc_jwks_url")
                || reader.value(row, "oidc_jwks").as_object().is_some_and(|members| !members.is_empty())
        })
    }),
    ("filter_attributes", attributes),
    ("filter_role", role),
    ("filter_context_model_pk", |value| {
        let wanted = openapi_django::server::python::str(&value).replace('-', "");
        Some(Box::new(move |reader: Reader<'_>, row: &Row| {
            let pk = reader.value(row, "context").pointer("/model/pk");
            pk.is_some_and(|pk| openapi_django::server::python::str(pk) == wanted)
        }))
    }),
];

/// Returns the filters of a request that are functions.
pub(crate) fn filters(api: &Api, cx: &Context) -> Vec<Filter<'static>> {
    let Some((viewset, _)) = api.viewsets().of(cx.route) else { return Vec::new() };
    let values = cx.parameters(Location::Query);
    let asked = viewset.functions.iter().filter_map(|(parameter, function)| {
        let value = request::texts(values.get(parameter)?).into_iter().next()?;
        let (_, make) = FUNCTIONS.iter().find(|(name, _)| name == function)?;
        make(value)
    });
    asked.collect()
}

/// Returns a filter that asks whether something is so.
fn flag(value: &Value, is: fn(Reader<'_>, &Row) -> bool) -> Option<Filter<'static>> {
    let wanted = value.as_bool()?;
    Some(Box::new(move |reader: Reader<'_>, row: &Row| is(reader, row) == wanted))
}

/// Returns the applications of a provider.
fn applications<'a>(reader: Reader<'a>, row: &'a Row) -> impl Iterator<Item = &'a str> {
    reader
        .references(row)
        .filter(|reference| matches!(reference.field, "provider" | "backchannel_application"))
        .filter(move |reference| reader.model_name(reference.row.model()) == "authentik_core.application")
        .map(|reference| reference.field)
}

/// Returns a filter for the members that an attribute has to have.
fn attributes(value: Value) -> Option<Filter<'static>> {
    let wanted: Value = serde_json::from_str(value.as_str()?).ok()?;
    let wanted = wanted.as_object()?.clone();
    Some(Box::new(move |reader: Reader<'_>, row: &Row| {
        let have = reader.value(row, "attributes");
        wanted
            .iter()
            .all(|(path, value)| path.split("__").try_fold(have, |have, step| have.get(step)) == Some(value))
    }))
}

/// Returns a filter for the permissions that a role has.
fn role(value: Value) -> Option<Filter<'static>> {
    Some(Box::new(move |reader: Reader<'_>, row: &Row| {
        let group = reader
            .model("authentik_rbac.role")
            .and_then(|roles| reader.by_key(roles, &value))
            .map(|role| reader.value(role, "group"));
        let group =
            reader.model("auth.group").zip(group).and_then(|(groups, key)| reader.by_key(groups, key));
        let permissions = group.map(|group| reader.value(group, "permissions"));
        let _ = access::key(reader, row);
        permissions.and_then(Value::as_array).is_some_and(|keys| keys.contains(reader.key(row)))
    }))
}

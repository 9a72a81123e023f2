//! The filters of lists that are functions in the program.
#![allow(
    clippy::unnecessary_wraps,
    clippy::needless_pass_by_value,
    reason = "filters have one type, for a table"
)]

use http::StatusCode;
use openapi_django::server::python;
use openapi_resources::reader::Reader;
use openapi_resources::row::Row;
use openapi_server_runtime::failure::Failure;
use openapi_server_runtime::operation::Location;
use serde_json::{Value, json};

use super::super::applications::application;
use super::super::{Api, Context, request};

/// A filter of a list that is a function.
pub(crate) type Filter<'a> = Box<dyn Fn(Reader<'_>, &Row) -> bool + Send + Sync + 'a>;

/// The maker of a filter of its value; `None` if the value asks for nothing.
type Make = fn(Value) -> Result<Option<Filter<'static>>, Failure>;

/// The functions, by their names in the program.
const FUNCTIONS: &[(&str, Make)] = &[
    ("filter_has_key", |value| Ok(has_key(&value))),
    ("filter_application__isnull", |value| Ok(has_no_application(&value))),
    ("filter_backchannel", |value| {
        let wanted = value.as_bool();
        Ok(wanted.map(|wanted| -> Filter<'static> {
            Box::new(move |reader, row| is_backchannel(reader, row) == wanted)
        }))
    }),
    ("filter_has_jwks", |value| Ok(has_jwks(&value))),
    ("filter_attributes", attributes),
    ("filter_model", |value| Ok(holders_for_model(value))),
    ("filter_object_pk", |value| Ok(holders_for_object(value))),
    ("filter_role", |value| Ok(role(value))),
    ("filter_context_model_pk", |value| Ok(about_model(&value))),
];

/// Returns the filters of a request that are functions.
///
/// # Errors
/// 400 for a value that a function does not take.
pub(crate) fn filters(api: &Api, cx: &Context) -> Result<Vec<Filter<'static>>, Failure> {
    let Some((viewset, _)) = api.viewsets().of(cx.route) else { return Ok(Vec::new()) };
    let values = cx.parameters(Location::Query);
    let asked = viewset.functions.iter().filter_map(|(parameter, function)| {
        let value = request::texts(values.get(parameter)?).into_iter().next()?;
        let (_, make) = FUNCTIONS.iter().find(|(name, _)| name == function)?;
        make(value).transpose()
    });
    asked.collect()
}

/// Returns a filter for pairs that have a key; there is none for the others.
fn has_key(value: &Value) -> Option<Filter<'static>> {
    (*value == true).then(|| -> Filter<'static> {
        Box::new(|reader: Reader<'_>, row: &Row| reader.value(row, "key_data") != "")
    })
}

/// The providers that can serve an application beside the one that it is opened with.
const BACKCHANNEL: [&str; 4] = [
    "authentik_providers_google_workspace.googleworkspaceprovider",
    "authentik_providers_ldap.ldapprovider",
    "authentik_providers_microsoft_entra.microsoftentraprovider",
    "authentik_providers_scim.scimprovider",
];

fn is_backchannel(reader: Reader<'_>, row: &Row) -> bool {
    BACKCHANNEL.contains(&reader.model_name(row.model()))
}

/// Returns a filter for providers without an application, or for those with one: a provider that can serve one beside another
/// is asked for both, and shown if either fits.
fn has_no_application(value: &Value) -> Option<Filter<'static>> {
    let wanted = value.as_bool()?;
    Some(Box::new(move |reader: Reader<'_>, row: &Row| {
        let beside = || reader.value(row, "backchannel_application").is_null();
        application(reader, row).is_none() == wanted || is_backchannel(reader, row) && beside() == wanted
    }))
}

/// Returns a filter for sources with keys of their own, which are what the program shows whatever it is asked.
fn has_jwks(value: &Value) -> Option<Filter<'static>> {
    value.as_bool()?;
    Some(Box::new(|reader: Reader<'_>, row: &Row| *reader.value(row, "oidc_jwks") != json!({})))
}

/// Returns a filter for the key of the object that an event is about.
fn about_model(value: &Value) -> Option<Filter<'static>> {
    let wanted = python::str(value).replace('-', "");
    Some(Box::new(move |reader: Reader<'_>, row: &Row| {
        let pk = reader.value(row, "context").pointer("/model/pk");
        pk.is_some_and(|pk| python::str(pk) == wanted)
    }))
}

/// Returns a filter for the members that an attribute has to have.
///
/// # Errors
/// 400 if the value is no object in JSON.
fn attributes(value: Value) -> Result<Option<Filter<'static>>, Failure> {
    let refused =
        |sentence: &str| Failure::Body { status: StatusCode::BAD_REQUEST, value: json!([sentence]) };
    let wanted = match value.as_str() {
        None | Some("") => return Ok(None),
        Some(text) => serde_json::from_str(text).map_err(|_| refused("filter: failed to parse JSON"))?,
    };
    let Value::Object(wanted) = wanted else {
        return Err(refused("filter: value must be key:value mapping"));
    };
    Ok(Some(Box::new(move |reader: Reader<'_>, row: &Row| {
        let have = reader.value(row, "attributes");
        wanted.iter().all(|(path, value)| path.split("__").try_fold(have, step) == Some(value))
    })))
}

/// Returns the value at one step into another: a member, or an item by its position, from the end if that is negative.
fn step<'a>(value: &'a Value, step: &str) -> Option<&'a Value> {
    let Value::Array(items) = value else { return value.get(step) };
    let position: isize = step.parse().ok()?;
    let from_end = || items.len().checked_sub(position.unsigned_abs());
    items.get(if position < 0 { from_end()? } else { position.unsigned_abs() })
}

/// The permissions of a user or a role.
struct Held<'a> {
    /// For all objects: their keys.
    global: &'a Value,
    /// For one object each: the rows that give them.
    objects: Vec<&'a Row>,
    is_superuser: bool,
}

impl<'a> Held<'a> {
    fn of(reader: Reader<'a>, row: &'a Row) -> Option<Self> {
        let objects = |model: &str, field: &str, holder: &'a Row| {
            let rows = reader.model(model).map(|model| reader.find_all(model, field, reader.key(holder)));
            rows.into_iter().flatten().map(AsRef::as_ref).collect()
        };
        if reader.model_name(row.model()) == "authentik_core.user" {
            let groups = reader.model("authentik_core.group")?;
            let keys = reader.value(row, "ak_groups").as_array().into_iter().flatten();
            let mut groups = keys.filter_map(|key| reader.by_key(groups, key));
            return Some(Self {
                global: reader.value(row, "user_permissions"),
                objects: objects("guardian.userobjectpermission", "user", row),
                is_superuser: groups.any(|group| reader.value(group, "is_superuser") == true),
            });
        }
        let group = reader.by_key(reader.model("auth.group")?, reader.value(row, "group"))?;
        Some(Self {
            global: reader.value(group, "permissions"),
            objects: objects("guardian.groupobjectpermission", "group", group),
            is_superuser: false,
        })
    }
}

/// Returns a filter for the users and roles that have a permission for a model, or for one of its objects.
fn holders_for_model(value: Value) -> Option<Filter<'static>> {
    let wanted = value.as_str()?.to_owned();
    Some(Box::new(move |reader: Reader<'_>, row: &Row| {
        let is_for = |permission: &Value| {
            let row = reader.by_key(reader.model("auth.permission")?, permission)?;
            let types = reader.model("contenttypes.contenttype")?;
            let of = reader.by_key(types, reader.value(row, "content_type"))?;
            let (app, model) = wanted.split_once('.')?;
            Some(reader.value(of, "app_label") == app && reader.value(of, "model") == model)
        };
        let Some(held) = Held::of(reader, row) else { return false };
        let single = held.objects.iter().map(|row| reader.value(row, "permission"));
        let mut all = held.global.as_array().into_iter().flatten().chain(single);
        held.is_superuser || all.any(|permission| is_for(permission) == Some(true))
    }))
}

/// Returns a filter for the users and roles that have a permission for one object.
fn holders_for_object(value: Value) -> Option<Filter<'static>> {
    Some(Box::new(move |reader: Reader<'_>, row: &Row| {
        let held = Held::of(reader, row);
        held.is_some_and(|held| {
            held.is_superuser || held.objects.iter().any(|row| *reader.value(row, "object_pk") == value)
        })
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
        permissions.and_then(Value::as_array).is_some_and(|keys| keys.contains(reader.key(row)))
    }))
}

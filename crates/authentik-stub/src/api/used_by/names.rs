//! The names of rows where others name them: the texts of models, and functions where a text cannot say it.

use openapi_django::server::python;
use openapi_resources::reader::Reader;
use openapi_resources::row::Row;
use serde_json::Value;

use crate::api::viewsets::Viewsets;

/// A function that names a row.
type Name = fn(&Viewsets, Reader<'_>, &Row) -> String;

/// The models whose rows are named by functions, by themselves or by a base of theirs.
const NAMES: &[(&str, Name)] = &[
    ("auth.permission", permission),
    ("authentik_brands.brand", |_, reader, row| brand(reader, row)),
    ("authentik_core.authenticatedsession", |_, reader, row| {
        let key: String = text(reader, row, "session_key").chars().take(10).collect();
        format!("Authenticated Session {key}")
    }),
    ("authentik_core.token", |_, reader, row| token(reader, row)),
    ("authentik_enterprise.license", |_, reader, row| format!("License {}", text(reader, row, "name"))),
    ("authentik_events.notification", notification),
    ("authentik_flows.flowtoken", |_, reader, row| format!("Flow Token {}", token(reader, row))),
    ("authentik_flows.stage", |_, reader, row| format!("Stage {}", text(reader, row, "name"))),
    ("authentik_policies.policybinding", binding),
    ("authentik_providers_saml.samlpropertymapping", |_, reader, row| {
        let friendly = reader.value(row, "friendly_name");
        let name = python::str(if friendly == "" { reader.value(row, "saml_name") } else { friendly });
        format!("{} ({name})", text(reader, row, "name"))
    }),
    ("authentik_stages_authenticator_duo.duodevice", |_, reader, row| device(reader, row)),
    ("authentik_stages_authenticator_sms.smsdevice", |_, reader, row| device(reader, row)),
    ("authentik_stages_authenticator_static.staticdevice", owned_device),
    ("authentik_stages_authenticator_totp.totpdevice", owned_device),
    ("authentik_stages_authenticator_webauthn.webauthndevice", |_, reader, row| device(reader, row)),
    ("authentik_stages_invitation.invitation", |_, reader, row| {
        let creator = python::str(reader.value(row, "created_by"));
        format!("Invitation {} created by {creator}", text(reader, row, "invite_uuid"))
    }),
    ("guardian.groupobjectpermission", |viewsets, reader, row| {
        object_permission(viewsets, reader, row, ("group", "auth.group"))
    }),
    ("guardian.userobjectpermission", |viewsets, reader, row| {
        object_permission(viewsets, reader, row, ("user", "authentik_core.user"))
    }),
];

/// Returns how a row is called as one of a model, which may be a base of its own.
pub(crate) fn of(viewsets: &Viewsets, reader: Reader<'_>, row: &Row, model: &str) -> String {
    let named = |model: &str| NAMES.iter().find(|(known, _)| *known == model).map(|(_, name)| *name);
    let Some(id) = reader.model(model) else { return String::new() };
    if let Some(name) = named(model) {
        return name(viewsets, reader, row);
    }
    if let Some(text) = reader.text_as(row, id) {
        return text;
    }
    let models = &viewsets.models;
    let bases = std::iter::successors(Some(model), |model| models.get(*model)?.base.as_deref());
    match bases.into_iter().find_map(named) {
        Some(name) => name(viewsets, reader, row),
        None => python::str(reader.key(row)),
    }
}

/// Returns how a row is called as what it is.
fn whole(viewsets: &Viewsets, reader: Reader<'_>, row: &Row) -> String {
    of(viewsets, reader, row, reader.model_name(row.model()))
}

fn text<'a>(reader: Reader<'a>, row: &'a Row, field: &str) -> &'a str {
    reader.value(row, field).as_str().unwrap_or_default()
}

/// Returns how the row is called that a field names; `None` in the words of the program, if it names none.
fn other(viewsets: &Viewsets, reader: Reader<'_>, row: &Row, field: &str, model: &str) -> String {
    let found = reader.model(model).and_then(|model| reader.by_key(model, reader.value(row, field)));
    found.map_or_else(|| "None".to_owned(), |row| whole(viewsets, reader, row))
}

/// Returns how a brand is called.
pub(crate) fn brand(reader: Reader<'_>, row: &Row) -> String {
    match reader.value(row, "default") {
        Value::Bool(true) => "Default brand".to_owned(),
        _ => format!("Brand {}", text(reader, row, "domain")),
    }
}

fn token(reader: Reader<'_>, row: &Row) -> String {
    let identifier = text(reader, row, "identifier");
    match reader.value(row, "expiring") {
        Value::Bool(true) => format!("{identifier} (expires={})", time(reader.value(row, "expires"))),
        _ => identifier.to_owned(),
    }
}

/// Returns a time as Python writes it.
pub(crate) fn time(value: &Value) -> String {
    let parsed = value.as_str().and_then(|text| chrono::DateTime::parse_from_rfc3339(text).ok());
    let Some(time) = parsed else { return python::str(value) };
    let fraction = if time.timestamp_subsec_micros() == 0 { "" } else { "%.6f" };
    time.to_utc().format(&format!("%Y-%m-%d %H:%M:%S{fraction}+00:00")).to_string()
}

fn notification(_: &Viewsets, reader: Reader<'_>, row: &Row) -> String {
    const MAX_SHOWN: usize = 75;
    let body = text(reader, row, "body");
    let shown: String = body.chars().take(MAX_SHOWN).collect();
    let dots = if body.chars().count() > MAX_SHOWN { ".." } else { "" };
    format!("Notification for user {}: {shown}{dots}", python::str(reader.value(row, "user")))
}

fn binding(viewsets: &Viewsets, reader: Reader<'_>, row: &Row) -> String {
    let kinds = [
        ("policy", "Policy", "authentik_policies.policy"),
        ("group", "Group", "authentik_core.group"),
        ("user", "User", "authentik_core.user"),
    ];
    let bound = kinds.iter().find_map(|(field, title, model)| {
        let bound = reader.by_key(reader.model(model)?, reader.value(row, field))?;
        Some(format!("{title} {}", text(reader, bound, "name")))
    });
    let target = other(viewsets, reader, row, "target", "authentik_policies.policybindingmodel");
    let order = python::str(reader.value(row, "order"));
    format!("Binding from {target} #{order} to {}", bound.unwrap_or_else(|| "Invalid invalid".to_owned()))
}

/// Returns the name of a device, or the number of its user.
fn device(reader: Reader<'_>, row: &Row) -> String {
    match text(reader, row, "name") {
        "" => python::str(reader.value(row, "user")),
        name => name.to_owned(),
    }
}

/// Returns the name of a device, and of its user.
fn owned_device(viewsets: &Viewsets, reader: Reader<'_>, row: &Row) -> String {
    format!("{} ({})", text(reader, row, "name"), other(viewsets, reader, row, "user", "authentik_core.user"))
}

fn permission(viewsets: &Viewsets, reader: Reader<'_>, row: &Row) -> String {
    let model = content_type(reader, row).unwrap_or_default();
    let app = model.split('.').next().and_then(|app| viewsets.apps.get(app)).map_or("", String::as_str);
    let known = viewsets.models.get(&model).map_or("", |known| &known.name);
    format!("{app} | {known} | {}", text(reader, row, "name"))
}

/// Returns the model that a permission is for.
pub(crate) fn content_type(reader: Reader<'_>, row: &Row) -> Option<String> {
    let row = reader.by_key(reader.model("contenttypes.contenttype")?, reader.value(row, "content_type"))?;
    Some(format!("{}.{}", text(reader, row, "app_label"), text(reader, row, "model")))
}

/// Returns the object with this key of the model that the row of a permission is for.
pub(crate) fn object<'a>(reader: Reader<'a>, row: &Row, key: &Value) -> Option<&'a Row> {
    let of = reader.model(&content_type(reader, row)?)?;
    let number = || key.as_str().and_then(|key| key.parse::<i64>().ok()).map(Value::from);
    reader.by_key(of, key).or_else(|| reader.by_key(of, &number()?)).map(AsRef::as_ref)
}

fn object_permission(
    viewsets: &Viewsets,
    reader: Reader<'_>,
    row: &Row,
    (field, model): (&str, &str),
) -> String {
    let object = object(reader, row, reader.value(row, "object_pk"))
        .map_or_else(|| "None".to_owned(), |object| whole(viewsets, reader, object));
    let permission = reader.model("auth.permission");
    let permission = permission.and_then(|id| reader.by_key(id, reader.value(row, "permission")));
    let codename = permission.map(|permission| text(reader, permission, "codename")).unwrap_or_default();
    format!("{object} | {} | {codename}", other(viewsets, reader, row, field, model))
}

//! Who may do what: the permission classes and row filters of the framework, asked in its order.

use std::sync::Arc;

use http::Method;
use openapi_resources::answer::Request;
use openapi_resources::reader::Reader;
use openapi_resources::row::Row;
use openapi_resources::store::Snapshot;
use openapi_server_runtime::failure::Failure;
use openapi_server_runtime::operation::{Operation, Parameter};
use serde_json::Value;

use super::caller::Caller;
use super::viewsets::{Action, Guard, Part, Viewset};
use super::{Api, Context, request};

/// The rows of a viewset that a caller sees.
#[derive(Debug)]
pub(crate) enum Scope<'a> {
    All,
    /// The rows whose primary key the caller has this permission for.
    Permitted(&'a Caller, String),
    /// The rows that are the caller's, by the path to their owner.
    Owned(&'a Caller, Vec<&'static str>),
    None,
}

impl<'a> Scope<'a> {
    /// Returns the rows of the viewset of a request.
    pub(crate) fn of(api: &'a Api, cx: &'a Context, reader: Reader<'_>) -> Self {
        match api.viewsets().of(cx.route) {
            Some((viewset, part)) => scope(viewset, part, cx, reader),
            None => Self::All,
        }
    }

    /// Returns `true` if a row is among them.
    pub(crate) fn sees(&self, reader: Reader<'_>, row: &Row) -> bool {
        match self {
            Self::All => true,
            Self::None => false,
            Self::Permitted(caller, permission) => caller.has_on(permission, &key(reader, row)),
            Self::Owned(caller, path) => owner(reader, row, path).is_some_and(|owner| owner == caller.key),
        }
    }
}

/// Returns the primary key of a row as permissions name it.
pub(crate) fn key(reader: Reader<'_>, row: &Row) -> String {
    openapi_django::server::python::str(reader.key(row))
}

fn owner(reader: Reader<'_>, row: &Row, path: &[&str]) -> Option<Value> {
    match path {
        [field] => Some(reader.value(row, field).clone()),
        // The only one that is elsewhere is the user of a session.
        [field, rest @ ..] => {
            let sessions = reader.model("authentik_core.authenticatedsession")?;
            owner(reader, reader.by_key(sessions, reader.value(row, field))?, rest)
        }
        [] => None,
    }
}

/// Returns the path to the owner of rows; `None` if the model has none, on which the program fails.
fn owner_path(model: &str, reader: Reader<'_>) -> Option<Vec<&'static str>> {
    if model == "authentik_providers_rac.connectiontoken" {
        return Some(vec!["session", "user"]);
    }
    let id = reader.model(model)?;
    reader.fields(id).any(|field| field == "user").then(|| vec!["user"])
}

/// Returns the permission for an action on a model.
pub(crate) fn permission(model: &str, action: &str) -> String {
    let (app, name) = model.split_once('.').unwrap_or(("", model));
    format!("{app}.{action}_{name}")
}

fn scope<'a>(viewset: &Viewset, part: Part, cx: &'a Context, reader: Reader<'_>) -> Scope<'a> {
    let Some(model) = viewset.model.as_deref() else { return Scope::All };
    let Some(caller) = cx.user.as_deref() else { return Scope::None };
    let by_objects = || {
        let view = permission(model, "view");
        if caller.has(&view) { Scope::All } else { Scope::Permitted(caller, view) }
    };
    match viewset.guard() {
        _ if part == Part::UsedBy => by_objects(),
        _ if caller.is_superuser => Scope::All,
        Guard::Objects | Guard::Superuser => by_objects(),
        Guard::User => Scope::All,
        Guard::OwnObjects | Guard::Owner | Guard::OwnerOrSuperuser => match owner_path(model, reader) {
            Some(path) => Scope::Owned(caller, path),
            None => Scope::None,
        },
    }
}

fn required<'a>(caller: Option<&'a Arc<Caller>>) -> Result<&'a Caller, Failure> {
    caller.map(AsRef::as_ref).ok_or_else(Failure::not_authenticated)
}

fn demand(allowed: bool) -> Result<(), Failure> {
    if allowed { Ok(()) } else { Err(Failure::permission_denied()) }
}

/// Returns the action whose permission a method needs; reading needs none beyond seeing.
fn action_of(method: &Method) -> Option<&'static str> {
    match *method {
        Method::POST => Some("add"),
        Method::PUT | Method::PATCH => Some("change"),
        Method::DELETE => Some("delete"),
        _ => None,
    }
}

/// Returns the notes on the action that a request is for.
fn action<'a>(viewset: &'a Viewset, cx: &Context) -> Option<&'a Action> {
    viewset.actions.get(cx.operation?.id)
}

/// Returns the permission classes of an action, if it has its own.
fn classes<'a>(viewset: &'a Viewset, cx: &Context) -> Option<&'a [String]> {
    action(viewset, cx)?.permission_classes.as_deref()
}

/// Checks that a route may be used at all, before anything is looked up.
///
/// # Errors
/// 403 if not.
pub(crate) fn permit(api: &Api, cx: &Context, method: &Method) -> Result<(), Failure> {
    let Some((viewset, part)) = api.viewsets().of(cx.route) else {
        return super::actions::permit(api, cx);
    };
    let caller = cx.user.as_ref();
    match classes(viewset, cx) {
        Some([]) => return Ok(()),
        Some([only]) if only == "AllowAny" => return Ok(()),
        Some([only]) if only == "IsAuthenticated" => return required(caller).map(drop),
        _ => {}
    }
    let is_detail = matches!(part, Part::Detail | Part::DetailAction | Part::UsedBy);
    match viewset.guard() {
        Guard::Objects | Guard::OwnObjects if is_detail => Ok(()),
        Guard::Objects | Guard::OwnObjects => {
            let caller = required(caller)?;
            let model = viewset.model.as_deref().unwrap_or_default();
            match action_of(method) {
                Some(action) => demand(caller.has(&permission(model, action))),
                None => Ok(()),
            }
        }
        Guard::Superuser => demand(required(caller)?.is_superuser),
        Guard::Owner | Guard::OwnerOrSuperuser | Guard::User => required(caller).map(drop),
    }
}

/// Checks that the object of the path is there, and that the caller may use it with a method. Of a list that is read it
/// is only checked that the caller sees anything.
///
/// # Errors
/// 400 for an invalid filter, 403 or 404 if not.
pub(crate) async fn admit(api: &Api, cx: &Context, method: &Method) -> Result<(), Failure> {
    let Some((viewset, part)) = api.viewsets().of(cx.route) else { return Ok(()) };
    let snapshot = api.store().snapshot();
    let reader = snapshot.reader();
    let Some(model) = viewset.model.as_deref() else { return Ok(()) };
    let caller = cx.user.as_deref();
    let action = action(viewset, cx);
    let required = action.and_then(|action| action.permission_required.as_ref());
    if let Some(globals) = required.and_then(|required| required.global.as_ref())
        && matches!(part, Part::Action | Part::List)
    {
        let caller = caller.ok_or_else(Failure::not_authenticated)?;
        return demand(globals.iter().all(|permission| caller.has(permission)));
    }
    match part {
        Part::List if method == Method::GET || method == Method::HEAD => {
            let scope = visible(viewset, part, cx, &snapshot)?;
            drop(scope);
            return Ok(());
        }
        Part::List | Part::Action => return Ok(()),
        Part::Detail | Part::DetailAction | Part::UsedBy => {}
    }
    if part == Part::DetailAction && classes(viewset, cx).is_some_and(|classes| classes == ["AllowAny"]) {
        return Ok(());
    }
    if super::actions::is_open(cx) {
        return Ok(());
    }
    let scope = visible(viewset, part, cx, &snapshot)?;
    let row = find(api, cx, viewset, &snapshot)?;
    if !scope.sees(reader, &row) {
        return Err(Failure::not_found());
    }
    let filters = action.and_then(|action| action.filter_backends.as_ref());
    if part != Part::UsedBy && filters.is_none_or(|filters| !filters.is_empty()) {
        selected(api, cx, viewset, &snapshot, &row).await?;
    }
    if method == Method::OPTIONS {
        return Ok(());
    }
    let caller = caller.ok_or_else(Failure::permission_denied)?;
    touch(api, viewset, part, cx, method, caller, (reader, &row))?;
    if let Some(required) = required {
        let object = required.object.as_deref().filter(|permission| !permission.is_empty());
        if let Some(permission) = object {
            let is_of_another_app = !caller.is_superuser
                && !caller.has(permission)
                && permission.split('.').next() != reader.model_name(row.model()).split('.').next()
                && model != reader.model_name(row.model());
            if is_of_another_app {
                return Err(Failure::ServerError);
            }
            demand(caller.has_on(permission, &key(reader, &row)))?;
        }
        for permission in required.global.iter().flatten() {
            demand(caller.has(permission))?;
        }
    }
    Ok(())
}

/// Returns the rows that a caller sees.
///
/// # Errors
/// 403 if there can be none; a server error where the program fails.
fn visible<'a>(
    viewset: &Viewset,
    part: Part,
    cx: &'a Context,
    snapshot: &Snapshot,
) -> Result<Scope<'a>, Failure> {
    let reader = snapshot.reader();
    let scope = scope(viewset, part, cx, reader);
    match &scope {
        Scope::None if cx.user.is_none() => match viewset.guard() {
            Guard::OwnObjects if part != Part::UsedBy => Err(Failure::not_found()),
            _ => Err(Failure::permission_denied()),
        },
        Scope::None => Err(Failure::ServerError),
        Scope::Permitted(caller, view) => {
            // Nobody can hold a permission for the base of an object that is always handed out as what it is.
            let model = viewset.model.as_deref().unwrap_or_default();
            let holds = model != "authentik_policies.policy" && caller.has_on_any(view);
            let any = holds
                && reader.model(model).is_some_and(|model| reader.rows(model).any(|row| scope.sees(reader, row)));
            demand(any || caller.is_internal_service_account)?;
            Ok(scope)
        }
        _ => Ok(scope),
    }
}

/// Returns the row that the path names.
pub(crate) fn find(api: &Api, cx: &Context, viewset: &Viewset, snapshot: &Snapshot) -> Result<Arc<Row>, Failure> {
    let operation = operation_of(api, viewset).ok_or_else(Failure::not_found)?;
    let asked = Request { operation, path: request::path(cx), ..Request::default() };
    snapshot.named(&asked).map_err(|_| Failure::not_found())
}

/// Returns an operation of the collection of a viewset.
fn operation_of<'a>(api: &'a Api, viewset: &Viewset) -> Option<&'a str> {
    let collections = &api.store().plan().definition().collections;
    collections.get(&viewset.path)?.operations.keys().next().map(String::as_str)
}

/// Checks that the filters of the query leave an object where it is.
async fn selected(
    api: &Api,
    cx: &Context,
    viewset: &Viewset,
    snapshot: &Snapshot,
    row: &Row,
) -> Result<(), Failure> {
    if cx.query.iter().next().is_none() {
        return Ok(());
    }
    let Some(list) = list_of(api, viewset) else { return Ok(()) };
    let parameters: &'static [Parameter] = list.parameters;
    let values = openapi_django::server::values(parameters, api, cx).await?;
    let query = parameters
        .iter()
        .filter_map(|parameter| Some((parameter.name, request::texts(values.get(parameter.name)?))))
        .collect();
    let asked = Request { operation: list.id, query, ..Request::default() };
    match snapshot.lists(&asked, row) {
        Ok(true) => Ok(()),
        _ => Err(Failure::not_found()),
    }
}

/// Returns the operation that lists the objects of a viewset.
fn list_of(_: &Api, viewset: &Viewset) -> Option<&'static Operation> {
    let tables = super::asset::tables().ok()?;
    tables.operations.iter().find(|operation| operation.path == viewset.path && operation.method == Method::GET)
}

/// Checks the permission for a method on an object that the caller sees.
fn touch(
    api: &Api,
    viewset: &Viewset,
    part: Part,
    cx: &Context,
    method: &Method,
    caller: &Caller,
    (reader, row): (Reader<'_>, &Row),
) -> Result<(), Failure> {
    let model = viewset.model.as_deref().unwrap_or_default();
    if classes(viewset, cx).is_some() {
        return Ok(());
    }
    match viewset.guard() {
        Guard::Objects | Guard::OwnObjects => {
            let Some(action) = action_of(method) else { return Ok(()) };
            let is_of_child = reader.model_name(row.model()) != model;
            if is_of_child && !caller.is_superuser && matches!(part, Part::Detail | Part::DetailAction) {
                let _ = api;
                return Err(Failure::ServerError);
            }
            demand(caller.has_on(&permission(model, action), &key(reader, row)))
        }
        Guard::Owner => demand(owner(reader, row, &["user"]).is_some_and(|owner| owner == caller.key)),
        Guard::OwnerOrSuperuser => demand(
            caller.is_superuser
                || reader.value(row, "user") == &caller.key && !caller.key.is_null(),
        ),
        Guard::Superuser => demand(caller.is_superuser),
        Guard::User => Ok(()),
    }
}

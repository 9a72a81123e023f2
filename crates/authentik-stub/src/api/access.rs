//! Who may do what: the permission classes and the filters of rows of the framework, asked in its order.
//!
//! The demands on callers are data: [`rules`] reads it from the facts about the viewsets. Here is how it is asked.

mod keys;
mod rules;
mod scope;

use std::sync::Arc;

use http::Method;
use openapi_resources::answer::Request;
use openapi_resources::row::Row;
use openapi_resources::store::Snapshot;
use openapi_server_runtime::failure::Failure;
use openapi_server_runtime::operation::{Operation, Parameter};

use super::caller::Caller;
use super::departure::Departs;
use super::viewsets::{Part, Viewset};
use super::{Api, Context, request};
use rules::{Class, Rule};

pub(crate) use keys::{key, permission};
pub(crate) use scope::Scope;

/// Returns the action whose permission a method needs; reading needs none beyond seeing.
fn action_of(method: &Method) -> Option<&'static str> {
    match *method {
        Method::POST => Some("add"),
        Method::PUT | Method::PATCH => Some("change"),
        Method::DELETE => Some("delete"),
        _ => None,
    }
}

/// Returns what a caller is told who may not do what he asks for.
fn denied(caller: Option<&Arc<Caller>>) -> Failure {
    if caller.is_some() { Failure::permission_denied() } else { Failure::not_authenticated() }
}

/// Checks that a route may be used at all, before anything is looked up.
///
/// # Errors
/// 403 if not.
pub(crate) fn permit(api: &Api, cx: &Context, method: &Method) -> Result<(), Failure> {
    let caller = cx.user.as_ref();
    let (class, viewset, names_object) = match Rule::of(api, cx) {
        Some(rule) => (rule.class, Some(rule.viewset), rule.part.names_object()),
        None => (rules::other(cx, method), None, false),
    };
    let allowed = match class {
        Class::Anybody => true,
        Class::Admin => caller.is_some_and(|caller| caller.is_superuser),
        Class::Holder(permission) => caller.is_some_and(|caller| caller.has(permission)),
        // What is allowed for an object is decided where it is found.
        Class::Objects if names_object => true,
        Class::Objects => {
            let model = viewset.and_then(|viewset| viewset.model.as_deref()).unwrap_or_default();
            let needed = action_of(method).map(|action| permission(model, action));
            caller.is_some_and(|caller| needed.is_none_or(|needed| caller.has(&needed)))
        }
        Class::User | Class::Owner | Class::OwnerOrSuperuser => caller.is_some(),
    };
    if !allowed {
        return Err(denied(caller));
    }
    // Whoever may change an object is asked for the object as well, before its fields are described.
    if *method == Method::POST { undescribed(cx) } else { Ok(()) }
}

/// The viewsets whose fields cannot be described.
const UNDESCRIBED: [&str; 1] = ["/stages/email/"];

/// Fails, as the program does, if the fields of a view are to be described and cannot be.
fn undescribed(cx: &Context) -> Result<(), Failure> {
    let is_one = cx.method == Method::OPTIONS && UNDESCRIBED.iter().any(|path| cx.route.starts_with(path));
    if is_one { Err(Departs::Undescribed.broken()) } else { Ok(()) }
}

/// Checks that the object of the path is there, and that the caller may use it with a method. Of a list that is read it
/// is checked that the caller sees anything.
///
/// # Errors
/// 400 for an invalid filter, 403 or 404 if not.
pub(crate) async fn admit(api: &Api, cx: &Context, method: &Method) -> Result<(), Failure> {
    let Some(rule) = Rule::of(api, cx) else { return Ok(()) };
    if method == Method::OPTIONS || rule.viewset.model.is_none() {
        return Ok(());
    }
    let snapshot = api.store().snapshot();
    let asked = Asked { api, cx, method, rule: &rule, snapshot: &snapshot };
    let required = rule.required();
    if let Some(needed) =
        required.and_then(|required| required.object.as_deref()).filter(|needed| !needed.is_empty())
    {
        asked.require(needed).await?;
    }
    for needed in required.and_then(|required| required.global.as_deref()).into_iter().flatten() {
        if !cx.user.as_ref().is_some_and(|caller| caller.has(needed)) {
            return Err(denied(cx.user.as_ref()));
        }
    }
    match rule.part {
        Part::List if matches!(*method, Method::GET | Method::HEAD) => asked.visible().map(drop),
        Part::Action if rule.reads_list() => asked.visible().map(drop),
        Part::List | Part::Action => Ok(()),
        Part::DetailAction if !rule.asks_for_object() => find(api, cx, rule.viewset, &snapshot).map(drop),
        Part::Detail | Part::DetailAction | Part::UsedBy => {
            asked.object().await?;
            if rule.part == Part::Detail && method == Method::PUT { undescribed(cx) } else { Ok(()) }
        }
    }
}

/// A request, and what is asked of its caller.
struct Asked<'a> {
    api: &'a Api,
    cx: &'a Context,
    method: &'a Method,
    rule: &'a Rule<'a>,
    snapshot: &'a Snapshot,
}

impl<'a> Asked<'a> {
    fn model(&self) -> &'a str {
        self.rule.viewset.model.as_deref().unwrap_or_default()
    }

    /// Returns the model that the program takes a row for: what it is, or what the viewset is about.
    fn model_of(&self, row: &Row) -> &'a str {
        let reader = self.snapshot.reader();
        if self.rule.viewset.shows_children() { reader.model_name(row.model()) } else { self.model() }
    }

    /// Returns the rows that the caller sees.
    ///
    /// # Errors
    /// 403 if there can be none; a server error where the program fails.
    fn visible(&self) -> Result<Scope<'a>, Failure> {
        Scope::of_rule(self.rule, self.cx, self.snapshot.reader())
    }

    /// Returns the object of the path.
    ///
    /// # Errors
    /// 400 for an invalid filter, 404 if it is not there or not to be seen, 403 if the caller may not use it.
    async fn object(&self) -> Result<Arc<Row>, Failure> {
        let scope = self.visible()?;
        let selection = Selection::of(self).await?;
        let row = find(self.api, self.cx, self.rule.viewset, self.snapshot)?;
        if !scope.sees(self.snapshot.reader(), &row) || !selection.has(self.snapshot, &row) {
            return Err(Failure::not_found());
        }
        if self.allows(&row)? { Ok(row) } else { Err(denied(self.cx.user.as_ref())) }
    }

    /// Returns `true` if the permission class lets the caller use an object.
    fn allows(&self, row: &Row) -> Result<bool, Failure> {
        let (reader, caller) = (self.snapshot.reader(), self.cx.user.as_deref());
        let is_own =
            || caller.is_some_and(|caller| !caller.key.is_null() && *reader.value(row, "user") == caller.key);
        match self.rule.class {
            Class::Objects => match action_of(self.method) {
                Some(action) => self.has_on(&permission(self.model(), action), row),
                None => Ok(true),
            },
            Class::Owner => Ok(is_own()),
            Class::OwnerOrSuperuser => Ok(caller.is_some_and(|caller| caller.is_superuser) || is_own()),
            Class::Anybody | Class::User | Class::Admin | Class::Holder(_) => Ok(true),
        }
    }

    /// Returns `true` if the caller has a permission for all objects, or for this one. The program fails if it asks for
    /// the permission of another app.
    fn has_on(&self, needed: &str, row: &Row) -> Result<bool, Failure> {
        let caller = self.cx.user.as_deref();
        if caller.is_some_and(|caller| caller.has(needed)) {
            return Ok(true);
        }
        let app = |name: &str| name.split('.').next().map(str::to_owned);
        let model = self.model_of(row);
        if app(needed) != app(model) {
            return Err(Departs::ForeignPermission.broken());
        }
        let key = key(self.snapshot.reader(), row);
        Ok(caller.is_some_and(|caller| caller.has_on_one(needed, model, &key)))
    }

    /// Checks the permission for the object that an action demands, which the caller has for all or for this one.
    async fn require(&self, needed: &str) -> Result<(), Failure> {
        if self.cx.user.as_ref().is_some_and(|caller| caller.has(needed)) {
            return Ok(());
        }
        let row = self.object().await?;
        if self.has_on(needed, &row)? { Ok(()) } else { Err(denied(self.cx.user.as_ref())) }
    }
}

/// Returns the row that the path names.
pub(crate) fn find(
    api: &Api,
    cx: &Context,
    viewset: &Viewset,
    snapshot: &Snapshot,
) -> Result<Arc<Row>, Failure> {
    let collections = &api.plan().definition().collections;
    let collection = collections.get(&viewset.path).ok_or_else(Failure::not_found)?;
    let operation = collection.operations.keys().next().ok_or_else(Failure::not_found)?;
    let asked = Request { operation, path: request::path(cx), ..Request::default() };
    // No text of the database has such a character, and asking for one makes it fail.
    if cx.path.iter().any(|(name, text)| text.contains('\0') && !request::is_number(cx, name)) {
        return Err(Departs::NullCharacter.broken());
    }
    if collection.lookup.is_some() {
        return snapshot.named(&asked).map_err(|_| Failure::not_found());
    }
    // No operation of the list names one of its rows, but an action does, by the key.
    let reader = snapshot.reader();
    let model = viewset.model.as_deref().and_then(|model| reader.model(model));
    let key = asked.path.last().map(|(_, key)| key);
    let found = model.zip(key).and_then(|(model, key)| reader.by_key(model, key));
    found.map(Arc::clone).ok_or_else(Failure::not_found)
}

/// The filters of the query of a request, which leave objects out of lists and of their own paths.
struct Selection<'a>(Option<(&'static str, Query<'a>)>);

/// The parameters of a query with their values.
type Query<'a> = Vec<(&'a str, Vec<serde_json::Value>)>;

impl Selection<'_> {
    /// Returns the filters of a request.
    ///
    /// # Errors
    /// 400 if one is invalid.
    async fn of(asked: &Asked<'_>) -> Result<Self, Failure> {
        let Asked { api, cx, rule, .. } = asked;
        if !rule.selects() || cx.query.iter().next().is_none() {
            return Ok(Self(None));
        }
        let Some(list) = list_of(api, rule.viewset) else { return Ok(Self(None)) };
        let parameters: &'static [Parameter] = list.parameters;
        let values = openapi_django::server::values(parameters, *api, cx).await?;
        let collections = &api.plan().definition().collections;
        let Some(collection) = collections.get(&rule.viewset.path) else { return Ok(Self(None)) };
        // Other parameters of a list say how it is shown, not what is in it.
        let narrows = |name: &str| {
            let searches = collection.search.as_ref().is_some_and(|search| search.parameter == name);
            searches || collection.filters.contains_key(name)
        };
        let query = parameters
            .iter()
            .filter(|parameter| narrows(parameter.name))
            .filter_map(|parameter| Some((parameter.name, request::texts(values.get(parameter.name)?))))
            .collect();
        Ok(Self(Some((list.id, query))))
    }

    fn has(&self, snapshot: &Snapshot, row: &Row) -> bool {
        let Some((operation, query)) = &self.0 else { return true };
        let asked = Request { operation, query: query.clone(), ..Request::default() };
        snapshot.lists(&asked, row) == Ok(true)
    }
}

/// Returns the operation whose object a view describes: of an action the one that writes the objects of its viewset, and of
/// the views outside the viewsets only that of the settings.
pub(crate) fn described(api: &Api, operation: &'static Operation) -> Option<&'static Operation> {
    let viewsets = api.viewsets();
    let Some((viewset, part)) = viewsets.of(operation.path) else {
        return Some(operation).filter(|_| operation.path == "/admin/settings/");
    };
    if !matches!(part, Part::Action | Part::DetailAction) {
        return Some(operation);
    }
    let of_viewset = |part: Part, method: Method| {
        let mut operations = api.operations().iter();
        operations.find(|other| {
            let of = viewsets
                .of(other.path)
                .is_some_and(|(of, of_part)| of.path == viewset.path && of_part == part);
            of && other.method == method
        })
    };
    of_viewset(Part::List, Method::POST)
        .or_else(|| of_viewset(Part::Detail, Method::PUT))
        .or_else(|| of_viewset(Part::Detail, Method::GET))
}

/// Returns the operation that lists the objects of a viewset.
fn list_of(api: &Api, viewset: &Viewset) -> Option<&'static Operation> {
    let mut operations = api.operations().iter();
    operations.find(|operation| operation.path == viewset.path && operation.method == Method::GET)
}

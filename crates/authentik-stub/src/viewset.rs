//! The mechanism behind every list and every object of the API: who sees which rows, filters, search, ordering and
//! pages; looking one object up, changing and removing it. A [`Viewset`] declares what it is about, and this module does
//! the rest; what an operation is called is for the file of its viewset.
//!
//! # Adding a viewset
//!
//! Add a file like that of [`crate::group_oauth_connections`]: the rows (a struct with an `impl Row` and an `impl Checked`), the columns, an
//! `impl Viewset`, and the service trait of its operations implemented for [`StubApi`]. Then add its `mod` line and its
//! line in the list of `models.rs`.

use std::sync::Arc;

use authentik_sources_types::{Pagination, UsedBy};
use http::{Method, StatusCode};
use openapi_server_runtime::failure::Failure;
use openapi_server_runtime::filters::ListQuery;
use openapi_server_runtime::request::RequestContext;

use crate::column::Column;
use crate::filter;
use crate::ordering::Ordering;
use crate::page::Page;
use crate::permission::{Model, Policy, Scope};
use crate::reference_data::User;
use crate::row::Row;
use crate::search::Search;
use crate::state::{Record, State};
use crate::stub_api::StubApi;

/// A request, and who makes it.
pub type Context = RequestContext<Arc<User>>;

/// The description of one kind of objects.
pub trait Viewset: Sized + 'static {
    /// The rows.
    type Record: Record;
    /// The form of a row that clients see.
    type Wire: Send + 'static;
    /// The query parameters of the list.
    type Query: ListQuery;

    /// The model of these objects in permissions.
    const MODEL: Model;
    /// The rules for who may do what.
    const POLICY: Policy;
    /// The route of the list. An object's route has one variable more, and the one for what uses it ends in `used_by/`.
    const ROUTE: &'static str;
    /// The columns.
    const COLUMNS: &'static [Column<Self::Record>];
    /// The columns the list is ordered by unless a request says otherwise.
    const DEFAULT_ORDERING: &'static [&'static str];

    /// Returns the row that the variable of a path identifies.
    ///
    /// # Errors
    /// If the value is so wrong that not even looking for it is possible.
    fn find<'a>(state: &'a State, lookup: &str) -> Result<Option<&'a Self::Record>, Failure>;

    /// Returns a row as a client sees it.
    ///
    /// # Errors
    /// A server error if the row refers to something that is not there.
    fn wire(row: &Self::Record, state: &State) -> Result<Self::Wire, Failure>;

    /// Checks that a row may be stored as it is. No other writer runs meanwhile.
    ///
    /// # Errors
    /// If it may not, usually [`Failure::Validation`].
    fn check(row: &Self::Record, state: &State) -> Result<(), Failure> {
        let _ = (row, state);
        Ok(())
    }

    /// Returns the objects that depend on a row and are visible to this user.
    fn used_by(row: &Self::Record, state: &State, user: &User) -> Vec<UsedBy> {
        let _ = (row, state, user);
        Vec::new()
    }
}

/// The value of a path's variable, which names an object: a slug or a number.
pub trait Lookup: ToString + Sync {}

impl<T: ToString + Sync> Lookup for T {}

/// The kinds of routes that a viewset has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RouteKind {
    /// The list.
    List,
    /// An object.
    Detail,
    /// The users of an object.
    UsedBy,
}

impl RouteKind {
    /// Returns the kind of a route, if it is one of the routes of a viewset.
    #[must_use]
    pub fn of(route: &str, viewset: &str) -> Option<Self> {
        let rest = route.strip_prefix(viewset)?;
        let (variable, rest) = rest.split_once('/').unwrap_or((rest, ""));
        match (variable.starts_with('{'), variable, rest) {
            (false, "", "") => Some(Self::List),
            (true, _, "") => Some(Self::Detail),
            (true, _, "used_by/") => Some(Self::UsedBy),
            _ => None,
        }
    }

    fn scope(self) -> Scope {
        if self == Self::List { Scope::List } else { Scope::Object }
    }
}

/// Checks that a route of this viewset may be used with a method.
///
/// # Errors
/// 403 if not.
pub fn permit<V: Viewset>(cx: &Context, method: &Method, kind: RouteKind) -> Result<(), Failure> {
    V::POLICY.permit(V::MODEL, cx.user.as_deref(), method, kind.scope())
}

/// Checks that the object of the path is visible, passes the query's filters, and may be used with a method. For a list
/// that is read, only checks that the user may see anything in it.
///
/// # Errors
/// 400 for an invalid filter, 403 or 404 if not.
pub async fn admit<V: Viewset>(
    api: &StubApi,
    cx: &Context,
    method: &Method,
    kind: RouteKind,
) -> Result<(), Failure> {
    let state = api.store().read();
    let user = cx.user.as_deref();
    let Some((_, lookup)) = cx.path.first() else {
        return if cx.is_safe() { visible::<V>(V::POLICY, &state, user).map(drop) } else { Ok(()) };
    };
    // What uses an object is only asked for by permission, and its query is ignored.
    let (rows, query): (_, Option<V::Query>) = if kind == RouteKind::UsedBy {
        (visible::<V>(Policy::Permissions, &state, user)?, None)
    } else {
        let rows = visible::<V>(V::POLICY, &state, user)?;
        (rows, Some(openapi_django::server::query(api, cx).await?))
    };
    let row = V::find(&state, lookup)?.ok_or_else(Failure::not_found)?;
    let key = row.key();
    let seen = rows.iter().any(|seen| seen.key() == key);
    let selected = query.is_none_or(|query| selects::<V>(&query, row, &state));
    if seen && selected {
        V::POLICY.touch(V::MODEL, user, method, &key.to_string())
    } else {
        Err(Failure::not_found())
    }
}

/// Returns one page of the list. Everything on it, and every number about it, is from one snapshot.
///
/// # Errors
/// 403 if the user may see nothing, 404 if there is no such page.
pub fn list<V: Viewset>(
    api: &StubApi,
    cx: &Context,
    query: &V::Query,
) -> Result<(Pagination, Vec<V::Wire>), Failure> {
    let state = api.store().read();
    let rows = visible::<V>(V::POLICY, &state, cx.user.as_deref())?;
    let search = Search::parse(query.search());
    let filters = query.filters();
    let wanted = |row: &V::Record| {
        filter::matches(&filters, row, V::COLUMNS, &state) && search.matches(row, V::COLUMNS, &state)
    };
    let rows: Vec<_> = rows.into_iter().filter(|row| wanted(row)).collect();
    let size = query.page_size().map(openapi_server_runtime::filters::PageSize::rows);
    let page = Page::cut(rows.len(), query.page(), size).ok_or_else(invalid_page)?;
    let sorted = Ordering::parse(query.ordering(), V::COLUMNS, V::DEFAULT_ORDERING).sort(rows, &state);
    let results: Result<_, _> =
        sorted.get(page.rows()).unwrap_or_default().iter().map(|row| V::wire(row, &state)).collect();
    Ok((page.pagination(), results?))
}

/// Returns the failure for an invalid or missing page.
fn invalid_page() -> Failure {
    Failure::detail(StatusCode::NOT_FOUND, "Invalid page.")
}

/// Returns one object.
///
/// # Errors
/// 404 if there is none.
pub fn retrieve<V: Viewset>(api: &StubApi, lookup: &impl Lookup) -> Result<V::Wire, Failure> {
    let state = api.store().read();
    V::wire(V::find(&state, &lookup.to_string())?.ok_or_else(Failure::not_found)?, &state)
}

/// Stores a new object.
///
/// # Errors
/// If the viewset does not let it be stored.
pub async fn create<V: Viewset>(api: &StubApi, row: V::Record) -> Result<V::Wire, Failure> {
    api.store()
        .write(move |tx| {
            V::check(&row, tx.state())?;
            let wire = V::wire(&row, tx.state())?;
            tx.put(row)?;
            Ok(wire)
        })
        .await
}

/// Changes an object.
///
/// # Errors
/// 404 if it has gone meanwhile; or if the viewset does not let it be stored.
pub async fn update<V: Viewset>(
    api: &StubApi,
    lookup: &impl Lookup,
    change: impl FnOnce(&mut V::Record) + Send + 'static,
) -> Result<V::Wire, Failure> {
    let lookup = lookup.to_string();
    api.store()
        .write(move |tx| {
            let mut row = V::find(tx.state(), &lookup)?.cloned().ok_or_else(Failure::not_found)?;
            change(&mut row);
            V::check(&row, tx.state())?;
            let wire = V::wire(&row, tx.state())?;
            tx.put(row)?;
            Ok(wire)
        })
        .await
}

/// Removes an object.
///
/// # Errors
/// 404 if it has gone meanwhile.
pub async fn destroy<V: Viewset>(api: &StubApi, lookup: &impl Lookup) -> Result<(), Failure> {
    let lookup = lookup.to_string();
    api.store()
        .write(move |tx| {
            let key = V::find(tx.state(), &lookup)?.map(Row::key).ok_or_else(Failure::not_found)?;
            tx.remove::<V::Record>(&key);
            Ok(())
        })
        .await
}

/// Returns the objects that use an object and are visible to the user.
///
/// # Errors
/// 403 if nobody is logged in, 404 if there is no such object.
pub fn used_by<V: Viewset>(
    api: &StubApi,
    cx: &Context,
    lookup: &impl Lookup,
) -> Result<Vec<UsedBy>, Failure> {
    let state = api.store().read();
    let row = V::find(&state, &lookup.to_string())?.ok_or_else(Failure::not_found)?;
    Ok(V::used_by(row, &state, cx.require_user()?))
}

fn visible<'a, V: Viewset>(
    policy: Policy,
    state: &'a State,
    user: Option<&User>,
) -> Result<Vec<&'a V::Record>, Failure> {
    policy.visible(V::MODEL, user, V::Record::table(state).iter(), |row| row.key().to_string())
}

fn selects<V: Viewset>(query: &V::Query, row: &V::Record, state: &State) -> bool {
    filter::matches(&query.filters(), row, V::COLUMNS, state)
        && Search::parse(query.search()).matches(row, V::COLUMNS, state)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_route_of_a_viewset_has_a_kind() {
        let cases = [
            ("/things/", Some(RouteKind::List)),
            ("/things/{slug}/", Some(RouteKind::Detail)),
            ("/things/{slug}/used_by/", Some(RouteKind::UsedBy)),
            ("/things/redeem/", None),
            ("/things/{slug}/other/", None),
            ("/other/", None),
        ];
        for (route, expected) in cases {
            assert_eq!(RouteKind::of(route, "/things/"), expected, "{route}");
        }
    }
}

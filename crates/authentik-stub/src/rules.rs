//! The rules of routes, looked up among the viewsets. The two routes that redeem a Plex token have rules of their own
//! ([`crate::redeem`]), and an operation that nobody has filled in yet has the least there are.

use std::pin::Pin;

use http::Method;
use openapi_server_runtime::failure::Failure;
use openapi_server_runtime::operation::Operation;

use crate::models::for_each_model;
use crate::redeem;
use crate::state::{Record, State};
use crate::stub_api::StubApi;
use crate::viewset::{self, Context, RouteKind, Viewset};

/// A response that may take time.
type Answer<'a> = Pin<Box<dyn Future<Output = Result<(), Failure>> + Send + 'a>>;

/// The rules of a route.
pub(crate) enum Rules {
    Viewset(&'static ViewsetRules, RouteKind),
    Redeeming,
    /// Those of an operation that still answers with the example of its schema: who needs to be somebody, is.
    Unwritten,
}

/// The rules of a viewset's routes, whatever its rows are.
pub(crate) struct ViewsetRules {
    route: &'static str,
    permit: fn(&Context, &Method, RouteKind) -> Result<(), Failure>,
    admit: for<'a> fn(&'a StubApi, &'a Context, &'a Method, RouteKind) -> Answer<'a>,
    table: &'static str,
    count: fn(&State) -> usize,
}

/// Counts the objects of each model that has a viewset, by the name of the table.
pub(crate) fn counts(state: &State) -> impl Iterator<Item = (&'static str, usize)> {
    VIEWSETS.iter().map(|rules| (rules.table, (rules.count)(state)))
}

/// Makes the rules of the list of models.
macro_rules! viewsets {
    ($($(#[$about:meta])* $table:ident: $record:ty $(=> $module:ident::$viewset:ident)?;)*) => {
        /// Every viewset.
        const VIEWSETS: &[ViewsetRules] = &[$($(ViewsetRules::of::<crate::$module::$viewset>(),)?)*];
    };
}

for_each_model!(viewsets);

impl ViewsetRules {
    const fn of<V: Viewset>() -> Self {
        Self {
            route: V::ROUTE,
            permit: viewset::permit::<V>,
            admit: |api, cx, method, kind| Box::pin(viewset::admit::<V>(api, cx, method, kind)),
            table: V::Record::TABLE,
            count: |state| V::Record::table(state).len(),
        }
    }
}

impl Rules {
    pub(crate) fn of(route: &str) -> Self {
        let viewset = VIEWSETS.iter().find_map(|rules| Some((rules, RouteKind::of(route, rules.route)?)));
        match viewset {
            Some((rules, kind)) => Self::Viewset(rules, kind),
            None if redeem::ROUTES.contains(&route) => Self::Redeeming,
            None => Self::Unwritten,
        }
    }
}

pub(crate) fn permit(cx: &Context, method: &Method) -> Result<(), Failure> {
    match Rules::of(cx.route) {
        Rules::Viewset(rules, kind) => (rules.permit)(cx, method, kind),
        Rules::Redeeming => redeem::permit(cx),
        Rules::Unwritten if cx.operation.is_some_and(Operation::allows_anonymous) => Ok(()),
        Rules::Unwritten => cx.require_user().map(drop),
    }
}

pub(crate) async fn admit(api: &StubApi, cx: &Context, method: &Method) -> Result<(), Failure> {
    match Rules::of(cx.route) {
        Rules::Viewset(rules, kind) => (rules.admit)(api, cx, method, kind).await,
        Rules::Redeeming => redeem::admit(api, cx),
        Rules::Unwritten => Ok(()),
    }
}

//! The whole API of authentik, answered from tables and a store: nothing here is written for one operation, except what is
//! special to it, which is in `actions`, `checks` and `functions`.

mod access;
mod actions;
mod applications;
mod asset;
mod caller;
mod certificates;
mod checks;
mod departure;
mod functions;
mod host;
mod icon;
mod lists;
mod load;
mod members;
mod redeem;
mod request;
pub(crate) mod tokens;
mod typed;
mod used_by;
mod viewsets;

#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use authentik_sources_api::Document;
use http::{HeaderName, Method, StatusCode};
use openapi_control::{Control, Controlled};
use openapi_django::server::Django;
use openapi_resources::answer::{Answer, Only, Refusal, Request};
use openapi_resources::plan::{ModelId, Plan};
use openapi_resources::reader::Reader;
use openapi_resources::row::Row;
use openapi_resources::server::not_kept;
use openapi_resources::store::Store;
use openapi_resources::supply::{Adjustable, Supply};
use openapi_resources::transaction::Transaction;
use openapi_resources::violation::Violation;
use openapi_resources::worlds::{World, WorldError, Worlds};
use openapi_server_runtime::dispatch::{Dispatch, HandlerResponse};
use openapi_server_runtime::failure::{Failure, FieldErrors};
use openapi_server_runtime::operation::Operation;
use openapi_server_runtime::request::RequestContext;
use openapi_server_runtime::service::Service;
use openapi_server_runtime::tables::Tables;
use openapi_server_runtime::undeclared::Undeclared;
use serde_json::{Value, json};

use crate::fixture::Fixture;
use caller::Caller;
use departure::Departs;
use viewsets::{Part, Viewsets};

pub use asset::AssetError;
pub use load::LoadError;

/// The header that names a request.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-authentik-id");

/// The parameter of the order of a list.
const ORDERING: &str = "ordering";

/// A request, and who makes it.
pub(crate) type Context = RequestContext<Arc<Caller>>;

/// The API over a store.
#[derive(Debug, Clone)]
pub struct Api {
    /// The operations and their schemas.
    tables: &'static Tables,
    worlds: Arc<Worlds<Extra>>,
    viewsets: Arc<Viewsets>,
    control: Arc<Control>,
}

/// The things that are known of a world besides its rows.
#[derive(Debug, Default)]
pub struct Extra {
    /// The lists that are kept.
    kept: lists::Kept,
    /// `true` once the service for pictures of users was asked in vain.
    has_no_pictures: Arc<AtomicBool>,
}

/// The way from operations to the API.
#[derive(Debug, Clone, Copy)]
pub struct ByStore;

impl Api {
    /// Returns the API with the objects of a fixture.
    ///
    /// # Errors
    /// If an asset cannot be read, or the fixture holds something that no object can be.
    pub fn new(fixture: &Fixture) -> Result<Self, LoadError> {
        Self::controlled(fixture, Arc::default(), |control| control)
    }

    /// Returns the API like [`Api::new`], with a supply of times, keys and secrets, and what `adapt` makes of its control API.
    pub(crate) fn controlled(
        fixture: &Fixture,
        supply: Arc<Adjustable>,
        adapt: impl FnOnce(Control) -> Control,
    ) -> Result<Self, LoadError> {
        let tables = asset::tables()?;
        let asset::Assets { plan, viewsets } = asset::read(Arc::clone(&supply))?;
        let store = Store::new(plan);
        load::load(&store, &viewsets, fixture)?;
        supply.begin();
        let control = Control::new(tables, dialect(), asset::DOCUMENT).with_supply(supply);
        let control = Arc::new(adapt(control));
        let worlds = Arc::new(Worlds::new(store));
        Ok(Self { tables, worlds, viewsets, control })
    }

    /// Returns the service of all operations.
    #[must_use]
    pub fn service(self) -> Service<ByStore, Self> {
        Service::of(self.tables, self)
    }

    /// Puts the first objects back, and forgets all faults and requests.
    ///
    /// # Errors
    /// If the state file cannot be written.
    pub fn reset(&self) -> Result<(), WorldError> {
        openapi_control::reset(self, &self.worlds.current())
    }

    /// Returns a token with the most permissions, if there is any that is good for the API.
    #[must_use]
    pub fn token(&self) -> Option<String> {
        tokens::best(&self.store())
    }

    pub(crate) fn operations(&self) -> &'static [Operation] {
        self.tables.operations
    }

    /// Returns where times, keys and secrets come from.
    pub(crate) fn supply(&self) -> &dyn Supply {
        self.plan().supply()
    }

    /// Returns the models and collections.
    pub(crate) fn plan(&self) -> &Plan {
        self.worlds.plan()
    }

    /// Returns the rows of the world that the request is in.
    pub(crate) fn store(&self) -> Arc<Store> {
        Arc::clone(&self.worlds.current().store)
    }

    pub(crate) fn viewsets(&self) -> &Viewsets {
        &self.viewsets
    }

    /// Returns the model that a viewset takes its rows for; `None` if it takes each for what it is.
    fn seen_as(&self, cx: &Context) -> Option<ModelId> {
        let (viewset, _) = self.viewsets.of(cx.route)?;
        let model = viewset.model.as_deref().filter(|_| !viewset.shows_children())?;
        self.plan().model(model)
    }

    /// Answers an operation of a collection.
    fn collection(&self, cx: &Context, operation: &'static Operation) -> Result<HandlerResponse, Failure> {
        let Answer { status, body, .. } = self.answer(cx, operation)?;
        let viewset = self.viewsets.of(cx.route).map_or("", |(viewset, _)| &viewset.path);
        let body = body.map(|body| lists::without_parts(viewset, cx, body));
        Ok(HandlerResponse { body: body.map(bytes::Bytes::from), ..HandlerResponse::empty(status) })
    }

    /// Answers an operation of a collection, with the rows that the answer shows.
    pub(crate) fn answer(&self, cx: &Context, operation: &'static Operation) -> Result<Answer, Failure> {
        checks::body(self, cx, operation)?;
        let world = self.worlds.current();
        let snapshot = world.store.snapshot();
        let scope = access::Scope::of(self, cx, snapshot.reader());
        let own = checks::filters(self, cx)?;
        let narrowed = |reader: Reader<'_>, row: &Row| {
            scope.sees(reader, row) && own.iter().all(|filter| filter(reader, row))
        };
        let hidden = if own.is_empty() { scope.hidden(snapshot.reader()) } else { None };
        let only = match &hidden {
            None => Some(Only::If(&narrowed)),
            Some(hidden) if hidden.is_empty() => None,
            Some(hidden) => Some(Only::But(hidden)),
        };
        let mut query = request::query(cx, operation);
        let described = self.plan().operation(operation.id);
        let unmapped = described.map(|(collection, _)| collection.unmapped.as_slice()).unwrap_or_default();
        // What narrows no list by its rows is read where it means something.
        query.retain(|(name, _)| !unmapped.iter().any(|known| known == name));
        let viewset = self.viewsets.of(cx.route).filter(|(_, part)| *part == Part::List);
        if let Some(order) = viewset.and_then(|(viewset, _)| viewset.order_by_key(&cx.query)) {
            query.push((ORDERING, vec![Value::from(order)]));
        }
        let request = Request {
            operation: operation.id,
            path: request::path(cx),
            query,
            body: cx.arguments.body.as_value(),
            context: Some(functions::Shown::of(self, cx)),
            seen_as: self.seen_as(cx),
            only: only.filter(|_| operation.method == Method::GET),
            ..Request::default()
        };
        let mut together = |transaction: &mut Transaction<'_>, change| {
            checks::together(cx, transaction, &change);
            world.extra.kept.notice(transaction.reader(), &change);
            Ok(())
        };
        let answer = world.store.answer_with(&request, &mut together);
        answer.map_err(|refusal| overtaken(operation, &refusal).unwrap_or_else(|| refused(&refusal)))
    }
}

/// Returns the tables of the API, and its document as JSON.
///
/// # Errors
/// If the tables cannot be read.
#[cfg(feature = "proxy")]
pub(crate) fn described() -> Result<(&'static Tables, &'static str), AssetError> {
    asset::tables().map(|tables| (tables, asset::DOCUMENT))
}

/// Returns the tables of the API, and what there is to know of its rows.
///
/// # Errors
/// If an asset of this program cannot be used.
#[cfg(feature = "proxy")]
pub(crate) fn plan() -> Result<(&'static Tables, Plan), AssetError> {
    let assets = asset::read(Arc::new(Adjustable::new(None)))?;
    Ok((asset::tables()?, assets.plan))
}

/// Returns authentik's dialect: that of Django REST framework, the identifier of a request in a header, and pages that
/// hide the failure of a write behind an empty 405.
#[must_use]
pub fn dialect() -> Django {
    Django::new().request_id_header(REQUEST_ID).read_only_pages(true)
}

impl Controlled for Api {
    type Extra = Extra;

    fn control(&self) -> &Control {
        &self.control
    }

    fn credentials(&self) -> Vec<(String, String)> {
        let schemes = self.tables.security_schemes.iter().map(|scheme| scheme.name.to_owned());
        self.token().map_or_else(Vec::new, |token| schemes.map(|scheme| (scheme, token.clone())).collect())
    }

    fn worlds(&self) -> &Worlds<Extra> {
        &self.worlds
    }

    fn replaced(&self, world: &World<Extra>) {
        world.extra.kept.forget();
        world.extra.has_no_pictures.store(false, Ordering::Relaxed);
    }

    fn undeclared(&self, operation: &'static Operation) -> Vec<Undeclared> {
        let schema =
            json!({"type": "object", "required": ["detail"], "properties": {"detail": {"type": "string"}}});
        let outside = actions::would(operation.id).map(|would| (501, format!("authentik would {would}.")));
        let is_write = operation.method != Method::GET;
        let unkept = is_write.then(|| (507, "The state file cannot keep the change.".to_owned()));
        let told = |(status, about)| Undeclared::json(status, about, schema.clone());
        outside.into_iter().chain(unkept).map(told).collect()
    }

    fn counts(&self) -> Vec<(String, usize)> {
        self.store().counts().into_iter().filter(|(_, count)| *count > 0).collect()
    }
}

/// Returns what authentik answers to what the store refuses.
pub(crate) fn refused(refusal: &Refusal) -> Failure {
    match refusal {
        Refusal::NotFound => Failure::not_found(),
        Refusal::NoPage { .. } => Failure::detail(StatusCode::NOT_FOUND, "Invalid page."),
        Refusal::Parameter { parameter, .. } if parameter == "page" => {
            Failure::detail(StatusCode::NOT_FOUND, "Invalid page.")
        }
        Refusal::NotKept(error) => not_kept(error),
        // What the serializer let pass and the database refuses is a failure of the server.
        other => {
            tracing::debug!(%other, "a request is not answered as asked");
            Departs::WriteFails.broken()
        }
    }
}

/// Returns the refusal of values that were free when the body was checked and are not any more.
fn overtaken(operation: &'static Operation, refusal: &Refusal) -> Option<Failure> {
    let Refusal::Violations(violations) = refusal else { return None };
    let fields = operation.sent_object()?.fields;
    let mut errors = FieldErrors::new();
    for violation in violations {
        let Violation::Unique { fields: taken, .. } = violation else { return None };
        let field = fields.iter().find(|field| *taken == [field.name])?;
        errors.add(field.name, openapi_django::server::taken(field, field.unique?));
    }
    Some(errors.into())
}

impl Dispatch<Api> for ByStore {
    async fn dispatch(
        api: &Api,
        cx: &Context,
        operation: &'static Operation,
    ) -> Result<HandlerResponse, Failure> {
        match Document::dispatch(api, cx, operation).await {
            Err(Failure::Unwritten) => answered(api, cx, operation)?.ok_or(Failure::Unwritten),
            written => written,
        }
    }
}

/// Answers an operation with what is special to it, or from the store; `None` if neither knows it.
fn answered(
    api: &Api,
    cx: &Context,
    operation: &'static Operation,
) -> Result<Option<HandlerResponse>, Failure> {
    if let Some(action) = actions::of(operation.id) {
        return action(api, cx).map(Some);
    }
    let found = api.viewsets.of(operation.path);
    if let Some((_, Part::UsedBy)) = found {
        return used_by::answer(api, cx).map(Some);
    }
    if api.plan().collection_of(operation.id).is_none() {
        return Ok(None);
    }
    if let Some((viewset, Part::List)) = found
        && operation.method == Method::GET
        && viewset.fails_on(&cx.query)
    {
        return Err(Departs::QueryFails.broken());
    }
    if lists::is_launched(operation.id) {
        return lists::launched(api, cx, operation).map(Some);
    }
    api.collection(cx, operation).map(Some)
}

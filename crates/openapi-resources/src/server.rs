//! Serves collections over HTTP with `openapi-server-runtime`: the default of an operation asks the store.
//!
//! [`ByStore`] is the way from the operations of any tables to the store of a host, without generated code. Where
//! the method of generated code is not written, [`Host::unwritten`] is asked, and a host answers with [`content`].

mod refusal;

use std::ops::Deref;

use http::header::{ETAG, IF_MATCH, IF_NONE_MATCH, LOCATION};
use http::{HeaderMap, HeaderName, HeaderValue};
use openapi_server_runtime::dispatch::{Dispatch, HandlerResponse};
use openapi_server_runtime::failure::Failure;
use openapi_server_runtime::host::{Content, Host};
use openapi_server_runtime::media::{Form, Media};
use openapi_server_runtime::operation::Operation;
use openapi_server_runtime::request::RequestContext;
use percent_encoding::utf8_percent_encode;
use serde_json::Value;

use crate::answer::{Answer, Refusal, Request, SEGMENT, Versions};
use crate::reader::Reader;
use crate::store::Store;
pub use refusal::{not_kept, plain, status_not_kept};

/// A host that has a store.
pub trait Resources: Host {
    /// Returns the store.
    fn store(&self) -> impl Deref<Target = Store>;

    /// Returns the path that all operations are below, without a slash at its end.
    fn base_path(&self) -> &str;

    /// Returns the key of the user whose rows alone the caller sees. `None`, the default, shows all.
    fn owner(&self, cx: &RequestContext<Self::User>) -> Option<Value> {
        let _ = cx;
        None
    }

    /// Returns the key of the user whose a new row is.
    fn user(&self, cx: &RequestContext<Self::User>) -> Option<Value> {
        let _ = cx;
        None
    }

    /// Returns the failure that tells a refusal. By default 409 where a rule is broken by another row, and what
    /// [`plain`] says of the rest.
    fn refuse(&self, cx: &RequestContext<Self::User>, refusal: Refusal) -> Failure {
        let _ = cx;
        plain(&refusal)
    }
}

/// The way from operations to the store of a host. Those without state are [not written](Failure::Unwritten).
#[derive(Debug, Clone, Copy)]
pub struct ByStore;

impl<A: Resources> Dispatch<A> for ByStore {
    async fn dispatch(
        api: &A,
        cx: &RequestContext<A::User>,
        _: &'static Operation,
    ) -> Result<HandlerResponse, Failure> {
        match answer(api, cx)? {
            Some(answer) => {
                let mut response = HandlerResponse::empty(answer.status);
                response.body = answer.body.map(bytes::Bytes::from);
                Ok(response)
            }
            None => Err(Failure::Unwritten),
        }
    }
}

/// Returns what [`Host::unwritten`] gives for an operation with state; `None` for any other.
///
/// # Errors
/// The failure that tells a refusal.
pub fn content<A: Resources>(api: &A, cx: &RequestContext<A::User>) -> Result<Option<Content>, Failure> {
    let Some(answer) = answer(api, cx)? else { return Ok(None) };
    Ok(Some(match answer.body {
        None => Content::Empty,
        Some(body)
            if cx.operation.and_then(|it| it.succeeds_with().1).is_none_or(|it| it.form == Form::Raw) =>
        {
            Content::Json(serde_json::from_slice(&body).unwrap_or_default())
        }
        Some(body) => Content::Media(Media::new("application/json", body)),
    }))
}

/// Answers an operation with state, and adds its headers to the response.
fn answer<A: Resources>(api: &A, cx: &RequestContext<A::User>) -> Result<Option<Answer>, Failure> {
    let Some(operation) = cx.operation else { return Ok(None) };
    let store = api.store();
    if store.plan().collection_of(operation.id).is_none() {
        return Ok(None);
    }
    let mut query: Vec<(&str, Vec<Value>)> = Vec::new();
    for (name, value) in cx.query.iter() {
        match query.iter_mut().find(|(known, _)| *known == name) {
            Some((_, values)) => values.push(Value::from(value)),
            None => query.push((name, vec![Value::from(value)])),
        }
    }
    let base_path = operation.base_path.unwrap_or_else(|| api.base_path());
    let url = url(base_path, cx);
    let request = Request {
        operation: operation.id,
        path: cx.path.iter().map(|(name, value)| (*name, Value::from(value.as_str()))).collect(),
        query,
        body: cx.arguments.body.as_value(),
        owner: api.owner(cx),
        user: api.user(cx),
        versions: versions(&cx.headers, &IF_MATCH, Comparison::Strong),
        known: versions(&cx.headers, &IF_NONE_MATCH, Comparison::Weak),
        only: None,
        context: None,
        seen_as: None,
        url: &url,
    };
    let headers = cx.response_headers();
    let add = |name: HeaderName, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(name, value);
        }
    };
    let answer = store.answer(&request).map_err(|refusal| {
        if let Refusal::Unchanged(version) = &refusal {
            add(ETAG, &format!("\"{version}\""));
        }
        api.refuse(cx, refusal)
    })?;
    if let Some(location) = &answer.location {
        add(LOCATION, &format!("{base_path}{location}"));
    }
    if let Some(version) = &answer.version {
        add(ETAG, &format!("\"{version}\""));
    }
    for (name, value) in &answer.headers {
        if let Ok(name) = HeaderName::try_from(name.as_str()) {
            add(name, value);
        }
    }
    Ok(Some(answer))
}

/// The way in which the tags of a header are compared with versions (RFC 9110, 8.8.3.2).
#[derive(Clone, Copy, PartialEq, Eq)]
enum Comparison {
    /// A weak tag fits none.
    Strong,
    /// A weak tag is as good as a strong one.
    Weak,
}

/// Returns the versions that a header of conditions names; `None` if it is not there.
fn versions(headers: &HeaderMap, name: &HeaderName, comparison: Comparison) -> Option<Versions> {
    let values = headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
    let tags: Vec<&str> = values.flat_map(|value| value.split(',')).map(str::trim).collect();
    if tags.is_empty() {
        return None;
    }
    if tags.contains(&"*") {
        return Some(Versions::Any);
    }
    let read = |tag: &&str| {
        let strong = match (tag.strip_prefix("W/"), comparison) {
            (Some(_), Comparison::Strong) => return None,
            (Some(weak), Comparison::Weak) => weak,
            (None, _) => tag,
        };
        Some(strong.trim_matches('"').to_owned())
    };
    Some(Versions::Of(tags.iter().filter_map(read).collect()))
}

/// Returns the URL that was asked for, without its query.
fn url<U>(base_path: &str, cx: &RequestContext<U>) -> String {
    let mut path = cx.route.to_owned();
    for (name, value) in &cx.path {
        path = path.replace(&format!("{{{name}}}"), &utf8_percent_encode(value, SEGMENT).to_string());
    }
    format!("{}{base_path}{path}", cx.origin().unwrap_or_default())
}

/// Returns `true` if a model has a row with this key, or with this value of the field `by`; also if there is no such
/// model.
#[must_use]
pub fn exists(reader: Reader<'_>, model: &str, by: Option<&str>, key: &Value) -> bool {
    let Some(model) = reader.model(model) else { return true };
    match by {
        Some(field) => reader.find(model, field, key).is_some(),
        // A row that has a key of its own can be named by that of its base too.
        None => reader.by_own_key(model, key).or_else(|| reader.by_key(model, key)).is_some(),
    }
}

/// A host that has nothing but a store: anyone may do anything, with any credentials.
#[derive(Debug)]
pub struct Stateful {
    store: Store,
    base_path: String,
}

impl Stateful {
    /// Returns a host of operations below `base_path`.
    #[must_use]
    pub fn new(store: Store, base_path: impl Into<String>) -> Self {
        Self { store, base_path: base_path.into() }
    }
}

impl Host for Stateful {
    type User = ();

    async fn foreign_key_exists(
        &self,
        _: &RequestContext<()>,
        model: &'static str,
        by: Option<&'static str>,
        key: &Value,
    ) -> Result<bool, Failure> {
        let snapshot = self.store.snapshot();
        Ok(exists(snapshot.reader(), model, by, key))
    }

    async fn unwritten(&self, cx: &RequestContext<()>) -> Result<Option<Content>, Failure> {
        content(self, cx)
    }
}

impl Resources for Stateful {
    fn store(&self) -> impl Deref<Target = Store> {
        &self.store
    }

    fn base_path(&self) -> &str {
        &self.base_path
    }
}

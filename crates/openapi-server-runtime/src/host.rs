//! The questions of the runtime that an implementation answers besides operations: who is calling, whether they may,
//! and whether the object exists. Every method has a default, and the defaults allow everything.

use std::future::Future;

use bytes::Bytes;
use http::{Method, Request, Response};
use serde_json::Value;

use crate::credentials::Credentials;
use crate::exchange::Exchange;
use crate::failure::{Failure, FieldErrors};
use crate::media::Media;
use crate::operation::Operation;
use crate::request::{RequestContext, RequestLine};
use crate::response::Body;
use crate::schema::{Field, ObjectSchema};

/// The response of a host for an operation whose method is not written.
#[derive(Debug, Clone, PartialEq)]
pub enum Content {
    /// A JSON value, which is sent as it is where no method is written.
    Json(Value),
    /// Text or bytes; the JSON itself, if the operation answers with JSON.
    Media(Media),
    /// No content.
    Empty,
}

/// The questions of the runtime, in the order it asks them.
///
/// Methods are declared as returning futures so that they are `Send`; implement them with `async fn`.
pub trait Host: Send + Sync + 'static {
    /// The user who is calling.
    type User: Send + Sync + 'static;

    /// Returns whose credentials these are. Asked only if the request presents credentials that its operation takes;
    /// refuse invalid ones with [`Failure::authentication_failed`]. `Ok(None)`, the default, lets the request pass
    /// without a user.
    ///
    /// A request may present credentials for several alternatives of its operation, such as a cookie and a token. This is
    /// then asked about each of them, in the document's order, until it does not refuse one; if it refuses all, its
    /// first failure is answered. A failure with a 5xx status refuses nothing, and is answered at once.
    fn authenticate(
        &self,
        credentials: &Credentials,
    ) -> impl Future<Output = Result<Option<Self::User>, Failure>> + Send {
        let _ = credentials;
        async { Ok(None) }
    }

    /// Fails unless the caller may use this route with `method` at all. Asked for every matched path, also for `OPTIONS`, and for
    /// a method the route does not have ([`RequestContext::operation`] is `None`) unless the dialect has refused it before. A dialect whose response to `OPTIONS`
    /// tells what the caller may write asks about other methods than that of the request. By default anyone may.
    fn authorize_route(
        &self,
        cx: &RequestContext<Self::User>,
        method: &Method,
    ) -> impl Future<Output = Result<(), Failure>> + Send {
        let _ = (cx, method);
        async { Ok(()) }
    }

    /// Fails unless the object the path names exists and the caller may touch it with `method`. Asked before the query and
    /// the body are parsed. By default anyone may touch anything.
    fn authorize_object(
        &self,
        cx: &RequestContext<Self::User>,
        method: &Method,
    ) -> impl Future<Output = Result<(), Failure>> + Send {
        let _ = (cx, method);
        async { Ok(()) }
    }

    /// Returns `true` if a model has an object with this key: its primary key, or the value of the field `by`. By default
    /// every object exists.
    fn foreign_key_exists(
        &self,
        cx: &RequestContext<Self::User>,
        model: &'static str,
        by: Option<&'static str>,
        key: &Value,
    ) -> impl Future<Output = Result<bool, Failure>> + Send {
        let _ = (cx, model, by, key);
        async { Ok(true) }
    }

    /// Returns `true` if another object of a model, one the request is not about, already has this value in this field.
    /// By default none has.
    fn unique_conflict(
        &self,
        cx: &RequestContext<Self::User>,
        model: &'static str,
        field: &'static str,
        value: &Value,
    ) -> impl Future<Output = Result<bool, Failure>> + Send {
        let _ = (cx, model, field, value);
        async { Ok(false) }
    }

    /// Returns `false` for a request whose body is read as it is, whatever the document says of it. By default every body is
    /// held to the schema of its operation.
    fn holds_to_schema(&self, cx: &RequestContext<Self::User>) -> bool {
        let _ = cx;
        true
    }

    /// Returns what is wrong with a value that follows the rules of its field, if there is anything. Asked of the fields of
    /// a body; `body` is all of it as it was sent. By default nothing is.
    ///
    /// # Errors
    /// The response to send instead.
    fn check_field(
        &self,
        cx: &RequestContext<Self::User>,
        field: &'static Field,
        value: &Value,
        body: &Value,
    ) -> Result<Option<String>, Failure> {
        let _ = (cx, field, value, body);
        Ok(None)
    }

    /// Looks at a body before it is held to the operation's schema, and refuses what no schema can refuse. By default
    /// nothing is refused.
    ///
    /// # Errors
    /// The response to send instead.
    fn before_validation(&self, cx: &RequestContext<Self::User>, body: &Value) -> Result<(), Failure> {
        let _ = (cx, body);
        Ok(())
    }

    /// Returns what to answer to a body that breaks the rules of the operation's schema. By default the errors
    /// themselves.
    fn map_errors(&self, cx: &RequestContext<Self::User>, body: &Value, errors: FieldErrors) -> Failure {
        let _ = (cx, body);
        Failure::Validation(errors)
    }

    /// Answers an operation whose method is not written. `None`, the default, gives the example of its schema, marked
    /// by the header [`EXAMPLE_RESPONSE`](crate::unwritten::EXAMPLE_RESPONSE).
    fn unwritten(
        &self,
        cx: &RequestContext<Self::User>,
    ) -> impl Future<Output = Result<Option<Content>, Failure>> + Send {
        let _ = cx;
        async { Ok(None) }
    }

    /// Returns the operation whose object is described where the caller of `OPTIONS` may use `operation`; that one itself by
    /// default, none to describe nothing.
    fn described(&self, operation: &'static Operation) -> Option<&'static Operation> {
        Some(operation)
    }

    /// Returns the objects an operation writes, as a response to `OPTIONS` describes them. By default those it answers
    /// with.
    fn written_object(&self, operation: &'static Operation) -> Option<&'static ObjectSchema> {
        operation.answered_object()
    }

    /// Answers on a path outside the API, for routes of an implementation's own. `None`, the default, answers that
    /// there is no such path.
    fn fallback(&self, request: &Request<Bytes>) -> impl Future<Output = Option<Response<Body>>> + Send {
        let _ = request;
        async { None }
    }

    /// Wraps the handling of every request to a path of the API, outside its time limit: it may wait, answer in its
    /// place, or let it come to its end and answer something else. By default it hands on, and adds nothing.
    fn middleware(
        &self,
        line: &RequestLine<'_>,
        handling: impl Future<Output = Response<Body>> + Send,
    ) -> impl Future<Output = Response<Body>> + Send {
        let _ = line;
        handling
    }

    /// Returns `true` if [`Host::observe`] is to be told of this request, on whatever path. The body of such a request is read
    /// before anything else, and what is wrong with it is answered when it always is. By default nobody looks on.
    fn observes(&self, line: &RequestLine<'_>) -> bool {
        let _ = line;
        false
    }

    /// Is told of a request with its response, just before the response is sent. Clients wait for it.
    fn observe(&self, exchange: &Exchange<'_>) {
        let _ = exchange;
    }
}

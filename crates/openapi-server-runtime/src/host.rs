//! What the runtime asks of an implementation besides answering operations: who is calling, may they, does the object
//! they speak of exist. Every question has a default answer, and the defaults let everything pass.

use std::future::Future;

use bytes::Bytes;
use http::{Method, Request, Response};
use serde_json::Value;
use uuid::Uuid;

use crate::failure::{Failure, FieldErrors};
use crate::operation::Operation;
use crate::request::{RequestContext, RequestLine};
use crate::response::Body;
use crate::schema::ObjectSchema;
use crate::unwritten::Content;

/// The questions of the runtime, in the order it asks them.
///
/// Methods are declared as returning futures so that they are `Send`; implement them with `async fn`.
pub trait Host: Send + Sync + 'static {
    /// Who is calling.
    type User: Send + Sync + 'static;

    /// Whose token this is. Asked only if the request carries a bearer token; refuse one that is nobody's with
    /// [`Failure::authentication_failed`]. `Ok(None)` treats the request as anonymous, which is the default.
    fn authenticate(&self, token: &str) -> impl Future<Output = Result<Option<Self::User>, Failure>> + Send {
        let _ = token;
        async { Ok(None) }
    }

    /// Whether the caller may use this route at all. Asked for every matched path, also with a method the route does
    /// not have ([`RequestContext::operation`] is `None`) and for `OPTIONS`. By default anyone may.
    fn permit(&self, cx: &RequestContext<Self::User>) -> impl Future<Output = Result<(), Failure>> + Send {
        let _ = cx;
        async { Ok(()) }
    }

    /// Whether the object the path speaks of exists, is let through by the query's filters and may be touched by the
    /// caller. Asked before the query and the body are parsed. By default it is.
    fn admit(&self, cx: &RequestContext<Self::User>) -> impl Future<Output = Result<(), Failure>> + Send {
        let _ = cx;
        async { Ok(()) }
    }

    /// Whether a model has an object with this primary key. By default every object exists.
    fn exists(
        &self,
        cx: &RequestContext<Self::User>,
        model: &'static str,
        key: Uuid,
    ) -> impl Future<Output = Result<bool, Failure>> + Send {
        let _ = (cx, model, key);
        async { Ok(true) }
    }

    /// Whether another object of a model, one the request is not about, already has this value in this field. By
    /// default no value is taken.
    fn is_taken(
        &self,
        cx: &RequestContext<Self::User>,
        model: &'static str,
        field: &'static str,
        value: &str,
    ) -> impl Future<Output = Result<bool, Failure>> + Send {
        let _ = (cx, model, field, value);
        async { Ok(false) }
    }

    /// Looks at a body before it is held to the operation's schema, and refuses what no schema can refuse. By default
    /// nothing is refused.
    ///
    /// # Errors
    /// What to answer instead.
    fn inspect(&self, cx: &RequestContext<Self::User>, body: &Value) -> Result<(), Failure> {
        let _ = (cx, body);
        Ok(())
    }

    /// What to answer to a body that breaks the rules of the operation's schema. By default the errors themselves.
    fn reject(&self, cx: &RequestContext<Self::User>, body: &Value, errors: FieldErrors) -> Failure {
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

    /// Whether the caller could write with this method here; the answer to `OPTIONS` describes only such writes. By
    /// default they could.
    fn may_write(
        &self,
        cx: &RequestContext<Self::User>,
        method: &Method,
    ) -> impl Future<Output = Result<bool, Failure>> + Send {
        let _ = (cx, method);
        async { Ok(true) }
    }

    /// The objects an operation writes, as the answer to `OPTIONS` describes them. By default those it answers with.
    fn written_object(&self, operation: &'static Operation) -> Option<&'static ObjectSchema> {
        operation.answered_object()
    }

    /// What to answer on a path outside the API, for routes of an implementation's own. `None`, the default, answers
    /// that there is no such path.
    fn elsewhere(&self, request: &Request<Bytes>) -> impl Future<Output = Option<Response<Body>>> + Send {
        let _ = request;
        async { None }
    }

    /// Stands around the handling of every request to a path of the API, outside its time limit: it may wait, answer in
    /// its place, or let it come to its end and answer something else. By default it hands on, and adds nothing.
    fn around(
        &self,
        line: &RequestLine<'_>,
        handling: impl Future<Output = Response<Body>> + Send,
    ) -> impl Future<Output = Response<Body>> + Send {
        let _ = line;
        handling
    }
}

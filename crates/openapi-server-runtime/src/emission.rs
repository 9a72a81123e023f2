//! The types by which dropshot documents an operation. Dropshot learns what an endpoint takes and answers from the
//! types of its handler; the handlers here all have the same types, so each operation has a [`Signature`] for the
//! document instead. None of these types ever meets a request.

use std::collections::BTreeSet;
use std::marker::PhantomData;

use async_trait::async_trait;
use dropshot::{
    ApiEndpoint, ApiEndpointBodyContentType, ApiEndpointResponse, ApiEndpointVersions, Body,
    ExclusiveExtractor, ExtensionMode, ExtractorMetadata, HttpError, HttpResponse, HttpResponseDeleted,
    HttpResponseOk, Path, Query, RequestContext, ServerContext, SharedExtractor, StubContext, TypedBody,
    UntypedBody,
};
use http::{Method, Request, Response, StatusCode};
use schemars::JsonSchema;
use schemars::r#gen::SchemaGenerator;
use schemars::schema::Schema;
use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value, json};

use crate::dispatch::Document;
use crate::media::Form;
use crate::operation::{Location, Operation, Parameter};

const JSON: &str = "application/json";

/// The request and response types of an operation.
pub trait Signature: 'static {
    /// The operation.
    const OPERATION: &'static Operation;
    /// Its request body: [`Json`], also for forms, [`Raw`] or [`Nothing`].
    type Body: DescribedBody;
    /// The type of a successful response: [`Json`], [`Raw`] or [`Nothing`].
    type Answer: DescribedAnswer;
}

/// The operations and components of a document as dropshot documents them.
pub trait Described: Document {
    /// Returns every operation, in the order of the table: [`described`] for each.
    fn operations() -> Vec<Description>;

    /// Returns the components that no operation takes or answers with when it succeeds, those of errors above all:
    /// [`described_component`] for each.
    fn components() -> Vec<Description>;
}

/// An endpoint that only documents.
pub type Description = ApiEndpoint<StubContext>;

/// A body with the schema of `T`.
pub struct Json<T>(PhantomData<fn() -> T>);

/// No body.
pub struct Nothing;

/// A body of text or bytes.
pub struct Raw;

/// A request body dropshot can describe.
pub trait DescribedBody: 'static {
    /// Returns the metadata that dropshot asks for.
    fn metadata(content_type: ApiEndpointBodyContentType) -> ExtractorMetadata;
}

/// A response dropshot can describe.
pub trait DescribedAnswer: 'static {
    /// Returns the metadata that dropshot asks for.
    fn metadata() -> ApiEndpointResponse;
}

impl<T: DeserializeOwned + JsonSchema + Send + Sync + 'static> DescribedBody for Json<T> {
    fn metadata(content_type: ApiEndpointBodyContentType) -> ExtractorMetadata {
        <TypedBody<T> as ExclusiveExtractor>::metadata(content_type)
    }
}

impl DescribedBody for Nothing {
    fn metadata(_: ApiEndpointBodyContentType) -> ExtractorMetadata {
        ExtractorMetadata { extension_mode: ExtensionMode::None, parameters: Vec::new() }
    }
}

impl DescribedBody for Raw {
    fn metadata(content_type: ApiEndpointBodyContentType) -> ExtractorMetadata {
        <UntypedBody as ExclusiveExtractor>::metadata(content_type)
    }
}

impl<T: Serialize + JsonSchema + Send + Sync + 'static> DescribedAnswer for Json<T> {
    fn metadata() -> ApiEndpointResponse {
        HttpResponseOk::<T>::response_metadata()
    }
}

impl DescribedAnswer for Raw {
    fn metadata() -> ApiEndpointResponse {
        <Response<Body> as HttpResponse>::response_metadata()
    }
}

impl DescribedAnswer for Nothing {
    fn metadata() -> ApiEndpointResponse {
        HttpResponseDeleted::response_metadata()
    }
}

/// Returns the endpoint that documents an operation.
#[must_use]
pub fn described<S: Signature>() -> Description {
    type Parameters<S> = (QueryOf<S>, PathOf<S>, BodyOf<S>);
    let operation = S::OPERATION;
    let mut endpoint = ApiEndpoint::new_for_types::<Parameters<S>, Result<AnswerOf<S>, HttpError>>(
        operation.id.to_owned(),
        operation.method.clone(),
        body_type(operation),
        if takes_path(operation) { operation.path } else { "/" },
        ApiEndpointVersions::All,
    );
    // Dropshot would declare its own errors; those of the operation are put in afterwards.
    endpoint.error = None;
    endpoint.summary = operation.summary.map(str::to_owned);
    endpoint.description = operation.description.map(str::to_owned);
    endpoint.tags = operation.tags.iter().map(|tag| (*tag).to_owned()).collect();
    endpoint
}

/// Returns the content type of a body in dropshot's description. Dropshot has no others.
fn body_type(operation: &Operation) -> &'static str {
    match operation.body.as_ref().map(|body| body.content.form) {
        Some(Form::Multipart) => "multipart/form-data",
        Some(Form::UrlEncoded) => "application/x-www-form-urlencoded",
        Some(Form::Raw) => "application/octet-stream",
        Some(Form::Json) | None => JSON,
    }
}

/// Returns `true` if dropshot supports the path of an operation. It allows no variable beside other text, no empty
/// segment before the last, and every variable only once and with the name of a parameter.
fn takes_path(operation: &Operation) -> bool {
    let Some(segments) = operation.path.strip_prefix('/') else { return false };
    let mut variables = BTreeSet::new();
    let mut segments = segments.split('/').peekable();
    while let Some(segment) = segments.next() {
        let variable = segment.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
        let taken = match variable {
            Some(name) => !name.is_empty() && !name.contains(['{', '}', ':']) && variables.insert(name),
            None => !segment.contains(['{', '}']) && (!segment.is_empty() || segments.peek().is_none()),
        };
        if !taken {
            return false;
        }
    }
    let parameters: BTreeSet<&str> =
        operation.parameters_in(Location::Path).map(|known| known.name).collect();
    parameters == variables
}

/// Returns an endpoint that answers with a component, so that the component is documented.
#[must_use]
pub fn described_component<T>() -> Description
where
    T: Serialize + JsonSchema + Send + Sync + 'static,
{
    let mut endpoint = ApiEndpoint::new_for_types::<(), Result<HttpResponseOk<T>, HttpError>>(
        T::schema_name(),
        Method::GET,
        JSON,
        "/",
        ApiEndpointVersions::All,
    );
    endpoint.error = None;
    endpoint
}

/// The parameters of one location as an object, as dropshot expects them.
struct Parameters<S, const IN_PATH: bool>(PhantomData<fn() -> S>);

impl<'de, S, const IN_PATH: bool> Deserialize<'de> for Parameters<S, IN_PATH> {
    fn deserialize<D: Deserializer<'de>>(_: D) -> Result<Self, D::Error> {
        Err(D::Error::custom("parameters are documented here, not read"))
    }
}

impl<S: Signature, const IN_PATH: bool> JsonSchema for Parameters<S, IN_PATH> {
    fn schema_name() -> String {
        "Parameters".to_owned()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let location = if IN_PATH { Location::Path } else { Location::Query };
        let mut properties = Map::new();
        let mut required = Vec::new();
        let path = S::OPERATION.parameters_in(Location::Path);
        let path: BTreeSet<&str> = path.map(|parameter| parameter.name).collect();
        for parameter in S::OPERATION.parameters_in(location) {
            // Dropshot takes no variables of a path it does not take, nor two parameters of one name.
            if if IN_PATH { !takes_path(S::OPERATION) } else { path.contains(parameter.name) } {
                continue;
            }
            // Dropshot takes a description off the outer schema and leaves the inner one alone.
            let schema = if needs_stand_in(parameter) { STAND_IN } else { parameter.schema };
            let schema: Value = serde_json::from_str(schema).unwrap_or_default();
            let mut wrapped = json!({"allOf": [schema]});
            if let Some(description) = parameter.description {
                wrapped["description"] = Value::from(description);
            }
            properties.insert(parameter.name.to_owned(), wrapped);
            if parameter.required {
                required.push(parameter.name);
            }
        }
        let object = json!({"type": "object", "properties": properties, "required": required});
        serde_json::from_value(object).unwrap_or(Schema::Bool(true))
    }
}

/// The schema that replaces one that dropshot does not support.
const STAND_IN: &str = r#"{"type":"string"}"#;

/// Returns `true` if dropshot does not support the schema of a parameter. It supports only scalars and components that
/// it collects itself; it misreads some keywords and drops others.
pub(crate) fn needs_stand_in(parameter: &Parameter) -> bool {
    let schema: Value = serde_json::from_str(parameter.schema).unwrap_or_default();
    let kind = schema.get("type").and_then(Value::as_str).unwrap_or_default();
    let misread = |(key, value): (&String, &Value)| match key.as_str() {
        // Rules for lists and objects make no scalar of it, whatever its type is.
        "allOf"
        | "anyOf"
        | "oneOf"
        | "not"
        | "examples"
        | "uniqueItems"
        | "minItems"
        | "maxItems"
        | "items"
        | "minProperties"
        | "maxProperties"
        | "properties"
        | "additionalProperties"
        | "required" => true,
        "minimum" | "maximum" | "multipleOf" => kind == "integer" && !value.is_i64(),
        "enum" => !value.as_array().is_some_and(|values| values.iter().all(|value| is_of_kind(value, kind))),
        _ => false,
    };
    !matches!(kind, "string" | "integer" | "number" | "boolean")
        || schema.as_object().is_some_and(|members| members.iter().any(misread))
        || Schema::deserialize(&schema).is_err()
}

/// Returns `true` if an enumerated value is of the type of its schema.
fn is_of_kind(value: &Value, kind: &str) -> bool {
    match kind {
        "string" => value.is_string() || value.is_null(),
        "integer" => value.is_i64() || value.is_null(),
        "number" => value.is_number() || value.is_null(),
        _ => value.is_boolean() || value.is_null(),
    }
}

struct QueryOf<S>(PhantomData<fn() -> S>);
struct PathOf<S>(PhantomData<fn() -> S>);
struct BodyOf<S>(PhantomData<fn() -> S>);
struct AnswerOf<S>(PhantomData<fn() -> S>);

/// Returns the error for serving a request with one of these types, which only describe the document.
fn only_documented() -> HttpError {
    HttpError::for_internal_error("a type that only documents an operation was given a request".to_owned())
}

#[async_trait]
impl<S: Signature> SharedExtractor for QueryOf<S> {
    async fn from_request<C: ServerContext>(_: &RequestContext<C>) -> Result<Self, HttpError> {
        Err(only_documented())
    }

    fn metadata(content_type: ApiEndpointBodyContentType) -> ExtractorMetadata {
        <Query<Parameters<S, false>> as SharedExtractor>::metadata(content_type)
    }
}

#[async_trait]
impl<S: Signature> SharedExtractor for PathOf<S> {
    async fn from_request<C: ServerContext>(_: &RequestContext<C>) -> Result<Self, HttpError> {
        Err(only_documented())
    }

    fn metadata(content_type: ApiEndpointBodyContentType) -> ExtractorMetadata {
        <Path<Parameters<S, true>> as SharedExtractor>::metadata(content_type)
    }
}

#[async_trait]
impl<S: Signature> ExclusiveExtractor for BodyOf<S> {
    async fn from_request<C: ServerContext>(
        _: &RequestContext<C>,
        _: Request<Body>,
    ) -> Result<Self, HttpError> {
        Err(only_documented())
    }

    fn metadata(content_type: ApiEndpointBodyContentType) -> ExtractorMetadata {
        S::Body::metadata(content_type)
    }
}

impl<S: Signature> HttpResponse for AnswerOf<S> {
    fn to_result(self) -> Result<Response<Body>, HttpError> {
        Err(only_documented())
    }

    fn response_metadata() -> ApiEndpointResponse {
        let mut metadata = S::Answer::metadata();
        if let Some(success) = S::OPERATION.success() {
            metadata.success = StatusCode::from_u16(success.status).ok();
            metadata.description = Some(success.description.to_owned());
        }
        metadata
    }

    fn status_code(&self) -> StatusCode {
        StatusCode::INTERNAL_SERVER_ERROR
    }
}

//! A small table of operations and an implementation of it, for the tests of this crate and of dialects.
#![allow(
    missing_docs,
    clippy::panic,
    clippy::expect_used,
    clippy::missing_panics_doc,
    clippy::must_use_candidate
)]

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Method, Request, Response};
use http_body_util::Full;
use serde_json::Value;
use uuid::Uuid;

use crate::arguments::Arguments;
use crate::credentials::{Credentials, Requirement, SchemeKind, SecurityScheme};
use crate::dialect::Dialect;
use crate::dispatch::{Dispatch, Document, HandlerResponse};
use crate::failure::Failure;
use crate::host::Host;
use crate::media::Form;
use crate::operation::{Body, Content, Location, Operation, Parameter, Response as Declared, Role, Style};
use crate::request::{QueryString, RequestContext};
use crate::response;
use crate::response_headers::ResponseHeaders;
use crate::schema::{
    Additional, Choice, Field, Integer, Key, List, Number, ObjectSchema, Rule, SLUG_PATTERN, Size, Text, To,
};
use crate::serve::serve;
use crate::service::Service;
use crate::tables::Tables;

/// The one owner there is.
pub const OWNER: Uuid = Uuid::from_u128(7);

/// A field of any value, without further rules.
pub const FIELD: Field = Field {
    name: "",
    rule: Rule::Any,
    required: false,
    nullable: false,
    read_only: false,
    computed: false,
    title: None,
    description: None,
    unique: None,
    messages: &[],
    since: None,
};
const NAME: Text = Text {
    min_length: Some(1),
    max_length: Some(9),
    pattern: Some(SLUG_PATTERN),
    format: None,
    blanks: false,
};
const TRICK: Rule = Rule::Text(Text { min_length: Some(1), ..Text::ANY });
const OWNERS: Rule = Rule::Reference { model: "person", by: None, key: Key::Uuid };
const COLOUR: Rule =
    Rule::Choice(&[Choice { value: "red", label: "Red" }, Choice { value: "blue", label: "Blue" }]);
const KINDS: &[Choice] = &[Choice { value: "dog", label: "A dog" }, Choice { value: "cat", label: "A cat" }];

/// The schema that is read and written.
pub static PET: ObjectSchema = ObjectSchema {
    name: "Pet",
    additional: Additional::Any,
    size: Size::ANY,
    since: None,
    fields: &[
        Field {
            name: "id",
            rule: Rule::Uuid,
            required: true,
            read_only: true,
            title: Some("Tag number"),
            ..FIELD
        },
        Field {
            name: "name",
            rule: Rule::Text(NAME),
            required: true,
            unique: Some("animal"),
            description: Some("What to call."),
            ..FIELD
        },
        Field { name: "good", rule: Rule::Boolean, ..FIELD },
        Field { name: "owner", rule: OWNERS, nullable: true, ..FIELD },
        Field { name: "friends", rule: Rule::List(To::Own(&List::of(OWNERS))), ..FIELD },
        Field { name: "kind", rule: Rule::Choice(KINDS), ..FIELD },
        Field { name: "tricks", rule: Rule::List(To::Own(&List::of(TRICK))), ..FIELD },
        Field { name: "age", rule: Rule::Integer(Integer::ANY), ..FIELD },
        Field { name: "photo", rule: Rule::File, ..FIELD },
        Field {
            name: "full_title",
            rule: Rule::Text(Text::ANY),
            read_only: true,
            computed: true,
            title: Some("Never shown"),
            description: Some("Never shown."),
            ..FIELD
        },
    ],
};

pub const fn parameter(name: &'static str, role: Role, values: Rule) -> Parameter {
    Parameter {
        name,
        location: Location::Query,
        role,
        rule: values,
        style: Style::Form,
        explode: true,
        required: false,
        description: None,
        since: None,
        schema: "{}",
    }
}

/// Every kind of query parameter.
pub const PARAMETERS: &[Parameter] = &[
    parameter("name", Role::Filter, Rule::Text(Text::ANY)),
    parameter("good", Role::Filter, Rule::Boolean),
    parameter("owner", Role::Filter, OWNERS),
    parameter("tag", Role::Filter, Rule::Uuid),
    parameter("kind", Role::Filter, Rule::Choice(KINDS)),
    parameter("age", Role::Filter, Rule::Integer(Integer::ANY)),
    parameter("weight", Role::Filter, Rule::Number(Number::ANY)),
    parameter("page", Role::Page, Rule::Integer(Integer::ANY)),
    parameter("page_size", Role::PageSize, Rule::Integer(Integer::ANY)),
    parameter("ordering", Role::Ordering, Rule::Text(Text::ANY)),
    parameter("search", Role::Search, Rule::Text(Text::ANY)),
    parameter("note", Role::Plain, Rule::Text(Text::ANY)),
    parameter("shade", Role::Filter, Rule::List(To::Own(&List::of(COLOUR)))),
    Parameter { explode: false, ..parameter("tone", Role::Filter, Rule::List(To::Own(&List::of(COLOUR)))) },
];

const OBJECT: &[Declared] = &[Declared {
    status: 200,
    description: "",
    content: Some(CONTENT),
    content_types: &["application/json"],
}];

/// Returns an operation that anyone may use, with or without a token.
pub const fn operation(
    id: &'static str,
    method: Method,
    path: &'static str,
    parameters: &'static [Parameter],
    body: Option<Body>,
    responses: &'static [Declared],
) -> Operation {
    Operation {
        id,
        method,
        path,
        base_path: None,
        tags: &[],
        summary: None,
        description: Some("All pets."),
        view_name: Some("Pet List"),
        view_description: None,
        security: &[&[], &[Requirement { scheme: "token", scopes: &[] }]],
        parameters,
        body,
        responses,
        default: None,
        observed: &[],
        example: "",
        protocols: &[],
        since: None,
        pointer: "",
        rest: None,
    }
}

/// Returns an operation that takes only credentials, with the name of its path.
pub const fn get(path: &'static str, security: &'static [&'static [Requirement]]) -> Operation {
    Operation {
        id: path,
        method: Method::GET,
        path,
        base_path: None,
        tags: &[],
        summary: None,
        description: None,
        view_name: None,
        view_description: None,
        security,
        parameters: &[],
        body: None,
        responses: &[],
        default: None,
        observed: &[],
        example: "",
        protocols: &[],
        since: None,
        pointer: "",
        rest: None,
    }
}

/// A pet as JSON.
pub const CONTENT: Content = Content {
    media_type: "application/json",
    form: Form::Json,
    rule: Rule::Object(To::Own(&PET)),
    schema: "{}",
};
const BODY: Option<Body> =
    Some(Body { content: CONTENT, required: true, content_types: &["application/json"], encoding: &[] });

/// A list, an object, and an action beside the objects.
pub static OPERATIONS: &[Operation] = &[
    operation("list", Method::GET, "/pets/", PARAMETERS, None, OBJECT),
    operation("create", Method::POST, "/pets/", &[], BODY, OBJECT),
    operation("retrieve", Method::GET, "/pets/{name}/", &[], None, OBJECT),
    operation("update", Method::PUT, "/pets/{name}/", &[], BODY, OBJECT),
    operation("partial_update", Method::PATCH, "/pets/{name}/", &[], BODY, OBJECT),
    operation("destroy", Method::DELETE, "/pets/{name}/", &[], None, &[]),
    operation("wash", Method::POST, "/pets/wash/", &[], None, &[]),
];

/// The header of every response of [`Shelter`] that is about a route.
pub const SHELTER: HeaderName = HeaderName::from_static("x-shelter");

/// Knows the owner [`OWNER`] and an animal called `rex`; answers writes with the checked fields.
pub struct Shelter;

impl Host for Shelter {
    type User = String;

    async fn authenticate(&self, credentials: &Credentials) -> Result<Option<String>, Failure> {
        match credentials.token().unwrap_or_default() {
            "nobody" => Err(Failure::authentication_failed("Token invalid/expired")),
            token => Ok(Some(token.to_owned())),
        }
    }

    async fn authorize_route(&self, cx: &RequestContext<String>, _: &Method) -> Result<(), Failure> {
        cx.response_headers().insert(SHELTER, HeaderValue::from_static("open"));
        if cx.user.as_deref() == Some("guest") { Err(Failure::permission_denied()) } else { Ok(()) }
    }

    async fn authorize_object(&self, cx: &RequestContext<String>, _: &Method) -> Result<(), Failure> {
        if cx.path_parameter("name") == "tom" { Err(Failure::not_found()) } else { Ok(()) }
    }

    async fn foreign_key_exists(
        &self,
        _: &RequestContext<String>,
        model: &'static str,
        _: Option<&'static str>,
        key: &Value,
    ) -> Result<bool, Failure> {
        Ok(model == "person" && *key == OWNER.to_string())
    }

    async fn unique_conflict(
        &self,
        _: &RequestContext<String>,
        model: &'static str,
        field: &'static str,
        value: &Value,
    ) -> Result<bool, Failure> {
        Ok((model, field) == ("animal", "name") && value == "rex")
    }

    fn before_validation(&self, _: &RequestContext<String>, body: &Value) -> Result<(), Failure> {
        if body["name"] == 0 { Err(Failure::bad_request("Zero is no name.")) } else { Ok(()) }
    }

    async fn fallback(&self, request: &Request<Bytes>) -> Option<Response<response::Body>> {
        match request.uri().path() {
            "/health" => Some(Response::new(response::Body::from("fine"))),
            "/panic" => panic!("at the request of a test"),
            _ => None,
        }
    }
}

/// Returns the tables of a document without components.
pub const fn tables(operations: &'static [Operation], security_schemes: &'static [SecurityScheme]) -> Tables {
    Tables { operations, base_path: "", security_schemes, components: &[], frame: "{}" }
}

/// The document of pets.
pub struct Pets;

impl Document for Pets {
    const TABLES: &'static Tables =
        &tables(OPERATIONS, &[SecurityScheme { name: "token", kind: SchemeKind::Bearer }]);
}

impl<A: Host> Dispatch<A> for Pets {
    async fn dispatch(
        _: &A,
        cx: &RequestContext<A::User>,
        operation: &'static Operation,
    ) -> Result<HandlerResponse, Failure> {
        match cx.path_parameter("name") {
            "panic" => panic!("at the request of a test"),
            "broken" => return Err(Failure::ServerError),
            "slow" => tokio::time::sleep(Duration::from_hours(1)).await,
            _ => {}
        }
        match operation.id {
            "destroy" => Ok(HandlerResponse::empty(204)),
            _ => HandlerResponse::json(200, cx.body::<Value>()?),
        }
    }
}

/// Returns the context of a request whose query is `query`.
pub fn context(query: &str) -> RequestContext<String> {
    RequestContext {
        request_id: String::new(),
        method: Method::GET,
        route: "/pets/",
        operation: OPERATIONS.first(),
        path: Vec::new(),
        query: QueryString::parse(query),
        uri: http::Uri::default(),
        headers: http::HeaderMap::new(),
        user: None,
        arguments: Arguments::default(),
        response_headers: ResponseHeaders::default(),
        offer: None,
    }
}

/// Returns a request.
pub fn request(method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Request<Full<Bytes>> {
    let request = Request::builder().method(method).uri(path);
    let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
    request.body(Full::new(Bytes::from(body.to_owned()))).expect("a valid request")
}

/// Sends a request to the shelter.
pub async fn ask(
    dialect: impl Dialect,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> Response<Bytes> {
    let service = Service::<Pets, _>::new(Shelter).with_dialect(dialect);
    let response = serve(&service, request(method, path, headers, body)).await;
    response.map(|body| body.as_bytes().cloned().unwrap_or_default())
}

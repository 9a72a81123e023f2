//! A small table of operations and an implementation of it, for the tests of this crate.

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Method, Request, Response};
use http_body_util::{BodyExt as _, Full};
use serde_json::Value;
use uuid::Uuid;

use crate::arguments::Arguments;
use crate::dispatch::{Dispatch, Document, HandlerResponse};
use crate::failure::Failure;
use crate::host::Host;
use crate::operation::{Body, Content, Location, Operation, Parameter, Response as Declared, Role};
use crate::request::{QueryString, RequestContext};
use crate::response::Body as ResponseBody;
use crate::response_headers::ResponseHeaders;
use crate::schema::{Choice, Field, ObjectSchema, Rule, SLUG_PATTERN, Text};
use crate::serve::serve;
use crate::service::Service;

/// The one owner there is.
pub const OWNER: Uuid = Uuid::from_u128(7);

const FIELD: Field = Field {
    name: "",
    rule: Rule::Any,
    required: false,
    nullable: false,
    read_only: false,
    computed: false,
    title: None,
    description: None,
    unique: None,
    since: None,
};
const NAME: Text = Text { min_length: Some(1), max_length: Some(9), pattern: Some(SLUG_PATTERN) };
const TRICK: Rule = Rule::Text(Text { min_length: Some(1), max_length: None, pattern: None });
const OWNERS: Rule = Rule::Reference { model: "person" };
const COLOUR: Rule =
    Rule::Choice(&[Choice { value: "red", label: "Red" }, Choice { value: "blue", label: "Blue" }]);
const KINDS: &[Choice] = &[Choice { value: "dog", label: "A dog" }, Choice { value: "cat", label: "A cat" }];

/// What is read and written.
pub static PET: ObjectSchema = ObjectSchema {
    name: "Pet",
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
        Field { name: "friends", rule: Rule::List(&OWNERS), ..FIELD },
        Field { name: "kind", rule: Rule::Choice(KINDS), ..FIELD },
        Field { name: "tricks", rule: Rule::List(&TRICK), ..FIELD },
        Field { name: "age", rule: Rule::Integer, ..FIELD },
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
    parameter("age", Role::Filter, Rule::Integer),
    parameter("weight", Role::Filter, Rule::Number),
    parameter("page", Role::Page, Rule::Integer),
    parameter("page_size", Role::PageSize, Rule::Integer),
    parameter("ordering", Role::Ordering, Rule::Text(Text::ANY)),
    parameter("search", Role::Search, Rule::Text(Text::ANY)),
    parameter("note", Role::Plain, Rule::Text(Text::ANY)),
    parameter("shade", Role::Filter, Rule::List(&COLOUR)),
    parameter("tone", Role::Filter, Rule::Joined { item: &COLOUR, separator: ',' }),
];

const OBJECT: &[Declared] = &[Declared { status: 200, description: "", content: Some(CONTENT) }];

const fn operation(
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
        tags: &[],
        summary: None,
        description: Some("All pets."),
        view_name: Some("Pet List"),
        security: &[&["token"]],
        parameters,
        body,
        responses,
        observed: &[],
        since: None,
        pointer: "",
        rest: None,
    }
}

const CONTENT: Content = Content { media_type: "application/json", rule: Rule::Object(&PET), schema: "{}" };
const BODY: Option<Body> =
    Some(Body { content: CONTENT, required: true, content_types: &["application/json"] });

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

/// The header of every answer of [`Shelter`] that is about a route.
pub const SHELTER: HeaderName = HeaderName::from_static("x-shelter");

/// Knows the owner [`OWNER`] and an animal called `rex`; answers writes with the checked fields.
pub struct Shelter;

impl Host for Shelter {
    type User = String;

    async fn authenticate(&self, token: &str) -> Result<Option<String>, Failure> {
        match token {
            "nobody" => Err(Failure::authentication_failed("Token invalid/expired")),
            token => Ok(Some(token.to_owned())),
        }
    }

    async fn permit(&self, cx: &RequestContext<String>) -> Result<(), Failure> {
        cx.response_headers().insert(SHELTER, HeaderValue::from_static("open"));
        if cx.user.as_deref() == Some("guest") { Err(Failure::permission_denied()) } else { Ok(()) }
    }

    async fn admit(&self, cx: &RequestContext<String>) -> Result<(), Failure> {
        if cx.path_parameter("name") == "tom" { Err(Failure::not_found()) } else { Ok(()) }
    }

    async fn exists(
        &self,
        _: &RequestContext<String>,
        model: &'static str,
        key: Uuid,
    ) -> Result<bool, Failure> {
        Ok(model == "person" && key == OWNER)
    }

    async fn is_taken(
        &self,
        _: &RequestContext<String>,
        model: &'static str,
        field: &'static str,
        value: &str,
    ) -> Result<bool, Failure> {
        Ok((model, field, value) == ("animal", "name", "rex"))
    }

    fn inspect(&self, _: &RequestContext<String>, body: &Value) -> Result<(), Failure> {
        if body["name"] == 0 { Err(Failure::bad_request("Zero is no name.")) } else { Ok(()) }
    }

    async fn elsewhere(&self, request: &Request<Bytes>) -> Option<Response<ResponseBody>> {
        match request.uri().path() {
            "/health" => Some(Response::new(ResponseBody::from("fine"))),
            "/panic" => panic!("at the request of a test"),
            _ => None,
        }
    }
}

/// The document of pets.
pub struct Pets;

impl Document for Pets {
    const OPERATIONS: &'static [Operation] = OPERATIONS;
    const BASE_PATH: &'static str = "";
    const FRAME: &'static str = "{}";
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

/// The context of a request whose query is `query`.
pub fn context(query: &str) -> RequestContext<String> {
    RequestContext {
        request_id: String::new(),
        method: Method::GET,
        route: "/pets/",
        operation: OPERATIONS.first(),
        path: Vec::new(),
        query: QueryString::parse(query),
        headers: http::HeaderMap::new(),
        user: None,
        strict: false,
        arguments: Arguments::default(),
        response_headers: ResponseHeaders::default(),
    }
}

/// Sends a request.
pub async fn ask(method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Response<Bytes> {
    let request = Request::builder().method(method).uri(path);
    let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
    let request = request.body(Full::new(Bytes::from(body.to_owned()))).expect("a valid request");
    whole(serve(&Service::<Pets, _>::new(Shelter), request).await).await
}

/// Reads the body of a response.
pub async fn whole(response: Response<ResponseBody>) -> Response<Bytes> {
    let (head, body) = response.into_parts();
    Response::from_parts(head, body.collect().await.expect("a body that is not aborted").to_bytes())
}

/// Sends a request without headers and body.
pub async fn visit(method: &str, path: &str) -> Response<Bytes> {
    ask(method, path, &[], "").await
}

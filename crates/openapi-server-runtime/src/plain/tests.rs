use http::Request;
use http::header::WWW_AUTHENTICATE;
use http_body_util::Full;
use serde_json::json;

use super::*;
use crate::cors::{Cors, Origin};
use crate::credentials::{Requirement, SchemeKind, SecurityScheme};
use crate::dispatch::{Dispatch, Document};
use crate::filters::{FilterValue, PageNumber};
use crate::operation::{Content, Parameter, Response as Declared, Role};
use crate::sample::{CONTENT, FIELD, PARAMETERS, Shelter, ask, get, operation, parameter, request, tables};
use crate::schema::To;
use crate::schema::{
    Additional, Bound, Choice, Field, Integer, List, Map, Member, Number, ObjectSchema, Rule, Size, Text,
    Union,
};
use crate::serve::serve;
use crate::service::{Service, Settings};
use crate::tables::Tables;

/// Sends a request to the shelter of pets.
async fn send(method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> (u16, Value, HeaderMap) {
    taken(ask(Plain, method, path, headers, body).await)
}

fn taken(response: Response<Bytes>) -> (u16, Value, HeaderMap) {
    let (head, body) = response.into_parts();
    let value = if body.is_empty() { Value::Null } else { serde_json::from_slice(&body).expect("JSON") };
    (head.status.as_u16(), value, head.headers)
}

const JSON: (&str, &str) = ("content-type", "application/json");

#[tokio::test]
async fn every_refusal_is_a_problem() {
    let cases = [
        ("GET", "/nowhere", &[][..], "", 404, "There is nothing at this path."),
        ("POST", "/nowhere", &[], "", 404, "There is nothing at this path."),
        ("PUT", "/pets/", &[], "", 405, "The method PUT is not allowed here."),
        (
            "GET",
            "/pets/",
            &[("accept", "text/html")],
            "",
            406,
            "The answer is application/json, which the request does not accept.",
        ),
        ("GET", "/pets/", &[("authorization", "Bearer nobody")], "", 401, "Token invalid/expired"),
        (
            "GET",
            "/pets/",
            &[("authorization", "Bearer guest")],
            "",
            403,
            "You do not have permission to perform this action.",
        ),
        ("GET", "/pets/tom/", &[], "", 404, "Not found."),
        (
            "PUT",
            "/pets/rex/",
            &[("content-type", "text/plain")],
            "{}",
            415,
            "The media type of the body is `text/plain`; it has to be application/json.",
        ),
        (
            "PUT",
            "/pets/rex/",
            &[],
            "{}",
            415,
            "The media type of the body is not declared; it has to be application/json.",
        ),
        ("PUT", "/pets/rex/", &[JSON], "{", 400, "The request is not as the document describes it."),
    ];
    for (method, path, headers, body, status, detail) in cases {
        let (found, problem, headers) = send(method, path, headers, body).await;
        let context = format!("{method} {path} {problem}");
        assert_eq!((found, problem["detail"].as_str()), (status, Some(detail)), "{context}");
        assert_eq!(problem["status"], status, "{context}");
        assert_eq!(headers[CONTENT_TYPE], "application/problem+json", "{context}");
        assert_eq!(headers.contains_key(ALLOW), status == 405, "{context}");
        assert_eq!(headers.contains_key(WWW_AUTHENTICATE), status == 401, "{context}");
        assert_eq!(headers.contains_key("accept"), status == 415, "{context}");
        assert!(!headers.contains_key("x-frame-options"), "{context}");
    }
}

#[tokio::test]
async fn a_breakdown_is_a_problem_without_an_explanation() {
    for (path, method) in [("/pets/panic/", "GET"), ("/pets/broken/", "DELETE"), ("/panic", "POST")] {
        let (status, problem, _) = send(method, path, &[], "").await;
        assert_eq!(
            (status, problem),
            (500, json!({"title": "Internal Server Error", "status": 500})),
            "{path}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_request_may_not_take_forever() {
    let (status, problem, _) = send("GET", "/pets/slow/", &[], "").await;
    assert_eq!((status, &problem["detail"]), (503, &json!("The request took too long.")));
}

#[tokio::test]
async fn only_so_many_errors_are_told() {
    let body = json!({"name": "rex", "tricks": vec![0; 1000]}).to_string();
    let (status, problem, _) = send("PUT", "/pets/rex/", &[JSON], &body).await;
    assert_eq!((status, problem["errors"].as_array().map(Vec::len)), (400, Some(100)), "{problem}");
}

#[tokio::test]
async fn a_body_beyond_the_limit_is_refused() {
    let body = format!("\"{}\"", "x".repeat(2_621_440));
    let (status, problem, _) = send("PUT", "/pets/rex/", &[JSON], &body).await;
    assert_eq!((status, &problem["title"]), (413, &json!("Payload Too Large")));
}

#[tokio::test]
async fn options_name_the_methods() {
    let (status, body, headers) = send("OPTIONS", "/pets/", &[], "").await;
    assert_eq!(
        (status, body, headers[ALLOW].as_bytes()),
        (204, Value::Null, b"GET, POST, HEAD, OPTIONS".as_slice())
    );
}

#[tokio::test]
async fn everything_that_is_wrong_is_told_at_once() {
    let body = r#"{"good":"yes","age":3.5,"tricks":["",4],"owner":"00000000-0000-0000-0000-000000000008","kind":null}"#;
    let (status, problem, _) = send("PUT", "/pets/rex/", &[JSON], body).await;
    let expected = json!([
        {"pointer": "#/name", "detail": "This property is required."},
        {"pointer": "#/good", "detail": "Expected true or false, got a string."},
        {"pointer": "#/kind", "detail": "Expected a string, got null."},
        {"pointer": "#/tricks/0", "detail": "Expected at least 1 characters, got 0."},
        {"pointer": "#/tricks/1", "detail": "Expected a string, got a number."},
        {"pointer": "#/age", "detail": "Expected an integer."},
        {"pointer": "#/owner", "detail": "There is no person with this key."},
    ]);
    assert_eq!((status, &problem["errors"]), (400, &expected));
    let (status, problem, _) = send("PUT", "/pets/rex/", &[JSON], r#"{"name":"rex"}"#).await;
    let expected = json!([{"pointer": "#/name", "detail": "There is already a animal with this name."}]);
    assert_eq!((status, &problem["errors"]), (400, &expected));
    let (status, problem, _) = send("PUT", "/pets/rex/", &[JSON], "").await;
    assert_eq!(
        (status, &problem["errors"]),
        (400, &json!([{"pointer": "#", "detail": "A body is required."}]))
    );
}

#[tokio::test]
async fn a_body_is_handed_on_as_it_was_sent() {
    let body = json!({"name": "max", "age": 3, "colour": "red", "owner": null});
    let (status, found, headers) = send("PUT", "/pets/rex/", &[JSON], &body.to_string()).await;
    assert_eq!(
        (status, found, headers[CONTENT_TYPE].as_bytes()),
        (200, body, b"application/json".as_slice())
    );
}

#[tokio::test]
async fn a_query_is_spelled_as_json_spells_it() {
    let key = "00000000-0000-0000-0000-000000000007";
    for query in [
        "good=true&age=-3&weight=1.5&kind=dog&page=2&page_size=5&ordering=-name&search=x&note=",
        "owner=00000000-0000-0000-0000-000000000007&tag=00000000-0000-0000-0000-000000000007",
        "shade=red&shade=blue&tone=red,blue&unknown=1&format=xml",
    ] {
        let (status, problem, _) = send("GET", &format!("/pets/?{query}"), &[], "").await;
        assert_eq!((status, problem), (200, json!({})), "{query}");
    }
    let cases = [
        ("good=True", "good", "Expected true or false, got \"True\"."),
        ("age=+3", "age", "Expected an integer, got \" 3\"."),
        ("age=3.0", "age", "Expected an integer."),
        ("weight=inf", "weight", "Expected a number, got \"inf\"."),
        ("kind=cow", "kind", "Expected one of: dog, cat."),
        ("tag=00000000000000000000000000000007", "tag", "Expected a UUID with dashes."),
        ("page=last", "page", "Expected an integer, got \"last\"."),
        ("note=a&note=b", "note", "This parameter is given more than once."),
        ("tone=red,green", "tone", "Expected one of: red, blue."),
    ];
    for (query, name, detail) in cases {
        let (status, problem, _) = send("GET", &format!("/pets/?{query}"), &[], "").await;
        let expected = json!([{"parameter": name, "in": "query", "detail": detail}]);
        assert_eq!((status, &problem["errors"]), (400, &expected), "{query}");
    }
    let (_, problem, _) = send("GET", "/pets/?owner=x&age=x&kind=dog", &[], "").await;
    assert_eq!(problem["errors"].as_array().map(Vec::len), Some(2), "{problem} {key}");
}

#[test]
fn parameters_are_read_as_what_they_are() {
    let cx = crate::sample::context("age=3&weight=1&shade=red&shade=blue&page=2&page_size=0&good=false");
    let mut arguments = Arguments::default();
    let mut checker = Checker::default();
    for parameter in PARAMETERS {
        parameters::parse(parameter, &cx, &mut arguments, &mut checker);
    }
    assert!(checker.into_errors().is_empty());
    let values = &arguments.query;
    assert_eq!(values.one("age", FilterValue::as_integer), Some(3));
    assert_eq!(values.one("weight", FilterValue::as_number), Some(1.0));
    assert_eq!(values.one("good", FilterValue::as_boolean), Some(false));
    let shades = ["red", "blue"].map(str::to_owned).to_vec();
    assert_eq!(values.list::<String>("shade", FilterValue::as_choice), Some(shades));
    assert_eq!((values.page("page"), values.page_size("page_size")), (Some(PageNumber::Number(2)), None));
}

#[test]
fn a_header_that_is_described_by_other_means_is_no_parameter() {
    static KIND: Parameter = Parameter {
        name: "Content-Type",
        location: Location::Header,
        role: Role::Plain,
        rule: Rule::Boolean,
        style: operation::Style::Simple,
        explode: false,
        required: true,
        description: None,
        since: None,
        schema: "{}",
    };
    let mut cx = crate::sample::context("");
    cx.headers.insert("content-type", HeaderValue::from_static("text/plain"));
    let mut arguments = Arguments::default();
    let mut checker = Checker::default();
    parameters::parse(&KIND, &cx, &mut arguments, &mut checker);
    assert!(checker.into_errors().is_empty());
    assert_eq!(arguments.header.get("Content-Type"), None);
}

/// Returns the errors of a value, each with its place and its text.
fn wrong(rule: &'static Rule, value: &Value) -> Vec<String> {
    let mut checker = Checker::default();
    checker.value(rule, value);
    let errors = checker.into_errors();
    errors.iter().map(|error| format!("{}: {}", error.target, error.detail)).collect()
}

static CLOSED: ObjectSchema = ObjectSchema {
    name: "Closed",
    fields: &[
        Field { name: "a", rule: Rule::Integer(Integer::ANY), required: true, ..FIELD },
        Field { name: "b", rule: Rule::Text(Text::ANY), nullable: true, ..FIELD },
        Field { name: "id", rule: Rule::Integer(Integer::ANY), required: true, read_only: true, ..FIELD },
    ],
    additional: Additional::None,
    size: Size { min: None, max: Some(2) },
    since: None,
};
static NUMBERS: ObjectSchema = ObjectSchema {
    name: "Numbers",
    fields: &[],
    additional: Additional::Rule(&Rule::Integer(Integer::ANY)),
    size: Size::ANY,
    since: None,
};
static TAGGED: Union = Union {
    tag: Some("kind"),
    members: &[
        Member { words: &["closed"], rule: Rule::Object(To::Own(&CLOSED)) },
        Member { words: &["numbers"], rule: Rule::Any },
    ],
};
static EITHER: Union = Union {
    tag: None,
    members: &[
        Member { words: &[], rule: Rule::Object(To::Own(&CLOSED)) },
        Member { words: &[], rule: Rule::Boolean },
    ],
};

#[test]
fn values_are_held_to_everything_a_schema_says() {
    const BETWEEN: Integer =
        Integer { minimum: Some(2), maximum: Some(8), multiple_of: Some(2), values: &[] };
    const RATIO: Number = Number {
        minimum: Some(Bound { value: 0.0, exclusive: true }),
        maximum: Some(Bound { value: 1.0, exclusive: false }),
        multiple_of: Some(0.1),
    };
    const WORD: Text = Text {
        min_length: Some(1),
        max_length: Some(3),
        pattern: Some("^[a-z]+$"),
        format: None,
        blanks: false,
    };
    static PAIR: List = List {
        item: Rule::Integer(Integer::ANY),
        size: Size { min: Some(1), max: Some(2) },
        unique: true,
        traits: crate::schema::ItemTraits::NONE,
    };
    static NULLS: List = List::of(Rule::Nullable(&Rule::Boolean));
    static AGES: Map = Map { value: Rule::Integer(Integer::ANY), size: Size { min: Some(1), max: None } };
    static WORDS: [Choice; 1] = [Choice { value: "red", label: "Red" }];
    let cases: Vec<(Rule, Value, &[&str])> = vec![
        (Rule::Integer(BETWEEN), json!(4), &[]),
        (
            Rule::Integer(BETWEEN),
            json!(1),
            &["body: Expected at least 2.", "body: Expected a multiple of 2."],
        ),
        (Rule::Integer(BETWEEN), json!(10), &["body: Expected at most 8."]),
        (Rule::Integer(BETWEEN), json!(4.0), &["body: Expected an integer."]),
        (Rule::Integer(BETWEEN), json!("4"), &["body: Expected an integer, got a string."]),
        (Rule::Integer(Integer::ANY), json!(u64::MAX), &["body: Expected a smaller integer."]),
        (
            Rule::Integer(Integer { values: &[1, 3], ..Integer::ANY }),
            json!(2),
            &["body: Expected one of: 1, 3."],
        ),
        (Rule::Number(RATIO), json!(0.3), &[]),
        (Rule::Number(RATIO), json!(1), &[]),
        (Rule::Number(RATIO), json!(0), &["body: Expected more than 0."]),
        (
            Rule::Number(RATIO),
            json!(1.25),
            &["body: Expected at most 1.", "body: Expected a multiple of 0.1."],
        ),
        (Rule::Text(WORD), json!("abc"), &[]),
        (
            Rule::Text(WORD),
            json!("abcD"),
            &["body: Expected at most 3 characters, got 4.", "body: Expected a text that matches ^[a-z]+$."],
        ),
        (
            Rule::Text(Text { format: Some("email"), ..Text::ANY }),
            json!("x"),
            &["body: Expected an e-mail address."],
        ),
        (Rule::Boolean, json!(0), &["body: Expected true or false, got a number."]),
        (Rule::DateTime, json!("2024-08-01T12:00:00+02:00"), &[]),
        (Rule::DateTime, json!("yesterday"), &["body: Expected a date-time such as 2024-08-01T12:00:00Z."]),
        (Rule::Choice(&WORDS), json!("blue"), &["body: Expected one of: red."]),
        (Rule::List(To::Own(&PAIR)), json!([1, 2]), &[]),
        (Rule::List(To::Own(&PAIR)), json!([]), &["body: Expected at least 1 items, got 0."]),
        (
            Rule::List(To::Own(&PAIR)),
            json!([1, 1.0, "x"]),
            &[
                "body: Expected at most 2 items, got 3.",
                "body: Expected no item twice.",
                "1: Expected an integer.",
                "2: Expected an integer, got a string.",
            ],
        ),
        (Rule::List(To::Own(&NULLS)), json!([null, true]), &[]),
        (Rule::List(To::Own(&NULLS)), json!({}), &["body: Expected an array, got an object."]),
        (Rule::Map(To::Own(&AGES)), json!({"a": 1, "b": "x"}), &["b: Expected an integer, got a string."]),
        (Rule::Map(To::Own(&AGES)), json!({}), &["body: Expected at least 1 properties, got 0."]),
        (Rule::Object(To::Own(&CLOSED)), json!({"a": 1, "b": null}), &[]),
        (
            Rule::Object(To::Own(&CLOSED)),
            json!({"b": 1, "c": 2}),
            &[
                "a: This property is required.",
                "b: Expected a string, got a number.",
                "c: There is no such property.",
            ],
        ),
        (
            Rule::Object(To::Own(&CLOSED)),
            json!({"a": 1, "b": "", "id": 1}),
            &["body: Expected at most 2 properties, got 3."],
        ),
        (
            Rule::Object(To::Own(&NUMBERS)),
            json!({"x": 1, "y": "1"}),
            &["y: Expected an integer, got a string."],
        ),
        (Rule::Object(To::Own(&NUMBERS)), json!(null), &["body: Expected an object, got null."]),
        (Rule::Union(To::Own(&TAGGED)), json!({"kind": "closed", "a": 1}), &[]),
        (
            Rule::Union(To::Own(&TAGGED)),
            json!({"kind": "closed", "c": 1}),
            &["a: This property is required.", "c: There is no such property."],
        ),
        (
            Rule::Union(To::Own(&TAGGED)),
            json!({"kind": "other"}),
            &["kind: Expected one of: closed, numbers."],
        ),
        (Rule::Union(To::Own(&TAGGED)), json!([]), &["body: Expected an object, got an array."]),
        (Rule::Union(To::Own(&EITHER)), json!(true), &[]),
        (Rule::Union(To::Own(&EITHER)), json!({"a": 1}), &[]),
        (
            Rule::Union(To::Own(&EITHER)),
            json!({"a": "1"}),
            &["body: This matches none of the alternatives in the document."],
        ),
    ];
    for (rule, value, expected) in cases {
        let rule = Box::leak(Box::new(rule));
        assert_eq!(wrong(rule, &value), expected, "{rule:?} {value}");
    }
}

#[test]
fn alternatives_within_alternatives_come_to_an_end() {
    static NODE: ObjectSchema = ObjectSchema {
        name: "Node",
        fields: &[Field {
            name: "next",
            rule: Rule::Union(To::Component("Nodes", &NODES)),
            required: true,
            ..FIELD
        }],
        additional: Additional::Any,
        size: Size::ANY,
        since: None,
    };
    static NODES: Union = Union {
        tag: None,
        members: &[
            Member { words: &[], rule: Rule::Object(To::Component("Node", &NODE)) },
            Member { words: &[], rule: Rule::Object(To::Component("Node", &NODE)) },
        ],
    };
    static RULE: Rule = Rule::Union(To::Component("Nodes", &NODES));
    let deep = (0..100).fold(json!({}), |value, _| json!({"next": value}));
    assert!(!wrong(&RULE, &deep).is_empty());
}

/// Operations that take credentials of every kind.
struct Vault;

const fn one(scheme: &'static str) -> Requirement {
    Requirement { scheme, scopes: &[] }
}

static VAULT: &[Operation] = &[
    get("/none", &[]),
    get("/basic", &[&[one("basic")]]),
    get("/optional", &[&[], &[one("basic")]]),
    get("/either", &[&[one("header")], &[one("oauth")]]),
    get("/both", &[&[one("cookie"), one("query")]]),
    get("/scoped", &[&[Requirement { scheme: "oauth", scopes: &["read"] }]]),
];

impl Document for Vault {
    const TABLES: &'static Tables = &tables(
        VAULT,
        &[
            SecurityScheme { name: "basic", kind: SchemeKind::Basic },
            SecurityScheme {
                name: "header",
                kind: SchemeKind::ApiKey { location: Location::Header, name: "X-Key" },
            },
            SecurityScheme {
                name: "cookie",
                kind: SchemeKind::ApiKey { location: Location::Cookie, name: "sid" },
            },
            SecurityScheme {
                name: "query",
                kind: SchemeKind::ApiKey { location: Location::Query, name: "key" },
            },
            SecurityScheme { name: "oauth", kind: SchemeKind::OAuth2 },
        ],
    );
}

/// Remembers what credentials it was shown.
struct Guard;

impl Host for Guard {
    type User = Vec<String>;

    async fn authenticate(&self, credentials: &Credentials) -> Result<Option<Vec<String>>, Failure> {
        if credentials.basic() == Some(("me", "wrong")) {
            return Err(Failure::authentication_failed("The password is wrong."));
        }
        if credentials.key() == Some("stale") {
            return Err(Failure::permission_denied());
        }
        let shown = credentials.presented.iter();
        Ok(Some(shown.map(|shown| format!("{} {}", shown.scheme.name, shown.scopes.join(" "))).collect()))
    }
}

impl Dispatch<Guard> for Vault {
    async fn dispatch(
        _: &Guard,
        cx: &RequestContext<Vec<String>>,
        _: &'static Operation,
    ) -> Result<HandlerResponse, Failure> {
        HandlerResponse::json(200, &cx.user)
    }
}

#[tokio::test]
async fn an_operation_is_given_the_credentials_it_takes() {
    type Outcome = Result<Value, &'static [&'static str]>;
    let basic = ("authorization", "Basic bWU6c2VjcmV0");
    let wrong = ("authorization", "Basic bWU6d3Jvbmc=");
    let bearer = ("authorization", "Bearer abc");
    let key = ("x-key", "abc");
    let cookie = ("cookie", "sid=abc");
    let stale = ("x-key", "stale");
    let cases: [(&str, &[_], Outcome); 17] = [
        ("/none", &[], Ok(json!(null))),
        ("/none", &[bearer], Ok(json!(null))),
        ("/basic", &[basic], Ok(json!(["basic "]))),
        ("/basic", &[], Err(&["Basic realm=\"api\", charset=\"UTF-8\""])),
        ("/basic", &[bearer], Err(&["Basic realm=\"api\", charset=\"UTF-8\""])),
        ("/basic", &[wrong], Err(&["Basic realm=\"api\", charset=\"UTF-8\""])),
        ("/optional", &[], Ok(json!(null))),
        ("/optional", &[basic], Ok(json!(["basic "]))),
        ("/optional", &[wrong], Err(&["Basic realm=\"api\", charset=\"UTF-8\""])),
        ("/either", &[key], Ok(json!(["header "]))),
        ("/either", &[bearer], Ok(json!(["oauth "]))),
        ("/either", &[key, bearer], Ok(json!(["header "]))),
        ("/either", &[stale, bearer], Ok(json!(["oauth "]))),
        (
            "/either",
            &[cookie],
            Err(&["ApiKey realm=\"api\", in=\"header\", name=\"X-Key\"", "Bearer realm=\"api\""]),
        ),
        ("/both?key=x", &[cookie], Ok(json!(["cookie ", "query "]))),
        (
            "/both",
            &[cookie],
            Err(&[
                "ApiKey realm=\"api\", in=\"cookie\", name=\"sid\"",
                "ApiKey realm=\"api\", in=\"query\", name=\"key\"",
            ]),
        ),
        ("/scoped", &[bearer], Ok(json!(["oauth read"]))),
    ];
    let service = Service::<Vault, _>::new(Guard);
    for (path, headers, expected) in cases {
        let response = serve(&service, request("GET", path, headers, "")).await;
        let (status, body, headers) =
            taken(response.map(|body| body.as_bytes().cloned().unwrap_or_default()));
        match expected {
            Ok(user) => assert_eq!((status, body), (200, user), "{path}"),
            Err(challenges) => {
                let found: Vec<_> = headers
                    .get_all(WWW_AUTHENTICATE)
                    .iter()
                    .map(|value| value.to_str().expect("text"))
                    .collect();
                assert_eq!((status, found.as_slice()), (401, challenges), "{path}");
            }
        }
    }
}

/// One operation that takes and answers something other than JSON.
struct Reports;

const TEXT: Content = Content { media_type: "text/csv", form: Form::Raw, rule: Rule::Any, schema: "" };

static REPORTS: &[Operation] = &[operation(
    "report",
    Method::POST,
    "/report",
    &[parameter("format", Role::Plain, Rule::Choice(&[Choice { value: "csv", label: "csv" }]))],
    Some(operation::Body { content: TEXT, required: true, content_types: &["text/csv"], encoding: &[] }),
    &[Declared { status: 200, description: "", content: Some(TEXT), content_types: &["text/plain"] }],
)];

impl Document for Reports {
    const TABLES: &'static Tables = &tables(REPORTS, &[]);
}

impl Dispatch<Shelter> for Reports {
    async fn dispatch(
        _: &Shelter,
        cx: &RequestContext<String>,
        _: &'static Operation,
    ) -> Result<HandlerResponse, Failure> {
        Ok(HandlerResponse::media(200, cx.media()))
    }
}

#[tokio::test]
async fn media_types_are_those_of_the_document() {
    let service = Service::<Reports, _>::new(Shelter);
    let csv = ("content-type", "text/csv; charset=utf-8");
    let respond = async |path: &str, headers: &[(&str, &str)]| {
        let request: Request<Full<Bytes>> = request("POST", path, headers, "a,b");
        let response = serve(&service, request).await;
        (response.status().as_u16(), response.headers()[CONTENT_TYPE].clone())
    };
    assert_eq!(
        respond("/report?format=csv", &[csv]).await,
        (200, HeaderValue::from_static("text/csv; charset=utf-8"))
    );
    assert_eq!(respond("/report", &[csv, ("accept", "text/*")]).await.0, 200);
    assert_eq!(respond("/report", &[csv, ("accept", "application/json")]).await.0, 406);
    assert_eq!(respond("/report?format=xml", &[csv]).await.0, 400);
    assert_eq!(respond("/report", &[JSON]).await.0, 415);
}

/// Remembers what it saw of every request.
#[derive(Default)]
struct Onlooker(std::sync::Mutex<Vec<Value>>);

#[derive(Clone)]
struct Note(&'static str);

impl Host for Onlooker {
    type User = ();

    async fn authenticate(&self, _: &Credentials) -> Result<Option<()>, Failure> {
        Err(Failure::authentication_failed("Nobody may."))
    }

    async fn middleware(
        &self,
        line: &crate::request::RequestLine<'_>,
        handling: impl Future<Output = Response<Body>> + Send,
    ) -> Response<Body> {
        line.notes.leave(Note("seen"));
        handling.await
    }

    fn observes(&self, _: &crate::request::RequestLine<'_>) -> bool {
        true
    }

    fn observe(&self, exchange: &crate::exchange::Exchange<'_>) {
        let line = exchange.line;
        let body = exchange.body.map(|body| String::from_utf8_lossy(body).into_owned());
        let note = line.notes.find::<Note>().map(|note| note.0);
        let status = exchange.response.map(|response| response.status().as_u16());
        let seen = json!([line.path, line.uri.query(), line.route, body, note, status]);
        self.0.lock().expect("a lock").push(seen);
    }
}

#[tokio::test]
async fn a_host_that_looks_on_sees_every_request_whole_and_changes_no_answer() {
    let service = Service::<crate::sample::Pets, _>::new(Onlooker::default());
    let long = "x".repeat(service.settings().body_limit + 1);
    for (method, path, headers, body, status) in [
        ("PUT", "/pets/rex/?a=1", &[JSON, ("authorization", "Bearer x")][..], "{}", 401),
        ("PUT", "/pets/rex/", &[JSON, ("authorization", "Bearer x")], &long, 401),
        ("PUT", "/pets/rex/", &[JSON], &long, 413),
        ("PUT", "/pets/rex/", &[JSON], "{", 400),
        ("GET", "/nowhere", &[], "", 404),
    ] {
        let response = serve(&service, request(method, path, headers, body)).await;
        assert_eq!(response.status(), status, "{method} {path}");
    }
    let route = "/pets/{name}/";
    let expected = json!([
        ["/pets/rex/", "a=1", route, "{}", "seen", 401],
        ["/pets/rex/", null, route, null, "seen", 401],
        ["/pets/rex/", null, route, null, "seen", 413],
        ["/pets/rex/", null, route, "{", "seen", 400],
        ["/nowhere", null, null, "", null, 404],
    ]);
    assert_eq!(json!(*service.api().0.lock().expect("a lock")), expected);
}

#[test]
fn a_bare_status_is_an_error_by_its_name_or_an_empty_response() {
    let answered = Answered { method: &Method::GET, route: None, operation: None, schemes: &[] };
    let bare = |status: u16| Plain.bare(&answered, StatusCode::from_u16(status).expect("a status"));
    let problem = bare(503).body().as_bytes().cloned().expect("bytes");
    let problem: Value = serde_json::from_slice(&problem).expect("JSON");
    assert_eq!((&problem["status"], &problem["detail"]), (&json!(503), &json!("Service Unavailable")));
    let moved = bare(302);
    assert_eq!((moved.status().as_u16(), moved.body().as_bytes().map(Bytes::len)), (302, Some(0)));
}

/// The document of a box of notes, which may be sent without one.
struct Notes;

const FORM: &str = "application/x-www-form-urlencoded";

static NOTES: &[Operation] = &[
    operation("note", Method::POST, "/notes", &[], Some(left_out(CONTENT, &["application/json"])), &[]),
    operation(
        "form",
        Method::POST,
        "/form",
        &[],
        Some(left_out(
            Content { media_type: FORM, form: Form::UrlEncoded, rule: Rule::Any, schema: "{}" },
            &[FORM],
        )),
        &[],
    ),
];

/// Returns a body that may be left out.
const fn left_out(content: Content, content_types: &'static [&'static str]) -> operation::Body {
    operation::Body { content, required: false, content_types, encoding: &[] }
}

impl Document for Notes {
    const TABLES: &'static Tables = &tables(NOTES, &[]);
}

impl Dispatch<Shelter> for Notes {
    async fn dispatch(
        _: &Shelter,
        cx: &RequestContext<String>,
        _: &'static Operation,
    ) -> Result<HandlerResponse, Failure> {
        HandlerResponse::json(200, &cx.optional_body::<Value>()?)
    }
}

#[tokio::test]
async fn a_body_that_may_be_left_out_is_told_from_an_empty_one() {
    let service = Service::<Notes, _>::new(Shelter);
    let cases = [
        ("/notes", &[][..], "", 200, json!(null)),
        ("/notes", &[JSON], "{\"name\": \"max\"}", 200, json!({"name": "max"})),
        ("/notes", &[JSON], "{}", 400, json!("The request is not as the document describes it.")),
        ("/form", &[], "", 200, json!(null)),
        // Of a form without fields nothing is sent but the header.
        ("/form", &[("content-type", FORM)], "", 200, json!({})),
        ("/form", &[("content-type", FORM)], "name=max", 200, json!({"name": "max"})),
    ];
    for (path, headers, body, status, expected) in cases {
        let request: Request<Full<Bytes>> = request("POST", path, headers, body);
        let response = serve(&service, request).await;
        let found = response.status().as_u16();
        let bytes = response.body().as_bytes().cloned().unwrap_or_default();
        let value: Value = serde_json::from_slice(&bytes).expect("JSON");
        let value = value.get("detail").unwrap_or(&value);
        assert_eq!((found, value), (status, &expected), "{body:?}");
    }
}

#[tokio::test]
async fn pages_of_other_origins_may_read_what_is_allowed_them() {
    let cors = Cors::new(["http://app.example".parse::<Origin>().expect("an origin")]);
    let settings = Settings { cors: Some(cors), ..Settings::default() };
    let service = Service::<Notes, _>::new(Shelter).with_settings(settings);
    let ask = async |method: &str, path: &str, headers: &[(&str, &str)]| {
        let request: Request<Full<Bytes>> = request(method, path, headers, "{\"name\": \"max\"}");
        let response = serve(&service, request).await;
        let text = |name: &str| {
            response
                .headers()
                .get(name)
                .map(|value| value.to_str().expect("text").to_owned())
                .unwrap_or_default()
        };
        let named =
            ["access-control-allow-origin", "access-control-allow-methods", "access-control-allow-headers"];
        (response.status().as_u16(), named.map(text))
    };
    let (app, evil) = (("origin", "http://app.example"), ("origin", "http://evil.example"));
    let (method, names) =
        (("access-control-request-method", "POST"), ("access-control-request-headers", "x-stub-world"));
    let preflight = ask("OPTIONS", "/notes", &[app, method, names]).await;
    assert_eq!(preflight.0, 204);
    assert_eq!(preflight.1[0], "http://app.example");
    assert!(preflight.1[1].contains("POST"), "{preflight:?}");
    assert_eq!(preflight.1[2], "x-stub-world");
    let foreign = ask("OPTIONS", "/notes", &[evil, method, names]).await;
    assert_eq!(foreign.1, ["", "", ""].map(str::to_owned), "it is an ordinary request");
    assert_eq!(ask("POST", "/notes", &[app, JSON]).await.1[0], "http://app.example");
    assert_eq!(ask("POST", "/notes", &[evil, JSON]).await, (200, ["", "", ""].map(str::to_owned)));
    let missing = ask("GET", "/nowhere", &[app]).await;
    assert_eq!((missing.0, missing.1[0].as_str()), (404, "http://app.example"), "a page may read why");
}

#[tokio::test]
async fn a_client_names_its_request_if_the_name_is_well_formed() {
    let settings = Settings { answers_request_id: true, ..Settings::default() };
    let service = Service::<crate::sample::Pets, _>::new(Shelter).with_settings(settings);
    let long = "x".repeat(129);
    for (given, is_taken) in
        [("ci-17:a.b", true), ("a b", false), ("\u{1b}[31m", false), ("", false), (&long, false)]
    {
        let Ok(header) = http::HeaderValue::from_bytes(given.as_bytes()) else { continue };
        let mut request = request("GET", "/nowhere", &[], "");
        request.headers_mut().insert("x-request-id", header);
        let response = serve(&service, request).await;
        let answered = response.headers()["x-request-id"].to_str().expect("a text");
        assert_eq!(answered == given, is_taken, "{given}");
        assert!(is_taken || answered.len() == 32, "{answered}");
    }
    let silent =
        serve(&Service::<crate::sample::Pets, _>::new(Shelter), request("GET", "/nowhere", &[], "")).await;
    assert!(!silent.headers().contains_key("x-request-id"), "that is for the dialect to say");
}

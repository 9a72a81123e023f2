//! The server side of documents as people write them, and the errors for what it cannot do.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use openapi_bindings::GeneratedFile;
use openapi_bindings::api::{Config, generate};
use openapi_document::Document;
use openapi_document::model::Model;

/// Operations with every kind of parameter, body and answer; the tests below break it.
const ZOO: &str = include_str!("../../openapi-document/tests/zoo.yaml");

fn files(text: &str) -> Result<Vec<GeneratedFile>, openapi_document::Error> {
    let config = Config { directory: "src".to_owned(), types: "zoo_types".to_owned() };
    generate(&Model::of(&Document::parse("zoo.yaml", text)?), &config)
}

/// The text of one generated file of a document, without line breaks and indentation.
fn file_of(document: &str, name: &str) -> String {
    let files = files(document).unwrap();
    let file = files.iter().find(|file| file.path == format!("src/generated/{name}.rs")).unwrap();
    file.text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The sample with `replacement` in the one place where it has `piece`.
fn zoo_with(piece: &str, replacement: &str) -> String {
    assert_eq!(ZOO.matches(piece).count(), 1, "the sample has {piece:?} once");
    ZOO.replace(piece, replacement)
}

fn assert_holds(name: &str, pieces: &[&str]) {
    assert_has(ZOO, name, pieces);
}

fn assert_has(document: &str, name: &str, pieces: &[&str]) {
    let text = file_of(document, name);
    let dense_text = dense(&text);
    for piece in pieces {
        assert!(dense_text.contains(dense(piece).trim_end_matches(',')), "{name} has no {piece:?}:\n{text}");
    }
}

/// Returns a text without what the width of a line decides: blanks, and commas before closing brackets.
fn dense(text: &str) -> String {
    let mut dense = text.split_whitespace().collect::<String>();
    for bracket in [')', ']', '}'] {
        dense = dense.replace(&format!(",{bracket}"), &bracket.to_string());
    }
    dense
}

#[test]
fn operations_are_divided_among_traits_and_their_sum_is_the_api() {
    assert_holds(
        "service",
        &[
            "/// Serves the operations at `/pens` and below it.",
            "/// ```ignore /// impl Pens for MyApi {} /// ```",
            "note = \"an empty implementation of `Pens` answers every operation with its example\"",
            "pub trait Pens: Host {",
            "pub trait Api: Host + Pens {} impl<A: Host + Pens> Api for A {}",
        ],
    );
    let tagged = zoo_with("operationId: pens.list", "operationId: pens.list\n      tags: [zoo]");
    let tagged = tagged
        .replace("operationId: pens.create", "operationId: pens.create\n      tags: [zoo]")
        .replace("operationId: animals_retrieve", "operationId: animals_retrieve\n      tags: [animal]")
        .replace("operationId: animals_delete", "operationId: animals_delete\n      tags: [animal]");
    assert_has(
        &tagged,
        "service",
        &[
            "// from #/tags/0 /// Serves the operations with the tag `zoo`.",
            "pub trait Zoo: Host { /// All pens",
            "// from #/paths /// Serves the operations with the tag `animal`.",
            "pub trait Api: Host + Zoo + Animal {}",
        ],
    );
    assert_has(&tagged, "dispatch", &["HandlerResponse::json( 200, &Animal::animals_retrieve("]);
    assert_has(&format!("x-service-traits: path\n{tagged}"), "service", &["pub trait Api: Host + Pens {}"]);
    let error = files(&format!("x-service-traits: paths\n{ZOO}")).expect_err("no way to divide").to_string();
    assert!(error.contains("/x-service-traits"), "{error}");
}

#[test]
fn every_operation_is_a_method_with_plain_arguments() {
    assert_holds(
        "service",
        &[
            "fn pens_list( &self, cx: &RequestContext<Self::User>, query: PensListQuery, ) \
             -> impl Future<Output = Result<Vec<types::Pen>, PensListError>> + Send {",
            "query: PensCreateQuery, body: types::PenRequest,",
            "fn animals_retrieve( &self, cx: &RequestContext<Self::User>, pen_id: uuid::Uuid, number: i64, )",
            "Result<serde_json::Value, AnimalsRetrieveError>",
            "Result<(), AnimalsDeleteError>",
        ],
    );
}

#[test]
fn a_query_is_a_struct_of_typed_fields() {
    assert_holds(
        "queries",
        &[
            "pub type_: Option<Vec<types::Kind>>,",
            "pub born_after: Option<String>,",
            "pub ids: Option<Vec<Uuid>>,",
            "/// How big pub size: Option<f64>,",
            "type_: values.list(\"type\", FilterValue::as_choice)",
        ],
    );
}

#[test]
fn a_failure_is_a_variant_of_its_status() {
    assert_holds(
        "errors",
        &[
            "pub enum PensListError { /// 429: slow down TooManyRequests, /// Anything else, and whatever the runtime refuses. Other(Failure), }",
            "/// 409: there Conflict(types::Error),",
        ],
    );
}

#[test]
fn components_become_tables_that_may_hold_themselves() {
    assert_holds(
        "schemas",
        &[
            "// from #/components/schemas/Pen /// `Pen` pub static PEN: ObjectSchema",
            "name: \"inner\", rule: Rule::Object(To::Component(\"Pen\", &schemas::PEN)),",
            "rule: Rule::Text(Text { min_length: Some(2), max_length: None, pattern: Some(\"^a+$\"), format: None, blanks: false, }),",
            "Choice { value: \"2legs\", label: \"2legs\", }",
        ],
    );
}

#[test]
fn a_base_path_and_a_security_requirement_may_stand_above_the_operations() {
    assert_holds(
        "operations",
        &[
            "pub const BASE_PATH: &str = \"/api\";",
            "Requirement { scheme: \"key\", scopes: &[]",
            "security: &[],",
        ],
    );
}

#[test]
fn a_parameter_of_several_values_is_handed_on_as_its_type() {
    let cases = [
        ("{ type: object, properties: { a: {} } }", "size: Option<serde_json::Value>,"),
        ("{ $ref: \"#/components/schemas/PenRequest\" }", "size: Option<types::PenRequest>,"),
        ("{ type: array, items: { type: array, items: { type: integer } } }", "size: Option<Vec<Vec<i64>>>,"),
        ("{ oneOf: [{ type: integer }, { type: boolean }] }", "size: Option<serde_json::Value>,"),
    ];
    for (schema, expected) in cases {
        let document = zoo_with("{ type: number, minimum: 0 }", schema);
        assert_has(&document, "queries", &[expected, "size: values.typed(Self::LOCATION, \"size\")?,"]);
    }
    let label = zoo_with("name: number, in: path,", "name: number, in: path, style: label,");
    assert_has(&label, "operations", &["style: Style::Label, explode: false,"]);
}

const JSON_BODY: &str = "{ application/json: { schema: { $ref: \"#/components/schemas/PenRequest\" } } }";

#[test]
fn a_form_is_a_typed_body_and_text_or_bytes_are_handed_on() {
    let form = zoo_with(
        JSON_BODY,
        "{ multipart/form-data: { schema: { $ref: \"#/components/schemas/PenRequest\" } } }",
    );
    assert_has(&form, "service", &["body: types::PenRequest,"]);
    assert_has(
        &form,
        "operations",
        &[
            "media_type: \"multipart/form-data\", form: Form::Multipart, rule: Rule::Object(To::Component(\"PenRequest\", &schemas::PEN_REQUEST)),",
            "content_types: &[\"multipart/form-data\"],",
        ],
    );
    let bytes = zoo_with(JSON_BODY, "{ image/png: { schema: { type: string, format: binary } } }");
    assert_has(&bytes, "service", &["body: openapi_server_runtime::media::Media,"]);
    assert_has(&bytes, "dispatch", &["cx.media()"]);
    assert_has(&bytes, "registration", &["type Body = Raw;"]);
}

#[test]
fn a_body_that_may_be_left_out_is_an_option() {
    let optional = |content: &str| {
        zoo_with(&format!("required: true, content: {JSON_BODY}"), &format!("content: {content}"))
    };
    let json = optional(JSON_BODY);
    assert_has(&json, "service", &["body: Option<types::PenRequest>,"]);
    assert_has(&json, "dispatch", &["cx.optional_body::<types::PenRequest>()?.cloned()"]);
    let bytes = optional("{ image/png: { schema: { type: string, format: binary } } }");
    assert_has(&bytes, "service", &["body: Option<openapi_server_runtime::media::Media>,"]);
    assert_has(&bytes, "dispatch", &["cx.optional_media()"]);
}

#[test]
fn of_several_content_types_json_decides_and_the_others_are_known() {
    let several = zoo_with(
        JSON_BODY,
        "{ text/csv: {}, multipart/form-data: { schema: { $ref: \"#/components/schemas/PenRequest\" } }, \
         application/json: { schema: { $ref: \"#/components/schemas/PenRequest\" } } }",
    );
    assert_has(
        &several,
        "operations",
        &[
            "media_type: \"application/json\"",
            "content_types: &[\"text/csv\", \"multipart/form-data\", \"application/json\"],",
            "rest: Some( \"{\\\"requestBody\\\":{\\\"content\\\":{\\\"text/csv\\\":{},",
        ],
    );
}

#[test]
fn an_answer_may_be_text_or_bytes() {
    let csv = zoo_with(
        "{ description: made, content: { application/json: { schema: { $ref: \"#/components/schemas/Pen\" } } } }",
        "{ description: made, content: { text/csv: { schema: { type: string, example: \"a,b\" } } } }",
    );
    assert_has(
        &csv,
        "service",
        &[
            "Output = Result<openapi_server_runtime::media::Media, PensCreateError>",
            "async { Err(Failure::Unwritten.into()) }",
        ],
    );
    assert_has(&csv, "operations", &["example: \"a,b\","]);
    assert_has(&csv, "dispatch", &["Ok( HandlerResponse::media( 201,"]);
}

#[test]
fn a_body_may_be_a_union_a_list_or_any_object() {
    let cases = [
        (
            "{ $ref: \"#/components/schemas/Pet\" }",
            "types::Pet",
            "Rule::Union(To::Component(\"Pet\", &schemas::PET))",
        ),
        (
            "{ type: array, items: { $ref: \"#/components/schemas/PenRequest\" } }",
            "Vec<types::PenRequest>",
            "Rule::List(To::Own(&List { item: Rule::Object(To::Component(\"PenRequest\", &schemas::PEN_REQUEST)),",
        ),
        (
            "{ type: object, additionalProperties: true }",
            "serde_json::Value",
            "Rule::Map(To::Own(&Map { value: Rule::Any,",
        ),
        (
            "{ type: object, properties: { name: { type: string } } }",
            "serde_json::Value",
            "Rule::Object(To::Own(&ObjectSchema { name: \"\",",
        ),
        (
            "{ type: object, additionalProperties: { type: integer } }",
            "serde_json::Value",
            "Rule::Map(To::Own(&Map { value: Rule::Integer(Integer::ANY),",
        ),
    ];
    for (schema, ty, rule) in cases {
        let document = zoo_with(JSON_BODY, &format!("{{ application/json: {{ schema: {schema} }} }}")) + PETS;
        assert_has(&document, "service", &[&format!("body: {ty},")]);
        assert_has(&document, "operations", &[&format!("rule: {rule}")]);
    }
}

const PETS: &str = "    Pet:
      oneOf: [{ $ref: \"#/components/schemas/Cat\" }, { $ref: \"#/components/schemas/Dog\" }]
      discriminator: { propertyName: kind, mapping: { tom: \"#/components/schemas/Cat\" } }
    Cat: { type: object, properties: { kind: { type: string } } }
    Dog: { type: object, properties: { kind: { type: string }, pups: { type: array, items: { $ref: \"#/components/schemas/Pet\" } } } }
";

#[test]
fn the_members_of_a_union_are_known_by_their_words_and_may_hold_the_union() {
    assert_has(
        &format!("{ZOO}{PETS}"),
        "schemas",
        &[
            "pub static PET: Union = Union { tag: Some(\"kind\"), members: &[ \
             Member { words: &[\"tom\"], rule: Rule::Object(To::Component(\"Cat\", &schemas::CAT)), }, \
             Member { words: &[\"Dog\"], rule: Rule::Object(To::Component(\"Dog\", &schemas::DOG)), }, ], };",
            "item: Rule::Union(To::Component(\"Pet\", &schemas::PET)),",
        ],
    );
}

#[test]
fn headers_and_cookies_are_structs_beside_the_query() {
    let document = zoo_with(
        "- { name: kind, in: query,",
        "- { name: Accept, in: header, schema: { type: string } }\n        \
         - { name: X-Keeper, in: header, required: true, schema: { type: string } }\n        \
         - { name: session, in: cookie, schema: { type: integer } }\n        \
         - { name: kind, in: query,",
    );
    assert_has(
        &document,
        "service",
        &["query: PensListQuery, headers: PensListHeaders, cookies: PensListCookies, )"],
    );
    assert_has(
        &document,
        "queries",
        &[
            "pub struct PensListHeaders { /// `X-Keeper` pub x_keeper: Option<String>, }",
            "const LOCATION: Location = Location::Header;",
            "pub struct PensListCookies { /// `session` pub session: Option<i64>, }",
        ],
    );
}

#[test]
fn a_rule_says_everything_its_schema_says() {
    let cases = [
        ("{ type: integer, minimum: 1, exclusiveMinimum: true }", "minimum: Some(2), maximum: None,"),
        ("{ type: integer, maximum: 2.5, multipleOf: 2 }", "maximum: Some(2), multiple_of: Some(2),"),
        ("{ type: integer, format: int32 }", "minimum: Some(-2147483648), maximum: Some(2147483647),"),
        ("{ type: integer, enum: [1, 3] }", "values: &[1, 3],"),
        (
            "{ type: number, minimum: 0, exclusiveMinimum: true }",
            "minimum: Some(Bound { value: 0.0, exclusive: true, }),",
        ),
        ("{ type: string, format: email }", "format: Some(\"email\"),"),
        (
            "{ type: array, minItems: 1, uniqueItems: true, items: { type: boolean, nullable: true } }",
            "item: Rule::Nullable(&Rule::Boolean), size: Size { min: Some(1), max: None }, unique: true,",
        ),
        (
            "{ type: object, additionalProperties: false, maxProperties: 0 }",
            "fields: &[], additional: Additional::None, size: Size { min: None, max: Some(0) },",
        ),
        (
            "{ type: object, properties: { a: {} }, additionalProperties: { type: boolean } }",
            "additional: Additional::Rule(&Rule::Boolean),",
        ),
    ];
    for (schema, expected) in cases {
        let document = zoo_with("any: {}", &format!("any: {schema}"));
        assert_has(&document, "schemas", &[expected]);
    }
}

#[test]
fn credentials_are_required_by_scheme_and_scopes() {
    let schemes = "securitySchemes: { key: { type: http, scheme: bearer }, basic: { type: http, scheme: Basic }, \
                   cookie: { type: apiKey, in: cookie, name: sid }, digest: { type: http, scheme: Digest }, \
                   sso: { type: openIdConnect, openIdConnectUrl: 'https://a.example' }, tls: { type: mutualTLS }, \
                   oauth: { type: oauth2, flows: { implicit: { authorizationUrl: 'https://a.example', scopes: \
                   { read: '' } } } } }";
    let document = zoo_with("securitySchemes: { key: { type: http, scheme: bearer } }", schemes)
        .replace("security: []", "security: [{ basic: [], oauth: [read] }, {}]");
    assert_has(
        &document,
        "operations",
        &[
            "SecurityScheme { name: \"basic\", kind: SchemeKind::Basic, },",
            "SecurityScheme { name: \"cookie\", kind: SchemeKind::ApiKey { location: Location::Cookie, name: \"sid\", }, },",
            "SecurityScheme { name: \"digest\", kind: SchemeKind::Http(\"digest\"), },",
            "SecurityScheme { name: \"sso\", kind: SchemeKind::OpenIdConnect, },",
            "SecurityScheme { name: \"tls\", kind: SchemeKind::MutualTls, },",
            "SecurityScheme { name: \"oauth\", kind: SchemeKind::OAuth2, },",
            "Requirement { scheme: \"oauth\", scopes: &[\"read\"], }",
        ],
    );
}

#[test]
fn a_list_may_be_one_text() {
    let ids = "{ name: ids, in: query,";
    for (written, style) in [("explode: false", "Form"), ("style: pipeDelimited", "PipeDelimited")] {
        let document = zoo_with(ids, &format!("{ids} {written},"));
        let traits = "ItemTraits { title: None, required: None, read_only: None, shown_by: None, }";
        let list = "rule: Rule::List(To::Own(&List { item: Rule::Uuid, size: Size::ANY, unique: false,";
        let rule = format!("{list} traits: {traits}, }})),");
        assert_has(&document, "operations", &[&format!("{rule} style: Style::{style}, explode: false,")]);
        assert_has(&document, "queries", &["pub ids: Option<Vec<Uuid>>,"]);
    }
}

#[test]
fn an_operation_may_have_any_method_and_no_answer_of_its_own() {
    let head = zoo_with("    delete:", "    head:");
    assert_has(&head, "operations", &["method: Method::HEAD,"]);
    let redirected = zoo_with("\"204\": { description: gone }", "\"302\": { description: there }");
    assert_has(&redirected, "dispatch", &["Ok(HandlerResponse::empty(302))"]);
    let open = zoo_with("\"204\": { description: gone }", "default: { description: gone }");
    assert_has(&open, "dispatch", &["Ok(HandlerResponse::empty(200))"]);
    let content = "content: { application/json: { schema: { type: boolean } } }";
    let answered =
        zoo_with("\"204\": { description: gone }", &format!("default: {{ description: gone, {content} }}"));
    assert_has(&answered, "service", &["impl Future<Output = Result<bool, AnimalsDeleteError>>"]);
    assert_has(&answered, "dispatch", &["HandlerResponse::json( 200, &Pens::animals_delete("]);
}

#[test]
fn an_operation_that_only_answers_101_is_given_the_connection() {
    const GONE: &str = "{ \"204\": { description: gone } }";
    const ON: &str = "{ \"101\": { description: on } }";
    const NAMED: &str = "{ \"101\": { description: on, headers: { upgrade: { schema: { type: string, \
        enum: [a/2, \"a b\", websocket] } } } } }";
    let cases = [
        (ON, "&[\"websocket\"]"),
        (NAMED, "&[\"a/2\", \"websocket\"]"),
        // A redirection is no other success.
        ("{ \"302\": { description: there }, \"101\": { description: on } }", "&[\"websocket\"]"),
        // What dropshot emitted once has no 101.
        ("{ default: { description: on } }\n      x-dropshot-websocket: {}", "&[\"websocket\"]"),
    ];
    for (responses, protocols) in cases {
        let document = zoo_with(GONE, responses);
        let dispatch = file_of(&document, "dispatch").replace([' ', ','], "");
        let upgrade = format!("openapi_server_runtime::upgrade::Upgrade::of(cx{protocols})?");
        let call = format!(
            "Ok(Pens::animals_delete(apicxcx.path_uuid(\"pen_id\")?cx.path_integer(\"number\")?{upgrade})"
        );
        let call = format!("{call}.await?.answer(cx))").replace([' ', ','], "");
        assert!(dispatch.contains(&call), "{call}:\n{dispatch}");
        assert_has(
            &document,
            "service",
            &[
                "number: i64, upgrade: openapi_server_runtime::upgrade::Upgrade, )",
                "openapi_server_runtime::upgrade::SwitchingProtocols, AnimalsDeleteError,",
                "async { Err(Failure::Unwritten.into()) }",
                "and its handler is given the connection.",
            ],
        );
    }
    let both = zoo_with(GONE, "{ \"101\": { description: on }, \"204\": { description: gone } }");
    assert_has(&both, "dispatch", &["Ok(HandlerResponse::empty(204))"]);
    let taken = ZOO.replace("{number}", "{upgrade}").replace("name: number", "name: upgrade");
    assert_has(&taken, "service", &["pen_id: uuid::Uuid, upgrade: i64, )"]);
    assert_has(&taken.replace(GONE, ON), "service", &["upgrade_: i64, upgrade: openapi_server_runtime"]);
}

#[test]
fn names_that_are_taken_are_made_longer() {
    let document = zoo_with("operationId: pens.list", "operationId: list");
    assert_has(&document, "queries", &["pub struct ListQuery_ {"]);
    let document = zoo_with("operationId: animals_delete", "operationId: document");
    assert_has(&document, "operations", &["pub const DOCUMENT_: Operation ="]);
    let document = ZOO.replace("{number}", "{body}").replace("name: number", "name: body");
    assert_has(&document, "service", &["pen_id: uuid::Uuid, body_2: i64, )"]);
    let document = zoo_with(
        "- { name: born-after,",
        "- { name: born_after, in: query, schema: {} }\n        - { name: born-after,",
    );
    assert_has(&document, "queries", &["pub born_dash_after: Option<String>,"]);
}

#[test]
fn a_document_of_many_operations_is_split_by_tag() {
    let operations: Vec<String> = (0..101)
        .map(|number| {
            format!(
                "  /many/{number}: {{ get: {{ operationId: many_{number}, tags: [t{}], responses: {{ \"204\": \
                 {{ description: \"\" }} }} }} }}\n",
                number % 2
            )
        })
        .collect();
    let document = ZOO.replace("paths:\n", &format!("paths:\n{}", operations.concat()));
    assert_has(
        &document,
        "operations",
        &["mod tag_t0; #[rustfmt::skip] mod tag_t1;", "pub use self::tag_t0::*; pub use self::tag_t1::*;"],
    );
    assert_has(&document, "operations/tag_t1", &["pub const MANY_1: Operation ="]);
    assert_has(&document, "errors/tag_untagged", &["pub enum PensListError {"]);
    assert_has(&document, "dispatch", &["=> tag_t0::dispatch(api, cx, operation).await,"]);
    assert_has(
        &document,
        "dispatch/tag_t0",
        &["\"many_0\" => { Many0::many_0(api, cx).await?; Ok(HandlerResponse::empty(204)) }"],
    );
}

#[test]
fn what_the_table_has_no_place_for_stands_beside_it() {
    let document =
        zoo_with("operationId: animals_delete", "operationId: animals_delete\n      deprecated: true")
            .replace("- { name: ids,", "- { name: ids, allowEmptyValue: true,");
    assert_has(
        &document,
        "operations",
        &[
            "rest: Some(\"{\\\"deprecated\\\":true}\"),",
            "\\\"parameters\\\":{\\\"query ids\\\":{\\\"allowEmptyValue\\\":true}}",
            "\\\"responses\\\":{\\\"default\\\":",
        ],
    );
}

//! A server without generated code: tables that are built when the program runs, served.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::Full;
use openapi_document::Document;
use openapi_document::model::Model;
use openapi_server_runtime::dispatch::{Dispatch, HandlerResponse};
use openapi_server_runtime::failure::Failure;
use openapi_server_runtime::host::{Content, Host};
use openapi_server_runtime::media::Media;
use openapi_server_runtime::operation::Operation;
use openapi_server_runtime::request::RequestContext;
use openapi_server_runtime::schema::Rule;
use openapi_server_runtime::serve::serve;
use openapi_server_runtime::service::Service;
use openapi_server_runtime::tables::Tables;
use openapi_server_runtime::unwritten::Unwritten;
use serde_json::{Value, json};

const NODES: &str = "
openapi: 3.0.3
info: { title: Nodes, version: '1' }
servers: [{ url: /api }]
paths:
  /nodes/{id}:
    get:
      operationId: get
      parameters: [{ name: id, in: path, required: true, schema: { type: integer } }]
      responses:
        '200': { description: a node, content: { application/json: { schema: { $ref: '#/components/schemas/Node' } } } }
  /nodes:
    post:
      operationId: add
      requestBody:
        required: true
        content: { application/json: { schema: { $ref: '#/components/schemas/Node' } } }
      responses:
        default: { description: made, content: { text/csv: { schema: { type: string, example: 'a,b' } } } }
    delete: { operationId: clear, responses: { '204': { description: gone } } }
components:
  schemas:
    Node:
      type: object
      required: [name]
      properties:
        name: { type: string, minLength: 1, example: root }
        children: { type: array, items: { $ref: '#/components/schemas/Node' } }
        parent: { $ref: '#/components/schemas/Parent' }
    Parent: { oneOf: [{ $ref: '#/components/schemas/Node' }, { $ref: '#/components/schemas/Names' }] }
    Names: { type: array, items: { anyOf: [{ type: string }, { $ref: '#/components/schemas/Names' }] } }
";

fn tables() -> &'static Tables {
    let document = Document::parse("nodes.yaml", NODES).unwrap();
    openapi_tables::build(&Model::of(&document)).unwrap()
}

/// Answers one operation, and leaves the others to their examples.
struct Tree;

impl Host for Tree {
    type User = ();

    async fn unwritten(&self, cx: &RequestContext<()>) -> Result<Option<Content>, Failure> {
        Ok(match cx.path_parameter("id") {
            "7" => Some(Content::Json(json!({"name": "seven"}))),
            "8" => Some(Content::Media(Media::text("", r#"{ "name": "eight" }"#))),
            _ => None,
        })
    }
}

/// The way to methods of which none is written.
struct Nobody;

impl Dispatch<Tree> for Nobody {
    async fn dispatch(
        _: &Tree,
        _: &RequestContext<()>,
        _: &'static Operation,
    ) -> Result<HandlerResponse, Failure> {
        Err(Failure::Unwritten)
    }
}

async fn ask(tables: &'static Tables, method: &str, path: &str, body: &'static str) -> Response<String> {
    let (response, other) =
        (ask_by::<Unwritten>(tables, method, path, body), ask_by::<Nobody>(tables, method, path, body));
    let (response, other) = (response.await, other.await);
    assert_eq!((response.status(), response.body()), (other.status(), other.body()), "{method} {path}");
    response
}

async fn ask_by<S: Dispatch<Tree>>(
    tables: &'static Tables,
    method: &str,
    path: &str,
    body: &'static str,
) -> Response<String> {
    let request = Request::builder().method(method).uri(path).header("content-type", "application/json");
    let service = Service::<S, _>::of(tables, Tree);
    let response = serve(&service, request.body(Full::new(Bytes::from(body))).unwrap()).await;
    response.map(|body| String::from_utf8(body.as_bytes().unwrap().to_vec()).unwrap())
}

#[tokio::test]
async fn tables_that_are_built_at_run_time_are_served() {
    let asset = Tables::from_bytes(tables().to_bytes().unwrap().leak()).unwrap();
    for tables in [tables(), asset] {
        let node = ask(tables, "GET", "/api/nodes/1", "").await;
        assert_eq!(
            (node.status().as_u16(), &node.headers()["x-example-response"]),
            (200, &"true".parse().unwrap())
        );
        assert_eq!(serde_json::from_str::<Value>(node.body()).unwrap()["name"], "root");
        let seven = ask(tables, "GET", "/api/nodes/7", "").await;
        assert_eq!((seven.status().as_u16(), seven.body().as_str()), (200, r#"{"name":"seven"}"#));
        assert_eq!(ask(tables, "GET", "/api/nodes/8", "").await.body(), r#"{ "name": "eight" }"#);
        assert_eq!(ask(tables, "DELETE", "/api/nodes", "").await.status(), 204);
        assert_eq!(ask(tables, "GET", "/api/nodes/x", "").await.status(), 400);
        let made = ask(tables, "POST", "/api/nodes", r#"{"name": "a", "children": [{"name": "b"}]}"#).await;
        assert_eq!((made.status().as_u16(), made.body().as_str()), (200, "a,b"));
        assert_eq!(made.headers()["content-type"], "text/csv");
        // Rules are held to at any depth, although the document says them once.
        let deep = r#"{"name": "a", "children": [{"name": "b", "children": [{"name": ""}]}]}"#;
        let refused = ask(tables, "POST", "/api/nodes", deep).await;
        let problem: Value = serde_json::from_str(refused.body()).unwrap();
        assert_eq!(problem["errors"][0]["pointer"], "#/children/0/children/0/name", "{problem}");
    }
}

#[test]
fn components_lead_to_one_another_in_circles() {
    let tables = tables();
    let rule = |name: &str| &tables.components.iter().find(|known| known.name == name).unwrap().rule;
    let (Rule::Object(node), Rule::Union(parent)) = (rule("Node"), rule("Parent")) else {
        panic!("{tables:?}")
    };
    let Rule::Union(found) = &node.fields[2].rule else { panic!("{node:?}") };
    assert!(std::ptr::eq(found.get(), parent.get()));
    let Rule::Object(found) = &parent.members[0].rule else { panic!("{parent:?}") };
    assert!(std::ptr::eq(found.get(), node.get()));
}

#[test]
fn objects_stand_in_one_another_as_deep_as_a_document_allows() {
    let nested = |levels: usize| {
        let (open, close) = ("{type: object, properties: {a: ".repeat(levels), "}}".repeat(levels));
        format!(
            "{{openapi: 3.0.3, info: {{title: t, version: '1'}}, paths: {{}}, components: {{schemas: {{A: {open}{{type: string}}{close}}}}}}}"
        )
    };
    let document = Document::parse("spec.yaml", &nested(23)).unwrap();
    openapi_tables::build(&Model::of(&document)).unwrap();
    assert!(
        Document::parse("spec.yaml", &nested(24)).unwrap_err().to_string().contains("inside one another")
    );
}

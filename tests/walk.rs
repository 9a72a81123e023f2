//! A walk through every viewset of the whole API: list, create, find again, filter, retrieve, change, ask for users, destroy.
//!
//! No line is for one viewset. Bodies are samples of the schemas; what a reference names is looked for in the list of its model,
//! or made; what a refusal names is left out, or said otherwise. Every answer is held against the document of what is really
//! answered (`/-/openapi.json?observed`).

mod bodies;
mod viewsets;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt;

use authentik_stub::{Carrier, Entry, Stub};
use http::Request;
use jsonschema::Validator;
use openapi_document::loader::Nothing;
use openapi_document::overlay::Overlay;
use serde_json::{Map, Value, json};

use crate::wire::Connection;
use viewsets::Viewset;

/// The reason why a viewset is not walked through as a whole.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Reason {
    /// It lacks this step.
    Lacks(&'static str),
    /// The step needs the world outside.
    Outside(&'static str),
    /// authentik departs from its document.
    Departs(String),
    /// No body that the schemas describe is accepted; this is what is refused.
    Refused(String),
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Lacks(step) => write!(f, "the document has no operation to {step}"),
            Self::Outside(step) => write!(f, "to {step} needs the world outside"),
            Self::Departs(name) => write!(f, "authentik departs from its document: {name}"),
            Self::Refused(names) => write!(f, "no schema describes a body that is accepted: {names}"),
        }
    }
}

/// An answer: its status, and its body if that is JSON.
#[derive(Debug)]
struct Answer {
    status: u16,
    body: Value,
    /// The name of the departure that the journal has.
    departure: Option<&'static str>,
}

impl Answer {
    /// Fails unless a step came to its end.
    fn expect(self, step: &'static str) -> Result<Value, Reason> {
        match (self.status, self.departure) {
            (200..300, _) => Ok(self.body),
            (501, _) => Err(Reason::Outside(step)),
            (_, Some(name)) => Err(Reason::Departs(name.to_owned())),
            (status, None) => Err(Reason::Refused(format!("{step} {status} {}", self.body))),
        }
    }
}

/// The walker, with the answers that fit no schema.
struct Walker {
    stub: Stub,
    connection: Connection,
    /// The document with everything that its overlay says.
    document: Value,
    /// The document of what is really answered.
    observed: Value,
    validators: HashMap<String, Validator>,
    world: String,
    /// The ways in which answers fit no schema, by what they are answers to.
    violations: BTreeSet<String>,
    /// The viewsets of the document.
    viewsets: Vec<Viewset>,
}

impl Walker {
    async fn start() -> Self {
        let stub = Stub::builder().carrier(Carrier::Hyper).start().await.expect("the stub starts");
        let mut connection =
            Connection::open(stub.address().as_tcp().expect("an address of the network")).await;
        let asked = Request::get("/-/openapi.json?observed").body(Vec::new()).expect("a request");
        let observed = connection.send(asked).await;
        let observed = serde_json::from_slice(observed.body()).expect("the document is JSON");
        let world = String::new();
        let (document, validators, violations) = (described(), HashMap::new(), BTreeSet::new());
        let viewsets = viewsets::of(&document);
        Self { stub, connection, document, observed, validators, world, violations, viewsets }
    }

    /// Sends a request to a path of a template, and holds the answer against the document.
    async fn send(&mut self, method: &str, template: &str, path: &str, body: Option<&Value>) -> Answer {
        let token = self.stub.token().unwrap_or_default();
        let request = Request::builder()
            .method(method)
            .uri(format!("/api/v3{path}"))
            .header("Authorization", format!("Bearer {token}"))
            .header("Content-Type", "application/json")
            .header("X-Stub-World", &self.world);
        let sent = body.map(ToString::to_string).unwrap_or_default();
        let request = request.body(sent.into_bytes()).expect("a request");
        let response = self.connection.send(request).await;
        let status = response.status().as_u16();
        let media_type = response.headers().get("content-type").and_then(|value| value.to_str().ok());
        let media_type = media_type.map(|text| text.split(';').next().unwrap_or_default().to_owned());
        let bytes = response.body();
        let body = serde_json::from_slice(bytes).unwrap_or_default();
        if let Some(wrong) = self.wrong(method, template, status, media_type.as_deref(), &body) {
            self.violations.insert(format!("{method} {template} {status}: {wrong}"));
        }
        let departure = self.stub.requests().all().last().and_then(Entry::departure);
        Answer { status, body, departure: departure.map(|departure| departure.name) }
    }

    /// Returns what the document does not say of an answer.
    fn wrong(
        &mut self,
        method: &str,
        template: &str,
        status: u16,
        media_type: Option<&str>,
        body: &Value,
    ) -> Option<String> {
        let method = method.to_lowercase();
        let response = &self.observed["paths"][template][&method]["responses"][status.to_string()];
        if response.is_null() {
            return Some("is no status of the operation".to_owned());
        }
        let Some(media_type) = media_type else {
            return (!body.is_null()).then(|| "has a body without a media type".to_owned());
        };
        let Some(media) = response["content"].get(media_type) else {
            return Some(format!("has the media type {media_type}, which is not declared"));
        };
        if media_type != "application/json" {
            return None;
        }
        let key = format!("{method} {template} {status}");
        if !self.validators.contains_key(&key) {
            let mut schemas = Map::new();
            collect(&self.observed["components"]["schemas"], &media["schema"], &mut schemas);
            let mut root = json!({"allOf": [media["schema"]], "components": {"schemas": schemas}});
            with_null(&mut root);
            let validator = jsonschema::options().build(&root).expect("the schemas are valid");
            self.validators.insert(key.clone(), validator);
        }
        let found = self.validators.get(&key)?.iter_errors(body).next();
        found.map(|error| {
            let place = error.instance_path().to_string();
            let steps = place.split('/').filter(|step| step.parse::<usize>().is_err());
            // The value itself may be another the next time.
            let value = error.instance().to_string();
            let message = if value.len() > 4 {
                error.to_string().replace(&value, "the value")
            } else {
                error.to_string()
            };
            format!("{} {message}", steps.collect::<Vec<_>>().join("/"))
        })
    }

    /// Walks through a viewset.
    async fn walk(&mut self, viewset: &Viewset) -> Result<(), Reason> {
        let list = &viewset.list;
        self.send("GET", list, list, None).await.expect("list")?;
        let Some(schema) = viewset.created.clone() else { return Err(Reason::Lacks("create")) };
        let object = bodies::create(self, viewset, &schema, 0).await?;
        let detail = viewset.detail.clone().ok_or(Reason::Lacks("retrieve"))?;
        let path = viewset.path_of(&object).ok_or(Reason::Lacks("name an object"))?;
        self.send("GET", &detail, &path, None).await.expect("retrieve")?;
        self.find(viewset, &object).await?;
        let change = viewset.patched.then(|| viewset.patch(&object)).ok_or(Reason::Lacks("change"))?;
        self.send("PATCH", &detail, &path, Some(&change)).await.expect("change")?;
        if viewset.is_used {
            let used_by = |path: &str| format!("{path}used_by/");
            self.send("GET", &used_by(&detail), &used_by(&path), None).await.expect("ask for users")?;
        }
        if !viewset.destroyed {
            return Err(Reason::Lacks("destroy"));
        }
        self.send("DELETE", &detail, &path, None).await.expect("destroy")?;
        let gone = self.send("GET", &detail, &path, None).await;
        assert_eq!(gone.status, 404, "{path} is there after it was destroyed");
        Ok(())
    }

    /// Looks for an object in its list, and by the filters that are called like its properties.
    async fn find(&mut self, viewset: &Viewset, object: &Value) -> Result<(), Reason> {
        let list = &viewset.list;
        for query in viewset.queries(object) {
            let found = self.send("GET", list, &format!("{list}?page_size=100&{query}"), None).await;
            if found.departure.is_some() {
                continue;
            }
            let found = found.expect("filter")?;
            let results = found["results"].as_array().map_or(&[][..], Vec::as_slice);
            let is_there = results.iter().any(|other| viewset.path_of(other) == viewset.path_of(object));
            if !is_there {
                self.violations.insert(format!("GET {list}?{query} does not find what was created"));
            }
        }
        Ok(())
    }
}

/// Returns the document of the whole API with everything that its overlay says.
fn described() -> Value {
    let read = |name: &str| {
        let path = crate::repository().join("spec/authentik").join(name);
        std::fs::read_to_string(path).expect("the document is there")
    };
    let overlay = Overlay::parse("2024.8.overlay.yaml", &read("2024.8.overlay.yaml"));
    let overlay = overlay.unwrap_or_else(|error| panic!("{error}"));
    let document =
        openapi_document::Document::load_with("2024.8.yaml", &read("2024.8.yaml"), &Nothing, &[overlay]);
    document.unwrap_or_else(|error| panic!("{error}")).written()
}

/// Adds the components that a schema needs.
fn collect(components: &Value, schema: &Value, found: &mut Map<String, Value>) {
    match schema {
        Value::Object(members) => {
            let name = members.get("$ref").and_then(Value::as_str).and_then(|text| text.rsplit('/').next());
            if let Some(name) = name.filter(|name| !found.contains_key(*name)) {
                found.insert(name.to_owned(), components[name].clone());
                collect(components, &components[name], found);
            }
            members.values().for_each(|value| collect(components, value, found));
        }
        Value::Array(items) => items.iter().for_each(|item| collect(components, item, found)),
        _ => (),
    }
}

/// Makes schemas of OpenAPI 3.0 ones of JSON Schema.
fn with_null(schema: &mut Value) {
    match schema {
        Value::Object(object) => {
            object.values_mut().for_each(with_null);
            if object.remove("nullable") == Some(Value::Bool(true)) {
                *schema = json!({ "anyOf": [schema.take(), { "type": "null" }] });
            }
        }
        Value::Array(items) => items.iter_mut().for_each(with_null),
        _ => (),
    }
}

#[tokio::test]
async fn every_viewset_is_walked_through_or_there_is_a_reason() {
    let mut walker = Walker::start().await;
    let viewsets = walker.viewsets.clone();
    let mut reasons: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut whole = 0;
    for (number, viewset) in viewsets.iter().enumerate() {
        // Each walk begins with a world of its own; the names are few, and the worlds before are given back.
        walker.world = format!("walk-{}", number % 20);
        let removed = format!("/-/worlds/{}", walker.world);
        let removed = Request::delete(removed).body(Vec::new()).expect("a request");
        walker.connection.send(removed).await;
        match walker.walk(viewset).await {
            Ok(()) => whole += 1,
            Err(reason) => reasons.entry(reason.to_string()).or_default().push(viewset.list.clone()),
        }
    }
    let reasons: Vec<String> =
        reasons.iter().map(|(reason, lists)| format!("{reason}:\n  {}", lists.join("\n  "))).collect();
    let violations: Vec<String> = walker.violations.into_iter().collect();
    assert!(
        violations.is_empty(),
        "the document of what is answered says otherwise:\n{}",
        violations.join("\n")
    );
    insta::assert_snapshot!(format!(
        "{whole} of {} viewsets are walked through as a whole.\n\n{}\n",
        viewsets.len(),
        reasons.join("\n"),
    ));
}

#[tokio::test]
async fn the_document_of_what_is_answered_is_valid_and_says_more() {
    let walker = Walker::start().await;
    let text = walker.observed.to_string();
    let document = openapi_document::Document::parse("observed.json", &text);
    let document = document.unwrap_or_else(|error| panic!("{error}"));
    let responses = |pointer: &str| document.value().pointer(pointer).expect("the operation").clone();
    let login = responses("/paths/~1core~1users~1{id}~1impersonate~1/post/responses");
    assert!(login["401"].is_object(), "recorded of this operation");
    let apply = responses("/paths/~1managed~1blueprints~1{instance_uuid}~1apply~1/post/responses");
    assert!(apply["501"].is_object(), "known of the world outside");
    assert!(
        apply["405"]["content"]["text/html"].is_object() && apply["404"].is_object(),
        "known of the dialect"
    );
    assert!(walker.document["paths"]["/managed/blueprints/"]["get"]["responses"]["404"].is_null());
}

#[tokio::test]
async fn the_readme_counts_operations_by_what_answers_them() {
    let walker = Walker::start().await;
    let items = walker.observed["paths"].as_object().into_iter().flatten();
    let operations: Vec<&Value> = items
        .flat_map(|(_, item)| item.as_object().into_iter().flatten())
        .map(|(_, operation)| operation)
        .filter(|operation| operation["operationId"].is_string())
        .collect();
    let outside = operations.iter().filter(|operation| operation["responses"]["501"].is_object()).count();
    let (all, kept) = (operations.len(), operations.len() - outside);
    let readme = std::fs::read_to_string(crate::repository().join("README.md")).expect("there is a README");
    let rows = [
        format!("| of {all} operations | answer |"),
        format!("| {kept} | from the state, with authentik's rules |"),
        format!("| {outside} | 501, when they come to what needs the world outside"),
    ];
    for row in rows {
        assert!(readme.contains(&row), "README.md does not say: {row}");
    }
}

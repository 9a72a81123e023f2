//! Drift: answers as every release of authentik makes them, from 2024.6 to the newest, decode with this client, and
//! what it kept, defaulted and lost is the reviewed table; the README of the client shows it.
//!
//! The responses are made from the releases' own documents, see `drift/README.md`: once with the first value of every
//! enumeration, once with the last, as new ones are added there, and once with every `null` that may be.
//!
//! Changes that no release has made yet are tested on examples of the document, property by property.

mod changelog;
mod releases;
#[path = "../crates/authentik-sources-client/tests/server/mod.rs"]
mod server;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::{Arc, Mutex};

use authentik_sources_client::types::PlexTokenRedeemRequest;
use authentik_sources_client::{CallOptions, Client, Drift, DriftKind, DriftReport, Error, ResponseValue};
use futures::{StreamExt as _, TryStreamExt as _};
use openapi_document::pointer;
use releases::{releases, version};
use serde::Serialize;
use serde_json::{Value, json};
use server::{Server, answer};

/// The difference between a release and the document, by operation.
type Differences = BTreeMap<String, BTreeSet<(DriftKind, String)>>;

/// A decoded answer as JSON, and how it drifted.
type Decoded = (Value, Vec<Drift>);

fn decoded<T: Serialize>(answer: &ResponseValue<T>) -> Decoded {
    (serde_json::to_value(&**answer).expect("wire types are JSON"), answer.drift().to_vec())
}

/// Has the client call an operation.
async fn call(client: &Client, operation: &str) -> Result<Decoded, Error> {
    Ok(match operation {
        "sources_plex_list" => decoded(&client.sources_plex_list().send().await?),
        "sources_plex_create" => {
            let body = authentik_sources_client::types::PlexSourceRequest::builder()
                .name("x")
                .slug("x")
                .plex_token("x");
            decoded(&client.sources_plex_create().body(body).send().await?)
        }
        "sources_plex_retrieve" => decoded(&client.sources_plex_retrieve().slug("x").send().await?),
        "sources_plex_update" => {
            let body = authentik_sources_client::types::PlexSourceRequest::builder()
                .name("x")
                .slug("x")
                .plex_token("x");
            decoded(&client.sources_plex_update().slug("x").body(body).send().await?)
        }
        "sources_plex_partial_update" => {
            let body = authentik_sources_client::types::PatchedPlexSourceRequest::builder();
            decoded(&client.sources_plex_partial_update().slug("x").body(body).send().await?)
        }
        "sources_plex_used_by_list" => decoded(&client.sources_plex_used_by_list().slug("x").send().await?),
        "sources_plex_redeem_token_create" => {
            let body = PlexTokenRedeemRequest::builder().plex_token("x");
            decoded(&client.sources_plex_redeem_token_create().body(body).send().await?)
        }
        "sources_group_connections_oauth_list" => {
            decoded(&client.sources_group_connections_oauth_list().send().await?)
        }
        "sources_group_connections_oauth_create" => {
            decoded(&client.sources_group_connections_oauth_create().send().await?)
        }
        "sources_group_connections_oauth_retrieve" => {
            decoded(&client.sources_group_connections_oauth_retrieve().id(1).send().await?)
        }
        "sources_group_connections_oauth_update" => {
            decoded(&client.sources_group_connections_oauth_update().id(1).send().await?)
        }
        "sources_group_connections_oauth_partial_update" => {
            decoded(&client.sources_group_connections_oauth_partial_update().id(1).send().await?)
        }
        "sources_group_connections_oauth_used_by_list" => {
            decoded(&client.sources_group_connections_oauth_used_by_list().id(1).send().await?)
        }
        other => panic!("{other} is not called here"),
    })
}

/// Returns the schemas as they are; with the last values of enumerations first; and with `null` wherever it may be.
fn variants(schema: &Value) -> [Value; 3] {
    let (mut last, mut null) = (schema.clone(), schema.clone());
    change(&mut last, &|members| {
        if let Some(Value::Array(values)) = members.get_mut("enum") {
            values.reverse();
        }
    });
    change(&mut null, &|members| {
        if members.get("nullable") == Some(&json!(true)) {
            *members = serde_json::Map::from_iter([("enum".to_owned(), json!([null]))]);
        }
    });
    [schema.clone(), last, null]
}

fn change(value: &mut Value, how: &dyn Fn(&mut serde_json::Map<String, Value>)) {
    match value {
        Value::Object(members) => {
            how(members);
            members.values_mut().for_each(|member| change(member, how));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| change(item, how)),
        _ => {}
    }
}

/// Returns the operations of a release that answer with content, with the status and an example of the response.
fn answers(schema: &Value) -> Vec<(String, u16, Value)> {
    let mut found = Vec::new();
    for (.., operation) in openapi_document::operations::operations(schema) {
        let id = operation["operationId"].as_str().expect("an id").to_owned();
        for (status, response) in operation["responses"].as_object().expect("responses") {
            let content = &pointer::resolve(schema, response)["content"]["application/json"]["schema"];
            if status.starts_with('2') && !content.is_null() {
                let example = openapi_document::example::of(schema, content);
                found.push((id.clone(), status.parse().expect("a status"), example));
            }
        }
    }
    found
}

/// Adds the pointers of all values in `value` that hold no others.
fn leaves(value: &Value, at: &str, found: &mut BTreeMap<String, Value>) {
    match value {
        Value::Object(members) if !members.is_empty() => {
            members.iter().for_each(|(name, member)| leaves(member, &format!("{at}/{name}"), found));
        }
        Value::Array(items) if !items.is_empty() => {
            items.iter().enumerate().for_each(|(index, item)| leaves(item, &format!("{at}/{index}"), found));
        }
        leaf => drop(found.insert(at.to_owned(), leaf.clone())),
    }
}

/// Returns `true` if two values are equal. Times may differ in precision.
fn is_same(left: &Value, right: &Value) -> bool {
    let moment =
        |value: &Value| value.as_str().and_then(|text| chrono::DateTime::parse_from_rfc3339(text).ok());
    left == right || moment(left).is_some_and(|left| moment(right) == Some(left))
}

/// The values of the typed response where the document allows a response to leave out the member.
const SILENCE: [(&str, &str); 3] =
    [("/allowed_servers", "[]"), ("/component", "\"xak-flow-redirect\""), ("/response_errors", "{}")];

/// Checks that the report has exactly the differences between the response on the wire and the typed one.
fn check_report(about: &str, wire: &Value, (typed, drift): &Decoded) {
    let (mut sent, mut read) = (BTreeMap::new(), BTreeMap::new());
    leaves(wire, "", &mut sent);
    leaves(typed, "", &mut read);
    let reported = |pointer: &str| {
        drift.iter().any(|drift| {
            // A moved object is reported where it belongs, and was sent under its other name.
            let elsewhere = format!("{}_obj/", drift.pointer());
            pointer == drift.pointer()
                || pointer.starts_with(&format!("{}/", drift.pointer()))
                || (drift.kind() == DriftKind::Moved && pointer.starts_with(&elsewhere))
        })
    };
    for (pointer, value) in &sent {
        let kept = read.get(pointer).is_some_and(|read| is_same(read, value));
        assert!(kept || reported(pointer), "{about}: {pointer} is lost unreported");
    }
    for (pointer, value) in &read {
        let text = value.to_string();
        if SILENCE.iter().any(|(name, said)| pointer.ends_with(name) && text == *said) {
            continue;
        }
        // A list that lost all of its items has them in the report.
        let about_items = |drift: &Drift| {
            drift.pointer().strip_prefix(pointer.as_str()).is_some_and(|rest| rest.starts_with('/'))
        };
        if *value == json!([]) && drift.iter().any(about_items) {
            continue;
        }
        let silent = value.is_null() || sent.get(pointer).is_some_and(|sent| is_same(sent, value));
        assert!(silent || reported(pointer), "{about}: {pointer} is made up unreported");
    }
    for drift in drift.iter().filter(|drift| drift.kind() == DriftKind::UnknownProperty) {
        // What is in a moved object was sent under that object's other name.
        let elsewhere = drift.pointer().replace("/source/", "/source_obj/");
        let sent = wire.pointer(drift.pointer()).or_else(|| wire.pointer(&elsewhere));
        assert!(sent.is_some() && drift.value() == sent, "{about}: {} is not kept", drift.pointer());
    }
}

/// Returns the differences that the client finds in the responses of each release.
async fn matrix() -> Vec<(String, Differences)> {
    let mut matrix = Vec::new();
    for schema in releases() {
        let release = version(&schema).to_owned();
        let answers: Vec<_> = variants(schema.value()).iter().flat_map(answers).collect();
        let script = answers.iter().map(|(_, status, body)| answer(*status, &body.to_string()));
        let server = Server::start(script.collect()).await;
        let client = Client::builder(&server.url).build().expect("a client");
        let mut differences = Differences::new();
        for (operation, _, wire) in &answers {
            let about = format!("{release}, {operation}");
            let decoded = call(&client, operation).await.unwrap_or_else(|error| panic!("{about}: {error}"));
            check_report(&about, wire, &decoded);
            let told = differences.entry(operation.clone()).or_default();
            told.extend(decoded.1.iter().map(|drift| (drift.kind(), drift.place().to_owned())));
        }
        assert_eq!(server.requests().len(), answers.len(), "every answer was asked for once");
        matrix.push((release, differences));
    }
    matrix
}

/// Returns the table of the README: what the responses about each kind of object have and lack.
fn table(matrix: &[(String, Differences)]) -> String {
    const COLUMNS: [(&str, &str); 4] = [
        ("Plex sources", "sources_plex_list"),
        ("group connections", "sources_group_connections_oauth_list"),
        ("used by", "sources_plex_used_by_list"),
        ("redeemed tokens", "sources_plex_redeem_token_create"),
    ];
    let mut table = String::from("| authentik |");
    for (title, _) in COLUMNS {
        write!(table, " {title} |").expect("a string");
    }
    table.push_str("\n|---|---|---|---|---|\n");
    for (release, differences) in matrix {
        write!(table, "| {release} |").expect("a string");
        for (_, operation) in COLUMNS {
            let cell = differences.get(operation).map_or_else(|| "–".to_owned(), cell);
            write!(table, " {cell} |").expect("a string");
        }
        table.push('\n');
    }
    table
}

fn cell(told: &BTreeSet<(DriftKind, String)>) -> String {
    let mut kinds: BTreeMap<DriftKind, Vec<String>> = BTreeMap::new();
    for (kind, place) in told {
        let place = place.trim_start_matches('/').trim_start_matches("results/").trim_start_matches("*/");
        kinds.entry(*kind).or_default().push(format!("`{place}`"));
    }
    let parts: Vec<String> =
        kinds.iter().map(|(kind, places)| format!("{kind}: {}", places.join(", "))).collect();
    if parts.is_empty() { "✓".to_owned() } else { parts.join("; ") }
}

#[tokio::test]
async fn answers_of_every_release_decode_and_what_became_of_them_is_the_reviewed_table() {
    let matrix = matrix().await;
    let mut text = String::new();
    for (release, differences) in &matrix {
        writeln!(text, "{release}").expect("a string");
        for (operation, told) in differences {
            writeln!(text, "  {operation}").expect("a string");
            for (kind, place) in told {
                writeln!(text, "    {kind} at {place}").expect("a string");
            }
        }
    }
    insta::assert_snapshot!("matrix", text);

    let readme =
        std::fs::read_to_string(crate::repository().join("crates/authentik-sources-client/README.md"))
            .expect("a README");
    let table = table(&matrix);
    assert!(
        readme.contains(&table),
        "crates/authentik-sources-client/README.md is to have this table:\n{table}"
    );
}

#[test]
fn what_changed_from_release_to_release_is_the_reviewed_changelog() {
    insta::assert_snapshot!("changelog", changelog::of(&releases()));
}

#[tokio::test]
async fn a_page_survives_values_that_nobody_has_thought_of_yet() {
    let schema = releases().pop().expect("a release");
    let (operation, status, mut page) =
        answers(schema.value()).into_iter().find(|(id, ..)| id == "sources_plex_list").expect("the list");
    page["results"][0]["user_matching_mode"] = json!("telepathy");
    page["results"][0]["slug"] = json!("off the pattern");
    page["results"][0]["from_the_future"] = json!({"deep": ["s3cret"]});
    let second = page["results"][0].clone();
    page["results"].as_array_mut().expect("results").push(second);
    let server = Server::start(vec![answer(status, &page.to_string())]).await;
    let client = Client::builder(&server.url).build().expect("a client");
    let decoded = call(&client, &operation).await.expect("the page decodes");
    check_report("the future", &page, &decoded);
    let (typed, drift) = decoded;
    assert_eq!(typed["results"][1]["user_matching_mode"], "telepathy");
    assert_eq!(typed["results"][1]["slug"], "off the pattern");
    let lines: Vec<String> = drift.iter().map(ToString::to_string).collect();
    for line in [
        "unknown value at /results/1/user_matching_mode: \"telepathy\"",
        "value off its limits at /results/0/slug",
        "unknown property at /results/1/from_the_future",
    ] {
        assert!(lines.iter().any(|told| told == line), "{line} is not in {lines:#?}");
    }
    assert!(!format!("{drift:?} {lines:?}").contains("s3cret"));
}

/// The properties without which a response is refused: those that say which object it is about, and the objects of a
/// page.
const ESSENTIAL: [&str; 3] = ["pk", "slug", "results"];

/// Adds the pointers of all properties of all objects in `value`.
fn members(value: &Value, at: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(object) => object.iter().for_each(|(name, member)| {
            let at = format!("{at}/{name}");
            members(member, &at, found);
            found.push(at);
        }),
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(index, item)| members(item, &format!("{at}/{index}"), found));
        }
        _ => {}
    }
}

/// Returns `answer` without the property at `pointer`, or with `value` in its place.
fn replaced(answer: &Value, pointer: &str, value: Option<Value>) -> Value {
    let mut answer = answer.clone();
    let (parent, name) = pointer.rsplit_once('/').expect("a pointer");
    let parent = answer.pointer_mut(parent).and_then(Value::as_object_mut).expect("an object");
    match value {
        Some(value) => drop(parent.insert(name.to_owned(), value)),
        None => drop(parent.remove(name)),
    }
    answer
}

#[tokio::test]
async fn no_property_but_the_essential_ones_fails_an_answer_by_being_absent_null_or_of_another_type() {
    let document = crate::document().value();
    let mut cases = Vec::new();
    for (operation, status, whole) in answers_of_the_document(document) {
        let mut pointers = Vec::new();
        members(&whole, "", &mut pointers);
        assert!(!pointers.is_empty(), "{operation} answers nothing");
        for pointer in pointers {
            for value in [None, Some(Value::Null), Some(json!([["odd"]])), Some(json!({"odd": {}}))] {
                // An object in place of another is one that does not say which it is.
                if whole.pointer(&pointer).is_some_and(Value::is_object)
                    && value.as_ref().is_some_and(Value::is_object)
                {
                    continue;
                }
                cases.push((operation.clone(), status, pointer.clone(), replaced(&whole, &pointer, value)));
            }
        }
    }
    let script = cases.iter().map(|(_, status, _, body)| answer(*status, &body.to_string()));
    let server = Server::start(script.collect()).await;
    let client = Client::builder(&server.url).build().expect("a client");
    let mut refused = BTreeSet::new();
    for (operation, _, pointer, wire) in &cases {
        let about =
            format!("{operation} with {} at {pointer}", wire.pointer(pointer).unwrap_or(&json!("nothing")));
        match call(&client, operation).await {
            Ok(decoded) => check_report(&about, wire, &decoded),
            Err(Error::Decode { pointer: place, .. }) => {
                let name = pointer.rsplit('/').next().expect("a name");
                let there = pointer.starts_with(&place) || place.starts_with(pointer);
                assert!(there, "{about}: refused at {place}");
                refused.insert(name.to_owned());
            }
            Err(error) => panic!("{about}: {error}"),
        }
    }
    assert_eq!(refused, ESSENTIAL.map(str::to_owned).into());
}

/// Returns the operations of the document that answer JSON, with the status and an example of their response, which has
/// everything that it may have.
fn answers_of_the_document(document: &Value) -> Vec<(String, u16, Value)> {
    let items = document["paths"].as_object().expect("paths").values();
    let operations = items.flat_map(|item| item.as_object().expect("operations").values());
    let mut found = Vec::new();
    for operation in operations {
        let id = operation["operationId"].as_str().expect("an id").to_owned();
        let good = operation["responses"].as_object().expect("responses").iter();
        for (status, response) in good.filter(|(status, _)| status.starts_with('2')) {
            if let Some(schema) = response.pointer("/content/application~1json/schema") {
                let example = openapi_document::example::of(document, schema);
                found.push((id.clone(), status.parse().expect("a status"), example));
            }
        }
    }
    found
}

#[tokio::test]
async fn who_asks_hears_of_the_drift_of_every_page_of_a_stream() {
    let (.., page) = answers_of_the_document(crate::document().value())
        .into_iter()
        .find(|(id, ..)| id == "sources_plex_list")
        .expect("the list");
    let drifting = |next: i64, name: &str| {
        let page = replaced(&page, "/pagination/next", Some(json!(next)));
        answer(200, &replaced(&page, &format!("/results/0/{name}"), Some(json!("s3cret"))).to_string())
    };
    let pages = || vec![drifting(2, "new"), drifting(0, "newer")];
    let seen: Arc<Mutex<Vec<String>>> = Arc::default();
    let note = |who: &'static str| {
        let seen = Arc::clone(&seen);
        move |answer: &DriftReport<'_>| {
            let (operation, request) = (answer.operation, answer.request_id.unwrap_or_default());
            let lines = answer.drift.iter().map(|drift| format!("{who}: {operation} ({request}): {drift}"));
            seen.lock().expect("nobody panicked").extend(lines);
        }
    };
    let server = Server::start([pages(), pages()].concat()).await;
    let client = Client::builder(&server.url).on_drift(note("client")).build().expect("a client");
    let of_client: Vec<_> = client.sources_plex_list().stream().try_collect().await.expect("two pages");
    let options = CallOptions::new().on_drift(note("call"));
    let of_call: Vec<_> =
        client.sources_plex_list().options(options).stream().try_collect().await.expect("two pages");
    assert_eq!((of_client.len(), of_call.len()), (2, 2));
    let told = |who: &str, name: &str| {
        format!("{who}: sources_plex_list (abc): unknown property at /results/0/{name}")
    };
    assert_eq!(
        *seen.lock().expect("nobody panicked"),
        [told("client", "new"), told("client", "newer"), told("call", "new"), told("call", "newer")]
    );
}

#[tokio::test]
async fn a_stream_does_not_end_silently_where_a_page_does_not_say_whether_it_is_the_last_one() {
    let (.., page) = answers_of_the_document(crate::document().value())
        .into_iter()
        .find(|(id, ..)| id == "sources_plex_list")
        .expect("the list");
    for (pointer, value) in [
        ("/pagination", None),
        ("/pagination/next", None),
        ("/pagination/next", Some(Value::Null)),
        ("/pagination/next", Some(json!("2"))),
    ] {
        let server = Server::start(vec![answer(200, &replaced(&page, pointer, value).to_string())]).await;
        let client = Client::builder(&server.url).build().expect("a client");
        let objects: Vec<_> = client.sources_plex_list().stream().collect().await;
        assert!(objects[0].is_ok() && objects[1].is_err() && objects.len() == 2, "{pointer}: {objects:?}");
    }
}

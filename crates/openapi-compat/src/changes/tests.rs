//! Checks that every mutation is found, and that nothing is found where nothing changed.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::Value;

use super::mutate::{Mutation, Places, canonical, each_mutant, mutations, places, reversed};
use super::node::Revision;
use super::{Change, Direction, RULES, Severity, of_revisions};
use openapi_document::document::Document;

mod assessments;

mod kinds;
mod values;

fn read(path: &str) -> Document {
    let path = format!("{}/{path}", env!("CARGO_MANIFEST_DIR"));
    Document::parse(&path, &std::fs::read_to_string(&path).unwrap()).unwrap()
}

/// Compares documents that the reader would reject, or has not read.
pub(crate) fn of_values(old: &Value, new: &Value) -> Vec<Change> {
    of_revisions(
        Revision { root: old, names: &OnceLock::new() },
        Revision { root: new, names: &OnceLock::new() },
    )
}

/// Returns the document of this repository, and one with everything that it does not have.
fn documents() -> [Document; 2] {
    [read("../../spec/openapi.yaml"), read("../openapi-document/tests/everything.yaml")]
}

/// Returns a document with ranges of media types and statuses, and with forms as answers.
fn ranges() -> Document {
    let text = r"
openapi: 3.1.0
info: {title: ranges, version: '1'}
servers: [{url: /v1}]
paths:
  /files/:
    get:
      operationId: files_list
      security: [{own: []}]
      responses:
        '200':
          description: Files.
          content:
            multipart/form-data:
              schema: {type: object, properties: {file: {type: string, format: binary}, memo: {type: object}}}
              encoding: {memo: {contentType: application/json}}
        '202': {description: Any., content: {'*/*': {schema: {type: string}}}}
    post:
      operationId: files_search
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Words'}}}}
      responses:
        '200': {description: Words., content: {application/json: {schema: {$ref: '#/components/schemas/Words'}}}}
webhooks:
  told:
    post:
      operationId: told
      security: [{own: []}, {}, {oauth: [read]}]
      parameters:
        - {name: q, in: query, required: true, allowEmptyValue: true, deprecated: true, schema: {type: array, items: {type: string}}}
        - {name: r, in: query, allowReserved: true, schema: {type: string}}
        - {name: j, in: query, content: {application/json: {schema: {type: string}}}}
      requestBody:
        required: true
        content:
          application/json: {schema: {$ref: '#/components/schemas/Words'}}
          text/plain: {schema: {type: string}}
      responses:
        '200':
          description: Heard.
          headers:
            X-A: {required: true, schema: {type: string}}
            X-B: {deprecated: true, schema: {type: string}}
          links: {next: {operationId: files_list}}
          content: {application/json: {schema: {type: string}}, text/html: {schema: {type: string}}}
        '202': {description: Later.}
        '404': {description: Unknown.}
    put:
      requestBody: {content: {application/json: {schema: {type: string}}}}
      responses: {'200': {description: Heard.}, '201': {description: Kept.}, default: {description: Not heard.}}
    get:
      security: [{own: []}]
      responses: {'200': {description: Heard.}}
components:
  schemas:
    Words:
      type: object
      minProperties: 1
      propertyNames: {maxLength: 9}
      properties:
        share: {type: number, exclusiveMinimum: 0, exclusiveMaximum: 1}
        memo: {allOf: [{type: string}, {maxLength: 9}]}
      additionalProperties: {type: string}
  securitySchemes:
    own: {type: apiKey, in: header, name: X-Key}
    oauth: {type: oauth2, flows: {implicit: {authorizationUrl: 'https://a.example', scopes: {read: ''}}}}
";
    Document::parse("ranges.yaml", text).unwrap()
}

fn told(changes: &[Change]) -> String {
    changes.iter().fold(String::new(), |mut text, change| {
        let _ =
            writeln!(text, "    {} {:?} {}: {}", change.rule, change.direction, change.pointer, change.text);
        text
    })
}

#[test]
fn a_document_has_no_changes_against_itself_however_it_is_ordered() {
    for document in documents() {
        assert_eq!(of_values(document.value(), document.value()), []);
        let reversed = reversed(document.value());
        assert_ne!(reversed.to_string(), document.value().to_string());
        let changes = of_values(document.value(), &reversed);
        assert!(changes.is_empty(), "{}", told(&changes));
        let changes = of_values(&reversed, document.value());
        assert!(changes.is_empty(), "{}", told(&changes));
    }
}

/// Counts the results of the mutants.
#[derive(Default)]
struct Tally {
    made: usize,
    killed: usize,
    /// The rules that killed some, in which direction.
    seen: BTreeSet<(&'static str, Option<Direction>)>,
    survivors: String,
}

impl Tally {
    fn joined(mut self, other: Tally) -> Self {
        self.seen.extend(other.seen);
        let (made, killed) = (self.made + other.made, self.killed + other.killed);
        Tally { made, killed, survivors: self.survivors + &other.survivors, ..self }
    }
}

/// Compares the mutants of one mutation.
fn hunt(document: &Document, places: &Places, mutation: &Mutation) -> Tally {
    let (root, mut tally) = (document.value(), Tally::default());
    each_mutant(root, places, mutation, |place, mutant| {
        let changes = of_revisions(document.into(), Revision { root: mutant, names: &OnceLock::new() });
        tally.made += 1;
        let place = canonical(root, place);
        if is_killed(&changes, mutation.rule.id, mutation.also, &place) {
            tally.killed += 1;
            tally.seen.extend(changes.iter().map(|change| (change.rule, change.direction)));
        } else {
            let _ = writeln!(tally.survivors, "{} at {place}:\n{}", mutation.rule.id, told(&changes));
        }
    });
    tally
}

/// Compares the mutants of every mutation on all processors. An idle one takes the next mutation.
fn hunt_all(document: &Document) -> Tally {
    let (places, mutations) = (places(document.value()), mutations().collect::<Vec<_>>());
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let next = AtomicUsize::new(0);
    let work = || {
        let mine = std::iter::from_fn(|| mutations.get(next.fetch_add(1, Ordering::Relaxed)));
        mine.map(|mutation| hunt(document, &places, mutation)).fold(Tally::default(), Tally::joined)
    };
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        workers.into_iter().map(|worker| worker.join().unwrap()).fold(Tally::default(), Tally::joined)
    })
}

#[test]
fn every_mutation_of_every_place_is_classified_by_its_rule() {
    let [ours, everything] = documents().map(|document| hunt_all(&document));
    // As many as there were, or somebody has lost a mutation; this repository's document may well become smaller.
    assert!(everything.made >= 1063, "only {} mutants of the document that says everything", everything.made);
    assert!(ours.made > everything.made, "only {} mutants of the document of this repository", ours.made);
    let ranges = hunt_all(&ranges());
    let Tally { made, killed, seen, survivors } = ours.joined(everything).joined(ranges);
    println!("{killed} of {made} mutants killed");
    assert!(survivors.is_empty(), "{killed} of {made} mutants killed; the others:\n{survivors}");
    let directions = [None, Some(Direction::Request), Some(Direction::Response)];
    let compared = RULES.iter().flat_map(|rule| directions.map(|direction| (rule, direction)));
    let compared = compared.filter(|(rule, direction)| rule.assessment(*direction).is_some());
    let unseen =
        compared.map(|(rule, direction)| (rule.id, direction)).filter(|compared| !seen.contains(compared));
    assert_eq!(unseen.collect::<Vec<_>>(), [], "no mutation shows these");
}

/// Returns `true` if a change is reported only because its place does not exist in this direction.
fn is_elsewhere(change: &Change) -> bool {
    change.rule == "hidden-property-changed"
}

/// Returns `true` if a change says that a mutation refuses no value, as a constraint on another type does.
fn is_proved_valid(change: &Change) -> bool {
    matches!(change.rule, "schema-rewritten" | "constraint-without-effect")
}

/// Returns `true` if a change says of a schema around the mutated one that it refuses values.
fn is_around(change: &Change) -> bool {
    change.rule == "values-not-covered"
}

/// Returns `true` if `changes` are of this rule alone, and about the edited place or one that holds it.
fn is_killed(changes: &[Change], rule: &str, also: &[&super::Rule], place: &str) -> bool {
    let found = changes.iter().any(|change| change.rule == rule || is_proved_valid(change));
    let alone = changes.iter().all(|change| {
        change.rule == rule
            || also.iter().any(|also| also.id == change.rule)
            || is_elsewhere(change)
            || is_proved_valid(change)
            || is_around(change)
    });
    let here = changes.iter().all(|change| {
        change.pointer.starts_with(place) || place.starts_with(&change.pointer) || is_around(change)
    });
    found && alone && here
}

#[test]
fn mutants_are_documents_that_the_reader_accepts_and_judges_alike() {
    let [document, _] = documents();
    let places = places(document.value());
    let mut compared = 0;
    for mutation in mutations() {
        let mut first = None;
        each_mutant(document.value(), &places, mutation, |_, mutant| {
            first.get_or_insert_with(|| mutant.clone());
        });
        let Some(mutant) = first else { continue };
        // Some mutants break a rule between objects, such as references to components that are not there.
        let Ok(parsed) = Document::parse("mutant", &mutant.to_string()) else { continue };
        assert_eq!(super::changes(&document, &parsed), of_values(document.value(), &mutant));
        compared += 1;
    }
    assert!(compared > 60, "only {compared} mutants are valid");
}

#[test]
fn the_rules_of_the_catalogue_are_told_apart_and_explained() {
    let ids: BTreeSet<&str> = RULES.iter().map(|rule| rule.id).collect();
    assert_eq!(ids.len(), RULES.len());
    for rule in RULES {
        assert!(rule.meaning.ends_with('.') && rule.why.ends_with('.'), "{}", rule.id);
        let assessments = [&rule.undirected, &rule.request, &rule.response];
        assert!(assessments.iter().any(|assessment| assessment.is_some()), "{}", rule.id);
        for assessment in assessments.into_iter().flatten() {
            assert!(
                assessment.severity < Severity::Risky || !assessment.audience.is_empty(),
                "{} hits nobody",
                rule.id
            );
        }
    }
}

/// Compares one edit of a document in which `Pet` is sent and returned.
fn compared(old: &str, new: &str) -> Vec<(Option<Direction>, Severity, &'static str, String)> {
    let document = |schema: &str| -> Value {
        let text = format!(
            r"
openapi: 3.0.3
info: {{title: t, version: '1'}}
paths:
  /pets/:
    post:
      operationId: pets_create
      requestBody: {{content: {{application/json: {{schema: {{$ref: '#/components/schemas/Pet'}}}}}}}}
      responses:
        '201': {{description: '', content: {{application/json: {{schema: {{$ref: '#/components/schemas/Pet'}}}}}}}}
components:
  schemas:
    Kind: {{type: string, enum: [cat, dog]}}
    Pet: {schema}
"
        );
        Document::parse("pets.yaml", &text).unwrap().value().clone()
    };
    let changes = of_values(&document(old), &document(new));
    changes.into_iter().map(|change| (change.direction, change.severity, change.rule, change.text)).collect()
}

fn classes(old: &str, new: &str) -> Vec<(Option<Direction>, Severity, &'static str)> {
    compared(old, new).into_iter().map(|(direction, severity, rule, _)| (direction, severity, rule)).collect()
}

const REQUEST: Option<Direction> = Some(Direction::Request);
const RESPONSE: Option<Direction> = Some(Direction::Response);

#[test]
fn what_narrows_breaks_requests_and_what_widens_breaks_answers() {
    let (nullable, plain) = ("{type: string, nullable: true}", "{type: string}");
    assert_eq!(
        classes(nullable, plain),
        [
            (REQUEST, Severity::Breaking, "became-not-nullable"),
            (RESPONSE, Severity::Compatible, "became-not-nullable"),
        ]
    );
    assert_eq!(
        classes(plain, nullable),
        [
            (REQUEST, Severity::Compatible, "became-nullable"),
            (RESPONSE, Severity::Breaking, "became-nullable")
        ]
    );
}

#[test]
fn a_new_enumerated_value_is_a_risk_in_answers_alone() {
    assert_eq!(
        classes("{type: string, enum: [a]}", "{type: string, enum: [b, a]}"),
        [
            (REQUEST, Severity::Compatible, "enum-value-added"),
            (RESPONSE, Severity::Risky, "enum-value-added")
        ]
    );
}

#[test]
fn a_number_is_the_same_value_however_it_is_written() {
    assert_eq!(classes("{type: number, enum: [0, 1.5]}", "{type: number, enum: [1.5, 0.0]}"), []);
    assert_eq!(classes("{enum: [0, '0']}", "{enum: ['0']}").len(), 2);
}

#[test]
fn a_property_that_becomes_read_only_is_lost_to_requests_alone() {
    assert_eq!(
        classes(
            "{type: object, required: [a], properties: {a: {type: string}}}",
            "{type: object, required: [a], properties: {a: {type: string, readOnly: true}}}"
        ),
        [
            (REQUEST, Severity::Risky, "became-read-only"),
            (RESPONSE, Severity::Compatible, "became-read-only")
        ]
    );
}

#[test]
fn a_required_property_that_becomes_writable_must_be_sent() {
    assert_eq!(
        classes(
            "{type: object, required: [a], properties: {a: {type: string, readOnly: true}}}",
            "{type: object, required: [a], properties: {a: {type: string}}}"
        ),
        [
            (REQUEST, Severity::Compatible, "became-writable"),
            (REQUEST, Severity::Breaking, "property-became-required"),
            (RESPONSE, Severity::Compatible, "became-writable"),
        ]
    );
}

#[test]
fn a_wrapper_means_the_same_as_the_reference_in_it() {
    let property = |schema: &str| format!("{{type: object, properties: {{a: {schema}}}}}");
    let plain = property("{$ref: '#/components/schemas/Kind'}");
    let wrapper = property("{allOf: [{$ref: '#/components/schemas/Kind'}]}");
    assert_eq!(classes(&plain, &wrapper), []);
    assert_eq!(classes(&wrapper, &plain), []);
    let nullable = property("{allOf: [{$ref: '#/components/schemas/Kind'}], nullable: true}");
    assert_eq!(
        classes(&plain, &nullable),
        [
            (REQUEST, Severity::Compatible, "became-nullable"),
            (RESPONSE, Severity::Breaking, "became-nullable")
        ]
    );
    let in_place = property("{type: string, enum: [cat, dog]}");
    assert_eq!(
        classes(&in_place, &wrapper),
        [
            (REQUEST, Severity::Compatible, "schema-placed-elsewhere"),
            (RESPONSE, Severity::Compatible, "schema-placed-elsewhere")
        ]
    );
}

#[test]
fn a_long_chain_of_components_is_followed() {
    let chain = |last: &str| {
        let link = |number: usize| serde_json::json!({"properties": {"next": {"$ref": format!("#/components/schemas/C{number}")}}});
        let mut schemas: serde_json::Map<String, Value> =
            (0..20_000).map(|number| (format!("C{number}"), link(number + 1))).collect();
        schemas.insert("C20000".to_owned(), serde_json::json!({"type": last}));
        let schema = serde_json::json!({"schema": {"$ref": "#/components/schemas/C0"}});
        let body = serde_json::json!({"content": {"application/json": schema}});
        let operation = serde_json::json!({"operationId": "o", "requestBody": body, "responses": {}});
        serde_json::json!({"paths": {"/": {"post": operation}}, "components": {"schemas": schemas}})
    };
    let changes = of_values(&chain("string"), &chain("boolean"));
    assert_eq!(changes.len(), 1, "{}", told(&changes));
    assert_eq!(changes[0].pointer, "/components/schemas/C20000/type");
}

#[test]
fn a_component_is_judged_once_for_each_direction_and_says_what_became_of_its_rust() {
    let document = read("../openapi-document/tests/pets.yaml");
    let mut mutant = document.value().clone();
    mutant["components"]["schemas"]["Pet"]["properties"].as_object_mut().unwrap().remove("owner");
    mutant["components"]["parameters"]["Limit"]["schema"]["minimum"] = 2.into();
    let changes = of_values(document.value(), &mutant);
    let [limit, sent, answered] = changes.as_slice() else { panic!("{}", told(&changes)) };
    assert_eq!(limit.pointer, "/components/parameters/Limit/schema/minimum");
    for owner in [sent, answered] {
        assert_eq!(owner.pointer, "/components/schemas/Pet/properties/owner");
        assert_eq!(owner.rust[0].to_string(), "`Pet::owner` removed: major");
    }
    assert_ne!(sent.direction, answered.direction);
}

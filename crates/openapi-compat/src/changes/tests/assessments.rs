//! Checks single changes of a small document: severity, rule, text and effects on the Rust of each.

use serde_json::Value;

use super::of_values;
use openapi_document::document::Document;

/// Returns a document with one operation of the members `operation`, and the component schemas `schemas`.
fn document(operation: &str, schemas: &str) -> Value {
    let text = format!(
        r"
openapi: 3.0.3
info: {{title: t, version: '1'}}
paths:
  /pets/: {{post: {{operationId: pets_create, {operation}}}}}
components:
  schemas: {{{schemas}}}
  securitySchemes:
    o: {{type: oauth2, flows: {{implicit: {{authorizationUrl: 'https://a.example', scopes: {{read: '', write: ''}}}}}}}}
    t: {{type: http, scheme: bearer}}
"
    );
    Document::parse("pets.yaml", &text).unwrap().value().clone()
}

/// Renders the changes, one a line.
fn told(old: &Value, new: &Value) -> Vec<String> {
    let changes = of_values(old, new).into_iter();
    let line = changes.map(|change| {
        let rust: Vec<String> = change.rust.iter().map(ToString::to_string).collect();
        let rust = if rust.is_empty() { String::new() } else { format!(" ({})", rust.join("; ")) };
        format!("{} {}: {}{rust}", change.severity.name(), change.rule, change.text)
    });
    line.collect()
}

const ANSWER: &str = "responses: {'204': {description: ''}}";

#[test]
fn alternatives_of_credentials_are_compared_with_their_scopes() {
    let with = |security: &str| document(&format!("security: {security}, {ANSWER}"), "");
    let removed = "breaking security-alternative-removed: `pets_create` no longer accepts";
    let added = "compatible security-alternative-added: `pets_create` accepts";
    let cases: [(&str, &str, &[&str]); 8] = [
        ("[{o: [read]}, {o: [write]}]", "[{o: [write]}]", &[&format!("{removed} `o` for `o/read`")]),
        ("[{o: [write]}]", "[{o: [read]}, {o: [write]}]", &[&format!("{added} `o` for `o/read`")]),
        ("[{o: [read]}, {o: [write]}]", "[{o: [write]}, {o: [read]}]", &[]),
        ("[{o: [read]}, {o: [read, write]}]", "[{o: [read]}]", &[]),
        (
            "[{o: [read, write]}]",
            "[{o: [read]}, {t: []}]",
            &[
                "compatible security-scope-removed: `pets_create` no longer asks for the scope `o/write`",
                &format!("{added} `t`"),
            ],
        ),
        (
            "[{t: []}]",
            "[]",
            &["compatible anonymous-allowed: `pets_create` can be called without credentials"],
        ),
        (
            "[{t: []}]",
            "[{}, {o: [read]}]",
            &[
                "compatible anonymous-allowed: `pets_create` can be called without credentials",
                &format!("{added} `o`"),
            ],
        ),
        ("[{}, {t: []}]", "[{}]", &[&format!("{removed} `t`")]),
    ];
    for (old, new, expected) in cases {
        assert_eq!(told(&with(old), &with(new)), expected, "{old} → {new}");
    }
}

#[test]
fn a_server_that_comes_first_is_the_default() {
    let with = |servers: &str| {
        let mut document = document(ANSWER, "");
        document["servers"] = serde_json::from_str(servers).unwrap();
        document
    };
    let (old, first) = (with(r#"[{"url": "/v1"}]"#), with(r#"[{"url": "/v2"}, {"url": "/v1"}]"#));
    assert_eq!(
        told(&old, &first),
        [
            "risky server-order-changed: the document is at `/v2` first, no longer at `/v1`",
            "compatible server-added: the document is at `/v2` too",
        ]
    );
    let last = with(r#"[{"url": "/v1"}, {"url": "/v2"}]"#);
    assert_eq!(told(&old, &last), ["compatible server-added: the document is at `/v2` too"]);
}

#[test]
fn the_first_of_a_place_gives_the_method_that_serves_it_an_argument() {
    let with = |parameters: &str| document(&format!("parameters: [{parameters}], {ANSWER}"), "");
    let (a, b) =
        ("{name: a, in: query, schema: {type: string}}", "{name: b, in: query, schema: {type: string}}");
    let line = |name: &str, more: &str| {
        format!(
            "compatible parameter-added-optional: the query parameter `{name}` of `pets_create` is new \
             (`PetsCreate::{name}` added: minor{more})"
        )
    };
    let argument = "; `Pets::pets_create` given another argument: major";
    assert_eq!(told(&with(""), &with(a)), [line("a", argument)]);
    assert_eq!(told(&with(a), &with(&format!("{a}, {b}"))), [line("b", "")]);
    let body = "requestBody: {content: {application/json: {schema: {type: object}}}}";
    assert_eq!(
        told(&document(ANSWER, ""), &document(&format!("{body}, {ANSWER}"), "")),
        [format!(
            "compatible request-body-added-optional: the body of `pets_create` is new \
             (`PetsCreate::body` added: minor{argument})"
        )]
    );
    assert_eq!(
        told(&with(a), &with(&a.replace("query", "cookie"))),
        ["breaking parameter-moved: the query parameter `a` of `pets_create` is sent in the cookie now \
          (`PetsCreate::a` moved: major)"]
    );
}

#[test]
fn an_operation_may_come_to_be_served_by_another_trait() {
    let document = |way: &str, paths: &[(&str, &str)]| {
        let paths = paths.iter().map(|(path, tag)| {
            let id = path.trim_matches('/').replace('/', "_");
            format!("  {path}: {{get: {{operationId: {id}, tags: [{tag}], responses: {{'204': {{description: ''}}}}}}}}\n")
        });
        let paths: String = paths.collect();
        let text = format!("openapi: 3.0.3\ninfo: {{title: t, version: '1'}}\n{way}paths:\n{paths}");
        Document::parse("pets.yaml", &text).unwrap().value().clone()
    };
    let one = document("", &[("/a/b/", "x"), ("/a/c/", "x")]);
    assert_eq!(
        told(&one, &document("", &[("/a/b/", "x"), ("/a/c/", "x"), ("/a/", "x")])),
        [
            "compatible operation-added: `a` is new: GET /a/ (`Client::a` added: minor; \
             `Api` given another supertrait: major)",
            "compatible service-trait-changed: `a_b` is served by the trait `A2`, no longer by `AB` \
             (`AB::a_b` moved to another trait: major)",
            "compatible service-trait-changed: `a_c` is served by the trait `A2`, no longer by `AC` \
             (`AC::a_c` moved to another trait: major)",
        ]
    );
    assert_eq!(
        told(&one, &document("", &[("/a/b/", "x"), ("/a/c/", "x"), ("/a/b/d/", "x")])),
        ["compatible operation-added: `a_b_d` is new: GET /a/b/d/ (`Client::a_b_d` added: minor)"]
    );
    let two = [("/a/b/", "x"), ("/a/c/", "y")];
    let tags = "risky operation-tags-changed: `a_c` has other tags";
    assert_eq!(
        told(&one, &document("", &two)),
        [
            tags,
            "compatible service-trait-changed: the document divides its operations among service traits by tag, no \
             longer by path (`AB` moved to another trait: major; `AC` moved to another trait: major)",
        ]
    );
    let by_path = "x-service-traits: path\n";
    assert_eq!(told(&document(by_path, &[("/a/b/", "x"), ("/a/c/", "x")]), &document(by_path, &two)), [tags]);
}

#[test]
fn headers_are_the_same_in_any_case() {
    let with = |name: &str| {
        let sent = format!("parameters: [{{name: {name}, in: header, schema: {{type: string}}}}]");
        let headers = format!("headers: {{{name}: {{schema: {{type: string}}}}}}");
        document(&format!("{sent}, responses: {{'204': {{description: '', {headers}}}}}"), "")
    };
    assert_eq!(told(&with("X-Z"), &with("x-z")), [""; 0]);
    assert_eq!(told(&with("X-Z"), &with("x-y")).len(), 4);
}

#[test]
fn bounds_are_compared_to_the_last_digit_and_say_whether_they_are_excluded() {
    let with = |bounds: &str| {
        let schema = format!("{{type: array, items: {{type: integer, {bounds}}}}}");
        let body = "requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}";
        document(&format!("{body}, {ANSWER}"), &format!("Pet: {schema}"))
    };
    let cases = [
        (
            "maximum: 9223372036854775807",
            "maximum: 9223372036854775806",
            "breaking maximum-lowered: `Pet[]` may be at most 9223372036854775806, no longer 9223372036854775807",
        ),
        ("", "minimum: 1", "breaking minimum-raised: `Pet[]` must be at least 1"),
        ("", "minimum: 1, exclusiveMinimum: true", "breaking minimum-raised: `Pet[]` must be more than 1"),
        (
            "maximum: 9",
            "maximum: 8, exclusiveMaximum: true",
            "breaking maximum-lowered: `Pet[]` may be less than 8, no longer at most 9",
        ),
        (
            "maximum: 9, exclusiveMaximum: true",
            "",
            "compatible maximum-raised: `Pet[]` is no longer bound to less than 9",
        ),
    ];
    for (old, new, expected) in cases {
        assert_eq!(told(&with(old), &with(new)), [expected], "{old} → {new}");
    }
    assert_eq!(told(&with("maximum: 1"), &with("maximum: 1.0")), [""; 0]);
}

#[test]
fn a_secret_that_is_none_any_more_is_printed() {
    let with = |mark: &str| {
        let schema = format!("{{type: object, properties: {{a: {{type: string{mark}}}}}}}");
        let body = "requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}";
        document(&format!("{body}, {ANSWER}"), &format!("Pet: {schema}"))
    };
    assert_eq!(
        told(&with(", x-secret: true"), &with("")),
        ["risky secret-revealed: `Pet.a` no longer has a `x-secret` (`Pet::a` shown in `Debug`: patch)"]
    );
    assert_eq!(
        told(&with(""), &with(", x-computed: true")),
        ["compatible hint-changed: `Pet.a` has a new `x-computed` (`Pet::a` generated differently: patch)"]
    );
}

#[test]
fn what_leaves_the_generated_type_as_it_was_has_no_effect_on_it() {
    let with = |schema: &str| {
        let body = "requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}";
        document(&format!("{body}, {ANSWER}"), &format!("Pet: {{type: object, properties: {{a: {schema}}}}}"))
    };
    let another = "(`Pet::a` of another type: major)";
    let cases = [
        (
            "{type: string}",
            "{type: string, format: uri}",
            "breaking format-narrowed: `Pet.a` has the format uri now",
        ),
        (
            "{type: integer}",
            "{type: integer, format: int64}",
            "breaking format-narrowed: `Pet.a` has the format int64 now",
        ),
        (
            "{type: string}",
            "{type: string, format: uuid}",
            &format!("breaking format-narrowed: `Pet.a` has the format uuid now {another}"),
        ),
        (
            "{type: string}",
            "{type: string, format: password}",
            "documentation format-hint-changed: `Pet.a` is hidden where it is typed",
        ),
    ];
    for (old, new, expected) in cases {
        assert_eq!(told(&with(old), &with(new)), [expected], "{old} → {new}");
    }
    let parameter = |kind: &str, more: &str| {
        let parameter = format!("{{name: a, in: query, schema: {{{kind}}}{more}}}");
        document(&format!("parameters: [{parameter}], {ANSWER}"), "")
    };
    let exploded = |kind: &str| told(&parameter(kind, ""), &parameter(kind, ", explode: false"));
    assert_eq!(exploded("type: string"), [""; 0]);
    assert_eq!(exploded("type: array, items: {type: string}").len(), 1);
}

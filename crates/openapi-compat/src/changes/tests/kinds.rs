//! Pairs of documents that differ in one thing, with the worst severity that they may have.

use super::of_values;
use crate::changes::Severity::{self, Breaking, Compatible, Documentation};
use openapi_document::document::Document;

const NOTHING: Option<Severity> = None;

fn worst(old: &str, new: &str) -> Option<Severity> {
    let read = |text: &str| Document::parse("t.yaml", text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    let changes = of_values(read(old).value(), read(new).value());
    changes.iter().map(|change| change.severity).max()
}

fn document(head: &str, operation: &str, schemas: &str) -> String {
    format!(
        "{{openapi: 3.1.0, info: {{title: t, version: '1'}}, {head}paths: {{/x: {{post: {{operationId: x, {operation}}}}}}}, \
         components: {{securitySchemes: {{t: {{type: http, scheme: bearer}}, u: {{type: http, scheme: basic}}}}, schemas: {{{schemas}}}}}}}"
    )
}

#[test]
fn very_many_values_are_compared_soon() {
    let document = |count: usize| {
        let values: Vec<String> = (0..count).map(|number| format!("value {number}")).collect();
        let schema = serde_json::json!({"schema": {"type": "string", "enum": values}});
        let operation = serde_json::json!({
            "operationId": "x",
            "requestBody": {"content": {"application/json": schema}},
            "responses": {"204": {"description": ""}},
        });
        let info = serde_json::json!({"title": "t", "version": "1"});
        let paths = serde_json::json!({"/x": {"post": operation}});
        serde_json::json!({"openapi": "3.1.0", "info": info, "paths": paths}).to_string()
    };
    let (old, new) = (document(100_000), document(99_999));
    let begun = std::time::Instant::now();
    assert_eq!(worst(&old, &new), Some(Breaking));
    // Each with each, they would take hours here.
    assert!(begun.elapsed().as_secs() < 60, "{:?}", begun.elapsed());
}

const DONE: &str = "responses: {'204': {description: ''}}";

#[test]
fn a_component_that_is_another_may_stand_for_it() {
    let body = |name: &str, other: &str| {
        let content = format!("{{application/json: {{schema: {{$ref: '#/components/schemas/{name}'}}}}}}");
        let schemas = format!("A: {{type: string}}, B: {other}");
        document("", &format!("requestBody: {{content: {content}}}, {DONE}"), &schemas)
    };
    let alias = "{$ref: '#/components/schemas/A'}";
    assert_eq!(worst(&body("A", alias), &body("B", alias)), NOTHING);
    let other = "{type: string}";
    assert_eq!(worst(&body("A", other), &body("B", other)), Some(Severity::Risky));
}

/// Checks a body and an answer of these schemas.
#[track_caller]
fn schemas(old: (&str, &str), new: (&str, &str), request: Option<Severity>, answer: Option<Severity>) {
    let body = |schema: &str| {
        format!("requestBody: {{content: {{application/json: {{schema: {schema}}}}}}}, {DONE}")
    };
    let response = |schema: &str| {
        format!(
            "responses: {{'200': {{description: '', content: {{application/json: {{schema: {schema}}}}}}}}}"
        )
    };
    let compare = |part: &dyn Fn(&str) -> String| {
        worst(&document("", &part(old.0), old.1), &document("", &part(new.0), new.1))
    };
    assert_eq!(compare(&body), request, "request: {} → {}", old.0, new.0);
    assert_eq!(compare(&response), answer, "answer: {} → {}", old.0, new.0);
}

#[track_caller]
fn schema(old: &str, new: &str, request: Severity, answer: Severity) {
    schemas((old, ""), (new, ""), Some(request), Some(answer));
}

#[track_caller]
fn operation(old: &str, new: &str, expected: Option<Severity>) {
    assert_eq!(worst(&document("", old, ""), &document("", new, "")), expected, "{old} → {new}");
}

#[track_caller]
fn head(old: &str, new: &str, expected: Option<Severity>) {
    assert_eq!(worst(&document(old, DONE, ""), &document(new, DONE, "")), expected, "{old} → {new}");
}

const C: &str = "{type: object, required: [id], properties: {id: {type: integer}, name: {type: string}}}";

#[test]
fn compositions_are_compared_by_what_they_admit() {
    let reference = "{$ref: '#/components/schemas/C'}";
    let whole = format!("C: {C}");
    let extended = "Base: {type: object, required: [id], properties: {id: {type: integer}}}, \
         C: {allOf: [{$ref: '#/components/schemas/Base'}, {type: object, properties: {name: {type: string}}}]}";
    schemas((reference, &whole), (reference, extended), Some(Compatible), Some(Compatible));
    schemas((reference, extended), (reference, &whole), Some(Compatible), Some(Compatible));
    schema(C, &format!("{{anyOf: [{C}]}}"), Compatible, Compatible);
    schema(C, &format!("{{oneOf: [{C}]}}"), Compatible, Compatible);
    let other = "{type: object, required: [key], properties: {key: {type: string}}}";
    schema(C, &format!("{{anyOf: [{C}, {other}]}}"), Compatible, Breaking);
    schema(C, &format!("{{oneOf: [{C}, {other}]}}"), Compatible, Breaking);
    schema("{enum: [a, b]}", "{oneOf: [{const: b}, {const: a}]}", Compatible, Compatible);
    schemas(
        ("{type: [string, integer]}", ""),
        ("{anyOf: [{type: integer}, {type: string}]}", ""),
        NOTHING,
        NOTHING,
    );
    // The same type was required of both parts.
    schema(
        "{allOf: [{type: string}, {maxLength: 5}]}",
        "{type: string, maxLength: 5}",
        Compatible,
        Compatible,
    );
    schema("{allOf: [{type: string}, {maxLength: 5}]}", "{type: string, maxLength: 4}", Breaking, Compatible);
}

#[test]
fn a_constraint_that_excludes_nothing_is_no_change() {
    schemas(("{type: string}", ""), ("{type: string, minLength: 0}", ""), NOTHING, NOTHING);
    let int32 = "{type: integer, format: int32}";
    schema(int32, "{type: integer, format: int32, minimum: -3000000000}", Documentation, Documentation);
    schema(
        "{type: integer, minimum: 1}",
        "{type: integer, exclusiveMinimum: 0}",
        Documentation,
        Documentation,
    );
    schema("{enum: [ab, cd]}", "{enum: [ab, cd], maxLength: 2}", Documentation, Documentation);
    schema("{type: boolean}", "{type: boolean, maxLength: 2}", Documentation, Documentation);
}

#[test]
fn what_closed_objects_and_typed_rests_refuse_is_breaking() {
    let closed = |properties: &str| {
        format!("{{type: object, properties: {{{properties}}}, additionalProperties: false}}")
    };
    let (one, two) = (closed("a: {type: string}"), closed("a: {type: string}, b: {type: string}"));
    schema(&two, &one, Breaking, Severity::Risky);
    schema(&one, &two, Compatible, Breaking);
    let rest = |properties: &str| {
        format!("{{type: object, properties: {{{properties}}}, additionalProperties: {{type: string}}}}")
    };
    let (untyped, typed) = (rest("a: {type: string}"), rest("a: {type: string}, b: {type: integer}"));
    schema(&untyped, &typed, Breaking, Breaking);
    schema(&typed, &untyped, Breaking, Breaking);
    let unevaluated = |properties: &str| {
        format!("{{allOf: [{{type: object, properties: {{{properties}}}}}], unevaluatedProperties: false}}")
    };
    let (one, two) = (unevaluated("a: {type: string}"), unevaluated("a: {type: string}, b: {type: string}"));
    schema(&two, &one, Breaking, Severity::Risky);
    schema(&one, &two, Compatible, Breaking);
}

#[test]
fn a_risk_hides_nothing_that_is_refused() {
    let closed = |properties: &str| {
        format!("{{type: object, properties: {{{properties}}}, additionalProperties: false}}")
    };
    let (a, z) = ("{type: string, pattern: '^[a-z]+(?=!)'}", "{type: string, pattern: '^[a-y]+(?=!)'}");
    let both = closed(&format!("p: {z}, b: {{type: string}}"));
    schema(&both, &closed(&format!("p: {a}")), Breaking, Severity::Risky);
    let map = |properties: &str| {
        format!("{{type: object, properties: {{{properties}}}, additionalProperties: {{type: string}}}}")
    };
    let (short, long) = (map("p: {maxLength: 5}, b: {type: integer}"), map("p: {maxLength: 6}"));
    schema(&short, &long, Breaking, Breaking);
    let listed = |values: &str, more: &str| map(&format!("p: {{enum: [{values}]}}{more}"));
    schema(&listed("a", ", b: {type: integer}"), &listed("a, b", ""), Breaking, Breaking);
    schema(&listed("a", ""), &listed("a, b", ""), Compatible, Severity::Risky);
    schema("{enum: [a]}", "{enum: [a, 1]}", Compatible, Breaking);
    schema("{const: a}", "{const: b}", Breaking, Breaking);
}

#[test]
fn conditions_are_judged_by_what_they_exclude() {
    schema("{type: string}", "{type: string, not: {enum: ['no']}}", Breaking, Compatible);
    schema(
        "{type: string, not: {enum: ['no', 'nay']}}",
        "{type: string, not: {enum: ['no']}}",
        Compatible,
        Breaking,
    );
    let object = |more: &str| {
        format!("{{type: object, properties: {{a: {{type: string}}, b: {{type: string}}}}{more}}}")
    };
    schema(&object(""), &object(", dependentRequired: {a: [b]}"), Breaking, Compatible);
    schema(&object(""), &object(", if: {required: [a]}, then: {required: [b]}"), Breaking, Compatible);
    let pattern = |kind: &str| format!("{{type: object, patternProperties: {{^x-: {{type: {kind}}}}}}}");
    schema(&pattern("string"), &pattern("integer"), Breaking, Breaking);
    let named =
        |most: u8, more: &str| format!("{{type: object, propertyNames: {{maxLength: {most}{more}}}}}");
    schema(&named(9, ""), &named(8, ""), Breaking, Compatible);
    schema(&named(9, ""), &named(9, ", example: a"), Documentation, Documentation);
    schema(
        "{type: string, pattern: '^[a-z]{2,5}$'}",
        "{type: string, pattern: '^[a-z]{2,3}$'}",
        Breaking,
        Compatible,
    );
    schema(
        "{type: string, pattern: '^[0-9]+$'}",
        r"{type: string, pattern: '^\d+$'}",
        Documentation,
        Documentation,
    );
    schema(
        "{type: string, pattern: '^[a-z]{1,5}$'}",
        "{type: string, pattern: '^[a-z]+$', maxLength: 5}",
        Documentation,
        Documentation,
    );
}

#[test]
fn media_types_are_read_as_http_reads_them() {
    let body =
        |name: &str| format!("requestBody: {{content: {{{name}: {{schema: {{type: string}}}}}}}}, {DONE}");
    operation(&body("application/json"), &body("Application/JSON"), NOTHING);
    operation(&body("application/json"), &body("'application/json; charset=utf-8'"), NOTHING);
    operation(&body("application/json"), &body("'*/*'"), Some(Compatible));
    operation(&body("'*/*'"), &body("application/json"), Some(Breaking));
    operation(&body("text/plain"), &body("'text/*'"), Some(Compatible));
    operation(&body("application/json"), &body("'text/*'"), Some(Breaking));
    let answer = |name: &str| {
        format!(
            "responses: {{'200': {{description: '', content: {{{name}: {{schema: {{type: string}}}}}}}}}}"
        )
    };
    operation(&answer("'*/*'"), &answer("application/json"), Some(Compatible));
    let form = |encoding: &str| {
        let schema =
            "{type: object, properties: {l: {type: array, items: {type: string}}, o: {type: object}}}";
        format!(
            "requestBody: {{content: {{application/x-www-form-urlencoded: {{schema: {schema}{encoding}}}}}}}, {DONE}"
        )
    };
    operation(&form(""), &form(", encoding: {l: {style: form, explode: true}}"), NOTHING);
    operation(&form(""), &form(", encoding: {l: {style: form, explode: false}}"), Some(Breaking));
    let parts =
        |encoding: &str| form(encoding).replace("application/x-www-form-urlencoded", "multipart/form-data");
    operation(&parts(""), &parts(", encoding: {o: {contentType: application/json}}"), NOTHING);
    operation(&parts(""), &parts(", encoding: {o: {contentType: application/xml}}"), Some(Breaking));
}

#[test]
fn a_range_of_statuses_stands_for_its_members() {
    let answers = |list: &[(&str, &str)]| {
        let one = |(status, kind): &(&str, &str)| {
            format!(
                "'{status}': {{description: '', content: {{application/json: {{schema: {{type: {kind}}}}}}}}}"
            )
        };
        format!("responses: {{{}}}", list.iter().map(one).collect::<Vec<_>>().join(", "))
    };
    let (ok, range) = (("200", "string"), ("2XX", "string"));
    operation(&answers(&[range]), &answers(&[ok]), Some(Compatible));
    operation(&answers(&[range]), &answers(&[("200", "integer")]), Some(Breaking));
    operation(
        &answers(&[ok, ("default", "string")]),
        &answers(&[ok, ("default", "string"), ("404", "string")]),
        Some(Compatible),
    );
    operation(
        &answers(&[ok, ("default", "string")]),
        &answers(&[ok, ("default", "string"), ("404", "integer")]),
        Some(Breaking),
    );
    operation(&answers(&[ok, ("404", "string")]), &answers(&[ok, ("4XX", "string")]), Some(Compatible));
}

#[test]
fn addresses_and_credentials_are_read_as_http_reads_them() {
    let servers = |url: &str| format!("servers: [{{url: '{url}'}}], ");
    head(
        &servers("https://depot.example/api"),
        &servers("HTTPS://Depot.example:443/api"),
        Some(Documentation),
    );
    head(&servers("https://depot.example/api"), &servers("https://depot.example/API"), Some(Breaking));
    let variable =
        |more: &str| format!("servers: [{{url: 'https://{{r}}.example', variables: {{r: {{{more}}}}}}}], ");
    head(&variable("default: eu, enum: [eu, us]"), &variable("default: eu, enum: [eu]"), Some(Breaking));
    head(&variable("default: eu, enum: [eu]"), &variable("default: eu, enum: [eu, us]"), Some(Compatible));
    head(&variable("default: eu, enum: [eu, us]"), &variable("default: us, enum: [eu, us]"), Some(Breaking));
    let asked = document("security: [{t: []}], ", DONE, "");
    assert_eq!(worst(&asked, &asked.replace("scheme: bearer", "scheme: Bearer")), NOTHING);
    assert_eq!(worst(&asked, &asked.replace("scheme: basic", "scheme: digest")), NOTHING, "it is not used");
}

#[test]
fn addresses_are_compared_by_where_they_lead() {
    let servers = |list: &str| format!("servers: [{list}], ");
    let variable = |name: &str, more: &str| {
        servers(&format!(
            "{{url: 'https://{{{name}}}.example', variables: {{{name}: {{default: eu{more}}}}}}}"
        ))
    };
    let (eu, both) =
        ("{url: 'https://eu.example'}", "{url: 'https://eu.example'}, {url: 'https://us.example'}");
    head(&variable("r", ", enum: [eu]"), &servers(eu), Some(Documentation));
    head(&servers(eu), &variable("r", ", enum: [eu]"), Some(Documentation));
    head(&variable("r", ", enum: [us, eu]"), &servers(both), Some(Documentation));
    head(&variable("r", ", enum: [us, eu]"), &servers(eu), Some(Breaking));
    head(&variable("r", ""), &variable("s", ""), Some(Documentation));
    head(&variable("r", ""), &servers(eu), Some(Breaking));
    head(
        &servers("{url: 'https://eu.example/a/../b'}"),
        &servers("{url: 'https://eu.example/b'}"),
        Some(Documentation),
    );
    head(&servers("{url: '/%7Ea'}"), &servers("{url: '/~a'}"), Some(Documentation));
    let own = |url: &str| format!("servers: [{{url: {url}}}], {DONE}");
    assert_eq!(worst(&document(&servers("{url: /a}"), DONE, ""), &document("", &own("/a"), "")), NOTHING);
    assert_eq!(
        worst(&document(&servers("{url: /a}"), DONE, ""), &document("", &own("/b"), "")),
        Some(Breaking)
    );
    let overridden = |url: &str| document(&servers(&format!("{{url: {url}}}")), &own("/c"), "");
    assert_eq!(worst(&overridden("/a"), &overridden("/b")), NOTHING);
}

#[test]
fn credentials_are_compared_by_what_is_sent() {
    let with = |asked: &str| {
        let text = document(&format!("security: [{asked}], "), DONE, "");
        text.replace("u: {type: http", "s: {type: http, scheme: Bearer}, u: {type: http")
    };
    for (old, new, expected) in [
        ("{t: []}", "{s: []}", NOTHING),
        ("{t: []}, {s: []}", "{t: []}", NOTHING),
        ("{t: [], u: []}", "{t: []}", Some(Compatible)),
        ("{t: [], u: []}", "{t: []}, {u: []}", Some(Compatible)),
        ("{t: []}", "{t: [], u: []}", Some(Breaking)),
        ("{t: []}", "{u: []}", Some(Breaking)),
    ] {
        assert_eq!(worst(&with(old), &with(new)), expected, "{old} → {new}");
    }
    let renamed = document("security: [{t: []}], ", DONE, "");
    let now = renamed.replace("{t: []}", "{v: []}").replace("{t: {type", "{v: {type");
    assert_eq!(worst(&renamed, &now), NOTHING);
}

#[test]
fn parts_of_forms_are_compared_by_who_reads_them() {
    let part = |schema: &str, encoding: &str| {
        let form = format!("{{schema: {schema}, encoding: {{f: {{{encoding}}}}}}}");
        format!("requestBody: {{content: {{multipart/form-data: {form}}}}}, {DONE}")
    };
    let object = "{type: object, properties: {f: {type: string}}}";
    let plain = |encoding: &str| part(object, encoding);
    let header = |more: &str| plain(&format!("headers: {{X-A: {{schema: {{type: string}}{more}}}}}"));
    operation(
        &plain("contentType: image/png"),
        &plain("contentType: 'image/png, image/gif'"),
        Some(Compatible),
    );
    operation(&plain("contentType: image/png"), &plain("contentType: 'image/*'"), Some(Compatible));
    operation(&plain("contentType: 'image/*'"), &plain("contentType: image/png"), Some(Breaking));
    operation(&plain(""), &header(""), Some(Compatible));
    operation(&plain(""), &header(", required: true"), Some(Breaking));
    operation(&header(", required: true"), &plain(""), Some(Compatible));
    for schema in [
        format!("{{allOf: [{{allOf: [{{allOf: [{object}]}}]}}]}}"),
        format!("{{anyOf: [{object}], properties: {{g: {{}}}}}}"),
        "{type: object, properties: {g: {}}, additionalProperties: {type: string}}".to_owned(),
    ] {
        let with = |kind: &str| part(&schema, &format!("contentType: {kind}"));
        operation(&with("text/plain"), &with("text/html"), Some(Breaking));
    }
}

#[test]
fn callbacks_are_answers_to_the_caller() {
    let called = |kind: &str| {
        format!(
            "callbacks: {{done: {{'{{$request.body#/url}}': {{post: {{requestBody: {{content: {{application/json: {{schema: {kind}}}}}}}, {DONE}}}}}}}}}, {DONE}"
        )
    };
    let object = |properties: &str| called(&format!("{{type: object, properties: {{{properties}}}}}"));
    operation(&object("id: {type: integer}"), &called("{type: string}"), Some(Breaking));
    operation(
        &object("id: {type: integer}"),
        &object("id: {type: integer}, at: {type: string}"),
        Some(Compatible),
    );
    operation(&called("{type: integer}"), &called("{type: number}"), Some(Breaking));
    operation(&called("{type: number}"), &called("{type: integer}"), Some(Compatible));
}

#[test]
fn what_the_server_asks_in_a_call_of_its_own_is_judged_like_an_answer() {
    let called = |more: &str, responses: &str| {
        format!("webhooks: {{told: {{post: {{{more}responses: {{{responses}}}}}}}}}, ")
    };
    let (done, named) = ("'200': {description: d}", |more: &str| {
        format!("parameters: [{{name: X-S, in: header, schema: {{type: string}}{more}}}], ")
    });
    let asked = |more: &str| called(more, done);
    let required = asked(&named(", required: true"));
    for less in [asked(""), asked(&named("")), asked(&format!("summary: s, {}", named("")))] {
        head(&less, &required, Some(Compatible));
        head(&required, &less, Some(Breaking));
    }
    let body = |more: &str| asked(&format!("requestBody: {{{more}content: {{text/plain: {{}}}}}}, "));
    head(&body("required: true, "), &body(""), Some(Breaking));
    head(&body(""), &body("required: true, "), Some(Compatible));
    let answers = |responses: &str| called("", responses);
    head(&answers(done), &answers("'204': {description: d}"), Some(Breaking));
    head(&answers(done), &answers("'200': {description: d}, '400': {description: d}"), Some(Compatible));
    let header =
        |more: &str| answers(&format!("'200': {{description: d, headers: {{X-A: {{schema: {{}}{more}}}}}}}"));
    head(&answers(done), &header(""), Some(Compatible));
    head(&answers(done), &header(", required: true"), Some(Breaking));
    head(&header(""), &header(", required: true"), Some(Breaking));
    let content = |more: &str| asked(&format!("requestBody: {{content: {{{more}: {{}}}}}}, "));
    head(&content("application/json"), &content("Application/JSON"), NOTHING);
    let callback = |name: &str, address: &str| {
        format!("callbacks: {{{name}: {{'{{$request.body#/{address}}}': {{post: {{{DONE}}}}}}}}}, {DONE}")
    };
    operation(&callback("a", "u"), &callback("b", "u"), NOTHING);
    operation(&callback("a", "u"), &callback("a", "v"), Some(Breaking));
}

#[test]
fn a_status_that_another_stands_for_keeps_what_it_held() {
    let answer = |status: &str, more: &str| format!("'{status}': {{description: d{more}}}");
    let answers = |list: &[String]| format!("responses: {{{}}}", list.join(", "));
    let (header, body) = (
        ", headers: {X-A: {required: true, schema: {type: string}}}",
        ", content: {application/json: {schema: {type: string}}}",
    );
    for more in [header, body] {
        for (old, new) in [("404", "4XX"), ("4XX", "404"), ("404", "default"), ("default", "404")] {
            let with = |status: &str, more: &str| answers(&[answer("200", ""), answer(status, more)]);
            operation(&with(old, more), &with(new, ""), Some(Breaking));
            operation(&with(old, more), &with(new, more), Some(Compatible));
        }
    }
    let other = answer("default", body);
    let (one, two) = ([answer("200", ""), other.clone()], [answer("200", ""), answer("429", ""), other]);
    operation(&answers(&one), &answers(&two), Some(Compatible));
    operation(&answers(&[answer("default", body)]), &answers(&[answer("200", body)]), Some(Compatible));
}

#[test]
fn what_a_style_does_not_tell_apart_is_written_alike() {
    let with = |place: &str, more: &str, schema: &str| {
        format!("parameters: [{{name: p, in: {place}{more}, schema: {schema}}}], {DONE}")
    };
    let (list, scalar) =
        ("{type: array, items: {type: string}}", "{anyOf: [{type: string}, {type: integer}]}");
    for (place, schema, expected) in [
        ("header", list, NOTHING),
        ("header", "{type: object}", Some(Breaking)),
        ("query", scalar, NOTHING),
        ("query", "{enum: [a]}", NOTHING),
        ("query", "{type: array, maxItems: 1}", NOTHING),
        ("query", list, Some(Breaking)),
        ("query", "{}", Some(Breaking)),
    ] {
        operation(
            &with(place, ", explode: true", schema),
            &with(place, ", explode: false", schema),
            expected,
        );
    }
    let named = |name: &str| {
        format!("parameters: [{{name: {name}, in: header, required: true, schema: {{}}}}], {DONE}")
    };
    operation(DONE, &named("Content-Type"), NOTHING);
    operation(DONE, &named("X-Type"), Some(Breaking));
}

#[test]
fn a_media_type_that_is_named_beside_a_range_is_held_to_what_the_range_admitted() {
    let body = |content: &str| format!("requestBody: {{content: {{{content}}}}}, {DONE}");
    let range = "application/*: {schema: {type: string}}";
    let with = |kind: &str| body(&format!("{range}, application/json: {{schema: {{type: {kind}}}}}"));
    operation(&body(range), &with("integer"), Some(Breaking));
    operation(&body(range), &with("string"), Some(Compatible));
    let header = |kind: &str| {
        format!(
            "responses: {{'200': {{description: d, headers: {{X-A: {{content: {{application/json: {{schema: {{type: {kind}}}}}}}}}}}}}}}"
        )
    };
    operation(&header("string"), &header("integer"), Some(Breaking));
    operation(&header("number"), &header("integer"), Some(Compatible));
}

#[test]
fn names_in_xml_matter_where_xml_is_exchanged() {
    let body = |kind: &str, xml: &str| {
        let schema = format!("{{type: object, properties: {{a: {{type: string{xml}}}}}}}");
        format!("requestBody: {{content: {{application/{kind}: {{schema: {schema}}}}}}}, {DONE}")
    };
    operation(&body("xml", ""), &body("xml", ", xml: {name: b}"), Some(Breaking));
    operation(&body("xml", ""), &body("xml", ", xml: {name: a}"), Some(Documentation));
    operation(&body("json", ""), &body("json", ", xml: {name: b}"), Some(Documentation));
    operation(
        &body("vnd.sheet.xmlish", ""),
        &body("vnd.sheet.xmlish", ", xml: {name: b}"),
        Some(Documentation),
    );
    operation(
        &body("xml", ", xml: {attribute: true}"),
        &body("xml", ", xml: {nodeType: attribute}"),
        Some(Documentation),
    );
    let named = |name: &str| {
        let body = format!(
            "requestBody: {{content: {{application/xml: {{schema: {{$ref: '#/components/schemas/{name}'}}}}}}}}"
        );
        document("", &format!("{body}, {DONE}"), &format!("{name}: {{type: object}}"))
    };
    assert_eq!(worst(&named("A"), &named("B")), Some(Breaking));
}

#[test]
fn bytes_are_described_in_several_ways() {
    let body =
        |kind: &str, schema: &str| format!("requestBody: {{content: {{{kind}: {{{schema}}}}}}}, {DONE}");
    let ways =
        ["", "schema: {}", "schema: {type: string, format: binary}", "schema: {contentMediaType: image/png}"];
    for (old, new) in ways.iter().flat_map(|old| ways.iter().map(move |new| (old, new))) {
        operation(&body("image/png", old), &body("image/png", new), NOTHING);
    }
    operation(
        &body("application/json", "schema: {}"),
        &body("application/json", "schema: {type: string}"),
        Some(Breaking),
    );
    operation(&body("image/png", "schema: {}"), &body("image/png", "schema: {maxLength: 9}"), Some(Breaking));
    let (capitals, small) = (
        "schema: {type: string, contentMediaType: Text/Plain}",
        "schema: {type: string, contentMediaType: text/plain}",
    );
    operation(&body("text/plain", capitals), &body("text/plain", small), Some(Documentation));
}

#[test]
fn null_beside_an_enumeration_is_read_either_way_between_versions() {
    let with = |version: &str, kind: &str| {
        let body = format!("requestBody: {{content: {{text/plain: {{schema: {{{kind}}}}}}}}}, {DONE}");
        document("", &body, "").replace("openapi: 3.1.0", &format!("openapi: {version}"))
    };
    let old = with("3.0.3", "type: string, nullable: true, enum: [a]");
    for kind in ["type: [string, 'null'], enum: [a]", "type: [string, 'null'], enum: [a, null]"] {
        assert_eq!(worst(&old, &with("3.1.0", kind)), NOTHING, "{kind}");
        assert_eq!(worst(&with("3.1.0", kind), &old), NOTHING, "{kind}");
    }
    let (more, less) = ("type: [string, 'null'], enum: [a, null]", "type: [string, 'null'], enum: [a]");
    assert_eq!(worst(&with("3.1.0", more), &with("3.1.0", less)), Some(Breaking));
}

#[test]
fn a_part_may_say_that_a_property_goes_one_way_only() {
    let with = |schema: &str| format!("{{type: object, required: [a], properties: {{a: {schema}}}}}");
    let (own, of_part) = (
        with("{allOf: [{type: string}], readOnly: true}"),
        with("{allOf: [{type: string}, {readOnly: true}]}"),
    );
    schema(&own, &of_part, Compatible, Compatible);
    schema(&of_part, &own, Compatible, Compatible);
}

#[test]
fn what_extends_a_parent_that_tells_its_heirs_apart_is_compared() {
    let parent = "{$ref: '#/components/schemas/Pet'}";
    let family = |cat: &str| {
        let pet = "Pet: {type: object, required: [t], properties: {t: {type: string}}, discriminator: {propertyName: t}}";
        format!(
            "{pet}, Cat: {{allOf: [{parent}, {{type: object, properties: {{c: {{type: string}}}}{cat}}}]}}"
        )
    };
    let (loose, strict) = (family(""), family(", required: [c]"));
    schemas((parent, &loose), (parent, &strict), Some(Breaking), Some(Compatible));
    schemas((parent, &strict), (parent, &loose), Some(Compatible), Some(Breaking));
    let kitten = format!("{loose}, Kitten: {{allOf: [{{$ref: '#/components/schemas/Cat'}}]}}");
    schemas((parent, &kitten), (parent, &loose), Some(Breaking), Some(Compatible));
}

#[test]
fn a_component_of_another_name_is_another_word_for_an_alternative() {
    let union = |name: &str, mapping: &str| {
        let part = |name: &str| {
            format!("{name}: {{type: object, required: [kind], properties: {{kind: {{type: string}}}}}}")
        };
        (
            format!(
                "{{oneOf: [{{$ref: '#/components/schemas/{name}'}}, {{$ref: '#/components/schemas/Dog'}}], discriminator: {{propertyName: kind{mapping}}}}}"
            ),
            format!("{}, {}", part(name), part("Dog")),
        )
    };
    let (cat, kitty) = (union("Cat", ""), union("Kitty", ""));
    schemas((&cat.0, &cat.1), (&kitty.0, &kitty.1), Some(Breaking), Some(Breaking));
    let mapped = union("Cat", ", mapping: {Cat: '#/components/schemas/Cat'}");
    schemas((&cat.0, &cat.1), (&mapped.0, &mapped.1), NOTHING, NOTHING);
}

#[test]
fn a_count_stays_beside_what_it_counts() {
    let with = |count: &str| format!("{{type: [array, string], contains: {{const: a}}{count}}}");
    schema(&with(""), &with(", minContains: 2"), Breaking, Compatible);
}

#[test]
fn a_part_of_a_request_that_is_gone_is_a_risk() {
    let part = |name: &str| {
        format!("{name}: {{type: object, required: [{name}], properties: {{{name}: {{type: string}}}}}}")
    };
    let components = format!("{}, {}", part("P"), part("Q"));
    let both = "{allOf: [{$ref: '#/components/schemas/P'}, {$ref: '#/components/schemas/Q'}]}";
    let one = "{allOf: [{$ref: '#/components/schemas/P'}]}";
    schemas((both, &components), (one, &components), Some(Severity::Risky), Some(Breaking));
}

#[test]
fn a_part_of_a_form_has_the_type_of_its_schema() {
    let form = |file: &str| {
        let schema = format!("{{type: object, properties: {{f: {file}}}}}");
        format!("requestBody: {{content: {{multipart/form-data: {{schema: {schema}}}}}}}, {DONE}")
    };
    operation(&form("{type: string, format: binary}"), &form("{type: string}"), Some(Breaking));
    operation(&form("{type: string}"), &form("{anyOf: [{type: string}]}"), Some(Compatible));
    operation(&form("{type: string, format: binary}"), &form("{}"), Some(Compatible));
}

#[test]
fn paths_of_one_form_are_told_apart_by_their_names() {
    let document = |first: &str, second: &str| {
        let item = |path: &str| {
            let (name, method) = if path == "a" { ("a", "get") } else { ("b", "put") };
            let parameter = format!("{{name: {name}, in: path, required: true, schema: {{type: string}}}}");
            format!(
                "'/x/{{{name}}}': {{{method}: {{operationId: {name}, parameters: [{parameter}], {DONE}}}}}"
            )
        };
        let (first, second) = (item(first), item(second));
        format!("{{openapi: 3.1.0, info: {{title: t, version: '1'}}, paths: {{{first}, {second}}}}}")
    };
    assert_eq!(worst(&document("a", "b"), &document("b", "a")), NOTHING);
}

#[test]
fn words_about_scopes_and_their_order_do_not_tell_credentials_apart() {
    let document = |name: &str, flow: &str| {
        format!(
            "{{openapi: 3.1.0, info: {{title: t, version: '1'}}, security: [{{{name}: [r]}}], \
             paths: {{/x: {{get: {{operationId: x, {DONE}}}}}}}, \
             components: {{securitySchemes: {{{name}: {{type: oauth2, flows: {{clientCredentials: {flow}}}}}}}}}}}"
        )
    };
    let old = document("a", "{tokenUrl: 'https://t.example', scopes: {r: read, w: write}}");
    let new = document("b", "{scopes: {w: Write it, r: Read it}, tokenUrl: 'https://t.example'}");
    assert_eq!(worst(&old, &new), NOTHING);
}

#[test]
fn null_may_stand_beside_a_reference_or_within_it() {
    let object = |kind: &str| format!("{{type: {kind}, properties: {{a: {{type: string}}}}}}");
    let components = format!("O: {}, P: {}", object("object"), object("[object, 'null']"));
    let beside = "{anyOf: [{$ref: '#/components/schemas/O'}, {type: 'null'}]}";
    let within = "{$ref: '#/components/schemas/P'}";
    let renamed = Some(Severity::Risky);
    schemas((beside, &components), (within, &components), renamed, renamed);
    schemas((within, &components), (beside, &components), renamed, renamed);
}

#[test]
fn a_property_that_was_typed_by_a_rest_of_another_pattern_breaks() {
    let rest = "{type: object, additionalProperties: {type: string, pattern: '^a'}}";
    let named = "{type: object, additionalProperties: {type: string, pattern: '^a'}, properties: {b: {type: string, pattern: '^b'}}}";
    schemas((rest, ""), (named, ""), Some(Severity::Breaking), Some(Severity::Breaking));
}

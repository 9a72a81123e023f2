use super::*;
use crate::loader::Nothing;

/// Two operations, one of which needs what is missing in several places.
const TEXT: &str = "
openapi: 3.0.3
info: {title: T, version: '1'}
security: [{token: []}]
paths:
  /good:
    get:
      operationId: good
      parameters:
        - {name: q, in: query, style: odd, schema: {type: string}}
        - {name: r, in: query, schema: {type: string, format: 1, minLength: few}}
      responses: {'200': {description: '', content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}}
  /bad:
    post:
      operationId: bad
      requestBody: {$ref: '#/components/requestBodies/None'}
      responses: {'204': {description: ''}, '404': {$ref: '#/components/responses/None'}}
  /worse:
    put:
      operationId: worse
      requestBody: {$ref: '#/components/requestBodies/Worse'}
      responses: {'204': {description: ''}}
components:
  requestBodies:
    Worse: {content: 5}
  schemas:
    Pet: {type: object, properties: {a: {$ref: '#/components/schemas/None'}, b: 5, c: {type: string}}}
    Odd: {type: strong}
";

fn draft(text: &str) -> Draft {
    Draft::read("spec.yaml", text, &Nothing).unwrap()
}

fn ids(document: &Document) -> Vec<&str> {
    operations(document.value()).filter_map(|(.., operation)| operation["operationId"].as_str()).collect()
}

#[test]
fn what_is_invalid_is_left_out_in_the_smallest_parts() {
    let valid = draft(TEXT).check_leaving_out().unwrap();
    assert_eq!(ids(&valid.document), ["good"]);
    let root = valid.document.value();
    assert_eq!(
        root["components"]["schemas"]["Pet"]["properties"],
        serde_json::json!({"a": {}, "b": {}, "c": {"type": "string"}})
    );
    let told: Vec<String> = valid
        .left_out
        .iter()
        .map(|omission| {
            let at = omission.reason.location;
            format!("{}:{}: {}: {}", at.line, at.column, omission.what, omission.reason.message)
        })
        .collect();
    insta::assert_snapshot!(told.join("\n"));
    Document::parse("again.json", &valid.document.written().to_string()).unwrap();
}

#[test]
fn every_problem_is_told_in_one_run() {
    let error = draft(TEXT).check().unwrap_err();
    let mut pointers: Vec<&str> = error.diagnostics().iter().map(|found| found.pointer.as_str()).collect();
    pointers.sort_unstable();
    insta::assert_snapshot!(pointers.join("\n"));
}

#[test]
fn only_what_a_slice_keeps_has_to_be_valid() {
    let selection = |operations: &[&str], except: &[&str]| {
        let owned = |list: &[&str]| list.iter().map(|glob| (*glob).to_owned()).collect();
        Selection { operations: owned(operations), except: owned(except), ..Selection::default() }
    };
    let text = TEXT
        .replace("style: odd, ", "")
        .replace("format: 1, minLength: few", "format: one")
        .replace("a: {$ref: '#/components/schemas/None'}, b: 5, ", "")
        .replace("security: [{token: []}]\n", "");
    assert!(draft(&text).check().is_err());
    for selection in [selection(&["good"], &[]), selection(&[], &["bad", "wor*"])] {
        let sliced = draft(&text).slice(&selection).unwrap();
        assert_eq!(sliced.operations(), 1);
        assert_eq!(ids(&sliced.check().unwrap()), ["good"]);
    }
    assert!(draft(&text).slice(&selection(&["b*"], &[])).unwrap().check().is_err());
    let unknown = draft(&text).slice(&selection(&[], &["goods"])).err().unwrap();
    assert!(unknown.to_string().contains("did you mean `good`"), "{unknown}");
}

#[test]
fn a_document_that_was_never_bundled_is_one_problem() {
    let reference = |number| {
        format!("    S{number}: {{properties: {{a: {{$ref: '#/components/schemas/Gone{number}'}}}}}}\n")
    };
    let references = (0..300).map(reference).collect::<Vec<_>>().concat();
    let text = format!(
        "openapi: 3.0.3\ninfo: {{title: T, version: '1'}}\npaths: {{}}\ncomponents:\n  schemas:\n{references}"
    );
    let error = draft(&text).check().unwrap_err();
    assert_eq!(error.diagnostics().len(), 1, "{error}");
    assert!(
        error.to_string().contains("never bundled: 300 of its 300 references lead to 300 parts"),
        "{error}"
    );
    assert_eq!(draft(&text).check_leaving_out().unwrap().left_out.len(), 300);
}

#[test]
fn what_cannot_be_generated_is_left_out_with_what_needs_it() {
    let valid = draft(TEXT).check_leaving_out().unwrap().document;
    let error = valid.error("/components/schemas/Pet/properties/c", "odd", "");
    let rest = valid.without(&error).unwrap();
    assert_eq!(rest.document.value()["components"]["schemas"]["Pet"], serde_json::json!({}));
    assert_eq!(rest.left_out[0].what, "the schema `Pet`, which is any value now");
    let error = valid.error("/paths/~1good/get/parameters/0", "odd", "");
    let rest = valid.without(&error).unwrap();
    assert_eq!((ids(&rest.document).len(), rest.left_out.len()), (0, 1));
    assert!(valid.without(&valid.error("", "odd", "")).is_err());
}

#[test]
fn what_was_written_is_neither_added_to_nor_translated() {
    let text = "
openapi: 3.1.0
info: {title: T, version: '1'}
paths:
  /a: {get: {operationId: a, responses: {'200': {description: '', content: {application/json: {schema: {oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}]}}}}}}}
  /b: {get: {operationId: b, responses: {}}}
components:
  schemas:
    Pet: {type: object, properties: {kind: {type: [string, 'null']}}, discriminator: {propertyName: kind}}
    Cat: {allOf: [{$ref: '#/components/schemas/Pet'}, {type: object}]}
    Dog: {allOf: [{$ref: '#/components/schemas/Pet'}]}
";
    let selection = Selection { operations: vec!["a".to_owned()], ..Selection::default() };
    let mut expected = draft(text).written().unwrap();
    expected["paths"].as_object_mut().unwrap().shift_remove("/b");
    assert_eq!(draft(text).slice(&selection).unwrap().written().unwrap(), expected);
    assert_eq!(expected["components"]["schemas"]["Dog"]["allOf"].as_array().unwrap().len(), 1);
    let shared = text.replace("  /b: {", "  /c: {$ref: '#/components/pathItems/C'}\n  /b: {");
    assert!(draft(&shared).written().is_some());
    assert!(draft(&shared).slice(&selection).unwrap().written().is_some(), "it is left out");
    let c = Selection { operations: vec!["c".to_owned()], ..Selection::default() };
    let shared = shared
        .replace("components:\n", "components:\n  pathItems: {C: {get: {operationId: c, responses: {}}}}\n");
    assert_eq!(draft(&shared).slice(&c).unwrap().written(), None);
}

//! Which components requests send, which answers hold, and which only errors hold.
//!
//! The three are read with different eyes: what a caller sends is checked before it leaves, what a server stored is
//! accepted as it is. This module only tells them apart; the passes act on it.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::document::Document;
use crate::operations::operations;
use crate::pointer;

/// The names of the component schemas that requests, answers and errors reach, through any number of references.
#[derive(Clone, Debug, Default)]
pub struct Usage {
    requests: BTreeSet<String>,
    answers: BTreeSet<String>,
    errors: BTreeSet<String>,
}

impl Usage {
    /// The usage of every component of `document`.
    #[must_use]
    pub fn of(document: &Document) -> Self {
        let root = document.value();
        let mut usage = Usage::default();
        for (_, _, operation) in operations(root) {
            if let Some(body) = operation.get("requestBody") {
                reach(root, body, &mut usage.requests);
            }
            for (status, response) in declared_responses(operation) {
                let reached = if status.starts_with('2') { &mut usage.answers } else { &mut usage.errors };
                reach(root, response, reached);
            }
        }
        usage
    }

    /// Whether a request can hold this component.
    #[must_use]
    pub fn in_requests(&self, component: &str) -> bool {
        self.requests.contains(component)
    }

    /// Whether this component only ever comes from the server.
    #[must_use]
    pub fn only_in_responses(&self, component: &str) -> bool {
        !self.in_requests(component) && (self.answers.contains(component) || self.errors.contains(component))
    }

    /// Whether this component only ever comes in an error.
    #[must_use]
    pub fn only_in_errors(&self, component: &str) -> bool {
        self.only_in_responses(component) && !self.answers.contains(component)
    }
}

/// What an operation declares to answer, and what it was observed to answer besides.
fn declared_responses(operation: &Value) -> impl Iterator<Item = (&String, &Value)> {
    ["responses", "x-observed-responses"]
        .into_iter()
        .filter_map(|key| operation.get(key).and_then(Value::as_object))
        .flatten()
}

/// The names of the component schemas that `value` leads to, through any number of references.
#[must_use]
pub fn reached_from(root: &Value, value: &Value) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    reach(root, value, &mut found);
    found
}

/// Adds the names of all component schemas below `value`, and of those they lead to.
fn reach(root: &Value, value: &Value, found: &mut BTreeSet<String>) {
    // What is no component may refer to itself as well, if only in an example.
    let (mut followed, mut open) = (BTreeSet::new(), vec![value]);
    while let Some(value) = open.pop() {
        match value {
            Value::Object(members) => {
                let Some(reference) = members.get("$ref").and_then(Value::as_str) else {
                    open.extend(members.values());
                    continue;
                };
                let is_new = match component(reference) {
                    Some(name) => found.insert(name),
                    None => followed.insert(reference),
                };
                let target = pointer::of_reference(reference).and_then(|at| root.pointer(&at));
                open.extend(target.filter(|_| is_new));
            }
            Value::Array(items) => open.extend(items),
            _ => {}
        }
    }
}

/// The component schema that a reference names.
#[must_use]
pub fn component(reference: &str) -> Option<String> {
    let pointer = pointer::of_reference(reference)?;
    let name = pointer.strip_prefix("/components/schemas/")?;
    (!name.contains('/')).then(|| pointer::unescape(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_refers_to_itself_is_followed_once() {
        let root = serde_json::json!({"x": {"example": {"$ref": "#/x"}, "schema": {"$ref": "#/components/schemas/Pet"}}});
        assert_eq!(reached_from(&root, &root), ["Pet".to_owned()].into());
    }

    #[test]
    fn components_are_told_apart_by_where_references_lead_to_them() {
        let document = Document::parse(
            "spec.yaml",
            r"
openapi: 3.0.3
info: {title: t, version: '1'}
paths:
  /pets/:
    post:
      operationId: pets_create
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/PetRequest'}}}}
      responses:
        '201': {description: '', content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}
        '400': {description: '', content: {application/json: {schema: {$ref: '#/components/schemas/Fault'}}}}
components:
  schemas:
    Kind: {type: string, enum: [cat, dog]}
    PetRequest: {type: object, properties: {kind: {$ref: '#/components/schemas/Kind'}}}
    Pet:
      type: object
      properties:
        kind: {$ref: '#/components/schemas/Kind'}
        parents: {type: array, items: {$ref: '#/components/schemas/Pet'}}
    Fault: {type: object, properties: {detail: {type: string}}}
    Unused: {type: object}
",
        )
        .unwrap();
        let usage = Usage::of(&document);
        assert!(usage.in_requests("PetRequest") && usage.in_requests("Kind"));
        assert!(usage.only_in_responses("Pet") && !usage.only_in_errors("Pet"));
        assert!(usage.only_in_responses("Fault") && usage.only_in_errors("Fault"));
        assert!(!usage.only_in_responses("Kind"), "a request holds it too");
        assert!(!usage.in_requests("Unused") && !usage.only_in_responses("Unused"));
    }
}

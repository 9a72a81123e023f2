//! Collects the parts of a document that operations need: everything they refer to, directly or through other parts.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::document::Document;
use crate::grammar::{self, DISCRIMINATOR, OPERATION, SCHEMA, Shape};
use crate::{operations, pointer, walk};

/// The pointers of the operations, path items and components that are needed.
pub(super) struct Needs {
    kept: BTreeSet<String>,
}

impl Needs {
    /// Returns the operations, and everything that they and the top of the document refer to.
    pub(super) fn of(document: &Document, wanted: BTreeSet<String>) -> Self {
        let mut search = Search { document, kept: BTreeSet::new(), open: Vec::new() };
        search.look_at_top();
        for at in wanted {
            search.need(&at);
        }
        while let Some(at) = search.open.pop() {
            search.look_into(&at);
        }
        Needs { kept: search.kept }
    }

    pub(super) fn holds(&self, at: &str) -> bool {
        self.kept.contains(at)
    }

    /// Returns `true` if something below `at` is needed.
    pub(super) fn holds_below(&self, at: &str) -> bool {
        let below = format!("{at}/");
        self.kept.range(below.clone()..).next().is_some_and(|kept| kept.starts_with(&below))
    }

    /// Returns the tags of the operations that are needed.
    pub(super) fn tags(&self, document: &Document) -> BTreeSet<String> {
        let mut tags = BTreeSet::new();
        for at in self.kept.iter().filter(|at| at.starts_with("/paths/")) {
            let Some(kept) = document.value().pointer(at) else { continue };
            let item = document.resolve(kept).as_object();
            let methods = item.into_iter().flatten().filter(|(key, _)| operations::is_method(key));
            for operation in methods.map(|(_, operation)| operation).chain([kept]) {
                let of_operation = operation.get("tags").and_then(Value::as_array).into_iter().flatten();
                tags.extend(of_operation.filter_map(Value::as_str).map(str::to_owned));
            }
        }
        tags
    }
}

struct Search<'a> {
    document: &'a Document,
    kept: BTreeSet<String>,
    open: Vec<String>,
}

impl Search<'_> {
    /// Notes that what `at` points to, or what holds it, is needed.
    fn need(&mut self, at: &str) {
        let steps: Vec<&str> = at.split('/').skip(1).collect();
        let length = match steps.as_slice() {
            ["paths", _, _, ..] => 3,
            ["paths", _] => 2,
            ["components", kind, _, ..] if !kind.starts_with("x-") => 3,
            // Everything else stays anyway.
            _ => return,
        };
        let unit: String = steps.iter().take(length).flat_map(|step| ["/", step]).collect();
        if self.document.value().pointer(&unit).is_some() && self.kept.insert(unit.clone()) {
            if let ["paths", path, _, ..] = steps.as_slice() {
                self.open.extend(self.beside_operations(path));
            }
            self.open.push(unit);
        }
    }

    /// Returns the members of a path that are kept as soon as one of its operations is.
    fn beside_operations(&self, path: &str) -> Vec<String> {
        let at = format!("/paths/{path}");
        let item = self.document.value().pointer(&at).and_then(Value::as_object);
        let keys = item.into_iter().flat_map(Map::keys).filter(|key| !operations::is_method(key));
        keys.map(|key| pointer::child(&at, key)).collect()
    }

    /// Adds the members at the top of the document that apply to all operations. Every slice keeps them.
    fn look_at_top(&mut self) {
        let Some(root) = self.document.value().as_object() else { return };
        for key in root.keys().filter(|key| !matches!(key.as_str(), "paths" | "components")) {
            self.look_into(&pointer::child("", key));
        }
        if let Some(security) = root.get("security") {
            self.need_schemes(security);
        }
        for key in ["paths", "components"] {
            let members = root.get(key).and_then(Value::as_object);
            for extension in members.into_iter().flat_map(Map::keys).filter(|key| grammar::is_extension(key))
            {
                self.look_into(&pointer::child(&pointer::child("", key), extension));
            }
        }
    }

    /// Finds the targets of the value at `at`.
    fn look_into(&mut self, at: &str) {
        let document = self.document;
        let Some(value) = document.value().pointer(at) else { return };
        if matches!(walk::shape_at(at), Shape::Any) {
            return self.follow_all(value);
        }
        let mut found = Vec::new();
        walk::walk_at(document.value(), at, |value, shape, at| found.push((value, shape, at.to_owned())));
        for (value, shape, at) in found {
            self.look_at(value, shape, &at);
        }
    }

    fn look_at(&mut self, value: &Value, shape: Shape, at: &str) {
        if let Some(reference) = grammar::reference(value, shape) {
            return self.follow(reference);
        }
        let (Some(object), Some(members)) = (shape.object(), value.as_object()) else { return };
        for (key, member) in members {
            // The grammar does not look into these, and they may hold references all the same.
            if object.member(key).is_none() && matches!(object.shape_of(key), Shape::Any) {
                self.follow_all(member);
            }
        }
        if object.name == OPERATION.name
            && let Some(security) = members.get("security")
        {
            self.need_schemes(security);
        }
        if object.name == DISCRIMINATOR.name {
            let mapping = members.get("mapping").and_then(Value::as_object);
            mapping.into_iter().flat_map(Map::values).for_each(|target| self.follow_mapping(target));
        }
        if object.name == SCHEMA.name && members.contains_key("discriminator") {
            self.need_heirs(at);
        }
    }

    fn follow(&mut self, reference: &Value) {
        if let Some(target) = reference.as_str().and_then(pointer::of_reference) {
            self.need(&target);
        }
    }

    /// Follows every reference below a value of which nothing is known.
    fn follow_all(&mut self, value: &Value) {
        match value {
            Value::Object(members) => {
                if let Some(reference) = members.get("$ref") {
                    self.follow(reference);
                }
                members.values().for_each(|member| self.follow_all(member));
            }
            Value::Array(items) => items.iter().for_each(|item| self.follow_all(item)),
            _ => {}
        }
    }

    /// Adds the schema that a discriminator names, by a reference or by the name of its component alone.
    fn follow_mapping(&mut self, target: &Value) {
        self.follow(target);
        if let Some(name) = target.as_str() {
            self.need(&pointer::child("/components/schemas", name));
        }
    }

    /// Adds the components that build on the schema of a discriminator. It selects among them, and nothing else may
    /// refer to them.
    fn need_heirs(&mut self, at: &str) {
        let document = self.document;
        let schemas = document.value().pointer("/components/schemas").and_then(Value::as_object);
        for (name, schema) in schemas.into_iter().flatten() {
            let parts = schema.get("allOf").and_then(Value::as_array).into_iter().flatten();
            let mut bases =
                parts.filter_map(|part| part.get("$ref")?.as_str()).filter_map(pointer::of_reference);
            if bases.any(|base| base == at) {
                self.need(&pointer::child("/components/schemas", name));
            }
        }
    }

    fn need_schemes(&mut self, security: &Value) {
        for alternative in security.as_array().into_iter().flatten() {
            for name in alternative.as_object().into_iter().flat_map(Map::keys) {
                self.need(&pointer::child("/components/securitySchemes", name));
            }
        }
    }
}

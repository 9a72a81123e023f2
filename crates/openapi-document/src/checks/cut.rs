//! Finds the smallest part of a document that can be left out because of a problem, so that the rest still means what it
//! meant.
//!
//! A schema without one of its keywords allows more than before, and so does a request without an optional parameter. What
//! cannot be missing, such as the body of a request, takes what holds it with it: in the end the operation.

use serde_json::Value;

use crate::grammar::{
    self, DOCUMENT, HEADER, MEDIA_TYPE, OPERATION, Object, PARAMETER, PATH_ITEM, REQUEST_BODY, RESPONSE,
    SECURITY_SCHEME, Shape,
};
use crate::operations::is_method;
use crate::tree::Edit;
use crate::version::Version;
use crate::{pointer, walk};

/// The part of a document that is left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Cut {
    pub(crate) at: String,
    pub(crate) edit: Edit,
    /// `true` if it says nothing about requests and answers.
    pub(crate) is_remark: bool,
}

/// Members that only people read.
const REMARKS: [&str; 13] = [
    "contact",
    "deprecated",
    "description",
    "example",
    "examples",
    "externalDocs",
    "license",
    "links",
    "summary",
    "tags",
    "termsOfService",
    "title",
    "xml",
];

/// Members without which an object means something else, although the grammar does not require them.
const ESSENTIAL: [(&Object, &[&str]); 8] = [
    (&DOCUMENT, &["paths", "components"]),
    (&PATH_ITEM, &["parameters"]),
    (&OPERATION, &["parameters", "requestBody", "responses"]),
    (&PARAMETER, &["schema", "content", "style", "explode", "required", "allowReserved"]),
    (&REQUEST_BODY, &["required"]),
    (&RESPONSE, &["content"]),
    (&MEDIA_TYPE, &["encoding", "itemEncoding", "itemSchema", "prefixEncoding"]),
    (&HEADER, &["schema", "content", "style", "explode"]),
];

/// Kinds of objects that mean something as a whole only.
const WHOLE: [&str; 6] =
    ["encoding", "OAuth flow", "OAuth flows", "discriminator", "server", "server variable"];

/// Returns what is left out because of a problem at `pointer` of the document `root`; `None` if that would be everything.
pub(crate) fn smallest(root: &Value, version: Version, pointer: &str) -> Option<Cut> {
    let way = Way::to(root, version, pointer);
    for (depth, step) in way.steps.iter().enumerate().rev() {
        let holder = way.shape(depth);
        let cut = |edit, is_remark| Some(Cut { at: step.at.clone(), edit, is_remark });
        if walk::is_schema(holder) {
            if matches!(holder, Shape::FlagOr(_)) && way.value(depth).is_some_and(Value::is_boolean) {
                continue;
            }
            // An alternative that allows anything would leave nothing to the others.
            if step.key == "$ref" && way.is_alternative(depth) {
                let list = way.steps.get(depth - 2)?;
                return Some(Cut { at: list.at.clone(), edit: Edit::Remove, is_remark: false });
            }
            return cut(Edit::Remove, REMARKS.contains(&step.key.as_str()) || step.key == "default");
        }
        match holder {
            Shape::List(item, _) if walk::is_schema(*item) => {
                // One alternative less would refuse what is valid.
                let is_part = depth
                    .checked_sub(1)
                    .and_then(|at| way.steps.get(at))
                    .is_some_and(|list| list.key == "allOf");
                if is_part {
                    return cut(Edit::Empty, false);
                }
            }
            Shape::List(item, _) if is_kind(*item, &PARAMETER) && !is_optional(step.value) => {}
            Shape::Map(member) | Shape::Components(member) if walk::is_schema(*member) => {
                let is_empty = step.value.and_then(Value::as_object).is_some_and(serde_json::Map::is_empty);
                return cut(if is_empty { Edit::Remove } else { Edit::Empty }, false);
            }
            Shape::Map(member) if is_kind(*member, &MEDIA_TYPE) && !way.has_others(depth) => {}
            Shape::Map(member) if member.object().is_some_and(|object| WHOLE.contains(&object.name)) => {}
            // Schemes that are needed together.
            Shape::Map(Shape::List(..)) => {}
            Shape::List(..) | Shape::Map(_) | Shape::Components(_) => return cut(Edit::Remove, false),
            Shape::Object(object) | Shape::Reference(object) => {
                if let Some(is_remark) = removable(object, version, &step.key) {
                    return cut(Edit::Remove, is_remark);
                }
                if walk::is_schema(step.shape) {
                    return cut(Edit::Empty, false);
                }
            }
            _ => {}
        }
    }
    None
}

/// Returns the operation, path or component that holds what `pointer` points to, to be left out as a whole.
pub(crate) fn unit(root: &Value, pointer: &str) -> Option<Cut> {
    let steps: Vec<&str> = pointer.split('/').skip(1).collect();
    let length = match steps.as_slice() {
        ["paths", _, method, ..] if is_method(method) => 3,
        ["paths", ..] => 2,
        ["components", ..] => 3,
        _ => return None,
    };
    let at: String = steps.get(..length)?.iter().flat_map(|step| ["/", step]).collect();
    let found = root.pointer(&at)?;
    let is_schema = at.starts_with("/components/schemas/");
    let is_empty = found.as_object().is_some_and(serde_json::Map::is_empty);
    let edit = if is_schema && !is_empty { Edit::Empty } else { Edit::Remove };
    Some(Cut { at, edit, is_remark: false })
}

/// Returns whether the member `key` of an object is a remark, if the object means the same without it.
fn removable(object: &Object, version: Version, key: &str) -> Option<bool> {
    if WHOLE.contains(&object.name) || object.name == SECURITY_SCHEME.name && key != "description" {
        return None;
    }
    if key == "$ref" {
        return None;
    }
    let essential = ESSENTIAL.iter().find(|(known, _)| known.name == object.name).map(|(_, keys)| *keys);
    if essential.is_some_and(|keys| keys.contains(&key)) {
        return None;
    }
    if grammar::is_extension(key) {
        return Some(false);
    }
    match object.member_in(key, version) {
        Some(member) if member.required => None,
        Some(member) if walk::is_schema(member.shape) => None,
        Some(_) => Some(REMARKS.contains(&key)),
        // What stands under keys that are free: paths, responses, callbacks.
        None => Some(false),
    }
}

fn is_kind(shape: Shape, object: &Object) -> bool {
    shape.object().is_some_and(|of| of.name == object.name)
}

/// Returns `true` if a request may lack the parameter.
fn is_optional(parameter: Option<&Value>) -> bool {
    let Some(parameter) = parameter.filter(|parameter| parameter.get("$ref").is_none()) else { return false };
    let place = parameter.get("in").and_then(Value::as_str);
    matches!(place, Some("query" | "header" | "cookie"))
        && !matches!(parameter.get("required"), Some(Value::Bool(true)))
}

/// The values on the way to a part of a document.
struct Way<'a> {
    root: &'a Value,
    steps: Vec<Step<'a>>,
}

struct Step<'a> {
    key: String,
    at: String,
    shape: Shape,
    value: Option<&'a Value>,
}

impl<'a> Way<'a> {
    fn to(root: &'a Value, version: Version, pointer: &str) -> Self {
        let (mut at, mut shape, mut value) = (String::new(), Shape::Object(&DOCUMENT), Some(root));
        let steps = pointer::steps(pointer).map(|key| {
            pointer::push(&mut at, &key);
            shape = shape.step_in(&key, version);
            value = value.and_then(|holder| match holder {
                Value::Array(items) => items.get(key.parse::<usize>().ok()?),
                holder => holder.get(&key),
            });
            Step { key, at: at.clone(), shape, value }
        });
        Way { root, steps: steps.collect() }
    }

    /// Returns the shape of what holds the step number `depth`.
    fn shape(&self, depth: usize) -> Shape {
        let holder = depth.checked_sub(1).and_then(|depth| self.steps.get(depth));
        holder.map_or(Shape::Object(&DOCUMENT), |holder| holder.shape)
    }

    /// Returns `true` if what holds the step number `depth` is one of several alternatives.
    fn is_alternative(&self, depth: usize) -> bool {
        let list = depth.checked_sub(2).and_then(|depth| self.steps.get(depth));
        list.is_some_and(|list| {
            matches!(list.key.as_str(), "oneOf" | "anyOf") && matches!(list.shape, Shape::List(..))
        })
    }

    /// Returns `true` if what holds the step number `depth` has other members.
    fn has_others(&self, depth: usize) -> bool {
        self.value(depth).and_then(Value::as_object).is_some_and(|others| others.len() > 1)
    }

    /// Returns what holds the step number `depth`.
    fn value(&self, depth: usize) -> Option<&'a Value> {
        match depth.checked_sub(1) {
            Some(depth) => self.steps.get(depth).and_then(|holder| holder.value),
            None => Some(self.root),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_smallest_part_is_left_out_that_takes_nothing_else_with_it() {
        let root = json!({
            "paths": {"/a": {
                "parameters": [{"name": "x", "in": "path", "required": true}],
                "get": {
                    "parameters": [{"name": "q", "in": "query"}, {"name": "r", "in": "query", "required": true}, {"$ref": "#/no"}],
                    "requestBody": {"content": {"application/json": {"schema": {"oneOf": [{}, {"$ref": "#/no"}]}}}},
                    "responses": {"200": {"content": {"a/b": {}, "c/d": {}}}},
                },
            }},
            "components": {"schemas": {"A": {"properties": {"b": 1}, "allOf": [1]}, "Empty": {}}},
        });
        let operation = "/paths/~1a/get";
        for (pointer, expected) in [
            ("parameters/0/schema/type", ("parameters/0/schema/type", Edit::Remove)),
            ("parameters/0/schema", ("parameters/0/schema", Edit::Empty)),
            ("parameters/0/style", ("parameters/0", Edit::Remove)),
            ("parameters/0", ("parameters/0", Edit::Remove)),
            ("parameters/1/in", ("", Edit::Remove)),
            ("parameters/2/$ref", ("", Edit::Remove)),
            ("requestBody/content", ("", Edit::Remove)),
            (
                "requestBody/content/application~1json/schema/oneOf/1/$ref",
                ("requestBody/content/application~1json/schema/oneOf", Edit::Remove),
            ),
            (
                "requestBody/content/application~1json/schema/oneOf/1",
                ("requestBody/content/application~1json/schema/oneOf", Edit::Remove),
            ),
            ("responses/200", ("responses/200", Edit::Remove)),
            ("responses/200/content/a~1b/encoding/x", ("responses/200/content/a~1b", Edit::Remove)),
            ("responses/200/headers/X/$ref", ("responses/200/headers/X", Edit::Remove)),
            ("security/0/none", ("security/0", Edit::Remove)),
            ("operationId", ("operationId", Edit::Remove)),
        ] {
            let under =
                |at: &str| if at.is_empty() { operation.to_owned() } else { format!("{operation}/{at}") };
            let cut = smallest(&root, Version::V3_0, &under(pointer)).unwrap();
            assert_eq!((cut.at, cut.edit), (under(expected.0), expected.1), "{pointer}");
        }
        for (pointer, at, edit) in [
            ("/paths/~1a/parameters/0", "/paths/~1a", Edit::Remove),
            ("/components/schemas/A/properties/b", "/components/schemas/A/properties/b", Edit::Empty),
            ("/components/schemas/A/allOf/0", "/components/schemas/A/allOf/0", Edit::Empty),
            ("/components/schemas/A", "/components/schemas/A", Edit::Empty),
            ("/components/schemas/Empty", "/components/schemas/Empty", Edit::Remove),
            ("/components/securitySchemes/T/type", "/components/securitySchemes/T", Edit::Remove),
        ] {
            let cut = smallest(&root, Version::V3_0, pointer).unwrap();
            assert_eq!((cut.at.as_str(), cut.edit), (at, edit), "{pointer}");
        }
        assert_eq!(smallest(&root, Version::V3_0, "/info/title"), None);
        assert!(smallest(&root, Version::V3_0, "/info/license/name").unwrap().is_remark);
    }
}

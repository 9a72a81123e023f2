//! Which tag the parts of a large document belong to, so that what is made of them can be taken apart by it.
//!
//! An operation belongs to its first tag, and a component to the tag of the operations that lead to it, if they all have
//! the same and no component that belongs to none leads to it. A small document has no groups: it is easier to read in one piece.

use std::collections::{BTreeMap, HashMap};

use heck::ToSnakeCase;

use openapi_document::model::{Model, Operation, SchemaId};

/// As many operations as a document in one piece has.
const MOST_OPERATIONS: usize = 100;

/// The groups of a document.
#[derive(Clone, Debug, Default)]
pub(crate) struct Groups {
    /// The group of each operation and component that belongs to one, by its pointer.
    names: HashMap<String, String>,
}

impl Groups {
    /// Finds the groups of a document; there are none if it is small.
    pub(crate) fn of(model: &Model<'_>) -> Self {
        if model.operations.len() <= MOST_OPERATIONS { Self::default() } else { Self::by_tag(model) }
    }

    /// Returns `true` if there are no groups.
    pub(crate) fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// Has what came from `origin` belong to no group.
    pub(crate) fn share(&mut self, origin: &str) {
        self.names.remove(Self::part(origin));
    }

    pub(crate) fn by_tag(model: &Model<'_>) -> Self {
        let mut names = HashMap::new();
        let mut held: BTreeMap<String, Vec<SchemaId>> = BTreeMap::new();
        for operation in &model.operations {
            let name = name(operation);
            held.entry(name.clone()).or_default().extend(operation.schemas());
            names.insert(operation.pointer.clone(), name);
        }
        // The tag that leads to each schema; none if several do.
        let mut leading: HashMap<SchemaId, Option<&str>> = HashMap::new();
        for (name, held) in &held {
            for schema in model.schemas.reached(held.iter().copied()) {
                leading.entry(schema).and_modify(|known| *known = None).or_insert(Some(name));
            }
        }
        // What no operation leads to belongs to none, and neither does what that leads to.
        let components = || model.schemas.components().map(|(_, schema)| schema);
        let unused = components().map(|schema| schema.id).filter(|id| !leading.contains_key(id));
        let shared = model.schemas.reached(unused);
        for schema in components().filter(|schema| !shared.contains(&schema.id)) {
            if let Some(Some(name)) = leading.get(&schema.id) {
                names.insert(schema.pointer.clone(), (*name).to_owned());
            }
        }
        Groups { names }
    }

    /// Returns the group of what came from `origin`, in snake case; `None` if it belongs to none.
    pub(crate) fn group(&self, origin: &str) -> Option<&str> {
        self.names.get(Self::part(origin)).map(String::as_str)
    }

    /// Returns the pointer of the operation or component that `origin` is, or is in.
    fn part(origin: &str) -> &str {
        let end = origin.match_indices('/').nth(3).map_or(origin.len(), |(at, _)| at);
        &origin[..end]
    }
}

/// Returns the module of a group. Nothing else that generated code names begins like this.
pub(crate) fn module(group: &str) -> String {
    format!("tag_{group}")
}

/// Returns the group of an operation; a tag without a letter or digit is as good as none.
fn name(operation: &Operation<'_>) -> String {
    let tag = operation.tags.first().copied().unwrap_or("untagged");
    let letters: String =
        tag.chars().map(|letter| if letter.is_ascii_alphanumeric() { letter } else { ' ' }).collect();
    let name = letters.to_snake_case();
    if name.is_empty() {
        return "untagged".to_owned();
    }
    if name.starts_with(|first: char| first.is_ascii_lowercase()) { name } else { format!("tag_{name}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use openapi_document::Document;

    const DOCUMENT: &str = r"
openapi: 3.0.3
info: {title: t, version: '1'}
paths:
  /pets/{id}:
    get:
      operationId: pets_get
      tags: [pets]
      parameters: [{in: path, name: id, required: true, schema: {type: string}}]
      responses:
        '200': {description: '', content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}
  /toys:
    get:
      operationId: toys_get
      tags: [type]
      responses:
        '200': {description: '', content: {application/json: {schema: {$ref: '#/components/schemas/Toy'}}}}
components:
  schemas:
    Pet: {type: object, properties: {kind: {$ref: '#/components/schemas/Kind'}, post: {$ref: '#/components/schemas/Post'}, size: {$ref: '#/components/schemas/Size'}}}
    Toy: {type: object, properties: {size: {$ref: '#/components/schemas/Size'}}}
    Kind: {type: string}
    Size: {type: integer}
    Fence: {type: object, properties: {posts: {$ref: '#/components/schemas/Post'}}}
    Post: {type: string}
";

    #[test]
    fn what_only_one_tag_leads_to_belongs_to_it_and_what_several_share_to_none() {
        let document = Document::parse("spec.yaml", DOCUMENT).unwrap();
        let model = Model::of(&document);
        let groups = Groups::by_tag(&model);
        assert_eq!(groups.group("/paths/~1pets~1{id}/get/parameters/0"), Some("pets"));
        assert_eq!(groups.group("/components/schemas/Pet"), Some("pets"));
        assert_eq!(groups.group("/components/schemas/Kind/enum"), Some("pets"));
        assert_eq!(groups.group("/components/schemas/Toy"), Some("type"));
        for shared in ["Size", "Fence", "Post"] {
            assert_eq!(groups.group(&format!("/components/schemas/{shared}")), None, "{shared}");
        }
        assert!(Groups::of(&model).is_empty(), "a small document stays in one piece");
        for (tag, expected) in [("Pet Toys", "pet_toys"), ("1", "tag_1"), ("", "untagged"), ("-", "untagged")]
        {
            assert_eq!(name(&Operation { tags: vec![tag], ..model.operations[0].clone() }), expected);
        }
    }
}

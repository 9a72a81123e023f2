//! Which types have to be in the base although the document does not say so.
//!
//! References between components decide what belongs to a tag. Types that are made of no component, such as what has a
//! title of its own within an answer, may be used where those references do not lead.

use std::collections::{HashMap, HashSet};

use syn::visit::{self, Visit};
use syn::{Item, TypePath};

use crate::groups::Groups;
use crate::rust::RustFile;
use crate::syntax::subject::defined_type;

/// Returns the groups of which none needs types of another, and the base none of any: what is needed elsewhere is in no group.
pub(super) fn settled(groups: &Groups, types: &RustFile) -> Groups {
    let mut groups = groups.clone();
    let mut origins = HashMap::new();
    let mut needs = Vec::new();
    for (origin, items) in types.sections() {
        origins.extend(items.iter().filter_map(defined_type).map(|name| (name, origin)));
        needs.push((origin, Used::by(items)));
    }
    loop {
        let mut misplaced = HashSet::new();
        for (origin, used) in &needs {
            let own = origin.and_then(|origin| groups.group(origin));
            for origin in used.iter().filter_map(|name| origins.get(name).copied().flatten()) {
                let theirs = groups.group(origin);
                if theirs.is_some() && theirs != own {
                    misplaced.insert(origin);
                }
            }
        }
        if misplaced.is_empty() {
            return groups;
        }
        for origin in misplaced {
            groups.share(origin);
        }
    }
}

/// The last segments of the paths of types.
#[derive(Default)]
struct Used(HashSet<String>);

impl Used {
    fn by(items: &[Item]) -> HashSet<String> {
        let mut used = Used::default();
        for item in items {
            used.visit_item(item);
        }
        used.0
    }
}

impl Visit<'_> for Used {
    fn visit_type_path(&mut self, path: &TypePath) {
        self.0.extend(path.path.segments.last().map(|segment| segment.ident.to_string()));
        visit::visit_type_path(self, path);
    }
}

#[cfg(test)]
mod tests {
    use syn::parse_quote;

    use super::*;
    use openapi_document::document::Document;
    use openapi_document::model::Model;

    #[test]
    fn what_is_needed_outside_of_its_group_is_in_none_and_so_is_what_that_needs() {
        let text = r"
openapi: 3.0.3
info: {title: t, version: '1'}
paths:
  /pets: {get: {operationId: p, tags: [pets], responses: {'200': {$ref: '#/components/responses/Pet'}}}}
components:
  responses: {Pet: {description: '', content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}}
  schemas:
    Pet: {type: object, properties: {kind: {$ref: '#/components/schemas/Kind'}, toy: {$ref: '#/components/schemas/Toy'}}}
    Kind: {type: object, properties: {name: {$ref: '#/components/schemas/Name'}}}
    Name: {type: string}
    Toy: {type: string}
";
        let groups = Groups::by_tag(&Model::of(&Document::parse("pets.yaml", text).unwrap()));
        let at = |name: &str| format!("/components/schemas/{name}");
        let mut types = RustFile::new("");
        types.push(
            Some(&at("Pet")),
            [parse_quote!(
                pub struct Pet {
                    kind: Option<super::Kind>,
                    toy: Toy,
                }
            )],
        );
        types.push(
            Some(&at("Kind")),
            [parse_quote!(
                pub struct Kind {
                    name: Name,
                }
            )],
        );
        types.push(
            Some(&at("Name")),
            [parse_quote!(
                pub struct Name(String);
            )],
        );
        types.push(
            Some(&at("Toy")),
            [parse_quote!(
                pub struct Toy(String);
            )],
        );
        let group =
            |groups: &Groups| ["Pet", "Kind", "Name", "Toy"].map(|name| groups.group(&at(name)).is_some());
        assert_eq!(group(&settled(&groups, &types)), [true; 4]);
        types.push(
            None,
            [parse_quote!(
                pub struct Inline {
                    kinds: Vec<Kind>,
                }
            )],
        );
        assert_eq!(group(&settled(&groups, &types)), [true, false, false, true]);
    }
}

//! Divides the operations of a document among the traits that serve them.
//!
//! Tags decide where they tell operations apart: at least two are in use, and every operation has exactly one.
//! Otherwise paths do: an operation belongs to the literal segments of its path before the first variable, cut to the
//! shortest beginning that is itself a path of the document. `/shop/pets/{slug}/` and `/shop/pets/redeem_token/`
//! belong to `/shop/pets/`. The key `x-service-traits` at the top of a document, `tag` or `path`, says which it is
//! whatever operations are added later.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use crate::grammar::{BY_PATH, BY_TAG, SERVICE_TRAITS};
use crate::operations::operations;

/// Operations that one trait serves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceTrait<'a> {
    /// The property that its operations have in common.
    pub common: Common<'a>,
    /// The operations, in the document's order.
    pub operations: Vec<Served<'a>>,
}

/// An operation that a trait serves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Served<'a> {
    /// The path.
    pub path: &'a str,
    /// The operation's id.
    pub id: Option<&'a str>,
}

/// The property that the operations of a trait have in common.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Common<'a> {
    /// A tag.
    Tag(&'a str),
    /// The first segments of their paths; none if a path begins with a variable.
    Path(Vec<&'a str>),
}

impl Common<'_> {
    /// Returns what the trait is named after.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::Tag(tag) => (*tag).to_owned(),
            Self::Path(segments) if segments.is_empty() => "root".to_owned(),
            Self::Path(segments) => segments.join("/"),
        }
    }
}

/// Returns what divides the operations of the document `root`: [`BY_TAG`] or [`BY_PATH`].
pub fn way(root: &Value) -> &'static str {
    match root.get(SERVICE_TRAITS).and_then(Value::as_str) {
        Some(BY_TAG) => BY_TAG,
        None if tags_distinguish(root) => BY_TAG,
        _ => BY_PATH,
    }
}

/// Divides the operations of the document `root`. The traits are in the order of their first operations.
pub fn divide(root: &Value) -> Vec<ServiceTrait<'_>> {
    let by_tag = way(root) == BY_TAG;
    let paths: HashSet<Vec<&str>> = operations(root).map(|(path, ..)| segments(path).collect()).collect();
    let mut found: Vec<ServiceTrait<'_>> = Vec::new();
    let mut positions = HashMap::new();
    for (path, _, operation) in operations(root) {
        let tag = tags(operation).next().filter(|_| by_tag);
        let common = tag.map_or_else(|| Common::Path(beginning(path, &paths)), Common::Tag);
        let position = *positions.entry(common).or_insert_with_key(|common| {
            found.push(ServiceTrait { common: common.clone(), operations: Vec::new() });
            found.len() - 1
        });
        if let Some(service_trait) = found.get_mut(position) {
            let id = operation.get("operationId").and_then(Value::as_str);
            service_trait.operations.push(Served { path, id });
        }
    }
    found
}

fn tags(operation: &Value) -> impl Iterator<Item = &str> {
    operation.get("tags").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
}

/// Returns `true` if at least two tags are in use and every operation has exactly one.
fn tags_distinguish(root: &Value) -> bool {
    let mut used = HashSet::new();
    let one_each = operations(root).all(|(_, _, operation)| {
        let mut tags = tags(operation);
        used.extend(tags.next());
        tags.next().is_none() && operation.pointer("/tags/0").is_some()
    });
    one_each && used.len() > 1
}

/// Returns the literal segments at the beginning of a path, cut to the shortest beginning that is one of `paths`.
fn beginning<'a>(path: &'a str, paths: &HashSet<Vec<&str>>) -> Vec<&'a str> {
    let literal: Vec<&str> = segments(path).take_while(|segment| !segment.contains('{')).collect();
    let shortest =
        (1..literal.len()).find(|length| literal.get(..*length).is_some_and(|it| paths.contains(it)));
    shortest.and_then(|length| literal.get(..length)).map_or_else(|| literal.clone(), <[_]>::to_vec)
}

/// Returns the segments of a path; a slash at its end makes no difference.
fn segments(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter(|segment| !segment.is_empty())
}

#[cfg(test)]
mod tests {
    use serde_json::{Map, json};

    use super::*;

    /// Returns a document with a GET of each path, which has these tags.
    fn document(operations: &[(&str, &[&str])]) -> Value {
        let paths =
            operations.iter().map(|(path, tags)| ((*path).to_owned(), json!({"get": {"tags": tags}})));
        json!({"paths": paths.collect::<Map<_, _>>()})
    }

    /// Returns the names of the traits, each with the paths it serves.
    fn divided(root: &Value) -> Vec<(String, Vec<&str>)> {
        let traits = divide(root).into_iter();
        traits
            .map(|it| (it.common.words(), it.operations.iter().map(|served| served.path).collect()))
            .collect()
    }

    #[test]
    fn one_tag_tells_nothing_apart_so_paths_do() {
        let root = document(&[
            ("/sources/group_connections/oauth/", &["sources"]),
            ("/sources/group_connections/oauth/{id}/", &["sources"]),
            ("/sources/group_connections/oauth/{id}/used_by/", &["sources"]),
            ("/shop/pets/", &["sources"]),
            ("/shop/pets/{slug}/", &["sources"]),
            ("/shop/pets/redeem_token/", &["sources"]),
            ("/shop/pets/redeem_token_authenticated/", &["sources"]),
        ]);
        let expected = [
            (
                "sources/group_connections/oauth".to_owned(),
                vec![
                    "/sources/group_connections/oauth/",
                    "/sources/group_connections/oauth/{id}/",
                    "/sources/group_connections/oauth/{id}/used_by/",
                ],
            ),
            (
                "shop/pets".to_owned(),
                vec![
                    "/shop/pets/",
                    "/shop/pets/{slug}/",
                    "/shop/pets/redeem_token/",
                    "/shop/pets/redeem_token_authenticated/",
                ],
            ),
        ];
        assert_eq!(divided(&root), expected);
    }

    #[test]
    fn tags_decide_where_every_operation_has_one_of_several() {
        let petstore: &[(&str, &[&str])] = &[
            ("/pet", &["pet"]),
            ("/pet/findByStatus", &["pet"]),
            ("/store/inventory", &["store"]),
            ("/store/order/{orderId}", &["store"]),
            ("/user/login", &["user"]),
            ("/user/{username}", &["user"]),
        ];
        let expected = [
            ("pet".to_owned(), vec!["/pet", "/pet/findByStatus"]),
            ("store".to_owned(), vec!["/store/inventory", "/store/order/{orderId}"]),
            ("user".to_owned(), vec!["/user/login", "/user/{username}"]),
        ];
        assert_eq!(divided(&document(petstore)), expected);
        let names = |extra: &[(&str, &[&str])]| -> Vec<String> {
            let root = document(&[petstore, extra].concat());
            divided(&root).into_iter().map(|(name, _)| name).collect()
        };
        let by_path = ["pet", "store/inventory", "store/order", "user/login", "user", "zoo"];
        for tags in [&[][..], &["pet", "zoo"]] {
            assert_eq!(names(&[("/zoo", tags)]), by_path, "{tags:?}");
        }
    }

    #[test]
    fn without_tags_an_operation_belongs_to_the_literal_beginning_of_its_path() {
        let root = document(&[
            ("/", &[]),
            ("/{name}", &[]),
            ("/{name}/rows", &[]),
            ("/reports/{year}-{month}.csv", &[]),
            ("/reports/all.csv", &[]),
            ("/v1/pets/{id}", &[]),
            ("/v1/pets/{id}/toys", &[]),
        ]);
        let expected = [
            ("root".to_owned(), vec!["/", "/{name}", "/{name}/rows"]),
            ("reports".to_owned(), vec!["/reports/{year}-{month}.csv"]),
            ("reports/all.csv".to_owned(), vec!["/reports/all.csv"]),
            ("v1/pets".to_owned(), vec!["/v1/pets/{id}", "/v1/pets/{id}/toys"]),
        ];
        let mut found = divided(&root);
        found.sort();
        let mut expected = expected.to_vec();
        expected.sort();
        assert_eq!(found, expected);
    }

    #[test]
    fn a_document_may_decide_itself() {
        let mut root = document(&[("/pet", &["pet"]), ("/store/order", &["store", "pet"]), ("/zoo", &[])]);
        let names = |root: &Value| divided(root).into_iter().map(|(name, _)| name).collect::<Vec<_>>();
        root[SERVICE_TRAITS] = json!(BY_TAG);
        assert_eq!(names(&root), ["pet", "store", "zoo"]);
        root["paths"] = document(&[("/pet", &["pet"]), ("/store/order", &["store"])])["paths"].take();
        root[SERVICE_TRAITS] = json!(BY_PATH);
        assert_eq!(names(&root), ["pet", "store/order"]);
    }

    #[test]
    fn without_operations_there_are_no_traits() {
        assert_eq!(divide(&json!({"paths": {}})), []);
    }
}

//! Every operation and component says where it comes from: a page, a rule that the README explains, or a release.

use std::collections::{BTreeMap, BTreeSet};

use openapi_compat::release::Release;
use serde_json::Value;

/// The operation that a page describes.
pub struct Described {
    pub path: String,
    pub method: String,
    pub release: Release,
}

/// Returns the operations that have a page, by the page's name.
pub fn pages(document: &Value) -> BTreeMap<String, Described> {
    let mut pages = BTreeMap::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let provenance = &operation["x-provenance"];
            let Some(page) = provenance["document"].as_str() else { continue };
            let release = provenance["release"].as_str().or(document["info"]["version"].as_str()).unwrap();
            let release = Release::parse(release).unwrap_or_else(|| panic!("{release:?} is no release"));
            let described = Described { path: path.clone(), method: method.clone(), release };
            assert!(pages.insert(page.to_owned(), described).is_none(), "two operations claim {page}");
        }
    }
    pages
}

/// Returns the provenance of every operation and component, by what it is called.
fn provenances(document: &Value) -> Vec<(String, &Value)> {
    let mut found = Vec::new();
    for item in document["paths"].as_object().unwrap().values() {
        for operation in item.as_object().unwrap().values() {
            found.push((operation["operationId"].to_string(), &operation["x-provenance"]));
        }
    }
    for (kind, components) in document["components"].as_object().unwrap() {
        for (name, component) in components.as_object().unwrap() {
            found.push((format!("{kind}/{name}"), &component["x-provenance"]));
        }
    }
    found
}

/// Returns the rules a provenance relies on.
fn rules(provenance: &Value) -> impl Iterator<Item = &str> {
    let inferred = provenance["inferred"].as_array().into_iter().flatten();
    provenance["companion"].as_str().into_iter().chain(inferred.filter_map(Value::as_str))
}

#[test]
fn every_page_is_claimed_by_one_operation() {
    let document = super::document();
    let claimed: Vec<String> = pages(document.value()).into_keys().collect();
    assert_eq!(claimed, super::pages().into_keys().collect::<Vec<_>>());
}

#[test]
fn every_operation_and_component_comes_from_one_place() {
    let document = super::document();
    let pages = super::pages();
    for (name, provenance) in provenances(document.value()) {
        let text = |key: &str| provenance[key].as_str();
        match (text("document"), text("companion"), text("upstream")) {
            (Some(page), None, None) => {
                assert!(pages.contains_key(page), "{name} comes from {page}, which is no page");
            }
            (None, Some(_), None) | (None, None, Some(_)) => {}
            _ => {
                panic!(
                    "{name} needs one of document, companion and upstream as its x-provenance, has {provenance}"
                )
            }
        }
    }
}

#[test]
fn the_readme_explains_the_rules_in_use_and_no_others() {
    let document = super::document();
    let in_use: BTreeSet<&str> =
        provenances(document.value()).into_iter().flat_map(|(_, provenance)| rules(provenance)).collect();
    let readme = std::fs::read_to_string(super::spec().join("README.md")).unwrap();
    let explained: BTreeSet<&str> =
        readme.lines().filter_map(|line| line.strip_prefix("### `")?.strip_suffix('`')).collect();
    assert_eq!(in_use, explained);
}

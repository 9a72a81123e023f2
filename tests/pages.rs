//! The document says what the reference pages say: the text of each page, rendered from the document, is the page.
//!
//! A page is compared as of the release it describes, line by line, in both directions. What the two cannot agree on
//! is listed in [`DIFFERENCES`] with the reason, and an entry that no longer applies fails. How the server behaves is
//! proved elsewhere.

// Clippy lets tests unwrap; what serves them counts as theirs only where it says so.
#![cfg(test)]

mod comparison;
mod inference;
mod provenance;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use openapi_compat::page::Page;
use openapi_compat::release::{self, Release};
use openapi_document::Document;

use comparison::Difference;

/// Parts of the document that a page does not show.
const DIFFERENCES: &[Difference] = &[Difference {
    page: "001_cde9fadc74915071.txt",
    pointer: "/components/schemas/ValidationError/description",
    reason: "the other two pages print this description; whether this one is older than the description, or \
                 than the printing of it, cannot be told from the page",
}];

#[test]
fn every_page_is_the_text_of_its_operation() {
    let mut met = BTreeSet::new();
    for (name, printed) in pages() {
        let rendered = rendered_page(&name);
        match comparison::compare(&name, &printed, &rendered.lines, DIFFERENCES) {
            Ok(differences) => met.extend(differences),
            Err(mismatch) => panic!("{mismatch}"),
        }
    }
    for (index, difference) in DIFFERENCES.iter().enumerate() {
        let Difference { page, pointer, reason, .. } = difference;
        assert!(met.contains(&index), "{page} and #{pointer} no longer differ; listed because {reason}");
    }
}

#[test]
fn a_description_that_a_page_leaves_out_is_printed_elsewhere() {
    let printed: BTreeSet<String> =
        pages().into_values().flat_map(|text| text.lines().map(str::to_owned).collect::<Vec<_>>()).collect();
    for name in pages().into_keys() {
        for line in rendered_page(&name).left_out {
            assert!(printed.contains(&line.text), "no page vouches for #{}: {:?}", line.pointer, line.text);
        }
    }
}

#[test]
fn a_page_of_an_older_release_knows_nothing_of_later_fields() {
    let document = document();
    let older = release::as_of(document.value(), &Release::parse("2024.6").unwrap());
    let properties = |document: &serde_json::Value| {
        document["components"]["schemas"]["PlexSource"]["properties"].as_object().unwrap().clone()
    };
    let (now, then) = (properties(document.value()), properties(&older));
    let later: Vec<_> = now.keys().filter(|name| !then.contains_key(*name)).collect();
    assert_eq!(later, ["user_property_mappings", "group_property_mappings", "group_matching_mode"]);
    assert!(older["paths"]["/sources/group_connections/oauth/"].get("get").is_none());
}

/// Returns the page called `name` as the document has it.
fn rendered_page(name: &str) -> Page {
    let document = document();
    let described = provenance::pages(document.value());
    let source = described.get(name).unwrap_or_else(|| panic!("no operation has {name} as its document"));
    let then = release::as_of(document.value(), &source.release);
    Page::of(&then, &source.path, &source.method).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn document() -> Document {
    let text = std::fs::read_to_string(spec().join("openapi.yaml")).unwrap();
    Document::parse("spec/openapi.yaml", &text).unwrap_or_else(|error| panic!("{error}"))
}

/// Returns the texts of all pages by file name.
fn pages() -> BTreeMap<String, String> {
    let entries = std::fs::read_dir(spec().join("documents")).unwrap();
    entries
        .map(|entry| {
            let entry = entry.unwrap();
            (entry.file_name().into_string().unwrap(), std::fs::read_to_string(entry.path()).unwrap())
        })
        .collect()
}

fn spec() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../spec")
}

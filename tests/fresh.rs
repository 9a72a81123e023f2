//! Every generated file is what the generators make of the document today.

use openapi_bindings::GeneratedFile;
use openapi_bindings::generated_file::GENERATORS;
use openapi_document::Document;
use openapi_document::model::Model;
use openapi_workbench::disk::State;
use xtask::project::{self, COMMAND};

fn document() -> Document {
    project::document(&project::root(), false).unwrap_or_else(|message| panic!("{message}"))
}

fn files(document: &Document) -> Vec<GeneratedFile> {
    project::files(&Model::of(document), &|_| {}, false).unwrap_or_else(|message| panic!("{message}"))
}

#[test]
fn every_generated_file_is_fresh() {
    let (root, document) = (project::root(), document());
    let files = files(&document);
    let compared = project::compare(&root, &document, &files).unwrap();
    let stale: Vec<String> = compared
        .states()
        .iter()
        .filter(|(_, state)| *state != State::Fresh)
        .map(|(path, state)| format!("{path}: {state:?}"))
        .collect();
    assert!(
        stale.is_empty(),
        "stale generated files:\n  {}\nto regenerate them: {COMMAND}",
        stale.join("\n  ")
    );
}

#[test]
fn generating_twice_gives_the_same_bytes() {
    let document = document();
    assert_eq!(files(&document), files(&document));
}

#[test]
fn the_manifest_names_the_versions_that_the_generator_is_built_with() {
    let lock = std::fs::read_to_string(project::root().join("Cargo.lock")).unwrap();
    for (name, version) in GENERATORS {
        let entry = format!("name = \"{name}\"\nversion = \"{version}\"\n");
        assert!(lock.contains(&entry), "{name} {version} is not what Cargo.lock has");
    }
}

#[test]
fn the_assets_of_the_stub_are_those_of_the_whole_api() {
    let stale = xtask::facts::stale_assets(&xtask::project::root()).expect("the whole API is read");
    assert_eq!(stale, Vec::<std::path::PathBuf>::new(), "run `cargo xtask facts` with the facts");
}

//! Every generated file is what the generators make of the document today.

use openapi_bindings::GeneratedFile;
use openapi_workbench::disk::{State, compare};
use openapi_workbench::generator::generated_directories;
use xtask::project::{self, COMMAND};

fn files() -> Vec<GeneratedFile> {
    let document = project::document(&project::root(), false);
    let files = document.and_then(|document| project::files(&document, &|_| {}, false));
    files.unwrap_or_else(|message| panic!("{message}"))
}

#[test]
fn every_generated_file_is_fresh() {
    let files = files();
    let states = compare(&project::root(), &files, &generated_directories(&files)).unwrap();
    let stale: Vec<String> = states
        .into_iter()
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
    assert_eq!(files(), files());
}

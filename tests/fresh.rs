//! Every generated file is what the generators make of the document today.

use xtask::artefacts::{COMMAND, directories};
use xtask::disk::{State, compare};
use xtask::{generate, workspace_root};

#[test]
fn every_generated_file_is_fresh() {
    let root = workspace_root();
    let files = generate::files(&root, false).unwrap_or_else(|message| panic!("{message}"));
    let states = compare(&root, &files, &directories(&files)).unwrap();
    let stale: Vec<String> = states
        .into_iter()
        .filter(|(_, state)| *state != State::Fresh)
        .map(|(path, state)| format!("{path}: {state:?}"))
        .collect();
    assert!(stale.is_empty(), "stale generated files:\n  {}\nto mend them: {COMMAND}", stale.join("\n  "));
}

#[test]
fn generating_twice_gives_the_same_bytes() {
    let root = workspace_root();
    assert_eq!(generate::files(&root, false), generate::files(&root, false));
}

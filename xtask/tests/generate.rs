//! `generate` in a workspace of its own: what it writes, what it says, and how it ends.

// Clippy lets tests unwrap; what serves them counts as theirs where it says so.
#![cfg(test)]

use std::fs;
use std::path::Path;

use openapi_workbench::disk::{Digest, MANIFEST};
use openapi_workbench::{Outcome, Report};
use tempfile::TempDir;
use xtask::generate::{Arguments, run};
use xtask::project::{self, DOCUMENT};

/// Returns a workspace with nothing but the document.
fn workspace() -> TempDir {
    let root = tempfile::tempdir().unwrap();
    let document = root.path().join(DOCUMENT);
    fs::create_dir_all(document.parent().unwrap()).unwrap();
    fs::copy(project::root().join(DOCUMENT), document).unwrap();
    root
}

fn generate(root: &TempDir) -> Report {
    run(root.path(), &Arguments::default(), false)
}

fn check(root: &TempDir) -> Report {
    run(root.path(), &Arguments { check: true, ..Arguments::default() }, false)
}

/// Writes a file that a run generated, and that nothing generates any more.
fn generated_before(root: &TempDir, path: &Path) {
    let text = "// generated once\n";
    fs::write(path, text).unwrap();
    let (manifest, name) = (root.path().join(MANIFEST), path.strip_prefix(root.path()).unwrap().display());
    let listed = format!("\"outputs\": {{\n\"{name}\": \"{}\",", String::from(Digest::of(text.as_bytes())));
    let text = fs::read_to_string(&manifest).unwrap().replacen("\"outputs\": {", &listed, 1);
    fs::write(manifest, text).unwrap();
}

/// Returns every file below `directory`, with its text, in the order of the paths.
fn contents(directory: &Path) -> Vec<(String, String)> {
    let mut files = Vec::new();
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(contents(&path));
        } else {
            files.push((path.display().to_string(), fs::read_to_string(&path).unwrap()));
        }
    }
    files.sort();
    files
}

#[test]
fn what_is_stale_is_named_with_the_command_that_mends_it_and_mended_by_it() {
    let root = workspace();
    let report = check(&root);
    assert_eq!(report.outcome, Outcome::Findings);
    assert!(
        report.text.contains("    Stale crates/authentik-sources-types/src/generated.rs: missing\n"),
        "{}",
        report.text
    );
    assert_eq!(contents(root.path()).len(), 1, "a check writes nothing");

    let report = generate(&root);
    assert_eq!(report.outcome, Outcome::Clean);
    assert!(
        report.text.contains("  Created crates/authentik-sources-types/src/generated.rs\n"),
        "{}",
        report.text
    );

    let changed = root.path().join("crates/authentik-sources-client/src/generated.rs");
    let text = fs::read_to_string(&changed).unwrap();
    fs::write(&changed, text.replacen("\n\n", "\n// mine\n", 1)).unwrap();
    let leftover = root.path().join("crates/authentik-sources-types/src/generated/old.rs");
    generated_before(&root, &leftover);
    let report = check(&root);
    assert_eq!(report.outcome, Outcome::Findings);
    for line in [
        "    Stale crates/authentik-sources-client/src/generated.rs: edited; differs from line 2 on\n",
        "    Stale crates/authentik-sources-types/src/generated/old.rs: no longer generated\n",
        "    Fresh crates/authentik-sources-types/src/generated.rs\n",
        " generated files are stale; to regenerate them: cargo xtask generate\n",
    ] {
        assert!(report.text.contains(line), "{line:?} is not in:\n{}", report.text);
    }

    let report = generate(&root);
    assert_eq!(report.outcome, Outcome::Failure);
    assert!(
        report
            .text
            .contains("that were edited:\n  crates/authentik-sources-client/src/generated.rs\n  help: "),
        "{}",
        report.text
    );
    assert!(leftover.exists());
    let report = run(root.path(), &Arguments { force: true, ..Arguments::default() }, false);
    assert!(
        report.text.contains(" Replaced crates/authentik-sources-client/src/generated.rs: edited\n"),
        "{}",
        report.text
    );
    assert!(
        report
            .text
            .contains("  Removed crates/authentik-sources-types/src/generated/old.rs: no longer generated\n"),
        "{}",
        report.text
    );
    assert!(!leftover.exists());
    let report = check(&root);
    assert_eq!(report.outcome, Outcome::Clean);
    assert!(report.text.ends_with(" generated files are fresh\n"), "{}", report.text);
}

#[test]
fn a_document_that_cannot_be_generated_from_changes_nothing_and_is_shown_where_it_is_wrong() {
    let root = workspace();
    generate(&root);
    let document = root.path().join(DOCUMENT);
    let text = fs::read_to_string(&document).unwrap();
    let faults = [
        // Invalid, and valid but not supported.
        (text.replacen("openapi: 3.0.3", "openapi: 4.0.0", 1), "4.0.0"),
        (
            text.replacen("openapi: 3.0.3", "openapi: 3.2.0", 1).replacen("    get:", "    query:", 1),
            "the method QUERY is not supported",
        ),
    ];
    for (faulty, message) in faults {
        assert_ne!(faulty, text);
        fs::write(&document, faulty).unwrap();
        let before = contents(root.path());
        let report = generate(&root);
        assert_eq!(report.outcome, Outcome::Failure);
        assert!(report.text.contains(message), "{}", report.text);
        assert!(report.text.contains("spec/openapi.yaml:"), "{}", report.text);
        assert!(report.text.contains("  Failure nothing was written"), "{}", report.text);
        assert_eq!(contents(root.path()), before);
    }
}

#[test]
fn a_workspace_without_the_document_is_a_failure() {
    let root = tempfile::tempdir().unwrap();
    let report = generate(&root);
    assert_eq!(report.outcome, Outcome::Failure);
    assert!(report.text.contains("openapi.yaml"), "{}", report.text);
}

//! What the commands show, as snapshots: with colour and without, what they write where, and how they end.

// Clippy lets tests unwrap; what serves them counts as theirs where it says so.
#![cfg(test)]

use std::fs;
use std::process::Command;

use tempfile::TempDir;
use xtask::artefacts::DOCUMENT;
use xtask::{Outcome, check, generate, why, workspace_root};

/// What the binary writes to standard output and to standard error when neither is a terminal, and its exit code.
fn xtask(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(arguments)
        .current_dir(workspace_root())
        .env("COLUMNS", "100")
        .output()
        .unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    let (stdout, stderr) = (text(output.stdout), text(output.stderr));
    assert!(!stdout.contains('\u{1b}') && !stderr.contains('\u{1b}'), "colour without a terminal");
    let code = output.status.code().unwrap();
    format!("{stdout}--- standard error\n{stderr}--- exit code {code}\n")
}

/// A text that stays when other files change: without the lines of generated files, and of the stub without any.
fn settled(text: &str) -> String {
    let lines = text.lines().map(|line| match line.rsplit_once(':') {
        Some((before, number)) if before.contains(".rs") && number.parse::<u32>().is_ok() => {
            format!("{before}:<line>\n")
        }
        _ if line.starts_with("  crates/stub/") || line.ends_with(" more lines") => String::new(),
        _ => format!("{line}\n"),
    });
    lines.collect()
}

/// A workspace with the document, its pages and rules, and every generated file, and no repository.
fn workspace() -> TempDir {
    let root = tempfile::tempdir().unwrap();
    fs::create_dir_all(root.path().join("spec/documents")).unwrap();
    for path in [DOCUMENT, "spec/README.md"] {
        fs::copy(workspace_root().join(path), root.path().join(path)).unwrap();
    }
    for page in fs::read_dir(workspace_root().join("spec/documents")).unwrap() {
        let page = page.unwrap();
        fs::copy(page.path(), root.path().join("spec/documents").join(page.file_name())).unwrap();
    }
    assert_eq!(generate::run(root.path(), &generate::Arguments::default(), false).outcome, Outcome::Fresh);
    root
}

/// Replaces `piece`, which the file has once.
fn edit(root: &TempDir, path: &str, piece: &str, replacement: &str) {
    let path = root.path().join(path);
    let text = fs::read_to_string(&path).unwrap();
    assert_eq!(text.matches(piece).count(), 1, "{piece:?}");
    fs::write(path, text.replace(piece, replacement)).unwrap();
}

fn checked(root: &TempDir, color: bool) -> String {
    let report = check::run(root.path(), &check::Arguments::default(), color);
    let text = report.text.replace(&format!("{}/", root.path().display()), "");
    format!("{}--- {:?}\n", text.replace('\u{1b}', "<esc>"), report.outcome)
}

#[test]
fn check_of_a_workspace_that_is_ready() {
    insta::assert_snapshot!(checked(&workspace(), false));
}

#[test]
fn check_names_what_is_to_be_mended_and_how() {
    let root = workspace();
    edit(&root, DOCUMENT, "x-note: Only sources with exactly this display name.", "x-comment: Only these.");
    edit(&root, DOCUMENT, "operationId: sources_plex_destroy", "operationId: sources_plex_remove");
    fs::remove_file(root.path().join("crates/api/src/generated/queries.rs")).unwrap();
    fs::create_dir_all(root.path().join("tests/snapshots")).unwrap();
    fs::write(root.path().join("tests/snapshots/one.snap.new"), "").unwrap();
    insta::assert_snapshot!("check_plain", checked(&root, false));
    insta::assert_snapshot!("check_in_colour", checked(&root, true));
}

#[test]
fn check_of_a_document_that_is_not_valid() {
    let root = workspace();
    edit(&root, DOCUMENT, "openapi: 3.0.3", "openapi: 3.1.0");
    insta::assert_snapshot!(checked(&root, false));
}

#[test]
fn help_of_check() {
    insta::assert_snapshot!(xtask(&["check", "--help"]));
}

#[test]
fn why_traces_a_property_from_its_page_to_what_uses_it() {
    insta::assert_snapshot!(settled(&xtask(&["why", "PlexSource.managed"])));
}

#[test]
fn why_says_what_a_reference_stands_for() {
    insta::assert_snapshot!(settled(&xtask(&["why", "SourcesPlexList::page"])));
}

#[test]
fn why_colours_its_headings() {
    let arguments = why::Arguments { question: "PlexTokenRedeemRequest::plex_token".to_owned() };
    let text = why::run(&workspace_root(), &arguments, true).text;
    insta::assert_snapshot!(settled(&text).replace('\u{1b}', "<esc>"));
}

#[test]
fn why_answers_an_unknown_name_with_the_nearest() {
    insta::assert_snapshot!(xtask(&["why", "PlexSource::mangaed"]));
}

#[test]
fn help_of_why() {
    insta::assert_snapshot!(xtask(&["why", "--help"]));
}

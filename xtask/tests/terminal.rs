//! Checks the output of the commands by snapshots: with and without colour, both streams and the exit code.

// Clippy lets tests unwrap; what serves them counts as theirs where it says so.
#![cfg(test)]

use std::fs;
use std::process::Command;

use openapi_workbench::disk::{Digest, MANIFEST};
use openapi_workbench::{Outcome, Report};
use tempfile::TempDir;
use xtask::project::{self, DOCUMENT};
use xtask::{check, generate, why};

/// Returns the binary's standard output and standard error when neither is a terminal, and its exit code.
fn xtask(arguments: &[&str]) -> String {
    let text = xtask_in(&[], arguments);
    assert!(!text.contains('\u{1b}'), "colour without a terminal");
    text
}

/// Returns the same with these environment variables, and no others that concern colour.
fn xtask_in(environment: &[(&str, &str)], arguments: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    for variable in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE"] {
        command.env_remove(variable);
    }
    command.args(arguments).current_dir(project::root()).env("COLUMNS", "100");
    let output = command.envs(environment.iter().copied()).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    let (stdout, stderr) = (text(output.stdout), text(output.stderr));
    let code = output.status.code().unwrap();
    format!("{stdout}--- standard error\n{stderr}--- exit code {code}\n")
}

/// Returns a text without the directory it was made in, which differs between runs.
fn placed(text: &str, directory: &TempDir) -> String {
    let directory = directory.path().display().to_string();
    text.replace(&format!("{directory}/"), "").replace(&directory, "<directory>").replace('\u{1b}', "<esc>")
}

fn shown(report: &Report, directory: &TempDir) -> String {
    format!("{}--- {:?}\n", placed(&report.text, directory), report.outcome)
}

/// Returns a text that does not depend on other files: without the lines of generated files and of the stub.
fn settled(text: &str) -> String {
    let lines = text.lines().map(|line| match line.rsplit_once(':') {
        Some((before, number)) if before.contains(".rs") && number.parse::<u32>().is_ok() => {
            format!("{before}:<line>\n")
        }
        _ if line.starts_with("  crates/authentik-stub/") || line.ends_with(" more lines") => String::new(),
        _ => format!("{line}\n"),
    });
    lines.collect()
}

/// Returns a workspace with the document, its pages and rules, and every generated file, and no repository.
fn workspace() -> TempDir {
    let root = tempfile::tempdir().unwrap();
    fs::create_dir_all(root.path().join("spec/documents")).unwrap();
    for path in [DOCUMENT, "spec/README.md"] {
        fs::copy(project::root().join(path), root.path().join(path)).unwrap();
    }
    for page in fs::read_dir(project::root().join("spec/documents")).unwrap() {
        let page = page.unwrap();
        fs::copy(page.path(), root.path().join("spec/documents").join(page.file_name())).unwrap();
    }
    assert_eq!(generate::run(root.path(), &generate::Arguments::default(), false).outcome, Outcome::Clean);
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
    shown(&check::run(root.path(), &check::Arguments::default(), color), root)
}

fn generated(root: &TempDir, check: bool, color: bool) -> String {
    shown(&generate::run(root.path(), &generate::Arguments { check, force: false }, color), root)
}

fn pets() -> String {
    project::root().join("crates/openapi-workbench/tests/documents/pets.yaml").display().to_string()
}

/// Returns a directory with a file of this text, and the path of that file.
fn directory_with(name: &str, text: &str) -> (TempDir, String) {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join(name);
    fs::write(&path, text).unwrap();
    let path = path.display().to_string();
    (directory, path)
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
    fs::remove_file(root.path().join("crates/authentik-sources-api/src/generated/queries.rs")).unwrap();
    fs::create_dir_all(root.path().join("tests/snapshots")).unwrap();
    fs::write(root.path().join("tests/snapshots/one.snap.new"), "").unwrap();
    insta::assert_snapshot!("check_plain", checked(&root, false));
    insta::assert_snapshot!("check_in_colour", checked(&root, true));
}

#[test]
fn check_of_a_document_that_is_not_valid() {
    let root = workspace();
    edit(&root, DOCUMENT, "openapi: 3.0.3", "openapi: 4.0.0");
    insta::assert_snapshot!(checked(&root, false));
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
    let text = why::run(&project::root(), &arguments, true).text;
    insta::assert_snapshot!(settled(&text).replace('\u{1b}', "<esc>"));
}

#[test]
fn why_names_all_places_of_a_bare_name_and_answers_at_once_if_there_is_one() {
    insta::assert_snapshot!(xtask(&["why", "slug"]));
    // One place, be it referred to by several operations.
    assert_eq!(xtask(&["why", "page_size"]), xtask(&["why", "PageSize"]));
}

#[test]
fn why_knows_the_paths_that_callers_use_and_the_values_of_enumerations() {
    let listing = xtask(&["why", "GET /sources/plex/"]);
    assert!(listing.ends_with("exit code 0\n"), "{listing}");
    for asked in ["GET /api/v3/sources/plex/", "GET /sources/plex", "sources_plex_list"] {
        assert_eq!(xtask(&["why", asked]), listing, "{asked}");
    }
    let values = xtask(&["why", "any"]);
    assert!(values.starts_with("2 places are called `any`; ask for one\n"), "{values}");
    assert!(values.contains("  cargo xtask why PolicyEngineMode.any\n"), "{values}");
}

#[test]
fn why_answers_an_unknown_name_with_the_nearest() {
    insta::assert_snapshot!(xtask(&["why", "PlexSource::mangaed"]));
}

#[test]
fn generate_tells_what_it_did_and_with_check_what_is_to_be_done() {
    let root = workspace();
    insta::assert_snapshot!("generate_fresh", generated(&root, false, false));
    edit(
        &root,
        "crates/authentik-sources-types/src/generated.rs",
        "pub struct PlexSource {",
        "pub struct Mine {",
    );
    fs::remove_file(root.path().join("crates/authentik-sources-api/src/generated/queries.rs")).unwrap();
    let leftover = "crates/authentik-sources-client/src/generated/old.rs";
    fs::write(root.path().join(leftover), "old").unwrap();
    let listed = format!("\"outputs\": {{\"{leftover}\": \"{}\",", String::from(Digest::of(b"old")));
    edit(&root, MANIFEST, "\"outputs\": {", &listed);
    insta::assert_snapshot!("generate_check", generated(&root, true, false));
    insta::assert_snapshot!("generate_after_an_edit", generated(&root, false, false));
    let forced = generate::run(root.path(), &generate::Arguments { check: false, force: true }, false);
    insta::assert_snapshot!("generate_forced", shown(&forced, &root));
}

#[test]
fn generate_shows_where_a_document_is_not_valid() {
    let root = workspace();
    edit(&root, DOCUMENT, "operationId: sources_plex_destroy", "operationId: [sources_plex_list]");
    insta::assert_snapshot!("generate_invalid_plain", generated(&root, false, false));
    insta::assert_snapshot!("generate_invalid_in_colour", generated(&root, false, true));
}

#[test]
fn colour_is_as_the_environment_wants_it() {
    let text = fs::read_to_string(pets()).unwrap();
    let (_changed, changed) = directory_with("changed.yaml", &text.replace("minimum: 1", "minimum: 2"));
    let (_invalid, invalid) = directory_with("invalid.yaml", &text.replace("in: query", "in: nowhere"));
    let shows: [&[&str]; 3] = [
        // To standard output, to standard error, and by clap.
        &["diff", &pets(), &changed],
        &["diff", &pets(), &invalid],
        &["--help"],
    ];
    for arguments in shows {
        let plain = xtask(arguments);
        let forced = xtask_in(&[("CLICOLOR_FORCE", "1")], arguments);
        assert!(forced.contains('\u{1b}'), "no colour in {forced}");
        assert_eq!(anstream::adapter::strip_str(&forced).to_string(), plain);
        // NO_COLOR counts unless it is empty, and before all else.
        assert_eq!(xtask_in(&[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")], arguments), plain);
        assert_eq!(xtask_in(&[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "")], arguments), forced);
    }
}

#[test]
fn a_document_in_another_encoding_is_refused_with_the_place_and_what_to_do() {
    let directory = tempfile::tempdir().unwrap();
    let mut told = String::new();
    for (name, bytes) in [
        ("utf-16.yaml", &b"\xff\xfeo\0p\0e\0n\0"[..]),
        ("latin-1.yaml", b"openapi: 3.0.3\ninfo:\n  title: \xe4\n"),
    ] {
        let path = directory.path().join(name);
        fs::write(&path, bytes).unwrap();
        told += &placed(&xtask(&["diff", &path.display().to_string(), &pets()]), &directory);
    }
    insta::assert_snapshot!(told);
}

#[test]
fn upstream_refuses_to_write_to_a_directory() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().display().to_string();
    let mut told = String::new();
    for force in [&[][..], &["--force"]] {
        told += &upstream(&[&["upstream", "3.2024083.10", "--out", &path], force].concat());
    }
    insta::assert_snapshot!(placed(&told, &directory));
}

#[test]
fn the_version_goes_before_lists_and_the_usage_says_so() {
    insta::assert_snapshot!(upstream(&["upstream", "--operations", "list_pets", "3.2024083.10"]));
}

/// Returns the output of the binary with a document in its cache, so that it needs no network.
fn upstream(arguments: &[&str]) -> String {
    let (cache, _) = directory_with("3.2024083.10.yml", &fs::read_to_string(pets()).unwrap());
    let environment = [("AUTHENTIK_SOURCES_CACHE", cache.path().to_str().unwrap())];
    placed(&xtask_in(&environment, arguments), &cache)
}

#[test]
fn upstream_says_what_is_in_a_release() {
    insta::assert_snapshot!(upstream(&["upstream", "3.2024083.10"]));
}

#[test]
fn upstream_replaces_what_it_wrote_and_what_it_did_not_only_if_told_to() {
    let (directory, mine) = directory_with("mine.yaml", "mine");
    let ours = directory.path().join("ours.yaml").display().to_string();
    let mut told = String::new();
    for (file, options) in [(&ours, &[][..]), (&ours, &[]), (&mine, &[]), (&mine, &["--force"])] {
        let shown = upstream(&[&["upstream", "3.2024083.10", "--out", file], options].concat());
        told += &placed(&shown, &directory);
    }
    let written = fs::read_to_string(&mine).unwrap();
    let head: Vec<&str> = written.lines().take(5).collect();
    told += &head.join("\n");
    insta::assert_snapshot!(told);
}

#[test]
fn upstream_refuses_what_is_no_version() {
    insta::assert_snapshot!(upstream(&["upstream", "newest"]));
}

#[test]
fn upstream_refuses_operations_that_are_not_there() {
    insta::assert_snapshot!(upstream(&["upstream", "3.2024083.10", "--operations", "list_pest"]));
}

#[test]
fn import_refuses_what_is_no_version() {
    insta::assert_snapshot!(upstream(&["import", "newest", "--operations", "list_pets"]));
}

#[test]
fn import_refuses_operations_that_are_not_there() {
    insta::assert_snapshot!(upstream(&["import", "3.2024083.10", "--operations", "list_pest"]));
}

#[test]
fn import_refuses_to_choose_everything() {
    insta::assert_snapshot!(upstream(&["import", "3.2024083.10"]));
}

#[test]
fn help() {
    insta::assert_snapshot!("help", xtask(&["--help"]));
    for command in ["check", "generate", "diff", "why", "upstream", "import"] {
        insta::assert_snapshot!(format!("help_of_{command}"), xtask(&[command, "--help"]));
    }
}

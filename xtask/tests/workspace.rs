//! `generate --out`: a workspace of its own for any document, and what is left alone where it is made.

// Clippy lets tests unwrap; what serves them counts as theirs where it says so.
#![cfg(test)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use openapi_bindings::Document;
use tempfile::TempDir;
use xtask::artefacts::DOCUMENT;
use xtask::generate::{Arguments, Report, run};
use xtask::{Outcome, workspace_root};

fn pets() -> String {
    workspace_root().join("xtask/tests/documents/pets.yaml").display().to_string()
}

/// Generates from the document `spec` into `out`.
fn generate(spec: &str, out: &TempDir) -> Report {
    report(&arguments(spec, out))
}

fn arguments(spec: &str, out: &TempDir) -> Arguments {
    Arguments { spec: Some(spec.to_owned()), out: Some(out.path().to_owned()), ..Arguments::default() }
}

fn report(arguments: &Arguments) -> Report {
    run(&workspace_root(), arguments, false)
}

/// Every file below `directory`, by its path.
fn contents(directory: &Path) -> BTreeMap<PathBuf, String> {
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(contents(&path));
        } else {
            let text = fs::read_to_string(&path).unwrap();
            files.insert(path, text);
        }
    }
    files
}

#[test]
fn a_document_of_someone_else_becomes_a_workspace_of_its_own() {
    let out = tempfile::tempdir().unwrap();
    let made = generate(&pets(), &out);
    assert_eq!(made.outcome, Outcome::Fresh, "{}", made.text);
    let files = contents(out.path());
    for path in [
        "Cargo.toml",
        "Cargo.lock",
        "spec/openapi.yaml",
        "crates/types/src/generated.rs",
        "crates/client/src/lib.rs",
        "crates/api/src/generated/service.rs",
    ] {
        assert!(files.contains_key(&out.path().join(path)), "{path} is not among {:?}", files.keys());
    }
    for (path, text) in &files {
        let path = path.display();
        assert!(text.lines().next().unwrap().contains("@generated"), "{path} has no stamp");
        let text = text.replace(env!("CARGO_PKG_REPOSITORY"), "");
        assert!(!text.contains("authentik_sources") && !text.contains("authentik-sources"), "{path}");
        assert!(!text.contains("#[cfg(test)]"), "{path} has tests of this workspace");
    }
    let again = report(&Arguments { check: true, ..arguments(&pets(), &out) });
    assert_eq!(again.outcome, Outcome::Fresh, "{}", again.text);
}

#[test]
fn a_part_of_a_document_takes_along_what_it_needs_and_leaves_the_rest() {
    let out = tempfile::tempdir().unwrap();
    let part = |operations: &str| Arguments {
        operations: vec![operations.to_owned()],
        out: Some(out.path().to_owned()),
        ..Arguments::default()
    };
    let made = report(&part("sources_plex_*"));
    assert_eq!(made.outcome, Outcome::Fresh, "{}", made.text);
    let types = || fs::read_to_string(out.path().join("crates/types/src/generated.rs")).unwrap();
    assert!(types().contains("pub struct PlexSource ") && !types().contains("GroupOAuthSourceConnection"));

    let made = report(&part("sources_group_*"));
    assert_eq!(made.outcome, Outcome::Fresh, "{}", made.text);
    assert!(!types().contains("pub struct PlexSource ") && types().contains("GroupOAuthSourceConnection"));

    let before = contents(out.path());
    let made = report(&part("no_such_operation"));
    assert_eq!(made.outcome, Outcome::Failure);
    assert!(made.text.contains("no_such_operation"), "{}", made.text);
    assert_eq!(contents(out.path()), before);
}

#[test]
fn what_someone_else_made_is_never_overwritten() {
    let out = tempfile::tempdir().unwrap();
    let mine = out.path().join("README.md");
    fs::write(&mine, "mine").unwrap();
    let refused = generate(&pets(), &out);
    assert_eq!(refused.outcome, Outcome::Failure);
    assert!(refused.text.contains("README.md") && refused.text.contains("help: "), "{}", refused.text);
    assert_eq!(contents(out.path()).into_values().collect::<Vec<_>>(), ["mine"]);

    fs::rename(&mine, out.path().join("NOTES.md")).unwrap();
    assert_eq!(generate(&pets(), &out).outcome, Outcome::Fresh);
    let lock = out.path().join("Cargo.lock");
    fs::write(&lock, "# cargo's own").unwrap();
    assert_eq!(generate(&pets(), &out).outcome, Outcome::Fresh);
    let files = contents(out.path());
    assert_eq!(files[&lock], "# cargo's own");
    assert_eq!(files[&out.path().join("NOTES.md")], "mine");
}

#[test]
fn what_an_earlier_run_made_and_this_one_does_not_is_removed() {
    let out = tempfile::tempdir().unwrap();
    generate(&pets(), &out);
    let made = contents(out.path());
    let stamp = made[&out.path().join("Cargo.toml")].lines().next().unwrap();
    let old = out.path().join("crates/types-of-toys");
    fs::create_dir(&old).unwrap();
    fs::write(old.join("Cargo.toml"), format!("{stamp}\n")).unwrap();
    let again = generate(&pets(), &out);
    assert!(again.text.contains("  Removed crates/types-of-toys/Cargo.toml"), "{}", again.text);
    assert!(!old.exists());
    assert_eq!(contents(out.path()), made);
}

/// A document of three tags that is large enough to be taken apart by them.
fn of_three_tags() -> String {
    let tags = ["Birds", "Cats", "Dogs"];
    let operation = |number: usize| {
        let tag = tags[number % 3];
        format!(
            "  /{tag}/{number}/:
    get:
      operationId: get_{number}
      tags: [{tag}]
      responses:
        '200': {{description: '', content: {{application/json: {{schema: {{$ref: '#/components/schemas/{tag}'}}}}}}}}
"
        )
    };
    let schema = |tag: &str| format!("    {tag}: {{type: object, properties: {{name: {{type: string}}}}}}\n");
    format!(
        "openapi: 3.0.3\ninfo: {{title: Zoo, version: '1'}}\npaths:\n{}components:\n  schemas:\n{}",
        (0..102).map(operation).collect::<String>(),
        tags.map(schema).concat()
    )
}

#[test]
fn when_groups_of_operations_go_all_that_was_made_of_them_goes_and_nothing_of_anyone_else() {
    let out = tempfile::tempdir().unwrap();
    let (directory, zoo) = (tempfile::tempdir().unwrap(), of_three_tags());
    let spec = directory.path().join("zoo.yaml");
    fs::write(&spec, zoo).unwrap();
    let whole = arguments(&spec.display().to_string(), &out);
    let made = report(&whole);
    assert_eq!(made.outcome, Outcome::Fresh, "{}", made.text);
    let crates = out.path().join("crates");
    let modules = crates.join("client/src/generated");
    for path in
        [crates.join("types-cats/Cargo.toml"), crates.join("types-dogs/Cargo.toml"), modules.join("cats.rs")]
    {
        assert!(path.exists(), "{} is not there", path.display());
    }
    // A file without a stamp, one that only speaks of stamps, and both among what was generated.
    let mine = [crates.join("types-dogs/notes.md"), modules.join("mine.rs")];
    for path in &mine {
        fs::write(path, "mine\n// @generated by openapi-bindings\n").unwrap();
    }

    let made = report(&Arguments { tags: vec!["Birds".to_owned()], ..whole });
    assert_eq!(made.outcome, Outcome::Fresh, "{}", made.text);
    assert!(!crates.join("types-cats").exists());
    assert_eq!(contents(&crates.join("types-dogs")).len(), 1);
    assert!(mine.iter().all(|path| path.exists()));
    let fresh = tempfile::tempdir().unwrap();
    let again =
        Arguments { tags: vec!["Birds".to_owned()], ..arguments(&spec.display().to_string(), &fresh) };
    assert_eq!(report(&again).outcome, Outcome::Fresh);
    let made: Vec<_> = contents(fresh.path()).into_values().collect();
    let files = contents(out.path()).into_iter().filter(|(path, _)| !mine.contains(path));
    assert_eq!(files.map(|(_, text)| text).collect::<Vec<_>>(), made, "as if it had been made so at once");
}

/// Runs, in `directory`, the command that its README tells, with the program that was built for this test.
fn run_told(directory: &Path) -> String {
    let readme = fs::read_to_string(directory.join("README.md")).unwrap();
    let command = readme.lines().find_map(|line| line.strip_prefix("$ ")).unwrap();
    let stamp = fs::read_to_string(directory.join("Cargo.toml")).unwrap();
    assert!(stamp.contains(&format!("# To regenerate: {command}\n")), "{stamp}");
    let (_, arguments) = command.split_once(" -- ").unwrap();
    let command = format!("\"$XTASK\" {arguments}");
    let mut shell = Command::new("sh");
    shell.args(["-c", &command]).current_dir(directory).env("XTASK", env!("CARGO_BIN_EXE_xtask"));
    let output = shell.output().unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn the_command_that_a_workspace_tells_is_true_wherever_it_is_and_changes_nothing() {
    let json = tempfile::tempdir().unwrap();
    let pets_as_json = json.path().join("pets.json");
    let document = Document::parse("pets.yaml", &fs::read_to_string(pets()).unwrap()).unwrap();
    fs::write(&pets_as_json, document.value().to_string()).unwrap();
    let own = workspace_root().join(DOCUMENT).display().to_string();
    let part = vec!["sources_plex_*".to_owned()];
    for (spec, name, operations) in [
        (pets(), None, Vec::new()),
        (pets_as_json.display().to_string(), Some("pet-store".to_owned()), Vec::new()),
        (own, Some("plex".to_owned()), part),
    ] {
        let out = tempfile::tempdir().unwrap();
        let made = report(&Arguments { name, operations, ..arguments(&spec, &out) });
        assert_eq!(made.outcome, Outcome::Fresh, "{}", made.text);
        let elsewhere = tempfile::tempdir().unwrap();
        let moved = elsewhere.path().join("moved");
        fs::rename(out.path(), &moved).unwrap();
        let before = contents(&moved);
        for (path, text) in &before {
            for machine in [&workspace_root(), json.path(), out.path()] {
                assert!(
                    !text.contains(machine.to_str().unwrap()),
                    "{} tells of this machine",
                    path.display()
                );
            }
        }
        let told = run_told(&moved);
        assert!(told.starts_with("    Fresh ") && told.ends_with(" generated files are fresh\n"), "{told}");
        assert_eq!(contents(&moved), before);
    }
}

#[test]
fn a_part_and_a_document_in_json_are_kept_as_yaml_in_the_order_they_had() {
    let out = tempfile::tempdir().unwrap();
    let part = Arguments {
        operations: vec!["sources_plex_*".to_owned()],
        out: Some(out.path().to_owned()),
        ..Arguments::default()
    };
    assert_eq!(report(&part).outcome, Outcome::Fresh);
    let text = fs::read_to_string(out.path().join(DOCUMENT)).unwrap();
    let (_, text) = text.split_once("\n\n").unwrap();
    assert!(text.starts_with("openapi: \"3.0.3\"\ninfo:\n  title: "), "{text}");
    let keys = |text: &str| -> Vec<String> {
        let lines = text.lines().filter(|line| line.starts_with("  /sources/plex/"));
        lines.map(str::to_owned).collect()
    };
    let own = fs::read_to_string(workspace_root().join(DOCUMENT)).unwrap();
    assert!(keys(text).len() > 3);
    assert_eq!(keys(text), keys(&own));
}

#[test]
fn other_workspaces_below_the_directory_are_left_alone() {
    let out = tempfile::tempdir().unwrap();
    let within =
        |directory: &str| Arguments { out: Some(out.path().join(directory)), ..arguments(&pets(), &out) };
    for directory in ["pets", "crates/pets"] {
        let made = report(&within(directory));
        assert_eq!(made.outcome, Outcome::Fresh, "{}", made.text);
    }
    let before = contents(out.path());
    for _ in 0..2 {
        let made = generate(&pets(), &out);
        assert_eq!(made.outcome, Outcome::Fresh, "{}", made.text);
        assert!(!made.text.contains("Removed"), "{}", made.text);
    }
    let after = contents(out.path());
    assert!(before.iter().all(|(path, text)| after.get(path) == Some(text)));
}

#[test]
fn the_sources_of_this_workspace_are_no_place_for_another() {
    for directory in ["", "crates", "crates/new", "target/none/../../crates", "target"] {
        let out = workspace_root().join(directory);
        // Only compared, so that a failure of this test harms nothing.
        let refused =
            report(&Arguments { spec: Some(pets()), out: Some(out), check: true, ..Arguments::default() });
        assert_eq!(refused.outcome, Outcome::Failure, "{directory}: {}", refused.text);
        assert!(refused.text.contains("among the sources of this workspace"), "{}", refused.text);
    }
    let below = workspace_root().join("target/none");
    let compared =
        report(&Arguments { spec: Some(pets()), out: Some(below), check: true, ..Arguments::default() });
    assert_eq!(compared.outcome, Outcome::Stale, "{}", compared.text);
}

#[test]
fn a_document_that_is_refused_leaves_nothing_behind() {
    let out = tempfile::tempdir().unwrap();
    let faulty = out.path().join("faulty.yaml");
    let text = fs::read_to_string(pets()).unwrap();
    for (fault, message) in [
        (text.replace("openapi: 3.0.3", "openapi: 3.1.0"), "3.1.0"),
        (text.replace("in: query", "in: cookie"), "cookie"),
        (text.replace("title: Pet Store API", "title: '42'"), "--name"),
        (text[..text.len() / 2].to_owned(), "faulty.yaml:"),
    ] {
        assert_ne!(fault, text);
        fs::write(&faulty, &fault).unwrap();
        let refused = generate(&faulty.display().to_string(), &out);
        assert_eq!(refused.outcome, Outcome::Failure);
        assert!(refused.text.contains(message), "{message} is not in {}", refused.text);
        assert!(refused.text.contains("nothing was changed"), "{}", refused.text);
        assert_eq!(contents(out.path()).into_values().collect::<Vec<_>>(), [fault]);
    }
}

#[test]
fn the_command_that_makes_a_workspace_anew_is_one_that_a_shell_reads() {
    let out = tempfile::tempdir().unwrap();
    let with_globs = Arguments {
        operations: vec!["sources_plex_*".to_owned(), "it's".to_owned()],
        name: Some("plex".to_owned()),
        out: Some(out.path().to_owned()),
        ..Arguments::default()
    };
    let refused = report(&with_globs);
    assert_eq!(refused.outcome, Outcome::Failure);
    let told = r"--name plex --operations 'sources_plex_*' 'it'\''s'";
    assert!(refused.text.contains(told), "{}", refused.text);
}

//! `generate`: what it writes, what it leaves alone, and that it needs nothing but the program.

// Clippy lets tests unwrap; what serves them counts as theirs where it says so.
#![cfg(test)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use openapi_document::Document;
use openapi_workbench::commands::Chosen;
use openapi_workbench::commands::generate::{Arguments, run};
use openapi_workbench::generator::Part;
use openapi_workbench::workspace::{DOCUMENT, RuntimeCrate, vendored_files};
use openapi_workbench::{Outcome, Report, source};
use tempfile::TempDir;

const PETS: &str = include_str!("documents/pets.yaml");

/// Returns the directory of this repository's crates.
fn crates() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

fn pets() -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/documents/pets.yaml").display().to_string()
}

fn arguments(document: &str, out: &Path) -> Arguments {
    Arguments {
        document: document.to_owned(),
        out: out.to_owned(),
        check: false,
        name: None,
        only: Part::ALL.to_vec(),
        chosen: Chosen::default(),
        vendor: false,
        runtime_path: None,
        round_trip: false,
    }
}

fn report(arguments: &Arguments) -> Report {
    run(arguments, &|argument| source::read(argument, false), "openapi-workbench", false)
}

fn generate(arguments: &Arguments) -> Report {
    let report = report(arguments);
    assert_eq!(report.outcome, Outcome::Clean, "{}", report.text);
    report
}

fn chosen(operations: &[&str], tags: &[&str]) -> Chosen {
    let owned = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
    Chosen { operations: owned(operations), tags: owned(tags) }
}

/// Returns every file below `directory` with its text, by its path there.
fn contents(directory: &Path) -> BTreeMap<String, String> {
    fn collect(root: &Path, directory: &Path, files: &mut BTreeMap<String, String>) {
        for entry in fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                collect(root, &path, files);
            } else {
                let name = path.strip_prefix(root).unwrap().display().to_string();
                files.insert(name, fs::read_to_string(&path).unwrap());
            }
        }
    }
    let mut files = BTreeMap::new();
    collect(directory, directory, &mut files);
    files
}

/// Returns the texts of all Rust files of the runtime crates.
fn runtime_sources() -> Vec<String> {
    let sources = RuntimeCrate::ALL
        .iter()
        .flat_map(|runtime| contents(&crates().join(runtime.name).join("src")).into_values());
    sources.collect()
}

#[test]
fn a_workspace_that_depends_on_the_runtime_by_path_has_generated_files_only() {
    let out = tempfile::tempdir().unwrap();
    let arguments = Arguments { runtime_path: Some(crates()), ..arguments(&pets(), out.path()) };
    generate(&arguments);
    let files = contents(out.path());
    for path in [
        "Cargo.toml",
        "README.md",
        DOCUMENT,
        "crates/pet-store-types/src/generated.rs",
        "crates/pet-store-client/src/lib.rs",
        "crates/pet-store-api/src/generated/service.rs",
    ] {
        assert!(files.contains_key(path), "{path} is not among {:?}", files.keys());
    }
    let runtime = runtime_sources();
    assert!(runtime.len() > 50, "the runtime's sources were found");
    for (path, text) in &files {
        assert!(text.lines().next().unwrap().contains("@generated"), "{path} has no stamp");
        let (_, below) = text.split_once("\n\n").unwrap();
        assert!(!runtime.iter().any(|source| source.contains(below)), "{path} is a file of the runtime");
        assert!(
            !path.ends_with("Cargo.toml")
                || path == "Cargo.toml"
                || text.contains("[lib]\ndoctest = false\n")
        );
    }
    // A crate is a table of contents beside what is generated.
    let written = files.iter().filter(|(path, _)| path.ends_with("src/lib.rs"));
    assert!(written.map(|(_, text)| text.lines().count()).max() < Some(16));
    let again = report(&Arguments { check: true, ..arguments });
    assert_eq!(again.outcome, Outcome::Clean, "{}", again.text);
}

#[test]
fn a_workspace_in_this_repository_depends_on_the_runtime_by_path() {
    let target = crates().parent().unwrap().join("target");
    fs::create_dir_all(&target).unwrap();
    let out = tempfile::tempdir_in(target).unwrap();
    generate(&arguments(&pets(), out.path()));
    let files = contents(out.path());
    assert!(!files.keys().any(|path| path.starts_with("vendor/")));
    let manifest = &files["crates/pet-store-types/Cargo.toml"];
    assert!(manifest.contains("openapi-wire = { path = \"../../../../crates/openapi-wire\" }"), "{manifest}");
}

#[test]
fn vendored_crates_equal_the_crates_byte_for_byte() {
    for runtime in RuntimeCrate::ALL {
        let directory = crates().join(runtime.name);
        let vendored = vendored_files(runtime);
        for file in &vendored {
            let path = file.path.strip_prefix(&format!("vendor/{}/", runtime.name)).unwrap();
            let text = fs::read_to_string(directory.join(path)).unwrap();
            assert!(
                file.text == text,
                "{} is not what it was when the program was built; build it again",
                file.path
            );
        }
        let sources = contents(&directory.join("src"));
        let carried = vendored.iter().filter(|file| file.path.contains("/src/")).count();
        assert_eq!(carried, sources.len(), "all sources of {}", runtime.name);
        for path in ["Cargo.toml", "README.md", "LICENSE-MIT", "LICENSE-APACHE"] {
            assert!(
                vendored.iter().any(|file| file.path == format!("vendor/{}/{path}", runtime.name)),
                "{path}"
            );
        }
    }
}

#[test]
fn a_workspace_elsewhere_carries_the_runtime_and_lets_go_of_what_it_no_longer_needs() {
    let out = tempfile::tempdir().unwrap();
    let whole = arguments(&pets(), out.path());
    generate(&whole);
    let vendored = |name: &str| out.path().join("vendor").join(name);
    for runtime in RuntimeCrate::ALL {
        assert!(vendored(runtime.name).join("Cargo.toml").exists(), "{}", runtime.name);
    }
    assert!(fs::read_to_string(out.path().join("Cargo.toml")).unwrap().contains("exclude = [\"vendor\"]"));

    // Edited, old and built files, and one of a user.
    let wire = vendored("openapi-wire");
    fs::write(wire.join("src/patch.rs"), "edited").unwrap();
    fs::write(wire.join("src/old.rs"), "of an older version").unwrap();
    fs::write(wire.join("Cargo.lock"), "").unwrap();
    fs::write(out.path().join("vendor/notes.md"), "mine").unwrap();
    let again = generate(&whole);
    assert!(again.text.contains("  Updated vendor/openapi-wire/src/patch.rs\n"), "{}", again.text);
    assert!(again.text.contains("  Removed vendor/openapi-wire/src/old.rs"), "{}", again.text);
    assert!(wire.join("Cargo.lock").exists());

    generate(&Arguments { only: vec![Part::Client], ..whole.clone() });
    assert!(vendored("openapi-client-runtime").exists() && !vendored("openapi-server-runtime").exists());
    assert!(!out.path().join("crates/pet-store-api").exists());
    generate(&Arguments { runtime_path: Some(crates()), ..whole });
    assert!(!vendored("openapi-client-runtime").exists());
    let left: Vec<String> = contents(&out.path().join("vendor")).into_keys().collect();
    assert_eq!(left, ["notes.md", "openapi-wire/Cargo.lock"]);
}

#[test]
fn a_vendored_crate_of_someone_else_is_not_replaced() {
    let out = tempfile::tempdir().unwrap();
    let mine = out.path().join("vendor/openapi-wire/src");
    fs::create_dir_all(&mine).unwrap();
    fs::write(mine.join("lib.rs"), "mine").unwrap();
    let refused = report(&arguments(&pets(), out.path()));
    assert_eq!(refused.outcome, Outcome::Failure);
    assert!(refused.text.contains("vendor/openapi-wire/src/lib.rs\n  help: "), "{}", refused.text);
    assert_eq!(contents(out.path()).into_values().collect::<Vec<_>>(), ["mine"]);
}

#[test]
fn the_crates_that_are_chosen_come_with_the_types() {
    for (only, packages) in [
        (vec![Part::Types], vec!["types"]),
        (vec![Part::Client], vec!["client", "types"]),
        (vec![Part::Api], vec!["api", "types"]),
        (vec![Part::Api, Part::Types], vec!["api", "types"]),
    ] {
        let out = tempfile::tempdir().unwrap();
        generate(&Arguments { only, ..arguments(&pets(), out.path()) });
        let found = fs::read_dir(out.path().join("crates")).unwrap();
        let mut found: Vec<String> =
            found.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
        found.sort();
        assert_eq!(found, packages.iter().map(|part| format!("pet-store-{part}")).collect::<Vec<_>>());
        let again = run_readme_command(out.path());
        assert!(again.ends_with(" generated files are fresh\n"), "{again}");
    }
}

#[test]
fn a_part_of_a_document_takes_along_what_it_needs_and_leaves_the_rest() {
    let out = tempfile::tempdir().unwrap();
    let part =
        |operations: &str| Arguments { chosen: chosen(&[operations], &[]), ..arguments(&pets(), out.path()) };
    generate(&part("create_pet"));
    let types = || fs::read_to_string(out.path().join("crates/pet-store-types/src/generated.rs")).unwrap();
    assert!(types().contains("pub struct NewPet ") && types().contains("pub struct Problem "));
    generate(&part("list_pets"));
    assert!(!types().contains("pub struct NewPet ") && types().contains("pub struct Pet "));

    let before = contents(out.path());
    let made = report(&part("no_such_operation"));
    assert_eq!(made.outcome, Outcome::Failure);
    assert!(made.text.contains("no_such_operation"), "{}", made.text);
    assert_eq!(contents(out.path()), before);
}

#[test]
fn files_of_someone_else_are_never_overwritten() {
    let out = tempfile::tempdir().unwrap();
    let mine = out.path().join("README.md");
    fs::write(&mine, "mine").unwrap();
    let refused = report(&arguments(&pets(), out.path()));
    assert_eq!(refused.outcome, Outcome::Failure);
    assert!(refused.text.contains("README.md") && refused.text.contains("help: "), "{}", refused.text);
    assert_eq!(contents(out.path()).into_values().collect::<Vec<_>>(), ["mine"]);

    fs::rename(&mine, out.path().join("NOTES.md")).unwrap();
    let own = out.path().join("crates/my-program/src");
    fs::create_dir_all(&own).unwrap();
    fs::write(own.join("main.rs"), "fn main() {}\n").unwrap();
    fs::write(out.path().join("Cargo.lock"), "# cargo's own").unwrap();
    for _ in 0..2 {
        generate(&arguments(&pets(), out.path()));
    }
    let files = contents(out.path());
    assert_eq!(files["Cargo.lock"], "# cargo's own");
    assert_eq!(files["NOTES.md"], "mine");
    assert_eq!(files["crates/my-program/src/main.rs"], "fn main() {}\n");
}

#[test]
fn files_that_an_earlier_run_generated_and_this_one_does_not_are_removed() {
    let out = tempfile::tempdir().unwrap();
    generate(&arguments(&pets(), out.path()));
    let made = contents(out.path());
    let stamp = made["Cargo.toml"].lines().next().unwrap();
    let old = out.path().join("crates/types-of-toys");
    fs::create_dir(&old).unwrap();
    fs::write(old.join("Cargo.toml"), format!("{stamp}\n")).unwrap();
    let again = generate(&arguments(&pets(), out.path()));
    assert!(again.text.contains("  Removed crates/types-of-toys/Cargo.toml"), "{}", again.text);
    assert!(!old.exists());
    assert_eq!(contents(out.path()), made);
}

/// Returns a document of three tags that is large enough to be taken apart by them.
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
fn a_crate_of_a_group_of_operations_goes_with_the_group_and_files_of_the_user_stay() {
    let out = tempfile::tempdir().unwrap();
    let directory = tempfile::tempdir().unwrap();
    let zoo = directory.path().join("zoo.yaml");
    fs::write(&zoo, of_three_tags()).unwrap();
    let zoo = zoo.display().to_string();
    let whole = arguments(&zoo, out.path());
    generate(&whole);
    let crates = out.path().join("crates");
    let modules = crates.join("zoo-client/src/generated");
    for path in [
        crates.join("zoo-types-cats/Cargo.toml"),
        crates.join("zoo-types-dogs/Cargo.toml"),
        modules.join("cats.rs"),
    ] {
        assert!(path.exists(), "{} is not there", path.display());
    }
    let root = fs::read_to_string(crates.join("zoo-types-cats/src/lib.rs")).unwrap();
    assert!(
        root.contains("pub use generated::builder;\n"),
        "its builders are its own, not those of the base: {root}"
    );
    // A file without a stamp, and one that only speaks of stamps, both among generated files.
    let mine = [crates.join("zoo-types-dogs/notes.md"), modules.join("mine.rs")];
    for path in &mine {
        fs::write(path, "mine\n// @generated by openapi-bindings\n").unwrap();
    }
    let birds = chosen(&[], &["Birds"]);
    generate(&Arguments { chosen: birds.clone(), ..whole });
    assert!(!crates.join("zoo-types-cats").exists());
    assert_eq!(contents(&crates.join("zoo-types-dogs")).len(), 1);
    for path in &mine {
        fs::remove_file(path).unwrap();
    }
    let fresh = tempfile::tempdir().unwrap();
    generate(&Arguments { chosen: birds, ..arguments(&zoo, fresh.path()) });
    assert_eq!(contents(out.path()), contents(fresh.path()), "as if it had been generated at once");
}

/// Runs, in `directory`, the command that its README shows, with the program that was built for this test.
fn run_readme_command(directory: &Path) -> String {
    let readme = fs::read_to_string(directory.join("README.md")).unwrap();
    let command = readme.lines().find_map(|line| line.strip_prefix("$ ")).unwrap();
    let stamp = fs::read_to_string(directory.join("Cargo.toml")).unwrap();
    assert!(stamp.contains(&format!("# To regenerate: {command}\n")), "{stamp}");
    let arguments = command.strip_prefix("openapi-workbench ").unwrap();
    let mut shell = Command::new("sh");
    let program = env!("CARGO_BIN_EXE_openapi-workbench");
    shell.args(["-c", &format!("\"$PROGRAM\" {arguments}")]).current_dir(directory).env("PROGRAM", program);
    let output = shell.output().unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn the_command_in_the_readme_changes_nothing_wherever_the_workspace_is() {
    let json = tempfile::tempdir().unwrap();
    let pets_as_json = json.path().join("pets.json");
    let document = Document::parse("pets.yaml", PETS).unwrap();
    fs::write(&pets_as_json, document.written().to_string()).unwrap();
    for (document, name, operations) in [
        (pets(), None, &[][..]),
        (pets_as_json.display().to_string(), Some("pets"), &[]),
        (pets(), Some("part"), &["list_pets"]),
    ] {
        let out = tempfile::tempdir().unwrap();
        let name = name.map(str::to_owned);
        let arguments =
            Arguments { name, chosen: chosen(operations, &[]), ..arguments(&document, out.path()) };
        generate(&arguments);
        let elsewhere = tempfile::tempdir().unwrap();
        let moved = elsewhere.path().join("moved");
        fs::rename(out.path(), &moved).unwrap();
        let before = contents(&moved);
        for (path, text) in &before {
            for machine in [crates().as_path(), json.path(), out.path()] {
                assert!(!text.contains(machine.to_str().unwrap()), "{path} tells of this machine");
            }
        }
        let text = run_readme_command(&moved);
        assert!(text.starts_with("    Fresh ") && text.ends_with(" generated files are fresh\n"), "{text}");
        assert_eq!(contents(&moved), before);
    }
}

#[test]
fn a_part_and_a_document_in_json_are_kept_as_yaml() {
    let out = tempfile::tempdir().unwrap();
    generate(&Arguments { chosen: chosen(&["get_pet"], &[]), ..arguments(&pets(), out.path()) });
    let text = fs::read_to_string(out.path().join(DOCUMENT)).unwrap();
    let (_, text) = text.split_once("\n\n").unwrap();
    assert!(text.starts_with("openapi: \"3.0.3\"\ninfo:\n  title: Pet Store API\n"), "{text}");
}

#[test]
fn other_workspaces_below_the_directory_are_left_alone() {
    let out = tempfile::tempdir().unwrap();
    for directory in ["pets", "crates/pets"] {
        generate(&arguments(&pets(), &out.path().join(directory)));
    }
    let before = contents(out.path());
    for _ in 0..2 {
        let made = generate(&arguments(&pets(), out.path()));
        assert!(!made.text.contains("Removed"), "{}", made.text);
    }
    let after = contents(out.path());
    assert!(before.iter().all(|(path, text)| after.get(path) == Some(text)));
}

#[test]
fn a_document_that_is_refused_leaves_nothing_behind() {
    let out = tempfile::tempdir().unwrap();
    let faulty = out.path().join("faulty.yaml");
    let with_query = PETS.replace("openapi: 3.0.3", "openapi: 3.2.0").replacen("    get:", "    query:", 1);
    let with_query = with_query.replace(", exclusiveMinimum: true", "");
    for (fault, message) in [
        (PETS.replace("openapi: 3.0.3", "openapi: 4.0.0"), "4.0.0"),
        (with_query, "method QUERY"),
        (PETS.replace("title: Pet Store API", "title: '42'"), "--name"),
        (PETS[..PETS.len() / 2].to_owned(), "faulty.yaml:"),
    ] {
        assert_ne!(fault, PETS);
        fs::write(&faulty, &fault).unwrap();
        let refused = report(&arguments(&faulty.display().to_string(), out.path()));
        assert_eq!(refused.outcome, Outcome::Failure);
        assert!(refused.text.contains(message), "{message} is not in {}", refused.text);
        assert!(refused.text.contains("nothing was written"), "{}", refused.text);
        assert_eq!(contents(out.path()).into_values().collect::<Vec<_>>(), [fault]);
    }
}

#[test]
fn a_command_in_a_message_is_one_that_a_shell_reads() {
    let out = tempfile::tempdir().unwrap();
    let refused = report(&Arguments {
        chosen: chosen(&["toys_*", "it's"], &[]),
        name: Some("toys".to_owned()),
        only: vec![Part::Client],
        vendor: true,
        ..arguments(&pets(), out.path())
    });
    assert_eq!(refused.outcome, Outcome::Failure);
    let command = r"--name toys --only client --operations 'toys_*' 'it'\''s' --vendor";
    assert!(refused.text.contains(command), "{}", refused.text);
}

#[test]
fn a_round_trip_calls_and_serves_every_operation_and_is_for_workspaces_beside_its_crate() {
    let target = crates().parent().unwrap().join("target");
    fs::create_dir_all(&target).unwrap();
    let out = tempfile::tempdir_in(target).unwrap();
    let arguments = Arguments { round_trip: true, ..arguments(&pets(), out.path()) };
    generate(&arguments);
    let files = contents(out.path());
    let manifest = &files["crates/pet-store-round-trip/Cargo.toml"];
    let dependency = "openapi-round-trip = { path = \"../../../../crates/openapi-round-trip\" }";
    assert!(manifest.contains(dependency), "{manifest}");
    let flat = |name: &str| {
        let text = &files[&format!("crates/pet-store-round-trip/src/{name}.rs")];
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let (calls, service) = (flat("generated/calls"), flat("generated/service"));
    let operations = files["spec/openapi.yaml"].matches("operationId: ").count();
    assert_eq!(flat("generated/operations").matches("Operation { id: ").count(), operations);
    assert_eq!(calls.matches("pub(super) async fn ").count(), operations);
    for piece in [
        "sent.parameter::<::std::num::NonZeroU64>(\"query limit\")? { call = call.limit(value); }",
        "sent.body::<types::NewPet>()? { call = call.body(body); }",
    ] {
        assert!(calls.contains(piece), "{piece}\nin {calls}");
    }
    for piece in [
        "received.parameter(\"query limit\", &query.limit);",
        "404 => Err(pet_store_api::GetPetError::NotFound(self.answer()?)),",
    ] {
        assert!(service.contains(piece), "{piece}\nin {service}");
    }
    assert!(flat("main").contains("use pet_store_api::{Server, Service};"));

    let client = report(&Arguments { only: vec![Part::Client], ..arguments.clone() });
    assert!(client.text.contains("a round trip needs all crates"), "{}", client.text);
    let elsewhere = tempfile::tempdir().unwrap();
    let elsewhere = report(&Arguments { out: elsewhere.path().join("pets"), ..arguments });
    assert!(elsewhere.text.contains("there is no crate openapi-round-trip around"), "{}", elsewhere.text);
}

#[test]
fn a_directory_without_the_runtime_is_refused() {
    let out = tempfile::tempdir().unwrap();
    let refused = report(&Arguments {
        runtime_path: Some(out.path().to_owned()),
        ..arguments(&pets(), &out.path().join("pets"))
    });
    assert_eq!(refused.outcome, Outcome::Failure);
    assert!(refused.text.contains("has no crate openapi-wire\n  help: "), "{}", refused.text);
}

/// A document whose title and version try to be markup, manifest and code.
const HOSTILE: &str = r#"{"openapi": "3.0.3", "paths": {}, "info": {
    "title": "x\"\n[dependencies]\nevil = \"1\"\n```rust\npanic!()\n```\n<script>{{command}}</script> [a](javascript:b) \u202e",
    "version": "1 `` ` \\ \u0000 --> # heading"}}"#;

#[test]
fn a_title_is_inert_wherever_it_goes() {
    let out: TempDir = tempfile::tempdir().unwrap();
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("hostile.json");
    fs::write(&path, HOSTILE).unwrap();
    let name = Some("hostile".to_owned());
    generate(&Arguments { name, ..arguments(&path.display().to_string(), out.path()) });
    for (path, text) in contents(out.path()).into_iter().filter(|(path, _)| !path.starts_with("vendor/")) {
        if path.ends_with("Cargo.toml") {
            assert!(!text.lines().any(|line| line.starts_with("evil")), "{path}: {text}");
            assert!(!text.chars().any(|letter| letter.is_control() && letter != '\n'), "{path}: {text}");
        }
        if path.ends_with("README.md") {
            for markup in ["<script>", "\n```rust\npanic", "[a](", "\u{202e}", "\n# heading"] {
                assert!(!text.contains(markup), "{path}: {text}");
            }
        }
    }
}

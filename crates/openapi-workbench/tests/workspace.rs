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
use openapi_workbench::disk::{Digest, MANIFEST};
use openapi_workbench::generator::Part;
use openapi_workbench::workspace::{DOCUMENT, RuntimeCrate, vendored_files};
use openapi_workbench::{Outcome, Report};
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
        force: false,
        name: None,
        only: Part::ALL.to_vec(),
        chosen: Chosen::default(),
        skip_invalid: false,
        vendor: false,
        runtime_path: None,
        round_trip: false,
    }
}

fn report(arguments: &Arguments) -> Report {
    run(arguments, "openapi-workbench", false)
}

fn generate(arguments: &Arguments) -> Report {
    let report = report(arguments);
    assert_eq!(report.outcome, Outcome::Clean, "{}", report.text);
    report
}

fn chosen(operations: &[&str], tags: &[&str]) -> Chosen {
    let owned = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
    Chosen { operations: owned(operations), tags: owned(tags), except: Vec::new() }
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
    // The document is for people to edit.
    for (path, text) in files.iter().filter(|(path, _)| *path != DOCUMENT) {
        assert!(text.lines().take(2).any(|line| line.contains("@generated")), "{path} has no note");
        let (_, below) = text.split_once("\n\n").unwrap_or(("", text));
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

    // An edited file, a built one, and two of a user, one of which is a copy of a generated one.
    let wire = vendored("openapi-wire");
    fs::write(wire.join("src/patch.rs"), "edited").unwrap();
    fs::write(wire.join("Cargo.lock"), "").unwrap();
    fs::write(out.path().join("vendor/notes.md"), "mine").unwrap();
    fs::copy(out.path().join("vendor/README.md"), out.path().join("vendor/copy.md")).unwrap();
    let refused = report(&whole);
    assert_eq!(refused.outcome, Outcome::Failure);
    assert!(
        refused.text.contains("that were edited:\n  vendor/openapi-wire/src/patch.rs\n"),
        "{}",
        refused.text
    );
    let again = generate(&Arguments { force: true, ..whole.clone() });
    assert!(again.text.contains(" Replaced vendor/openapi-wire/src/patch.rs: edited\n"), "{}", again.text);
    assert!(wire.join("Cargo.lock").exists());

    generate(&Arguments { only: vec![Part::Client], ..whole.clone() });
    assert!(vendored("openapi-client-runtime").exists() && !vendored("openapi-server-runtime").exists());
    assert!(!out.path().join("crates/pet-store-api").exists());
    generate(&Arguments { runtime_path: Some(crates()), ..whole });
    assert!(!vendored("openapi-client-runtime").exists());
    let left: Vec<String> = contents(&out.path().join("vendor")).into_keys().collect();
    assert_eq!(left, ["copy.md", "notes.md", "openapi-wire/Cargo.lock"]);
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
        let again = run_readme_command(out.path(), "");
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
fn only_what_the_manifest_lists_is_removed() {
    let out = tempfile::tempdir().unwrap();
    generate(&arguments(&pets(), out.path()));
    let made = contents(out.path());
    // A copy of a generated crate is the user's.
    let copied = out.path().join("crates/copy");
    fs::create_dir(&copied).unwrap();
    fs::copy(out.path().join("crates/pet-store-api/Cargo.toml"), copied.join("Cargo.toml")).unwrap();
    // A file that an earlier version generated, and nothing generates any more.
    let old = "# @generated by an earlier version\n";
    let listed =
        format!("\n    \"crates/old/Cargo.toml\": \"{}\",", String::from(Digest::of(old.as_bytes())));
    let manifest = made[MANIFEST].replacen("\"outputs\": {", &format!("\"outputs\": {{{listed}"), 1);
    fs::create_dir(out.path().join("crates/old")).unwrap();
    for (text, is_removed) in [("edited", false), (old, true)] {
        fs::write(out.path().join(MANIFEST), &manifest).unwrap();
        fs::write(out.path().join("crates/old/Cargo.toml"), text).unwrap();
        let again = report(&Arguments { only: vec![Part::Client], ..arguments(&pets(), out.path()) });
        let line = if is_removed {
            "  Removed crates/old/Cargo.toml: "
        } else {
            "that were edited:\n  crates/old/Cargo.toml\n"
        };
        assert!(again.text.contains(line), "{}", again.text);
        assert_eq!(out.path().join("crates/old").exists(), !is_removed);
        assert_eq!(out.path().join("crates/pet-store-api").exists(), !is_removed);
    }
    assert!(copied.join("Cargo.toml").exists());
}

#[test]
fn a_run_without_a_change_neither_reads_the_document_as_one_nor_writes_a_file() {
    let out = tempfile::tempdir().unwrap();
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("pets.yaml");
    fs::write(&path, PETS).unwrap();
    let arguments = arguments(&path.display().to_string(), out.path());
    let made = generate(&arguments);
    // The manifest is told that the outputs came from this text, which is no document.
    fs::write(&path, "no document").unwrap();
    let manifest = fs::read_to_string(out.path().join(MANIFEST)).unwrap();
    let digest = |text: &str| format!("\"document\": \"{}\"", String::from(Digest::of(text.as_bytes())));
    assert!(manifest.contains(&digest(PETS)), "{manifest}");
    let told = manifest.replace(&digest(PETS), &digest("no document"));
    fs::write(out.path().join(MANIFEST), &told).unwrap();
    let before = contents(out.path());
    let again = generate(&arguments);
    assert_eq!(again.text.matches("    Fresh ").count(), made.text.matches("  Created ").count());
    assert_eq!(contents(out.path()), before);
    // A check generates in any case, and so does every run after a change: of an option, of an output, of the generator.
    assert_eq!(report(&Arguments { check: true, ..arguments.clone() }).outcome, Outcome::Failure);
    assert_eq!(report(&Arguments { force: true, ..arguments.clone() }).outcome, Outcome::Failure);
    assert_eq!(report(&Arguments { vendor: true, ..arguments.clone() }).outcome, Outcome::Failure);
    let sources = told.lines().find(|line| line.contains("\"sources\": ")).unwrap();
    fs::write(out.path().join(MANIFEST), told.replace(sources, "\"sources\": \"others\",")).unwrap();
    assert_eq!(report(&arguments).outcome, Outcome::Failure);
    fs::write(out.path().join(MANIFEST), told).unwrap();
    fs::remove_file(out.path().join("README.md")).unwrap();
    assert_eq!(report(&arguments).outcome, Outcome::Failure);
}

#[test]
fn files_that_the_document_refers_to_are_inputs_and_the_document_is_kept_whole() {
    let out = tempfile::tempdir().unwrap();
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("pets.yaml");
    let document = "openapi: 3.0.3
info: {title: Pets, version: '1'}
paths:
  /pets/:
    get:
      operationId: list_pets
      responses:
        '200':
          description: All
          content: {application/json: {schema: {$ref: 'schemas/pet.yaml#/Pet'}}}
";
    let pet = "Pet: {type: object, properties: {name: {type: string}}}\n";
    fs::create_dir(directory.path().join("schemas")).unwrap();
    fs::write(&path, document).unwrap();
    fs::write(directory.path().join("schemas/pet.yaml"), pet).unwrap();
    let arguments = arguments(&path.display().to_string(), out.path());
    generate(&arguments);
    let manifest = fs::read_to_string(out.path().join(MANIFEST)).unwrap();
    let listed = format!("\"schemas/pet.yaml\": \"{}\"", String::from(Digest::of(pet.as_bytes())));
    assert!(manifest.contains(&listed), "{manifest}");
    assert!(!generate(&arguments).text.contains("Updated"));
    fs::write(directory.path().join("schemas/pet.yaml"), pet.replace("name", "called")).unwrap();
    let again = generate(&arguments);
    assert!(again.text.contains("  Updated crates/pets-types/src/generated.rs\n"), "{}", again.text);
    run_readme_command(out.path(), "--check");
}

#[test]
fn a_manifest_that_leads_out_of_the_directory_is_refused() {
    let around = tempfile::tempdir().unwrap();
    let out = around.path().join("pets");
    generate(&arguments(&pets(), &out));
    fs::write(around.path().join("mine"), "mine").unwrap();
    let mine = String::from(Digest::of(b"mine"));
    let manifest = fs::read_to_string(out.join(MANIFEST)).unwrap();
    let outside = format!("\"outputs\": {{\n    \"../mine\": \"{mine}\",");
    fs::write(out.join(MANIFEST), manifest.replacen("\"outputs\": {", &outside, 1)).unwrap();
    let refused = report(&Arguments { force: true, ..arguments(&pets(), &out) });
    assert_eq!(refused.outcome, Outcome::Failure);
    assert!(refused.text.contains("\"../mine\" is not the path of a file"), "{}", refused.text);
    assert!(around.path().join("mine").exists());
}

#[test]
fn an_edited_operation_changes_only_the_files_that_differ() {
    let out = tempfile::tempdir().unwrap();
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("zoo.yaml");
    fs::write(&path, of_three_tags()).unwrap();
    let arguments = arguments(&path.display().to_string(), out.path());
    generate(&arguments);
    let before = contents(out.path());
    let long_ago = std::time::SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1_000_000);
    for path in before.keys() {
        let file = fs::File::options().write(true).open(out.path().join(path)).unwrap();
        file.set_modified(long_ago).unwrap();
    }
    let one = "      operationId: get_1\n";
    let edited = of_three_tags().replacen(one, &format!("{one}      summary: Find the first cat\n"), 1);
    fs::write(&path, edited).unwrap();
    generate(&arguments);
    let after = contents(out.path());
    let changed: Vec<&str> = after
        .iter()
        .filter(|(path, text)| before.get(*path) != Some(text))
        .map(|(path, _)| path.as_str())
        .collect();
    // Besides the files of the tag, there are the two tables of all operations and the list of the client's methods.
    let tables =
        ["api/src/generated/operations.rs", "api/src/generated/service.rs", "client/src/generated.rs"];
    let tables = tables.map(|path| format!("crates/zoo-{path}"));
    for path in &changed {
        let is_expected = path.ends_with("/tag_cats.rs")
            || tables.iter().any(|table| table == path)
            || [MANIFEST, DOCUMENT].contains(path);
        assert!(is_expected, "{path} changed, of {changed:?}");
    }
    assert!(changed.len() > 3 && changed.len() < 10, "{changed:?}");
    for path in after.keys() {
        let modified = fs::metadata(out.path().join(path)).unwrap().modified().unwrap();
        assert_eq!(modified == long_ago, !changed.contains(&path.as_str()), "{path}");
    }
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
        modules.join("tag_cats.rs"),
    ] {
        assert!(path.exists(), "{} is not there", path.display());
    }
    let root = fs::read_to_string(crates.join("zoo-types-cats/src/lib.rs")).unwrap();
    assert!(
        root.contains("pub use generated::builder;\n"),
        "its builders are its own, not those of the base: {root}"
    );
    // Files that look like generated ones, among these.
    let mine = [crates.join("zoo-types-dogs/notes.md"), modules.join("mine.rs")];
    for path in &mine {
        fs::write(path, "// @generated by openapi-bindings; do not edit.\n").unwrap();
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

/// Runs, in `directory`, the command that its README shows, with one more option and the program that was built for this
/// test.
fn run_readme_command(directory: &Path, option: &str) -> String {
    let readme = fs::read_to_string(directory.join("README.md")).unwrap();
    let command = readme.lines().find_map(|line| line.strip_prefix("$ ")).unwrap();
    let manifest = fs::read_to_string(directory.join(MANIFEST)).unwrap();
    assert!(manifest.contains(&format!("\"command\": \"{command}\"")), "{manifest}");
    let arguments = command.strip_prefix("openapi-workbench ").unwrap();
    let mut shell = Command::new("sh");
    let program = env!("CARGO_BIN_EXE_openapi-workbench");
    shell
        .args(["-c", &format!("\"$PROGRAM\" {arguments} {option}")])
        .current_dir(directory)
        .env("PROGRAM", program);
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
        let text = run_readme_command(&moved, "--check");
        assert!(text.starts_with("    Fresh ") && text.ends_with(" generated files are fresh\n"), "{text}");
        assert_eq!(contents(&moved), before);
        // The manifest notes what was generated from, which is the kept document now.
        let text = run_readme_command(&moved, "");
        let but_manifest = |files: &BTreeMap<String, String>| {
            files
                .iter()
                .filter(|(path, _)| *path != MANIFEST)
                .map(|(_, text)| text.clone())
                .collect::<Vec<_>>()
        };
        let after = contents(&moved);
        assert_eq!(but_manifest(&after), but_manifest(&before), "{text}");
        let is_kept_as_it_was = before[DOCUMENT] == PETS;
        assert_eq!(after[MANIFEST] == before[MANIFEST], is_kept_as_it_was);
        let text = run_readme_command(&moved, "");
        assert!(text.starts_with("    Fresh ") && text.ends_with(" generated files are fresh\n"), "{text}");
        assert_eq!(contents(&moved), after);
    }
}

#[test]
fn the_kept_document_is_edited_and_generated_from_and_no_byte_of_it_changes() {
    let out = tempfile::tempdir().unwrap();
    generate(&arguments(&pets(), out.path()));
    let kept = out.path().join(DOCUMENT);
    assert_eq!(fs::read_to_string(&kept).unwrap(), PETS);
    // As an editor may save it: with a mark of the encoding.
    let edited =
        format!("\u{feff}# edited\n{}", PETS.replacen("title: Pet Store API", "title: Pet Store APIs", 1));
    fs::write(&kept, &edited).unwrap();
    let again = generate(&Arguments {
        name: Some("pet-store".to_owned()),
        ..arguments(&kept.display().to_string(), out.path())
    });
    assert!(again.text.contains("  Updated README.md\n"), "{}", again.text);
    assert_eq!(fs::read_to_string(&kept).unwrap(), edited);
    // What a part would cut away is no loss that goes unnoticed.
    fs::write(&kept, edited.replacen("# edited", "# again", 1)).unwrap();
    let part = Arguments {
        chosen: chosen(&["list_pets"], &[]),
        ..arguments(&kept.display().to_string(), out.path())
    };
    let refused = report(&part);
    assert!(refused.text.contains(&format!("that were edited:\n  {DOCUMENT}\n")), "{}", refused.text);
}

#[test]
fn a_part_and_a_document_in_json_are_kept_as_yaml() {
    let out = tempfile::tempdir().unwrap();
    generate(&Arguments { chosen: chosen(&["get_pet"], &[]), ..arguments(&pets(), out.path()) });
    let text = fs::read_to_string(out.path().join(DOCUMENT)).unwrap();
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

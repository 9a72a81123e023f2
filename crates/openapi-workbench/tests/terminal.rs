//! Checks the output of the program by snapshots: both streams and the exit code.

// Clippy lets tests unwrap; what serves them counts as theirs where it says so.
#![cfg(test)]

use std::fs;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

const PETS: &str = include_str!("documents/pets.yaml");

/// Returns a directory outside of any checkout, with the document `pets.yaml`.
fn directory() -> TempDir {
    let directory = tempfile::tempdir().unwrap();
    fs::write(directory.path().join("pets.yaml"), PETS).unwrap();
    directory
}

/// Returns the program's standard output and standard error when neither is a terminal, and its exit code.
fn run_in(directory: &Path, arguments: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_openapi-workbench"));
    for variable in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE"] {
        command.env_remove(variable);
    }
    let output = command.args(arguments).current_dir(directory).env("COLUMNS", "100").output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    let (stdout, stderr) = (text(output.stdout), text(output.stderr));
    assert!(!stdout.contains('\u{1b}') && !stderr.contains('\u{1b}'), "colour without a terminal");
    let code = output.status.code().unwrap();
    format!("{stdout}--- standard error\n{stderr}--- exit code {code}\n")
}

fn run(arguments: &[&str]) -> String {
    run_in(directory().path(), arguments)
}

/// Removes the numbers of lines of generated files, which change with the generators.
fn without_lines(text: &str) -> String {
    let lines = text.lines().map(|line| match line.rsplit_once(".rs:") {
        Some((before, number)) if number.parse::<u32>().is_ok() => format!("{before}.rs:<line>\n"),
        _ => format!("{line}\n"),
    });
    lines.collect()
}

#[test]
fn generate_refuses_operations_that_are_not_there() {
    insta::assert_snapshot!(run(&[
        "generate",
        "pets.yaml",
        "--out",
        "pets",
        "--operations",
        "list_pest",
        "get_*"
    ]));
}

#[test]
fn generate_refuses_to_write_over_a_file() {
    let directory = directory();
    fs::create_dir(directory.path().join("pets")).unwrap();
    fs::write(directory.path().join("pets/README.md"), "mine").unwrap();
    let mut told = run_in(directory.path(), &["generate", "pets.yaml", "--out", "pets"]);
    told += &run_in(directory.path(), &["generate", "pets.yaml", "--out", "pets.yaml"]);
    insta::assert_snapshot!(told);
}

/// A document at which the generators underneath stop with a panic.
const ODD: &str = "\
openapi: 3.0.3
info: {title: Odd, version: '1'}
paths: {}
components:
  schemas:
    Odd:
      type: string
      not: {enum: [a, b], minLength: 3}
";

#[test]
fn generate_shows_a_panic_of_the_generators_as_an_error_and_as_nothing_else() {
    let directory = directory();
    fs::write(directory.path().join("odd.yaml"), ODD).unwrap();
    let stopped = run_in(directory.path(), &["generate", "odd.yaml", "--out", "odd"]);
    assert!(!stopped.contains("panicked"), "{stopped}");
    insta::assert_snapshot!(stopped);
}

#[test]
fn lint_names_each_finding_with_its_place_and_what_to_do() {
    let directory = directory();
    let document = PETS.replacen("default: <", "default: large", 1);
    assert_ne!(document, PETS);
    fs::write(directory.path().join("pets.yaml"), document).unwrap();
    insta::assert_snapshot!(run_in(directory.path(), &["lint", "pets.yaml", "--rules", "fits", "shared"]));
}

#[test]
fn annotations_name_the_file_that_they_are_about() {
    let directory = directory();
    let spec = directory.path().join("spec");
    fs::create_dir(&spec).unwrap();
    fs::write(
        spec.join("pets.yaml"),
        PETS.replacen("schemas:", "schemas:\n    Other: {$ref: 'other.yaml'}", 1),
    )
    .unwrap();
    fs::write(spec.join("other.yaml"), "type: object\nproperties: {a: {nullabel: true}}\n").unwrap();
    let told =
        run_in(directory.path(), &["lint", "spec/pets.yaml", "--rules", "misspelt", "--format", "github"]);
    assert!(told.contains("::warning file=spec/other.yaml,line=2,col=28,title=misspelt::"), "{told}");
}

#[test]
fn lint_of_a_document_without_findings() {
    assert_eq!(
        run(&["lint", "pets.yaml", "--rules", "fits"]),
        "pets.yaml: no findings\n--- standard error\n--- exit code 0\n"
    );
}

#[test]
fn lint_of_a_document_that_is_not_valid() {
    let directory = directory();
    fs::write(directory.path().join("pets.yaml"), PETS.replacen("in: query", "in: nowhere", 1)).unwrap();
    let told = run_in(directory.path(), &["lint", "pets.yaml"]);
    assert!(told.contains("--- standard error\nerror: ") && told.contains("pets.yaml:"), "{told}");
    assert!(told.ends_with("--- exit code 2\n"), "{told}");
}

#[test]
fn why_answers_about_any_document() {
    insta::assert_snapshot!(without_lines(&run(&["why", "pets.yaml", "Pet.name"])));
    let unknown = run(&["why", "pets.yaml", "Pet.nmae"]);
    assert!(unknown.contains("did you mean") && unknown.ends_with("--- exit code 2\n"), "{unknown}");
}

#[test]
fn a_slice_is_printed_or_written_and_only_its_own_file_is_replaced() {
    let directory = directory();
    let run = |arguments: &[&str]| run_in(directory.path(), arguments);
    let printed = run(&["slice", "pets.yaml", "--operations", "list_pets"]);
    assert!(printed.starts_with("openapi: ") && printed.contains("operationId: list_pets\n"), "{printed}");
    let mut told = String::new();
    for _ in 0..2 {
        told += &run(&["slice", "pets.yaml", "--operations", "list_pets", "--out", "part.yaml"]);
    }
    told += &run(&["slice", "pets.yaml", "--operations", "list_pets", "--out", "pets.yaml"]);
    told += &run(&["slice", "pets.yaml", "--operations", "list_pest"]);
    insta::assert_snapshot!(told);
    let written = fs::read_to_string(directory.path().join("part.yaml")).unwrap();
    let (head, slice) = written.split_once("\n\n").unwrap();
    assert_eq!(
        head,
        "# To regenerate: openapi-workbench slice pets.yaml --operations list_pets --out part.yaml --force"
    );
    assert_eq!(printed, format!("{slice}--- standard error\n--- exit code 0\n"));
    assert_eq!(fs::read_to_string(directory.path().join("pets.yaml")).unwrap(), PETS);
}

#[test]
fn a_document_is_a_file_or_a_revision_of_one() {
    let directory = directory();
    let git = |arguments: &[&str]| {
        let identity = ["-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false"];
        let status =
            Command::new("git").arg("-C").arg(directory.path()).args(identity).args(arguments).status();
        assert!(status.unwrap().success(), "{arguments:?}");
    };
    git(&["init", "--quiet"]);
    git(&["add", "."]);
    git(&["commit", "--quiet", "-m", "one"]);
    fs::write(directory.path().join("pets.yaml"), PETS.replacen("minimum: 1", "minimum: 2", 1)).unwrap();
    let told = run_in(directory.path(), &["diff", "git:HEAD:pets.yaml", "pets.yaml"]);
    assert!(told.contains("git:HEAD:pets.yaml -> pets.yaml: 1 breaking"), "{told}");
    assert!(told.ends_with("--- exit code 1\n"), "{told}");
    for unknown in ["git:HEAD", "git:HEAD:none.yaml", "git:none:pets.yaml", "git:--output=x:y", "none.yaml"] {
        let told = run_in(directory.path(), &["diff", unknown, "pets.yaml"]);
        assert!(told.contains("help: ") && told.ends_with("--- exit code 2\n"), "{told}");
    }
}

#[test]
fn serving_a_document_tells_what_has_state() {
    let directory = directory();
    let told = run_in(directory.path(), &["serve", "pets.yaml", "--list"]);
    assert!(told.contains("GET     /pets ") && told.contains(" list /pets\n"), "{told}");
    let overlay = "{overlay: 1.0.0, actions: [{target: \"$.paths['/cats']\", remove: true}]}";
    fs::write(directory.path().join("o.yaml"), overlay).unwrap();
    let told = run_in(directory.path(), &["serve", "pets.yaml", "--overlay", "o.yaml", "--list"]);
    assert!(told.contains("matches nothing in the document") && told.contains("o.yaml:1:"), "{told}");
    assert!(told.ends_with("--- exit code 2\n"), "{told}");
}

#[cfg(unix)]
#[test]
fn a_server_reads_its_file_tells_that_it_is_ready_and_what_was_not_called() {
    let directory = directory();
    let file = "listen = \"localhost:0\"\nready-file = \"ready\"\nmin-coverage = 50\n";
    std::fs::write(directory.path().join("serve.toml"), file).unwrap();
    let server = Command::new(env!("CARGO_BIN_EXE_openapi-workbench"))
        .args(["serve", "pets.yaml", "--config", "serve.toml"])
        .current_dir(directory.path())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let ready = directory.path().join("ready");
    let begin = std::time::Instant::now();
    while !ready.exists() && begin.elapsed() < std::time::Duration::from_mins(2) {
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    assert!(std::fs::read_to_string(&ready).unwrap().starts_with("http://127.0.0.1:"));
    let end = Command::new("kill").args(["-TERM", &server.id().to_string()]).status().unwrap();
    assert!(end.success());
    let output = server.wait_with_output().unwrap();
    let told = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert!(told.contains("operations were called (0.0 %), and --min-coverage is 50"), "{told}");
}

#[test]
fn the_document_of_the_control_api_has_no_findings() {
    let document = concat!(env!("CARGO_MANIFEST_DIR"), "/../openapi-control/control.yaml");
    let output =
        Command::new(env!("CARGO_BIN_EXE_openapi-workbench")).args(["lint", document]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}

#[test]
fn completions_are_for_a_shell() {
    for shell in ["bash", "fish", "zsh", "elvish", "powershell"] {
        let script = run(&["completions", shell]);
        assert!(script.contains("openapi-workbench") && script.contains("slice"), "{shell}");
        assert!(script.ends_with("--- standard error\n--- exit code 0\n"), "{shell}");
    }
}

#[test]
fn help() {
    insta::assert_snapshot!("help", run(&["--help"]));
    for command in ["generate", "diff", "lint", "why", "serve", "replay", "fixture", "slice", "completions"] {
        insta::assert_snapshot!(format!("help_of_{command}"), run(&[command, "--help"]));
    }
}

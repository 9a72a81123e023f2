//! Crates: general crates name no API and no framework, runtime crates inherit nothing from the workspace, no feature brings
//! what only another needs, READMEs list what general crates export, no doc comment begins with a question, and
//! every package states the version of Rust that CI builds with.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::repository;

/// The general crate that may name Django.
const DJANGO: &str = "openapi-django";

/// The files of the program in which it offers its users the dialect.
const OFFERS_DJANGO: [&str; 4] = [
    "openapi-workbench/Cargo.toml",
    "openapi-workbench/README.md",
    "openapi-workbench/src/commands/serve/dialect.rs",
    "openapi-workbench/tests/snapshots/terminal__help_of_serve.snap",
];

/// Returns the directories in `directory`.
fn directories(directory: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path());
    entries.filter(|path| path.is_dir()).collect()
}

/// Returns the directories of all packages.
fn packages() -> Vec<PathBuf> {
    let root = repository();
    let mut packages = directories(&root.join("crates"));
    packages.extend([root.join("xtask"), root.join("tests")]);
    packages
}

/// Returns the directories of the packages that know no API.
fn general() -> Vec<PathBuf> {
    packages().into_iter().filter(|path| name(path).starts_with("openapi-")).collect()
}

/// Returns the directories of the crates that generated code depends on. They are copied whole into generated workspaces.
fn runtimes() -> Vec<PathBuf> {
    let is_runtime = |name: &str| ["openapi-wire", DJANGO].contains(&name) || name.ends_with("-runtime");
    let runtimes: Vec<PathBuf> = general().into_iter().filter(|path| is_runtime(name(path))).collect();
    assert!(!runtimes.is_empty());
    runtimes
}

fn name(path: &Path) -> &str {
    path.file_name().unwrap().to_str().unwrap()
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Returns the text between quotation marks in the line of a TOML file that sets `key`.
fn value<'a>(toml: &'a str, key: &str) -> Option<&'a str> {
    let line = toml.lines().find_map(|line| line.strip_prefix(key)?.trim_start().strip_prefix('='))?;
    line.trim().strip_prefix('"')?.strip_suffix('"')
}

/// Returns `path` with its text, or the text files below it with theirs, without the inputs that a fuzzer made.
fn texts(path: &Path) -> Vec<(PathBuf, String)> {
    if !path.is_dir() {
        return fs::read_to_string(path).map(|text| (path.to_owned(), text)).into_iter().collect();
    }
    let entries = fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path());
    entries.filter(|path| !["corpus", "target"].contains(&name(path))).flat_map(|path| texts(&path)).collect()
}

/// Texts in lower case that are allowed anywhere: the place and owner of this project, and words that resemble a name.
const HARMLESS: [&str; 5] = [
    "github.com/authentik-sources/authentik-sources",
    "the authentik-sources developers",
    "complex",
    "multiplex",
    "duplex",
];

/// Returns the lines of `path`, or of the files below it, that have one of `words`, whatever their case, as
/// `file:line: text`.
fn lines_of(path: &Path, words: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for (path, text) in texts(path) {
        for (number, line) in text.lines().enumerate() {
            let rest = HARMLESS.iter().fold(line.to_lowercase(), |line, harmless| line.replace(harmless, ""));
            if words.iter().any(|word| rest.contains(word)) {
                found.push(format!("{}:{}: {}", path.display(), number + 1, line.trim()));
            }
        }
    }
    found
}

fn assert_no_lines(found: &[String]) {
    assert!(found.is_empty(), "{} lines:\n{}", found.len(), found.join("\n"));
}

#[test]
fn general_crates_name_no_api() {
    let found: Vec<String> =
        general().iter().flat_map(|package| lines_of(package, &["authentik", "plex"])).collect();
    assert_no_lines(&found);
}

#[test]
fn one_general_crate_names_django() {
    let others = general().into_iter().filter(|package| name(package) != DJANGO);
    let found: Vec<String> = others
        .flat_map(|package| lines_of(&package, &["django", "rest framework", "rest_framework", "drf"]))
        .filter(|line| !OFFERS_DJANGO.iter().any(|file| line.contains(&format!("/{file}:"))))
        .collect();
    assert_no_lines(&found);
}

/// Returns what the root of a crate exports: each name with the module that it comes from, which is itself for a module.
fn exports(root: &str) -> Vec<(String, String)> {
    let file = syn::parse_file(root).unwrap();
    let mut found = Vec::new();
    for item in file.items {
        match item {
            syn::Item::Mod(module) if matches!(module.vis, syn::Visibility::Public(_)) => {
                found.push((module.ident.to_string(), module.ident.to_string()));
            }
            syn::Item::Use(item) if matches!(item.vis, syn::Visibility::Public(_)) => {
                names_of(&item.tree, "", &mut found);
            }
            _ => {}
        }
    }
    found
}

fn names_of(tree: &syn::UseTree, module: &str, found: &mut Vec<(String, String)>) {
    match tree {
        syn::UseTree::Path(path) => names_of(&path.tree, &path.ident.to_string(), found),
        syn::UseTree::Group(group) => group.items.iter().for_each(|item| names_of(item, module, found)),
        syn::UseTree::Name(name) => found.push((name.ident.to_string(), module.to_owned())),
        syn::UseTree::Rename(name) => found.push((name.rename.to_string(), module.to_owned())),
        syn::UseTree::Glob(_) => panic!("a glob does not say what is exported"),
    }
}

/// Returns the names in the first column of the table of a README that lists modules or items.
fn listed(readme: &str) -> BTreeSet<String> {
    let is_head = |line: &&str| line.starts_with("| module |") || line.starts_with("| item |");
    let rows = readme.lines().skip_while(|line| !is_head(line)).skip(2);
    let cells = rows.map_while(|row| row.strip_prefix('|')?.split('|').next());
    let names = cells.flat_map(|cell| cell.split(',').map(|name| name.trim().trim_matches(['`', '[', ']'])));
    names.filter_map(|name| name.split("::").next()).map(str::to_owned).collect()
}

#[test]
fn readmes_of_general_crates_list_what_the_crates_export_and_nothing_else() {
    let mut found = Vec::new();
    for package in general() {
        let exports = exports(&read(&package.join("src/lib.rs")));
        let listed = listed(&read(&package.join("README.md")));
        let (crate_name, is_listed) = (name(&package), |name: &String| listed.contains(name));
        let missing = exports.iter().filter(|(name, module)| !is_listed(name) && !is_listed(module));
        found.extend(missing.map(|(name, _)| format!("{crate_name}: the README does not list `{name}`")));
        let unknown = listed.iter().filter(|listed| !exports.iter().any(|(name, _)| name == *listed));
        found.extend(unknown.map(|name| format!("{crate_name}: `{name}` in the README is not exported")));
    }
    assert_no_lines(&found);
}

#[test]
fn runtime_crates_inherit_nothing_from_the_workspace() {
    for package in runtimes() {
        let path = package.join("Cargo.toml");
        assert!(value(&read(&path), "version").is_some(), "{}: no version", path.display());
        assert_no_lines(&lines_of(&path, &["workspace = true", "workspace=true"]));
    }
}

#[test]
fn no_feature_brings_what_only_another_needs() {
    for (package, features, forbidden) in [
        ("openapi-server-runtime", "", &["dropshot", "schemars", "slog", "semver", "hyper"][..]),
        ("openapi-control", "", &["dropshot", "schemars", "slog", "semver", "hyper"]),
        ("authentik-sources-api", "", &["dropshot", "schemars", "slog", "semver", "hyper"]),
        ("authentik-sources-api", "listener", &["dropshot", "schemars", "slog", "semver"]),
        ("authentik-stub", "", &["dropshot", "schemars", "slog", "semver"]),
        ("authentik-stub", "", &["clap", "tracing-subscriber", "redb", "rcgen", "x509-parser", "reqwest"]),
        ("authentik-stub", "", &["openapi-document", "openapi-client-runtime"]),
    ] {
        let mut cargo = Command::new(env!("CARGO"));
        cargo.args([
            "tree",
            "--offline",
            "--locked",
            "--package",
            package,
            "--edges",
            "normal",
            "--prefix",
            "none",
        ]);
        cargo.args(["--no-default-features", "--features", features, "--format", "{p}"]);
        let output = cargo.current_dir(repository()).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let tree = String::from_utf8(output.stdout).unwrap();
        let packages: Vec<&str> = tree.lines().filter_map(|line| line.split(' ').next()).collect();
        assert!(packages.contains(&package), "{tree}");
        let needed: Vec<&&str> = forbidden.iter().filter(|name| packages.contains(name)).collect();
        assert!(needed.is_empty(), "{package} with the features `{features}` needs {needed:?}");
    }
}

/// Packages whose doc comments are the document's.
const UNCHECKED: [&str; 3] = ["authentik-sources-api", "authentik-sources-client", "authentik-sources-types"];

#[test]
fn no_doc_comment_begins_with_a_question() {
    let questions = ["/// What ", "/// Whether ", "//! What ", "//! Whether "];
    let mut found = Vec::new();
    for package in packages().into_iter().filter(|package| !UNCHECKED.contains(&name(package))) {
        for (path, text) in
            texts(&package).into_iter().filter(|(path, _)| path.extension() == Some("rs".as_ref()))
        {
            for (number, line) in text.lines().enumerate() {
                if questions.iter().any(|question| line.trim_start().starts_with(question)) {
                    found.push(format!("{}:{}: {}", path.display(), number + 1, line.trim()));
                }
            }
        }
    }
    assert_no_lines(&found);
}

#[test]
fn every_package_states_the_version_of_rust_that_it_is_built_with() {
    let toolchain = read(&repository().join("rust-toolchain.toml"));
    let (expected, _patch) = value(&toolchain, "channel").unwrap().rsplit_once('.').unwrap();
    assert_eq!(value(&read(&repository().join("Cargo.toml")), "rust-version"), Some(expected));
    for package in packages() {
        let manifest = read(&package.join("Cargo.toml"));
        let is_inherited = manifest.lines().any(|line| line == "rust-version.workspace = true");
        assert!(is_inherited || value(&manifest, "rust-version") == Some(expected), "{}", package.display());
    }
}

//! Security: every test that `SECURITY.md` names exists.

use std::fs;
use std::path::Path;

use crate::repository;

/// Adds the names of the functions of all Rust files in a directory.
fn functions(directory: &Path, found: &mut Vec<String>) {
    for entry in fs::read_dir(directory).expect("a directory").map(|entry| entry.expect("an entry").path()) {
        if entry.is_dir() && entry.file_name().is_none_or(|name| name != "target") {
            functions(&entry, found);
        } else if entry.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&entry).expect("a file");
            let names = text.split("fn ").skip(1).filter_map(|rest| rest.split(['(', '<']).next());
            found.extend(names.map(str::to_owned));
        }
    }
}

#[test]
fn every_test_that_is_named_exists() {
    let text = fs::read_to_string(repository().join("SECURITY.md")).expect("a file");
    let rows = text.lines().filter(|line| line.starts_with("| ") && line.ends_with("` |"));
    let named = rows.filter_map(|row| row.trim_end_matches("` |").rsplit('`').next());
    let named: Vec<&str> = named.collect();
    assert!(named.len() > 20, "the tables have a test in the last column of each row: {named:?}");
    let mut found = Vec::new();
    functions(&repository().join("crates"), &mut found);
    let missing: Vec<&&str> =
        named.iter().filter(|name| !found.iter().any(|found| found == **name)).collect();
    assert!(missing.is_empty(), "SECURITY.md names tests that do not exist: {missing:?}");
}

//! Security: each row of the tables of `SECURITY.md` that makes a claim or names a limit names a test that exists.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::repository;
use crate::sources::found;

/// Adds the names of the tests of all Rust files in a directory.
fn tests(directory: &Path, known: &mut BTreeSet<String>) {
    for entry in fs::read_dir(directory).expect("a directory").map(|entry| entry.expect("an entry").path()) {
        if entry.is_dir() && entry.file_name().is_none_or(|name| name != "target") {
            tests(&entry, known);
        } else if entry.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&entry).expect("a file");
            if text.contains("test]") || text.contains("test(") {
                known.extend(found(&entry).tests);
            }
        }
    }
}

/// Returns the rows of the tables whose last column is `test`.
fn rows(text: &str) -> Vec<&str> {
    let mut rows = Vec::new();
    let mut is_of_tests = false;
    for line in text.lines() {
        if !line.starts_with("| ") {
            is_of_tests &= line.starts_with('|');
        } else if line.ends_with("| test |") {
            is_of_tests = true;
        } else if is_of_tests {
            rows.push(line);
        }
    }
    rows
}

/// Returns the test that a row names in its last column.
fn named(row: &str) -> Option<&str> {
    let cell = row.trim_end_matches('|').rsplit('|').next()?.trim();
    cell.strip_prefix('`')?.strip_suffix('`')
}

#[test]
fn each_claim_and_each_limit_names_a_test_that_exists() {
    let text = fs::read_to_string(repository().join("SECURITY.md")).expect("a file");
    let rows = rows(&text);
    assert!(rows.len() > 20, "the tables have a test in the last column of each row: {rows:?}");
    let mut known = BTreeSet::new();
    tests(&repository().join("crates"), &mut known);
    let without: Vec<&&str> =
        rows.iter().filter(|row| !named(row).is_some_and(|test| known.contains(test))).collect();
    assert!(without.is_empty(), "rows of SECURITY.md without a test that exists: {without:#?}");
}

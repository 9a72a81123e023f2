//! Writes the changes from release to release as a changelog.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use openapi_compat::changes::{Change, Direction, Severity, changes};
use openapi_document::{Document, pointer};
use serde_json::Value;

use super::releases::version;

const CLASSES: [Severity; 4] =
    [Severity::Breaking, Severity::Risky, Severity::Compatible, Severity::Documentation];

pub(super) fn of(releases: &[Document]) -> String {
    let mut text =
        String::from("| release | breaking | risky | compatible | documentation |\n|---|---|---|---|---|\n");
    let mut chapters = String::new();
    for pair in releases.windows(2) {
        let [old, new] = pair else { continue };
        let mut changes = changes(old, new);
        // The heading says which release it is.
        changes.retain(|change| change.rule != "info-changed");
        let counts =
            CLASSES.map(|class| match changes.iter().filter(|change| change.severity == class).count() {
                0 => "–".to_owned(),
                count => count.to_string(),
            });
        writeln!(text, "| {} | {} |", version(new), counts.join(" | ")).expect("a string");
        write!(chapters, "\n## {}, after {}\n", version(new), version(old)).expect("a string");
        chapter(&mut chapters, &changes, old, new);
    }
    text + &chapters
}

/// Writes the changes of a release under the operations that have them, most severe first.
fn chapter(text: &mut String, changes: &[Change], old: &Document, new: &Document) {
    if changes.is_empty() {
        text.push_str("\nNothing of these operations has changed.\n");
    }
    let (whole, changes): (Vec<&Change>, Vec<&Change>) =
        changes.iter().partition(|change| change.rule.starts_with("operation-added"));
    if !whole.is_empty() {
        text.push_str("\n### New operations\n\n");
        for change in whole {
            line(text, change);
        }
    }
    // Changes of the same operations stand together, so that none is told twice.
    let mut by_operations: BTreeMap<BTreeSet<String>, Vec<&Change>> = BTreeMap::new();
    for change in changes {
        let mut operations = operations(change, new);
        operations.extend(self::operations(change, old));
        by_operations.entry(operations).or_default().push(change);
    }
    let mut groups: Vec<_> = by_operations.into_iter().collect();
    for (_, changes) in &mut groups {
        changes.sort_by_key(|change| std::cmp::Reverse(change.severity));
    }
    groups.sort_by_key(|(_, changes)| {
        let count = |class| changes.iter().filter(|change| change.severity == class).count();
        std::cmp::Reverse(CLASSES.map(count))
    });
    for (operations, changes) in groups {
        write!(text, "\n### {}\n\n", heading(&operations)).expect("a string");
        for change in changes {
            line(text, change);
        }
    }
}

fn line(text: &mut String, change: &Change) {
    let direction = match change.direction {
        Some(Direction::Request) => " request:",
        Some(Direction::Response) => " answer:",
        None => ":",
    };
    write!(text, "- **{}**{direction} {}.", change.severity.name(), change.text).expect("a string");
    if !change.audience.is_empty() {
        let hits: Vec<&str> = change.audience.iter().map(|hit| hit.name()).collect();
        write!(text, " Hits {}.", hits.join(", ")).expect("a string");
    }
    if let Some(rust) = change.rust.first() {
        write!(text, " Rust: {rust}.").expect("a string");
    }
    text.push('\n');
}

/// Returns the operations that have the place of a change, in the direction of the change.
fn operations(change: &Change, release: &Document) -> BTreeSet<String> {
    let root = release.value();
    let steps: Vec<String> = pointer::steps(&change.pointer).collect();
    let mut found = BTreeSet::new();
    for (path, method, operation) in openapi_document::operations::operations(root) {
        let hit = match steps.as_slice() {
            [first, at, rest @ ..] if first == "paths" => {
                at == path && rest.first().is_none_or(|first| first == method || first == "parameters")
            }
            [first, kind, name, ..] if first == "components" => {
                let component = format!("#/components/{kind}/{name}");
                let has = |keys: &[&str]| {
                    let mut reached = BTreeSet::new();
                    for key in keys {
                        reach(root, &operation[*key], &mut reached);
                    }
                    reached.contains(&component)
                };
                match change.direction {
                    Some(Direction::Request) => has(&["parameters", "requestBody"]),
                    Some(Direction::Response) => has(&["responses"]),
                    None => has(&["parameters", "requestBody", "responses"]),
                }
            }
            _ => true,
        };
        if hit {
            found.insert(operation["operationId"].as_str().expect("an id").to_owned());
        }
    }
    found
}

/// Adds every reference below `value`, and below what they lead to.
fn reach(root: &Value, value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => {
            if let Some(reference) = members.get("$ref").and_then(Value::as_str)
                && found.insert(reference.to_owned())
            {
                reach(root, pointer::resolve(root, value), found);
            }
            members.values().for_each(|member| reach(root, member, found));
        }
        Value::Array(items) => items.iter().for_each(|item| reach(root, item, found)),
        _ => {}
    }
}

/// Returns operations by their viewset, each with its part of the name.
fn heading(operations: &BTreeSet<String>) -> String {
    const VIEWSETS: [(&str, &str, usize); 2] = [
        ("Plex sources", "sources_plex_", 9),
        ("Group connections of OAuth sources", "sources_group_connections_oauth_", 7),
    ];
    let of_viewset = VIEWSETS.iter().filter_map(|(name, prefix, all)| {
        let actions: Vec<&str> = operations.iter().filter_map(|id| id.strip_prefix(prefix)).collect();
        match actions.len() {
            0 => None,
            count if count == *all => Some(format!("{name}: all operations")),
            _ => Some(format!("{name}: {}", actions.join(", "))),
        }
    });
    of_viewset.collect::<Vec<_>>().join("; ")
}

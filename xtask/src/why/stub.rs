//! Hand-written lines of the stub that have the name of something generated. By name means by name: what else is
//! called so is found as well.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use openapi_bindings::why::Item;
use openapi_workbench::commands::why::{Section, Subject};

const DIRECTORY: &str = "crates/authentik-stub/src";

/// Lines beyond this number are only counted.
const MAX_LINES: usize = 10;

/// Returns the lines that have the name of an item made from `at`; `None` if there is no such item.
pub(super) fn section(root: &Path, subject: &Subject<'_>, at: &str) -> Option<Section> {
    let (_, found) = subject.made_from(at).filter(|(source, _)| *source == at)?;
    let names = names(&found);
    if names.is_empty() {
        return None;
    }
    let mut lines = Vec::new();
    for file in sources(&root.join(DIRECTORY)) {
        let text = std::fs::read_to_string(&file).unwrap_or_default();
        let shown = file.strip_prefix(root).unwrap_or(&file).display().to_string();
        for (line, number) in text.lines().zip(1..) {
            let comment = line.trim_start().starts_with("//");
            if !comment && names.iter().any(|name| has_word(line, name)) {
                lines.push(format!("{shown}:{number}  {}", line.trim()));
            }
        }
    }
    let more = lines.len().saturating_sub(MAX_LINES);
    lines.truncate(MAX_LINES);
    if more > 0 {
        lines.push(format!("and {more} more lines"));
    }
    if lines.is_empty() {
        lines.push("nothing".to_owned());
    }
    let names: Vec<String> = names.into_iter().map(|name| format!("`{name}`")).collect();
    Some(Section::new(format!("in {DIRECTORY}, by the name {}", names.join(", ")), lines))
}

/// Returns the names of `items` in hand-written code: of a property its field, of anything else the types, constants
/// and trait methods, for other methods are called after what they do.
fn names<'a>(items: &[&'a Item]) -> BTreeSet<&'a str> {
    let last = |item: &&'a Item| item.path.rsplit("::").next();
    let fields: BTreeSet<&str> =
        items.iter().copied().filter(|item| item.kind == "field").filter_map(|item| last(&item)).collect();
    if !fields.is_empty() {
        return fields;
    }
    let callable = |item: &&Item| !matches!(item.kind, "impl" | "row" | "method");
    let nested = |item: &&Item| item.kind == "variant" && items.iter().any(|other| other.kind == "enum");
    items
        .iter()
        .copied()
        .filter(|item| callable(item) && !nested(item))
        .filter_map(|item| last(&item))
        .collect()
}

/// Returns every Rust file below `directory`, in the order of the paths.
fn sources(directory: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(directory).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// Returns `true` if `line` contains `name` as a whole word.
fn has_word(line: &str, name: &str) -> bool {
    let inside = |letter: char| letter == '_' || letter.is_alphanumeric();
    line.match_indices(name).any(|(start, _)| {
        let before = line.get(..start).and_then(|text| text.chars().next_back());
        let after = line.get(start + name.len()..).and_then(|text| text.chars().next());
        !before.is_some_and(inside) && !after.is_some_and(inside)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_a_word_of_its_own() {
        assert!(has_word("source.managed = None;", "managed"));
        assert!(!has_word("let unmanaged = managed_by;", "managed"));
    }
}

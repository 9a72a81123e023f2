//! The hand-written part of a crate: that of this workspace's own crate, under other names and without its tests.
//!
//! It is read where this workspace is, so that what is supplied is what is tested here.

use std::collections::BTreeSet;
use std::path::Path;

use openapi_bindings::GeneratedFile;

use super::parts::Part;
use super::{Workspace, read};
use crate::artefacts::PREFIX;
use crate::stamp::Style;

/// Sources that stand beside `src/` and that every document can do with.
const BESIDE: [(&str, &str); 3] =
    [("api", "examples/document.rs"), ("api", "examples/empty.rs"), ("api", "tests/registration.rs")];

/// The hand-written files of the crate `part`.
pub(super) fn files(workspace: &Workspace<'_>, part: &Part) -> Result<Vec<GeneratedFile>, String> {
    let directory = workspace.root.join("crates").join(format!("{PREFIX}{}", part.of));
    let mut paths = BTreeSet::new();
    sources(&directory, "src", &mut paths)?;
    let beside = BESIDE.iter().filter(|(of, _)| *of == part.of).map(|(_, path)| (*path).to_owned());
    let mut files = Vec::new();
    let mut for_tests = BTreeSet::new();
    for path in paths.into_iter().chain(beside) {
        let text = read(&directory.join(&path))?;
        let without = without_tests(&text);
        for_tests.extend(without.modules.iter().map(|name| format!("src/{name}.rs")));
        let text = workspace.name.rename(&without.text);
        files.push((
            path.clone(),
            workspace.stamped(&format!("crates/{}/{path}", part.name), Style::Slashes, &text),
        ));
    }
    files.retain(|(path, _)| !for_tests.contains(path));
    Ok(files.into_iter().map(|(_, file)| file).collect())
}

/// The Rust files below `directory/path`, generated ones left out.
fn sources(directory: &Path, path: &str, found: &mut BTreeSet<String>) -> Result<(), String> {
    let here = directory.join(path);
    let failed = |error: std::io::Error| format!("cannot read {}: {error}", here.display());
    for entry in std::fs::read_dir(&here).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = format!("{path}/{name}");
        match name.as_str() {
            "generated" | "generated.rs" => {}
            _ if entry.path().is_dir() => sources(directory, &path, found)?,
            _ if Path::new(&name).extension().is_some_and(|kind| kind == "rs") => {
                found.insert(path);
            }
            _ => {}
        }
    }
    Ok(())
}

/// A source without what is compiled for tests only, and the modules that were declared for them.
struct WithoutTests {
    text: String,
    modules: Vec<String>,
}

/// Takes out every item at the top of a file that is marked `#[cfg(test)]`.
///
/// The file is formatted, so an item ends in its first line or with the first brace at the beginning of a line.
fn without_tests(text: &str) -> WithoutTests {
    let mut kept: Vec<&str> = Vec::new();
    let mut modules = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if line != "#[cfg(test)]" {
            kept.push(line);
            continue;
        }
        let item = lines.next().unwrap_or_default();
        modules.extend(item.strip_prefix("mod ").and_then(|rest| rest.strip_suffix(';')).map(str::to_owned));
        if !item.ends_with(';') {
            lines.by_ref().find(|line| *line == "}");
        }
        if item.ends_with('{') && kept.last().is_some_and(|line| line.is_empty()) {
            kept.pop();
        }
    }
    let mut text = kept.join("\n");
    text.push('\n');
    WithoutTests { text, modules }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_for_tests_only_is_left_out() {
        let text = "mod a;\n#[cfg(test)]\nmod sample;\nmod b;\n\nfn f() {}\n\n#[cfg(test)]\nmod tests {\n    use super::*;\n\n    fn g() {\n    }\n}\n";
        let without = without_tests(text);
        assert_eq!(without.text, "mod a;\nmod b;\n\nfn f() {}\n");
        assert_eq!(without.modules, ["sample"]);
    }
}

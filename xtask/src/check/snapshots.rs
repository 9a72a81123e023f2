//! Snapshots that a test wrote and nobody has looked at yet.

use std::path::{Path, PathBuf};

use super::part::Part;

const NAME: &str = "snapshots";

pub(super) fn check(root: &Path) -> Part {
    let (mut reviewed, mut pending) = (0_usize, Vec::new());
    let mut rest = vec![root.to_owned()];
    while let Some(directory) = rest.pop() {
        let entries = match std::fs::read_dir(&directory) {
            Ok(entries) => entries,
            Err(error) => {
                let message = format!("cannot read {}: {error}", directory.display());
                return Part::failed(NAME, "they cannot be looked for", vec![message]);
            }
        };
        for path in entries.flatten().map(|entry| entry.path()) {
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            if path.is_dir() && !path.is_symlink() {
                // What is built and what git keeps is nobody's to review.
                rest.extend((name != "target" && !name.starts_with('.')).then_some(path));
            } else if name.ends_with(".snap.new") || name.ends_with(".pending-snap") {
                pending.push(path);
            } else if path.extension().is_some_and(|extension| extension == "snap") {
                reviewed += 1;
            }
        }
    }
    if pending.is_empty() {
        return Part::fine(NAME, format!("all {reviewed} reviewed"));
    }
    pending.sort();
    let shown = |path: &PathBuf| path.strip_prefix(root).unwrap_or(path).display().to_string();
    let mut details: Vec<String> = pending.iter().map(shown).collect();
    details.push(
        "  help: compare each with the snapshot of the same name; if it is right, `cargo insta accept` or move it over \
         that, else delete it"
            .to_owned(),
    );
    Part::found(NAME, format!("{} to be reviewed", pending.len()), vec![details.join("\n")])
}

#[cfg(test)]
mod tests {
    use openapi_workbench::Outcome;

    use super::*;

    #[test]
    fn a_snapshot_nobody_has_looked_at_is_found_wherever_it_lies() {
        let root = tempfile::tempdir().unwrap();
        let write = |path: &str| {
            let path = root.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, "").unwrap();
        };
        write("tests/snapshots/a.snap");
        write("target/b.snap.new");
        let part = check(root.path());
        assert_eq!((part.outcome, part.summary.as_str()), (Outcome::Clean, "all 1 reviewed"));
        write("crates/x/tests/snapshots/a.snap.new");
        write("crates/x/src/.lib.rs.pending-snap");
        let part = check(root.path());
        assert_eq!(part.outcome, Outcome::Findings);
        let found = "crates/x/src/.lib.rs.pending-snap\ncrates/x/tests/snapshots/a.snap.new\n  help: ";
        assert!(part.details.concat().starts_with(found), "{:?}", part.details);
    }
}

//! Generated files against those on disk: which are fresh, and how to make them so.
//!
//! The [`Manifest`] of a directory alone tells which of its files were generated. What it does not list, or what was edited
//! since, is never replaced or removed unless that is asked for.

mod compare;
mod manifest;
mod paths;
mod write;

pub use compare::{Comparison, Obstacles, State, compare, is_free};
pub use manifest::{Digest, FilePath, Inputs, MANIFEST, Manifest, Origin};
pub use paths::{relative, resolved};
pub use write::{Stopped, write};

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::fs;

    use openapi_bindings::GeneratedFile;

    use super::*;

    fn file(path: &str, text: &str) -> GeneratedFile {
        GeneratedFile { path: path.to_owned(), text: format!("{text}\n") }
    }

    fn compared<'a>(root: &'a tempfile::TempDir, files: &'a [GeneratedFile]) -> Comparison<'a> {
        compare(root.path(), files, Origin::default()).unwrap()
    }

    fn update(root: &tempfile::TempDir, files: &[GeneratedFile]) {
        compared(root, files).update().unwrap();
    }

    fn state(root: &tempfile::TempDir, files: &[GeneratedFile], path: &str) -> Option<State> {
        let compared = compared(root, files);
        compared.states().iter().find(|(found, _)| found == path).map(|(_, state)| state.clone())
    }

    const ONE: &str = "a/one.rs";

    #[test]
    fn a_file_is_missing_then_fresh_then_differs_from_a_line_on() {
        let root = tempfile::tempdir().unwrap();
        let files = [file(ONE, "x\ny")];
        for path in [ONE, MANIFEST] {
            assert_eq!(state(&root, &files, path), Some(State::Missing));
        }
        update(&root, &files);
        for path in [ONE, MANIFEST] {
            assert_eq!(state(&root, &files, path), Some(State::Fresh));
        }
        let changed = [file(ONE, "x\nz")];
        assert_eq!(state(&root, &changed, ONE), Some(State::Differs { line: 2 }));
        assert_eq!(fs::read_dir(root.path().join("a")).unwrap().count(), 1, "nothing is left beside it");
    }

    #[test]
    fn a_fresh_file_and_a_fresh_manifest_keep_their_time_of_modification() {
        let root = tempfile::tempdir().unwrap();
        let files = [file(ONE, "x")];
        update(&root, &files);
        let long_ago = std::time::SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1_000_000);
        let paths = [ONE, MANIFEST].map(|path| root.path().join(path));
        for path in &paths {
            fs::File::options().write(true).open(path).unwrap().set_modified(long_ago).unwrap();
        }
        update(&root, &files);
        for path in &paths {
            assert_eq!(fs::metadata(path).unwrap().modified().unwrap(), long_ago);
        }
    }

    #[test]
    fn a_leftover_is_removed_if_the_manifest_lists_it_as_it_is_and_nothing_else_is() {
        let root = tempfile::tempdir().unwrap();
        let before = ["a/one.rs", "a/two.rs", "a/three.rs"].map(|path| file(path, "x"));
        update(&root, &before);
        // A copy of a generated file, and a file that was edited.
        fs::copy(root.path().join("a/two.rs"), root.path().join("a/copy.rs")).unwrap();
        fs::write(root.path().join("a/three.rs"), "mine").unwrap();
        let now = &before[..1];
        assert_eq!(state(&root, now, "a/two.rs"), Some(State::Leftover));
        assert_eq!(state(&root, now, "a/three.rs"), Some(State::EditedLeftover));
        assert_eq!(state(&root, now, "a/copy.rs"), None);
        assert_eq!(compared(&root, now).obstacles().edited, ["a/three.rs"]);
        update(&root, now);
        assert!(!root.path().join("a/two.rs").exists());
        assert!(root.path().join("a/copy.rs").exists());
        assert_eq!(fs::read_to_string(root.path().join("a/three.rs")).unwrap(), "mine");
    }

    #[test]
    fn a_file_that_was_edited_or_that_something_else_made_is_in_the_way() {
        let root = tempfile::tempdir().unwrap();
        let files = [file(ONE, "x"), file("b.rs", "y")];
        update(&root, &files[..1]);
        fs::write(root.path().join(ONE), "edited\n").unwrap();
        fs::write(root.path().join("b.rs"), "y\nmine\n").unwrap();
        let compared = compared(&root, &files);
        assert_eq!(compared.obstacles(), Obstacles { edited: vec![ONE], foreign: vec!["b.rs"] });
        assert_eq!(state(&root, &files, ONE), Some(State::Edited { line: 1 }));
        assert_eq!(state(&root, &files, "b.rs"), Some(State::Foreign { line: 2 }));
        // A file with the text that is generated is as good as generated.
        fs::write(root.path().join("b.rs"), "y\n").unwrap();
        assert_eq!(state(&root, &files, "b.rs"), Some(State::Fresh));
    }

    #[test]
    fn a_run_that_was_interrupted_can_be_followed_by_any_other() {
        let root = tempfile::tempdir().unwrap();
        update(&root, &[file(ONE, "old"), file("b.rs", "old")]);
        // It replaced one file of two, wrote one of two new ones, and then it ended.
        let half = [file(ONE, "half"), file("b.rs", "half"), file("c.rs", "half"), file("d.rs", "half")];
        let manifest = compared(&root, &half).journal().unwrap();
        fs::write(root.path().join(MANIFEST), manifest.text()).unwrap();
        for path in [ONE, "c.rs"] {
            fs::write(root.path().join(path), "half\n").unwrap();
        }
        let origin = Origin::default();
        assert!(!Manifest::read(root.path()).unwrap().unwrap().is_current(root.path(), &origin).unwrap());
        assert_eq!(state(&root, &half, ONE), Some(State::Fresh));
        assert_eq!(state(&root, &half, "b.rs"), Some(State::Differs { line: 1 }));
        let now = [file(ONE, "new"), file("b.rs", "new")];
        assert_eq!(state(&root, &now, ONE), Some(State::Differs { line: 1 }));
        assert_eq!(state(&root, &now, "c.rs"), Some(State::Leftover));
        assert_eq!(state(&root, &now, "d.rs"), None);
        update(&root, &now);
        let manifest = Manifest::read(root.path()).unwrap().unwrap();
        assert!(manifest.is_current(root.path(), &origin).unwrap());
        assert!(!root.path().join("c.rs").exists());
    }

    #[test]
    fn a_manifest_is_current_until_an_input_an_option_or_an_output_changes() {
        let root = tempfile::tempdir().unwrap();
        update(&root, &[file(ONE, "x")]);
        let manifest = Manifest::read(root.path()).unwrap().unwrap();
        let is_current = |origin: &Origin| manifest.is_current(root.path(), origin).unwrap();
        assert!(is_current(&Origin::default()));
        let options = BTreeMap::from([("name".to_owned(), "pets".to_owned())]);
        assert!(!is_current(&Origin { options: options.clone(), ..Origin::default() }));
        assert!(!is_current(&Origin { generator: options, ..Origin::default() }));
        let inputs = Inputs { document: Digest::of(b"x"), ..Inputs::default() };
        assert!(!is_current(&Origin { inputs, ..Origin::default() }));
        fs::write(root.path().join(ONE), "edited").unwrap();
        assert!(!is_current(&Origin::default()));
        fs::remove_file(root.path().join(ONE)).unwrap();
        assert!(!is_current(&Origin::default()));
    }

    #[cfg(unix)]
    #[test]
    fn a_symbolic_link_is_neither_followed_nor_replaced() {
        use std::os::unix::fs::symlink;
        let outside = tempfile::tempdir().unwrap();
        fs::write(outside.path().join("one.rs"), "x\n").unwrap();
        let root = tempfile::tempdir().unwrap();
        let files = [file(ONE, "x")];
        update(&root, &files);
        let refused = |path: &str, files: &[GeneratedFile]| {
            let error = compare(root.path(), files, Origin::default()).unwrap_err().to_string();
            assert!(error.contains(&format!("{path} is a symbolic link where ")), "{error}");
        };
        fs::remove_dir_all(root.path().join("a")).unwrap();
        symlink(outside.path(), root.path().join("a")).unwrap();
        refused("/a", &files);
        // A leftover in the same place: the file outside has the digest that is listed.
        refused("/a", &[]);
        let manifest = Manifest::read(root.path()).unwrap().unwrap();
        assert!(manifest.is_current(root.path(), &Origin::default()).is_err());
        fs::remove_file(root.path().join("a")).unwrap();
        fs::rename(root.path().join(MANIFEST), outside.path().join(MANIFEST)).unwrap();
        symlink(outside.path().join(MANIFEST), root.path().join(MANIFEST)).unwrap();
        refused(MANIFEST, &files);
        assert_eq!(fs::read_to_string(outside.path().join("one.rs")).unwrap(), "x\n");
    }
}

//! Watches the files that a document is read from.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use crate::source::Input;

/// The time between two looks at the files.
const PAUSE: Duration = Duration::from_millis(300);

/// The files of a document, and how they were when it was read.
#[derive(Debug)]
pub(super) struct Watch {
    files: Vec<PathBuf>,
    seen: Vec<Look>,
}

/// The time of the last change of a file and its length; `None` if it is not there.
type Look = Option<(SystemTime, u64)>;

impl Watch {
    /// Watches a document, what it refers to, and other files.
    ///
    /// # Errors
    /// If the document is no file.
    pub(super) fn new<'a>(
        document: &str,
        others: impl IntoIterator<Item = &'a PathBuf>,
    ) -> Result<Self, String> {
        if document.starts_with("git:") {
            return Err(format!("`{document}` does not change\n  help: give a file, or leave out `--watch`"));
        }
        let path = PathBuf::from(document);
        let directory = path.parent().map(Path::to_owned).unwrap_or_default();
        let inputs = Input::open(document).and_then(|input| input.draft(false)).map(|(_, inputs)| inputs);
        let referred = inputs.map(|inputs| inputs.files.into_keys().collect::<Vec<_>>()).unwrap_or_default();
        let mut files = vec![path];
        files.extend(referred.iter().map(|name| directory.join(name)));
        files.extend(others.into_iter().cloned());
        let seen = look(&files);
        Ok(Self { files, seen })
    }

    /// Goes on to watch the files that were known before, too: a document that is broken does not tell all of them.
    pub(super) fn with(mut self, before: Self) -> Self {
        self.files.extend(before.files);
        self.files.sort();
        self.files.dedup();
        self.seen = look(&self.files);
        self
    }

    /// Waits until a file has changed, and then until none changes any more.
    pub(super) async fn changed(&mut self) {
        let before = self.seen.clone();
        loop {
            tokio::time::sleep(PAUSE).await;
            let now = look(&self.files);
            // Programs write a file in several steps.
            if now != before && now == self.seen {
                return;
            }
            self.seen = now;
        }
    }
}

fn look(files: &[PathBuf]) -> Vec<Look> {
    let of = |file: &PathBuf| {
        let about = std::fs::metadata(file).ok()?;
        Some((about.modified().ok()?, about.len()))
    };
    files.iter().map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_change_of_any_file_is_seen_once_it_is_complete() {
        let directory = tempfile::tempdir().unwrap();
        let [document, part, overlay] =
            ["a.yaml", "part.yaml", "o.yaml"].map(|name| directory.path().join(name));
        let text = "openapi: 3.1.0\ninfo: {title: a, version: '1'}\npaths: {}\ncomponents: {schemas: {A: {$ref: part.yaml}}}";
        std::fs::write(&document, text).unwrap();
        std::fs::write(&part, "type: object").unwrap();
        let name = document.to_str().unwrap();
        for file in [&document, &part, &overlay] {
            let mut watch = Watch::new(name, [&overlay]).unwrap();
            assert!(watch.files.contains(file), "{watch:?}");
            let early = tokio::time::timeout(PAUSE * 3, watch.changed()).await;
            assert!(early.is_err(), "nothing has changed yet");
            let grown = std::fs::read_to_string(file).unwrap_or_default() + "\n";
            std::fs::write(file, grown).unwrap();
            tokio::time::timeout(PAUSE * 100, watch.changed()).await.expect("it is seen");
        }
        assert!(Watch::new("git:HEAD:a.yaml", []).is_err());
    }
}

//! Changes as Markdown, for a changelog or a review.

use std::fmt::Write as _;

use openapi_compat::Change;

use super::summary::{CLASSES, counts, rust};

pub(super) fn render(changes: &[Change]) -> String {
    let mut text = format!("{}.\n", capitalised(&counts(changes)));
    for (class, meaning) in CLASSES {
        let mut of_class = changes.iter().filter(|change| change.severity == class).peekable();
        if of_class.peek().is_none() {
            continue;
        }
        // Writing to a string cannot fail.
        let _ = writeln!(text, "\n### {}: {meaning}\n", capitalised(class.name()));
        for change in of_class {
            let direction =
                change.direction.map_or(String::new(), |direction| format!("{}: ", direction.name()));
            let _ = write!(text, "- {direction}{}", change.text);
            if let Some(rust) = rust(change) {
                let _ = write!(text, "; in Rust {rust}");
            }
            let _ = writeln!(text, ". <sub>`{}` at `{}`</sub>", change.rule, change.pointer);
        }
    }
    text
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}

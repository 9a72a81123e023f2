//! The stamp of files that are not Rust: the same words, as a comment of their kind.

use openapi_bindings::Document;
use openapi_bindings::generated_file::stamp;

/// How a kind of file writes comments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    /// `// ...`, as in Rust.
    Slashes,
    /// `# ...`, as in TOML and YAML.
    Hash,
    /// `<!-- ... -->`, as in Markdown.
    Markup,
}

/// `text` under the stamp.
pub(super) fn stamped(style: Style, document: &Document, command: &str, text: &str) -> String {
    let stamp = stamp(document, command);
    let lines = stamp.lines().map(|line| line.trim_start_matches("// "));
    let lines: Vec<String> = match style {
        Style::Slashes => stamp.lines().map(str::to_owned).collect(),
        Style::Hash => lines.map(|line| format!("# {line}")).collect(),
        // Two dashes would end the comment, so the command, which has options, is for the text to name.
        Style::Markup => lines.take(1).map(|line| format!("<!-- {} -->", line.replace("--", "-"))).collect(),
    };
    format!("{}\n\n{text}", lines.join("\n"))
}

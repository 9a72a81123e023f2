//! The lines of the reference pages that say something about a place in the document.
//!
//! A page is rendered from the document as of the page's release, and the rendered lines are found on it in their
//! order. What is not found, because page and document have drifted apart, is not told; the proofs say why.

use std::path::Path;

use openapi_compat::page::{Line, Page};
use openapi_compat::release::{self, Release};
use openapi_document::Document;
use serde_json::Value;

/// The directory of the pages.
pub(super) const DIRECTORY: &str = "spec/documents";

/// Lines of one page beyond this number are only counted.
const MAX_LINES: usize = 8;

/// Returns every line of a page about one of `places`, with the page and the number of the line.
pub(super) fn lines(root: &Path, document: &Document, places: &[Option<String>]) -> Vec<String> {
    let mut lines = Vec::new();
    let paths = document.value().get("paths").and_then(Value::as_object).into_iter().flatten();
    for (path, item) in paths {
        for (method, operation) in item.as_object().into_iter().flatten() {
            let Some((name, rendered)) = page(document, path, method, operation) else { continue };
            let Ok(printed) = std::fs::read_to_string(root.join(DIRECTORY).join(&name)) else { continue };
            let about = numbered(&printed, &rendered)
                .into_iter()
                .filter(|(_, line)| places.iter().flatten().any(|at| is_about(line, at)));
            let mut told: Vec<String> =
                about.map(|(number, line)| format!("{DIRECTORY}/{name}:{number}  {}", line.text)).collect();
            let more = told.len().saturating_sub(MAX_LINES);
            told.truncate(MAX_LINES);
            lines.extend(told);
            if more > 0 {
                lines.push(format!("{DIRECTORY}/{name}  and {more} more lines"));
            }
        }
    }
    lines
}

/// Returns the page that the operation comes from, and its lines as the document has them; `None` if it has no page.
fn page(document: &Document, path: &str, method: &str, operation: &Value) -> Option<(String, Vec<Line>)> {
    let provenance = operation.get("x-provenance")?;
    let name = provenance.get("document")?.as_str()?;
    let text = provenance.get("release").or_else(|| document.value().pointer("/info/version"))?.as_str()?;
    let then = release::as_of(document.value(), &Release::parse(text)?);
    let page = Page::of(&then, path, method).ok()?;
    Some((name.to_owned(), page.lines))
}

/// Returns the rendered lines that the page has, in their order, with their numbers.
fn numbered<'a>(printed: &str, rendered: &'a [Line]) -> Vec<(usize, &'a Line)> {
    let printed: Vec<&str> = printed.lines().collect();
    let mut next = 0;
    let mut found = Vec::new();
    for line in rendered {
        if printed.get(next) == Some(&line.text.as_str()) {
            next += 1;
            found.push((next, line));
        }
    }
    found
}

/// Returns `true` if a line describes `at` itself or, if `at` declares it, a part of it.
fn is_about(line: &Line, at: &str) -> bool {
    let below =
        |pointer: &str| pointer.strip_prefix(at).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    below(&line.declared) || below(&line.pointer)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(text: &str, pointer: &str) -> Line {
        Line { text: text.to_owned(), pointer: pointer.to_owned(), declared: pointer.to_owned() }
    }

    #[test]
    fn lines_are_found_in_their_order_and_what_the_page_lacks_is_left_out() {
        let rendered = [line("a", "/a"), line("hidden", "/h"), line("b", "/b"), line("a", "/c")];
        let found: Vec<(usize, &str)> = numbered("a\nb\na", &rendered)
            .into_iter()
            .map(|(number, line)| (number, line.pointer.as_str()))
            .collect();
        assert_eq!(found, [(1, "/a"), (2, "/b"), (3, "/c")]);
    }

    #[test]
    fn a_line_is_about_what_it_comes_from_and_about_what_holds_that() {
        assert!(is_about(&line("", "/a/b/description"), "/a/b"));
        assert!(!is_about(&line("", "/a/bc"), "/a/b"));
    }
}

//! Finds the origin of parts of the document from `x-provenance` and `x-since`: pages with their lines, and rules with
//! the place that explains them.

use std::path::Path;

use openapi_document::Document;
use openapi_workbench::commands::why::{around, referred};
use serde_json::Value;

use super::pages;

/// The key under which the document says so.
pub(super) const KEY: &str = "x-provenance";

/// The file that explains the rules.
const RULES: &str = "spec/README.md";

pub(super) fn lines(root: &Path, document: &Document, at: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let value = |at: &str, key: &str| document.value().pointer(at)?.get(key).cloned();
    match around(at).find_map(|at| Some((at, value(at, KEY)?))) {
        Some((holder, provenance)) => {
            let of = if holder == at { String::new() } else { format!(", as all of #{holder}") };
            let text = |key: &str| provenance.get(key).and_then(Value::as_str);
            if let Some(page) = text("document") {
                let release = text("release").or_else(|| document.value().pointer("/info/version")?.as_str());
                let release = release.unwrap_or("an unknown release");
                lines.push(format!("page {}/{page} of {release}{of}", pages::DIRECTORY));
            }
            if let Some(version) = text("upstream") {
                lines.push(format!("the document of authentik in authentik-client {version}{of}"));
            }
            let inferred = provenance.get("inferred").and_then(Value::as_array).into_iter().flatten();
            let rules = text("companion").into_iter().chain(inferred.filter_map(Value::as_str));
            let readme = std::fs::read_to_string(root.join(RULES)).unwrap_or_default();
            lines.extend(rules.map(|name| rule(&readme, name)));
        }
        None => lines.push("unknown: neither it nor an object around it has an x-provenance".to_owned()),
    }
    let since = around(at).find_map(|at| value(at, "x-since")?.as_str().map(str::to_owned));
    lines.push(since.map_or("there in every release".to_owned(), |since| format!("there since {since}")));
    lines.extend(pages::lines(root, document, &[Some(at.to_owned()), referred(document, at)]));
    lines
}

/// Returns the rule `name` with the first sentence of its explanation and its position.
fn rule(readme: &str, name: &str) -> String {
    let heading = format!("### `{name}`");
    let mut numbered = readme.lines().zip(1..);
    let Some((_, number)) = numbered.find(|(line, _)| *line == heading) else {
        return format!("rule `{name}`, which {RULES} does not explain");
    };
    let text = numbered.map(|(line, _)| line).skip_while(|line| line.is_empty());
    let paragraph: Vec<&str> = text.take_while(|line| !line.is_empty()).collect();
    let paragraph = paragraph.join(" ");
    let sentence = paragraph.split_once(". ").map_or(paragraph.as_str(), |(first, _)| first);
    format!("rule `{name}`, {RULES}:{number}: {}", sentence.trim_end_matches('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_is_told_by_its_first_sentence_and_where_it_stands() {
        let readme = "## Rules\n\n### `names`\n\nFields are named\nby the example. More.\n\n### `b`\n";
        assert_eq!(rule(readme, "names"), "rule `names`, spec/README.md:3: Fields are named by the example");
        assert!(rule(readme, "c").contains("does not explain"));
    }
}

//! Media types as HTTP reads them: whatever their case, with parameters that say nothing left out, and with ranges that
//! stand for others.

use super::node::Node;

/// Returns the form in which media types that mean the same are equal: in lower case, without the charset that JSON and
/// text have anyway.
pub(super) fn essence(written: &str) -> String {
    let mut parts = written.split(';').map(str::trim);
    let name = parts.next().unwrap_or_default().to_ascii_lowercase();
    let mut parameters: Vec<String> = parts
        .filter(|parameter| !parameter.is_empty())
        .map(|parameter| {
            let (key, value) = parameter.split_once('=').unwrap_or((parameter, ""));
            format!("{}={}", key.trim().to_ascii_lowercase(), value.trim().trim_matches('"'))
        })
        .filter(|parameter| !parameter.to_ascii_lowercase().starts_with("charset=utf-8"))
        .collect();
    parameters.sort();
    parameters.insert(0, name);
    parameters.join(";")
}

/// Returns `true` if `range` is `name` or stands for it: `*/*` for any, `text/*` for texts. Both are essences.
pub(super) fn covers(range: &str, name: &str) -> bool {
    range == name || stands_for(range, name)
}

fn stands_for(range: &str, name: &str) -> bool {
    match range.strip_suffix("/*") {
        Some("*") => true,
        Some(kind) => name.split('/').next() == Some(kind),
        None => false,
    }
}

/// Returns what stands for the media type `name` among others: the narrowest range that covers it.
pub(super) fn covering<'n, 'a>(all: &'n [(String, Node<'a>)], name: &str) -> Option<&'n Node<'a>> {
    let ranges = all.iter().filter(|(range, _)| range != name && stands_for(range, name));
    ranges.max_by_key(|(range, _)| range.len()).map(|(_, node)| node)
}

/// Returns `true` if one of these media types is covered by `range`.
pub(super) fn is_covering(range: &str, all: &[(String, Node<'_>)]) -> bool {
    all.iter().any(|(name, _)| stands_for(range, name))
}

/// Returns the media types of a content object by their essence.
pub(super) fn of<'a>(content: &Node<'a>) -> Vec<(String, Node<'a>)> {
    content.members().map(|(name, node)| (essence(name), node)).collect()
}

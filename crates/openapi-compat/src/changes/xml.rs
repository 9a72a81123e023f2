//! Which schemas are exchanged in XML, and how their values are written in it.

use std::collections::HashSet;

use serde_json::Value;

use super::node::Node;
use super::unchanged::references;
use openapi_document::pointer;

/// The components that are exchanged in XML in one of the documents.
#[derive(Debug, Default)]
pub(super) struct Xml {
    components: HashSet<String>,
    /// `true` while something is compared that is written in XML.
    pub(super) is_here: bool,
}

impl Xml {
    pub(super) fn of(roots: [&Value; 2]) -> Self {
        let mut components = HashSet::new();
        for root in roots {
            let mut open = Vec::new();
            contents(root, &mut open);
            let mut seen = HashSet::new();
            while let Some(value) = open.pop() {
                let mut targets = Vec::new();
                references(value, &mut targets);
                for target in targets {
                    if seen.insert(target.clone()) {
                        open.extend(root.pointer(&target));
                    }
                }
            }
            components.extend(seen);
        }
        Xml { components, is_here: false }
    }

    /// Returns `true` if the schema at `at` is exchanged in XML.
    pub(super) fn holds(&self, at: &str) -> bool {
        let Some(rest) = at.strip_prefix("/components/schemas/") else { return self.is_here };
        let name = rest.split('/').next().unwrap_or_default();
        self.components.contains(&format!("/components/schemas/{name}"))
    }
}

/// Returns `true` if a media type is one of XML whose elements a schema describes.
pub(super) fn is_xml(name: &str) -> bool {
    let kind = name.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    (kind.ends_with("/xml") || kind.ends_with("+xml")) && !kind.starts_with("image/")
}

/// Adds what is written in XML anywhere in a value.
fn contents<'a>(value: &'a Value, found: &mut Vec<&'a Value>) {
    match value {
        Value::Object(map) => {
            for (key, member) in map {
                let types = member.as_object().filter(|_| key == "content").into_iter().flatten();
                found.extend(types.filter(|(name, _)| is_xml(name)).map(|(_, content)| content));
                contents(member, found);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| contents(item, found)),
        _ => {}
    }
}

/// How a value is written in XML: its name, which is that of the property unless it is said, its namespace, and the kind of
/// node that it is. Prefixes only stand for namespaces.
#[derive(PartialEq)]
pub(super) struct Written {
    name: String,
    namespace: String,
    kind: String,
}

pub(super) fn written(schema: &Node<'_>) -> Written {
    let xml = schema.get("xml");
    let text = |key: &str| xml.text(key).filter(|text| !text.is_empty()).map(str::to_owned);
    let own = || pointer::steps(&schema.pointer).last().unwrap_or_default();
    let usual = match (xml.flag("attribute"), schema.text("type")) {
        (true, _) => "attribute",
        (false, Some("array")) if !xml.flag("wrapped") => "none",
        _ => "element",
    };
    Written {
        name: text("name").unwrap_or_else(own),
        namespace: text("namespace").unwrap_or_default(),
        kind: text("nodeType").unwrap_or_else(|| usual.to_owned()),
    }
}

/// Returns the name of the element that a document in XML is, if it is known.
pub(super) fn root_name(schema: &Node<'_>) -> Option<String> {
    let said = schema.resolved().get("xml").text("name").map(str::to_owned);
    said.or_else(|| schema.component())
}

//! The way in which the parts of a form are written: as an encoding says, or as goes without saying.

use serde_json::Value;

use super::media_types;
use super::node::{Both, Node};

/// The encoding of one part, with everything that goes without saying.
#[derive(PartialEq)]
struct Encoding<'a> {
    content_type: String,
    style: &'a str,
    explode: bool,
    reserved: bool,
}

/// Returns `true` if a part of a form is written differently.
pub(super) fn differ(media_type: &Both<'_>, content_type: &str) -> bool {
    // Encodings of other contents mean nothing.
    if !content_type.starts_with("multipart/")
        && !content_type.starts_with("application/x-www-form-urlencoded")
    {
        return false;
    }
    let encodings = media_type.get("encoding");
    let names = encodings.members().into_iter().map(|(name, _)| name);
    let is_form = content_type.starts_with("application/x-www-form-urlencoded");
    let parts = names.filter(|name| {
        let [old, new] = [&media_type.old, &media_type.new].map(|side| property(side, name));
        old.is_some() && new.is_some()
    });
    let is_written_differently = |name: &str| {
        let [old, new] = [&media_type.old, &media_type.new]
            .map(|side| (of(side, name, is_form), side.get("encoding").get(name).get("headers")));
        let headers = Both { old: old.1, new: new.1 };
        old.0 != new.0 || headers.differs_ignoring_empty()
    };
    parts.into_iter().any(is_written_differently) || others_differ(media_type)
}

/// Encodings by position, which are compared as a whole.
fn others_differ(media_type: &Both<'_>) -> bool {
    ["prefixEncoding", "itemEncoding"].iter().any(|key| media_type.get(key).differs_ignoring_empty())
}

fn property<'a>(media_type: &Node<'a>, name: &str) -> Option<Node<'a>> {
    let schema = media_type.get("schema").resolved();
    let parts = schema.get("allOf").items();
    let mut holders = std::iter::once(schema).chain(parts.iter().map(Node::resolved));
    // Where the properties are not known, any part may be one.
    let unknown = Some(media_type.emptied());
    let declares = |holder: &Node<'a>| holder.get("properties").exists();
    let found = holders.clone().find_map(|holder| {
        let property = holder.get("properties").get(name);
        property.exists().then_some(property)
    });
    found.or_else(|| if holders.any(|holder| declares(&holder)) { None } else { unknown })
}

fn of<'a>(media_type: &Node<'a>, name: &str, is_form: bool) -> Encoding<'a> {
    let encoding = media_type.get("encoding").get(name);
    let usual = || property(media_type, name).map_or("", |property| usual_content_type(&property)).to_owned();
    let content_type = match encoding.text("contentType") {
        // Several types, in any order.
        Some(written) => {
            let mut types: Vec<String> =
                written.split(',').map(|one| media_types::essence(one.trim())).collect();
            types.sort();
            types.join(",")
        }
        None => usual(),
    };
    let style = encoding.text("style").unwrap_or("form");
    let explode = encoding.get("explode").value.and_then(Value::as_bool).unwrap_or(style == "form");
    // A style takes the place of the content type, and only in forms.
    let has_style = ["style", "explode", "allowReserved"].iter().any(|key| encoding.get(key).exists());
    let content_type = if is_form && (has_style || encoding.text("contentType").is_none()) {
        String::new()
    } else {
        content_type
    };
    Encoding { content_type, style, explode, reserved: encoding.flag("allowReserved") }
}

/// Returns the content type of a part that says nothing of it.
fn usual_content_type(property: &Node<'_>) -> &'static str {
    let schema = property.resolved();
    match schema.text("type") {
        Some("object") => "application/json",
        Some("array") => usual_content_type(&schema.get("items")),
        Some("string") if matches!(schema.text("format"), Some("binary" | "byte" | "base64")) => {
            "application/octet-stream"
        }
        Some(_) => "text/plain",
        None => "application/octet-stream",
    }
}

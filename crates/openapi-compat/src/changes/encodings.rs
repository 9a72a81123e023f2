//! The way in which the parts of a form are written: as an encoding says, or as goes without saying.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::media_types;
use super::node::{Both, Member, Node, joined};
use super::rule::Direction;
use super::style::heeds_explode;

/// How the parts of a form are written, compared with how they were.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Written {
    Alike,
    /// Whoever reads them can read more than is sent.
    Wider,
    Otherwise,
}

/// One part: its encoding, and its schema.
struct Part<'a> {
    encoding: Node<'a>,
    schema: Node<'a>,
}

/// Compares how the parts of a form are written, which is of the type `content_type`.
pub(super) fn compare(media_type: &Both<'_>, content_type: &str, direction: Option<Direction>) -> Written {
    let is_form = content_type.starts_with("application/x-www-form-urlencoded");
    // Encodings of other contents mean nothing.
    if !is_form && !content_type.starts_with("multipart/") {
        return Written::Alike;
    }
    let Both { old, new } = media_type;
    let mut pairs = Vec::new();
    let (described_before, described_now) = (Described::of(old), Described::of(new));
    let names: BTreeSet<&str> = described_before.names().chain(described_now.names()).collect();
    for name in names {
        pairs.extend(described_before.part(name).zip(described_now.part(name)));
    }
    if media_type.get("prefixEncoding").differs_ignoring_empty()
        || media_type.get("itemEncoding").differs_ignoring_empty()
    {
        let count = [old, new].map(|side| side.get("prefixEncoding").items().len());
        let positions = (0..count.into_iter().max().unwrap_or(0)).chain([usize::MAX]);
        pairs.extend(positions.map(|index| (placed(old, index), placed(new, index))));
    }
    let compared = pairs.iter().map(|(old, new)| part(old, new, is_form, direction));
    compared.max().unwrap_or(Written::Alike)
}

/// Returns the part at a position; those behind the first ones are alike.
fn placed<'a>(media_type: &Node<'a>, index: usize) -> Part<'a> {
    let schema = media_type.get("schema").resolved();
    let nth = |list: Node<'a>| list.items().into_iter().nth(index);
    let items = || {
        let items = media_type.get("itemSchema");
        if items.exists() { items } else { schema.get("items") }
    };
    Part {
        encoding: nth(media_type.get("prefixEncoding")).unwrap_or_else(|| media_type.get("itemEncoding")),
        schema: nth(schema.get("prefixItems")).unwrap_or_else(items),
    }
}

/// Levels of schemas that are searched for a property.
const MAX_LEVELS: usize = 8;

/// The parts of a form that have names.
struct Described<'a> {
    /// The encodings, by the names of parts.
    encoding: Node<'a>,
    /// The schemas of parts, by their names.
    schemas: BTreeMap<&'a str, Node<'a>>,
    /// The schema of all other parts, or an empty place where the parts are not known; `None` if there are no others.
    others: Option<Node<'a>>,
}

impl<'a> Described<'a> {
    fn of(media_type: &Node<'a>) -> Self {
        let (mut schemas, mut others) = (BTreeMap::new(), None);
        let mut is_known = false;
        let mut open = vec![(media_type.get("schema"), 0)];
        while let Some((schema, level)) = open.pop() {
            let schema = schema.resolved();
            if level < MAX_LEVELS {
                let parts = ["allOf", "anyOf", "oneOf"].into_iter().flat_map(|key| schema.get(key).items());
                open.extend(parts.map(|part| (part, level + 1)));
            }
            let properties = schema.get("properties");
            is_known |= properties.exists();
            for (name, property) in properties.members() {
                schemas.entry(name.as_str()).or_insert(property);
            }
            let rest = schema.get("additionalProperties");
            others = others.or_else(|| rest.object().is_some().then_some(rest));
        }
        let unknown = (!is_known).then(|| media_type.emptied());
        Self { encoding: media_type.get("encoding"), schemas, others: others.or(unknown) }
    }

    fn names(&self) -> impl Iterator<Item = &'a str> {
        let encoded: Vec<&'a str> = self.encoding.members().map(|(name, _)| name.as_str()).collect();
        self.schemas.keys().copied().chain(encoded)
    }

    /// Returns the part of a name, if there may be one.
    fn part(&self, name: &str) -> Option<Part<'a>> {
        let schema = self.schemas.get(name).or(self.others.as_ref())?.clone();
        Some(Part { encoding: self.encoding.get(name), schema })
    }
}

fn part(old: &Part<'_>, new: &Part<'_>, is_form: bool, direction: Option<Direction>) -> Written {
    let (before, now) = (of(old, is_form), of(new, is_form));
    let heeds = |part: &Part<'_>| heeds_explode(before.style, &part.schema);
    let is_exploded_alike = before.explode == now.explode || !heeds(old) && !heeds(new);
    let nested = Both { old: old.encoding.get("encoding"), new: new.encoding.get("encoding") };
    if before.style != now.style
        || !is_exploded_alike
        || before.reserved != now.reserved
        || nested.differs_ignoring_empty()
    {
        return Written::Otherwise;
    }
    let (sent, read) = match direction {
        Some(Direction::Response) => (&now, &before),
        _ => (&before, &now),
    };
    // Where nothing is said, and a schema does not tell either, no type is another.
    let is_unsaid = [old, new].iter().all(|part| part.encoding.text("contentType").is_none())
        && [old, new].iter().any(|part| usual_content_type(&part.schema, 0).is_none());
    let is_read = |name: &String| read.types.iter().any(|known| media_types::covers(known, name));
    let types = match (before.types == now.types, sent.types.iter().all(is_read)) {
        _ if is_unsaid => Written::Alike,
        (true, _) => Written::Alike,
        (false, true) => Written::Wider,
        (false, false) => Written::Otherwise,
    };
    // The parts of such a form have no headers.
    if is_form { types } else { types.max(headers(old, new, direction)) }
}

/// Compares the headers of a part, besides the one that says its type.
fn headers(old: &Part<'_>, new: &Part<'_>, direction: Option<Direction>) -> Written {
    fn named<'a>(part: &Part<'a>) -> Vec<(String, Node<'a>)> {
        let headers = part.encoding.get("headers");
        let named = headers.members().map(|(name, header)| (name.to_ascii_lowercase(), header.resolved()));
        named.filter(|(name, _)| name != "content-type").collect()
    }
    let is_answer = direction == Some(Direction::Response);
    let needs = |header: &Node<'_>| header.flag("required");
    let compared = joined(named(old), named(new)).into_iter().map(|(_, member)| match member {
        Member::Added(new) if !is_answer && needs(&new) => Written::Otherwise,
        Member::Removed(_) if is_answer => Written::Otherwise,
        Member::Added(_) | Member::Removed(_) => Written::Wider,
        Member::Kept(pair) => {
            let is_needed = (needs(&pair.old), needs(&pair.new));
            let is_missed = if is_answer { (true, false) } else { (false, true) };
            let schema = pair.get("schema").resolved();
            match is_needed {
                _ if schema.differs_ignoring_empty() => Written::Otherwise,
                _ if is_needed == is_missed => Written::Otherwise,
                (old, new) if old != new => Written::Wider,
                _ => Written::Alike,
            }
        }
    });
    compared.max().unwrap_or(Written::Alike)
}

/// The encoding of one part, with everything that goes without saying.
struct Encoding<'a> {
    /// The types that the part may have, in one order.
    types: Vec<String>,
    style: &'a str,
    explode: bool,
    reserved: bool,
}

fn of<'a>(part: &Part<'a>, is_form: bool) -> Encoding<'a> {
    let encoding = &part.encoding;
    let style = encoding.text("style").unwrap_or("form");
    let explode = encoding.get("explode").value.and_then(Value::as_bool).unwrap_or(style == "form");
    // A style takes the place of the content type, and only in forms.
    let has_style = ["style", "explode", "allowReserved"].iter().any(|key| encoding.get(key).exists());
    let mut types: Vec<String> = match encoding.text("contentType") {
        _ if is_form && (has_style || encoding.text("contentType").is_none()) => Vec::new(),
        Some(written) => written.split(',').map(|one| media_types::essence(one.trim())).collect(),
        None => vec![usual_content_type(&part.schema, 0).unwrap_or(BYTES).to_owned()],
    };
    types.sort();
    Encoding { types, style, explode, reserved: encoding.flag("allowReserved") }
}

/// The content type of bytes, and of what is not known.
const BYTES: &str = "application/octet-stream";

/// Returns the content type of a part that says nothing of it, if its schema tells.
fn usual_content_type(property: &Node<'_>, level: usize) -> Option<&'static str> {
    let schema = property.resolved();
    if level > MAX_LEVELS {
        return None;
    }
    let usual = |parts: &Node<'_>| -> Vec<Option<&'static str>> {
        parts.items().iter().map(|part| usual_content_type(part, level + 1)).collect()
    };
    match schema.text("type") {
        Some("object") => Some("application/json"),
        Some("array") => usual_content_type(&schema.get("items"), level + 1),
        Some("string") if matches!(schema.text("format"), Some("binary" | "byte" | "base64")) => Some(BYTES),
        Some(_) => Some("text/plain"),
        None if schema.list("enum").iter().any(|value| value.is_string() || value.is_number()) => {
            Some("text/plain")
        }
        None => {
            let of_all = usual(&schema.get("allOf")).into_iter().flatten().next();
            of_all.or_else(|| {
                let alternatives = ["anyOf", "oneOf"].map(|key| usual(&schema.get(key))).concat();
                let first = alternatives.first().copied().flatten();
                first.filter(|_| alternatives.iter().all(|other| *other == first))
            })
        }
    }
}

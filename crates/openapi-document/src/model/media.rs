//! Bodies by their content types.

use std::collections::BTreeSet;

use serde_json::Value;

use super::place::Place;
use super::schema::SchemaId;
use super::schemas::Schemas;
use super::style::Style;
use crate::form::{Form, essence};

/// The body of a request.
#[derive(Clone, Debug)]
pub struct RequestBody<'a> {
    /// Where it is written.
    pub pointer: String,
    /// Its JSON.
    pub value: &'a Value,
    /// `true` if a request must have one.
    pub required: bool,
    /// Its description.
    pub description: Option<&'a str>,
    /// Its content types, in the order of the document.
    pub media: Vec<Media<'a>>,
}

/// A content type of a body.
#[derive(Clone, Debug)]
pub struct Media<'a> {
    /// The content type, as written.
    pub content_type: &'a str,
    /// How a value of it travels.
    pub form: Form,
    /// Where it is written.
    pub pointer: String,
    /// Its JSON.
    pub value: &'a Value,
    /// The schema of its values.
    pub schema: Option<SchemaId>,
    /// How the parts of a form are encoded, by their names.
    pub encoding: Vec<(&'a str, Encoding<'a>)>,
}

/// How a part of a form is encoded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Encoding<'a> {
    /// The content type of the part.
    pub content_type: Option<&'a str>,
    /// How a value that is no scalar is written.
    pub style: Option<Style>,
    /// `true` if each item or member of a value stands alone.
    pub explode: Option<bool>,
    /// `true` if characters that mean something in a URL stay as they are.
    pub allow_reserved: bool,
}

impl Encoding<'_> {
    /// Returns the style that values are written in, and if each item or member stands alone; `None` if no style is given.
    #[must_use]
    pub fn styled(&self) -> Option<(Style, bool)> {
        let is_styled = self.style.is_some() || self.explode.is_some() || self.allow_reserved;
        let style = self.style.unwrap_or(Style::Form);
        is_styled.then(|| (style, self.explode.unwrap_or(style == Style::Form)))
    }
}

/// Returns `true` if the values of a schema are neither texts nor anything.
fn is_json(schema: &Place<'_>) -> bool {
    match schema.text("type") {
        Some(of) => of != "string",
        None => ["properties", "allOf", "anyOf", "oneOf"].iter().any(|key| schema.value.get(key).is_some()),
    }
}

/// Returns `true` if the values of a schema are bytes.
fn is_binary(schema: &Place<'_>) -> bool {
    schema.text("type").is_none_or(|of| of == "string") && schema.text("format") == Some("binary")
}

/// Returns `true` if a schema names members of objects, of which parts can be made. `seen` are the schemas that were looked at.
fn names_parts(schema: Place<'_>, seen: &mut BTreeSet<String>) -> bool {
    let schema = schema.followed();
    if schema.text("type").is_some_and(|of| of != "object") || !seen.insert(schema.pointer.clone()) {
        return false;
    }
    let has_members = |key| schema.get(key).is_some_and(|of: Place<'_>| of.members().next().is_some());
    let composed = ["allOf", "anyOf", "oneOf"].iter().filter_map(|key| schema.get(key));
    let parts: Vec<_> = composed.flat_map(|parts| parts.items().collect::<Vec<_>>()).collect();
    has_members("properties") || parts.into_iter().any(|part| names_parts(part, seen))
}

impl<'a> RequestBody<'a> {
    pub(super) fn of(place: &Place<'a>, schemas: &mut Schemas<'a>) -> Self {
        Self {
            pointer: place.pointer.clone(),
            value: place.value,
            required: place.flag("required"),
            description: place.text("description"),
            media: all(place, schemas),
        }
    }

    /// Returns `true` if bodies of several media types can be sent, or of one that says how the body is to be read.
    #[must_use]
    pub fn has_media_types(&self) -> bool {
        let says_more = |media: &Media<'_>| {
            let essence = media.essence();
            essence.contains('*') || (essence.starts_with("multipart/") && media.form == Form::Bytes)
        };
        self.media.len() > 1 || self.media.iter().any(says_more)
    }

    /// Returns the content type that a client sends: JSON if it can be.
    #[must_use]
    pub fn sent(&self) -> Option<&Media<'a>> {
        chosen(&self.media)
    }
}

/// Returns the content type that decides what a body is in Rust: JSON if there is any, and of several kinds of that the
/// plain one; then forms, then bytes, then texts.
#[must_use]
pub fn chosen<'m, 'a>(media: &'m [Media<'a>]) -> Option<&'m Media<'a>> {
    media.iter().min_by_key(|media| (media.form, !media.is_plain_json()))
}

/// Reads the content types of what stands at `place`.
pub(super) fn all<'a>(place: &Place<'a>, schemas: &mut Schemas<'a>) -> Vec<Media<'a>> {
    let content = place.written("content");
    content.iter().flat_map(Place::members).map(|(name, media)| Media::of(name, &media, schemas)).collect()
}

impl<'a> Media<'a> {
    fn of(content_type: &'a str, place: &Place<'a>, schemas: &mut Schemas<'a>) -> Self {
        let encoding = place.written("encoding");
        let encoding = encoding.iter().flat_map(Place::members).map(|(part, place)| {
            let encoding = Encoding {
                content_type: place.text("contentType"),
                style: place.text("style").and_then(Style::of),
                explode: place.value.get("explode").and_then(Value::as_bool),
                allow_reserved: place.flag("allowReserved"),
            };
            (part, encoding)
        });
        let schema = place.written("schema");
        let followed = schema.clone().map(Place::followed);
        let form = match Form::of(content_type) {
            Form::Json if followed.as_ref().is_some_and(is_binary) => Form::Bytes,
            // JSON is the one of all that values with members can be sent as here.
            Form::Bytes if ["*/*", "application/*"].contains(&content_type) => {
                if followed.as_ref().is_some_and(is_json) { Form::Json } else { Form::Bytes }
            }
            // Parts have names, which a schema gives to members of objects.
            Form::Multipart
                if !schema.clone().is_some_and(|schema| names_parts(schema, &mut BTreeSet::new())) =>
            {
                Form::Bytes
            }
            form => form,
        };
        Self {
            content_type,
            form,
            pointer: place.pointer.clone(),
            value: place.value,
            schema: schema.map(|schema| schemas.intern(&schema)),
            encoding: encoding.collect(),
        }
    }

    /// Returns the content type without its parameters, in lower case.
    #[must_use]
    pub fn essence(&self) -> String {
        essence(self.content_type)
    }

    /// Returns `true` if this is a body of several parts without names, as `multipart/related` is: their order counts.
    #[must_use]
    pub fn is_in_order(&self) -> bool {
        self.form == Form::Multipart && !["multipart/form-data", "multipart/*"].contains(&&*self.essence())
    }

    /// Returns whether this is JSON by its plainest name.
    #[must_use]
    pub fn is_plain_json(&self) -> bool {
        self.essence() == "application/json"
    }
}

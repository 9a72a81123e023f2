//! Parameters of operations.

use serde_json::Value as Json;

use super::media::{self, Media};
use super::place::Place;
use super::schema::SchemaId;
use super::schemas::Schemas;
use super::style::Style;

/// A parameter of an operation, or of all operations of its path.
#[derive(Clone, Debug)]
pub struct Parameter<'a> {
    /// Its name on the wire.
    pub name: &'a str,
    /// The name of its setter in Rust, which no other of the operation has.
    pub setter: String,
    /// Where in a request it stands.
    pub location: Location,
    /// Where it is written, references followed.
    pub pointer: String,
    /// Where the operation, or its path, lists it.
    pub listed: String,
    /// Its JSON.
    pub value: &'a Json,
    /// `true` if a request must have it.
    pub required: bool,
    /// How a value that is no scalar is written.
    pub style: Style,
    /// `true` if each item or member of a value stands alone.
    pub explode: bool,
    /// `true` if characters that mean something in a URL stay as they are.
    pub allow_reserved: bool,
    /// `true` if it should no longer be used.
    pub deprecated: bool,
    /// Its description.
    pub description: Option<&'a str>,
    /// The schema of its values.
    pub of: Value<'a>,
}

/// The description of a parameter's values.
#[derive(Clone, Debug)]
pub enum Value<'a> {
    /// A schema.
    Schema(SchemaId),
    /// A text of a content type.
    Media(Box<Media<'a>>),
    /// Nothing is said.
    Unsaid,
}

/// Where a parameter stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Location {
    /// In the path.
    Path,
    /// In the query.
    Query,
    /// In a header.
    Header,
    /// In a cookie.
    Cookie,
}

impl Location {
    /// Reads the name of a location; `None` if there is no such location.
    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
        Some(match name {
            "path" => Self::Path,
            "query" => Self::Query,
            "header" => Self::Header,
            "cookie" => Self::Cookie,
            _ => return None,
        })
    }

    /// Returns how a value is written here unless the parameter says otherwise.
    #[must_use]
    pub fn default_style(self) -> Style {
        match self {
            Self::Query | Self::Cookie => Style::Form,
            Self::Path | Self::Header => Style::Simple,
        }
    }
}

impl<'a> Parameter<'a> {
    /// Reads the parameter that is listed at `listed`; it has no setter yet. `None` if it stands nowhere in a request,
    /// which parsing refuses.
    pub(super) fn of(listed: Place<'a>, schemas: &mut Schemas<'a>) -> Option<Self> {
        let at = listed.pointer.clone();
        let place = listed.followed();
        let location = Location::of(place.text("in")?)?;
        let style = place.text("style").and_then(Style::of).unwrap_or(location.default_style());
        Some(Self {
            name: place.text("name")?,
            setter: String::new(),
            location,
            pointer: place.pointer.clone(),
            listed: at,
            value: place.value,
            required: location == Location::Path || place.flag("required"),
            style,
            explode: exploded(&place, style),
            allow_reserved: place.flag("allowReserved"),
            deprecated: place.flag("deprecated"),
            description: place.text("description"),
            of: Value::of(&place, schemas),
        })
    }

    /// Returns the schema of its values, also if that is what their content type says.
    #[must_use]
    pub fn schema(&self) -> Option<SchemaId> {
        self.of.schema()
    }

    /// Returns whether a description of it means nothing: these headers are described by other means.
    #[must_use]
    pub fn is_ignored(&self) -> bool {
        let described_elsewhere = ["accept", "content-type", "authorization"];
        self.location == Location::Header
            && described_elsewhere.iter().any(|name| self.name.eq_ignore_ascii_case(name))
    }
}

/// Returns whether the values at `place`, which are written in this style, are exploded.
pub(super) fn exploded(place: &Place<'_>, style: Style) -> bool {
    place.value.get("explode").and_then(Json::as_bool).unwrap_or(style == Style::Form)
}

impl<'a> Value<'a> {
    pub(super) fn of(place: &Place<'a>, schemas: &mut Schemas<'a>) -> Self {
        if let Some(schema) = place.written("schema") {
            return Self::Schema(schemas.intern(&schema));
        }
        let media = media::all(place, schemas).into_iter().next();
        media.map_or(Self::Unsaid, |media| Self::Media(Box::new(media)))
    }

    /// Returns the schema of the values, also if that is what their content type says.
    #[must_use]
    pub fn schema(&self) -> Option<SchemaId> {
        match self {
            Self::Schema(schema) => Some(*schema),
            Self::Media(media) => media.schema,
            Self::Unsaid => None,
        }
    }
}

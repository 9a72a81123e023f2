//! Where the values of a request go and how they are written there, as tables.

/// A parameter of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// Its name on the wire.
    pub name: &'static str,
    /// Where in a request it goes.
    pub location: Location,
    /// How its value is written there.
    pub style: Style,
    /// Whether each item of a list, and each member of an object, is written on its own.
    pub explode: bool,
    /// Whether characters that mean something in a URL stay as they are.
    pub allow_reserved: bool,
}

/// Where in a request a parameter goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Location {
    /// In the path of the URL.
    Path,
    /// In the query of the URL.
    Query,
    /// In a header of its own.
    Header,
    /// In a cookie.
    Cookie,
}

/// How a value is written, by the names that OpenAPI has for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// `blue,black` in a path or a header.
    Simple,
    /// `.blue,black` in a path.
    Label,
    /// `;color=blue,black` in a path.
    Matrix,
    /// `color=blue,black` in a query or a cookie.
    Form,
    /// `color=blue%20black` in a query.
    SpaceDelimited,
    /// `color=blue%7Cblack` in a query.
    PipeDelimited,
    /// `color%5BR%5D=100` in a query.
    DeepObject,
    /// As JSON, which is what parameters with a content type are.
    Json,
}

impl Parameter {
    /// Returns a parameter in the path, in the style `simple`.
    #[must_use]
    pub const fn path(name: &'static str) -> Self {
        Self::new(name, Location::Path, Style::Simple, false)
    }

    /// Returns a parameter in the query, in the style `form`, exploded.
    #[must_use]
    pub const fn query(name: &'static str) -> Self {
        Self::new(name, Location::Query, Style::Form, true)
    }

    /// Returns a parameter in a header, in the style `simple`.
    #[must_use]
    pub const fn header(name: &'static str) -> Self {
        Self::new(name, Location::Header, Style::Simple, false)
    }

    /// Returns a parameter in a cookie, in the style `form`, exploded.
    #[must_use]
    pub const fn cookie(name: &'static str) -> Self {
        Self::new(name, Location::Cookie, Style::Form, true)
    }

    const fn new(name: &'static str, location: Location, style: Style, explode: bool) -> Self {
        Parameter { name, location, style, explode, allow_reserved: false }
    }

    /// Returns the same parameter in another style.
    #[must_use]
    pub const fn style(self, style: Style, explode: bool) -> Self {
        Parameter { style, explode, ..self }
    }

    /// Returns the same parameter, whose reserved characters stay as they are.
    #[must_use]
    pub const fn reserved(self) -> Self {
        Parameter { allow_reserved: true, ..self }
    }
}

/// What a body is sent as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Content {
    /// Its content type.
    pub media_type: &'static str,
    /// How the properties of a form are written, those that are not written as usual.
    pub encoding: &'static [Encoding],
}

impl Content {
    /// Returns the content whose properties are written as usual.
    #[must_use]
    pub const fn of(media_type: &'static str) -> Self {
        Content { media_type, encoding: &[] }
    }
}

/// How a property of a form is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Encoding {
    /// The property.
    pub property: &'static str,
    /// The content type of its part.
    pub content_type: Option<&'static str>,
    /// How it is written in a URL-encoded form, as a parameter in a query is.
    pub parameter: Option<Parameter>,
}

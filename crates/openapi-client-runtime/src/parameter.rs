//! Tables of the places of a request's values, and of the form in which they are written.

/// A parameter of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// Its name on the wire.
    pub name: &'static str,
    /// The place of the parameter in a request.
    pub location: Location,
    /// The style in which its value is written.
    pub style: Style,
    /// `true` if each item of a list, and each member of an object, is written separately.
    pub explode: bool,
    /// `true` if characters that are reserved in URLs are not encoded.
    pub allow_reserved: bool,
}

/// The place of a parameter in a request.
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

/// The style in which a value is written, with OpenAPI's names.
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

/// The media type and encoding of a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Content {
    /// Its content type.
    pub media_type: &'static str,
    /// The encoding of those properties of a form that do not have the default one.
    pub encoding: &'static [Encoding],
}

impl Content {
    /// Returns the content whose properties are written as usual.
    #[must_use]
    pub const fn of(media_type: &'static str) -> Self {
        Content { media_type, encoding: &[] }
    }
}

/// The encoding of a property of a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Encoding {
    /// The property.
    pub property: &'static str,
    /// The content type of its part.
    pub content_type: Option<&'static str>,
    /// The form of the property in a URL-encoded body, which is that of a parameter in a query.
    pub parameter: Option<Parameter>,
}

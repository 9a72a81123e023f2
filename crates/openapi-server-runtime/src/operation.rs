//! Operations as data: what the document says about each of them, in the shape a router, a parser and a document
//! emitter can read. The table itself is generated; nothing here knows how a request is answered.

use std::fmt;

use http::Method;
use serde::{Deserialize, Serialize};

use crate::leaked;
use crate::media::Form;
use crate::schema::{ObjectSchema, Rule};

/// One operation of the document.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub struct Operation {
    /// The `operationId`.
    pub id: &'static str,
    /// The HTTP method.
    #[serde(with = "method")]
    pub method: Method,
    /// The path template below the base path, e.g. `/pets/{id}/`.
    pub path: &'static str,
    /// Its base path, if another server serves it than the rest of the document.
    pub base_path: Option<&'static str>,
    /// The tags, in the document's order.
    #[serde(borrow, deserialize_with = "leaked::slice")]
    pub tags: &'static [&'static str],
    /// The one-line summary.
    pub summary: Option<&'static str>,
    /// The description.
    pub description: Option<&'static str>,
    /// The name of this view in the response to `OPTIONS` (`x-view-name`).
    pub view_name: Option<&'static str>,
    /// The purpose of its path (`x-view-description`).
    pub view_description: Option<&'static str>,
    /// The alternatives of the security requirement; an empty alternative admits anonymous requests. Empty as a whole
    /// when the document demands nothing.
    #[serde(borrow, deserialize_with = "leaked::slices")]
    pub security: &'static [&'static [Requirement]],
    /// The parameters, in the document's order.
    #[serde(borrow, deserialize_with = "leaked::slice")]
    pub parameters: &'static [Parameter],
    /// The request body, if the document describes one.
    pub body: Option<Body>,
    /// The declared answers.
    #[serde(borrow, deserialize_with = "leaked::slice")]
    pub responses: &'static [Response],
    /// The answer of every status that is not among [`Operation::responses`], as one of the status 200.
    pub default: Option<Response>,
    /// Answers the server is known to give although they are undeclared or declared differently
    /// (`x-observed-responses`); they win over [`Operation::responses`] status by status.
    #[serde(borrow, deserialize_with = "leaked::slice")]
    pub observed: &'static [Response],
    /// An example of what a success answers with, as text; JSON if that is JSON.
    pub example: &'static str,
    /// The protocols that it upgrades its connection to; empty if it answers in HTTP.
    #[serde(borrow, deserialize_with = "leaked::slice")]
    pub protocols: &'static [&'static str],
    /// The first release that has this operation, if not every release does.
    pub since: Option<&'static str>,
    /// The pointer to the operation in the document, e.g. `#/paths/~1pets~1/get`.
    pub pointer: &'static str,
    /// Everything else that the document says, as JSON. The runtime does not act on it. Parameters are listed by their
    /// place and name, such as `query page`.
    pub rest: Option<&'static str>,
}

impl Operation {
    /// Returns the declared answer of the first 2xx status, or else the first redirection.
    #[must_use]
    pub fn success(&self) -> Option<&'static Response> {
        let first =
            |from: u16| self.responses.iter().find(|response| (from..from + 100).contains(&response.status));
        first(200).or_else(|| first(300))
    }

    /// Returns the status and the content of a success: those of [`Operation::success`], except that the default answer
    /// comes before redirections. An operation that names none of these succeeds with 200 and nothing.
    #[must_use]
    pub fn succeeds_with(&'static self) -> (u16, Option<&'static Content>) {
        let declared = self.success().filter(|response| self.default.is_none() || response.status < 300);
        let answer = declared.or(self.default.as_ref());
        answer.map_or((200, None), |response| (response.status, response.content.as_ref()))
    }

    /// Returns the object the operation answers with.
    #[must_use]
    pub fn answered_object(&self) -> Option<&'static ObjectSchema> {
        match self.success()?.content.as_ref()?.rule {
            Rule::Object(schema) => Some(schema.get()),
            _ => None,
        }
    }

    /// Returns the object that the body of the operation is, if it is one.
    #[must_use]
    pub fn sent_object(&self) -> Option<&'static ObjectSchema> {
        match self.body.as_ref()?.content.rule {
            Rule::Object(schema) => Some(schema.get()),
            _ => None,
        }
    }

    /// Returns the response with `status`: the observed one if there is one, else the declared one.
    #[must_use]
    pub fn answer(&self, status: u16) -> Option<&'static Response> {
        let of = |responses: &'static [Response]| responses.iter().find(|response| response.status == status);
        of(self.observed).or_else(|| of(self.responses))
    }

    /// Returns `true` if the security requirement can be met without credentials.
    #[must_use]
    pub fn allows_anonymous(&self) -> bool {
        self.security.is_empty() || self.security.iter().any(|alternative| alternative.is_empty())
    }

    /// Returns the parameters of one location.
    pub fn parameters_in(&self, location: Location) -> impl Iterator<Item = &'static Parameter> {
        self.parameters.iter().filter(move |parameter| parameter.location == location)
    }
}

/// One security scheme that an alternative of an operation requires.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Requirement {
    /// The name of the scheme.
    pub scheme: &'static str,
    /// The scopes it takes.
    #[serde(borrow, deserialize_with = "leaked::slice")]
    pub scopes: &'static [&'static str],
}

/// The place of a parameter in a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Location {
    /// A variable segment of the path.
    Path,
    /// The query string.
    Query,
    /// A header.
    Header,
    /// A cookie.
    Cookie,
}

impl fmt::Display for Location {
    /// Writes what a document calls it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Path => "path",
            Self::Query => "query",
            Self::Header => "header",
            Self::Cookie => "cookie",
        })
    }
}

/// The style in which a value is written, with OpenAPI's names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Style {
    /// `;color=blue,black` in a path.
    Matrix,
    /// `.blue,black` in a path.
    Label,
    /// `blue,black` in a path or a header.
    Simple,
    /// `color=blue,black` in a query or a cookie.
    Form,
    /// `color=blue%20black` in a query.
    SpaceDelimited,
    /// `color=blue%7Cblack` in a query.
    PipeDelimited,
    /// `color[R]=100` in a query.
    DeepObject,
    /// As JSON, which is what parameters with a content type are.
    Json,
}

/// The purpose of a query parameter (`x-role`). It decides what happens to a value that does not parse.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Role {
    /// Narrows a list.
    Filter,
    /// The page number.
    Page,
    /// The number of rows on a page.
    PageSize,
    /// The fields to order by.
    Ordering,
    /// Search terms.
    Search,
    /// Anything else.
    Plain,
}

/// One parameter.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub struct Parameter {
    /// The name on the wire.
    pub name: &'static str,
    /// The place of the parameter in a request.
    pub location: Location,
    /// The purpose of the parameter.
    pub role: Role,
    /// The rule for its values.
    pub rule: Rule,
    /// The style in which a value is written.
    pub style: Style,
    /// `true` if each item of a list, and each member of an object, is written separately.
    pub explode: bool,
    /// `true` if the document requires it.
    pub required: bool,
    /// The description.
    pub description: Option<&'static str>,
    /// The first release that has this parameter, if not every release does.
    pub since: Option<&'static str>,
    /// Its schema, word for word, as JSON.
    pub schema: &'static str,
}

impl Parameter {
    /// Returns `true` if OpenAPI ignores a parameter of this name, since other means describe the header.
    #[must_use]
    pub fn is_ignored(&self) -> bool {
        let described_elsewhere = ["accept", "content-type", "authorization"];
        self.location == Location::Header
            && described_elsewhere.iter().any(|name| self.name.eq_ignore_ascii_case(name))
    }
}

/// A request body.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub struct Body {
    /// The content of the media type that decides the type of the body: JSON if it is declared.
    pub content: Content,
    /// `true` if the document requires a body.
    pub required: bool,
    /// The declared media types.
    #[serde(borrow, deserialize_with = "leaked::slice")]
    pub content_types: &'static [&'static str],
    /// The properties of a URL-encoded form that are not written as usual.
    #[serde(borrow, deserialize_with = "leaked::slice")]
    pub encoding: &'static [Encoding],
}

impl Body {
    /// Returns the form in which a body of the media type `sent` is read, which is declared as `known`. A range says less than
    /// the request, bytes may be anything, and what is not the content itself is of the form of its media type.
    #[must_use]
    pub fn form_of(&self, known: &str, sent: &str) -> Form {
        match self.content.form {
            Form::Raw => Form::Raw,
            _ if known.contains('*') => Form::of(sent),
            form if known == self.content.media_type => form,
            _ => Form::of(known),
        }
    }
}

/// The way in which a property of a URL-encoded form is written.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub struct Encoding {
    /// The property.
    pub property: &'static str,
    /// The style.
    pub style: Style,
    /// `true` if each item of a list, and each member of an object, is written separately.
    pub explode: bool,
}

/// One answer: a status and what comes with it.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub struct Response {
    /// The status code.
    pub status: u16,
    /// The description.
    pub description: &'static str,
    /// The content, or `None` for a response without a body.
    pub content: Option<Content>,
    /// The declared media types, that of [`Response::content`] among them.
    #[serde(borrow, deserialize_with = "leaked::slice")]
    pub content_types: &'static [&'static str],
}

/// The content of a request body or a response.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub struct Content {
    /// The media type, as the document writes it.
    pub media_type: &'static str,
    /// The form in which it is sent.
    pub form: Form,
    /// The rule for the content, if it is JSON or a form.
    pub rule: Rule,
    /// Its schema, word for word, as JSON; empty if it has none.
    pub schema: &'static str,
}

/// Writes and reads a method as its name.
mod method {
    use http::Method;
    use serde::de::Error as _;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    /// The form in which a method is written.
    #[derive(Serialize, Deserialize)]
    #[serde(rename = "Method")]
    struct Name<'a>(#[serde(borrow)] &'a str);

    pub(super) fn serialize<S: Serializer>(method: &Method, serializer: S) -> Result<S::Ok, S::Error> {
        Name(method.as_str()).serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Method, D::Error> {
        let Name(name) = Name::deserialize(deserializer)?;
        name.parse().map_err(|_| D::Error::custom(format!("`{name}` is no method")))
    }
}

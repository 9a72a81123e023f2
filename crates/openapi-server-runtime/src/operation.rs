//! Operations as data: what the document says about each of them, in the shape a router, a parser and a document
//! emitter can read. The table itself is generated; nothing here knows how a request is answered.

use std::fmt;

use http::Method;

use crate::credentials::Requirement;
use crate::media::Form;
use crate::schema::{ObjectSchema, Rule};

/// One operation of the document.
#[derive(Debug)]
pub struct Operation {
    /// The `operationId`.
    pub id: &'static str,
    /// The HTTP method.
    pub method: Method,
    /// The path template below the base path, e.g. `/pets/{id}/`.
    pub path: &'static str,
    /// The tags, in the document's order.
    pub tags: &'static [&'static str],
    /// The one-line summary.
    pub summary: Option<&'static str>,
    /// The description.
    pub description: Option<&'static str>,
    /// What the answer to `OPTIONS` calls this view (`x-view-name`).
    pub view_name: Option<&'static str>,
    /// The alternatives of the security requirement; an empty alternative admits anonymous requests. Empty as a whole
    /// when the document demands nothing.
    pub security: &'static [&'static [Requirement]],
    /// The parameters, in the document's order.
    pub parameters: &'static [Parameter],
    /// The request body, if the document describes one.
    pub body: Option<Body>,
    /// The declared answers.
    pub responses: &'static [Response],
    /// Answers the server is known to give although they are undeclared or declared differently
    /// (`x-observed-responses`); they win over [`Operation::responses`] status by status.
    pub observed: &'static [Response],
    /// The first release that has this operation, if not every release does.
    pub since: Option<&'static str>,
    /// Where the document says all this, e.g. `#/paths/~1pets~1/get`.
    pub pointer: &'static str,
    /// What else the document says, as JSON: whatever has no place in this table and nothing acts on. Parameters stand
    /// under their place and name, such as `query page`.
    pub rest: Option<&'static str>,
}

impl Operation {
    /// The declared answer of the first 2xx status, or else the first redirection.
    #[must_use]
    pub fn success(&self) -> Option<&'static Response> {
        let first =
            |from: u16| self.responses.iter().find(|response| (from..from + 100).contains(&response.status));
        first(200).or_else(|| first(300))
    }

    /// The object the operation answers with.
    #[must_use]
    pub fn answered_object(&self) -> Option<&'static ObjectSchema> {
        match self.success()?.content.as_ref()?.rule {
            Rule::Object(schema) => Some(schema),
            _ => None,
        }
    }

    /// What the server answers with `status`: the observed answer if there is one, else the declared one.
    #[must_use]
    pub fn answer(&self, status: u16) -> Option<&'static Response> {
        let of = |responses: &'static [Response]| responses.iter().find(|response| response.status == status);
        of(self.observed).or_else(|| of(self.responses))
    }

    /// Whether the security requirement can be met without credentials.
    #[must_use]
    pub fn allows_anonymous(&self) -> bool {
        self.security.is_empty() || self.security.iter().any(|alternative| alternative.is_empty())
    }

    /// The parameters of one location.
    pub fn parameters_in(&self, location: Location) -> impl Iterator<Item = &'static Parameter> {
        self.parameters.iter().filter(move |parameter| parameter.location == location)
    }
}

/// Where a parameter travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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

/// What a query parameter is for (`x-role`); the role decides what happens to a value that does not parse.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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
#[derive(Debug)]
pub struct Parameter {
    /// The name on the wire.
    pub name: &'static str,
    /// Where it travels.
    pub location: Location,
    /// What it is for.
    pub role: Role,
    /// What its values look like.
    pub rule: Rule,
    /// Whether the document demands it.
    pub required: bool,
    /// The description.
    pub description: Option<&'static str>,
    /// The first release that has this parameter, if not every release does.
    pub since: Option<&'static str>,
    /// Its schema, word for word, as JSON.
    pub schema: &'static str,
}

impl Parameter {
    /// Whether a description of it means nothing: these headers are described by other means.
    #[must_use]
    pub fn is_ignored(&self) -> bool {
        let described_elsewhere = ["accept", "content-type", "authorization"];
        self.location == Location::Header
            && described_elsewhere.iter().any(|name| self.name.eq_ignore_ascii_case(name))
    }
}

/// A request body.
#[derive(Debug)]
pub struct Body {
    /// What it holds, in the media type that decides its type: JSON where that is declared.
    pub content: Content,
    /// Whether the document demands a body.
    pub required: bool,
    /// The declared media types.
    pub content_types: &'static [&'static str],
}

/// One answer: a status and what comes with it.
#[derive(Debug)]
pub struct Response {
    /// The status code.
    pub status: u16,
    /// The description.
    pub description: &'static str,
    /// What it holds, or `None` for an answer without a body.
    pub content: Option<Content>,
}

/// What a body or an answer holds.
#[derive(Debug)]
pub struct Content {
    /// The media type, as the document writes it.
    pub media_type: &'static str,
    /// What it looks like, if it is JSON or a form.
    pub rule: Rule,
    /// Its schema, word for word, as JSON; empty if it has none.
    pub schema: &'static str,
}

impl Content {
    /// How it travels.
    #[must_use]
    pub fn form(&self) -> Form {
        Form::of(self.media_type)
    }
}

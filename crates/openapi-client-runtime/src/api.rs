//! The tables of a generated client that describe its API to the runtime.

use std::fmt;
use std::ops::RangeInclusive;

use crate::dialect::Dialect;
use crate::drift::shape::Shape;
use crate::parameter::{Content, Parameter};
use crate::security::Requirement;
use crate::server::Server;

/// An API, as its generated client describes it.
#[derive(Debug)]
pub struct Api {
    /// The header `User-Agent`, unless the builder sets another.
    pub user_agent: &'static str,
    /// The servers that the document names, the usual one first; the path of its URL is that of the API below the URL of
    /// a deployment.
    pub servers: &'static [Server],
    /// The conventions of the server that the document does not describe.
    pub dialect: &'static dyn Dialect,
}

impl Api {
    /// Returns the path of the API below the URL of a deployment, such as `/api/v3`; empty if it is at the root.
    pub(crate) fn base_path(&self) -> String {
        self.servers.first().map(Server::path).unwrap_or_default()
    }
}

/// An operation of an API.
pub struct Operation {
    /// Its id in the document, such as `pets_list`.
    pub id: &'static str,
    /// The method in capital letters.
    pub method: &'static str,
    /// The path in the document, such as `/pets/{id}/`.
    pub path: &'static str,
    /// The server that it is served by, if that is not the one of the API.
    pub server: Option<Server>,
    /// Its parameters, in the order in which a request is given their values.
    pub parameters: &'static [Parameter],
    /// The content of its body, if it has one.
    pub body: Option<Content>,
    /// The media types that it accepts (`Accept`); empty if the document does not say.
    pub accept: &'static str,
    /// The statuses of the responses it is for.
    pub success: &'static [RangeInclusive<u16>],
    /// The shape of its JSON response, if it has one.
    pub answer: Option<Shape>,
    /// The alternatives of its security requirement, of which one is enough; none if it takes no credentials.
    pub security: &'static [&'static [Requirement]],
}

impl Operation {
    /// Returns `true` if sending it twice has the same effect as sending it once, as HTTP defines for its method.
    pub(crate) fn is_idempotent(&self) -> bool {
        matches!(self.method, "GET" | "HEAD" | "OPTIONS" | "QUERY" | "PUT" | "DELETE" | "TRACE")
    }

    /// Returns `true` if it is one of the document, and `false` if it is any request.
    pub(crate) fn is_described(&self) -> bool {
        !self.path.is_empty()
    }

    /// Returns `true` if a response with this status is one that it is for.
    pub(crate) fn expects(&self, status: u16) -> bool {
        self.success.iter().any(|statuses| statuses.contains(&status))
    }
}

/// Leaves out the shape, which may contain itself.
impl fmt::Debug for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Operation")
            .field("id", &self.id)
            .field("method", &self.method)
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}

/// The API that the tests call.
#[cfg(test)]
pub(crate) const SAMPLE: Api = Api {
    user_agent: "sample/1",
    servers: &[Server { url: "/api/v3", variables: &[] }],
    dialect: &crate::dialect::Plain,
};

impl Operation {
    /// Returns an operation without parameters and a body, whose answer is not described.
    pub(crate) const fn plain(id: &'static str, method: &'static str, path: &'static str) -> Self {
        Operation {
            id,
            method,
            path,
            server: None,
            parameters: &[],
            body: None,
            accept: "",
            success: &[200..=299],
            answer: None,
            security: &[],
        }
    }
}

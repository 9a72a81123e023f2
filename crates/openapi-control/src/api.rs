//! The API that is controlled: its operations, its paths, and what its dialect says of failures.

use std::fmt;

use http::{Method, Response, StatusCode};
use openapi_server_runtime::dialect::{Answered, Dialect};
use openapi_server_runtime::failure::Failure;
use openapi_server_runtime::operation::Operation;
use openapi_server_runtime::request::RequestLine;
use openapi_server_runtime::response::Body;
use openapi_server_runtime::route::{Route, Router};
use openapi_server_runtime::tables::Tables;
use openapi_server_runtime::undeclared::Undeclared;

use crate::pattern::Pattern;

/// The beginning of every path that is the control API's.
pub const PREFIX: &str = "/-/";

/// The operations of some tables, below the base path, and the dialect they are served in.
pub(crate) struct Api {
    tables: &'static Tables,
    router: Router,
    shape: Box<dyn Shape>,
}

/// The way in which a dialect answers what is not answered by an operation.
trait Shape: Send + Sync {
    fn bare(&self, answered: &Answered<'_>, status: StatusCode) -> Response<Body>;
    fn failure(&self, answered: &Answered<'_>, failure: Failure) -> Response<Body>;
    fn undeclared(&self, operation: &'static Operation) -> Vec<Undeclared>;
}

impl<D: Dialect> Shape for D {
    fn bare(&self, answered: &Answered<'_>, status: StatusCode) -> Response<Body> {
        Dialect::bare(self, answered, status)
    }

    fn failure(&self, answered: &Answered<'_>, failure: Failure) -> Response<Body> {
        Dialect::failure(self, answered, failure)
    }

    fn undeclared(&self, operation: &'static Operation) -> Vec<Undeclared> {
        Dialect::undeclared(self, operation)
    }
}

/// An operation that the document does not have.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no operation `{id}`{}", .nearest.map(|nearest| format!("; the nearest is `{nearest}`")).unwrap_or_default())]
pub struct UnknownOperation {
    /// The id that was asked for.
    pub id: String,
    /// The id of the document that is most like it.
    pub nearest: Option<&'static str>,
}

/// The reason why no request is one for an operation, with a method, at a path.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Contradiction {
    /// The operation is none of the document's.
    #[error(transparent)]
    Operation(#[from] UnknownOperation),
    /// The operation has another method.
    #[error("`{operation}` is asked for with {expected}, not with {method}")]
    Method {
        /// The operation.
        operation: &'static str,
        /// Its method.
        expected: Method,
        /// The method that was given.
        method: Method,
    },
    /// The operation is at another path.
    #[error("`{operation}` is at {template}, and no request for it has the path `{path}`")]
    Path {
        /// The operation.
        operation: &'static str,
        /// The template of its path.
        template: &'static str,
        /// The path that was given.
        path: String,
    },
    /// The path is not one of a request.
    #[error("`{0}` is no path below {base}: it begins with a slash and has no query", base = .1)]
    NoPath(String, &'static str),
}

impl Api {
    /// Returns the responses that the dialect gives to an operation.
    pub(crate) fn undeclared(&self, operation: &'static Operation) -> Vec<Undeclared> {
        self.shape.undeclared(operation)
    }

    /// Returns the API of these tables in this dialect.
    pub(crate) fn new(tables: &'static Tables, dialect: impl Dialect) -> Self {
        let router = Router::without_base(tables.operations, dialect.path_rules());
        Self { tables, router, shape: Box::new(dialect) }
    }

    pub(crate) fn tables(&self) -> &'static Tables {
        self.tables
    }

    /// Returns the operation with this id.
    pub(crate) fn operation(&self, id: &str) -> Result<&'static Operation, UnknownOperation> {
        let operations = self.tables.operations;
        operations.iter().find(|operation| operation.id == id).ok_or_else(|| {
            let asked = id.to_lowercase();
            // One of which a part was given comes before one that is spelt alike.
            let likeness = |known: &str| {
                let known = known.to_lowercase();
                (known.contains(&asked), strsim::jaro_winkler(&asked, &known))
            };
            let known = operations.iter().map(|operation| operation.id);
            let nearest = known.max_by(|one, other| {
                let (one, other) = (likeness(one), likeness(other));
                one.0.cmp(&other.0).then(one.1.total_cmp(&other.1))
            });
            UnknownOperation { id: id.to_owned(), nearest }
        })
    }

    /// Checks that a request can be for an operation, with a method, at a path.
    pub(crate) fn check(
        &self,
        operation: Option<&str>,
        method: Option<&Method>,
        path: Option<&Pattern>,
    ) -> Result<(), Contradiction> {
        if let Some(path) = path.filter(|path| !path.is_path()) {
            let base = if self.tables.base_path.is_empty() { "/" } else { self.tables.base_path };
            return Err(Contradiction::NoPath(path.to_string(), base));
        }
        let Some(operation) = operation else { return Ok(()) };
        let operation = self.operation(operation)?;
        if let Some(method) = method.filter(|method| !answers(&operation.method, method)) {
            let (expected, method) = (operation.method.clone(), method.clone());
            return Err(Contradiction::Method { operation: operation.id, expected, method });
        }
        match path {
            Some(path) if !self.is_at(path, |known| std::ptr::eq(known, operation)) => {
                let (operation, template) = (operation.id, operation.path);
                Err(Contradiction::Path { operation, template, path: path.to_string() })
            }
            _ => Ok(()),
        }
    }

    /// Returns `true` if an operation is at a path that fits the pattern, and is one of those that are wanted.
    pub(crate) fn is_at(&self, path: &Pattern, wanted: impl Fn(&'static Operation) -> bool) -> bool {
        let is_wanted = |route: &Route| route.operations().iter().any(|operation| wanted(operation));
        match path.as_literal() {
            Some(path) => self.router.find(path).is_some_and(|matched| is_wanted(matched.route)),
            None => self.router.routes().iter().any(|route| is_wanted(route) && path.meets(route.template())),
        }
    }

    /// Returns the dialect's response with a status of which nothing more is known.
    pub(crate) fn bare(&self, line: &RequestLine<'_>, status: StatusCode) -> Response<Body> {
        self.with_answered(line, |answered| self.shape.bare(answered, status))
    }

    /// Returns the dialect's response to a failure.
    pub(crate) fn failure(&self, line: &RequestLine<'_>, failure: Failure) -> Response<Body> {
        self.with_answered(line, |answered| self.shape.failure(answered, failure))
    }

    fn with_answered<T>(&self, line: &RequestLine<'_>, answer: impl FnOnce(&Answered<'_>) -> T) -> T {
        let matched = self.router.find(line.path);
        let (route, schemes) = (matched.as_ref().map(|matched| matched.route), self.tables.security_schemes);
        answer(&Answered { method: line.method, route, operation: line.operation, schemes })
    }
}

/// Returns `true` if a request with a method is answered by what has the method `known`.
pub(crate) fn answers(known: &Method, method: &Method) -> bool {
    known == method || (known == Method::GET && method == Method::HEAD)
}

impl fmt::Debug for Api {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Api").field("operations", &self.tables.operations.len()).finish_non_exhaustive()
    }
}

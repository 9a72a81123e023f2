//! Registers the operations with dropshot. Every operation is an endpoint, but all of them have the same path, which
//! matches everything, and differ in their version: dropshot's router cannot hold `redeem_token/` beside `{slug}/`,
//! drops the slash at the end of a path and answers unknown paths in its own words.
//!
//! [`Numbering`] searches the router and makes the position of an operation's route the version of the request; dropshot picks
//! the endpoint by it, and the endpoint knows its route. Whatever else is asked for, such as an unknown path, a method that a
//! path does not have or `HEAD`, is searched for again by the endpoint that all of these share.

use std::sync::Arc;

use dropshot::{
    ApiDescription, ApiDescriptionRegisterError, ApiEndpoint, ApiEndpointVersions, Body,
    ClientErrorStatusCode, DynamicVersionPolicy, HttpError, Path, RawRequest, RequestContext,
};
use http::header::CONTENT_TYPE;
use http::{Method, Request};
use percent_encoding::percent_decode_str;
use schemars::JsonSchema;
use semver::Version;
use serde::Deserialize;

use crate::dialect::{Answered, Dialect};
use crate::dispatch::Dispatch;
use crate::failure::Failure;
use crate::host::Host;
use crate::operation::Operation;
use crate::route::{PathRules, Route, Router};
use crate::serve::serve_matched;
use crate::service::Service;
use crate::tables::Tables;
use crate::upgrade;

/// The methods dropshot hands on. One that no endpoint has would be answered in dropshot's own words.
const METHODS: [Method; 8] = [
    Method::GET,
    Method::HEAD,
    Method::OPTIONS,
    Method::POST,
    Method::PUT,
    Method::PATCH,
    Method::DELETE,
    Method::TRACE,
];

/// Returns an endpoint for every operation, and one for each method of whatever else is asked for.
///
/// # Errors
/// If dropshot refuses one.
pub fn api_description<S: Dispatch<A>, A: Host, D: Dialect>(
    tables: &'static Tables,
    rules: PathRules,
) -> Result<ApiDescription<Service<S, A, D>>, ApiDescriptionRegisterError> {
    let mut api = ApiDescription::new();
    for method in METHODS {
        api.register(endpoint(format!("{method} of no operation"), method, None))?;
    }
    let router = Router::new(tables.base_path, tables.operations, rules);
    for (position, route) in router.routes().iter().enumerate() {
        // Dropshot panics at a second endpoint of a method; it would never be reached.
        let is_first = |operation: &&&Operation| {
            route.operation(&operation.method).is_some_and(|first| std::ptr::eq(first, **operation))
        };
        for operation in route.operations().iter().filter(is_first) {
            api.register(endpoint(operation.id.to_owned(), operation.method.clone(), Some(position)))?;
        }
    }
    Ok(api)
}

/// Returns the endpoint of an operation of the route at `position`, or of whatever else has this method.
fn endpoint<S: Dispatch<A>, A: Host, D: Dialect>(
    id: String,
    method: Method,
    position: Option<usize>,
) -> ApiEndpoint<Service<S, A, D>> {
    let handler = move |context: RequestContext<Service<S, A, D>>, _: Path<AnyPath>, request: RawRequest| async move {
        let (service, mut request) = (context.context(), request.into_inner());
        upgrade::add_offer(&mut request);
        let path = request.uri().path();
        let matched = match position {
            Some(position) => service.router().at(position, path),
            None => service.router().find(path),
        };
        let mut response = serve_matched(service, matched, request).await;
        if let Some(handler) = upgrade::handler(&mut response) {
            tokio::spawn(handler);
        }
        Ok::<_, HttpError>(response.map(Body::wrap))
    };
    let number = number(position);
    // A range in the right order is never refused.
    let versions = ApiEndpointVersions::from_until(version(number), version(number + 1))
        .unwrap_or(ApiEndpointVersions::All);
    ApiEndpoint::new(id, handler, method, "application/json", "/{path:.*}", versions).visible(false)
}

/// Returns the number of a route, which is 0 for what is no operation.
fn number(position: Option<usize>) -> u64 {
    position.and_then(|position| u64::try_from(position).ok()).map_or(0, |position| position + 1)
}

fn version(number: u64) -> Version {
    Version::new(number, 0, 0)
}

/// The whole path. The service's router has matched it before dropshot sees it.
#[derive(Deserialize, JsonSchema)]
struct AnyPath {
    #[serde(rename = "path")]
    _path: Vec<String>,
}

/// Finds the number of the route whose operation a request asks for, which dropshot takes for a version.
#[derive(Debug)]
pub struct Numbering<D> {
    router: Router,
    dialect: Arc<D>,
}

impl<D: Dialect> Numbering<D> {
    /// Returns the numbers of the routes of these tables.
    #[must_use]
    pub fn of(tables: &'static Tables, dialect: Arc<D>) -> Self {
        let router = Router::new(tables.base_path, tables.operations, dialect.path_rules());
        Self { router, dialect }
    }

    fn number_of(&self, method: &Method, path: &str) -> u64 {
        let operations = |position: &usize| self.router.routes().get(*position).map(Route::operations);
        let has_method = |position: &usize| {
            operations(position).into_iter().flatten().any(|operation| operation.method == *method)
        };
        number(self.router.position(path).filter(has_method))
    }
}

impl<D: Dialect> DynamicVersionPolicy for Numbering<D> {
    fn request_extract_version(
        &self,
        request: &Request<Body>,
        _: &slog::Logger,
    ) -> Result<Version, HttpError> {
        let path = request.uri().path();
        if dropshot_refuses(path) {
            return Err(unknown_path(&*self.dialect, request.method()));
        }
        Ok(version(self.number_of(request.method(), path)))
    }
}

/// Returns `true` if dropshot answers 400 to a path before it looks for an endpoint.
fn dropshot_refuses(path: &str) -> bool {
    path.split('/')
        .any(|segment| matches!(segment, "." | "..") || percent_decode_str(segment).decode_utf8().is_err())
}

/// Returns the status and the headers of an unknown path. The body is dropshot's own; there is no way to give it
/// another.
fn unknown_path(dialect: &impl Dialect, method: &Method) -> HttpError {
    let answered = Answered { method, route: None, operation: None, schemes: &[] };
    let mut page = dialect.failure(&answered, Failure::UnknownPath);
    dialect.finish(&uuid::Uuid::new_v4().simple().to_string(), &mut page);
    let status = if page.status() == http::StatusCode::METHOD_NOT_ALLOWED {
        ClientErrorStatusCode::METHOD_NOT_ALLOWED
    } else {
        ClientErrorStatusCode::NOT_FOUND
    };
    let mut error = HttpError::for_client_error_with_status(None, status);
    page.headers_mut().remove(CONTENT_TYPE);
    error.headers = Some(Box::new(std::mem::take(page.headers_mut())));
    error
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dispatch::Document as _;
    use crate::plain::Plain;
    use crate::sample::{OPERATIONS, Pets, Shelter};

    #[test]
    fn every_operation_is_an_endpoint_by_its_name_and_all_else_is_another() {
        let api =
            api_description::<Pets, Shelter, Plain>(Pets::TABLES, PathRules::default()).expect("endpoints");
        let router = api.into_router();
        let numbering = Numbering::of(Pets::TABLES, Arc::new(Plain));
        let found = |method: &Method, path| {
            let version = version(numbering.number_of(method, path));
            router.lookup_route(method, "/any".into(), Some(&version)).expect("an endpoint").endpoint
        };
        for operation in OPERATIONS {
            assert_eq!(found(&operation.method, operation.path).operation_id, operation.id);
            assert_eq!(found(&Method::TRACE, operation.path).operation_id, "TRACE of no operation");
        }
        assert_eq!(found(&Method::GET, "/unknown/").operation_id, "GET of no operation");
    }

    #[test]
    fn paths_dropshot_refuses_are_known_beforehand() {
        for (path, refused) in [
            ("/pets/../", true),
            ("/./", true),
            ("/pets/%FF/", true),
            ("/pets/a..b/", false),
            ("/pets/%2E%2E/", false),
        ] {
            assert_eq!(dropshot_refuses(path), refused, "{path}");
        }
    }
}

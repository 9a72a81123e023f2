//! Registers the operations with dropshot. Every operation is an endpoint, but all of them have the same path, which
//! matches everything, and differ in their version: dropshot's router cannot hold `redeem_token/` beside `{slug}/`,
//! drops the slash at the end of a path and answers unknown paths in its own words.
//!
//! Routing happens once. [`Numbering`] searches the service's router and makes the position of the route the version of
//! the request; dropshot picks the endpoint by it, and the endpoint knows its route.

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

/// Returns an endpoint for every operation, and for every other method of its route, which the service answers itself;
/// and one for each method of unknown paths.
///
/// # Errors
/// If dropshot refuses one.
pub fn api_description<S: Dispatch<A>, A: Host, D: Dialect>(
    tables: &'static Tables,
    rules: PathRules,
) -> Result<ApiDescription<Service<S, A, D>>, ApiDescriptionRegisterError> {
    let mut api = ApiDescription::new();
    let router = Router::new(tables.base_path, tables.operations, rules);
    let positions = std::iter::once(None).chain((0..router.routes().len()).map(Some));
    for position in positions {
        let route = position.and_then(|position| router.routes().get(position));
        for method in METHODS {
            let operations = route.map_or(&[][..], Route::operations);
            let id = match operations.iter().find(|operation| operation.method == method) {
                Some(operation) => operation.id.to_owned(),
                None => format!("{method} {}", route.map_or("unknown path", Route::template)),
            };
            api.register(endpoint(id, method, position))?;
        }
    }
    Ok(api)
}

/// Returns the endpoint of a method of the route at `position`, or of an unknown path.
fn endpoint<S: Dispatch<A>, A: Host, D: Dialect>(
    id: String,
    method: Method,
    position: Option<usize>,
) -> ApiEndpoint<Service<S, A, D>> {
    let handler = move |context: RequestContext<Service<S, A, D>>, _: Path<AnyPath>, request: RawRequest| async move {
        let (service, mut request) = (context.context(), request.into_inner());
        upgrade::add_offer(&mut request);
        let matched = position.and_then(|position| service.router().at(position, request.uri().path()));
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

/// Returns the number of a route, which is 0 for unknown paths.
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

/// Finds the number of the route a request belongs to, which dropshot takes for a version.
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
        Ok(version(number(self.router.position(path))))
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
    fn every_operation_is_an_endpoint_by_its_name_at_the_number_of_its_route() {
        let api =
            api_description::<Pets, Shelter, Plain>(Pets::TABLES, PathRules::default()).expect("endpoints");
        let router = api.into_router();
        for operation in OPERATIONS {
            let number = number(Numbering::of(Pets::TABLES, Arc::new(Plain)).router.position(operation.path));
            let found = router.lookup_route(&operation.method, "/any".into(), Some(&version(number)));
            assert_eq!(found.expect("an endpoint").endpoint.operation_id, operation.id);
        }
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

//! Dropshot's endpoints. Every operation is one, but all of them stand at the same path, which matches everything, and
//! are told apart by a version that is made up for each request: dropshot's router cannot hold `redeem_token/` beside
//! `{slug}/`, drops the slash at the end of a path and answers unknown paths in its own words.

use dropshot::{
    ApiDescription, ApiDescriptionRegisterError, ApiEndpoint, ApiEndpointVersions, Body,
    ClientErrorStatusCode, DynamicVersionPolicy, HttpError, Path, RawRequest, RequestContext,
};
use http::header::{ALLOW, HeaderMap};
use http::{Method, Request, Response};
use percent_encoding::percent_decode_str;
use schemars::JsonSchema;
use semver::Version;
use serde::Deserialize;

use crate::answer;
use crate::dispatch::{Dispatch, Document};
use crate::host::Host;
use crate::operation::Operation;
use crate::route::Router;
use crate::serve::serve;
use crate::service::Service;

/// The number of the endpoints for what is no operation: unknown paths, and methods the server itself answers.
const NO_OPERATION: u64 = 0;

/// The methods of those endpoints.
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

/// Returns an endpoint for every operation, numbered from one in the order of the table, and those for what is none.
///
/// # Errors
/// If dropshot refuses one.
pub fn api_description<S: Dispatch<A>, A: Host>()
-> Result<ApiDescription<Service<S, A>>, ApiDescriptionRegisterError> {
    let mut api = ApiDescription::new();
    for method in METHODS {
        let id = format!("no_operation_{}", method.as_str().to_lowercase());
        api.register(numbered(id, method, NO_OPERATION))?;
    }
    for (operation, number) in S::OPERATIONS.iter().zip(NO_OPERATION + 1..) {
        api.register(numbered(operation.id.to_owned(), operation.method.clone(), number))?;
    }
    Ok(api)
}

fn numbered<S: Dispatch<A>, A: Host>(id: String, method: Method, number: u64) -> ApiEndpoint<Service<S, A>> {
    // A range in the right order is never refused.
    let versions = ApiEndpointVersions::from_until(version(number), version(number + 1))
        .unwrap_or(ApiEndpointVersions::All);
    ApiEndpoint::new(id, handle::<S, A>, method, "application/json", "/{path:.*}", versions).visible(false)
}

fn version(number: u64) -> Version {
    Version::new(number, 0, 0)
}

/// The whole path; it is matched before and after dropshot has seen it.
#[derive(Deserialize, JsonSchema)]
struct AnyPath {
    #[serde(rename = "path")]
    _path: Vec<String>,
}

async fn handle<S: Dispatch<A>, A: Host>(
    context: RequestContext<Service<S, A>>,
    _: Path<AnyPath>,
    request: RawRequest,
) -> Result<Response<Body>, HttpError> {
    Ok(serve(context.context(), request.into_inner()).await.map(Body::wrap))
}

/// Finds the number of the operation a request asks for.
#[derive(Debug)]
pub struct Numbering {
    router: Router,
    operations: &'static [Operation],
}

impl Numbering {
    /// The numbers of the operations of `S`.
    #[must_use]
    pub fn of<S: Document>() -> Self {
        Self { router: Router::new(S::BASE_PATH, S::OPERATIONS), operations: S::OPERATIONS }
    }

    fn number(&self, method: &Method, path: &str) -> u64 {
        let asked = self.router.find(path).and_then(|matched| matched.route.operation(method));
        let known = asked.filter(|operation| operation.method == *method);
        let numbered = self.operations.iter().zip(NO_OPERATION + 1..);
        known
            .and_then(|known| numbered.into_iter().find(|(operation, _)| operation.id == known.id))
            .map_or(NO_OPERATION, |(_, number)| number)
    }
}

impl DynamicVersionPolicy for Numbering {
    fn request_extract_version(
        &self,
        request: &Request<Body>,
        _: &slog::Logger,
    ) -> Result<Version, HttpError> {
        let path = request.uri().path();
        if dropshot_refuses(path) {
            return Err(unknown_path(request.method()));
        }
        Ok(version(self.number(request.method(), path)))
    }
}

/// Whether dropshot answers 400 to a path before it looks for an endpoint.
fn dropshot_refuses(path: &str) -> bool {
    path.split('/')
        .any(|segment| matches!(segment, "." | "..") || percent_decode_str(segment).decode_utf8().is_err())
}

/// The status and the headers of an unknown path. The body is dropshot's own; there is no way to give it another.
fn unknown_path(method: &Method) -> HttpError {
    let page = answer::page(method, http::StatusCode::NOT_FOUND);
    let status = if page.status() == http::StatusCode::METHOD_NOT_ALLOWED {
        ClientErrorStatusCode::METHOD_NOT_ALLOWED
    } else {
        ClientErrorStatusCode::NOT_FOUND
    };
    let mut error = HttpError::for_client_error_with_status(None, status);
    let mut headers: HeaderMap = answer::common(&uuid::Uuid::new_v4().simple().to_string());
    headers.extend(page.headers().get(ALLOW).map(|allow| (ALLOW, allow.clone())));
    error.headers = Some(Box::new(headers));
    error
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::Pets;

    #[test]
    fn requests_are_numbered_by_operation() {
        let numbering = Numbering::of::<Pets>();
        let cases = [
            (Method::GET, "/pets/", 1),
            (Method::POST, "/pets/", 2),
            (Method::GET, "/pets/rex/", 3),
            (Method::POST, "/pets/wash/", 7),
            (Method::HEAD, "/pets/", NO_OPERATION),
            (Method::OPTIONS, "/pets/", NO_OPERATION),
            (Method::PUT, "/pets/", NO_OPERATION),
            (Method::GET, "/pets", NO_OPERATION),
            (Method::GET, "/", NO_OPERATION),
        ];
        for (method, path, expected) in cases {
            assert_eq!(numbering.number(&method, path), expected, "{method} {path}");
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

//! The two operations that log a user in with a Plex token. Everything up to asking plex.tv about the token is done as
//! authentik does it; plex.tv itself is out of reach for a stub, which says so with 501.

use http::StatusCode;
use openapi_django::server::python;
use openapi_resources::reader::Reader;
use openapi_server_runtime::failure::Failure;
use serde_json::{Value, json};

use super::Context;
use crate::api::departure::Departs;

/// The operations.
const OPERATIONS: [&str; 2] =
    ["sources_plex_redeem_token_authenticated_create", "sources_plex_redeem_token_create"];

/// Returns `true` for a request to redeem a token.
pub(super) fn is_asked(cx: &Context) -> bool {
    cx.operation.is_some_and(|operation| OPERATIONS.contains(&operation.id))
}

/// Checks that the query names a source and that the body has a token, which is any value that Python considers true.
/// The document's schema for a token is not applied.
///
/// # Errors
/// 404 for another source, 400 without a token, a server error for a body that is not an object.
pub(super) fn expect_token(reader: Reader<'_>, cx: &Context, body: &Value) -> Result<(), Failure> {
    let slug = Value::from(cx.query.last("slug").unwrap_or_default());
    let sources = reader.model("authentik_sources_plex.plexsource");
    if sources.and_then(|sources| reader.find(sources, "slug", &slug)).is_none() {
        return Err(Failure::not_found());
    }
    let Value::Object(body) = body else { return Err(Departs::BodyUnchecked.broken()) };
    if body.get("plex_token").is_some_and(python::truth) {
        return Ok(());
    }
    Err(Failure::Body { status: StatusCode::BAD_REQUEST, value: json!(["No plex token given"]) })
}

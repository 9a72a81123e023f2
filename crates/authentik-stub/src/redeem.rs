//! The two routes that log a user in with a Plex token. Everything up to asking plex.tv about the token is done as
//! authentik does it; plex.tv itself is out of reach for a stub, which says so with 501.

use http::StatusCode;
use openapi_server_runtime::failure::Failure;
use serde_json::{Value, json};

use crate::plex_sources::PlexSources;
use crate::stub_api::StubApi;
use crate::viewset::{Context, Viewset};

/// The route that anyone may use.
const ANONYMOUS: &str = "/sources/plex/redeem_token/";

/// Both routes.
pub const ROUTES: [&str; 2] = [ANONYMOUS, "/sources/plex/redeem_token_authenticated/"];

/// Checks that the caller may redeem a token here.
///
/// # Errors
/// 403 if this route needs a user and there is none.
pub fn permit(cx: &Context) -> Result<(), Failure> {
    if cx.route == ANONYMOUS { Ok(()) } else { cx.require_user().map(drop) }
}

/// Checks that the query names a source.
///
/// # Errors
/// 404 if not.
pub fn admit(api: &StubApi, cx: &Context) -> Result<(), Failure> {
    let slug = cx.query.last("slug").unwrap_or_default();
    PlexSources::find(&api.store().read(), slug)?.map(drop).ok_or_else(Failure::not_found)
}

/// Checks that a body has a token, which is any value that Python considers true. The document's schema for a token is
/// not applied.
///
/// # Errors
/// 400 if there is none, a server error for a body that is not an object.
pub fn expect_token(body: &Value) -> Result<(), Failure> {
    let Value::Object(body) = body else { return Err(Failure::ServerError) };
    let given = match body.get("plex_token") {
        None | Some(Value::Null) => false,
        Some(Value::Bool(value)) => *value,
        Some(Value::Number(number)) => number.as_f64() != Some(0.0),
        Some(Value::String(text)) => !text.is_empty(),
        Some(Value::Array(items)) => !items.is_empty(),
        Some(Value::Object(entries)) => !entries.is_empty(),
    };
    if given {
        return Ok(());
    }
    Err(Failure::Body { status: StatusCode::BAD_REQUEST, value: json!(["No plex token given"]) })
}

#[cfg(test)]
mod tests {
    use openapi_django::server::shape;

    use super::*;

    #[test]
    fn a_token_is_whatever_python_takes_for_true() {
        let none = [
            json!({}),
            json!({"plex_token": ""}),
            json!({"plex_token": null}),
            json!({"plex_token": 0}),
            json!({"plex_token": -0.0}),
            json!({"plex_token": false}),
            json!({"plex_token": {}}),
            json!({"plex_token": []}),
        ];
        for body in none {
            let refused = expect_token(&body).expect_err("no token");
            assert_eq!(shape(&refused).1, Some(json!(["No plex token given"])), "{body}");
        }
        for body in [json!({"plex_token": true}), json!({"plex_token": ["x"]}), json!({"plex_token": " "})] {
            assert_eq!(expect_token(&body), Ok(()), "{body}");
        }
        for body in [json!([]), json!("x"), json!(null)] {
            assert_eq!(expect_token(&body), Err(Failure::ServerError), "{body}");
        }
    }
}

//! The two routes that log a user in with a Plex token. Everything up to asking plex.tv about the token is done as
//! authentik does it; plex.tv itself is out of reach for a stub, which says so with 501.

use authentik_sources_api::failure::Failure;
use http::StatusCode;
use serde_json::{Value, json};

use crate::authentik::Authentik;
use crate::plex_sources::PlexSources;
use crate::viewset::{Context, Viewset};

/// The route that anyone may use.
const ANONYMOUS: &str = "/sources/plex/redeem_token/";

/// Whether the caller may redeem a token here.
///
/// # Errors
/// 403 if this route needs a user and there is none.
pub fn permit(cx: &Context) -> Result<(), Failure> {
    if cx.route == ANONYMOUS { Ok(()) } else { cx.require_user().map(drop) }
}

/// Whether the query names a source.
///
/// # Errors
/// 404 if not.
pub fn admit(authentik: &Authentik, cx: &Context) -> Result<(), Failure> {
    let slug = cx.query.last("slug").unwrap_or_default();
    PlexSources::find(&authentik.store().read(), slug)?.map(drop).ok_or_else(Failure::not_found)
}

/// The answer to a body that breaks the rules of the document. authentik has other rules here: it looks for a token in
/// whatever it was sent, and anything Python takes for true is one.
#[must_use]
pub fn reject(body: &Value) -> Failure {
    let Value::Object(body) = body else { return Failure::ServerError };
    let given = match body.get("plex_token") {
        None | Some(Value::Null) => false,
        Some(Value::Bool(value)) => *value,
        Some(Value::Number(number)) => number.as_f64() != Some(0.0),
        Some(Value::String(text)) => !text.is_empty(),
        Some(Value::Array(items)) => !items.is_empty(),
        Some(Value::Object(entries)) => !entries.is_empty(),
    };
    if given {
        return out_of_reach();
    }
    Failure::Body { status: StatusCode::BAD_REQUEST, value: json!(["No plex token given"]) }
}

/// The answer to a request that is in order.
#[must_use]
pub fn out_of_reach() -> Failure {
    Failure::detail(StatusCode::NOT_IMPLEMENTED, "A stub does not ask plex.tv whose token this is.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_whatever_python_takes_for_true() {
        let none = [
            json!({}),
            json!({"plex_token": ""}),
            json!({"plex_token": null}),
            json!({"plex_token": 0}),
            json!({"plex_token": []}),
        ];
        for body in none {
            assert_eq!(reject(&body).body(), Some(json!(["No plex token given"])), "{body}");
        }
        for body in [json!({"plex_token": true}), json!({"plex_token": ["x"]}), json!({"plex_token": " "})] {
            assert_eq!(reject(&body).status(), StatusCode::NOT_IMPLEMENTED, "{body}");
        }
        for body in [json!([]), json!("x"), json!(null)] {
            assert_eq!(reject(&body), Failure::ServerError, "{body}");
        }
    }
}

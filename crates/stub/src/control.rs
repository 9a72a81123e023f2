//! The stub's own routes, beside the API: they put the first objects back, tell that the server is there, and show the
//! API's document. They need no token, for a stub guards nothing.

use authentik_sources_api::DOCUMENT;
use bytes::Bytes;
use http::header::{ALLOW, CONTENT_TYPE};
use http::{HeaderValue, Method, Response, StatusCode};
use serde_json::{Value, json};

use crate::authentik::Authentik;

/// One of these routes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Route {
    Reset,
    Health,
    Document,
}

/// Every route with its path and its method.
const ROUTES: &[(&str, Method, Route)] = &[
    ("/-/reset", Method::POST, Route::Reset),
    ("/-/health", Method::GET, Route::Health),
    ("/-/openapi.json", Method::GET, Route::Document),
];

/// The answer to a path outside the API; `None` if it is none of these.
pub async fn answer(authentik: &Authentik, method: &Method, path: &str) -> Option<Response<Bytes>> {
    let (_, known, route) = ROUTES.iter().find(|(known, ..)| *known == path)?;
    if method != known {
        let mut refused =
            json(StatusCode::METHOD_NOT_ALLOWED, json!({"detail": format!("Use {known}.")}).to_string());
        refused.headers_mut().extend(HeaderValue::from_str(known.as_str()).ok().map(|known| (ALLOW, known)));
        return Some(refused);
    }
    Some(match route {
        Route::Reset => reset(authentik).await,
        Route::Health => json(StatusCode::OK, health(authentik).to_string()),
        Route::Document => json(StatusCode::OK, Bytes::from_static(DOCUMENT.as_bytes())),
    })
}

async fn reset(authentik: &Authentik) -> Response<Bytes> {
    match authentik.store().reset().await {
        Ok(()) => {
            let mut done = Response::new(Bytes::new());
            *done.status_mut() = StatusCode::NO_CONTENT;
            done
        }
        Err(error) => failed(&error),
    }
}

fn health(authentik: &Authentik) -> Value {
    let state = authentik.store().read();
    json!({
        "status": "ok",
        "plex_sources": state.plex_sources.len(),
        "group_oauth_connections": state.group_oauth_connections.len(),
    })
}

fn failed(error: &dyn std::error::Error) -> Response<Bytes> {
    tracing::error!(%error, "a control route failed");
    json(StatusCode::INTERNAL_SERVER_ERROR, json!({"detail": error.to_string()}).to_string())
}

fn json(status: StatusCode, text: impl Into<Bytes>) -> Response<Bytes> {
    let mut response = Response::new(text.into());
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8"));
    response
}

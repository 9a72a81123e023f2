//! The page for people: its files, which are part of the program, and the headers that keep it harmless. It has no text of the
//! API's document; it asks for that as any program does, so its files are no secret.

use http::Response;
use http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, HeaderValue, REFERRER_POLICY,
    X_CONTENT_TYPE_OPTIONS,
};
use openapi_server_runtime::response::Body;

const HTML: &str = "text/html; charset=utf-8";
const CSS: &str = "text/css; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";

/// A file of the page.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Asset {
    path: &'static str,
    media_type: &'static str,
    text: &'static str,
}

/// Lists files of the page, each with its media type.
macro_rules! assets {
    ($($media_type:ident $name:literal)*) => {
        &[$(Asset {
            path: concat!("/-/page/", $name),
            media_type: $media_type,
            text: include_str!(concat!("../page/", $name)),
        }),*]
    };
}

const INDEX: Asset = Asset { path: "/-/", media_type: HTML, text: include_str!("../page/index.html") };

const ASSETS: &[Asset] = assets! {
    CSS "style.css"
    SCRIPT "answer.js"
    SCRIPT "answers.js"
    SCRIPT "control.js"
    SCRIPT "copies.js"
    SCRIPT "coverage.js"
    SCRIPT "document.js"
    SCRIPT "dom.js"
    SCRIPT "expectation.js"
    SCRIPT "faults.js"
    SCRIPT "form.js"
    SCRIPT "journal.js"
    SCRIPT "main.js"
    SCRIPT "operation.js"
    SCRIPT "overview.js"
    SCRIPT "reference.js"
    SCRIPT "request.js"
    SCRIPT "sample.js"
    SCRIPT "schema.js"
    SCRIPT "state.js"
    SCRIPT "violations.js"
    SCRIPT "worlds.js"
};

/// The headers of every file. Nothing is loaded from elsewhere, no text becomes a script or markup, and no other page shows it
/// in a frame.
const HEADERS: [(HeaderName, &str); 4] = [
    (
        CONTENT_SECURITY_POLICY,
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; \
         base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'",
    ),
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (REFERRER_POLICY, "no-referrer"),
    (CACHE_CONTROL, "no-cache"),
];

/// Returns the file at a path.
pub(crate) fn asset(path: &str) -> Option<&'static Asset> {
    std::iter::once(&INDEX).chain(ASSETS).find(|asset| asset.path == path)
}

impl Asset {
    /// Returns the response that has the file.
    pub(crate) fn response(&self) -> Response<Body> {
        let mut response = Response::new(Body::from(self.text));
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(self.media_type));
        headers.extend(HEADERS.map(|(name, value)| (name, HeaderValue::from_static(value))));
        response
    }
}

//! The world that a request names: by the header `X-Stub-World`, or else by its bearer token, so that a program that is given
//! no more than a URL and a token is in a world too.

use http::HeaderMap;
use http::header::AUTHORIZATION;

/// The header that names the world of a request.
pub const WORLD: &str = "x-stub-world";

/// The beginning of a token that names a world.
const PREFIX: &str = "world~";

/// Returns the token that stands for `token` in a world: `world~NAME~TOKEN`.
///
/// ```
/// use openapi_control::{token_in_world, token_without_world};
///
/// let token = token_in_world("test-17", "secret");
/// assert_eq!(token, "world~test-17~secret");
/// assert_eq!(token_without_world(&token), "secret");
/// assert_eq!(token_without_world("secret"), "secret");
/// ```
#[must_use]
pub fn token_in_world(world: &str, token: &str) -> String {
    format!("{PREFIX}{world}~{token}")
}

/// Returns the token without the name of a world. A host that checks tokens checks this one.
#[must_use]
pub fn token_without_world(token: &str) -> &str {
    split(token).map_or(token, |(_, token)| token)
}

/// Returns the world and the token of a token that names a world.
fn split(token: &str) -> Option<(&str, &str)> {
    token.strip_prefix(PREFIX)?.split_once('~')
}

/// Returns the name of the world that headers name, as it was sent; `None` for the first world.
pub(crate) fn of(headers: &HeaderMap) -> Option<&[u8]> {
    if let Some(name) = headers.get(WORLD) {
        return Some(name.as_bytes());
    }
    let (scheme, token) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    let is_bearer = scheme.eq_ignore_ascii_case("bearer");
    split(token.trim()).filter(|_| is_bearer).map(|(name, _)| name.as_bytes())
}

#[cfg(test)]
mod tests {
    use http::{HeaderName, HeaderValue};

    use super::*;

    fn named(headers: &[(HeaderName, &str)]) -> Option<String> {
        let headers = headers.iter().cloned();
        let headers: HeaderMap =
            headers.map(|(name, value)| (name, HeaderValue::from_str(value).expect("a value"))).collect();
        of(&headers).map(|name| String::from_utf8_lossy(name).into_owned())
    }

    #[test]
    fn a_world_is_named_by_the_header_or_else_by_the_token() {
        let by_token = (AUTHORIZATION, "Bearer world~a.b-1~key~2");
        assert_eq!(named(std::slice::from_ref(&by_token)).as_deref(), Some("a.b-1"));
        let header = (HeaderName::from_static(WORLD), "c");
        assert_eq!(named(&[header, by_token]).as_deref(), Some("c"));
        assert_eq!(named(&[(AUTHORIZATION, "bearer world~~key")]).as_deref(), Some(""));
        for other in
            ["Bearer key", "Bearer world~key", "Basic world~a~key", "world~a~key", "Bearer xworld~a~key"]
        {
            assert_eq!(named(&[(AUTHORIZATION, other)]), None, "{other}");
        }
        assert_eq!(named(&[]), None);
    }
}

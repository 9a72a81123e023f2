//! The grammar of the `Authorization` header. [`openapi_server_runtime::host::Host`] decides whose token it is.

use crate::server::python;
use openapi_server_runtime::failure::Failure;

/// Returns the token of an `Authorization` header; `None` if the header counts as absent.
///
/// The header is stripped and split at its first blank. Without one there are no credentials in it, so a bare token or
/// a lone `Bearer` is an anonymous request; the scheme is compared without case.
///
/// # Errors
/// 403 for any other scheme than bearer; a server error for bytes that are no UTF-8 and for a token that is not ASCII.
pub fn parse(header: &[u8]) -> Result<Option<&str>, Failure> {
    let text = python::strip(std::str::from_utf8(header).map_err(|_| Failure::ServerError)?);
    match text.split_once(' ') {
        None => Ok(None),
        Some((scheme, _)) if !scheme.eq_ignore_ascii_case("bearer") => {
            Err(Failure::authentication_failed("Unsupported authentication type"))
        }
        Some((_, token)) if !token.is_ascii() => Err(Failure::ServerError),
        Some((_, token)) => Ok(Some(token)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_need_a_scheme_a_blank_and_a_token() {
        let unsupported = || Err(Failure::authentication_failed("Unsupported authentication type"));
        let cases: [(&[u8], Result<_, _>); 16] = [
            (b"Bearer tok", Ok(Some("tok"))),
            (b"bearer tok", Ok(Some("tok"))),
            (b"  BEARER tok  ", Ok(Some("tok"))),
            (b"Bearer  tok", Ok(Some(" tok"))),
            (b"Bearer tok extra", Ok(Some("tok extra"))),
            (b"", Ok(None)),
            (b"Bearer", Ok(None)),
            (b"Bearer   ", Ok(None)),
            (b"Bearer\ttok", Ok(None)),
            (b"tok", Ok(None)),
            (b"Foo ", Ok(None)),
            (b"Token tok", unsupported()),
            (b"Bearer: tok", unsupported()),
            ("Basic ü".as_bytes(), unsupported()),
            ("Bearer tök".as_bytes(), Err(Failure::ServerError)),
            (b"Bearer \xFF", Err(Failure::ServerError)),
        ];
        for (header, expected) in cases {
            assert_eq!(parse(header), expected, "{}", String::from_utf8_lossy(header));
        }
    }
}

//! Percent-encoding by RFC 3986 and RFC 6570.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// Characters that are not unreserved in RFC 3986.
const NOT_UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Characters that are encoded even if reserved ones are allowed, since they would end the value or be decoded.
const NOT_RESERVED: &AsciiSet = &NOT_UNRESERVED
    .remove(b':')
    .remove(b'/')
    .remove(b'?')
    .remove(b'@')
    .remove(b'!')
    .remove(b'$')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')')
    .remove(b'*')
    .remove(b',')
    .remove(b';')
    .remove(b'=');

/// Characters that are encoded in an item of a list.
const NOT_RESERVED_IN_LISTS: &AsciiSet = &NOT_RESERVED.add(b',');

/// Characters that a cookie cannot hold, and the one that marks encoded characters.
const NOT_IN_COOKIES: &AsciiSet =
    &percent_encoding::CONTROLS.add(b' ').add(b'"').add(b',').add(b';').add(b'\\').add(b'%');

/// Encodes `text` so that it means nothing but itself.
pub(super) fn encode(text: &str) -> String {
    utf8_percent_encode(text, NOT_UNRESERVED).to_string()
}

/// Encodes `text` but for reserved characters. A comma may be a delimiter to the reader, so it only stays if `has_commas`.
pub(super) fn encode_reserved(text: &str, has_commas: bool) -> String {
    let set = if has_commas { NOT_RESERVED } else { NOT_RESERVED_IN_LISTS };
    utf8_percent_encode(text, set).to_string()
}

/// Encodes `text` as far as a cookie needs it.
pub(super) fn encode_cookie(text: &str) -> String {
    utf8_percent_encode(text, NOT_IN_COOKIES).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reserved_characters_stay_where_they_may() {
        assert_eq!(encode("a-._~/? ü%41"), "a-._~%2F%3F%20%C3%BC%2541");
        assert_eq!(encode_reserved("a/b?c,d&e#f+[g] %41é", true), "a/b?c,d%26e%23f%2B%5Bg%5D%20%2541%C3%A9");
        assert_eq!(encode_reserved("a,b", false), "a%2Cb");
        assert_eq!(encode_cookie("a/b=c+d e;%"), "a/b=c+d%20e%3B%25");
    }
}

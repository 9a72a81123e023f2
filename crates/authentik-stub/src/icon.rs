//! From the stored name of an icon to the address a client is given.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// Everything but what Django leaves alone in the path of an uploaded file.
const QUOTED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'_')
    .remove(b'.')
    .remove(b'-')
    .remove(b'~')
    .remove(b'/')
    .remove(b'!')
    .remove(b'*')
    .remove(b'(')
    .remove(b')')
    .remove(b'\'');

/// Returns the address of an icon: addresses and paths below `/static` stay as they are, anything else is an uploaded
/// file.
#[must_use]
pub fn address(file: Option<&str>) -> Option<String> {
    let file = file.filter(|file| !file.is_empty())?;
    if file.contains("://") || file.starts_with("/static") {
        return Some(file.to_owned());
    }
    let path = file.replace('\\', "/");
    Some(format!("/media/public/{}", utf8_percent_encode(path.trim_start_matches('/'), QUOTED)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_uploaded_files_are_quoted() {
        let cases = [
            (None, None),
            (Some(""), None),
            (Some("https://example.com/a b.png?x=ü"), Some("https://example.com/a b.png?x=ü")),
            (Some("/static/a b.svg"), Some("/static/a b.svg")),
            (Some("icons/a b.png"), Some("/media/public/icons/a%20b.png")),
            (Some("icons/ü~(1)!.png"), Some("/media/public/icons/%C3%BC~(1)!.png")),
            (Some("/icons\\a+b.png"), Some("/media/public/icons/a%2Bb.png")),
        ];
        for (file, expected) in cases {
            assert_eq!(address(file).as_deref(), expected, "{file:?}");
        }
    }
}

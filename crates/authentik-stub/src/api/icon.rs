//! From the stored name of an icon to the address a client is given.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

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

/// The beginning of the addresses of uploaded files.
const MEDIA: &str = "/media/public/";

/// Returns the address of an icon: addresses and paths below `/static` stay as they are, anything else is an uploaded
/// file.
#[must_use]
pub fn address(file: Option<&str>) -> Option<String> {
    let file = file.filter(|file| !file.is_empty())?;
    if file.contains("://") || file.starts_with("/static") {
        return Some(file.to_owned());
    }
    let path = file.replace('\\', "/");
    Some(format!("{MEDIA}{}", utf8_percent_encode(path.trim_start_matches('/'), QUOTED)))
}

/// Returns the stored name of an uploaded file by its address.
pub fn file(address: &str) -> Option<String> {
    let path = address.strip_prefix(MEDIA)?;
    Some(percent_decode_str(path).decode_utf8_lossy().into_owned())
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
            let address = address(file);
            assert_eq!(address.as_deref(), expected, "{file:?}");
            let named = address.as_deref().and_then(super::file);
            if let Some(named) = named {
                assert_eq!(super::address(Some(&named)), address, "{file:?}");
            }
        }
    }
}

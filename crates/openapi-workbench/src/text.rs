//! Texts as they come from a disk or from git: UTF-8, or told where they are not. What the text means is not for here.

use std::path::Path;

/// The advice for a text in another encoding.
pub const HELP: &str = "save it as UTF-8, as an editor or `iconv -t UTF-8` does";

/// The mark that some editors begin a text in UTF-8 with.
pub const MARK: &str = "\u{feff}";

/// The reason why there is no text.
#[derive(Debug)]
pub enum Unread {
    /// The file cannot be read.
    File(std::io::Error),
    /// It is in another encoding; the message says how that shows.
    Encoding(String),
}

impl std::fmt::Display for Unread {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Unread::File(error) => error.fmt(f),
            Unread::Encoding(message) => f.write_str(message),
        }
    }
}

/// Returns the text of a file.
///
/// # Errors
/// If it cannot be read or is not UTF-8.
pub fn read(path: &Path) -> Result<String, Unread> {
    decode(std::fs::read(path).map_err(Unread::File)?).map_err(Unread::Encoding)
}

/// Decodes `bytes` as text.
///
/// # Errors
/// If they are not UTF-8. The message names their encoding, or the first byte that is invalid.
pub fn decode(bytes: Vec<u8>) -> Result<String, String> {
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err("it is in UTF-16, and only UTF-8 is read".to_owned());
    }
    String::from_utf8(bytes).map_err(|error| {
        let offset = error.utf8_error().valid_up_to();
        let before = error.as_bytes().get(..offset).unwrap_or_default();
        let before = String::from_utf8_lossy(before);
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        format!("it is not UTF-8 at byte {offset}, line {line}, column {column}")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_in_another_encoding_is_told_with_the_place_where_it_shows() {
        assert_eq!(decode("ä\n".into()), Ok("ä\n".to_owned()));
        assert_eq!(
            decode(vec![0xff, 0xfe, b'a', 0]),
            Err("it is in UTF-16, and only UTF-8 is read".to_owned())
        );
        let latin = [b"title: \xc3\xa4\nname: \xc3\xa4".as_slice(), &[0xe4]].concat();
        assert_eq!(decode(latin), Err("it is not UTF-8 at byte 18, line 2, column 8".to_owned()));
    }
}

//! From bytes to text in the character sets a body may be declared in. The names are Python's, as far as they are names
//! of Unicode's encodings, Latin-1 and ASCII; any other name means UTF-8.

use std::borrow::Cow;

/// A character set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Charset {
    Utf8,
    /// UTF-8, and a byte order mark does not count.
    Utf8Signed,
    /// UTF-16 in the order its byte order mark says.
    Utf16,
    Utf16BigEndian,
    Utf16LittleEndian,
    Latin1,
    Ascii,
}

/// Returns the text of bytes, or nothing if they are invalid in this character set.
#[must_use]
pub fn decode<'a>(bytes: &'a [u8], charset: Option<&str>) -> Option<Cow<'a, str>> {
    match charset.map_or(Charset::Utf8, named) {
        Charset::Utf8 => std::str::from_utf8(bytes).ok().map(Cow::Borrowed),
        Charset::Utf8Signed => {
            let unsigned = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
            std::str::from_utf8(unsigned).ok().map(Cow::Borrowed)
        }
        Charset::Utf16 => match bytes {
            [0xFE, 0xFF, rest @ ..] => utf_16(rest, u16::from_be_bytes),
            [0xFF, 0xFE, rest @ ..] => utf_16(rest, u16::from_le_bytes),
            _ => utf_16(bytes, u16::from_le_bytes),
        },
        Charset::Utf16BigEndian => utf_16(bytes, u16::from_be_bytes),
        Charset::Utf16LittleEndian => utf_16(bytes, u16::from_le_bytes),
        Charset::Latin1 => Some(bytes.iter().copied().map(char::from).collect()),
        Charset::Ascii if bytes.is_ascii() => std::str::from_utf8(bytes).ok().map(Cow::Borrowed),
        Charset::Ascii => None,
    }
}

/// Returns the character set of a name; case does not matter, nor which punctuation is between its parts.
fn named(name: &str) -> Charset {
    let name: String = name
        .chars()
        .map(|character| if character.is_ascii_alphanumeric() { character.to_ascii_lowercase() } else { '_' })
        .collect();
    match name.as_str() {
        "utf_8_sig" => Charset::Utf8Signed,
        "utf_16" | "utf16" | "u16" => Charset::Utf16,
        "utf_16_be" | "utf_16be" | "unicodebigunmarked" => Charset::Utf16BigEndian,
        "utf_16_le" | "utf_16le" | "unicodelittleunmarked" => Charset::Utf16LittleEndian,
        "latin_1" | "latin1" | "latin" | "l1" | "iso_8859_1" | "iso8859_1" | "iso8859" | "8859" | "cp819" => {
            Charset::Latin1
        }
        "ascii" | "us_ascii" | "646" | "iso646_us" => Charset::Ascii,
        _ => Charset::Utf8,
    }
}

fn utf_16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Option<Cow<'static, str>> {
    let (units, []) = bytes.as_chunks() else { return None };
    let units: Vec<u16> = units.iter().copied().map(unit).collect();
    String::from_utf16(&units).ok().map(Cow::Owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_text_in_the_character_set_they_are_declared_in() {
        let cases: [(_, &[u8], _); 18] = [
            (None, "é".as_bytes(), Some("é")),
            (None, b"\xE9", None),
            (Some("utf-8"), "é".as_bytes(), Some("é")),
            (Some("UTF8"), b"\xEF\xBB\xBFx", Some("\u{FEFF}x")),
            (Some("utf-8-sig"), b"\xEF\xBB\xBFx", Some("x")),
            (Some("bogus"), "é".as_bytes(), Some("é")),
            (Some(""), "é".as_bytes(), Some("é")),
            (Some("latin-1"), b"\xE9\x80", Some("é\u{80}")),
            (Some("ISO_8859-1"), b"\xE9", Some("é")),
            (Some("US-ASCII"), b"e", Some("e")),
            (Some("ascii"), b"\xE9", None),
            (Some("utf-16"), b"\xFF\xFEe\0", Some("e")),
            (Some("utf-16"), b"\xFE\xFF\0e", Some("e")),
            (Some("utf-16"), b"e\0", Some("e")),
            (Some("utf-16"), b"e\0e", None),
            (Some("utf-16"), b"\0\xD8e\0", None),
            (Some("utf-16-be"), b"\0e", Some("e")),
            (Some("utf-16le"), b"\xFF\xFEe\0", Some("\u{FEFF}e")),
        ];
        for (charset, bytes, expected) in cases {
            assert_eq!(decode(bytes, charset).as_deref(), expected, "{charset:?} {bytes:?}");
        }
    }
}

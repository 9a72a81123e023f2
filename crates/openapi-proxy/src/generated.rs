//! Recognizes values that servers generate, and no two servers alike: UUIDs, random tokens and times.

use std::ops::Range;

use chrono::{DateTime, NaiveDate, NaiveDateTime};

/// The number of characters that a random token has at least.
const MIN_TOKEN: usize = 20;

/// The length of a UUID with hyphens.
const UUID: usize = 36;

/// The kind of a generated value within a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Uuid,
    Token,
}

/// Returns `true` if a text is a date, or a date with a time.
pub(crate) fn is_time(text: &str) -> bool {
    // Other texts are found out without the parsers.
    let begins_like_a_date = text.len() >= 10 && text.as_bytes().get(4) == Some(&b'-');
    begins_like_a_date
        && (DateTime::parse_from_rfc3339(text).is_ok()
            || NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f").is_ok()
            || NaiveDate::parse_from_str(text, "%Y-%m-%d").is_ok())
}

/// Returns the places of UUIDs and random tokens in a text, in order.
pub(crate) fn parts(text: &str) -> Vec<(Range<usize>, Kind)> {
    let mut found = Vec::new();
    for word in runs(text, 0..text.len(), |byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)) {
        word_parts(text, word, &mut found);
    }
    found
}

/// Adds the generated values of a word of letters, digits, hyphens and underscores.
fn word_parts(text: &str, word: Range<usize>, found: &mut Vec<(Range<usize>, Kind)>) {
    let is_uuid = |start: &usize| text.get(*start..start + UUID).is_some_and(is_uuid);
    let mut rest = word;
    while rest.len() >= UUID
        && let Some(start) = (rest.start..=rest.end - UUID).find(is_uuid)
    {
        add_tokens(text, rest.start..start, found);
        found.push((start..start + UUID, Kind::Uuid));
        rest.start = start + UUID;
    }
    add_tokens(text, rest, found);
}

/// Adds the random tokens of a word without UUIDs.
fn add_tokens(text: &str, word: Range<usize>, found: &mut Vec<(Range<usize>, Kind)>) {
    let of = |place: &Range<usize>| text.get(place.clone()).unwrap_or_default();
    let pieces = runs(text, word.clone(), |byte| byte.is_ascii_alphanumeric());
    let (random, others): (Vec<_>, Vec<_>) = pieces.into_iter().partition(|piece| is_random(of(piece)));
    // Beside words a piece stands for itself; otherwise the hyphens are the token's.
    if !random.is_empty() && others.iter().all(|piece| is_plain(of(piece))) {
        found.extend(random.into_iter().map(|piece| (piece, Kind::Token)));
    } else if is_random(of(&word)) {
        found.push((word, Kind::Token));
    }
}

/// Returns `true` for a word in lower case, and for a number.
fn is_plain(word: &str) -> bool {
    word.bytes().all(|byte| byte.is_ascii_lowercase()) || word.bytes().all(|byte| byte.is_ascii_digit())
}

/// Returns the places of the longest pieces of a range whose bytes all belong.
fn runs(text: &str, within: Range<usize>, belongs: impl Fn(u8) -> bool) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    for (at, byte) in text.bytes().enumerate().take(within.end).skip(within.start) {
        match found.last_mut() {
            _ if !belongs(byte) => {}
            Some(last) if last.end == at => last.end = at + 1,
            _ => found.push(at..at + 1),
        }
    }
    found
}

fn is_uuid(text: &str) -> bool {
    text.bytes().enumerate().all(|(at, byte)| match at {
        8 | 13 | 18 | 23 => byte == b'-',
        _ => byte.is_ascii_hexdigit(),
    })
}

/// Returns `true` for a long word whose letters and digits change as often as those of words never do.
fn is_random(word: &str) -> bool {
    #[derive(PartialEq, Clone, Copy)]
    enum Class {
        Lower,
        Upper,
        Digit,
    }
    let class = |byte: u8| match byte {
        b'0'..=b'9' => Some(Class::Digit),
        b'a'..=b'z' => Some(Class::Lower),
        b'A'..=b'Z' => Some(Class::Upper),
        _ => None,
    };
    let classes: Vec<Class> = word.bytes().filter_map(class).collect();
    let count = |class: Class| classes.iter().filter(|known| **known == class).count();
    let (digits, rarest) = (count(Class::Digit), count(Class::Lower).min(count(Class::Upper)));
    let changes = classes.iter().zip(classes.iter().skip(1)).filter(|(one, other)| one != other).count();
    // A token with hardly a digit has capitals where words have none.
    let has_capitals = rarest * 3 >= classes.len() && changes * 3 >= classes.len();
    let has_digits = digits >= 2 && (changes * 5 >= classes.len() || digits == word.len());
    word.len() >= MIN_TOKEN && (has_digits || has_capitals)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<(&str, Kind)> {
        parts(text).into_iter().map(|(place, kind)| (&text[place], kind)).collect()
    }

    #[test]
    fn generated_values_are_found_within_texts_and_words_are_none() {
        let uuid = "0b1f3f6e-30d5-4c5b-a26e-4e3a0a4b3d11";
        assert_eq!(found(uuid), [(uuid, Kind::Uuid)]);
        assert_eq!(found(&format!("/a/{uuid}/?b={uuid}")), [(uuid, Kind::Uuid), (uuid, Kind::Uuid)]);
        let hex = "3f2a9c0de1b84756a0c3e5f7089b1d2c";
        assert_eq!(found(&format!("unit-{hex}-user")), [(hex, Kind::Token)]);
        let token = "x8Fq2LmZ0aK7rT5vN1cJ9bHsW4yE6uPd3gQiXoRk";
        assert_eq!(found(&format!("key {token}.")), [(token, Kind::Token)]);
        let letters = "ZIWXiUkjQULpwMzYwuJZOjGpBAbALulwEMIZjyJH";
        assert_eq!(found(letters), [(letters, Kind::Token)]);
        let parted = "x8Fq2LmZ0aK7rT5vN1-J9bHs_4yE6uPd3gQiXoRk";
        assert_eq!(found(parted), [(parted, Kind::Token)]);
        for many in [uuid.to_owned(), format!("{hex}-")].map(|part| part.repeat(100_000)) {
            assert_eq!(parts(&many).len(), 100_000);
        }
        for text in [
            "",
            "a-slug-of-several-words-from-2024",
            "default-provider-authorization-implicit-consent",
            "CamelCaseNamesOfSeveralWords",
            "ä",
            "12345",
        ] {
            assert_eq!(found(text), [], "{text}");
        }
    }

    #[test]
    fn times_are_recognized() {
        for text in
            ["2024-08-01T12:00:00Z", "2024-08-01T12:00:00.123456+02:00", "2024-08-01T12:00:00", "2024-08-01"]
        {
            assert!(is_time(text), "{text}");
        }
        for text in ["", "2024", "2024-08-01x", "1234-5678-9012", "ää-ää-ää-ää"] {
            assert!(!is_time(text), "{text}");
        }
    }
}

//! The `search` parameter: which terms it has and which rows contain them. Terms are looked for the way PostgreSQL does
//! for `UPPER(column) LIKE UPPER('%term%')`, character by character.

use openapi_django::server::python;

use crate::column::{Cell, Column};
use crate::state::State;

/// The terms of a search, ready to compare.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Search {
    terms: Vec<String>,
}

impl Search {
    /// Reads the parameter: terms separated by commas and white space. NUL characters are dropped, quotes mean nothing.
    #[must_use]
    pub fn parse(text: Option<&str>) -> Self {
        let text: String = text.unwrap_or_default().chars().filter(|character| *character != '\0').collect();
        let separates = |character: char| character == ',' || python::is_space(character);
        Self { terms: text.split(separates).filter(|term| !term.is_empty()).map(upper).collect() }
    }

    /// Returns `true` if every term is in one of the searchable columns of a row.
    #[must_use]
    pub fn matches<R>(&self, row: &R, columns: &[Column<R>], state: &State) -> bool {
        if self.terms.is_empty() {
            return true;
        }
        let searchable = columns.iter().filter(|column| column.searchable);
        let texts: Vec<String> = searchable
            .flat_map(|column| column.cells(row, state))
            .filter_map(|cell| if let Cell::Text(text) = cell { Some(upper(&text)) } else { None })
            .collect();
        self.terms.iter().all(|term| texts.iter().any(|text| text.contains(term)))
    }
}

fn upper(text: &str) -> String {
    text.chars().map(upper_character).collect()
}

/// Returns the simple upper case of Unicode, which maps one character to one. Rust has the full mapping, where `ß`
/// becomes two characters; a character without a single counterpart is returned unchanged.
fn upper_character(character: char) -> char {
    let mut full = character.to_uppercase();
    match (full.next(), full.next()) {
        (Some(upper), None) => upper,
        _ => with_prosgegrammeni(character),
    }
}

/// Returns the single capital of a Greek vowel with a small iota below, whose full upper case has two characters.
fn with_prosgegrammeni(character: char) -> char {
    let distance = match character {
        '\u{1F80}'..='\u{1F87}' | '\u{1F90}'..='\u{1F97}' | '\u{1FA0}'..='\u{1FA7}' => 8,
        '\u{1FB3}' | '\u{1FC3}' | '\u{1FF3}' => 9,
        _ => 0,
    };
    char::from_u32(u32::from(character) + distance).unwrap_or(character)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A name and a slug.
    type Row = [String; 2];

    const COLUMNS: &[Column<Row>] = &[
        Column::one("name", |row: &Row, _| Cell::text(row[0].as_str())).search(),
        Column::one("slug", |row: &Row, _| Cell::text(row[1].as_str())).search(),
        Column::one("secret", |_, _| Cell::text("secret")),
    ];

    fn finds(search: &str, name: &str) -> bool {
        Search::parse(Some(search)).matches(
            &[name, "the-slug"].map(str::to_owned),
            COLUMNS,
            &State::default(),
        )
    }

    #[test]
    fn terms_are_separated_by_commas_and_any_white_space() {
        let cases = [
            ("a b", vec!["A", "B"]),
            (",a,,b,", vec!["A", "B"]),
            ("a\tb\nc\u{3000}d\u{a0}e\u{1c}f", vec!["A", "B", "C", "D", "E", "F"]),
            ("\"a b\"", vec!["\"A", "B\""]),
            ("a\0b", vec!["AB"]),
            ("\0", vec![]),
            (" , ", vec![]),
        ];
        for (text, expected) in cases {
            assert_eq!(Search::parse(Some(text)).terms, expected, "{text:?}");
        }
        assert_eq!(Search::parse(None), Search::default());
    }

    #[test]
    fn every_term_has_to_be_in_some_column() {
        assert!(finds("home slug plex", "Plex Home"));
        assert!(!finds("home zzz", "Plex Home"));
        assert!(!finds("secret", "Plex Home"));
        assert!(finds("", "Plex Home"));
    }

    #[test]
    fn nothing_is_a_wildcard() {
        for (term, name) in [("%", "100 Plex"), ("_", "a b"), ("\\", "a/b"), ("*", "a"), ("[a]", "a")] {
            assert!(!finds(term, name), "{term}");
        }
        assert!(finds("0% _\\", "100% _\\"));
    }

    #[test]
    fn case_is_folded_one_character_for_one() {
        let same = [
            ("émile", "ÉMILE"),
            ("ΣΊΣΥΦΟΣ", "Σίσυφος"),
            ("straße", "STRAßE"),
            ("ᾳ", "ᾼ"),
            ("ᾠ", "ᾨ"),
            ("ı", "I"),
        ];
        for (term, name) in same {
            assert!(finds(term, name) && finds(name, term), "{term} {name}");
        }
        let different = [("ss", "ß"), ("ß", "SS"), ("i", "İ"), ("fi", "ﬁ"), ("ẞ", "ß"), ("e", "é")];
        for (term, name) in different {
            let row = [name, ""].map(str::to_owned);
            assert!(!Search::parse(Some(term)).matches(&row, COLUMNS, &State::default()), "{term} {name}");
        }
    }
}

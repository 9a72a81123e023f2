//! Names of generated crates.

use std::fmt;

use openapi_document::Document;

/// The longest name, in letters.
const MAX_LENGTH: usize = 50;

/// The most words that a name takes from a title.
const MAX_WORDS: usize = 3;

/// Words of a title that do not identify the API.
const NOISE: [&str; 25] = [
    "a",
    "an",
    "and",
    "api",
    "apis",
    "definition",
    "docs",
    "documentation",
    "draft",
    "for",
    "http",
    "in",
    "json",
    "oas",
    "of",
    "official",
    "open",
    "openapi",
    "public",
    "reference",
    "rest",
    "restful",
    "spec",
    "specification",
    "the",
];

/// The beginning of the names of the generated crates, such as `pets` for `pets-types` and `pets-client`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name(String);

impl Name {
    /// Checks a name that a user chose.
    ///
    /// # Errors
    /// Fails if crates cannot have this name. The message says which can.
    pub fn parse(text: &str) -> Result<Self, String> {
        if !is_valid(text) {
            return Err(format!(
                "crates cannot be called `{text}`\n  help: give `--name` as letters from a to z, digits and single dashes, such as `pet-store`"
            ));
        }
        // There is a `progenitor-client` by others, and a program may use both.
        if text == "progenitor" {
            return Err(format!("crates called `{text}` exist already\n  help: give another `--name`"));
        }
        Ok(Name(text.to_owned()))
    }

    /// Returns the name that the title of a document suggests: its first words, without those that every title has; `api` if
    /// it suggests none.
    #[must_use]
    pub fn of(document: &Document) -> Self {
        let title = document.value().pointer("/info/title").and_then(|title| title.as_str());
        title.and_then(suggestion).map(Name).unwrap_or_default()
    }

    /// Returns the name as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns what the crate of this name and `part` is called, such as `pets-types`.
    #[must_use]
    pub fn package(&self, part: &str) -> String {
        format!("{}-{part}", self.0)
    }

    /// Returns what Rust calls the crate of this name and `part`, such as `pets_types`.
    #[must_use]
    pub fn ident(&self, part: &str) -> String {
        self.package(part).replace('-', "_")
    }
}

/// The name of a document whose title suggests none.
impl Default for Name {
    fn default() -> Self {
        Name("api".to_owned())
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn is_valid(text: &str) -> bool {
    let allowed = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-';
    text.starts_with(|first: char| first.is_ascii_lowercase())
        && text.chars().all(allowed)
        && !text.ends_with('-')
        && !text.contains("--")
        && text.len() <= MAX_LENGTH
}

fn suggestion(title: &str) -> Option<String> {
    let title = deunicode::deunicode(title).to_ascii_lowercase();
    let words: Vec<&str> =
        title.split(|letter: char| !letter.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let telling = words.iter().copied().filter(|word| !NOISE.contains(word) && !is_version(word));
    let mut telling: Vec<&str> = telling.take(MAX_WORDS).collect();
    if telling.is_empty() {
        telling = words.into_iter().take(MAX_WORDS).collect();
    }
    while !telling.is_empty() {
        let words = telling.join("-");
        // Names of crates begin with a letter.
        let name = [words.clone(), format!("api-{words}")].into_iter().find(|name| Name::parse(name).is_ok());
        if name.is_some() {
            return name;
        }
        telling.pop();
    }
    None
}

/// Tells whether a word is a version or a part of one: `v3`, `0`, `2024`, `beta`.
fn is_version(word: &str) -> bool {
    let digits = word.strip_prefix('v').unwrap_or(word);
    let is_number = !digits.is_empty() && digits.chars().all(|letter| letter.is_ascii_digit());
    is_number || matches!(word, "version" | "v" | "alpha" | "beta")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn suggested(title: &str) -> Name {
        let text = format!("{{openapi: 3.0.3, info: {{title: '{title}', version: '1'}}, paths: {{}}}}");
        Name::of(&Document::parse("spec.yaml", &text).unwrap())
    }

    #[test]
    fn a_title_suggests_its_telling_words() {
        for (title, name) in [
            ("gitea", "gitea"),
            ("Oxide Region API", "oxide-region"),
            ("Swagger Petstore - OpenAPI 3.0", "swagger-petstore"),
            ("Docker Engine API", "docker-engine"),
            ("Supabase Auth REST API", "supabase-auth"),
            ("Apache Iceberg REST Catalog API", "apache-iceberg-catalog"),
            ("Oxide Propolis Server API", "oxide-propolis-server"),
            ("notifications-full", "notifications-full"),
            ("GitHub v3 REST API", "github"),
            ("The Public API of the Federal Office for Statistics, v2 beta", "federal-office-statistics"),
            ("Überwachung", "uberwachung"),
            ("OpenAPI 3.0", "openapi-3-0"),
            ("API", "api"),
            ("Progenitor API of Oxide", "progenitor-oxide"),
            ("Progenitor", "api-progenitor"),
            ("1Forge Finance APIs", "api-1forge-finance"),
            ("42", "api-42"),
            ("…", "api"),
            ("", "api"),
        ] {
            assert_eq!(suggested(title).as_str(), name, "{title}");
        }
    }

    #[test]
    fn a_name_that_crates_cannot_have_is_refused() {
        for name in ["", "Pets", "1pets", "a--b", "a-", "a b", "../x", "progenitor", &"a".repeat(51)] {
            assert!(Name::parse(name).unwrap_err().contains("help: "), "{name}");
        }
        assert_eq!(Name::parse("pet-store").unwrap().ident("types"), "pet_store_types");
    }
}

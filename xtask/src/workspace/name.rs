//! What the crates made of a document are called.

use std::fmt;

use openapi_bindings::Document;

/// What the crates of this workspace are called.
const OWN: &str = "authentik-sources";

/// The beginning of the names of crates, such as `pets` of `pets-types` and `pets-client`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name(String);

impl Name {
    /// The name that was asked for.
    ///
    /// # Errors
    /// If no crates can be called that; the message says why.
    pub fn parse(text: &str) -> Result<Self, String> {
        let letters = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-';
        let plain = text.chars().all(letters) && text.starts_with(|first: char| first.is_ascii_lowercase());
        if !plain || text.ends_with('-') || text.contains("--") || text.len() > 50 {
            return Err(format!(
                "no crates can be called `{text}`\n  help: give `--name` as letters from a to z, digits and single dashes, such as `pet-store`"
            ));
        }
        // `progenitor-client` is what the client is built on, and there is no telling two crates of one name apart.
        if text == "progenitor" {
            return Err(format!("crates called `{text}` exist already\n  help: give another `--name`"));
        }
        Ok(Name(text.to_owned()))
    }

    /// The name that the title of a document suggests.
    ///
    /// # Errors
    /// If it suggests none.
    pub fn of(document: &Document) -> Result<Self, String> {
        let title =
            document.value().pointer("/info/title").and_then(|title| title.as_str()).unwrap_or_default();
        let words =
            title.split(|letter: char| !letter.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
        let mut words: Vec<String> = words.map(str::to_ascii_lowercase).collect();
        // One of the crates is called the API.
        if words.len() > 1 && words.last().is_some_and(|word| word == "api") {
            words.pop();
        }
        Name::parse(&words.join("-")).map_err(|_| {
            format!("the title `{title}` suggests no name for crates\n  help: give one with `--name`, such as `--name pet-store`")
        })
    }

    /// The name as it is.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What Rust calls the crate `part`; of no part, the beginning of all.
    #[must_use]
    pub fn ident(&self, part: &str) -> String {
        let name = self.0.replace('-', "_");
        if part.is_empty() { name } else { format!("{name}_{part}") }
    }

    /// `text`, which speaks of the crates of this workspace, about those of this name.
    #[must_use]
    pub(super) fn rename(&self, text: &str) -> String {
        text.replace(OWN, &self.0).replace(&OWN.replace('-', "_"), &self.ident(""))
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn suggested(title: &str) -> Result<Name, String> {
        let text = format!("{{openapi: 3.0.3, info: {{title: '{title}', version: '1'}}, paths: {{}}}}");
        Name::of(&Document::parse("spec.yaml", &text).unwrap())
    }

    #[test]
    fn a_title_suggests_a_name_and_one_without_letters_asks_for_one() {
        for (title, name) in
            [("authentik", "authentik"), ("Oxide Region API", "oxide-region"), ("API", "api")]
        {
            assert_eq!(suggested(title).unwrap().as_str(), name);
        }
        for title in ["", "42", "宠物"] {
            assert!(suggested(title).unwrap_err().contains("--name"), "{title}");
        }
    }

    #[test]
    fn a_name_no_crate_can_have_is_refused() {
        for name in ["", "Pets", "1pets", "a--b", "a-", "a b", "../x", "progenitor"] {
            assert!(Name::parse(name).unwrap_err().contains("help: "), "{name}");
        }
        assert_eq!(Name::parse("pet-store").unwrap().ident("types"), "pet_store_types");
    }
}

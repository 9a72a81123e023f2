//! Ids: what stands for the names of a document where a generator sees them.
//!
//! An id is a letter that says of what it is, a mark that occurs nowhere in the document, and a number. The generators
//! keep an id as it is where they write a text, and change the case of its letter where they name an item; so a name on
//! the wire can be told from a name in Rust.

use std::collections::{BTreeSet, HashMap};

use openapi_document::model::{Model, Operation, OperationId, Parameter, SchemaId};

/// How many digits a number has at least: it sorts like the numbers do.
const DIGITS: usize = 6;

/// The ids of a document, and what those stand for that are no numbers of the model.
#[derive(Debug)]
pub(super) struct Ids<'a> {
    mark: String,
    properties: Names<&'a str>,
    /// Variants of enumerations, each with its value.
    values: Names<(String, &'a str)>,
    parameters: Names<(OperationId, usize)>,
}

/// Things that are numbered as they come.
#[derive(Debug)]
struct Names<T> {
    all: Vec<T>,
    numbers: HashMap<T, usize>,
}

impl<T> Default for Names<T> {
    fn default() -> Self {
        Self { all: Vec::new(), numbers: HashMap::new() }
    }
}

impl<T: Clone + Eq + std::hash::Hash> Names<T> {
    fn number(&mut self, thing: T) -> usize {
        let all = &mut self.all;
        *self.numbers.entry(thing).or_insert_with_key(|thing| {
            all.push(thing.clone());
            all.len() - 1
        })
    }
}

/// An id that was found in what a generator wrote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Id {
    /// Its letter, in the case in which it was found.
    pub(super) letter: char,
    pub(super) number: usize,
}

impl<'a> Ids<'a> {
    /// Chooses ids that nothing in the document of `model` can be taken for.
    pub(super) fn of(model: &Model<'a>) -> Self {
        let text = model.document.text().to_lowercase();
        let mut mark = "qz".to_owned();
        while text.contains(&mark) {
            mark.push('z');
        }
        let mut ids = Self {
            mark,
            properties: Names::default(),
            values: Names::default(),
            parameters: Names::default(),
        };
        // typify sorts properties by their names; numbered in that order they stay in it, whatever else is in the document.
        let names: BTreeSet<&str> = model
            .schemas
            .iter()
            .flat_map(|schema| schema.properties.iter().map(|property| property.name))
            .collect();
        for name in names {
            ids.properties.number(name);
        }
        ids
    }

    fn id(&self, letter: char, number: usize) -> String {
        format!("{letter}{}{number:0DIGITS$}", self.mark)
    }

    /// Returns what stands for a schema that has a type.
    pub(super) fn schema(&self, id: SchemaId) -> String {
        self.id('T', id.index())
    }

    /// Returns what stands for the title of a schema written in place.
    pub(super) fn title(&self, id: SchemaId) -> String {
        self.id('S', id.index())
    }

    /// Returns what stands for an operation.
    pub(super) fn operation(&self, operation: &Operation<'_>) -> String {
        self.id('o', operation.number.index())
    }

    /// Returns what stands for the parameter that `operation` has at this place.
    pub(super) fn parameter(&mut self, operation: &Operation<'_>, place: usize) -> String {
        let number = self.parameters.number((operation.number, place));
        self.id('P', number)
    }

    /// Returns what stands for a property, wherever it stands.
    pub(super) fn property(&mut self, name: &'a str) -> String {
        let number = self.properties.number(name);
        self.id('F', number)
    }

    /// Returns what stands for the value of an enumeration that has this variant for it.
    pub(super) fn value(&mut self, variant: String, value: &'a str) -> String {
        let number = self.values.number((variant, value));
        self.id('v', number)
    }

    /// Returns the name on the wire of a property.
    pub(super) fn property_of(&self, id: Id) -> Option<&'a str> {
        self.properties.all.get(id.number).copied()
    }

    /// Returns the variant and the value of an enumeration.
    pub(super) fn value_of(&self, id: Id) -> Option<(&str, &'a str)> {
        self.values.all.get(id.number).map(|(variant, value)| (variant.as_str(), *value))
    }

    /// Returns a parameter and its operation.
    pub(super) fn parameter_of<'m>(
        &self,
        model: &'m Model<'a>,
        id: Id,
    ) -> Option<(&'m Operation<'a>, &'m Parameter<'a>)> {
        let (operation, place) = self.parameters.all.get(id.number)?;
        let operation = model.operation(*operation)?;
        Some((operation, operation.parameters.get(*place)?))
    }

    /// Returns whether there may be an id in `text`.
    pub(super) fn are_in(&self, text: &str) -> bool {
        text.contains(&self.mark)
    }

    /// Takes `text` apart: the ids in it, and what stands between them.
    pub(super) fn parts<'t>(&self, text: &'t str) -> Vec<Result<Id, &'t str>> {
        let (mut parts, mut rest) = (Vec::new(), text);
        let mut from = 0;
        while let Some(at) = rest.get(from..).and_then(|rest| rest.find(&self.mark)).map(|at| at + from) {
            let end = at + self.mark.len();
            let digits = rest.get(end..).unwrap_or_default();
            let digits = digits.len() - digits.trim_start_matches(|next: char| next.is_ascii_digit()).len();
            let letter = rest.get(..at).and_then(|before| before.chars().next_back());
            let number = rest.get(end..end + digits).and_then(|digits| digits.parse().ok());
            match (letter, number) {
                (Some(letter), Some(number)) if digits >= DIGITS => {
                    parts.extend(rest.get(..at - letter.len_utf8()).filter(|text| !text.is_empty()).map(Err));
                    parts.push(Ok(Id { letter, number }));
                    rest = rest.get(end + digits..).unwrap_or_default();
                    from = 0;
                }
                _ => from = end,
            }
        }
        parts.extend(Some(rest).filter(|text| !text.is_empty()).map(Err));
        parts
    }
}

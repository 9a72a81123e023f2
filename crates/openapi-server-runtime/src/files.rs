//! The files of a form, apart from the JSON value that they stand in.

use openapi_wire::form::{Field, FilePart};
use serde_json::{Map, Value};

/// The files of a form. JSON has no place for them, so a mark stands for each in the value the rules are applied to.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Files(Vec<FilePart>);

/// The one member of a mark. A text that is sent never becomes an object where a file belongs, and a mark that was
/// written by hand refers to no file.
pub(crate) const MARK: &str = "\0file";

impl Files {
    /// Keeps a file.
    pub(crate) fn take(&mut self, file: FilePart) -> Value {
        let mark = Value::from(vec![self.0.len(), file.content.len()]);
        self.0.push(file);
        Value::Object(Map::from_iter([(MARK.to_owned(), mark)]))
    }

    /// Returns `true` if there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the fields of an object, with the files in their places.
    #[must_use]
    pub fn put_into(self, value: Value) -> Vec<(String, Field)> {
        let Value::Object(entries) = value else { return Vec::new() };
        let field = |value: Value| match &value {
            Value::Array(values) if values.iter().any(|value| mark(value).is_some()) => {
                Field::Files(values.iter().filter_map(|value| self.get(value)).collect())
            }
            _ => self.get(&value).map_or(Field::Value(value), Field::File),
        };
        entries.into_iter().map(|(name, value)| (name, field(value))).collect()
    }

    /// Returns the file that a value refers to.
    pub(crate) fn get(&self, value: &Value) -> Option<FilePart> {
        self.0.get(mark(value)?.0).cloned()
    }
}

/// Returns the number and the length of the file that a value refers to.
fn mark(value: &Value) -> Option<(usize, usize)> {
    let numbers = value.get(MARK)?.as_array()?;
    let number = |at: usize| usize::try_from(numbers.get(at)?.as_u64()?).ok();
    Some((number(0)?, number(1)?))
}

/// Returns the length of the file that a value refers to, if it does.
#[must_use]
pub fn file_length(value: &Value) -> Option<usize> {
    mark(value).map(|(_, length)| length)
}

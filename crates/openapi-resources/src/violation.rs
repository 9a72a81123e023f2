//! The rules of a definition that changes can break. A dialect decides how they are told.

use std::fmt;

use serde_json::Value;

use crate::reader::plain;

/// A rule that a change would break.
#[derive(Clone, Debug, PartialEq)]
pub enum Violation {
    /// Another row has these values.
    Unique {
        /// The model that says that they are unique.
        model: String,
        /// The fields.
        fields: Vec<String>,
    },
    /// A field names a row that is not there.
    ReferenceMissing {
        /// The model that has the field.
        model: String,
        /// The field.
        field: String,
        /// The model that it refers to.
        target: String,
        /// The value that names no row.
        value: Value,
    },
    /// A row cannot be deleted, because another names it.
    Protected {
        /// The model of the row.
        model: String,
        /// Its key.
        key: Value,
        /// The model of the row that names it.
        by: String,
        /// The key of that.
        by_key: Value,
        /// The field that names it.
        field: String,
    },
    /// A field that needs a value has none.
    Missing {
        /// The model that has the field.
        model: String,
        /// The field.
        field: String,
    },
    /// There is no such field.
    NoField {
        /// The model.
        model: String,
        /// The name.
        field: String,
    },
}

impl Violation {
    /// Returns the fields that it is about.
    pub fn fields(&self) -> impl Iterator<Item = &str> {
        let (one, several): (Option<&str>, &[String]) = match self {
            Self::Unique { fields, .. } => (None, fields),
            Self::ReferenceMissing { field, .. }
            | Self::Protected { field, .. }
            | Self::Missing { field, .. }
            | Self::NoField { field, .. } => (Some(field), &[]),
        };
        one.into_iter().chain(several.iter().map(String::as_str))
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unique { model, fields } => {
                write!(f, "another row of `{model}` has the same {}", fields.join(", "))
            }
            Self::ReferenceMissing { field, target, value, .. } => {
                write!(f, "`{field}` names a row of `{target}` that does not exist: {}", plain(value))
            }
            Self::Protected { model, key, by, by_key, field } => write!(
                f,
                "the row {} of `{model}` is named by `{field}` of the row {} of `{by}`",
                plain(key),
                plain(by_key)
            ),
            Self::Missing { field, .. } => write!(f, "`{field}` needs a value"),
            Self::NoField { model, field } => write!(f, "the model `{model}` has no field `{field}`"),
        }
    }
}

impl std::error::Error for Violation {}

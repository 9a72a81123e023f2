//! The values of parameters, once they have been checked.

use std::collections::BTreeMap;
use std::str::FromStr;

use serde::de::DeserializeOwned;
use serde_json::{Number, Value};
use uuid::Uuid;

use crate::failure::{Failure, FieldErrors, Target};
use crate::operation::Location;
use crate::schema::Rule;

/// The value of a filter.
#[derive(Debug, Clone, PartialEq)]
pub enum FilterValue {
    /// Text to compare with.
    Text(String),
    /// A truth value to compare with.
    Boolean(bool),
    /// A whole number to compare with.
    Integer(i64),
    /// A number to compare with.
    Number(f64),
    /// The primary key of an object, or any other UUID.
    Uuid(Uuid),
    /// A word of an enumeration.
    Choice(String),
    /// Several values, any of which will do.
    List(Vec<FilterValue>),
    /// An object, a list of lists or objects, or a value of one of several types.
    Json(Value),
}

impl FilterValue {
    /// Returns a value that follows a rule as what the rule says it is; `None` if it does not follow it.
    #[must_use]
    pub fn of(rule: &Rule, value: Value) -> Option<Self> {
        Some(match rule {
            Rule::Nullable(rule) => return Self::of(rule, value),
            Rule::Reference { key, .. } => return Self::of(key.rule(), value),
            Rule::Boolean => Self::Boolean(value.as_bool()?),
            Rule::Integer(_) => Self::Integer(value.as_i64()?),
            Rule::Number(_) => Self::Number(value.as_f64()?),
            Rule::Uuid => Self::Uuid(Uuid::try_parse(value.as_str()?).ok()?),
            Rule::Choice(_) => Self::Choice(value.as_str()?.to_owned()),
            Rule::List(list) if list.item.is_scalar() => {
                let Value::Array(items) = value else { return None };
                let items = items.into_iter().map(|value| Self::of(&list.item, value));
                Self::List(items.collect::<Option<_>>()?)
            }
            Rule::List(_) | Rule::Object(_) | Rule::Map(_) | Rule::Union(_) => Self::Json(value),
            Rule::Text(_) | Rule::DateTime | Rule::File | Rule::Any => match value {
                Value::String(text) => Self::Text(text),
                other => Self::Json(other),
            },
        })
    }

    /// Returns the text.
    #[must_use]
    pub fn as_text(&self) -> Option<String> {
        if let Self::Text(text) = self { Some(text.clone()) } else { None }
    }

    /// Returns the boolean.
    #[must_use]
    pub fn as_boolean(&self) -> Option<bool> {
        if let Self::Boolean(truth) = self { Some(*truth) } else { None }
    }

    /// Returns the integer.
    #[must_use]
    pub fn as_integer(&self) -> Option<i64> {
        if let Self::Integer(number) = self { Some(*number) } else { None }
    }

    /// Returns the number.
    #[must_use]
    pub fn as_number(&self) -> Option<f64> {
        if let Self::Number(number) = self { Some(*number) } else { None }
    }

    /// Returns the UUID.
    #[must_use]
    pub fn as_uuid(&self) -> Option<Uuid> {
        if let Self::Uuid(uuid) = self { Some(*uuid) } else { None }
    }

    /// Returns any value as JSON.
    #[must_use]
    pub fn to_json(&self) -> Value {
        match self {
            Self::Text(text) | Self::Choice(text) => Value::from(text.as_str()),
            Self::Boolean(truth) => Value::Bool(*truth),
            Self::Integer(number) => Value::from(*number),
            Self::Number(number) => Number::from_f64(*number).map_or(Value::Null, Value::Number),
            Self::Uuid(uuid) => Value::from(uuid.to_string()),
            Self::List(values) => values.iter().map(Self::to_json).collect(),
            Self::Json(value) => value.clone(),
        }
    }

    /// Returns any value as a text: JSON, if it is none.
    #[must_use]
    pub fn to_text(&self) -> String {
        match self.to_json() {
            Value::String(text) => text,
            other => other.to_string(),
        }
    }

    /// Returns the value of an enumeration, as its type.
    #[must_use]
    pub fn as_choice<T: FromStr>(&self) -> Option<T> {
        if let Self::Choice(word) = self { word.parse().ok() } else { None }
    }
}

/// The page a request asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PageNumber {
    /// A page, counted from 1; numbers beyond 64 bits become the greatest.
    Number(u64),
    /// The last page.
    Last,
    /// No page at all.
    Invalid,
}

/// The number of rows on a page, at least one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct PageSize(u64);

impl PageSize {
    /// Returns a size; `None` below one.
    #[must_use]
    pub fn new(rows: u64) -> Option<Self> {
        (rows > 0).then_some(Self(rows))
    }

    /// Returns the number of rows.
    #[must_use]
    pub fn rows(self) -> u64 {
        self.0
    }
}

/// The parameters of one location that have a value, by name.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Values {
    values: BTreeMap<&'static str, ParameterValue>,
}

/// The value of a parameter.
#[derive(Debug, Clone, PartialEq)]
pub enum ParameterValue {
    /// A value as its schema describes it.
    Filter(FilterValue),
    /// The page asked for.
    Page(PageNumber),
    /// The size of a page.
    PageSize(PageSize),
}

impl Values {
    /// Adds the value of a parameter, in place of the one it had.
    pub fn insert(&mut self, name: &'static str, value: ParameterValue) {
        self.values.insert(name, value);
    }

    /// Returns the value of a parameter.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&ParameterValue> {
        self.values.get(name)
    }

    /// Returns the value of a parameter as what `read` reads.
    #[must_use]
    pub fn one<T>(&self, name: &str, read: fn(&FilterValue) -> Option<T>) -> Option<T> {
        match self.values.get(name)? {
            ParameterValue::Filter(value) => read(value),
            _ => None,
        }
    }

    /// Returns the values of a parameter that may be repeated, each as what `read` reads; `None` if there are none.
    #[must_use]
    pub fn list<T>(&self, name: &str, read: fn(&FilterValue) -> Option<T>) -> Option<Vec<T>> {
        match self.values.get(name)? {
            ParameterValue::Filter(FilterValue::List(values)) => values.iter().map(read).collect(),
            _ => None,
        }
    }

    /// Returns the value of a parameter at this location as a type; `None` if it has none.
    ///
    /// # Errors
    /// 400 if the type is stricter than the rules the value was checked by.
    pub fn typed<T: DeserializeOwned>(&self, location: Location, name: &str) -> Result<Option<T>, Failure> {
        let Some(ParameterValue::Filter(value)) = self.values.get(name) else { return Ok(None) };
        T::deserialize(value.to_json()).map(Some).map_err(|error| {
            let mut errors = FieldErrors::new();
            errors.push(Target::Parameter(location, name.to_owned()), error.to_string());
            errors.into()
        })
    }

    /// Returns the page number.
    #[must_use]
    pub fn page(&self, name: &str) -> Option<PageNumber> {
        match self.values.get(name)? {
            ParameterValue::Page(page) => Some(*page),
            _ => None,
        }
    }

    /// Returns the page size.
    #[must_use]
    pub fn page_size(&self, name: &str) -> Option<PageSize> {
        match self.values.get(name)? {
            ParameterValue::PageSize(size) => Some(*size),
            _ => None,
        }
    }
}

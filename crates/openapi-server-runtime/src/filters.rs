//! Query parameters as types: what a generated query struct is made of and what a list can ask every such struct for.
//! How the text of a parameter becomes one of these values is for a [`Dialect`](crate::dialect::Dialect) to say.

use std::str::FromStr;

use uuid::Uuid;

use crate::arguments::Values;
use crate::operation::{Location, Operation};
use crate::request::RequestContext;

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
}

impl FilterValue {
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

/// The query parameters of an operation, or its headers or its cookies, as a type.
pub trait Query: Sized + Send {
    /// The operation they are parameters of.
    const OPERATION: &'static Operation;

    /// The place in the request at which they are sent.
    const LOCATION: Location = Location::Query;

    /// Picks the values apart.
    fn from_values(values: &Values) -> Self;

    /// Returns what a request has at that place.
    fn of<U>(cx: &RequestContext<U>) -> Self {
        Self::from_values(cx.parameters(Self::LOCATION))
    }
}

/// The query parameters of an operation that answers with one page of a list.
pub trait ListQuery: Query {
    /// Returns the filters that are set, by name.
    fn filters(&self) -> Vec<(&'static str, FilterValue)>;

    /// Returns the page asked for; `None` is the first.
    fn page(&self) -> Option<PageNumber>;

    /// Returns the size of a page; `None` is the default.
    fn page_size(&self) -> Option<PageSize>;

    /// Returns the fields to order by, as they were sent.
    fn ordering(&self) -> Option<&str>;

    /// Returns the terms to search for, as they were sent.
    fn search(&self) -> Option<&str>;
}

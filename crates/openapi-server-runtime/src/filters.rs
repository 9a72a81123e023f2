//! Query parameters as types: what a generated query struct is made of and what a list can ask every such struct for.
//! How the text of a parameter becomes one of these values is for a [`Dialect`](crate::dialect::Dialect) to say.

use crate::failure::Failure;
use crate::operation::{Location, Operation};
use crate::request::RequestContext;
use crate::values::Values;
pub use crate::values::{FilterValue, PageNumber, PageSize};

/// The query parameters of an operation, or its headers or its cookies, as a type.
pub trait Query: Sized + Send {
    /// The operation they are parameters of.
    const OPERATION: &'static Operation;

    /// The place in the request at which they are sent.
    const LOCATION: Location = Location::Query;

    /// Picks the values apart.
    ///
    /// # Errors
    /// 400 if a type is stricter than the rules its value was checked by.
    fn from_values(values: &Values) -> Result<Self, Failure>;

    /// Returns what a request has at that place.
    ///
    /// # Errors
    /// 400 if a type is stricter than the rules its value was checked by.
    fn of<U>(cx: &RequestContext<U>) -> Result<Self, Failure> {
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

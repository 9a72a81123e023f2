//! Functions that a program registers for values that data cannot describe.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use serde_json::Value;

use crate::reader::Reader;
use crate::row::Row;

/// A function of a row.
pub type Function = Arc<dyn Fn(Reader<'_>, &Row) -> Value + Send + Sync>;

/// Functions of rows, by the names that a definition calls them by.
#[derive(Clone, Default)]
pub struct Functions(HashMap<String, Known>);

/// A function of a row that has a value for some rows, and at some times.
pub(crate) type Exception = Arc<dyn Fn(Reader<'_>, &Row) -> Option<Value> + Send + Sync>;

/// A function that is registered.
#[derive(Clone)]
pub(crate) struct Known {
    pub(crate) function: Function,
    pub(crate) reads: Reads,
}

/// The things that the value of a property that is a function depends on.
#[derive(Clone)]
pub(crate) enum Reads {
    Anything,
    /// The row, and what it is seen as.
    Row,
    /// The same, unless this gives a value instead.
    RowUnless(Exception),
}

impl Functions {
    /// Returns no functions.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a function; one that has the name already is replaced.
    #[must_use]
    pub fn with(
        self,
        name: impl Into<String>,
        function: impl Fn(Reader<'_>, &Row) -> Value + Send + Sync + 'static,
    ) -> Self {
        self.and(name.into(), Arc::new(function), Reads::Anything)
    }

    /// Adds a function like [`Functions::with`] that reads nothing but the fields of the row, and what it is
    /// [seen as](Reader::seen): its value is computed once, and kept beside the row.
    #[must_use]
    pub fn with_own(
        self,
        name: impl Into<String>,
        function: impl Fn(Reader<'_>, &Row) -> Value + Send + Sync + 'static,
    ) -> Self {
        self.and(name.into(), Arc::new(function), Reads::Row)
    }

    /// Adds a function like [`Functions::with_own`], but for the values that `exception` gives instead, which may depend on
    /// anything and are not kept. What fills a field has none of these.
    #[must_use]
    pub fn with_own_unless(
        self,
        name: impl Into<String>,
        function: impl Fn(Reader<'_>, &Row) -> Value + Send + Sync + 'static,
        exception: impl Fn(Reader<'_>, &Row) -> Option<Value> + Send + Sync + 'static,
    ) -> Self {
        self.and(name.into(), Arc::new(function), Reads::RowUnless(Arc::new(exception)))
    }

    fn and(mut self, name: String, function: Function, reads: Reads) -> Self {
        self.0.insert(name, Known { function, reads });
        self
    }

    /// Returns the function of this name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Function> {
        self.0.get(name).map(|known| &known.function)
    }

    /// Returns the function of this name, and what it depends on.
    pub(crate) fn known(&self, name: &str) -> Option<&Known> {
        self.0.get(name)
    }
}

impl fmt::Debug for Functions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

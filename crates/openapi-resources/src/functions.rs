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
    /// `true` if the value depends on nothing but the row.
    pub(crate) is_own: bool,
    /// The values that come before those of the function.
    pub(crate) exception: Option<Exception>,
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
        mut self,
        name: impl Into<String>,
        function: impl Fn(Reader<'_>, &Row) -> Value + Send + Sync + 'static,
    ) -> Self {
        self.0.insert(name.into(), Known { function: Arc::new(function), is_own: false, exception: None });
        self
    }

    /// Adds a function like [`Functions::with`] that reads nothing but the fields of the row, and what it is
    /// [seen as](Reader::seen): its value is computed once, and kept beside the row.
    #[must_use]
    pub fn with_own(
        mut self,
        name: impl Into<String>,
        function: impl Fn(Reader<'_>, &Row) -> Value + Send + Sync + 'static,
    ) -> Self {
        self.0.insert(name.into(), Known { function: Arc::new(function), is_own: true, exception: None });
        self
    }

    /// Adds a function like [`Functions::with_own`], but for the values that `exception` gives instead, which may depend on
    /// anything and are not kept. What fills a field has none of these.
    #[must_use]
    pub fn with_own_unless(
        mut self,
        name: impl Into<String>,
        function: impl Fn(Reader<'_>, &Row) -> Value + Send + Sync + 'static,
        exception: impl Fn(Reader<'_>, &Row) -> Option<Value> + Send + Sync + 'static,
    ) -> Self {
        let exception: Option<Exception> = Some(Arc::new(exception));
        self.0.insert(name.into(), Known { function: Arc::new(function), is_own: true, exception });
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

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
pub struct Functions(HashMap<String, Function>);

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
        self.0.insert(name.into(), Arc::new(function));
        self
    }

    /// Returns the function of this name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Function> {
        self.0.get(name)
    }
}

impl fmt::Debug for Functions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

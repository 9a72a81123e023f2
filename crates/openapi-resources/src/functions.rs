//! Functions that a program registers for values that data cannot describe, and the supply of what is new in a row.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde_json::Value;
use uuid::Uuid;

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

/// The source of times, keys and secrets of new rows.
pub trait Supply: Send + Sync {
    /// Returns the time.
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }

    /// Returns a UUID that nothing has yet.
    fn uuid(&self) -> Uuid {
        Uuid::new_v4()
    }

    /// Returns a text of letters and digits that nobody can guess.
    fn secret(&self, length: usize) -> String {
        const LETTERS: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
        let mut secret = String::with_capacity(length);
        while secret.len() < length {
            for byte in self.uuid().into_bytes() {
                // What is left of a byte after four times the letters would make the first ones more frequent.
                if secret.len() < length
                    && let Some(letter) = (byte < 248).then(|| LETTERS.get(usize::from(byte % 62))).flatten()
                {
                    secret.push(char::from(*letter));
                }
            }
        }
        secret
    }
}

/// The clock and the randomness of the system.
#[derive(Clone, Copy, Debug, Default)]
pub struct System;

impl Supply for System {}

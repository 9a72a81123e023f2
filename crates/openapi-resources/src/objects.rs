//! All rows in the form of the API: list by list, what `GET` answers, and beside it what no answer shows.
//!
//! ```json
//! {
//!   "objects": {"pets": [{"id": 1, "name": "Rex"}]},
//!   "beside": {
//!     "objects": {"pets": {"1": {"row": 1, "values": {"password": "s3cret"}}}},
//!     "rows": [{"row": 2, "model": "visit", "values": {"pet": 1}}],
//!     "sequences": {"Pet/id": 1}
//!   }
//! }
//! ```
//!
//! Objects stand under the path of their collection. Each has its number, and the fields that its answer does not show,
//! under its key; a row that no list shows stands alone. Whoever writes objects by hand needs nothing beside them: the
//! fields that are not said are filled as those of a new row.

mod export;
mod gather;
mod import;
mod lists;
mod place;

use std::sync::Arc;

use crate::pointer::child;
use serde_json::Value;

use crate::entries;
use crate::journal::JournalError;
use crate::plan::Problem;
use crate::store::Store;

use export::export;
pub use export::text;
pub use gather::Gathering;
use import::import;
pub use place::{MAX_TOLD, located, position};

impl Store {
    /// Returns all rows in the form of the API ([`objects`](self)), of which [`Store::import`] makes the same rows.
    #[must_use]
    pub fn export(&self) -> Value {
        export(&self.snapshot())
    }

    /// Makes all rows what a value says, before others use the store: nothing is written to its journal. The value has the
    /// form of the API ([`objects`](self)), or it has `entries` alone, as earlier versions exported them.
    ///
    /// # Errors
    /// With everything that is wrong. The rules of rows are not checked in `entries`.
    pub fn import(&self, value: &Value) -> Result<(), Vec<Problem>> {
        let Some(entries) = value.get("entries") else {
            self.set(Arc::new(import(self.plan(), value)?));
            return Ok(());
        };
        let problem = |pointer: String, message: &str, help: &str| Problem::new(pointer, message, help);
        let others = value.as_object().into_iter().flat_map(|members| members.keys());
        let others = others
            .filter(|name| *name != "entries")
            .map(|name| problem(child("", name), "`entries` stand alone", "remove this section"));
        let others: Vec<Problem> = others.collect();
        if !others.is_empty() {
            return Err(others);
        }
        let entries = entries::of_value(entries);
        let loaded = entries.map_or_else(
            || Err(JournalError::Damaged("it is no object of rows".to_owned())),
            |entries| self.load(&entries),
        );
        loaded.map_err(|error| {
            vec![problem("/entries".to_owned(), &error.to_string(), "export the state again")]
        })
    }
}

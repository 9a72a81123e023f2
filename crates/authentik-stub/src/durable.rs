//! A journal in an embedded database, one file: every transaction is on the disk before it is acknowledged, and a
//! process that is killed leaves a file that opens. What else can be wrong with a file is found out before it is touched
//! ([`open`]).

mod draft;
mod open;
mod place;
mod refusal;

use std::sync::Arc;

use redb::{Database, ReadableDatabase, ReadableTable, TableDefinition, TableError};

pub use open::{Kept, open, prepare};
pub use refusal::OpenError;

use crate::directory::Directory;
use crate::fixture::Fixture;
use crate::journal::{Change, Journal, StoreError};
use crate::state::State;

/// The rows, by table and primary key.
const ROWS: TableDefinition<'_, (&str, &str), &[u8]> = TableDefinition::new("rows");

/// What a state file says about itself.
const ABOUT: TableDefinition<'_, &str, &[u8]> = TableDefinition::new("about");

/// The key in [`ABOUT`] of the layout of the other tables.
const LAYOUT: &str = "layout";

/// The key in [`ABOUT`] of the fixture the file was filled from.
const FIXTURE: &str = "fixture";

/// The layout this program reads and writes.
const CURRENT_LAYOUT: &[u8] = b"1";

/// A journal in a database.
struct DurableJournal {
    database: Database,
}

impl Journal for DurableJournal {
    fn commit(&self, changes: &[Change]) -> Result<(), StoreError> {
        let transaction = self.database.begin_write().map_err(medium)?;
        write_rows(&transaction, changes)?;
        transaction.commit().map_err(medium)
    }

    fn replace(&self, rows: &[Change]) -> Result<(), StoreError> {
        let transaction = self.database.begin_write().map_err(medium)?;
        transaction.delete_table(ROWS).map_err(medium)?;
        write_rows(&transaction, rows)?;
        transaction.commit().map_err(medium)
    }
}

/// What a state file holds.
struct Content {
    fixture: Fixture,
    state: State,
}

/// Fills an empty database.
fn fill(database: &Database, fixture: &Fixture) -> Result<(), StoreError> {
    let text = serde_json::to_vec(fixture).map_err(|error| StoreError::Medium(error.to_string()))?;
    let transaction = database.begin_write().map_err(medium)?;
    {
        let mut about = transaction.open_table(ABOUT).map_err(medium)?;
        about.insert(LAYOUT, CURRENT_LAYOUT).map_err(medium)?;
        about.insert(FIXTURE, text.as_slice()).map_err(medium)?;
    }
    write_rows(&transaction, &State::of(fixture).dump()?)?;
    transaction.commit().map_err(medium)
}

fn write_rows(transaction: &redb::WriteTransaction, changes: &[Change]) -> Result<(), StoreError> {
    let mut rows = transaction.open_table(ROWS).map_err(medium)?;
    for change in changes {
        let key = (change.table, change.key.as_str());
        match &change.value {
            Some(value) => rows.insert(key, value.as_slice()).map(drop),
            None => rows.remove(key).map(drop),
        }
        .map_err(medium)?;
    }
    Ok(())
}

/// Reads everything; `None` if the database is not one of this program's.
fn read(database: &Database) -> Result<Option<Content>, StoreError> {
    let transaction = database.begin_read().map_err(medium)?;
    let about = match transaction.open_table(ABOUT) {
        Ok(about) => about,
        Err(TableError::Storage(error)) => return Err(medium(error)),
        Err(_) => return Ok(None),
    };
    let entry = |key| Ok(about.get(key).map_err(medium)?.map(|value| value.value().to_vec()));
    let (Some(layout), Some(text)) = (entry(LAYOUT)?, entry(FIXTURE)?) else {
        return Ok(None);
    };
    if layout != CURRENT_LAYOUT {
        let layout = String::from_utf8_lossy(&layout).into_owned();
        return Err(StoreError::Damaged(format!("it has layout `{layout}`, which this version cannot read")));
    }
    let fixture: Fixture = serde_json::from_slice(&text)
        .map_err(|error| StoreError::Damaged(format!("its fixture is unreadable: {error}")))?;
    let mut state = State::empty(Arc::new(Directory::of(&fixture)));
    let rows = transaction.open_table(ROWS).map_err(medium)?;
    for row in rows.iter().map_err(medium)? {
        let (key, value) = row.map_err(medium)?;
        state.load(key.value().0, value.value())?;
    }
    Ok(Some(Content { fixture, state }))
}

fn medium(error: impl Into<redb::Error>) -> StoreError {
    match error.into() {
        redb::Error::Corrupted(message) => StoreError::Damaged(message),
        error => StoreError::Medium(error.to_string()),
    }
}

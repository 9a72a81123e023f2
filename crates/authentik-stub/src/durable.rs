//! A journal in an embedded database, one file: every transaction is on the disk before it is acknowledged, and a
//! process that is killed leaves a file that opens. What else can be wrong with a file is found out before it is touched
//! ([`open`]).

mod draft;
#[cfg(test)]
mod failing;
mod open;
mod refusal;
mod state_file;

use std::path::PathBuf;
use std::sync::Arc;

use redb::{Database, ReadableDatabase, ReadableTable, TableDefinition, TableError, WriteTransaction};

pub use open::prepare;
pub use refusal::OpenError;

use crate::fixture::Fixture;
use crate::journal::{Change, Journal, StoreError};
use crate::reference_data::ReferenceData;
use crate::state::State;
use state_file::LockedFile;

/// The rows, by table and primary key.
const ROWS: TableDefinition<'_, (&str, &str), &[u8]> = TableDefinition::new("rows");

/// The table in which a state file describes itself.
const ABOUT: TableDefinition<'_, &str, &[u8]> = TableDefinition::new("about");

/// The key in [`ABOUT`] of the layout of the other tables.
const LAYOUT: &str = "layout";

/// The key in [`ABOUT`] of the fixture the file was filled from.
const FIXTURE: &str = "fixture";

/// The layout this program reads and writes.
const CURRENT_LAYOUT: &[u8] = b"1";

/// The key in [`ABOUT`] of what a probe writes and removes again.
const PROBE: &str = "probe";

/// A journal in a database.
struct DurableJournal {
    /// The file as it was named at the start.
    name: PathBuf,
    file: LockedFile,
    fixture: Fixture,
    /// `None` if the database could not be opened again after a failure.
    database: Option<Database>,
}

impl DurableJournal {
    /// Runs one transaction, which is on the disk afterwards.
    fn transact(
        &self,
        work: impl FnOnce(&WriteTransaction) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let database = self.database.as_ref().ok_or_else(|| StoreError::Medium("it is closed".to_owned()));
        database.and_then(|database| transact(database, work)).map_err(|error| self.unwritable(&error))
    }

    fn unwritable(&self, error: &StoreError) -> StoreError {
        StoreError::Unwritable { file: self.name.clone(), cause: error.to_string() }
    }

    /// Returns `true` if the database holds exactly these rows.
    fn holds(&self, rows: &[Change]) -> bool {
        let content = self.database.as_ref().and_then(|database| read(database).ok().flatten());
        content.is_some_and(|Content { fixture, state }| {
            fixture == self.fixture && state.dump().is_ok_and(|held| held == rows)
        })
    }
}

impl Journal for DurableJournal {
    fn commit(&mut self, changes: &[Change]) -> Result<(), StoreError> {
        self.transact(|transaction| write_rows(transaction, changes))
    }

    fn replace(&mut self, rows: &[Change]) -> Result<(), StoreError> {
        self.transact(|transaction| write_all(transaction, &self.fixture, rows))
    }

    fn recover(&mut self, rows: &[Change]) -> Result<(), StoreError> {
        // A database that met an I/O error refuses everything until it is opened anew. The file stays locked meanwhile.
        self.database = None;
        self.database = Some(self.file.open().map_err(|error| self.unwritable(&medium(error)))?);
        // The transaction that failed may have reached the disk all the same.
        if self.holds(rows) { Ok(()) } else { self.replace(rows) }
    }

    fn probe(&mut self, bytes: usize) -> Result<(), StoreError> {
        let filler = vec![0; bytes];
        self.transact(|transaction| write_about(transaction, PROBE, Some(&filler)))?;
        self.transact(|transaction| write_about(transaction, PROBE, None))
    }
}

/// The content of a state file.
struct Content {
    fixture: Fixture,
    state: State,
}

/// Makes a database hold what a fixture describes.
fn fill(database: &Database, fixture: &Fixture) -> Result<(), StoreError> {
    let rows = State::of(fixture).dump()?;
    transact(database, |transaction| write_all(transaction, fixture, &rows))
}

fn transact(
    database: &Database,
    work: impl FnOnce(&WriteTransaction) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let transaction = database.begin_write().map_err(medium)?;
    work(&transaction)?;
    transaction.commit().map_err(medium)
}

/// Writes the whole content of a state file, in place of the existing one.
fn write_all(transaction: &WriteTransaction, fixture: &Fixture, rows: &[Change]) -> Result<(), StoreError> {
    let text = serde_json::to_vec(fixture).map_err(|error| StoreError::Medium(error.to_string()))?;
    transaction.delete_table(ABOUT).map_err(medium)?;
    transaction.delete_table(ROWS).map_err(medium)?;
    write_about(transaction, LAYOUT, Some(CURRENT_LAYOUT))?;
    write_about(transaction, FIXTURE, Some(&text))?;
    write_rows(transaction, rows)
}

fn write_about(transaction: &WriteTransaction, key: &str, value: Option<&[u8]>) -> Result<(), StoreError> {
    let mut about = transaction.open_table(ABOUT).map_err(medium)?;
    match value {
        Some(value) => about.insert(key, value).map(drop),
        None => about.remove(key).map(drop),
    }
    .map_err(medium)
}

fn write_rows(transaction: &WriteTransaction, changes: &[Change]) -> Result<(), StoreError> {
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
    let mut state = State::empty(Arc::new(ReferenceData::of(&fixture)));
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
        redb::Error::Io(error) => StoreError::Medium(error.to_string()),
        error => StoreError::Medium(error.to_string()),
    }
}

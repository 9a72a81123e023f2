//! A journal in an embedded database, one file: every transaction is on the disk before it is acknowledged, and a
//! process that is killed leaves a file that opens. What else can be wrong with a file is found out before it is touched
//! ([`find`]).

mod draft;
#[cfg(test)]
mod failing;
mod open;
mod refusal;
mod state_file;

use std::collections::BTreeMap;
use std::path::PathBuf;

use redb::{
    Database, ReadTransaction, ReadableDatabase, ReadableTable, TableDefinition, TableError, WriteTransaction,
};
use serde_json::Value;

pub use open::{Found, Kept, find};
pub use refusal::OpenError;

use crate::journal::{Change, Journal, JournalError};
use state_file::LockedFile;

/// The entries, by their keys.
const ENTRIES: TableDefinition<'_, &str, &[u8]> = TableDefinition::new("entries");

/// The rows of the first layout, by table and key.
const ROWS: TableDefinition<'_, (&str, &str), &[u8]> = TableDefinition::new("rows");

/// The table in which a state file describes itself.
const ABOUT: TableDefinition<'_, &str, &[u8]> = TableDefinition::new("about");

/// The key in [`ABOUT`] of the layout of the other tables.
const LAYOUT: &str = "layout";

/// The key in [`ABOUT`] of the text that the file was filled from.
const ORIGIN: &str = "fixture";

/// The layout this program reads and writes.
const CURRENT_LAYOUT: &[u8] = b"2";

/// The layout of the version before, whose rows are those of the program that wrote them.
const FIRST_LAYOUT: &[u8] = b"1";

/// The key in [`ABOUT`] of what a probe writes and removes again.
const PROBE: &str = "probe";

/// A journal in a database.
struct DurableJournal {
    /// The file as it was named at the start.
    name: PathBuf,
    file: LockedFile,
    origin: Vec<u8>,
    /// `None` if the database could not be opened again after a failure.
    database: Option<Database>,
}

impl DurableJournal {
    /// Runs one transaction, which is on the disk afterwards.
    fn transact(
        &self,
        work: impl FnOnce(&WriteTransaction) -> Result<(), JournalError>,
    ) -> Result<(), JournalError> {
        let database = self.database.as_ref().ok_or_else(|| JournalError::Medium("it is closed".to_owned()));
        database.and_then(|database| transact(database, work)).map_err(|error| self.unwritable(&error))
    }

    fn unwritable(&self, error: &JournalError) -> JournalError {
        JournalError::Unwritable { file: self.name.clone(), cause: error.to_string() }
    }

    /// Returns `true` if the database holds exactly these entries.
    fn holds(&self, entries: &[Change]) -> bool {
        let content = self.database.as_ref().and_then(|database| read(database).ok().flatten());
        let mut wanted: Vec<&Change> = entries.iter().collect();
        wanted.sort_unstable_by(|one, other| one.key.cmp(&other.key));
        content.is_some_and(|content| content.origin == self.origin && content.entries.iter().eq(wanted))
    }
}

impl Journal for DurableJournal {
    fn commit(&mut self, changes: &[Change]) -> Result<(), JournalError> {
        self.transact(|transaction| write_entries(transaction, changes))
    }

    fn replace(&mut self, entries: &[Change]) -> Result<(), JournalError> {
        self.transact(|transaction| write_all(transaction, &self.origin, entries))
    }

    fn recover(&mut self, entries: &[Change]) -> Result<(), JournalError> {
        // A database that met an I/O error refuses everything until it is opened anew. The file stays locked meanwhile.
        self.database = None;
        self.database = Some(self.file.open().map_err(|error| self.unwritable(&medium(error)))?);
        // The transaction that failed may have reached the disk all the same.
        if self.holds(entries) { Ok(()) } else { self.replace(entries) }
    }

    fn probe(&mut self, bytes: usize) -> Result<(), JournalError> {
        let filler = vec![0; bytes];
        self.transact(|transaction| write_about(transaction, PROBE, Some(&filler)))?;
        self.transact(|transaction| write_about(transaction, PROBE, None))
    }
}

/// The content of a state file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Content {
    /// The text that the file was filled from.
    pub origin: Vec<u8>,
    /// The entries that it holds now, by the keys.
    pub entries: Vec<Change>,
    /// The rows that it holds instead, if a version before wrote it: JSON, by the names of tables.
    pub older: Option<BTreeMap<String, Vec<Value>>>,
}

fn transact(
    database: &Database,
    work: impl FnOnce(&WriteTransaction) -> Result<(), JournalError>,
) -> Result<(), JournalError> {
    let transaction = database.begin_write().map_err(medium)?;
    work(&transaction)?;
    transaction.commit().map_err(medium)
}

/// Writes the whole content of a state file, in place of the existing one.
fn write_all(transaction: &WriteTransaction, origin: &[u8], entries: &[Change]) -> Result<(), JournalError> {
    transaction.delete_table(ABOUT).map_err(medium)?;
    transaction.delete_table(ENTRIES).map_err(medium)?;
    transaction.delete_table(ROWS).map_err(medium)?;
    write_about(transaction, LAYOUT, Some(CURRENT_LAYOUT))?;
    write_about(transaction, ORIGIN, Some(origin))?;
    write_entries(transaction, entries)
}

fn write_about(transaction: &WriteTransaction, key: &str, value: Option<&[u8]>) -> Result<(), JournalError> {
    let mut about = transaction.open_table(ABOUT).map_err(medium)?;
    match value {
        Some(value) => about.insert(key, value).map(drop),
        None => about.remove(key).map(drop),
    }
    .map_err(medium)
}

fn write_entries(transaction: &WriteTransaction, changes: &[Change]) -> Result<(), JournalError> {
    let mut entries = transaction.open_table(ENTRIES).map_err(medium)?;
    for Change { key, value } in changes {
        match value {
            Some(value) => entries.insert(key.as_str(), value.as_slice()).map(drop),
            None => entries.remove(key.as_str()).map(drop),
        }
        .map_err(medium)?;
    }
    Ok(())
}

/// Reads everything; `None` if the database is not one of this program's.
fn read(database: &Database) -> Result<Option<Content>, JournalError> {
    let transaction = database.begin_read().map_err(medium)?;
    let about = match transaction.open_table(ABOUT) {
        Ok(about) => about,
        Err(TableError::Storage(error)) => return Err(medium(error)),
        Err(_) => return Ok(None),
    };
    let entry = |key| Ok(about.get(key).map_err(medium)?.map(|value| value.value().to_vec()));
    let (Some(layout), Some(origin)) = (entry(LAYOUT)?, entry(ORIGIN)?) else {
        return Ok(None);
    };
    if layout == FIRST_LAYOUT {
        let older = Some(older(&transaction)?);
        return Ok(Some(Content { origin, entries: Vec::new(), older }));
    }
    if layout != CURRENT_LAYOUT {
        let layout = String::from_utf8_lossy(&layout).into_owned();
        return Err(JournalError::Damaged(format!(
            "it has layout `{layout}`, which this version cannot read"
        )));
    }
    let mut entries = Vec::new();
    for entry in transaction.open_table(ENTRIES).map_err(medium)?.iter().map_err(medium)? {
        let (key, value) = entry.map_err(medium)?;
        entries.push(Change { key: key.value().to_owned(), value: Some(value.value().to_vec()) });
    }
    Ok(Some(Content { origin, entries, older: None }))
}

/// Reads the rows of the first layout.
fn older(transaction: &ReadTransaction) -> Result<BTreeMap<String, Vec<Value>>, JournalError> {
    let mut older: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for row in transaction.open_table(ROWS).map_err(medium)?.iter().map_err(medium)? {
        let (key, value) = row.map_err(medium)?;
        let (table, key) = key.value();
        let row = serde_json::from_slice(value.value())
            .map_err(|error| JournalError::Damaged(format!("the row `{key}` of `{table}`: {error}")))?;
        older.entry(table.to_owned()).or_default().push(row);
    }
    Ok(older)
}

fn medium(error: impl Into<redb::Error>) -> JournalError {
    match error.into() {
        redb::Error::Corrupted(message) => JournalError::Damaged(message),
        redb::Error::Io(error) => JournalError::Medium(error.to_string()),
        error => JournalError::Medium(error.to_string()),
    }
}

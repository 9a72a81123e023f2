//! The state file of a stub: found, checked, and read into an API before anything is written to it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use openapi_control::Control;
use openapi_resources::durable::{self, Content, Kept};
use openapi_resources::journal::{JournalError, Unavailable};
use openapi_resources::store::Store;
use openapi_resources::supply::Adjustable;

use crate::api::{Api, tokens};
use crate::fixture::{Fixture, FixtureError};
use crate::start_error::StartError;

/// The objects of a state file.
pub(crate) struct Opened {
    pub(crate) api: Api,
    /// The file, to which nothing is written before it is published.
    pub(crate) kept: Kept,
    /// The objects that they began as.
    pub(crate) origin: Fixture,
}

impl Opened {
    /// Returns `true` if a token has a key that is published, or has it after a reset.
    pub(crate) fn has_published_tokens(&self) -> Result<bool, FixtureError> {
        let published = Fixture::published()?;
        let keys = [self.origin.keys(), tokens::keys(&self.api.store())].concat();
        Ok(keys.iter().any(|key| published.contains(key)))
    }
}

/// Opens a state file, or makes one of a fixture.
///
/// # Errors
/// If the file, or the fixture that it was filled from, cannot be used.
pub(crate) async fn open(
    path: PathBuf,
    first: Fixture,
    start_over: bool,
    supply: Arc<Adjustable>,
    adapt: impl FnOnce(Control) -> Control + Send + 'static,
) -> Result<Opened, StartError> {
    blocking(move || read(&path, &first, start_over, supply, adapt)).await?
}

/// Makes or replaces the file, and keeps in it what is changed from now on. The store is held before.
///
/// # Errors
/// If the file cannot be written.
pub(crate) async fn publish(kept: Kept, store: &Store) -> Result<(), StartError> {
    match blocking(move || kept.publish()).await? {
        Ok(journal) => store.keep_in(journal),
        Err(error) => {
            // Nobody is to wait for it any more.
            store.keep_in(Box::new(Unavailable(JournalError::Medium(error.to_string()))));
            return Err(error.into());
        }
    }
    Ok(())
}

fn read(
    path: &Path,
    first: &Fixture,
    start_over: bool,
    supply: Arc<Adjustable>,
    adapt: impl FnOnce(Control) -> Control,
) -> Result<Opened, StartError> {
    let found = durable::find(path, start_over)?;
    let origin = found.content().map(|content| String::from_utf8_lossy(&content.origin));
    let origin = origin.map(|origin| Fixture::parse("the fixture of the state file", &origin)).transpose()?;
    let origin = origin.unwrap_or_else(|| first.clone());
    let api = Api::controlled(&origin, supply, adapt)?;
    if let Some(content) = found.content() {
        let loaded = match &content.older {
            None => api.store().load(&content.entries),
            Some(rows) => api.store().load(&Api::new(&origin.with_rows(rows)?)?.store().entries()),
        };
        loaded.map_err(|error| found.refused(&error))?;
    }
    let new = || Content { origin: origin.text().into(), entries: api.store().entries(), older: None };
    let kept = found.open(new)?;
    Ok(Opened { api, kept, origin })
}

/// Waits for work that waits for disks.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, StartError> {
    tokio::task::spawn_blocking(work).await.map_err(|error| StartError::Thread(error.into()))
}

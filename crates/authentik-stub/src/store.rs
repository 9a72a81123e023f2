//! The one place where the state changes. Readers take the current snapshot and never wait; writers take turns, and what
//! a writer did becomes visible only after the journal, if there is one, has kept it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use crate::journal::{Change, Journal, StoreError};
use crate::state::{Record, State};

/// The current state and the way to the next.
#[derive(Clone)]
pub struct Store {
    shared: Arc<Shared>,
}

struct Shared {
    current: RwLock<Arc<State>>,
    initial: State,
    writer: Mutex<Writer>,
    /// `true` if there is a journal.
    durable: bool,
}

/// The data that a writer uses while it has its turn.
struct Writer {
    journal: Option<Box<dyn Journal>>,
    /// The size in bytes of the transaction that failed last, until one succeeds.
    refused: Option<usize>,
}

/// The changes a writer is making. Others see them once the transaction is kept.
pub struct Transaction {
    state: State,
    changes: Vec<Change>,
}

impl Transaction {
    /// Returns the state with the changes made so far.
    #[must_use]
    pub fn state(&self) -> &State {
        &self.state
    }

    /// Adds a row or replaces the one with the same primary key.
    ///
    /// # Errors
    /// If the row cannot be written as JSON.
    pub fn put<R: Record>(&mut self, row: R) -> Result<(), StoreError> {
        self.changes.push(Change::put(R::TABLE, &row)?);
        R::table_mut(&mut self.state).put(row);
        Ok(())
    }

    /// Removes a row; `false` if there was none.
    pub fn remove<R: Record>(&mut self, key: &R::Key) -> bool {
        let removed = R::table_mut(&mut self.state).remove(key);
        if removed {
            self.changes.push(Change::remove::<R>(R::TABLE, key));
        }
        removed
    }
}

impl Store {
    /// Returns a store in memory.
    #[must_use]
    pub fn in_memory(initial: State) -> Self {
        Self::new(initial.clone(), initial, None)
    }

    /// Returns a store whose changes are kept by a journal. `current` is what the journal holds now, `initial` what a
    /// reset returns to.
    #[must_use]
    pub fn durable(current: State, initial: State, journal: Box<dyn Journal>) -> Self {
        Self::new(current, initial, Some(journal))
    }

    fn new(current: State, initial: State, journal: Option<Box<dyn Journal>>) -> Self {
        let (current, durable) = (RwLock::new(Arc::new(current)), journal.is_some());
        let writer = Mutex::new(Writer { journal, refused: None });
        Self { shared: Arc::new(Shared { current, initial, writer, durable }) }
    }

    /// Returns the current snapshot.
    #[must_use]
    pub fn read(&self) -> Arc<State> {
        self.shared.read()
    }

    /// Changes the state, or, if `change` fails, does not. Once begun a change is finished, even if whoever asked for
    /// it stops waiting.
    ///
    /// # Errors
    /// If `change` fails, or the journal cannot keep the change.
    pub async fn write<T, E, F>(&self, change: F) -> Result<T, E>
    where
        F: FnOnce(&mut Transaction) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        self.run(move |shared| shared.write(change)).await
    }

    /// Puts the state back to what it was at first.
    ///
    /// # Errors
    /// If the journal could not keep that.
    pub async fn reset(&self) -> Result<(), StoreError> {
        self.run(Shared::reset).await
    }

    /// Checks that changes can be kept. After a change was refused, this opens the state file again and tries whether it
    /// takes one of the same size.
    ///
    /// # Errors
    /// If the journal still cannot keep changes.
    pub async fn check(&self) -> Result<(), StoreError> {
        self.run(Shared::check).await
    }

    /// Journals wait for disks, so they run on threads that may block.
    async fn run<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: FnOnce(&Shared) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        if !self.shared.durable {
            return work(&self.shared);
        }
        let shared = Arc::clone(&self.shared);
        match tokio::task::spawn_blocking(move || work(&shared)).await {
            Ok(result) => result,
            Err(stopped) if stopped.is_panic() => std::panic::resume_unwind(stopped.into_panic()),
            Err(_) => Err(StoreError::Closed.into()),
        }
    }
}

impl Shared {
    fn read(&self) -> Arc<State> {
        // A snapshot is replaced as a whole, so one that a panicking writer left behind is still a good one.
        Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Waits for a turn to write. What a panicking writer left undone counts as refused.
    fn writer(&self) -> MutexGuard<'_, Writer> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn publish(&self, state: State) {
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(state);
    }

    fn write<T, E: From<StoreError>>(
        &self,
        change: impl FnOnce(&mut Transaction) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut writer = self.writer();
        let current = self.read();
        let mut transaction = Transaction { state: State::clone(&current), changes: Vec::new() };
        let result = change(&mut transaction)?;
        if !transaction.changes.is_empty() {
            let changes = &transaction.changes;
            writer.keep(&current, size(changes), |journal| journal.commit(changes))?;
            self.publish(transaction.state);
        }
        Ok(result)
    }

    fn reset(&self) -> Result<(), StoreError> {
        let mut writer = self.writer();
        if self.durable {
            let rows = self.initial.dump()?;
            writer.keep(&self.read(), size(&rows), |journal| journal.replace(&rows))?;
        }
        self.publish(self.initial.clone());
        Ok(())
    }

    fn check(&self) -> Result<(), StoreError> {
        let mut writer = self.writer();
        match writer.refused {
            Some(bytes) => writer.keep(&self.read(), bytes, |journal| journal.probe(bytes)),
            None => Ok(()),
        }
    }
}

impl Writer {
    /// Has the journal do something, after recovering it from an earlier failure. `current` is what was acknowledged.
    fn keep(
        &mut self,
        current: &State,
        bytes: usize,
        work: impl FnOnce(&mut dyn Journal) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let Some(journal) = &mut self.journal else { return Ok(()) };
        if self.refused.is_some() {
            journal.recover(&current.dump()?)?;
        }
        self.refused = Some(bytes);
        work(journal.as_mut())?;
        self.refused = None;
        Ok(())
    }
}

/// Returns the size of rows in bytes.
fn size(rows: &[Change]) -> usize {
    rows.iter().map(|row| row.key.len() + row.value.as_ref().map_or(0, Vec::len)).sum()
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};

    use super::*;
    use crate::fixture::Fixture;
    use crate::record::PlexSource;

    /// Keeps changes in memory, or refuses to.
    #[derive(Default, Clone)]
    struct Tape {
        kept: Arc<Mutex<Vec<Change>>>,
        broken: Arc<AtomicBool>,
    }

    impl Tape {
        fn keep(&self, keep: impl FnOnce(&mut Vec<Change>)) -> Result<(), StoreError> {
            if self.broken.load(Ordering::SeqCst) {
                return Err(StoreError::Medium("full".to_owned()));
            }
            keep(&mut self.kept.lock().unwrap());
            Ok(())
        }
    }

    impl Journal for Tape {
        fn commit(&mut self, changes: &[Change]) -> Result<(), StoreError> {
            self.keep(|kept| kept.extend_from_slice(changes))
        }

        fn replace(&mut self, rows: &[Change]) -> Result<(), StoreError> {
            self.keep(|kept| *kept = rows.to_vec())
        }

        fn recover(&mut self, rows: &[Change]) -> Result<(), StoreError> {
            self.replace(rows)
        }

        fn probe(&mut self, bytes: usize) -> Result<(), StoreError> {
            assert!(bytes > 0);
            self.keep(|_| {})
        }
    }

    fn initial() -> State {
        State::of(&Fixture::sample().unwrap())
    }

    fn first(state: &State) -> PlexSource {
        state.plex_sources.iter().next().unwrap().clone()
    }

    #[tokio::test]
    async fn a_failed_change_leaves_no_trace() {
        let store = Store::in_memory(initial());
        let key = first(&store.read()).pk;
        let result: Result<(), StoreError> = store
            .write(move |tx| {
                assert!(tx.remove::<PlexSource>(&key));
                Err(StoreError::Closed)
            })
            .await;
        assert!(result.is_err() && store.read().plex_sources.get(&key).is_some());
    }

    #[tokio::test]
    async fn the_journal_is_told_what_changed() {
        let tape = Tape::default();
        let kept = Arc::clone(&tape.kept);
        let store = Store::durable(initial(), initial(), Box::new(tape));
        let source = first(&store.read());
        let (key, renamed) = (source.pk, PlexSource { slug: "renamed".to_owned(), ..source });
        store.write(move |tx| tx.put(renamed)).await.unwrap();
        let removed: Result<bool, StoreError> =
            store.write(move |tx| Ok(tx.remove::<PlexSource>(&key))).await;
        assert!(removed.unwrap());
        let kept = kept.lock().unwrap();
        assert_eq!(kept.len(), 2);
        assert!(kept.iter().all(|change| change.table == "plex_sources" && change.key == key.to_string()));
        assert!(kept[0].value.is_some() && kept[1].value.is_none());
    }

    #[tokio::test]
    async fn what_the_journal_refuses_nobody_sees_and_it_is_asked_again() {
        let tape = Tape::default();
        let store = Store::durable(initial(), initial(), Box::new(tape.clone()));
        let key = first(&store.read()).pk;
        let remove = || store.write(move |tx| Ok::<_, StoreError>(tx.remove::<PlexSource>(&key)));
        store.check().await.unwrap();
        tape.broken.store(true, Ordering::SeqCst);
        store.check().await.expect("nothing was refused yet");
        for _ in 0..2 {
            assert!(matches!(remove().await, Err(StoreError::Medium(_))));
            assert!(matches!(store.reset().await, Err(StoreError::Medium(_))));
            assert!(matches!(store.check().await, Err(StoreError::Medium(_))));
            assert!(store.read().plex_sources.get(&key).is_some());
        }
        tape.broken.store(false, Ordering::SeqCst);
        store.check().await.unwrap();
        assert_eq!(
            *tape.kept.lock().unwrap(),
            initial().dump().unwrap(),
            "what was acknowledged is put back"
        );
        assert!(remove().await.unwrap());
        assert!(tape.kept.lock().unwrap().last().unwrap().value.is_none());
    }

    #[tokio::test]
    async fn a_reset_puts_everything_back() {
        let store = Store::in_memory(initial());
        let key = first(&store.read()).pk;
        let before = store.read();
        let removed: Result<bool, StoreError> =
            store.write(move |tx| Ok(tx.remove::<PlexSource>(&key))).await;
        assert!(removed.unwrap());
        assert!(before.plex_sources.get(&key).is_some(), "a snapshot stays as it was");
        store.reset().await.unwrap();
        assert!(store.read().plex_sources.iter().eq(initial().plex_sources.iter()));
    }
}

//! The one place where the state changes. Readers take the current snapshot and never wait; writers take turns, and what
//! a writer did becomes visible only after the journal, if there is one, has kept it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use crate::journal::{Change, Journal, StoreError};
use crate::record::Record;
use crate::state::State;

/// The current state and the way to the next.
#[derive(Clone)]
pub struct Store {
    shared: Arc<Shared>,
}

struct Shared {
    current: RwLock<Arc<State>>,
    initial: State,
    turn: Mutex<()>,
    journal: Option<Box<dyn Journal>>,
}

/// The changes a writer is making. They are seen by nobody else until the transaction is kept.
pub struct Transaction {
    state: State,
    changes: Vec<Change>,
}

impl Transaction {
    /// The state with the changes made so far.
    #[must_use]
    pub fn state(&self) -> &State {
        &self.state
    }

    /// Adds a row or replaces the one with the same primary key.
    ///
    /// # Errors
    /// If the row cannot be written as JSON.
    pub fn put<R: Record>(&mut self, row: R) -> Result<(), StoreError> {
        self.changes.push(Change::put(&row)?);
        R::table_mut(&mut self.state).put(row);
        Ok(())
    }

    /// Removes a row; `false` if there was none.
    pub fn remove<R: Record>(&mut self, key: &R::Key) -> bool {
        let removed = R::table_mut(&mut self.state).remove(key);
        if removed {
            self.changes.push(Change::remove::<R>(key));
        }
        removed
    }
}

impl Store {
    /// A store that forgets everything when it goes.
    #[must_use]
    pub fn in_memory(initial: State) -> Self {
        Self::new(initial.clone(), initial, None)
    }

    /// A store whose changes are kept by a journal. `current` is what the journal holds now, `initial` what a reset
    /// returns to.
    #[must_use]
    pub fn durable(current: State, initial: State, journal: Box<dyn Journal>) -> Self {
        Self::new(current, initial, Some(journal))
    }

    fn new(current: State, initial: State, journal: Option<Box<dyn Journal>>) -> Self {
        let current = RwLock::new(Arc::new(current));
        Self { shared: Arc::new(Shared { current, initial, turn: Mutex::new(()), journal }) }
    }

    /// The current snapshot.
    #[must_use]
    pub fn read(&self) -> Arc<State> {
        // A snapshot is replaced as a whole, so one that a panicking writer left behind is still a good one.
        Arc::clone(&self.shared.current.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Changes the state, or, if `change` fails, does not. Once begun a change is finished, even if whoever asked for
    /// it stops waiting.
    ///
    /// # Errors
    /// What `change` fails with, or that the journal could not keep the change.
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

    /// Journals wait for disks, so their work is done where waiting harms nobody.
    async fn run<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: FnOnce(&Shared) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        if self.shared.journal.is_none() {
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
    fn turn(&self) -> MutexGuard<'_, ()> {
        self.turn.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn publish(&self, state: State) {
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(state);
    }

    fn write<T, E: From<StoreError>>(
        &self,
        change: impl FnOnce(&mut Transaction) -> Result<T, E>,
    ) -> Result<T, E> {
        let _turn = self.turn();
        let state = State::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner));
        let mut transaction = Transaction { state, changes: Vec::new() };
        let result = change(&mut transaction)?;
        if !transaction.changes.is_empty() {
            if let Some(journal) = &self.journal {
                journal.commit(&transaction.changes)?;
            }
            self.publish(transaction.state);
        }
        Ok(result)
    }

    fn reset(&self) -> Result<(), StoreError> {
        let _turn = self.turn();
        if let Some(journal) = &self.journal {
            journal.replace(&self.initial.dump()?)?;
        }
        self.publish(self.initial.clone());
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::Fixture;
    use crate::record::PlexSource;

    /// Keeps changes in memory, or refuses to.
    #[derive(Default)]
    struct Tape {
        kept: Arc<Mutex<Vec<Change>>>,
        broken: bool,
    }

    impl Journal for Tape {
        fn commit(&self, changes: &[Change]) -> Result<(), StoreError> {
            if self.broken {
                return Err(StoreError::Medium("full".to_owned()));
            }
            self.kept.lock().unwrap().extend_from_slice(changes);
            Ok(())
        }

        fn replace(&self, rows: &[Change]) -> Result<(), StoreError> {
            *self.kept.lock().unwrap() = rows.to_vec();
            Ok(())
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
    async fn what_the_journal_refuses_nobody_sees() {
        let store = Store::durable(initial(), initial(), Box::new(Tape { broken: true, ..Tape::default() }));
        let key = first(&store.read()).pk;
        let result: Result<bool, StoreError> = store.write(move |tx| Ok(tx.remove::<PlexSource>(&key))).await;
        assert!(matches!(result, Err(StoreError::Medium(_))));
        assert!(store.read().plex_sources.get(&key).is_some());
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

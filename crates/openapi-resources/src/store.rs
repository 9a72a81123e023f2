//! The store: rows that many read while one writes.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError, RwLock};
use std::{fmt, mem};

use serde_json::Value;

use crate::entries;
use crate::journal::{self, Journal, JournalError, Unavailable};
use crate::layout::Layout;
use crate::plan::{ModelId, Plan, ViewId};
use crate::reader::{Reader, Surroundings};
use crate::render::Renderer;
use crate::row::Row;
use crate::state::State;
use crate::transaction::Transaction;
use crate::violation::Violation;
use crate::waiting::waiting;

/// All rows at one moment, which later changes leave as they are.
#[derive(Clone, Debug)]
pub struct Snapshot {
    pub(crate) plan: Arc<Plan>,
    pub(crate) state: Arc<State>,
    pub(crate) context: Option<Context>,
    pub(crate) written: Arc<[String]>,
    pub(crate) seen_as: Option<ModelId>,
}

/// The words of a program about a request, for the functions that compute values.
#[derive(Clone)]
pub struct Context(pub Arc<dyn Any + Send + Sync>);

impl fmt::Debug for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Context")
    }
}

impl Snapshot {
    pub(crate) fn of(plan: &Arc<Plan>, state: Arc<State>) -> Self {
        Self { plan: Arc::clone(plan), state, context: None, written: Arc::default(), seen_as: None }
    }

    /// Tells the functions that compute values about the request.
    #[must_use]
    pub fn with_context(mut self, context: Option<Context>) -> Self {
        self.context = context;
        self
    }

    /// Returns a reader of these rows.
    #[must_use]
    pub fn reader(&self) -> Reader<'_> {
        let context = self.context.as_ref().map(|context| &*context.0);
        let surroundings = Surroundings { context, seen_as: self.seen_as, written: &self.written };
        Reader { layout: &self.plan.layout, state: &self.state, surroundings }
    }

    /// Returns the plan that the rows follow.
    #[must_use]
    pub fn plan(&self) -> &Arc<Plan> {
        &self.plan
    }

    /// Appends a row as JSON.
    pub fn render(&self, view: ViewId, row: &Row, out: &mut Vec<u8>) {
        Renderer { views: &self.plan.views, reader: self.reader() }.render(view, row, out);
    }

    /// Returns a row as a value of JSON.
    #[must_use]
    pub fn object(&self, view: ViewId, row: &Row) -> Value {
        let mut text = Vec::new();
        self.render(view, row, &mut text);
        serde_json::from_slice(&text).unwrap_or_default()
    }
}

/// Rows of models. Readers take a [`Snapshot`] and never wait for a writer; writers take turns. With a journal, what a
/// writer did becomes visible when it is kept, and writers that come while others are being kept are kept together. Within
/// a runtime of Tokio with several threads, other tasks go on while one waits.
pub struct Store {
    plan: Arc<Plan>,
    current: RwLock<Arc<State>>,
    /// `true` if changes are kept in a journal.
    is_durable: AtomicBool,
    writer: Mutex<Writer>,
    /// Tells writers that a batch has ended.
    ended: Condvar,
}

/// The data that a writer uses while it has its turn.
#[derive(Default)]
struct Writer {
    /// The journal, unless a batch is just being kept.
    journal: Option<Box<dyn Journal>>,
    /// The rows after all changes that wait to be kept; `None` if none does.
    pending: Option<Arc<State>>,
    /// The changes that wait.
    queue: Vec<journal::Change>,
    /// The batch that they are.
    batch: Arc<Batch>,
    /// The size in bytes of the transaction that failed last, until one succeeds.
    refused: Option<usize>,
}

/// Changes that wait to be kept, and the rows after them.
struct Waiting {
    changes: Vec<journal::Change>,
    batch: Arc<Batch>,
    after: Option<Arc<State>>,
}

/// Changes that are kept together.
#[derive(Default)]
struct Batch(OnceLock<Result<(), JournalError>>);

/// The reason why changes were not made.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum WriteError {
    /// They would have broken rules.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Broken(Vec<Violation>),
    /// The journal did not keep them.
    #[error(transparent)]
    NotKept(#[from] JournalError),
}

/// The reason why rows were not made what they were.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RestoreError {
    /// The snapshot is one of another store.
    #[error("the snapshot is one of a store with another plan")]
    OtherPlan,
    /// The journal did not keep it.
    #[error(transparent)]
    NotKept(#[from] JournalError),
}

impl Store {
    /// Returns a store without rows.
    #[must_use]
    pub fn new(plan: impl Into<Arc<Plan>>) -> Self {
        let plan = plan.into();
        let current = Arc::new(State::empty(&plan.layout));
        Self::with_rows(plan, current)
    }

    fn with_rows(plan: Arc<Plan>, rows: Arc<State>) -> Self {
        let (current, is_durable) = (RwLock::new(rows), AtomicBool::new(false));
        Self { plan, current, is_durable, writer: Mutex::default(), ended: Condvar::new() }
    }

    /// Returns the plan.
    #[must_use]
    pub fn plan(&self) -> &Arc<Plan> {
        &self.plan
    }

    /// Returns all rows as they are now.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        Snapshot::of(&self.plan, self.current())
    }

    /// Returns all rows as the entries of a journal.
    #[must_use]
    pub fn entries(&self) -> Vec<journal::Change> {
        entries::all(&self.plan.layout, &self.current())
    }

    /// Makes all rows what the entries of a journal say, before others use the store: nothing is written to its journal, and
    /// no rule is checked.
    ///
    /// # Errors
    /// If an entry cannot be read.
    pub fn load(&self, entries: &[journal::Change]) -> Result<(), JournalError> {
        self.set(Arc::new(entries::read(&self.plan.layout, entries)?));
        Ok(())
    }

    /// Has writers wait from now on, until there is a journal.
    pub fn hold(&self) {
        self.is_durable.store(true, Ordering::Release);
    }

    /// Keeps changes in a journal from now on, which holds the rows as they are now. Changes that were made meanwhile are not
    /// in it, so a store that is in use is [held](Store::hold) before.
    pub fn keep_in(&self, journal: Box<dyn Journal>) {
        self.hold();
        self.writer().journal = Some(journal);
        self.ended.notify_all();
    }

    /// Refuses changes from now on, and returns the rows for a store that [takes them over](Store::adopt): every change that
    /// was acknowledged is among them.
    pub fn hand_over(&self) -> Snapshot {
        self.wait(|| {
            let mut writer = self.idle();
            self.hold();
            writer.journal = Some(Box::new(Unavailable(JournalError::HandedOver)));
        });
        self.snapshot()
    }

    /// Returns `true` if changes are kept in a journal, so that writers may have to wait.
    #[must_use]
    pub fn is_durable(&self) -> bool {
        self.is_durable.load(Ordering::Acquire)
    }

    /// Returns the number of rows of each collection, by the path of the collection without slashes around it.
    #[must_use]
    pub fn counts(&self) -> Vec<(String, usize)> {
        let snapshot = self.snapshot();
        let reader = snapshot.reader();
        let counts = self.plan.definition().collections.iter().filter_map(|(path, collection)| {
            Some((path.trim_matches('/').to_owned(), reader.count(reader.model(&collection.model)?)))
        });
        counts.collect()
    }

    /// Returns another store with the rows of a snapshot of this one, which has no journal. The two share what neither
    /// changes.
    #[must_use]
    pub fn fork(&self, snapshot: &Snapshot) -> Self {
        Self::with_rows(Arc::clone(&self.plan), Arc::clone(&snapshot.state))
    }

    /// Makes all rows what they were.
    ///
    /// # Errors
    /// If the journal does not keep it.
    pub fn restore(&self, snapshot: &Snapshot) -> Result<(), RestoreError> {
        if !Arc::ptr_eq(&self.plan, &snapshot.plan) {
            return Err(RestoreError::OtherPlan);
        }
        self.wait(|| {
            let mut writer = self.idle();
            if self.is_durable() {
                let rows = entries::all(&self.plan.layout, &snapshot.state);
                writer.keep(&self.plan.layout, &self.current(), size(&rows), |journal| {
                    journal.replace(&rows)
                })?;
            }
            self.set(Arc::clone(&snapshot.state));
            Ok(())
        })
    }

    /// Checks that changes can be kept, if the last could not.
    ///
    /// # Errors
    /// If they still cannot.
    pub fn check(&self) -> Result<(), JournalError> {
        self.wait(|| {
            if self.writer().refused.is_none() {
                return Ok(());
            }
            let mut writer = self.idle();
            match writer.refused {
                Some(bytes) => {
                    writer.keep(&self.plan.layout, &self.current(), bytes, |journal| journal.probe(bytes))
                }
                None => Ok(()),
            }
        })
    }

    /// Does work that may have to wait for the journal.
    fn wait<T>(&self, work: impl FnOnce() -> T) -> T {
        if self.is_durable() { waiting(work) } else { work() }
    }

    pub(crate) fn current(&self) -> Arc<State> {
        Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) fn set(&self, state: Arc<State>) {
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = state;
    }

    /// Waits for a turn to write. What a panicking writer left undone counts as refused.
    fn writer(&self) -> MutexGuard<'_, Writer> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for a turn to write in which no change waits to be kept: those that do are kept first.
    fn idle(&self) -> MutexGuard<'_, Writer> {
        let mut writer = self.writer();
        while self.is_durable() && writer.journal.is_none() {
            writer = self.ended.wait(writer).unwrap_or_else(PoisonError::into_inner);
        }
        if writer.pending.is_some() {
            let waiting = writer.waiting();
            let outcome = writer.commit(&self.plan.layout, &self.current(), &waiting.changes);
            self.settle(&mut writer, waiting, outcome);
        }
        writer
    }

    /// Makes changes, all or none; returns the rows after them too.
    ///
    /// # Errors
    /// If `change` fails, with every rule that the changes break, or if the journal does not keep them.
    pub fn write<T, E: From<WriteError>>(
        &self,
        change: impl FnOnce(&mut Transaction<'_>) -> Result<T, E>,
    ) -> Result<(T, Snapshot), E> {
        self.wait(|| self.write_in_turn(change))
    }

    fn write_in_turn<T, E: From<WriteError>>(
        &self,
        change: impl FnOnce(&mut Transaction<'_>) -> Result<T, E>,
    ) -> Result<(T, Snapshot), E> {
        let mut writer = self.writer();
        let before = writer.pending.clone().unwrap_or_else(|| self.current());
        let mut transaction = Transaction::new(&self.plan, State::clone(&before));
        let outcome = change(&mut transaction)?;
        let (after, touched) = transaction.finish().map_err(WriteError::Broken)?;
        let after = Arc::new(after);
        if self.is_durable() {
            writer.queue.extend(entries::changed(&self.plan.layout, &before, &after, &touched));
            writer.pending = Some(Arc::clone(&after));
            let batch = Arc::clone(&writer.batch);
            self.wait_for(writer, &batch).map_err(WriteError::NotKept)?;
        } else {
            self.set(Arc::clone(&after));
        }
        Ok((outcome, Snapshot::of(&self.plan, after)))
    }

    /// Waits until a batch has ended, and keeps it if nobody else does.
    fn wait_for<'a>(&'a self, mut writer: MutexGuard<'a, Writer>, batch: &Batch) -> Result<(), JournalError> {
        loop {
            if let Some(outcome) = batch.0.get() {
                return outcome.clone();
            }
            writer = match writer.journal.take() {
                Some(journal) => self.lead(writer, journal),
                None => self.ended.wait(writer).unwrap_or_else(PoisonError::into_inner),
            };
        }
    }

    /// Keeps the changes that wait. Others may come meanwhile.
    fn lead<'a>(
        &'a self,
        mut writer: MutexGuard<'a, Writer>,
        journal: Box<dyn Journal>,
    ) -> MutexGuard<'a, Writer> {
        let (waiting, current) = (writer.waiting(), self.current());
        let mut leader = Writer { journal: Some(journal), refused: writer.refused, ..Writer::default() };
        drop(writer);
        let outcome = leader.commit(&self.plan.layout, &current, &waiting.changes);
        let mut writer = self.writer();
        (writer.journal, writer.refused) = (leader.journal, leader.refused);
        self.settle(&mut writer, waiting, outcome);
        writer
    }

    /// Shows changes that were kept, and tells those who wait for them. If they were not kept, neither are those that came
    /// meanwhile, which build on them.
    fn settle(&self, writer: &mut Writer, waiting: Waiting, outcome: Result<(), JournalError>) {
        match (&outcome, waiting.after) {
            (Ok(()), Some(after)) => {
                if writer.pending.as_ref().is_some_and(|pending| Arc::ptr_eq(pending, &after)) {
                    writer.pending = None;
                }
                self.set(after);
            }
            (Ok(()), None) => {}
            (Err(_), _) => {
                writer.pending = None;
                writer.queue.clear();
                // A batch has one outcome.
                let _ = mem::take(&mut writer.batch).0.set(outcome.clone());
            }
        }
        let _ = waiting.batch.0.set(outcome);
        self.ended.notify_all();
    }
}

impl Writer {
    /// Takes the changes that wait.
    fn waiting(&mut self) -> Waiting {
        let (changes, batch) = (mem::take(&mut self.queue), mem::take(&mut self.batch));
        Waiting { changes, batch, after: self.pending.clone() }
    }

    /// Has the journal keep changes. Whatever becomes of it, those who wait have to be told.
    fn commit(
        &mut self,
        layout: &Layout,
        current: &State,
        changes: &[journal::Change],
    ) -> Result<(), JournalError> {
        let keep = || self.keep(layout, current, size(changes), |journal| journal.commit(changes));
        catch_unwind(AssertUnwindSafe(keep))
            .unwrap_or_else(|_| Err(JournalError::Medium("keeping it failed".to_owned())))
    }

    /// Has the journal do something, after recovering it from an earlier failure. `current` is what was acknowledged.
    fn keep(
        &mut self,
        layout: &Layout,
        current: &State,
        bytes: usize,
        work: impl FnOnce(&mut dyn Journal) -> Result<(), JournalError>,
    ) -> Result<(), JournalError> {
        let Some(journal) = &mut self.journal else { return Ok(()) };
        if self.refused.is_some() {
            journal.recover(&entries::all(layout, current))?;
        }
        self.refused = Some(bytes);
        work(journal.as_mut())?;
        self.refused = None;
        Ok(())
    }
}

/// Returns the size of changes in bytes.
fn size(changes: &[journal::Change]) -> usize {
    changes.iter().map(|change| change.key.len() + change.value.as_ref().map_or(0, Vec::len)).sum()
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Store").field("plan", &self.plan).finish_non_exhaustive()
    }
}

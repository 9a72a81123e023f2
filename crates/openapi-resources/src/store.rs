//! The store: rows that many read while one writes.

use std::any::Any;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use serde_json::Value;

use crate::functions::{Supply, System};
use crate::plan::{ModelId, Plan, ViewId};
use crate::reader::{Reader, Surroundings};
use crate::render::Renderer;
use crate::row::Row;
use crate::state::State;
use crate::transaction::Transaction;
use crate::violation::Violation;

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

/// Rows of models. Readers take a [`Snapshot`] and never wait for a writer; writers take turns.
pub struct Store {
    plan: Arc<Plan>,
    supply: Arc<dyn Supply>,
    current: RwLock<Arc<State>>,
    writing: Mutex<()>,
}

/// A snapshot of another store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OtherPlan;

impl fmt::Display for OtherPlan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the snapshot is one of a store with another plan")
    }
}

impl std::error::Error for OtherPlan {}

impl Store {
    /// Returns a store without rows.
    #[must_use]
    pub fn new(plan: impl Into<Arc<Plan>>) -> Self {
        let plan = plan.into();
        let current = RwLock::new(Arc::new(State::empty(&plan.layout)));
        Self { plan, supply: Arc::new(System), current, writing: Mutex::new(()) }
    }

    /// Changes where times, keys and secrets come from.
    #[must_use]
    pub fn with_supply(mut self, supply: impl Supply + 'static) -> Self {
        self.supply = Arc::new(supply);
        self
    }

    /// Returns the plan.
    #[must_use]
    pub fn plan(&self) -> &Arc<Plan> {
        &self.plan
    }

    /// Returns all rows as they are now.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        let current = self.current.read().unwrap_or_else(PoisonError::into_inner);
        Snapshot::of(&self.plan, Arc::clone(&current))
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

    /// Makes all rows what they were.
    ///
    /// # Errors
    /// If the snapshot is one of a store with another plan.
    pub fn restore(&self, snapshot: &Snapshot) -> Result<(), OtherPlan> {
        if !Arc::ptr_eq(&self.plan, &snapshot.plan) {
            return Err(OtherPlan);
        }
        let _turn = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        self.set(Arc::clone(&snapshot.state));
        Ok(())
    }

    fn set(&self, state: Arc<State>) {
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = state;
    }

    /// Makes changes, all or none; returns the rows after them too.
    ///
    /// # Errors
    /// If `change` fails, or with every rule that the changes break.
    pub fn write<T, E: From<Vec<Violation>>>(
        &self,
        change: impl FnOnce(&mut Transaction<'_>) -> Result<T, E>,
    ) -> Result<(T, Snapshot), E> {
        let _turn = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        let state = State::clone(&self.snapshot().state);
        let mut transaction = Transaction::new(&self.plan, state, &*self.supply);
        let outcome = change(&mut transaction)?;
        let state = Arc::new(transaction.finish()?);
        self.set(Arc::clone(&state));
        Ok((outcome, Snapshot::of(&self.plan, state)))
    }
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Store").field("plan", &self.plan).finish_non_exhaustive()
    }
}

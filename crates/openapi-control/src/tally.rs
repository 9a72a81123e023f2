//! Counts requests: by operation and status, how long they took, and which parts of the operations they used.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use openapi_server_runtime::exchange::Exchange;
use openapi_server_runtime::tables::Tables;

use crate::usage::Usage;

/// The upper bounds of the durations that are counted, in seconds.
pub(crate) const BOUNDS: [f64; 8] = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1.0, 5.0];

/// The counts of a server. It takes as much memory as the document has operations and parts of these.
#[derive(Debug)]
pub(crate) struct Tally {
    /// The position of each operation, by its id.
    positions: HashMap<&'static str, usize>,
    state: Mutex<State>,
}

/// The counts.
#[derive(Debug, Clone)]
pub(crate) struct State {
    /// Those of each operation in the order of the tables, and at last those of requests for none.
    pub(crate) counts: Vec<Counts>,
    /// The time from which [`Counts::calls`] and [`Counts::usage`] count.
    pub(crate) since: SystemTime,
}

/// The counts of one operation.
#[derive(Debug, Clone, Default)]
pub(crate) struct Counts {
    /// The number of requests by their status since the start; none stands for requests that got no response.
    pub(crate) statuses: BTreeMap<Option<u16>, u64>,
    /// The numbers of requests since the usage was forgotten.
    pub(crate) calls: BTreeMap<Option<u16>, u64>,
    pub(crate) usage: Usage,
    /// The numbers of requests that took no longer than each of the bounds, and longer than the one before.
    pub(crate) durations: [u64; BOUNDS.len()],
    /// The time that all of them took.
    pub(crate) time: Duration,
}

impl Tally {
    pub(crate) fn new(tables: &'static Tables) -> Self {
        let positions = tables.operations.iter().enumerate().map(|(position, known)| (known.id, position));
        let counts = vec![Counts::default(); tables.operations.len() + 1];
        let state = Mutex::new(State { counts, since: SystemTime::now() });
        Self { positions: positions.collect(), state }
    }

    /// Counts a request.
    pub(crate) fn count(&self, exchange: &Exchange<'_>) {
        let operation = exchange.line.operation;
        let status = exchange.status();
        // The body is read before others have to wait.
        let usage = operation.map(|operation| Usage::of(operation, exchange)).unwrap_or_default();
        let mut state = self.state();
        let position = operation.and_then(|operation| self.positions.get(operation.id));
        let last = state.counts.len().saturating_sub(1);
        let Some(counts) = state.counts.get_mut(position.copied().unwrap_or(last)) else { return };
        *counts.statuses.entry(status).or_default() += 1;
        *counts.calls.entry(status).or_default() += 1;
        counts.time += exchange.duration;
        let seconds = exchange.duration.as_secs_f64();
        let bucket = BOUNDS.iter().position(|bound| seconds <= *bound);
        if let Some(count) = bucket.and_then(|bucket| counts.durations.get_mut(bucket)) {
            *count += 1;
        }
        counts.usage.merge(usage);
    }

    /// Forgets which operations and parts of them were used.
    pub(crate) fn forget_usage(&self) {
        let mut state = self.state();
        state.since = SystemTime::now();
        for counts in &mut state.counts {
            (counts.usage, counts.calls) = (Usage::default(), BTreeMap::new());
        }
    }

    /// Returns the counts as they are now.
    pub(crate) fn now(&self) -> State {
        self.state().clone()
    }

    /// Locks the counts. No code panics while it holds this lock, so poisoning is ignored.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

//! The coverage of an API by the requests that a server saw: operations, parameters, properties and statuses.

use std::collections::BTreeSet;
use std::fmt;
use std::time::SystemTime;

use openapi_server_runtime::operation::Operation;
use serde_json::{Value, json};

use crate::plain_text::printable;
use crate::tally::{Counts, State};
use crate::times::time;

/// The coverage of an API by the requests since the server started, or since its coverage was reset.
#[derive(Debug, Clone)]
pub struct Coverage {
    since: SystemTime,
    operations: Vec<Covered>,
}

/// The number of things that were used, of all there are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Share {
    /// The number of those that were used.
    pub covered: usize,
    /// The number of all.
    pub all: usize,
}

/// The coverage of one operation.
#[derive(Debug, Clone)]
struct Covered {
    operation: &'static Operation,
    calls: u64,
    /// Parameters, properties and statuses by their names, each with `true` if it was used.
    parts: [Vec<(String, bool)>; KINDS.len()],
    /// The statuses that the document does not have; none stands for requests without a response.
    other: Vec<(Option<u16>, u64)>,
}

/// The kinds of parts.
const KINDS: [&str; 3] = ["parameters", "properties", "statuses"];

impl Share {
    /// Returns the share in percent; 100 if there is nothing.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "documents have fewer things than 2^52")]
    pub fn percent(self) -> f64 {
        if self.all == 0 { 100.0 } else { self.covered as f64 * 100.0 / self.all as f64 }
    }

    fn add(&mut self, is_covered: bool) {
        self.all += 1;
        self.covered += usize::from(is_covered);
    }

    fn of<'a>(parts: impl IntoIterator<Item = &'a (String, bool)>) -> Self {
        let mut share = Self::default();
        parts.into_iter().for_each(|(_, is_covered)| share.add(*is_covered));
        share
    }

    fn to_json(self) -> Value {
        let percent = (self.percent() * 10.0).round() / 10.0;
        json!({"covered": self.covered, "all": self.all, "percent": percent})
    }
}

impl Coverage {
    pub(crate) fn of(operations: &'static [Operation], state: &State) -> Self {
        let covered =
            operations.iter().zip(&state.counts).map(|(operation, counts)| Covered::of(operation, counts));
        Self { since: state.since, operations: covered.collect() }
    }

    /// Returns how many operations were called.
    #[must_use]
    pub fn operations(&self) -> Share {
        let mut share = Share::default();
        self.operations.iter().for_each(|operation| share.add(operation.calls > 0));
        share
    }

    /// Returns how many parameters were sent.
    #[must_use]
    pub fn parameters(&self) -> Share {
        self.share(0)
    }

    /// Returns how many properties of request bodies were sent.
    #[must_use]
    pub fn properties(&self) -> Share {
        self.share(1)
    }

    /// Returns how many of the described statuses were answered.
    #[must_use]
    pub fn statuses(&self) -> Share {
        self.share(2)
    }

    /// Returns the ids of the operations that were never called.
    #[must_use]
    pub fn never_called(&self) -> Vec<&'static str> {
        let never = self.operations.iter().filter(|operation| operation.calls == 0);
        never.map(|covered| covered.operation.id).collect()
    }

    fn share(&self, kind: usize) -> Share {
        Share::of(self.operations.iter().filter_map(|operation| operation.parts.get(kind)).flatten())
    }

    fn shares(&self) -> [(&'static str, Share); 4] {
        let [parameters, properties, statuses] = KINDS;
        [
            ("operations", self.operations()),
            (parameters, self.parameters()),
            (properties, self.properties()),
            (statuses, self.statuses()),
        ]
    }

    /// Returns the coverage as the control API shows it.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let mut shown = json!({
            "since": time(self.since),
            "operations": self.operations.iter().map(Covered::to_json).collect::<Vec<_>>(),
        });
        shown["totals"] = self.shares().into_iter().map(|(name, share)| (name, share.to_json())).collect();
        shown
    }
}

impl Covered {
    fn of(operation: &'static Operation, counts: &Counts) -> Self {
        let declared = operation.responses.iter().chain(operation.observed);
        let declared: BTreeSet<u16> = declared.map(|response| response.status).collect();
        let mut statuses: Vec<(String, bool)> = declared
            .iter()
            .map(|status| (status.to_string(), counts.calls.contains_key(&Some(*status))))
            .collect();
        let other =
            counts.calls.iter().filter(|(status, _)| !status.is_some_and(|it| declared.contains(&it)));
        let other: Vec<_> = other.map(|(status, count)| (*status, *count)).collect();
        if operation.default.is_some() {
            statuses.push(("default".to_owned(), other.iter().any(|(status, _)| status.is_some())));
        }
        let parts = [counts.usage.parameters(operation), counts.usage.properties(operation), statuses];
        Self { operation, calls: counts.calls.values().sum(), parts, other }
    }

    fn to_json(&self) -> Value {
        let mut shown = json!({
            "operation": self.operation.id,
            "method": self.operation.method.as_str(),
            "path": self.operation.path,
            "calls": self.calls,
        });
        for (kind, parts) in KINDS.into_iter().zip(&self.parts) {
            let named = |wanted: bool| -> Vec<&str> {
                let parts = parts.iter().filter(|(_, is_covered)| *is_covered == wanted);
                parts.map(|(name, _)| name.as_str()).collect()
            };
            shown[kind] = json!({"covered": named(true), "missing": named(false)});
        }
        let other =
            self.other.iter().filter_map(|(status, count)| Some((status.as_ref()?.to_string(), *count)));
        shown["undescribed_statuses"] = other.map(|(status, count)| (status, json!(count))).collect();
        shown
    }

    fn name(&self) -> String {
        let Operation { method, path, id, .. } = self.operation;
        format!("{:7} {}  {}", method.as_str(), printable(path), printable(id))
    }
}

impl fmt::Display for Coverage {
    /// Writes the totals, then the operations that were never called, then what was never used of the others.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, share) in self.shares() {
            writeln!(f, "{name:10} {} of {} ({:.1} %)", share.covered, share.all, share.percent())?;
        }
        let (called, never): (Vec<_>, Vec<_>) = self.operations.iter().partition(|known| known.calls > 0);
        if !never.is_empty() {
            writeln!(f, "\nnever called:")?;
            never.iter().try_for_each(|covered| writeln!(f, "  {}", covered.name()))?;
        }
        let lacking = called.iter().filter(|covered| covered.parts.iter().flatten().any(|(_, is)| !is));
        for (number, covered) in lacking.enumerate() {
            if number == 0 {
                writeln!(f, "\nnever used of what was called:")?;
            }
            writeln!(f, "  {}", covered.name())?;
            for (kind, parts) in KINDS.into_iter().zip(&covered.parts) {
                let missing = parts.iter().filter(|(_, is_covered)| !is_covered);
                let missing: Vec<_> = missing.map(|(name, _)| printable(name)).collect();
                if !missing.is_empty() {
                    writeln!(f, "    {kind}: {}", missing.join(", "))?;
                }
            }
        }
        Ok(())
    }
}

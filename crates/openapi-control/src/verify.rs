//! Verification: counts the requests that are expected, and names those that are nearly.

use std::sync::Arc;

use crate::compare::{Misses, misses, name};
use crate::entry::Entry;
use crate::expectation::{Count, Criteria, Expectation};
use crate::limits::MAX_NEAREST;
use crate::secrets::Secrets;

/// The reason why the requests were not the expected ones, in words.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Mismatch {
    pub(crate) message: String,
    pub(crate) nearest: Vec<u64>,
}

impl Mismatch {
    /// Returns the ids of the requests that are nearest to what was expected.
    #[must_use]
    pub fn nearest(&self) -> &[u64] {
        &self.nearest
    }
}

/// The requests that were counted, and what is wrong with them.
pub(crate) struct Outcome {
    pub(crate) found: Vec<Arc<Entry>>,
    pub(crate) mismatch: Option<Mismatch>,
}

/// Looks for the requests that are expected.
pub(crate) fn verify(expectation: &Expectation, entries: &[Arc<Entry>], secrets: &Secrets) -> Outcome {
    match &expectation.in_order {
        Some(steps) => in_order(steps, entries, secrets),
        None => count(&expectation.criteria, expectation.count.unwrap_or_default(), entries, secrets),
    }
}

/// Returns the requests that are meant.
pub(crate) fn select(criteria: &Criteria, entries: &[Arc<Entry>], secrets: &Secrets) -> Vec<Arc<Entry>> {
    let is_meant = |entry: &&Arc<Entry>| misses(criteria, entry, secrets).words.is_empty();
    entries.iter().filter(is_meant).cloned().collect()
}

/// Counts the requests that are meant.
pub(crate) fn count(criteria: &Criteria, count: Count, entries: &[Arc<Entry>], secrets: &Secrets) -> Outcome {
    let found = select(criteria, entries, secrets);
    if count.admits(found.len()) {
        return Outcome { found, mismatch: None };
    }
    let times = if found.len() == 1 { "time" } else { "times" };
    let called = format!("{criteria} was called {} {times}, expected {count}", found.len());
    // Where there were too many, these are they.
    let is_too_many =
        !found.is_empty() && !count.admits(usize::MAX) && (0..found.len()).any(|fewer| count.admits(fewer));
    let mismatch = if is_too_many {
        let named = found
            .iter()
            .rev()
            .take(MAX_NEAREST)
            .map(|entry| format!("{} ({})", name(entry, secrets), entry.id));
        let named: Vec<String> = named.collect();
        let nearest = found.iter().rev().take(MAX_NEAREST).map(|entry| entry.id).collect();
        Mismatch { message: format!("{called}; the last: {}", named.join(", ")), nearest }
    } else {
        let (words, nearest) = nearest(criteria, entries, secrets);
        Mismatch { message: called + &words, nearest }
    };
    Outcome { found, mismatch: Some(mismatch) }
}

/// Looks for requests that came one after the other, perhaps with others between them.
fn in_order(steps: &[Expectation], entries: &[Arc<Entry>], secrets: &Secrets) -> Outcome {
    let (mut found, mut rest): (Vec<Arc<Entry>>, _) = (Vec::new(), entries);
    for (number, step) in steps.iter().enumerate() {
        let is_meant = |entry: &Arc<Entry>| misses(&step.criteria, entry, secrets).words.is_empty();
        if let Some(position) = rest.iter().position(is_meant) {
            found.extend(rest.get(position).cloned());
            rest = rest.get(position + 1..).unwrap_or_default();
            continue;
        }
        let after = found
            .last()
            .map_or_else(String::new, |last| format!(" after {} ({})", name(last, secrets), last.id));
        let called = format!("step {}: {} was not called{after}", number + 1, step.criteria);
        let (words, nearest) = match entries.iter().find(|entry| is_meant(entry)) {
            Some(early) => (format!("; {} ({}) came before", name(early, secrets), early.id), vec![early.id]),
            None => nearest(&step.criteria, rest, secrets),
        };
        return Outcome { found, mismatch: Some(Mismatch { message: called + &words, nearest }) };
    }
    Outcome { found, mismatch: None }
}

/// Returns the requests that are nearest to what is meant, in words and by their ids.
fn nearest(criteria: &Criteria, entries: &[Arc<Entry>], secrets: &Secrets) -> (String, Vec<u64>) {
    let misses = entries.iter().rev().map(|entry| (misses(criteria, entry, secrets), entry));
    let mut near: Vec<(Misses, &Arc<Entry>)> =
        misses.filter(|(misses, _)| !misses.words.is_empty()).collect();
    near.sort_by_key(|(misses, _)| (misses.is_elsewhere, misses.words.len()));
    // What is for something else is near only if nothing else is.
    let is_elsewhere = near.first().is_some_and(|(misses, _)| misses.is_elsewhere);
    near.retain(|(misses, _)| misses.is_elsewhere == is_elsewhere);
    near.truncate(MAX_NEAREST);
    if near.is_empty() {
        let none = if entries.is_empty() { "; there were no requests" } else { "" };
        return (none.to_owned(), Vec::new());
    }
    let words =
        near.iter().map(|(misses, entry)| format!("{} {}", name(entry, secrets), misses.words.join(" and ")));
    let ids = near.iter().map(|(_, entry)| entry.id).collect();
    (format!("; nearest: {}", words.collect::<Vec<_>>().join(", ")), ids)
}

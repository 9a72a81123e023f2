//! Collects changes, each once however many operations lead to its place.

use std::collections::{HashMap, HashSet, VecDeque};

use serde_json::Value;

use super::change::{Change, RustEffect};
use super::node::Both;
use super::rule::{Direction, Effect, Rule};
use super::subject::Subject;
use super::unchanged::Unchanged;

type Key = (String, Option<Direction>, &'static str, String);

#[derive(Default)]
pub(super) struct ChangeLog {
    changes: Vec<Change>,
    known: HashMap<Key, usize>,
    walked: HashSet<(String, String, Option<Direction>, Vec<String>)>,
    unchanged: Unchanged,
    deferred: VecDeque<(String, String, Option<Direction>)>,
}

impl ChangeLog {
    /// Returns a log of the changes between two documents.
    pub(super) fn of(old: &Value, new: &Value) -> Self {
        ChangeLog { unchanged: Unchanged::of(old, new), ..ChangeLog::default() }
    }

    /// Returns `true` if nothing changed at a place or at any place that it refers to.
    pub(super) fn is_unchanged(&self, pair: &Both<'_>) -> bool {
        self.unchanged.holds(pair)
    }

    /// Notes a change of the subject at `pointer`; `predicate` completes the sentence that the subject begins.
    pub(super) fn record(
        &mut self,
        rule: &'static Rule,
        pointer: &str,
        subject: &Subject,
        predicate: impl AsRef<str>,
    ) {
        let effect = rule.assessment(subject.direction).and_then(|assessment| assessment.rust);
        self.record_effect(rule, pointer, subject, predicate, effect);
    }

    /// Notes a change whose effect on the generated Rust is another than the rule's.
    pub(super) fn record_effect(
        &mut self,
        rule: &'static Rule,
        pointer: &str,
        subject: &Subject,
        predicate: impl AsRef<str>,
        effect: Option<Effect>,
    ) {
        // A rule that does not speak of this direction finds nothing in it.
        let Some(assessment) = rule.assessment(subject.direction) else { return };
        let text = format!("{} {}", subject.label, predicate.as_ref());
        let rust = effect.into_iter().flat_map(|effect| {
            let items = subject.items.iter();
            items.map(move |item| RustEffect {
                item: item.clone(),
                effect: effect.what,
                semver: effect.semver,
            })
        });
        let key = (pointer.to_owned(), subject.direction, rule.id, text.clone());
        let place = *self.known.entry(key).or_insert(self.changes.len());
        if let Some(change) = self.changes.get_mut(place) {
            for effect in rust {
                if !change.rust.contains(&effect) {
                    change.rust.push(effect);
                }
            }
            return;
        }
        self.changes.push(Change {
            pointer: pointer.to_owned(),
            direction: subject.direction,
            severity: assessment.severity,
            rule: rule.id,
            text,
            audience: assessment.audience,
            rust: rust.collect(),
        });
    }

    /// Returns `true` if this pair has not been compared for these items before, and marks it as compared.
    pub(super) fn enter(&mut self, pair: &Both<'_>, subject: &Subject) -> bool {
        let (old, new) = (pair.old.pointer.clone(), pair.new.pointer.clone());
        self.walked.insert((old, new, subject.direction, subject.items.clone()))
    }

    /// Puts off the comparison of two components, so that a long chain of them takes no deep recursion.
    pub(super) fn defer(&mut self, pair: &Both<'_>, direction: Option<Direction>) {
        self.deferred.push_back((pair.old.pointer.clone(), pair.new.pointer.clone(), direction));
    }

    /// Returns the pointers to the next two components to be compared.
    pub(super) fn next_deferred(&mut self) -> Option<(String, String, Option<Direction>)> {
        self.deferred.pop_front()
    }

    pub(super) fn into_changes(self) -> Vec<Change> {
        self.changes
    }
}

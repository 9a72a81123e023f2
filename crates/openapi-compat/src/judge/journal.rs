//! Collects changes, each once however many operations lead to its place.

use std::collections::{HashMap, HashSet, VecDeque};

use serde_json::Value;

use super::change::{Change, RustEffect};
use super::node::Pair;
use super::rule::{Direction, Effect, Rule};
use super::settled::Settled;
use super::subject::Subject;

type Key = (String, Option<Direction>, &'static str, String);

#[derive(Default)]
pub(super) struct Journal {
    changes: Vec<Change>,
    known: HashMap<Key, usize>,
    walked: HashSet<(String, String, Option<Direction>, Vec<String>)>,
    settled: Settled,
    deferred: VecDeque<(String, String, Option<Direction>)>,
}

impl Journal {
    /// A journal of the changes between two documents.
    pub(super) fn of(old: &Value, new: &Value) -> Self {
        Journal { settled: Settled::of(old, new), ..Journal::default() }
    }

    /// Whether there is nothing to find at a place, nor at any that it leads to.
    pub(super) fn is_settled(&self, pair: &Pair<'_>) -> bool {
        self.settled.holds(pair)
    }

    /// Notes a change of the subject at `pointer`; `predicate` completes the sentence that the subject begins.
    pub(super) fn note(
        &mut self,
        rule: &'static Rule,
        pointer: &str,
        subject: &Subject,
        predicate: impl AsRef<str>,
    ) {
        let effect = rule.verdict(subject.direction).and_then(|verdict| verdict.rust);
        self.note_effect(rule, pointer, subject, predicate, effect);
    }

    /// Notes a change whose effect on the generated Rust is another than the rule's.
    pub(super) fn note_effect(
        &mut self,
        rule: &'static Rule,
        pointer: &str,
        subject: &Subject,
        predicate: impl AsRef<str>,
        effect: Option<Effect>,
    ) {
        // A rule that does not speak of this direction finds nothing in it.
        let Some(verdict) = rule.verdict(subject.direction) else { return };
        let text = format!("{} {}", subject.label, predicate.as_ref());
        let rust = effect.into_iter().flat_map(|effect| {
            let items = subject.items.iter();
            items.map(move |item| RustEffect {
                item: item.clone(),
                effect: effect.what,
                semver: effect.level,
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
            class: verdict.class,
            rule: rule.id,
            text,
            hits: verdict.hits,
            rust: rust.collect(),
        });
    }

    /// Whether this pair has not been compared yet for these items; from now on it has.
    pub(super) fn enter(&mut self, pair: &Pair<'_>, subject: &Subject) -> bool {
        let (old, new) = (pair.old.pointer.clone(), pair.new.pointer.clone());
        self.walked.insert((old, new, subject.direction, subject.items.clone()))
    }

    /// Puts off the comparison of two components, so that a long chain of them takes no deep recursion.
    pub(super) fn defer(&mut self, pair: &Pair<'_>, direction: Option<Direction>) {
        self.deferred.push_back((pair.old.pointer.clone(), pair.new.pointer.clone(), direction));
    }

    /// The pointers to the next two components to be compared.
    pub(super) fn next_deferred(&mut self) -> Option<(String, String, Option<Direction>)> {
        self.deferred.pop_front()
    }

    pub(super) fn into_changes(self) -> Vec<Change> {
        self.changes
    }
}

//! Collects changes, each once however many operations lead to its place.

use std::collections::{HashMap, HashSet, VecDeque};

use serde_json::Value;

use super::change::{Change, RustEffect};
use super::heirs::Heirs;
use super::node::{Both, Node};
use super::rule::{Direction, Effect, Rule, SemverBump, Severity};
use super::rules::{
    CONSTRAINT_WITHOUT_EFFECT, RULES, SCHEMA_REWRITTEN, VALUES_NOT_COVERED, VALUES_PARTLY_COVERED,
};
use super::subject::Subject;
use super::unchanged::Unchanged;
use super::xml::Xml;
use crate::inclusion::{Answer, Memo, Question, Schema};
use openapi_document::samples;

type Key = (String, Option<Direction>, &'static str, String);

#[derive(Default)]
pub(super) struct ChangeLog {
    changes: Vec<Change>,
    known: HashMap<Key, usize>,
    walked: HashSet<(String, String, Option<Direction>, Vec<String>)>,
    unchanged: Unchanged,
    /// Of the old document and of the new one.
    heirs: [Heirs; 2],
    deferred: VecDeque<(String, String, Option<Direction>)>,
    requests: Memo,
    responses: Memo,
    refused_requests: Memo,
    poorer_requests: Memo,
    refused_answers: Memo,
    /// `true` while the parts of a schema are compared that is valid as a whole.
    is_covered: bool,
    xml: Xml,
    /// The number of reasons found why a schema is not covered: a change, or a part that is not.
    reasons: usize,
    /// The number of those that break callers.
    breaking: usize,
}

/// The effect of a change on the values that are exchanged at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Coverage {
    /// The same values are valid.
    Same,
    /// Whatever is sent is valid, in requests by the new document and in answers by the old one.
    Covered,
    /// Something that is sent is not valid.
    NotCovered,
    /// The schemas are too large to tell.
    Unknown,
}

impl Coverage {
    pub(super) fn is_proved(self) -> bool {
        matches!(self, Coverage::Same | Coverage::Covered)
    }
}

/// The point at which the comparison of a schema began.
pub(super) struct Begun {
    coverage: Coverage,
    changes: usize,
    reasons: usize,
    breaking: usize,
    was_covered: bool,
}

impl ChangeLog {
    /// Returns a log of the changes between two documents.
    pub(super) fn of(old: &Value, new: &Value) -> Self {
        let heirs = [old, new].map(Heirs::of);
        let unchanged = Unchanged::of(old, new, [&heirs[0], &heirs[1]]);
        ChangeLog { unchanged, heirs, xml: Xml::of([old, new]), ..ChangeLog::default() }
    }

    /// Returns `true` if nothing changed at a place or at any place that it refers to.
    pub(super) fn is_unchanged(&self, pair: &Both<'_>) -> bool {
        self.unchanged.holds(pair)
    }

    /// Tells whether the values at a place are still valid. Nothing at a place means any value.
    pub(super) fn coverage(&mut self, pair: &Both<'_>, direction: Option<Direction>) -> Coverage {
        let (old, new) = (schema(&pair.old), schema(&pair.new));
        let (memo, sender, reader, direction) = match direction {
            Some(Direction::Request) => (&mut self.requests, old, new, samples::Direction::Request),
            Some(Direction::Response) => (&mut self.responses, new, old, samples::Direction::Response),
            None => return Coverage::Unknown,
        };
        let unchanged = &self.unchanged;
        let alike = |one: &Value, other: &Value| unchanged.are_alike(one, other);
        match Question::new(direction, memo, &alike).is_within(sender, reader) {
            Answer::No => Coverage::NotCovered,
            Answer::Unknown => Coverage::Unknown,
            Answer::Yes => match Question::new(direction, memo, &alike).is_within(reader, sender) {
                Answer::Yes => Coverage::Same,
                _ => Coverage::Covered,
            },
        }
    }

    /// Returns the components of each document that values of the component `parent` may be held to, although it does not
    /// list them.
    pub(super) fn heirs(&self, parent: &Both<'_>) -> [Vec<String>; 2] {
        let of = |heirs: &Heirs, parent: &Node<'_>| -> Vec<String> {
            let name = parent.component_name();
            name.iter().flat_map(|name| heirs.of_parent(name).cloned()).collect()
        };
        [of(&self.heirs[0], &parent.old), of(&self.heirs[1], &parent.new)]
    }

    /// Returns the number of changes so far.
    pub(super) fn count(&self) -> usize {
        self.changes.len()
    }

    /// Takes the effects on generated Rust from the changes since there were `count`, as nothing is generated there.
    pub(super) fn forget_rust_since(&mut self, count: usize) {
        self.changes.iter_mut().skip(count).for_each(|change| change.rust.clear());
    }

    /// Returns `true` if a schema is exchanged in XML.
    pub(super) fn is_in_xml(&self, schema: &Node<'_>) -> bool {
        self.xml.holds(&schema.pointer)
    }

    /// Notes whether what is compared next is written in XML, unless it is a component. Returns what was noted before.
    pub(super) fn write_in_xml(&mut self, is_xml: bool) -> bool {
        std::mem::replace(&mut self.xml.is_here, is_xml)
    }

    /// Returns `true` if what is compared is part of a schema whose values are valid, whatever becomes of its parts.
    pub(super) fn is_covered(&self) -> bool {
        self.is_covered
    }

    /// Notes that a part of a schema is not covered, so that the schema around it need not be explained.
    pub(super) fn blame_part(&mut self, pair: &Both<'_>, direction: Option<Direction>) {
        self.reasons += 1;
        self.breaking += usize::from(self.is_refused(pair, direction));
    }

    /// Returns `true` if readers certainly refuse what is sent, rather than overlook or miss a part of it, or meet a value
    /// of which a rule says that it is a risk.
    fn is_refused(&mut self, pair: &Both<'_>, direction: Option<Direction>) -> bool {
        let (old, new) = (schema(&pair.old), schema(&pair.new));
        let unchanged = &self.unchanged;
        let alike = |one: &Value, other: &Value| unchanged.are_alike(one, other);
        let (memo, sender, reader, direction) = match direction {
            Some(Direction::Request) => (&mut self.refused_requests, old, new, samples::Direction::Request),
            Some(Direction::Response) => (&mut self.refused_answers, new, old, samples::Direction::Response),
            None => return true,
        };
        let mut question = Question::new(direction, memo, &alike).of_refusals();
        question.is_within(sender, reader) == Answer::No
    }

    /// Returns `true` if a request is accepted as before, but for properties that nobody reads any more.
    fn only_loses_names(&mut self, pair: &Both<'_>) -> bool {
        let (old, new) = (schema(&pair.old), schema(&pair.new));
        let unchanged = &self.unchanged;
        let alike = |one: &Value, other: &Value| unchanged.are_alike(one, other);
        let question = Question::new(samples::Direction::Request, &mut self.poorer_requests, &alike);
        question.of_all_but_names().is_within(old, new) == Answer::Yes
    }

    /// Begins the comparison of a schema.
    pub(super) fn begin(&mut self, coverage: Coverage) -> Begun {
        let (changes, was_covered) = (self.changes.len(), self.is_covered);
        let (reasons, breaking) = (self.reasons, self.breaking);
        self.is_covered = coverage.is_proved();
        Begun { coverage, changes, reasons, breaking, was_covered }
    }

    /// Ends the comparison of a schema. What its keywords seemed to change gives way to what is proved of its values; and
    /// where none of them explains that these are not covered, that is a change itself. One that is no more than a risk
    /// explains only what readers may cope with.
    pub(super) fn end(&mut self, begun: &Begun, pair: &Both<'_>, subject: &Subject) {
        let pair = &pair.resolved();
        let pointer = pair.pointer();
        self.is_covered = begun.was_covered;
        if begun.coverage.is_proved() {
            (self.reasons, self.breaking) = (begun.reasons, begun.breaking);
            self.replace_seeming(begun, pointer, subject);
            return;
        }
        let is_unexplained = self.reasons == begun.reasons;
        let is_understated = self.breaking == begun.breaking;
        if begun.coverage != Coverage::NotCovered || !is_understated {
            return;
        }
        let is_refused = self.is_refused(pair, subject.direction);
        if !is_refused && !is_unexplained {
            return;
        }
        let (rule, text) = match subject.direction {
            Some(Direction::Response) => (&VALUES_NOT_COVERED, "may hold values that were not valid before"),
            _ if is_refused || !self.only_loses_names(pair) => {
                (&VALUES_NOT_COVERED, "no longer admits all values that were valid before")
            }
            _ => (&VALUES_PARTLY_COVERED, "no longer has every property that it had"),
        };
        self.record(rule, pointer, subject, text);
    }

    fn replace_seeming(&mut self, begun: &Begun, pointer: &str, subject: &Subject) {
        let is_same = begun.coverage == Coverage::Same;
        let is_seeming = |change: &Change| {
            (is_same || change.severity > Severity::Compatible)
                && RULES.iter().any(|rule| rule.id == change.rule && rule.about_values)
        };
        let of_this = self.changes.split_off(begun.changes.min(self.changes.len()));
        let (seeming, others): (Vec<Change>, Vec<Change>) = of_this.into_iter().partition(is_seeming);
        self.changes.extend(others);
        if seeming.is_empty() {
            return;
        }
        self.known.retain(|_, place| *place < begun.changes);
        for (place, change) in self.changes.iter().enumerate().skip(begun.changes) {
            let key = (change.pointer.clone(), change.direction, change.rule, change.text.clone());
            self.known.insert(key, place);
        }
        let shapes_types =
            |change: &Change| change.rust.iter().any(|effect| effect.semver > SemverBump::Patch);
        let (rule, text) = match (is_same, subject.direction) {
            (true, _) if !seeming.iter().any(shapes_types) => {
                (&CONSTRAINT_WITHOUT_EFFECT, "has other constraints, which admit the same values")
            }
            (true, _) => (&SCHEMA_REWRITTEN, "is written differently, and admits the same values"),
            (false, Some(Direction::Response)) => (&SCHEMA_REWRITTEN, "holds fewer values than before"),
            (false, _) => (&SCHEMA_REWRITTEN, "admits more values than before"),
        };
        self.record(rule, pointer, subject, text);
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
        let is_breaking = assessment.severity == Severity::Breaking;
        if is_breaking || rule.about_values && assessment.severity > Severity::Compatible {
            self.reasons += 1;
            self.breaking += usize::from(is_breaking);
        }
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

/// Returns the schema at a place. Nothing at a place means any value.
fn schema<'a>(node: &Node<'a>) -> Schema<'a> {
    static ANYTHING: Value = Value::Bool(true);
    Schema::new(node.side.root, node.value.unwrap_or(&ANYTHING))
}

//! Compares lists by their items and objects by their properties.

use std::collections::{BTreeMap, BTreeSet};

use super::answer::{Answer, worse};
use super::facts::{Facts, Kind, may_cross};
use super::question::Question;
use super::schema::Schema;
use super::texts;
use openapi_document::samples::Direction;

/// Patterns of names of both sides that are compared, every two of them.
const MAX_PATTERNS: usize = 300;

impl<'a> Question<'a, '_> {
    pub(super) fn lists_within(&mut self, sent: &Facts<'a>, read: &Facts<'a>) -> Answer {
        let mut count = sent.items_count;
        // No item stands where none may.
        let none = (0..=sent.first_items()).find(|index| self.is_never(&sent.item(*index)));
        if let Some(none) = none {
            count.most = Some(count.most.map_or(none as u64, |most| most.min(none as u64)));
        }
        let is_single = count.most.is_some_and(|most| most <= 1);
        let is_counted = count.is_within(read.items_count) && (!read.unique || sent.unique || is_single);
        if !is_counted && !self.is_lenient_reader() {
            return Answer::No;
        }
        let told_apart = sent.first_items().max(read.first_items());
        let mut answer = Answer::Yes;
        // The one behind those that are told apart stands for all others.
        for index in 0..=told_apart {
            if count.most.is_some_and(|most| most <= index as u64) {
                break;
            }
            let item = sent.item(index);
            if index == told_apart && self.is_never(&item) {
                break;
            }
            answer = worse(answer, self.all_within(&item, &read.item(index)));
            if answer == Answer::No {
                return Answer::No;
            }
        }
        answer
    }

    pub(super) fn objects_within(&mut self, sent: &Facts<'a>, read: &Facts<'a>) -> Answer {
        let required: BTreeSet<&str> = sent.required().collect();
        if !read.required().all(|name| required.contains(name)) {
            return Answer::No;
        }
        let own = self.sent_names(sent);
        if !self.counts_within(sent, read, &own, required.len()) && !self.is_lenient_reader() {
            return Answer::No;
        }
        let mut answer = Answer::Yes;
        // Those that the reader refuses are declared too.
        let declared = read.names();
        for name in own.iter().chain(declared.difference(&own)) {
            // A sender sends what it declares, or what its typed rest is.
            let is_sent = own.contains(name) || required.contains(name) || sent.has_typed_rest(name);
            if !is_sent || sent.is_hidden(name) || read.is_hidden(name) {
                continue;
            }
            let wanted = read.at(name);
            let one = match sent.assumed(name) {
                Some(value) if wanted.iter().all(|schema| self.fits(*schema, value)) => Answer::Yes,
                _ => self.all_within(&sent.at(name), &wanted),
            };
            answer = worse(answer, one);
            if answer == Answer::No {
                return Answer::No;
            }
        }
        let rest = read.rest();
        if !self.is_lenient_reader() || !self.is_never(&rest) {
            answer = worse(answer, self.all_within(&sent.rest(), &rest));
        }
        if answer == Answer::No { answer } else { worse(answer, self.patterns_within(sent, read)) }
    }

    /// Tells whether the properties lie within others of which a pattern of names speaks.
    fn patterns_within(&mut self, sent: &Facts<'a>, read: &Facts<'a>) -> Answer {
        let (own, others) = (sent.name_patterns(), read.name_patterns());
        if own.len() + others.len() > MAX_PATTERNS {
            return Answer::Unknown;
        }
        let mut answer = Answer::Yes;
        let mut all_wanted = BTreeMap::new();
        for pattern in own.union(&others) {
            let (all, wanted) =
                (sent.schemas_under(pattern, &self.work), read.schemas_under(pattern, &self.work));
            answer = worse(answer, self.names_within(&all, &wanted));
            if answer == Answer::No {
                return answer;
            }
            all_wanted.insert(*pattern, wanted);
        }
        let with_wider = |pattern: &&'a str| (*pattern, sent.schemas_of_wider(pattern, &self.work));
        let own: Vec<_> = own.iter().map(with_wider).collect();
        let others: Vec<_> = others.iter().map(with_wider).collect();
        for (other, wider_than_other) in &others {
            let Some(wanted) = all_wanted.get(other) else { continue };
            for (one, wider_than_one) in &own {
                if may_cross(one, other, &self.work) {
                    let both = [wider_than_one.as_slice(), wider_than_other].concat();
                    answer = worse(answer, self.names_within(&both, wanted));
                    if answer == Answer::No || texts::is_spent(&self.work) {
                        return answer;
                    }
                }
            }
        }
        answer
    }

    /// Tells whether properties under a pattern lie within others, if it is known which schemas they match.
    fn names_within(&mut self, all: &[Schema<'a>], wanted: &[Schema<'a>]) -> Answer {
        if texts::is_spent(&self.work) { Answer::Unknown } else { self.all_within(all, wanted) }
    }

    /// Tells whether nobody misses a property: a server reads what callers send, and callers find what they read.
    pub(super) fn keeps_names(&mut self, sent: &Facts<'a>, read: &Facts<'a>, kind: Kind) -> bool {
        if self.may_lose_names || kind != Kind::Object {
            return true;
        }
        let (from, there) = match self.direction {
            Direction::Request => (sent, read),
            Direction::Response => (read, sent),
        };
        let (declared, found) = (from.names(), there.names());
        self.sent_names(from).iter().filter(|name| declared.contains(*name)).all(|name| {
            found.contains(name)
                || there.required().any(|required| required == *name)
                || there.has_typed_rest(name)
                || there.is_hidden(name)
        })
    }

    /// Returns the names that are declared and that an object can have.
    fn sent_names(&mut self, facts: &Facts<'a>) -> BTreeSet<&'a str> {
        let names = facts.mentioned().into_iter().chain(facts.required());
        let names: Vec<&'a str> = names.filter(|name| !facts.is_hidden(name)).collect();
        names.into_iter().filter(|name| !self.is_never(&facts.at(name))).collect()
    }

    fn counts_within(
        &mut self,
        sent: &Facts<'a>,
        read: &Facts<'a>,
        names: &BTreeSet<&'a str>,
        required: usize,
    ) -> bool {
        let mut count = sent.members_count;
        count.least = count.least.max(required as u64);
        let rest = sent.rest();
        if !rest.is_empty() && self.is_never(&rest) && sent.name_patterns().is_empty() {
            let most = names.len() as u64;
            count.most = Some(count.most.map_or(most, |known| known.min(most)));
        }
        count.is_within(read.members_count)
    }
}

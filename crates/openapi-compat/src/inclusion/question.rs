//! Questions whether one schema lies within another, and how they are answered.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;
use std::sync::LazyLock;

use openapi_document::samples::Direction;
use serde_json::Value;

use super::answer::{Answer, worse};
use super::facts::{CONTAINS, Facts, Kind, MAX_CONTAINS, MIN_CONTAINS, Opaque};
use super::limits::{MAX_ALTERNATIVES, MAX_DEPTH};
use super::scalars;
use super::schema::{All, Schema};
use super::texts::{self, Work};

type Key = (Vec<usize>, Vec<usize>);

/// The answers found about pairs of schemas, in one direction.
#[derive(Debug, Default)]
pub(crate) struct Memo {
    yes: HashSet<Key>,
    no: HashSet<Key>,
    unknown: HashSet<Key>,
    /// Those of the present question once it was given up in part. Another may find more.
    passing: HashMap<Key, Answer>,
    /// The answers to questions whether one schema excludes what another does.
    excluding: Option<Box<Memo>>,
}

/// Pairs of schemas that are compared for one question.
const MAX_PAIRS: usize = 20_000;

/// Questions which values an alternative leaves to the others.
const MAX_REMAINDERS: usize = 200;

/// One question, and what is known on the way to its answer.
pub(crate) struct Question<'a, 'm> {
    pub(super) direction: Direction,
    memo: &'m mut Memo,
    /// Returns `true` if two schemas are written alike and refer only to what is.
    alike: &'m dyn Fn(&Value, &Value) -> bool,
    /// The pairs assumed or proved since the question was asked, in this order.
    trail: Vec<Key>,
    pub(super) lowered: HashMap<usize, Rc<Vec<Facts<'a>>>>,
    /// Tells of schemas if no value fits all of them.
    never: HashMap<Vec<usize>, bool>,
    /// The schemas that are being lowered.
    pub(super) lowering: Vec<usize>,
    depth: usize,
    pairs: usize,
    /// How often it was asked which values an alternative leaves to the others.
    remainders: usize,
    pub(super) work: Work,
    pub(super) may_lose_names: bool,
    /// `true` if what readers probably cope with counts as read.
    pub(super) is_lenient: bool,
    /// `true` while it is asked whether one schema excludes what another does.
    is_excluding: bool,
    /// The document of the sender, if it is of 3.0 and that of the reader is not.
    older_sender: Option<*const Value>,
}

/// The schema of any text, as the names of properties are.
static TEXT: LazyLock<Value> = LazyLock::new(|| serde_json::json!({"type": "string"}));

/// The values that one of several alternatives leaves, and the other alternatives.
type Left<'a> = (Vec<Facts<'a>>, Vec<Facts<'a>>);

/// Too many alternatives, or too deep.
pub(super) struct TooLarge;

impl<'a, 'm> Question<'a, 'm> {
    pub(crate) fn new(
        direction: Direction,
        memo: &'m mut Memo,
        alike: &'m dyn Fn(&Value, &Value) -> bool,
    ) -> Self {
        let (trail, lowered, lowering, never) = (Vec::new(), HashMap::new(), Vec::new(), HashMap::new());
        let (may_lose_names, is_lenient) = (false, false);
        Question {
            direction,
            memo,
            alike,
            trail,
            lowered,
            never,
            lowering,
            depth: 0,
            pairs: 0,
            remainders: 0,
            work: Work::default(),
            may_lose_names,
            is_lenient,
            is_excluding: false,
            older_sender: None,
        }
    }

    /// Asks not whether each property is read.
    pub(crate) fn of_all_but_names(self) -> Self {
        Question { may_lose_names: true, ..self }
    }

    /// Asks only for values that readers certainly refuse: not whether each property is read, nor whether texts match
    /// another pattern than before, nor whether answers keep to bounds and to the known values of an enumeration.
    pub(crate) fn of_refusals(self) -> Self {
        Question { is_lenient: true, ..self.of_all_but_names() }
    }

    /// Returns `true` if readers of answers probably cope with more than was described.
    pub(super) fn is_lenient_reader(&self) -> bool {
        self.is_lenient && self.direction == Direction::Response
    }

    /// Tells whether a reader of `reader` accepts every value that a sender of `sender` sends.
    pub(crate) fn is_within(&mut self, sender: Schema<'a>, reader: Schema<'a>) -> Answer {
        if self.depth == 0 {
            let is_older = sender.is_of_3_0() && !reader.is_of_3_0();
            self.older_sender = is_older.then_some(std::ptr::from_ref(sender.root));
            self.memo.passing.clear();
        }
        self.all_within(&[sender], &[reader])
    }

    /// Returns `true` if a schema that is enumerated without null, and nullable, is that of a sender of 3.0, where the one
    /// excludes what the other says. It is read either way, as some write the same in later versions.
    pub(super) fn is_hardly_nullable(&self, schema: Schema<'a>) -> bool {
        self.older_sender == Some(std::ptr::from_ref(schema.root)) && schema.value.get("enum").is_some()
    }

    pub(super) fn all_within(&mut self, sender: &[Schema<'a>], reader: &[Schema<'a>]) -> Answer {
        if reader.is_empty() {
            return Answer::Yes;
        }
        let (sender, reader) = (resolved(sender), resolved(reader));
        let written_alike = |reader: &Schema<'a>| {
            sender.iter().any(|sender| {
                let is_alike = || (self.alike)(sender.value, reader.value);
                sender.id() == reader.id() || sender.is_negated == reader.is_negated && is_alike()
            })
        };
        if sender.len() == reader.len() && reader.iter().all(written_alike) {
            return Answer::Yes;
        }
        let key = (ids(&sender), ids(&reader));
        if self.memo.yes.contains(&key) {
            return Answer::Yes;
        }
        if self.memo.no.contains(&key) {
            return Answer::No;
        }
        if self.memo.unknown.contains(&key) {
            return Answer::Unknown;
        }
        if let Some(answer) = self.memo.passing.get(&key) {
            return *answer;
        }
        self.pairs += 1;
        if self.depth >= MAX_DEPTH || self.pairs > MAX_PAIRS {
            return Answer::Unknown;
        }
        // Assumed until it is disproved: a value is finite, so a circle of assumptions refuses none.
        let start = self.trail.len();
        self.memo.yes.insert(key.clone());
        self.trail.push(key.clone());
        self.depth += 1;
        let answer = self.compare(&sender, &reader);
        self.depth -= 1;
        if answer != Answer::Yes {
            // What was proved since may rest on the assumption.
            for assumed in self.trail.drain(start..) {
                self.memo.yes.remove(&assumed);
            }
        }
        match answer {
            Answer::Yes => {}
            // A question of its own would have more to spend.
            _ if self.depth > 0 && self.is_spent() => {
                self.memo.passing.insert(key, answer);
            }
            Answer::No => {
                self.memo.no.insert(key);
            }
            // A chain that is too long is not followed from each of its links again.
            Answer::Unknown => {
                self.memo.unknown.insert(key);
            }
        }
        answer
    }

    /// Returns `true` if a part of the question is given up, since it takes too much.
    fn is_spent(&self) -> bool {
        self.pairs > MAX_PAIRS || self.remainders > MAX_REMAINDERS || texts::is_spent(&self.work)
    }

    fn compare(&mut self, sender: &[Schema<'a>], reader: &[Schema<'a>]) -> Answer {
        let (Ok(sent), Ok(read)) = (self.facts_of_all(sender), self.facts_of_all(reader)) else {
            return Answer::Unknown;
        };
        let mut answer = Answer::Yes;
        for facts in &sent {
            for kind in facts.kinds() {
                let one = self.kind_within(facts, kind, &read, reader);
                if one == Answer::No {
                    return Answer::No;
                }
                answer = worse(answer, one);
            }
        }
        answer
    }

    /// Tells whether the values of one kind lie within an alternative.
    fn kind_within(
        &mut self,
        sent: &Facts<'a>,
        kind: Kind,
        read: &[Facts<'a>],
        reader: &[Schema<'a>],
    ) -> Answer {
        let few = match kind {
            Kind::Number if sent.values.is_none() => sent.numbers.listed(),
            Kind::String if sent.values.is_none() && sent.length.most == Some(0) => {
                Some(vec![Value::from("")])
            }
            _ => None,
        };
        let listed = few.as_ref().map(|few| few.iter().filter(|value| !sent.refuses(value)).collect());
        if let Some(values) = listed.or_else(|| sent.values_of(kind)) {
            if kind.is_scalar() {
                let is_admitted = |value: &&Value| read.iter().any(|facts| self.admits(facts, value));
                // Readers who know some of the values probably cope with further ones.
                let copes = self.is_lenient_reader()
                    && read.iter().any(|facts| facts.enumerates(kind))
                    && values.iter().any(is_admitted);
                let is_read = |value: &&Value| copes || is_admitted(value);
                let mut sendable = values.iter().filter(|value| self.may_send(sent, value));
                return if sendable.all(is_read) { Answer::Yes } else { Answer::No };
            }
            let is_read = |value: &&Value| reader.iter().all(|schema| self.fits(*schema, value));
            let is_plain = read.iter().all(|facts| facts.opaque.is_empty());
            match values.iter().filter(|value| self.may_send(sent, value)).all(is_read) {
                false => return Answer::No,
                true if is_plain => return Answer::Yes,
                true => {}
            }
        }
        let sent = sent.only(kind);
        if self.is_empty(&sent) || !self.is_lenient && self.is_excluded(&sent, kind) {
            return Answer::Yes;
        }
        let mut answer = Answer::No;
        for facts in read.iter().filter(|facts| facts.has(kind)) {
            if !self.keeps_names(&sent, facts, kind) {
                continue;
            }
            match self.facts_within(&sent, facts, kind) {
                Answer::Yes => return Answer::Yes,
                Answer::Unknown => answer = Answer::Unknown,
                Answer::No => {}
            }
        }
        let parts = match self.split(&sent, read) {
            Some(parts) => Ok(Some((parts, read.to_vec()))),
            None => self.after_one_alternative(&sent, kind, read),
        };
        match parts {
            Ok(Some((parts, others))) => {
                let mut answer = Answer::Yes;
                for part in &parts {
                    answer = worse(answer, self.kind_within(part, kind, &others, reader));
                    if answer == Answer::No {
                        break;
                    }
                }
                answer
            }
            Ok(None) => answer,
            Err(TooLarge) => Answer::Unknown,
        }
    }

    /// Tells whether all values of one kind are among those that a keyword excludes.
    fn is_excluded(&mut self, sent: &Facts<'a>, kind: Kind) -> bool {
        if !sent.opaque.iter().any(|opaque| matches!(opaque, Opaque::Not(_))) {
            return false;
        }
        let (excluded, opaque): (Vec<Opaque<'a>>, _) =
            sent.opaque.iter().cloned().partition(|opaque| matches!(opaque, Opaque::Not(_)));
        let mut sent = sent.clone();
        sent.opaque = opaque;
        excluded.into_iter().any(|opaque| {
            let Opaque::Not(schema) = opaque else { return false };
            let Ok(others) = self.facts(schema) else { return false };
            others.iter().any(|other| other.has(kind) && self.facts_within(&sent, other, kind) == Answer::Yes)
        })
    }

    /// Returns what one of several alternatives leaves of the values of one kind, and the other alternatives.
    fn after_one_alternative(
        &mut self,
        sent: &Facts<'a>,
        kind: Kind,
        read: &[Facts<'a>],
    ) -> Result<Option<Left<'a>>, TooLarge> {
        if read.len() < 2 {
            return Ok(None);
        }
        self.remainders += 1;
        if self.remainders > MAX_REMAINDERS {
            return Err(TooLarge);
        }
        let mut near: Vec<Facts<'a>> = read.to_vec();
        near.retain(|facts| facts.has(kind) && !self.is_empty(&sent.and(facts).only(kind)));
        if near.len() < 2 {
            return Ok(None);
        }
        let mut none = Ok(None);
        for index in 0..near.len() {
            match near.get(index).map(|facts| self.remainder(sent, facts, kind)) {
                Some(Ok(Some(rest))) => {
                    near.remove(index);
                    return Ok(Some((rest, near)));
                }
                Some(Err(TooLarge)) => none = Err(TooLarge),
                _ => {}
            }
        }
        none
    }

    /// Returns the values of one kind that an alternative does not admit, or nothing if facts cannot say which.
    fn remainder(
        &mut self,
        sent: &Facts<'a>,
        read: &Facts<'a>,
        kind: Kind,
    ) -> Result<Option<Vec<Facts<'a>>>, TooLarge> {
        if !self.keeps_names(sent, read, kind) {
            return Ok(None);
        }
        let mut rest = Vec::new();
        for part in read.parts() {
            if self.facts_within(sent, &part, kind) == Answer::Yes {
                continue;
            }
            let Some(opposites) = self.opposites(&part)? else { return Ok(None) };
            for other in opposites {
                let both = sent.and(&other).only(kind);
                if !other.requires_more_than(sent) && !self.is_empty(&both) {
                    rest.push(both);
                }
            }
            if rest.len() > MAX_ALTERNATIVES {
                return Err(TooLarge);
            }
        }
        Ok(Some(rest))
    }

    /// Tells whether a value, which has the facts, is not excluded by a keyword that is compared as a whole.
    fn may_send(&self, sent: &Facts<'a>, value: &Value) -> bool {
        sent.opaque.iter().all(|opaque| match opaque {
            Opaque::Not(schema) => !self.fits(*schema, value),
            Opaque::OneOf { parts, chosen } => {
                without(parts, *chosen).into_iter().all(|part| !self.fits(part, value))
            }
            Opaque::Keyword { .. } => true,
        })
    }

    /// Tells whether a value that is neither a list nor an object is one of an alternative.
    fn admits(&self, facts: &Facts<'a>, value: &Value) -> bool {
        let kind = Kind::of(value);
        !facts.refuses(value)
            && facts.opaque.iter().filter(|opaque| opaque.concerns(kind)).all(|opaque| match opaque {
                Opaque::Not(schema) => !self.fits(*schema, value),
                Opaque::OneOf { parts, chosen } => {
                    without(parts, *chosen).into_iter().all(|part| !self.fits(part, value))
                }
                Opaque::Keyword { .. } => false,
            })
    }

    pub(super) fn fits(&self, schema: Schema<'a>, value: &Value) -> bool {
        schema.fits(value, self.direction)
    }

    fn facts_within(&mut self, sent: &Facts<'a>, read: &Facts<'a>, kind: Kind) -> Answer {
        let scalar = match kind {
            Kind::String => {
                scalars::texts_within(sent, read, (self.is_lenient, self.is_lenient_reader()), &self.work)
            }
            Kind::Number if scalars::numbers_within(sent, read, self.is_lenient_reader()) => Answer::Yes,
            Kind::Number => Answer::No,
            _ if read.values.is_none() => Answer::Yes,
            _ => Answer::No,
        };
        if scalar == Answer::No || !read.excluded.iter().all(|value| sent.refuses(value)) {
            return Answer::No;
        }
        let parts = match kind {
            Kind::Array => self.lists_within(sent, read),
            Kind::Object => self.objects_within(sent, read),
            _ => scalar,
        };
        if parts != Answer::Yes {
            return parts;
        }
        let opaque = read.opaque.iter().filter(|opaque| opaque.concerns(kind));
        opaque.map(|opaque| self.satisfies(sent, opaque)).fold(Answer::Yes, worse)
    }

    /// Tells whether values keep to a keyword that is compared as a whole.
    fn satisfies(&mut self, sent: &Facts<'a>, wanted: &Opaque<'a>) -> Answer {
        let is_kept =
            match wanted {
                Opaque::Keyword { key, schema } => {
                    let known = known_keyword(sent, key);
                    // At most so many items may match `contains`, so that none but these may.
                    let is_most = *key == CONTAINS && known_keyword(sent, MAX_CONTAINS).is_some();
                    known.is_some_and(|known| {
                        self.keeps_to(key, known, *schema) && (!is_most || self.keeps_to(key, *schema, known))
                    }) || self.goes_without_saying(sent, key, *schema)
                }
                Opaque::Not(schema) => sent.opaque.iter().any(
                    |known| matches!(known, Opaque::Not(other) if (self.alike)(other.value, schema.value)),
                ) || self.are_disjoint(sent, *schema),
                Opaque::OneOf { parts, chosen } => {
                    let others: Vec<Schema<'a>> = without(parts, *chosen);
                    let known = sent.opaque.iter().find_map(|known| match known {
                        Opaque::OneOf { parts, chosen } => Some(without(parts, *chosen)),
                        _ => None,
                    });
                    others.into_iter().all(|other| {
                        let is_known = known.iter().flatten().any(|known| self.excludes(*known, other));
                        is_known || self.are_disjoint(sent, other)
                    })
                }
            };
        if is_kept { Answer::Yes } else { Answer::No }
    }

    /// Tells whether values that keep to a keyword with one schema keep to it with another.
    fn keeps_to(&mut self, key: &str, known: Schema<'a>, wanted: Schema<'a>) -> bool {
        let number = |schema: Schema<'a>| schema.value.as_u64();
        if (self.alike)(known.value, wanted.value) {
            return true;
        }
        match key {
            "propertyNames" => self.all_within(&[Schema::new(&TEXT, &TEXT), known], &[wanted]) == Answer::Yes,
            "unevaluatedItems" | "contentSchema" | CONTAINS => self.is_within(known, wanted) == Answer::Yes,
            MAX_CONTAINS => number(known).zip(number(wanted)).is_some_and(|(known, wanted)| known <= wanted),
            MIN_CONTAINS => number(known).zip(number(wanted)).is_some_and(|(known, wanted)| known >= wanted),
            "contentEncoding" | "contentMediaType" => known
                .value
                .as_str()
                .zip(wanted.value.as_str())
                .is_some_and(|(one, other)| one.eq_ignore_ascii_case(other)),
            _ => false,
        }
    }

    /// Tells whether values keep to a keyword of which nothing is said.
    fn goes_without_saying(&mut self, sent: &Facts<'a>, key: &str, wanted: Schema<'a>) -> bool {
        match key {
            "propertyNames" => {
                let rest = sent.rest();
                let is_closed = !rest.is_empty() && sent.name_patterns().is_empty() && self.is_never(&rest);
                let fits = |name: &&str| self.fits(wanted, &Value::from(*name));
                is_closed && sent.names().iter().all(fits)
                    || self.is_within(Schema::new(&TEXT, &TEXT), wanted) == Answer::Yes
            }
            // One of the items that there are.
            CONTAINS => {
                sent.items_count.least > 0
                    && known_keyword(sent, MAX_CONTAINS).is_none()
                    && (0..=sent.first_items())
                        .all(|index| self.all_within(&sent.item(index), &[wanted]) == Answer::Yes)
            }
            MIN_CONTAINS => match wanted.value.as_u64() {
                Some(0) => true,
                least => least == Some(1) && known_keyword(sent, MIN_CONTAINS).is_none(),
            },
            MAX_CONTAINS => {
                let most = sent.items_count.most.zip(wanted.value.as_u64());
                most.is_some_and(|(items, most)| items <= most)
            }
            _ => false,
        }
    }

    /// Tells whether what does not match one schema does not match the other.
    fn excludes(&mut self, one: Schema<'a>, other: Schema<'a>) -> bool {
        let may_lose_names = std::mem::replace(&mut self.may_lose_names, true);
        let is_first = !std::mem::replace(&mut self.is_excluding, true);
        // Answers to another question, which nothing that is assumed for this one may decide.
        let known = if is_first { self.memo.excluding.take() } else { None };
        let memo = std::mem::replace(self.memo, known.map(|known| *known).unwrap_or_default());
        let trail = std::mem::take(&mut self.trail);
        let answer = self.is_within(other, one);
        let known = std::mem::replace(self.memo, memo);
        self.trail = trail;
        if is_first {
            // What was too deep here need not be elsewhere.
            self.memo.excluding =
                Some(Box::new(Memo { unknown: HashSet::new(), passing: HashMap::new(), ..known }));
            self.is_excluding = false;
        }
        self.may_lose_names = may_lose_names;
        answer == Answer::Yes
    }

    /// Splits objects by the values of an enumerated property whose values belong to different alternatives.
    fn split(&mut self, sent: &Facts<'a>, read: &[Facts<'a>]) -> Option<Vec<Facts<'a>>> {
        if read.len() < 2 || sent.kinds().next() != Some(Kind::Object) || sent.is_split {
            return None;
        }
        let names: Vec<&'a str> = sent.required().collect();
        for name in names {
            let all = sent.at(name);
            let Ok(facts) = self.facts_of_all(&all) else { continue };
            let values: Option<Vec<Vec<&'a Value>>> =
                facts.iter().map(|facts| Some(facts.values.as_ref()?.iter().collect())).collect();
            let values: Vec<&'a Value> = values?.into_iter().flatten().collect();
            if values.len() > 1 && values.len() <= 64 {
                return Some(values.into_iter().map(|value| sent.with_property(name, value)).collect());
            }
        }
        None
    }

    /// Tells whether no value that is sent is one of `schema` too.
    fn are_disjoint(&mut self, sent: &Facts<'a>, schema: Schema<'a>) -> bool {
        let Ok(others) = self.facts(schema) else { return false };
        others.iter().all(|other| {
            let both = sent.and(other);
            let unsendable = other.requires_more_than(sent) && both.kinds().all(|kind| kind == Kind::Object);
            unsendable || self.is_empty(&both)
        })
    }

    /// Tells whether no value has all these facts.
    pub(super) fn is_empty(&mut self, facts: &Facts<'a>) -> bool {
        if facts.kinds().next().is_none() {
            return true;
        }
        if facts.kinds().any(|kind| kind != Kind::Object) || self.depth >= MAX_DEPTH {
            return false;
        }
        let names: Vec<&'a str> = facts.required().collect();
        names.into_iter().any(|name| {
            let all = facts.at(name);
            self.depth += 8;
            let is_never = self.is_never(&all);
            self.depth -= 8;
            is_never || facts.contradicts(name)
        })
    }

    /// Tells whether no value fits all these schemas.
    pub(super) fn is_never(&mut self, all: &[Schema<'a>]) -> bool {
        let key = ids(&resolved(all));
        if let Some(known) = self.never.get(&key) {
            return *known;
        }
        // Until it is settled, which stops a circle.
        self.never.insert(key.clone(), false);
        let is_never = match self.facts_of_all(all) {
            Ok(facts) => facts.iter().all(|facts| self.is_empty(facts)),
            Err(TooLarge) => false,
        };
        self.never.insert(key, is_never);
        is_never
    }
}

/// Returns what is said under a keyword that is compared as a whole.
fn known_keyword<'a>(facts: &Facts<'a>, key: &str) -> Option<Schema<'a>> {
    facts.opaque.iter().find_map(|known| match known {
        Opaque::Keyword { key: known, schema } if *known == key => Some(*schema),
        _ => None,
    })
}

fn resolved<'a>(all: &[Schema<'a>]) -> All<'a> {
    let mut all: All<'a> = all.iter().map(|schema| schema.resolved()).collect();
    all.sort_by_key(|schema| schema.id());
    all.dedup_by_key(|schema| schema.id());
    all
}

fn ids(all: &[Schema<'_>]) -> Vec<usize> {
    all.iter().map(|schema| schema.id()).collect()
}

fn without<'a>(parts: &[Schema<'a>], chosen: usize) -> All<'a> {
    parts.iter().enumerate().filter(|(index, _)| *index != chosen).map(|(_, part)| *part).collect()
}

//! Lowers what does not have some facts, as far as facts can say that.

use std::collections::BTreeSet;

use super::facts::{Facts, KINDS, Kind, Layer, Opaque, Rest};
use super::limits::MAX_ALTERNATIVES;
use super::lower::both;
use super::question::{Question, TooLarge};
use super::schema::Schema;
use serde_json::Map;

impl<'a> Question<'a, '_> {
    /// Returns the alternatives of values that do not match a schema.
    pub(super) fn not(&mut self, schema: Schema<'a>) -> Vec<Facts<'a>> {
        self.outside(schema).unwrap_or_else(|| {
            let mut facts = Facts::any();
            facts.opaque.push(Opaque::Not(schema));
            vec![facts]
        })
    }

    fn outside(&mut self, schema: Schema<'a>) -> Option<Vec<Facts<'a>>> {
        let all = self.facts(schema).ok()?;
        let names = all.iter().flat_map(|facts| facts.mentioned().into_iter().chain(facts.required()));
        let mentioned: BTreeSet<&'a str> = names.collect();
        let mut any = Facts::any();
        if !mentioned.is_empty() {
            any.layers.push(Layer { mentioned, ..Layer::of(schema.root) });
        }
        let mut found = vec![any];
        for facts in all.iter() {
            let mut other = Vec::new();
            for part in facts.parts() {
                other.extend(self.opposites(&part).ok()??);
            }
            found = both(&found, &other).ok()?;
        }
        Some(found)
    }

    /// Returns the alternatives of what does not have these facts, which are one condition; nothing if facts cannot say that.
    pub(super) fn opposites(&mut self, facts: &Facts<'a>) -> Result<Option<Vec<Facts<'a>>>, TooLarge> {
        if let [Opaque::Not(schema)] = facts.opaque.as_slice() {
            return Ok(Some((*self.facts(*schema)?).clone()));
        }
        let is_opaque = !facts.formats.is_empty()
            || facts.unique
            || !facts.items.is_empty()
            || !facts.opaque.is_empty()
            || !facts.layers.iter().all(is_open);
        let declared = facts.layers.iter().map(|layer| layer.properties.map_or(0, Map::len));
        let parts = facts.patterns.len() + facts.unlike.len() + facts.required().count();
        if is_opaque {
            return Ok(None);
        }
        if parts + declared.sum::<usize>() > MAX_ALTERNATIVES {
            return Err(TooLarge);
        }
        let Some(numbers) = facts.numbers.opposites() else { return Ok(None) };
        let mut found = Vec::new();
        let mut add = |kinds: &[Kind], set: &dyn Fn(&mut Facts<'a>)| {
            let mut other = Facts::any();
            other.keep(kinds.iter().copied());
            set(&mut other);
            found.push(other);
        };
        let others: Vec<Kind> = KINDS.into_iter().filter(|kind| !facts.has(*kind)).collect();
        if !others.is_empty() {
            add(&others, &|_| {});
        }
        if let Some(values) = &facts.values {
            add(&KINDS, &|other| other.excluded = values.clone());
        }
        if !facts.excluded.is_empty() {
            add(&KINDS, &|other| other.values = Some(facts.excluded.clone()));
        }
        for numbers in numbers {
            add(&[Kind::Number], &|other| other.numbers = numbers.clone());
        }
        for length in facts.length.opposites() {
            add(&[Kind::String], &|other| other.length = length);
        }
        for pattern in &facts.patterns {
            add(&[Kind::String], &|other| other.unlike = [*pattern].into());
        }
        for pattern in &facts.unlike {
            add(&[Kind::String], &|other| other.patterns = [*pattern].into());
        }
        for count in facts.items_count.opposites() {
            add(&[Kind::Array], &|other| other.items_count = count);
        }
        for count in facts.members_count.opposites() {
            add(&[Kind::Object], &|other| other.members_count = count);
        }
        for name in facts.required() {
            add(&[Kind::Object], &|other| other.layers = Facts::absent(name).layers);
        }
        for layer in &facts.layers {
            let properties = layer.properties.into_iter().flatten();
            let shown = properties.filter(|(name, _)| !layer.hidden.contains(name.as_str()));
            let declared = shown.map(|(name, value)| (name.as_str(), Schema::new(layer.root, value)));
            for (name, schema) in declared.chain(layer.undeclared) {
                add(&[Kind::Object], &|other| {
                    other.require([name]);
                    other
                        .layers
                        .push(Layer { undeclared: Some((name, schema.opposite())), ..Layer::of(layer.root) });
                });
            }
        }
        Ok(Some(found))
    }
}

/// Returns `true` if a layer says nothing of properties that it does not name.
fn is_open(layer: &Layer<'_>) -> bool {
    layer.patterns.is_none() && matches!(layer.rest, Rest::Any)
}

impl<'a> Facts<'a> {
    /// Returns the conditions that these facts are made of, each by itself.
    pub(super) fn parts(&self) -> Vec<Facts<'a>> {
        let mut all = Vec::new();
        let mut add = |set: &dyn Fn(&mut Facts<'a>)| {
            let mut part = Facts::any();
            set(&mut part);
            all.push(part);
        };
        for opaque in &self.opaque {
            add(&|part| part.opaque.push(opaque.clone()));
        }
        let scalars =
            self.values.as_ref().filter(|values| values.iter().all(|value| Kind::of(value).is_scalar()));
        if let Some(values) = scalars {
            add(&|part| part.values = Some(values.iter().filter(|value| !self.refuses(value)).collect()));
            return all;
        }
        if !KINDS.into_iter().all(|kind| self.has(kind)) {
            add(&|part| part.keep(self.kinds()));
        }
        if self.values.is_some() {
            add(&|part| part.values.clone_from(&self.values));
        }
        if !self.excluded.is_empty() {
            add(&|part| part.excluded.clone_from(&self.excluded));
        }
        for numbers in self.numbers.parts() {
            add(&|part| part.numbers = numbers.clone());
        }
        add(&|part| part.length = self.length);
        for pattern in &self.patterns {
            add(&|part| part.patterns = [*pattern].into());
        }
        for pattern in &self.unlike {
            add(&|part| part.unlike = [*pattern].into());
        }
        for format in &self.formats {
            add(&|part| part.formats = [*format].into());
        }
        add(&|part| part.items_count = self.items_count);
        if self.unique {
            add(&|part| part.unique = true);
        }
        for items in &self.items {
            add(&|part| part.items.push(*items));
        }
        add(&|part| part.members_count = self.members_count);
        for layer in &self.layers {
            add(&|part| part.layers.push(layer.clone()));
        }
        add(&|part| part.require(self.required()));
        all
    }
}

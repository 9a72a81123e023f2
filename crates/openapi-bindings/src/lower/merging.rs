//! Finds the properties that typify would merge without end.

use std::collections::{BTreeMap, HashMap, HashSet};

use openapi_document::model::{Additional, Model, Schema, SchemaId};

/// The number of pairs of schemas that are looked at for one composition.
const MAX_PAIRS: usize = 2_000;

/// The number of pairs that are looked at one within another.
const MAX_LEVELS: usize = 64;

/// Returns the properties that several parts of the composition `id` have and that lead back to themselves in each, every one
/// with the part that has it last; the composition itself is the last of its parts.
///
/// typify merges such properties with all that they hold, and so again and again
/// (<https://github.com/oxidecomputer/typify/blob/v0.8.0/typify-impl/src/merge.rs>).
pub(super) fn endless<'a>(model: &Model<'a>, id: SchemaId) -> Vec<(&'a str, SchemaId)> {
    let (mut described, mut own) = (BTreeMap::<&str, Vec<(SchemaId, SchemaId)>>::new(), Vec::new());
    model.schemas.parts_of(id, &mut |part| {
        for property in &part.properties {
            if part.id == id {
                own.push((property.name, property.schema));
            } else {
                described.entry(property.name).or_default().push((property.schema, part.id));
            }
        }
    });
    for (name, schema) in own {
        described.entry(name).or_default().push((schema, id));
    }
    let mut pairs = Pairs { model, open: HashSet::new(), known: HashMap::new() };
    let mut is_endless = |schemas: &[(SchemaId, SchemaId)]| {
        let mut later = schemas.iter().enumerate();
        later.any(|(index, (schema, _))| {
            schemas.iter().take(index).any(|(before, _)| !pairs.end(*before, *schema))
        })
    };
    let found = described.into_iter().filter(|(_, schemas)| is_endless(schemas));
    found.filter_map(|(name, schemas)| Some((name, schemas.last()?.1))).collect()
}

struct Pairs<'m, 'a> {
    model: &'m Model<'a>,
    /// The pairs that are being merged.
    open: HashSet<(SchemaId, SchemaId)>,
    /// All pairs that were looked at, and whether merging them ends.
    known: HashMap<(SchemaId, SchemaId), bool>,
}

impl Pairs<'_, '_> {
    /// Returns `true` if two schemas are merged after a while.
    fn end(&mut self, one: SchemaId, other: SchemaId) -> bool {
        let pair = (self.model.resolved(one).id, self.model.resolved(other).id);
        if pair.0 == pair.1 {
            return true;
        }
        if let Some(ends) = self.known.get(&pair) {
            return *ends;
        }
        if self.open.contains(&pair) || self.open.len() >= MAX_LEVELS || self.known.len() >= MAX_PAIRS {
            return false;
        }
        self.open.insert(pair);
        let ends = self.inner(pair).into_iter().all(|(one, other)| self.end(one, other));
        self.open.remove(&pair);
        self.known.insert(pair, ends);
        ends
    }

    /// Returns the pairs that are merged within a pair.
    fn inner(&self, (one, other): (SchemaId, SchemaId)) -> Vec<(SchemaId, SchemaId)> {
        let mut inner = Vec::new();
        let others = self.faces(other);
        for one in self.faces(one) {
            for other in &others {
                for property in &one.properties {
                    let same = other.properties.iter().find(|same| same.name == property.name);
                    inner.extend(same.map(|same| (property.schema, same.schema)));
                }
                inner.extend(one.items.zip(other.items));
                if let (Additional::Schema(one), Additional::Schema(other)) =
                    (one.additional, other.additional)
                {
                    inner.push((one, other));
                }
            }
        }
        inner
    }

    /// Returns a schema with its parts and alternatives, and theirs.
    fn faces(&self, id: SchemaId) -> Vec<&Schema<'_>> {
        let (mut seen, mut open, mut faces) = (HashSet::new(), vec![id], Vec::new());
        while let Some(id) = open.pop() {
            let schema = self.model.resolved(id);
            if seen.insert(schema.id) {
                faces.push(schema);
                open.extend(schema.all_of.iter().chain(&schema.one_of).chain(&schema.any_of));
            }
        }
        faces
    }
}

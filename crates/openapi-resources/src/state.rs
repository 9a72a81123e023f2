//! All rows at one moment, and the indexes of them. A copy costs little, and a change leaves the copies as they are.

use std::cmp::Ordering;
use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use serde_json::Value;

use crate::ids::{IndexId, ModelId, RowId};
use crate::key::{Key, OwnedKey};
use crate::layout::{IndexPlan, Layout};
use crate::ordered::Ordered;
use crate::row::Row;
use crate::texts::Texts;

/// All rows at one moment.
#[derive(Clone, Debug)]
pub(crate) struct State {
    tables: Vec<Arc<Table>>,
    /// The number of the next row.
    pub(crate) next: u64,
}

/// The rows and indexes of a model.
#[derive(Clone, Debug, Default)]
struct Table {
    /// The rows of this model and of those that it is a base of, in the order of their creation; only the last base
    /// of a model has them.
    rows: Ordered<Kept>,
    indexes: Vec<Ordered<Entry>>,
    texts: Vec<Texts>,
    /// The greatest number that a sequence gave, by fields.
    sequences: Vec<(usize, i64)>,
}

/// A row, beside its number, by which it is found without looking into it.
#[derive(Clone, Debug)]
struct Kept {
    id: RowId,
    row: Arc<Row>,
}

/// A row in an index.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    keys: Keys,
    pub(crate) row: RowId,
}

/// The keys of an entry; one, as most have, is kept in place.
#[derive(Clone, Debug)]
enum Keys {
    One(OwnedKey),
    Several(Arc<[OwnedKey]>),
}

impl Keys {
    fn as_slice(&self) -> &[OwnedKey] {
        match self {
            Self::One(key) => std::slice::from_ref(key),
            Self::Several(keys) => keys,
        }
    }
}

impl Entry {
    /// Compares with the keys of another entry, as far as there are any of these.
    fn compare<'k>(&self, plan: &IndexPlan, keys: impl IntoIterator<Item = Key<'k>>) -> Ordering {
        for ((own, other), (_, descending)) in self.keys.as_slice().iter().zip(keys).zip(&plan.columns) {
            match own.key().cmp(&other) {
                Ordering::Equal => {}
                ordering if *descending => return ordering.reverse(),
                ordering => return ordering,
            }
        }
        Ordering::Equal
    }

    /// Compares with another entry of the index.
    fn order(&self, plan: &IndexPlan, other: &Self) -> Ordering {
        let keys = other.keys.as_slice().iter().map(OwnedKey::key);
        self.compare(plan, keys).then_with(|| self.row.cmp(&other.row))
    }
}

impl State {
    /// Returns a state without rows.
    pub(crate) fn empty(layout: &Layout) -> Self {
        let tables = layout.models.iter().map(|model| {
            let indexes = model.indexes.iter().map(|_| Ordered::default()).collect();
            let texts = model.texts.iter().map(|_| Texts::default()).collect();
            Arc::new(Table { indexes, texts, ..Table::default() })
        });
        Self { tables: tables.collect(), next: 1 }
    }

    fn table(&self, model: ModelId) -> &Table {
        &self.tables[model.0]
    }

    fn table_mut(&mut self, model: ModelId) -> &mut Table {
        Arc::make_mut(&mut self.tables[model.0])
    }

    /// Returns the rows whose last base is `root`.
    pub(crate) fn rows(&self, root: ModelId) -> impl Iterator<Item = &Arc<Row>> {
        self.table(root).rows.iter().map(|kept| &kept.row)
    }

    /// Returns the row of a number, of a model whose last base is `root`.
    pub(crate) fn row(&self, root: ModelId, id: RowId) -> Option<&Arc<Row>> {
        self.table(root).rows.find(|kept| kept.id.cmp(&id)).map(|kept| &kept.row)
    }

    pub(crate) fn index(&self, id: IndexId) -> &Ordered<Entry> {
        &self.table(id.model).indexes[id.number]
    }

    /// Returns the numbers of the rows of a model that have a text without case in one of some fields.
    pub(crate) fn containing(&self, model: ModelId, texts: usize, term: &str) -> Vec<RowId> {
        self.table(model).texts.get(texts).map(|texts| texts.containing(term)).unwrap_or_default()
    }

    /// Returns the entries of an index that begin with `keys`.
    pub(crate) fn entries<'a>(
        &'a self,
        layout: &'a Layout,
        id: IndexId,
        keys: &'a [Key<'a>],
    ) -> impl Iterator<Item = &'a Entry> {
        let (index, description) = (self.index(id), layout.index(id));
        let first = index.rank(|entry| entry.compare(description, keys.iter().copied()));
        index.from(first).take_while(move |entry| entry.compare(description, keys.iter().copied()).is_eq())
    }

    /// Returns the rows that have the keys of another in an index, without those that have a null among them: all of them are
    /// looked at, which costs less than looking for many.
    pub(crate) fn sharing(&self, layout: &Layout, id: IndexId) -> HashSet<RowId> {
        let (entries, description) = (self.index(id).iter(), layout.index(id));
        let mut sharing = HashSet::new();
        let mut last: Option<&Entry> = None;
        for entry in entries {
            let keys = || entry.keys.as_slice().iter().map(OwnedKey::key);
            if let Some(last) = last.replace(entry)
                && last.compare(description, keys()).is_eq()
                && !keys().any(Key::is_null)
            {
                sharing.extend([last.row, entry.row]);
            }
        }
        sharing
    }

    /// Returns how many entries of an index are before what comes after a row.
    pub(crate) fn position_after(&self, layout: &Layout, id: IndexId, row: &Row) -> usize {
        let description = layout.index(id);
        let keys = keys_of(layout, description, row).into_iter().next().unwrap_or_default();
        self.index(id).rank(|entry| {
            // The row itself is before what comes after it.
            let ordering = entry.compare(description, keys.iter().copied());
            ordering.then_with(|| entry.row.cmp(&row.id)).then(Ordering::Less)
        })
    }

    /// Returns the number that a sequence gives next.
    pub(crate) fn next_of(&mut self, model: ModelId, column: usize) -> i64 {
        let sequences = &mut self.table_mut(model).sequences;
        if let Some((_, last)) = sequences.iter_mut().find(|(known, _)| *known == column) {
            *last = last.saturating_add(1);
            return *last;
        }
        sequences.push((column, 1));
        1
    }

    /// Remembers that a row has this number, so that a sequence does not give it again.
    pub(crate) fn saw(&mut self, model: ModelId, column: usize, number: i64) {
        let known = self.table(model).sequences.iter().find(|(known, _)| *known == column);
        match known {
            Some((_, last)) if *last >= number => {}
            Some(_) => {
                let sequences = &mut self.table_mut(model).sequences;
                sequences
                    .iter_mut()
                    .filter(|(known, _)| *known == column)
                    .for_each(|(_, last)| *last = number);
            }
            None => self.table_mut(model).sequences.push((column, number.max(0))),
        }
    }

    /// Returns the sequences, each by its model and field, with the greatest number that it gave.
    pub(crate) fn sequences(&self) -> impl Iterator<Item = (ModelId, usize, i64)> {
        let tables = self.tables.iter().enumerate();
        tables.flat_map(|(model, table)| {
            table.sequences.iter().map(move |(column, last)| (ModelId(model), *column, *last))
        })
    }

    /// Returns the sequences that gave a number since an earlier state.
    pub(crate) fn sequences_since(&self, before: &Self) -> impl Iterator<Item = (ModelId, usize, i64)> {
        let tables = self.tables.iter().zip(&before.tables).enumerate();
        let changed = tables.filter(|(_, (now, before))| !Arc::ptr_eq(now, before));
        changed.flat_map(|(model, (now, before))| {
            let now = now.sequences.iter().filter(|sequence| !before.sequences.contains(sequence));
            now.map(move |(column, last)| (ModelId(model), *column, *last))
        })
    }

    /// Adds rows, none of which is there.
    pub(crate) fn extend(&mut self, layout: &Layout, rows: &[Arc<Row>]) {
        let mut by_model: BTreeMap<ModelId, Vec<&Arc<Row>>> = BTreeMap::new();
        for row in rows {
            for model in &layout.at(row.model).lineage {
                by_model.entry(*model).or_default().push(row);
            }
        }
        for (model, rows) in by_model {
            let plan = layout.at(model);
            let table = self.table_mut(model);
            for (index, entries) in plan.indexes.iter().zip(&mut table.indexes) {
                let new = rows.iter().flat_map(|row| entries_of(layout, index, row)).collect();
                entries.extend(new, &|one, other| one.order(index, other));
            }
            for (columns, texts) in plan.texts.iter().zip(&mut table.texts) {
                for row in &rows {
                    texts.set(row.id, Some(&searched(row, columns)));
                }
            }
            if plan.root() == model {
                let kept = rows.iter().map(|row| Kept { id: row.id, row: Arc::clone(row) });
                table.rows.extend(kept.collect(), &|one, other| one.id.cmp(&other.id));
            }
        }
    }

    /// Puts a row in the place of another, or adds or removes one.
    pub(crate) fn replace(&mut self, layout: &Layout, old: Option<&Arc<Row>>, new: Option<&Arc<Row>>) {
        let Some(model) = new.or(old).map(|row| row.model) else { return };
        let description = layout.at(model);
        for id in &description.lineage {
            for (number, index) in layout.at(*id).indexes.iter().enumerate() {
                let same = |column: usize| match (old, new) {
                    (Some(old), Some(new)) => old.value(column) == new.value(column),
                    _ => false,
                };
                if old.is_some() && new.is_some() && index.columns.iter().all(|(column, _)| same(*column)) {
                    continue;
                }
                let entries = &mut self.table_mut(*id).indexes[number];
                for entry in old.into_iter().flat_map(|row| entries_of(layout, index, row)) {
                    entries.remove(&|known: &Entry| known.order(index, &entry));
                }
                for entry in new.into_iter().flat_map(|row| entries_of(layout, index, row)) {
                    entries.insert(entry, &|one, other| one.order(index, other));
                }
            }
        }
        for id in &description.lineage {
            for (number, columns) in layout.at(*id).texts.iter().enumerate() {
                let is_same = |column: &usize| match (old, new) {
                    (Some(old), Some(new)) => old.value(*column) == new.value(*column),
                    _ => false,
                };
                if !columns.iter().all(is_same)
                    && let Some(row) = new.or(old)
                    && let Some(texts) = self.table_mut(*id).texts.get_mut(number)
                {
                    texts.set(row.id, new.map(|row| searched(row, columns)).as_deref());
                }
            }
        }
        let rows = &mut self.table_mut(description.root()).rows;
        match (old, new) {
            (_, Some(new)) => {
                rows.insert(Kept { id: new.id, row: Arc::clone(new) }, &|one, other| one.id.cmp(&other.id));
            }
            (Some(old), None) => drop(rows.remove(&|kept: &Kept| kept.id.cmp(&old.id))),
            (None, None) => {}
        }
    }
}

/// Returns the keys that a row has in an index, several if its field is a list.
pub(crate) fn keys_of<'a>(layout: &Layout, index: &IndexPlan, row: &'a Row) -> Vec<Vec<Key<'a>>> {
    let kind = |column: usize| layout.column(row.model, column).kind;
    if let ([(column, _)], true) = (index.columns.as_slice(), index.many) {
        let items = row.value(*column).as_array().into_iter().flatten();
        return items.map(|item| vec![Key::of(kind(*column), item)]).collect();
    }
    let keys = index.columns.iter().map(|(column, _)| Key::of(kind(*column), row.value(*column)));
    vec![keys.collect()]
}

fn entries_of(layout: &Layout, index: &IndexPlan, row: &Row) -> Vec<Entry> {
    let keys = keys_of(layout, index, row).into_iter();
    let owned = |keys: Vec<Key<'_>>| match keys.as_slice() {
        [key] => Keys::One(key.kept()),
        keys => Keys::Several(keys.iter().map(|key| key.kept()).collect()),
    };
    keys.map(|keys| Entry { keys: owned(keys), row: row.id }).collect()
}

/// Returns what a search looks at: the values of fields without case, each in a line.
fn searched(row: &Row, columns: &[usize]) -> String {
    let mut text = String::new();
    for value in columns.iter().map(|column| row.value(*column)) {
        match value {
            Value::Null => {}
            Value::String(value) => text.push_str(&value.to_lowercase()),
            value => text.push_str(&value.to_string().to_lowercase()),
        }
        text.push('\n');
    }
    text
}

/// Returns the value of a list or a single one as items.
pub(crate) fn items(value: &Value, listed: bool) -> &[Value] {
    match value {
        Value::Array(items) if listed => items,
        Value::Null if listed => &[],
        value => std::slice::from_ref(value),
    }
}

//! Finding the rows of a list: conditions, search, order, and the part that is asked for.

mod compare;
mod heap;

use std::cmp::Ordering;
use std::sync::Arc;

use serde_json::Value;

use crate::definition::{Lookup, Ties};
use crate::ids::{IndexId, ModelId, RowId};
use crate::key::{Key, OwnedKey};
use crate::path::{Path, Step};
use crate::reader::{Only, Reader};
use crate::row::Row;
pub(crate) use compare::Matcher;

/// An order of rows.
#[derive(Clone, Debug, Default)]
pub(crate) struct OrderPlan {
    /// The paths, each with whether the greatest is first.
    pub(crate) keys: Vec<(Path, bool)>,
    /// The index that has this order.
    pub(crate) index: Option<IndexId>,
    /// The order of rows that are the same by the keys.
    pub(crate) ties: Ties,
}

/// A condition of rows.
#[derive(Debug)]
pub(crate) struct Condition {
    pub(crate) path: Path,
    /// A demand on a value.
    pub(crate) matchers: Vec<Matcher>,
    /// `true` if there has to be a value for each of them instead of for one.
    pub(crate) all: bool,
    /// `true` if the rows are those that do not fit.
    pub(crate) exclude: bool,
}

/// A search: each of the terms has to fit one of the values.
#[derive(Debug, Default)]
pub(crate) struct SearchPlan {
    pub(crate) paths: Vec<Path>,
    /// For each term, how each of the paths is searched for it.
    pub(crate) terms: Vec<Vec<Matcher>>,
    /// The number of the texts of the model that are those searched, with one of the terms.
    pub(crate) texts: Option<(usize, String)>,
}

/// A question for rows.
#[derive(Debug)]
pub(crate) struct Query<'q> {
    pub(crate) model: ModelId,
    pub(crate) conditions: Vec<Condition>,
    pub(crate) search: SearchPlan,
    /// The rows that the caller may see.
    pub(crate) only: Option<Only<'q>>,
    pub(crate) order: OrderPlan,
    /// The number of rows that are passed over.
    pub(crate) offset: usize,
    /// The row that those found come after; if there still is one, the offset means nothing.
    pub(crate) after: Option<RowId>,
    /// The most rows that are found.
    pub(crate) limit: usize,
}

/// The rows that a query found.
#[derive(Debug, Default)]
pub(crate) struct Found {
    pub(crate) rows: Vec<Arc<Row>>,
    /// The number of rows of the whole list.
    pub(crate) count: usize,
    /// The number of rows of the whole list that are before these.
    pub(crate) before: usize,
}

impl Query<'_> {
    /// Returns a query for all rows of a model.
    pub(crate) fn all(model: ModelId) -> Self {
        let (order, search) = (OrderPlan::default(), SearchPlan::default());
        Self {
            model,
            conditions: Vec::new(),
            search,
            only: None,
            order,
            offset: 0,
            after: None,
            limit: usize::MAX,
        }
    }
}

impl Condition {
    fn fits(&self, reader: Reader<'_>, row: &Row) -> bool {
        let one = |matcher: &Matcher| {
            let mut found_any = false;
            let fits = reader.any(&self.path, row, &mut |value| {
                found_any = true;
                matcher.fits(value)
            });
            // A path that leads to nothing leads to null.
            fits || !found_any && matcher.fits(&Value::Null)
        };
        let fits = if self.all { self.matchers.iter().all(one) } else { self.matchers.iter().any(one) };
        fits != self.exclude
    }

    /// Returns the keys that one of has to be at the end of the path, if that is all there is to the condition.
    fn keys(&self) -> Option<Vec<&OwnedKey>> {
        let exact = self.matchers.iter().map(Matcher::exactly).collect::<Option<Vec<_>>>()?;
        let usable =
            !self.exclude && self.path.end.inner.is_empty() && exact.iter().all(|key| !key.key().is_null());
        usable.then_some(exact)
    }
}

impl SearchPlan {
    fn fits(&self, reader: Reader<'_>, row: &Row) -> bool {
        self.terms.iter().all(|term| {
            self.paths.iter().zip(term).any(|(path, matcher)| match path.column() {
                Some(column) if !path.many => matcher.fits(row.value(column)),
                _ => reader.any(path, row, &mut |value| matcher.fits(value)),
            })
        })
    }
}

impl<'a> Reader<'a> {
    /// Returns `true` if a query asks for a row.
    pub(crate) fn selects(self, query: &Query<'_>, row: &Row) -> bool {
        self.layout.is_a(row.model, query.model)
            && query.conditions.iter().all(|condition| condition.fits(self, row))
            && query.search.fits(self, row)
            && query.only.is_none_or(|only| only.shows(self, row))
    }

    /// Returns the rows that a query asks for.
    pub(crate) fn query(self, query: &Query<'_>) -> Found {
        let hidden = match query.only {
            None => Some(&[][..]),
            Some(Only::But(hidden)) => Some(hidden),
            Some(Only::If(_)) => None,
        };
        let filtered = !query.conditions.is_empty() || !query.search.terms.is_empty();
        if let (false, Some(hidden)) = (filtered, hidden)
            && let Some(index) = self.order_index(query)
        {
            return self.window(query, index, hidden);
        }
        let fits = |row: &Arc<Row>| self.selects(query, row);
        let mut rows: Vec<&Arc<Row>> = match self.candidates(query) {
            Some(candidates) => candidates.into_iter().filter(|row| fits(row)).collect(),
            None => self.state.rows(self.layout.at(query.model).root()).filter(|row| fits(row)).collect(),
        };
        let count = rows.len();
        let mut start = query.offset.min(count);
        if let Some(after) = query.after.and_then(|id| self.row(query.model, id)) {
            start = rows.iter().filter(|row| self.compare(&query.order, row, after).is_le()).count();
        }
        let end = start.saturating_add(query.limit).min(count);
        let compare = |one: &&Arc<Row>, other: &&Arc<Row>| self.compare(&query.order, one, other);
        // What is not shown is not sorted.
        if !query.order.keys.is_empty()
            && query.order.ties == Ties::Heap
            && end > 0
            && count > end.saturating_mul(2)
        {
            rows = heap::first(rows, end, |one, other| self.by_keys(&query.order, one, other));
        } else if !query.order.keys.is_empty() {
            if end < count && end > 0 {
                rows.select_nth_unstable_by(end - 1, compare);
                rows.truncate(end);
            }
            rows.sort_unstable_by(compare);
        }
        let rows = rows.get(start..end).unwrap_or_default();
        Found { rows: rows.iter().map(|row| Arc::clone(row)).collect(), count, before: start }
    }

    /// Returns the index that has the order of a query.
    fn order_index(self, query: &Query<'_>) -> Option<IndexId> {
        if query.order.keys.is_empty() {
            return Some(IndexId { model: query.model, number: 0 });
        }
        query.order.index.or_else(|| {
            let columns = query.order.keys.iter().map(|(path, descending)| {
                path.column().filter(|_| !path.many).map(|column| (column, *descending))
            });
            let columns = columns.collect::<Option<Vec<_>>>()?;
            let mut indexes = self.layout.at(query.model).indexes.iter();
            let number = indexes.position(|index| !index.many && index.columns == columns)?;
            Some(IndexId { model: query.model, number })
        })
    }

    /// Returns a part of an index, in which some rows are hidden.
    fn window(self, query: &Query<'_>, index: IndexId, hidden: &[RowId]) -> Found {
        let entries = self.state.index(index);
        let root = self.layout.at(query.model).root();
        let after = |row: &Arc<Row>| self.state.position_after(self.layout, index, row);
        let mut places: Vec<usize> = hidden
            .iter()
            .filter_map(|id| self.row(query.model, *id))
            .filter_map(|row| after(row).checked_sub(1))
            .filter(|place| entries.from(*place).next().is_some_and(|entry| hidden.contains(&entry.row)))
            .collect();
        places.sort_unstable();
        let start = match query.after.and_then(|id| self.row(query.model, id)) {
            Some(row) => after(row),
            None => places.iter().fold(query.offset, |start, place| start + usize::from(*place <= start)),
        };
        let before = start - places.iter().filter(|place| **place < start).count();
        let rows = entries.from(start).filter(|entry| !hidden.contains(&entry.row)).take(query.limit);
        let rows = rows.filter_map(|entry| self.state.row(root, entry.row)).map(Arc::clone);
        Found { rows: rows.collect(), count: entries.len() - places.len(), before }
    }

    /// Returns the few rows that can fit, oldest first, if an index knows them.
    fn candidates(self, query: &Query<'_>) -> Option<Vec<&'a Arc<Row>>> {
        let found =
            query.conditions.iter().filter(|condition| !condition.all || condition.matchers.len() == 1);
        let few =
            found.filter_map(|condition| self.indexed_rows(query.model, condition)).min_by_key(Vec::len);
        let mut rows = match (few, &query.search.texts) {
            (Some(rows), _) => rows,
            (None, Some((texts, term))) => {
                let root = self.layout.at(query.model).root();
                let found = self.state.containing(query.model, *texts, term).into_iter();
                found.filter_map(|id| self.state.row(root, id)).collect()
            }
            (None, None) => return None,
        };
        rows.sort_unstable_by_key(|row| row.id);
        rows.dedup_by_key(|row| row.id);
        Some(rows)
    }

    /// Returns the rows that fit a condition, if all fields on its path have indexes.
    fn indexed_rows(self, model: ModelId, condition: &Condition) -> Option<Vec<&'a Arc<Row>>> {
        let (keys, path) = (condition.keys()?, &condition.path);
        // The models that the path begins and comes by.
        let mut models = vec![model];
        for step in &path.steps {
            models.push(match step {
                Step::Forward { target, .. } => *target,
                Step::Reverse { model, .. } => *model,
            });
        }
        let is_indexed = |model: ModelId, column: usize| self.layout.column(model, column).index.is_some();
        let usable = path.steps.iter().zip(&models).all(|(step, from)| match step {
            Step::Forward { column, .. } => is_indexed(*from, *column),
            Step::Reverse { named_by, .. } => is_indexed(*from, *named_by),
        });
        let last = *models.last()?;
        if !usable || !is_indexed(last, path.end.column) {
            return None;
        }
        let value = |key: &OwnedKey| match key.key() {
            Key::Boolean(flag) => Value::from(flag),
            Key::Integer(integer) => Value::from(integer),
            Key::Float(float) => Value::from(float),
            Key::Text(text) => Value::from(text),
            Key::Whole(value) => value.clone(),
            Key::Null => Value::Null,
        };
        let mut rows: Vec<&Arc<Row>> =
            keys.into_iter().flat_map(|key| self.named(last, path.end.column, &value(key))).collect();
        for (step, from) in path.steps.iter().zip(&models).rev() {
            rows = match step {
                Step::Forward { column, named_by, .. } => rows
                    .into_iter()
                    .flat_map(|row| self.named(*from, *column, row.value(*named_by)))
                    .collect(),
                Step::Reverse { column, named_by, .. } => {
                    let keys = |row: &'a Arc<Row>| match row.value(*column) {
                        Value::Array(items) => items.as_slice(),
                        single => std::slice::from_ref(single),
                    };
                    let keys = rows.into_iter().flat_map(keys);
                    keys.flat_map(|key| self.named(*from, *named_by, key)).collect()
                }
            };
        }
        Some(rows)
    }

    /// Compares two rows by an order; those that are the same by it by their age.
    fn compare(self, order: &OrderPlan, one: &Row, other: &Row) -> Ordering {
        self.by_keys(order, one, other).then(one.id.cmp(&other.id))
    }

    /// Compares two rows by the keys of an order.
    fn by_keys(self, order: &OrderPlan, one: &Row, other: &Row) -> Ordering {
        let compared = order.keys.iter().map(|(path, descending)| {
            let ordering = match path.column().filter(|_| !path.many) {
                Some(column) => Key::of(path.end.kind, one.value(column))
                    .cmp(&Key::of(path.end.kind, other.value(column))),
                None => self.first_key(path, one).key().cmp(&self.first_key(path, other).key()),
            };
            if *descending { ordering.reverse() } else { ordering }
        });
        compared.fold(Ordering::Equal, Ordering::then)
    }

    /// Returns the first value at the end of a path.
    fn first_key(self, path: &Path, row: &Row) -> OwnedKey {
        let mut found = OwnedKey::Null;
        self.any(path, row, &mut |value| {
            found = Key::of(path.end.kind, value).kept();
            true
        });
        found
    }
}

impl Matcher {
    /// Returns the key that a value has to be exactly.
    fn exactly(&self) -> Option<&OwnedKey> {
        match self {
            Matcher::Compare { lookup: Lookup::Exact, key, .. } => Some(key),
            _ => None,
        }
    }
}

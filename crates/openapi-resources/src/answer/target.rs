//! An operation of a collection, and what a request asks of it.

use std::sync::Arc;

use percent_encoding::utf8_percent_encode;
use serde_json::{Map, Value};

use super::request::{Answer, Refusal, Request, SEGMENT, texts, variable_of};
use crate::definition::{Action, Collection, Filter, Kind, Operation, Terms};
use crate::ids::{CollectionId, ViewId};
use crate::path::{End, Path, Step};
use crate::plan::{CollectionPlan, Plan, SourcePlan};
use crate::query::{Condition, Matcher, OrderPlan, Query, SearchPlan};
use crate::reader::{Reader, plain};
use crate::row::Row;
use crate::store::Snapshot;

/// An operation with its collection.
#[derive(Clone, Copy)]
pub(super) struct Target<'a> {
    pub(super) plan: &'a Plan,
    pub(super) collection: &'a Collection,
    pub(super) compiled: &'a CollectionPlan,
    pub(super) operation: &'a Operation,
}

impl<'a> Target<'a> {
    pub(super) fn of(plan: &'a Plan, id: CollectionId, operation: &str) -> Result<Self, Refusal> {
        let (collection, operation) = plan.operation(operation).ok_or(Refusal::NoOperation)?;
        Ok(Self { plan, collection, compiled: plan.collection_at(id), operation })
    }

    pub(super) fn view(self, name: Option<&String>) -> Option<ViewId> {
        self.plan.view(name?)
    }

    /// Returns the conditions that all rows of the collection fit, for this request.
    fn conditions(self, request: &Request<'_>) -> Result<Vec<Condition>, Refusal> {
        let mut conditions = Vec::new();
        for (variable, path) in &self.compiled.parents {
            conditions.push(exactly(path, variable, variable_of(request, variable))?);
        }
        for (column, value) in &self.compiled.fixed {
            let path = Path {
                steps: Vec::new(),
                end: End {
                    column: *column,
                    kind: self.plan.layout.column(self.compiled.model, *column).kind,
                    inner: Vec::new(),
                    listed: false,
                },
                many: false,
                model: self.compiled.model,
            };
            conditions.push(exactly(&path, "", value)?);
        }
        if let (Some(owner), Some(path)) = (&request.owner, &self.compiled.owner) {
            conditions.push(exactly(path, "", owner)?);
        }
        Ok(conditions)
    }

    /// Fails unless the rows that the path names before the last one are there.
    pub(super) fn require_parents(self, reader: Reader<'_>, request: &Request<'_>) -> Result<(), Refusal> {
        self.parents(reader, request).map(|_| ())
    }

    /// Returns the values of fields that a row below the path has.
    pub(super) fn parents(
        self,
        reader: Reader<'_>,
        request: &Request<'_>,
    ) -> Result<Vec<(usize, Value)>, Refusal> {
        let mut values = Vec::new();
        for (variable, path) in &self.compiled.parents {
            let value = path.end.kind.read(variable_of(request, variable));
            match path.steps.as_slice() {
                [] => {
                    let column = self.plan.layout.column(self.compiled.model, path.end.column);
                    if let Some(reference) = column.reference {
                        let row = reader.named(reference.model, reference.column, &value).next();
                        row.ok_or(Refusal::NotFound)?;
                    }
                    values.push((path.end.column, value));
                }
                [Step::Forward { column, target, named_by, .. }] => {
                    let row =
                        reader.named(*target, path.end.column, &value).next().ok_or(Refusal::NotFound)?;
                    values.push((*column, row.value(*named_by).clone()));
                }
                _ => {}
            }
        }
        Ok(values)
    }

    /// Returns the row that the path names.
    pub(super) fn find(self, reader: Reader<'_>, request: &Request<'_>) -> Result<Arc<Row>, Refusal> {
        let mut query = Query::all(self.compiled.model);
        query.limit = 1;
        query.conditions = self.conditions(request)?;
        if let Some((variable, path)) = &self.compiled.lookup {
            // A path without the variable leaves the body to say which row it is.
            let value = match variable_of(request, variable) {
                Value::Null => path.column().and_then(|column| {
                    self.body(request).ok()?.get(&self.plan.layout.column(self.compiled.model, column).name)
                }),
                value => Some(value),
            };
            query.conditions.push(exactly(path, variable, value.ok_or(Refusal::NotFound)?)?);
        }
        let found = reader.query(&query).rows.into_iter().next();
        found.ok_or(Refusal::NotFound)
    }

    /// Returns the fields that the body of a request has.
    pub(super) fn written(self, request: &Request<'_>) -> Arc<[String]> {
        let view = self.view(self.operation.request.as_ref());
        let (Some(view), Ok(body)) = (view, self.body(request)) else { return Arc::default() };
        let properties = self.plan.view_at(view).properties.iter();
        let columns =
            properties.filter(|property| body.contains_key(&property.name)).filter_map(|property| {
                match &property.source {
                    SourcePlan::Column(column) => {
                        Some(self.plan.layout.column(self.compiled.model, *column).name.clone())
                    }
                    _ => None,
                }
            });
        columns.collect()
    }

    /// Returns the object in the body.
    pub(super) fn body<'r>(self, request: &Request<'r>) -> Result<&'r Map<String, Value>, Refusal> {
        let body = request.body.ok_or(Refusal::Body)?;
        let object = match &self.operation.within {
            Some(within) => body.get(within).unwrap_or(body),
            None => body,
        };
        object.as_object().ok_or(Refusal::Body)
    }

    /// Returns `true` if the answer shows values of the row alone, so that it changes only with the version of the row.
    pub(super) fn shows_row_alone(self) -> bool {
        let view = self.view(self.operation.answer.as_ref()).map(|view| self.plan.view_at(view));
        view.is_none_or(|view| view.properties.iter().all(|property| property.source.is_own()))
    }

    /// Returns the answer that shows a row.
    pub(super) fn shown(self, snapshot: Snapshot, row: Arc<Row>, request: &Request<'_>) -> Answer {
        let body = self.view(self.operation.answer.as_ref()).map(|view| {
            let mut out = Vec::new();
            if let Some(within) = &self.operation.within {
                out.push(b'{');
                crate::render::write(&Value::from(within.as_str()), &mut out);
                out.push(b':');
            }
            snapshot.render(view, &row, &mut out);
            if self.operation.within.is_some() {
                out.push(b'}');
            }
            out
        });
        Answer {
            status: self.operation.status,
            body,
            headers: Vec::new(),
            location: self.location(&snapshot, &row, request),
            version: self.operation.versioned.then(|| row.version()),
            row: Some(row),
            rows: Vec::new(),
            snapshot,
        }
    }

    /// Returns the path of a row that was made.
    fn location(self, snapshot: &Snapshot, row: &Row, request: &Request<'_>) -> Option<String> {
        let makes =
            matches!(self.operation.action, Action::Create | Action::Put) && self.operation.status == 201;
        let path = self.collection.object.as_ref().filter(|_| makes)?;
        let (variable, lookup) = self.compiled.lookup.as_ref()?;
        let mut key = Value::Null;
        snapshot.reader().any(lookup, row, &mut |value| {
            key = value.clone();
            true
        });
        let mut path = path.clone();
        let others = request.path.iter().filter(|(name, _)| *name != variable.as_str());
        for (name, value) in others.map(|(name, value)| (*name, value)).chain([(variable.as_str(), &key)]) {
            let encoded = utf8_percent_encode(&plain(value), SEGMENT).to_string();
            path = path.replace(&format!("{{{name}}}"), &encoded);
        }
        Some(path)
    }

    /// Returns the query that a request for a list makes, without its part of the list.
    pub(super) fn query<'q>(self, request: &Request<'q>) -> Result<Query<'q>, Refusal> {
        let mut query = Query::all(self.compiled.model);
        query.only = request.only;
        query.conditions = self.conditions(request)?;
        for (name, values) in &request.query {
            if self.collection.unmapped.iter().any(|unmapped| unmapped == name) {
                return Err(Refusal::Unmapped { parameter: (*name).to_owned() });
            }
            if let (Some(filter), Some(path)) =
                (self.collection.filters.get(*name), self.compiled.filters.get(*name))
            {
                query.conditions.extend(filtered(filter, path, name, values)?);
            }
        }
        query.search = self.search(request)?;
        query.order = self.order(request)?;
        Ok(query)
    }

    fn search(self, request: &Request<'_>) -> Result<SearchPlan, Refusal> {
        let Some(search) = &self.collection.search else { return Ok(SearchPlan::default()) };
        let text = texts(request, &search.parameter).join(" ");
        let terms: Vec<&str> = match search.terms {
            Terms::Words => text.split_whitespace().collect(),
            Terms::List => text
                .split(|letter: char| letter == ',' || letter.is_whitespace())
                .map(|term| term.trim_matches('\0'))
                .filter(|term| !term.is_empty())
                .collect(),
            Terms::Whole => Some(text.as_str()).filter(|text| !text.is_empty()).into_iter().collect(),
        };
        let matchers = |term: &&str| {
            let term = Value::from(*term);
            let fields = search.fields.iter();
            let matchers = fields.map(|field| Matcher::new(field.lookup, Kind::Text, &term));
            matchers.collect::<Result<Vec<_>, _>>().map_err(|error| Refusal::Parameter {
                parameter: search.parameter.clone(),
                reason: error.to_string(),
            })
        };
        // The longest term is the one that the fewest rows have.
        let longest = terms.iter().map(|term| term.to_lowercase()).max_by_key(String::len);
        let longest = longest.filter(|term| !term.is_empty() && !term.contains('\n'));
        let texts = self.compiled.texts.zip(longest);
        let terms = terms.iter().map(matchers).collect::<Result<_, _>>()?;
        Ok(SearchPlan { paths: self.compiled.search.clone(), terms, texts })
    }

    fn order(self, request: &Request<'_>) -> Result<OrderPlan, Refusal> {
        let Some(ordering) = &self.collection.ordering else { return Ok(self.compiled.order.clone()) };
        let text = texts(request, &ordering.parameter).join(",");
        let all_descending = ordering.direction.as_ref().is_some_and(|direction| {
            texts(request, direction).iter().any(|text| text.to_lowercase().starts_with("desc"))
        });
        let mut keys = Vec::new();
        for name in text.split(',').map(str::trim).filter(|name| !name.is_empty()) {
            let (descending, field) = match (name.strip_prefix('-'), name.split_once(':')) {
                (Some(field), _) => (true, field),
                (None, Some((field, direction))) => (direction.eq_ignore_ascii_case("desc"), field),
                (None, None) => (all_descending, name.strip_prefix('+').unwrap_or(name)),
            };
            match self.compiled.ordering.get(field) {
                Some(path) => keys.push((path.clone(), descending)),
                None if ordering.lenient => {}
                None => {
                    let known: Vec<&str> = self.compiled.ordering.keys().map(String::as_str).collect();
                    return Err(Refusal::Parameter {
                        parameter: ordering.parameter.clone(),
                        reason: format!("`{field}` cannot be ordered by; use one of {}", known.join(", ")),
                    });
                }
            }
        }
        if !keys.is_empty() {
            return Ok(OrderPlan { keys, index: None, ties: self.collection.ties });
        }
        let mut order = self.compiled.order.clone();
        if all_descending {
            order.keys.iter_mut().for_each(|(_, descending)| *descending = !*descending);
            order.index = None;
        }
        Ok(order)
    }
}

/// Returns the condition that a value at the end of a path is this one.
fn exactly(path: &Path, parameter: &str, value: &Value) -> Result<Condition, Refusal> {
    let filter = Filter::default();
    let found = filtered(&filter, path, parameter, std::slice::from_ref(value))?;
    found.ok_or(Refusal::NotFound)
}

/// Returns the condition that a parameter makes; `None` if it has no value.
fn filtered(
    filter: &Filter,
    path: &Path,
    parameter: &str,
    values: &[Value],
) -> Result<Option<Condition>, Refusal> {
    let mut matchers = Vec::new();
    for value in values {
        let parts: Vec<Value> = match (filter.separator, value) {
            (Some(separator), Value::String(text)) => text.split(separator).map(Value::from).collect(),
            (_, Value::Array(items)) => items.clone(),
            (_, value) => vec![value.clone()],
        };
        for part in parts {
            let matcher = Matcher::new(filter.lookup, path.end.kind, &part);
            matchers.push(matcher.map_err(|error| Refusal::Parameter {
                parameter: parameter.to_owned(),
                reason: error.to_string(),
            })?);
        }
    }
    let (all, exclude) = (filter.all, filter.exclude);
    Ok((!matchers.is_empty()).then(|| Condition { path: path.clone(), matchers, all, exclude }))
}

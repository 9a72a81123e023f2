//! Answers operations from a store.

use std::sync::Arc;

use serde_json::Map;

use super::page;
use super::request::{Answer, Change, Refusal, Request, variable_of};
use super::target::Target;
use crate::definition::{Action, Patch, Put};
use crate::path::Path;
use crate::row::Row;
use crate::store::{Snapshot, Store};
use crate::transaction::{Transaction, Way};

impl Snapshot {
    /// Returns `true` if the list that a request asks for has a row, on whatever page.
    ///
    /// # Errors
    /// If a parameter cannot be understood.
    pub fn lists(&self, request: &Request<'_>, row: &Row) -> Result<bool, Refusal> {
        let plan = self.plan();
        let id = plan.collection_of(request.operation).ok_or(Refusal::NoOperation)?;
        let query = Target::of(plan, id, request.operation)?.query(request)?;
        Ok(self.reader().selects(&query, row))
    }

    /// Returns the row that the path of a request names, whatever else its collection demands.
    ///
    /// # Errors
    /// If there is none.
    pub fn named(&self, request: &Request<'_>) -> Result<Arc<Row>, Refusal> {
        let plan = self.plan();
        let id = plan.collection_of(request.operation).ok_or(Refusal::NoOperation)?;
        Target::of(plan, id, request.operation)?.find(self.reader(), request)
    }
}

impl Store {
    /// Answers an operation.
    ///
    /// # Errors
    /// If the request names nothing, cannot be understood, or would break rules.
    pub fn answer(&self, request: &Request<'_>) -> Result<Answer, Refusal> {
        self.answer_with(request, &mut |_, _| Ok(()))
    }

    /// Answers an operation like [`Store::answer`]; what `together` does happens in the same transaction as the change.
    ///
    /// # Errors
    /// If the request names nothing, cannot be understood, or would break rules; and if `together` fails.
    pub fn answer_with(
        &self,
        request: &Request<'_>,
        together: &mut dyn FnMut(&mut Transaction<'_>, Change) -> Result<(), Refusal>,
    ) -> Result<Answer, Refusal> {
        let plan = self.plan();
        let id = plan.collection_of(request.operation).ok_or(Refusal::NoOperation)?;
        let target = Target::of(plan, id, request.operation)?;
        match target.operation.action {
            Action::List => {
                let snapshot = request.shows(self.snapshot());
                target.require_parents(snapshot.reader(), request)?;
                page::list(target, snapshot, request)
            }
            Action::Retrieve => {
                let snapshot = request.shows(self.snapshot());
                let row = target.find(snapshot.reader(), request)?;
                if target.operation.versioned {
                    request.check_unchanged(&row, target.shows_row_alone())?;
                }
                Ok(target.shown(snapshot, row, request))
            }
            action => {
                let (row, snapshot) =
                    self.write(|transaction| change(target, transaction, request, action, together))?;
                let mut snapshot = request.shows(snapshot);
                snapshot.written = target.written(request);
                let now = snapshot.reader().row(row.model, row.id).cloned();
                Ok(target.shown(snapshot, now.unwrap_or(row), request))
            }
        }
    }
}

/// Changes what an operation asks for; returns the row that it is about.
fn change(
    target: Target<'_>,
    transaction: &mut Transaction<'_>,
    request: &Request<'_>,
    action: Action,
    together: &mut dyn FnMut(&mut Transaction<'_>, Change) -> Result<(), Refusal>,
) -> Result<Arc<Row>, Refusal> {
    let model = target.compiled.model;
    let found = match action {
        Action::Create => None,
        Action::Put => match target.find(transaction.reader(), request) {
            Ok(row) => Some(row),
            Err(Refusal::NotFound) => None,
            Err(other) => return Err(other),
        },
        _ => Some(target.find(transaction.reader(), request)?),
    };
    if target.operation.versioned {
        request.check_version(found.as_deref())?;
    }
    if let (Action::Delete, Some(row)) = (action, &found) {
        together(transaction, Change::Deleting(Arc::clone(row)))?;
        transaction.delete(model, row.id);
        return Ok(Arc::clone(row));
    }
    // An operation without a body changes what is changed without being asked for.
    let view = target.view(target.operation.request.as_ref());
    let nothing = Map::new();
    let body = if view.is_some() { target.body(request)? } else { &nothing };
    let mut besides = target.parents(transaction.reader(), request)?;
    let way = match (&found, action) {
        (None, _) => {
            besides.extend(target.compiled.fixed.iter().cloned());
            if let (Action::Put, Some((variable, path))) = (action, &target.compiled.lookup)
                && let Some(column) = path.column()
            {
                besides.push((column, path.end.kind.read(variable_of(request, variable))));
            }
            let owner = target.compiled.owner.as_ref().and_then(Path::column);
            let name = owner.map(|column| target.plan.layout.column(model, column).name.as_str());
            if let (Some(column), Some(user)) = (owner, &request.user)
                && name.is_some_and(|name| !body.contains_key(name))
            {
                besides.push((column, user.clone()));
            }
            Way::Create
        }
        (Some(_), Action::Patch) if target.collection.patch == Patch::Merge => Way::Merge,
        (Some(_), Action::Patch) => Way::Assign,
        (Some(_), _) if target.collection.put == Put::Replace => Way::Replace,
        (Some(_), _) => Way::Keep,
    };
    let of = found.as_ref().map_or(model, |row| row.model);
    let id = transaction.write(view, (of, found.as_ref()), body, besides, way);
    let row = transaction.reader().row(of, id).cloned().ok_or(Refusal::NotFound)?;
    let made = match found {
        None => Change::Made(Arc::clone(&row)),
        Some(before) => Change::Changed(before, Arc::clone(&row)),
    };
    together(transaction, made)?;
    transaction.reader().row(of, id).cloned().ok_or(Refusal::NotFound)
}

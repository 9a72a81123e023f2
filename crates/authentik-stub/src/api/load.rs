//! A fixture as rows. Its `objects` are what `GET` answers, list by list; the other sections say what no answer shows.

mod defaults;
mod draft;
mod events;
mod extras;
mod grants;
mod objects;
mod order;
mod problem;
mod properties;
mod sequences;
mod text;

use openapi_resources::pointer::child;
use openapi_resources::store::Store;
use openapi_resources::store::WriteError;

use super::asset::AssetError;
use super::viewsets::Viewsets;
use crate::fixture::{Finding, Fixture, FixtureError};
use draft::Drafts;
use problem::Problems;

/// The sections that say what rows there are.
const SECTIONS: [&str; 9] = [
    "objects",
    "about",
    "created_with",
    "owners",
    "memberships",
    "permissions",
    "permission_table",
    "sequences",
    "used_by",
];

/// The sections for people and tests: what a recording says about itself, and what it answers.
const NOTES: [&str; 8] =
    ["note", "actors", "rows", "details", "views", "lists_refused", "used_by_refused", "$schema"];

/// The reason why objects cannot be put into a store.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// An asset of this program cannot be read.
    #[error(transparent)]
    Asset(#[from] AssetError),
    /// The fixture is wrong.
    #[error(transparent)]
    Fixture(#[from] FixtureError),
}

/// Puts the objects of a fixture into a store.
///
/// # Errors
/// With everything that is wrong with the fixture.
pub(super) fn load(store: &Store, viewsets: &Viewsets, source: &Fixture) -> Result<(), LoadError> {
    let fixture = source.value();
    let plan = store.plan().clone();
    let mut problems = Problems::default();
    if ["entries", "beside"].iter().any(|name| fixture.get(name).is_some()) {
        let findings =
            |problems: Vec<_>| source.error(problems.into_iter().map(Finding::from).collect()).into();
        return store.import(fixture).map_err(findings);
    }
    let Some(sections) = fixture.as_object() else {
        problems.add("", "the fixture is no object", "write {\"objects\": {…}}");
        return Err(source.error(problems.0).into());
    };
    for name in
        sections.keys().filter(|name| !SECTIONS.contains(&name.as_str()) && !NOTES.contains(&name.as_str()))
    {
        let known = SECTIONS.join("`, `");
        problems.add(&child("", name), "there is no such section", &format!("use `{known}`"));
    }
    let table = grants::Table::of(fixture, &mut problems)?;
    let mut drafts = Drafts::new(&plan);
    table.draft(&mut drafts);
    objects::read(fixture, viewsets, &mut drafts, &mut problems);
    extras::created_with(fixture, &mut drafts, &mut problems);
    extras::owners(fixture, &mut drafts, &mut problems);
    grants::memberships(fixture, &mut drafts, &mut problems);
    grants::permissions(fixture, &table, &mut drafts, &mut problems);
    events::complete(&mut drafts);
    defaults::complete(&mut drafts);
    let sequences = sequences::read(fixture, viewsets, &mut problems);
    if !problems.is_empty() {
        return Err(source.error(problems.0).into());
    }
    let written: Result<_, Failed> = store.write(|transaction| {
        let made = drafts.write(transaction);
        for (model, field, last) in &sequences {
            if let Some(model) = plan.model(model) {
                transaction.advance(model, field, *last);
            }
        }
        let broken = transaction.broken();
        for (row, violation) in &broken {
            let draft = made.binary_search_by_key(row, |(row, _)| *row).ok().and_then(|at| made.get(at));
            let fields: Vec<&str> = violation.fields().collect();
            let pointer = draft.map(|(_, number)| drafts.place(*number, &fields)).unwrap_or_default();
            problems.add(
                &pointer,
                &violation.to_string(),
                "change this object, or the one that it does not fit to",
            );
        }
        if broken.is_empty() { Ok(()) } else { Err(Failed(None)) }
    });
    let Err(Failed(error)) = written else { return Ok(()) };
    if let Some(error) = error {
        problems.add("", &error.to_string(), "change the objects that it is about");
    }
    Err(source.error(problems.0).into())
}

/// The end of a transaction, and its reason unless the problems are noted.
struct Failed(Option<WriteError>);

impl From<WriteError> for Failed {
    fn from(error: WriteError) -> Self {
        Self(Some(error))
    }
}

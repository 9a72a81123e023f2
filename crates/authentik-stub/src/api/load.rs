//! A fixture as rows. Its `objects` are what `GET` answers, list by list; the other sections say what no answer shows.

mod defaults;
mod draft;
mod events;
mod extras;
mod grants;
mod objects;
mod problem;
mod properties;
mod sequences;
mod text;

use openapi_resources::store::Store;
use openapi_resources::violation::Violation;
use serde_json::Value;

use super::viewsets::Viewsets;
use draft::Drafts;
use problem::Problems;

pub use problem::LoadError;

/// The sections that say what rows there are.
const SECTIONS: [&str; 8] = [
    "objects",
    "about",
    "created_with",
    "owners",
    "memberships",
    "permissions",
    "permission_table",
    "sequences",
];

/// The sections for people and tests: what a recording says about itself, and what it answers.
const NOTES: [&str; 9] =
    ["note", "actors", "rows", "details", "views", "used_by", "lists_refused", "used_by_refused", "$schema"];

/// Objects to start with, in the form of the API: `{"objects": {"core/users": [what GET answers, …], …}}`.
#[derive(Debug, Clone)]
pub struct Objects(Value);

impl Objects {
    /// Reads objects; `None` if a text is no JSON of this form. The objects themselves are checked when a stub starts.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let value: Value = serde_json::from_str(text).ok()?;
        value.get("objects").is_some_and(Value::is_object).then_some(Self(value))
    }

    pub(crate) fn value(&self) -> &Value {
        &self.0
    }
}

/// Puts the objects of a fixture into a store.
///
/// # Errors
/// With everything that is wrong with the fixture.
pub(super) fn load(store: &Store, viewsets: &Viewsets, fixture: &Value) -> Result<(), LoadError> {
    let plan = store.plan().clone();
    let mut problems = Problems::default();
    let Some(sections) = fixture.as_object() else {
        problems.add("", "the fixture is no object", "write {\"objects\": {…}}");
        return Err(problems.into());
    };
    for name in
        sections.keys().filter(|name| !SECTIONS.contains(&name.as_str()) && !NOTES.contains(&name.as_str()))
    {
        let known = SECTIONS.join("`, `");
        problems.add(&problem::child("", name), "there is no such section", &format!("use `{known}`"));
    }
    let table = grants::Table::of(fixture, &mut problems)?;
    let mut drafts = Drafts::new(plan.definition());
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
        return Err(problems.into());
    }
    let written: Result<_, Failed> = store.write(|transaction| {
        let made = drafts.write(&plan, transaction);
        for (model, field, last) in &sequences {
            if let Some(model) = plan.model(model) {
                transaction.advance(model, field, *last);
            }
        }
        let broken = transaction.broken();
        for (row, violation) in &broken {
            let draft = made.get(row).and_then(|number| drafts.rows().get(*number));
            let fields: Vec<&str> = violation.fields().collect();
            let pointer = draft.map(|draft| draft.place(&fields)).unwrap_or_default();
            problems.add(
                &pointer,
                &violation.to_string(),
                "change this object, or the one that it does not fit to",
            );
        }
        if broken.is_empty() { Ok(()) } else { Err(Failed) }
    });
    match written {
        Ok(_) => Ok(()),
        Err(Failed) => Err(problems.into()),
    }
}

/// The end of a transaction whose problems are noted.
struct Failed;

impl From<Vec<Violation>> for Failed {
    fn from(_: Vec<Violation>) -> Self {
        Self
    }
}

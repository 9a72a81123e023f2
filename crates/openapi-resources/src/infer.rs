//! Infers a definition from a document: which paths are resources, how their rows are found, filtered and paged.
//!
//! Annotations say the rest, by keys that `ANNOTATIONS.md` explains. Nothing is guessed silently: what an
//! annotation gets wrong is an error with its place, and what the document declares and nothing maps is a [`Gap`].

mod annotations;
mod lists;
mod models;
mod parameters;
mod routes;
mod shapes;

use std::collections::{BTreeMap, BTreeSet};

use openapi_document::Document;
use openapi_document::error::Error;
use openapi_document::model::{Model, OperationId};

use crate::definition::{Action, Definition};
use crate::functions::Functions;
use crate::plan::{Plan, Problem};
use crate::seed::Schemas;

/// A definition inferred from a document.
#[derive(Debug)]
pub struct Inferred {
    /// The plan of the definition.
    pub plan: Plan,
    /// The meaning of each operation, in the order of the document.
    pub operations: Vec<Coverage>,
    /// The schemas of rows, to make some from.
    pub schemas: Schemas,
    /// The parts that the document declares and nothing maps, in the order of the document.
    pub gaps: Vec<Gap>,
}

/// The meaning of an operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coverage {
    /// Its id.
    pub operation: String,
    /// Its method, in upper case.
    pub method: String,
    /// Its path.
    pub path: String,
    /// The collection and the purpose of the operation; the reason, if it has none.
    pub meaning: Result<(String, Action), String>,
}

/// Something that a document declares and nothing maps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gap {
    /// Its place in the document, as a JSON pointer.
    pub pointer: String,
    /// The missing part.
    pub message: String,
    /// The annotation that would say it.
    pub help: String,
}

/// The inference of one definition.
struct Inference<'a> {
    model: &'a Model<'a>,
    definition: Definition,
    /// The models that the document describes as a whole, so that nothing is added to them.
    described: BTreeSet<String>,
    /// The places in the document that parts of the definition come from, by pointers into both.
    places: BTreeMap<String, String>,
    gaps: Vec<Gap>,
    errors: Vec<Error>,
    /// The steps of the path of one row, by the paths of collections.
    objects: Vec<(String, Vec<routes::Step<'a>>)>,
    /// The meaning of each operation that was looked at.
    meanings: BTreeMap<OperationId, Result<(String, Action), String>>,
}

impl<'a> Inference<'a> {
    fn new(model: &'a Model<'a>) -> Self {
        let mut inference = Self {
            model,
            definition: Definition::default(),
            described: BTreeSet::new(),
            places: BTreeMap::new(),
            gaps: Vec::new(),
            errors: Vec::new(),
            objects: Vec::new(),
            meanings: BTreeMap::new(),
        };
        inference.described_models();
        inference
    }
}

impl Inferred {
    /// Infers the definition of a document, whose functions need not be there yet.
    ///
    /// # Errors
    /// If an annotation is wrong: with everything that is.
    pub fn definition_of(document: &Document) -> Result<Definition, Error> {
        let model = Model::of(document);
        let mut inference = Inference::new(&model);
        inference.infer();
        Error::gather(inference.errors)?;
        Ok(inference.definition)
    }

    /// Infers a definition from a document.
    ///
    /// # Errors
    /// If an annotation is wrong: with everything that is.
    pub fn of(document: &Document, functions: Functions) -> Result<Self, Error> {
        let model = Model::of(document);
        let mut inference = Inference::new(&model);
        inference.infer();
        let Inference { definition, places, gaps, errors, mut meanings, .. } = inference;
        Error::gather(errors)?;
        let operations = model.operations.iter().map(|operation| Coverage {
            operation: operation.id.to_owned(),
            method: operation.method.to_uppercase(),
            path: operation.path.to_owned(),
            meaning: meanings
                .remove(&operation.number)
                .unwrap_or_else(|| Err("its path is neither a collection nor one of its objects".to_owned())),
        });
        let operations = operations.collect();
        let schemas = definition.models.keys().filter_map(|name| {
            let place = places.get(&openapi_document::pointer::child("/models", name))?;
            Some((name.clone(), place.clone()))
        });
        let schemas = Schemas(schemas.collect());
        let plan = Plan::new(definition, functions).map_err(|problems| {
            let errors = problems.iter().map(|problem| placed(document, &places, problem));
            // There is at least one problem.
            Error::gather(errors).err().unwrap_or_else(|| document.error("", "the definition is wrong", ""))
        })?;
        Ok(Self { plan, operations, schemas, gaps })
    }

    /// Returns how many operations have state, and how many there are.
    #[must_use]
    pub fn coverage(&self) -> (usize, usize) {
        (self.operations.iter().filter(|operation| operation.meaning.is_ok()).count(), self.operations.len())
    }
}

/// Returns a problem of the definition as an error of the document.
fn placed(document: &Document, places: &BTreeMap<String, String>, problem: &Problem) -> Error {
    let mut around =
        std::iter::successors(Some(problem.pointer.as_str()), |at| openapi_document::pointer::parent(at));
    let place = around.find_map(|at| places.get(at)).map_or("", String::as_str);
    document.error(place, problem.message.clone(), problem.help.clone())
}

#[cfg(test)]
mod schema;
#[cfg(test)]
mod tests;

//! Operations.

use serde_json::Value;

use super::media::RequestBody;
use super::parameter::{Location, Parameter};
use super::place::Place;
use super::response::{self, Response};
use super::schemas::Schemas;
use super::security::{self, Requirement};
use super::server::{self, Server};
use crate::names::setter_names;
use crate::operations::is_method;

/// The number of an operation in its model: its place in the list of all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OperationId(pub u32);

impl OperationId {
    /// Returns the place in the list of all operations.
    #[must_use]
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// An operation.
#[derive(Clone, Debug)]
pub struct Operation<'a> {
    /// Its number.
    pub number: OperationId,
    /// Its `operationId`.
    pub id: &'a str,
    /// The name in Rust of the method that starts it, and of the one that serves it.
    pub rust: String,
    /// The name in Rust of its builder, with which the names of all types made for it begin.
    pub builder: String,
    /// Its method, in lower case.
    pub method: &'a str,
    /// Its path, with variables between braces.
    pub path: &'a str,
    /// Its path in parts.
    pub template: Vec<Segment<'a>>,
    /// Where it is written.
    pub pointer: String,
    /// Its JSON.
    pub value: &'a Value,
    /// Its tags.
    pub tags: Vec<&'a str>,
    /// Its summary.
    pub summary: Option<&'a str>,
    /// Its description.
    pub description: Option<&'a str>,
    /// `true` if it should no longer be used.
    pub deprecated: bool,
    /// Its parameters: first those that all operations of its path share and it does not list itself.
    pub parameters: Vec<Parameter<'a>>,
    /// Its body, unless it has none.
    pub body: Option<RequestBody<'a>>,
    /// Its responses, in the order of the document.
    pub responses: Vec<Response<'a>>,
    /// The responses it was observed to give, which win over the declared ones.
    pub observed: Vec<Response<'a>>,
    /// The alternatives of its own security requirement or the document's; `None` if nothing is said of it.
    pub security: Option<Vec<Vec<Requirement<'a>>>>,
    /// Its own servers or those of its path; none if it is served where all are, the first of the document's servers.
    pub servers: Vec<Server<'a>>,
}

/// A part of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Segment<'a> {
    /// A text that stands in the path as it is.
    Text(&'a str),
    /// A variable, by its name.
    Variable(&'a str),
}

impl<'a> Operation<'a> {
    /// Returns the parameters at `location`, besides those whose description means nothing.
    pub fn parameters_in(&self, location: Location) -> impl Iterator<Item = &Parameter<'a>> {
        self.parameters.iter().filter(move |known| known.location == location && !known.is_ignored())
    }

    /// Returns the names of the variables in its path.
    pub fn variables(&self) -> impl Iterator<Item = &'a str> {
        self.template.iter().filter_map(|segment| match segment {
            Segment::Variable(name) => Some(*name),
            Segment::Text(_) => None,
        })
    }
}

/// Reads the operations below `root`, in the order of the document.
pub(super) fn all<'a>(root: &Place<'a>, schemas: &mut Schemas<'a>) -> Vec<Operation<'a>> {
    let everywhere = security::alternatives(root);
    let elsewhere = server::of(root);
    let names = root.document().names();
    let mut operations = Vec::new();
    let paths = root.written("paths");
    for (path, item) in paths.iter().flat_map(Place::members) {
        let item = item.followed();
        for (method, place) in item.members().filter(|(key, _)| is_method(key)) {
            let Some(id) = place.text("operationId") else { continue };
            let own = [server::of(&place), server::of(&item)].into_iter().find(|servers| !servers.is_empty());
            // One that names the servers of the whole document again has none of its own.
            let own = own.filter(|own| !own[0].serves_like(elsewhere.first()));
            operations.push(Operation {
                number: OperationId(u32::try_from(operations.len()).unwrap_or(u32::MAX)),
                id,
                rust: names.operation(id),
                builder: names.builder(id),
                method,
                path,
                template: template(path),
                tags: place.texts("tags"),
                summary: place.text("summary"),
                description: place.text("description"),
                deprecated: place.flag("deprecated"),
                parameters: parameters(&item, &place, schemas),
                body: place.get("requestBody").map(|body| RequestBody::of(&body, schemas)),
                responses: response::all(&place, "responses", schemas),
                observed: response::all(&place, "x-observed-responses", schemas),
                security: security::alternatives(&place).or_else(|| everywhere.clone()),
                servers: own.unwrap_or_default(),
                value: place.value,
                pointer: place.pointer,
            });
        }
    }
    operations
}

fn parameters<'a>(item: &Place<'a>, operation: &Place<'a>, schemas: &mut Schemas<'a>) -> Vec<Parameter<'a>> {
    let mut listed = |holder: &Place<'a>| -> Vec<Parameter<'a>> {
        let listed = holder.written("parameters");
        let listed = listed.iter().flat_map(Place::items);
        listed.filter_map(|parameter| Parameter::of(parameter, schemas)).collect()
    };
    let mut parameters = listed(item);
    let own = listed(operation);
    let key = |parameter: &Parameter<'a>| (parameter.name, parameter.location);
    parameters.retain(|shared| own.iter().all(|own| key(own) != key(shared)));
    parameters.extend(own);
    let told: Vec<_> =
        parameters.iter().map(|parameter| (parameter.name, parameter.location == Location::Path)).collect();
    for (parameter, setter) in parameters.iter_mut().zip(setter_names(&told)) {
        parameter.setter = setter;
    }
    parameters
}

/// Takes a path apart.
fn template(path: &str) -> Vec<Segment<'_>> {
    let (mut segments, mut rest) = (Vec::new(), path);
    while let Some((text, (name, after))) =
        rest.split_once('{').and_then(|(text, after)| Some((text, after.split_once('}')?)))
    {
        if !text.is_empty() {
            segments.push(Segment::Text(text));
        }
        segments.push(Segment::Variable(name));
        rest = after;
    }
    if !rest.is_empty() {
        segments.push(Segment::Text(rest));
    }
    segments
}

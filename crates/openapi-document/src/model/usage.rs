//! Where the schemas of a document are used.

use std::collections::HashSet;

use super::media::Media;
use super::operation::Operation;
use super::parameter::Parameter;
use super::response::Response;
use super::schema::SchemaId;
use super::schemas::Schemas;

/// The ways that each schema is used in, through any number of references.
#[derive(Clone, Debug, Default)]
pub struct Usage {
    /// A bit for each way, by the ids of the schemas.
    ways: Vec<u8>,
}

/// A way to use a schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Way {
    /// A parameter holds it.
    Parameter = 1,
    /// The body of a request holds it.
    Request = 2,
    /// An answer holds it.
    Answer = 4,
    /// An error holds it: any response but those that say that all is well.
    Error = 8,
}

impl Usage {
    /// Finds how `operations` use `schemas`.
    pub(super) fn of(operations: &[Operation<'_>], schemas: &Schemas<'_>) -> Self {
        let mut usage = Self { ways: vec![0; schemas.len()] };
        for operation in operations {
            for schema in operation.parameters.iter().filter_map(Parameter::schema) {
                usage.mark(schemas, schema, Way::Parameter);
            }
            let bodies = operation.body.iter().flat_map(|body| &body.media);
            for schema in bodies.filter_map(|media| media.schema) {
                usage.mark(schemas, schema, Way::Request);
            }
            for response in operation.responses.iter().chain(&operation.observed) {
                let way = if response.status.is_success() { Way::Answer } else { Way::Error };
                for schema in held(response) {
                    usage.mark(schemas, schema, way);
                }
            }
        }
        usage
    }

    /// Marks `id`, and all that it is made of and leads to.
    fn mark(&mut self, schemas: &Schemas<'_>, id: SchemaId, way: Way) {
        let mut open = vec![id];
        while let Some(id) = open.pop() {
            let Some(ways) = self.ways.get_mut(id.index()) else { continue };
            if *ways & way as u8 == 0 {
                *ways |= way as u8;
                let schema = schemas.get(id);
                open.extend(schema.parts().chain(schema.reference));
            }
        }
    }

    /// Returns whether the schema is used in this way.
    #[must_use]
    pub fn is_in(&self, schema: SchemaId, way: Way) -> bool {
        self.ways.get(schema.index()).is_some_and(|ways| *ways & way as u8 != 0)
    }

    /// Returns whether the body of a request can hold this schema.
    #[must_use]
    pub fn in_requests(&self, schema: SchemaId) -> bool {
        self.is_in(schema, Way::Request)
    }

    /// Returns whether this schema only ever comes from the server.
    #[must_use]
    pub fn only_in_responses(&self, schema: SchemaId) -> bool {
        !self.in_requests(schema) && (self.is_in(schema, Way::Answer) || self.is_in(schema, Way::Error))
    }

    /// Returns whether this schema only ever comes in an error.
    #[must_use]
    pub fn only_in_errors(&self, schema: SchemaId) -> bool {
        self.only_in_responses(schema) && !self.is_in(schema, Way::Answer)
    }
}

impl Operation<'_> {
    /// Returns the schemas of its parameters, bodies, responses and their headers, observed ones included.
    pub fn schemas(&self) -> impl Iterator<Item = SchemaId> {
        let parameters = self.parameters.iter().filter_map(Parameter::schema);
        let bodies = self.body.iter().flat_map(|body| &body.media).filter_map(|media| media.schema);
        parameters.chain(bodies).chain(self.responses.iter().chain(&self.observed).flat_map(held))
    }
}

impl Schemas<'_> {
    /// Returns the schemas that these are made of and lead to, themselves included, through any number of references.
    #[must_use]
    pub fn reached(&self, from: impl IntoIterator<Item = SchemaId>) -> HashSet<SchemaId> {
        let (mut found, mut open) = (HashSet::new(), from.into_iter().collect::<Vec<_>>());
        while let Some(id) = open.pop() {
            if found.insert(id) {
                let schema = self.get(id);
                open.extend(schema.parts().chain(schema.reference));
            }
        }
        found
    }
}

/// Returns the schemas that a response holds.
fn held(response: &Response<'_>) -> impl Iterator<Item = SchemaId> {
    let bodies = response.media.iter().filter_map(|media: &Media<'_>| media.schema);
    bodies.chain(response.headers.iter().filter_map(|header| header.of.schema()))
}

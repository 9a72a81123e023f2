//! The typed model of a document: what its JSON says, in types of Rust.
//!
//! It is built once from a [`Document`] and borrows from it. References are followed while it is built; every part
//! keeps the pointer to where it is written, so that whatever is wrong with it can be said there. Schemas stand in one
//! list and refer to each other by [`SchemaId`], so circles of them are no trouble.

mod answers;
mod composition;
mod media;
mod operation;
mod parameter;
mod place;
mod response;
mod schema;
mod schemas;
mod security;
mod server;
mod status;
mod style;
#[cfg(test)]
mod tests;
mod usage;

use crate::document::Document;
pub use crate::form::Form;
use crate::names::Names;
pub use answers::{AnswerForm, Answers};
pub use composition::{Member, Union};
pub use media::{Encoding, Media, RequestBody, chosen};
pub use operation::{Operation, OperationId, Segment};
pub use parameter::{Location, Parameter, Value as ParameterValue};
pub use place::Place;
pub use response::{Header, Response};
pub use schema::{Additional, Bounds, Discriminator, Kind, Property, Schema, SchemaId};
pub use schemas::Schemas;
pub use security::{Credential, KeyPlace, Requirement, SecurityScheme};
pub use server::{Server, Variable};
pub use status::Status;
pub use style::Style;
pub use usage::{Usage, Way};

/// A document as a model.
#[derive(Debug)]
pub struct Model<'a> {
    /// The document that the model was built from.
    pub document: &'a Document,
    /// The operations, in the order of the document.
    pub operations: Vec<Operation<'a>>,
    /// The schemas that components, operations and whatever they refer to hold.
    pub schemas: Schemas<'a>,
    /// The security schemes, in the order of the document.
    pub security_schemes: Vec<SecurityScheme<'a>>,
    /// The servers, in the order of the document.
    pub servers: Vec<Server<'a>>,
    /// Which schemas requests and answers can hold.
    pub usage: Usage,
}

impl<'a> Model<'a> {
    /// Builds the model of `document`.
    #[must_use]
    pub fn of(document: &'a Document) -> Self {
        let root = Place::root(document);
        let mut schemas = Schemas::of_components(&root);
        let operations = operation::all(&root, &mut schemas);
        schemas.link(&root);
        let usage = Usage::of(&operations, &schemas);
        let security_schemes = security::schemes(&root);
        Self { document, operations, schemas, security_schemes, servers: server::of(&root), usage }
    }

    /// Returns what everything in the document is called in Rust.
    #[must_use]
    pub fn names(&self) -> &'a Names {
        self.document.names()
    }

    /// Returns a schema.
    #[must_use]
    pub fn schema(&self, id: SchemaId) -> &Schema<'a> {
        self.schemas.get(id)
    }

    /// Returns the schema that `id` leads to: itself, unless it is a reference.
    #[must_use]
    pub fn resolved(&self, id: SchemaId) -> &Schema<'a> {
        self.schemas.resolved(id)
    }

    /// Returns the operation with this id.
    #[must_use]
    pub fn operation(&self, id: OperationId) -> Option<&Operation<'a>> {
        self.operations.get(id.index())
    }

    /// Returns the path that all operations are below, without a slash at its end; empty if there is none.
    #[must_use]
    pub fn base_path(&self) -> String {
        self.servers.first().map(Server::path).unwrap_or_default()
    }

    /// Returns the security scheme `name`.
    #[must_use]
    pub fn security_scheme(&self, name: &str) -> Option<&SecurityScheme<'a>> {
        self.security_schemes.iter().find(|scheme| scheme.name == name)
    }

    /// Returns the alternatives that `operation` takes credentials in, each with the schemes that are needed together.
    ///
    /// Where a document requires nothing anywhere, but has schemes, every operation is taken to accept any of them.
    #[must_use]
    pub fn credentials(&self, operation: &Operation<'a>) -> Vec<Vec<Requirement<'a>>> {
        let takes = |name: &str| self.security_scheme(name).is_some_and(|scheme| scheme.credential.is_some());
        match &operation.security {
            Some(alternatives) => {
                let known = alternatives
                    .iter()
                    .map(|together| together.iter().filter(|need| takes(need.scheme)).cloned().collect());
                known.collect()
            }
            None if self.operations.iter().all(|operation| operation.security.is_none()) => {
                let schemes = self.security_schemes.iter().filter(|scheme| scheme.credential.is_some());
                schemes.map(|scheme| vec![Requirement { scheme: scheme.name, scopes: Vec::new() }]).collect()
            }
            None => Vec::new(),
        }
    }
}

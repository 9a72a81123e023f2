//! The operations of a document as the emitters need them, with their tables and their names in Rust.

use proc_macro2::Ident;

use crate::lower::Enumerations;
use crate::rust::not_rust;
use openapi_document::document::Document;
use openapi_document::error::Result;
use openapi_document::model::{self as document, Place};
use openapi_server_runtime::operation as tables;
use openapi_server_runtime::tables::Tables;
pub(super) use openapi_tables::operation::{Body, Location, Operation, Parameter, Response};
use std::collections::HashMap;

use super::names;

/// The name of the argument of a method that upgrades its connection.
pub(super) const UPGRADE: &str = "upgrade";

/// Everything the emitters need to know of a document.
pub(super) struct Model<'a> {
    pub(super) document: &'a Document,
    /// The document as it was read.
    pub(super) read: &'a document::Model<'a>,
    pub(super) root: Place<'a>,
    /// The path to the crate of the wire types.
    pub(super) types: syn::Path,
    pub(super) operations: Vec<Operation<'a>>,
    /// The tables of the document.
    pub(super) tables: &'static Tables,
    pub(super) enumerations: Enumerations<'a>,
    operation_tables: HashMap<&'static str, &'static tables::Operation>,
}

impl<'a> Model<'a> {
    pub(super) fn new(read: &'a document::Model<'a>, types: &str) -> Result<Self> {
        let document = read.document;
        let types = syn::parse_str(types).map_err(|fault| not_rust(document, "", &fault))?;
        let operations = openapi_tables::operation::all(read)?;
        let tables = openapi_tables::of_operations(read, &operations)?;
        let enumerations = Enumerations::of(read);
        let operation_tables = tables.operations.iter().map(|table| (table.id, table)).collect();
        let root = Place::root(document);
        Ok(Self { document, read, root, types, operations, tables, enumerations, operation_tables })
    }
}

impl Model<'_> {
    /// Returns the table of an operation.
    pub(super) fn table(&self, operation: &Operation<'_>) -> Option<&'static tables::Operation> {
        self.operation_tables.get(operation.id).copied()
    }

    /// Returns the table of a parameter.
    pub(super) fn parameter_table(
        &self,
        operation: &Operation<'_>,
        parameter: &Parameter<'_>,
    ) -> Option<&'static tables::Parameter> {
        let location = match parameter.location {
            Location::Path => tables::Location::Path,
            Location::Query => tables::Location::Query,
            Location::Header => tables::Location::Header,
            Location::Cookie => tables::Location::Cookie,
        };
        self.table(operation)?.parameters_in(location).find(|table| table.name == parameter.name)
    }
}

/// Returns the name of a parameter among the arguments of a method, which other arguments do not have, or among the
/// fields of a struct.
pub(super) fn ident(operation: &Operation<'_>, parameter: &Parameter<'_>) -> Ident {
    const ARGUMENTS: [&str; 4] = ["cx", "query", "headers", "cookies"];
    let ident = names::ident(parameter.setter);
    let upgrade = operation.protocols().map(|_| UPGRADE);
    let is_taken = ARGUMENTS.into_iter().chain(upgrade).any(|argument| ident == argument);
    if is_taken && parameter.location == Location::Path { names::longer(&ident) } else { ident }
}

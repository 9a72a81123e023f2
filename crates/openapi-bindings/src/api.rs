//! The server side as files: the service traits and what stands between it and a request.
//!
//! The files are written against the crate `openapi-server-runtime`. The crate that holds them declares the module
//! `generated`, re-exports everything in it and has a feature `dropshot`.

mod bodies;
mod dispatch;
mod errors;
mod model;
mod names;
mod operations;
mod print;
mod queries;
mod registration;
pub mod round_trip;
mod schemas;
mod service;

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use crate::generated_file::GeneratedFile;
use crate::groups::{Groups, module};
use crate::rust::RustFile;
use model::{Model, Operation};
use openapi_document::error::Result;

/// Where the files go, and what they use.
#[derive(Clone, Debug)]
pub struct Config {
    /// The directory of the crate's sources, such as `crates/pets-api/src`.
    pub directory: String,
    /// The crate that holds the wire types, such as `pets_types`.
    pub types: String,
}

/// Something to emit for the whole document.
type Whole = fn(&mut RustFile, &Model<'_>) -> Result<()>;

/// Something to emit for one operation.
type Item = fn(&mut RustFile, &Model<'_>, &Operation<'_>) -> Result<()>;

/// One module: what it is for, and what fills it.
struct Part {
    name: &'static str,
    docs: &'static str,
    imports: fn(&Model<'_>) -> TokenStream,
    /// Adds what stands before the items of operations.
    head: Option<Whole>,
    /// Adds the items of one operation.
    item: Option<Item>,
    /// Adds what stands after the items of operations.
    tail: Option<Whole>,
}

const PARTS: [Part; 7] = [
    Part {
        name: "schemas",
        docs: "The components of the document as tables of rules.",
        imports: schemas::IMPORTS,
        head: Some(schemas::head),
        item: None,
        tail: None,
    },
    Part {
        name: "operations",
        docs: "The operations of the document as a table.",
        imports: operations::IMPORTS,
        head: Some(operations::head),
        item: Some(operations::item),
        tail: Some(operations::tail),
    },
    Part {
        name: "queries",
        docs: "The query parameters of each operation as a type.",
        imports: queries::IMPORTS,
        head: None,
        item: Some(queries::item),
        tail: None,
    },
    Part {
        name: "errors",
        docs: "The errors of each operation.",
        imports: errors::IMPORTS,
        head: None,
        item: Some(errors::item),
        tail: None,
    },
    Part {
        name: "service",
        docs: "The service traits: a method for each operation.",
        imports: service::IMPORTS,
        head: Some(service::head),
        item: None,
        tail: None,
    },
    Part {
        name: DISPATCH,
        docs: "From an operation of the table to a method of a service trait.",
        imports: dispatch::IMPORTS,
        head: Some(dispatch::head),
        item: None,
        tail: None,
    },
    Part {
        name: REGISTRATION,
        docs: "An endpoint for each operation, and its types as they are documented.",
        imports: registration::IMPORTS,
        head: None,
        item: Some(registration::item),
        tail: Some(registration::tail),
    },
];

/// The part that needs dropshot.
const REGISTRATION: &str = "registration";

/// The part that is no list of items and is still taken apart.
const DISPATCH: &str = "dispatch";

/// Generates the files of the server side.
///
/// # Errors
/// If the document holds what cannot be generated.
pub fn generate(read: &openapi_document::model::Model<'_>, config: &Config) -> Result<Vec<GeneratedFile>> {
    let model = Model::new(read, &config.types)?;
    let groups = groups(&model);
    let mut root = RustFile::new(
        "The document's operations: their descriptions, their types and the traits that serve them.",
    );
    let modules = PARTS.iter().filter(|part| part.name != REGISTRATION).map(|part| names::ident(part.name));
    declare(&mut root, &model, &quote!(pub), modules)?;
    root.push_tokens(model.document, None, contents())?;
    let finish = |file: RustFile, path: &str| file.finish(format!("{}/{path}.rs", config.directory));
    let mut files = vec![finish(root, "generated")];
    for part in &PARTS {
        let splits = part.item.is_some() || part.name == DISPATCH;
        if groups.len() < 2 || !splits {
            files.push(finish(part.whole(&model)?, &format!("generated/{}", part.name)));
            continue;
        }
        files.push(finish(part.split(&model, &groups)?, &format!("generated/{}", part.name)));
        for (module, operations) in &groups {
            let file = part.of_group(&model, operations)?;
            files.push(finish(file, &format!("generated/{}/{module}", part.name)));
        }
    }
    Ok(files)
}

/// Returns the operations by their group, if there are too many for one file.
fn groups<'m, 'a>(model: &'m Model<'a>) -> Vec<(Ident, Vec<&'m Operation<'a>>)> {
    let (of, mut groups) = (Groups::of(model.read), Vec::<(Ident, Vec<&Operation<'_>>)>::new());
    for operation in &model.operations {
        let group = of.group(&operation.place.pointer);
        let Some(module) = group.map(|group| names::ident(&module(group))) else { continue };
        match groups.iter_mut().find(|(known, _)| *known == module) {
            Some((_, operations)) => operations.push(operation),
            None => groups.push((module, vec![operation])),
        }
    }
    groups
}

/// Declares modules.
fn declare(
    file: &mut RustFile,
    model: &Model<'_>,
    visibility: &TokenStream,
    modules: impl Iterator<Item = Ident>,
) -> Result<()> {
    for module in modules {
        file.push_tokens(
            model.document,
            None,
            quote! {
                #[rustfmt::skip]
                #visibility mod #module;
            },
        )?;
    }
    Ok(())
}

/// Returns the rest of the root: what needs dropshot, what of the modules is offered at the root, and the runtime's types for
/// this document.
fn contents() -> TokenStream {
    quote! {
        #[cfg(feature = "dropshot")]
        #[rustfmt::skip]
        pub mod registration;

        pub use openapi_server_runtime as runtime;

        #[allow(unused_imports)]
        pub use self::errors::*;
        pub use self::operations::{BASE_PATH, DOCUMENT, Document, OPERATIONS, SECURITY_SCHEMES, TABLES};
        #[allow(unused_imports)]
        pub use self::queries::*;
        pub use self::service::*;

        /// An implementation of the operations, which can be served.
        pub type Service<A, D = openapi_server_runtime::plain::Plain> =
            openapi_server_runtime::service::Service<Document, A, D>;

        /// A service that listens for requests.
        #[cfg(any(feature = "dropshot", feature = "listener"))]
        pub type Server<A, D = openapi_server_runtime::plain::Plain> =
            openapi_server_runtime::server::Server<Document, A, D>;

        /// Returns the OpenAPI document of the operations, as dropshot emits it.
        ///
        /// # Errors
        /// If dropshot refuses to describe an operation.
        #[cfg(feature = "dropshot")]
        pub fn document()
        -> Result<openapi_server_runtime::serde_json::Value, openapi_server_runtime::document::DocumentError> {
            openapi_server_runtime::document::document::<Document>()
        }

        const _: () = openapi_server_runtime::generated_for(7);
    }
}

impl Part {
    fn file(&self, model: &Model<'_>) -> Result<RustFile> {
        let mut file = RustFile::new(self.docs)
            .allow("unused_imports, unused_variables")
            .allow("clippy::all, clippy::pedantic");
        file.push_tokens(model.document, None, (self.imports)(model))?;
        Ok(file)
    }

    /// Returns everything in one file.
    fn whole(&self, model: &Model<'_>) -> Result<RustFile> {
        let mut file = self.file(model)?;
        if let Some(head) = self.head {
            head(&mut file, model)?;
        }
        for (item, operation) in
            self.item.iter().flat_map(|item| model.operations.iter().map(move |operation| (item, operation)))
        {
            item(&mut file, model, operation)?;
        }
        if let Some(tail) = self.tail {
            tail(&mut file, model)?;
        }
        Ok(file)
    }

    /// Returns the file that holds the modules of groups together.
    fn split(&self, model: &Model<'_>, groups: &[(Ident, Vec<&Operation<'_>>)]) -> Result<RustFile> {
        let mut file = self.file(model)?;
        let modules = groups.iter().map(|(module, _)| module);
        declare(&mut file, model, &TokenStream::new(), modules.clone().cloned())?;
        if self.name == DISPATCH {
            dispatch::groups(&mut file, model, groups)?;
            return Ok(file);
        }
        file.push_tokens(model.document, None, quote!(#(pub use self::#modules::*;)*))?;
        for whole in [self.head, self.tail].into_iter().flatten() {
            whole(&mut file, model)?;
        }
        Ok(file)
    }

    /// Returns the module of one group.
    fn of_group(&self, model: &Model<'_>, operations: &[&Operation<'_>]) -> Result<RustFile> {
        let mut file = self.file(model)?;
        match self.item {
            Some(item) => operations.iter().try_for_each(|operation| item(&mut file, model, operation))?,
            None => dispatch::group(&mut file, model, operations)?,
        }
        Ok(file)
    }
}

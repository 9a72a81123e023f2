//! The wire types as files: types, their builders, and the schemas of the document for those who ask for them.
//!
//! They are written against `openapi-wire`, which the crate that holds them depends on and whose `IntoField` it has at
//! its root.

mod config;
mod crates;
mod schemas;

use std::collections::{BTreeMap, HashSet};

use syn::Item;

use crate::bindings::{self, Bindings};
use crate::generated_file::GeneratedFile;
use crate::groups::Groups;
use crate::lower::Made;
use crate::rust::RustFile;
use crate::syntax::subject::{defined_type, subject};
pub use config::Config;
use openapi_document::error::Result;
use openapi_document::model::Model;

/// Generates the files of the wire types.
///
/// # Errors
/// If the document holds what cannot be generated.
pub fn generate(model: &Model<'_>, config: &Config) -> Result<Vec<GeneratedFile>> {
    files(model, &mut bindings::generate(model)?, config)
}

/// Writes the files of the wire types from the `bindings` of a document, which are no longer there afterwards.
///
/// # Errors
/// If there is a component that has no type.
pub fn files(model: &Model<'_>, bindings: &mut Bindings, config: &Config) -> Result<Vec<GeneratedFile>> {
    let document = model.document;
    let made = std::mem::take(&mut bindings.made);
    let (builders, types) = take_module(std::mem::take(&mut bindings.types), "builder");

    let mut root = RustFile::new("The components of the document as Rust types.")
        .allow("clippy::all, clippy::pedantic, clippy::unwrap_used");
    root.push_tokens(document, None, crates::modules())?;
    let defined: HashSet<String> = types.iter().filter_map(defined_type).collect();
    push_by_type(&mut root, &made, types);

    let mut builder = RustFile::new("A builder for each type: set what is known, then convert.")
        .allow("clippy::all, clippy::pedantic");
    push_by_type(&mut builder, &made, builders);

    let mut json_schema = RustFile::new("The schema of each component, as the document has it.");
    schemas::push(&mut json_schema, document, &defined)?;

    let files = [
        ("generated.rs", root),
        ("generated/builder.rs", builder),
        ("generated/json_schema.rs", json_schema),
    ];
    let groups = Groups::of(model);
    if let (Some(base), false) = (&config.base, groups.is_empty()) {
        return crates::files(files, &groups, base, document, config);
    }
    let files = files.into_iter();
    Ok(files.map(|(name, file)| file.finish(format!("{}/{name}", config.directory))).collect())
}

/// Returns the items of the module `name`, and the items besides it.
fn take_module(items: Vec<Item>, name: &str) -> (Vec<Item>, Vec<Item>) {
    let mut inside = Vec::new();
    let outside = items.into_iter().filter_map(|item| match item {
        Item::Mod(module) if module.ident == name => {
            inside.extend(module.content.into_iter().flat_map(|(_, items)| items));
            None
        }
        item => Some(item),
    });
    let outside = outside.collect();
    (inside, outside)
}

/// Adds `items`, those of one type after another, each type under the place it came from.
fn push_by_type(file: &mut RustFile, made: &BTreeMap<String, Made>, items: Vec<Item>) {
    let mut section: (Option<String>, Vec<Item>) = (None, Vec::new());
    for item in items {
        let origin = subject(&item).and_then(|name| made.get(&name)).map(|made| made.pointer.clone());
        if origin != section.0 {
            file.push(section.0.as_deref(), std::mem::take(&mut section.1));
            section.0 = origin;
        }
        section.1.push(item);
    }
    file.push(section.0.as_deref(), section.1);
}

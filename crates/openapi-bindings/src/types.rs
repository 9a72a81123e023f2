//! The wire types as files: types, their builders, and the schemas of the document for those who ask for them.
//!
//! They are written against `openapi-wire`, which the crate that holds them depends on and whose `IntoField` it has at
//! its root.

mod crates;
mod schemas;

use std::collections::{BTreeMap, HashSet};

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Item, Type};

use crate::bindings::{self, Bindings};
use crate::generated_file::GeneratedFile;
use crate::groups::Groups;
use crate::lower::Made;
use crate::rust::RustFile;
use crate::syntax::tree::type_name;
use openapi_document::document::Document;
use openapi_document::error::Result;

/// Where the files go, and how they are made anew.
#[derive(Clone, Debug)]
pub struct Config {
    /// The directory of the crate's sources, such as `crates/pets-types/src`.
    pub directory: String,
    /// The command that makes the files anew.
    pub command: String,
    /// The crate of what several tags share, such as `pets_types_base`, if a large document is to become several crates.
    ///
    /// Their directories then stand beside the one that [`directory`](Self::directory) is in: that of the base is called
    /// `types-base` beside `types`, and that of what only operations tagged `toys` need, `types-toys`. Each crate uses
    /// everything of the base at its root.
    pub base: Option<String>,
}

/// The files of the wire types of `document`.
///
/// # Errors
/// If the document holds what cannot be generated.
pub fn generate(document: &Document, config: &Config) -> Result<Vec<GeneratedFile>> {
    files(document, &mut bindings::generate(document)?, config)
}

/// The files of the wire types among the `bindings` of `document`, which are no longer there afterwards.
///
/// # Errors
/// If there is a component that has no type.
pub fn files(document: &Document, bindings: &mut Bindings, config: &Config) -> Result<Vec<GeneratedFile>> {
    let made = std::mem::take(&mut bindings.made);
    let (builders, types) = take_module(std::mem::take(&mut bindings.types), "builder");

    let mut root = RustFile::new("The components of the document as Rust types.")
        .allow("clippy::all, clippy::pedantic, clippy::unwrap_used");
    root.push_tokens(document, None, modules())?;
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
    let groups = Groups::of(document);
    if let (Some(base), false) = (&config.base, groups.is_empty()) {
        return crates::files(files, &groups, base, document, config);
    }
    let files = files.into_iter();
    Ok(files
        .map(|(name, file)| file.finish(format!("{}/{name}", config.directory), document, &config.command))
        .collect())
}

/// The modules of the crate below its generated root.
fn modules() -> TokenStream {
    quote! {
        const _: () = ::openapi_wire::generated_for(1);
        #[rustfmt::skip]
        pub mod builder;
        #[cfg(feature = "schemars")]
        #[rustfmt::skip]
        mod json_schema;
    }
}

/// The items of the module `name`, and the items besides it.
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

/// The name of the type that an item defines or implements something for.
pub(crate) fn subject(item: &Item) -> Option<String> {
    match item {
        Item::Impl(item) => {
            // `impl From<Slug> for ::std::string::String` is about the slug, and so it is with `u16`.
            let is_own = matches!(&*item.self_ty, Type::Path(path) if path.path.leading_colon.is_none());
            let about = type_name(&item.self_ty)
                .filter(|name| is_own && name.starts_with(|first: char| first.is_ascii_uppercase()));
            about.or_else(|| {
                let (path, ..) = item.trait_.as_ref()?;
                let segment = path.segments.last()?;
                let syn::PathArguments::AngleBracketed(arguments) = &segment.arguments else { return None };
                match arguments.args.first()? {
                    syn::GenericArgument::Type(ty) => type_name(ty),
                    _ => None,
                }
            })
        }
        item => defined_type(item),
    }
}

fn defined_type(item: &Item) -> Option<String> {
    match item {
        Item::Struct(item) => Some(item.ident.to_string()),
        Item::Enum(item) => Some(item.ident.to_string()),
        Item::Type(item) => Some(item.ident.to_string()),
        _ => None,
    }
}

//! Generates a client as a module of the crate that is being built, for build scripts.
//!
//! ```no_run
//! // build.rs
//! fn main() -> Result<(), openapi_workbench::build::Error> {
//!     openapi_workbench::build::client("petstore.yaml", "petstore")
//! }
//! ```
//!
//! ```ignore
//! // src/lib.rs
//! mod petstore {
//!     include!(concat!(env!("OUT_DIR"), "/petstore/mod.rs"));
//! }
//! use petstore::client::Client;
//! ```
//!
//! The crate depends on `openapi-wire` and `openapi-client-runtime`, and on `chrono` (feature `serde`), `serde` (feature
//! `derive`), `serde_json` (feature `preserve_order`) and `uuid` (feature `serde`).

use std::fmt;
use std::path::{Path, PathBuf};

use openapi_bindings::GeneratedFile;
use openapi_document::Document;
use openapi_document::model::Model;

use crate::disk;
use crate::generator::{self, Config, Part};
use crate::source;

/// The reason why nothing was generated. Its `Debug` is its message, since cargo prints that of a build script's error.
pub struct Error(String);

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for Error {}

/// Generates the types and the client of a document into the output directory of the running build script, as the module
/// `module` of the crate: `petstore` is included from `petstore/mod.rs`, `apis::petstore` from `apis/petstore/mod.rs`.
///
/// # Errors
/// Fails if the document cannot be read or generated from, if the module has no path, or if this is no build script.
pub fn client(document: impl AsRef<Path>, module: &str) -> Result<(), Error> {
    let path = document.as_ref();
    println!("cargo::rerun-if-changed={}", path.display());
    let out = std::env::var_os("OUT_DIR")
        .map(PathBuf::from)
        .ok_or_else(|| Error("OUT_DIR is not set\n  help: call this in a build script".to_owned()))?;
    let text = source::file(path, "give the path of an OpenAPI document").map_err(Error)?;
    let document =
        Document::parse(&path.display().to_string(), &text).map_err(|error| Error(error.render(false)))?;
    for file in files(&document, module)? {
        disk::write(&out.join(&file.path), &file.text).map_err(|error| Error(error.to_string()))?;
    }
    Ok(())
}

/// Generates the files of the module `module`, with their paths below the output directory.
///
/// # Errors
/// Fails if the document cannot be generated from, or if the module has no path.
pub fn files(document: &Document, module: &str) -> Result<Vec<GeneratedFile>, Error> {
    let is_name = |name: &str| {
        name.chars().all(|letter| letter == '_' || letter.is_ascii_alphanumeric())
            && !name.starts_with(|first: char| first.is_ascii_digit())
            && !name.is_empty()
    };
    if !module.split("::").all(is_name) {
        return Err(Error(format!(
            "no module can be called `{module}`\n  help: give its path below the crate, such as `petstore`"
        )));
    }
    let model = Model::of(document);
    let config = Config {
        parts: vec![Part::Types, Part::Client],
        prefix: String::new(),
        types: format!("crate::{module}::types"),
        // A module cannot be compiled beside others, so taking it apart would gain nothing.
        base: None,
        ..Config::for_document(&model, &crate::Name::default())
    };
    let directory = module.replace("::", "/");
    let generated =
        generator::generate(&model, &config, &|_| {}).map_err(|error| Error(error.render(false)))?;
    let mut files = vec![
        file(&directory, "mod.rs", MODULES),
        file(&directory, "types/mod.rs", TYPES),
        file(&directory, "client/mod.rs", CLIENT),
    ];
    files.extend(generated.into_iter().map(|file| {
        // `crates/types/src/generated.rs` becomes `types/generated.rs`.
        let path = file.path.trim_start_matches("crates/").replacen("/src/", "/", 1);
        GeneratedFile { path: format!("{directory}/{path}"), text: file.text }
    }));
    Ok(files)
}

/// A crate would have its own features for what is left out here.
const MODULES: &str = "\
/// A Rust type for every component of the document.
#[allow(dead_code, unexpected_cfgs, unused_imports)]
pub mod types;
/// A client with a builder for every operation.
#[allow(dead_code, unexpected_cfgs, unused_imports)]
pub mod client;
";

const TYPES: &str = "\
#[rustfmt::skip]
mod generated;

pub use generated::*;
pub use openapi_wire::{IntoField, Items, Patch, date_time, form};
";

const CLIENT: &str = "\
#[rustfmt::skip]
mod generated;

pub use generated::*;
";

fn file(directory: &str, path: &str, text: &str) -> GeneratedFile {
    GeneratedFile { path: format!("{directory}/{path}"), text: text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document() -> Document {
        Document::parse("pets.yaml", include_str!("../tests/documents/pets.yaml")).unwrap()
    }

    #[test]
    fn types_and_client_become_modules_below_the_one_that_is_named() {
        let files = files(&document(), "apis::pets").unwrap();
        let text = |path: &str| files.iter().find(|file| file.path == path).map(|file| file.text.as_str());
        for path in ["mod.rs", "types/mod.rs", "types/generated/builder.rs", "client/generated/builder.rs"] {
            assert!(text(&format!("apis/pets/{path}")).is_some(), "{path}");
        }
        assert!(
            text("apis/pets/client/generated.rs").unwrap().contains("use crate::apis::pets::types as types;")
        );
    }

    #[test]
    fn a_module_without_a_name_is_refused() {
        for module in ["", "a::", "../a", "1a", "a-b"] {
            assert!(files(&document(), module).unwrap_err().to_string().contains("help: "), "{module}");
        }
    }
}

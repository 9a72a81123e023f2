//! Digests the sources that the generator is built from, so that one under development is told from what it was before.
//!
//! In a checkout these are the crates that generate or that are put beside what is generated, and the versions of all
//! dependencies. A published crate finds none of them, and its version is enough.

use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

use sha2::{Digest as _, Sha256};

/// The sources that decide what is generated, relative to the directory of the crates.
const SOURCES: [&str; 16] = [
    "../Cargo.lock",
    "openapi-document/src",
    "openapi-bindings/src",
    "openapi-workbench/src",
    "openapi-workbench/templates",
    "openapi-tables/Cargo.toml",
    "openapi-tables/src",
    "openapi-wire/Cargo.toml",
    "openapi-wire/README.md",
    "openapi-wire/src",
    "openapi-client-runtime/Cargo.toml",
    "openapi-client-runtime/README.md",
    "openapi-client-runtime/src",
    "openapi-server-runtime/Cargo.toml",
    "openapi-server-runtime/README.md",
    "openapi-server-runtime/src",
];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    let own = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?);
    let crates = own.parent().unwrap_or(&own);
    let is_checkout = crates.join("openapi-bindings/Cargo.toml").is_file();
    let mut hash = Sha256::new();
    for source in SOURCES.iter().filter(|_| is_checkout) {
        let path = crates.join(source);
        println!("cargo::rerun-if-changed={}", path.display());
        add(&mut hash, &path)?;
    }
    let mut digest = String::new();
    for byte in hash.finalize() {
        write!(digest, "{byte:02x}")?;
    }
    println!("cargo::rustc-env=OPENAPI_WORKBENCH_SOURCES={digest}");
    Ok(())
}

/// Adds the names and texts of all files at `path`, in their order.
fn add(hash: &mut Sha256, path: &Path) -> io::Result<()> {
    if path.is_dir() {
        let entries = fs::read_dir(path)?.map(|entry| entry.map(|entry| entry.path()));
        let mut paths = entries.collect::<io::Result<Vec<_>>>()?;
        paths.sort();
        return paths.iter().try_for_each(|path| add(hash, path));
    }
    let (name, text) = (path.file_name().unwrap_or_default(), fs::read(path)?);
    for part in [name.as_encoded_bytes(), &text] {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    Ok(())
}

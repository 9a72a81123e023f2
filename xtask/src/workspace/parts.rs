//! The crates of a workspace: types, client and api, and for a large document the crates that the types are made of.

use std::collections::BTreeSet;

use openapi_bindings::GeneratedFile;

use super::Workspace;

/// A crate of the workspace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Part {
    /// Its name after that of the workspace, such as `types-base`.
    pub(super) name: String,
    /// The crate of this workspace that it is like.
    pub(super) of: &'static str,
    /// What it is there for.
    pub(super) role: Role,
}

/// What a crate is there for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// It is what a crate of this workspace is.
    Whole,
    /// It has the types that several tags share, and the runtime of all types.
    Base,
    /// It has the types that one tag uses.
    Tag,
    /// It has the types of the base and the tags under one name.
    Roof,
}

/// The crates for the generated `files`.
pub(super) fn of(files: &[GeneratedFile]) -> Vec<Part> {
    let directories: BTreeSet<&str> =
        files.iter().filter_map(|file| file.path.strip_prefix("crates/")?.split('/').next()).collect();
    let role = |name: &str| match name {
        "types-base" => Role::Base,
        _ if name.starts_with("types-") => Role::Tag,
        _ => Role::Whole,
    };
    let of = |name: &str| ["client", "api"].into_iter().find(|of| *of == name).unwrap_or("types");
    let part = |name: &str| Part { name: name.to_owned(), of: of(name), role: role(name) };
    let mut parts: Vec<Part> = directories.into_iter().map(part).collect();
    if parts.iter().any(|part| part.role == Role::Base) {
        parts.push(Part { name: "types".to_owned(), of: "types", role: Role::Roof });
    }
    parts
}

impl Part {
    /// What Rust calls it.
    fn ident(&self, workspace: &Workspace<'_>) -> String {
        workspace.name.ident(&self.name.replace('-', "_"))
    }

    /// The parts that this one is made with.
    pub(super) fn needs<'a>(&self, parts: &'a [Part]) -> Vec<&'a Part> {
        let needed = |part: &&Part| match self.role {
            Role::Whole | Role::Base => false,
            Role::Tag => part.role == Role::Base,
            Role::Roof => matches!(part.role, Role::Base | Role::Tag),
        };
        parts.iter().filter(needed).collect()
    }

    /// The root of a crate that has no runtime of its own.
    pub(super) fn root(&self, workspace: &Workspace<'_>, parts: &[Part]) -> Option<String> {
        let needs: Vec<String> = self.needs(parts).iter().map(|part| part.ident(workspace)).collect();
        let head = "#![forbid(unsafe_code)]\n#![doc = include_str!(\"../README.md\")]\n\n";
        let all = |of: &str| needs.iter().map(|name| format!("pub use {name}{of}::*;\n")).collect::<Vec<_>>();
        match self.role {
            Role::Whole | Role::Base => None,
            Role::Tag => Some(format!(
                "{head}#[rustfmt::skip]\nmod generated;\n\npub use generated::builder;\npub use generated::*;\n#[allow(unused_imports)]\nuse {}::*;\n",
                needs.concat()
            )),
            Role::Roof => Some(format!(
                "{head}{}\n/// A builder for each type.\n#[allow(unused_imports)]\npub mod builder {{\n    {}}}\n",
                all("").concat(),
                all("::builder").join("    ")
            )),
        }
    }
}

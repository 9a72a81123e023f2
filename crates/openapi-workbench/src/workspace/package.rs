//! The generated crates of a workspace: types, client and api, and for a large document those that the types consist of.

use std::collections::BTreeSet;

use openapi_bindings::GeneratedFile;

use super::description::Workspace;
use crate::name::Name;

/// A generated crate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Package {
    /// Its name, such as `pets-types`.
    pub(super) name: String,
    pub(super) role: Role,
}

/// The purpose of a crate, in the order of a table of contents.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Role {
    /// The types of the base and of all tags under one name.
    Facade,
    /// All types.
    Types,
    /// The types that several tags share.
    Base,
    /// The types that one tag uses.
    Tag,
    /// The client.
    Client,
    /// The server side.
    Api,
    /// The program in which the client calls the server.
    RoundTrip,
}

/// Returns the crates that the generated `files` belong to.
pub(super) fn packages(name: &Name, files: &[GeneratedFile]) -> Vec<Package> {
    let own = |suffix: &str| format!("{name}-{suffix}");
    let directories: BTreeSet<&str> =
        files.iter().filter_map(|file| file.path.strip_prefix("crates/")?.split('/').next()).collect();
    let is_split = directories.contains(own("types-base").as_str());
    let role = |package: &str| match package.strip_prefix(own("").as_str()) {
        Some("client") => Role::Client,
        Some("api") => Role::Api,
        Some("round-trip") => Role::RoundTrip,
        Some("types-base") => Role::Base,
        Some(tag) if tag.starts_with("types-") => Role::Tag,
        _ => Role::Types,
    };
    let mut packages: Vec<Package> = directories
        .into_iter()
        .map(|package| Package { name: package.to_owned(), role: role(package) })
        .collect();
    if is_split {
        packages.push(Package { name: own("types"), role: Role::Facade });
    }
    packages.sort_by_key(|package| package.role);
    packages
}

impl Package {
    /// Returns what Rust calls it.
    pub(super) fn ident(&self) -> String {
        self.name.replace('-', "_")
    }

    /// Tells whether it holds types, all or some.
    pub(super) fn has_types(&self) -> bool {
        matches!(self.role, Role::Types | Role::Base | Role::Tag)
    }

    /// Returns the other generated crates that it depends on.
    pub(super) fn dependencies<'a>(&self, packages: &'a [Package]) -> Vec<&'a Package> {
        let needed = |other: &&Package| match self.role {
            Role::Types | Role::Base => false,
            Role::Tag => other.role == Role::Base,
            Role::Facade => matches!(other.role, Role::Base | Role::Tag),
            Role::Client | Role::Api => matches!(other.role, Role::Types | Role::Facade),
            Role::RoundTrip => matches!(other.role, Role::Types | Role::Facade | Role::Client | Role::Api),
        };
        packages.iter().filter(needed).collect()
    }

    /// Returns the path of the root of the crate.
    pub(super) fn root_file(&self) -> &'static str {
        if self.role == Role::RoundTrip { "src/main.rs" } else { "src/lib.rs" }
    }

    /// Returns the root of the crate, which is a table of contents or a program.
    pub(super) fn root(&self, workspace: &Workspace, packages: &[Package]) -> String {
        let head = "#![forbid(unsafe_code)]\n#![doc = include_str!(\"../README.md\")]\n\n";
        let generated = "#[rustfmt::skip]\nmod generated;\n\npub use generated::*;\n";
        let needs: Vec<String> = self.dependencies(packages).into_iter().map(Package::ident).collect();
        let contents = match self.role {
            Role::Types | Role::Base => {
                format!("{generated}pub use openapi_wire::{{IntoField, Items, Patch, date_time, form}};\n")
            }
            // The base has a `builder` too, which a glob alone would not win against.
            Role::Tag => format!(
                "{generated}pub use generated::builder;\n#[allow(unused_imports)]\nuse {}::*;\n",
                needs.concat()
            ),
            Role::Facade => {
                let all = |module: &str, indent: &str| -> String {
                    let lines = needs.iter().map(|name| format!("{indent}pub use {name}{module}::*;\n"));
                    lines.collect::<Vec<_>>().concat()
                };
                format!(
                    "{}\n/// A builder for each type.\n#[allow(unused_imports)]\npub mod builder {{\n{}}}\n",
                    all("", ""),
                    all("::builder", "    ")
                )
            }
            Role::Client | Role::Api => generated.to_owned(),
            Role::RoundTrip => {
                return format!("#![forbid(unsafe_code)]\n{}", super::round_trip::root(workspace));
            }
        };
        format!("{head}{contents}")
    }
}

//! The manifests of a workspace: those of this workspace and its crates, as far as the crates need them.

use std::collections::BTreeSet;

use openapi_bindings::passes;
use toml_edit::{DocumentMut, Item, Table, value};

use super::parts::{Part, Role};
use super::{Workspace, read};
use crate::artefacts::PREFIX;

/// What the manifest of every crate has in common.
const COMMON: [&str; 3] = ["version", "edition", "rust-version"];

/// The crates of this workspace that others are made after.
const OWN: [&str; 3] = ["types", "client", "api"];

/// The crate that is supplied with tests and examples.
const TESTED: &str = "api";

/// What progenitor uses of others in a client that upgrades connections, and this workspace does not.
const OF_CHANNELS: [(&str, &str); 2] = [("base64", "0.22"), ("rand", "0.9")];

/// What says that an operation upgrades its connection.
const CHANNEL: &str = "x-dropshot-websocket";

/// The manifest of the crate `part`.
pub(super) fn member(workspace: &Workspace<'_>, part: &Part, parts: &[Part]) -> Result<String, String> {
    let mut manifest = parse(workspace, &format!("crates/{PREFIX}{}/Cargo.toml", part.of))?;
    let mut package = Table::new();
    let crate_name = format!("{}-{}", workspace.name, part.name);
    package.insert("name", value(crate_name));
    package.insert("description", value(description(workspace, part)));
    package.insert("readme", value("README.md"));
    for key in COMMON {
        package.insert(key, inherited());
    }
    package.insert("publish", value(false));
    manifest.insert("package", Item::Table(package));
    // The tests of this workspace's crate are about its document; what the supplied ones need is kept.
    manifest.remove("test");
    if part.of != TESTED {
        manifest.remove("dev-dependencies");
    }
    // Which of these a document needs is not known of every document.
    let default = manifest.get_mut("features").and_then(|features| features.get_mut("default"));
    if let (Some(default), true) = (default.and_then(Item::as_array_mut), part.of == "client") {
        default.push("multipart");
    }
    if part.of == "client" {
        for (name, _) in channels(workspace) {
            manifest["dependencies"][name] = inherited();
        }
    }
    for needed in part.needs(parts) {
        let name = format!("{}-{}", workspace.name, needed.name);
        if let Some(schemas) = manifest["features"]["schemars"].as_array_mut() {
            schemas.push(format!("{name}/schemars"));
        }
        manifest["dependencies"][&name] = inherited();
    }
    Ok(workspace.name.rename(&manifest.to_string()))
}

/// The manifest of the workspace.
pub(super) fn root(workspace: &Workspace<'_>, parts: &[Part]) -> Result<String, String> {
    let own = parse(workspace, "Cargo.toml")?;
    let mut used = BTreeSet::new();
    for part in OWN {
        let member = parse(workspace, &format!("crates/{PREFIX}{part}/Cargo.toml"))?;
        let sections =
            if part == TESTED { &["dependencies", "dev-dependencies"][..] } else { &["dependencies"] };
        for section in sections {
            used.extend(
                member
                    .get(section)
                    .and_then(Item::as_table)
                    .into_iter()
                    .flatten()
                    .map(|(name, _)| name.to_owned()),
            );
        }
    }
    let mut manifest = DocumentMut::new();
    manifest.as_table_mut().set_implicit(true);
    let mut table = Table::new();
    table.insert("resolver", value("3"));
    table.insert(
        "members",
        value(parts.iter().map(|part| format!("crates/{}", part.name)).collect::<toml_edit::Array>()),
    );
    let mut package = Table::new();
    for key in COMMON {
        if let Some(item) = own["workspace"]["package"].get(key) {
            package.insert(key, item.clone());
        }
    }
    table.insert("package", Item::Table(package));
    let mut dependencies = own["workspace"]["dependencies"].as_table().cloned().unwrap_or_default();
    dependencies.retain(|name, _| used.contains(name));
    for (name, version) in channels(workspace) {
        dependencies.insert(name, value(version));
    }
    for part in parts.iter().filter(|part| matches!(part.role, Role::Base | Role::Tag)) {
        let mut own = toml_edit::InlineTable::new();
        own.insert("path", format!("crates/{}", part.name).into());
        dependencies.insert(&format!("{}-{}", workspace.name, part.name), value(own));
    }
    table.insert("dependencies", Item::Table(dependencies));
    table.insert("lints", lints());
    manifest.insert("workspace", Item::Table(table));
    Ok(workspace.name.rename(&manifest.to_string()))
}

/// What the client needs besides, by name and version.
fn channels(workspace: &Workspace<'_>) -> impl Iterator<Item = (&'static str, &'static str)> {
    let mut operations = passes::operations(workspace.document.value());
    let any = operations.any(|(_, _, operation)| operation.get(CHANNEL).is_some());
    OF_CHANNELS.into_iter().filter(move |_| any)
}

/// Which parts of the runtime are used is for the document to decide.
fn lints() -> Item {
    let mut rust = Table::new();
    rust.insert("unsafe_code", value("forbid"));
    rust.insert("dead_code", value("allow"));
    let mut lints = Table::new();
    lints.set_implicit(true);
    lints.insert("rust", Item::Table(rust));
    Item::Table(lints)
}

fn inherited() -> Item {
    let mut table = toml_edit::InlineTable::new();
    table.insert("workspace", true.into());
    value(table)
}

fn description(workspace: &Workspace<'_>, part: &Part) -> String {
    let title = workspace.title();
    match part.of {
        "types" => format!("Wire types of {title}."),
        "client" => format!("A client for {title}."),
        _ => {
            format!("The server side of {title}: a service trait, request parsing and dropshot registration.")
        }
    }
}

fn parse(workspace: &Workspace<'_>, path: &str) -> Result<DocumentMut, String> {
    let path = workspace.root.join(path);
    read(&path)?.parse().map_err(|fault| format!("{}: {fault}", path.display()))
}

//! The READMEs and descriptions of a workspace.
//!
//! Text from the document is made inert: no line break, no Markdown, no markup.

use openapi_bindings::safe_text::{one_line, plain};

use super::description::Workspace;
use super::package::{Package, Role};

/// The README of the vendored crates.
pub(super) const VENDORED: &str = include_str!("../../templates/vendor.md");

/// Returns the README of the workspace.
pub(super) fn workspace(workspace: &Workspace, packages: &[Package]) -> String {
    let row = |package: &Package| {
        let Package { name, .. } = package;
        format!("| [`{name}`](crates/{name}/README.md) | {} |\n", contents(package.role))
    };
    let crates: String = packages.iter().map(row).collect();
    let vendored = if workspace.runtime.is_vendored() {
        " `vendor/` has copies of the crates that the generated ones depend on."
    } else {
        ""
    };
    let example = packages.iter().find(|package| package.role == Role::Client).or(packages.first());
    let example = example.map(|package| package.name.as_str()).unwrap_or_default();
    fill(
        include_str!("../../templates/workspace.md"),
        workspace,
        &[("crates", &crates), ("vendored", vendored), ("example", example)],
    )
}

/// Returns the README of a generated crate.
pub(super) fn package(workspace: &Workspace, package: &Package) -> String {
    let template = match package.role {
        Role::Client => include_str!("../../templates/client.md"),
        Role::Api => include_str!("../../templates/api.md"),
        Role::Types | Role::Base | Role::Tag | Role::Facade => include_str!("../../templates/types.md"),
        Role::RoundTrip => include_str!("../../templates/round-trip.md"),
    };
    let summary = plain(&summary(workspace, package));
    let traits = workspace.document.names().service_traits();
    let implementations = traits.iter().map(|name| format!("impl {name} for Empty {{}}\n"));
    let implementations = implementations.collect::<Vec<_>>().concat();
    let values = [
        ("package", package.name.as_str()),
        ("ident", &package.ident()),
        ("summary", &summary),
        ("implementations", &implementations),
    ];
    fill(template, workspace, &values)
}

/// Returns the description of a generated crate, on one line.
pub(super) fn summary(workspace: &Workspace, package: &Package) -> String {
    let title = title(workspace);
    match package.role {
        Role::Client => format!("A client of {title}."),
        Role::Api => format!("The server side of {title}."),
        Role::RoundTrip => format!("A program in which the client of {title} calls its server."),
        Role::Types | Role::Facade => format!("The wire types of {title}."),
        Role::Base => format!("The wire types of {title} that several groups of operations share."),
        Role::Tag => format!("The wire types of {title} that one group of operations uses."),
    }
}

fn contents(role: Role) -> &'static str {
    match role {
        Role::Types => "a Rust type for every component",
        Role::Base => "the types that several groups of operations share",
        Role::Tag => "the types that one group of operations uses",
        Role::Facade => "all types under one name",
        Role::Client => "a builder for every operation",
        Role::Api => "a service trait with a method for every operation, and the server around it",
        Role::RoundTrip => "a program in which the client calls the server",
    }
}

fn title(workspace: &Workspace) -> String {
    info(workspace, "title").unwrap_or_else(|| "an API".to_owned())
}

/// Returns a text of `info` on one line; `None` if nothing is left of it.
fn info(workspace: &Workspace, key: &str) -> Option<String> {
    let text = workspace.document.value().get("info")?.get(key)?.as_str()?;
    Some(one_line(text)).filter(|text| !text.is_empty())
}

fn fill(template: &str, workspace: &Workspace, values: &[(&str, &str)]) -> String {
    let (title, version) = (plain(&title(workspace)), info(workspace, "version"));
    let version = version.map(|version| format!(" {}", plain(&version))).unwrap_or_default();
    let types = workspace.name.ident("types");
    let mut all = vec![
        ("title", title.as_str()),
        ("version", version.as_str()),
        ("name", workspace.name.as_str()),
        ("types", types.as_str()),
        ("command", workspace.command.as_str()),
        ("repository", env!("CARGO_PKG_REPOSITORY")),
    ];
    all.extend_from_slice(values);
    replace_placeholders(template, &all)
}

/// Replaces the names in double braces. The template is read once from front to back, so that braces in a value stay as
/// they are.
fn replace_placeholders(template: &str, values: &[(&str, &str)]) -> String {
    let mut text = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("{{") {
        text.push_str(before);
        let placeholder = after.split_once("}}").and_then(|(name, after)| {
            let (_, value) = values.iter().find(|(known, _)| *known == name)?;
            Some((value, after))
        });
        rest = if let Some((value, after)) = placeholder {
            text.push_str(value);
            after
        } else {
            text.push_str("{{");
            after
        };
    }
    text.push_str(rest);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_replaced_once_and_what_a_value_says_stays() {
        let values = [("title", "test {{name}} {{title}}"), ("name", "pets")];
        assert_eq!(
            replace_placeholders("# {{title}}: {{name}}, {{ {{other}} {{name", &values),
            "# test {{name}} {{title}}: pets, {{ {{other}} {{name"
        );
    }
}

//! The `Cargo.toml` of a workspace and of its crates.

use std::fmt::Write as _;

use super::description::Workspace;
use super::package::{Package, Role};
use super::prose;
use super::round_trip::ROUND_TRIP;
use super::runtime::{CLIENT, SERVER, VENDOR, WIRE};
use super::toml::quoted;

const CHRONO: &str = r#"chrono = { version = "0.4", default-features = false, features = ["std", "serde"] }"#;
const HTTP: &str = r#"http = "1""#;
const SCHEMARS: &str = r#"schemars = { version = "0.8", optional = true, features = ["uuid1", "chrono"] }"#;
const SERDE: &str = r#"serde = { version = "1", features = ["derive"] }"#;
const SERDE_JSON: &str = r#"serde_json = { version = "1", features = ["preserve_order"] }"#;
const TOKIO: &str = r#"tokio = { version = "1", features = ["macros", "rt-multi-thread"] }"#;
const UUID: &str = r#"uuid = { version = "1", features = ["serde"] }"#;

/// Returns the manifest at the root.
pub(super) fn workspace(workspace: &Workspace) -> String {
    let mut text = "[workspace]\nresolver = \"3\"\nmembers = [\"crates/*\"]\n".to_owned();
    if workspace.runtime.is_vendored() {
        let _ = writeln!(text, "exclude = [\"{VENDOR}\"]");
    }
    text
}

/// Returns the manifest of a generated crate. It inherits nothing, so that the crate can stand in any workspace.
pub(super) fn package(workspace: &Workspace, package: &Package, packages: &[Package]) -> String {
    let sections = [
        header(workspace, package),
        // The descriptions of a document may show code of any kind; none of it is this crate's.
        if package.role == Role::RoundTrip { String::new() } else { "[lib]\ndoctest = false\n".to_owned() },
        features(workspace, package, packages),
        dependencies(workspace, package, packages),
        // Which parts of what is generated are used depends on the document.
        "[lints.rust]\nunsafe_code = \"forbid\"\ndead_code = \"allow\"\n".to_owned(),
    ];
    let sections = sections.into_iter().filter(|section| !section.is_empty());
    sections.collect::<Vec<_>>().join("\n")
}

fn header(workspace: &Workspace, package: &Package) -> String {
    format!(
        "[package]\nname = {}\ndescription = {}\nreadme = \"README.md\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\
         rust-version = {}\npublish = false\n",
        quoted(&package.name),
        quoted(&prose::summary(workspace, package)),
        quoted(env!("CARGO_PKG_RUST_VERSION")),
    )
}

fn features(workspace: &Workspace, package: &Package, packages: &[Package]) -> String {
    let mut lines = Vec::new();
    match package.role {
        Role::Types | Role::Base | Role::Tag | Role::Facade => {
            let mut enabled = Vec::new();
            if package.has_types() {
                enabled.extend(["dep:schemars".to_owned(), format!("{WIRE}/schemars")]);
            }
            let others = package.dependencies(packages).into_iter();
            enabled.extend(others.map(|other| format!("{}/schemars", other.name)));
            let enabled: Vec<String> = enabled.iter().map(|feature| quoted(feature)).collect();
            lines.push("## `schemars::JsonSchema` (0.8) for every component.".to_owned());
            lines.push(format!("schemars = [{}]", enabled.join(", ")));
        }
        Role::Client => {
            lines.push("default = [\"rustls\"]".to_owned());
            for (name, purpose) in [
                ("rustls", "TLS by rustls."),
                ("native-tls", "TLS by the platform's own library."),
                ("blocking", "Calls that block the thread instead of being awaited."),
            ] {
                lines.push(format!("## {purpose}\n{name} = [\"{CLIENT}/{name}\"]"));
            }
        }
        Role::Api => {
            let types = workspace.name.package("types");
            lines.push("default = [\"dropshot\"]".to_owned());
            lines.push(
                "## Registration with dropshot 0.18, which also emits the document, and a server.".to_owned(),
            );
            lines.push(format!(
                "dropshot = [\"{SERVER}/dropshot\", {}]",
                quoted(&format!("{types}/schemars"))
            ));
            lines.push("## A server without dropshot, over TCP or a unix socket.".to_owned());
            lines.push(format!("listener = [\"{SERVER}/listener\"]"));
        }
        Role::RoundTrip => return String::new(),
    }
    format!("[features]\n{}\n", lines.join("\n"))
}

fn dependencies(workspace: &Workspace, package: &Package, packages: &[Package]) -> String {
    let runtime = |name, options| workspace.runtime.dependency(name, options);
    let mut lines = match package.role {
        Role::Types | Role::Base | Role::Tag => {
            let lines = [CHRONO, SCHEMARS, SERDE, SERDE_JSON, UUID].map(str::to_owned);
            lines.into_iter().chain([runtime(WIRE, "")]).collect()
        }
        Role::Facade => Vec::new(),
        Role::Client => {
            let mut lines = [CHRONO, SERDE_JSON, UUID].map(str::to_owned).to_vec();
            lines.push(runtime(CLIENT, "default-features = false"));
            lines
        }
        Role::Api => {
            let lines = [HTTP, SERDE_JSON, UUID].map(str::to_owned);
            lines.into_iter().chain([runtime(SERVER, "")]).collect::<Vec<_>>()
        }
        Role::RoundTrip => {
            let directory = workspace.round_trip.as_deref().unwrap_or_default();
            let path = quoted(&format!("../../{directory}/{ROUND_TRIP}"));
            let mut lines = [CHRONO, SERDE, SERDE_JSON, TOKIO, UUID].map(str::to_owned).to_vec();
            lines.extend([
                runtime(WIRE, ""),
                runtime(CLIENT, "default-features = false"),
                runtime(SERVER, ""),
            ]);
            lines.push(format!("{ROUND_TRIP} = {{ path = {path} }}"));
            lines
        }
    };
    let others = package.dependencies(packages).into_iter();
    lines.extend(
        others
            .map(|other| format!("{} = {{ path = {} }}", other.name, quoted(&format!("../{}", other.name)))),
    );
    lines.sort();
    format!("[dependencies]\n{}\n", lines.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn generated_crates_depend_on_the_versions_that_are_tried_here() {
        let manifest =
            std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../Cargo.toml")).unwrap();
        let version = |line: &str| {
            let (name, rest) = line.split_once(" = ")?;
            let version = rest.split('"').nth(1)?;
            Some(format!("{name} {version}"))
        };
        let tried: Vec<String> = manifest.lines().filter_map(version).collect();
        let runtime = [CHRONO, HTTP, SCHEMARS, SERDE, SERDE_JSON, TOKIO, UUID];
        for line in runtime {
            let dependency = version(line).unwrap();
            assert!(tried.contains(&dependency), "{dependency}");
        }
    }
}

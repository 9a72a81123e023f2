//! The registry, as cargo knows it: which versions there are, and the crates it has unpacked.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::fetched::CRATE;

/// The registry from which the crate is fetched. Tests have one of their own.
pub(super) trait Registry {
    /// Returns the newest published version that `spec` is or begins. It is then unpacked.
    fn look_up(&self, from: &Path, spec: &str) -> Result<Option<String>, String>;

    /// Returns the document in that version of the crate.
    fn schema(&self, version: &str) -> Result<String, String>;
}

/// The registry that cargo is set up to use.
pub(super) struct Cargo;

impl Registry for Cargo {
    /// Looks up a version with `cargo info`, which fetches and unpacks that crate alone. It runs outside of every
    /// workspace, since a lockfile would affect the result.
    fn look_up(&self, from: &Path, spec: &str) -> Result<Option<String>, String> {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let output = Command::new(cargo)
            .current_dir(outside_of_workspaces(from))
            .args(["info", "--color", "never", &format!("{CRATE}@{spec}")])
            .output()
            .map_err(|error| format!("cannot run cargo: {error}\n  help: install Rust with rustup"))?;
        if output.status.success() {
            return version_in(&String::from_utf8_lossy(&output.stdout)).map(Some);
        }
        let told = String::from_utf8_lossy(&output.stderr);
        if told.contains("could not find `") {
            return Ok(None);
        }
        Err(format!(
            "cargo cannot look for {CRATE} {spec}:\n{}\n  help: the first time this needs the network; what was fetched \
             once is found without",
            told.trim()
        ))
    }

    fn schema(&self, version: &str) -> Result<String, String> {
        let path = unpacked(version).ok_or_else(|| {
            format!(
                "cargo has fetched {CRATE} {version}, and it is not below {}\n  help: set CARGO_HOME to where cargo keeps \
                 its registry",
                home().join("registry/src").display()
            )
        })?;
        let schema = path.join("schema.yml");
        std::fs::read_to_string(&schema).map_err(|error| {
            format!(
                "cannot read {}: {error}\n  help: remove its directory, and cargo fetches it anew",
                schema.display()
            )
        })
    }
}

/// Returns the nearest directory around `from`, itself included, that is in no workspace.
fn outside_of_workspaces(from: &Path) -> PathBuf {
    let from = from.canonicalize().unwrap_or_else(|_| from.to_owned());
    let outermost = from.ancestors().filter(|directory| directory.join("Cargo.toml").exists()).last();
    outermost.and_then(Path::parent).map(Path::to_owned).unwrap_or(from)
}

/// Returns the version in what `cargo info` prints.
fn version_in(told: &str) -> Result<String, String> {
    let line = told.lines().find_map(|line| line.strip_prefix("version:"));
    let version = line.and_then(|line| line.split_whitespace().next());
    version.map(str::to_owned).ok_or_else(|| {
        format!(
            "cargo does not print which version of {CRATE} it found:\n{told}\n  help: give the version in full"
        )
    })
}

/// Returns the directory in which cargo unpacked a version of the crate.
fn unpacked(version: &str) -> Option<PathBuf> {
    let registries = std::fs::read_dir(home().join("registry/src")).ok()?;
    let crates = registries.flatten().map(|registry| registry.path().join(format!("{CRATE}-{version}")));
    crates.into_iter().find(|path| path.is_dir())
}

fn home() -> PathBuf {
    let default = || etcetera::home_dir().unwrap_or_default().join(".cargo");
    std::env::var_os("CARGO_HOME").map_or_else(default, PathBuf::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cargo_prints_names_the_version() {
        let told = "authentik-client\nMaking authentication simple.\nversion: 2024.12.5 (latest 2026.8.5)\nlicense: MIT\n";
        assert_eq!(version_in(told), Ok("2024.12.5".to_owned()));
        assert!(version_in("nothing").unwrap_err().contains("help: "));
    }

    #[test]
    fn cargo_is_asked_outside_of_every_workspace() {
        let directory = tempfile::tempdir().unwrap();
        let around = directory.path().canonicalize().unwrap();
        let cache = around.join("workspace/member/cache");
        std::fs::create_dir_all(&cache).unwrap();
        assert_eq!(outside_of_workspaces(&cache), cache);
        for manifest in ["workspace/member/Cargo.toml", "workspace/Cargo.toml"] {
            std::fs::write(around.join(manifest), "").unwrap();
        }
        assert_eq!(outside_of_workspaces(&cache), around);
    }
}

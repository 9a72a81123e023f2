//! `cargo xtask upstream`: authentik's own document of a release, fetched through cargo and kept outside the repository.
//!
//! The official crate `authentik-client` ships the document of every release as `schema.yml`. Nothing here opens a
//! connection: cargo does, with its own settings, and what was fetched once needs none.

mod cache;
mod fetched;
mod overview;
mod registry;
mod version;

use std::path::Path;

use clap::Args;
use openapi_document::{Document, slice};
use openapi_workbench::commands::progress::Progress;
use openapi_workbench::commands::{Chosen, slice::Output};
use openapi_workbench::{Report, shell, text};

use crate::project::PROGRAM;
use fetched::CRATE;
pub use fetched::Fetched;
use registry::Registry;
use version::Wanted;

/// The end of the help text.
pub const EXAMPLES: &str = "\
Examples:
  cargo xtask upstream 2024.8
          How many operations and components it has, by tag, and where the document is kept
  cargo xtask upstream 2026.8 --operations 'sources_plex_*' --out plex.yaml
          The part that is about Plex sources, as a document of its own";

/// The release to fetch, and the form of the result.
#[derive(Args, Clone, Debug)]
// What comes after the lists would be taken for one of their values.
#[command(override_usage = "cargo xtask upstream <VERSION> [OPTIONS]")]
pub struct Arguments {
    /// A release line such as `2024.8`, a release such as `2024.8.3`, or a version of the crate such as `3.2024083.10`
    #[arg(value_name = "VERSION")]
    pub version: String,
    /// The part of the document that is kept.
    #[command(flatten)]
    pub chosen: Chosen,
    /// The file to which it is written.
    #[command(flatten)]
    pub output: Output,
}

impl Arguments {
    /// Returns the command that writes the file at `out` again, from within its directory.
    fn command(&self, out: &Path) -> String {
        let name = [out.file_name().unwrap_or_default().to_string_lossy().into_owned()];
        let [operations, tags, except] = self.chosen.options();
        let command = format!("{PROGRAM} upstream {}", shell::quoted(&self.version));
        shell::command(&command, &[operations, tags, except, ("--out", &name)])
    }
}

/// Returns the document of the release `version`, from the cache or through cargo.
///
/// # Errors
/// If there is no such release or it cannot be had; the message says what to do.
pub fn fetch(version: &str) -> Result<Fetched, String> {
    fetch_into(&cache::directory()?, version, &registry::Cargo)
}

fn fetch_into(cache: &Path, version: &str, registry: &dyn Registry) -> Result<Fetched, String> {
    let wanted = Wanted::of(version)?;
    if let Some(found) = wanted.exact().and_then(|version| cache::find(cache, version)) {
        return Ok(found);
    }
    std::fs::create_dir_all(cache).map_err(|error| format!("cannot create {}: {error}", cache.display()))?;
    let published = match wanted.look_up(&mut |spec| registry.look_up(cache, spec)) {
        Ok(published) => published,
        // Without a network the newest that was fetched before is as good as it gets.
        Err(message) => return cache::newest(cache, &wanted).ok_or(message),
    };
    if let Some(found) = cache::find(cache, &published) {
        return Ok(found);
    }
    let text = registry.schema(&published)?;
    cache::keep(cache, &published, &text)
}

/// Returns the document of the release `version`, parsed and checked.
///
/// # Errors
/// As [`fetch`], and if the document cannot be read.
pub fn read(version: &str, color: bool) -> Result<Document, String> {
    let fetched = fetch(version)?;
    parse(&fetched, color)
}

/// Returns a fetched document, parsed and checked. A damaged one is replaced, if cargo still has the crate.
///
/// # Errors
/// If it cannot be read.
pub fn parse(fetched: &Fetched, color: bool) -> Result<Document, String> {
    parse_or_mend(fetched, &registry::Cargo, color)
}

fn parse_or_mend(fetched: &Fetched, registry: &dyn Registry, color: bool) -> Result<Document, String> {
    let Fetched { version, path } = fetched;
    let read = |text: &str| Document::parse(&format!("upstream:{version}"), text);
    let kept = text::read(path);
    let fault = match kept.as_deref().map(read) {
        Ok(Ok(document)) => return Ok(document),
        Ok(Err(error)) => error.diagnostics().first().map_or_else(String::new, |first| {
            let at = first.location;
            format!("line {}, column {}: {}", at.line, at.column, first.message)
        }),
        Err(unread) => unread.to_string(),
    };
    match registry.schema(version) {
        Ok(published) => {
            let document = read(&published).map_err(|error| error.render(color))?;
            cache::keep(path.parent().unwrap_or(Path::new(".")), version, &published)?;
            Ok(document)
        }
        Err(_) => Err(format!(
            "cannot read {}, which keeps the document of {CRATE} {version}: {fault}\n  help: remove this file, and the \
             same command fetches it anew",
            path.display()
        )),
    }
}

/// Fetches a release, says what is in it, and writes what is chosen of it if that is wanted.
#[must_use]
pub fn run(arguments: &Arguments, color: bool) -> Report {
    match overview(arguments, color) {
        Ok(text) => Report::clean(text),
        Err(message) => Report::failure(&message),
    }
}

fn overview(arguments: &Arguments, color: bool) -> Result<String, String> {
    let progress = Progress::shown(3);
    progress.step("fetching the document");
    let fetched = fetch(&arguments.version)?;
    progress.step("reading the document");
    let whole = parse(&fetched, color)?;
    progress.step("cutting the document");
    let selection = arguments.chosen.selection();
    let part = slice::slice(&whole, &selection).map_err(|error| error.render(color))?;
    let mut text = overview::of(&part, &fetched, !selection.is_everything());
    if let Some(out) = &arguments.output.out {
        let size = arguments.output.write(&part.written(), &arguments.command(out))?;
        text.push_str(&overview::line("written to", &format!("{}, {}", out.display(), overview::size(size))));
    }
    Ok(text)
}

#[cfg(test)]
mod tests;

//! `cargo xtask generate`: regenerates the generated files of this workspace, or only compares them.

use std::path::Path;

use clap::Args;
use openapi_workbench::apply::{apply, failure};
use openapi_workbench::commands::progress::Progress;
use openapi_workbench::{Report, disk, generator};

use crate::project::{self, COMMAND};

/// Selects between writing files and checking them.
#[derive(Args, Clone, Debug, Default)]
pub struct Arguments {
    /// Write nothing; name each file that is stale and how to regenerate it
    #[arg(long)]
    pub check: bool,
}

/// Generates for the workspace at `root`. With `--check` nothing is written.
#[must_use]
pub fn run(root: &Path, arguments: &Arguments, color: bool) -> Report {
    regenerate(root, arguments.check, color).unwrap_or_else(|message| failure(&message, COMMAND))
}

fn regenerate(root: &Path, check: bool, color: bool) -> Result<Report, String> {
    let progress = Progress::shown(generator::STEPS + 1);
    progress.step("reading the document");
    let document = project::document(root, color)?;
    let files = project::files(&document, &|step| progress.step(step), color)?;
    let states = disk::compare(root, &files, &generator::generated_directories(&files))
        .map_err(|error| error.to_string())?;
    apply(root, &files, &states, check, COMMAND)
}

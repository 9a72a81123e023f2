//! `cargo xtask generate`: regenerates the generated files of this workspace, or only compares them.

use std::path::Path;

use clap::Args;
use openapi_document::model::Model;
use openapi_workbench::apply::{Mode, apply, failure};
use openapi_workbench::commands::progress::Progress;
use openapi_workbench::{Report, generator};

use crate::project::{self, COMMAND};

/// Selects between writing files and checking them.
#[derive(Args, Clone, Debug, Default)]
pub struct Arguments {
    /// Write nothing; name each file that is stale and how to regenerate it
    #[arg(long)]
    pub check: bool,
    /// Replace generated files that were edited, as after a merge, and files that something else wrote
    #[arg(long)]
    pub force: bool,
}

/// Generates for the workspace at `root`. With `--check` nothing is written.
#[must_use]
pub fn run(root: &Path, arguments: &Arguments, color: bool) -> Report {
    regenerate(root, Mode::of(arguments.check, arguments.force), color)
        .unwrap_or_else(|message| failure(&message, COMMAND))
}

fn regenerate(root: &Path, mode: Mode, color: bool) -> Result<Report, String> {
    let progress = Progress::shown(generator::STEPS + 1);
    progress.step("reading the document");
    let document = project::document(root, color)?;
    let files = project::files(&Model::of(&document), &|step| progress.step(step), color)?;
    let compared = project::compare(root, &document, &files)?;
    apply(root, &compared, mode, COMMAND)
}

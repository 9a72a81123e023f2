//! The arguments of the command.

use clap::Args;
use openapi_workbench::commands::diff::FailOn;

/// The baseline of the check for changes.
#[derive(Args, Clone, Debug, Default)]
pub struct Arguments {
    /// The document as callers know it: a file, `git:REV` or `upstream:VERSION`; the last release unless given
    #[arg(long, value_name = "OLD")]
    pub against: Option<String>,
    /// Fail on a change of this class or a worse one, as `cargo xtask diff` does, whatever version it gets
    #[arg(long, value_enum, value_name = "CLASS")]
    pub fail_on: Option<FailOn>,
}

#![forbid(unsafe_code)]
//! `cargo xtask <command>`.

use std::io::IsTerminal as _;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use xtask::{generate, workspace_root};

/// The workspace's own commands.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Regenerate every file that is made from the document
    ///
    /// Files that would not change are left alone. Exits with 0 if everything is fresh afterwards, with 1 if
    /// `--check` found something stale, and with 2 if there was no generating: then nothing was changed.
    Generate {
        /// Write nothing; name each file that is stale and how to mend it
        #[arg(long)]
        check: bool,
    },
}

fn main() -> ExitCode {
    let color = std::io::stderr().is_terminal();
    let root = workspace_root();
    let report = match Arguments::parse().command {
        Command::Generate { check } => generate::run(&root, check, color),
    };
    eprint!("{}", report.text);
    report.outcome.into()
}

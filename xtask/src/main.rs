#![forbid(unsafe_code)]
//! `cargo xtask <command>`.

use std::io::{IsTerminal as _, Write as _};
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use xtask::{Outcome, diff, generate, workspace_root};

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
    /// With `--out`, generates types, client and api of another document into a workspace of its own instead. What is in
    /// that directory and was not made by this command is never overwritten.
    ///
    /// Files that would not change are left alone. Exits with 0 if everything is fresh afterwards, with 1 if
    /// `--check` found something stale, and with 2 if there was no generating: then nothing was changed.
    #[command(after_long_help = GENERATE_EXAMPLES)]
    Generate(generate::Arguments),
    /// Judge what changed between two documents: what breaks, for whom, and what becomes of the Rust
    ///
    /// OLD and NEW are each the path of an OpenAPI 3.0 document or `git:REV`, the document of this workspace at a
    /// revision. The changes are written to standard output, the worst first; those that are none, such as another
    /// order, are not.
    ///
    /// Exits with 0 if all is well, with 1 if there is a change of the class `--fail-on` or a worse one, and with 2 if
    /// a document could not be read: then standard error says why.
    #[command(after_long_help = EXAMPLES)]
    Diff(diff::Arguments),
}

const GENERATE_EXAMPLES: &str = "\
Examples:
  cargo xtask generate
          After a change of spec/openapi.yaml
  cargo xtask generate --spec petstore.json --out ../pet-store --name pet-store
          A workspace with the crates pet-store-types, pet-store-client and pet-store-api
  cargo xtask generate --out ../plex --name plex --operations 'sources_plex_*'
          The same of a part of this workspace's document";

const EXAMPLES: &str = "\
Examples:
  cargo xtask diff git:HEAD spec/openapi.yaml
          What has changed since the last commit
  cargo xtask diff git:v0.1.0 git:HEAD --format markdown --fail-on never
          The changes since a release, for the changelog
  cargo xtask diff old.yaml new.yaml --format json --fail-on risky
          For a program, which finds in the exit code whether callers must look";

fn main() -> ExitCode {
    let color = std::io::stderr().is_terminal();
    let root = workspace_root();
    let report = match Arguments::parse().command {
        Command::Generate(arguments) => generate::run(&root, &arguments, color),
        Command::Diff(arguments) => {
            let report = diff::run(&root, &arguments, color && std::io::stdout().is_terminal());
            if report.outcome != Outcome::Failure {
                // A reader who has seen enough, such as `head`, is no failure.
                let _ = std::io::stdout().write_all(report.text.as_bytes());
                return report.outcome.into();
            }
            report
        }
    };
    eprint!("{}", report.text);
    report.outcome.into()
}

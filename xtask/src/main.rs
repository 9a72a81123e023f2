#![forbid(unsafe_code)]
//! `cargo xtask <command>`.

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use openapi_workbench::commands::{self, Stream, diff};
use xtask::source::Source;
use xtask::{check, facts, generate, import, project, upstream, why};

/// Generating is little but making and dropping small pieces of syntax.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The workspace's own commands
///
/// Colour is for terminals. The environment variable `NO_COLOR` turns it off, `CLICOLOR_FORCE` turns it on elsewhere too.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Check everything that guards a push, and name what is to be done
    ///
    /// The document is valid and in its style, the generated files are fresh, the snapshots are reviewed, and the
    /// version allows what the document changes since the last release, which is the last tag `v*` that is reachable.
    /// While there is none, `git:origin/main` stands in, and no version is asked for. Nothing is written.
    ///
    /// Exits with 0 if all is well, with 1 if something is to be mended, and with 2 if something could not be checked.
    #[command(after_long_help = check::EXAMPLES)]
    Check(check::Arguments),
    /// Regenerate every file that is made from the document
    ///
    /// Files that would not change are left alone. `openapi-workbench generate` generates from other documents.
    ///
    /// Exits with 0 if everything is fresh afterwards, with 1 if `--check` found something stale, and with 2 if the
    /// document cannot be generated from: then nothing was written.
    Generate(generate::Arguments),
    /// Judge what changed between two documents: what breaks, for whom, and what becomes of the Rust
    ///
    /// OLD and NEW are each the path of an OpenAPI document, `git:REV`, the document of this workspace at a
    /// revision, or `upstream:VERSION`, the document of a release of authentik. The changes are written to standard
    /// output, the worst first; those that are none, such as another order, are not.
    ///
    /// Exits with 0 if all is well, with 1 if there is a change of the class `--fail-on` or a worse one, and with 2 if
    /// a document could not be read: then standard error says why.
    #[command(after_long_help = EXAMPLES_OF_DIFF)]
    // A list would take what comes after it for one of its values.
    #[command(override_usage = "cargo xtask diff <OLD> <NEW> [OPTIONS]")]
    Diff(diff::Arguments),
    /// Explain something in the document or generated from it: where it stands, what it came from, what uses it
    ///
    /// Asked about may be a pointer, the name of an operation, component, property or parameter, a path of the API, or
    /// the path of a generated Rust item. The output names the place in the document, the pages and rules behind it,
    /// the generated items with their lines, the operations that send or answer it, and where the stub has its name.
    ///
    /// Exits with 0, or with 2 if there is no such thing: then standard error has the nearest names.
    #[command(after_long_help = why::EXAMPLES)]
    Why(why::Arguments),
    /// Fetch authentik's own document of a release, say what is in it, and cut it
    ///
    /// It comes through cargo, out of the official crate `authentik-client`, and is kept in the user's cache directory,
    /// or in the one that the environment variable `AUTHENTIK_SOURCES_CACHE` names: the second time needs no network.
    /// A release line means its newest release.
    ///
    /// Exits with 0, or with 2 if there is no such release, if it cannot be had, or if the file cannot be written: then
    /// standard error says why.
    #[command(after_long_help = upstream::EXAMPLES)]
    Upstream(upstream::Arguments),
    /// Write operations of an authentik release into the document of this workspace
    ///
    /// New paths and components go where the order of the document has them, in its style; no line that is there
    /// changes. Components that both have and that mean the same are shared; where they mean something else ours is
    /// kept, and what theirs would change is told. Nothing is written unless the result is a valid document.
    ///
    /// Exits with 0 if the document has then what was asked for, with 1 if an operation or a component of ours was
    /// kept although theirs is another, and with 2 if there was no importing: then nothing was changed.
    #[command(after_long_help = import::EXAMPLES)]
    Import(import::Arguments),
    /// Derive the whole API from what a running authentik told about itself
    ///
    /// Writes `spec/authentik/2024.8.yaml`, the document, and `spec/authentik/2024.8.overlay.yaml`, what a document has
    /// no words for; and the assets of the stub.
    ///
    /// Exits with 0, with 1 if `--check` found something stale, and with 2 if the facts cannot be used.
    Facts(facts::Arguments),
}

const EXAMPLES_OF_DIFF: &str = "\
Examples:
  cargo xtask diff git:HEAD spec/openapi.yaml
          What has changed since the last commit
  cargo xtask diff git:v0.1.0 git:HEAD --format markdown --fail-on never
          The changes since a release, for the changelog
  cargo xtask diff old.yaml new.yaml --format json --fail-on risky
          For a program, which learns from the exit code whether callers have to act";

fn main() -> ExitCode {
    commands::hide_caught_panics();
    let root = project::root();
    // The streams take the colour out again where it is not wanted.
    let color = true;
    let read = |argument: &str| Source::of(argument).read(&root, color);
    let (report, stream) = match Arguments::parse().command {
        Command::Check(arguments) => (check::run(&root, &arguments, color), Stream::Stderr),
        Command::Generate(arguments) => (generate::run(&root, &arguments, color), Stream::Stderr),
        Command::Diff(arguments) => (diff::run(&arguments, &read, color), Stream::Stdout),
        Command::Why(arguments) => (why::run(&root, &arguments, color), Stream::Stdout),
        Command::Import(arguments) => (import::run(&root, &arguments, color), Stream::Stderr),
        Command::Facts(arguments) => (facts::run(&root, &arguments), Stream::Stderr),
        Command::Upstream(arguments) => (upstream::run(&arguments, color), Stream::Stdout),
    };
    commands::print(&report, stream)
}

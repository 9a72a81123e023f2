#![forbid(unsafe_code)]
//! The program `openapi-workbench`.

use std::io::Write as _;
use std::process::ExitCode;

use clap::{CommandFactory as _, Parser, Subcommand};
use clap_complete::Shell;
use openapi_workbench::commands::{self, Stream, diff, fixture, generate, lint, replay, serve, slice, why};
use openapi_workbench::{Report, source};

/// The generators mostly make and drop small pieces of syntax.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The name of the program in its output.
const PROGRAM: &str = "openapi-workbench";

/// Generate Rust types, clients and servers from OpenAPI documents, and compare, lint, slice, explain and serve the documents
///
/// A document is named by its path, or as `git:REV:PATH` for a file at a revision of the repository.
///
/// Colour is for terminals. The environment variable `NO_COLOR` turns it off, `CLICOLOR_FORCE` turns it on elsewhere too.
#[derive(Parser)]
#[command(name = PROGRAM, version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Generate Rust types, a client and a server's side from a document, in a workspace of its own
    ///
    /// The workspace holds generated files only. They depend on the runtime crates openapi-wire, openapi-client-runtime and
    /// openapi-server-runtime, which are vendored where they cannot be had otherwise. The document is kept as
    /// spec/openapi.yaml, and README.md has the command that regenerates the workspace from it.
    ///
    /// The manifest .openapi-workbench.json, to be committed, tells generated files from all others: these are left alone,
    /// and so are generated files that were edited. If neither the document nor the options nor the files have changed since
    /// the last run, nothing is generated; with `--check` everything is, and compared.
    ///
    /// A mistake in the document whose meaning is clear is a warning. With `--skip-invalid` everything else that is wrong,
    /// or cannot be generated, is left out in the smallest parts, and named.
    ///
    /// Exits with 0 if everything is fresh afterwards, with 1 if `--check` found something stale, and with 2 if the
    /// document cannot be generated from: then nothing was written.
    #[command(after_long_help = EXAMPLES_OF_GENERATE)]
    // A list would take what comes after it for one of its values.
    #[command(override_usage = "openapi-workbench generate <FILE> --out <DIR> [OPTIONS]")]
    Generate(generate::Arguments),
    /// Judge what changed between two documents: what breaks, for whom, and what becomes of the generated Rust
    ///
    /// Prints changes to standard output, most severe first. Reordering is not a change.
    ///
    /// Exits with 0 if there is no change of the class `--fail-on` or a worse one, with 1 if there is, and with 2 if a
    /// document could not be read.
    #[command(after_long_help = EXAMPLES_OF_DIFF)]
    #[command(override_usage = "openapi-workbench diff <OLD> <NEW> [OPTIONS]")]
    Diff(diff::Arguments),
    /// Lint a document: report what is valid and yet likely to be a mistake
    ///
    /// Prints each finding with its file, line and column, the rule in brackets, and what to do.
    ///
    /// Exits with 0 if there are no findings, with 1 if there are, and with 2 if the document is not valid.
    #[command(override_usage = "openapi-workbench lint <FILE> [OPTIONS]")]
    Lint(lint::Arguments),
    /// Explain something in a document or generated from it: where it stands, what became of it, and what uses it
    ///
    /// The question may be a pointer, the name of an operation, component, property or parameter, a path of the API, or
    /// the path of a generated Rust item. The output names the place in the document, the generated items with their
    /// lines, and the operations that send or return it.
    ///
    /// Exits with 0, or with 2 if there is no such thing: then standard error has the nearest names.
    #[command(after_long_help = EXAMPLES_OF_WHY)]
    Why(why::Arguments),
    /// Serve a document: its collections with state, and the examples of everything else
    ///
    /// Prints the URL and a command that asks for something. Any credentials are taken. What is created is found, listed,
    /// filtered, ordered, changed and deleted, until the program ends. What a document has no words for is annotated, by
    /// keys that ANNOTATIONS.md of openapi-resources explains; `--overlay` adds them to the documents of others.
    ///
    /// Paths below /-/ are for tests: POST /-/reset begins anew, /-/faults makes requests fail, GET /-/requests shows what
    /// was asked and answered, POST /-/verify checks it. The README of openapi-control has them all.
    ///
    /// Every option is also read from the environment, such as `OPENAPI_WORKBENCH_LISTEN`, and from the file that --config names.
    ///
    /// Exits with 0 when it is interrupted or terminated, with 1 if fewer operations were called than `--min-coverage`, and with 2 if the document or an annotation is wrong, or the address is taken.
    #[command(after_long_help = EXAMPLES_OF_SERVE)]
    #[command(override_usage = "openapi-workbench serve <FILE> [OPTIONS]")]
    Serve(Box<serve::Arguments>),
    /// Send the requests of a record to a server, and compare what it answers with what was recorded
    ///
    /// `serve` makes a record with `--record FILE`, also with `--proxy URL` in front of another server. Requests are sent in
    /// order. Keys, tokens and times that servers generate may differ; those that a later request has are replaced by what
    /// this server gave. Bodies that are not JSON are not compared.
    ///
    /// Prints the first difference of each exchange by its JSON pointer, and the totals. Exits with 0 if everything is the
    /// same, with 1 if something differs, and with 2 if the record or the server cannot be used.
    #[command(after_long_help = EXAMPLES_OF_REPLAY)]
    #[command(override_usage = "openapi-workbench replay <FILE> <URL> [OPTIONS]")]
    Replay(openapi_proxy::Replay),
    /// Print a fixture of what a record has: the objects that `GET` was answered with, each as it was last
    ///
    /// `serve --fixture` takes it. `***N*` stands for secrets, as in the record.
    ///
    /// Exits with 0, or with 2 if the document or the record cannot be used, or the record has no objects.
    #[command(override_usage = "openapi-workbench fixture <FILE> <RECORD> [OPTIONS]")]
    Fixture(fixture::Arguments),
    /// Cut a document to some operations and what they need
    ///
    /// Prints the slice as YAML, or writes it to the file `--out`. The order of the document is kept.
    ///
    /// Exits with 0, or with 2 if there are no such operations or the file cannot be written.
    #[command(after_long_help = EXAMPLES_OF_SLICE)]
    #[command(override_usage = "openapi-workbench slice <FILE> [OPTIONS]")]
    Slice(slice::Arguments),
    /// Print the completions of this program for a shell
    Completions {
        /// The shell
        shell: Shell,
    },
}

const EXAMPLES_OF_GENERATE: &str = "\
Examples:
  openapi-workbench generate petstore.yaml --out petstore
          A workspace with the crates petstore-types, petstore-client and petstore-api
  openapi-workbench generate petstore.yaml --out pets --name pets --only client --tags pets
          A client of the operations with the tag `pets`, and its types";

const EXAMPLES_OF_DIFF: &str = "\
Examples:
  openapi-workbench diff git:HEAD:openapi.yaml openapi.yaml
          What has changed since the last commit
  openapi-workbench diff git:v0.1.0:openapi.yaml openapi.yaml --format markdown --fail-on never
          The changes since a release, for the changelog
  openapi-workbench diff old.yaml new.yaml --format json --fail-on risky
          For a program, which learns from the exit code whether callers have to act";

const EXAMPLES_OF_WHY: &str = "\
Examples:
  openapi-workbench why petstore.yaml Pet.name
          A property of a component; `Pet::name`, its field in Rust, is the same question
  openapi-workbench why petstore.yaml 'GET /pets/{id}'
          An operation by its method and path
  openapi-workbench why petstore.yaml '#/components/responses/NotFound/description'
          Any place in the document";

const EXAMPLES_OF_SERVE: &str = "\
Examples:
  openapi-workbench serve petstore.yaml --list
          Which operations have state, and why others do not
  openapi-workbench serve petstore.yaml --overlay notes.yaml --seed 1 --rows 20
          A server with 20 rows of each model";

const EXAMPLES_OF_REPLAY: &str = "\
Examples:
  openapi-workbench serve petstore.yaml --proxy http://127.0.0.1:8000 --record pets.jsonl
          Records what passes to the server at port 8000 and back
  openapi-workbench replay pets.jsonl http://127.0.0.1:8001 --token any
          Sends the requests to another server, and tells in what its answers differ";

const EXAMPLES_OF_SLICE: &str = "\
Examples:
  openapi-workbench slice petstore.yaml --tags pets --out pets.yaml
          The operations with the tag `pets`
  openapi-workbench slice petstore.yaml --operations 'list_*' 'get_*'
          The operations whose ids match one of two globs";

/// Prints what a command tells while it runs.
fn print_at_once(stream: Stream, text: &str) {
    drop(match stream {
        Stream::Stdout => anstream::stdout().write_all(text.as_bytes()),
        Stream::Stderr => anstream::stderr().write_all(text.as_bytes()),
    });
}

fn main() -> ExitCode {
    commands::hide_caught_panics();
    // The streams below take the colour out again where it is not wanted.
    let color = true;
    let read = |argument: &str| source::read(argument, color);
    let open = |argument: &str| source::open(argument, color);
    let arguments = match openapi_control::program::parse::<Arguments>("OPENAPI_WORKBENCH", Some("serve")) {
        Ok(arguments) => arguments,
        Err(message) => return commands::print(&Report::failure(&message), Stream::Stderr),
    };
    let (report, stream) = match arguments.command {
        Command::Generate(arguments) => (generate::run(&arguments, PROGRAM, color), Stream::Stderr),
        Command::Diff(arguments) => (diff::run(&arguments, &read, color), Stream::Stdout),
        Command::Lint(arguments) => (lint::run(&arguments, &read, color), Stream::Stdout),
        Command::Why(arguments) => (why::run(&arguments, &read, PROGRAM, color), Stream::Stdout),
        Command::Serve(arguments) => (serve::run(&arguments, color, &print_at_once), Stream::Stdout),
        Command::Replay(arguments) => (replay::run(&arguments, &print_at_once), Stream::Stdout),
        Command::Fixture(arguments) => (fixture::run(&arguments, color), Stream::Stdout),
        Command::Slice(arguments) => (slice::run(&arguments, &open, PROGRAM, color), Stream::Stdout),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Arguments::command(), PROGRAM, &mut script);
            // A script, which has no colour to take out.
            let _ = std::io::stdout().write_all(&script);
            return ExitCode::SUCCESS;
        }
    };
    commands::print(&report, stream)
}

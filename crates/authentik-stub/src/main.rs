#![forbid(unsafe_code)]
//! The `authentik-stub` program: reads its arguments, starts a [`Stub`], prints its address, and stops on a signal.

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use authentik_stub::{Address, Carrier, Fixture, Origin, StartError, Stub};
use clap::{Parser, Subcommand};
use openapi_control::program::{self, Options, TOO_LITTLE_COVERED, Wait};
use tracing_subscriber::EnvFilter;

/// A stand-in for authentik that keeps its objects in memory or in one file.
///
/// Besides the API it has a page for people at /-/, and answers POST /-/reset, which puts the first objects back, /-/faults, which makes requests fail as a
/// test wants it, /-/answers, which are of one's own, GET /-/requests, which shows what was asked and answered, POST /-/verify, which checks it, GET /-/coverage, /-/clock, /-/state,
/// /-/snapshots and /-/worlds, which keep and part the objects, GET /-/health and GET /-/openapi.json. Web pages of other sites may not use /-/; programs may, with the control token unless the stub
/// listens on loopback and was given none.
#[derive(Debug, Parser)]
///
/// Every option is also read from the environment, such as `AUTHENTIK_STUB_LISTEN`, and from the file that --config names. The
/// command line comes first, then the environment, then the file.
#[command(version, about, long_about, args_conflicts_with_subcommands = true)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,

    /// Address to listen on: HOST:PORT, :PORT for every address of this machine, or unix:PATH; port 0 takes any free port
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:9000")]
    listen: Address,

    /// HTTP server to use, by default dropshot unless ADDRESS is a unix socket or requests are logged; hyper passes on paths and methods that dropshot answers itself, and listens at
    /// unix sockets
    #[arg(long, value_enum)]
    carrier: Option<Carrier>,

    /// Ask for this token on /-/, as `Authorization: Bearer TOKEN`; without it, a random one is made and printed where the
    /// stub does not listen on loopback
    #[arg(long, value_name = "TOKEN")]
    control_token: Option<String>,

    /// Let web pages of this origin read responses of the API, `*` those of any; may be given several times
    #[arg(long, value_name = "ORIGIN")]
    cors: Vec<Origin>,

    /// The objects to start with, as JSON in the form of the API: `{"objects": {"core/users": [...]}}`; without it, those of
    /// a fresh authentik and a few beside
    #[arg(long, value_name = "FILE")]
    fixture: Option<PathBuf>,

    /// Print the objects that the stub would start with as a fixture, and do not start it
    #[arg(long, conflicts_with = "state")]
    print_fixture: bool,

    /// Start with an administrator alone
    #[arg(long, conflicts_with = "fixture")]
    empty: bool,

    /// Keep the objects in this file: filled at first, afterwards kept as they are
    #[arg(long, value_name = "FILE")]
    state: Option<PathBuf>,

    /// Forget what the state file holds and fill it anew
    #[arg(long, requires = "state")]
    start_over: bool,

    /// Refuse with 400 whatever the document does not allow, even where authentik puts up with it
    #[arg(long)]
    strict: bool,

    /// Make keys, tokens and identifiers that are the same on every run with this number and the same requests
    #[arg(long, value_name = "N", conflicts_with = "state")]
    seed: Option<u64>,

    #[command(flatten)]
    options: Options,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Wait until a stub answers requests; exits with 1 if it does not in time
    Wait(Wait),
}

/// The time that running requests have to finish once the program is told to stop.
const PATIENCE: Duration = Duration::from_secs(1);

/// The exit code of a program that could not start.
const CANNOT_START: u8 = 2;

/// The exit code of `wait` for a stub that is not ready.
const NOT_READY: u8 = 1;

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = match program::parse::<Arguments>("AUTHENTIK_STUB", None) {
        Ok(arguments) => arguments,
        Err(message) => return failed(CANNOT_START, &message),
    };
    if let Some(Command::Wait(wait)) = &arguments.command {
        return wait.run().map_or_else(|error| failed(NOT_READY, &error), |()| ExitCode::SUCCESS);
    }
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("warn"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    match run(arguments).await {
        Ok(None) => ExitCode::SUCCESS,
        Ok(Some(message)) => failed(TOO_LITTLE_COVERED, &message),
        Err(error) => failed(CANNOT_START, &error),
    }
}

fn failed(code: u8, message: &dyn std::fmt::Display) -> ExitCode {
    eprintln!("{message}");
    ExitCode::from(code)
}

/// Runs the stub until it is told to stop. Returns a message if fewer operations were called than are asked for.
async fn run(arguments: Arguments) -> Result<Option<String>, StartError> {
    let mut builder = Stub::builder()
        .listen(arguments.listen)
        .patience(PATIENCE)
        .cors(arguments.cors)
        .strict(arguments.strict);
    if let Some(carrier) = arguments.carrier {
        builder = builder.carrier(carrier);
    }
    if let Some(seed) = arguments.seed {
        builder = builder.seed(seed);
    }
    if arguments.options.access_log {
        builder = builder.access_log(arguments.options.log_format);
    }
    if let Some(token) = arguments.control_token {
        builder = builder.control_token(token);
    }
    if let Some(path) = arguments.fixture {
        builder = builder.fixture(Fixture::read(&path)?);
    }
    if arguments.empty {
        builder = builder.fixture(Fixture::empty()?);
    }
    if arguments.print_fixture {
        let text = builder.fixture_text()?;
        // Whoever does not read it to its end does not want it.
        let _ = io::stdout().lock().write_all(text.as_bytes());
        return Ok(None);
    }
    if let Some(path) = arguments.state {
        builder = builder.state(path).start_over(arguments.start_over);
    }
    let told_to_stop = program::told_to_stop().map_err(StartError::Signals)?;
    outlive_size_limit().map_err(StartError::Signals)?;
    arguments.options.forget_ready().map_err(StartError::ReadyFile)?;
    let stub = builder.start().await?;
    greet(&stub, arguments.strict);
    arguments.options.tell_ready(stub.url()).map_err(StartError::ReadyFile)?;
    told_to_stop.await;
    let message = arguments.options.too_little(&stub.coverage());
    stub.close().await;
    Ok(message)
}

/// Makes a write beyond the limit for the size of a file (`ulimit -f`) an error that is reported, instead of the end of the
/// program.
#[cfg(unix)]
fn outlive_size_limit() -> io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    signal(SignalKind::from_raw(libc::SIGXFSZ)).map(drop)
}

/// Does nothing: other systems send no signal.
#[cfg(not(unix))]
fn outlive_size_limit() -> io::Result<()> {
    Ok(())
}

/// Prints the address of the stub. A failure to print is ignored, so that the stub serves anyway.
fn greet(stub: &Stub, strict: bool) {
    let mut output = io::stdout().lock();
    let _ = output.write_all(greeting(stub, strict).as_bytes()).and_then(|()| output.flush());
}

fn greeting(stub: &Stub, strict: bool) -> String {
    let (url, origin, token) = (stub.url(), stub.origin(), stub.token());
    let shown = token.unwrap_or("none: the fixture has no active user with an API token");
    let mut lines = vec![
        format!(
            "authentik-stub {} is ready{}",
            env!("CARGO_PKG_VERSION"),
            if strict { ", and strict" } else { "" }
        ),
        format!("  base URL  {url}"),
        format!("  token     {shown}"),
    ];
    if stub.kept_other_fixture() {
        let note = "the state file was filled from another fixture; --start-over fills it from this one";
        lines.push(format!("  note      {note}"));
    }
    let bearer = token.unwrap_or("TOKEN");
    lines.push(format!("  try       curl -H 'Authorization: Bearer {bearer}' {url}/sources/plex/"));
    lines.push(format!("  page      {origin}/-/"));
    if let Some(token) = stub.control_token() {
        lines.push(format!("  control   {token} (the token for /-/)"));
    }
    let credentials =
        stub.control_token().map_or_else(String::new, |token| format!("-H 'Authorization: Bearer {token}' "));
    lines.push(format!("  reset     curl -X POST {credentials}{origin}/-/reset"));
    lines.join("\n") + "\n"
}

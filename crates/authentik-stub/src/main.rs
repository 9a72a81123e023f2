#![forbid(unsafe_code)]
//! The `authentik-stub` program: reads its arguments, starts a [`Stub`], prints its address, and stops on a signal.

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use authentik_stub::proxy::{Plan, fixture_of};
use authentik_stub::{Address, Carrier, Fixture, Origin, StartError, Stub, Tls};
use clap::{Parser, Subcommand};
use openapi_control::Control;
use openapi_control::program::TlsOptions;
use openapi_control::program::{self, Options, TOO_LITTLE_COVERED, Wait};
use openapi_control::record::Recorder;
use openapi_proxy::{FixtureOf, ProxyOptions, Replay, Target};
use tracing_subscriber::EnvFilter;

/// The store allocates many small values, which this does faster than the system.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// A stand-in for authentik that keeps its objects in memory or in one file.
///
/// Below /-/ there is a page for people, and an API for tests: /-/reset puts the first objects back, /-/faults makes requests
/// fail, /-/answers gives answers of one's own, /-/requests and /-/verify tell what was asked, /-/coverage what of the API was
/// used, /-/clock moves the time, and /-/state, /-/snapshots and /-/worlds keep and part the objects; GET /-/control.json
/// describes all of it. Web pages of other sites may not use it. Programs may, with the control token unless the stub listens on
/// loopback and was given none.
///
/// Every option is also read from the environment, such as `AUTHENTIK_STUB_LISTEN`, and from the file that --config names. The
/// command line comes first, then the environment, then the file.
#[derive(Debug, Parser)]
#[command(version, about, long_about, args_conflicts_with_subcommands = true)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,

    /// Address to listen on: HOST:PORT, :PORT for every address of this machine, or unix:PATH; port 0 takes any free port
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:9000")]
    listen: Address,

    /// HTTP server to use, by default dropshot unless ADDRESS is a unix socket, requests are logged, or TLS is asked for; hyper
    /// passes on paths and methods that dropshot answers itself
    #[arg(long, value_enum, conflicts_with = "proxy")]
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
    #[arg(long, value_name = "FILE", conflicts_with = "proxy")]
    fixture: Option<PathBuf>,

    /// Print the objects that the stub would start with as a fixture, and do not start it
    #[arg(long, conflicts_with_all = ["state", "record", "proxy"])]
    print_fixture: bool,

    /// Start with an administrator alone
    #[arg(long, conflicts_with_all = ["fixture", "proxy"])]
    empty: bool,

    /// Keep the objects in this file: filled at first, afterwards kept as they are
    #[arg(long, value_name = "FILE", conflicts_with = "proxy")]
    state: Option<PathBuf>,

    /// Forget what the state file holds and fill it anew
    #[arg(long, requires = "state")]
    start_over: bool,

    /// Refuse with 400 whatever the document does not allow, even where authentik puts up with it
    #[arg(long)]
    strict: bool,

    /// Make keys, tokens and identifiers that are the same on every run with this number and the same requests
    #[arg(long, value_name = "N", conflicts_with_all = ["state", "proxy"])]
    seed: Option<u64>,

    #[command(flatten)]
    options: Options,
    #[command(flatten)]
    proxy: ProxyOptions,
    #[command(flatten)]
    tls: TlsOptions,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Wait until a stub answers requests; exits with 1 if it does not in time
    Wait(Wait),
    /// Send the requests of a record to a server, and compare what it answers with what was recorded
    ///
    /// `--record FILE` makes a record, also with `--proxy URL` in front of an authentik. Requests are sent in order. Keys,
    /// tokens and times that servers generate may differ; those that a later request has are replaced by what this server
    /// gave. Bodies that are not JSON are not compared. Exits with 0 if everything is the same, with 1 if something differs,
    /// and with 2 if the record or the server cannot be used.
    Replay(Replay),
    /// Print a fixture of what a record has: the objects that `GET` was answered with, each as it was last
    ///
    /// `--fixture` takes it. `***N*` stands for secrets, as in the record.
    Fixture(FixtureOf),
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
    match &arguments.command {
        Some(Command::Wait(wait)) => {
            return wait.run().map_or_else(|error| failed(NOT_READY, &error), |()| ExitCode::SUCCESS);
        }
        Some(Command::Replay(replay)) => {
            return match replay.run(&mut tell).await {
                Ok(totals) if totals.is_same() => ExitCode::SUCCESS,
                Ok(_) => ExitCode::from(openapi_proxy::replay::DIFFERENT),
                Err(error) => failed(openapi_proxy::replay::CANNOT_RUN, &error),
            };
        }
        Some(Command::Fixture(record)) => {
            return match fixture_of(record) {
                Ok(text) => {
                    tell(&text);
                    ExitCode::SUCCESS
                }
                Err(error) => failed(CANNOT_START, &error),
            };
        }
        None => {}
    }
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("warn"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    let target = match arguments.proxy.target() {
        Ok(target) => target,
        Err(error) => return failed(CANNOT_START, &error),
    };
    let tls = match arguments.tls.tls(&arguments.listen) {
        Ok(tls) => tls,
        Err(error) => return failed(CANNOT_START, &error),
    };
    let ended = match target {
        Some(target) => run_proxy(arguments, target, tls).await,
        None => run(arguments, tls).await.map_err(|error| error.to_string()),
    };
    match ended {
        Ok(None) => ExitCode::SUCCESS,
        Ok(Some(message)) => failed(TOO_LITTLE_COVERED, &message),
        Err(error) => failed(CANNOT_START, &error),
    }
}

fn failed(code: u8, message: &dyn std::fmt::Display) -> ExitCode {
    let message = message.to_string();
    eprintln!("{}{message}", if message.starts_with("error:") { "" } else { "error: " });
    ExitCode::from(code)
}

/// Prints a text. A failure to print is ignored, so that what is told goes on.
fn tell(text: &str) {
    let mut output = io::stdout().lock();
    let _ = output.write_all(text.as_bytes()).and_then(|()| output.flush());
}

/// Tells of a record that has ended.
fn tell_of_record(recorder: Option<&Recorder>) {
    if let Some(recorder) = recorder {
        eprintln!("{}", recorder.summary());
    }
}

/// Runs a proxy until it is told to stop, like [`run`].
async fn run_proxy(arguments: Arguments, target: Target, tls: Option<Tls>) -> Result<Option<String>, String> {
    let options = arguments.options;
    let told_to_stop = program::told_to_stop().map_err(|error| error.to_string())?;
    options.forget_ready().map_err(|error| error.to_string())?;
    let authority = target.authority();
    let advice = tls.as_ref().and_then(|tls| arguments.tls.advice(tls));
    let plan = Plan {
        target,
        listen: arguments.listen,
        control_token: arguments.control_token,
        cors: arguments.cors,
        strict: arguments.strict,
        answers_request_id: options.access_log,
    };
    let adapt = |control: Control, base_path: &str| {
        let recorder = options.recorder(base_path).map_err(|error| error.to_string())?;
        let recorder = recorder.map(|recorder| recorder.of_server(&authority));
        Ok(options.adapt(control.with_recorder(recorder)))
    };
    let proxy = plan.start(adapt, |listener| listener.with_tls(tls))?;
    let (url, origin) = (proxy.url(), proxy.origin());
    let strict = if arguments.strict { ", and strict" } else { "" };
    let version = env!("CARGO_PKG_VERSION");
    tell(&format!(
        "authentik-stub {version} is ready{strict}\n  base URL  {url}\n  behind    {authority}\n  page      {origin}/-/\n"
    ));
    if let Some(token) = proxy.control().guard().token() {
        tell(&format!("  control   {token} (the token for /-/)\n"));
    }
    if let Some(advice) = advice {
        tell(&format!("{advice}\n"));
    }
    options.tell_ready(&url).map_err(|error| error.to_string())?;
    told_to_stop.await;
    let message = options.too_little(&proxy.control().coverage());
    tell_of_record(proxy.control().recorder());
    proxy.close(PATIENCE).await;
    Ok(message)
}

/// Runs the stub until it is told to stop. Returns a message if fewer operations were called than are asked for.
async fn run(arguments: Arguments, tls: Option<Tls>) -> Result<Option<String>, StartError> {
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
    if let Some(path) = &arguments.options.record {
        builder = builder.record(path);
    }
    let advice = tls.as_ref().and_then(|tls| arguments.tls.advice(tls));
    if let Some(tls) = tls {
        builder = builder.tls(tls);
    }
    let told_to_stop = program::told_to_stop().map_err(StartError::Signals)?;
    outlive_size_limit().map_err(StartError::Signals)?;
    arguments.options.forget_ready().map_err(StartError::ReadyFile)?;
    let stub = builder.start().await?;
    if let Some(advice) = advice {
        tell(&format!("{advice}\n"));
    }
    tell(&greeting(&stub, arguments.strict, &arguments.tls.curl()));
    arguments.options.tell_ready(stub.url()).map_err(StartError::ReadyFile)?;
    told_to_stop.await;
    let message = arguments.options.too_little(&stub.coverage());
    tell_of_record(stub.recorder());
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

/// Returns what is told of a stub that is ready. `curl` are the options of curl that it needs.
fn greeting(stub: &Stub, strict: bool, curl: &str) -> String {
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
    lines.push(format!("  try       curl {curl}-H 'Authorization: Bearer {bearer}' {url}/sources/plex/"));
    lines.push(format!("  page      {origin}/-/"));
    if let Some(token) = stub.control_token() {
        lines.push(format!("  control   {token} (the token for /-/)"));
    }
    let credentials =
        stub.control_token().map_or_else(String::new, |token| format!("-H 'Authorization: Bearer {token}' "));
    lines.push(format!("  reset     curl {curl}-X POST {credentials}{origin}/-/reset"));
    lines.join("\n") + "\n"
}

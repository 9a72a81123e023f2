//! Serves a document: collections with state, and the examples of everything else.

mod dialect;
mod fixture;
mod host;
mod prefer;
mod serving;
mod watch;

use std::fmt::Write as _;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use openapi_control::Control;
use openapi_control::guard::{ControlToken, Guard};
use openapi_control::program::{self, Options, TlsOptions};
use openapi_document::Document;
use openapi_document::model::{Credential, KeyPlace, Model, Operation, Server};
use openapi_proxy::{Proxy, ProxyOptions};
use openapi_resources::definition::Action;
use openapi_resources::functions::Functions;
use openapi_resources::infer::{Coverage, Gap, Inferred};
use openapi_resources::store::Store;
use openapi_resources::supply::Adjustable;
use openapi_resources::worlds::Worlds;
use openapi_server_runtime::cors::{Cors, Origin};
use openapi_server_runtime::listener::{Listener, Tls};
use openapi_server_runtime::server::Address;
use openapi_server_runtime::service::{Service, Settings};

use super::Stream;
use super::overlaid::Overlaid;
use crate::{Outcome, Report, shell};

use dialect::Speech;
use host::Served;
use prefer::Declared;
use serving::{Serving, Started};
use watch::Watch;

/// The time that requests have to end after the program was interrupted.
const GRACE: Duration = Duration::from_secs(5);

/// The document, and where it is served.
#[derive(Args, Clone, Debug)]
pub struct Arguments {
    /// Holds the document
    #[command(flatten)]
    pub source: Overlaid,
    /// Listen at this address: HOST:PORT, :PORT for every address of this machine, or unix:PATH; port 0 is any that is free
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:4010")]
    pub listen: Address,
    /// Ask for this token on /-/, as `Authorization: Bearer TOKEN`; without it, a random one is made and printed where the
    /// server does not listen on loopback
    #[arg(long, value_name = "TOKEN")]
    pub control_token: Option<String>,
    /// Answer with the texts, shapes and statuses of this dialect
    #[arg(long, value_enum, default_value_t)]
    pub dialect: Speech,
    /// Let web pages of this origin read responses, `*` those of any; may be given several times
    #[arg(long, value_name = "ORIGIN")]
    pub cors: Vec<Origin>,
    /// Print what each operation answers, and do not serve
    #[arg(long, conflicts_with_all = ["proxy", "record"])]
    pub list: bool,
    /// Refuse a document that leaves open what a parameter means; with `--proxy`, refuse what violates the document
    #[arg(long)]
    pub strict: bool,
    /// Holds the options of a proxy
    #[command(flatten)]
    pub proxy: ProxyOptions,
    /// Read the document and overlays anew when they change. Rows of models that stay the same are kept
    #[arg(long, conflicts_with = "record")]
    pub watch: bool,
    /// The objects to begin with, as JSON in the form of the API: `{"objects": {"pets": [...]}}`
    #[arg(long, value_name = "FILE", conflicts_with_all = ["seed", "proxy"])]
    pub fixture: Option<PathBuf>,
    /// Print the objects that the server would begin with as a fixture, and do not serve
    #[arg(long, conflicts_with_all = ["list", "proxy", "record"])]
    pub print_fixture: bool,
    /// Make rows from the schemas, and keys that are the same on every run; other numbers make others
    #[arg(long, value_name = "N", conflicts_with = "proxy")]
    pub seed: Option<usize>,
    /// Make up to this many rows of each model
    #[arg(long, value_name = "K", default_value_t = 10, requires = "seed")]
    pub rows: usize,
    /// Holds the options of all servers for tests
    #[command(flatten)]
    pub options: Options,
    /// Holds the options for TLS
    #[command(flatten)]
    pub tls: TlsOptions,
}

/// A document that is ready to be served.
#[derive(Debug)]
pub struct Ready {
    service: Serving,
    listen: Address,
    options: Options,
    /// The operations, and what they do.
    pub operations: Vec<Coverage>,
    /// The parts of the document that nothing maps.
    pub gaps: Vec<String>,
    /// The command that asks for something, with a place for the URL.
    example: Option<(String, String)>,
}

impl Ready {
    /// Makes a server of the document that the arguments name.
    ///
    /// # Errors
    /// Fails if the document, an overlay or an annotation is wrong. The message says where.
    pub fn new(arguments: &Arguments, color: bool) -> Result<Self, String> {
        let document = arguments.source.read(color)?;
        let render = |error: openapi_document::Error| error.render(color);
        let inferred = Inferred::of(&document, Functions::new()).map_err(render)?;
        let gaps: Vec<String> = inferred.gaps.iter().map(|gap| told(&document, gap)).collect();
        let target = arguments.proxy.target()?;
        if arguments.strict && target.is_none() && !gaps.is_empty() {
            return Err(format!("the document leaves things open\n{}", gaps.join("\n")));
        }
        let model = Model::of(&document);
        let tables = openapi_tables::build(&model).map_err(render)?;
        let example = example(&model, &inferred);
        let Inferred { plan, operations, schemas, .. } = inferred;
        let seed = arguments.seed.and_then(|seed| u64::try_from(seed).ok());
        let supply = Arc::new(Adjustable::new(seed));
        let store = Store::new(plan.with_supply(Arc::clone(&supply)));
        if let Some(path) = &arguments.fixture {
            fixture::load(&store, path)?;
        }
        if let Some(seed) = arguments.seed {
            schemas.fill(&store, &document, seed, arguments.rows);
        }
        supply.begin();
        let token = arguments.control_token.clone().map(ControlToken::from);
        let guard = Guard::at(arguments.listen.as_tcp(), token).map_err(|error| error.to_string())?;
        let speech = arguments.dialect;
        let control =
            Control::new(tables, speech.dialect(), document.written().to_string()).with_guard(guard);
        let recorder = arguments.options.recorder(tables.base_path).map_err(|error| error.to_string())?;
        let recorder = match (recorder, &target) {
            (Some(recorder), Some(target)) => Some(recorder.of_server(target.authority())),
            (recorder, _) => recorder,
        };
        let control = control.with_supply(supply).with_recorder(recorder);
        let control = arguments.options.adapt(control);
        let cors = (!arguments.cors.is_empty()).then(|| Cors::new(arguments.cors.iter().cloned()));
        let answers_request_id = arguments.options.access_log;
        let settings = Settings { cors, answers_request_id, ..Settings::default() };
        let service = if let Some(target) = target {
            let proxy = Proxy::new(target, document, speech.dialect(), control, arguments.strict)?;
            Serving::Proxy(proxy.service(tables, settings))
        } else {
            let (worlds, declared, base_path) =
                (Worlds::new(store), Declared::new(document), tables.base_path);
            let served = Served { worlds, base_path, control, speech, declared };
            let service = Service::of(tables, served).with_dialect(speech.dialect());
            Serving::Rows(service.with_settings(settings))
        };
        let (listen, options) = (arguments.listen.clone(), arguments.options.clone());
        Ok(Self { service, listen, options, operations, gaps, example })
    }

    /// Returns how many operations there are of each kind.
    #[must_use]
    pub fn summary(&self) -> String {
        let stateful = self.operations.iter().filter(|operation| operation.meaning.is_ok()).count();
        format!("{stateful} of {} operations have state; the others answer examples", self.operations.len())
    }

    /// Returns what each operation does, in a table.
    #[must_use]
    pub fn table(&self) -> String {
        let width = self.operations.iter().map(|operation| operation.path.len()).max().unwrap_or(0);
        let mut text = String::new();
        for Coverage { method, path, meaning, .. } in &self.operations {
            let meaning = match meaning {
                Ok((collection, action)) => format!("{} {collection}", word(*action)),
                Err(reason) => format!("example: {reason}"),
            };
            // A terminal is not to obey what a document says.
            let (path, meaning) = (path.escape_debug().to_string(), meaning.escape_debug());
            // Writing to a string cannot fail.
            let _ = writeln!(text, "{method:7} {path:width$}  {meaning}");
        }
        text
    }

    /// Starts to serve, over TLS if there is a certificate.
    ///
    /// # Errors
    /// Fails if the address cannot be bound.
    fn start(self, tls: Option<Tls>) -> Result<Started, String> {
        let address = self.listen;
        let help = "choose another with `--listen`, such as `--listen 127.0.0.1:0` for any port that is free";
        let told =
            |error: &dyn std::fmt::Display| format!("cannot listen at {address}: {error}\n  help: {help}");
        let listener = Listener::bind(address.clone()).map_err(|error| told(&error))?.with_tls(tls);
        self.service.start(listener).map_err(|error| told(&error))
    }
}

/// Serves until the program is interrupted. `print` is given what is to be told when requests are answered, and when the
/// document changes.
#[must_use]
pub fn run(arguments: &Arguments, color: bool, print: Print<'_>) -> Report {
    let watch = arguments
        .watch
        .then(|| Watch::new(&arguments.source.document, &arguments.source.overlay))
        .transpose();
    let watch = match watch {
        Ok(watch) => watch,
        Err(message) => return Report::failure(&message),
    };
    let ready = match Ready::new(arguments, color) {
        Ok(ready) => ready,
        Err(message) => return Report::failure(&message),
    };
    if arguments.list {
        let mut lines = vec![ready.table()];
        lines.extend(ready.gaps.iter().map(|gap| format!("{gap}\n")));
        lines.push(format!("{}\n", ready.summary()));
        return Report::clean(lines.concat());
    }
    if arguments.print_fixture {
        return Report::clean(ready.service.fixture());
    }
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return Report::failure(&format!("cannot start: {error}")),
    };
    runtime.block_on(async {
        let told_to_stop = match program::told_to_stop() {
            Ok(told_to_stop) => told_to_stop,
            Err(error) => return Report::failure(&format!("signals cannot be received: {error}")),
        };
        let mut text = match &arguments.proxy.proxy {
            Some(url) => format!("{}: a proxy in front of {url}\n", arguments.source.document),
            None => format!("{}: {}\n", arguments.source.document, ready.summary()),
        };
        for gap in ready.gaps.iter().filter(|_| arguments.proxy.proxy.is_none()) {
            let _ = writeln!(text, "{gap}");
        }
        let (example, options) = (ready.example.clone(), ready.options.clone());
        if let Err(error) = options.forget_ready() {
            return Report::failure(&format!("the ready file of another start cannot be removed: {error}"));
        }
        let tls = match arguments.tls.tls(&arguments.listen) {
            Ok(tls) => tls,
            Err(message) => return Report::failure(&message),
        };
        let advice = tls.as_ref().and_then(|tls| arguments.tls.advice(tls));
        let mut server = match ready.start(tls) {
            Ok(server) => server,
            Err(message) => return Report::failure(&message),
        };
        let url = server.url();
        let _ = writeln!(text, "serving {url}, to be interrupted with Ctrl-C");
        let _ = writeln!(text, "look at {}/-/ in a browser", server.origin());
        if let Some(advice) = advice {
            let _ = writeln!(text, "{advice}");
        }
        if let Some((options, path)) = example {
            let curl = arguments.tls.curl();
            let _ = writeln!(
                text,
                "try: curl {curl}{options}{}",
                shell::quoted(&format!("{}{path}", server.origin()))
            );
        }
        if let Some(token) = server.control().guard().token() {
            let _ = writeln!(text, "the control token, for requests to /-/: {token}");
        }
        print(Stream::Stdout, &text);
        if let Err(error) = options.tell_ready(&url) {
            return Report::failure(&format!("the ready file cannot be written: {error}"));
        }
        // A token that was made up stays the one that was printed.
        let token = server.control().guard().token().map(str::to_owned);
        let arguments = Arguments { control_token: token, ..arguments.clone() };
        tokio::select! {
            () = told_to_stop => {}
            () = reloading(watch, &mut server, &arguments, color, print) => {}
        }
        let too_little = options.too_little(&server.coverage());
        server.control().end_streams();
        if let Some(recorder) = server.control().recorder() {
            print(Stream::Stderr, &format!("{}\n", recorder.summary()));
        }
        match server.close(GRACE).await {
            Ok(()) if too_little.is_some() => Report {
                text: too_little.map(|message| message + "\n").unwrap_or_default(),
                outcome: Outcome::Findings,
            },
            Ok(()) => Report { text: String::new(), outcome: Outcome::Clean },
            Err(error) => Report::failure(&error.to_string()),
        }
    })
}

/// Prints what a command tells while it runs.
pub type Print<'a> = &'a dyn Fn(Stream, &str);

/// Serves the document anew whenever it changes; never ends.
async fn reloading(
    watch: Option<Watch>,
    server: &mut Started,
    arguments: &Arguments,
    color: bool,
    print: Print<'_>,
) {
    let Some(mut watch) = watch else { return std::future::pending().await };
    loop {
        watch.changed().await;
        // What changes while the document is read is seen again.
        match Watch::new(&arguments.source.document, &arguments.source.overlay) {
            Ok(now) => watch = now.with(watch),
            Err(message) => print(Stream::Stderr, &format!("{message}\n")),
        }
        let text = match tokio::task::block_in_place(|| reload(server, arguments, color)) {
            Ok(text) => text,
            Err(message) => format!("{message}\n{}: served as it was before\n", arguments.source.document),
        };
        print(Stream::Stderr, &text);
    }
}

/// Serves the document as it is now, with the rows of models that are described as before. Returns what to tell.
fn reload(server: &mut Started, arguments: &Arguments, color: bool) -> Result<String, String> {
    let ready = Ready::new(arguments, color)?;
    let mut text = format!("{}: read anew; {}\n", arguments.source.document, ready.summary());
    let (kept, anew) = server.replace(ready.service).map_err(|error| error.to_string())?;
    for (what, models) in [("rows kept", kept), ("rows made anew", anew)] {
        if !models.is_empty() {
            let models: Vec<String> = models.iter().map(|name| name.escape_debug().to_string()).collect();
            let _ = writeln!(text, "{what}: {}", models.join(", "));
        }
    }
    for gap in &ready.gaps {
        let _ = writeln!(text, "{gap}");
    }
    Ok(text)
}

/// Returns a gap with its place.
fn told(document: &Document, gap: &Gap) -> String {
    let error = document.error(&gap.pointer, gap.message.clone(), gap.help.clone());
    format!("open: {error}")
}

fn word(action: Action) -> &'static str {
    match action {
        Action::List => "list",
        Action::Create => "create in",
        Action::Retrieve => "find in",
        Action::Update => "replace in",
        Action::Patch => "change in",
        Action::Delete => "delete in",
        Action::Put => "make or replace in",
    }
}

/// Returns options of curl with credentials, and the path below the server's address of an operation that needs nothing else.
fn example(model: &Model<'_>, inferred: &Inferred) -> Option<(String, String)> {
    let is_plain = |operation: &&Operation<'_>| {
        operation.method == "get"
            && operation.variables().next().is_none()
            && !operation.parameters.iter().any(|parameter| parameter.required)
    };
    let is_stateful = |operation: &&Operation<'_>| {
        inferred.operations.iter().any(|known| known.operation == operation.id && known.meaning.is_ok())
    };
    let plain = || model.operations.iter().filter(is_plain);
    let operation = plain().find(is_stateful).or_else(|| plain().next())?;
    let alternative = operation.security.iter().flatten().next();
    let schemes = alternative.into_iter().flatten().filter_map(|requirement| {
        model.security_schemes.iter().find(|scheme| scheme.name == requirement.scheme)?.credential
    });
    let (mut options, mut query) = (Vec::new(), String::new());
    let header = |text: String| format!("-H {} ", shell::quoted(&text));
    for credential in schemes {
        match credential {
            Credential::Token => options.push(header("Authorization: Bearer any".to_owned())),
            Credential::Basic => options.push("-u any:any ".to_owned()),
            Credential::Http(name) => options.push(header(format!("Authorization: {name} any"))),
            Credential::Key(KeyPlace::Header, name) => options.push(header(format!("{name}: any"))),
            Credential::Key(KeyPlace::Cookie, name) => {
                options.push(format!("-b {} ", shell::quoted(&format!("{name}=any"))));
            }
            Credential::Key(KeyPlace::Query, name) => query = format!("?{name}=any"),
        }
    }
    let base_path = operation.servers.first().map_or_else(|| model.base_path(), Server::path);
    Some((options.concat(), format!("{base_path}{}{query}", operation.path)))
}

#[cfg(test)]
mod tests;

//! Serves a document: collections with state, and the examples of everything else.

mod host;

use std::fmt::Write as _;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use openapi_control::guard::{ControlToken, Guard};
use openapi_control::{Control, Controlled as _};
use openapi_document::Document;
use openapi_document::model::{Credential, KeyPlace, Model, Operation};
use openapi_resources::definition::Action;
use openapi_resources::functions::Functions;
use openapi_resources::infer::{Coverage, Gap, Inferred};
use openapi_resources::server::ByStore;
use openapi_resources::store::Store;
use openapi_server_runtime::listener::Listener;
use openapi_server_runtime::plain::Plain;
use openapi_server_runtime::server::Server;
use openapi_server_runtime::service::Service;

use crate::{Outcome, Report, shell, source};

pub use host::Served;

/// The time that requests have to end after the program was interrupted.
const GRACE: Duration = Duration::from_secs(5);

/// The document, what is added to it, and where it is served.
#[derive(Args, Clone, Debug)]
pub struct Arguments {
    /// The document
    #[arg(value_name = "FILE")]
    pub document: String,
    /// Change the document by an OpenAPI Overlay before it is read; several are applied one after the other
    #[arg(long, value_name = "FILE")]
    pub overlay: Vec<PathBuf>,
    /// Listen at this address; port 0 is any that is free
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:4010")]
    pub listen: SocketAddr,
    /// Ask for this token on /-/, as `Authorization: Bearer TOKEN`; without it, a random one is made and printed where the
    /// server does not listen on loopback
    #[arg(long, value_name = "TOKEN")]
    pub control_token: Option<String>,
    /// Print what each operation answers, and do not serve
    #[arg(long)]
    pub list: bool,
    /// Refuse a document that leaves open what a parameter means
    #[arg(long)]
    pub strict: bool,
    /// Make rows from the schemas; other numbers make other rows
    #[arg(long, value_name = "N")]
    pub seed: Option<usize>,
    /// Make up to this many rows of each model
    #[arg(long, value_name = "K", default_value_t = 10, requires = "seed")]
    pub rows: usize,
}

/// A document that is ready to be served.
#[derive(Debug)]
pub struct Ready {
    service: Service<ByStore, Served>,
    listen: SocketAddr,
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
        let document = source::read_with(&arguments.document, &arguments.overlay, color)?;
        let render = |error: openapi_document::Error| error.render(color);
        let inferred = Inferred::of(&document, Functions::new()).map_err(render)?;
        let gaps: Vec<String> = inferred.gaps.iter().map(|gap| told(&document, gap)).collect();
        if arguments.strict && !gaps.is_empty() {
            return Err(format!("the document leaves things open\n{}", gaps.join("\n")));
        }
        let model = Model::of(&document);
        let tables = openapi_tables::build(&model).map_err(render)?;
        let example = example(&model, &inferred);
        let Inferred { plan, operations, schemas, .. } = inferred;
        let store = Store::new(plan);
        if let Some(seed) = arguments.seed {
            schemas.fill(&store, &document, seed, arguments.rows);
        }
        let token = arguments.control_token.clone().map(ControlToken::from);
        let guard = Guard::new(arguments.listen.ip(), token).map_err(|error| error.to_string())?;
        let control = Control::new(tables, Plain, document.written().to_string()).with_guard(guard);
        let service = Service::of(tables, Served::new(store, tables.base_path, control));
        Ok(Self { service, listen: arguments.listen, operations, gaps, example })
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

    /// Starts to serve.
    ///
    /// # Errors
    /// Fails if the address cannot be bound.
    pub fn start(self) -> Result<Server<ByStore, Served>, String> {
        let address = self.listen;
        let help = "choose another with `--listen`, such as `--listen 127.0.0.1:0` for any port that is free";
        let told =
            |error: &dyn std::fmt::Display| format!("cannot listen at {address}: {error}\n  help: {help}");
        let listener = Listener::bind(address).map_err(|error| told(&error))?;
        Server::listen(self.service, listener).map_err(|error| told(&error))
    }
}

/// Serves until the program is interrupted. `print` is given what is to be told when requests are answered.
#[must_use]
pub fn run(arguments: &Arguments, color: bool, print: &dyn Fn(&str)) -> Report {
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
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return Report::failure(&format!("cannot start: {error}")),
    };
    runtime.block_on(async {
        let mut text = format!("{}: {}\n", arguments.document, ready.summary());
        for gap in &ready.gaps {
            let _ = writeln!(text, "{gap}");
        }
        let example = ready.example.clone();
        let server = match ready.start() {
            Ok(server) => server,
            Err(message) => return Report::failure(&message),
        };
        let url = server.url();
        let _ = writeln!(text, "serving {url}, to be interrupted with Ctrl-C");
        if let Some((options, path)) = example {
            let _ = writeln!(text, "try: curl {options}{}", shell::quoted(&format!("{url}{path}")));
        }
        if let Some(token) = server.api().control().guard().token() {
            let _ = writeln!(text, "the control token, for requests to /-/: {token}");
        }
        print(&text);
        // Without signals the program serves until it is killed.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
        server.api().control().end_streams();
        match server.close(GRACE).await {
            Ok(()) => Report { text: String::new(), outcome: Outcome::Clean },
            Err(error) => Report::failure(&error.to_string()),
        }
    })
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

/// Returns options of curl with credentials, and the path of an operation that needs nothing else.
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
    Some((options.concat(), format!("{}{query}", operation.path)))
}

#[cfg(test)]
mod tests {
    use http::Request;
    use openapi_server_runtime::serve::serve;
    use serde_json::{Value, json};

    use super::*;

    fn ready() -> Ready {
        let arguments = Arguments {
            document: format!("{}/tests/documents/pets.yaml", env!("CARGO_MANIFEST_DIR")),
            overlay: Vec::new(),
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            control_token: None,
            list: false,
            strict: false,
            seed: None,
            rows: 10,
        };
        Ready::new(&arguments, false).unwrap()
    }

    async fn ask(ready: &Ready, line: &str, body: &Value) -> (u16, Value) {
        let (method, path) = line.split_once(' ').unwrap();
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let request = Request::builder().method(method).uri(path).header("host", "localhost");
        let request = request.header("content-type", "application/json");
        let response = serve(&ready.service, request.body(body).unwrap()).await;
        let bytes = response.body().as_bytes().cloned().unwrap_or_default();
        (response.status().as_u16(), serde_json::from_slice(&bytes).unwrap_or_default())
    }

    #[tokio::test]
    async fn a_document_is_served_with_a_control_api() {
        let ready = ready();
        let pet = json!({"name": "Rex"});
        let fault = json!({"operation": "create_pet", "status": 503});
        assert_eq!(ask(&ready, "POST /-/faults", &fault).await.0, 201);
        assert_eq!(ask(&ready, "POST /pets", &pet).await.0, 503);
        assert_eq!(ask(&ready, "POST /pets", &pet).await.0, 201);
        assert_eq!(
            ask(&ready, "GET /-/health", &Value::Null).await,
            (200, json!({"status": "ok", "pets": 1}))
        );
        let expectation = json!({"operation": "create_pet", "body": pet, "count": 2});
        assert_eq!(ask(&ready, "POST /-/verify", &expectation).await.0, 200);
        let (status, document) = ask(&ready, "GET /-/openapi.json", &Value::Null).await;
        assert_eq!((status, &document["info"]["title"]), (200, &json!("Pet Store API")));
        assert_eq!(ask(&ready, "POST /-/reset", &Value::Null).await.0, 204);
        assert_eq!(ask(&ready, "GET /pets", &Value::Null).await, (200, json!([])));
        assert_eq!(ready.service.api().control().requests().count(), 1);
    }
}

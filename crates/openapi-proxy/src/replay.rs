//! Sends the requests of a record to a server, and compares what it answers with what was recorded.

use std::fs::File;
use std::io::BufReader;
use std::path::PathBuf;

use clap::Args;
use http::header::{CONTENT_TYPE, HOST};
use http::{HeaderName, HeaderValue};
use openapi_control::printable;
use openapi_control::record::{Recorded, Records};
use serde_json::Value;

use crate::learned::Learned;
use crate::resend::{Resent, Supplied, collection};
use crate::target::{Reach, Target, cause};
use crate::upstream::MAX_BODY;

/// The exit code of a replay with differences.
pub const DIFFERENT: u8 = 1;

/// The exit code of a replay that could not be run.
pub const CANNOT_RUN: u8 = 2;

/// The record, the server, and what requests are sent with.
#[derive(Debug, Clone, Args)]
pub struct Replay {
    /// The record, made with `--record`
    #[arg(value_name = "FILE")]
    pub file: PathBuf,

    /// URL of the server. Recorded paths are appended to it; it may have the base path of the API, which they begin with
    #[arg(value_name = "URL")]
    pub url: String,

    /// Send this token where the recorded request had credentials that no answer of this server gave
    #[arg(long, value_name = "TOKEN")]
    pub token: Option<String>,

    /// Send this header with every request, in place of a recorded one; may be given several times
    #[arg(long, value_name = "NAME: VALUE")]
    pub header: Vec<String>,

    /// Send this secret where the record has ***N; may be given several times
    #[arg(long, value_name = "N=VALUE")]
    pub secret: Vec<String>,

    /// Let the URL be one of another machine
    #[arg(long)]
    pub allow_remote: bool,

    /// Trust the certificates in this file of PEM, instead of those of the system
    #[arg(long, value_name = "FILE")]
    pub ca: Option<PathBuf>,

    /// Show so many of the exchanges that differ
    #[arg(long, value_name = "N", default_value_t = 20)]
    pub show: usize,
}

/// The numbers of exchanges.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Totals {
    /// Those that were answered as recorded.
    pub same: usize,
    /// Those that were answered differently.
    pub different: usize,
    /// Those that could not be sent.
    pub unsent: usize,
}

impl Totals {
    /// Returns `true` if every request was sent and answered as recorded.
    #[must_use]
    pub fn is_same(&self) -> bool {
        self.different == 0 && self.unsent == 0
    }

    fn told(self) -> String {
        let Self { same, different, unsent } = self;
        let all = same + different + unsent;
        format!("{all} exchanges: {same} the same, {different} different, {unsent} not sent\n")
    }
}

/// An answer of the server.
struct Answer {
    status: u16,
    content_type: Option<String>,
    body: Option<Value>,
}

impl Replay {
    /// Sends all requests in order. `print` is given the differences, and the totals at the end.
    ///
    /// # Errors
    /// If the record cannot be read, an argument is wrong, or the server cannot be reached: what is wrong and what helps.
    pub async fn run(&self, print: &mut dyn FnMut(&str)) -> Result<Totals, String> {
        let file = self.file.display();
        let opened = File::open(&self.file).map_err(|error| format!("error: {file}: {error}"))?;
        let records = Records::new(BufReader::new(opened));
        let records = records.map_err(|error| format!("error: {file}: {error}"))?;
        let reach = Reach { allow_remote: self.allow_remote, ca: self.ca.clone() };
        let target = Target::new(&self.url, &reach).map_err(|error| format!("error: {error}"))?;
        // Recorded paths begin with the base path of the API.
        let is_of_api = !target.path().is_empty() && target.path() == records.head.base_path;
        let target = if is_of_api { target.without_path() } else { target };
        let (supplied, mut learned) = (self.supplied()?, self.known()?);
        let mut totals = Totals::default();
        for (number, recorded) in (1..).zip(records) {
            let recorded = recorded.map_err(|error| format!("error: {file}: {error}"))?;
            if let Some(host) = recorded.headers.get(HOST.as_str()) {
                learned.set_hosts(host.clone(), format!("{}://{}", target.scheme(), target.authority()));
            }
            let problems = match Resent::of(&recorded, &mut learned, &supplied) {
                Err(reason) => {
                    totals.unsent += 1;
                    vec![format!("not sent: {reason}")]
                }
                Ok(request) => {
                    let problems = match send(&target, request).await {
                        Ok(answer) => compare(&recorded, &answer, &mut learned),
                        Err(error) if error.is_connect() => {
                            let (url, cause) = (target.url(), cause(&error));
                            return Err(format!(
                                "error: the server at {url} cannot be reached: {cause}\n  help: start it, or name another; `wait URL` waits for one"
                            ));
                        }
                        Err(error) => vec![format!("no answer: {}", cause(&error))],
                    };
                    *(if problems.is_empty() { &mut totals.same } else { &mut totals.different }) += 1;
                    problems
                }
            };
            if !problems.is_empty() && totals.different + totals.unsent <= self.show {
                let first = format!("{number} {} {}", recorded.method, recorded.path);
                print(&format!("{}\n", printable(&first)));
                for problem in problems {
                    print(&format!("    {}\n", printable(&problem)));
                }
            }
        }
        print(&totals.told());
        Ok(totals)
    }

    fn supplied(&self) -> Result<Supplied, String> {
        let header = |text: &String| {
            let told = || "error: `--header` is `NAME: VALUE`, such as `--header 'X-Key: abc'`".to_owned();
            let (name, value) = text.split_once(':').ok_or_else(told)?;
            let name: HeaderName = name.trim().parse().map_err(|_| told())?;
            Ok((name, HeaderValue::try_from(value.trim()).map_err(|_| told())?))
        };
        let headers = self.header.iter().map(header).collect::<Result<_, String>>()?;
        Ok(Supplied { token: self.token.clone(), headers })
    }

    fn known(&self) -> Result<Learned, String> {
        let mut learned = Learned::default();
        for text in &self.secret {
            let parsed = text.split_once('=').and_then(|(number, secret)| {
                let number = number.trim_start_matches('*').parse::<usize>().ok()?;
                Some((format!("***{number}"), secret.to_owned()))
            });
            let told = || "error: `--secret` is `N=VALUE`, such as `--secret 2=abc` for ***2".to_owned();
            let (stand_in, secret) = parsed.ok_or_else(told)?;
            learned.add_secret(stand_in, secret);
        }
        Ok(learned)
    }
}

async fn send(target: &Target, request: Resent) -> Result<Answer, reqwest::Error> {
    let Some(url) = target.address(&request.target) else {
        // No server is asked for such a path, so nothing was recorded of one either.
        return Ok(Answer { status: 400, content_type: None, body: None });
    };
    let sent = target.client().request(request.method, url).headers(request.headers).body(request.body);
    let mut received = sent.send().await?;
    let status = received.status().as_u16();
    let content_type = received.headers().get(CONTENT_TYPE);
    let content_type = content_type.map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
    let mut bytes = Vec::new();
    while let Some(chunk) = received.chunk().await? {
        if bytes.len() + chunk.len() <= MAX_BODY {
            bytes.extend_from_slice(&chunk);
        }
    }
    Ok(Answer { status, content_type, body: serde_json::from_slice(&bytes).ok() })
}

/// Returns the differences of an answer from the recorded one.
fn compare(recorded: &Recorded, answer: &Answer, learned: &mut Learned) -> Vec<String> {
    if recorded.status != answer.status {
        let body = answer.body.as_ref().map(Value::to_string).unwrap_or_default();
        let body: String = body.chars().take(MAX_TOLD).collect();
        return vec![format!("status: expected {}, got {} {body}", recorded.status, answer.status)];
    }
    let mut problems = Vec::new();
    if recorded.content_type != answer.content_type {
        let shown = |it: &Option<String>| it.clone().unwrap_or_else(|| "none".to_owned());
        let (expected, got) = (shown(&recorded.content_type), shown(&answer.content_type));
        problems.push(format!("content type: expected {expected}, got {got}"));
    }
    match (&recorded.answer_body, &answer.body) {
        (Some(expected), Some(got)) => {
            let found = learned.compare(collection(&recorded.path), expected, got);
            problems.extend(found.map(|difference| difference.to_string()));
        }
        (Some(_), None) => problems.push("the body: expected JSON, got something else".to_owned()),
        // A body that is not JSON is not compared.
        (None, _) => {}
    }
    problems
}

/// The characters of an unexpected answer that are shown.
const MAX_TOLD: usize = 200;

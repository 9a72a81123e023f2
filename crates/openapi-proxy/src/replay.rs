//! Sends the requests of a record to a server, and compares what it answers with what was recorded.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufReader, Read as _};
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use http::header::{CONTENT_TYPE, HOST};
use http::{HeaderName, HeaderValue};
use openapi_control::printable;
use openapi_control::record::{Recorded, Records, set_cookies, stand_in, stand_ins};
use reqwest::RequestBuilder;
use serde_json::Value;

use crate::compare::Difference;
use crate::learned::Learned;
use crate::resend::{Resent, Supplied, collection};
use crate::target::{Reach, Target, cause};
use crate::upstream::MAX_BODY;

/// The exit code of a replay with differences.
pub const DIFFERENT: u8 = 1;

/// The exit code of a replay that could not be run.
pub const CANNOT_RUN: u8 = 2;

/// The time that a request and its answer may take.
const EXCHANGE: Duration = Duration::from_mins(2);

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

    /// Send this secret where the record has `***N*`; may be given several times
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
    /// The values of the cookies that it sets, by their names.
    cookies: BTreeMap<String, String>,
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
        // A server that still records into the file adds what it is asked here.
        let length = opened.metadata().map_err(|error| format!("error: {file}: {error}"))?.len();
        let records = Records::new(BufReader::new(opened.take(length)));
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
            let request = Resent::of(&recorded, &mut learned, &supplied).and_then(|request| {
                let url = target.address(&request.target)?;
                Ok((url, request))
            });
            let problems = match request {
                Err(reason) => {
                    totals.unsent += 1;
                    vec![format!("not sent: {reason}")]
                }
                Ok((url, request)) => {
                    let sent = target.client().request(request.method, url).headers(request.headers);
                    let problems = match answer(sent.body(request.body), &recorded).await {
                        Ok(answer) => compare(&recorded, &answer, &mut learned),
                        Err(Failed::Unreachable(cause)) => return Err(unreachable(&target, &cause)),
                        Err(Failed::Broken(reason)) => vec![format!("no answer: {reason}")],
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
                let number = number.trim_matches('*').parse::<usize>().ok()?;
                Some((stand_in(number), secret.to_owned()))
            });
            let told = || "error: `--secret` is `N=VALUE`, such as `--secret 2=abc` for ***2*".to_owned();
            let (stand_in, secret) = parsed.ok_or_else(told)?;
            learned.add_secret(stand_in, secret);
        }
        Ok(learned)
    }
}

/// The reason why there is no answer.
enum Failed {
    Unreachable(String),
    Broken(String),
}

impl From<reqwest::Error> for Failed {
    fn from(error: reqwest::Error) -> Self {
        if error.is_connect() { Self::Unreachable(cause(error)) } else { Self::Broken(cause(error)) }
    }
}

/// Sends a request. The body of the answer is read if there is anything to compare it with.
async fn answer(request: RequestBuilder, recorded: &Recorded) -> Result<Answer, Failed> {
    let mut received = request.timeout(EXCHANGE).send().await?;
    let status = received.status().as_u16();
    let content_type = received.headers().get(CONTENT_TYPE);
    let content_type = content_type.map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
    let cookies = set_cookies(received.headers());
    let cookies = cookies.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    if recorded.answer_body.is_none() && recorded.status == status {
        return Ok(Answer { status, content_type, cookies, body: None });
    }
    let mut bytes = Vec::new();
    while let Some(chunk) = received.chunk().await? {
        if bytes.len() + chunk.len() > MAX_BODY {
            return Err(Failed::Broken(format!("its body is longer than {} MiB", MAX_BODY >> 20)));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(Answer { status, content_type, cookies, body: serde_json::from_slice(&bytes).ok() })
}

fn unreachable(target: &Target, cause: &str) -> String {
    let help = if cause.contains("certificate") {
        "name the certificates to trust with `--ca FILE`"
    } else {
        "start it, or name another; `wait URL` waits for one"
    };
    format!("error: the server at {} cannot be reached: {cause}\n  help: {help}", target.url())
}

/// Returns the differences of an answer from the recorded one. What may be secret in it is not told.
fn compare(recorded: &Recorded, answer: &Answer, learned: &mut Learned) -> Vec<String> {
    if recorded.status != answer.status {
        let body = answer.body.as_ref().map(|body| learned.shown(body, true).to_string()).unwrap_or_default();
        let body: String = body.chars().take(MAX_TOLD).collect();
        return vec![format!("status: expected {}, got {} {body}", recorded.status, answer.status)];
    }
    let mut problems = Vec::new();
    for (name, stand_in) in &recorded.answer_cookies {
        // A cookie without a value is removed.
        match answer.cookies.get(name).filter(|value| !value.is_empty()) {
            Some(value) => learned.add_secret(stand_in.clone(), value.clone()),
            None => problems.push(format!("the cookie `{name}`: expected one, got none")),
        }
    }
    if recorded.content_type != answer.content_type {
        let shown = |it: &Option<String>| it.clone().unwrap_or_else(|| "none".to_owned());
        let (expected, got) = (shown(&recorded.content_type), shown(&answer.content_type));
        problems.push(format!("content type: expected {expected}, got {got}"));
    }
    match (&recorded.answer_body, &answer.body) {
        (Some(expected), Some(got)) => {
            let found = learned.compare(collection(&recorded.path), expected, got);
            problems.extend(found.map(|found| {
                let is_secret = |expected: &Value| stand_ins(&expected.to_string()).next().is_some();
                let may_be_secret = found.expected.as_ref().is_none_or(is_secret);
                let got = found.got.map(|got| learned.shown(&got, may_be_secret));
                Difference { got, ..found }.to_string()
            }));
        }
        (Some(_), None) => problems.push("the body: expected JSON, got something else".to_owned()),
        // A body that is not JSON is not compared.
        (None, _) => {}
    }
    problems
}

/// The characters of the form of an unexpected answer that are shown.
const MAX_TOLD: usize = 200;

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpListener;

    use super::*;

    /// Replays exchanges against a server that answers each with `head`, and with `body` again and again. Returns what is told.
    async fn replayed(exchanges: &[Value], head: &'static str, body: &'static [u8]) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("an address");
        let address = listener.local_addr().expect("an address");
        tokio::spawn(async move {
            while let Ok((mut connection, _)) = listener.accept().await {
                // Whoever asked may hang up at any time.
                let _ = connection.read(&mut [0; 4096]).await;
                let _ = connection.write_all(head.as_bytes()).await;
                while !body.is_empty() && connection.write_all(body).await.is_ok() {}
                if head.is_empty() {
                    std::future::pending::<()>().await;
                }
            }
        });
        let mut file = tempfile::NamedTempFile::new().expect("a file");
        writeln!(file, "{{\"exchanges\": 1}}").expect("a line");
        for exchange in exchanges {
            writeln!(file, "{exchange}").expect("a line");
        }
        let replay = Replay {
            file: file.path().to_owned(),
            url: format!("http://{address}"),
            token: Some("t0ken".to_owned()),
            header: Vec::new(),
            secret: Vec::new(),
            allow_remote: false,
            ca: None,
            show: 20,
        };
        let mut told = String::new();
        replay.run(&mut |text| told += text).await.expect("a replay");
        told
    }

    fn exchange(path: &str, answer: Option<&Value>) -> Value {
        serde_json::json!({"method": "GET", "path": path, "status": 200, "answer_body": answer})
    }

    const JSON: &str = "HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n";

    #[tokio::test]
    async fn an_answer_without_an_end_is_given_up() {
        let told = replayed(&[exchange("/", Some(&Value::Null))], JSON, &[b' '; 1 << 12]).await;
        assert!(told.contains("no answer: its body is longer than 16 MiB"), "{told}");
    }

    #[tokio::test(start_paused = true)]
    async fn an_answer_that_takes_too_long_is_given_up() {
        let told = replayed(&[exchange("/", Some(&Value::Null))], "", b"").await;
        assert!(told.contains("no answer: operation timed out"), "{told}");
    }

    #[tokio::test]
    async fn what_would_reach_something_else_is_not_sent() {
        let paths = ["@127.0.0.9:45941/steal", ".evil.example/", "/a/../b", "/-/reset", ""];
        let exchanges: Vec<Value> = paths.iter().map(|path| exchange(path, None)).collect();
        let told = replayed(&exchanges, JSON, b"").await;
        assert!(told.ends_with("5 exchanges: 0 the same, 0 different, 5 not sent\n"), "{told}");
        assert!(told.contains("/-/reset\n    not sent: its path is one of the control API"), "{told}");
    }

    #[test]
    fn cookies_that_a_server_sets_are_learned() {
        let [same, other] = ["now", ""].map(|value| Answer {
            status: 200,
            content_type: None,
            cookies: [("session".to_owned(), value.to_owned()), ("more".to_owned(), "x".to_owned())].into(),
            body: None,
        });
        let set =
            [("session".to_owned(), "***3*".to_owned()), ("more".to_owned(), "***0*".to_owned())].into();
        let recorded = Recorded { status: 200, answer_cookies: set, ..Recorded::default() };
        let mut learned = Learned::default();
        assert_eq!(
            compare(&recorded, &other, &mut learned),
            ["the cookie `session`: expected one, got none"]
        );
        assert_eq!(compare(&recorded, &same, &mut learned), [""; 0]);
        assert_eq!((learned.secret("***3*"), learned.secret("***0*")), (Some("now"), None));
    }

    #[tokio::test]
    async fn no_secret_of_the_server_is_told() {
        let head = "HTTP/1.1 200 OK\r\ncontent-length: 51\r\nconnection: close\r\n\r\n\
                    {\"key\": \"s3cret\", \"of\": \"s3cret\", \"more\": \"hidden\"}";
        let told =
            |recorded: Value| async move { replayed(&[exchange("/", Some(&recorded))], head, b"").await };
        let more = told(serde_json::json!({"key": "***1*", "of": "***1*"})).await;
        assert!(more.contains("/more: expected nothing, got \"***\""), "{more}");
        let other = told(serde_json::json!({"key": "***1*", "of": "x"})).await;
        assert!(other.contains("/of: expected \"x\", got \"***1*\""), "{other}");
        let list = told(serde_json::json!({"key": ["***1*"]})).await;
        assert!(list.contains("got \"***\""), "{list}");
        let status = serde_json::json!({"method": "GET", "path": "/", "status": 404});
        let status = replayed(&[status], head, b"").await;
        let form = "status: expected 404, got 200 {\"key\":\"***\",\"of\":\"***\",\"more\":\"***\"}";
        assert!(status.contains(form), "{status}");
    }
}

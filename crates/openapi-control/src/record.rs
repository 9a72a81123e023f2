//! Records exchanges in a file, one a line, so that they can be sent again to another server.

mod format;
mod stand_ins;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::fs::File;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use http::header::{
    ACCEPT, ACCEPT_LANGUAGE, AUTHORIZATION, CONTENT_TYPE, COOKIE, HOST, IF_MATCH, IF_MODIFIED_SINCE,
    IF_NONE_MATCH, IF_UNMODIFIED_SINCE, RANGE, SET_COOKIE,
};
use http::{HeaderMap, HeaderName, Response};
use openapi_server_runtime::cookies::cookies;
use openapi_server_runtime::exchange::Exchange;
use openapi_server_runtime::media::{Form, content_type, joined};
use openapi_server_runtime::operation::{Location, Operation};
use openapi_server_runtime::response::Body;

use crate::limits::{MAX_RECORD, MAX_RECORDED, MAX_RECORDED_BODY};
use crate::marks::{Met, Taken};
use crate::secrets::{HIDDEN, Secrets};
use crate::world::{self, WORLD, token_without_world};
use stand_ins::StandIns;

pub use format::{FormatError, Head, Recorded, Records, VERSION, is_stand_in, stand_in, stand_ins};

/// The headers of requests that are recorded besides those that the document describes.
const HEADERS: [HeaderName; 12] = [
    ACCEPT,
    ACCEPT_LANGUAGE,
    AUTHORIZATION,
    CONTENT_TYPE,
    COOKIE,
    HOST,
    IF_MATCH,
    IF_MODIFIED_SINCE,
    IF_NONE_MATCH,
    IF_UNMODIFIED_SINCE,
    RANGE,
    HeaderName::from_static("prefer"),
];

/// The schemes of the header `Authorization` that are recorded in front of what stands for the secret.
const SCHEMES: [&str; 3] = ["bearer", "basic", "token"];

/// A mark among the extensions of a response: it is not one of the server that is recorded, so the exchange is not either.
#[derive(Debug, Clone, Copy)]
pub struct NotRecorded;

/// The reason why nothing can be recorded.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    /// There is a file already.
    #[error("{}: there is a file already, which is not overwritten; remove it or name another", .0.display())]
    Exists(PathBuf),
    /// The file cannot be written.
    #[error("{}: the record cannot be written: {reason}", path.display())]
    Unwritable {
        /// The file.
        path: PathBuf,
        /// The message of the operating system.
        reason: String,
    },
}

/// Records the exchanges of a server. Each is a line that is written at once, so that the end of the program loses at most
/// the last one.
///
/// An exchange that met a fault or an answer of one's own is not recorded, and neither is one without a path or a response, or
/// whose request could not be read.
pub struct Recorder {
    path: PathBuf,
    /// Host and port of the server behind, which requests name when they are passed on.
    server: Option<String>,
    stand_ins: Mutex<StandIns>,
    state: Mutex<State>,
}

struct State {
    /// The file; `None` once there is no more to be recorded.
    file: Option<File>,
    count: usize,
    bytes: u64,
}

impl Recorder {
    /// Makes the file, which its owner alone can read. `base_path` is the path that the API is served below.
    ///
    /// # Errors
    /// If there is a file already, or it cannot be written.
    pub fn create(path: impl Into<PathBuf>, base_path: &str) -> Result<Self, RecordError> {
        let path = path.into();
        let unwritable =
            |error: io::Error| RecordError::Unwritable { path: path.clone(), reason: error.to_string() };
        let mut options = File::options();
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.append(true).create_new(true).open(&path);
        let mut file = file.map_err(|error| match error.kind() {
            io::ErrorKind::AlreadyExists => RecordError::Exists(path.clone()),
            _ => unwritable(error),
        })?;
        let head = Head { version: VERSION, base_path: base_path.to_owned() }.line();
        file.write_all(head.as_bytes()).map_err(unwritable)?;
        let state = Mutex::new(State { file: Some(file), count: 0, bytes: length(&head) });
        Ok(Self { path, server: None, stand_ins: Mutex::default(), state })
    }

    /// Records this host and port in place of those that requests name: the server that they are passed on to.
    #[must_use]
    pub fn of_server(mut self, authority: impl Into<String>) -> Self {
        self.server = Some(authority.into());
        self
    }

    /// Returns the file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Returns how many exchanges were recorded.
    #[must_use]
    pub fn count(&self) -> usize {
        self.state().count
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // No code panics while it holds this lock.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns what to tell when the server ends.
    #[must_use]
    pub fn summary(&self) -> String {
        format!("{}: recorded {} exchanges", self.path.display(), self.count())
    }

    /// Records an exchange. What keeps it from going on is told on standard error once.
    pub(crate) fn record(&self, exchange: &Exchange<'_>, secrets: &Secrets) {
        let notes = exchange.line.notes;
        let (Some(response), Some(body), None) = (exchange.sent(), exchange.body, notes.find::<Met>()) else {
            return;
        };
        let marks = response.extensions();
        if marks.get::<Taken>().is_some() || marks.get::<NotRecorded>().is_some() {
            return;
        }
        if exchange.line.uri.path().is_empty() || self.state().file.is_none() {
            return;
        }
        let line = self.recorded(exchange, (body, response), secrets).line();
        let mut state = self.state();
        if let Err(reason) = state.write(&line) {
            state.file = None;
            let told = format!("{}: recording has ended: {reason}\n", self.path.display());
            // A server goes on if nobody reads what it tells.
            drop(io::stderr().lock().write_all(told.as_bytes()));
        }
    }

    /// Returns an exchange without its secrets. Other exchanges wait only while these are found.
    fn recorded(
        &self,
        exchange: &Exchange<'_>,
        (body, response): (&[u8], &Response<Body>),
        secrets: &Secrets,
    ) -> Recorded {
        let line = &exchange.line;
        let mut recorded = Recorded {
            method: line.method.as_str().to_owned(),
            path: line.uri.path().to_owned(),
            status: response.status().as_u16(),
            content_type: Some(content_type(response.headers())).filter(|it| !it.is_empty()),
            body_left_out: body.len() > MAX_RECORDED_BODY,
            ..Recorded::default()
        };
        let form = Form::of(&content_type(line.headers));
        if !recorded.body_left_out {
            add_body(&mut recorded, form, body, secrets);
        }
        let answer_form = Form::of(recorded.content_type.as_deref().unwrap_or_default());
        match response.body().as_bytes() {
            Some(body) if answer_form == Form::Json && body.len() <= MAX_RECORDED_BODY => {
                recorded.answer_body = serde_json::from_slice(body).ok();
            }
            Some(body) => recorded.answer_left_out = answer_form == Form::Json || !body.is_empty(),
            None => recorded.answer_left_out = true,
        }
        // No code panics while it holds this lock.
        let mut stand_ins = self.stand_ins.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(query) = line.uri.query() {
            let query = secrets.query_with(query, &mut |secret| stand_ins.of(secret));
            recorded.path = format!("{}?{query}", recorded.path);
        }
        recorded.headers = headers(line.headers, line.operation, secrets, &mut stand_ins);
        recorded.answer_cookies = answer_cookies(response.headers(), &mut stand_ins);
        if let Some(text) = recorded.body_raw.as_mut().filter(|_| form == Form::UrlEncoded) {
            *text = secrets.query_with(text, &mut |secret| stand_ins.of(secret));
        }
        for body in [&mut recorded.body, &mut recorded.answer_body].into_iter().flatten() {
            secrets.replace(body, &mut |secret| stand_ins.of_value(secret));
        }
        let known = stand_ins.clone();
        drop(stand_ins);
        known.scrub(&mut recorded);
        if recorded.body_base64.is_some() && known.are_in(&String::from_utf8_lossy(body)) {
            (recorded.body_base64, recorded.body_left_out) = (None, true);
        }
        if let Some(server) = &self.server {
            recorded.headers.insert(HOST.to_string(), server.clone());
        }
        recorded
    }
}

/// Returns the headers of a request that matter, without secrets. The world that a token names is told by its header.
fn headers(
    headers: &HeaderMap,
    operation: Option<&'static Operation>,
    secrets: &Secrets,
    stand_ins: &mut StandIns,
) -> BTreeMap<String, String> {
    let described = operation.map(|operation| operation.parameters_in(Location::Header));
    let described: Vec<String> =
        described.into_iter().flatten().map(|parameter| parameter.name.to_lowercase()).collect();
    let matters = |name: &&HeaderName| {
        HEADERS.contains(name) || secrets.is_header(name) || described.iter().any(|it| it == name.as_str())
    };
    let mut found = BTreeMap::new();
    for name in headers.keys().filter(matters) {
        let value = joined(headers, name).unwrap_or_default();
        let value = match name {
            name if name == COOKIE => hidden_cookies(headers, stand_ins),
            name if secrets.is_header(name) => hidden(&value, stand_ins),
            _ => value,
        };
        found.insert(name.to_string(), value);
    }
    if let Some(world) = world::of(headers) {
        found.insert(WORLD.to_owned(), String::from_utf8_lossy(world).into_owned());
    }
    found
}

/// Returns the cookies that a response sets, by their names, without their values.
fn answer_cookies(headers: &HeaderMap, stand_ins: &mut StandIns) -> BTreeMap<String, String> {
    let set = set_cookies(headers).filter(|(_, value)| !value.is_empty());
    set.map(|(name, value)| (name.to_owned(), stand_ins.of(value))).collect()
}

/// Returns the names and values of the cookies that a response sets. The value of one that it removes is empty.
pub fn set_cookies(headers: &HeaderMap) -> impl Iterator<Item = (&str, &str)> {
    let texts = headers.get_all(SET_COOKIE).iter().filter_map(|value| value.to_str().ok());
    let pairs = texts.filter_map(|text| text.split(';').next()?.split_once('='));
    pairs.map(|(name, value)| (name.trim(), value.trim()))
}

/// Returns the cookies of a request without their values.
fn hidden_cookies(headers: &HeaderMap, stand_ins: &mut StandIns) -> String {
    let hidden = cookies(headers).into_iter().map(|(name, value)| format!("{name}={}", stand_ins.of(&value)));
    hidden.collect::<Vec<_>>().join("; ")
}

/// Returns the value of a secret header without what is secret in it.
fn hidden(value: &str, stand_ins: &mut StandIns) -> String {
    match value.split_once(' ') {
        Some((scheme, secret)) if SCHEMES.contains(&scheme.to_lowercase().as_str()) => {
            format!("{scheme} {}", stand_ins.of(token_without_world(secret.trim())))
        }
        _ => stand_ins.of(value),
    }
}

/// Adds the body of a request, with the secrets of known places.
fn add_body(recorded: &mut Recorded, form: Form, body: &[u8], secrets: &Secrets) {
    if body.is_empty() {
        return;
    }
    if form == Form::Json
        && let Ok(value) = serde_json::from_slice(body)
    {
        recorded.body = Some(value);
        return;
    }
    match String::from_utf8_lossy(body) {
        Cow::Borrowed(text) if form == Form::UrlEncoded => recorded.body_raw = Some(text.to_owned()),
        text if secrets.text(&text) == HIDDEN => recorded.body_left_out = true,
        Cow::Borrowed(text) => recorded.body_raw = Some(text.to_owned()),
        Cow::Owned(_) => recorded.body_base64 = Some(BASE64_STANDARD.encode(body)),
    }
}

impl State {
    /// Adds a line, all of it at once.
    fn write(&mut self, line: &str) -> Result<(), String> {
        let bytes = self.bytes + length(line);
        if self.count >= MAX_RECORDED {
            return Err(format!("it has {MAX_RECORDED} exchanges, and no record has more"));
        }
        if bytes > MAX_RECORD {
            return Err(format!("it would be longer than {} MiB", MAX_RECORD >> 20));
        }
        let Some(file) = &mut self.file else { return Ok(()) };
        file.write_all(line.as_bytes()).map_err(|error| error.to_string())?;
        (self.count, self.bytes) = (self.count + 1, bytes);
        Ok(())
    }
}

fn length(text: &str) -> u64 {
    u64::try_from(text.len()).unwrap_or(u64::MAX)
}

/// Removes a file that has no exchange, so that the next start finds none.
impl Drop for Recorder {
    fn drop(&mut self) {
        if self.count() == 0 {
            // If it is gone already, that is as well.
            let _ = std::fs::remove_file(&self.path);
        }
    }
}

impl fmt::Debug for Recorder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recorder").field("path", &self.path).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cookies_have_names_and_no_values() {
        let mut answer = HeaderMap::new();
        for text in ["session=s3cret; Path=/; HttpOnly", "gone=; Max-Age=0", "odd"] {
            answer.append(SET_COOKIE, text.parse().expect("a value"));
        }
        let mut stand_ins = StandIns::default();
        let answered = answer_cookies(&answer, &mut stand_ins);
        assert_eq!(answered, [("session".to_owned(), "***1*".to_owned())].into());
        let mut request = HeaderMap::new();
        for text in ["session=s3cret; other=o", "third=t"] {
            request.append(COOKIE, text.parse().expect("a value"));
        }
        assert_eq!(hidden_cookies(&request, &mut stand_ins), "session=***1*; other=***2*; third=***3*");
    }

    #[test]
    fn a_record_has_so_many_bytes_at_most() {
        let mut state = State { file: None, count: 0, bytes: MAX_RECORD - 5 };
        assert_eq!(state.write("12345"), Ok(()));
        let refused = state.write("123456").expect_err("one more");
        assert!(refused.contains("256 MiB"), "{refused}");
    }
}

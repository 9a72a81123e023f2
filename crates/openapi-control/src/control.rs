//! A control API: who may use it, what goes wrong, and what the server saw.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use http::{Request, Response};
use openapi_resources::supply::Adjustable;
use openapi_server_runtime::credentials::{SchemeKind, SecurityScheme};
use openapi_server_runtime::dialect::Dialect;
use openapi_server_runtime::exchange::Exchange;
use openapi_server_runtime::request::RequestLine;
use openapi_server_runtime::response::Body;
use openapi_server_runtime::tables::Tables;

use crate::access_log::AccessLog;
use crate::answers::Answers;
use crate::api::{Api, PREFIX};
use crate::coverage::Coverage;
use crate::entry::Entry;
use crate::faults::Faults;
use crate::guard::Guard;
use crate::journal::Journal;
use crate::matching::Asked;
use crate::metrics;
use crate::record::Recorder;
use crate::requests::Requests;
use crate::tally::Tally;

/// The control API of one server. A host calls it from its hooks.
pub struct Control {
    guard: Guard,
    faults: Faults,
    answers: Answers,
    journal: Arc<Journal>,
    tally: Tally,
    access_log: Option<AccessLog>,
    recorder: Option<Recorder>,
    supply: Arc<Adjustable>,
}

impl Control {
    /// Returns the control API of a server with these tables, which it serves in this dialect. The document is the one that the
    /// tables were made from, as JSON. Every local program may use it.
    pub fn new(
        tables: &'static Tables,
        dialect: impl Dialect,
        document: impl Into<Cow<'static, str>>,
    ) -> Self {
        let api = Arc::new(Api::new(tables, dialect));
        Self {
            guard: Guard::default(),
            faults: Faults::of(Arc::clone(&api)),
            answers: Answers::of(Arc::clone(&api)),
            journal: Arc::new(Journal::new(api, document.into())),
            tally: Tally::new(tables),
            access_log: None,
            recorder: None,
            supply: Arc::default(),
        }
    }

    /// Guards the control API differently.
    #[must_use]
    pub fn with_guard(mut self, guard: Guard) -> Self {
        self.guard = guard;
        self
    }

    /// Writes a line for each request, also for those to the control API.
    #[must_use]
    pub fn with_access_log(mut self, log: AccessLog) -> Self {
        self.access_log = Some(log);
        self
    }

    /// Records each exchange of the API in a file. `None` records nothing.
    #[must_use]
    pub fn with_recorder(mut self, recorder: Option<Recorder>) -> Self {
        self.recorder = recorder;
        self
    }

    /// Returns what records the exchanges, if anything does.
    #[must_use]
    pub fn recorder(&self) -> Option<&Recorder> {
        self.recorder.as_ref()
    }

    /// Names the supply of times, keys and secrets that the server has, so that its clock can be set.
    #[must_use]
    pub fn with_supply(mut self, supply: Arc<Adjustable>) -> Self {
        self.supply = supply;
        self
    }

    /// Returns the supply of times, keys and secrets, which is also the clock that tests set.
    #[must_use]
    pub fn supply(&self) -> &Adjustable {
        &self.supply
    }

    /// Returns what decides who may use the control API.
    #[must_use]
    pub fn guard(&self) -> &Guard {
        &self.guard
    }

    /// Returns the planned faults.
    #[must_use]
    pub fn faults(&self) -> &Faults {
        &self.faults
    }

    /// Returns the answers of one's own.
    #[must_use]
    pub fn answers(&self) -> &Answers {
        &self.answers
    }

    /// Returns the requests that the server saw.
    pub fn requests(&self) -> Requests<'_> {
        Requests::of_journal(&self.journal)
    }

    /// Returns which parts of the API the requests have used so far.
    #[must_use]
    pub fn coverage(&self) -> Coverage {
        Coverage::of(self.journal.api().tables().operations, &self.tally.now())
    }

    /// Forgets which parts of the API were used.
    pub fn reset_coverage(&self) {
        self.tally.forget_usage();
    }

    /// Returns credentials for each security scheme, by its name, as an API takes them that takes any.
    #[must_use]
    pub fn any_credentials(&self) -> Vec<(String, String)> {
        let schemes = self.journal.api().tables().security_schemes.iter();
        let any = |scheme: &SecurityScheme| match scheme.kind {
            SchemeKind::Basic => "any:any",
            _ => "any",
        };
        schemes.map(|scheme| (scheme.name.to_owned(), any(scheme).to_owned())).collect()
    }

    /// Returns the document of the API, as JSON.
    #[must_use]
    pub fn document(&self) -> &str {
        self.journal.document()
    }

    /// Removes all faults and answers of one's own, forgets all requests, releases the clock, and begins the keys of new rows
    /// again if they have a seed.
    pub fn clear(&self) {
        self.faults.clear();
        self.answers.clear();
        self.supply.reset();
        self.journal.clear();
    }

    /// Removes the faults and answers of one's own that are for requests in a world alone.
    pub(crate) fn clear_world(&self, name: &str) {
        self.faults.in_world(name).clear();
        self.answers.in_world(name).clear();
    }

    /// Ends the streams of requests, so that a server can close its connections.
    pub fn end_streams(&self) {
        self.journal.end();
    }

    /// Returns the answer of one's own to a request outside the API.
    pub(crate) fn own_answer(&self, request: &Request<Bytes>) -> Option<Response<Body>> {
        let (uri, base) = (request.uri(), self.journal.api().tables().base_path);
        let path = uri.path().strip_prefix(base).unwrap_or(uri.path());
        let (method, headers, body) = (request.method(), request.headers(), Some(request.body()));
        self.answers.take(&Asked::new(method, path, uri.query(), headers, body, None))
    }

    /// Returns the response of `handling`, or an answer of one's own in its place, or what a fault makes of it.
    pub(crate) async fn middleware(
        &self,
        line: &RequestLine<'_>,
        handling: impl Future<Output = Response<Body>> + Send,
    ) -> Response<Body> {
        let asked = Asked::from(line);
        // Boxed, because each future around it would have it twice.
        let answering = Box::pin(async {
            match self.answers.take(&asked) {
                Some(own) => own,
                None => handling.await,
            }
        });
        self.faults.meet(line, &asked, answering).await
    }

    /// Returns `true` for requests that are to be observed: all but those for the control API, and these too if they are logged.
    /// A host calls it from [`Host::observes`](openapi_server_runtime::host::Host::observes).
    #[must_use]
    pub fn observes(&self, line: &RequestLine<'_>) -> bool {
        self.access_log.is_some() || !is_own(line)
    }

    /// Logs a request. One for the API is added to the journal, and counted. A host calls it from
    /// [`Host::observe`](openapi_server_runtime::host::Host::observe).
    pub fn observe(&self, exchange: &Exchange<'_>) {
        if let Some(log) = &self.access_log {
            log.log(exchange, self.journal.secrets());
        }
        if !is_own(&exchange.line) {
            self.tally.count(exchange);
            if let Some(recorder) = &self.recorder {
                recorder.record(exchange, self.journal.secrets());
            }
            self.journal.record(Entry::of(exchange));
        }
    }

    /// Returns the metrics of the API with so many worlds.
    pub(crate) fn metrics(&self, worlds: usize) -> String {
        let (requests, bytes) = self.journal.size();
        let number = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
        let ((faults, fault_hits), (answers, answer_hits)) = (self.faults.counts(), self.answers.counts());
        let others = [
            ("gauge", "stub_faults", "Planned faults.", number(faults)),
            ("gauge", "stub_fault_hits", "Requests that the planned faults have hit.", fault_hits),
            ("gauge", "stub_answers", "Answers of one's own.", number(answers)),
            ("gauge", "stub_answer_hits", "Requests that were given one of these.", answer_hits),
            ("gauge", "stub_worlds", "Worlds beside the first.", number(worlds)),
            ("gauge", "stub_journal_requests", "Requests in the journal.", number(requests)),
            ("gauge", "stub_journal_bytes", "Bytes that these take.", number(bytes)),
        ];
        metrics::render(self.journal.api().tables().operations, &self.tally.now(), &others)
    }

    pub(crate) fn journal(&self) -> &Arc<Journal> {
        &self.journal
    }
}

/// Returns `true` for a request to the control API.
fn is_own(line: &RequestLine<'_>) -> bool {
    line.route.is_none() && line.uri.path().starts_with(PREFIX)
}

impl fmt::Debug for Control {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Control").field("guard", &self.guard).finish_non_exhaustive()
    }
}

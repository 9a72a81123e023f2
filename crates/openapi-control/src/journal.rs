//! The requests that a server saw, as many as there is room for.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use tokio::sync::watch;

use crate::api::Api;
use crate::entry::Entry;
use crate::limits::{MAX_BYTES, MAX_REQUESTS};
use crate::secrets::Secrets;

/// The journal of a server. The oldest entries are dropped where there is no room.
#[derive(Debug)]
pub(crate) struct Journal {
    api: Arc<Api>,
    document: Cow<'static, str>,
    secrets: OnceLock<Secrets>,
    log: Mutex<Log>,
    /// The news that there are more entries, or that there will be no more.
    news: watch::Sender<News>,
}

#[derive(Debug, Default)]
struct Log {
    entries: VecDeque<Arc<Entry>>,
    bytes: usize,
    /// The id that was given last.
    last: u64,
}

/// The state of a journal.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct News {
    /// The id that was given last.
    pub(crate) last: u64,
    /// `true` if nobody is to wait for further entries.
    pub(crate) is_over: bool,
}

impl Journal {
    /// Returns a journal without entries, of an API with this document.
    pub(crate) fn new(api: Arc<Api>, document: Cow<'static, str>) -> Self {
        let (log, news) = (Mutex::default(), watch::Sender::default());
        Self { api, document, secrets: OnceLock::new(), log, news }
    }

    pub(crate) fn api(&self) -> &Api {
        &self.api
    }

    pub(crate) fn document(&self) -> &str {
        &self.document
    }

    /// Returns the names of secrets, which are read from the document when something is shown for the first time.
    pub(crate) fn secrets(&self) -> &Secrets {
        self.secrets.get_or_init(|| Secrets::of(&self.document, self.api.tables().security_schemes))
    }

    /// Adds an entry.
    pub(crate) fn record(&self, mut entry: Entry) {
        let mut log = self.log();
        log.last += 1;
        entry.id = log.last;
        log.bytes += entry.size();
        log.entries.push_back(Arc::new(entry));
        while log.entries.len() > MAX_REQUESTS || log.bytes > MAX_BYTES {
            let Some(oldest) = log.entries.pop_front() else { break };
            log.bytes = log.bytes.saturating_sub(oldest.size());
        }
        let last = log.last;
        self.news.send_modify(|news| news.last = last);
    }

    /// Returns the entries after the one with this id, the newest last.
    pub(crate) fn since(&self, id: u64) -> Vec<Arc<Entry>> {
        let log = self.log();
        let first = log.entries.partition_point(|entry| entry.id <= id);
        log.entries.range(first..).cloned().collect()
    }

    /// Returns the number of entries, and of the bytes they take.
    pub(crate) fn size(&self) -> (usize, usize) {
        let log = self.log();
        (log.entries.len(), log.bytes)
    }

    /// Returns the entry with this id, if it is still there.
    pub(crate) fn find(&self, id: u64) -> Option<Arc<Entry>> {
        let log = self.log();
        let place = log.entries.binary_search_by_key(&id, |entry| entry.id).ok()?;
        log.entries.get(place).cloned()
    }

    /// Removes all entries. Ids go on.
    pub(crate) fn clear(&self) {
        let mut log = self.log();
        // A new queue gives the memory of the old one back.
        let forgotten = std::mem::take(&mut log.entries);
        log.bytes = 0;
        drop(log);
        drop(forgotten);
    }

    /// Lets nobody wait for further entries.
    pub(crate) fn end(&self) {
        self.news.send_modify(|news| news.is_over = true);
    }

    /// Returns the news from now on.
    pub(crate) fn news(&self) -> watch::Receiver<News> {
        self.news.subscribe()
    }

    /// Locks the log. No code panics while it holds this lock, so poisoning is ignored.
    fn log(&self) -> MutexGuard<'_, Log> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

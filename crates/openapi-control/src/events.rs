//! The journal as server-sent events: what there is, and then each request when it is there.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::Stream;
use futures_util::stream::unfold;
use tokio::sync::watch;

use crate::entry::Entry;
use crate::expectation::Criteria;
use crate::journal::{Journal, News};
use crate::show::{self, Details};
use crate::verify::select;

/// The time after which a stream without events is shown to be alive.
const SILENCE: Duration = Duration::from_secs(15);

/// The requests that somebody follows.
pub(crate) struct Following {
    journal: Arc<Journal>,
    criteria: Criteria,
    details: Details,
    /// The id of the request that was looked at last.
    since: u64,
    /// The number of events that are still to come; any if it is `None`.
    left: Option<usize>,
    ready: VecDeque<Arc<Entry>>,
    news: watch::Receiver<News>,
}

impl Following {
    /// Follows requests after the one with the id `since`, at most `limit` of them.
    pub(crate) fn new(
        journal: Arc<Journal>,
        criteria: Criteria,
        details: Details,
        since: u64,
        limit: Option<usize>,
    ) -> Self {
        let news = journal.news();
        Self { journal, criteria, details, since, left: limit, ready: VecDeque::new(), news }
    }

    /// Returns the events.
    pub(crate) fn events(self) -> impl Stream<Item = Bytes> + Send + Sync + 'static {
        unfold(self, |mut following| async { following.next().await.map(|event| (event, following)) })
    }

    /// Waits for an event, or for the time to show that the stream is alive.
    async fn next(&mut self) -> Option<Bytes> {
        loop {
            if self.left == Some(0) {
                return None;
            }
            if let Some(entry) = self.ready.pop_front() {
                self.left = self.left.map(|left| left - 1);
                return Some(self.event(&entry));
            }
            // The news are read before the journal, so that nothing is missed.
            let News { last, is_over } = *self.news.borrow_and_update();
            if last > self.since {
                let entries = self.journal.since(self.since);
                self.since = entries.last().map_or(last, |entry| entry.id);
                self.ready = select(&self.criteria, &entries, self.journal.secrets()).into();
            } else if is_over {
                return None;
            } else {
                match tokio::time::timeout(SILENCE, self.news.changed()).await {
                    Ok(Ok(())) => {}
                    Ok(Err(_)) => return None,
                    Err(_) => return Some(Bytes::from_static(b": alive\n\n")),
                }
            }
        }
    }

    fn event(&self, entry: &Entry) -> Bytes {
        let data = show::entry(entry, self.details, self.journal.secrets());
        Bytes::from(format!("id: {}\nevent: request\ndata: {data}\n\n", entry.id))
    }
}

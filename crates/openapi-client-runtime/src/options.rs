//! Options of one call: its time limit, its number of attempts, and its hook for drift.
//!
//! The same options are set for all calls when the client is built.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use backon::{BackoffBuilder as _, ExponentialBuilder};

use crate::drift::{DriftReport, Hook};

/// Options of one call that differ from the client's. They are given to the `options` method of a call's builder.
///
/// ```
/// # use openapi_client_runtime::{CallOptions, Retries};
/// # use std::time::Duration;
/// let patient = CallOptions::new().timeout(Duration::from_secs(120)).retries(Retries::none());
/// ```
#[derive(Clone, Default)]
#[must_use]
pub struct CallOptions {
    timeout: Option<Duration>,
    retries: Option<Retries>,
    on_drift: Option<Hook>,
}

impl CallOptions {
    /// Returns options that change nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Bounds how long the call may take: all attempts, the waits between them, and the response.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// Says how often the call is tried; [`Retries::none`] for once.
    pub fn retries(mut self, retries: Retries) -> Self {
        self.retries = Some(retries);
        self
    }

    /// Has `hook` know of every response to this call that is not what the document describes, instead of the client's
    /// own [`on_drift`](crate::ClientBuilder::on_drift).
    ///
    /// That is how drift is noticed where the responses themselves are not seen, as each page of a stream is a
    /// response.
    ///
    /// ```
    /// # use openapi_client_runtime::{CallOptions, Drift};
    /// # use std::sync::{Arc, Mutex};
    /// let seen: Arc<Mutex<Vec<Drift>>> = Arc::default();
    /// let report = Arc::clone(&seen);
    /// let options = CallOptions::new().on_drift(move |answer| {
    ///     if let Ok(mut seen) = report.lock() {
    ///         seen.extend_from_slice(answer.drift);
    ///     }
    /// });
    /// ```
    pub fn on_drift(mut self, hook: impl Fn(&DriftReport<'_>) + Send + Sync + 'static) -> Self {
        self.on_drift = Some(Arc::new(hook));
        self
    }

    /// Returns the hook for drift; that of `default` if none is set here.
    pub(crate) fn drift_hook<'a>(&'a self, default: &'a Defaults) -> Option<&'a Hook> {
        self.on_drift.as_ref().or(default.on_drift.as_ref())
    }

    /// Returns the time limit of the call, and the retries; those of `default` where none are set here.
    pub(crate) fn or(self, default: &Defaults) -> Defaults {
        Defaults {
            timeout: self.timeout.unwrap_or(default.timeout),
            retries: self.retries.unwrap_or(default.retries),
            on_drift: self.on_drift.or_else(|| default.on_drift.clone()),
        }
    }
}

impl fmt::Debug for CallOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CallOptions")
            .field("timeout", &self.timeout)
            .field("retries", &self.retries)
            .finish_non_exhaustive()
    }
}

/// The options that a client was built with.
#[derive(Clone)]
pub(crate) struct Defaults {
    pub(crate) timeout: Duration,
    pub(crate) retries: Retries,
    pub(crate) on_drift: Option<Hook>,
}

/// The number of attempts of a call, and the wait between two of them.
///
/// Only safe attempts are repeated, see [`Error::is_retryable`](crate::Error::is_retryable), and only if the wait
/// leaves time before the call's deadline. A wait doubles with every attempt and has a random part, so that many
/// clients do not come back at once. A `Retry-After` of the server is obeyed. If it is longer than the longest wait,
/// the call returns the server's response as its error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub struct Retries {
    attempts: u16,
    first_wait: Duration,
    longest_wait: Duration,
}

impl Default for Retries {
    /// Returns up to 3 attempts, the second after 0.2 to 0.4 seconds, with no wait longer than 10 seconds.
    fn default() -> Self {
        Retries { attempts: 3, first_wait: Duration::from_millis(200), longest_wait: Duration::from_secs(10) }
    }
}

impl Retries {
    /// Returns one attempt.
    pub fn none() -> Self {
        Retries::default().attempts(1)
    }

    /// Sets the most attempts of a call, including the first; 0 means 1.
    pub fn attempts(mut self, attempts: u16) -> Self {
        self.attempts = attempts;
        self
    }

    /// Sets the wait before the second attempt. The actual wait is between this and twice this.
    pub fn first_wait(mut self, wait: Duration) -> Self {
        self.first_wait = wait;
        self
    }

    /// Sets the longest wait before an attempt. A server that asks for a longer one has its answer returned as the error.
    pub fn longest_wait(mut self, wait: Duration) -> Self {
        self.longest_wait = wait;
        self
    }

    /// Returns the longest wait that is possible.
    pub(crate) fn longest(self) -> Duration {
        self.longest_wait
    }

    /// Returns the waits before the second and all further attempts.
    pub(crate) fn waits(self) -> impl Iterator<Item = Duration> + Send {
        let waits = ExponentialBuilder::new()
            .with_min_delay(self.first_wait)
            .with_max_delay(self.longest_wait)
            .with_max_times(usize::from(self.attempts.saturating_sub(1)))
            .with_jitter()
            .build();
        // The random part comes on top.
        waits.map(move |wait| wait.min(self.longest_wait))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_have_a_random_part_and_end() {
        let retries = Retries::default().attempts(6).longest_wait(Duration::from_secs(2));
        let runs: Vec<Vec<Duration>> = (0..8).map(|_| retries.waits().collect()).collect();
        for waits in &runs {
            assert_eq!(waits.len(), 5);
            for (wait, least) in waits.iter().zip([200, 400, 800, 1600, 2000]) {
                let least = Duration::from_millis(least);
                assert!(*wait >= least && *wait <= (2 * least).min(Duration::from_secs(2)), "{waits:?}");
            }
        }
        assert!(runs.iter().any(|waits| waits != &runs[0]), "no two clients may wait in step");
    }

    #[test]
    fn one_attempt_has_nothing_to_wait_for() {
        assert_eq!(Retries::none().waits().count(), 0);
        assert_eq!(Retries::default().attempts(0).waits().count(), 0);
    }

    #[test]
    fn what_a_call_does_not_say_is_as_the_client_has_it() {
        let client = Defaults { timeout: Duration::from_secs(9), retries: Retries::none(), on_drift: None };
        let call = CallOptions::new().timeout(Duration::from_secs(1)).or(&client);
        assert_eq!((call.timeout, call.retries), (Duration::from_secs(1), Retries::none()));
        let call = CallOptions::new().retries(Retries::default()).or(&client);
        assert_eq!((call.timeout, call.retries), (Duration::from_secs(9), Retries::default()));
    }
}

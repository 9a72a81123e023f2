//! The planned faults. Each request takes the first that is for it. Requests that arrive at once never take the same
//! fault.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use http::header::HeaderName;
use http::{Response, StatusCode};
use openapi_server_runtime::failure::Failure;
use openapi_server_runtime::request::RequestLine;
use openapi_server_runtime::response::Body;
use rand::{RngExt as _, SeedableRng as _};
use rand_pcg::Pcg64;
use serde::Serialize;
use tokio::time::Instant;

use crate::api::Api;
use crate::fault::{Fault, Throttle};
use crate::fault_error::FaultError;
use crate::json;
use crate::limits::{MAX_BYTES_OF_A_KIND, MAX_FAULTS};
use crate::marks::Met;
use crate::matching::Asked;

/// The header by which a request asks for a fault, as JSON.
pub(crate) const HEADER: HeaderName = HeaderName::from_static("x-stub-fault");

/// The faults of a server, in the order they were asked for.
#[derive(Debug)]
pub struct Faults {
    plan: Mutex<Plan>,
    api: Arc<Api>,
}

#[derive(Debug, Default)]
struct Plan {
    planned: Vec<(Planned, Chance)>,
    /// The id that was given last.
    last: u64,
}

/// The things that decide which requests a fault hits, besides the requests.
#[derive(Debug)]
struct Chance {
    random: Pcg64,
    /// The beginning of the time that is throttled, and the requests that were let through within it.
    window: Option<(Instant, u32)>,
}

/// A fault that a request meets.
struct Hit {
    id: u64,
    fault: Fault,
    delay: Duration,
    /// The seconds after which a throttled client may try again.
    retry_after: Option<u64>,
}

/// A fault, and how often it has happened.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Planned {
    /// The id, which no other fault has.
    pub id: u64,
    /// The fault.
    #[serde(flatten)]
    pub fault: Fault,
    /// The number of matching requests that were let through first.
    pub skipped: u32,
    /// The number of requests it has hit.
    pub hits: u32,
}

impl Faults {
    /// Returns no faults of an API.
    pub(crate) fn of(api: Arc<Api>) -> Self {
        Self { plan: Mutex::default(), api }
    }

    /// Plans further faults, after those planned before, and returns their ids.
    ///
    /// # Errors
    /// If one of them makes no sense or can never happen; then none is planned.
    pub fn add(&self, faults: impl IntoIterator<Item = Fault>) -> Result<Vec<u64>, FaultError> {
        let checked = faults.into_iter().map(|fault| fault.check(&self.api).map(|()| fault));
        let checked = checked.collect::<Result<Vec<_>, _>>()?;
        let mut plan = self.plan();
        if plan.planned.len() + checked.len() > MAX_FAULTS {
            return Err(FaultError::TooMany);
        }
        if !json::fit(plan.planned.iter().map(|(planned, _)| &planned.fault).chain(&checked)) {
            return Err(FaultError::TooLarge(MAX_BYTES_OF_A_KIND));
        }
        let mut ids = Vec::new();
        for fault in checked {
            let (fault, chance) = Chance::of(fault);
            let id = plan.next();
            ids.push(id);
            plan.planned.push((Planned { id, fault, skipped: 0, hits: 0 }, chance));
        }
        Ok(ids)
    }

    /// Returns every planned fault, including those that are used up.
    #[must_use]
    pub fn list(&self) -> Vec<Planned> {
        self.plan().planned.iter().map(|(planned, _)| planned.clone()).collect()
    }

    /// Returns the number of planned faults, and of the requests that they have hit.
    pub(crate) fn counts(&self) -> (usize, u64) {
        let plan = self.plan();
        (plan.planned.len(), plan.planned.iter().map(|(planned, _)| u64::from(planned.hits)).sum())
    }

    /// Removes the fault with this id. Returns `false` if there is none.
    pub fn remove(&self, id: u64) -> bool {
        let mut plan = self.plan();
        let before = plan.planned.len();
        plan.planned.retain(|(planned, _)| planned.id != id);
        plan.planned.len() < before
    }

    /// Removes all of them: nothing goes wrong any more.
    pub fn clear(&self) {
        // A new list gives the memory of the old one back.
        self.plan().planned = Vec::new();
    }

    /// Removes the faults that are not to be kept.
    pub(crate) fn retain(&self, is_kept: impl Fn(&Fault) -> bool) {
        self.plan().planned.retain(|(planned, _)| is_kept(&planned.fault));
    }

    /// Returns the response of `handling`, unless a fault is planned for the request or it asks for one itself.
    pub(crate) async fn meet(
        &self,
        line: &RequestLine<'_>,
        asked: &Asked<'_>,
        handling: impl Future<Output = Response<Body>> + Send,
    ) -> Response<Body> {
        let met = match self.asked_for(line) {
            Ok(own) => own.or_else(|| self.take(asked)),
            Err(reason) => {
                let detail = format!("{HEADER}: {reason}");
                return self.api.failure(line, Failure::detail(StatusCode::BAD_REQUEST, detail));
            }
        };
        let Some(Hit { id, fault, delay, retry_after }) = met else { return handling.await };
        line.notes.leave(Met(id));
        tracing::info!(id, method = %line.method, path = line.path, ?fault, "a request meets a fault");
        Box::pin(fault.strike(&self.api, line, (delay, retry_after), handling)).await
    }

    /// Returns the fault that the request asks for by its header.
    fn asked_for(&self, line: &RequestLine<'_>) -> Result<Option<Hit>, String> {
        let mut headers = line.headers.get_all(&HEADER).iter();
        let Some(header) = headers.next() else { return Ok(None) };
        if headers.next().is_some() {
            return Err("the header is there more than once".to_owned());
        }
        let fault: Fault = json::one(header.as_bytes())?;
        fault.check_for_one(&self.api).map_err(|error| error.to_string())?;
        let (fault, mut chance) = Chance::of(fault);
        let delay = chance.delay(&fault);
        Ok(Some(Hit { id: self.plan().next(), fault, delay, retry_after: None }))
    }

    /// Takes the first planned fault that is for a request.
    fn take(&self, asked: &Asked<'_>) -> Option<Hit> {
        let mut plan = self.plan();
        for (planned, chance) in plan.planned.iter_mut().filter(|(planned, _)| planned.fault.is_for(asked)) {
            let fault = &planned.fault;
            if planned.skipped < fault.skip {
                planned.skipped += 1;
                continue;
            }
            if fault.times.is_some_and(|times| planned.hits >= times) {
                continue;
            }
            let retry_after = match fault.throttle.map(|throttle| chance.throttles(throttle)) {
                Some(None) => continue,
                throttled => throttled.flatten(),
            };
            if !chance.hits(fault) {
                continue;
            }
            planned.hits = planned.hits.saturating_add(1);
            let delay = chance.delay(fault);
            return Some(Hit { id: planned.id, fault: fault.clone(), delay, retry_after });
        }
        None
    }

    /// Locks the plan. No code panics while it holds this lock, so poisoning is ignored.
    fn plan(&self) -> MutexGuard<'_, Plan> {
        self.plan.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Plan {
    fn next(&mut self) -> u64 {
        self.last += 1;
        self.last
    }
}

impl Chance {
    /// Returns a fault with its seed, and the chance that begins with it.
    fn of(mut fault: Fault) -> (Fault, Self) {
        let is_random = fault.probability.is_some() || fault.jitter_ms > 0;
        // A number that JavaScript reads as it is.
        let seed = fault.seed.unwrap_or_else(|| u64::from(rand::random::<u32>()));
        fault.seed = is_random.then_some(seed);
        (fault, Self { random: Pcg64::seed_from_u64(seed), window: None })
    }

    /// Decides whether a request is hit.
    fn hits(&mut self, fault: &Fault) -> bool {
        fault.probability.is_none_or(|probability| self.random.random_bool(probability))
    }

    /// Returns the delay of a response.
    fn delay(&mut self, fault: &Fault) -> Duration {
        let jitter = if fault.jitter_ms == 0 { 0 } else { self.random.random_range(0..=fault.jitter_ms) };
        Duration::from_millis(fault.delay_ms.saturating_add(jitter))
    }

    /// Counts a request. Returns the seconds after which it may be sent again, if it is one too many.
    fn throttles(&mut self, throttle: Throttle) -> Option<u64> {
        let (now, length) = (Instant::now(), Duration::from_secs(throttle.seconds.into()));
        let (began, count) = self.window.filter(|(began, _)| now < *began + length).unwrap_or((now, 0));
        if count < throttle.requests {
            self.window = Some((began, count + 1));
            return None;
        }
        self.window = Some((began, count));
        Some((began + length - now).as_millis().div_ceil(1000).try_into().unwrap_or(u64::MAX))
    }
}

//! The planned faults. Each request takes the first that is for it. Requests that arrive at once never take the same
//! fault.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use http::header::HeaderName;
use http::{Response, StatusCode};
use openapi_server_runtime::failure::Failure;
use openapi_server_runtime::request::RequestLine;
use openapi_server_runtime::response::Body;
use serde::Serialize;

use crate::api::Api;
use crate::fault::{Fault, FaultError};
use crate::json;
use crate::limits::MAX_FAULTS;

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
    planned: Vec<Planned>,
    /// The id that was given last.
    last: u64,
}

/// A fault, and how often it has happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
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

/// The id of the fault that a request has met.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Met(pub(crate) u64);

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
        let planned =
            checked.into_iter().map(|fault| Planned { id: plan.next(), fault, skipped: 0, hits: 0 });
        let planned: Vec<Planned> = planned.collect();
        let ids = planned.iter().map(|planned| planned.id).collect();
        plan.planned.extend(planned);
        Ok(ids)
    }

    /// Returns every planned fault, including those that are used up.
    #[must_use]
    pub fn list(&self) -> Vec<Planned> {
        self.plan().planned.clone()
    }

    /// Removes the fault with this id. Returns `false` if there is none.
    pub fn remove(&self, id: u64) -> bool {
        let mut plan = self.plan();
        let before = plan.planned.len();
        plan.planned.retain(|planned| planned.id != id);
        plan.planned.len() < before
    }

    /// Removes all of them: nothing goes wrong any more.
    pub fn clear(&self) {
        // A new list gives the memory of the old one back.
        self.plan().planned = Vec::new();
    }

    /// Returns the response of `handling`, unless a fault is planned for the request or it asks for one itself.
    pub(crate) async fn meet(
        &self,
        line: &RequestLine<'_>,
        handling: impl Future<Output = Response<Body>> + Send,
    ) -> Response<Body> {
        let met = match self.asked_for(line) {
            Ok(asked) => asked.or_else(|| self.take(line)),
            Err(reason) => {
                let detail = format!("{HEADER}: {reason}");
                return self.api.failure(line, Failure::detail(StatusCode::BAD_REQUEST, detail));
            }
        };
        let Some((id, fault)) = met else { return handling.await };
        line.notes.leave(Met(id));
        tracing::info!(id, method = %line.method, path = line.path, ?fault, "a request meets a fault");
        fault.strike(&self.api, line, handling).await
    }

    /// Returns the fault that the request asks for by its header.
    fn asked_for(&self, line: &RequestLine<'_>) -> Result<Option<(u64, Fault)>, String> {
        let mut headers = line.headers.get_all(&HEADER).iter();
        let Some(header) = headers.next() else { return Ok(None) };
        if headers.next().is_some() {
            return Err("the header is there more than once".to_owned());
        }
        let fault: Fault = json::one(header.as_bytes())?;
        fault.check_for_one(&self.api).map_err(|error| error.to_string())?;
        Ok(Some((self.plan().next(), fault)))
    }

    /// Takes the first planned fault that is for a request.
    fn take(&self, line: &RequestLine<'_>) -> Option<(u64, Fault)> {
        let mut plan = self.plan();
        for planned in plan.planned.iter_mut().filter(|planned| planned.fault.is_for(line)) {
            if planned.skipped < planned.fault.skip {
                planned.skipped += 1;
            } else if planned.fault.times.is_none_or(|times| planned.hits < times) {
                planned.hits = planned.hits.saturating_add(1);
                return Some((planned.id, planned.fault.clone()));
            }
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

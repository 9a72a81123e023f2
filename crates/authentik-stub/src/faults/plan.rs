//! The planned faults. Each request takes the first that is for it. Requests that arrive at once never take the same
//! fault.

use std::sync::{Mutex, MutexGuard, PoisonError};

use authentik_sources_api::OPERATIONS;
use http::Response;
use openapi_server_runtime::operation::Operation;
use openapi_server_runtime::request::RequestLine;
use openapi_server_runtime::response::Body;
use serde::Serialize;

use super::{Fault, FaultError};

/// The faults of one stub, in the order they were asked for.
#[derive(Debug)]
pub struct Faults {
    planned: Mutex<Vec<Planned>>,
    /// The operations that can go wrong.
    operations: &'static [Operation],
}

impl Default for Faults {
    fn default() -> Self {
        Self::of(OPERATIONS)
    }
}

/// A fault, and how often it has happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Planned {
    /// The fault.
    #[serde(flatten)]
    pub fault: Fault,
    /// The number of matching requests that were let through first.
    pub skipped: u32,
    /// The number of requests it has hit.
    pub hits: u32,
}

impl Faults {
    /// Returns no faults, of an API with these operations.
    pub(crate) fn of(operations: &'static [Operation]) -> Self {
        Self { planned: Mutex::default(), operations }
    }

    /// Plans further faults, after those planned before.
    ///
    /// # Errors
    /// If one of them makes no sense; then none is planned.
    pub fn add(&self, faults: impl IntoIterator<Item = Fault>) -> Result<(), FaultError> {
        let planned = faults.into_iter().map(|fault| {
            fault.check_for(self.operations)?;
            Ok(Planned { fault, skipped: 0, hits: 0 })
        });
        let planned = planned.collect::<Result<Vec<_>, _>>()?;
        self.planned().extend(planned);
        Ok(())
    }

    /// Returns every planned fault, including those that are used up.
    #[must_use]
    pub fn list(&self) -> Vec<Planned> {
        self.planned().clone()
    }

    /// Forgets all of them: nothing goes wrong any more.
    pub fn clear(&self) {
        self.planned().clear();
    }

    /// Returns the response of `handling`, unless a fault is planned for the request.
    pub(crate) async fn answer(
        &self,
        line: &RequestLine<'_>,
        handling: impl Future<Output = Response<Body>> + Send,
    ) -> Response<Body> {
        let fault = self.take(line);
        match fault {
            None => handling.await,
            Some(fault) => {
                tracing::info!(method = %line.method, path = line.path, ?fault, "a fault was asked for");
                fault.strike(handling).await
            }
        }
    }

    fn take(&self, line: &RequestLine<'_>) -> Option<Fault> {
        let mut planned = self.planned();
        for planned in planned.iter_mut().filter(|planned| planned.fault.is_for(line)) {
            if planned.skipped < planned.fault.skip {
                planned.skipped += 1;
            } else if planned.fault.times.is_none_or(|times| planned.hits < times) {
                planned.hits = planned.hits.saturating_add(1);
                return Some(planned.fault.clone());
            }
        }
        None
    }

    /// Locks the plan. No code panics while it holds this lock, so poisoning is ignored.
    fn planned(&self) -> MutexGuard<'_, Vec<Planned>> {
        self.planned.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use http::Method;

    use super::*;

    fn hit(faults: &Faults, id: &str, path: &str) -> Option<u16> {
        let operation = OPERATIONS.iter().find(|operation| operation.id == id);
        faults.take(&RequestLine { method: &Method::GET, path, operation })?.status
    }

    fn fault(status: u16) -> Fault {
        Fault { status: Some(status), ..Fault::default() }
    }

    #[test]
    fn a_request_takes_the_first_fault_that_is_meant_for_it() {
        let faults = Faults::default();
        let of_list = Fault { operation: Some("sources_plex_list".to_owned()), times: Some(2), ..fault(503) };
        let of_home = Fault { path: Some("/sources/plex/home/".to_owned()), times: None, ..fault(500) };
        let of_any = Fault { skip: 1, ..fault(429) };
        faults.add([of_list, of_home, of_any]).unwrap();
        let found: Vec<Option<u16>> = [
            ("sources_plex_retrieve", "/sources/plex/away/"),
            ("sources_plex_list", "/sources/plex/"),
            ("sources_plex_retrieve", "/sources/plex/home/"),
            ("sources_plex_list", "/sources/plex/"),
            ("sources_plex_list", "/sources/plex/"),
            ("sources_plex_list", "/sources/plex/"),
            ("sources_plex_retrieve", "/sources/plex/home/"),
        ]
        .map(|(id, path)| hit(&faults, id, path))
        .into();
        assert_eq!(found, [None, Some(503), Some(500), Some(503), Some(429), None, Some(500)]);
        let hits: Vec<u32> = faults.list().iter().map(|planned| planned.hits).collect();
        assert_eq!(hits, [2, 2, 1]);
        faults.clear();
        assert_eq!(hit(&faults, "sources_plex_retrieve", "/sources/plex/home/"), None);
    }

    #[test]
    fn none_is_planned_if_one_makes_no_sense() {
        let faults = Faults::default();
        assert_eq!(faults.add([fault(503), Fault::default()]), Err(FaultError::Harmless));
        assert_eq!(faults.list(), []);
    }
}

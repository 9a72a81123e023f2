//! Checks a fault, and lets it strike.

use std::collections::BTreeMap;
use std::time::Duration;

use http::Response;
use openapi_server_runtime::request::RequestLine;
use openapi_server_runtime::response::Body;

use super::Fault;
use crate::api::Api;
use crate::canned::Canned;
use crate::effects::{Disconnect, Effects};
use crate::fault_error::FaultError;
use crate::limits::MAX_DELAY_MS;
use crate::matching::{Asked, Matching};
use crate::pattern::Pattern;

impl Fault {
    /// Checks that the fault is consistent and can happen.
    pub(crate) fn check(&self, api: &Api) -> Result<(), FaultError> {
        self.matching().check(api)?;
        let path = self.path.as_ref().map(Pattern::new);
        if let Some(path) = path.filter(|path| !api.is_at(path, |_| true)) {
            return Err(FaultError::Path { path: path.to_string(), base: api.tables().base_path });
        }
        if let Some(name) = self.lost() {
            return Err(FaultError::Lost(name));
        }
        let status = self.answered_status();
        match status {
            Some(status) => self.canned(status, &self.headers).check()?,
            None if self.body.is_some() => return Err(FaultError::NoAnswer("body")),
            None if !self.headers.is_empty() => return Err(FaultError::NoAnswer("headers")),
            None => {}
        }
        let times = [("delay_ms", self.delay_ms), ("jitter_ms", self.jitter_ms), ("body_ms", self.body_ms)];
        if let Some((name, time)) = times.into_iter().find(|(_, time)| *time > MAX_DELAY_MS) {
            return Err(FaultError::Delay(name, time));
        }
        let is_on_time = self.delay_ms == 0 && self.jitter_ms == 0;
        if status.is_none() && is_on_time && self.effects().is_empty() {
            return Err(FaultError::Harmless);
        }
        if self.carried_out && status.is_none() && self.disconnect != Some(Disconnect::Before) {
            return Err(FaultError::CarriedOut);
        }
        if self.times == Some(0) {
            return Err(FaultError::Never);
        }
        if let Some(odd) = self.probability.filter(|it| !(*it > 0.0 && *it <= 1.0)) {
            return Err(FaultError::Probability(odd.to_string()));
        }
        if self.throttle.is_some_and(|throttle| !(1..=3_600).contains(&throttle.seconds)) {
            return Err(FaultError::Throttle);
        }
        Ok(())
    }

    /// Returns the name of something that the end of the connection would hide.
    fn lost(&self) -> Option<&'static str> {
        let is_lost = self.disconnect == Some(Disconnect::Before);
        let hidden = [
            ("status", is_lost && self.status.is_some()),
            ("throttle", is_lost && self.throttle.is_some()),
            ("body_ms", is_lost && self.body_ms != 0),
            ("damage", is_lost && self.damage.is_some()),
            ("properties", is_lost && !self.properties.is_empty()),
            // A response without its end has no length.
            (
                "wrong_length",
                (is_lost || self.disconnect == Some(Disconnect::After)) && self.wrong_length != 0,
            ),
        ];
        hidden.into_iter().find_map(|(name, is_hidden)| is_hidden.then_some(name))
    }

    /// Checks a fault that one request asks for.
    pub(crate) fn check_for_one(&self, api: &Api) -> Result<(), FaultError> {
        let of_many = [
            ("operation", self.operation.is_some()),
            ("method", self.method.is_some()),
            ("path", self.path.is_some()),
            ("when", !self.when.is_empty()),
            ("skip", self.skip != 0),
            ("times", self.times != Some(1)),
            ("probability", self.probability.is_some()),
            ("throttle", self.throttle.is_some()),
        ];
        match of_many.into_iter().find(|(_, is_given)| *is_given) {
            Some((name, _)) => Err(FaultError::OneRequest(name)),
            None => self.check(api),
        }
    }

    /// Returns `true` if the fault is for this request.
    pub(crate) fn is_for(&self, asked: &Asked<'_>) -> bool {
        self.matching().fits(asked)
    }

    /// Returns the response to a request that is hit, after a delay. A throttled client is told to wait so many seconds.
    pub(crate) async fn strike(
        &self,
        api: &Api,
        line: &RequestLine<'_>,
        (delay, retry_after): (Duration, Option<u64>),
        handling: impl Future<Output = Response<Body>> + Send,
    ) -> Response<Body> {
        let instead = self.answered_status().map(|status| {
            let mut headers = self.headers.clone();
            if let Some(seconds) = retry_after {
                headers.entry("Retry-After".to_owned()).or_insert_with(|| seconds.to_string());
            }
            self.canned(status, &headers).response(|status| api.bare(line, status))
        });
        let is_lost = self.disconnect == Some(Disconnect::Before);
        let response = match instead {
            None if is_lost && !self.carried_out => Response::new(Body::aborted()),
            Some(instead) if !self.carried_out => instead,
            instead => {
                let handled = handling.await;
                instead.unwrap_or(handled)
            }
        };
        tokio::time::sleep(delay).await;
        self.effects().apply(response)
    }

    fn matching(&self) -> Matching<'_> {
        let Self { operation, method, path, when, .. } = self;
        Matching { operation: operation.as_deref(), method: method.as_deref(), path: path.as_deref(), when }
    }

    fn effects(&self) -> Effects<'_> {
        let Self { disconnect, damage, properties, wrong_length, .. } = self;
        let body = Duration::from_millis(self.body_ms);
        Effects { disconnect: *disconnect, damage: *damage, properties, body, wrong_length: *wrong_length }
    }

    /// Returns the status of the answer that is given instead of the true one.
    fn answered_status(&self) -> Option<u16> {
        self.status.or_else(|| self.throttle.map(|_| 429))
    }

    fn canned<'a>(&'a self, status: u16, headers: &'a BTreeMap<String, String>) -> Canned<'a> {
        Canned { status, headers, body: self.body.as_ref() }
    }
}

//! The routes of the clock.

use chrono::{DateTime, TimeDelta, Utc};
use http::{Response, StatusCode};
use openapi_resources::supply::{Adjustable, Clock, OutOfRange, Supply as _, timestamp};
use openapi_server_runtime::response::Body;
use serde::Deserialize;
use serde_json::json;

use crate::json;
use crate::reply::{answered, detail};

/// The change of a clock.
#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Change {
    /// Stops it at a time.
    Now(DateTime<Utc>),
    /// Moves it by seconds.
    Advance(f64),
    /// Shows the time of the system again, if this is `true`.
    Release(bool),
}

pub(super) fn show(clock: &Adjustable) -> Response<Body> {
    let mode = match clock.clock() {
        Clock::System => "system",
        Clock::Ahead(_) => "moved",
        Clock::Stopped(_) => "stopped",
    };
    let now = timestamp(clock.now());
    answered(StatusCode::OK, &json!({"now": now, "mode": mode}))
}

pub(super) fn change(clock: &Adjustable, body: &[u8]) -> Response<Body> {
    match changed(clock, body) {
        Ok(()) => show(clock),
        Err(error) => detail(StatusCode::BAD_REQUEST, &error),
    }
}

fn changed(clock: &Adjustable, body: &[u8]) -> Result<(), String> {
    let beyond = |place: &'static str| move |error: OutOfRange| format!("at {place}: {error}");
    match json::one(body).map_err(|error| format!("{error}; {HELP}"))? {
        Change::Now(now) => clock.set(now).map_err(beyond("now")),
        Change::Advance(seconds) => clock.advance(delta(seconds)?).map_err(beyond("advance")),
        Change::Release(true) => {
            clock.release();
            Ok(())
        }
        Change::Release(false) => Err(format!("at release: there is nothing to do; {HELP}")),
    }
}

/// The bodies that change a clock.
const HELP: &str = "name one of `now`, `advance` and `release`: {\"now\": \"2024-08-01T00:00:00Z\"} stops the clock, \
                    {\"advance\": 60} moves it by seconds, {\"release\": true} shows the time of the system";

/// Returns seconds as a time, with the precision of a microsecond.
#[expect(clippy::cast_possible_truncation, reason = "a greater time is out of range in any case")]
fn delta(seconds: f64) -> Result<TimeDelta, String> {
    if !seconds.is_finite() {
        return Err("at advance: this is no number of seconds".to_owned());
    }
    Ok(TimeDelta::microseconds((seconds * 1e6) as i64))
}

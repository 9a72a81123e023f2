//! The reasons why a fault is rejected.

use crate::canned::CannedError;
use crate::limits::{MAX_DELAY_MS, MAX_FAULTS};
use crate::matching::MatchError;

/// The reason why a fault is rejected.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FaultError {
    /// It would take too long.
    #[error("`{0}` is {1}: the most is {MAX_DELAY_MS}, an hour")]
    Delay(&'static str, u64),
    /// There are too many.
    #[error("there are more than {MAX_FAULTS} faults; remove some with DELETE /-/faults")]
    TooMany,
    /// They are too large.
    #[error("all faults together have more than {0} bytes; remove some with DELETE /-/faults")]
    TooLarge(usize),
    /// No request is meant.
    #[error(transparent)]
    Match(#[from] MatchError),
    /// No operation has this path.
    #[error("no operation is at the path `{path}`; give one below {base}, without a query")]
    Path {
        /// The path.
        path: String,
        /// The base path.
        base: &'static str,
    },
    /// It has no effect.
    #[error(
        "the fault has no effect: set `status`, `throttle`, `delay_ms`, `jitter_ms`, `body_ms`, `disconnect`, `damage`, `properties` or `wrong_length`"
    )]
    Harmless,
    /// It would never happen.
    #[error("`times` is 0: leave it out for once, or use null for every time")]
    Never,
    /// There is a response and none.
    #[error("`{0}` belongs to an answer with a `status`, and this fault has none")]
    NoAnswer(&'static str),
    /// This is done to a response, and the connection ends before it could be seen.
    #[error("`{0}` and `disconnect` exclude each other: the connection ends before it could be seen")]
    Lost(&'static str),
    /// The true response is sent after the request was carried out in any case.
    #[error(
        "`carried_out` belongs to a fault with `status` or `disconnect`; any other carries the request out"
    )]
    CarriedOut,
    /// The answer cannot be sent.
    #[error(transparent)]
    Canned(#[from] CannedError),
    /// This is no probability.
    #[error("`probability` is {0}: it is a number above 0 and up to 1")]
    Probability(String),
    /// This throttles nothing, or for ever.
    #[error("`throttle` needs `seconds` from 1 to 3600")]
    Throttle,
    /// A fault for one request says which requests it is for.
    #[error("`{0}` says which requests a fault is for, and this one is for the request that asks for it")]
    OneRequest(&'static str),
}

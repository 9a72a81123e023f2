//! Faults on demand: what is to go wrong with which requests, so that a test can see its automation meet a slow, failing
//! or vanishing server.
//!
//! ```
//! use authentik_stub::faults::Fault;
//!
//! // The list is throttled twice; then it is there again.
//! let throttled = Fault::status(429).header("Retry-After", "1").on("sources_plex_list").times(2);
//! // A source is created, but the client gets no response.
//! let lost = Fault::disconnect().carried_out().on("sources_plex_create");
//! # let _ = (throttled, lost);
//! ```

pub use openapi_control::{Change, Damage, Disconnect, Fault, FaultError, Faults, Planned, Throttle};

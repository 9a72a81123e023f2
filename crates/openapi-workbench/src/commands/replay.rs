//! Sends the requests of a record to a server, and tells in what its answers differ.

use openapi_proxy::Replay;

use super::Stream;
use super::serve::Print;
use crate::{Outcome, Report};

/// Replays a record. `print` is given the differences as they come.
#[must_use]
pub fn run(replay: &Replay, print: Print<'_>) -> Report {
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return Report::failure(&format!("cannot start: {error}")),
    };
    match runtime.block_on(replay.run(&mut |text| print(Stream::Stdout, text))) {
        Ok(totals) if totals.is_same() => Report::clean(String::new()),
        Ok(_) => Report { text: String::new(), outcome: Outcome::Findings },
        Err(message) => Report { text: format!("{message}\n"), outcome: Outcome::Failure },
    }
}

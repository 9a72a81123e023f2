//! Dropshot's log, handed on to `tracing`. Dropshot logs every request as information; next to the application's own
//! log that is detail, so everything but warnings becomes a debug event.

use slog::{Drain, Level, Logger, Never, OwnedKVList, Record, o};

/// Returns a logger whose records become events of the target `dropshot`.
pub(crate) fn to_tracing() -> Logger {
    Logger::root(ToTracing, o!())
}

struct ToTracing;

impl Drain for ToTracing {
    type Ok = ();
    type Err = Never;

    fn log(&self, record: &Record<'_>, _: &OwnedKVList) -> Result<(), Never> {
        // A request that cannot be given a number is the client's mistake, not the server's.
        let mistaken = record.module() == "dropshot::versioning";
        if record.level().is_at_least(Level::Warning) && !mistaken {
            tracing::warn!(target: "dropshot", "{}", record.msg());
        } else {
            tracing::debug!(target: "dropshot", "{}", record.msg());
        }
        Ok(())
    }
}

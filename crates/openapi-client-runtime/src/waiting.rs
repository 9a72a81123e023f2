//! Waits for a call without an executor of the caller's.

use std::io;
use std::pin::pin;
use std::sync::LazyLock;
use std::task::{Context, Waker};
use std::thread;

use tokio::runtime::{Builder, Handle, Runtime};

use crate::api::Operation;
use crate::error::Error;

/// The runtime of the calls. One thread is enough for their input and output; each blocked thread polls its own call.
static RUNTIME: LazyLock<io::Result<Runtime>> = LazyLock::new(|| {
    Builder::new_multi_thread().worker_threads(1).thread_name("openapi-client").enable_all().build()
});

/// Runs a call of `operation` to its end.
///
/// # Errors
/// If the call fails, or async code would have to wait for it.
pub fn wait<T: Send>(
    operation: &'static Operation,
    call: impl Future<Output = Result<T, Error>> + Send,
) -> Result<T, Error> {
    run(operation, call)?
}

/// Runs `future`, a part of a call of `operation`, to its end.
pub(crate) fn run<T: Send>(
    operation: &'static Operation,
    future: impl Future<Output = T> + Send,
) -> Result<T, Error> {
    let unable = |fault: &io::Error| {
        operation.invalid(format!("no thread for blocking calls can be started: {fault}"))
    };
    let runtime = RUNTIME.as_ref().map_err(unable)?;
    if Handle::try_current().is_err() {
        return Ok(runtime.block_on(future));
    }
    if in_a_task() {
        return Err(operation.invalid(
            "async code cannot wait for a blocking call; use the one to be awaited, or `spawn_blocking`",
        ));
    }
    // A task without a budget looks the same as a thread that may be blocked, and a runtime does not wait in one: a
    // thread of the call's own can in either.
    let span = tracing::Span::current();
    thread::scope(|scope| {
        let call = thread::Builder::new().spawn_scoped(scope, || span.in_scope(|| runtime.block_on(future)));
        call.map_err(|fault| unable(&fault))?.join().map_err(|panic| std::panic::resume_unwind(panic))
    })
}

/// Returns `true` if this is called while a task is polled. Only then is there a budget, of at most 255 steps, that
/// ends.
fn in_a_task() -> bool {
    let mut context = Context::from_waker(Waker::noop());
    (0..=u8::MAX).any(|_| pin!(tokio::task::consume_budget()).poll(&mut context).is_pending())
}

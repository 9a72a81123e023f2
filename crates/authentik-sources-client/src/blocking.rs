//! Calls for programs that do not await: every builder's `send_blocking`, and `iter_blocking` for lists.
//!
//! They run on a thread of this module's own, which is started with the first call. A task of async code cannot wait for
//! them, and has `send().await`: there they answer an error, because the thread they would block is what other tasks wait
//! for. On a thread that may be blocked, such as one of `tokio::task::spawn_blocking`, they work.

use std::fmt;
use std::io;
use std::pin::pin;
use std::sync::LazyLock;
use std::task::{Context, Waker};
use std::thread;

use futures::stream::{BoxStream, StreamExt as _};
use tokio::runtime::{Builder, Handle, Runtime};

use crate::call::Operation;
use crate::error::Error;

/// What the calls run on. One thread is enough for their input and output; each blocked thread polls its own call.
static RUNTIME: LazyLock<io::Result<Runtime>> = LazyLock::new(|| {
    Builder::new_multi_thread().worker_threads(1).thread_name(env!("CARGO_PKG_NAME")).enable_all().build()
});

/// Runs a call of `operation` to its end.
pub(crate) fn wait<T: Send>(
    operation: &'static Operation,
    call: impl Future<Output = Result<T, Error>> + Send,
) -> Result<T, Error> {
    run(operation, call)?
}

fn run<T: Send>(operation: &'static Operation, future: impl Future<Output = T> + Send) -> Result<T, Error> {
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

/// Whether this is called while a task is polled. Only then there is a budget, of at most 255 steps, that ends.
fn in_a_task() -> bool {
    let mut context = Context::from_waker(Waker::noop());
    (0..=u8::MAX).any(|_| pin!(tokio::task::consume_budget()).poll(&mut context).is_pending())
}

/// All objects of all pages of a list. It ends after an error.
#[must_use = "no page is requested before the first object is"]
pub struct Iter<'a, T> {
    operation: &'static Operation,
    stream: Option<BoxStream<'a, Result<T, Error>>>,
}

impl<'a, T> Iter<'a, T> {
    pub(crate) fn new(operation: &'static Operation, stream: BoxStream<'a, Result<T, Error>>) -> Self {
        Iter { operation, stream: Some(stream) }
    }
}

impl<T: Send> Iterator for Iter<'_, T> {
    type Item = Result<T, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        let stream = self.stream.as_mut()?;
        let item = match run(self.operation, stream.next()) {
            Ok(item) => item,
            Err(error) => Some(Err(error)),
        };
        if !matches!(item, Some(Ok(_))) {
            self.stream = None;
        }
        item
    }
}

impl<T: Send> std::iter::FusedIterator for Iter<'_, T> {}

impl<T> fmt::Debug for Iter<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Iter").field("operation", &self.operation.id).finish_non_exhaustive()
    }
}

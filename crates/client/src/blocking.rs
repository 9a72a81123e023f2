//! Calls for programs that do not await: every builder's `send_blocking`, and `iter_blocking` for lists.
//!
//! They run on a thread of this module's own, which is started with the first call. They cannot be used where async
//! code runs, which has `send().await`: there they answer an error, because the thread they would block is what other
//! tasks wait for.

use std::fmt;
use std::io;
use std::sync::LazyLock;

use futures::stream::{BoxStream, StreamExt as _};
use tokio::runtime::{Builder, Handle, Runtime};

use crate::call::Operation;
use crate::error::Error;

/// What the calls run on. One thread is enough for their input and output; each blocked thread polls its own call.
static RUNTIME: LazyLock<io::Result<Runtime>> = LazyLock::new(|| {
    Builder::new_multi_thread().worker_threads(1).thread_name(env!("CARGO_PKG_NAME")).enable_all().build()
});

/// Runs a call of `operation` to its end.
pub(crate) fn wait<T>(
    operation: &'static Operation,
    call: impl Future<Output = Result<T, Error>>,
) -> Result<T, Error> {
    run(operation, call)?
}

fn run<T>(operation: &'static Operation, future: impl Future<Output = T>) -> Result<T, Error> {
    if Handle::try_current().is_ok() {
        return Err(
            operation.invalid("async code cannot wait for a blocking call; use the one to be awaited")
        );
    }
    match &*RUNTIME {
        Ok(runtime) => Ok(runtime.block_on(future)),
        Err(fault) => Err(operation.invalid(format!("no thread for blocking calls can be started: {fault}"))),
    }
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

impl<T> Iterator for Iter<'_, T> {
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

impl<T> std::iter::FusedIterator for Iter<'_, T> {}

impl<T> fmt::Debug for Iter<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Iter").field("operation", &self.operation.id).finish_non_exhaustive()
    }
}

//! A stub with a runtime of its own, for tests that have none, and for those that share one.

use std::io;
use std::ops::Deref;
use std::sync::mpsc;
use std::thread::{self, JoinHandle};

use tokio::sync::oneshot;

use crate::server::{Stub, StubBuilder};
use crate::start_error::StartError;

/// A stub that runs in threads of its own until it is dropped. It is used as a [`Stub`], from code with or without a runtime.
///
/// All tests of a program share one if it is a `static`:
///
/// ```
/// use std::sync::LazyLock;
///
/// use authentik_stub::{BlockingStub, Stub};
///
/// static STUB: LazyLock<BlockingStub> = LazyLock::new(|| Stub::start_blocking().expect("a free port"));
///
/// let authentik = STUB.fresh_world(); // as it began, whatever other tests do
/// assert!(authentik.token().is_some());
/// ```
#[derive(Debug)]
pub struct BlockingStub {
    stub: Stub,
    /// The end of this tells the thread to stop.
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

/// The number of threads that answer requests.
const WORKERS: usize = 2;

impl Stub {
    /// Starts a stub like [`Stub::start`], in threads of its own, and waits until it is ready.
    ///
    /// # Errors
    /// If there is no free port, or no thread.
    pub fn start_blocking() -> Result<BlockingStub, StartError> {
        Self::builder().start_blocking()
    }
}

impl StubBuilder {
    /// Starts a stub like [`StubBuilder::start`], in threads of its own, and waits until it is ready.
    ///
    /// # Errors
    /// For the reasons of [`StubBuilder::start`], or if there is no thread.
    pub fn start_blocking(self) -> Result<BlockingStub, StartError> {
        let (sender, started) = mpsc::channel();
        let (stop, stopped) = oneshot::channel();
        let run = move || {
            let mut builder = tokio::runtime::Builder::new_multi_thread();
            let runtime = match builder.worker_threads(WORKERS).enable_all().build() {
                Ok(runtime) => runtime,
                Err(error) => return drop(sender.send(Err(StartError::Thread(error)))),
            };
            runtime.block_on(async {
                let stub = self.start().await;
                // The sender is dropped with the stub, and so is this if nobody waits for the stub any more.
                if stub.is_ok() & sender.send(stub).is_ok() {
                    let _ = stopped.await;
                }
            });
        };
        let thread = thread::Builder::new().name("authentik-stub".to_owned()).spawn(run);
        let thread = thread.map_err(StartError::Thread)?;
        let ended = |_| StartError::Thread(io::Error::other("it ended before the stub was ready"));
        let stub = started.recv().map_err(ended)??;
        Ok(BlockingStub { stub, stop: Some(stop), thread: Some(thread) })
    }
}

impl Deref for BlockingStub {
    type Target = Stub;

    fn deref(&self) -> &Stub {
        &self.stub
    }
}

impl Drop for BlockingStub {
    fn drop(&mut self) {
        drop(self.stop.take());
        // A thread that panicked has ended too.
        let _ = self.thread.take().map(JoinHandle::join);
    }
}

//! Calls for programs that do not await: every builder's `send_blocking`, and `iter_blocking` for lists.
//!
//! They run on a thread of this module's own, which is started with the first call. A task of async code cannot wait for
//! them, and has `send().await`: there they answer an error, because the thread they would block is what other tasks wait
//! for. On a thread that may be blocked, such as one of `tokio::task::spawn_blocking`, they work.

use std::fmt;

use futures::stream::{BoxStream, StreamExt as _};

use crate::api::Operation;
use crate::error::Error;
use crate::waiting::run;

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

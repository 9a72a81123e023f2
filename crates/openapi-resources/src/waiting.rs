//! Work that may wait for a disk.

/// Does work so that no other task of the thread has to wait for it.
#[cfg(feature = "server")]
pub(crate) fn waiting<T>(work: impl FnOnce() -> T) -> T {
    use tokio::runtime::{Handle, RuntimeFlavor};

    match Handle::try_current().map(|runtime| runtime.runtime_flavor()) {
        Ok(RuntimeFlavor::MultiThread) => tokio::task::block_in_place(work),
        _ => work(),
    }
}

/// Does work. Without a server there are no other tasks.
#[cfg(not(feature = "server"))]
pub(crate) fn waiting<T>(work: impl FnOnce() -> T) -> T {
    work()
}

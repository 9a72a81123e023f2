//! Sockets of either kind, before and after the runtime of Tokio knows them.

use std::io;
use std::task::{Context, Poll, ready};

use tokio::net::{TcpListener, TcpStream};
#[cfg(unix)]
use tokio::net::{UnixListener, UnixStream};

use crate::server::Address;

/// A bound socket that no runtime has to know yet.
#[derive(Debug)]
pub(super) enum Bound {
    Tcp(std::net::TcpListener),
    #[cfg(unix)]
    Unix(unix::File, std::os::unix::net::UnixListener),
}

/// A socket that connections are accepted from.
pub(super) enum Socket {
    Tcp(TcpListener),
    /// The file is removed before the socket is closed; the other way round it could be another server's by then.
    #[cfg(unix)]
    Unix(#[expect(dead_code, reason = "dropping it removes the file")] unix::File, UnixListener),
}

/// A connection.
pub(super) enum Stream {
    Tcp(TcpStream),
    #[cfg(unix)]
    Unix(UnixStream),
}

impl Bound {
    /// Binds an address and returns the one that was bound.
    pub(super) fn new(address: Address) -> io::Result<(Self, Address)> {
        match address {
            Address::Tcp(address) => {
                let socket = std::net::TcpListener::bind(address)?;
                socket.set_nonblocking(true)?;
                let address = socket.local_addr()?;
                Ok((Self::Tcp(socket), Address::Tcp(address)))
            }
            #[cfg(unix)]
            Address::Unix(path) => {
                let (file, socket) = unix::bind(&path)?;
                socket.set_nonblocking(true)?;
                Ok((Self::Unix(file, socket), Address::Unix(path)))
            }
        }
    }

    /// Makes the socket known to the current runtime.
    pub(super) fn register(self) -> io::Result<Socket> {
        Ok(match self {
            Self::Tcp(socket) => Socket::Tcp(TcpListener::from_std(socket)?),
            #[cfg(unix)]
            Self::Unix(file, socket) => Socket::Unix(file, UnixListener::from_std(socket)?),
        })
    }
}

impl Socket {
    pub(super) fn poll_accept(&self, cx: &mut Context<'_>) -> Poll<io::Result<Stream>> {
        Poll::Ready(match self {
            Self::Tcp(socket) => ready!(socket.poll_accept(cx)).map(|(stream, _)| {
                // Responses are written at once; waiting for more to send with them only delays them.
                let _ = stream.set_nodelay(true);
                Stream::Tcp(stream)
            }),
            #[cfg(unix)]
            Self::Unix(_, socket) => ready!(socket.poll_accept(cx)).map(|(stream, _)| Stream::Unix(stream)),
        })
    }
}

#[cfg(unix)]
pub(super) mod unix {
    //! The files of unix sockets.

    use std::io;
    use std::os::unix::net::{UnixListener, UnixStream};
    use std::path::{Path, PathBuf};

    /// The file of a socket, which is removed when this is dropped.
    #[derive(Debug)]
    pub(crate) struct File(PathBuf);

    impl Drop for File {
        fn drop(&mut self) {
            // If it is gone already, that is as well.
            let _ = std::fs::remove_file(&self.0);
        }
    }

    /// Binds a path. An abandoned socket is replaced.
    pub(crate) fn bind(path: &Path) -> io::Result<(File, UnixListener)> {
        let socket = match UnixListener::bind(path) {
            Err(error) if error.kind() == io::ErrorKind::AddrInUse && is_abandoned(path) => {
                std::fs::remove_file(path)?;
                UnixListener::bind(path)?
            }
            bound => bound?,
        };
        Ok((File(path.to_owned()), socket))
    }

    /// Returns `true` if the file is a socket that refuses connections. Any other file fails differently or not at all.
    fn is_abandoned(path: &Path) -> bool {
        use std::os::unix::fs::FileTypeExt as _;
        let is_socket =
            std::fs::symlink_metadata(path).is_ok_and(|metadata| metadata.file_type().is_socket());
        let refused = |error: io::Error| error.kind() == io::ErrorKind::ConnectionRefused;
        is_socket && UnixStream::connect(path).is_err_and(refused)
    }
}

//! The address on which a server listens.

use std::fmt;
use std::net::{Ipv4Addr, SocketAddr, ToSocketAddrs as _};
#[cfg(unix)]
use std::path::{Path, PathBuf};
use std::str::FromStr;

/// The address of a server.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Address {
    /// An IP address and a port.
    Tcp(SocketAddr),
    /// The file of a unix socket.
    #[cfg(unix)]
    Unix(PathBuf),
}

impl Address {
    /// Returns the IP address and port, unless this is a unix socket.
    #[must_use]
    pub fn as_tcp(&self) -> Option<SocketAddr> {
        match self {
            Self::Tcp(address) => Some(*address),
            #[cfg(unix)]
            Self::Unix(_) => None,
        }
    }

    /// Returns the URL without a path that a client is given, which is one of TLS or not. The host of a unix socket is
    /// `localhost`, as in `curl --unix-socket PATH http://localhost/`.
    #[must_use]
    pub fn origin(&self, is_tls: bool) -> String {
        let scheme = if is_tls { "https" } else { "http" };
        match self {
            Self::Tcp(address) => format!("{scheme}://{address}"),
            #[cfg(unix)]
            Self::Unix(_) => format!("{scheme}://localhost"),
        }
    }
}

impl FromStr for Address {
    type Err = String;

    /// Reads `HOST:PORT`, where the host may be a name of this machine; `:PORT`, every address of this machine; or
    /// `unix:PATH`.
    fn from_str(text: &str) -> Result<Self, String> {
        #[cfg(unix)]
        if let Some(path) = text.strip_prefix("unix:") {
            let path = Some(path).filter(|path| !path.is_empty());
            return path
                .map(|path| Self::from(Path::new(path)))
                .ok_or_else(|| "unix: needs a path".to_owned());
        }
        if let Some(port) = text.strip_prefix(':') {
            let port = port.parse().map_err(|_| format!("`{port}` is no port"))?;
            return Ok(Self::Tcp(SocketAddr::from((Ipv4Addr::UNSPECIFIED, port))));
        }
        let found = text.to_socket_addrs().map_err(|error| {
            format!("{error}; write HOST:PORT, such as 127.0.0.1:9000 or localhost:0, :PORT or unix:PATH")
        })?;
        // Clients that know but one try this.
        let found = found.min_by_key(SocketAddr::is_ipv6);
        found.map(Self::Tcp).ok_or_else(|| format!("`{text}` has no address"))
    }
}

impl From<SocketAddr> for Address {
    fn from(address: SocketAddr) -> Self {
        Self::Tcp(address)
    }
}

#[cfg(unix)]
impl From<PathBuf> for Address {
    fn from(path: PathBuf) -> Self {
        Self::Unix(path)
    }
}

#[cfg(unix)]
impl From<&Path> for Address {
    fn from(path: &Path) -> Self {
        Self::Unix(path.to_owned())
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tcp(address) => address.fmt(f),
            #[cfg(unix)]
            Self::Unix(path) => write!(f, "unix:{}", path.display()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_in_every_form() {
        let shown = |text: &str| text.parse::<Address>().map(|address| address.to_string());
        for (text, expected) in [
            ("127.0.0.1:9000", "127.0.0.1:9000"),
            ("[::1]:0", "[::1]:0"),
            (":9000", "0.0.0.0:9000"),
            ("localhost:0", "127.0.0.1:0"),
        ] {
            assert_eq!(shown(text).as_deref(), Ok(expected), "{text}");
        }
        #[cfg(unix)]
        assert_eq!(shown("unix:/run/stub.sock").as_deref(), Ok("unix:/run/stub.sock"));
        for text in ["", "9000", ":x", ":70000", "unix:", "127.0.0.1"] {
            assert!(shown(text).is_err(), "{text}");
        }
    }
}

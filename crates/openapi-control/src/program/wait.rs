//! Waits until a server is ready.

#[cfg(feature = "tls")]
mod secure;

use std::io::{self, Read as _};
use std::net::{SocketAddr, TcpStream, ToSocketAddrs as _};
#[cfg(feature = "tls")]
use std::path::PathBuf;
use std::time::{Duration, Instant};

use clap::Args;
use http::Uri;

/// The path that answers whether a server is ready.
const READY: &str = "/-/health/ready/";

/// The pause between two attempts.
const PAUSE: Duration = Duration::from_millis(100);

/// The server to wait for.
#[derive(Debug, Clone, Args)]
pub struct Wait {
    /// URL of the server, of which only scheme, host and port matter, such as `http://127.0.0.1:9000`; or unix:PATH
    #[arg(value_name = "URL")]
    pub url: String,

    /// Trust the authorities in this file of PEM, for a server over TLS. It may be written while it is waited for
    #[cfg(feature = "tls")]
    #[arg(long, value_name = "FILE")]
    pub ca: Option<PathBuf>,

    /// Give up after so many seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 30)]
    pub timeout: u32,
}

/// The reason why a server is not ready.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WaitError {
    /// This is no URL of a server.
    #[error(
        "error: `{0}` is no URL of a server\n  help: write http://HOST:PORT, https://HOST:PORT or unix:PATH"
    )]
    Url(String),
    /// This is a server over TLS, and no authority is trusted.
    #[cfg(feature = "tls")]
    #[error(
        "error: `{0}` is a server over TLS, and no authority is trusted\n  help: name a file of PEM with `--ca FILE`"
    )]
    NoAuthority(String),
    /// It was not ready in time.
    #[error("error: {0} was not ready within {1} seconds: {2}")]
    Late(String, u32, String),
}

/// The server that is asked.
enum Server {
    Tcp(String),
    #[cfg(feature = "tls")]
    Tls {
        host: String,
        name: String,
        ca: PathBuf,
    },
    #[cfg(unix)]
    Unix(std::path::PathBuf),
}

impl Wait {
    /// Asks until the server is ready.
    ///
    /// # Errors
    /// If the URL is none, or the time is over.
    pub fn run(&self) -> Result<(), WaitError> {
        let server = self.server()?;
        let end = Instant::now() + Duration::from_secs(self.timeout.into());
        loop {
            let left = end.saturating_duration_since(Instant::now()).max(PAUSE);
            let problem = match server.ask(left) {
                Ok(status) if status.starts_with('2') => return Ok(()),
                Ok(status) => format!("it answers {status}"),
                Err(error) => error.to_string(),
            };
            if Instant::now() + PAUSE >= end {
                return Err(WaitError::Late(self.url.clone(), self.timeout, problem));
            }
            std::thread::sleep(PAUSE);
        }
    }

    fn server(&self) -> Result<Server, WaitError> {
        #[cfg(unix)]
        if let Some(path) = self.url.strip_prefix("unix:").filter(|path| !path.is_empty()) {
            return Ok(Server::Unix(path.into()));
        }
        let none = || WaitError::Url(self.url.clone());
        let uri: Uri = self.url.parse().map_err(|_| none())?;
        let name = uri.host().ok_or_else(none)?;
        let host = |default| format!("{name}:{}", uri.port_u16().unwrap_or(default));
        match uri.scheme_str() {
            Some("http") => Ok(Server::Tcp(host(80))),
            #[cfg(feature = "tls")]
            Some("https") => {
                let ca = self.ca.clone().ok_or_else(|| WaitError::NoAuthority(self.url.clone()))?;
                Ok(Server::Tls { host: host(443), name: name.to_owned(), ca })
            }
            _ => Err(none()),
        }
    }
}

impl Server {
    /// Returns the status of the answer.
    fn ask(&self, limit: Duration) -> io::Result<String> {
        match self {
            Self::Tcp(host) => status(&mut reach(host, limit)?, host),
            #[cfg(feature = "tls")]
            Self::Tls { host, name, ca } => {
                let authorities = secure::authorities(ca)?;
                status(&mut secure::secure(reach(host, limit)?, name, authorities)?, host)
            }
            #[cfg(unix)]
            Self::Unix(path) => {
                let mut stream = std::os::unix::net::UnixStream::connect(path)?;
                stream.set_read_timeout(Some(limit))?;
                status(&mut stream, "localhost")
            }
        }
    }
}

/// Connects to a host, and reads from it no longer than this.
fn reach(host: &str, limit: Duration) -> io::Result<TcpStream> {
    let stream = connect(host.to_socket_addrs()?, limit)?;
    stream.set_read_timeout(Some(limit))?;
    Ok(stream)
}

/// Connects to the first of the addresses that takes a connection. A name such as `localhost` may have several, of which the
/// server listens at one.
fn connect(addresses: impl IntoIterator<Item = SocketAddr>, limit: Duration) -> io::Result<TcpStream> {
    let end = Instant::now() + limit;
    let mut error = io::Error::other("the host has no address");
    for address in addresses {
        let left = end.saturating_duration_since(Instant::now()).max(PAUSE);
        match TcpStream::connect_timeout(&address, left) {
            Ok(stream) => return Ok(stream),
            Err(other) => error = other,
        }
    }
    Err(error)
}

/// The length of `HTTP/1.1 200`.
const STATUS_LINE: usize = 12;

fn status(stream: &mut (impl io::Read + io::Write), host: &str) -> io::Result<String> {
    let request = format!("GET {READY} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes())?;
    let mut line = Vec::new();
    stream.take(STATUS_LINE as u64).read_to_end(&mut line)?;
    let line = String::from_utf8_lossy(&line);
    let status = line.strip_prefix("HTTP/1.").and_then(|line| line.get(2..5));
    let status = status.filter(|status| status.bytes().all(|digit| digit.is_ascii_digit()));
    status.map(str::to_owned).ok_or_else(|| io::Error::other("it does not answer in HTTP"))
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;
    use std::net::TcpListener;

    use super::*;

    fn wait(url: String, timeout: u32) -> Result<(), WaitError> {
        Wait {
            url,
            timeout,
            #[cfg(feature = "tls")]
            ca: None,
        }
        .run()
    }

    #[test]
    fn each_address_of_a_name_is_tried() {
        let listener = TcpListener::bind("127.0.0.1:0").expect("an address");
        let listening = listener.local_addr().expect("an address");
        let closed =
            TcpListener::bind("127.0.0.1:0").and_then(|closed| closed.local_addr()).expect("an address");
        let stream = connect([closed, listening], Duration::from_secs(30)).expect("a connection");
        assert_eq!(stream.peer_addr().expect("an address"), listening);
        assert!(connect([closed], Duration::from_secs(30)).is_err());
        assert!(connect([], Duration::ZERO).is_err());
    }

    #[test]
    fn it_waits_until_the_server_is_ready_and_no_longer_than_it_may() {
        let listener = TcpListener::bind("127.0.0.1:0").expect("an address");
        let url = format!("http://{}/api", listener.local_addr().expect("an address"));
        let answers = std::thread::spawn(move || {
            for answer in ["503 Service Unavailable", "204 No Content"] {
                let (mut stream, _) = listener.accept().expect("a client");
                let mut request = [0; 512];
                let length = stream.read(&mut request).expect("a request");
                assert!(request[..length].starts_with(b"GET /-/health/ready/ HTTP/1.1\r\n"));
                // In one piece: the client leaves when it has read the status.
                let answer = format!("HTTP/1.1 {answer}\r\n\r\n");
                stream.write_all(answer.as_bytes()).expect("an answer");
            }
        });
        assert_eq!(wait(url.clone(), 30), Ok(()));
        answers.join().expect("two requests");
        let told = wait(url, 0).expect_err("nobody listens").to_string();
        assert!(told.contains("was not ready within 0 seconds"), "{told}");
        assert!(matches!(wait("ftp://x".to_owned(), 0), Err(WaitError::Url(_))));
    }
}

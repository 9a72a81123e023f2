//! The options of a program that may stand in front of a server.

use std::path::PathBuf;

use clap::Args;

use crate::target::{Reach, Target};

/// The server to stand in front of, and how it may be reached.
#[derive(Debug, Clone, Default, Args)]
pub struct ProxyOptions {
    /// Stand in front of the server at this URL: pass requests on, and check them and their responses by the document. What
    /// violates it is in the journal, GET /-/requests
    #[arg(long, value_name = "URL")]
    pub proxy: Option<String>,

    /// Let `--proxy` lead to another machine
    #[arg(long, requires = "proxy")]
    pub allow_remote: bool,

    /// Trust the certificates in this file of PEM, instead of those of the system, where the URL of `--proxy` is https
    #[arg(long, value_name = "FILE", requires = "proxy")]
    pub ca: Option<PathBuf>,
}

impl ProxyOptions {
    /// Returns the server to stand in front of, if there is one.
    ///
    /// # Errors
    /// Like [`Target::new`].
    pub fn target(&self) -> Result<Option<Target>, String> {
        let reach = Reach { allow_remote: self.allow_remote, ca: self.ca.clone() };
        self.proxy.as_ref().map(|url| Target::new(url, &reach)).transpose()
    }
}

//! The server that an example talks to, from the environment.
//!
//! Errors go to `anyhow`, which shows each as its one line with its causes below when `main` returns it; `main` on its own
//! would show the innards.

use anyhow::Context as _;
use authentik_sources_client::Client;

/// A client of the server that `{prefix}_URL` and `{prefix}_TOKEN` name.
pub(crate) fn client(prefix: &str) -> anyhow::Result<Client> {
    let read = |what: &str| {
        let name = format!("{prefix}_{what}");
        std::env::var(&name).with_context(|| format!("{name} cannot be read"))
    };
    Ok(Client::builder(read("URL")?).token(read("TOKEN")?).build()?)
}

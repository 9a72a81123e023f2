//! The server that an example talks to, from the environment.

use authentik_sources_client::Client;

/// A client of the server that `{prefix}_URL` and `{prefix}_TOKEN` name.
pub(crate) fn client(prefix: &str) -> Result<Client, Box<dyn std::error::Error>> {
    let read = |what: &str| {
        let name = format!("{prefix}_{what}");
        std::env::var(&name).map_err(|_| format!("{name} is not set"))
    };
    Ok(Client::builder(read("URL")?).token(read("TOKEN")?).build()?)
}

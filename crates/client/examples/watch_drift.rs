//! Says in which ways a server's answers are not what this version of the client knows: what to look at after the server
//! was upgraded, and before the client is.
//!
//! ```console
//! $ AUTHENTIK_URL=https://authentik.example.com AUTHENTIK_TOKEN=... cargo run --example watch_drift
//! ```

use std::collections::BTreeSet;

use authentik_sources_client::{Client, Error};

mod connection;

/// A line for each way in which the lists drift, however many objects have it.
pub(crate) async fn run(client: &Client) -> Result<BTreeSet<String>, Error> {
    let sources = client.sources_plex_list().send().await?;
    let connections = client.sources_group_connections_oauth_list().send().await?;
    let drift = sources.drift().iter().map(|drift| ("Plex sources", drift));
    let drift = drift.chain(connections.drift().iter().map(|drift| ("group connections", drift)));
    Ok(drift.map(|(list, drift)| format!("{list}: {} at {}", drift.kind(), drift.place())).collect())
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let drift = run(&connection::client("AUTHENTIK")?).await?;
    for line in &drift {
        println!("{line}");
    }
    if drift.is_empty() {
        println!("all answers are as this client knows them");
    }
    Ok(())
}

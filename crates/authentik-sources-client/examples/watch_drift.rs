//! Says in which ways a server's answers are not what this version of the client knows: what to look at after the server
//! was upgraded, and before the client is.
//!
//! ```console
//! $ AUTHENTIK_URL=https://authentik.example.com AUTHENTIK_TOKEN=... cargo run --example watch_drift
//! ```

use std::collections::BTreeSet;
use std::sync::mpsc;

use authentik_sources_client::{CallOptions, Client, Error};
use futures::TryStreamExt as _;

mod connection;

/// A line for each way in which the lists drift, however many objects of however many pages have it.
pub(crate) async fn run(client: &Client) -> Result<BTreeSet<String>, Error> {
    let (sender, lines) = mpsc::channel();
    let options = CallOptions::new().on_drift(move |answer| {
        for drift in answer.drift {
            // There is somebody to receive as long as pages are read.
            let _ = sender.send(format!("{}: {} at {}", answer.operation, drift.kind(), drift.place()));
        }
    });
    // The hook hears of every page as it is read; the objects themselves are of no interest here.
    let mut sources = client.sources_plex_list().options(options.clone()).stream();
    while sources.try_next().await?.is_some() {}
    let mut connections = client.sources_group_connections_oauth_list().options(options).stream();
    while connections.try_next().await?.is_some() {}
    Ok(lines.try_iter().collect())
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let drift = run(&connection::client("AUTHENTIK")?).await?;
    for line in &drift {
        println!("{line}");
    }
    if drift.is_empty() {
        println!("all answers are as this client knows them");
    }
    Ok(())
}

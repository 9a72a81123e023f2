//! Lists the enabled Plex sources whose name or slug has the words of the command line in it, page by page.
//!
//! ```console
//! $ AUTHENTIK_URL=https://authentik.example.com AUTHENTIK_TOKEN=... cargo run --example list_and_filter -- living room
//! ```

use authentik_sources_client::{Client, Error};
use futures::TryStreamExt as _;

mod connection;

/// The slugs of the enabled sources that `search` finds, in the order of their names.
pub(crate) async fn run(client: &Client, search: &str) -> Result<Vec<String>, Error> {
    let mut sources = client.sources_plex_list().enabled(true).search(search).ordering("name").stream();
    let mut slugs = Vec::new();
    while let Some(source) = sources.try_next().await? {
        slugs.push(source.slug);
    }
    Ok(slugs)
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    for slug in run(&connection::client("AUTHENTIK")?, &words.join(" ")).await? {
        println!("{slug}");
    }
    Ok(())
}

//! Makes sure that there is a Plex source of this slug. It can run any number of times, also at the same time.
//!
//! ```console
//! $ AUTHENTIK_URL=https://authentik.example.com AUTHENTIK_TOKEN=... PLEX_TOKEN=... cargo run --example find_or_create -- plex
//! ```

use anyhow::Context as _;
use authentik_sources_client::types::{PlexSource, PlexSourceRequest};
use authentik_sources_client::{Client, Error};

mod connection;

/// The source `slug`, and whether it was created just now.
pub(crate) async fn run(client: &Client, slug: &str, plex_token: &str) -> Result<(PlexSource, bool), Error> {
    let find = || client.sources_plex_retrieve().slug(slug).send();
    match find().await {
        Ok(source) => return Ok((source.into_inner(), false)),
        Err(Error::NotFound { .. }) => {}
        Err(error) => return Err(error),
    }
    let body = PlexSourceRequest::builder().name(slug).slug(slug).plex_token(plex_token).enabled(false);
    match client.sources_plex_create().body(body).send().await {
        Ok(source) => Ok((source.into_inner(), true)),
        // Somebody else was faster.
        Err(Error::Validation { fields, .. }) if fields.about("slug").next().is_some() => {
            Ok((find().await?.into_inner(), false))
        }
        Err(error) => Err(error),
    }
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let slug = std::env::args().nth(1).context("name a source by its slug")?;
    let plex_token = std::env::var("PLEX_TOKEN").context("PLEX_TOKEN cannot be read")?;
    let (source, created) = run(&connection::client("AUTHENTIK")?, &slug, &plex_token).await?;
    println!("{} {}", source.pk, if created { "created" } else { "was there" });
    Ok(())
}

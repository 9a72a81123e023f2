//! Renames a Plex source and takes its enrollment flow away, so that nobody new can come in through it.
//!
//! ```console
//! $ AUTHENTIK_URL=https://authentik.example.com AUTHENTIK_TOKEN=... cargo run --example rename_and_clear_flow -- plex "Plex at home"
//! ```

use authentik_sources_client::types::{Patch, PatchedPlexSourceRequest, PlexSource};
use authentik_sources_client::{Client, Error};

mod connection;

/// The source `slug`, now called `name` and without an enrollment flow; everything else stays as it is.
pub(crate) async fn run(client: &Client, slug: &str, name: &str) -> Result<PlexSource, Error> {
    let body = PatchedPlexSourceRequest::builder().name(name).enrollment_flow(Patch::Null);
    let source = client.sources_plex_partial_update().slug(slug).body(body).send().await?;
    Ok(source.into_inner())
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let (Some(slug), Some(name)) = (arguments.next(), arguments.next()) else {
        anyhow::bail!("name a source by its slug, and say what to call it");
    };
    match run(&connection::client("AUTHENTIK")?, &slug, &name).await {
        Ok(source) => println!("{} is now called {}", source.slug, source.name),
        Err(Error::NotFound { .. }) => anyhow::bail!("there is no source {slug}"),
        Err(Error::Validation { fields, .. }) => anyhow::bail!("refused: {fields}"),
        Err(error) => return Err(error.into()),
    }
    Ok(())
}

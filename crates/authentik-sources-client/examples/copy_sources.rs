//! Copies the Plex sources of one server to another that does not have them yet. Flows and property mappings stay
//! behind, as their keys mean nothing elsewhere; so copies are disabled until somebody has looked at them.
//!
//! ```console
//! $ FROM_URL=https://old.example.com FROM_TOKEN=... TO_URL=https://new.example.com TO_TOKEN=... cargo run --example copy_sources
//! ```

use authentik_sources_client::types::{PlexSource, PlexSourceRequest};
use authentik_sources_client::{Client, Error};
use futures::TryStreamExt as _;

mod connection;

/// The slugs of what was copied, and of what was there already.
pub(crate) async fn run(from: &Client, to: &Client) -> Result<(Vec<String>, Vec<String>), Error> {
    let (mut copied, mut there) = (Vec::new(), Vec::new());
    let mut sources = from.sources_plex_list().stream();
    while let Some(source) = sources.try_next().await? {
        let slug = source.slug.clone();
        match copy(&source, to).await {
            Ok(()) => copied.push(slug),
            Err(Error::Validation { fields, .. }) if fields.about("slug").next().is_some() => {
                there.push(slug);
            }
            Err(error) => return Err(error),
        }
    }
    Ok((copied, there))
}

async fn copy(source: &PlexSource, to: &Client) -> Result<(), Error> {
    // Every setting that is no reference: one that is left out would get a default, which may let in more people. What
    // the server did not say, the other one decides.
    let body = PlexSourceRequest::builder()
        .name(source.name.as_str())
        .slug(source.slug.as_str())
        .plex_token(source.plex_token.as_str())
        .enabled(false)
        .policy_engine_mode(source.policy_engine_mode.clone())
        .user_matching_mode(source.user_matching_mode.clone())
        .user_path_template(source.user_path_template.clone())
        .group_matching_mode(source.group_matching_mode.clone())
        .client_id(source.client_id.clone())
        .allowed_servers(source.allowed_servers.clone())
        .allow_friends(source.allow_friends);
    to.sources_plex_create().body(body).send().await?;
    Ok(())
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let (copied, there) = run(&connection::client("FROM")?, &connection::client("TO")?).await?;
    println!("copied: {}\nalready there: {}", copied.join(", "), there.join(", "));
    Ok(())
}

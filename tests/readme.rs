//! READMEs: the Rust code that the repository's README and the client's show compiles as it is printed, and does against
//! the stub what it says. `build.rs` takes it out; here is what it leaves out: a client, a stub, and what to look at
//! afterwards.

use std::error::Error as StdError;

use authentik_sources_client::types::{Patch, PatchedPlexSourceRequest};
use authentik_stub::Stub;
use futures::TryStreamExt as _;

/// The code block of this name, in an async block that answers what `$answer` is after it.
macro_rules! block {
    ($name:literal) => {
        include!(concat!(env!("OUT_DIR"), "/", $name, ".rs"))
    };
}

/// Returns a stub with the sample data.
async fn stub() -> Stub {
    Stub::builder().start().await.expect("the stub starts")
}

fn url_and_token(stub: &Stub) -> (String, String) {
    (stub.url().to_owned(), stub.token().expect("the sample has a token").to_owned())
}

#[test]
fn the_map_of_the_tests_lists_every_module_and_leads_nowhere_else() {
    let map = include_str!("README.md");
    let modules =
        include_str!("main.rs").lines().filter_map(|line| line.strip_prefix("mod ")?.strip_suffix(';'));
    for module in modules {
        assert!(map.contains(&format!("[`{module}`](")), "{module} is not in tests/README.md");
    }
    for target in map.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
        assert!(crate::repository().join("tests").join(target).exists(), "{target} does not exist");
    }
}

#[test]
fn every_block_is_run_here() {
    assert_eq!(env!("README_BLOCKS_WORKSPACE"), "1");
    assert_eq!(env!("README_BLOCKS_CLIENT"), "4");
}

/// The sample names a server that is not there; its requests go to the stub.
mod elsewhere {
    use std::sync::OnceLock;

    use authentik_sources_client::ClientBuilder;

    pub static URL: OnceLock<String> = OnceLock::new();

    pub struct Client;

    impl Client {
        pub fn builder(url: &str) -> ClientBuilder {
            assert_eq!(url, "https://auth.example.com");
            authentik_sources_client::Client::builder(URL.get().expect("the stub runs"))
        }
    }
}

#[tokio::test]
async fn the_sample_of_the_workspace_clears_a_flow_and_lists_every_page() -> Result<(), Box<dyn StdError>> {
    use elsewhere::Client;
    let stub = stub().await;
    let (url, token) = url_and_token(&stub);
    elsewhere::URL.set(url).expect("nobody else sets it");
    block!("workspace_0");
    let client =
        Client::builder("https://auth.example.com").token(stub.token().unwrap_or_default()).build()?;
    assert_eq!(client.sources_plex_retrieve().slug("plex").send().await?.enrollment_flow, None);
    Ok(())
}

#[tokio::test]
async fn the_client_lists_and_renames() -> Result<(), Box<dyn StdError>> {
    let stub = stub().await;
    let (url, token) = url_and_token(&stub);
    block!("client_0");
    let (url, token) = url_and_token(&stub);
    let client = authentik_sources_client::Client::builder(url).token(token).build()?;
    assert_eq!(client.sources_plex_retrieve().slug("plex").send().await?.name, "Plex at home");
    Ok(())
}

#[tokio::test]
async fn the_client_says_how_long_to_wait_and_how_often_to_try() -> Result<(), Box<dyn StdError>> {
    let stub = stub().await;
    let (url, token) = url_and_token(&stub);
    block!("client_1");
    Ok(())
}

#[test]
fn the_client_waits_for_those_who_do_not_await() -> Result<(), Box<dyn StdError>> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let stub = runtime.block_on(stub());
    let (url, token) = url_and_token(&stub);
    block!("client_2");
    runtime.block_on(stub.close());
    Ok(())
}

#[tokio::test]
async fn the_client_tells_of_drift() -> Result<(), Box<dyn StdError>> {
    let stub = stub().await;
    let (url, token) = url_and_token(&stub);
    block!("client_3");
    Ok(())
}

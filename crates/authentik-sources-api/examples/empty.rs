//! A server that implements nothing: every operation answers with the example of its schema.
//!
//! ```sh
//! cargo run --package authentik-sources-api --example empty
//! curl http://127.0.0.1:8080 # and the path of an operation after it
//! ```

use std::error::Error;
use std::time::Duration;

use authentik_sources_api::runtime::host::Host;
use authentik_sources_api::{Server, Service, SourcesGroupConnectionsOauth, SourcesPlex};

struct Empty;

impl Host for Empty {
    type User = ();
}

impl SourcesGroupConnectionsOauth for Empty {}

impl SourcesPlex for Empty {}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let server = Server::start(Service::new(Empty), ([127, 0, 0, 1], 8080).into())?;
    println!("listening at {}", server.url());
    tokio::signal::ctrl_c().await?;
    server.close(Duration::from_secs(5)).await?;
    Ok(())
}

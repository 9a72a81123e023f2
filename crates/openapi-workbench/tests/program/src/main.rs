//! A user's own program in a generated workspace: serves the examples of the document for a moment, then prints the document
//! that dropshot emits.

use std::error::Error;
use std::io::Write as _;
use std::time::Duration;

use api::runtime::host::Host;
use api::*;

struct Empty;

impl Host for Empty {
    type User = ();
}

// The implementations that the README of the api has.
include!("empty.rs");

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let server = Server::start(Service::new(Empty), ([127, 0, 0, 1], 0).into())?;
    server.close(Duration::from_secs(10)).await?;

    let document = api::document()?;
    let items = document["paths"].as_object().into_iter().flat_map(serde_json::Map::values);
    let members = items.flat_map(|item| item.as_object().into_iter().flat_map(serde_json::Map::values));
    let documented = members.filter(|member| member.get("responses").is_some()).count();
    if documented != OPERATIONS.len() {
        return Err(format!("{documented} of {} operations are documented", OPERATIONS.len()).into());
    }
    Ok(writeln!(std::io::stdout(), "{document:#}")?)
}

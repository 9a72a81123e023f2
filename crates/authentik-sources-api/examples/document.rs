//! Prints the OpenAPI document of the registered operations, as dropshot emits it.
//!
//! ```sh
//! cargo run --package authentik-sources-api --example document
//! ```

use std::io::Write as _;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let document = authentik_sources_api::document()?;
    // A reader who has seen enough, such as `head`, is no failure.
    let _ = writeln!(std::io::stdout(), "{document:#}");
    Ok(())
}

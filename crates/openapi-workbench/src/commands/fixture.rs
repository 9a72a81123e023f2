//! Makes a fixture of a record.

use clap::Args;
use openapi_document::model::Model;
use openapi_proxy::FixtureOf;
use openapi_resources::functions::Functions;
use openapi_resources::infer::Inferred;

use super::overlaid::Overlaid;
use crate::Report;

/// The document, and the record.
#[derive(Args, Clone, Debug)]
pub struct Arguments {
    /// Holds the document
    #[command(flatten)]
    pub source: Overlaid,
    /// Holds the record
    #[command(flatten)]
    pub record: FixtureOf,
}

/// Returns the fixture.
#[must_use]
pub fn run(arguments: &Arguments, color: bool) -> Report {
    match text(arguments, color) {
        Ok(text) => Report::clean(text),
        Err(message) => Report::failure(message.trim_start_matches("error: ")),
    }
}

fn text(arguments: &Arguments, color: bool) -> Result<String, String> {
    let document = arguments.source.read(color)?;
    let render = |error: openapi_document::Error| error.render(color);
    let plan = Inferred::of(&document, Functions::new()).map_err(render)?.plan;
    let tables = openapi_tables::build(&Model::of(&document)).map_err(render)?;
    arguments.record.text(tables, &plan)
}

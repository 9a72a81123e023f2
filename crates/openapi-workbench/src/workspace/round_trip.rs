//! The program of a workspace in which the client calls the server.

use openapi_bindings::GeneratedFile;
use openapi_bindings::api::round_trip;
use openapi_document::error::Result;
use openapi_document::model::Model;

use super::description::Workspace;

/// The crate that the program depends on. It is never published, so the program is for workspaces beside it.
pub const ROUND_TRIP: &str = "openapi-round-trip";

/// The root of the program.
const MAIN: &str = include_str!("../../templates/round-trip.rs");

/// Returns the generated files of the program; `generated` has those of the client.
pub(super) fn files(
    workspace: &Workspace,
    model: &Model<'_>,
    generated: &[GeneratedFile],
) -> Result<Vec<GeneratedFile>> {
    let ident = |part| workspace.name.ident(part);
    let config = round_trip::Config {
        directory: format!("crates/{}/src", workspace.name.package("round-trip")),
        types: ident("types"),
        client: ident("client"),
        api: ident("api"),
    };
    round_trip::generate(model, generated, &config)
}

/// Returns the root of the program.
pub(super) fn root(workspace: &Workspace) -> String {
    MAIN.replace("CLIENT", &workspace.name.ident("client")).replace("API", &workspace.name.ident("api"))
}

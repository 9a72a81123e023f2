//! The assets that the document and its overlay were made into, embedded in the program.

use std::sync::Arc;

use openapi_resources::definition::Definition;
use openapi_resources::plan::Plan;
use openapi_resources::supply::Adjustable;
use openapi_server_runtime::tables::Tables;

use super::functions;
use super::viewsets::Viewsets;

static TABLES: &[u8] = include_bytes!("../../assets/tables.bin");
static DEFINITION: &[u8] = include_bytes!("../../assets/definition.json");
/// The document of the API, as JSON.
pub(super) static DOCUMENT: &str = include_str!("../../assets/document.json");
static VIEWSETS: &[u8] = include_bytes!("../../assets/viewsets.json");
static PERMISSIONS: &[u8] = include_bytes!("../../assets/permissions.json");

/// An asset that cannot be used: a fault of this program.
#[derive(Debug, thiserror::Error)]
#[error("the embedded {asset} cannot be used: {reason}")]
pub struct AssetError {
    asset: &'static str,
    reason: String,
}

/// The assets.
pub(super) struct Assets {
    pub(super) plan: Plan,
    pub(super) viewsets: Arc<Viewsets>,
}

/// Reads the assets.
pub(super) fn read(supply: Arc<Adjustable>) -> Result<Assets, AssetError> {
    let failed =
        |asset: &'static str| move |error: serde_json::Error| AssetError { asset, reason: error.to_string() };
    let definition: Definition = serde_json::from_slice(DEFINITION).map_err(failed("definition"))?;
    let viewsets: Viewsets = serde_json::from_slice(VIEWSETS).map_err(failed("list of viewsets"))?;
    let viewsets = Arc::new(viewsets);
    let plan = Plan::new(definition, functions::all(&viewsets)).map_err(|problems| AssetError {
        asset: "definition",
        reason: problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "),
    })?;
    Ok(Assets { plan: plan.with_supply(supply), viewsets })
}

/// Returns the permissions that there are.
pub(super) fn permissions<T: serde::de::DeserializeOwned>() -> Result<T, AssetError> {
    serde_json::from_slice(PERMISSIONS)
        .map_err(|error| AssetError { asset: "table of permissions", reason: error.to_string() })
}

/// Returns the tables of operations and schemas.
pub(super) fn tables() -> Result<&'static Tables, AssetError> {
    Tables::from_bytes(TABLES).map_err(|error| AssetError { asset: "tables", reason: error.to_string() })
}

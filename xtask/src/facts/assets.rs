//! Makes the assets that the stub embeds, so that it reads no document when it starts.

use openapi_document::Document;
use openapi_document::loader::Nothing;
use openapi_document::model::Model;
use openapi_document::overlay::Overlay;
use openapi_resources::infer::Inferred;
use serde_json::Value;

/// The assets.
pub(super) struct Assets {
    /// The tables of operations and schemas.
    tables: Vec<u8>,
    /// The document, without what is only said to this program. What is secret is said to everyone.
    document: Vec<u8>,
    /// Models, views and collections.
    definition: Vec<u8>,
    /// Who may use the paths of viewsets.
    viewsets: Vec<u8>,
}

impl Assets {
    /// Returns the assets by the names of their files.
    pub(super) fn files(self) -> [(&'static str, Vec<u8>); 4] {
        [
            ("document.json", self.document),
            ("tables.bin", self.tables),
            ("definition.json", self.definition),
            ("viewsets.json", self.viewsets),
        ]
    }
}

/// Makes assets of the document and its overlay.
///
/// # Errors
/// Fails if one of them is wrong, or leaves open what a parameter means.
pub(super) fn of(document: &str, overlay: &str) -> Result<Assets, String> {
    let render = |error: openapi_document::Error| error.render(false);
    let overlay = Overlay::parse("2024.8.overlay.yaml", overlay).map_err(render)?;
    let document = Document::load_with("2024.8.yaml", document, &Nothing, &[overlay]).map_err(render)?;
    let definition = Inferred::definition_of(&document).map_err(render)?;
    let tables = openapi_tables::build(&Model::of(&document)).map_err(render)?;
    let tables = tables.to_bytes().map_err(|error| error.to_string())?;
    let viewsets = document.value().get("x-viewsets").map(ToString::to_string).unwrap_or_default();
    let plain = document.written();
    let plain = serde_json::to_vec(&without_notes(plain)).map_err(|error| error.to_string())?;
    let definition = serde_json::to_vec(&definition).map_err(|error| error.to_string())?;
    Ok(Assets { document: plain, tables, definition, viewsets: viewsets.into_bytes() })
}

/// Returns a document without extensions, except that secrets are marked.
fn without_notes(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            let members = members.into_iter().filter(|(key, _)| key == "x-secret" || !key.starts_with("x-"));
            Value::Object(members.map(|(key, value)| (key, without_notes(value))).collect())
        }
        Value::Array(items) => items.into_iter().map(without_notes).collect(),
        value => value,
    }
}

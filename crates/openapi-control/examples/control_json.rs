//! Writes `control.json`, which the control API answers as its own document, from `control.yaml`.

use std::path::Path;

use openapi_document::Document;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(directory.join("control.yaml"))?;
    let document = Document::parse("control.yaml", &text).map_err(|error| error.render(false))?;
    std::fs::write(directory.join("control.json"), format!("{}\n", document.written()))?;
    Ok(())
}

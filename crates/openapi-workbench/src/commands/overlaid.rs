//! The document of a command that takes overlays.

use std::path::PathBuf;

use clap::Args;
use openapi_document::Document;

use crate::source;

/// A document, and the overlays that change it.
#[derive(Args, Clone, Debug)]
pub struct Overlaid {
    /// The document
    #[arg(value_name = "FILE")]
    pub document: String,
    /// Change the document by an OpenAPI Overlay before it is read; several are applied one after the other
    #[arg(long, value_name = "FILE")]
    pub overlay: Vec<PathBuf>,
}

impl Overlaid {
    /// Reads the document after the overlays changed it.
    ///
    /// # Errors
    /// Fails like [`source::read_with`].
    pub fn read(&self, color: bool) -> Result<Document, String> {
        source::read_with(&self.document, &self.overlay, color)
    }
}

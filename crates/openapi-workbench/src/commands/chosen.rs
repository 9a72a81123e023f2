//! The choice of operations, as options of a command.

use clap::Args;
use openapi_document::slice::Selection;

/// A choice of operations, as options of a command.
#[derive(Args, Clone, Debug, Default)]
pub struct Chosen {
    /// Only the operations whose `operationId` matches one of these globs, as in `pets_*`
    #[arg(long, value_name = "GLOB", num_args = 1..)]
    pub operations: Vec<String>,
    /// Only the operations with one of these tags; with `--operations`, those besides
    #[arg(long, value_name = "TAG", num_args = 1..)]
    pub tags: Vec<String>,
    /// All operations but those whose `operationId` matches one of these globs
    #[arg(long, value_name = "GLOB", num_args = 1..)]
    pub except: Vec<String>,
}

impl Chosen {
    /// Returns the choice as `openapi-bindings` takes it.
    #[must_use]
    pub fn selection(&self) -> Selection {
        let Chosen { operations, tags, except } = self.clone();
        Selection { operations, tags, except }
    }

    /// Returns the options that make this choice again, with their values.
    #[must_use]
    pub fn options(&self) -> [(&'static str, &[String]); 3] {
        [("--operations", &self.operations), ("--tags", &self.tags), ("--except", &self.except)]
    }
}

//! `cargo xtask why`: explains something in this workspace's document, with the pages and rules it comes from and the
//! lines of the stub that have its name.

mod origin;
mod pages;
mod stub;

use std::path::Path;

use clap::Args;
use openapi_document::model::Model;
use openapi_workbench::Report;
use openapi_workbench::commands::why::{Answer, Section, Subject, render};

use crate::project::{self, PROGRAM};

/// The end of the help text.
pub const EXAMPLES: &str = "\
Examples:
  cargo xtask why PlexSource.managed
          A property of a component; `PlexSource::managed`, its field in Rust, is the same question
  cargo xtask why sources_plex_list.page
          A parameter of an operation
  cargo xtask why slug
          Every property, parameter and enumeration value of this name, and how to ask for one
  cargo xtask why 'PATCH /sources/plex/{slug}/'
          An operation by what it answers to
  cargo xtask why '#/components/responses/Forbidden/description'
          Any place in the document";

/// The subject to explain.
#[derive(Args, Clone, Debug)]
pub struct Arguments {
    /// A pointer into the document, a name in it, a path of the API, or a generated Rust item
    #[arg(value_name = "POINTER|RUST_PATH")]
    pub question: String,
}

/// Explains what the question is about, for the workspace at `root`.
#[must_use]
pub fn run(root: &Path, arguments: &Arguments, color: bool) -> Report {
    match explain(root, &arguments.question, color) {
        Ok(sections) => Report::clean(render(&sections, color)),
        Err(message) => Report::failure(&message),
    }
}

fn explain(root: &Path, question: &str, color: bool) -> Result<Vec<Section>, String> {
    let document = project::document(root, color)?;
    let model = Model::of(&document);
    let files = project::files(&model, &|_| {}, color)?;
    let subject = Subject {
        explained_elsewhere: &[origin::KEY],
        ..Subject::new(&model, &files, format!("{PROGRAM} why"))
    };
    let at = match subject.resolve(question)? {
        Answer::Ambiguous(places) => return Ok(vec![places]),
        Answer::Place(at) => at,
    };
    let mut sections = subject.place(&at);
    sections.push(Section::new("comes from", origin::lines(root, &document, &at)));
    sections.extend([subject.generated(&at), subject.users(&at)]);
    sections.extend(stub::section(root, &subject, &at));
    Ok(sections)
}

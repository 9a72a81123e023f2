//! Cuts a document to some of its operations and what these need.

use std::path::PathBuf;

use clap::Args;
use openapi_document::yaml_writer;
use serde_json::Value;

use super::sound::Sound;
use super::{Chosen, Open};
use crate::{Report, disk, shell};

/// The document, what to keep of it, and where to write that.
#[derive(Args, Clone, Debug)]
pub struct Arguments {
    /// The document
    #[arg(value_name = "FILE")]
    pub document: String,
    /// The part of the document that is kept.
    #[command(flatten)]
    pub chosen: Chosen,
    /// Leave out what is not valid, each with its place and the reason
    #[arg(long)]
    pub skip_invalid: bool,
    /// The file to which the slice is written.
    #[command(flatten)]
    pub output: Output,
}

/// A file to write.
#[derive(Args, Clone, Debug)]
pub struct Output {
    /// Write the document, cut to what is chosen, to this file
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Replace the file even if it has another text
    #[arg(long, requires = "out")]
    pub force: bool,
}

/// Cuts the document that the arguments name. Without `--out` the slice is what is printed.
#[must_use]
pub fn run(arguments: &Arguments, open: Open<'_>, program: &str, color: bool) -> Report {
    match cut(arguments, open, program, color) {
        Ok(text) => Report::clean(text),
        Err(message) => Report::failure(&message),
    }
}

fn cut(arguments: &Arguments, open: Open<'_>, program: &str, color: bool) -> Result<String, String> {
    let draft = open(&arguments.document)?;
    let draft = draft.slice(&arguments.chosen.selection()).map_err(|error| error.render(color))?;
    let written = draft.written();
    let sound = Sound::of(draft, arguments.skip_invalid, color)?;
    let told = sound.told();
    let is_as_written = told.is_empty() && sound.document.warnings().diagnostics().is_empty();
    let part = written.filter(|_| is_as_written).unwrap_or_else(|| sound.document.written());
    let Some(out) = &arguments.output.out else {
        let told = told.lines().fold(String::new(), |told, line| told + "# " + line + "\n");
        return Ok(told + &yaml_writer::document(&part));
    };
    let command = format!("{program} slice {}", shell::quoted(&arguments.document));
    let [operations, tags, except] = arguments.chosen.options();
    let out_option = [out.display().to_string()];
    let mut command = shell::command(&command, &[operations, tags, except, ("--out", &out_option)]);
    if arguments.skip_invalid {
        command.push_str(" --skip-invalid");
    }
    let size = arguments.output.write(&part, &command)?;
    Ok(format!("{told}{}: {size} bytes written\n", out.display()))
}

impl Output {
    /// Writes `document` as YAML below a comment with the `command` that writes it again, and returns how many bytes that
    /// are; does nothing without `--out`. A file with another text is replaced only with `--force`.
    ///
    /// # Errors
    /// Fails if the file is not to be replaced or cannot be written. The message says what to do.
    pub fn write(&self, document: &Value, command: &str) -> Result<usize, String> {
        let Some(out) = &self.out else { return Ok(0) };
        let text = format!("# To regenerate: {command} --force\n\n{}", yaml_writer::document(document));
        if out.is_dir() {
            return Err(format!(
                "{} is a directory; nothing was written\n  help: name a file in it",
                out.display()
            ));
        }
        if !self.force && !disk::is_free(out, &text).map_err(|error| error.to_string())? {
            return Err(format!(
                "{} is there with another text; nothing was written\n  help: name another file, or replace it with `--force`",
                out.display()
            ));
        }
        disk::write(out, &text).map_err(|error| format!("{error}\n  help: name another file for `--out`"))?;
        Ok(text.len())
    }
}

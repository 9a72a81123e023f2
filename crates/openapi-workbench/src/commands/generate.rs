//! Generates a workspace of types, client and api from a document.

use std::path::{Path, PathBuf};

use clap::Args;
use openapi_document::slice::slice;

use super::progress::Progress;
use super::{Chosen, Read};
use crate::apply::{apply, failure};
use crate::generator::{self, Part};
use crate::workspace::{self, ROUND_TRIP, RuntimeSource, Workspace};
use crate::{Report, disk, shell};

/// The document, where to generate to, and what.
#[derive(Args, Clone, Debug)]
pub struct Arguments {
    /// The document
    #[arg(value_name = "FILE")]
    pub document: String,
    /// The directory of the workspace; what is in it and was not generated is never overwritten
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// Write nothing; name each file that is stale
    #[arg(long)]
    pub check: bool,
    /// The beginning of the names of the crates, such as `pet-store` for `pet-store-types`; by default from the title
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
    /// Generate only these crates, and the types in any case
    #[arg(long, value_name = "CRATE", value_enum, value_delimiter = ',', default_values_t = Part::ALL)]
    pub only: Vec<Part>,
    /// The part of the document that is generated from.
    #[command(flatten)]
    pub chosen: Chosen,
    /// Put copies of the runtime crates beside the generated ones, even if they are available otherwise
    #[arg(long)]
    pub vendor: bool,
    /// Depend on the runtime crates in this directory instead
    #[arg(long, value_name = "DIR", conflicts_with = "vendor")]
    pub runtime_path: Option<PathBuf>,
    /// Add a program in which the client calls the server, for the tests of this generator
    #[arg(long, hide = true)]
    pub round_trip: bool,
}

impl Arguments {
    /// Returns the command that does the same again.
    fn command(&self, program: &str) -> String {
        let path = |path: &Path| vec![path.display().to_string()];
        let only: Vec<&str> = self.only.iter().map(|part| part.name()).collect();
        let only = if self.only == Part::ALL { Vec::new() } else { vec![only.join(",")] };
        let [operations, tags] = self.chosen.options();
        let mut command = shell::command(
            &format!("{program} generate {}", shell::quoted(&self.document)),
            &[
                ("--out", &path(&self.out)),
                ("--name", self.name.as_slice()),
                ("--only", &only),
                operations,
                tags,
                ("--runtime-path", &self.runtime_path.as_deref().map(path).unwrap_or_default()),
            ],
        );
        if self.vendor {
            command.push_str(" --vendor");
        }
        if self.round_trip {
            command.push_str(" --round-trip");
        }
        command
    }
}

/// Generates the workspace that the arguments describe. With `--check` nothing is written.
#[must_use]
pub fn run(arguments: &Arguments, read: Read<'_>, program: &str, color: bool) -> Report {
    let command = arguments.command(program);
    generate(arguments, read, &command, color).unwrap_or_else(|message| failure(&message, &command))
}

fn generate(arguments: &Arguments, read: Read<'_>, command: &str, color: bool) -> Result<Report, String> {
    let out = arguments.out.as_path();
    if out.is_file() {
        return Err(format!("{} is a file\n  help: give a directory with `--out`", out.display()));
    }
    let progress = Progress::shown(generator::STEPS + 2);
    progress.step("reading the document");
    let whole = read(&arguments.document)?;
    let selection = arguments.chosen.selection();
    let part = slice(&whole, &selection).map_err(|error| error.render(color))?;
    let part = Some(part).filter(|_| !selection.is_everything());
    let runtime = runtime(arguments)?;
    let mut workspace = Workspace::new(&whole, part, arguments.name.as_deref(), &arguments.only, runtime)?;
    if arguments.round_trip {
        workspace = workspace.with_round_trip(round_trip(arguments)?);
    }
    let mut files = workspace.files(&|step| progress.step(step), color)?;
    let vendored = workspace.vendored();

    progress.step("comparing with what is there");
    let failed = |error: std::io::Error| error.to_string();
    let directories = disk::output_directories(out).map_err(failed)?;
    let directories = directories.iter().map(String::as_str).collect();
    let mut states = disk::compare(out, &files, &directories).map_err(failed)?;
    let mut others = disk::unstamped(out, &states).map_err(failed)?;
    let of_vendor = workspace::compare_vendored(out, &vendored).map_err(failed)?;
    others.extend(of_vendor.not_ours);
    if !others.is_empty() {
        return Err(format!(
            "in {} there are files that this command did not make:\n  {}\n  help: give an empty directory, or move these files away",
            out.display(),
            others.join("\n  ")
        ));
    }
    states.extend(of_vendor.states);
    states.sort_by(|(left, _), (right, _)| left.cmp(right));
    files.extend(vendored);
    apply(out, &files, &states, arguments.check, command)
}

/// Returns the directory with the crate that a round trip needs, relative to the workspace.
fn round_trip(arguments: &Arguments) -> Result<String, String> {
    if arguments.only != Part::ALL {
        return Err("a round trip needs all crates\n  help: leave out `--only`".to_owned());
    }
    let out = disk::resolved(&arguments.out).map_err(|error| error.to_string())?;
    let beside =
        workspace::beside(&out).filter(|crates| crates.join(ROUND_TRIP).join("Cargo.toml").is_file());
    beside.map(|crates| disk::relative(&out, &crates)).ok_or_else(|| {
        format!(
            "there is no crate {ROUND_TRIP} around {}\n  help: generate below the repository that has it",
            out.display()
        )
    })
}

/// Returns where the workspace has the runtime crates from.
fn runtime(arguments: &Arguments) -> Result<RuntimeSource, String> {
    if arguments.vendor {
        return Ok(RuntimeSource::Vendored { is_explicit: true });
    }
    let failed = |path: &Path, error: &std::io::Error| format!("cannot read {}: {error}", path.display());
    let out = disk::resolved(&arguments.out).map_err(|error| failed(&arguments.out, &error))?;
    let Some(directory) = &arguments.runtime_path else {
        return Ok(RuntimeSource::usual(workspace::beside(&out).map(|found| disk::relative(&out, &found))));
    };
    let directory = directory.canonicalize().map_err(|error| failed(directory, &error))?;
    if let Some(missing) = workspace::missing_runtime(&directory) {
        return Err(format!(
            "{} has no crate {missing}\n  help: give the directory that holds the runtime crates with `--runtime-path`, or use `--vendor`",
            directory.display()
        ));
    }
    Ok(RuntimeSource::Path { directory: disk::relative(&out, &directory), is_explicit: true })
}

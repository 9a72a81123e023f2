//! Generates a workspace of types, client and api from a document.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clap::Args;
use openapi_bindings::generated_file::GENERATORS;

use super::Chosen;
use super::progress::Progress;
use super::sound::Sound;
use crate::apply::{Mode, apply, failure, nothing_to_do};
use crate::disk::{Manifest, Origin};
use crate::generator::{self, Part};
use crate::source::Input;
use crate::workspace::{self, ROUND_TRIP, RuntimeSource, Workspace};
use crate::{Report, disk, shell};

/// The document, where to generate to, and what.
#[derive(Args, Clone, Debug)]
pub struct Arguments {
    /// The document
    #[arg(value_name = "FILE")]
    pub document: String,
    /// The directory of the workspace; what is in it and was not generated, or was edited, is not overwritten
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// Write nothing; name each file that is stale
    #[arg(long)]
    pub check: bool,
    /// Generate in any case, and replace files that were edited or that something else wrote
    #[arg(long)]
    pub force: bool,
    /// The beginning of the names of the crates, such as `pet-store` for `pet-store-types`; by default from the title
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
    /// Generate only these crates, and the types in any case
    #[arg(long, value_name = "CRATE", value_enum, value_delimiter = ',', default_values_t = Part::ALL)]
    pub only: Vec<Part>,
    /// The part of the document that is generated from.
    #[command(flatten)]
    pub chosen: Chosen,
    /// Leave out what is not valid or cannot be generated, each with its place and the reason
    #[arg(long)]
    pub skip_invalid: bool,
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
        let [operations, tags, except] = self.chosen.options();
        let mut command = shell::command(
            &format!("{program} generate {}", shell::quoted(&self.document)),
            &[
                ("--out", &path(&self.out)),
                ("--name", self.name.as_slice()),
                ("--only", &only),
                operations,
                tags,
                except,
                ("--runtime-path", &self.runtime_path.as_deref().map(path).unwrap_or_default()),
            ],
        );
        if self.force {
            command.push_str(" --force");
        }
        if self.skip_invalid {
            command.push_str(" --skip-invalid");
        }
        if self.vendor {
            command.push_str(" --vendor");
        }
        if self.round_trip {
            command.push_str(" --round-trip");
        }
        command
    }
}

/// Generates the workspace that the arguments describe, unless its manifest tells that nothing would change. With `--check`
/// nothing is written, and everything is generated.
#[must_use]
pub fn run(arguments: &Arguments, program: &str, color: bool) -> Report {
    let command = arguments.command(program);
    generate(arguments, &command, color).unwrap_or_else(|message| failure(&message, &command))
}

fn generate(arguments: &Arguments, command: &str, color: bool) -> Result<Report, String> {
    let out = arguments.out.as_path();
    if out.is_file() {
        return Err(format!("{} is a file\n  help: give a directory with `--out`", out.display()));
    }
    let mode = Mode::of(arguments.check, arguments.force);
    let progress = Progress::shown(generator::STEPS + 2);
    progress.step("reading the document");
    let failed = |error: std::io::Error| error.to_string();
    let input = Input::open(&arguments.document)?;
    let runtime = runtime(arguments)?;
    let round_trip = arguments.round_trip.then(|| round_trip(arguments)).transpose()?;
    let before = Manifest::read(out).map_err(failed)?;
    let mut origin = Origin {
        generator: generator(),
        options: options(arguments, &runtime, round_trip.as_deref()),
        inputs: input.digests(before.iter().flat_map(|before| before.origin.inputs.files.keys())),
    };
    if let (Mode::Write, Some(before)) = (mode, &before)
        && before.is_current(out, &origin).map_err(failed)?
    {
        return Ok(nothing_to_do(before));
    }

    let (draft, inputs) = input.draft(color)?;
    let selection = arguments.chosen.selection();
    let draft = draft.slice(&selection).map_err(|error| error.render(color))?;
    let mut sound = Sound::of(draft, arguments.skip_invalid, color)?;
    let files = loop {
        let is_whole = selection.is_everything() && sound.left_out.is_empty() && inputs.files.is_empty();
        let own_text = is_whole.then(|| input.text());
        let (document, name) = (sound.document.clone(), arguments.name.as_deref());
        let mut workspace = Workspace::new(document, own_text, name, &arguments.only, runtime.clone())?;
        if let Some(directory) = &round_trip {
            workspace = workspace.with_round_trip(directory.clone());
        }
        match workspace.files(&|step| progress.step(step)) {
            Ok(files) => break files,
            Err(error) if arguments.skip_invalid => sound = sound.without(&error, color)?,
            Err(error) => return Err(sound.refused(&error, color)),
        }
    };

    progress.step("comparing with what is there");
    origin = match before {
        // A check asks what is generated, not from what it was generated the last time.
        Some(before) if mode == Mode::Check => before.origin,
        _ => Origin { inputs, ..origin },
    };
    let compared = disk::compare(out, &files, origin).map_err(failed)?;
    let mut report = apply(out, &compared, mode, command)?;
    report.text.insert_str(0, &sound.told());
    Ok(report)
}

/// Returns what tells this generator from every other: versions, and a digest of its sources, because a generator under
/// development changes without its version.
fn generator() -> BTreeMap<String, String> {
    let own =
        [(env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION")), ("sources", env!("OPENAPI_WORKBENCH_SOURCES"))];
    let all = GENERATORS.into_iter().chain(own);
    all.map(|(name, version)| (name.to_owned(), version.to_owned())).collect()
}

/// Returns all options that decide what is generated.
fn options(
    arguments: &Arguments,
    runtime: &RuntimeSource,
    round_trip: Option<&str>,
) -> BTreeMap<String, String> {
    let [operations, tags, except] = arguments.chosen.options();
    let list = |name, values: &[String]| {
        let values: Vec<String> = values.iter().map(|value| shell::quoted(value)).collect();
        (name, Some(values.join(" ")).filter(|values| !values.is_empty()))
    };
    let options = [
        ("command", Some(workspace::command(arguments.name.as_deref(), &arguments.only, runtime))),
        ("runtime", Some(runtime.describe())),
        ("round-trip", round_trip.map(str::to_owned)),
        list(operations.0, operations.1),
        list(tags.0, tags.1),
        list(except.0, except.1),
        ("skip-invalid", arguments.skip_invalid.then(String::new)),
    ];
    let given = options.into_iter().filter_map(|(name, value)| Some((name, value?)));
    given.map(|(name, value)| (name.trim_start_matches('-').to_owned(), value)).collect()
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

//! The options that the programs share which serve an API for tests, where their values come from, and their end.

mod config;
mod stop;
#[cfg(feature = "tls")]
mod tls;
mod wait;

use std::io;
use std::path::{Path, PathBuf};

use clap::Args;

use crate::access_log::{AccessLog, LogFormat};
use crate::control::Control;
use crate::coverage::Coverage;
use crate::record::{RecordError, Recorder};

pub use config::parse;
pub use stop::told_to_stop;
#[cfg(feature = "tls")]
pub use tls::TlsOptions;
pub use wait::{Wait, WaitError};

/// The exit code of a program whose coverage is less than `--min-coverage`.
pub const TOO_LITTLE_COVERED: u8 = 1;

/// Options of a program that serves an API for tests.
#[derive(Debug, Clone, Default, Args)]
pub struct Options {
    /// Read options from this file of TOML, such as `listen = ":9000"`; environment and command line come first
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,

    /// Write a line for each request to standard error
    #[arg(long)]
    pub access_log: bool,

    /// Form of these lines: human or json
    #[arg(long, value_name = "FORM", default_value_t = LogFormat::Human)]
    pub log_format: LogFormat,

    /// Exit with 1 if fewer of the operations were called when the program is told to stop
    #[arg(long, value_name = "PERCENT", value_parser = percent)]
    pub min_coverage: Option<f64>,

    /// Write the URL to this file once requests are answered
    #[arg(long, value_name = "FILE")]
    pub ready_file: Option<PathBuf>,

    /// Record every exchange in this new file, without secrets; `replay` sends its requests again
    #[arg(long, value_name = "FILE")]
    pub record: Option<PathBuf>,
}

fn percent(text: &str) -> Result<f64, String> {
    let number = text.parse().ok().filter(|number| (0.0..=100.0).contains(number));
    number.ok_or_else(|| "expected a number from 0 to 100".to_owned())
}

impl Options {
    /// Adapts a control API to the options.
    #[must_use]
    pub fn adapt(&self, control: Control) -> Control {
        if self.access_log { control.with_access_log(AccessLog::stderr(self.log_format)) } else { control }
    }

    /// Makes the file that `--record` names. `base_path` is the path that the API is served below.
    ///
    /// # Errors
    /// If there is a file already, or it cannot be written.
    pub fn recorder(&self, base_path: &str) -> Result<Option<Recorder>, RecordError> {
        self.record.as_ref().map(|path| Recorder::create(path, base_path)).transpose()
    }

    /// Removes the ready file that a program before left, which would tell of a server that is not there. For before a
    /// server listens.
    ///
    /// # Errors
    /// If it is there and cannot be removed.
    pub fn forget_ready(&self) -> io::Result<()> {
        let Some(path) = &self.ready_file else { return Ok(()) };
        match std::fs::remove_file(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(named(path, &error)),
            _ => Ok(()),
        }
    }

    /// Writes the ready file. It is there at once with all it has.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn tell_ready(&self, url: &str) -> io::Result<()> {
        let Some(path) = &self.ready_file else { return Ok(()) };
        write_whole(path, &format!("{url}\n"))
    }

    /// Returns what to tell if fewer operations were called than are asked for.
    #[must_use]
    pub fn too_little(&self, coverage: &Coverage) -> Option<String> {
        let (wanted, share) = (self.min_coverage?, coverage.operations());
        (share.percent() < wanted).then(|| {
            let (covered, all, percent) = (share.covered, share.all, share.percent());
            format!("error: {covered} of {all} operations were called ({percent:.1} %), and --min-coverage is {wanted}")
        })
    }
}

/// Writes a file that is there at once with all it has.
fn write_whole(path: &Path, text: &str) -> io::Result<()> {
    let written = beside(path).and_then(|beside| {
        std::fs::write(&beside, text)?;
        std::fs::rename(&beside, path)
    });
    written.map_err(|error| named(path, &error))
}

/// Returns an error that names the file.
fn named(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{}: {error}", path.display()))
}

/// Returns a path for a file that is to be renamed.
fn beside(path: &Path) -> io::Result<PathBuf> {
    let name = path.file_name().ok_or_else(|| io::Error::other("this is no name of a file"))?;
    let name = name.to_string_lossy();
    Ok(path.with_file_name(format!(".{name}.{:08x}", rand::random::<u32>())))
}

//! The access log: one line for each request, for people or for programs.

use std::fmt;
use std::io::Write as _;
use std::str::FromStr;

use openapi_server_runtime::exchange::Exchange;
use serde_json::json;

use crate::plain_text::printable;
use crate::secrets::Secrets;
use crate::times;

/// The form of the lines of a log.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum LogFormat {
    /// A line of words, for people.
    #[default]
    Human,
    /// An object of JSON, for programs.
    Json,
}

impl FromStr for LogFormat {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "human" => Ok(Self::Human),
            "json" => Ok(Self::Json),
            _ => Err("expected human or json".to_owned()),
        }
    }
}

impl fmt::Display for LogFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if *self == Self::Human { "human" } else { "json" })
    }
}

/// The place that lines are written to, each with its end.
type Sink = Box<dyn Fn(&str) + Send + Sync>;

/// A log with a line for each request. Secrets of the query are hidden, and control characters escaped.
pub struct AccessLog {
    format: LogFormat,
    write: Sink,
}

impl AccessLog {
    /// Returns a log on standard error.
    #[must_use]
    pub fn stderr(format: LogFormat) -> Self {
        // A server goes on if nobody reads its log.
        Self::new(format, |line| drop(std::io::stderr().lock().write_all(line.as_bytes())))
    }

    /// Returns a log whose lines are written by a function.
    pub fn new(format: LogFormat, write: impl Fn(&str) + Send + Sync + 'static) -> Self {
        Self { format, write: Box::new(write) }
    }

    /// Writes the line of a request.
    pub(crate) fn log(&self, exchange: &Exchange<'_>, secrets: &Secrets) {
        let line = &exchange.line;
        let status = exchange.status();
        let time = times::time(exchange.began);
        let path = match line.uri.query() {
            Some(query) => format!("{}?{}", line.uri.path(), secrets.query(query)),
            None => line.uri.path().to_owned(),
        };
        let (method, path, id) = (printable(line.method.as_str()), printable(&path), printable(line.id));
        let milliseconds = times::milliseconds(exchange.duration);
        let operation = line.operation.map(|operation| printable(operation.id));
        let text = match self.format {
            LogFormat::Human => {
                let status = status.map_or_else(|| "-".to_owned(), |status| status.to_string());
                let operation = operation.as_deref().unwrap_or("-");
                format!("{time} {method} {path} {status} {milliseconds}ms {operation} {id}")
            }
            LogFormat::Json => json!({
                "time": time,
                "method": method,
                "path": path,
                "status": status,
                "duration_ms": milliseconds,
                "operation": operation,
                "request_id": id,
            })
            .to_string(),
        };
        (self.write)(&format!("{text}\n"));
    }
}

impl fmt::Debug for AccessLog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AccessLog").field("format", &self.format).finish_non_exhaustive()
    }
}

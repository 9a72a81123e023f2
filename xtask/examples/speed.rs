//! How long generating takes at a quarter, a half and all of a document's operations, and whether it grows with them.
//!
//! ```sh
//! cargo run --release --package xtask --example speed -- upstream:2026.8.5
//! ```

use std::time::{Duration, Instant};

use openapi_bindings::Document;
use openapi_bindings::slice::{Selection, slice};
use serde_json::Value;
use xtask::artefacts::{self, Setting};
use xtask::progress::Progress;
use xtask::source::Source;
use xtask::workspace_root;

/// How often each part is generated; the fastest counts, as what slows one down comes from outside.
const RUNS: usize = 3;

fn main() -> Result<(), String> {
    let argument = std::env::args().nth(1).unwrap_or_else(|| "spec/openapi.yaml".to_owned());
    let document = Source::of(&argument).read(&workspace_root(), false)?;
    let ids = operation_ids(&document);
    let mut whole = None;
    println!("{:>10} {:>9} {:>14} {:>8}", "operations", "time", "per operation", "of all");
    for parts in [1, 2, 4] {
        // Every second or fourth operation, so that all parts are of the same kind.
        let operations: Vec<String> = ids.iter().step_by(parts).cloned().collect();
        let count = u32::try_from(operations.len()).unwrap_or(u32::MAX).max(1);
        let part = slice(&document, &Selection { operations, tags: Vec::new() });
        let time = fastest(&part.map_err(|error| error.to_string())?)?;
        let each = time / count;
        let ratio = each.as_secs_f64() / whole.get_or_insert(each).as_secs_f64();
        println!("{count:>10} {time:>9.2?} {each:>14.2?} {ratio:>8.2}");
    }
    Ok(())
}

fn fastest(document: &Document) -> Result<Duration, String> {
    let setting = Setting::of(document, "some_types".to_owned(), "speed".to_owned());
    let mut times = Vec::new();
    for _ in 0..RUNS {
        let start = Instant::now();
        artefacts::generate(document, &setting, &Progress::hidden()).map_err(|error| error.to_string())?;
        times.push(start.elapsed());
    }
    Ok(times.into_iter().min().unwrap_or_default())
}

fn operation_ids(document: &Document) -> Vec<String> {
    let items = document.value().get("paths").and_then(Value::as_object).into_iter().flatten();
    let operations = items.flat_map(|(_, item)| item.as_object().into_iter().flatten());
    let ids =
        operations.filter_map(|(_, operation)| operation.get("operationId")?.as_str().map(str::to_owned));
    ids.collect()
}

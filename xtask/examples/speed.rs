//! Measures generating – processor time, elapsed time, memory – for a quarter, a half and all of a document's
//! operations, and how each grows.
//!
//! ```sh
//! cargo run --release --package xtask --example speed -- upstream:2026.8.5
//! ```
//!
//! Every run is a process of its own, so that the memory is that of the run alone.

use std::process::Command;
use std::time::{Duration, Instant};

use nix::sys::resource::{Usage, UsageWho, getrusage};
use openapi_document::Document;
use openapi_document::model::Model;
use openapi_document::slice::{Selection, slice};
use openapi_workbench::Name;
use openapi_workbench::generator::{self, Config};
use serde_json::{Value, json};
use xtask::project;
use xtask::source::Source;

/// The allocator of `cargo xtask`.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The number of runs of each part. The cheapest counts, since other programs can only slow a run down.
const RUNS: usize = 3;

/// Says to a run of this program which part it is to measure.
const PART: &str = "--part";

/// Of so many operations one is taken: evenly spread, all parts are of the same kind.
const PARTS: [usize; 3] = [4, 2, 1];

/// The cost of a run.
#[derive(Clone, Copy, Debug)]
struct Cost {
    operations: u32,
    processor: Duration,
    clock: Duration,
    /// The most memory the process had, in bytes.
    memory: u64,
}

fn main() -> Result<(), String> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.as_slice() {
        [part, number, source] if part == PART => {
            let number = number.parse().map_err(|_| format!("`{number}` is no part"))?;
            println!("{}", measured(source, number)?.to_json());
            Ok(())
        }
        [] => table("spec/openapi.yaml"),
        [source] => table(source),
        _ => Err("give one document: a file, `git:REV` or `upstream:VERSION`".to_owned()),
    }
}

/// Prints a line for each part, with how it grew from the one before.
fn table(source: &str) -> Result<(), String> {
    println!("operations  processor    clock  memory   times operations, processor, memory");
    let mut before: Option<Cost> = None;
    for part in PARTS {
        let cost = cheapest(source, part)?;
        let Cost { operations, processor, clock, memory } = cost;
        let (processor, clock) = (processor.as_secs_f64(), clock.as_secs_f64());
        let growth = before.map_or_else(String::new, |before| before.growth_to(cost));
        println!("{operations:>10} {processor:>8.2} s {clock:>6.2} s {:>4} MB  {growth}", memory / 1_000_000);
        before = Some(cost);
    }
    Ok(())
}

/// Returns the cheapest of several runs, each in a process of its own.
fn cheapest(source: &str, part: usize) -> Result<Cost, String> {
    let program = std::env::current_exe().map_err(|error| error.to_string())?;
    let mut costs = Vec::new();
    for _ in 0..RUNS {
        let run = Command::new(&program).args([PART, &part.to_string(), source]).output();
        let run = run.map_err(|error| error.to_string())?;
        if !run.status.success() {
            return Err(String::from_utf8_lossy(&run.stderr).into_owned());
        }
        costs.push(Cost::from_json(&run.stdout).ok_or("a run did not say what it took")?);
    }
    costs.into_iter().min_by_key(|cost| cost.processor).ok_or_else(|| "there was no run".to_owned())
}

/// Generates from every `part`th operation of the document.
fn measured(source: &str, part: usize) -> Result<Cost, String> {
    let document = Source::of(source).read(&project::root(), false)?;
    let operations: Vec<String> = operation_ids(&document).into_iter().step_by(part.max(1)).collect();
    let count = u32::try_from(operations.len()).unwrap_or(u32::MAX).max(1);
    let selection = Selection { operations, ..Selection::default() };
    let document = slice(&document, &selection).map_err(|error| error.to_string())?;
    let model = Model::of(&document);
    let config = Config::for_document(&model, &Name::default());
    let (clock, before) = (Instant::now(), usage()?);
    generator::generate(&model, &config, &|_| {}).map_err(|error| error.to_string())?;
    let (clock, after) = (clock.elapsed(), usage()?);
    let processor = processor(&after).saturating_sub(processor(&before));
    // Linux counts in units of 1,024 bytes.
    let memory = u64::try_from(after.max_rss()).unwrap_or_default() * 1024;
    Ok(Cost { operations: count, processor, clock, memory })
}

fn usage() -> Result<Usage, String> {
    getrusage(UsageWho::RUSAGE_SELF).map_err(|error| error.to_string())
}

/// Returns the time that processors spent on all threads, within the program and for it.
fn processor(usage: &Usage) -> Duration {
    let time = |time: nix::sys::time::TimeVal| {
        let (seconds, micros) = (time.tv_sec().try_into(), time.tv_usec().try_into());
        Duration::from_secs(seconds.unwrap_or_default()) + Duration::from_micros(micros.unwrap_or_default())
    };
    time(usage.user_time()) + time(usage.system_time())
}

impl Cost {
    fn to_json(self) -> Value {
        let Cost { operations, processor, clock, memory } = self;
        json!([operations, processor.as_secs_f64(), clock.as_secs_f64(), memory])
    }

    fn from_json(text: &[u8]) -> Option<Self> {
        let (operations, processor, clock, memory) = serde_json::from_slice(text).ok()?;
        let [processor, clock] = [processor, clock].map(Duration::from_secs_f64);
        Some(Cost { operations, processor, clock, memory })
    }

    /// Returns the growth of every cost from this one to `other`.
    fn growth_to(self, other: Cost) -> String {
        let operations = f64::from(other.operations) / f64::from(self.operations);
        let processor = other.processor.as_secs_f64() / self.processor.as_secs_f64();
        // Far from what a float cannot tell apart.
        #[allow(clippy::cast_precision_loss)]
        let memory = other.memory as f64 / self.memory as f64;
        format!("{operations:>16.2} {processor:>10.2} {memory:>7.2}")
    }
}

fn operation_ids(document: &Document) -> Vec<String> {
    let items = document.value().get("paths").and_then(Value::as_object).into_iter().flatten();
    let operations = items.flat_map(|(_, item)| item.as_object().into_iter().flatten());
    let ids =
        operations.filter_map(|(_, operation)| operation.get("operationId")?.as_str().map(str::to_owned));
    ids.collect()
}

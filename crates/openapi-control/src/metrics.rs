//! Metrics in the text format of Prometheus.

use std::fmt::Write as _;

use openapi_server_runtime::operation::Operation;

use crate::tally::{BOUNDS, Counts, State};

/// The media type of the metrics.
pub(crate) const MEDIA_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// The numbers that are told besides those of requests.
pub(crate) type Gauge = (&'static str, &'static str, &'static str, u64);

/// Returns the metrics of the operations, and some other numbers: their kinds, names, descriptions and values.
pub(crate) fn render(operations: &'static [Operation], state: &State, others: &[Gauge]) -> String {
    let mut text = String::new();
    let mut put = |line: std::fmt::Arguments<'_>| {
        // Writing to a string cannot fail.
        let _ = text.write_fmt(line);
        text.push('\n');
    };
    let used = || {
        let named = operations.iter().map(Some).chain([None]).zip(&state.counts);
        named.filter(|(_, counts)| !counts.statuses.is_empty()).map(|(known, counts)| (labels(known), counts))
    };
    put(format_args!("# HELP stub_requests_total Requests by operation and status."));
    put(format_args!("# TYPE stub_requests_total counter"));
    for (labels, Counts { statuses, .. }) in used() {
        for (status, count) in statuses {
            let status = status.map_or_else(|| "none".to_owned(), |status| status.to_string());
            put(format_args!("stub_requests_total{{{labels},status=\"{status}\"}} {count}"));
        }
    }
    put(format_args!("# HELP stub_request_duration_seconds The time until a response was ready."));
    put(format_args!("# TYPE stub_request_duration_seconds histogram"));
    for (labels, Counts { statuses, durations, time, .. }) in used() {
        let mut sum = 0;
        for (bound, count) in BOUNDS.iter().zip(durations) {
            sum += count;
            put(format_args!("stub_request_duration_seconds_bucket{{{labels},le=\"{bound}\"}} {sum}"));
        }
        let all: u64 = statuses.values().sum();
        put(format_args!("stub_request_duration_seconds_bucket{{{labels},le=\"+Inf\"}} {all}"));
        put(format_args!("stub_request_duration_seconds_sum{{{labels}}} {}", time.as_secs_f64()));
        put(format_args!("stub_request_duration_seconds_count{{{labels}}} {all}"));
    }
    for (kind, name, help, value) in others {
        put(format_args!("# HELP {name} {help}\n# TYPE {name} {kind}\n{name} {value}"));
    }
    text
}

fn labels(operation: Option<&Operation>) -> String {
    let escaped = |text: &str| text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
    match operation {
        Some(operation) => {
            format!(
                "operation=\"{}\",method=\"{}\"",
                escaped(operation.id),
                escaped(operation.method.as_str())
            )
        }
        None => "operation=\"\",method=\"\"".to_owned(),
    }
}

//! The words that reports of every format share.

use openapi_compat::{Change, Severity};

/// The classes, worst first, with what they mean.
pub(super) const CLASSES: [(Severity, &str); 4] = [
    (Severity::Breaking, "some exchange that worked fails"),
    (Severity::Risky, "programs may meet what they do not know"),
    (Severity::Compatible, "every exchange still works"),
    (Severity::Documentation, "only words have changed"),
];

/// Counts the changes of each severity, most severe first: "2 breaking, 1 compatible".
#[must_use]
pub fn counts(changes: &[Change]) -> String {
    let count = |class| changes.iter().filter(|change| change.severity == class).count();
    let counts =
        CLASSES.iter().map(|(class, _)| (count(*class), class.name())).filter(|(count, _)| *count > 0);
    let counts: Vec<String> = counts.map(|(count, name)| format!("{count} {name}")).collect();
    if counts.is_empty() { "no changes".to_owned() } else { counts.join(", ") }
}

/// Returns the effect of a change on the generated Rust in one line. Of several operations, it names the first.
#[must_use]
pub(super) fn rust(change: &Change) -> Option<String> {
    let first = change.rust.first()?;
    let others = change.rust.len() - 1;
    let more = if others > 0 { format!(" (and {others} more)") } else { String::new() };
    Some(format!("{first}{more}"))
}

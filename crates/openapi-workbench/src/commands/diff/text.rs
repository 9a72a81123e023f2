//! Changes for people at a terminal: the worst first, each with its place and with what follows from it.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};
use openapi_compat::{Change, Severity};

use super::summary::{CLASSES, counts, rust};

pub(super) fn render(changes: &[Change], (old, new): (&str, &str), color: bool) -> String {
    let paint =
        |style: Style, text: &str| if color { format!("{style}{text}{style:#}") } else { text.to_owned() };
    let dim = Style::new().dimmed();
    let mut text = format!("{old} -> {new}: {}\n", counts(changes));
    for (class, meaning) in CLASSES {
        let of_class: Vec<&Change> = changes.iter().filter(|change| change.severity == class).collect();
        if of_class.is_empty() {
            continue;
        }
        // Writing to a string cannot fail.
        let _ = writeln!(text, "\n{}: {meaning}", paint(style(class), class.name()));
        for change in of_class {
            let _ = writeln!(text, "\n  {}", change.text);
            let _ = writeln!(text, "    {}", paint(dim, &origin(change)));
            if !change.audience.is_empty() {
                let hits: Vec<&str> = change.audience.iter().map(|hit| hit.name()).collect();
                let _ = writeln!(text, "    hits {}", hits.join(", "));
            }
            if let Some(rust) = rust(change) {
                let _ = writeln!(text, "    Rust: {rust}");
            }
        }
    }
    text
}

fn origin(change: &Change) -> String {
    let direction = change.direction.map_or(String::new(), |direction| format!("{}, ", direction.name()));
    format!("{direction}{} at #{}", change.rule, change.pointer)
}

fn style(class: Severity) -> Style {
    let color = match class {
        Severity::Breaking => AnsiColor::Red,
        Severity::Risky => AnsiColor::Yellow,
        Severity::Compatible => AnsiColor::Green,
        Severity::Documentation => AnsiColor::Blue,
    };
    color.on_default().bold()
}

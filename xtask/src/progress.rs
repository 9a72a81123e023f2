//! What a long command is at, for whoever looks at a terminal meanwhile. Where standard error is none, nothing is shown;
//! what remains to be read afterwards is in the command's report.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// How often the bar shows that something is still going on.
const TICK: Duration = Duration::from_millis(120);

/// A bar on standard error, which is gone when this is dropped.
#[derive(Debug)]
pub struct Progress(ProgressBar);

impl Progress {
    /// A bar of so many steps, if standard error is a terminal.
    #[must_use]
    pub fn shown(steps: u64) -> Self {
        Self::on(ProgressDrawTarget::stderr(), steps)
    }

    /// No bar, for work that is short or done by a test.
    #[must_use]
    pub fn hidden() -> Self {
        Self(ProgressBar::hidden())
    }

    fn on(target: ProgressDrawTarget, steps: u64) -> Self {
        let bar = ProgressBar::with_draw_target(Some(steps + 1), target);
        // The template is a constant, so it is never refused.
        if let Ok(style) = ProgressStyle::with_template("{spinner} [{bar:24}] {elapsed} {msg}") {
            bar.set_style(style.progress_chars("=> "));
        }
        if !bar.is_hidden() {
            bar.enable_steady_tick(TICK);
        }
        Self(bar)
    }

    /// Says what is begun now.
    pub fn step(&self, what: &'static str) {
        self.0.inc(1);
        self.0.set_message(what);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}

#[cfg(test)]
mod tests {
    use indicatif::InMemoryTerm;

    use super::*;

    #[test]
    fn a_bar_says_what_is_done_and_leaves_nothing_behind() {
        let terminal = InMemoryTerm::new(10, 80);
        let target = ProgressDrawTarget::term_like(Box::new(terminal.clone()));
        let progress = Progress::on(target, 2);
        progress.step("reading the document");
        progress.0.tick();
        assert!(terminal.contents().contains("reading the document"), "{}", terminal.contents());
        drop(progress);
        assert_eq!(terminal.contents(), "");
    }

    #[test]
    fn no_bar_is_shown_to_a_test() {
        let progress = Progress::hidden();
        progress.step("reading the document");
        assert!(progress.0.is_hidden());
    }
}

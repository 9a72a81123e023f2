//! Shows the current step of a long command, if standard error is a terminal.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// The interval at which the bar shows that work is going on.
const TICK: Duration = Duration::from_millis(120);

/// A bar on standard error, which disappears when this is dropped.
#[derive(Debug)]
pub struct Progress(ProgressBar);

impl Progress {
    /// Shows a bar of so many steps, if standard error is a terminal.
    #[must_use]
    pub fn shown(steps: u64) -> Self {
        Self::on(ProgressDrawTarget::stderr(), steps)
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

    /// Shows which step begins.
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
}

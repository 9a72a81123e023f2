//! The results of the calls, as a table.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::json;

use crate::calls::Call;
use crate::operation::Operation;

/// The results of all calls.
#[derive(Clone, Debug, Default)]
pub struct Report {
    pub(crate) rows: Vec<Row>,
}

/// The results of the calls of one operation.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    route: &'static str,
    skipped: &'static [(&'static str, &'static str)],
    /// `true` if there are samples at all; there are none for what is no exchange of values.
    is_tried: bool,
    /// How many calls passed.
    pub(crate) passed: usize,
    failed: usize,
    /// Each fault, with the first call that has it.
    faults: Vec<(String, String)>,
}

/// How many different faults of an operation are shown.
const MAX_FAULTS: usize = 5;

impl Row {
    pub(crate) fn new(operation: &Operation) -> Self {
        Row {
            route: operation.route,
            skipped: operation.skipped,
            is_tried: operation.samples != "{}",
            passed: 0,
            failed: 0,
            faults: Vec::new(),
        }
    }

    pub(crate) fn fail(&mut self, call: Option<&Call>, fault: String) {
        self.failed += 1;
        if self.faults.len() < MAX_FAULTS && self.faults.iter().all(|(known, _)| *known != fault) {
            let call = call.map(|call| {
                json!({"parameters": call.parameters, "body": call.body, "status": call.status, "answer": call.answer})
            });
            self.faults.push((fault, call.map(|call| call.to_string()).unwrap_or_default()));
        }
    }

    fn passes(&self) -> bool {
        self.passed > 0 && self.failed == 0
    }
}

impl Report {
    /// Returns the share of operations that pass, in percent: of those that are tried, those with at least one call and
    /// none that fails.
    #[must_use]
    pub fn share(&self) -> f64 {
        let tried = self.count(|row| row.is_tried);
        if tried == 0 {
            return 100.0;
        }
        #[allow(clippy::cast_precision_loss)] // No document has 2^52 operations.
        let percent = self.count(Row::passes) as f64 * 100.0 / tried as f64;
        percent
    }

    fn count(&self, is_counted: impl Fn(&Row) -> bool) -> usize {
        self.rows.iter().filter(|row| is_counted(row)).count()
    }

    /// Returns each reason to skip something, with how often it applies.
    fn skips(&self) -> BTreeMap<&'static str, usize> {
        let mut skips = BTreeMap::new();
        for (_, reason) in self.rows.iter().flat_map(|row| row.skipped) {
            *skips.entry(*reason).or_default() += 1;
        }
        skips
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for row in self.rows.iter().filter(|row| row.is_tried && !row.passes()) {
            writeln!(f, "{}: {} calls passed, {} failed", row.route, row.passed, row.failed)?;
            for (fault, call) in &row.faults {
                writeln!(f, "  {fault}")?;
                if f.alternate() {
                    writeln!(f, "    {call}")?;
                }
            }
        }
        let sum = |part: fn(&Row) -> usize| self.rows.iter().map(part).sum::<usize>();
        writeln!(f, "{:<12} {:>7} {:>7} {:>7} {:>7}", "", "passed", "failed", "skipped", "all")?;
        let (passed, tried, all) = (self.count(Row::passes), self.count(|row| row.is_tried), self.rows.len());
        let (failed, skipped) = (tried - passed, all - tried);
        writeln!(f, "{:<12} {passed:>7} {failed:>7} {skipped:>7} {all:>7}", "operations")?;
        let (passed, failed) = (sum(|row| row.passed), sum(|row| row.failed));
        writeln!(f, "{:<12} {passed:>7} {failed:>7} {:>7} {:>7}", "calls", 0, passed + failed)?;
        for (reason, count) in self.skips() {
            writeln!(f, "skipped {count:>5}: {reason}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(passed: usize, faults: &[&str]) -> Row {
        const SKIPPED: &[(&str, &str)] = &[("answer default", "no status")];
        let mut row = Row::new(&Operation { id: "a", route: "GET /a", samples: "", skipped: SKIPPED });
        row.passed = passed;
        for fault in faults {
            row.fail(None, (*fault).to_owned());
        }
        row
    }

    #[test]
    fn an_operation_passes_if_it_was_called_and_no_call_failed() {
        let untried = Row { is_tried: false, ..row(0, &[]) };
        let rows = vec![row(2, &[]), row(1, &["bad", "bad"]), row(0, &[]), row(1, &[]), untried];
        let report = Report { rows };
        assert!((report.share() - 50.0).abs() < 1e-9);
        assert_eq!(
            report.to_string(),
            "GET /a: 1 calls passed, 2 failed\n  bad\nGET /a: 0 calls passed, 0 failed\n\
             \x20             passed  failed skipped     all\n\
             operations         2       2       1       5\n\
             calls              4       2       0       6\n\
             skipped     5: no status\n"
        );
    }
}

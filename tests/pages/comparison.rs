//! Compares a page with what the document makes of it, line by line, allowing for listed differences and no others.

use chrono::DateTime;

use super::page::Line;

/// A difference that is known, and why it cannot be helped.
#[derive(Debug)]
pub struct Difference {
    pub page: &'static str,
    /// The place in the document that a rendered line comes from; lines of an example lie below `example`.
    pub pointer: &'static str,
    pub shows: Shows,
    pub reason: &'static str,
}

/// What the page shows in place of a rendered line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shows {
    Nothing,
    /// The same line with another date and time in it.
    AnotherMoment,
}

impl Shows {
    /// Whether `printed` is what the page shows instead of `rendered`.
    fn explains(self, printed: Option<&str>, rendered: &str) -> bool {
        match self {
            Shows::Nothing => true,
            Shows::AnotherMoment => {
                without_moment(rendered).is_some_and(|line| printed.and_then(without_moment) == Some(line))
            }
        }
    }
}

/// A line of an example without its date-time, if there is one in it.
fn without_moment(line: &str) -> Option<String> {
    let moment = line.split('"').find(|text| DateTime::parse_from_rfc3339(text).is_ok())?;
    Some(line.replace(moment, ""))
}

/// The positions of the listed differences that were met.
pub fn compare(
    page: &str,
    printed: &str,
    rendered: &[Line],
    differences: &[Difference],
) -> Result<Vec<usize>, String> {
    let mut met = Vec::new();
    let mut printed = printed.lines().enumerate().map(|(index, text)| (index + 1, text)).peekable();
    for line in rendered {
        let shown = printed.peek().map(|(_, text)| *text);
        if shown == Some(line.text.as_str()) {
            printed.next();
            continue;
        }
        let listed = differences.iter().position(|difference| {
            difference.page == page
                && difference.pointer == line.pointer
                && difference.shows.explains(shown, &line.text)
        });
        let Some(index) = listed else {
            let (number, shown) = printed.peek().copied().unwrap_or((0, "<the page is at its end>"));
            return Err(format!(
                "{page}, line {number}:\n    page:     {shown}\n    document: {}   (#{})",
                line.text, line.pointer
            ));
        };
        met.push(index);
        if differences[index].shows == Shows::AnotherMoment {
            printed.next();
        }
    }
    match printed.next() {
        Some((number, text)) => Err(format!(
            "{page}, line {number}: the page goes on, the document does not:\n    page:     {text}"
        )),
        None => Ok(met),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rendered(lines: &[(&str, &str)]) -> Vec<Line> {
        lines
            .iter()
            .map(|(text, pointer)| Line { text: (*text).into(), pointer: (*pointer).into() })
            .collect()
    }

    const LISTED: &[Difference] = &[
        Difference { page: "p", pointer: "/left-out", shows: Shows::Nothing, reason: "" },
        Difference { page: "p", pointer: "/moment", shows: Shows::AnotherMoment, reason: "" },
    ];

    #[test]
    fn only_listed_differences_pass_and_they_are_counted() {
        let now = r#""at": "2026-01-02T03:04:05Z""#;
        let then = r#""at": "2024-05-06T07:08:09.012Z""#;
        let lines = rendered(&[("a", "/a"), ("hidden", "/left-out"), (now, "/moment"), ("b", "/b")]);
        assert_eq!(compare("p", &format!("a\n{then}\nb"), &lines, LISTED), Ok(vec![0, 1]));
        assert_eq!(compare("p", &format!("a\nhidden\n{now}\nb"), &lines, LISTED), Ok(vec![]));
        assert!(compare("other", &format!("a\n{then}\nb"), &lines, LISTED).is_err());
        assert!(compare("p", "a\n\"at\": \"string\"\nb", &lines, LISTED).is_err());
    }

    #[test]
    fn a_line_too_many_on_either_side_is_a_mismatch() {
        let lines = rendered(&[("a", "/a"), ("b", "/b")]);
        assert!(compare("p", "a", &lines, &[]).unwrap_err().contains("#/b"));
        assert!(compare("p", "a\nb\nc", &lines, &[]).unwrap_err().contains("line 3"));
    }
}

//! Compares a page with what the document makes of it, line by line, allowing for listed differences and no others.

use openapi_compat::page::Line;

/// Something the document says and a page does not show, and why that cannot be helped.
#[derive(Debug)]
pub struct Difference {
    pub page: &'static str,
    /// The place in the document that the rendered line comes from.
    pub pointer: &'static str,
    pub reason: &'static str,
}

/// Returns the positions of the listed differences that were met.
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
        let listed =
            differences.iter().position(|listed| listed.page == page && listed.pointer == line.pointer);
        let Some(index) = listed else {
            let (number, shown) = printed.peek().copied().unwrap_or((0, "<the page is at its end>"));
            return Err(format!(
                "{page}, line {number}:\n    page:     {shown}\n    document: {}   (#{})",
                line.text, line.pointer
            ));
        };
        met.push(index);
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
            .map(|(text, pointer)| Line {
                text: (*text).into(),
                pointer: (*pointer).into(),
                declared: (*pointer).into(),
            })
            .collect()
    }

    const LISTED: &[Difference] = &[Difference { page: "p", pointer: "/left-out", reason: "" }];

    #[test]
    fn only_listed_differences_pass_and_they_are_counted() {
        let lines = rendered(&[("a", "/a"), ("hidden", "/left-out"), ("b", "/b")]);
        assert_eq!(compare("p", "a\nb", &lines, LISTED), Ok(vec![0]));
        assert_eq!(compare("p", "a\nhidden\nb", &lines, LISTED), Ok(vec![]));
        assert!(compare("other", "a\nb", &lines, LISTED).is_err());
        assert!(compare("p", "a\nother\nb", &lines, LISTED).is_err());
    }

    #[test]
    fn a_line_too_many_on_either_side_is_a_mismatch() {
        let lines = rendered(&[("a", "/a"), ("b", "/b")]);
        assert!(compare("p", "a", &lines, &[]).unwrap_err().contains("#/b"));
        assert!(compare("p", "a\nb\nc", &lines, &[]).unwrap_err().contains("line 3"));
    }
}

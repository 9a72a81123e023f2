//! Suggests similar names for a name that is not found.

use std::collections::BTreeSet;

/// Names to suggest at most.
const MAX_SUGGESTIONS: usize = 5;
/// The least similarity, from 0 to 1, of a name that is suggested.
const ALIKE: f64 = 0.75;

/// Returns advice on `wanted`, a name or a glob, where one of `known` was expected.
pub(super) fn advice<'a>(wanted: &str, known: impl Iterator<Item = &'a str>) -> String {
    let known: BTreeSet<&str> = known.filter(|name| !name.is_empty()).collect();
    let near = nearest(wanted, known.iter().copied());
    match (near.is_empty(), known.len()) {
        (false, _) => format!("did you mean `{}`?", near.join("`, `")),
        (true, 0) => "there are none".to_owned(),
        (true, count) => {
            let some: Vec<&str> = known.into_iter().take(MAX_SUGGESTIONS).collect();
            format!("none of the {count} is like it; they begin with `{}`", some.join("`, `"))
        }
    }
}

/// Returns the names in `known` most similar to `wanted`, most similar first.
pub fn nearest<'a>(wanted: &str, known: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let plain: String =
        wanted.chars().filter(|letter| !matches!(letter, '*' | '?')).collect::<String>().to_lowercase();
    let mut alike: Vec<(f64, &str)> = known
        .map(|name| (strsim::jaro_winkler(&plain, &name.to_lowercase()), name))
        .filter(|(likeness, _)| *likeness >= ALIKE)
        .collect();
    alike.sort_by(|(left, _), (right, _)| right.total_cmp(left));
    alike.into_iter().take(MAX_SUGGESTIONS).map(|(_, name)| name).collect()
}

//! Names of releases, and the versions of the crate that hold them.
//!
//! Until 2024.10 the crate's version was `3.`, then year, month and patch of the release in one number, then a count of
//! the crate's own: `3.2024083.10` is authentik 2024.8.3. Since 2024.12 it is the release's.

use super::fetched::CRATE;

/// The crate's first year with versions like the release's.
const SAME_SINCE: u32 = 2024;
/// The release line the crate began with.
const FIRST: Line = (2024, 8);
/// Months to look for a neighbour in, either way.
const NEIGHBOURHOOD: u32 = 9;

/// A release line: year and month.
pub(super) type Line = (u32, u32);

/// The release that was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Wanted {
    text: String,
    /// Versions of the crate that it may mean, the likeliest first; incomplete ones mean the newest that begins so.
    specs: Vec<String>,
    line: Line,
}

/// Looks up the document of a version in the registry.
pub(super) type LookUp<'a> = &'a mut dyn FnMut(&str) -> Result<Option<String>, String>;

impl Wanted {
    pub(super) fn of(text: &str) -> Result<Self, String> {
        let unknown = || {
            format!(
                "`{text}` is no version of authentik\n  help: give a release line such as `2024.8`, a release such as \
                 `2024.8.3`, or a version of the crate {CRATE} such as `3.2024083.10`"
            )
        };
        // It becomes part of a file's name.
        let is_word = text.chars().all(|letter| letter.is_ascii_alphanumeric() || ".-+".contains(letter));
        let line = line_of(text).filter(|_| is_word).ok_or_else(unknown)?;
        let (year, month) = line;
        let parts: Vec<&str> = text.splitn(3, '.').collect();
        let specs = match parts.as_slice() {
            ["3", ..] => vec![text.to_owned()],
            [_, _] => line_specs(line),
            [_, _, patch] if patch.starts_with(|first: char| first.is_ascii_digit()) => {
                let mut specs = vec![format!("{year}.{month}.{patch}")];
                if year <= SAME_SINCE {
                    specs.push(format!("3.{year}{month:02}{patch}"));
                }
                specs
            }
            _ => return Err(unknown()),
        };
        Ok(Wanted { text: text.to_owned(), specs, line })
    }

    /// Returns the version of the crate, if it was given in full.
    pub(super) fn exact(&self) -> Option<&str> {
        let [spec] = self.specs.as_slice() else { return None };
        (spec.split('.').count() >= 3).then_some(spec)
    }

    /// Returns `true` if a version of the crate is one that was asked for.
    pub(super) fn means(&self, version: &str) -> bool {
        self.specs.iter().any(|spec| {
            version.strip_prefix(spec.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        })
    }

    /// Returns the requested version of the crate.
    pub(super) fn look_up(&self, registry: LookUp<'_>) -> Result<String, String> {
        match first(&self.specs, registry)? {
            Some(version) => Ok(version),
            None => Err(self.unpublished(&nearest(self.line, registry)?)),
        }
    }

    fn unpublished(&self, nearest: &[(Line, String)]) -> String {
        let nearest: Vec<String> =
            nearest.iter().map(|((year, month), version)| format!("`{year}.{month}` ({version})")).collect();
        let help = if nearest.is_empty() {
            format!("`cargo info {CRATE}` tells the newest")
        } else {
            format!("give one that is near: {}", nearest.join(", "))
        };
        format!("the crate {CRATE} was never published for `{}`\n  help: {help}", self.text)
    }
}

/// Versions that a release line may have.
fn line_specs((year, month): Line) -> Vec<String> {
    if (year, month) < FIRST {
        return Vec::new();
    }
    let mut specs = vec![format!("{year}.{month}")];
    if year <= SAME_SINCE {
        specs.extend((0..10).rev().map(|patch| format!("3.{year}{month:02}{patch}")));
    }
    specs
}

fn first(specs: &[String], registry: LookUp<'_>) -> Result<Option<String>, String> {
    for spec in specs {
        if let Some(version) = registry(spec)? {
            return Ok(Some(version));
        }
    }
    Ok(None)
}

/// Returns the published lines next to one, in order.
fn nearest(line: Line, registry: LookUp<'_>) -> Result<Vec<(Line, String)>, String> {
    let mut found = Vec::new();
    let all: Vec<Line> = neighbours(line, true).collect();
    for direction in [all, vec![line], neighbours(line, false).collect()] {
        for line in direction {
            if let Some(version) = first(&line_specs(line), registry)? {
                found.push((line, version));
                break;
            }
        }
    }
    Ok(found)
}

fn neighbours((year, month): Line, before: bool) -> impl Iterator<Item = Line> {
    let months = year.saturating_mul(12).saturating_add(month - 1);
    (1..=NEIGHBOURHOOD).map(move |distance| {
        let months = if before { months.saturating_sub(distance) } else { months.saturating_add(distance) };
        (months / 12, months % 12 + 1)
    })
}

/// Returns the release line of a release or of a version of the crate.
pub(super) fn line_of(version: &str) -> Option<Line> {
    let mut parts = version.split('.');
    let (first, second) = (parts.next()?, parts.next()?);
    let (year, month) = if first == "3" { (second.get(..4)?, second.get(4..6)?) } else { (first, second) };
    let (year, month): Line = (year.parse().ok()?, month.parse().ok()?);
    ((2000..3000).contains(&year) && (1..=12).contains(&month)).then_some((year, month))
}

//! Finds the changes since the last release, and the version that they require.

use std::path::Path;
use std::process::Command;

use openapi_compat::changes::{Change, SemverBump, Severity, changes};
use openapi_document::Document;
use openapi_workbench::Outcome;
use openapi_workbench::commands::diff::{self, FailOn};

use super::arguments::Arguments;
use super::part::Part;
use crate::project::DOCUMENT;
use crate::source::Source;

const NAME: &str = "change";

/// Changes beyond this number are only counted here.
const MAX_CHANGES: usize = 10;

/// The revision to compare with as long as there is no release.
const MAINLINE: &str = "git:origin/main";

/// Judges `document` against what the arguments name, or against the last release below `root`.
pub(super) fn check(root: &Path, document: &Document, arguments: &Arguments, color: bool) -> Part {
    let fail_on = arguments.fail_on;
    if let Some(against) = arguments.against.as_deref() {
        // What is called like a release and is none, such as a branch `v2`, is asked no version of.
        let tag = against.strip_prefix("git:").filter(|revision| is_release(root, revision));
        return match tag {
            Some(tag) => since_release(root, document, tag, fail_on, color),
            None => judged(root, document, against, None, fail_on, color),
        };
    }
    if let Some(tag) = git(root, &["describe", "--tags", "--abbrev=0", "--match", "v[0-9]*"]) {
        return since_release(root, document, &tag, fail_on, color);
    }
    if git(root, &["rev-parse", "--verify", "--quiet", &format!("origin/main:{DOCUMENT}")]).is_some() {
        let part = judged(root, document, MAINLINE, None, fail_on, color);
        return Part { summary: format!("nothing was released yet; {}", part.summary), ..part };
    }
    Part::fine(NAME, "no release tag (`v*`) found; pass `--against REV` to choose a baseline")
}

/// Returns `true` if a revision is a tag with the name of a release.
fn is_release(root: &Path, revision: &str) -> bool {
    let numbered =
        revision.strip_prefix('v').is_some_and(|rest| rest.starts_with(|first: char| first.is_ascii_digit()));
    numbered && git(root, &["rev-parse", "--verify", "--quiet", &format!("refs/tags/{revision}")]).is_some()
}

/// Judges `document` against the release `tag`. A tag that names no version lets nothing pass, as there is no saying
/// which version has to follow it.
fn since_release(root: &Path, document: &Document, tag: &str, fail_on: Option<FailOn>, color: bool) -> Part {
    let released = version(tag.trim_start_matches('v'));
    let mut part = judged(root, document, &format!("git:{tag}"), released, fail_on, color);
    if released.is_none() {
        part.outcome = Outcome::Failure;
        part.summary = format!("{}; the tag `{tag}` is no version to follow", part.summary);
        part.details.push(format!(
            "  help: tag the release with all three numbers, such as `v0.1.0`, and remove this tag (`git tag --delete {tag}`)"
        ));
    }
    part
}

/// Returns the output of git, unless it fails or prints nothing.
fn git(root: &Path, arguments: &[&str]) -> Option<String> {
    let output = Command::new("git").arg("-C").arg(root).args(arguments).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?.trim().to_owned();
    (output.status.success() && !text.is_empty()).then_some(text)
}

/// Judges `document` against `old`; if that is the release `released`, the workspace's version has to go with it. No
/// change may be of the class `fail_on`, or a worse one.
fn judged(
    root: &Path,
    document: &Document,
    old: &str,
    released: Option<Version>,
    fail_on: Option<FailOn>,
    color: bool,
) -> Part {
    let before = match Source::of(old).read(root, color) {
        Ok(before) => before,
        Err(message) => return Part::failed(NAME, format!("{old} cannot be read"), vec![message]),
    };
    let changes = changes(&before, document);
    let asked = level(&changes);
    let mut summary = format!("since {old}: {}", diff::counts(&changes));
    if let Some(level) = asked {
        summary = format!("{summary}; the generated crates need {}", describe(level));
    }
    let mut details = told(&changes);
    if !details.is_empty() {
        details
            .push(format!("  help: cargo xtask diff {old} {DOCUMENT}, shows all of them with their effects"));
    }
    if let Some(fail_on) = fail_on.filter(|fail_on| diff::outcome(&changes, *fail_on) != Outcome::Clean) {
        let limit = fail_on.severity().map(Severity::name).unwrap_or_default();
        details.push(format!("  help: make the {limit} changes milder, or name a worse class in --fail-on"));
        return Part::found(NAME, format!("{summary}, which --fail-on {limit} rejects"), details);
    }
    let (Some(released), Some(level)) = (released, asked) else {
        return Part { details, ..Part::fine(NAME, summary) };
    };
    let Some(current) = workspace_version(root) else {
        details.push("  help: give the version under [workspace.package] of Cargo.toml".to_owned());
        return Part::failed(NAME, format!("{summary}; Cargo.toml has no version to compare"), details);
    };
    let least = released.raised(level);
    if current >= least {
        return Part { details, ..Part::fine(NAME, format!("{summary}, and {current} is one")) };
    }
    details.push(format!(
        "  help: set the version in Cargo.toml to {least} or later, and say why in CHANGELOG.md"
    ));
    Part::found(NAME, format!("{summary}, but {current} is not one"), details)
}

/// Returns the largest version bump that a change requires; `None` if there are no changes.
fn level(changes: &[Change]) -> Option<SemverBump> {
    let effects = changes.iter().flat_map(|change| change.rust.iter().map(|effect| effect.semver));
    let classes = changes.iter().map(|change| match change.severity {
        Severity::Breaking => SemverBump::Major,
        Severity::Risky | Severity::Compatible => SemverBump::Minor,
        Severity::Documentation => SemverBump::Patch,
    });
    effects.chain(classes).max()
}

fn describe(level: SemverBump) -> &'static str {
    match level {
        SemverBump::Major => "a major version",
        SemverBump::Minor => "a minor version",
        SemverBump::Patch => "a patch version",
    }
}

/// Returns the most severe changes, a line for each.
fn told(changes: &[Change]) -> Vec<String> {
    let mut sorted: Vec<&Change> = changes.iter().collect();
    sorted.sort_by_key(|change| std::cmp::Reverse(change.severity));
    let mut lines: Vec<String> = sorted
        .iter()
        .take(MAX_CHANGES)
        .map(|change| format!("  {}: {} [{}]", change.severity.name(), change.text, change.rule))
        .collect();
    if changes.len() > MAX_CHANGES {
        lines.push(format!("  and {} more", changes.len() - MAX_CHANGES));
    }
    if lines.is_empty() { lines } else { vec![lines.join("\n")] }
}

/// A version of the workspace: major, minor, patch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Version([u64; 3]);

impl Version {
    /// Returns the first version after this one that may have such changes; before 1.0 each place counts for the one
    /// above.
    fn raised(self, level: SemverBump) -> Self {
        let Version([major, minor, patch]) = self;
        Version(match (level, major) {
            (SemverBump::Major, 0) => [0, minor + 1, 0],
            (SemverBump::Major, _) => [major + 1, 0, 0],
            (SemverBump::Minor, 1..) => [major, minor + 1, 0],
            (SemverBump::Minor, 0) | (SemverBump::Patch, _) => [major, minor, patch + 1],
        })
    }
}

impl std::fmt::Display for Version {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Version([major, minor, patch]) = self;
        write!(f, "{major}.{minor}.{patch}")
    }
}

fn version(text: &str) -> Option<Version> {
    let core = text.split(['-', '+']).next()?;
    let numbers: Vec<u64> = core.split('.').map(str::parse).collect::<Result<_, _>>().ok()?;
    Some(Version(numbers.try_into().ok()?))
}

fn workspace_version(root: &Path) -> Option<Version> {
    let manifest = std::fs::read_to_string(root.join("Cargo.toml")).ok()?;
    let package = manifest.lines().skip_while(|line| line.trim() != "[workspace.package]").skip(1);
    let mut fields = package.take_while(|line| !line.starts_with('['));
    let line = fields.find_map(|line| line.strip_prefix("version = \""))?;
    version(line.trim_end().trim_end_matches('"'))
}

#[cfg(test)]
mod tests;

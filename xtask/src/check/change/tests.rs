use super::*;
use openapi_workbench::Outcome;

const OLD: &str = "openapi: 3.0.3\ninfo: {title: t, version: '1'}\npaths:\n  /pets/:\n    get:\n      operationId: pets_list\n      responses: {'204': {description: ''}}\n";

/// A repository with a document and the version, released as `v0.1.0`.
struct Repository(tempfile::TempDir);

impl Repository {
    fn new() -> Self {
        let repository = Repository(tempfile::tempdir().unwrap());
        repository.write(DOCUMENT, OLD);
        repository.version("0.1.0");
        repository.git(&["init", "--quiet"]);
        repository.git(&["add", "."]);
        repository.git(&["commit", "--quiet", "-m", "one"]);
        repository
    }

    fn git(&self, arguments: &[&str]) {
        let identity = ["-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false"];
        let output = Command::new("git").arg("-C").arg(self.0.path()).args(identity).args(arguments).output();
        assert!(output.unwrap().status.success(), "{arguments:?}");
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.0.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    fn version(&self, version: &str) {
        self.write("Cargo.toml", &format!("[workspace]\n\n[workspace.package]\nversion = \"{version}\"\n"));
    }

    fn check(&self, text: &str) -> Part {
        check(self.0.path(), &Document::parse(DOCUMENT, text).unwrap(), &Arguments::default(), false)
    }
}

#[test]
fn without_a_release_there_is_no_baseline_and_the_report_says_so() {
    let part = Repository::new().check(OLD);
    assert_eq!(part.outcome, Outcome::Clean);
    assert!(part.summary.starts_with("no release tag (`v*`) found"), "{}", part.summary);
}

#[test]
fn a_change_since_the_release_needs_a_version_that_allows_it() {
    let repository = Repository::new();
    repository.git(&["tag", "v0.1.0"]);
    assert_eq!(repository.check(OLD).summary, "since git:v0.1.0: no changes");
    let breaking = OLD.replace("get:", "put:");
    let part = repository.check(&breaking);
    assert_eq!(part.outcome, Outcome::Findings, "{}", part.summary);
    assert!(part.details.concat().contains("to 0.2.0 or later"), "{:?}", part.details);
    for (version, outcome) in
        [("0.1.1", Outcome::Findings), ("0.2.0", Outcome::Clean), ("1.0.0", Outcome::Clean)]
    {
        repository.version(version);
        assert_eq!(repository.check(&breaking).outcome, outcome, "{version}");
    }
    repository.write("Cargo.toml", "");
    assert_eq!(repository.check(&breaking).outcome, Outcome::Failure);
}

#[test]
fn a_tag_that_is_no_version_of_three_numbers_is_named_and_lets_nothing_pass() {
    for tag in ["v0.1", "v1", "v0.1.0.0", "v0.1.x"] {
        let repository = Repository::new();
        repository.git(&["tag", tag]);
        let given = Arguments { against: Some(format!("git:{tag}")), fail_on: None };
        for arguments in [Arguments::default(), given] {
            let new = Document::parse(DOCUMENT, &OLD.replace("get:", "put:")).unwrap();
            let part = check(repository.0.path(), &new, &arguments, false);
            assert_eq!(part.outcome, Outcome::Failure, "{tag}");
            let expected = format!("a major version; the tag `{tag}` is no version to follow");
            assert!(part.summary.ends_with(&expected), "{}", part.summary);
            assert!(part.details.concat().contains(&format!("git tag --delete {tag}")), "{:?}", part.details);
        }
    }
}

#[test]
fn a_branch_that_is_called_like_a_release_is_asked_no_version_of() {
    let repository = Repository::new();
    repository.git(&["branch", "v2"]);
    let against = Arguments { against: Some("git:v2".to_owned()), fail_on: None };
    let new = Document::parse(DOCUMENT, &OLD.replace("get:", "put:")).unwrap();
    assert_eq!(check(repository.0.path(), &new, &against, false).outcome, Outcome::Clean);
}

#[test]
fn a_document_given_is_judged_against_without_asking_for_a_version() {
    let repository = Repository::new();
    repository.git(&["tag", "v0.1.0"]);
    let new = Document::parse(DOCUMENT, &OLD.replace("get:", "put:")).unwrap();
    let against = |old: &str, fail_on| Arguments { against: Some(old.to_owned()), fail_on };
    let part = check(repository.0.path(), &new, &against("git:HEAD", None), false);
    assert_eq!(part.outcome, Outcome::Clean);
    assert!(part.summary.ends_with("the generated crates need a major version"), "{}", part.summary);
    let gone = check(repository.0.path(), &new, &against("git:gone", None), false);
    assert_eq!(gone.outcome, Outcome::Failure);
    for (fail_on, outcome) in [
        (FailOn::Never, Outcome::Clean),
        (FailOn::Breaking, Outcome::Findings),
        (FailOn::Documentation, Outcome::Findings),
    ] {
        let part = check(repository.0.path(), &new, &against("git:HEAD", Some(fail_on)), false);
        assert_eq!(part.outcome, outcome, "{fail_on:?}: {}", part.summary);
    }
}

#[test]
fn a_version_is_raised_as_far_as_the_changes_ask() {
    for (from, level, to) in [
        ("0.1.2", SemverBump::Major, "0.2.0"),
        ("0.1.2", SemverBump::Minor, "0.1.3"),
        ("1.2.3", SemverBump::Major, "2.0.0"),
        ("1.2.3", SemverBump::Minor, "1.3.0"),
        ("1.2.3", SemverBump::Patch, "1.2.4"),
    ] {
        assert_eq!(version(from).unwrap().raised(level).to_string(), to);
    }
    assert_eq!(version("1.2"), None);
    assert_eq!(version("1.2.3-rc.1"), version("1.2.3"));
}

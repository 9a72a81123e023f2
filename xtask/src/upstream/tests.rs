use std::cell::RefCell;

use openapi_document::Document;
use openapi_document::slice::{Selection, slice};

use super::registry::Registry;
use super::version::Wanted;
use super::{Fetched, fetch_into, overview, parse_or_mend};

/// A registry with a few versions, which notes what it is asked.
#[derive(Default)]
struct Shelf {
    is_down: bool,
    asked: RefCell<Vec<String>>,
    /// The document of every version.
    schema: &'static str,
}

const PUBLISHED: [&str; 5] = ["3.2024083.10", "3.2024083.9", "3.2024105.4", "2024.12.5", "2026.8.5"];

impl Registry for Shelf {
    fn look_up(&self, _: &std::path::Path, spec: &str) -> Result<Option<String>, String> {
        self.asked.borrow_mut().push(spec.to_owned());
        if self.is_down {
            return Err("no network\n  help: plug it in".to_owned());
        }
        let fits = |version: &&&str| {
            version.strip_prefix(spec).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        Ok(PUBLISHED.iter().find(fits).map(|&version| version.to_owned()))
    }

    fn schema(&self, version: &str) -> Result<String, String> {
        if self.is_down {
            return Err("no network\n  help: plug it in".to_owned());
        }
        Ok(format!("# {version}\n{}", self.schema))
    }
}

#[test]
fn a_release_has_the_version_that_the_crate_had_then() {
    for (asked, version) in [
        ("2024.8", "3.2024083.10"),
        ("2024.08", "3.2024083.10"),
        ("2024.8.3", "3.2024083.10"),
        ("3.2024083.10", "3.2024083.10"),
        ("3.2024105", "3.2024105.4"),
        ("2024.12", "2024.12.5"),
        ("2026.8.5", "2026.8.5"),
    ] {
        let cache = tempfile::tempdir().unwrap();
        let fetched = fetch_into(cache.path(), asked, &Shelf::default()).unwrap();
        assert_eq!(fetched.version, version, "{asked}");
        assert_eq!(std::fs::read_to_string(&fetched.path).unwrap(), format!("# {version}\n"));
        assert_eq!(std::fs::read_dir(cache.path()).unwrap().count(), 1, "nothing is left beside it");
    }
}

#[test]
fn what_was_fetched_once_needs_no_network() {
    let cache = tempfile::tempdir().unwrap();
    let shelf = Shelf::default();
    fetch_into(cache.path(), "2024.8", &shelf).unwrap();
    let down = Shelf { is_down: true, ..Shelf::default() };
    assert_eq!(fetch_into(cache.path(), "3.2024083.10", &down).unwrap().version, "3.2024083.10");
    assert!(down.asked.borrow().is_empty(), "a full version is what it is");
    assert_eq!(fetch_into(cache.path(), "2024.8", &down).unwrap().version, "3.2024083.10");
    assert_eq!(fetch_into(cache.path(), "2026.8", &down).unwrap_err(), "no network\n  help: plug it in");
}

const VALID: &str = "openapi: 3.0.3\ninfo: {title: t, version: '1'}\npaths: {}\n";

#[test]
fn a_document_that_was_damaged_is_taken_from_cargo_again_or_named_with_the_way_to_fetch_it() {
    for damage in [&b""[..], b"openapi: [", b"openapi: 3.0.3\ninfo: \xff"] {
        let cache = tempfile::tempdir().unwrap();
        let shelf = Shelf { schema: VALID, ..Shelf::default() };
        let fetched = fetch_into(cache.path(), "2024.8", &shelf).unwrap();
        std::fs::write(&fetched.path, damage).unwrap();
        let down = Shelf { is_down: true, ..Shelf::default() };
        let message = parse_or_mend(&fetched, &down, false).unwrap_err();
        assert!(message.starts_with(&format!("cannot read {}", fetched.path.display())), "{message}");
        assert!(
            message.ends_with("help: remove this file, and the same command fetches it anew"),
            "{message}"
        );
        assert_eq!(std::fs::read(&fetched.path).unwrap(), damage);
        assert!(parse_or_mend(&fetched, &shelf, false).is_ok());
        assert!(parse_or_mend(&fetched, &down, false).is_ok(), "it is whole again");
    }
}

#[test]
fn a_document_that_is_as_it_was_published_and_not_valid_is_told_as_any_other() {
    let cache = tempfile::tempdir().unwrap();
    let shelf = Shelf { schema: "openapi: 3.1.0\npaths: 5\n", ..Shelf::default() };
    let fetched = fetch_into(cache.path(), "2024.8", &shelf).unwrap();
    let message = parse_or_mend(&fetched, &shelf, false).unwrap_err();
    assert!(message.contains("upstream:3.2024083.10:3"), "{message}");
}

#[test]
fn what_was_never_published_is_told_with_its_neighbours() {
    let cache = tempfile::tempdir().unwrap();
    let told = |asked: &str| fetch_into(cache.path(), asked, &Shelf::default()).unwrap_err();
    let all: Vec<String> = [
        "2024.6",
        "2024.9",
        "2024.8.7",
        "2026.8.99",
        "1999.1",
        "2024",
        "3.2024083",
        "latest",
        "2024.13",
        "2024.8.x",
        "3.2024083.10/../x",
    ]
    .iter()
    .filter_map(|asked| Wanted::of(asked).map_or_else(Some, |_| (*asked != "3.2024083").then(|| told(asked))))
    .collect();
    insta::assert_snapshot!(all.join("\n\n"));
}

#[test]
fn an_overview_counts_what_is_there() {
    let text = "\
openapi: 3.0.3
info: {title: authentik, version: 2024.8.3}
paths:
  /a/: {get: {operationId: a_list, tags: [sources], responses: {'204': {description: ''}}}}
  /b/:
    get: {operationId: b_list, tags: [core, sources], responses: {'200': {$ref: '#/components/responses/B'}}}
    put: {operationId: b_update, responses: {'204': {description: ''}}}
components:
  responses: {B: {description: ''}}
";
    let document = Document::parse("upstream:3.2024083.10", text).unwrap();
    let fetched = Fetched { version: "3.2024083.10".to_owned(), path: "cache/3.2024083.10.yml".into() };
    let part =
        slice(&document, &Selection { operations: vec!["a_*".to_owned()], ..Selection::default() }).unwrap();
    let told = [overview::of(&document, &fetched, false), overview::of(&part, &fetched, true)];
    insta::assert_snapshot!(told.join("\n"));
}

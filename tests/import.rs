//! Import: operations of a release taken into the real document leave every line of it where it was, and everything
//! generates from the result.

use openapi_compat::import::Import;
use openapi_document::Document;
use openapi_document::model::Model;
use openapi_workbench::Outcome;
use similar::TextDiff;
use xtask::project;

/// Made by `cargo xtask upstream 3.2024083.10 --operations 'sources_user_connections_plex_*' --out FILE`.
const CONNECTIONS: &str = include_str!("import/user_connections_plex.yaml");
const VERSION: &str = "3.2024083.10";

fn imported(theirs: &str, take_theirs: &[String]) -> Import {
    let theirs = Document::parse("upstream", theirs).unwrap_or_else(|error| panic!("{error}"));
    xtask::import::merge(&crate::repository(), crate::document(), &theirs, VERSION, take_theirs, false)
        .unwrap_or_else(|error| panic!("{error}"))
}

fn difference(import: &Import) -> String {
    let diff = TextDiff::from_lines(crate::document().text(), &import.text);
    diff.unified_diff().context_radius(2).to_string()
}

#[test]
fn new_operations_are_written_where_they_belong_and_in_the_style_of_the_document() {
    let import = imported(CONNECTIONS, &[]);
    let difference = difference(&import);
    assert!(!difference.lines().any(|line| line.starts_with('-')), "every line stays");
    insta::assert_snapshot!(
        "user_connections_plex",
        format!("{}\n{difference}", xtask::import::told(&import, VERSION))
    );
}

#[test]
fn everything_generates_from_what_was_imported() {
    let import = imported(CONNECTIONS, &[]);
    let document = Document::parse("spec/openapi.yaml", &import.text).expect("a document");
    let files =
        project::files(&Model::of(&document), &|_| {}, false).unwrap_or_else(|message| panic!("{message}"));
    let service =
        files.iter().find(|file| file.path.ends_with("api/src/generated/service.rs")).expect("the trait");
    for id in &import.operations {
        assert!(service.text.contains(&format!("fn {id}(")), "{id} can be served");
    }
}

#[test]
fn what_is_there_already_is_not_imported_again() {
    let import = imported(CONNECTIONS, &[]);
    let once = Document::parse("spec/openapi.yaml", &import.text).expect("a document");
    let theirs = Document::parse("upstream", CONNECTIONS).expect("a document");
    let twice =
        xtask::import::merge(&crate::repository(), &once, &theirs, VERSION, &[], false).expect("an import");
    assert_eq!((twice.text == import.text, twice.present.len()), (true, import.operations.len()));
    assert_eq!(xtask::import::outcome(&twice), Outcome::Clean);
    assert!(xtask::import::told(&twice, VERSION).ends_with("\neverything was there already\n"));
}

#[test]
fn a_component_that_means_something_else_is_kept_unless_theirs_is_asked_for() {
    let theirs =
        CONNECTIONS.replace("        - set_default\n", "        - set_default\n        - left_dangling\n");
    assert_ne!(theirs, CONNECTIONS);
    let kept = imported(&theirs, &[]);
    assert!(!kept.text.contains("left_dangling"));
    // Also once the operations are there.
    let once = Document::parse("spec/openapi.yaml", &kept.text).expect("a document");
    let theirs = Document::parse("upstream", &theirs).expect("a document");
    let again =
        xtask::import::merge(&crate::repository(), &once, &theirs, VERSION, &[], false).expect("an import");
    for import in [&kept, &again] {
        assert_eq!(
            xtask::import::outcome(import),
            Outcome::Findings,
            "what was asked for is not what is there"
        );
    }
    let told = xtask::import::told(&again, VERSION);
    assert!(told.ends_with("\nnothing was changed: ours was kept wherever theirs is another\n"), "{told}");
    let take = ["UsedByActionEnum".to_owned()];
    let taken =
        xtask::import::merge(&crate::repository(), &once, &theirs, VERSION, &take, false).expect("an import");
    insta::assert_snapshot!(
        "used_by_action_enum",
        format!("{}\n{}\n{}", xtask::import::told(&kept, VERSION), xtask::import::told(&taken, VERSION), {
            let diff = TextDiff::from_lines(&kept.text, &taken.text);
            diff.unified_diff().context_radius(2).to_string()
        })
    );
}

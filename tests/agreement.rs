//! Agreement: the canonical document and that of all of authentik 2024.8, which was derived from the running program, say the
//! same of the operations that both have. Only the extensions differ, which each has for its own readers.

use openapi_compat::{Severity, changes};
use openapi_document::Document;
use openapi_document::slice::{Selection, slice};

/// The rules that extensions break: those of the whole API are in its overlay.
const OF_EXTENSIONS: [&str; 3] = ["hint-changed", "integer-mark-changed", "secret-revealed"];

#[test]
fn both_documents_say_the_same_of_the_operations_that_both_have() {
    let path = crate::repository().join("spec/authentik/2024.8.yaml");
    let text = std::fs::read_to_string(path).expect("the document is there");
    let whole = Document::parse("2024.8.yaml", &text).unwrap_or_else(|error| panic!("{error}"));
    let operations = authentik_sources_api::OPERATIONS.iter().map(|operation| operation.id.to_owned());
    let selection = Selection { operations: operations.collect(), ..Selection::default() };
    let theirs = slice(&whole, &selection).unwrap_or_else(|error| panic!("{error}"));
    for (old, new) in [(crate::document(), &theirs), (&theirs, crate::document())] {
        let different = changes(old, new);
        let different = different.iter().filter(|change| {
            change.severity >= Severity::Compatible && !OF_EXTENSIONS.contains(&change.rule)
        });
        let told: Vec<String> = different.map(|change| format!("{change:?}")).collect();
        assert!(told.is_empty(), "{}", told.join("\n"));
    }
}

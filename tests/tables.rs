//! Tables: those that are generated, those that are built from the document when a program runs, and those of an asset
//! are the same value.

use authentik_sources_api::TABLES;
use openapi_document::model::Model;
use openapi_server_runtime::tables::Tables;

use crate::document;

fn assert_same(found: &Tables, made: &str) {
    for (found, generated) in found.operations.iter().zip(TABLES.operations) {
        assert_eq!(format!("{found:#?}"), format!("{generated:#?}"), "{made}: {}", generated.id);
    }
    for (found, generated) in found.components.iter().zip(TABLES.components) {
        assert_eq!(format!("{found:#?}"), format!("{generated:#?}"), "{made}: {}", generated.name);
    }
    assert!(*found == TABLES, "the tables are not the same: {made}");
}

#[test]
fn generated_and_built_tables_and_those_of_an_asset_are_the_same() {
    let built = openapi_tables::build(&Model::of(document())).expect("tables");
    assert_same(built, "built from the document");
    let asset = TABLES.to_bytes().expect("an asset").leak();
    assert_same(Tables::from_bytes(asset).expect("tables"), "read from an asset");
}

#![cfg(feature = "schemars")]
//! What the types say of their schemas.

use schemars::r#gen::{SchemaGenerator, SchemaSettings};
use serde_json::json;

use authentik_sources_types::{
    PaginatedGroupOAuthSourceConnectionList, PaginatedPlexSourceList, PatchedPlexSourceRequest,
};

#[test]
fn a_schema_is_the_documents_own_with_all_that_it_refers_to() {
    let mut generator = SchemaGenerator::new(SchemaSettings::openapi3());
    generator.subschema_for::<PaginatedPlexSourceList>();
    generator.subschema_for::<PaginatedGroupOAuthSourceConnectionList>();
    generator.subschema_for::<PatchedPlexSourceRequest>();
    let definitions = serde_json::to_value(generator.definitions()).unwrap();
    let names: Vec<_> = definitions.as_object().unwrap().keys().collect();
    for name in ["Pagination", "PlexSource", "PolicyEngineMode", "Source", "UserMatchingModeEnum"] {
        assert!(names.iter().any(|known| *known == name), "{name} is not among {names:?}");
    }
    let slug = &definitions["PatchedPlexSourceRequest"]["properties"]["slug"];
    assert_eq!(slug["pattern"], "^[-a-zA-Z0-9_]+$");
    assert_eq!((&slug["minLength"], &slug["maxLength"]), (&json!(1), &json!(50)));
    let flow = &definitions["PlexSource"]["properties"]["enrollment_flow"];
    assert_eq!((&flow["format"], &flow["nullable"]), (&json!("uuid"), &json!(true)));
    assert!(
        definitions.as_object().unwrap().values().all(|schema| schema.get("type").is_some()),
        "{definitions}"
    );
}

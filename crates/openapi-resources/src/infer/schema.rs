//! The JSON Schema of annotations, which is derived from the types that read them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use openapi_document::samples::{Direction, fits};
use schemars::JsonSchema;
use schemars::r#gen::SchemaSettings;
use serde::Deserialize;
use serde_json::{Value, json};

use super::annotations::{FilterNotes, ModelNotes, OperationNotes, ResourceNotes};
use crate::definition::{Access, Fill, Model, OnDelete, Source};

/// The annotations of openapi-resources on an object of an OpenAPI document. Other members are as the document has them.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(title = "Annotations")]
#[expect(dead_code, clippy::struct_field_names, reason = "the schema is made of it")]
struct Annotations {
    /// On a path: what its collection is. On an operation: what it does with the rows of a collection, or that it has no
    /// state.
    x_resource: Option<ResourceNote>,
    /// On a parameter: the condition that it makes.
    x_filter: Option<FilterNotes>,
    /// On a parameter: its purpose, whatever its name is.
    x_role: Option<Role>,
    /// On the schema of an object: the model whose rows its objects are.
    x_model: Option<ModelNote>,
    /// On the document: models that no schema describes, by their names.
    x_models: Option<BTreeMap<String, Model>>,
    /// On the schema of an object: the schemas that show rows of derived models, by these models.
    x_views: Option<BTreeMap<String, String>>,
    /// On a schema or a property: `true` if a property that is null is left out.
    x_omit_null: Option<bool>,
    /// On a property: the model whose rows it names.
    x_references: Option<String>,
    /// On a property that names rows: the field of theirs that it names them by, instead of the key.
    x_references_by: Option<String>,
    /// On a property that names rows: the fate of a row when the one it names is deleted.
    x_on_delete: Option<OnDelete>,
    /// On a property: the model of which no two rows share its value.
    x_unique: Option<String>,
    /// On a property: the value of a new row that is given none.
    x_fill: Option<Fill>,
    /// On a property: the source of its value.
    x_source: Option<Source>,
    /// On a property: the directions in which it goes.
    x_access: Option<Access>,
}

/// `x-resource`.
#[derive(Deserialize, JsonSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "the schema is made of it")]
enum ResourceNote {
    /// `false`: the operation has no state.
    Nothing(bool),
    Operation(OperationNotes),
    Path(Box<ResourceNotes>),
}

/// `x-model`.
#[derive(Deserialize, JsonSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "the schema is made of it")]
enum ModelNote {
    /// The name of a model that another schema or `x-models` describes.
    Name(String),
    Model(Box<ModelNotes>),
}

/// `x-role`.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum Role {
    Page,
    PageSize,
    Ordering,
    Search,
    Filter,
}

/// Returns the schema of annotations.
fn schema() -> Value {
    let settings = SchemaSettings::draft07().with(|settings| settings.option_add_null_type = false);
    let mut schema = json!(settings.into_generator().into_root_schema_for::<Annotations>());
    plain(&mut schema);
    schema
}

/// Takes out the defaults, which the types have.
fn plain(schema: &mut Value) {
    match schema {
        Value::Object(members) => {
            members.shift_remove("default");
            members.values_mut().for_each(plain);
        }
        Value::Array(items) => items.iter_mut().for_each(plain),
        _ => {}
    }
}

fn file(name: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).expect("a file")
}

#[test]
fn the_schema_is_derived_from_the_types_that_read_annotations() {
    let text = format!("{:#}\n", schema());
    if std::env::var_os("UPDATE_SCHEMA").is_some() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("annotations.schema.json");
        std::fs::write(path, &text).expect("it is written");
    }
    assert!(file("annotations.schema.json") == text, "run this test with UPDATE_SCHEMA=1");
}

/// Returns the annotations that the schema knows.
fn known() -> BTreeSet<String> {
    schema()["properties"].as_object().expect("properties").keys().cloned().collect()
}

#[test]
fn the_schema_has_the_annotations_that_are_read() {
    let mut read = BTreeSet::new();
    for module in ["annotations", "models", "parameters", "lists", "routes", "shapes"] {
        let text = file(&format!("src/infer/{module}.rs"));
        let names =
            text.split('"').filter(|name| name.starts_with("x-") && !name.contains(char::is_whitespace));
        read.extend(names.map(str::to_owned));
    }
    assert_eq!(read, known());
}

#[test]
fn the_page_explains_every_annotation_with_examples_that_are_valid() {
    let page = file("ANNOTATIONS.md");
    let mut shown = BTreeSet::new();
    for example in page.split("```json\n").skip(1).filter_map(|rest| Some(rest.split_once("```")?.0)) {
        let example: Value =
            serde_json::from_str(example).unwrap_or_else(|error| panic!("{error}: {example}"));
        let members = example.as_object().expect("an object");
        for (name, value) in members.iter().filter(|(name, _)| name.starts_with("x-")) {
            let annotation = json!({ name: value });
            assert!(fits(&schema(), &schema(), &annotation, Direction::Request), "{annotation}");
            shown.insert(name.clone());
        }
    }
    assert_eq!(shown, known());
    for name in known() {
        assert!(page.contains(&format!("\n## `{name}`\n")), "{name} has no section");
    }
}

#[test]
fn the_schema_refuses_what_the_types_refuse() {
    let schema = schema();
    for wrong in [
        json!({"x-resource": {"modle": "Pet"}}),
        json!({"x-resource": {"filters": {"name": {"path": "name", "lookups": "exact"}}}}),
        json!({"x-resource": {"action": "make"}}),
        json!({"x-resource": {"paging": {"page": {"page": "p", "defaultSize": 2, "sizes": "s"}}}}),
        json!({"x-source": {"object": {"path": "a", "view": "A", "look": 1}}}),
        json!({"x-role": "pages"}),
        json!({"x-model": {"nam": "Pet"}}),
        json!({"x-models": {"pet": {"key": "id", "fields": {"id": {"kind": "integer"}}}}}),
        json!({"x-fill": "random"}),
        json!({"x-fill": {"secret": "40"}}),
        json!({"x-source": {"paths": "a.b"}}),
        json!({"x-on-delete": "restrict"}),
        json!({"x-access": "none"}),
        json!({"x-references": 7}),
    ] {
        assert!(!fits(&schema, &schema, &wrong, Direction::Request), "{wrong}");
        assert!(serde_json::from_value::<Annotations>(wrong.clone()).is_err(), "{wrong}");
    }
}

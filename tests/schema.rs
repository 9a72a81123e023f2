//! Schema: the canonical document as it is reviewed, one snapshot an operation and one a component, with every
//! reference left in place. What people read in a change of the document is the change of these.

use serde_json::Value;

#[test]
fn each_operation_is_the_reviewed_one() {
    for (path, item) in crate::document().value()["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("operations") {
            let name = operation["operationId"].as_str().expect("an id").to_owned();
            snapshot(
                "operation",
                &name,
                &serde_json::json!({ "method": method, "path": path, "operation": operation }),
            );
        }
    }
}

#[test]
fn each_component_is_the_reviewed_one() {
    for (section, components) in crate::document().value()["components"].as_object().expect("components") {
        for (name, component) in components.as_object().expect("a section of components") {
            snapshot(section, name, component);
        }
    }
}

fn snapshot(section: &str, name: &str, value: &Value) {
    let text = serde_json::to_string_pretty(value).expect("a document is JSON");
    insta::with_settings!({ snapshot_path => "snapshots/schema", prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!(format!("{section}.{name}"), text);
    });
}

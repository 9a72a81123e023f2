//! Names in Rust for the parts of a document. They are made only here, for all generators and for the commands that
//! explain generated code.
//!
//! Almost every name is the one that progenitor and typify would make: words in the case that Rust has for them. A name
//! that is taken gets another: plain words come first, then symbols are spelled out, and if that is not enough, a
//! number is added. So every document can be generated, whatever its names are. On the wire they stay as they are.

mod properties;
mod scope;
mod setters;
mod spelling;
mod taken;

use std::collections::HashMap;

use heck::ToShoutySnakeCase as _;
use serde_json::Value;

use crate::operations;
use crate::service_traits;
use scope::Scope;
pub use setters::{Setter, setter_names, setters};
pub use spelling::Case;
use spelling::cased;
pub use spelling::{numbered, plain};

/// The names that depend on what else is in a document.
#[derive(Clone, Debug, Default)]
pub struct Names {
    operations: HashMap<String, String>,
    components: HashMap<String, String>,
    properties: HashMap<String, String>,
    /// In the order of their first operations.
    service_traits: Vec<String>,
    /// The position of the trait that serves an operation, by its id.
    served_by: HashMap<String, usize>,
}

impl Names {
    /// Returns the names of the document `root`.
    #[must_use]
    pub fn of(root: &Value) -> Self {
        let ids = operations::operations(root)
            .filter_map(|(_, _, operation)| operation.get("operationId")?.as_str());
        let ids: Vec<&str> = ids.collect();
        let components: Vec<&str> = operations::components(root).map(|(name, _)| name.as_str()).collect();
        // A method and a type are called after an operation, and a constant after a component.
        let operations = Scope::by(Case::Snake, |name| cased(name, Case::Pascal), &taken::BY_CLIENTS);
        let types = Scope::by(Case::Pascal, str::to_shouty_snake_case, &taken::BY_TYPES);
        let operations = operations.named(&ids);
        let (service_traits, served_by) = service_traits(root, &operations);
        Names {
            operations,
            components: types.named(&components),
            properties: properties::names(root),
            service_traits,
            served_by,
        }
    }

    /// Returns the method that starts the operation `id`, and the one that serves it.
    #[must_use]
    pub fn operation(&self, id: &str) -> String {
        self.operations.get(id).cloned().unwrap_or_else(|| plain(id, Case::Snake))
    }

    /// Returns the type that is named after the operation `id`.
    #[must_use]
    pub fn builder(&self, id: &str) -> String {
        plain(&self.operation(id), Case::Pascal)
    }

    /// Returns the traits that serve operations, in the order of their first operations.
    #[must_use]
    pub fn service_traits(&self) -> &[String] {
        &self.service_traits
    }

    /// Returns the trait that serves the operation `id`, if there is such an operation.
    #[must_use]
    pub fn service_trait(&self, id: &str) -> Option<&str> {
        self.service_traits.get(*self.served_by.get(id)?).map(String::as_str)
    }

    /// Returns how Rust calls the method that serves an operation, and that the client calls `method`: `Pets::pets_list`.
    #[must_use]
    pub fn service_method(&self, method: &str) -> String {
        let mut ids = self.operations.iter().filter(|(_, name)| *name == method);
        let found = ids.find_map(|(id, _)| self.service_trait(id));
        format!("{}::{method}", found.unwrap_or("Api"))
    }

    /// Returns the type of the component `name`.
    #[must_use]
    pub fn component(&self, name: &str) -> String {
        self.components.get(name).cloned().unwrap_or_else(|| plain(name, Case::Pascal))
    }

    /// Returns the constant that is named after the component `name`.
    #[must_use]
    pub fn constant(&self, name: &str) -> String {
        self.component(name).to_shouty_snake_case()
    }

    /// Returns the constant that is named after the operation `id`.
    #[must_use]
    pub fn operation_constant(&self, id: &str) -> String {
        self.operation(id).to_uppercase()
    }

    /// Returns the field of the property `name`.
    #[must_use]
    pub fn property(&self, name: &str) -> String {
        self.properties.get(name).cloned().unwrap_or_else(|| plain(name, Case::Snake))
    }

    /// Returns the type of the property `name` of the type `of`, if its schema has no name of its own.
    #[must_use]
    pub fn held(&self, of: &str, name: &str) -> String {
        of.to_owned() + &cased(&self.property(name), Case::Pascal)
    }
}

/// Names the traits of the document `root`, and finds the trait of each operation by its id. The traits must not have
/// the names of types made for `operations`.
fn service_traits(
    root: &Value,
    operations: &HashMap<String, String>,
) -> (Vec<String>, HashMap<String, usize>) {
    let beside = operations.values().flat_map(|operation| {
        let operation = plain(operation, Case::Pascal);
        taken::AFTER_OPERATIONS.map(|suffix| format!("{operation}{suffix}"))
    });
    let mut scope = Scope::of(Case::Pascal, &taken::BY_SERVICES);
    scope.taken.extend(beside);
    let traits = service_traits::divide(root);
    let words: Vec<String> = traits.iter().map(|found| found.common.words()).collect();
    let names = scope.distinct(&words.iter().map(String::as_str).collect::<Vec<_>>());
    let mut served_by = HashMap::new();
    for (position, found) in traits.iter().enumerate() {
        let ids = found.operations.iter().filter_map(|operation| operation.id);
        served_by.extend(ids.map(|id| (id.to_owned(), position)));
    }
    (names, served_by)
}

/// Returns the variants of an enumeration with these values, in their order.
#[must_use]
pub fn variants(values: &[&str]) -> Vec<String> {
    Scope::of(Case::Pascal, &taken::BY_ENUMERATIONS).distinct(values)
}

/// Returns the setters of the security schemes with these names, in their order.
#[must_use]
pub fn credential_setters(schemes: &[&str]) -> Vec<String> {
    Scope::of(Case::Snake, &taken::BY_CLIENT_BUILDERS).distinct(schemes)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_that_differ_in_symbols_only_are_told_apart() {
        assert_eq!(variants(&["a b", "a-b", "a_b", "aB"]), ["ASpaceB", "ADashB", "AB", "Ab"]);
        assert_eq!(variants(&["-name", "name"]), ["MinusName", "Name"]);
        assert_eq!(
            variants(&["<", ">", "=", "+1", "-1", "1"]),
            ["LessThan", "GreaterThan", "Equals", "Plus1", "Minus1", "X1"]
        );
        assert_eq!(
            variants(&["", " ", "self", "unrecognized"]),
            ["Empty", "Space", "Self_", "Unrecognized2"]
        );
    }

    #[test]
    fn operations_and_components_give_way_to_each_other_and_to_what_is_there() {
        let operation = |id: &str| json!({"get": {"operationId": id, "responses": {}}});
        let names = Names::of(&json!({
            "paths": {"/a": operation("pets.list"), "/b": operation("pets_list"), "/c": operation("builder")},
            "components": {"schemas": {"Pet": {}, "pet": {}, "PET": {}, "a_b": {}, "aB": {}}},
        }));
        assert_eq!(names.operation("pets_list"), "pets_list");
        assert_eq!(names.operation("pets.list"), "pets_dot_list");
        assert_eq!(
            (names.operation("builder"), names.builder("builder")),
            ("builder_2".into(), "Builder2".into())
        );
        assert_eq!(["Pet", "pet", "PET"].map(|name| names.component(name)), ["Pet", "Pet2", "Pet3"]);
        assert_eq!(["a_b", "aB"].map(|name| names.component(name)), ["AB", "Ab2"]);
    }

    #[test]
    fn traits_give_way_to_each_other_and_to_what_stands_beside_them() {
        let tags = ["store", "Store", "service", "pets-query", "名前", "_"];
        let operation =
            |id: &str, tag: &str| json!({"get": {"operationId": id, "tags": [tag], "responses": {}}});
        let mut paths = json!({"/pets": operation("pets", "store")});
        for tag in tags {
            paths[format!("/{tag}")] = operation(tag, tag);
        }
        let names = Names::of(&json!({"paths": paths}));
        let served = tags.map(|tag| names.service_trait(tag).unwrap_or_default());
        assert_eq!(served, ["Store2", "Store", "Service2", "PetsDashQuery", "MingQian", "Underscore"]);
        assert_eq!(names.service_trait("pets"), Some("Store2"));
        assert_eq!(names.service_traits(), served);
        assert_eq!(names.service_trait("other"), None);
    }
}

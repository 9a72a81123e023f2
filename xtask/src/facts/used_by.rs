//! The objects that use an object, as the program finds them: the managers of related objects that a model has.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::models::Models;

impl Models {
    /// Returns the relations over which rows use a row of a model, in the order in which the program goes through them:
    /// that of the names that the class has for them.
    pub(super) fn used_by(&self, model: &str) -> Vec<Value> {
        let mut found: BTreeMap<&str, Value> = BTreeMap::new();
        let mut current = Some(model);
        while let Some(name) = current {
            self.forward(model, name, &mut found);
            self.backward(model, name, &mut found);
            current = self.base(name);
        }
        found.into_values().collect()
    }

    /// Adds the relations that a model has itself: lists of rows.
    fn forward<'a>(&'a self, model: &str, of: &str, found: &mut BTreeMap<&'a str, Value>) {
        for (field, about) in self.at(of)["fields"].as_object().into_iter().flatten() {
            let target = about["to"].as_str().filter(|target| about["many"] == true && self.has(target));
            if let (Some(target), Some(path)) = (target, self.path(model, field)) {
                let user = json!({"model": target, "path": path, "action": "cascade_many", "order": self.order(target)});
                found.entry(field).or_insert(user);
            }
        }
    }

    /// Adds the relations that others have to a model; a row that is one with another does not use it.
    fn backward<'a>(&'a self, model: &str, of: &str, found: &mut BTreeMap<&'a str, Value>) {
        for (accessor, about) in self.at(of)["reverse"].as_object().into_iter().flatten() {
            let (Some(other), Some(field)) = (about["model"].as_str(), about["field"].as_str()) else {
                continue;
            };
            if about["kind"] == "OneToOneRel" || !self.has(other) {
                continue;
            }
            let Some(path) = self.path(model, accessor) else { continue };
            let about = self.field(other, field);
            let action = match about["on_delete"].as_str() {
                _ if about["many"] == true => "cascade_many",
                Some("SET_NULL") => "set_null",
                Some("SET_DEFAULT") => "set_default",
                _ => "cascade",
            };
            let user = json!({"model": other, "path": path, "action": action, "order": self.order(other)});
            found.entry(accessor).or_insert(user);
        }
    }

    /// Returns the fields that rows of a model are ordered by where nothing else is asked for.
    fn order(&self, model: &str) -> Vec<&str> {
        let order = self.at(model)["ordering"].as_array().into_iter().flatten().filter_map(Value::as_str);
        order.filter(|field| self.field(model, field).is_object()).collect()
    }
}

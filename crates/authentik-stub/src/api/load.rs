//! A fixture as rows: the objects of its lists, as the API answers them.

use openapi_resources::definition::{Action, Source};
use openapi_resources::store::Store;
use openapi_resources::violation::Violation;
use serde_json::{Map, Value};

use super::asset::AssetError;
use super::viewsets::Viewsets;

/// Objects to start with, in the form of the API: `{"objects": {"core/users": [what GET answers, …], …}}`.
#[derive(Debug, Clone)]
pub struct Objects(Value);

impl Objects {
    /// Reads objects; `None` if a text is no JSON of this form.
    ///
    /// # Errors
    /// Never as to the objects themselves, which are checked when a stub starts.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let value: Value = serde_json::from_str(text).ok()?;
        value.get("objects").is_some_and(Value::is_object).then_some(Self(value))
    }

    pub(crate) fn value(&self) -> &Value {
        &self.0
    }
}

/// A fixture that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// An asset cannot be read.
    #[error(transparent)]
    Asset(#[from] AssetError),
    /// There is no such list.
    #[error("the fixture has objects of `{0}`, and the API has no such list")]
    NoList(String),
    /// The objects break rules.
    #[error("the objects of the fixture do not fit together: {0}")]
    Broken(String),
}

/// Puts the objects of a fixture into a store.
pub(super) fn load(store: &Store, viewsets: &Viewsets, fixture: &Value) -> Result<(), LoadError> {
    let plan = store.plan().clone();
    let definition = plan.definition();
    let mut rows: Vec<(String, Map<String, Value>)> = Vec::new();
    for (list, objects) in fixture["objects"].as_object().into_iter().flatten() {
        let path = format!("/{list}/");
        let Some(collection) = definition.collections.get(&path) else { continue };
        let mut views: Vec<&str> = Vec::new();
        for action in [Action::Retrieve, Action::List, Action::Update, Action::Create] {
            let operations = collection.operations.values().filter(|operation| operation.action == action);
            for operation in operations {
                views.extend(operation.answer.as_deref().into_iter().chain(operation.request.as_deref()));
            }
        }
        for object in objects.as_array().into_iter().flatten() {
            let mut values = Map::new();
            for (name, value) in object.as_object().into_iter().flatten() {
                if let Some(field) = field(definition, &views, &collection.model, name) {
                    values.insert(field, value.clone());
                }
            }
            rows.push((collection.model.clone(), values));
        }
    }
    let _ = viewsets;
    let loaded: Result<_, Vec<Violation>> = store.write(|transaction| {
        for (model, values) in rows {
            let Some(id) = plan.model(&model) else { continue };
            transaction.restore(id, values);
        }
        Ok(())
    });
    loaded.map(drop).map_err(|violations| {
        LoadError::Broken(violations.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))
    })
}

/// Returns the field that a property of an object is the value of.
fn field(
    definition: &openapi_resources::definition::Definition,
    views: &[&str],
    model: &str,
    property: &str,
) -> Option<String> {
    let described = views.iter().filter_map(|view| definition.views.get(*view)?.properties.get(property));
    for described in described {
        match &described.source {
            None => return Some(property.to_owned()),
            Some(Source::Path(path)) if !path.contains('.') && has_field(definition, model, path) => {
                return Some(path.clone());
            }
            Some(_) => return None,
        }
    }
    has_field(definition, model, property).then(|| property.to_owned())
}

/// Returns `true` if a model or one of its bases has a field.
fn has_field(definition: &openapi_resources::definition::Definition, model: &str, field: &str) -> bool {
    let Some(model) = definition.models.get(model) else { return false };
    model.fields.contains_key(field)
        || model.base.as_deref().is_some_and(|base| has_field(definition, base, field))
}

//! The properties of the objects of a list, and where a row keeps them: views read backwards.

use std::collections::HashMap;
use std::rc::Rc;

use openapi_resources::definition::{Access, Action, Collection, Definition, Property, Source, View};

use super::draft::Drafts;

/// The place where a row keeps a property.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Kept {
    /// A field.
    Field(String),
    /// A reference, or a list of them: the objects that it names are shown, whose keys are in this property.
    Key { field: String, property: String },
    /// A reference, which names a row by the key of its own model.
    OwnKey(String),
    /// A reference to the row of `model` that has the value in `by`; of an object that is shown, its `property`.
    Found { field: String, model: String, by: String, property: Option<String> },
    /// A field of the rows that the value lists.
    Listed { model: String, field: String },
    /// Rows of a model that no list shows, which name this row.
    Parts { model: String, field: String },
    /// A function shows it, perhaps from this field.
    Shown { function: String, field: Option<String> },
    /// Other rows, or the program.
    Elsewhere,
}

/// The properties of the objects of all lists.
#[derive(Debug, Default)]
pub(super) struct Properties {
    known: HashMap<String, Rc<HashMap<String, Kept>>>,
}

impl Properties {
    /// Returns where the objects of a list keep their properties.
    pub(super) fn of(&mut self, drafts: &Drafts<'_>, path: &str) -> Rc<HashMap<String, Kept>> {
        Rc::clone(self.known.entry(path.to_owned()).or_insert_with(|| Rc::new(read(drafts, path))))
    }
}

/// Returns the views of the operations of a collection, those that tell most first.
fn views<'a>(definition: &'a Definition, collection: &Collection) -> Vec<&'a View> {
    let order = [Action::Retrieve, Action::List, Action::Update, Action::Create, Action::Patch];
    let operations = order.iter().flat_map(|action| {
        collection.operations.values().filter(move |operation| operation.action == *action)
    });
    let names = operations.flat_map(|operation| operation.answer.iter().chain(operation.request.iter()));
    names.filter_map(|name| definition.views.get(name)).collect()
}

fn read(drafts: &Drafts<'_>, path: &str) -> HashMap<String, Kept> {
    let mut found: HashMap<String, Kept> = HashMap::new();
    let Some(collection) = drafts.definition.collections.get(path) else { return found };
    for view in views(drafts.definition, collection) {
        for (name, property) in &view.properties {
            let kept = kept(drafts, &collection.model, name, property);
            let known = found.entry(name.clone()).or_insert(Kept::Elsewhere);
            if *known == Kept::Elsewhere {
                *known = kept;
            }
        }
    }
    for (name, _) in drafts.fields(&collection.model) {
        found.entry(name.to_owned()).or_insert_with(|| Kept::Field(name.to_owned()));
    }
    found
}

fn kept(drafts: &Drafts<'_>, model: &str, name: &str, property: &Property) -> Kept {
    let field = |name: &str| drafts.field(model, name).is_some();
    match &property.source {
        None => Kept::Field(name.to_owned()),
        Some(Source::Path(path)) if field(path) => Kept::Field(path.clone()),
        Some(Source::Path(path)) => match path.split_once('.') {
            None if property.access != Access::ReadOnly => {
                listed(drafts, model, path).unwrap_or(Kept::Elsewhere)
            }
            _ => Kept::Elsewhere,
        },
        Some(Source::Object { path, view, .. }) => {
            object(drafts, model, path, view).unwrap_or(Kept::Elsewhere)
        }
        Some(Source::Function(function)) => {
            // Some fields have an underscore before the name of what is shown of them.
            let hidden = format!("_{name}");
            let kept = [name, hidden.as_str()].into_iter().find(|name| field(name));
            Kept::Shown { function: function.clone(), field: kept.map(str::to_owned) }
        }
        Some(Source::OwnKey(field)) => Kept::OwnKey(field.clone()),
        Some(Source::Count(_) | Source::Constant(_) | Source::Template(_)) => Kept::Elsewhere,
    }
}

/// Returns the rows that name a row, by the name for them.
fn reverse<'a>(drafts: &Drafts<'a>, model: &str, name: &str) -> Option<(&'a str, &'a str)> {
    let definition = drafts.definition;
    drafts.lineage(model).find_map(|model| {
        let reverse = definition.models.get(model)?.reverse.get(name)?;
        Some((reverse.model.as_str(), reverse.field.as_str()))
    })
}

fn listed(drafts: &Drafts<'_>, model: &str, name: &str) -> Option<Kept> {
    let (model, field) = reverse(drafts, model, name)?;
    Some(Kept::Listed { model: model.to_owned(), field: field.to_owned() })
}

/// Returns where objects are kept that a view shows at the end of a path.
fn object(drafts: &Drafts<'_>, model: &str, path: &str, view: &str) -> Option<Kept> {
    let Some((first, rest)) = path.split_once('.') else {
        if let Some(reference) = drafts.reference(model, path) {
            let property = key_property(drafts, view, &reference.model)?;
            return Some(Kept::Key { field: path.to_owned(), property });
        }
        let (other, field) = reverse(drafts, model, path)?;
        let has_list = drafts.definition.collections.values().any(|collection| collection.model == other);
        return (!has_list).then(|| Kept::Parts { model: other.to_owned(), field: field.to_owned() });
    };
    let through = drafts.reference(model, first)?;
    let target = &drafts.reference(&through.model, rest)?.model;
    Some(Kept::Found {
        field: first.to_owned(),
        model: through.model.clone(),
        by: rest.to_owned(),
        property: key_property(drafts, view, target),
    })
}

/// Returns the property of a view that shows the key of a model.
fn key_property(drafts: &Drafts<'_>, view: &str, model: &str) -> Option<String> {
    let key = drafts.key(model);
    let mut properties = drafts.definition.views.get(view)?.properties.iter();
    let shows_key = |name: &str, property: &Property| match &property.source {
        None => name == key,
        Some(Source::Path(path)) => path == key,
        Some(_) => false,
    };
    properties.find(|(name, property)| shows_key(name, property)).map(|(name, _)| name.clone())
}

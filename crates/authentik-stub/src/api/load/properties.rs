//! The properties of the objects of a list, and where a row keeps them: views read backwards.

use std::collections::HashMap;
use std::rc::Rc;

use openapi_resources::definition::{self, Access, Action, Collection, Definition, Source, View};
use openapi_resources::plan::{ModelId, Plan};

/// The place where a row keeps a property. Fields are named by their numbers.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Kept {
    /// A field.
    Field(usize),
    /// A reference, or a list of them: the objects that it names are shown, whose keys are in this property.
    Key { field: usize, property: String },
    /// A reference, which names a row by the key of its own model.
    OwnKey(usize),
    /// A reference to the row of `model` that has the value in `by`; of an object that is shown, its `property`.
    Found { field: usize, model: ModelId, by: String, property: Option<String> },
    /// A field of the rows that the value lists.
    Listed { model: ModelId, field: usize },
    /// Rows of a model that no list shows, which name this row.
    Parts { model: ModelId, field: usize },
    /// A function shows it, perhaps from this field.
    Shown { function: String, field: Option<String> },
    /// Other rows, or the program.
    Elsewhere,
}

/// The property of an object: where a row keeps it, and the order in which properties are read.
#[derive(Debug)]
pub(super) struct Property {
    pub(super) kept: Kept,
    /// A field says more than what is shown of it by another name, and a key more than the object that it names.
    pub(super) turn: u8,
}

/// The properties of the objects of all lists.
#[derive(Debug, Default)]
pub(super) struct Properties {
    known: HashMap<String, Rc<HashMap<String, Property>>>,
}

impl Properties {
    /// Returns where the objects of a list keep their properties.
    pub(super) fn of(&mut self, plan: &Plan, path: &str) -> Rc<HashMap<String, Property>> {
        if let Some(known) = self.known.get(path) {
            return Rc::clone(known);
        }
        let read = Rc::new(read(plan, path));
        self.known.insert(path.to_owned(), Rc::clone(&read));
        read
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

fn read(plan: &Plan, path: &str) -> HashMap<String, Property> {
    let mut found: HashMap<String, Kept> = HashMap::new();
    let definition = plan.definition();
    let Some(collection) = definition.collections.get(path) else { return HashMap::new() };
    let Some(model) = plan.model(&collection.model) else { return HashMap::new() };
    for view in views(definition, collection) {
        for (name, property) in &view.properties {
            let known = found.entry(name.clone()).or_insert(Kept::Elsewhere);
            if *known == Kept::Elsewhere {
                *known = kept(plan, model, name, property);
            }
        }
    }
    for (number, column) in plan.columns(model).iter().enumerate() {
        found.entry(column.name.clone()).or_insert(Kept::Field(number));
    }
    let turn = |name: &str, kept: &Kept| match kept {
        Kept::Field(field) => u8::from(plan.column(model, name) != Some(*field)),
        _ => 2,
    };
    found
        .into_iter()
        .map(|(name, kept)| (name.clone(), Property { turn: turn(&name, &kept), kept }))
        .collect()
}

fn kept(plan: &Plan, model: ModelId, name: &str, property: &definition::Property) -> Kept {
    let field = |name: &str| plan.column(model, name);
    let kept = match &property.source {
        None => field(name).map(Kept::Field),
        Some(Source::Path(path)) => match (field(path), path.split_once('.')) {
            (Some(field), _) => Some(Kept::Field(field)),
            (None, None) if property.access != Access::ReadOnly => {
                reverse(plan, model, path).map(|(model, field)| Kept::Listed { model, field })
            }
            _ => None,
        },
        Some(Source::Object { path, view, .. }) => object(plan, model, path, view),
        Some(Source::Function(function)) => {
            // Some fields have an underscore before the name of what is shown of them.
            let hidden = format!("_{name}");
            let kept = [name, hidden.as_str()].into_iter().find(|name| field(name).is_some());
            Some(Kept::Shown { function: function.clone(), field: kept.map(str::to_owned) })
        }
        Some(Source::OwnKey(reference)) => field(reference).map(Kept::OwnKey),
        Some(Source::Count(_) | Source::Constant(_) | Source::Template(_)) => None,
    };
    kept.unwrap_or(Kept::Elsewhere)
}

/// Returns the rows that name a row, by the name for them.
fn reverse(plan: &Plan, model: ModelId, name: &str) -> Option<(ModelId, usize)> {
    plan.lineage(model).iter().find_map(|model| {
        let reverse = plan.definition().models.get(plan.model_name(*model))?.reverse.get(name)?;
        let other = plan.model(&reverse.model)?;
        Some((other, plan.column(other, &reverse.field)?))
    })
}

/// Returns where objects are kept that a view shows at the end of a path.
fn object(plan: &Plan, model: ModelId, path: &str, view: &str) -> Option<Kept> {
    let reference = |model: ModelId, field: usize| plan.columns(model).get(field)?.reference;
    let Some((first, rest)) = path.split_once('.') else {
        let field = plan.column(model, path);
        if let Some((field, reference)) = field.and_then(|field| Some((field, reference(model, field)?))) {
            return Some(Kept::Key { field, property: key_property(plan, view, reference.model)? });
        }
        let (other, field) = reverse(plan, model, path)?;
        let mut collections = plan.definition().collections.values();
        let has_list = collections.any(|collection| collection.model == plan.model_name(other));
        return (!has_list).then_some(Kept::Parts { model: other, field });
    };
    let field = plan.column(model, first)?;
    let through = reference(model, field)?.model;
    let target = reference(through, plan.column(through, rest)?)?.model;
    let property = key_property(plan, view, target);
    Some(Kept::Found { field, model: through, by: rest.to_owned(), property })
}

/// Returns the property of a view that shows the key of a model.
fn key_property(plan: &Plan, view: &str, model: ModelId) -> Option<String> {
    let key = &plan.columns(model).get(plan.key(model))?.name;
    let mut properties = plan.definition().views.get(view)?.properties.iter();
    let shows_key = |name: &str, property: &definition::Property| match &property.source {
        None => name == key,
        Some(Source::Path(path)) => path == key,
        Some(_) => false,
    };
    properties.find(|(name, property)| shows_key(name, property)).map(|(name, _)| name.clone())
}

//! Checks a definition and makes a plan of it.

use std::collections::HashMap;
use std::sync::Arc;

use crate::pointer::child;
use indexmap::IndexMap;
use serde_json::Value;

use super::compile::{Goal, compile, listed};
use super::parts::{CollectionPlan, Plan};
use super::problem::Problem;
use super::view::{PropertyPlan, SeenPlan, SourcePlan, ViewPlan};
use crate::definition::{Action, Collection, Definition, Field, Fill, Kind, Lookup, Model, Source, View};
use crate::functions::{Functions, Reads};
use crate::ids::{CollectionId, IndexId, ModelId, ViewId};
use crate::layout::{
    Column, IndexPlan, Layout, ModelPlan, ReferencePlan, Referrer, ReversePlan, TemplatePlan,
};
use crate::path::{Path, Step};
use crate::query::OrderPlan;
use crate::supply::System;

/// The builder of a plan, and what it found wrong.
struct Builder<'a> {
    definition: &'a Definition,
    functions: &'a Functions,
    models: Vec<ModelPlan>,
    problems: Vec<Problem>,
}

impl Plan {
    /// Checks a definition.
    ///
    /// # Errors
    /// With everything that is wrong with it: names of nothing, paths that lead nowhere, views that hold themselves.
    pub fn new(definition: Definition, functions: Functions) -> Result<Self, Vec<Problem>> {
        let mut builder = Builder {
            definition: &definition,
            functions: &functions,
            models: Vec::new(),
            problems: Vec::new(),
        };
        let plan = builder.plan();
        let problems = builder.problems;
        let Some((models, views, collections)) = plan.filter(|_| problems.is_empty()) else {
            return Err(problems);
        };
        let by_operation = definition.collections.values().enumerate().flat_map(|(number, collection)| {
            collection.operations.keys().map(move |id| (id.clone(), CollectionId(number)))
        });
        let by_operation = by_operation.collect();
        let layout = Layout { models, supply: Arc::new(System) };
        Ok(Self { definition, functions, layout, views, collections, by_operation })
    }
}

type Parts = (Vec<ModelPlan>, Vec<ViewPlan>, Vec<CollectionPlan>);

impl Builder<'_> {
    fn add(&mut self, pointer: impl Into<String>, message: impl Into<String>, help: impl Into<String>) {
        self.problems.push(Problem::new(pointer, message, help));
    }

    /// Returns the parts of the plan; `None` if what depends on others cannot be looked at.
    fn plan(&mut self) -> Option<Parts> {
        self.lineages()?;
        self.columns()?;
        self.own_keys();
        self.relations()?;
        self.indexes();
        self.templates();
        let views = self.views()?;
        let collections = self.collections();
        Some((std::mem::take(&mut self.models), views, collections))
    }

    fn model(&mut self, pointer: &str, name: &str) -> Option<ModelId> {
        let found = self.definition.models.get_index_of(name);
        if found.is_none() {
            let known = listed(self.definition.models.keys().map(String::as_str).collect());
            self.add(pointer, format!("there is no model `{name}`"), format!("use one of {known}"));
        }
        found.map(ModelId)
    }

    /// Finds the bases of each model.
    fn lineages(&mut self) -> Option<()> {
        for (name, model) in &self.definition.models {
            let pointer = child("/models", name);
            let (mut lineage, mut current) = (Vec::new(), Some((name, model)));
            while let Some((name, model)) = current {
                let id = self.definition.models.get_index_of(name).map(ModelId)?;
                if lineage.contains(&id) {
                    self.add(
                        child(&pointer, "base"),
                        format!("the model `{name}` is its own base"),
                        "remove one of the bases",
                    );
                    return None;
                }
                lineage.push(id);
                current = match &model.base {
                    None => None,
                    Some(base) => {
                        self.model(&child(&pointer, "base"), base)?;
                        self.definition.models.get_key_value(base)
                    }
                };
            }
            self.models.push(ModelPlan {
                name: name.clone(),
                lineage,
                columns: Vec::new(),
                by_name: HashMap::new(),
                key: 0,
                own_keys: Vec::new(),
                reverse: HashMap::new(),
                indexes: Vec::new(),
                texts: Vec::new(),
                referrers: Vec::new(),
                slots: 0,
                text: None,
            });
        }
        Some(())
    }

    /// Lists the fields of each model, those of its bases first.
    fn columns(&mut self) -> Option<()> {
        for number in 0..self.models.len() {
            let lineage = self.models[number].lineage.clone();
            let (mut columns, mut by_name) = (Vec::new(), HashMap::new());
            for id in lineage.into_iter().rev() {
                let (model, definition) = self.definition.models.get_index(id.0)?;
                for (name, field) in &definition.fields {
                    let pointer = child(&child(&child("/models", model), "fields"), name);
                    if by_name.insert(name.clone(), columns.len()).is_some() {
                        let help = "give it another name, or remove it here";
                        self.add(
                            pointer,
                            format!("a base of `{model}` has the field `{name}` already"),
                            help,
                        );
                    } else if name.is_empty() || name.contains('.') {
                        let help = "use a name without dots, which divide paths";
                        self.add(pointer, format!("`{name}` is no name of a field"), help);
                    }
                    columns.push(Column {
                        name: name.clone(),
                        model: id,
                        kind: field.kind,
                        nullable: field.nullable,
                        unique: field.unique,
                        fill: field.fill.clone(),
                        initial: Arc::new(initial(field)),
                        template: None,
                        reference: None,
                        index: None,
                    });
                }
            }
            let (name, definition) = self.definition.models.get_index(number)?;
            match by_name.get(&definition.key) {
                Some(key) => self.models[number].key = *key,
                None => self.add(
                    child(&child("/models", name), "key"),
                    format!("the model `{name}` has no field `{}`", definition.key),
                    format!("use one of {}", listed(by_name.keys().map(String::as_str).collect())),
                ),
            }
            self.models[number].columns = columns;
            self.models[number].by_name = by_name;
        }
        self.problems.is_empty().then_some(())
    }

    /// Lists the fields that rows of each model are named by, as the models have it that they were made for.
    fn own_keys(&mut self) {
        for model in (0..self.models.len()).map(ModelId) {
            let mut found: Vec<(ModelId, usize)> = Vec::new();
            let others = self.models.iter().enumerate().filter(|(_, other)| other.lineage.contains(&model));
            for (number, other) in others {
                let is_known =
                    found.iter().any(|(known, key)| *key == other.key && other.lineage.contains(known));
                if !is_known {
                    found.push((ModelId(number), other.key));
                }
            }
            self.models[model.0].own_keys = found;
        }
    }

    /// Finds where fields refer to, and the rows that refer to others.
    fn relations(&mut self) -> Option<()> {
        let fields = |model: &Model| -> Vec<String> { model.fields.keys().cloned().collect() };
        for (number, (name, model)) in self.definition.models.iter().enumerate() {
            for field in fields(model) {
                let Some(reference) = model.fields.get(&field).and_then(|field| field.reference.as_ref())
                else {
                    continue;
                };
                let pointer = child(&child(&child(&child("/models", name), "fields"), &field), "reference");
                let Some(target) = self.model(&child(&pointer, "model"), &reference.model) else { continue };
                let there = &self.models[target.0];
                let named_by = match &reference.field {
                    None => Some(there.key),
                    Some(field) => there.by_name.get(field).copied(),
                };
                let Some(named_by) = named_by else {
                    let known = listed(there.by_name.keys().map(String::as_str).collect());
                    let message =
                        format!("the model `{}` has no field that rows are named by", reference.model);
                    self.add(child(&pointer, "field"), message, format!("use one of {known}"));
                    continue;
                };
                let kind = there.columns[named_by].kind;
                let found = ReferencePlan {
                    model: target,
                    column: named_by,
                    many: reference.many,
                    on_delete: reference.on_delete,
                };
                for plan in self.models.iter_mut().filter(|plan| plan.lineage.contains(&ModelId(number))) {
                    if let Some(column) = plan.by_name.get(&field) {
                        plan.columns[*column].reference = Some(found);
                        plan.columns[*column].kind = kind;
                    }
                }
            }
        }
        for (number, (name, model)) in self.definition.models.iter().enumerate() {
            for (called, reverse) in &model.reverse {
                let pointer = child(&child(&child("/models", name), "reverse"), called);
                let Some(other) = self.model(&child(&pointer, "model"), &reverse.model) else { continue };
                let there = &self.models[other.0];
                let column = there.by_name.get(&reverse.field).copied();
                let refers = column.and_then(|column| {
                    let reference = there.columns[column].reference?;
                    Some((column, reference)).filter(|_| {
                        self.models[number].lineage.contains(&reference.model)
                            || self.models[reference.model.0].lineage.contains(&ModelId(number))
                    })
                });
                let Some((column, reference)) = refers else {
                    self.add(
                        child(&pointer, "field"),
                        format!(
                            "`{}` of the model `{}` does not refer to `{name}`",
                            reverse.field, reverse.model
                        ),
                        format!("use a field whose reference has the model `{name}`"),
                    );
                    continue;
                };
                let plan = ReversePlan { model: other, column, named_by: reference.column };
                let of_this = |model: &&mut ModelPlan| model.lineage.contains(&ModelId(number));
                for model in self.models.iter_mut().filter(of_this) {
                    model.reverse.insert(called.clone(), plan);
                }
            }
        }
        self.problems.is_empty().then_some(())
    }

    /// Decides what is indexed: keys, what is unique, references, and the members of each model.
    fn indexes(&mut self) {
        for (number, (name, model)) in self.definition.models.iter().enumerate() {
            let id = ModelId(number);
            // The first index has no fields: the members of the model, in the order of their creation.
            self.index(id, IndexPlan { columns: Vec::new(), unique: false, many: false });
            for column in 0..self.models[number].columns.len() {
                let field = &self.models[number].columns[column];
                if field.model != id {
                    // A key of the base is indexed there, where it is unique too.
                    continue;
                }
                let declared = model.fields.get(&field.name);
                let is_unique =
                    declared.is_some_and(|field| field.unique) || column == self.models[number].key;
                let is_named_by = self.models.iter().flat_map(|model| &model.columns).any(|other| {
                    other.reference.is_some_and(|reference| {
                        reference.column == column && self.models[reference.model.0].lineage.contains(&id)
                    })
                });
                let reference = field.reference;
                let is_indexed = declared.is_some_and(|field| field.indexed);
                if is_unique || is_named_by || is_indexed || reference.is_some() {
                    let many = reference.is_some_and(|reference| reference.many);
                    let index =
                        self.index(id, IndexPlan { columns: vec![(column, false)], unique: is_unique, many });
                    for plan in self.models.iter_mut().filter(|plan| plan.lineage.contains(&id)) {
                        plan.columns[column].index = Some(index);
                    }
                    if let Some(ReferencePlan { model: target, column: named_by, many, on_delete }) =
                        reference
                    {
                        let referrer = Referrer { model: id, column, named_by, many, on_delete, index };
                        self.models[target.0].referrers.push(referrer);
                    }
                }
            }
            for (position, fields) in model.unique_together.iter().enumerate() {
                let pointer = child(&child(&child("/models", name), "uniqueTogether"), position);
                let mut columns = Vec::new();
                for field in fields {
                    match self.models[number].by_name.get(field) {
                        Some(column) => columns.push((*column, false)),
                        None => self.add(
                            pointer.clone(),
                            format!("the model `{name}` has no field `{field}`"),
                            "name fields of the model",
                        ),
                    }
                }
                self.index(id, IndexPlan { columns, unique: true, many: false });
            }
        }
    }

    fn index(&mut self, model: ModelId, plan: IndexPlan) -> IndexId {
        let indexes = &mut self.models[model.0].indexes;
        let number = indexes.iter().position(|known| *known == plan).unwrap_or_else(|| {
            indexes.push(plan);
            indexes.len() - 1
        });
        IndexId { model, number }
    }

    fn path(&mut self, pointer: &str, model: ModelId, text: &str, goal: Goal) -> Option<Path> {
        match compile(&self.models, model, text, goal) {
            Ok(path) => Some(path),
            Err((message, help)) => {
                self.add(pointer, format!("the path `{text}` leads nowhere: {message}"), help);
                None
            }
        }
    }

    /// Compiles the templates of fields and models.
    fn templates(&mut self) {
        for (number, (name, model)) in self.definition.models.iter().enumerate() {
            if let Some(text) = &model.text {
                self.models[number].text =
                    self.template(&child(&child("/models", name), "text"), ModelId(number), text);
            }
            for column in 0..self.models[number].columns.len() {
                let field = self.models[number].columns[column].clone();
                let pointer = child(&child(&child(&child("/models", name), "fields"), &field.name), "fill");
                match &field.fill {
                    Some(Fill::Template(text)) if field.model == ModelId(number) => {
                        let template = self.template(&pointer, ModelId(number), text);
                        let of_this = |plan: &&mut ModelPlan| plan.lineage.contains(&ModelId(number));
                        for plan in self.models.iter_mut().filter(of_this) {
                            plan.columns[column].template.clone_from(&template);
                        }
                    }
                    Some(Fill::Function(function)) if self.functions.get(function).is_none() => {
                        let message = format!("there is no function `{function}`");
                        self.add(pointer, message, "register it, or fill the field otherwise");
                    }
                    _ => {}
                }
            }
        }
    }

    fn template(&mut self, pointer: &str, model: ModelId, text: &str) -> Option<TemplatePlan> {
        let (mut parts, mut rest) = (Vec::new(), text);
        while let Some((before, (path, after))) =
            rest.split_once('{').and_then(|(before, rest)| Some((before, rest.split_once('}')?)))
        {
            parts.push((before.to_owned(), Some(self.path(pointer, model, path, Goal::Value)?)));
            rest = after;
        }
        parts.push((rest.to_owned(), None));
        Some(TemplatePlan { parts })
    }

    fn views(&mut self) -> Option<Vec<ViewPlan>> {
        let mut views = Vec::new();
        for (name, view) in &self.definition.views {
            let pointer = child("/views", name);
            let Some(model) = self.model(&child(&pointer, "model"), &view.model) else { continue };
            let root = self.models[model.0].root();
            let slot = self.models[root.0].slots;
            for plan in self.models.iter_mut().filter(|plan| plan.root() == root) {
                plan.slots = slot + 1;
            }
            let properties = self.properties(&pointer, model, view);
            let of = self.views_of(&pointer, view);
            let depends_on_seen = properties.iter().any(|property| {
                matches!(&property.source, SourcePlan::Function(known) if !matches!(known.reads, Reads::Anything))
            });
            views.push(ViewPlan { properties, of, slot, depends_on_seen });
        }
        self.refuse_circles(&views);
        self.problems.is_empty().then_some(views)
    }

    /// Returns the views that show rows of other models than that of a view.
    fn views_of(&mut self, pointer: &str, view: &View) -> HashMap<ModelId, ViewId> {
        let mut of = HashMap::new();
        for (model, other) in &view.of {
            let pointer = child(&child(pointer, "of"), model);
            let Some(model) = self.model(&pointer, model) else { continue };
            match self.definition.views.get_index_of(other) {
                Some(number) => drop(of.insert(model, ViewId(number))),
                None => self.add(pointer, format!("there is no view `{other}`"), "use the name of a view"),
            }
        }
        of
    }

    fn properties(&mut self, pointer: &str, model: ModelId, view: &View) -> Vec<PropertyPlan> {
        let mut properties = Vec::new();
        for (name, property) in &view.properties {
            let pointer = child(&child(pointer, "properties"), name);
            let source = match &property.source {
                None => self.path(&pointer, model, name, Goal::Value).map(own),
                Some(source) => self.source(&child(&pointer, "source"), model, source),
            };
            if let Some(source) = source {
                properties.push(PropertyPlan {
                    name: name.clone(),
                    head: format!("{}:", Value::from(name.as_str())),
                    source,
                    access: property.access,
                    optional: property.optional,
                    default: property.default.clone(),
                });
            }
        }
        properties
    }

    fn source(&mut self, pointer: &str, model: ModelId, source: &Source) -> Option<SourcePlan> {
        Some(match source {
            Source::Path(text) => own(self.path(pointer, model, text, Goal::Value)?),
            Source::OwnKey(text) => {
                let path = self.path(pointer, model, text, Goal::Rows)?;
                let [Step::Forward { column, many: false, .. }] = path.steps.as_slice() else {
                    let message = format!("`{text}` is no field that names one row");
                    self.add(pointer, message, "use a field with a reference");
                    return None;
                };
                SourcePlan::OwnKey(*column, path)
            }
            Source::Count(text) => SourcePlan::Count(self.path(pointer, model, text, Goal::Value)?),
            Source::Template(text) => SourcePlan::Template(self.template(pointer, model, text)?),
            Source::Constant(value) => SourcePlan::Constant(Arc::new((value.clone(), value.to_string()))),
            Source::Function(name) => {
                let Some(known) = self.functions.known(name) else {
                    let message = format!("there is no function `{name}`");
                    self.add(pointer, message, "register it, or give the property another source");
                    return None;
                };
                SourcePlan::Function(known.clone())
            }
            Source::Object { path, view, seen, base_of } => {
                let path = self.path(&child(pointer, "path"), model, path, Goal::Rows)?;
                let found = self.definition.views.get_full(view);
                let Some((number, _, shown)) = found else {
                    let known = listed(self.definition.views.keys().map(String::as_str).collect());
                    let message = format!("there is no view `{view}`");
                    self.add(child(pointer, "view"), message, format!("use one of {known}"));
                    return None;
                };
                let of = self.definition.models.get_index_of(&shown.model).map(ModelId);
                if of.is_some_and(|of| !self.models[path.model.0].lineage.contains(&of)) {
                    self.add(
                        child(pointer, "view"),
                        format!(
                            "the view `{view}` shows rows of `{}`, and the path leads to rows of `{}`",
                            shown.model, self.models[path.model.0].name
                        ),
                        "use a view of that model or of one of its bases",
                    );
                }
                let models = &self.definition.models;
                let unknown = base_of.iter().find(|name| !models.contains_key(*name));
                if let Some(name) = unknown {
                    let known = listed(models.keys().map(String::as_str).collect());
                    self.add(
                        child(pointer, "baseOf"),
                        format!("there is no model `{name}`"),
                        format!("use some of {known}"),
                    );
                }
                let base_of = base_of.iter().filter_map(|name| models.get_index_of(name).map(ModelId));
                let seen = SeenPlan { seen: *seen, base_of: base_of.collect() };
                SourcePlan::Object(path, ViewId(number), seen)
            }
        })
    }

    /// Refuses views that hold themselves, which would have no end.
    fn refuse_circles(&mut self, views: &[ViewPlan]) {
        let held = |view: usize| -> Vec<usize> {
            let properties = views.get(view).into_iter().flat_map(|view| &view.properties);
            let shown = properties.filter_map(|property| match &property.source {
                SourcePlan::Object(_, view, _) => Some(view.0),
                _ => None,
            });
            shown.collect()
        };
        for (number, name) in self.definition.views.keys().enumerate() {
            let (mut seen, mut open) = (Vec::new(), held(number));
            while let Some(view) = open.pop() {
                if view == number {
                    self.problems.push(Problem::new(
                        child("/views", name),
                        format!("the view `{name}` has objects that it shows itself, without end"),
                        "show the inner objects by a view of their own with fewer properties",
                    ));
                    break;
                }
                if !seen.contains(&view) {
                    seen.push(view);
                    open.extend(held(view));
                }
            }
        }
    }

    fn collections(&mut self) -> Vec<CollectionPlan> {
        let mut collections = Vec::new();
        for (name, collection) in &self.definition.collections {
            let pointer = child("/collections", name);
            let Some(model) = self.model(&child(&pointer, "model"), &collection.model) else { continue };
            collections.push(self.collection(&pointer, model, collection));
        }
        collections
    }

    fn collection(&mut self, pointer: &str, model: ModelId, collection: &Collection) -> CollectionPlan {
        let within = |section: &str, name: &str| child(&child(pointer, section), name);
        let value = Goal::Value;
        let lookup = collection.lookup.as_ref().and_then(|variable| {
            let path = self.path(&within("lookup", "path"), model, &variable.path, value)?;
            Some((variable.name.clone(), path))
        });
        let mut parents = Vec::new();
        for (position, variable) in collection.parents.iter().enumerate() {
            let at = within("parents", &position.to_string());
            parents.extend(
                self.path(&at, model, &variable.path, value).map(|path| (variable.name.clone(), path)),
            );
        }
        let mut fixed = Vec::new();
        for (field, fixed_value) in &collection.fixed {
            let path = self.path(&within("where", field), model, field, value);
            fixed.extend(path.and_then(|path| path.column()).map(|column| (column, fixed_value.clone())));
        }
        let mut filters = IndexMap::new();
        for (parameter, filter) in &collection.filters {
            let path = self.path(&within("filters", parameter), model, &filter.path, value);
            filters.extend(path.map(|path| (parameter.clone(), path)));
        }
        let mut ordering = IndexMap::new();
        for (called, path) in collection.ordering.iter().flat_map(|ordering| &ordering.fields) {
            let path = self.path(&within("ordering", called), model, path, value);
            ordering.extend(path.map(|path| (called.clone(), path)));
        }
        let mut search = Vec::new();
        for (position, field) in collection.search.iter().flat_map(|search| &search.fields).enumerate() {
            search.extend(self.path(&within("search", &position.to_string()), model, &field.path, value));
            if matches!(field.lookup, Lookup::Regex | Lookup::IRegex | Lookup::In | Lookup::IsNull) {
                let help = "search for texts in values, such as with `icontains`";
                self.add(within("search", &position.to_string()), "a search cannot relate values so", help);
            }
        }
        let is_plain = collection
            .search
            .iter()
            .flat_map(|search| &search.fields)
            .all(|field| field.lookup == Lookup::IContains);
        let columns: Option<Vec<usize>> =
            search.iter().map(|path| path.column().filter(|_| !path.many && is_plain)).collect();
        let texts = columns.filter(|columns| !columns.is_empty()).map(|columns| {
            let known = &mut self.models[model.0].texts;
            known.iter().position(|other| *other == columns).unwrap_or_else(|| {
                known.push(columns);
                known.len() - 1
            })
        });
        let mut order = Vec::new();
        for (position, text) in collection.order.iter().enumerate() {
            let (descending, text) = match text.strip_prefix('-') {
                Some(text) => (true, text),
                None => (false, text.as_str()),
            };
            let path = self.path(&within("order", &position.to_string()), model, text, value);
            order.extend(path.map(|path| (path, descending)));
        }
        let columns: Option<Vec<_>> = order
            .iter()
            .map(|(path, descending)| {
                path.column().filter(|_| !path.many).map(|column| (column, *descending))
            })
            .collect();
        let index =
            columns.map(|columns| self.index(model, IndexPlan { columns, unique: false, many: false }));
        let owner = collection
            .owner
            .as_ref()
            .and_then(|text| self.path(&child(pointer, "owner"), model, text, value));
        self.operations(pointer, model, collection);
        let order = OrderPlan { keys: order, index, ties: collection.ties };
        CollectionPlan { model, lookup, parents, fixed, filters, ordering, search, texts, order, owner }
    }

    /// Checks that the views of operations are there, and that operations on one row can find it.
    fn operations(&mut self, pointer: &str, model: ModelId, collection: &Collection) {
        for (id, operation) in &collection.operations {
            let pointer = child(&child(pointer, "operations"), id);
            for (key, view) in [("request", &operation.request), ("answer", &operation.answer)] {
                let Some(name) = view else { continue };
                let Some(view) = self.definition.views.get(name) else {
                    let known = listed(self.definition.views.keys().map(String::as_str).collect());
                    let message = format!("there is no view `{name}`");
                    self.add(child(&pointer, key), message, format!("use one of {known}"));
                    continue;
                };
                let of = self.definition.models.get_index_of(&view.model).map(ModelId);
                if of.is_some_and(|of| !self.models[model.0].lineage.contains(&of)) {
                    self.add(
                        child(&pointer, key),
                        format!(
                            "the view `{name}` is one of the model `{}`, and the collection has rows of `{}`",
                            view.model, collection.model
                        ),
                        "use a view of that model or of one of its bases",
                    );
                }
            }
            let is_of_one = !matches!(operation.action, Action::List | Action::Create);
            if is_of_one && collection.lookup.is_none() && collection.parents.is_empty() {
                let help =
                    "give the collection a `lookup`: the variable of the path and the field it names rows by";
                self.add(pointer, "the operation is about one row, and nothing says which", help);
            }
        }
    }
}

/// Returns the value of a field of a new row that is given none, unless it is drawn, counted or computed.
fn initial(field: &Field) -> Value {
    match (&field.fill, &field.reference) {
        (Some(Fill::Value(value)), _) => value.clone(),
        (None, Some(reference)) if reference.many => Value::Array(Vec::new()),
        _ => Value::Null,
    }
}

/// Returns the source that is a path.
fn own(path: Path) -> SourcePlan {
    match path.column() {
        Some(column) => SourcePlan::Column(column),
        None if path.end.inner.is_empty() && matches!(path.steps.as_slice(), [Step::Reverse { .. }]) => {
            SourcePlan::Reverse(path)
        }
        None => SourcePlan::Path(path),
    }
}

impl Kind {
    /// Returns a value of this kind that a text stands for, if it does.
    pub(crate) fn read(self, value: &Value) -> Value {
        let Value::String(text) = value else { return value.clone() };
        match self {
            Kind::Number => serde_json::from_str(text).ok().filter(Value::is_number),
            Kind::Boolean => match text.as_str() {
                "true" => Some(Value::Bool(true)),
                "false" => Some(Value::Bool(false)),
                _ => None,
            },
            _ => None,
        }
        .unwrap_or_else(|| value.clone())
    }
}

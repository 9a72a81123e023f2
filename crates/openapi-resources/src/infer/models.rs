//! Models, views and collections of a document.

use indexmap::IndexMap;
use openapi_document::example;
use openapi_document::model::{
    Kind as SchemaKind, Operation as DocumentOperation, Property as SchemaProperty, SchemaId,
};
use openapi_document::pointer::{child, escape};
use serde_json::Value;

use super::Inference;
use super::annotations::{ModelNotes, OperationNotes, ResourceNotes, SearchNotes};
use super::parameters::field_named;
use super::routes::{Route, Step, are_alike, routes};
use super::shapes::{self, AnswerShape, ObjectShape, plain_name};
use crate::definition::{
    Access, Action, Collection, Field, Fill, Kind, Model, OnDelete, Operation, Property, Reference, Search,
    Source, Variable, View,
};

/// The operations of a collection, before it is known what rows they have in common.
struct Group<'r, 'm, 'a> {
    route: &'r Route<'m, 'a>,
    object: Option<&'r Route<'m, 'a>>,
    notes: ResourceNotes,
    operations: Vec<Member<'m, 'a>>,
}

/// An operation of a collection.
struct Member<'m, 'a> {
    operation: &'m DocumentOperation<'a>,
    action: Action,
    status: u16,
    request: Option<ObjectShape<'a>>,
    answer: Option<ObjectShape<'a>>,
    list: Option<shapes::ListShape<'a>>,
}

impl<'a> Inference<'a> {
    pub(super) fn infer(&mut self) {
        let model = self.model;
        let routes = routes(&model.operations);
        let mut groups = self.groups(&routes);
        for group in &mut groups {
            self.beside(group);
        }
        // What is above is known before what is below it.
        groups.sort_by_key(|group| group.route.steps.len());
        let mut collections: IndexMap<String, Collection> = IndexMap::new();
        for group in &groups {
            let steps = group.object.map(|object| object.steps.clone()).unwrap_or_default();
            self.objects.push((group.route.path.to_owned(), steps));
            self.collection(group, &mut collections);
        }
        self.definition.collections = collections;
        self.described_views();
        self.require_models();
    }

    /// Finds the collections among the paths.
    fn groups<'r, 'm>(&mut self, routes: &'r [Route<'m, 'a>]) -> Vec<Group<'r, 'm, 'a>>
    where
        'a: 'm,
    {
        let mut groups = Vec::new();
        for route in routes.iter().filter(|route| matches!(route.steps.last(), Some(Step::Text(_)))) {
            if route.steps.contains(&Step::Mixed) {
                continue;
            }
            let object = routes.iter().find(|other| route.has_object(other) && !other.operations.is_empty());
            let notes = self.resource_notes(route.path);
            let mut group = Group { route, object, notes, operations: Vec::new() };
            let on_collection = [
                ("get", Action::List),
                ("post", Action::Create),
                ("put", Action::Update),
                ("patch", Action::Patch),
            ];
            let on_object = [
                ("get", Action::Retrieve),
                ("put", Action::Update),
                ("patch", Action::Patch),
                ("delete", Action::Delete),
            ];
            for (of, actions) in [(Some(route), on_collection), (object, on_object)] {
                for operation in of.into_iter().flat_map(|route| &route.operations) {
                    let action = actions.iter().find(|(method, _)| *method == operation.method);
                    if let Some((_, action)) = action {
                        self.member(&mut group, operation, *action);
                    }
                }
            }
            let has = |action: Action| group.operations.iter().any(|member| member.action == action);
            let is_resource = object.is_some()
                && (has(Action::Retrieve) || has(Action::List) || has(Action::Create))
                || has(Action::List) && has(Action::Create)
                || group.notes != ResourceNotes::default();
            if is_resource && !group.operations.is_empty() {
                groups.push(group);
            } else {
                for member in group.operations {
                    let reason = "it has neither an object beside it nor a way to make one";
                    self.meanings.insert(member.operation.number, Err(reason.to_owned()));
                }
            }
        }
        groups
    }

    /// Adds an operation to a group, if its body and its answer are those of a row.
    fn member<'r, 'm>(
        &mut self,
        group: &mut Group<'r, 'm, 'a>,
        operation: &'m DocumentOperation<'a>,
        action: Action,
    ) {
        let noted = operation.value.get("x-resource");
        if noted == Some(&Value::Bool(false)) {
            self.meanings.insert(operation.number, Err("`x-resource` says that it is none".to_owned()));
            return;
        }
        let said: OperationNotes = match noted {
            Some(_) => self.note(&operation.pointer, operation.value, "x-resource").unwrap_or_default(),
            None => OperationNotes::default(),
        };
        if said.collection.as_deref().is_some_and(|path| path != group.route.path) {
            return;
        }
        match self.shaped(group.route.word(), operation, said.action.unwrap_or(action)) {
            Ok(member) => group.operations.push(member),
            Err(reason) => drop(self.meanings.insert(operation.number, Err(reason))),
        }
    }

    /// Adds the operations elsewhere whose annotations say that they are of a group.
    fn beside<'m>(&mut self, group: &mut Group<'_, 'm, 'a>)
    where
        'a: 'm,
    {
        let model: &'m _ = self.model;
        for operation in &model.operations {
            if operation.value.get("x-resource").is_none_or(|note| !note.is_object()) {
                continue;
            }
            let notes: OperationNotes =
                self.note(&operation.pointer, operation.value, "x-resource").unwrap_or_default();
            let Some(path) = notes.collection else { continue };
            if path != group.route.path
                || group.operations.iter().any(|member| member.operation.id == operation.id)
            {
                continue;
            }
            let Some(action) = notes.action else {
                let error = model.document.error(
                    &child(&operation.pointer, "x-resource"),
                    "nothing says what the operation does with the collection",
                    "add `action`: list, create, retrieve, update, patch or delete",
                );
                self.errors.push(error);
                continue;
            };
            match self.shaped(group.route.word(), operation, action) {
                Ok(member) => group.operations.push(member),
                Err(reason) => {
                    let error = model.document.error(&operation.pointer, reason, "remove its `x-resource`");
                    self.errors.push(error);
                }
            }
        }
    }

    /// Returns an operation with the objects of its body and its answer.
    fn shaped<'m>(
        &self,
        word: &str,
        operation: &'m DocumentOperation<'a>,
        action: Action,
    ) -> Result<Member<'m, 'a>, String> {
        let preferred = match action {
            Action::Create => 201,
            Action::Delete => 204,
            _ => 200,
        };
        let (status, answer) = shapes::answer(operation, preferred);
        let mut member = Member { operation, action, status, request: None, answer: None, list: None };
        match answer {
            AnswerShape::Other => return Err("its answer is no JSON".to_owned()),
            AnswerShape::Nothing if matches!(action, Action::List | Action::Retrieve) => {
                return Err("it answers nothing".to_owned());
            }
            AnswerShape::Nothing => {}
            AnswerShape::Json(schema) if action == Action::List => {
                member.list = shapes::list(self.model, schema, word);
                if member.list.is_none() {
                    return Err("its answer is no list of objects".to_owned());
                }
            }
            AnswerShape::Json(schema) => {
                member.answer = shapes::object(self.model, schema);
                if member.answer.is_none() && action != Action::Delete {
                    return Err("its answer is no object".to_owned());
                }
                if member.answer.is_none() {
                    return Err("it answers something else than the object it deletes".to_owned());
                }
            }
        }
        // A document that describes its models as a whole leaves nothing to the body.
        let is_described = self.model.document.value().get("x-models").is_some();
        if is_described && operation.body.is_none() {
            return Ok(member);
        }
        if matches!(action, Action::Create | Action::Update | Action::Patch | Action::Put) {
            let body = shapes::request(operation).ok_or_else(|| "its body is no JSON".to_owned())?;
            member.request = shapes::object(self.model, body);
            if shapes::is_empty_object(self.model, body) {
                member.request = Some(ObjectShape { schema: body, within: None });
            }
            if member.request.is_none() {
                return Err("its body is no object".to_owned());
            }
        }
        Ok(member)
    }

    /// Infers the collection of a group, its model and its views.
    fn collection(&mut self, group: &Group<'_, '_, 'a>, collections: &mut IndexMap<String, Collection>) {
        let path = group.route.path;
        let refuse = |inference: &mut Self, reason: &str| {
            for member in &group.operations {
                inference.meanings.insert(member.operation.number, Err(reason.to_owned()));
            }
        };
        // The object that says most: what a retrieval answers, or else what a list or a creation does.
        let of = |action: Action| group.operations.iter().find(move |member| member.action == action);
        let shown = of(Action::Retrieve).and_then(|member| member.answer.map(|object| object.schema));
        let shown = shown
            .or_else(|| of(Action::List).and_then(|member| member.list.as_ref().map(|list| list.item)))
            .or_else(|| group.operations.iter().find_map(|member| member.answer.map(|object| object.schema)));
        let Some(shown) = shown else { return refuse(self, "no operation answers one of its objects") };
        // Answers that have nothing in common with the rows are something else.
        let properties = shapes::properties(self.model, shown);
        let variable = group.object.and_then(|object| object.variables().last().copied());
        // Where no path is one row, a path below one can still name it.
        let below = || {
            let above = group.route.variables();
            group.notes.variables.keys().map(String::as_str).find(|name| !above.contains(name))
        };
        let variable = variable.or_else(below);
        let names: Vec<String> = properties.iter().map(|property| property.name.to_owned()).collect();
        let noted = variable.and_then(|variable| group.notes.variables.get(variable));
        let key = match (noted, variable) {
            (Some(noted), _) => Some(noted.clone()),
            (None, Some(variable)) => key_of(&names, variable, group.route.word()),
            (None, None) => {
                let described = group.notes.model.as_ref().and_then(|name| self.definition.models.get(name));
                described.map(|model| model.key.clone()).or_else(|| key_of(&names, "id", group.route.word()))
            }
        };
        let Some(key) = key else {
            return refuse(self, "no property is what its objects are named by; `x-resource` can say it");
        };
        let name = self.model_name(group, shown);
        self.places.insert(format!("/collections/{}", escape(path)), child("/paths", path));
        self.grow_model(&name, shown, &key, group);
        let key_field = key.split('.').next().unwrap_or(&key).to_owned();
        let models = &self.definition.models;
        let bases = |model: &&Model| models.get(model.base.as_ref()?);
        let mut lineage = std::iter::successors(models.get(&name), bases);
        if noted.is_none() && !lineage.any(|model| model.fields.contains_key(&key_field)) {
            return refuse(self, "no property is what its objects are named by; `x-resource` can say it");
        }
        let mut collection = Collection {
            path: path.to_owned(),
            object: group.object.map(|object| object.path.to_owned()),
            model: name.clone(),
            lookup: variable.map(|variable| Variable { name: variable.to_owned(), path: key.clone() }),
            fixed: group.notes.fixed.clone(),
            order: group.notes.order.clone().unwrap_or_default(),
            ties: group.notes.ties,
            owner: group.notes.owner.clone(),
            put: group.notes.put,
            patch: group.notes.patch,
            paging: group.notes.paging.clone().unwrap_or_default(),
            ordering: group.notes.ordering.clone(),
            ..Collection::default()
        };
        if let Some(fields) = &group.notes.search {
            let fields = fields.iter().cloned().map(SearchNotes::field).collect();
            let terms = group.notes.terms.unwrap_or_default();
            collection.search = Some(Search { parameter: String::new(), fields, terms });
        }
        for (parameter, filter) in &group.notes.filters {
            if let Some(filter) = filter.clone().filter() {
                collection.filters.insert(parameter.clone(), filter);
            } else {
                collection.ignored.push(parameter.clone());
            }
        }
        self.parents(group, &name, collections, &mut collection);
        let at = format!("/collections/{}", escape(path));
        for member in &group.operations {
            let operation = member.operation;
            if let Some(list) = &member.list {
                self.parameters(operation, list.item, &mut collection, &at);
                let envelope = group.notes.envelope.clone();
                collection.envelope =
                    envelope.unwrap_or_else(|| self.envelope(operation, list, &collection.paging.clone()));
            }
            let answered =
                member.list.as_ref().map(|list| list.item).or(member.answer.map(|object| object.schema));
            let answer = answered.map(|schema| self.view(&name, schema, operation.id, Way::Answer));
            let request =
                member.request.map(|object| self.view(&name, object.schema, operation.id, Way::Request));
            let within = member.request.and_then(|object| object.within);
            let within = within.or(member.answer.and_then(|object| object.within)).map(str::to_owned);
            self.places
                .insert(format!("{at}/operations/{}", escape(operation.id)), operation.pointer.clone());
            self.meanings.insert(operation.number, Ok((path.to_owned(), member.action)));
            let versioned = operation.parameters.iter().any(|parameter| {
                ["if-match", "if-none-match"].iter().any(|name| parameter.name.eq_ignore_ascii_case(name))
            }) || operation
                .responses
                .iter()
                .flat_map(|response| &response.headers)
                .any(|header| header.name.eq_ignore_ascii_case("etag"));
            let described = Operation {
                action: member.action,
                request,
                answer,
                within,
                status: member.status,
                versioned,
            };
            collection.operations.insert(operation.id.to_owned(), described);
        }
        collections.insert(path.to_owned(), collection);
    }

    /// Returns the name of the model of a group.
    fn model_name(&self, group: &Group<'_, '_, 'a>, shown: SchemaId) -> String {
        if let Some(name) = &group.notes.model {
            return name.clone();
        }
        let resolved = self.model.resolved(shown);
        if let Some(name) = self.described_model(resolved.value) {
            return name;
        }
        let noted = resolved.value.pointer("/x-model/name").and_then(Value::as_str);
        let component = noted.or(resolved.component());
        component.map_or_else(|| group.route.word().to_owned(), str::to_owned)
    }

    /// Adds a model, or the fields of another group to it.
    fn grow_model(&mut self, name: &str, shown: SchemaId, key: &str, group: &Group<'_, '_, 'a>) {
        if self.described.contains(name) {
            return;
        }
        let resolved = self.model.resolved(shown);
        let notes: ModelNotes = self.note(&resolved.pointer, resolved.value, "x-model").unwrap_or_default();
        let key = notes.key.clone().unwrap_or_else(|| key.split('.').next().unwrap_or(key).to_owned());
        let mut model =
            self.definition.models.shift_remove(name).unwrap_or_else(|| Model { key, ..Model::default() });
        self.places.insert(child("/models", name), resolved.pointer.clone());
        model.base = notes.base.or(model.base);
        model.text = notes.text.or(model.text);
        model.reverse.extend(notes.reverse);
        if !notes.unique_together.is_empty() {
            model.unique_together = notes.unique_together;
        }
        model.fields.extend(notes.fields);
        let inherited = self.inherited(model.base.as_deref());
        let mut shapes: Vec<(SchemaId, Way)> = vec![(shown, Way::Answer)];
        for member in &group.operations {
            shapes.extend(member.answer.map(|object| (object.schema, Way::Answer)));
            shapes.extend(member.list.as_ref().map(|list| (list.item, Way::Answer)));
            shapes.extend(member.request.map(|object| (object.schema, Way::Request)));
        }
        let requested: Vec<SchemaProperty<'a>> = shapes
            .iter()
            .filter(|(_, way)| *way == Way::Request)
            .flat_map(|(schema, _)| shapes::properties(self.model, *schema))
            .collect();
        for (schema, way) in shapes {
            for property in shapes::properties(self.model, schema) {
                let is_known = model.fields.contains_key(property.name)
                    || inherited.iter().any(|field| field == property.name);
                if !is_known
                    && !property.name.contains('.')
                    && self.model.schema(property.schema).value.get("x-source").is_none()
                {
                    let given = requested.iter().find(|other| other.name == property.name);
                    let field = self.field(&model.key, &property, given, way);
                    let pointer = self.model.schema(property.schema).pointer.clone();
                    self.places
                        .insert(child(&child(&child("/models", name), "fields"), property.name), pointer);
                    model.fields.insert(property.name.to_owned(), field);
                }
            }
        }
        if let Some(key) = model.fields.get_mut(&model.key) {
            key.unique = true;
            key.nullable = false;
        }
        self.definition.models.insert(name.to_owned(), model);
    }

    /// Returns the fields of a model and its bases.
    fn inherited(&self, base: Option<&str>) -> Vec<String> {
        let (mut fields, mut current) = (Vec::new(), base);
        for _ in 0..=self.definition.models.len() {
            let Some(model) = current.and_then(|name| self.definition.models.get(name)) else { break };
            fields.extend(model.fields.keys().cloned());
            current = model.base.as_deref();
        }
        fields
    }

    /// Returns the field of a property. `given` is the property of a request, if one can set it.
    fn field(
        &mut self,
        key: &str,
        property: &SchemaProperty<'a>,
        given: Option<&SchemaProperty<'a>>,
        way: Way,
    ) -> Field {
        let (written, of) = (self.model.schema(property.schema), self.model.resolved(property.schema));
        let said = |name: &str| written.value.get(name).or_else(|| of.value.get(name));
        let item = of.items.map(|items| self.model.resolved(items));
        let is_list = of.kind == Some(SchemaKind::Array);
        let referred = said("x-references").or_else(|| item.and_then(|item| item.value.get("x-references")));
        let referred = referred.and_then(Value::as_str).map(str::to_owned);
        let by = said("x-references-by").and_then(Value::as_str).map(str::to_owned);
        let nullable = of.nullable || written.nullable;
        let is_read_only = of.read_only || written.read_only;
        let can_be_given = given.is_some_and(|given| {
            let (written, of) = (self.model.schema(given.schema), self.model.resolved(given.schema));
            !written.read_only && !of.read_only
        });
        let is_asked_for = can_be_given && given.is_some_and(|given| given.required);
        let unique = said("x-unique").is_some();
        let default = written.default.or(of.default).cloned();
        let pointer = written.pointer.clone();
        let (value, format, kind) = (written.value, of.format, of.kind);
        let fill = self.note::<Fill>(&pointer, value, "x-fill");
        let on_delete = self.on_delete(&pointer, value);
        let reference = referred.map(|model| {
            let otherwise = if nullable { OnDelete::Null } else { OnDelete::Cascade };
            Reference { model, field: by, many: is_list, on_delete: on_delete.unwrap_or(otherwise) }
        });
        let is_key = property.name == key;
        let fill = fill.or_else(|| match (default, kind, format) {
            (Some(default), ..) if !is_key => Some(Fill::Value(default)),
            _ if is_asked_for => None,
            // Another name that rows have from the beginning.
            (_, kind, _) if is_read_only && is_identifier(property.name) => {
                Some(if kind == Some(SchemaKind::String) { Fill::Uuid } else { Fill::Sequence })
            }
            (_, Some(SchemaKind::Integer | SchemaKind::Number), _) if is_key => Some(Fill::Sequence),
            (_, Some(SchemaKind::String) | None, _) if is_key => Some(Fill::Uuid),
            _ if way == Way::Request || !(property.required || is_read_only) || nullable => None,
            _ if reference.is_some() => None,
            (_, Some(SchemaKind::String), Some("date-time")) => Some(time_of(property.name)),
            (_, Some(SchemaKind::String), Some("uuid")) => Some(Fill::Uuid),
            (_, Some(SchemaKind::Array), _) => Some(Fill::Value(Value::Array(Vec::new()))),
            _ if !property.required => None,
            _ => Some(Fill::Value(example::of(self.model.document.value(), of.value))),
        });
        let is_required = property.required && way == Way::Answer && (fill.is_some() || is_asked_for);
        Field {
            kind: match (kind, format) {
                (Some(SchemaKind::String), Some("date-time")) => Kind::DateTime,
                (Some(SchemaKind::String), _) => Kind::Text,
                (Some(SchemaKind::Integer | SchemaKind::Number), _) => Kind::Number,
                (Some(SchemaKind::Boolean), _) => Kind::Boolean,
                _ => Kind::Any,
            },
            nullable: nullable || !is_required,
            unique,
            indexed: false,
            reference,
            fill,
        }
    }

    /// Returns the name of the view of a schema, which is made unless there is one.
    fn view(&mut self, model: &str, schema: SchemaId, operation: &str, way: Way) -> String {
        let resolved = self.model.resolved(schema);
        // Rows of one model may be shown as those of a base of it.
        let described = self.described_model(resolved.value).filter(|base| self.is_a(model, base));
        let model = described.as_deref().unwrap_or(model);
        let suffix = if way == Way::Request { "request" } else { "answer" };
        let plain = resolved.component().map_or_else(|| format!("{operation}.{suffix}"), str::to_owned);
        let name = match self.definition.views.get(&plain) {
            Some(view) if view.model != model => format!("{model}.{plain}"),
            _ => plain,
        };
        if self.definition.views.contains_key(&name) {
            return name;
        }
        let fields = self.inherited(Some(model));
        let (pointer, shown) = (resolved.pointer.clone(), resolved.value);
        self.places.insert(child("/views", &name), pointer.clone());
        let mut properties = IndexMap::new();
        for property in shapes::properties(self.model, schema) {
            let (written, of) = (self.model.schema(property.schema), self.model.resolved(property.schema));
            let (value, at, nullable) =
                (written.value, written.pointer.clone(), written.nullable || of.nullable);
            let (read_only, write_only) =
                (written.read_only || of.read_only, written.write_only || of.write_only);
            self.places
                .insert(child(&child(&child("/views", &name), "properties"), property.name), at.clone());
            let source = self.note::<Source>(&at, value, "x-source");
            if source.is_none() && !fields.iter().any(|field| field == property.name) {
                continue;
            }
            let access = self.note::<Access>(&at, value, "x-access");
            let access = access.unwrap_or(match (read_only || source.is_some(), write_only) {
                (true, _) => Access::ReadOnly,
                (_, true) => Access::WriteOnly,
                _ => Access::ReadWrite,
            });
            let optional = match value.get("x-omit-null").or_else(|| of.value.get("x-omit-null")) {
                Some(said) => said == &Value::Bool(true),
                None => !property.required && !nullable,
            };
            let default = written.default.or(of.default).filter(|_| way == Way::Request).cloned();
            properties.insert(property.name.to_owned(), Property { source, access, optional, default });
        }
        let of = self.note(&pointer, shown, "x-views").unwrap_or_default();
        self.definition.views.insert(name.clone(), View { model: model.to_owned(), properties, of });
        name
    }

    /// Returns `true` if rows of a model are rows of another too.
    fn is_a(&self, model: &str, base: &str) -> bool {
        let mut current = Some(model);
        for _ in 0..=self.definition.models.len() {
            match current {
                Some(name) if name == base => return true,
                Some(name) => {
                    current = self.definition.models.get(name).and_then(|model| model.base.as_deref());
                }
                None => return false,
            }
        }
        false
    }

    /// Makes views of the components whose model the document describes, so that others can show their rows.
    fn described_views(&mut self) {
        let model = self.model;
        for (_, component) in model.schemas.components() {
            if let Some(name) = self.described_model(model.resolved(component.id).value) {
                self.view(&name, component.id, "", Way::Answer);
            }
        }
    }

    /// Finds what the variables before the last one mean: what rows have in common with those above them.
    fn parents(
        &mut self,
        group: &Group<'_, '_, 'a>,
        model: &str,
        collections: &IndexMap<String, Collection>,
        collection: &mut Collection,
    ) {
        for (variable, steps) in group.route.ends() {
            let nearest = self.objects.iter().find(|(_, object)| are_alike(object, steps));
            let nearest = nearest.and_then(|(path, _)| collections.get(path));
            let path = match group.notes.variables.get(variable) {
                Some(path) => path.clone(),
                None => self.parent_field(model, variable, nearest),
            };
            collection.parents.push(Variable { name: variable.to_owned(), path });
        }
    }

    /// Returns the field that has the value of a variable; one that no property shows is added.
    fn parent_field(&mut self, model: &str, variable: &str, above: Option<&Collection>) -> String {
        let fields = self.inherited(Some(model));
        let named = field_named(&fields, variable);
        let by_model = above.and_then(|above| {
            ["id", "_id", "Id", ""]
                .iter()
                .find_map(|suffix| field_named(&fields, &format!("{}{suffix}", above.model)))
        });
        let lookup = above.and_then(|above| Some((above.model.clone(), above.lookup.as_ref()?.path.clone())));
        let reference = lookup.filter(|(_, path)| !path.contains('.')).map(|(target, path)| Reference {
            model: target,
            field: Some(path),
            many: false,
            on_delete: OnDelete::Cascade,
        });
        let target_kind = reference.as_ref().and_then(|reference| {
            let target = self.definition.models.get(&reference.model)?;
            Some(target.fields.get(reference.field.as_ref()?)?.kind)
        });
        let name = named.or(by_model);
        let Some(definition) = self.definition.models.get_mut(model) else { return variable.to_owned() };
        if let Some(name) = name {
            if let Some(field) = definition.fields.get_mut(&name)
                && name != definition.key
                && field.reference.is_none()
                && target_kind.is_some_and(|kind| kind == field.kind)
            {
                field.reference = reference;
            }
            return name;
        }
        let mut name = variable.to_owned();
        while definition.fields.contains_key(&name) {
            name.push('_');
        }
        let kind = target_kind.unwrap_or(Kind::Any);
        definition.fields.insert(name.clone(), Field { kind, nullable: true, reference, ..Field::default() });
        name
    }

    /// Refuses references to models that are not there.
    fn require_models(&mut self) {
        let known: Vec<String> = self.definition.models.keys().cloned().collect();
        let mut missing = Vec::new();
        for (name, model) in &mut self.definition.models {
            for (field, described) in &mut model.fields {
                let Some(reference) = &described.reference else { continue };
                if !known.contains(&reference.model) {
                    let at = child(&child(&child("/models", name), "fields"), field);
                    let place = self.places.get(&at).cloned().unwrap_or_default();
                    missing.push(self.model.document.error(
                        &place,
                        format!(
                            "`x-references` names the model `{}`, which no collection has",
                            reference.model
                        ),
                        format!("use one of {}, or remove it", known.join(", ")),
                    ));
                }
            }
        }
        self.errors.extend(missing);
    }
}

/// The way that values go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Request,
    Answer,
}

/// Returns `true` if a name is one of those that identifiers have.
fn is_identifier(name: &str) -> bool {
    ["id", "pk", "uuid", "guid"].contains(&plain_name(name).as_str())
}

/// Returns what fills a point in time of this name.
fn time_of(name: &str) -> Fill {
    let name = plain_name(name);
    if ["updat", "modif", "chang", "edited"].iter().any(|word| name.contains(word)) {
        Fill::Changed
    } else {
        Fill::Created
    }
}

/// Returns the property that a variable names rows by.
fn key_of(names: &[String], variable: &str, word: &str) -> Option<String> {
    if let Some(name) = field_named(names, variable) {
        return Some(name);
    }
    let (plain, word) = (plain_name(variable), plain_name(word));
    let single = word.strip_suffix('s').unwrap_or(&word);
    let after = |prefix: &str| plain.strip_prefix(prefix).filter(|rest| !rest.is_empty()).map(str::to_owned);
    let rest = after(&word).or_else(|| after(single));
    let longer = field_named(names, &format!("{single}{plain}"));
    let ends = ["uuid", "guid", "id", "pk", "slug", "name", "key", "code", "identifier"];
    let by_end = ends.iter().find(|end| plain.ends_with(**end)).map(|end| (*end).to_owned());
    let candidates = rest.into_iter().chain(by_end);
    let direct = candidates.into_iter().find_map(|candidate| field_named(names, &candidate));
    direct.or(longer).or_else(|| {
        // A key by another name: `id` for a variable called after what it names.
        let is_called_so = plain == single
            || plain == word
            || ["id", "pk", "uuid", "key"].contains(&plain.as_str())
            || plain.ends_with("id")
            || plain.ends_with("uuid");
        let keys = ["id", "uuid", "pk", "guid", "_id", "key", "slug", "name"];
        if is_called_so { keys.iter().find_map(|key| field_named(names, key)) } else { None }
    })
}

//! Schemas, lowered to what typify reads.

use std::collections::{HashMap, HashSet};

use regress::Regex;
use serde_json::{Map, Value, json};

use super::enums::Enumerations;
use super::ids::Ids;
use super::merging;
use openapi_document::model::{Additional, Form, Kind, Model, Schema, SchemaId, Way};
use openapi_document::names;

/// The component that stands for a file in a body of several parts. No document has one of this name.
pub(crate) const FILE: &str = "OpenapiBindingsFilePart";

/// Holds what is known while a document is lowered.
pub(super) struct Lowering<'m, 'a> {
    pub(super) model: &'m Model<'a>,
    pub(super) ids: Ids<'a>,
    pub(super) enumerations: Enumerations<'a>,
    /// Whose constraints are left out, besides those of answers.
    relaxed: HashSet<SchemaId>,
    /// Whose defaults are left out.
    without_default: HashSet<SchemaId>,
    /// The lists and maps that may be absent in a request, and are empty otherwise.
    optional_collections: HashSet<SchemaId>,
    /// The schemas of files in bodies of several parts.
    files: HashSet<SchemaId>,
    /// The first schema of each title and text: to the generators, schemas of one title are one if they are the same.
    titles: HashMap<(&'a str, String), SchemaId>,
    /// The properties of members of unions that tell the members apart, with the values that they have there.
    constants: Vec<Constant<'a>>,
    /// The schemas that others are composed of.
    parts: HashSet<SchemaId>,
}

/// A property that is a constant of the component that has it.
struct Constant<'a> {
    component: SchemaId,
    property: &'a str,
    /// True if it is the component's own, and not that of a part.
    is_own: bool,
    values: Vec<&'a str>,
}

impl<'m, 'a> Lowering<'m, 'a> {
    pub(super) fn of(model: &'m Model<'a>) -> Self {
        let mut lowering = Self {
            model,
            ids: Ids::of(model),
            enumerations: Enumerations::of(model),
            relaxed: HashSet::new(),
            without_default: HashSet::new(),
            optional_collections: HashSet::new(),
            files: HashSet::new(),
            titles: HashMap::new(),
            constants: Vec::new(),
            parts: model
                .schemas
                .iter()
                .flat_map(|schema| &schema.all_of)
                .map(|id| model.resolved(*id).id)
                .collect(),
        };
        lowering.absences();
        lowering.find_files();
        lowering.unions();
        lowering
    }

    /// Finds what objects must be able to say: nothing about a property, and in a request that a list is empty.
    ///
    /// typify fills a default in and then always sends it, so a partial update would reset what its caller never
    /// mentioned, and an answer would say what its server did not. It makes a list or map a plain one that is left out when
    /// empty, so a list could never be emptied; one that may be null is optional. And it makes a constrained item a type of its own, so that a `Vec<String>` would have
    /// to be converted item by item (<https://github.com/oxidecomputer/typify/blob/v0.8.0/typify-impl/src/structs.rs>).
    fn absences(&mut self) {
        let model = self.model;
        for owner in model.schemas.iter() {
            for property in owner.properties.iter().filter(|property| !property.required) {
                let schema = model.schema(property.schema);
                if schema.reference.is_none() {
                    self.without_default.insert(schema.id);
                }
            }
        }
        let is_sent = |id| model.usage.in_requests(id) || model.usage.is_in(id, Way::Parameter);
        for owner in model.schemas.iter().filter(|schema| is_sent(schema.id)) {
            for property in &owner.properties {
                let schema = model.schema(property.schema);
                if let Some(items) = schema.items.filter(|items| model.schema(*items).reference.is_none()) {
                    self.relaxed.insert(items);
                }
                let is_optional = !property.required && schema.reference.is_none();
                if is_optional && schema.is_collection() && !schema.nullable {
                    self.optional_collections.insert(schema.id);
                }
            }
        }
    }

    /// Finds the files in bodies of several parts. To typify a file is a text.
    fn find_files(&mut self) {
        let model = self.model;
        let bodies = model.operations.iter().filter_map(|operation| operation.body.as_ref()?.sent());
        let bodies = bodies.filter(|media| media.form == Form::Multipart);
        for body in bodies.filter_map(|media| media.schema) {
            for property in model.schemas.properties(body) {
                let held = model.schema(property.schema).items.unwrap_or(property.schema);
                let target = model.resolved(held);
                if target.kind == Some(Kind::String) && target.is_binary() {
                    self.files.insert(held);
                }
            }
        }
    }

    pub(super) fn has_files(&self) -> bool {
        !self.files.is_empty()
    }

    /// Finds the properties that tell the members of unions apart: each becomes a required constant of the member.
    ///
    /// progenitor reads no `discriminator`, and typify's union takes the first member that fits, which is the wrong one as
    /// soon as members have optional properties only. A constant lets the right one fit alone
    /// (<https://github.com/oxidecomputer/progenitor/blob/v0.15.1/progenitor-impl/src/to_schema.rs>).
    fn unions(&mut self) {
        let model = self.model;
        for (_, schema) in model.schemas.components() {
            let Some(union) = model.schemas.union(schema.id) else { continue };
            for member in union.members {
                let Some(property) = member.property else { continue };
                let known = self.constants.iter_mut().find(|constant| {
                    constant.component == member.schema && constant.property == property.name
                });
                let values = member.values.into_iter();
                // A member of several unions is known by all the values that any of them knows it by.
                if let Some(known) = known {
                    let unknown: Vec<_> = values.filter(|value| !known.values.contains(value)).collect();
                    known.values.extend(unknown);
                    continue;
                }
                let own = &model.schema(member.schema).properties;
                self.constants.push(Constant {
                    component: member.schema,
                    property: property.name,
                    is_own: own.iter().any(|own| own.name == property.name),
                    values: values.collect(),
                });
            }
        }
    }

    /// Lowers what stands where the schema `id` is used.
    pub(super) fn place(&mut self, id: SchemaId) -> Value {
        let schema = self.model.schema(id);
        if self.files.contains(&id) {
            let file = json!({"$ref": format!("#/components/schemas/{FILE}")});
            let nullable = self.model.resolved(id).nullable;
            return if nullable { json!({"nullable": true, "allOf": [file]}) } else { file };
        }
        let mut lowered = self.written(schema);
        if let Some(members) = lowered.as_object_mut().filter(|_| schema.reference.is_none()) {
            let titled = match schema.title {
                Some(title) => {
                    let key = (title, Value::Object(members.clone()).to_string());
                    *self.titles.entry(key).or_insert(id)
                }
                None if is_within_alternative(&schema.pointer) => id,
                None => return lowered,
            };
            members.insert("title".to_owned(), Value::from(self.ids.title(titled)));
        }
        lowered
    }

    /// Returns a reference to a component.
    pub(super) fn reference(&self, component: SchemaId) -> Value {
        json!({"$ref": format!("#/components/schemas/{}", self.ids.schema(component))})
    }

    /// Lowers a schema as it is written.
    pub(super) fn written(&mut self, schema: &Schema<'a>) -> Value {
        if let Some(target) = schema.reference {
            return self.reference(target);
        }
        let Some(members) = schema.value.as_object() else { return json!({}) };
        let is_relaxed = self.relaxed.contains(&schema.id)
            || self.model.usage.only_in_responses(schema.id)
                && matches!(schema.kind, Some(Kind::String | Kind::Integer | Kind::Number));
        // JSON has one kind of number, and documents written from programs without static types often say so of what
        // only ever is whole, such as the number of a page.
        let is_whole = schema.kind == Some(Kind::Number) && schema.flag("x-integer");
        let undescribed = self.undescribed(schema);
        // To typify a value of two unions at once is none of either.
        let is_of_two = [&schema.one_of, &schema.any_of]
            .iter()
            .all(|of| !of.is_empty() && !self.model.schemas.only_require(of));
        let kind = self.implied(schema);
        let mut lowered = Map::new();
        for (key, value) in members {
            let value = match key.as_str() {
                key if is_of_two && key != "nullable" => continue,
                "type" if is_whole => json!("integer"),
                "format" if is_whole && matches!(schema.format, Some("float" | "double")) => continue,
                key if RULES
                    .iter()
                    .any(|(of, keys)| keys.contains(&key) && kind.is_none_or(|kind| !of.contains(&kind))) =>
                {
                    continue;
                }
                "type" | "format" | "multipleOf" | "minItems" | "maxItems" | "uniqueItems"
                | "minProperties" | "maxProperties" | "nullable" => value.clone(),
                // Every text is as long.
                "minLength" if *value == json!(0) => continue,
                // What typify cannot read, the server checks alone.
                "pattern" if value.as_str().is_none_or(|pattern| Regex::new(pattern).is_err()) => continue,
                "pattern" | "minLength" | "maxLength" if !is_relaxed => value.clone(),
                // Values of several types are of none that typify knows.
                "enum" if schema.kind.is_none() && type_of(schema).is_none() => continue,
                "enum" => Value::Array(self.values(schema)),
                "default" if !self.without_default.contains(&schema.id) && self.fits(schema, kind, value) => {
                    self.value(schema.id, value)
                }
                "required" => {
                    let described = schema.required.iter().filter(|name| !undescribed.contains(name));
                    described.map(|name| self.ids.property(name)).collect()
                }
                "properties" => self.properties(schema, &undescribed),
                "additionalProperties" => match schema.additional {
                    Additional::Schema(id) => self.place(id),
                    Additional::Nothing => json!(false),
                    Additional::Any | Additional::Unsaid => json!(true),
                },
                // Of alternatives, only those that are lists have items; to typify all of them would be lists.
                "items" if schema.kind.is_none() && schema.has_alternatives() => continue,
                "items" => schema.items.map_or_else(|| json!({}), |id| self.place(id)),
                "not" if !self.is_deniable(schema) => continue,
                "not" => schema.not.map_or_else(|| json!({}), |id| self.place(id)),
                "oneOf" if self.model.schemas.only_require(&schema.one_of) => continue,
                "anyOf" if self.model.schemas.only_require(&schema.any_of) => continue,
                "allOf" if schema.all_of.is_empty() => continue,
                "allOf" => self.composed(schema),
                "oneOf" => self.places(&schema.one_of),
                "anyOf" => self.places(&schema.any_of),
                _ => continue,
            };
            // A value is read as one of its members; typify reads `anyOf` as an object that may be all of them at once, which
            // no text and no list can be (<https://github.com/oxidecomputer/typify/blob/v0.8.0/typify-impl/src/convert.rs>).
            let key = if key == "anyOf" && schema.one_of.is_empty() { "oneOf" } else { key };
            lowered.insert(key.to_owned(), value);
        }
        let is_composed = schema.has_alternatives() || !schema.all_of.is_empty();
        if let Some(of) = type_of(schema).filter(|_| !is_composed) {
            lowered.entry("type").or_insert_with(|| Value::from(of));
        }
        if !is_relaxed && matches!(kind, Some(Kind::Integer | Kind::Number)) {
            bounds(schema, &mut lowered);
        }
        if self.optional_collections.contains(&schema.id) {
            lowered.insert("nullable".to_owned(), json!(true));
        }
        self.mark(schema, &mut lowered);
        Value::Object(lowered)
    }

    /// Returns the type of the values of a schema, or of what it is composed of. Without one they may be of any, whatever rules it
    /// has for those of one.
    fn implied(&self, schema: &Schema<'a>) -> Option<Kind> {
        let mut implied = None;
        self.model.schemas.parts_of(schema.id, &mut |part| {
            let says = |key: &str| part.member(key).is_some();
            let of = part.kind.or_else(|| match type_of(part) {
                Some("string") => Some(Kind::String),
                Some("integer") => Some(Kind::Integer),
                Some("number") => Some(Kind::Number),
                _ if says("items") => Some(Kind::Array),
                _ => ["properties", "required", "additionalProperties"]
                    .into_iter()
                    .any(says)
                    .then_some(Kind::Object),
            });
            implied = implied.or(of);
        });
        implied
    }

    /// Returns `true` if typify knows what is not allowed: anything, or values of one type.
    fn is_deniable(&self, schema: &Schema<'a>) -> bool {
        let denied = schema.not.map(|id| self.model.resolved(id));
        denied.is_none_or(|denied| {
            denied.value.as_object().is_none_or(Map::is_empty) || type_of(denied).is_some()
        })
    }

    fn places(&mut self, ids: &[SchemaId]) -> Value {
        ids.iter().map(|id| self.place(*id)).collect()
    }

    /// Lowers the schemas that `schema` is composed of. Of properties that typify would merge without end, the last part's is
    /// taken, which refines those before.
    fn composed(&mut self, schema: &Schema<'a>) -> Value {
        let endless = merging::endless(self.model, schema.id);
        if endless.is_empty() {
            return self.places(&schema.all_of);
        }
        let (model, mut parts) = (self.model, Vec::new());
        model.schemas.parts_of(schema.id, &mut |part| parts.push(part.id));
        let lowered = parts.into_iter().filter(|part| *part != schema.id).map(|id| {
            let mut part = self.written(model.schema(id));
            if let Some(members) = part.as_object_mut() {
                members.remove("allOf");
            }
            for (name, last) in &endless {
                let property = self.ids.property(name);
                let taken = part.get_mut("properties").and_then(|properties| properties.get_mut(&property));
                if let Some(taken) = taken.filter(|_| *last != id) {
                    *taken = json!({});
                }
            }
            part
        });
        lowered.collect()
    }

    fn properties(&mut self, schema: &Schema<'a>, undescribed: &[&'a str]) -> Value {
        let properties = schema.properties.iter();
        let lowered =
            properties.map(|property| (self.ids.property(property.name), self.place(property.schema)));
        let mut lowered: Map<String, Value> = lowered.collect();
        lowered.extend(undescribed.iter().map(|name| (self.ids.property(name), json!({}))));
        Value::Object(lowered)
    }

    /// Returns the properties that an object requires and does not describe. That is a mistake more often than not, and what a
    /// server does not send must not fail its whole answer: they are read if they are there.
    fn undescribed(&self, schema: &Schema<'a>) -> Vec<&'a str> {
        let is_composed = !schema.all_of.is_empty() || schema.has_alternatives();
        if schema.properties.is_empty() || is_composed || self.parts.contains(&schema.id) {
            return Vec::new();
        }
        self.model.schemas.undescribed(schema.id)
    }

    /// Lowers the values that `schema` lists.
    pub(super) fn values(&mut self, schema: &Schema<'a>) -> Vec<Value> {
        let words = schema.words().unwrap_or_default();
        let mut variants = names::variants(&words).into_iter();
        let values = schema.values.unwrap_or_default().iter().map(|value| match value.as_str() {
            Some(word) => Value::from(self.ids.value(variants.next().unwrap_or_default(), word)),
            None => value.clone(),
        });
        values.collect()
    }

    /// Makes the properties that are constants of `schema` required constants of `lowered`.
    fn mark(&mut self, schema: &Schema<'a>, lowered: &mut Map<String, Value>) {
        let Self { constants, ids, .. } = self;
        for constant in constants.iter().filter(|constant| constant.component == schema.id) {
            let property = ids.property(constant.property);
            let variants = names::variants(&constant.values).into_iter();
            let values = variants.zip(&constant.values).map(|(variant, value)| ids.value(variant, value));
            let schema = json!({"type": "string", "enum": values.collect::<Vec<_>>()});
            if constant.is_own {
                if let Some(properties) = lowered.get_mut("properties").and_then(Value::as_object_mut) {
                    properties.insert(property.clone(), schema);
                }
                let required = lowered.entry("required").or_insert_with(|| json!([]));
                if let Some(required) = required.as_array_mut()
                    && !required.contains(&json!(property))
                {
                    required.push(json!(property));
                }
            } else if let Some(parts) = lowered.get_mut("allOf").and_then(Value::as_array_mut) {
                // The property is that of a part; one more part narrows it.
                parts.push(
                    json!({"type": "object", "properties": {&property: schema}, "required": [property]}),
                );
            }
        }
    }
}

/// Returns `true` if a schema is written somewhere in a member of a union. typify calls such schemas after the union and their
/// property, and takes those of the same name in two members for one.
fn is_within_alternative(pointer: &str) -> bool {
    let is_union = |step: &str| matches!(step, "oneOf" | "anyOf");
    let mut steps = pointer.split('/');
    let is_within = steps.any(is_union) && steps.nth(1).is_some();
    // A title would name the variant.
    let is_member = pointer.rsplit('/').nth(1).is_some_and(is_union);
    is_within && !is_member
}

/// The rules that typify reads, with the types that they are for.
const RULES: [(&[Kind], &[&str]); 5] = [
    (&[Kind::String, Kind::Integer, Kind::Number], &["format"]),
    (&[Kind::String], &["pattern", "minLength", "maxLength"]),
    (&[Kind::Integer, Kind::Number], &["multipleOf"]),
    (&[Kind::Array], &["minItems", "maxItems", "uniqueItems"]),
    (&[Kind::Object], &["minProperties", "maxProperties"]),
];

/// Returns the type that all values have which `schema` lists.
fn type_of(schema: &Schema<'_>) -> Option<&'static str> {
    let of = |value: &Value| match value {
        Value::String(_) => Some("string"),
        Value::Bool(_) => Some("boolean"),
        Value::Number(number) if number.is_f64() => Some("number"),
        Value::Number(_) => Some("integer"),
        _ => None,
    };
    let mut types = schema.values?.iter().map(of);
    let first = types.next()??;
    types.all(|other| other == Some(first)).then_some(first)
}

/// Writes the bounds of numbers the way OpenAPI 3.0 does.
fn bounds(schema: &Schema<'_>, lowered: &mut Map<String, Value>) {
    let bounds = &schema.bounds;
    for (bound, is_beyond, key, exclusive) in [
        (bounds.minimum, bounds.above, "minimum", "exclusiveMinimum"),
        (bounds.maximum, bounds.below, "maximum", "exclusiveMaximum"),
    ] {
        if let Some(bound) = bound {
            lowered.insert(key.to_owned(), Value::Number(bound.clone()));
            if is_beyond {
                lowered.insert(exclusive.to_owned(), json!(true));
            }
        }
    }
}

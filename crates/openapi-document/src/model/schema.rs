//! One schema.

use serde_json::{Map, Number, Value};

use super::place::Place;
use super::schemas::Schemas;
use crate::grammar::{ANNOTATIONS, is_extension};

/// The number of a schema in its model: its place in the list of all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SchemaId(pub u32);

impl SchemaId {
    /// Returns the place in the list of all schemas.
    #[must_use]
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// A schema as it is written.
#[derive(Clone, Debug)]
pub struct Schema<'a> {
    /// Its number.
    pub id: SchemaId,
    /// Where it is written.
    pub pointer: String,
    /// The name of the component that it is.
    pub(super) component: Option<&'a str>,
    /// Its JSON.
    pub value: &'a Value,
    /// The schema it refers to; all else is then empty.
    pub reference: Option<SchemaId>,
    /// The type of its values; `None` if they may be of any.
    pub kind: Option<Kind>,
    /// `true` if null is one of its values besides.
    pub nullable: bool,
    /// The format of its values.
    pub format: Option<&'a str>,
    /// The values it lists, if it lists them.
    pub values: Option<&'a [Value]>,
    /// The properties it has itself, in their order.
    pub properties: Vec<Property<'a>>,
    /// The names that it requires, whether it describes them or not.
    pub required: Vec<&'a str>,
    /// The properties that it allows beyond those it lists.
    pub additional: Additional,
    /// The schema of every item of a list.
    pub items: Option<SchemaId>,
    /// The schemas that all apply.
    pub all_of: Vec<SchemaId>,
    /// The schemas of which exactly one applies.
    pub one_of: Vec<SchemaId>,
    /// The schemas of which one or more apply.
    pub any_of: Vec<SchemaId>,
    /// The schema that does not apply.
    pub not: Option<SchemaId>,
    /// How the members of a union are told apart.
    pub discriminator: Option<Discriminator<'a>>,
    /// The bounds of its values.
    pub bounds: Bounds<'a>,
    /// The value that an absent one stands for.
    pub default: Option<&'a Value>,
    /// Its title.
    pub title: Option<&'a str>,
    /// Its description.
    pub description: Option<&'a str>,
    /// `true` if only answers have it.
    pub read_only: bool,
    /// `true` if only requests have it.
    pub write_only: bool,
    /// `true` if it should no longer be used.
    pub deprecated: bool,
}

/// The type of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// `string`.
    String,
    /// `number`.
    Number,
    /// `integer`.
    Integer,
    /// `boolean`.
    Boolean,
    /// `array`.
    Array,
    /// `object`.
    Object,
}

/// A property of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Property<'a> {
    /// Its name in the document.
    pub name: &'a str,
    /// The schema of its values.
    pub schema: SchemaId,
    /// `true` if the object must have it.
    pub required: bool,
}

/// The properties that an object may have besides those it lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Additional {
    /// The schema says nothing, so anything.
    Unsaid,
    /// Anything, and the schema says so.
    Any,
    /// Nothing.
    Nothing,
    /// Values of this schema.
    Schema(SchemaId),
}

/// How the members of a union are told apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Discriminator<'a> {
    /// The property that tells.
    pub property: &'a str,
    /// Values of the property, each with the name of a component or a reference to it, as written.
    pub mapping: Vec<(&'a str, &'a str)>,
}

/// The bounds of values.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bounds<'a> {
    /// The least number; it is one of the values unless `above`.
    pub minimum: Option<&'a Number>,
    /// `true` if numbers are above the least.
    pub above: bool,
    /// The greatest number; it is one of the values unless `below`.
    pub maximum: Option<&'a Number>,
    /// `true` if numbers are below the greatest.
    pub below: bool,
    /// The number that all are multiples of.
    pub multiple_of: Option<&'a Number>,
    /// The least number of characters.
    pub min_length: Option<u64>,
    /// The greatest number of characters.
    pub max_length: Option<u64>,
    /// The regular expression that texts match.
    pub pattern: Option<&'a str>,
    /// The least number of items.
    pub min_items: Option<u64>,
    /// The greatest number of items.
    pub max_items: Option<u64>,
    /// `true` if no item is there twice.
    pub unique_items: bool,
    /// The least number of properties.
    pub min_properties: Option<u64>,
    /// The greatest number of properties.
    pub max_properties: Option<u64>,
}

impl<'a> Schema<'a> {
    /// Returns the name of the component that this schema is.
    #[must_use]
    pub fn component(&self) -> Option<&'a str> {
        self.component
    }

    /// Returns the value of a member that the model has no field for, such as an extension.
    #[must_use]
    pub fn member(&self, key: &str) -> Option<&'a Value> {
        self.value.get(key)
    }

    /// Returns the keys of what it says of its values.
    pub(super) fn keywords(&self) -> Vec<&'a str> {
        let keys = self.value.as_object().into_iter().flatten().map(|(key, _)| key.as_str());
        keys.filter(|key| !ANNOTATIONS.contains(key) && !is_extension(key)).collect()
    }

    /// Returns whether it lists schemas of which one or more apply.
    #[must_use]
    pub fn has_alternatives(&self) -> bool {
        !self.one_of.is_empty() || !self.any_of.is_empty()
    }

    /// Returns whether the member `key` is `true`.
    #[must_use]
    pub fn flag(&self, key: &str) -> bool {
        self.member(key).and_then(Value::as_bool).unwrap_or_default()
    }

    /// Returns whether its values are lists, or maps of values that are all alike: what has an empty value of its own.
    #[must_use]
    pub fn is_collection(&self) -> bool {
        let says_others = matches!(self.additional, Additional::Any | Additional::Schema(_));
        match self.kind {
            Some(Kind::Array) => true,
            Some(Kind::Object) => self.properties.is_empty(),
            None if self.has_alternatives() => false,
            None => (says_others || self.items.is_some()) && self.properties.is_empty(),
            _ => false,
        }
    }

    /// Returns whether its values are texts in the form of bytes: a file.
    #[must_use]
    pub fn is_binary(&self) -> bool {
        self.kind.is_none_or(|kind| kind == Kind::String) && self.format == Some("binary")
    }

    /// Returns the texts that it lists, if it lists anything.
    #[must_use]
    pub fn words(&self) -> Option<Vec<&'a str>> {
        Some(self.values?.iter().filter_map(Value::as_str).collect())
    }

    /// Returns the schemas that it is made of, in the order of a fixed list of members; what it refers to is not among
    /// them.
    pub fn parts(&self) -> impl Iterator<Item = SchemaId> {
        let additional = match self.additional {
            Additional::Schema(id) => Some(id),
            _ => None,
        };
        let properties = self.properties.iter().map(|property| property.schema);
        let composed = self.all_of.iter().chain(&self.one_of).chain(&self.any_of).copied();
        properties.chain(additional).chain(self.items).chain(composed).chain(self.not)
    }

    /// Begins the schema at `place`: nothing is read yet but where it is.
    pub(super) fn begun(id: SchemaId, place: &Place<'a>) -> Self {
        Self {
            id,
            pointer: place.pointer.clone(),
            component: None,
            value: place.value,
            reference: None,
            kind: None,
            nullable: false,
            format: None,
            values: None,
            properties: Vec::new(),
            required: Vec::new(),
            additional: Additional::Unsaid,
            items: None,
            all_of: Vec::new(),
            one_of: Vec::new(),
            any_of: Vec::new(),
            not: None,
            discriminator: None,
            bounds: Bounds::default(),
            default: None,
            title: None,
            description: None,
            read_only: false,
            write_only: false,
            deprecated: false,
        }
    }

    /// Reads the schema at `place`; the schemas it holds go into `schemas`. Where a reference leads is found later.
    pub(super) fn read(id: SchemaId, place: &Place<'a>, schemas: &mut Schemas<'a>) -> Self {
        let mut schema = Self::begun(id, place);
        if place.value.get("$ref").is_none() {
            schema.fill(place, schemas);
        }
        schema
    }

    fn fill(&mut self, place: &Place<'a>, schemas: &mut Schemas<'a>) {
        let Some(members) = place.value.as_object() else { return };
        self.kind = place.text("type").and_then(Kind::of);
        self.nullable = place.flag("nullable");
        self.format = place.text("format");
        self.values = members.get("enum").and_then(Value::as_array).map(Vec::as_slice);
        self.required = place.texts("required");
        if let Some(properties) = place.written("properties") {
            let required = &self.required;
            let read = properties.members().map(|(name, property)| Property {
                name,
                schema: schemas.intern(&property),
                required: required.contains(&name),
            });
            self.properties = read.collect();
        }
        self.additional = match place.written("additionalProperties") {
            None => Additional::Unsaid,
            Some(others) => match others.value {
                Value::Bool(true) => Additional::Any,
                Value::Bool(false) => Additional::Nothing,
                _ => Additional::Schema(schemas.intern(&others)),
            },
        };
        self.items = place.written("items").map(|items| schemas.intern(&items));
        self.not = place.written("not").map(|not| schemas.intern(&not));
        let mut listed = |key| -> Vec<SchemaId> {
            let parts = place.written(key);
            parts.iter().flat_map(Place::items).map(|part| schemas.intern(&part)).collect()
        };
        self.all_of = listed("allOf");
        self.one_of = listed("oneOf");
        self.any_of = listed("anyOf");
        self.discriminator = members.get("discriminator").and_then(Discriminator::of);
        self.bounds = Bounds::of(members);
        self.default = members.get("default");
        self.title = place.text("title");
        self.description = place.text("description");
        self.read_only = place.flag("readOnly");
        self.write_only = place.flag("writeOnly");
        self.deprecated = place.flag("deprecated");
    }
}

impl Kind {
    fn of(word: &str) -> Option<Self> {
        Some(match word {
            "string" => Self::String,
            "number" => Self::Number,
            "integer" => Self::Integer,
            "boolean" => Self::Boolean,
            "array" => Self::Array,
            "object" => Self::Object,
            _ => return None,
        })
    }
}

impl<'a> Discriminator<'a> {
    fn of(value: &'a Value) -> Option<Self> {
        let mapping = value.get("mapping").and_then(Value::as_object).into_iter().flatten();
        let mapping = mapping.filter_map(|(value, target)| Some((value.as_str(), target.as_str()?)));
        Some(Self { property: value.get("propertyName")?.as_str()?, mapping: mapping.collect() })
    }
}

impl<'a> Bounds<'a> {
    /// Reads the bounds among the `members` of a schema.
    fn of(members: &'a Map<String, Value>) -> Self {
        let number = |key: &str| match members.get(key) {
            Some(Value::Number(number)) => Some(number),
            _ => None,
        };
        let count = |key: &str| members.get(key).and_then(Value::as_u64);
        let bound = |inclusive: &str, exclusive: &str, is_narrower: fn(f64, f64) -> bool| match (
            number(exclusive),
            number(inclusive),
        ) {
            (Some(beyond), Some(bound)) if is_narrower(float(bound), float(beyond)) => (Some(bound), false),
            (Some(beyond), _) => (Some(beyond), true),
            (None, bound) => (bound, false),
        };
        let (minimum, above) = bound("minimum", "exclusiveMinimum", |bound, beyond| bound > beyond);
        let (maximum, below) = bound("maximum", "exclusiveMaximum", |bound, beyond| bound < beyond);
        Self {
            minimum,
            above,
            maximum,
            below,
            multiple_of: number("multipleOf"),
            min_length: count("minLength"),
            max_length: count("maxLength"),
            pattern: members.get("pattern").and_then(Value::as_str),
            min_items: count("minItems"),
            max_items: count("maxItems"),
            unique_items: members.get("uniqueItems") == Some(&Value::Bool(true)),
            min_properties: count("minProperties"),
            max_properties: count("maxProperties"),
        }
    }
}

fn float(number: &Number) -> f64 {
    number.as_f64().unwrap_or_default()
}

//! Makes rules of the schemas of a document.

use std::collections::BTreeSet;

use serde_json::{Number, Value};

use openapi_document::error::Result;
use openapi_document::model::{self as document, Kind, Property, SchemaId};
use openapi_server_runtime::schema::{
    self as tables, Additional, Bound, Choice, Field, Integer, ItemTraits, Key, List, Map, Member, Message,
    ObjectSchema, Rule, Size, Text, To, Union,
};

use crate::kept::{all, kept, text as keep, texts};
use crate::node::Node;

/// The depth to which schemas may stand in others; deeper ones follow no rule. An object and its property are two levels,
/// and a document may have 24 schemas inside one another, so only long chains of `allOf` exceed it.
const DEEPEST: usize = 64;

/// Returns the rule for values with the schema `schema`, `null` apart. Components that refer to others are referred to by name,
/// so they may hold themselves.
pub(crate) fn rule(schema: &Node<'_>) -> Result<Rule> {
    nested(schema, 0)
}

/// Returns the rule for values with the schema `schema`, and for `null` where it takes that.
pub(crate) fn value_rule(schema: &Node<'_>) -> Result<Rule> {
    value(schema, 0)
}

fn value(schema: &Node<'_>, depth: usize) -> Result<Rule> {
    let rule = nested(schema, depth)?;
    Ok(if schema.nullable { Rule::Nullable(kept(rule)) } else { rule })
}

fn nested(schema: &Node<'_>, depth: usize) -> Result<Rule> {
    if depth > DEEPEST {
        return Ok(Rule::Any);
    }
    if let Some(part) = schema.only_part() {
        return nested(&part, depth + 1);
    }
    if let Some(kind) = Named::of(schema) {
        return match schema.component() {
            Some(name) => Ok(kind.component(keep(name))),
            None => kind.rule(schema, "", depth),
        };
    }
    Ok(match schema.kind {
        Some(Kind::String) => text(schema)?,
        Some(Kind::Boolean) => Rule::Boolean,
        Some(Kind::Integer) => reference(schema, Key::Integer).unwrap_or_else(|| integer(schema)),
        Some(Kind::Number) if schema.flag("x-integer") => integer(schema),
        Some(Kind::Number) => number(schema),
        None if words(schema) => text(schema)?,
        _ => Rule::Any,
    })
}

/// Returns the rule of whole numbers. Bounds between whole numbers move to the next one; those of a format count too.
#[allow(clippy::cast_possible_truncation, reason = "what is out of reach is left to the format")]
fn integer(schema: &Node<'_>) -> Rule {
    let format = match schema.format {
        Some("int8") => (Some(i64::from(i8::MIN)), Some(i64::from(i8::MAX))),
        Some("int16") => (Some(i64::from(i16::MIN)), Some(i64::from(i16::MAX))),
        Some("int32") => (Some(i64::from(i32::MIN)), Some(i64::from(i32::MAX))),
        Some("uint8") => (Some(0), Some(i64::from(u8::MAX))),
        Some("uint16") => (Some(0), Some(i64::from(u16::MAX))),
        Some("uint32") => (Some(0), Some(i64::from(u32::MAX))),
        Some("uint" | "uint64") => (Some(0), None),
        _ => (None, None),
    };
    let bounds = &schema.bounds;
    let whole = |number: &Number, is_excluded: bool, step: i64, round: fn(f64) -> f64| {
        let float = number.as_f64().filter(|number| number.abs() < 9e18);
        let rounded = || float.map(|float| (round(float) as i64, float.fract() == 0.0));
        let (number, is_whole) = number.as_i64().map(|number| (number, true)).or_else(rounded)?;
        Some(if is_whole && is_excluded { number.saturating_add(step) } else { number })
    };
    let minimum = bounds.minimum.and_then(|number| whole(number, bounds.above, 1, f64::ceil));
    let maximum = bounds.maximum.and_then(|number| whole(number, bounds.below, -1, f64::floor));
    let minimum = minimum.into_iter().chain(format.0).max();
    let maximum = maximum.into_iter().chain(format.1).min();
    let multiple_of = bounds.multiple_of.and_then(Number::as_i64).filter(|number| *number > 0);
    let values: Vec<i64> = schema.values.unwrap_or_default().iter().filter_map(Value::as_i64).collect();
    Rule::Integer(Integer { minimum, maximum, multiple_of, values: all(values) })
}

/// Returns the rule of numbers.
fn number(schema: &Node<'_>) -> Rule {
    let bounds = &schema.bounds;
    let bound =
        |number: Option<&Number>, exclusive: bool| Some(Bound { value: number?.as_f64()?, exclusive });
    let (minimum, maximum) = (bound(bounds.minimum, bounds.above), bound(bounds.maximum, bounds.below));
    let multiple_of = bounds.multiple_of.and_then(Number::as_f64).filter(|number| *number > 0.0);
    Rule::Number(tables::Number { minimum, maximum, multiple_of })
}

/// Returns the number of members that a value may have.
fn size(min: Option<u64>, max: Option<u64>) -> Size {
    let count = |count: Option<u64>| count.map(|count| usize::try_from(count).unwrap_or(usize::MAX));
    Size { min: count(min), max: count(max) }
}

/// A rule that refers to something else: where that is a component, by its name, so that it may hold itself and is
/// said once.
#[derive(Clone, Copy)]
pub(crate) enum Named {
    Object,
    Union,
    List,
    Map,
}

impl Named {
    /// Returns the kind of rule that the schema needs, if it is one of these.
    pub(crate) fn of(schema: &Node<'_>) -> Option<Self> {
        if is_object(schema) {
            return Some(Self::Object);
        }
        if schema.alternatives().is_some() {
            return Some(Self::Union);
        }
        match schema.kind {
            Some(Kind::Array) => Some(Self::List),
            Some(Kind::Object) if schema.additional == document::Additional::Nothing => Some(Self::Object),
            Some(Kind::Object) => Some(Self::Map),
            _ => None,
        }
    }

    /// Returns the rule of a component, which is linked later.
    fn component(self, name: &'static str) -> Rule {
        match self {
            Self::Object => Rule::Object(To::later(name)),
            Self::Union => Rule::Union(To::later(name)),
            Self::List => Rule::List(To::later(name)),
            Self::Map => Rule::Map(To::later(name)),
        }
    }

    /// Returns the rule of a schema, which is the component `name` unless that is empty.
    pub(crate) fn rule(self, schema: &Node<'_>, name: &str, depth: usize) -> Result<Rule> {
        Ok(match self {
            Self::Object => Rule::Object(To::Own(kept(object(schema, name, depth)?))),
            Self::Union => Rule::Union(To::Own(kept(union(schema, depth)?))),
            Self::List => Rule::List(To::Own(kept(list_of(schema, depth)?))),
            Self::Map => {
                let additional = match schema.additional {
                    document::Additional::Schema(id) => Some(id),
                    _ => None,
                };
                let bounds = &schema.bounds;
                let size = size(bounds.min_properties, bounds.max_properties);
                Rule::Map(To::Own(kept(Map { value: part(schema, additional, depth)?, size })))
            }
        })
    }
}

/// Returns the rule of something that a schema is made of.
fn part(schema: &Node<'_>, id: Option<SchemaId>, depth: usize) -> Result<Rule> {
    match id.map(|id| schema.at(id)) {
        Some(part) if says_something(&part) => value(&part, depth + 1),
        _ => Ok(Rule::Any),
    }
}

fn object(schema: &Node<'_>, name: &str, depth: usize) -> Result<ObjectSchema> {
    let bounds = &schema.bounds;
    let additional = match schema.additional {
        document::Additional::Nothing => Additional::None,
        document::Additional::Schema(id) if says_something(&schema.at(id)) => {
            Additional::Rule(kept(part(schema, Some(id), depth)?))
        }
        _ => Additional::Any,
    };
    Ok(ObjectSchema {
        name: keep(name),
        fields: fields(schema, depth + 1)?,
        additional,
        size: size(bounds.min_properties, bounds.max_properties),
        since: schema.text("x-since").filter(|_| !name.is_empty()).map(keep),
    })
}

fn list_of(schema: &Node<'_>, depth: usize) -> Result<List> {
    let bounds = &schema.bounds;
    let (item, size) = (part(schema, schema.items, depth)?, size(bounds.min_items, bounds.max_items));
    let written = schema.items.map(|items| schema.written(items));
    let flag = |key: &str| written?.member(key).and_then(Value::as_bool);
    let text = |key: &str| written?.member(key).and_then(Value::as_str).map(keep);
    let traits = ItemTraits {
        title: text("title"),
        required: flag("x-required"),
        read_only: flag("readOnly"),
        shown_by: text("x-shown-by"),
    };
    Ok(List { item, size, unique: bounds.unique_items, traits })
}

/// Returns `true` if a schema says anything of its values.
fn says_something(schema: &Node<'_>) -> bool {
    schema.value.as_object().is_some_and(|members| !members.is_empty())
}

fn union(schema: &Node<'_>, depth: usize) -> Result<Union> {
    let discriminator =
        schema.discriminator.as_ref().filter(|_| schema.model().schemas.union(schema.id).is_some());
    let mut members = Vec::new();
    for alternative in schema.alternatives().unwrap_or_default() {
        let alternative = schema.at(*alternative);
        let rule = value(&alternative, depth + 1)?;
        let component = alternative.component();
        let mapping = discriminator.map(|discriminator| discriminator.mapping.as_slice()).unwrap_or_default();
        let mapped = mapping.iter().filter(|(_, target)| {
            component == Some(target.strip_prefix("#/components/schemas/").unwrap_or(target))
        });
        let mut words: Vec<&str> = mapped.map(|(word, _)| *word).collect();
        if words.is_empty() {
            words.extend(component);
        }
        members.push(Member { words: texts(words), rule });
    }
    let tag = discriminator.map(|discriminator| keep(discriminator.property));
    Ok(Union { tag, members: all(members) })
}

/// Returns `true` if the schema, or a part of it, lists properties.
fn is_object(schema: &Node<'_>) -> bool {
    let (mut seen, mut open) = (BTreeSet::new(), vec![*schema]);
    while let Some(schema) = open.pop() {
        if schema.member("properties").is_some() {
            return true;
        }
        if seen.insert(schema.id) {
            open.extend(schema.all_of.iter().map(|part| schema.at(*part)));
        }
    }
    false
}

/// Returns `true` if a schema lists strings alone.
fn words(schema: &Node<'_>) -> bool {
    schema.values.is_some_and(|values| values.iter().all(Value::is_string))
}

fn text(schema: &Node<'_>) -> Result<Rule> {
    if let Some(choices) = choices(schema)? {
        return Ok(Rule::Choice(choices));
    }
    let key = if schema.format == Some("uuid") { Key::Uuid } else { Key::Text };
    if let Some(reference) = reference(schema, key) {
        return Ok(reference);
    }
    let bounds = &schema.bounds;
    let length = size(bounds.min_length, bounds.max_length);
    Ok(match schema.format {
        Some("uuid") => Rule::Uuid,
        Some("date-time") => Rule::DateTime,
        Some("binary") => Rule::File,
        format => Rule::Text(Text {
            min_length: length.min,
            max_length: length.max,
            pattern: bounds.pattern.map(keep),
            format: format.map(keep),
            blanks: schema.member("x-trim") == Some(&Value::Bool(false)),
        }),
    })
}

/// Returns the rule of a key of another object.
fn reference(schema: &Node<'_>, key: Key) -> Option<Rule> {
    let model = keep(schema.text("x-references")?);
    Some(Rule::Reference { model, by: schema.text("x-references-by").map(keep), key })
}

/// Returns the words of an enumeration. People are shown the word itself unless `x-enum-labels` says otherwise.
fn choices(schema: &Node<'_>) -> Result<Option<&'static [Choice]>> {
    let Some(values) = schema.values else { return Ok(None) };
    let labels = schema.member("x-enum-labels");
    let mut choices = Vec::new();
    for (index, value) in values.iter().enumerate() {
        match value {
            Value::Null => {}
            Value::String(word) => {
                let label =
                    labels.and_then(|labels| labels.get(word)).and_then(Value::as_str).unwrap_or(word);
                choices.push(Choice { value: keep(word), label: keep(label) });
            }
            _ => {
                let advice = "list only strings in an enumeration of strings";
                return Err(schema.error_at(&format!("/enum/{index}"), "this is no word", advice));
            }
        }
    }
    Ok(Some(all(choices)))
}

/// Returns the fields of an object, and of the parts it is composed of; what it says of a field itself wins.
fn fields(schema: &Node<'_>, depth: usize) -> Result<&'static [Field]> {
    let mut found = Fields::default();
    found.collect(schema, depth)?;
    Ok(all(found.fields))
}

/// The fields of an object while they are put together.
#[derive(Default)]
struct Fields {
    fields: Vec<Field>,
    /// The parts that have been looked at.
    seen: BTreeSet<SchemaId>,
}

impl Fields {
    fn collect(&mut self, schema: &Node<'_>, depth: usize) -> Result<()> {
        if !self.seen.insert(schema.id) {
            return Ok(());
        }
        if depth > DEEPEST {
            return Err(
                schema.error("this object is composed of too many others", "shorten the chain of `allOf`")
            );
        }
        for part in &schema.all_of {
            self.collect(&schema.at(*part), depth + 1)?;
        }
        for field in own_fields(schema, depth)? {
            match self.fields.iter_mut().find(|known| known.name == field.name) {
                Some(known) => *known = field,
                None => self.fields.push(field),
            }
        }
        Ok(())
    }
}

/// Returns the messages for values of a property that break rules.
fn messages(property: &document::Schema<'_>) -> &'static [Message] {
    let said = property.member("x-messages").and_then(Value::as_object).into_iter().flatten();
    let said = said.filter_map(|(rule, text)| Some(Message { rule: keep(rule), text: keep(text.as_str()?) }));
    all(said.collect())
}

/// Returns the fields that an object names itself.
fn own_fields(schema: &Node<'_>, depth: usize) -> Result<Vec<Field>> {
    let mut found = Vec::new();
    for Property { name, schema: id, required: is_required } in &schema.properties {
        let (written, property) = (schema.written(*id), schema.at(*id));
        // What stands beside a reference in a property is said of the property, not of what it refers to.
        let said = |key: &str| written.member(key).and_then(Value::as_str).map(keep);
        let is = |key: &str| written.flag(key) || property.flag(key);
        found.push(Field {
            name: keep(name),
            rule: nested(&property, depth + 1)?,
            required: *is_required,
            nullable: is("nullable"),
            read_only: is("readOnly"),
            computed: is("x-computed"),
            title: said("title"),
            description: said("description"),
            unique: said("x-unique"),
            messages: messages(written),
            since: said("x-since"),
        });
    }
    Ok(found)
}

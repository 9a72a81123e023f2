//! From a schema of the document to the rule its values follow, as an expression.

use std::collections::BTreeSet;

use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;
use serde_json::{Number, Value};

use openapi_document::error::Result;
use openapi_document::model::{Additional, Kind, Property, SchemaId};

use super::names;
use super::node::Node;

/// How deep a schema may stand in others; deeper ones follow no rule.
const DEEPEST: usize = 32;

/// The rule for values with the schema `schema`, `null` apart. Components that refer to others are referred to by name,
/// so they may hold themselves.
pub(super) fn rule(schema: &Node<'_>) -> Result<TokenStream> {
    nested(schema, 0)
}

/// The rule for values with the schema `schema`, and for `null` where it takes that.
pub(super) fn value_rule(schema: &Node<'_>) -> Result<TokenStream> {
    value(schema, 0)
}

/// What a list with the schema `schema` has to be.
pub(super) fn list(schema: &Node<'_>) -> Result<TokenStream> {
    Named::List.value(schema, "", 0)
}

fn value(schema: &Node<'_>, depth: usize) -> Result<TokenStream> {
    let rule = nested(schema, depth)?;
    Ok(if schema.nullable { quote!(Rule::Nullable(&#rule)) } else { rule })
}

fn nested(schema: &Node<'_>, depth: usize) -> Result<TokenStream> {
    if depth > DEEPEST {
        return Ok(quote!(Rule::Any));
    }
    if let Some(part) = only_part(schema) {
        return nested(&part, depth + 1);
    }
    if let Some(kind) = Named::of(schema) {
        let variant = kind.variant();
        if let Some(name) = schema.constant() {
            return Ok(quote!(Rule::#variant(&schemas::#name)));
        }
        let value = kind.value(schema, "", depth)?;
        return Ok(quote!(Rule::#variant(&#value)));
    }
    Ok(match schema.kind {
        Some(Kind::String) => text(schema)?,
        Some(Kind::Boolean) => quote!(Rule::Boolean),
        Some(Kind::Integer) => integer(schema),
        Some(Kind::Number) if schema.flag("x-integer") => integer(schema),
        Some(Kind::Number) => number(schema),
        None if words(schema) => text(schema)?,
        _ => quote!(Rule::Any),
    })
}

/// The rule of whole numbers. Bounds between whole numbers move to the next one; those of a format count too.
#[allow(clippy::cast_possible_truncation, reason = "what is out of reach is left to the format")]
fn integer(schema: &Node<'_>) -> TokenStream {
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
    if (minimum, maximum, multiple_of, values.is_empty()) == (None, None, None, true) {
        return quote!(Rule::Integer(Integer::ANY));
    }
    let literal = |number: Option<i64>| option(number.map(Literal::i64_unsuffixed));
    let (minimum, maximum, multiple_of) = (literal(minimum), literal(maximum), literal(multiple_of));
    let values = values.into_iter().map(Literal::i64_unsuffixed);
    quote!(Rule::Integer(Integer {
        minimum: #minimum,
        maximum: #maximum,
        multiple_of: #multiple_of,
        values: &[#(#values),*],
    }))
}

/// The rule of numbers.
fn number(schema: &Node<'_>) -> TokenStream {
    let bounds = &schema.bounds;
    let bound = |number: Option<&Number>, exclusive: bool| Some((number?.as_f64()?, exclusive));
    let (minimum, maximum) = (bound(bounds.minimum, bounds.above), bound(bounds.maximum, bounds.below));
    let multiple_of = bounds.multiple_of.and_then(Number::as_f64).filter(|number| *number > 0.0);
    if (minimum, maximum, multiple_of) == (None, None, None) {
        return quote!(Rule::Number(Number::ANY));
    }
    let bound = |bound: Option<(f64, bool)>| {
        option(bound.map(|(value, exclusive)| {
            let value = Literal::f64_unsuffixed(value);
            quote!(Bound { value: #value, exclusive: #exclusive })
        }))
    };
    let (minimum, maximum) = (bound(minimum), bound(maximum));
    let multiple_of = option(multiple_of.map(Literal::f64_unsuffixed));
    quote!(Rule::Number(Number { minimum: #minimum, maximum: #maximum, multiple_of: #multiple_of }))
}

/// How many members a value may have.
fn size(min: Option<u64>, max: Option<u64>) -> TokenStream {
    if (min, max) == (None, None) {
        return quote!(Size::ANY);
    }
    let [min, max] = [min, max].map(|count| option(count.map(Literal::u64_unsuffixed)));
    quote!(Size { min: #min, max: #max })
}

/// A rule that refers to something else: where that is a component, by its name, so that it may hold itself and is
/// said once.
#[derive(Clone, Copy)]
pub(super) enum Named {
    Object,
    Union,
    List,
    Map,
}

impl Named {
    /// What kind of rule the schema is, if it is one of these.
    pub(super) fn of(schema: &Node<'_>) -> Option<Self> {
        if is_object(schema) {
            return Some(Self::Object);
        }
        if alternatives(schema).is_some() {
            return Some(Self::Union);
        }
        match schema.kind {
            Some(Kind::Array) => Some(Self::List),
            Some(Kind::Object) if schema.additional == Additional::Nothing => Some(Self::Object),
            Some(Kind::Object) => Some(Self::Map),
            _ => None,
        }
    }

    fn variant(self) -> Ident {
        names::ident(match self {
            Self::Object => "Object",
            Self::Union => "Union",
            Self::List => "List",
            Self::Map => "Map",
        })
    }

    /// The type of what the rule refers to.
    pub(super) fn rust_type(self) -> Ident {
        names::ident(match self {
            Self::Object => "ObjectSchema",
            Self::Union => "Union",
            Self::List => "List",
            Self::Map => "Map",
        })
    }

    /// What the rule refers to.
    pub(super) fn value(self, schema: &Node<'_>, name: &str, depth: usize) -> Result<TokenStream> {
        let part = |id: Option<SchemaId>| match id.map(|id| schema.at(id)) {
            Some(part) if says_something(&part) => value(&part, depth + 1),
            _ => Ok(quote!(Rule::Any)),
        };
        let bounds = &schema.bounds;
        let additional = match schema.additional {
            Additional::Schema(id) => Some(id),
            _ => None,
        };
        match self {
            Self::Object => {
                let fields = fields(schema, depth + 1)?;
                let since = option(schema.text("x-since").filter(|_| !name.is_empty()));
                let additional = match additional {
                    _ if schema.additional == Additional::Nothing => quote!(Additional::None),
                    Some(id) if says_something(&schema.at(id)) => {
                        let rule = part(additional)?;
                        quote!(Additional::Rule(&#rule))
                    }
                    _ => quote!(Additional::Any),
                };
                let size = size(bounds.min_properties, bounds.max_properties);
                Ok(quote!(ObjectSchema {
                    name: #name,
                    fields: #fields,
                    additional: #additional,
                    size: #size,
                    since: #since,
                }))
            }
            Self::Union => union(schema, depth),
            Self::List => {
                let (item, size) = (part(schema.items)?, size(bounds.min_items, bounds.max_items));
                let unique = bounds.unique_items;
                Ok(quote!(List { item: #item, size: #size, unique: #unique }))
            }
            Self::Map => {
                let value = part(additional)?;
                let size = size(bounds.min_properties, bounds.max_properties);
                Ok(quote!(Map { value: #value, size: #size }))
            }
        }
    }
}

/// Whether a schema says anything of its values.
fn says_something(schema: &Node<'_>) -> bool {
    schema.value.as_object().is_some_and(|members| !members.is_empty())
}

/// The alternatives of a schema that is nothing else.
fn alternatives<'s>(schema: &'s Node<'_>) -> Option<&'s [SchemaId]> {
    let lists = |key: &str| schema.member(key).is_some();
    match () {
        () if lists("oneOf") => Some(&schema.one_of),
        () if lists("anyOf") => Some(&schema.any_of),
        () => None,
    }
}

fn union(schema: &Node<'_>, depth: usize) -> Result<TokenStream> {
    let discriminator = schema.discriminator.as_ref();
    let mut members = Vec::new();
    for alternative in alternatives(schema).unwrap_or_default() {
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
        members.push(quote!(Member { words: &[#(#words),*], rule: #rule }));
    }
    let tag = option(discriminator.map(|discriminator| discriminator.property));
    Ok(quote!(Union { tag: #tag, members: &[#(#members),*] }))
}

/// Whether there is anything to say of the object's fields.
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

/// What a schema that is nothing but a wrapper wraps.
fn only_part<'a>(schema: &Node<'a>) -> Option<Node<'a>> {
    if schema.member("properties").is_some() {
        return None;
    }
    let parts = if schema.member("allOf").is_some() { &schema.all_of } else { alternatives(schema)? };
    match parts {
        [part] => Some(schema.at(*part)),
        _ => None,
    }
}

/// Whether a schema without a type lists words.
fn words(schema: &Node<'_>) -> bool {
    schema.values.is_some_and(|values| values.iter().any(Value::is_string))
}

fn text(schema: &Node<'_>) -> Result<TokenStream> {
    if let Some(choices) = choices(schema)? {
        return Ok(quote!(Rule::Choice(#choices)));
    }
    if let Some(model) = schema.text("x-references") {
        if schema.format != Some("uuid") {
            return Err(schema.error("a reference to an object is a UUID", "add `format: uuid`"));
        }
        return Ok(quote!(Rule::Reference { model: #model }));
    }
    let bounds = &schema.bounds;
    Ok(match schema.format {
        Some("uuid") => quote!(Rule::Uuid),
        Some("date-time") => quote!(Rule::DateTime),
        Some("binary") => quote!(Rule::File),
        None if (bounds.min_length, bounds.max_length, bounds.pattern) == (None, None, None) => {
            quote!(Rule::Text(Text::ANY))
        }
        format => {
            let min_length = option(bounds.min_length.map(Literal::u64_unsuffixed));
            let max_length = option(bounds.max_length.map(Literal::u64_unsuffixed));
            let (pattern, format) = (option(bounds.pattern), option(format));
            quote!(Rule::Text(Text {
                min_length: #min_length,
                max_length: #max_length,
                pattern: #pattern,
                format: #format,
            }))
        }
    })
}

/// The words of an enumeration; what people are shown is the word itself unless `x-enum-labels` says otherwise.
fn choices(schema: &Node<'_>) -> Result<Option<TokenStream>> {
    let Some(values) = schema.values else { return Ok(None) };
    let labels = schema.member("x-enum-labels");
    let mut choices = Vec::new();
    for (index, value) in values.iter().enumerate() {
        match value {
            Value::Null => {}
            Value::String(word) => {
                let label =
                    labels.and_then(|labels| labels.get(word)).and_then(Value::as_str).unwrap_or(word);
                choices.push(quote!(Choice { value: #word, label: #label }));
            }
            _ => {
                let advice = "list only strings in an enumeration of strings";
                return Err(schema.error_at(&format!("/enum/{index}"), "this is no word", advice));
            }
        }
    }
    Ok(Some(quote!(&[#(#choices),*])))
}

/// The fields of an object, and of the parts it is composed of; what it says of a field itself wins.
fn fields(schema: &Node<'_>, depth: usize) -> Result<TokenStream> {
    let mut found = Fields::default();
    found.collect(schema, depth)?;
    let fields = found.fields.into_iter().map(|(_, field)| field);
    Ok(quote!(&[#(#fields),*]))
}

/// The fields of an object while they are put together.
#[derive(Default)]
struct Fields<'a> {
    fields: Vec<(&'a str, TokenStream)>,
    /// The parts that have been looked at.
    seen: BTreeSet<SchemaId>,
}

impl<'a> Fields<'a> {
    fn collect(&mut self, schema: &Node<'a>, depth: usize) -> Result<()> {
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
        for (name, field) in own_fields(schema, depth)? {
            match self.fields.iter_mut().find(|(known, _)| *known == name) {
                Some(known) => known.1 = field,
                None => self.fields.push((name, field)),
            }
        }
        Ok(())
    }
}

/// The fields an object names itself.
fn own_fields<'a>(schema: &Node<'a>, depth: usize) -> Result<Vec<(&'a str, TokenStream)>> {
    let mut found = Vec::new();
    for Property { name, schema: id, required: is_required } in &schema.properties {
        let (written, property) = (schema.written(*id), schema.at(*id));
        // What stands beside a reference in a property is said of the property, not of what it refers to.
        let said = |key: &str| written.member(key).and_then(Value::as_str);
        let is = |key: &str| written.flag(key) || property.flag(key);
        let rule = nested(&property, depth + 1)?;
        let (nullable, read_only, computed) = (is("nullable"), is("readOnly"), is("x-computed"));
        let (title, description) = (option(said("title")), option(said("description")));
        let (unique, since) = (option(said("x-unique")), option(said("x-since")));
        found.push((
            *name,
            quote! {
                Field {
                    name: #name,
                    rule: #rule,
                    required: #is_required,
                    nullable: #nullable,
                    read_only: #read_only,
                    computed: #computed,
                    title: #title,
                    description: #description,
                    unique: #unique,
                    since: #since,
                }
            },
        ));
    }
    Ok(found)
}

/// `Some(value)` or `None`.
pub(super) fn option<T: quote::ToTokens>(value: Option<T>) -> TokenStream {
    value.map_or_else(|| quote!(None), |value| quote!(Some(#value)))
}

//! From a schema of the document to the rule its values follow, as an expression.

use std::collections::BTreeSet;

use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;
use serde_json::Value;

use openapi_document::error::Result;

use super::names;
use super::place::Place;

/// How deep a schema may stand in others; deeper ones follow no rule.
const DEEPEST: usize = 32;

/// The rule for values with the schema `schema`, `null` apart. Components that refer to others are referred to by name,
/// so they may hold themselves.
pub(super) fn rule(schema: &Place<'_>) -> Result<TokenStream> {
    nested(schema, 0)
}

/// The rule for values with the schema `schema`, and for `null` where it takes that.
pub(super) fn value_rule(schema: &Place<'_>) -> Result<TokenStream> {
    value(schema, 0)
}

/// What a list with the schema `schema` has to be.
pub(super) fn list(schema: &Place<'_>) -> Result<TokenStream> {
    Named::List.value(schema, "", 0)
}

fn value(schema: &Place<'_>, depth: usize) -> Result<TokenStream> {
    let rule = nested(schema, depth)?;
    Ok(if schema.flag("nullable") { quote!(Rule::Nullable(&#rule)) } else { rule })
}

fn nested(schema: &Place<'_>, depth: usize) -> Result<TokenStream> {
    if depth > DEEPEST {
        return Ok(quote!(Rule::Any));
    }
    if let Some(part) = only_part(schema) {
        return nested(&part, depth + 1);
    }
    if let Some(kind) = Named::of(schema) {
        let variant = kind.variant();
        if let Some(name) = schema.component() {
            let name = names::ident(&schema.names().constant(&name));
            return Ok(quote!(Rule::#variant(&schemas::#name)));
        }
        let value = kind.value(schema, "", depth)?;
        return Ok(quote!(Rule::#variant(&#value)));
    }
    Ok(match schema.text("type") {
        Some("string") => text(schema)?,
        Some("boolean") => quote!(Rule::Boolean),
        Some("integer") => integer(schema),
        Some("number") if schema.flag("x-integer") => integer(schema),
        Some("number") => number(schema),
        None if words(schema) => text(schema)?,
        _ => quote!(Rule::Any),
    })
}

/// The bounds of a number: each with whether the number itself is out of bounds.
fn bound(schema: &Place<'_>, key: &str, exclusive: &str) -> Option<(f64, bool)> {
    let number = |key: &str| schema.value.get(key)?.as_f64();
    number(exclusive).map(|number| (number, true)).or_else(|| Some((number(key)?, false)))
}

/// The rule of whole numbers. Bounds between whole numbers move to the next one; those of a format count too.
#[allow(clippy::cast_possible_truncation, reason = "what is out of reach is left to the format")]
fn integer(schema: &Place<'_>) -> TokenStream {
    let format = match schema.text("format") {
        Some("int8") => (Some(i64::from(i8::MIN)), Some(i64::from(i8::MAX))),
        Some("int16") => (Some(i64::from(i16::MIN)), Some(i64::from(i16::MAX))),
        Some("int32") => (Some(i64::from(i32::MIN)), Some(i64::from(i32::MAX))),
        Some("uint8") => (Some(0), Some(i64::from(u8::MAX))),
        Some("uint16") => (Some(0), Some(i64::from(u16::MAX))),
        Some("uint32") => (Some(0), Some(i64::from(u32::MAX))),
        Some("uint" | "uint64") => (Some(0), None),
        _ => (None, None),
    };
    let within = |number: &f64| number.abs() < 9e18;
    let exact = |key: &str| schema.value.get(key).and_then(Value::as_i64);
    let own = |key: &str, exclusive: &str, step: i64, round: fn(f64) -> f64| {
        let is_excluded = schema.value.get(exclusive).is_some();
        let whole = exact(if is_excluded { exclusive } else { key }).map(|number| (number, true));
        let rounded = || bound(schema, key, exclusive).filter(|(number, _)| within(number));
        let (number, is_whole) =
            whole.or_else(|| rounded().map(|(number, _)| (round(number) as i64, number.fract() == 0.0)))?;
        Some(if is_whole && is_excluded { number.saturating_add(step) } else { number })
    };
    let minimum = own("minimum", "exclusiveMinimum", 1, f64::ceil).into_iter().chain(format.0).max();
    let maximum = own("maximum", "exclusiveMaximum", -1, f64::floor).into_iter().chain(format.1).min();
    let multiple_of = exact("multipleOf").filter(|number| *number > 0);
    let values = schema.get("enum").iter().flat_map(Place::items).collect::<Vec<_>>();
    let values: Vec<i64> = values.iter().filter_map(|value| value.value.as_i64()).collect();
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
fn number(schema: &Place<'_>) -> TokenStream {
    let bounds = [("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")];
    let [minimum, maximum] = bounds.map(|(key, exclusive)| bound(schema, key, exclusive));
    let multiple_of = schema.value.get("multipleOf").and_then(Value::as_f64).filter(|number| *number > 0.0);
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
fn size(schema: &Place<'_>, min: &str, max: &str) -> TokenStream {
    let [min, max] = [min, max].map(|key| schema.number(key));
    if (min, max) == (None, None) {
        return quote!(Size::ANY);
    }
    let [min, max] = [min, max].map(|count| option(count.map(Literal::usize_unsuffixed)));
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
    pub(super) fn of(schema: &Place<'_>) -> Option<Self> {
        if is_object(schema) {
            return Some(Self::Object);
        }
        if alternatives(schema).is_some() {
            return Some(Self::Union);
        }
        match schema.text("type") {
            Some("array") => Some(Self::List),
            Some("object") if schema.value.get("additionalProperties") == Some(&Value::Bool(false)) => {
                Some(Self::Object)
            }
            Some("object") => Some(Self::Map),
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
    pub(super) fn value(self, schema: &Place<'_>, name: &str, depth: usize) -> Result<TokenStream> {
        let part = |key| match schema.get(key) {
            Some(part) if says_something(part.value) => value(&part, depth + 1),
            _ => Ok(quote!(Rule::Any)),
        };
        match self {
            Self::Object => {
                let fields = fields(schema, depth + 1)?;
                let since = option(schema.text("x-since").filter(|_| !name.is_empty()));
                let additional = match schema.value.get("additionalProperties") {
                    Some(Value::Bool(false)) => quote!(Additional::None),
                    Some(additional) if says_something(additional) => {
                        let rule = part("additionalProperties")?;
                        quote!(Additional::Rule(&#rule))
                    }
                    _ => quote!(Additional::Any),
                };
                let size = size(schema, "minProperties", "maxProperties");
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
                let (item, size) = (part("items")?, size(schema, "minItems", "maxItems"));
                let unique = schema.flag("uniqueItems");
                Ok(quote!(List { item: #item, size: #size, unique: #unique }))
            }
            Self::Map => {
                let value = part("additionalProperties")?;
                let size = size(schema, "minProperties", "maxProperties");
                Ok(quote!(Map { value: #value, size: #size }))
            }
        }
    }
}

/// Whether a schema says anything of its values.
fn says_something(schema: &Value) -> bool {
    schema.as_object().is_some_and(|members| !members.is_empty())
}

/// The alternatives of a schema that is nothing else.
fn alternatives<'a>(schema: &Place<'a>) -> Option<Place<'a>> {
    schema.get("oneOf").or_else(|| schema.get("anyOf"))
}

fn union(schema: &Place<'_>, depth: usize) -> Result<TokenStream> {
    let discriminator = schema.written("discriminator");
    let tag = discriminator.as_ref().and_then(|discriminator| discriminator.text("propertyName"));
    let mapping = discriminator.as_ref().and_then(|discriminator| discriminator.written("mapping"));
    let mut members = Vec::new();
    for alternative in alternatives(schema).iter().flat_map(Place::items).collect::<Vec<_>>() {
        let rule = value(&alternative, depth + 1)?;
        let component = alternative.component();
        let mapped = mapping.iter().flat_map(Place::members).filter(|(_, target)| {
            let target = target.value.as_str().unwrap_or_default();
            let name = target.strip_prefix("#/components/schemas/").unwrap_or(target);
            component.as_deref() == Some(name)
        });
        let mut words: Vec<String> = mapped.map(|(word, _)| word.to_owned()).collect();
        if words.is_empty() {
            words.extend(component.clone());
        }
        members.push(quote!(Member { words: &[#(#words),*], rule: #rule }));
    }
    let tag = option(tag);
    Ok(quote!(Union { tag: #tag, members: &[#(#members),*] }))
}

/// Whether there is anything to say of the object's fields.
fn is_object(schema: &Place<'_>) -> bool {
    let mut seen = BTreeSet::new();
    let mut rest = vec![schema.clone()];
    while let Some(schema) = rest.pop() {
        if schema.value.get("properties").is_some() {
            return true;
        }
        if seen.insert(schema.pointer.clone()) {
            rest.extend(schema.get("allOf").iter().flat_map(Place::items));
        }
    }
    false
}

/// What a schema that is nothing but a wrapper wraps.
fn only_part<'a>(schema: &Place<'a>) -> Option<Place<'a>> {
    if schema.value.get("properties").is_some() {
        return None;
    }
    let mut parts =
        ["allOf", "oneOf", "anyOf"].iter().find_map(|key| schema.get(key))?.items().collect::<Vec<_>>();
    if parts.len() == 1 { parts.pop() } else { None }
}

/// Whether a schema without a type lists words.
fn words(schema: &Place<'_>) -> bool {
    schema.get("enum").is_some_and(|values| values.items().any(|value| value.value.is_string()))
}

fn text(schema: &Place<'_>) -> Result<TokenStream> {
    if let Some(choices) = choices(schema)? {
        return Ok(quote!(Rule::Choice(#choices)));
    }
    if let Some(model) = schema.text("x-references") {
        if schema.text("format") != Some("uuid") {
            return Err(schema.error("a reference to an object is a UUID", "add `format: uuid`"));
        }
        return Ok(quote!(Rule::Reference { model: #model }));
    }
    Ok(match schema.text("format") {
        Some("uuid") => quote!(Rule::Uuid),
        Some("date-time") => quote!(Rule::DateTime),
        Some("binary") => quote!(Rule::File),
        _ if ["minLength", "maxLength", "pattern", "format"]
            .iter()
            .all(|key| schema.value.get(key).is_none()) =>
        {
            quote!(Rule::Text(Text::ANY))
        }
        _ => {
            let min_length = option(schema.number("minLength").map(Literal::usize_unsuffixed));
            let max_length = option(schema.number("maxLength").map(Literal::usize_unsuffixed));
            let pattern = option(schema.text("pattern"));
            let format = option(schema.text("format"));
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
fn choices(schema: &Place<'_>) -> Result<Option<TokenStream>> {
    let Some(values) = schema.get("enum") else { return Ok(None) };
    let labels = schema.value.get("x-enum-labels");
    let mut choices = Vec::new();
    for value in values.items() {
        match value.value {
            Value::Null => {}
            Value::String(word) => {
                let label =
                    labels.and_then(|labels| labels.get(word)).and_then(Value::as_str).unwrap_or(word);
                choices.push(quote!(Choice { value: #word, label: #label }));
            }
            _ => return Err(value.error("this is no word", "list only strings in an enumeration of strings")),
        }
    }
    Ok(Some(quote!(&[#(#choices),*])))
}

/// The fields of an object, and of the parts it is composed of; what it says of a field itself wins.
fn fields(schema: &Place<'_>, depth: usize) -> Result<TokenStream> {
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
    seen: BTreeSet<String>,
}

impl<'a> Fields<'a> {
    fn collect(&mut self, schema: &Place<'a>, depth: usize) -> Result<()> {
        if !self.seen.insert(schema.pointer.clone()) {
            return Ok(());
        }
        if depth > DEEPEST {
            return Err(
                schema.error("this object is composed of too many others", "shorten the chain of `allOf`")
            );
        }
        for part in schema.get("allOf").iter().flat_map(Place::items).collect::<Vec<_>>() {
            self.collect(&part, depth + 1)?;
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
fn own_fields<'a>(schema: &Place<'a>, depth: usize) -> Result<Vec<(&'a str, TokenStream)>> {
    let mut found = Vec::new();
    let required = schema.texts("required");
    let written = schema.value.get("properties");
    for (name, property) in schema.get("properties").iter().flat_map(Place::members).collect::<Vec<_>>() {
        // What stands beside a reference in a property is said of the property, not of what it refers to.
        let own = |key: &str| written.and_then(|properties| properties.get(name)?.get(key));
        let said = |key: &str| own(key).and_then(Value::as_str);
        let is = |key: &str| own(key).and_then(Value::as_bool).unwrap_or_default() || property.flag(key);
        let rule = nested(&property, depth + 1)?;
        let is_required = required.contains(&name);
        let (nullable, read_only, computed) = (is("nullable"), is("readOnly"), is("x-computed"));
        let (title, description) = (option(said("title")), option(said("description")));
        let (unique, since) = (option(said("x-unique")), option(said("x-since")));
        found.push((
            name,
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

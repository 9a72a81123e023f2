//! From a schema of the document to the rule its values follow, as an expression.

use proc_macro2::{Literal, TokenStream};
use quote::quote;
use serde_json::Value;

use crate::error::Result;

use super::names;
use super::place::Place;

/// How deep a schema may stand in others; deeper ones follow no rule.
const DEEPEST: usize = 32;

/// The rule for values with the schema `schema`. Components that are objects are referred to by name, so they may hold
/// themselves.
pub(super) fn rule(schema: &Place<'_>) -> Result<TokenStream> {
    nested(schema, 0)
}

fn nested(schema: &Place<'_>, depth: usize) -> Result<TokenStream> {
    if depth > DEEPEST {
        return Ok(quote!(Rule::Any));
    }
    if let Some(part) = only_part(schema) {
        return nested(&part, depth + 1);
    }
    if is_object(schema) {
        let Some(name) = schema.component() else {
            let fields = fields(schema, depth + 1)?;
            return Ok(quote!(Rule::Object(&ObjectSchema { name: "", fields: #fields, since: None })));
        };
        let name = names::shouty(&name);
        return Ok(quote!(Rule::Object(&schemas::#name)));
    }
    Ok(match schema.text("type") {
        Some("string") => text(schema)?,
        Some("boolean") => quote!(Rule::Boolean),
        Some("integer") => quote!(Rule::Integer),
        Some("number") if schema.flag("x-integer") => quote!(Rule::Integer),
        Some("number") => quote!(Rule::Number),
        Some("array") => {
            let items = schema.get("items").map(|items| nested(&items, depth + 1)).transpose()?;
            let items = items.unwrap_or_else(|| quote!(Rule::Any));
            quote!(Rule::List(&#items))
        }
        _ => quote!(Rule::Any),
    })
}

/// Whether there is anything to say of the object's fields.
pub(super) fn is_object(schema: &Place<'_>) -> bool {
    schema.value.get("properties").is_some()
        || schema.get("allOf").is_some_and(|parts| parts.items().any(|part| is_object(&part)))
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
        _ if ["minLength", "maxLength", "pattern"].iter().all(|key| schema.value.get(key).is_none()) => {
            quote!(Rule::Text(Text::ANY))
        }
        _ => {
            let min_length = option(schema.number("minLength").map(Literal::usize_unsuffixed));
            let max_length = option(schema.number("maxLength").map(Literal::usize_unsuffixed));
            let pattern = option(schema.text("pattern"));
            quote!(Rule::Text(Text { min_length: #min_length, max_length: #max_length, pattern: #pattern }))
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

/// The fields of an object, and of the parts it is composed of.
pub(super) fn fields(schema: &Place<'_>, depth: usize) -> Result<TokenStream> {
    let mut found = Vec::new();
    collect(schema, &mut found, depth)?;
    Ok(quote!(&[#(#found),*]))
}

fn collect(schema: &Place<'_>, found: &mut Vec<TokenStream>, depth: usize) -> Result<()> {
    if depth > DEEPEST {
        return Err(schema.error("this object is composed of itself", "break the circle of `allOf`"));
    }
    for part in schema.get("allOf").iter().flat_map(Place::items).collect::<Vec<_>>() {
        collect(&part, found, depth + 1)?;
    }
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
        found.push(quote! {
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
        });
    }
    Ok(())
}

/// `Some(value)` or `None`.
pub(super) fn option<T: quote::ToTokens>(value: Option<T>) -> TokenStream {
    value.map_or_else(|| quote!(None), |value| quote!(Some(#value)))
}

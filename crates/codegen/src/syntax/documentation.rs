//! The document's words as documentation of Rust items.
//!
//! They were written as Markdown for another reader: rustdoc would take a bracket for a link and a tag for HTML.

use std::collections::HashMap;

use heck::{ToPascalCase, ToSnakeCase};
use serde_json::Value;
use syn::visit_mut::{self, VisitMut};
use syn::{
    Attribute, Expr, Field, ImplItem, ImplItemFn, Item, ItemEnum, ItemMod, ItemStruct, Lit, Meta, Variant,
    parse_quote,
};

use crate::passes::{self, Plan};
use crate::property::properties;
use crate::syntax::tree::{enums_mut, impls_mut, serde_value, structs_mut, type_name, wire_name};

/// Writes the documentation of types line by line, and so that rustdoc shows the document's words as they are.
///
/// typify hands a description over as one string and as it is
/// (<https://github.com/oxidecomputer/typify/blob/v0.8.0/typify-impl/src/type_entry.rs>), which rustdoc warns about as
/// soon as it holds a bare URL, a bracket or a tag.
///
/// Adds what the document says besides: since when there is a property, and what a value of an enumeration is called.
pub(super) fn types(items: &mut [Item], plan: &Plan<'_>) -> usize {
    let root = plan.document.value();
    for property in properties(root) {
        let Some(release) = text(property.schema, "x-since") else { continue };
        let component = property.component.to_pascal_case();
        let since = format!("\nSince {release}.");
        for item in structs_mut(items).filter(|item| item.ident == component) {
            let fields =
                item.fields.iter_mut().filter(|field| wire_name(field).as_deref() == Some(property.name));
            fields.for_each(|field| field.attrs.push(parse_quote!(#[doc = #since])));
        }
    }
    for (name, schema) in passes::components(root) {
        let Some(labels) = schema.get("x-enum-labels").and_then(Value::as_object) else { continue };
        let name = name.to_pascal_case();
        for variant in enums_mut(items).filter(|item| item.ident == name).flat_map(|item| &mut item.variants)
        {
            let value = variant.attrs.iter().find_map(|attribute| serde_value(attribute, "rename"));
            if let Some(label) = value.and_then(|value| labels.get(&value)).and_then(Value::as_str) {
                variant.attrs.push(parse_quote!(#[doc = #label]));
            }
        }
    }
    rewrite(items)
}

/// Documents the setter of every parameter with the document's words, and writes the rest as [`types`] does.
///
/// progenitor only lists the parameters at the method that starts the builder
/// (<https://github.com/oxidecomputer/progenitor/blob/v0.15.1/progenitor-impl/src/method.rs>, `builder_helper`).
pub(super) fn operations(items: &mut [Item], plan: &Plan<'_>) -> usize {
    let mut words: HashMap<(String, String), String> = HashMap::new();
    for (_, _, operation) in passes::operations(plan.document.value()) {
        let Some(id) = operation.get("operationId").and_then(Value::as_str) else { continue };
        for parameter in operation.get("parameters").and_then(Value::as_array).into_iter().flatten() {
            let parameter = plan.document.resolve(parameter);
            if let (Some(name), Some(place)) = (text(parameter, "name"), text(parameter, "in")) {
                words.insert((id.to_pascal_case(), name.to_snake_case()), describe(parameter, name, place));
            }
        }
    }
    for item in impls_mut(items).filter(|item| item.trait_.is_none()) {
        let builder = type_name(&item.self_ty).unwrap_or_default();
        for member in &mut item.items {
            let ImplItem::Fn(setter) = member else { continue };
            if let Some(words) = words.get(&(builder.clone(), setter.sig.ident.to_string())) {
                setter.attrs.push(parse_quote!(#[doc = #words]));
            }
        }
    }
    rewrite(items)
}

/// What a parameter is: the document's description, or its name and place, and since when there is one.
fn describe(parameter: &Value, name: &str, place: &str) -> String {
    let mut words = match text(parameter, "description") {
        Some(description) if !description.trim().is_empty() => description.trim().to_owned(),
        _ => format!("`{name}`, in the {place}."),
    };
    if let Some(release) = text(parameter, "x-since") {
        words.push_str("\n\nSince ");
        words.push_str(release);
        words.push('.');
    }
    words
}

fn text<'a>(value: &'a Value, key: &str) -> Option<&'a str> {
    value.get(key).and_then(Value::as_str)
}

/// Rewrites all documentation of `items`, and answers how many items had some.
pub(crate) fn rewrite(items: &mut [Item]) -> usize {
    let mut rewriter = Rewriter(0);
    for item in items {
        rewriter.visit_item_mut(item);
    }
    rewriter.0
}

struct Rewriter(usize);

impl Rewriter {
    fn lines(&mut self, attributes: &mut Vec<Attribute>) {
        let text: Vec<String> = attributes.iter().filter_map(documentation).collect();
        if text.is_empty() {
            return;
        }
        self.0 += 1;
        attributes.retain(|attribute| documentation(attribute).is_none());
        let text = text.join("\n");
        // progenitor's example is of no use to rustdoc, which ignores it, and says what the builder says.
        let text = text.split("```ignore").next().unwrap_or_default();
        let lines = attributes_of(text);
        attributes.splice(0..0, lines);
    }
}

impl VisitMut for Rewriter {
    fn visit_item_struct_mut(&mut self, item: &mut ItemStruct) {
        self.lines(&mut item.attrs);
        visit_mut::visit_item_struct_mut(self, item);
    }
    fn visit_item_enum_mut(&mut self, item: &mut ItemEnum) {
        self.lines(&mut item.attrs);
        visit_mut::visit_item_enum_mut(self, item);
    }
    fn visit_item_mod_mut(&mut self, item: &mut ItemMod) {
        self.lines(&mut item.attrs);
        visit_mut::visit_item_mod_mut(self, item);
    }
    fn visit_field_mut(&mut self, field: &mut Field) {
        self.lines(&mut field.attrs);
    }
    fn visit_variant_mut(&mut self, variant: &mut Variant) {
        self.lines(&mut variant.attrs);
        visit_mut::visit_variant_mut(self, variant);
    }
    fn visit_impl_item_fn_mut(&mut self, item: &mut ImplItemFn) {
        self.lines(&mut item.attrs);
    }
}

/// `text` as documentation attributes, a line each.
pub(crate) fn attributes_of(text: &str) -> Vec<Attribute> {
    let text = for_rustdoc(text.trim());
    text.lines()
        .map(|line| {
            let line = line.trim_end();
            let line = if line.is_empty() { String::new() } else { format!(" {line}") };
            parse_quote!(#[doc = #line])
        })
        .collect()
}

/// The text of a documentation attribute, without the blank before it.
fn documentation(attribute: &Attribute) -> Option<String> {
    let Meta::NameValue(pair) = &attribute.meta else { return None };
    let Expr::Lit(literal) = &pair.value else { return None };
    match &literal.lit {
        Lit::Str(text) if pair.path.is_ident("doc") => {
            let text = text.value();
            Some(text.strip_prefix(' ').map(str::to_owned).unwrap_or(text))
        }
        _ => None,
    }
}

/// `text` so that rustdoc shows it as it is: brackets and tags outside of code are escaped, URLs become links.
///
/// What is a link already, to a rustdoc item or with a target, is left alone.
pub(crate) fn for_rustdoc(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for (index, part) in text.split('`').enumerate() {
        if index > 0 {
            escaped.push('`');
        }
        let in_code = index % 2 == 1;
        if in_code { escaped.push_str(part) } else { escape(part, &mut escaped) }
    }
    escaped
}

fn escape(text: &str, escaped: &mut String) {
    let mut rest = text;
    while let Some(next) = rest.chars().next() {
        let url = rest.starts_with("https://") || rest.starts_with("http://");
        let linked = escaped.ends_with(['<', '(']) || escaped.ends_with(": ");
        let end = match next {
            'h' if url && !linked => {
                let end = rest.find([' ', '\n', '<', '>', ')', ']', '"']).unwrap_or(rest.len());
                let end = rest[..end].trim_end_matches(['.', ',', ';', ':', '*', '\'']).len();
                escaped.push('<');
                escaped.push_str(&rest[..end]);
                escaped.push('>');
                end
            }
            '<' if !(rest.starts_with("<http://") || rest.starts_with("<https://")) => {
                escaped.push_str("\\<");
                1
            }
            '[' if !is_link(rest, escaped) => {
                escaped.push_str("\\[");
                1
            }
            other => {
                escaped.push(other);
                other.len_utf8()
            }
        };
        rest = &rest[end..];
    }
}

/// Whether the bracket that `rest` begins with opens a link: `[text](target)`, `[text]: target`, or one around code.
fn is_link(rest: &str, before: &str) -> bool {
    let escaped_already = before.ends_with('\\');
    let closes = rest.find(']').map(|end| &rest[end + 1..]);
    let around_code = rest == "[";
    escaped_already
        || around_code
        || closes.is_some_and(|after| after.starts_with('(') || after.starts_with(": "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::tree::tests::{after, formatted};

    #[test]
    fn a_description_becomes_lines_of_documentation() {
        let (source, changes) = after(
            "type_documentation",
            "{openapi: 3.0.3, info: {title: t, version: '1'}, paths: {}}",
            r#"
#[doc = "A pet.\n\n* `cat` - meows"]
pub struct Pet { #[doc = "Its name"] pub name: String, pub age: i64 }
"#,
        );
        assert_eq!(changes, 2);
        let expected = "
/// A pet.
///
/// * `cat` - meows
pub struct Pet {
    /// Its name
    pub name: String,
    pub age: i64,
}
";
        assert_eq!(source, formatted(expected));
    }

    #[test]
    fn a_property_says_since_when_it_is_and_a_value_what_it_is_called() {
        let (source, changes) = after(
            "type_documentation",
            r"
openapi: 3.0.3
info: {title: t, version: '1'}
paths: {}
components:
  schemas:
    Pet: {type: object, properties: {type: {type: string, x-since: '2024.8'}}}
    Kind: {type: string, enum: [cat, dog], x-enum-labels: {cat: A cat}}
",
            r#"
pub struct Pet { #[doc = "What it is"] #[serde(rename = "type")] pub type_: String }
pub enum Kind { #[serde(rename = "cat")] Cat, #[serde(rename = "dog")] Dog }
"#,
        );
        assert_eq!(changes, 2);
        let expected = r#"
pub struct Pet {
    /// What it is
    ///
    /// Since 2024.8.
    #[serde(rename = "type")]
    pub type_: String,
}
pub enum Kind {
    /// A cat
    #[serde(rename = "cat")]
    Cat,
    #[serde(rename = "dog")]
    Dog,
}
"#;
        assert_eq!(source, formatted(expected));
    }

    #[test]
    fn rustdoc_is_not_led_to_links_and_tags_that_are_none() {
        let cases = [
            ("values[0] <b>", "values\\[0] \\<b>"),
            ("`values[0] <b>`", "`values[0] <b>`"),
            ("see https://a.example/b.", "see <https://a.example/b>."),
            ("see <https://a.example>", "see <https://a.example>"),
            ("see [docs](https://a.example)", "see [docs](https://a.example)"),
            (
                "[`Client::pets`]\n\n[`Client::pets`]: super::Client::pets",
                "[`Client::pets`]\n\n[`Client::pets`]: super::Client::pets",
            ),
        ];
        for (text, expected) in cases {
            assert_eq!(for_rustdoc(text), expected);
        }
    }
}

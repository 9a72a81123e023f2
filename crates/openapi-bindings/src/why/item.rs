//! The items of generated files, each with the line on which it stands and the place in the document it was made from.
//!
//! The place is read from the stamp above the item, `// from #/...`, or from its documentation; a field, variant,
//! setter or row of a table belongs to the property, value or parameter of its name. Lines are found in the text as
//! the generators format it: one member to a line, indented by four spaces.

use serde_json::Value;
use syn::visit::Visit;
use syn::{Expr, ExprStruct, ImplItem, Lit, Member, TraitItem, Visibility};

use crate::generated_file::GeneratedFile;
use crate::syntax::tree;
use openapi_document::document::Document;
use openapi_document::model::{Model, Operation, Property, Schema};
use openapi_document::pointer;

/// An item of a generated file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// The file's path.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The kind of item: `struct`, `field`, `method` ...
    pub kind: &'static str,
    /// How Rust code calls it within its module: `Pet::owner`.
    pub path: String,
    /// The pointer of the place it was made from.
    pub origin: String,
}

/// Finds the items of `files` that were made from a place in the document of `model`, in the order of the files.
#[must_use]
pub fn items(model: &Model<'_>, files: &[GeneratedFile]) -> Vec<Item> {
    files.iter().flat_map(|file| sections(model, file)).collect()
}

/// Returns the items among `items` that were made from what stands at `pointer`, be it by way of a reference.
pub fn items_of<'a>(
    document: &'a Document,
    items: &'a [Item],
    pointer: &'a str,
) -> impl Iterator<Item = &'a Item> {
    items.iter().filter(move |item| {
        let reference = || document.value().pointer(&item.origin)?.get("$ref")?.as_str();
        item.origin == pointer || reference().and_then(pointer::of_reference).as_deref() == Some(pointer)
    })
}

/// Splits a file at its stamps; a section ends at the next blank line.
fn sections(model: &Model<'_>, file: &GeneratedFile) -> Vec<Item> {
    let lines: Vec<&str> = file.text.lines().collect();
    let mut found = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        let Some(origin) = line.strip_prefix("// from ").and_then(pointer::of_reference) else { continue };
        let length = lines.iter().skip(index).take_while(|line| !line.is_empty()).count();
        let section = lines.get(index..index + length).unwrap_or_default();
        let Ok(parsed) = syn::parse_file(&section.join("\n")) else { continue };
        let origin = origin.as_str();
        let schema = model.schemas.at(origin);
        let operation = model.operations.iter().find(|operation| operation.pointer == origin);
        let (first, next) = (index + 1, 0);
        let mut reader =
            Reader { model, file, origin, schema, operation, section, first, next, found: Vec::new() };
        parsed.items.iter().for_each(|item| reader.item(item));
        found.append(&mut reader.found);
    }
    found
}

/// Reads the items of a section in their order.
struct Reader<'a> {
    model: &'a Model<'a>,
    file: &'a GeneratedFile,
    origin: &'a str,
    /// The schema that stands at the origin, if it is one.
    schema: Option<&'a Schema<'a>>,
    /// The operation that stands at the origin, if it is one.
    operation: Option<&'a Operation<'a>>,
    section: &'a [&'a str],
    /// The number of the section's first line.
    first: usize,
    /// The index of the first line that no item has been found on yet.
    next: usize,
    found: Vec<Item>,
}

impl Reader<'_> {
    fn item(&mut self, item: &syn::Item) {
        match item {
            syn::Item::Struct(item) => {
                let name = item.ident.to_string();
                self.head("struct", &name);
                for field in item.fields.iter().filter(|field| is_public(&field.vis)) {
                    let (Some(ident), Some(wire)) = (&field.ident, tree::wire_name(field)) else { continue };
                    let origin = self.member(&wire);
                    self.below("field", &name, &ident.to_string(), ":", origin);
                }
            }
            syn::Item::Enum(item) => {
                let name = item.ident.to_string();
                self.head("enum", &name);
                for variant in &item.variants {
                    let renamed =
                        variant.attrs.iter().find_map(|attribute| tree::serde_value(attribute, "rename"));
                    let origin = renamed.and_then(|value| self.value(&value));
                    self.below("variant", &name, &variant.ident.to_string(), "", origin);
                }
            }
            syn::Item::Impl(item) => self.implementation(item),
            syn::Item::Trait(item) => {
                let name = item.ident.to_string();
                self.head("trait", &name);
                for member in &item.items {
                    let TraitItem::Fn(function) = member else { continue };
                    let origin = documented_origin(&function.attrs);
                    self.below("trait method", &name, &function.sig.ident.to_string(), "", origin);
                }
            }
            syn::Item::Static(table) => {
                self.head("static", &table.ident.to_string());
                self.rows(&table.ident.to_string(), &table.expr);
            }
            syn::Item::Const(table) => {
                self.head("const", &table.ident.to_string());
                self.rows(&table.ident.to_string(), &table.expr);
            }
            syn::Item::Fn(function) => self.head("fn", &function.sig.ident.to_string()),
            syn::Item::Type(alias) => self.head("type", &alias.ident.to_string()),
            _ => {}
        }
    }

    fn implementation(&mut self, item: &syn::ItemImpl) {
        let Some(name) = tree::type_name(&item.self_ty) else { return };
        let Some(line) = self.find(self.next, |line| line.starts_with("impl")) else { return };
        self.next = line + 1;
        if let Some((of, _)) = &item.trait_ {
            let of = of.segments.last().map(|segment| segment.ident.to_string()).unwrap_or_default();
            return self.add("impl", line, format!("{of} for {name}"), None);
        }
        for member in &item.items {
            let ImplItem::Fn(function) = member else { continue };
            if is_public(&function.vis) {
                let method = function.sig.ident.to_string();
                let origin = self.member(method.trim_start_matches("r#"));
                self.below("method", &name, &method, "", origin);
            }
        }
    }

    /// Finds an item of the module, which begins on the next line that says so.
    fn head(&mut self, keyword: &'static str, name: &str) {
        let start = format!("{keyword} {name}");
        let line = self.find(self.next, |line| begins(without_qualifiers(line), &start));
        if let Some(line) = line {
            self.next = line + 1;
            self.add(keyword, line, name.trim_start_matches("r#").to_owned(), None);
        }
    }

    /// Finds a member of the item whose head was found last.
    fn below(&mut self, kind: &'static str, of: &str, name: &str, after: &str, origin: Option<String>) {
        let start = if kind.ends_with("method") { format!("fn {name}") } else { format!("{name}{after}") };
        let line = self.find(self.next, |line| {
            let member = line.strip_prefix("    ").filter(|member| !member.starts_with(' '));
            member.is_some_and(|member| begins(without_qualifiers(member), &start))
        });
        if let Some(line) = line {
            self.add(kind, line, format!("{of}::{}", name.trim_start_matches("r#")), origin);
        }
    }

    /// Finds the rows of a table that give the name of a property or parameter.
    fn rows(&mut self, table: &str, expression: &Expr) {
        let mut names = Names(Vec::new());
        names.visit_expr(expression);
        let mut from = self.next;
        for name in names.0 {
            let row = format!("name: {},", Value::from(name.as_str()));
            let Some(line) = self.find(from, |line| line.trim() == row) else { continue };
            from = line + 1;
            if let Some(origin) = self.member(&name) {
                self.add("row", line, format!("{table}[{name}]"), Some(origin));
            }
        }
    }

    fn find(&self, from: usize, is_it: impl Fn(&str) -> bool) -> Option<usize> {
        let lines = self.section.iter().enumerate().skip(from);
        lines.filter(|(_, line)| is_it(line)).map(|(index, _)| index).next()
    }

    fn add(&mut self, kind: &'static str, index: usize, path: String, origin: Option<String>) {
        let (file, line) = (self.file.path.clone(), self.first + index);
        let origin = origin.unwrap_or_else(|| self.origin.to_owned());
        self.found.push(Item { file, line, kind, path, origin });
    }

    /// Returns the pointer of the property or parameter that the section's place calls `name`, or that Rust calls so.
    fn member(&self, name: &str) -> Option<String> {
        if let Some(schema) = self.schema {
            let names = self.model.names();
            let is_it =
                |property: &&Property<'_>| property.name == name || names.property(property.name) == name;
            let property = schema.properties.iter().find(is_it)?;
            return Some(self.model.schema(property.schema).pointer.clone());
        }
        let parameters = &self.operation?.parameters;
        let by_setter = parameters.iter().find(|parameter| parameter.setter == name);
        let found = by_setter.or_else(|| parameters.iter().find(|parameter| parameter.name == name));
        found.map(|parameter| parameter.listed.clone())
    }

    /// Returns the pointer of the value `text` of the section's enumeration.
    fn value(&self, text: &str) -> Option<String> {
        let index = self.schema?.values?.iter().position(|value| value == text)?;
        Some(format!("{}/enum/{index}", self.origin))
    }
}

/// Collects what stands after `name:` in the struct expressions of a table, in their order.
struct Names(Vec<String>);

impl<'ast> Visit<'ast> for Names {
    fn visit_expr_struct(&mut self, expression: &'ast ExprStruct) {
        for field in &expression.fields {
            if let (Member::Named(ident), Expr::Lit(literal)) = (&field.member, &field.expr)
                && let (true, Lit::Str(text)) = (ident == "name", &literal.lit)
            {
                self.0.push(text.value());
            }
        }
        syn::visit::visit_expr_struct(self, expression);
    }
}

fn is_public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}

/// Returns a line from its keyword or name on.
fn without_qualifiers(line: &str) -> &str {
    let mut rest = line;
    if let Some(after) = rest.strip_prefix("pub") {
        let after = if after.starts_with('(') {
            after.split_once(')').map_or(after, |(_, after)| after)
        } else {
            after
        };
        rest = after.strip_prefix(' ').unwrap_or(rest);
    }
    for qualifier in ["const ", "async "] {
        if let Some(after) = rest
            .strip_prefix(qualifier)
            .filter(|after| after.starts_with("fn ") || after.starts_with("async "))
        {
            rest = after;
        }
    }
    rest
}

/// Returns `true` if `line` begins with `start` and a name in `start` ends there.
fn begins(line: &str, start: &str) -> bool {
    line.strip_prefix(start)
        .is_some_and(|rest| !rest.starts_with(|letter: char| letter == '_' || letter.is_alphanumeric()))
}

/// Returns the pointer in the documentation's "from `#/...`".
fn documented_origin(attributes: &[syn::Attribute]) -> Option<String> {
    attributes.iter().find_map(|attribute| {
        let syn::Meta::NameValue(pair) = &attribute.meta else { return None };
        let (true, Expr::Lit(literal)) = (pair.path.is_ident("doc"), &pair.value) else { return None };
        let Lit::Str(text) = &literal.lit else { return None };
        let text = text.value();
        let (_, from) = text.split_once("from `#")?;
        from.split_once('`').map(|(pointer, _)| pointer.to_owned())
    })
}

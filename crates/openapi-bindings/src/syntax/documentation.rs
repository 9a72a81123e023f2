//! The document's words as documentation of Rust items.
//!
//! What there is to say about a part of the document is in [`words`](crate::words); here it is put at the items that
//! were made from that part. What was made from none gets a sentence of its own, so that nothing public is without.

mod rest;
mod rustdoc;

use std::collections::HashMap;

use serde_json::Value;
use syn::{ImplItem, ImplItemFn, Item, ItemImpl};

use crate::passes::Plan;
use crate::syntax::tree::{enums_mut, impls_mut, module_mut, serde_value, structs_mut, type_name, wire_name};
use crate::words;
use openapi_document::document::Document;
use openapi_document::names;
use openapi_document::pointer::escape;

/// Documents the types, their fields and values, and the builders with their setters.
///
/// typify hands a description over as one string and as it is
/// (<https://github.com/oxidecomputer/typify/blob/v0.8.0/typify-impl/src/type_entry.rs>), which rustdoc warns about as
/// soon as it holds a bare URL, a bracket or a tag; it has none for builders.
pub(super) fn types(items: &mut [Item], plan: &Plan<'_>) -> usize {
    let root = plan.document.value();
    let mut setters: HashMap<(String, String), String> = HashMap::new();
    for item in structs_mut(items) {
        let name = item.ident.to_string();
        let Some(pointer) = plan.made.get(&name).map(|made| &made.pointer) else { continue };
        if let Some(about) = words::of_type(root, pointer) {
            rustdoc::replace(&mut item.attrs, &about);
        }
        for field in &mut item.fields {
            let about = wire_name(field).and_then(|wire| words::of_property(root, pointer, &wire));
            if let (Some(about), Some(ident)) = (about, &field.ident) {
                rustdoc::replace(&mut field.attrs, &about);
                setters.insert((name.clone(), ident.to_string()), about);
            }
        }
    }
    for item in enums_mut(items) {
        let Some(pointer) = plan.made.get(&item.ident.to_string()).map(|made| &made.pointer) else {
            continue;
        };
        if let Some(about) = words::of_type(root, pointer) {
            rustdoc::replace(&mut item.attrs, &about);
        }
        for variant in &mut item.variants {
            let value = variant.attrs.iter().find_map(|attribute| serde_value(attribute, "rename"));
            if let Some(value) = value {
                rustdoc::replace(&mut variant.attrs, &words::of_value(root, pointer, &value));
            }
        }
    }
    let builders = module_mut(items, "builder");
    for item in structs_mut(builders) {
        let about =
            format!("What a [`{0}`](super::{0}) is made from: set what is known, then convert.", item.ident);
        rustdoc::replace(&mut item.attrs, &about);
    }
    for (builder, member) in methods_mut(builders) {
        if let Some(about) = setters.get(&(builder, member.sig.ident.to_string())) {
            rustdoc::replace(&mut member.attrs, about);
        }
    }
    rest::document(items);
    rustdoc::rewrite(items)
}

/// Documents the builder of every operation, the setters of its parameters and its body, and how it is sent.
///
/// progenitor only lists the parameters at the method that starts the builder
/// (<https://github.com/oxidecomputer/progenitor/blob/v0.15.1/progenitor-impl/src/method.rs>, `builder_helper`).
pub(super) fn operations(items: &mut [Item], plan: &Plan<'_>) -> usize {
    let (root, names) = (plan.document.value(), plan.document.names());
    let operations: HashMap<String, Described<'_>> =
        Described::all(root).map(|operation| (names.builder(operation.id), operation)).collect();
    for item in structs_mut(items) {
        let Some(operation) = operations.get(&item.ident.to_string()) else { continue };
        let Described { id, pointer, method, path } = operation;
        let method_name = names.operation(id);
        let about = words::of_operation(root, pointer, (method, path), None).unwrap_or_default();
        let started = format!(
            "A call of [`Client::{method_name}`](super::Client::{method_name}): set its parameters, then send it."
        );
        rustdoc::replace(&mut item.attrs, &format!("{started}\n\n{about}"));
    }
    let mut setters: HashMap<&str, HashMap<String, String>> = HashMap::new();
    for (builder, member) in methods_mut(items) {
        let Some(Described { pointer, .. }) = operations.get(&builder) else { continue };
        let about = match member.sig.ident.to_string().as_str() {
            "new" => Some("A call by `client`, with nothing set yet.".to_owned()),
            "send" => words::of_answers(root, pointer, names).map(|(good, faults)| sends(&good, &faults)),
            "body" => words::of_body(root, pointer, names),
            "body_map" => Some("Has a function change what the body is made from.".to_owned()),
            name => {
                let setters = setters.entry(pointer).or_insert_with(|| of_parameters(root, pointer));
                setters.get(name).cloned()
            }
        };
        if let Some(about) = about {
            rustdoc::replace(&mut member.attrs, &about);
        }
    }
    rest::document(items);
    rustdoc::rewrite(items)
}

/// Documents the methods that start the builders of operations.
pub(crate) fn methods(item: &mut ItemImpl, document: &Document) {
    let (root, names) = (document.value(), document.names());
    let operations: HashMap<String, Described<'_>> =
        Described::all(root).map(|operation| (names.operation(operation.id), operation)).collect();
    for member in &mut item.items {
        let ImplItem::Fn(member) = member else { continue };
        let Some(operation) = operations.get(&member.sig.ident.to_string()) else { continue };
        let Described { pointer, method, path, .. } = operation;
        let arguments = words::of_arguments(root, pointer, names);
        let answers = words::of_answers(root, pointer, names).map(|(good, _)| good);
        let about = words::of_operation(root, pointer, (method, path), arguments.into_iter().chain(answers));
        rustdoc::replace(&mut member.attrs, &about.unwrap_or_default());
    }
    let mut items = [Item::Impl(item.clone())];
    rest::document(&mut items);
    rustdoc::rewrite(&mut items);
    if let [Item::Impl(documented)] = items {
        *item = documented;
    }
}

/// Returns `item` with documentation that rustdoc shows as it is written.
pub(crate) fn escaped(item: Item) -> Item {
    let mut items = [item];
    rustdoc::rewrite(&mut items);
    let [item] = items;
    item
}

/// An operation, and where it stands.
struct Described<'a> {
    id: &'a str,
    pointer: String,
    method: &'a str,
    path: &'a str,
}

impl<'a> Described<'a> {
    /// Every operation of the document `root`.
    fn all(root: &'a Value) -> impl Iterator<Item = Self> {
        openapi_document::operations::operations(root).filter_map(|(path, method, operation)| {
            let id = operation.get("operationId").and_then(Value::as_str)?;
            Some(Described { id, pointer: format!("/paths/{}/{method}", escape(path)), method, path })
        })
    }
}

/// What there is to say about each parameter of the operation at `pointer`, by the name of its setter.
fn of_parameters(root: &Value, pointer: &str) -> HashMap<String, String> {
    let setters = names::setters(root, pointer);
    let described = setters
        .into_iter()
        .filter_map(|setter| words::of_parameter(root, &setter.pointer).map(|about| (setter.name, about)));
    described.collect()
}

/// What `send` does.
fn sends(good: &str, faults: &[String]) -> String {
    let mut words = format!(
        "Sends the request.\n\n{good}\n\n# Errors\n\
         Before anything is sent, if a parameter is missing or breaks a rule. After that, if there is no answer, none that \
         can be read, or one that says no; [`Error`](runtime::Error) tells them apart."
    );
    if !faults.is_empty() {
        words.push_str(" The document has:\n\n");
        words.push_str(&faults.join("\n"));
    }
    words
}

/// The methods that the types among `items` have of their own, with the names of those types.
fn methods_mut(items: &mut [Item]) -> impl Iterator<Item = (String, &mut ImplItemFn)> {
    impls_mut(items).filter(|item| item.trait_.is_none()).flat_map(|item| {
        let name = type_name(&item.self_ty).unwrap_or_default();
        item.items.iter_mut().filter_map(move |member| match member {
            ImplItem::Fn(function) => Some((name.clone(), function)),
            _ => None,
        })
    })
}

#[cfg(test)]
mod tests {
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
        assert_eq!(changes, 3);
        let expected = "
/// A pet.
///
/// * `cat` - meows
pub struct Pet {
    /// Its name
    pub name: String,
    /// The property `age`.
    pub age: i64,
}
";
        assert_eq!(source, formatted(expected));
    }

    #[test]
    fn a_type_its_properties_and_their_setters_say_what_the_document_says() {
        let (source, changes) = after(
            "type_documentation",
            r"
openapi: 3.0.3
info: {title: t, version: '1'}
paths: {}
components:
  schemas:
    Pet: {type: object, x-note: An animal., properties: {type: {type: string, description: What it is, x-since: '2024.8'}}}
    Kind: {type: string, enum: [cat, dog], x-enum-labels: {cat: A cat}}
",
            r#"
pub struct Pet { #[doc = "What it is"] #[serde(rename = "type")] pub type_: String }
pub enum Kind { #[serde(rename = "cat")] Cat, #[serde(rename = "dog")] Dog }
pub mod builder {
    pub struct Pet { type_: String }
    impl Pet { pub fn type_(mut self, value: String) -> Self { self } }
}
"#,
        );
        assert_eq!(changes, 8);
        let expected = r#"
/// An animal.
///
/// From `#/components/schemas/Pet`.
pub struct Pet {
    /// What it is
    ///
    /// Since 2024.8.
    ///
    /// From `#/components/schemas/Pet/properties/type`.
    #[serde(rename = "type")]
    pub type_: String,
}
/// `Kind` of the document.
///
/// From `#/components/schemas/Kind`.
pub enum Kind {
    /// A cat
    #[serde(rename = "cat")]
    Cat,
    /// The value `dog`.
    #[serde(rename = "dog")]
    Dog,
}
/// The module `builder`.
pub mod builder {
    /// What a [`Pet`](super::Pet) is made from: set what is known, then convert.
    pub struct Pet { type_: String }
    impl Pet {
        /// What it is
        ///
        /// Since 2024.8.
        ///
        /// From `#/components/schemas/Pet/properties/type`.
        pub fn type_(mut self, value: String) -> Self { self }
    }
}
"#;
        assert_eq!(source, formatted(expected));
    }

    #[test]
    fn a_call_its_parameters_and_its_errors_say_what_the_document_says() {
        let (source, _) = after(
            "client_documentation",
            r"
openapi: 3.0.3
info: {title: t, version: '1'}
paths:
  /pets/:
    get:
      operationId: pets_list
      description: All pets.
      parameters: [{name: type, in: query, description: Of this kind., schema: {type: string}}]
      responses:
        '200': {description: '', content: {application/json: {schema: {$ref: '#/components/schemas/Pets'}}}}
        '403': {description: You may not.}
components: {schemas: {Pets: {type: array, x-note: Many., items: {}}}}
",
            r"
pub struct PetsList<'a> { client: &'a super::Client }
impl<'a> PetsList<'a> {
    pub fn new(client: &'a super::Client) -> Self { Self { client } }
    pub fn type_(self, value: String) -> Self { self }
    /// How often.
    pub fn options(self) -> Self { self }
    pub async fn send(self) -> R { r }
}
",
        );
        let expected = r"
/// A call of [`Client::pets_list`](super::Client::pets_list): set its parameters, then send it.
///
/// All pets.
///
/// `GET /pets/`
///
/// From `#/paths/~1pets~1/get`.
pub struct PetsList<'a> { client: &'a super::Client }
impl<'a> PetsList<'a> {
    /// A call by `client`, with nothing set yet.
    pub fn new(client: &'a super::Client) -> Self { Self { client } }
    /// Of this kind.
    ///
    /// Sent as `type` in the query.
    ///
    /// From `#/paths/~1pets~1/get/parameters/0`.
    pub fn type_(self, value: String) -> Self { self }
    /// How often.
    pub fn options(self) -> Self { self }
    /// Sends the request.
    ///
    /// Answers [`Pets`](types::Pets) (200): Many.
    ///
    /// # Errors
    /// Before anything is sent, if a parameter is missing or breaks a rule. After that, if there is no answer, none that can be read, or one that says no; [`Error`](runtime::Error) tells them apart. The document has:
    ///
    /// - 403: You may not.
    pub async fn send(self) -> R { r }
}
";
        assert_eq!(source, formatted(expected));
    }
}

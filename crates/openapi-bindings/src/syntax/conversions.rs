//! Conversions of what operations answer into what they take, so that an object can be read, changed and written back.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Field, Fields, Ident, Item, ItemEnum, ItemStruct, Type, Variant, parse_quote};

use crate::safe_text::code;
use crate::syntax::Plan;
use crate::syntax::documentation::attributes;
use crate::syntax::tree::{has_serde, type_name, wire_name, wrapped};
use openapi_document::model::{Operation, SchemaId};

/// Adds `From<&Answer>` for every body that has a counterpart among the answers of the same path, and for its builder, if the
/// answer has every property that the body needs.
///
/// Nothing is lost on the way: `null` stays `null`, a value that an enumeration does not know stays what it is, and a text is
/// taken even if it breaks a rule of the document, since it is the server's own. A pair of which that cannot be said has no
/// conversion. What a body has and the answer does not is left out.
pub(super) fn answers_to_bodies(items: &mut Vec<Item>, plan: &Plan<'_>) -> usize {
    let types = Types::of(items, plan);
    let mut converted = Converted::default();
    for (answer, body) in pairs(plan) {
        types.convert(&answer, &body, &mut converted);
    }
    let added: Vec<Item> = converted.items.into_values().flatten().flatten().collect();
    let changes = added.len();
    items.extend(added);
    changes
}

/// Returns the types of an answer and a body for all operations of a path that share their tags.
fn pairs(plan: &Plan<'_>) -> BTreeSet<(String, String)> {
    let model = &plan.model;
    let mut names: BTreeMap<SchemaId, Vec<&String>> = BTreeMap::new();
    for (name, made) in &plan.made {
        if let Some(schema) = made.schema {
            names.entry(model.resolved(schema).id).or_default().push(name);
        }
    }
    let called = |id: SchemaId| names.get(&model.resolved(id).id).into_iter().flatten().copied();
    let mut beside: HashMap<_, Vec<&Operation<'_>>> = HashMap::new();
    for operation in &model.operations {
        beside.entry((operation.path, &operation.tags)).or_default().push(operation);
    }
    let mut pairs = BTreeSet::new();
    for taking in &model.operations {
        let Some(body) = taking.body.as_ref().and_then(|body| body.sent()?.schema) else { continue };
        let beside = beside.get(&(taking.path, &taking.tags)).into_iter().flatten();
        for answer in beside.flat_map(|answering| answering.answers(&model.schemas).schemas) {
            for answer in called(answer) {
                pairs.extend(
                    called(body).filter(|body| *body != answer).map(|body| (answer.clone(), body.clone())),
                );
            }
        }
    }
    pairs
}

/// The types there are, by their names.
struct Types<'p> {
    structs: HashMap<String, &'p ItemStruct>,
    enums: HashMap<String, &'p ItemEnum>,
    builders: HashSet<String>,
    plan: &'p Plan<'p>,
}

/// The conversions that are there, and those that cannot be.
#[derive(Default)]
struct Converted {
    /// By the answer and the body; `None` if there can be none.
    items: BTreeMap<(String, String), Option<Vec<Item>>>,
    /// The pairs in the order in which they were looked at.
    order: Vec<(String, String)>,
}

impl Converted {
    fn insert(&mut self, key: (String, String), items: Option<Vec<Item>>) {
        if self.items.insert(key.clone(), items).is_none() {
            self.order.push(key);
        }
    }

    /// Forgets all but the pairs that were looked at first.
    fn forget_after(&mut self, first: usize) {
        for key in self.order.split_off(first) {
            self.items.remove(&key);
        }
    }
}

impl<'p> Types<'p> {
    fn of(items: &'p [Item], plan: &'p Plan<'_>) -> Self {
        let mut types =
            Types { structs: HashMap::new(), enums: HashMap::new(), builders: HashSet::new(), plan };
        for item in items {
            match item {
                Item::Struct(item) => drop(types.structs.insert(item.ident.to_string(), item)),
                Item::Enum(item) => drop(types.enums.insert(item.ident.to_string(), item)),
                Item::Mod(module) if module.ident == "builder" => {
                    let inside = module.content.iter().flat_map(|(_, items)| items);
                    types.builders.extend(inside.filter_map(|item| match item {
                        Item::Struct(item) => Some(item.ident.to_string()),
                        _ => None,
                    }));
                }
                _ => {}
            }
        }
        types
    }

    /// Adds the conversion of the struct `answer` into the struct `body`; `false` if there is none.
    fn convert(&self, answer: &str, body: &str, converted: &mut Converted) -> bool {
        let key = (answer.to_owned(), body.to_owned());
        if let Some(known) = converted.items.get(&key) {
            return known.is_some();
        }
        let before = converted.order.len();
        // Types that hold themselves have a conversion if everything else of them has.
        converted.insert(key.clone(), Some(Vec::new()));
        let items = self.conversion(answer, body, converted);
        let is_there = items.is_some();
        if !is_there {
            // What was found meanwhile may have relied on it.
            converted.forget_after(before);
        }
        converted.insert(key, items);
        is_there
    }

    fn conversion(&self, answer: &str, body: &str, converted: &mut Converted) -> Option<Vec<Item>> {
        let (from, into) = (self.structs.get(answer)?, self.structs.get(body)?);
        let (Fields::Named(known), Fields::Named(taken)) = (&from.fields, &into.fields) else { return None };
        let (mut values, mut left_out) = (Vec::new(), Vec::new());
        for field in &taken.named {
            let ident = field.ident.as_ref()?;
            let counterpart = known.named.iter().find(|known| is_counterpart(known, field));
            let value = match counterpart {
                Some(known) => {
                    let name = known.ident.as_ref()?;
                    self.value(&known.ty, &field.ty, quote!(&value.#name), body, converted)?
                }
                None if may_be_left_out(field) => {
                    left_out.extend(wire_name(field).filter(|_| !has_serde(field, "flatten")));
                    quote!(::std::default::Default::default())
                }
                None => return None,
            };
            values.push(quote!(#ident: #value));
        }
        // Something has to be left of the answer.
        if left_out.len() == values.len() {
            return None;
        }
        let (from, into) = (&from.ident, &into.ident);
        let mut words = format!("Says what [`{from}`] says, unchanged.");
        if !left_out.is_empty() {
            let names: Vec<String> = left_out.iter().map(|name| code(name)).collect();
            words.extend([" An answer does not have ", &names.join(", "), ": left out."]);
        }
        let about = attributes(&words);
        let mut items: Vec<Item> = vec![parse_quote! {
            #(#about)*
            impl ::std::convert::From<&#from> for #into {
                fn from(value: &#from) -> Self {
                    Self { #(#values),* }
                }
            }
        }];
        if self.builders.contains(body) {
            items.push(parse_quote! {
                impl ::std::convert::From<&#from> for builder::#into {
                    fn from(value: &#from) -> Self {
                        #into::from(value).into()
                    }
                }
            });
        }
        Some(items)
    }

    /// Returns the value of the type `into` that `value`, a reference to a `from`, is in the body `body`.
    fn value(
        &self,
        from: &Type,
        into: &Type,
        value: TokenStream,
        body: &str,
        converted: &mut Converted,
    ) -> Option<TokenStream> {
        let is_same = quote!(#from).to_string() == quote!(#into).to_string();
        if is_same {
            return Some(quote!(::std::clone::Clone::clone(#value)));
        }
        let mut inner = |from: &Type, into: &Type| self.value(from, into, quote!(value), body, converted);
        if let Some(into) = wrapped(into, "Patch") {
            if let Some(from) = wrapped(from, "Option") {
                let value_of = inner(from, into)?;
                return Some(
                    quote!(::openapi_wire::Patch::or_null((#value).as_ref().map(|value| #value_of))),
                );
            }
            let value_of = self.value(from, into, value, body, converted)?;
            return Some(quote!(::openapi_wire::Patch::Value(#value_of)));
        }
        match (wrapped(from, "Option"), wrapped(into, "Option")) {
            (Some(from), Some(into)) => {
                let value_of = inner(from, into)?;
                return Some(quote!((#value).as_ref().map(|value| #value_of)));
            }
            (None, Some(into)) => {
                let value_of = self.value(from, into, value, body, converted)?;
                return Some(quote!(::std::option::Option::Some(#value_of)));
            }
            (Some(_), None) => return None,
            (None, None) => {}
        }
        if let (Some(from), Some(into)) = (wrapped(from, "Vec"), wrapped(into, "Vec")) {
            let value_of = inner(from, into)?;
            return Some(quote!((#value).iter().map(|value| #value_of).collect()));
        }
        if let (Some(from), Some(into)) = (wrapped(from, "Box"), wrapped(into, "Box")) {
            let value_of = inner(from, into)?;
            return Some(quote!({
                let value = &**#value;
                ::std::boxed::Box::new(#value_of)
            }));
        }
        let (from_name, into_name) = (type_name(from)?, type_name(into)?);
        if let Some(value_of) = self.text(&from_name, &into_name, &value, body) {
            return Some(value_of);
        }
        if let Some(arms) = self.variants(&from_name, &into_name) {
            return Some(quote!(match #value { #arms }));
        }
        let both = self.structs.contains_key(&from_name) && self.structs.contains_key(&into_name);
        (both && self.convert(&from_name, &into_name, converted))
            .then(|| quote!(<#into as ::std::convert::From<&#from>>::from(#value)))
    }

    /// Returns the conversion of a text into one, each of which may have rules.
    fn text(&self, from: &str, into: &str, value: &TokenStream, body: &str) -> Option<TokenStream> {
        let is_text = |name: &str| name == "String" || self.checked_text(name).is_some();
        if !is_text(from) {
            return None;
        }
        if into == "String" {
            return Some(quote!((#value).to_string()));
        }
        // What is made for a property is in the same module as its object, and only there can a rule be passed by.
        let checked = self.checked_text(into)?;
        let pointer = |name: &str| self.plan.made.get(name).map(|made| made.pointer.as_str());
        let belongs = pointer(into)?.starts_with(pointer(body)?);
        belongs.then(|| {
            if from == "String" {
                quote!(#checked(::std::clone::Clone::clone(#value)))
            } else {
                quote!(#checked(::std::clone::Clone::clone(&**#value)))
            }
        })
    }

    /// Returns the type `name`, if it is a text with rules.
    fn checked_text(&self, name: &str) -> Option<&Ident> {
        let item = self.structs.get(name)?;
        let Fields::Unnamed(fields) = &item.fields else { return None };
        let only = fields.unnamed.first().filter(|_| fields.unnamed.len() == 1)?;
        (type_name(&only.ty).as_deref() == Some("String")).then_some(&item.ident)
    }

    /// Returns the arms that turn an enumeration of texts into another that has all of its values.
    fn variants(&self, from: &str, into: &str) -> Option<TokenStream> {
        let (from, into) = (self.enums.get(from)?, self.enums.get(into)?);
        let arms = from.variants.iter().map(|variant| {
            let counterpart = into.variants.iter().find(|known| known.ident == variant.ident)?;
            let (from, into, name) = (&from.ident, &into.ident, &variant.ident);
            match (&variant.fields, &counterpart.fields) {
                (Fields::Unit, Fields::Unit) if text(variant) == text(counterpart) => {
                    Some(quote!(#from::#name => #into::#name,))
                }
                // It stands last. The enumeration may be another crate's, where more variants have to be expected.
                (Fields::Unnamed(_), Fields::Unnamed(_)) if name == "Unrecognized" => {
                    Some(quote!(other => #into::#name(::std::string::ToString::to_string(other)),))
                }
                _ => None,
            }
        });
        arms.collect()
    }
}

/// Returns the text of a variant on the wire.
fn text(variant: &Variant) -> Option<String> {
    variant.attrs.iter().find_map(|attribute| crate::syntax::tree::serde_value(attribute, "rename"))
}

/// Returns `true` if two fields are the same property, or both hold all that have no field.
fn is_counterpart(known: &Field, taken: &Field) -> bool {
    match (has_serde(known, "flatten"), has_serde(taken, "flatten")) {
        (false, false) => wire_name(known) == wire_name(taken),
        (true, true) => true,
        _ => false,
    }
}

/// Returns `true` if nothing of a property has to be sent.
fn may_be_left_out(field: &Field) -> bool {
    ["Option", "Patch"].iter().any(|wrapper| wrapped(&field.ty, wrapper).is_some())
        && !has_serde(field, "deserialize_with")
        && (has_serde(field, "skip_serializing_if") || has_serde(field, "default"))
        || has_serde(field, "flatten")
}

#[cfg(test)]
mod tests {
    use crate::syntax::plan::tests::plan;
    use openapi_document::document::Document;
    use openapi_document::model::Model;

    const DOCUMENT: &str = r"
openapi: 3.0.3
info: {title: t, version: '1'}
paths:
  /pet/:
    get:
      operationId: pets_retrieve
      responses: {'200': {description: '', content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}}
    put:
      operationId: pets_update
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/PetRequest'}}}}
      responses: {'204': {description: ''}}
  /toys/:
    post:
      operationId: toys_create
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Toy'}}}}
      responses: {'200': {description: '', content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}}
components:
  schemas:
    Pet: {type: object, properties: {name: {type: string}}}
    PetRequest: {type: object, properties: {name: {type: string, maxLength: 9}}}
    Toy: {type: object, properties: {name: {type: string}}}
";

    fn converted(source: &str) -> String {
        let document = Document::parse("spec.yaml", DOCUMENT).unwrap();
        let mut items = syn::parse_file(source).unwrap().items;
        let before = items.len();
        super::answers_to_bodies(&mut items, &plan(&Model::of(&document)));
        let text = prettyplease::unparse(&crate::rust::file_of(items.split_off(before)));
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn what_an_answer_says_is_said_again_whatever_form_it_has() {
        let text = converted(
            r#"
pub struct Pet {
    pub id: i64,
    pub name: String,
    pub vet: Option<String>,
    pub kind: PetKind,
    #[serde(rename = "type")] pub type_: Option<Vec<PetKind>>,
    #[serde(flatten)] pub extra: Map,
}
pub struct PetRequest {
    pub name: PetRequestName,
    #[serde(default, skip_serializing_if = "a")] pub vet: Patch<String>,
    pub kind: Option<PetRequestKind>,
    #[serde(rename = "type")] pub type__: Option<Vec<PetRequestKind>>,
    #[serde(skip_serializing_if = "a")] pub chip: Option<String>,
    #[serde(flatten)] pub extra: Map,
}
pub struct PetRequestName(String);
pub enum PetKind { #[serde(rename = "cat")] Cat, #[serde(untagged)] Unrecognized(String) }
pub enum PetRequestKind { #[serde(rename = "cat")] Cat, #[serde(rename = "dog")] Dog, #[serde(untagged)] Unrecognized(String) }
pub struct Toy { pub size: i64 }
pub mod builder { pub struct PetRequest {} }
"#,
        );
        for part in [
            "An answer does not have `chip`: left out. impl ::std::convert::From<&Pet> for PetRequest {",
            "name: PetRequestName(::std::clone::Clone::clone(&value.name)),",
            "vet: ::openapi_wire::Patch::or_null( (&value.vet).as_ref().map(|value| ::std::clone::Clone::clone(value)), ),",
            "kind: ::std::option::Option::Some( match &value.kind { PetKind::Cat => PetRequestKind::Cat,",
            "other => { PetRequestKind::Unrecognized( ::std::string::ToString::to_string(other), ) }",
            "type__: (&value.type_) .as_ref()",
            "chip: ::std::default::Default::default(), extra: ::std::clone::Clone::clone(&value.extra),",
            "impl ::std::convert::From<&Pet> for builder::PetRequest { fn from(value: &Pet) -> Self { PetRequest::from(value).into() }",
        ] {
            assert!(text.contains(part), "{part}\nin {text}");
        }
        assert!(!text.contains("for Toy"), "{text}");
    }

    #[test]
    fn nothing_is_converted_if_something_would_be_lost_or_made_up() {
        for (answer, body) in [
            ("pub id: i64", "pub id: i64, pub name: String"),
            ("pub id: Option<i64>", "pub id: i64"),
            ("pub owner: Owner", "#[serde(default)] pub owner: Option<i64>"),
            ("pub id: i64", "#[serde(default)] pub chip: Option<i64>"),
            ("pub kind: Kind", "pub kind: Narrow"),
        ] {
            let text = converted(&format!(
                "pub struct Pet {{ {answer} }} pub struct PetRequest {{ {body} }} pub struct Owner {{ pub id: i64 }}
                 pub enum Kind {{ #[serde(rename = \"a\")] A, #[serde(rename = \"b\")] B }}
                 pub enum Narrow {{ #[serde(rename = \"a\")] A }}"
            ));
            assert_eq!(text, "", "{answer}; {body}");
        }
    }
}

//! What the answers of the operations look like, as tables that a client can hold an answer against.
//!
//! They say less than the schemas: which properties there are, which of them every answer has, and what kind of value
//! stands where. Which value is missing, unknown or off its limits can be told from that; whether a uuid is one cannot.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use heck::ToShoutySnakeCase;
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use serde_json::Value;

use crate::document::pointer::escape;
use crate::document::{Document, resolve};
use crate::error::Result;
use crate::passes::{components, operations};
use crate::property::{Property, properties};
use crate::rust::RustFile;
use crate::usage::{component, reached_from};

/// The file of the tables: the shape of the answer of every operation, and a static per component.
pub(super) fn file(document: &Document) -> Result<RustFile> {
    let root = document.value();
    let mut file = RustFile::new("The shapes of all answers.")
        .allow("dead_code, unused_imports")
        .allow("clippy::all, clippy::pedantic");
    let head = quote! {
        use crate::drift::shape::{Object, Pattern, Property, Shape};
    };
    file.push_tokens(document, None, head)?;

    let mut answers = BTreeMap::new();
    let mut reached = BTreeSet::new();
    for (_, _, operation) in operations(root) {
        let (Some(id), Some(schema)) =
            (operation.get("operationId").and_then(Value::as_str), answer(root, operation))
        else {
            continue;
        };
        reached.extend(reached_from(root, schema));
        let shape = shape(root, schema);
        answers.insert(id, quote!((#id, #shape)));
    }
    let answers = answers.values();
    let table = quote! {
        /// The shape of what each operation answers, by its id.
        pub(crate) static ANSWERS: &[(&str, Shape)] = &[#(#answers),*];
    };
    file.push_tokens(document, None, table)?;
    let mut of_component: HashMap<&str, Vec<Property<'_>>> = HashMap::new();
    for property in properties(root) {
        of_component.entry(property.component).or_default().push(property);
    }
    for (name, schema) in components(root).filter(|(name, _)| reached.contains(*name)) {
        if is_object(root, schema) {
            let properties = of_component.get(name.as_str()).map_or(&[][..], Vec::as_slice);
            file.push_tokens(
                document,
                Some(&format!("/components/schemas/{}", escape(name))),
                object(root, name, properties),
            )?;
        }
    }
    Ok(file)
}

/// The schema of what an operation answers when all is well, if that is JSON.
fn answer<'a>(root: &'a Value, operation: &'a Value) -> Option<&'a Value> {
    let responses = operation.get("responses")?.as_object()?;
    let (_, response) = responses.iter().find(|(status, _)| status.starts_with('2'))?;
    resolve(root, response).pointer("/content/application~1json/schema")
}

fn object(root: &Value, name: &str, properties: &[Property<'_>]) -> TokenStream {
    let ident = static_name(name);
    let properties = properties.iter().map(|property| {
        let (name, nullable) = (property.name, property.nullable);
        // What a release brought along, every answer of that release and later ones has.
        let since = resolve(root, property.schema).get("x-since").or(property.schema.get("x-since"));
        let (required, expected) = (property.required, property.required || since.is_some());
        let shape = shape(root, property.schema);
        quote!(Property {
            name: #name,
            required: #required,
            expected: #expected,
            nullable: #nullable,
            shape: #shape,
        })
    });
    let documentation = format!("`{name}`");
    quote! {
        #[doc = #documentation]
        pub(crate) static #ident: Object = Object { properties: &[#(#properties),*] };
    }
}

/// How deep a list may stand in others; what is deeper, as in a list of itself, is not looked at.
const DEEPEST: usize = 32;

/// The shape of the values of `schema`.
fn shape(root: &Value, schema: &Value) -> TokenStream {
    nested(root, schema, 0)
}

fn nested(root: &Value, schema: &Value, depth: usize) -> TokenStream {
    if depth > DEEPEST {
        return quote!(Shape::Opaque);
    }
    if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
        let target = resolve(root, schema);
        return match component(reference) {
            Some(name) if is_object(root, target) => {
                let ident = static_name(&name);
                quote!(Shape::Object(&#ident))
            }
            _ if target.get("$ref").is_some() => quote!(Shape::Opaque),
            _ => nested(root, target, depth + 1),
        };
    }
    if let Some([part]) = schema.get("allOf").and_then(Value::as_array).map(Vec::as_slice) {
        return nested(root, part, depth + 1);
    }
    if let Some(values) = schema.get("enum").and_then(Value::as_array) {
        let values = values.iter().filter_map(Value::as_str);
        return quote!(Shape::Choice(&[#(#values),*]));
    }
    match schema.get("type").and_then(Value::as_str) {
        Some("boolean") => quote!(Shape::Boolean),
        Some("string") if schema.get("format").is_none() => text(schema),
        Some("array") => {
            let items = schema
                .get("items")
                .map_or_else(|| quote!(Shape::Opaque), |items| nested(root, items, depth + 1));
            quote!(Shape::List(&#items))
        }
        Some("object") if schema.get("properties").is_none() => quote!(Shape::Map),
        _ => quote!(Shape::Opaque),
    }
}

fn text(schema: &Value) -> TokenStream {
    let optional =
        |value: Option<TokenStream>| value.map_or_else(|| quote!(None), |value| quote!(Some(#value)));
    let longest = schema.get("maxLength").and_then(Value::as_u64).and_then(|most| usize::try_from(most).ok());
    let longest = optional(longest.map(|most| quote!(#most)));
    let pattern = schema.get("pattern").and_then(Value::as_str);
    let pattern = optional(pattern.map(|pattern| {
        // A table holds no state, so the compiled pattern has a place of its own.
        quote!(|| {
            static PATTERN: Pattern = Pattern::new(#pattern);
            &PATTERN
        })
    }));
    quote!(Shape::Text { longest: #longest, pattern: #pattern })
}

/// Whether a component is an object whose properties are known, also as a composition.
fn is_object(root: &Value, schema: &Value) -> bool {
    let parts = schema.get("allOf").and_then(Value::as_array).into_iter().flatten();
    schema.get("properties").is_some()
        || parts.map(|part| resolve(root, part)).any(|part| part.get("properties").is_some())
}

fn static_name(component: &str) -> syn::Ident {
    format_ident!("{}", component.to_shouty_snake_case())
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOCUMENT: &str = r"
openapi: 3.0.3
info: {title: t, version: '1'}
paths:
  /pets/:
    get:
      operationId: pets_list
      responses:
        '200':
          description: ''
          content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Pet'}}}}
    delete: {operationId: pets_destroy, responses: {'204': {description: ''}}}
components:
  schemas:
    Kind: {type: string, enum: [cat, dog]}
    Pet:
      type: object
      required: [name]
      properties:
        name: {type: string, maxLength: 9, pattern: '^[a-z]+$'}
        kind: {allOf: [{$ref: '#/components/schemas/Kind'}], nullable: true}
        parent: {$ref: '#/components/schemas/Pet'}
        tags: {type: array, items: {type: string, format: uuid}, x-since: '2'}
    Unused: {type: object, properties: {a: {type: boolean}}}
";

    #[test]
    fn a_table_says_what_an_answer_has_and_what_kind_of_value_stands_where() {
        let document = Document::parse("spec.yaml", DOCUMENT).unwrap();
        let text = file(&document).unwrap().finish("shapes.rs", &document, "make").text;
        let flat: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(flat.contains(r#"("pets_list", Shape::List(&Shape::Object(&PET)))"#), "{flat}");
        assert!(!flat.contains("pets_destroy") && !flat.contains("UNUSED"), "{flat}");
        for property in [
            r#"name: "name", required: true, expected: true, nullable: false, shape: Shape::Text { longest: Some(9usize), pattern: Some(|| { static PATTERN: Pattern = Pattern::new("^[a-z]+$"); &PATTERN }), }"#,
            r#"name: "kind", required: false, expected: false, nullable: true, shape: Shape::Choice(&["cat", "dog"])"#,
            r#"name: "parent", required: false, expected: false, nullable: false, shape: Shape::Object(&PET)"#,
            r#"name: "tags", required: false, expected: true, nullable: false, shape: Shape::List(&Shape::Opaque)"#,
        ] {
            assert!(flat.contains(property), "{property}\nin {flat}");
        }
    }
}

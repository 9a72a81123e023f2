//! What the answers of the operations look like, as tables that a client can hold an answer against.
//!
//! They say less than the schemas: which properties there are, which of them every answer has, and what kind of value
//! stands where. Which value is missing, unknown, off its limits or of another type can be told from that, and what can
//! stand in for it.

use std::collections::{BTreeSet, HashMap};

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use serde_json::Value;

use crate::rust::RustFile;
use openapi_document::document::{Document, resolve};
use openapi_document::error::Result;
use openapi_document::operations::{components, operations};
use openapi_document::pointer::{escape, of_reference};
use openapi_document::property::{Property, properties};
use openapi_document::usage::{component, reached_from};

/// The types of values that are read as a whole: type and format in the document, the Rust type typify gives it
/// (<https://github.com/oxidecomputer/typify/blob/v0.8.0/typify-impl/src/convert.rs>), and the value that says nothing, as
/// JSON. The first that fits is taken; an empty format is any.
const SCALARS: [(&str, &str, &str, &str); 19] = [
    ("boolean", "", "bool", "false"),
    ("integer", "int8", "i8", "0"),
    ("integer", "uint8", "u8", "0"),
    ("integer", "int16", "i16", "0"),
    ("integer", "uint16", "u16", "0"),
    ("integer", "int", "i32", "0"),
    ("integer", "int32", "i32", "0"),
    ("integer", "uint", "u32", "0"),
    ("integer", "uint32", "u32", "0"),
    ("integer", "uint64", "u64", "0"),
    ("integer", "", "i64", "0"),
    ("number", "float", "f32", "0.0"),
    ("number", "", "f64", "0.0"),
    ("string", "uuid", "::uuid::Uuid", r#""00000000-0000-0000-0000-000000000000""#),
    ("string", "date", "::chrono::NaiveDate", r#""1970-01-01""#),
    ("string", "date-time", "::chrono::DateTime<::chrono::Utc>", r#""1970-01-01T00:00:00Z""#),
    ("string", "ip", "::std::net::IpAddr", r#""0.0.0.0""#),
    ("string", "ipv4", "::std::net::Ipv4Addr", r#""0.0.0.0""#),
    ("string", "ipv6", "::std::net::Ipv6Addr", r#""::""#),
];

/// Writes a static for each component that an answer has. No value can stand in for the property
/// `essential`.
pub(super) fn file(document: &Document, essential: Option<&str>) -> Result<RustFile> {
    let root = document.value();
    let mut file = RustFile::new("The shapes of what answers hold.")
        .allow("dead_code, unused_imports")
        .allow("clippy::all, clippy::pedantic");
    let head = quote! {
        use ::openapi_client_runtime::codegen::{Object, Pattern, Property, Shape, reads};
    };
    file.push_tokens(document, None, head)?;

    let answers = operations(root).filter_map(|(_, _, operation)| answer(root, operation));
    let reached: BTreeSet<_> = answers.flat_map(|schema| reached_from(root, schema)).collect();
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
                object(document, name, properties, essential),
            )?;
        }
    }
    Ok(file)
}

/// The schema of what an operation answers when all is well, if that is JSON.
pub(super) fn answer<'a>(root: &'a Value, operation: &'a Value) -> Option<&'a Value> {
    let responses = operation.get("responses")?.as_object()?;
    let (_, response) = responses.iter().find(|(status, _)| status.starts_with('2'))?;
    resolve(root, response).pointer("/content/application~1json/schema")
}

fn object(
    document: &Document,
    name: &str,
    properties: &[Property<'_>],
    essential: Option<&str>,
) -> TokenStream {
    let ident = static_name(document, name);
    let properties = properties.iter().map(|property| {
        let (name, nullable) = (property.name, property.nullable);
        // What a release brought along, every answer of that release and later ones has.
        let since = document.resolve(property.schema).get("x-since").or(property.schema.get("x-since"));
        let (required, expected) = (property.required, property.required || since.is_some());
        let (essential, shape) =
            (essential == Some(name), shape(document, property.schema, &TokenStream::new()));
        quote!(Property {
            name: #name,
            essential: #essential,
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

/// Writes the shape of the values of `schema` where the statics of components are in the module `statics`.
pub(super) fn shape(document: &Document, schema: &Value, statics: &TokenStream) -> TokenStream {
    nested(document, schema, statics, 0)
}

fn nested(document: &Document, schema: &Value, statics: &TokenStream, depth: usize) -> TokenStream {
    if depth > DEEPEST {
        return quote!(Shape::Opaque);
    }
    if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
        let target = document.resolve(schema);
        return match component(last_reference(document, reference)) {
            Some(name) if is_object(document.value(), target) => {
                let ident = static_name(document, &name);
                match others(document.value(), target) {
                    None => quote!(Shape::Object(&#statics #ident)),
                    Some(others) => {
                        let others = Some(others).filter(|others| others.is_object());
                        let items = items(document, others, statics, depth + 1);
                        quote!(Shape::Open(&#statics #ident, &#items))
                    }
                }
            }
            _ if target.get("$ref").is_some() => quote!(Shape::Opaque),
            _ => nested(document, target, statics, depth + 1),
        };
    }
    if let Some([part]) = schema.get("allOf").and_then(Value::as_array).map(Vec::as_slice) {
        return nested(document, part, statics, depth + 1);
    }
    if let Some(values) = schema.get("enum").and_then(Value::as_array) {
        let texts: Option<Vec<&str>> =
            values.iter().filter(|value| !value.is_null()).map(Value::as_str).collect();
        return texts.map_or_else(|| quote!(Shape::Opaque), |texts| quote!(Shape::Choice(&[#(#texts),*])));
    }
    let kind = schema.get("type").and_then(Value::as_str).unwrap_or_default();
    if let Some(scalar) = scalar(schema, kind) {
        return scalar;
    }
    match kind {
        "string" => text(schema),
        "array" => {
            let items = items(document, schema.get("items"), statics, depth + 1);
            quote!(Shape::List(&#items))
        }
        "object" if schema.get("properties").is_none() => {
            let items = items(
                document,
                schema.get("additionalProperties").filter(|items| items.is_object()),
                statics,
                depth + 1,
            );
            quote!(Shape::Map(&#items))
        }
        _ => quote!(Shape::Opaque),
    }
}

/// The reference that leads to what `reference` leads to in the end: a component may be another by another name.
fn last_reference<'a>(document: &'a Document, mut reference: &'a str) -> &'a str {
    // A chain longer than this is a circle; parsing refuses both.
    const LONGEST_CHAIN: usize = 64;
    for _ in 0..LONGEST_CHAIN {
        let target = of_reference(reference).and_then(|at| document.value().pointer(&at));
        match target.and_then(|target| target.get("$ref")).and_then(Value::as_str) {
            Some(next) => reference = next,
            None => break,
        }
    }
    reference
}

/// What an object says of properties that it does not name: their schema, or only that there may be some.
fn others<'a>(root: &'a Value, schema: &'a Value) -> Option<&'a Value> {
    let parts = schema.get("allOf").and_then(Value::as_array).into_iter().flatten();
    let mut parts = std::iter::once(schema).chain(parts.map(|part| resolve(root, part)));
    parts.find_map(|part| part.get("additionalProperties")).filter(|others| **others != false)
}

/// The shape of what a list or a map holds.
fn items(document: &Document, schema: Option<&Value>, statics: &TokenStream, depth: usize) -> TokenStream {
    let Some(schema) = schema else { return quote!(Shape::Opaque) };
    let shape = nested(document, schema, statics, depth);
    let nullable = document.resolve(schema).get("nullable") == Some(&Value::Bool(true));
    if nullable { quote!(Shape::Nullable(&#shape)) } else { shape }
}

/// The shape of a value that is read as a whole.
fn scalar(schema: &Value, kind: &str) -> Option<TokenStream> {
    let whole = schema.get("x-integer") == Some(&Value::Bool(true));
    let kind = if kind == "number" && whole { "integer" } else { kind };
    let format = schema.get("format").and_then(Value::as_str).unwrap_or_default();
    let (.., rust, neutral) = SCALARS.iter().find(|(known_kind, known_format, ..)| {
        *known_kind == kind && (known_format.is_empty() || *known_format == format)
    })?;
    let rust: syn::Type = syn::parse_str(rust).ok()?;
    Some(quote!(Shape::Scalar { reads: reads::<#rust>, neutral: #neutral }))
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

fn static_name(document: &Document, component: &str) -> syn::Ident {
    format_ident!("{}", document.names().constant(component))
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
        born: {type: string, format: date}
        home: {$ref: '#/components/schemas/House'}
        legs: {type: object, additionalProperties: {type: integer, format: uint8, nullable: true}}
    House: {$ref: '#/components/schemas/Home'}
    Home: {type: object, properties: {street: {type: string}}, additionalProperties: {type: boolean}}
    Unused: {type: object, properties: {a: {type: boolean}}}
";

    #[test]
    fn a_table_says_what_an_answer_has_and_what_kind_of_value_stands_where() {
        let document = Document::parse("spec.yaml", DOCUMENT).unwrap();
        let text = file(&document, Some("name")).unwrap().finish("shapes.rs", &document, "make").text;
        let flat: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(!flat.contains("UNUSED"), "{flat}");
        for property in [
            r#"name: "name", essential: true, required: true, expected: true, nullable: false, shape: Shape::Text { longest: Some(9usize), pattern: Some(|| { static PATTERN: Pattern = Pattern::new("^[a-z]+$"); &PATTERN }), }"#,
            r#"name: "kind", essential: false, required: false, expected: false, nullable: true, shape: Shape::Choice(&["cat", "dog"])"#,
            r#"name: "home", essential: false, required: false, expected: false, nullable: false, shape: Shape::Open( &HOME, &Shape::Scalar { reads: reads::<bool>, neutral: "false", }, )"#,
            r#"name: "parent", essential: false, required: false, expected: false, nullable: false, shape: Shape::Object(&PET)"#,
            r#"name: "tags", essential: false, required: false, expected: true, nullable: false, shape: Shape::List( &Shape::Scalar { reads: reads::<::uuid::Uuid>, neutral: "\"00000000-0000-0000-0000-000000000000\"", }, )"#,
            r#"name: "born", essential: false, required: false, expected: false, nullable: false, shape: Shape::Scalar { reads: reads::<::chrono::NaiveDate>, neutral: "\"1970-01-01\"", }"#,
            r#"name: "legs", essential: false, required: false, expected: false, nullable: false, shape: Shape::Map( &Shape::Nullable( &Shape::Scalar { reads: reads::<u8>, neutral: "0", }, ), )"#,
        ] {
            assert!(flat.contains(property), "{property}\nin {flat}");
        }
    }
}

//! Writes the shapes of answers, as tables that a client compares an answer with.
//!
//! They say less than the schemas: which properties there are, which of them every answer has, and what kind of value
//! stands where. Which value is missing, unknown, off its limits or of another type can be told from that, and what can
//! stand in for it.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use serde_json::Value;

use crate::rust::RustFile;
use crate::safe_text::code;
use openapi_document::error::Result;
use openapi_document::model::{Additional, Kind, Model, Operation, Property, Schema, SchemaId};

/// The types of values that are read as a whole: type and format in the document, the Rust type typify gives it
/// (<https://github.com/oxidecomputer/typify/blob/v0.8.0/typify-impl/src/convert.rs>), and the value that says nothing, as
/// JSON. The first that fits is taken; an empty format is any.
const SCALARS: [(Kind, &str, &str, &str); 19] = [
    (Kind::Boolean, "", "bool", "false"),
    (Kind::Integer, "int8", "i8", "0"),
    (Kind::Integer, "uint8", "u8", "0"),
    (Kind::Integer, "int16", "i16", "0"),
    (Kind::Integer, "uint16", "u16", "0"),
    (Kind::Integer, "int", "i32", "0"),
    (Kind::Integer, "int32", "i32", "0"),
    (Kind::Integer, "uint", "u32", "0"),
    (Kind::Integer, "uint32", "u32", "0"),
    (Kind::Integer, "uint64", "u64", "0"),
    (Kind::Integer, "", "i64", "0"),
    (Kind::Number, "float", "f32", "0.0"),
    (Kind::Number, "", "f64", "0.0"),
    (Kind::String, "uuid", "::uuid::Uuid", r#""00000000-0000-0000-0000-000000000000""#),
    (Kind::String, "date", "::chrono::NaiveDate", r#""1970-01-01""#),
    (Kind::String, "date-time", "::chrono::DateTime<::chrono::Utc>", r#""1970-01-01T00:00:00Z""#),
    (Kind::String, "ip", "::std::net::IpAddr", r#""0.0.0.0""#),
    (Kind::String, "ipv4", "::std::net::Ipv4Addr", r#""0.0.0.0""#),
    (Kind::String, "ipv6", "::std::net::Ipv6Addr", r#""::""#),
];

/// Writes a static for each component that an answer has. No value can stand in for the property
/// `essential`.
pub(super) fn file(model: &Model<'_>, essential: Option<&str>) -> Result<RustFile> {
    let mut file = RustFile::new("The shapes of what answers hold.")
        .allow("dead_code, unused_imports")
        .allow("clippy::all, clippy::pedantic");
    let head = quote! {
        use ::openapi_client_runtime::codegen::{Object, Pattern, Property, Shape, reads};
    };
    file.push_tokens(model.document, None, head)?;
    let reached = model.schemas.reached(model.operations.iter().filter_map(answer));
    for (name, component) in model.schemas.components() {
        let schema = model.resolved(component.id);
        if reached.contains(&component.id) && is_object(model, schema) {
            let table = object(model, name, schema.id, essential);
            file.push_tokens(model.document, Some(&component.pointer), table)?;
        }
    }
    Ok(file)
}

/// Returns the schema of what an operation answers when all is well, if that is JSON.
pub(super) fn answer(operation: &Operation<'_>) -> Option<SchemaId> {
    let response = operation.responses.iter().find(|response| response.status.is_success())?;
    response.media.iter().find(|media| media.content_type == "application/json")?.schema
}

fn object(model: &Model<'_>, name: &str, id: SchemaId, essential: Option<&str>) -> TokenStream {
    let ident = static_name(model, name);
    let properties = model.schemas.properties(id).into_iter().map(|property| {
        let Property { name, schema: id, required } = property;
        let (written, schema) = (model.schema(id), model.resolved(id));
        // What a release brought along, every answer of that release and later ones has.
        let since = schema.member("x-since").or(written.member("x-since"));
        let (nullable, expected) = (schema.nullable, required || since.is_some());
        let (essential, shape) = (essential == Some(name), shape(model, id, &TokenStream::new()));
        quote!(Property {
            name: #name,
            essential: #essential,
            required: #required,
            expected: #expected,
            nullable: #nullable,
            shape: #shape,
        })
    });
    let undescribed = model.schemas.undescribed(id).into_iter().map(|name| {
        quote!(Property {
            name: #name,
            essential: false,
            required: false,
            expected: true,
            nullable: true,
            shape: Shape::Opaque,
        })
    });
    let properties = properties.chain(undescribed);
    let documentation = code(name);
    quote! {
        #[doc = #documentation]
        pub(crate) static #ident: Object = Object { properties: &[#(#properties),*] };
    }
}

/// How deep a list may stand in others; what is deeper, as in a list of itself, is not looked at.
const DEEPEST: usize = 32;

/// Writes the shape of the values of a schema where the statics of components are in the module `statics`.
pub(super) fn shape(model: &Model<'_>, id: SchemaId, statics: &TokenStream) -> TokenStream {
    nested(model, id, statics, 0)
}

fn nested(model: &Model<'_>, id: SchemaId, statics: &TokenStream, depth: usize) -> TokenStream {
    if depth > DEEPEST {
        return quote!(Shape::Opaque);
    }
    let schema = model.schema(id);
    if schema.member("$ref").is_some() {
        let target = model.resolved(id);
        return match target.component() {
            Some(name) if is_object(model, target) => {
                let ident = static_name(model, name);
                match others(model, target) {
                    Additional::Unsaid => quote!(Shape::Object(&#statics #ident)),
                    others => {
                        let items = items(model, held(others), statics, depth + 1);
                        quote!(Shape::Open(&#statics #ident, &#items))
                    }
                }
            }
            _ if target.member("$ref").is_some() => quote!(Shape::Opaque),
            _ => nested(model, target.id, statics, depth + 1),
        };
    }
    if let [part] = schema.all_of[..] {
        return nested(model, part, statics, depth + 1);
    }
    if let Some(values) = schema.values {
        let texts: Option<Vec<&str>> =
            values.iter().filter(|value| !value.is_null()).map(Value::as_str).collect();
        return texts.map_or_else(|| quote!(Shape::Opaque), |texts| quote!(Shape::Choice(&[#(#texts),*])));
    }
    if let Some(scalar) = scalar(schema) {
        return scalar;
    }
    match schema.kind {
        Some(Kind::String) => text(schema),
        Some(Kind::Array) => {
            let items = items(model, schema.items, statics, depth + 1);
            quote!(Shape::List(&#items))
        }
        Some(Kind::Object) if schema.is_collection() => {
            let items = items(model, held(schema.additional), statics, depth + 1);
            quote!(Shape::Map(&#items))
        }
        _ => quote!(Shape::Opaque),
    }
}

/// Returns what an object says of properties that it does not name: their schema, or only that there may be some.
fn others(model: &Model<'_>, schema: &Schema<'_>) -> Additional {
    let parts = schema.all_of.iter().map(|part| model.resolved(*part));
    let mut said = std::iter::once(schema).chain(parts).map(|part| part.additional);
    let allows = |said: &Additional| matches!(said, Additional::Any | Additional::Schema(_));
    said.find(allows).unwrap_or(Additional::Unsaid)
}

/// Returns the schema of what an object does not name.
fn held(others: Additional) -> Option<SchemaId> {
    match others {
        Additional::Schema(id) => Some(id),
        Additional::Any | Additional::Nothing | Additional::Unsaid => None,
    }
}

/// Returns the shape of what a list or a map holds.
fn items(model: &Model<'_>, id: Option<SchemaId>, statics: &TokenStream, depth: usize) -> TokenStream {
    let Some(id) = id else { return quote!(Shape::Opaque) };
    let shape = nested(model, id, statics, depth);
    if model.resolved(id).nullable { quote!(Shape::Nullable(&#shape)) } else { shape }
}

/// Returns the shape of a value that is read as a whole.
fn scalar(schema: &Schema<'_>) -> Option<TokenStream> {
    let kind = match schema.kind? {
        Kind::Number if schema.flag("x-integer") => Kind::Integer,
        kind => kind,
    };
    let format = schema.format.unwrap_or_default();
    let (.., rust, neutral) = SCALARS.iter().find(|(known_kind, known_format, ..)| {
        *known_kind == kind && (known_format.is_empty() || *known_format == format)
    })?;
    let rust: syn::Type = syn::parse_str(rust).ok()?;
    Some(quote!(Shape::Scalar { reads: reads::<#rust>, neutral: #neutral }))
}

fn text(schema: &Schema<'_>) -> TokenStream {
    let optional =
        |value: Option<TokenStream>| value.map_or_else(|| quote!(None), |value| quote!(Some(#value)));
    let longest = schema.bounds.max_length.and_then(|most| usize::try_from(most).ok());
    let longest = optional(longest.map(|most| quote!(#most)));
    let pattern = optional(schema.bounds.pattern.map(|pattern| {
        // A table holds no state, so the compiled pattern has a place of its own.
        quote!(|| {
            static PATTERN: Pattern = Pattern::new(#pattern);
            &PATTERN
        })
    }));
    quote!(Shape::Text { longest: #longest, pattern: #pattern })
}

/// Returns `true` if a component is an object whose properties are known, also as a composition. Those of an object with
/// alternatives depend on the one that a value is of.
fn is_object(model: &Model<'_>, schema: &Schema<'_>) -> bool {
    let mut has_properties = false;
    model.schemas.parts_of(schema.id, &mut |part| has_properties |= part.member("properties").is_some());
    has_properties && !model.schemas.varies(schema.id)
}

fn static_name(model: &Model<'_>, component: &str) -> syn::Ident {
    format_ident!("{}", model.names().constant(component))
}

#[cfg(test)]
mod tests {
    use super::*;
    use openapi_document::Document;

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
        let model = Model::of(&document);
        let text = file(&model, Some("name")).unwrap().finish("shapes.rs").text;
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

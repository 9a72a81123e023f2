//! `JsonSchema` for every component: the schema of the document, word for word.
//!
//! A derived one would describe the Rust type, which is wider than the document where a server's answers are.

use std::collections::{BTreeSet, HashSet};

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use serde_json::{Value, json};

use crate::rust::RustFile;
use openapi_document::document::Document;
use openapi_document::error::{Error, Result};
use openapi_document::names::Names;
use openapi_document::operations::components;
use openapi_document::pointer::child;
use openapi_document::usage::component;
use openapi_tables::emission::is_sayable;

/// Adds an impl for every component of `document`; `defined` are the types there are.
pub(super) fn push(file: &mut RustFile, document: &Document, defined: &HashSet<String>) -> Result<()> {
    let (names, mut errors) = (document.names(), Vec::new());
    for (name, schema) in components(document.value()) {
        let pointer = child("/components/schemas", name);
        if !defined.contains(&names.component(name)) {
            errors.push(document.error(
                &pointer,
                format!("no Rust type was generated for the component `{name}`"),
                "rename it if another component's name differs in letter case or punctuation only",
            ));
            continue;
        }
        file.push_tokens(document, Some(&pointer), json_schema(names, name, schema))?;
    }
    Error::gather(errors)
}

fn json_schema(names: &Names, name: &str, schema: &Value) -> TokenStream {
    let ident = format_ident!("{}", names.component(name));
    let mut referenced = BTreeSet::new();
    references(schema, &mut referenced);
    referenced.remove(name);
    let referenced: Vec<_> =
        referenced.iter().map(|name| format_ident!("{}", names.component(name))).collect();
    // A schema that refers to nothing has no use for it.
    let generator =
        if referenced.is_empty() { format_ident!("_generator") } else { format_ident!("generator") };
    let text = sayable(schema).to_string();
    quote! {
        impl ::schemars::JsonSchema for super::#ident {
            fn schema_name() -> ::std::string::String {
                #name.to_owned()
            }
            fn json_schema(#generator: &mut ::schemars::r#gen::SchemaGenerator) -> ::schemars::schema::Schema {
                #(#generator.subschema_for::<super::#referenced>();)*
                ::openapi_wire::schema::verbatim(#text)
            }
        }
    }
}

/// Returns the schema without what dropshot stops at, and without what stands beside a reference, which means nothing.
fn sayable(schema: &Value) -> Value {
    let Value::Object(members) = schema else { return schema.clone() };
    if let Some(reference) = members.get("$ref") {
        return json!({"$ref": reference});
    }
    let kept = members.iter().filter(|(key, value)| is_sayable(members, key, value)).map(|(key, value)| {
        let value = match (key.as_str(), value) {
            ("properties", Value::Object(properties)) => Value::Object(
                properties.iter().map(|(name, schema)| (name.clone(), sayable(schema))).collect(),
            ),
            ("allOf" | "anyOf" | "oneOf", Value::Array(parts)) => parts.iter().map(sayable).collect(),
            ("items" | "additionalProperties" | "not", part) => sayable(part),
            (_, other) => other.clone(),
        };
        (key.clone(), value)
    });
    Value::Object(kept.collect())
}

/// Adds the names of the components that `value` refers to.
fn references(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => {
            found.extend(members.get("$ref").and_then(Value::as_str).and_then(component));
            members.values().for_each(|member| references(member, found));
        }
        Value::Array(items) => items.iter().for_each(|item| references(item, found)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOCUMENT: &str = r"
openapi: 3.0.3
info: {title: t, version: '1'}
paths: {}
components:
  schemas:
    Pet: {type: object, properties: {kind: {$ref: '#/components/schemas/Kind'}, parent: {$ref: '#/components/schemas/Pet'}}}
    Kind: {type: string, enum: [cat, dog], x-since: '2'}
";

    #[test]
    fn a_schema_is_the_documents_own_and_registers_what_it_refers_to_but_not_itself() {
        let document = Document::parse("spec.yaml", DOCUMENT).unwrap();
        let mut file = RustFile::default();
        push(&mut file, &document, &["Pet".to_owned(), "Kind".to_owned()].into()).unwrap();
        let text = file.finish("json_schema.rs").text;
        assert!(
            text.contains("// from #/components/schemas/Kind\nimpl ::schemars::JsonSchema for super::Kind"),
            "{text}"
        );
        assert!(
            text.contains(r#"{\"type\":\"string\",\"enum\":[\"cat\",\"dog\"],\"x-since\":\"2\"}"#),
            "{text}"
        );
        assert!(text.contains("subschema_for::<super::Kind>"), "{text}");
        assert!(!text.contains("subschema_for::<super::Pet>"), "{text}");
    }

    #[test]
    fn dropshot_is_given_what_it_reads_and_what_means_something() {
        let schema = json!({
            "properties": {
                "exclusiveMinimum": {"type": "integer", "exclusiveMinimum": 0.5, "minimum": 0},
                "$ref": {"title": "ignored", "$ref": "#/components/schemas/Pet"},
            },
            "example": {"exclusiveMinimum": true, "$ref": "#/", "title": "kept"},
        });
        let expected = json!({
            "properties": {
                "exclusiveMinimum": {"type": "integer", "minimum": 0},
                "$ref": {"$ref": "#/components/schemas/Pet"},
            },
            "example": {"exclusiveMinimum": true, "$ref": "#/", "title": "kept"},
        });
        assert_eq!(sayable(&schema), expected);
    }

    #[test]
    fn a_component_without_a_type_is_an_error_at_that_component() {
        let document = Document::parse("spec.yaml", DOCUMENT).unwrap();
        let error = push(&mut RustFile::default(), &document, &["Pet".to_owned()].into()).unwrap_err();
        assert_eq!(error.diagnostics()[0].pointer, "/components/schemas/Kind");
    }
}

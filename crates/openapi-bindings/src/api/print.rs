//! Prints tables as Rust: a value as the expression that makes it. Whatever can be serialized is printed, so that a new
//! field or kind of rule needs nothing here.

use std::fmt;

use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;
use serde::Serialize;
use serde::ser::{
    self, Impossible, SerializeSeq, SerializeStruct, SerializeStructVariant, SerializeTuple, Serializer,
};

use openapi_document::Document;
use openapi_document::error::Result;

use super::names;

/// The structs that have a constant `ANY` for what limits nothing, which is shorter.
const WITH_ANY: [&str; 4] = ["Integer", "Number", "Size", "Text"];

/// Returns the expression that makes a value of the tables of a document.
pub(super) fn print(document: &Document, value: &impl Serialize) -> Result<TokenStream> {
    value.serialize(Printer(document)).map_err(|fault| {
        document.error("", format!("a table cannot be printed: {fault}"), "report this as an error")
    })
}

#[derive(Clone, Copy)]
struct Printer<'a>(&'a Document);

/// A value that tables do not have.
#[derive(Debug)]
struct Fault(String);

type Printed = std::result::Result<TokenStream, Fault>;

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Fault {}

impl ser::Error for Fault {
    fn custom<T: fmt::Display>(text: T) -> Self {
        Self(text.to_string())
    }
}

fn unknown<T>(what: &str) -> std::result::Result<T, Fault> {
    Err(Fault(format!("{what} is in no table")))
}

fn text_of(literal: TokenStream) -> std::result::Result<String, Fault> {
    let literal: syn::LitStr = syn::parse2(literal).map_err(|fault| Fault(fault.to_string()))?;
    Ok(literal.value())
}

impl<'a> Serializer for Printer<'a> {
    type Ok = TokenStream;
    type Error = Fault;
    type SerializeSeq = Items<'a>;
    type SerializeTuple = Items<'a>;
    type SerializeTupleStruct = Impossible<TokenStream, Fault>;
    type SerializeTupleVariant = Impossible<TokenStream, Fault>;
    type SerializeMap = Impossible<TokenStream, Fault>;
    type SerializeStruct = Members<'a>;
    type SerializeStructVariant = Members<'a>;

    fn serialize_bool(self, value: bool) -> Printed {
        Ok(quote!(#value))
    }

    fn serialize_i8(self, value: i8) -> Printed {
        self.serialize_i64(value.into())
    }

    fn serialize_i16(self, value: i16) -> Printed {
        self.serialize_i64(value.into())
    }

    fn serialize_i32(self, value: i32) -> Printed {
        self.serialize_i64(value.into())
    }

    fn serialize_i64(self, value: i64) -> Printed {
        let value = Literal::i64_unsuffixed(value);
        Ok(quote!(#value))
    }

    fn serialize_u8(self, value: u8) -> Printed {
        self.serialize_u64(value.into())
    }

    fn serialize_u16(self, value: u16) -> Printed {
        self.serialize_u64(value.into())
    }

    fn serialize_u32(self, value: u32) -> Printed {
        self.serialize_u64(value.into())
    }

    fn serialize_u64(self, value: u64) -> Printed {
        let value = Literal::u64_unsuffixed(value);
        Ok(quote!(#value))
    }

    fn serialize_f32(self, value: f32) -> Printed {
        self.serialize_f64(value.into())
    }

    fn serialize_f64(self, value: f64) -> Printed {
        if !value.is_finite() {
            return unknown("a number that is not finite");
        }
        let value = Literal::f64_unsuffixed(value);
        Ok(quote!(#value))
    }

    fn serialize_char(self, value: char) -> Printed {
        Ok(quote!(#value))
    }

    fn serialize_str(self, value: &str) -> Printed {
        Ok(quote!(#value))
    }

    fn serialize_bytes(self, _: &[u8]) -> Printed {
        unknown("a value of bytes")
    }

    fn serialize_none(self) -> Printed {
        Ok(quote!(None))
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Printed {
        let value = value.serialize(self)?;
        Ok(quote!(Some(#value)))
    }

    fn serialize_unit(self) -> Printed {
        unknown("nothing")
    }

    fn serialize_unit_struct(self, _: &'static str) -> Printed {
        unknown("a struct without fields")
    }

    fn serialize_unit_variant(self, name: &'static str, _: u32, variant: &'static str) -> Printed {
        let (name, variant) = (names::ident(name), names::ident(variant));
        Ok(quote!(#name::#variant))
    }

    /// Prints a method, which is the only one of these.
    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, name: &'static str, value: &T) -> Printed {
        let (name, constant) = (names::ident(name), names::ident(&text_of(value.serialize(self)?)?));
        Ok(quote!(#name::#constant))
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Printed {
        let value = value.serialize(self)?;
        let (ty, constructor) = (names::ident(name), names::ident(variant));
        Ok(match (name, variant) {
            ("To", "Component") => {
                let constant = constant(self.0, &text_of(value.clone())?);
                quote!(#ty::#constructor(#value, &schemas::#constant))
            }
            ("To", "Own") | ("Rule", "Nullable") | ("Additional", "Rule") => {
                quote!(#ty::#constructor(&#value))
            }
            _ => quote!(#ty::#constructor(#value)),
        })
    }

    fn serialize_seq(self, _: Option<usize>) -> std::result::Result<Items<'a>, Fault> {
        Ok(Items { printer: self, items: Vec::new() })
    }

    fn serialize_tuple(self, _: usize) -> std::result::Result<Items<'a>, Fault> {
        self.serialize_seq(None)
    }

    fn serialize_tuple_struct(
        self,
        _: &'static str,
        _: usize,
    ) -> std::result::Result<Self::SerializeTupleStruct, Fault> {
        unknown("a struct without names")
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> std::result::Result<Self::SerializeTupleVariant, Fault> {
        unknown("a variant without names")
    }

    fn serialize_map(self, _: Option<usize>) -> std::result::Result<Self::SerializeMap, Fault> {
        unknown("a map")
    }

    fn serialize_struct(self, name: &'static str, _: usize) -> std::result::Result<Members<'a>, Fault> {
        let ident = names::ident(name);
        let any = WITH_ANY.contains(&name).then(|| quote!(#ident::ANY));
        Ok(Members { printer: self, head: quote!(#ident), any, values: Vec::new() })
    }

    fn serialize_struct_variant(
        self,
        name: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> std::result::Result<Members<'a>, Fault> {
        let (name, variant) = (names::ident(name), names::ident(variant));
        Ok(Members { printer: self, head: quote!(#name::#variant), any: None, values: Vec::new() })
    }
}

/// Returns the name of the static of a component.
pub(super) fn constant(document: &Document, component: &str) -> Ident {
    names::ident(&document.names().constant(component))
}

/// The items of a list that is being printed.
struct Items<'a> {
    printer: Printer<'a>,
    items: Vec<TokenStream>,
}

impl SerializeSeq for Items<'_> {
    type Ok = TokenStream;
    type Error = Fault;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> std::result::Result<(), Fault> {
        self.items.push(value.serialize(self.printer)?);
        Ok(())
    }

    fn end(self) -> Printed {
        let items = self.items;
        Ok(quote!(&[#(#items),*]))
    }
}

impl SerializeTuple for Items<'_> {
    type Ok = TokenStream;
    type Error = Fault;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> std::result::Result<(), Fault> {
        SerializeSeq::serialize_element(self, value)
    }

    fn end(self) -> Printed {
        SerializeSeq::end(self)
    }
}

/// The members of a struct or a variant that is being printed.
struct Members<'a> {
    printer: Printer<'a>,
    head: TokenStream,
    /// Holds what is printed in its place if no member limits anything.
    any: Option<TokenStream>,
    values: Vec<TokenStream>,
}

impl SerializeStruct for Members<'_> {
    type Ok = TokenStream;
    type Error = Fault;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        value: &T,
    ) -> std::result::Result<(), Fault> {
        let value = value.serialize(self.printer)?;
        if !matches!(value.to_string().as_str(), "None" | "& []") {
            self.any = None;
        }
        let name = names::ident(name);
        self.values.push(quote!(#name: #value));
        Ok(())
    }

    fn end(self) -> Printed {
        let Self { head, any, values, .. } = self;
        Ok(any.unwrap_or_else(|| quote!(#head { #(#values),* })))
    }
}

impl SerializeStructVariant for Members<'_> {
    type Ok = TokenStream;
    type Error = Fault;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        value: &T,
    ) -> std::result::Result<(), Fault> {
        SerializeStruct::serialize_field(self, name, value)
    }

    fn end(self) -> Printed {
        SerializeStruct::end(self)
    }
}

//! Prints tables as Rust: a value as the expression that makes it. Whatever can be serialized is printed, so that a new
//! field or kind of rule needs nothing here.
//!
//! The expressions are put together as such, since tables are the most of what is generated: parsed from tokens, they would
//! take several times as long.

use std::cell::RefCell;
use std::collections::HashMap;
use std::fmt;

use proc_macro2::{Ident, Literal, Span};
use serde::Serialize;
use serde::ser::{
    self, Impossible, SerializeSeq, SerializeStruct, SerializeStructVariant, SerializeTuple, Serializer,
};
use syn::punctuated::Punctuated;
use syn::token::{Brace, Bracket, Paren};
use syn::{
    Expr, ExprArray, ExprCall, ExprLit, ExprPath, ExprReference, ExprStruct, ExprUnary, FieldValue, Lit,
    LitBool, LitChar, LitStr, Member, Path, PathSegment, Token, UnOp,
};

use openapi_document::Document;
use openapi_document::error::Result;

use super::names;

/// The structs that have a constant `ANY` for what limits nothing, which is shorter.
const WITH_ANY: [&str; 4] = ["Integer", "Number", "Size", "Text"];

/// Returns the expression that makes a value of the tables of a document.
pub(super) fn print(document: &Document, value: &impl Serialize) -> Result<Expr> {
    let words = RefCell::default();
    value.serialize(Printer { document, words: &words }).map_err(|fault| {
        document.error("", format!("a table cannot be printed: {fault}"), "report this as an error")
    })
}

#[derive(Clone, Copy)]
struct Printer<'a> {
    document: &'a Document,
    /// The names of types, variants and fields that were printed already, since each occurs many times.
    words: &'a RefCell<HashMap<&'static str, Ident>>,
}

impl Printer<'_> {
    fn word(self, name: &'static str) -> Ident {
        self.words.borrow_mut().entry(name).or_insert_with(|| names::ident(name)).clone()
    }
}

/// A value that tables do not have.
#[derive(Debug)]
struct Fault(String);

type Printed = std::result::Result<Expr, Fault>;

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

fn text_of(value: &Expr) -> std::result::Result<String, Fault> {
    match value {
        Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Ok(text.value()),
        _ => unknown("a name that is no text"),
    }
}

fn literal(lit: Lit) -> Expr {
    Expr::Lit(ExprLit { attrs: Vec::new(), lit })
}

/// Returns a number, which `digits` writes without a sign.
fn number(is_negative: bool, digits: Literal) -> Expr {
    let number = literal(Lit::new(digits));
    if !is_negative {
        return number;
    }
    let op = UnOp::Neg(<Token![-]>::default());
    Expr::Unary(ExprUnary { attrs: Vec::new(), op, expr: Box::new(number) })
}

/// Returns the path of these names.
fn path<const COUNT: usize>(names: [Ident; COUNT]) -> Path {
    Path { leading_colon: None, segments: names.into_iter().map(PathSegment::from).collect() }
}

fn path_of(path: Path) -> Expr {
    Expr::Path(ExprPath { attrs: Vec::new(), qself: None, path })
}

fn call<const COUNT: usize>(function: Path, arguments: [Expr; COUNT]) -> Expr {
    let (func, args) = (Box::new(path_of(function)), arguments.into_iter().collect());
    Expr::Call(ExprCall { attrs: Vec::new(), func, paren_token: Paren::default(), args })
}

fn reference(value: Expr) -> Expr {
    Expr::Reference(ExprReference {
        attrs: Vec::new(),
        and_token: <Token![&]>::default(),
        mutability: None,
        expr: Box::new(value),
    })
}

/// Returns a reference to an array.
fn slice(items: Vec<Expr>) -> Expr {
    let elems = items.into_iter().collect();
    reference(Expr::Array(ExprArray { attrs: Vec::new(), bracket_token: Bracket::default(), elems }))
}

fn word(name: &str) -> Ident {
    Ident::new(name, Span::call_site())
}

/// Returns `true` if a value limits nothing.
fn is_nothing(value: &Expr) -> bool {
    match value {
        Expr::Path(path) => path.path.is_ident("None"),
        Expr::Reference(list) => matches!(&*list.expr, Expr::Array(list) if list.elems.is_empty()),
        _ => false,
    }
}

impl<'a> Serializer for Printer<'a> {
    type Ok = Expr;
    type Error = Fault;
    type SerializeSeq = Items<'a>;
    type SerializeTuple = Items<'a>;
    type SerializeTupleStruct = Impossible<Expr, Fault>;
    type SerializeTupleVariant = Impossible<Expr, Fault>;
    type SerializeMap = Impossible<Expr, Fault>;
    type SerializeStruct = Members<'a>;
    type SerializeStructVariant = Members<'a>;

    fn serialize_bool(self, value: bool) -> Printed {
        Ok(literal(Lit::Bool(LitBool::new(value, Span::call_site()))))
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
        Ok(number(value < 0, Literal::u64_unsuffixed(value.unsigned_abs())))
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
        Ok(number(false, Literal::u64_unsuffixed(value)))
    }

    fn serialize_f32(self, value: f32) -> Printed {
        self.serialize_f64(value.into())
    }

    fn serialize_f64(self, value: f64) -> Printed {
        if !value.is_finite() {
            return unknown("a number that is not finite");
        }
        Ok(number(value.is_sign_negative(), Literal::f64_unsuffixed(value.abs())))
    }

    fn serialize_char(self, value: char) -> Printed {
        Ok(literal(Lit::Char(LitChar::new(value, Span::call_site()))))
    }

    fn serialize_str(self, value: &str) -> Printed {
        Ok(literal(Lit::Str(LitStr::new(value, Span::call_site()))))
    }

    fn serialize_bytes(self, _: &[u8]) -> Printed {
        unknown("a value of bytes")
    }

    fn serialize_none(self) -> Printed {
        Ok(path_of(path([word("None")])))
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Printed {
        Ok(call(path([word("Some")]), [value.serialize(self)?]))
    }

    fn serialize_unit(self) -> Printed {
        unknown("nothing")
    }

    fn serialize_unit_struct(self, _: &'static str) -> Printed {
        unknown("a struct without fields")
    }

    fn serialize_unit_variant(self, name: &'static str, _: u32, variant: &'static str) -> Printed {
        Ok(path_of(path([self.word(name), self.word(variant)])))
    }

    /// Prints a method, which is the only one of these.
    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, name: &'static str, value: &T) -> Printed {
        let constant = text_of(&value.serialize(self)?)?;
        Ok(path_of(path([self.word(name), names::ident(&constant)])))
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Printed {
        let value = value.serialize(self)?;
        let constructor = path([self.word(name), self.word(variant)]);
        Ok(match (name, variant) {
            ("To", "Component") => {
                let constant = constant(self.document, &text_of(&value)?);
                let table = reference(path_of(path([word("schemas"), constant])));
                call(constructor, [value, table])
            }
            ("To", "Own") | ("Rule", "Nullable") | ("Additional", "Rule") => {
                call(constructor, [reference(value)])
            }
            _ => call(constructor, [value]),
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
        let ident = self.word(name);
        let any = WITH_ANY.contains(&name).then(|| path_of(path([ident.clone(), word("ANY")])));
        Ok(Members { printer: self, head: path([ident]), any, values: Punctuated::new() })
    }

    fn serialize_struct_variant(
        self,
        name: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> std::result::Result<Members<'a>, Fault> {
        let head = path([self.word(name), self.word(variant)]);
        Ok(Members { printer: self, head, any: None, values: Punctuated::new() })
    }
}

/// Returns the name of the static of a component.
pub(super) fn constant(document: &Document, component: &str) -> Ident {
    names::ident(&document.names().constant(component))
}

/// The items of a list that is being printed.
struct Items<'a> {
    printer: Printer<'a>,
    items: Vec<Expr>,
}

impl SerializeSeq for Items<'_> {
    type Ok = Expr;
    type Error = Fault;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> std::result::Result<(), Fault> {
        self.items.push(value.serialize(self.printer)?);
        Ok(())
    }

    fn end(self) -> Printed {
        Ok(slice(self.items))
    }
}

impl SerializeTuple for Items<'_> {
    type Ok = Expr;
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
    head: Path,
    /// Holds what is printed in its place if no member limits anything.
    any: Option<Expr>,
    values: Punctuated<FieldValue, Token![,]>,
}

impl SerializeStruct for Members<'_> {
    type Ok = Expr;
    type Error = Fault;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        value: &T,
    ) -> std::result::Result<(), Fault> {
        let value = value.serialize(self.printer)?;
        if !is_nothing(&value) {
            self.any = None;
        }
        self.values.push(FieldValue {
            attrs: Vec::new(),
            member: Member::Named(self.printer.word(name)),
            colon_token: Some(<Token![:]>::default()),
            expr: value,
        });
        Ok(())
    }

    fn end(self) -> Printed {
        let Self { head: path, any, values: fields, .. } = self;
        Ok(any.unwrap_or_else(|| {
            Expr::Struct(ExprStruct {
                attrs: Vec::new(),
                qself: None,
                path,
                brace_token: Brace::default(),
                fields,
                dot2_token: None,
                rest: None,
            })
        }))
    }
}

impl SerializeStructVariant for Members<'_> {
    type Ok = Expr;
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

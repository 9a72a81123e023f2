//! Emits the query parameters of each operation as a struct, and what a list can ask every such struct for; headers and
//! cookies in the same way.

use proc_macro2::{Ident, TokenStream};
use quote::quote;
use syn::Attribute;

use crate::lower::Enumerations;
use crate::rust::RustFile;
use crate::safe_text::{code, markdown};
use crate::syntax::documentation::attributes;
use openapi_document::error::Result;
use openapi_document::model::Style;
use openapi_server_runtime::schema::Rule;

use super::bodies::rust_type;
use super::model::{self, Location, Model, Operation, Parameter};
use super::names;
use openapi_tables::node::Node;

pub(super) const IMPORTS: fn(&Model<'_>) -> TokenStream = |model| {
    let types = &model.types;
    quote! {
        use #types as types;
        use uuid::Uuid;

        use openapi_server_runtime::failure::Failure;
        use openapi_server_runtime::filters::{FilterValue, ListQuery, PageNumber, PageSize, Query};
        use openapi_server_runtime::operation::{Location, Operation};
        use openapi_server_runtime::arguments::Values;
        use crate::generated::operations;
    }
};

/// Returns the types of one operation.
pub(super) fn item(file: &mut RustFile, model: &Model<'_>, operation: &Operation<'_>) -> Result<()> {
    for source in sources(operation) {
        let tokens = query(model, operation, source);
        file.push_tokens(model.document, Some(&operation.place.pointer), tokens)?;
    }
    Ok(())
}

/// Where parameters of an operation come from that are given to its handler together.
pub(super) struct Source {
    pub(super) location: Location,
    /// The name of the argument.
    pub(super) argument: &'static str,
    suffix: &'static str,
    /// How its documentation calls it.
    called: &'static str,
    /// The name of its location in the table of operations, where that is not the query.
    other: Option<&'static str>,
}

const SOURCES: [Source; 3] = [
    Source { location: Location::Query, argument: "query", suffix: "Query", called: "query", other: None },
    Source {
        location: Location::Header,
        argument: "headers",
        suffix: "Headers",
        called: "headers",
        other: Some("Header"),
    },
    Source {
        location: Location::Cookie,
        argument: "cookies",
        suffix: "Cookies",
        called: "cookies",
        other: Some("Cookie"),
    },
];

/// Returns the sources an operation has parameters in.
pub(super) fn sources(operation: &Operation<'_>) -> impl Iterator<Item = &'static Source> {
    SOURCES.iter().filter(|source| operation.parameters_in(source.location).next().is_some())
}

impl Source {
    /// Returns the name of the struct.
    pub(super) fn type_name(&self, operation: &Operation<'_>) -> Ident {
        names::type_beside(operation.name, self.suffix)
    }
}

/// A field of a query struct.
struct Field<'a> {
    name: &'a str,
    ident: Ident,
    kind: Kind,
    role: Option<&'a str>,
    docs: Vec<Attribute>,
}

/// The kind of value that a field holds.
enum Kind {
    Text,
    Boolean,
    Integer,
    Number,
    Uuid,
    /// A word, in the type of the enumeration that lists it if there is one.
    Choice(Option<Ident>),
    List(Box<Kind>),
    /// A value of no plainer kind, in its type.
    Typed(TokenStream),
    Page,
    PageSize,
}

fn query(model: &Model<'_>, operation: &Operation<'_>, source: &Source) -> TokenStream {
    let name = source.type_name(operation);
    let constant = names::operation_constant(operation.name);
    let docs = format!(" The {} of {}.", source.called, names::route(operation));
    let parameters = operation.parameters_in(source.location);
    let fields: Vec<Field<'_>> = parameters.map(|parameter| field(model, operation, parameter)).collect();
    let location = source.other.map(|location| {
        let location = names::ident(location);
        quote!(const LOCATION: Location = Location::#location;)
    });
    let declarations = fields.iter().map(|Field { ident, kind, docs, .. }| {
        let ty = kind.rust_type();
        quote! { #(#docs)* pub #ident: Option<#ty> }
    });
    let readings = fields.iter().map(|Field { name, ident, kind, .. }| {
        let reading = kind.reading(name);
        quote!(#ident: #reading)
    });
    let list = fields.iter().any(|field| field.role == Some("page")).then(|| list_query(&name, &fields));
    quote! {
        #[doc = #docs]
        #[derive(Clone, Debug, Default, PartialEq)]
        pub struct #name {
            #(#declarations,)*
        }
        impl Query for #name {
            const OPERATION: &'static Operation = &operations::#constant;
            #location
            fn from_values(values: &Values) -> Result<Self, Failure> {
                Ok(Self { #(#readings,)* })
            }
        }
        #list
    }
}

fn field<'a>(model: &Model<'_>, operation: &Operation<'_>, parameter: &Parameter<'a>) -> Field<'a> {
    let (role, kind) = (parameter.place.text("x-role"), kind_of(model, operation, parameter));
    let description = parameter.place.text("description");
    let docs = attributes(&description.map_or_else(|| code(parameter.name), markdown));
    Field { name: parameter.name, ident: model::ident(operation, parameter), kind, role, docs }
}

/// Returns the kind of values that a parameter holds.
fn kind_of(model: &Model<'_>, operation: &Operation<'_>, parameter: &Parameter<'_>) -> Kind {
    match parameter.place.text("x-role") {
        Some("page") => Kind::Page,
        Some("page-size") => Kind::PageSize,
        Some("ordering" | "search") => Kind::Text,
        _ => match (model.parameter_table(operation, parameter), &parameter.schema) {
            (Some(table), Some(schema)) => {
                kind(&model.enumerations, &table.rule, schema, parameter.style.is_none())
            }
            (Some(_), None) if parameter.style.is_none() => Kind::Typed(quote!(serde_json::Value)),
            _ => Kind::Text,
        },
    }
}

/// Returns the kind of values that follow a rule, which is that of the schema.
fn kind(enumerations: &Enumerations<'_>, rule: &Rule, schema: &Node<'_>, is_json: bool) -> Kind {
    let typed = || Kind::Typed(rust_type(schema));
    match rule {
        Rule::Nullable(rule) => kind(enumerations, rule, schema, is_json),
        Rule::Reference { key, .. } => kind(enumerations, key.rule(), schema, is_json),
        Rule::Boolean => Kind::Boolean,
        Rule::Integer(_) => Kind::Integer,
        Rule::Number(_) => Kind::Number,
        Rule::Uuid => Kind::Uuid,
        Rule::Choice(_) => {
            let schema = schema.unwrapped();
            Kind::Choice(names::component_type(&schema).or_else(|| {
                enumerations
                    .component(&schema)
                    .and_then(|component| names::component_type(&schema.at(component)))
            }))
        }
        Rule::List(list) if list.item.is_scalar() => match schema.unwrapped().items() {
            Some(items) => Kind::List(Box::new(kind(enumerations, &list.item, &items, is_json))),
            None => typed(),
        },
        Rule::List(_) | Rule::Map(_) | Rule::Object(_) | Rule::Union(_) => typed(),
        Rule::Any if is_json => typed(),
        Rule::Text(_) | Rule::DateTime | Rule::File | Rule::Any => Kind::Text,
    }
}

/// Returns the type of a parameter in the path, and the expression that reads it.
pub(super) fn variable(
    model: &Model<'_>,
    operation: &Operation<'_>,
    parameter: &Parameter<'_>,
) -> (TokenStream, TokenStream) {
    let name = parameter.name;
    match kind_of(model, operation, parameter) {
        Kind::Integer => (quote!(i64), quote!(cx.path_integer(#name)?)),
        Kind::Uuid => (quote!(uuid::Uuid), quote!(cx.path_uuid(#name)?)),
        kind @ (Kind::List(_) | Kind::Typed(_)) => {
            let ty = kind.rust_type();
            (ty.clone(), quote!(cx.path_value::<#ty>(#name)?))
        }
        _ if parameter.style == Some(Style::Simple) => {
            (quote!(String), quote!(cx.path_parameter(#name).to_owned()))
        }
        _ => (quote!(String), quote!(cx.path_text(#name)?)),
    }
}

/// Returns the questions a list asks.
fn list_query(name: &Ident, fields: &[Field<'_>]) -> TokenStream {
    let filters = fields.iter().filter(|field| field.role == Some("filter"));
    let filters = filters.filter_map(|Field { name, ident, kind, .. }| {
        let value = kind.filter()?;
        Some(quote!(self.#ident.as_ref().map(|value| (#name, #value))))
    });
    let of_role = |role: &str, value: fn(&Ident) -> TokenStream| {
        let field = fields.iter().find(|field| field.role == Some(role));
        field.map_or_else(|| quote!(None), |field| value(&field.ident))
    };
    let page = of_role("page", |ident| quote!(self.#ident));
    let page_size = of_role("page-size", |ident| quote!(self.#ident));
    let ordering = of_role("ordering", |ident| quote!(self.#ident.as_deref()));
    let search = of_role("search", |ident| quote!(self.#ident.as_deref()));
    quote! {
        impl ListQuery for #name {
            fn filters(&self) -> Vec<(&'static str, FilterValue)> {
                [#(#filters,)*].into_iter().flatten().collect()
            }
            fn page(&self) -> Option<PageNumber> { #page }
            fn page_size(&self) -> Option<PageSize> { #page_size }
            fn ordering(&self) -> Option<&str> { #ordering }
            fn search(&self) -> Option<&str> { #search }
        }
    }
}

impl Kind {
    fn rust_type(&self) -> TokenStream {
        match self {
            Self::Text | Self::Choice(None) => quote!(String),
            Self::Boolean => quote!(bool),
            Self::Integer => quote!(i64),
            Self::Number => quote!(f64),
            Self::Uuid => quote!(Uuid),
            Self::Choice(Some(name)) => quote!(types::#name),
            Self::List(item) => {
                let item = item.rust_type();
                quote!(Vec<#item>)
            }
            Self::Typed(ty) => ty.clone(),
            Self::Page => quote!(PageNumber),
            Self::PageSize => quote!(PageSize),
        }
    }

    /// Returns the expression that reads it from `values`.
    fn reading(&self, name: &str) -> TokenStream {
        match self {
            Self::Page => quote!(values.page(#name)),
            Self::PageSize => quote!(values.page_size(#name)),
            Self::Typed(_) => quote!(values.typed(Self::LOCATION, #name)?),
            Self::List(item) => {
                let read = item.reader();
                quote!(values.list(#name, FilterValue::#read))
            }
            scalar => {
                let read = scalar.reader();
                quote!(values.one(#name, FilterValue::#read))
            }
        }
    }

    /// Returns the method of `FilterValue` that reads a scalar.
    fn reader(&self) -> Ident {
        names::ident(match self {
            Self::Boolean => "as_boolean",
            Self::Integer => "as_integer",
            Self::Number => "as_number",
            Self::Uuid => "as_uuid",
            Self::Choice(_) => "as_choice",
            Self::Text | Self::List(_) | Self::Typed(_) | Self::Page | Self::PageSize => "as_text",
        })
    }

    /// Returns the filter of a reference `value` to it; paging is no filter.
    fn filter(&self) -> Option<TokenStream> {
        Some(match self {
            Self::Text => quote!(FilterValue::Text(value.clone())),
            Self::Boolean => quote!(FilterValue::Boolean(*value)),
            Self::Integer => quote!(FilterValue::Integer(*value)),
            Self::Number => quote!(FilterValue::Number(*value)),
            Self::Uuid => quote!(FilterValue::Uuid(*value)),
            Self::Choice(_) => quote!(FilterValue::Choice(value.to_string())),
            Self::List(item) => {
                let item = item.filter()?;
                quote!(FilterValue::List(value.iter().map(|value| #item).collect()))
            }
            Self::Typed(_) => quote!(FilterValue::Json(serde_json::to_value(value).unwrap_or_default())),
            Self::Page | Self::PageSize => return None,
        })
    }
}

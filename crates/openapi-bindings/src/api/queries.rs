//! Emits the query parameters of each operation as a struct, and what a list can ask every such struct for; headers and
//! cookies in the same way.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use crate::lower::Enumerations;
use crate::rust::RustFile;
use openapi_document::error::Result;
use openapi_document::model::Kind as Type;

use super::model::{self, Location, Model, Operation, Parameter};
use super::names;
use openapi_tables::node::Node;

pub(super) const IMPORTS: fn(&Model<'_>) -> TokenStream = |model| {
    let types = &model.types;
    quote! {
        use #types as types;
        use uuid::Uuid;

        use openapi_server_runtime::filters::{FilterValue, ListQuery, PageNumber, PageSize, Query};
        use openapi_server_runtime::operation::{Location, Operation};
        use openapi_server_runtime::arguments::Values;
        use crate::generated::operations;
    }
};

/// The types of one operation.
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

/// The sources an operation has parameters in.
pub(super) fn sources(operation: &Operation<'_>) -> impl Iterator<Item = &'static Source> {
    SOURCES.iter().filter(|source| operation.parameters_in(source.location).next().is_some())
}

impl Source {
    /// The name of the struct.
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
    docs: String,
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
    Page,
    PageSize,
}

fn query(model: &Model<'_>, operation: &Operation<'_>, source: &Source) -> TokenStream {
    let name = source.type_name(operation);
    let constant = names::operation_constant(operation.name);
    let docs = format!(" The {} of `{} {}`.", source.called, operation.method.to_uppercase(), operation.path);
    let enumerations = Enumerations::of(model.read);
    let parameters = operation.parameters_in(source.location);
    let fields: Vec<Field<'_>> =
        parameters.map(|parameter| field(&enumerations, operation, parameter)).collect();
    let location = source.other.map(|location| {
        let location = names::ident(location);
        quote!(const LOCATION: Location = Location::#location;)
    });
    let declarations = fields.iter().map(|Field { ident, kind, docs, .. }| {
        let ty = kind.rust_type();
        quote! { #[doc = #docs] pub #ident: Option<#ty> }
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
            fn from_values(values: &Values) -> Self {
                Self { #(#readings,)* }
            }
        }
        #list
    }
}

fn field<'a>(
    enumerations: &Enumerations<'_>,
    operation: &Operation<'_>,
    parameter: &Parameter<'a>,
) -> Field<'a> {
    let role = parameter.place.text("x-role");
    let kind = match role {
        Some("page") => Kind::Page,
        Some("page-size") => Kind::PageSize,
        Some("ordering" | "search") => Kind::Text,
        _ => parameter.schema.as_ref().map_or(Kind::Text, |schema| kind(enumerations, schema)),
    };
    let description = parameter.place.text("description");
    let docs = description.map_or_else(|| format!(" `{}`", parameter.name), |text| format!(" {text}"));
    Field { name: parameter.name, ident: model::ident(operation, parameter), kind, role, docs }
}

fn kind(enumerations: &Enumerations<'_>, schema: &Node<'_>) -> Kind {
    match (schema.kind, schema.format) {
        (Some(Type::Boolean), _) => Kind::Boolean,
        (Some(Type::Integer), _) => Kind::Integer,
        (Some(Type::Number), _) if schema.flag("x-integer") => Kind::Integer,
        (Some(Type::Number), _) => Kind::Number,
        (Some(Type::String), _) if schema.values.is_some() => {
            Kind::Choice(names::component_type(schema).or_else(|| {
                enumerations
                    .component(schema)
                    .and_then(|component| names::component_type(&schema.at(component)))
            }))
        }
        (Some(Type::String), Some("uuid")) => Kind::Uuid,
        (Some(Type::Array), _) => match schema.items() {
            Some(items) => Kind::List(Box::new(kind(enumerations, &items))),
            None => Kind::Text,
        },
        _ => Kind::Text,
    }
}

/// The questions a list asks.
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
            Self::Page => quote!(PageNumber),
            Self::PageSize => quote!(PageSize),
        }
    }

    /// The expression that reads it from `values`.
    fn reading(&self, name: &str) -> TokenStream {
        match self {
            Self::Page => quote!(values.page(#name)),
            Self::PageSize => quote!(values.page_size(#name)),
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

    /// The method of `FilterValue` that reads a scalar.
    fn reader(&self) -> Ident {
        names::ident(match self {
            Self::Boolean => "as_boolean",
            Self::Integer => "as_integer",
            Self::Number => "as_number",
            Self::Uuid => "as_uuid",
            Self::Choice(_) => "as_choice",
            Self::Text | Self::List(_) | Self::Page | Self::PageSize => "as_text",
        })
    }

    /// The filter of a reference `value` to it; paging is no filter.
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
            Self::Page | Self::PageSize => return None,
        })
    }
}

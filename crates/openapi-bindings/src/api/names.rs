//! From names of the document to names of Rust.

use heck::{ToPascalCase, ToShoutySnakeCase};
use openapi_tables::node::Node;
use openapi_tables::operation::Operation;
use proc_macro2::{Ident, Span};

use crate::safe_text::code;

/// Returns a name for a type.
pub(super) fn pascal(name: &str) -> Ident {
    ident(&name.to_pascal_case())
}

/// Returns a name for a constant.
pub(super) fn shouty(name: &str) -> Ident {
    ident(&name.to_shouty_snake_case())
}

/// Returns the name as it is, with an underscore where Rust would not take it.
pub(super) fn ident(name: &str) -> Ident {
    match syn::parse_str::<Ident>(name) {
        Ok(ident) => ident,
        Err(_) if name.starts_with(|first: char| first.is_alphabetic()) => {
            Ident::new(&format!("{name}_"), Span::call_site())
        }
        Err(_) => Ident::new(&format!("_{name}"), Span::call_site()),
    }
}

/// Returns the type of the component that a schema is, if it is one.
pub(super) fn component_type(schema: &Node<'_>) -> Option<Ident> {
    schema.component().map(|name| ident(&schema.model().names().component(name)))
}

/// Returns the method and the path of an operation, for documentation.
pub(super) fn route(operation: &Operation<'_>) -> String {
    code(&format!("{} {}", operation.method.to_uppercase(), operation.path))
}

/// Returns a name that is not this one.
pub(super) fn longer(ident: &Ident) -> Ident {
    Ident::new(&format!("{ident}_"), ident.span())
}

/// Returns the name of an operation's constant; the table of operations has some names of its own.
pub(super) fn operation_constant(id: &str) -> Ident {
    const OWN: [&str; 5] = ["BASE_PATH", "DOCUMENT", "OPERATIONS", "SECURITY_SCHEMES", "TABLES"];
    unlike(&OWN, shouty(id))
}

/// Returns the name of an operation's type; what stands beside these types has names of its own.
pub(super) fn operation_type(id: &str) -> Ident {
    const OWN: [&str; 12] = [
        "Described",
        "Description",
        "Document",
        "Err",
        "Json",
        "None",
        "Nothing",
        "Ok",
        "Operation",
        "Raw",
        "Signature",
        "Vec",
    ];
    unlike(&OWN, pascal(id))
}

/// Returns the name of the type of an operation's query, headers, cookies or errors.
pub(super) fn type_beside(id: &str, suffix: &str) -> Ident {
    const OWN: [&str; 1] = ["ListQuery"];
    unlike(&OWN, Ident::new(&format!("{}{suffix}", id.to_pascal_case()), Span::call_site()))
}

fn unlike(taken: &[&str], ident: Ident) -> Ident {
    if taken.iter().any(|taken| ident == taken) { longer(&ident) } else { ident }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_becomes_a_name_of_rust() {
        for (name, expected) in [("page_size", "page_size"), ("type", "type_"), ("2fa", "_2fa"), ("", "_")] {
            assert_eq!(ident(name).to_string(), expected);
        }
        assert_eq!(pascal("pets_list").to_string(), "PetsList");
        assert_eq!(shouty("PetOwner").to_string(), "PET_OWNER");
    }
}

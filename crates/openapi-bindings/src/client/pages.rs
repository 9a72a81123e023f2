//! Streams over all pages of a list.

use std::collections::HashMap;

use quote::{format_ident, quote};
use serde_json::Value;
use syn::{Item, Type, parse_quote};

use crate::rust::not_rust;
use crate::syntax::tree::type_name;
use openapi_document::document::{Document, resolve};
use openapi_document::error::Result;
use openapi_document::names::{Names, setters};
use openapi_document::operations::operations;
use openapi_document::pointer::escape;
use openapi_document::usage::component;

/// How the lists of an API are paged.
#[derive(Clone, Debug)]
pub struct Pages {
    /// The query parameter that asks for a page by its number.
    pub parameter: String,
    /// The property of an answer that holds the page's objects.
    pub results: String,
    /// The properties that lead to the number of the next page.
    pub next: Vec<String>,
}

/// The ways of paging that are known: the parameter, the results, and the way to the number of the next page.
const KNOWN: &[(&str, &str, &[&str])] = &[("page", "results", &["pagination", "next"])];

impl Pages {
    /// How the lists of `document` are paged, if that is a known way.
    #[must_use]
    pub fn of(document: &Document) -> Option<Self> {
        let root = document.value();
        let known = KNOWN.iter().map(|(parameter, results, next)| Pages {
            parameter: (*parameter).to_owned(),
            results: (*results).to_owned(),
            next: next.iter().map(|&step| step.to_owned()).collect(),
        });
        let mut known = known.filter(|pages| {
            operations(root).any(|(_, _, operation)| object(root, operation, pages).is_some())
        });
        known.next()
    }
}

/// Adds `stream()` to the builder of every operation that is paged.
///
/// # Errors
/// If there is no such operation.
pub(super) fn add_streams(builders: &mut Vec<Item>, document: &Document, pages: &Pages) -> Result<()> {
    let root = document.value();
    let mut streams = Vec::new();
    for (path, method, operation) in operations(root) {
        let (Some(id), Some(object)) =
            (operation.get("operationId").and_then(Value::as_str), object(root, operation, pages))
        else {
            continue;
        };
        let setters = setters(root, &format!("/paths/{}/{method}", escape(path)));
        let Some(setter) = setters.iter().find(|setter| asks_for_page(setter.parameter, pages)) else {
            continue;
        };
        let stream = stream(document.names(), id, &setter.name, &object, pages);
        streams.push(stream.map_err(|fault| not_rust(document, "", &fault))?);
    }
    if streams.is_empty() {
        let message = format!(
            "no operation has pages: a parameter `{}` and an answer with `{}`",
            pages.parameter, pages.results
        );
        return Err(document.error("", message, "say how its lists are paged, or that they are not"));
    }
    // Each stands behind all else that its builder has.
    let mut streams: HashMap<Option<String>, syn::ItemImpl> =
        streams.into_iter().map(|item| (type_name(&item.self_ty), item)).collect();
    let mut with_streams = Vec::with_capacity(builders.len() + streams.len());
    for item in builders.drain(..).rev() {
        if let Item::Impl(of) = &item
            && let Some(stream) = streams.remove(&type_name(&of.self_ty))
        {
            with_streams.push(Item::Impl(stream));
        }
        with_streams.push(item);
    }
    with_streams.reverse();
    *builders = with_streams;
    Ok(())
}

/// The component of which the pages of an operation hold objects; `None` if the operation is not paged.
fn object(root: &Value, operation: &Value, pages: &Pages) -> Option<String> {
    let mut parameters =
        operation.get("parameters")?.as_array()?.iter().map(|parameter| resolve(root, parameter));
    parameters.find(|parameter| asks_for_page(parameter, pages))?;
    let page = resolve(root, operation.pointer("/responses/200/content/application~1json/schema")?);
    let mut next = page;
    for step in &pages.next {
        next = resolve(root, next.get("properties")?.get(step)?);
    }
    next.get("type").filter(|kind| *kind == "integer" || *kind == "number")?;
    let items = resolve(root, page.get("properties")?.get(&pages.results)?).get("items")?;
    component(items.get("$ref")?.as_str()?)
}

/// Whether `parameter` says which page is asked for.
fn asks_for_page(parameter: &Value, pages: &Pages) -> bool {
    parameter.get("in").is_some_and(|place| place == "query")
        && parameter.get("name").is_some_and(|name| *name == pages.parameter)
}

/// The streams of the operation `id`, whose page is set by `setter`.
fn stream(names: &Names, id: &str, setter: &str, object: &str, pages: &Pages) -> syn::Result<syn::ItemImpl> {
    let (builder, parameter) = (format_ident!("{}", names.builder(id)), format_ident!("{setter}"));
    let object: Type = syn::parse_str(&format!("types::{}", names.component(object)))?;
    let field = |name: &str| syn::parse_str::<syn::Ident>(&names.property(name));
    let results = field(&pages.results)?;
    let next = pages.next.iter().map(|name| field(name)).collect::<syn::Result<Vec<_>>>()?;
    let place = pages.next.iter().fold(String::new(), |place, name| place + "/" + &escape(name));
    let tokens = quote! {
        impl<'a> #builder<'a> {
            /// All objects of all pages, from the page asked for or the first one on.
            ///
            /// A page is requested when the stream is polled for its first object; each is a call of its own to the
            /// options. The stream ends after an error.
            pub fn stream(self) -> runtime::BoxStream<'a, Result<#object, runtime::Error>> {
                runtime::stream(Self::OPERATION, move |page| {
                    let request = match page {
                        Some(page) => self.clone().#parameter(page),
                        None => self.clone(),
                    };
                    async move {
                        let page = request.send().await?;
                        let answered = runtime::answered(&page, #place);
                        let next = answered.then_some(page.#(#next).*);
                        Ok((page.into_inner().#results, next))
                    }
                })
            }

            /// What [`Self::stream`] answers, for callers that do not await.
            #[cfg(feature = "blocking")]
            pub fn iter_blocking(self) -> runtime::Iter<'a, #object> {
                runtime::iterate(Self::OPERATION, self.stream())
            }
        }
    };
    Ok(parse_quote!(#tokens))
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
      parameters: [{in: query, name: page, schema: {type: integer}}]
      responses:
        '200': {description: '', content: {application/json: {schema: {$ref: '#/components/schemas/PetPage'}}}}
  /toys/:
    get:
      operationId: toys_list
      responses:
        '200': {description: '', content: {application/json: {schema: {$ref: '#/components/schemas/PetPage'}}}}
components:
  schemas:
    Pet: {type: object}
    Info: {type: object, properties: {next: {type: integer}}}
    PetPage:
      type: object
      properties: {pagination: {$ref: '#/components/schemas/Info'}, results: {type: array, items: {$ref: '#/components/schemas/Pet'}}}
";

    fn pages(results: &str) -> Pages {
        Pages {
            parameter: "page".to_owned(),
            results: results.to_owned(),
            next: vec!["pagination".to_owned(), "next".to_owned()],
        }
    }

    #[test]
    fn a_paged_operation_gets_a_stream_and_another_does_not() {
        let document = Document::parse("spec.yaml", DOCUMENT).unwrap();
        let mut builders = vec![
            parse_quote!(
                impl<'a> PetsList<'a> {}
            ),
            parse_quote!(
                impl<'a> ToysList<'a> {}
            ),
        ];
        add_streams(&mut builders, &document, &pages("results")).unwrap();
        let text = prettyplease::unparse(&crate::rust::file_of(builders));
        assert_eq!(text.matches("pub fn stream").count(), 1);
        assert!(text.contains("Result<types::Pet, runtime::Error>"), "{text}");
        let flat: String = text.split_whitespace().collect();
        assert!(
            flat.contains(
                r#"answered(&page,"/pagination/next");letnext=answered.then_some(page.pagination.next)"#
            ),
            "{text}"
        );
    }

    #[test]
    fn a_known_way_of_paging_is_found_in_the_document() {
        let document = Document::parse("spec.yaml", DOCUMENT).unwrap();
        assert_eq!(Pages::of(&document).unwrap().results, "results");
        let other = DOCUMENT.replace("name: page", "name: offset");
        assert!(Pages::of(&Document::parse("spec.yaml", &other).unwrap()).is_none());
        let other = DOCUMENT.replace("next: {type: integer}", "next: {type: string}");
        assert!(Pages::of(&Document::parse("spec.yaml", &other).unwrap()).is_none());
    }

    #[test]
    fn paging_that_fits_no_operation_is_an_error() {
        let document = Document::parse("spec.yaml", DOCUMENT).unwrap();
        let error = add_streams(&mut Vec::new(), &document, &pages("items")).unwrap_err();
        assert!(error.to_string().contains("no operation has pages"), "{error}");
    }
}

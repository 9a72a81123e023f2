//! Streams over all pages of a list.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::Type;

use crate::rust::not_rust;
use openapi_document::error::Result;
use openapi_document::model::{Kind, Location, Model, Operation, Parameter, SchemaId, Status};
use openapi_document::pointer::escape;

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
    /// Detects how lists are paged; `None` if it is no known way.
    #[must_use]
    pub fn of(model: &Model<'_>) -> Option<Self> {
        let known = KNOWN.iter().map(|(parameter, results, next)| Pages {
            parameter: (*parameter).to_owned(),
            results: (*results).to_owned(),
            next: next.iter().map(|&step| step.to_owned()).collect(),
        });
        let mut known =
            known.filter(|pages| model.operations.iter().any(|of| paged(model, of, pages).is_some()));
        known.next()
    }
}

/// Checks that an operation is paged in this way.
///
/// # Errors
/// If none is.
pub(super) fn check(model: &Model<'_>, pages: &Pages) -> Result<()> {
    if model.operations.iter().any(|operation| paged(model, operation, pages).is_some()) {
        return Ok(());
    }
    let message = format!(
        "no operation has pages: a parameter `{}` and an answer with `{}`",
        pages.parameter, pages.results
    );
    Err(model.document.error("", message, "say how its lists are paged, or that they are not"))
}

/// Returns the setter of the page, and the component of which pages hold objects; `None` if the operation is not paged.
fn paged<'m>(model: &Model<'_>, operation: &'m Operation<'_>, pages: &Pages) -> Option<(&'m str, String)> {
    let asks_for_page = |parameter: &&Parameter<'_>| {
        parameter.location == Location::Query && parameter.name == pages.parameter
    };
    let parameter = operation.parameters.iter().find(asks_for_page)?;
    let response = operation.responses.iter().find(|response| response.status == Status::Code(200))?;
    let page = response.media.iter().find(|media| media.is_plain_json())?.schema?;
    let property = |of: SchemaId, name: &str| {
        let properties = &model.resolved(of).properties;
        properties.iter().find(|property| property.name == name).map(|property| property.schema)
    };
    let next = pages.next.iter().try_fold(page, |schema, step| property(schema, step))?;
    model.resolved(next).kind.filter(|kind| matches!(kind, Kind::Integer | Kind::Number))?;
    let items = model.resolved(property(page, &pages.results)?).items?;
    let object = model.schema(model.schema(items).reference?).component()?;
    Some((&parameter.setter, object.to_owned()))
}

/// Returns the streams of an operation, if it is paged.
pub(super) fn stream(
    model: &Model<'_>,
    operation: &Operation<'_>,
    pages: &Pages,
) -> Option<Result<TokenStream>> {
    let (setter, object) = paged(model, operation, pages)?;
    let stream = tokens(model, operation, setter, &object, pages);
    Some(stream.map_err(|fault| not_rust(model.document, &operation.pointer, &fault)))
}

fn tokens(
    model: &Model<'_>,
    operation: &Operation<'_>,
    setter: &str,
    object: &str,
    pages: &Pages,
) -> syn::Result<TokenStream> {
    let names = model.names();
    let (builder, parameter) = (format_ident!("{}", operation.builder), format_ident!("{setter}"));
    let object: Type = syn::parse_str(&format!("types::{}", names.component(object)))?;
    let field = |name: &str| syn::parse_str::<syn::Ident>(&names.property(name));
    let results = field(&pages.results)?;
    let next = pages.next.iter().map(|name| field(name)).collect::<syn::Result<Vec<_>>>()?;
    let place = pages.next.iter().fold(String::new(), |place, name| place + "/" + &escape(name));
    Ok(quote! {
        impl<'a> #builder<'a> {
            /// Returns all objects of all pages, from the page asked for or the first one on.
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

            /// Iterates over the objects of [`Self::stream`], for callers that do not await.
            #[cfg(feature = "blocking")]
            pub fn iter_blocking(self) -> runtime::Iter<'a, #object> {
                runtime::iterate(Self::OPERATION, self.stream())
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use openapi_document::Document;

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
        let model = Model::of(&document);
        let [pets, toys] = &model.operations[..] else { panic!("two operations") };
        assert!(stream(&model, toys, &pages("results")).is_none());
        let text = stream(&model, pets, &pages("results")).unwrap().unwrap().to_string();
        let flat: String = text.split_whitespace().collect();
        assert!(flat.contains("Result<types::Pet,runtime::Error>"), "{text}");
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
        assert_eq!(Pages::of(&Model::of(&document)).unwrap().results, "results");
        let other = DOCUMENT.replace("name: page", "name: offset");
        assert!(Pages::of(&Model::of(&Document::parse("spec.yaml", &other).unwrap())).is_none());
        let other = DOCUMENT.replace("next: {type: integer}", "next: {type: string}");
        assert!(Pages::of(&Model::of(&Document::parse("spec.yaml", &other).unwrap())).is_none());
    }

    #[test]
    fn paging_that_fits_no_operation_is_an_error() {
        let document = Document::parse("spec.yaml", DOCUMENT).unwrap();
        let error = check(&Model::of(&document), &pages("items")).unwrap_err();
        assert!(error.to_string().contains("no operation has pages"), "{error}");
    }
}

//! Security: a setter of the builder for each scheme, and what each operation asks for.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::{Item, parse_quote};

use crate::syntax::documentation;
use crate::words;
use openapi_document::model::{Credential, KeyPlace, Model, Operation, Requirement, SecurityScheme};

/// Returns the sentence that says what the setter of a credential does.
fn sentence(credential: Credential<'_>) -> String {
    match credential {
        Credential::Token => "Authenticates with a token, sent as `Authorization: Bearer`.".to_owned(),
        Credential::Basic => {
            "Authenticates with a user and a password, sent as `Authorization: Basic`.".to_owned()
        }
        Credential::Http(scheme) => {
            format!("Authenticates with `value`, sent as `Authorization: {scheme}`.")
        }
        Credential::Key(KeyPlace::Header, name) => {
            format!("Authenticates with a key, sent as the header `{name}`.")
        }
        Credential::Key(KeyPlace::Query, name) => {
            format!("Authenticates with a key, sent as `{name}` in the query.")
        }
        Credential::Key(KeyPlace::Cookie, name) => {
            format!("Authenticates with a key, sent as the cookie `{name}`.")
        }
    }
}

/// Returns the schemes that credentials can be set for, in the order of the document.
fn schemes<'m, 'a>(model: &'m Model<'a>) -> Vec<(&'m SecurityScheme<'a>, Credential<'a>)> {
    let schemes = model.security_schemes.iter();
    schemes.filter_map(|scheme| Some((scheme, scheme.credential?))).collect()
}

/// Writes the setters of the builder, each with the pointer that it came from; and `token` besides, if one scheme alone takes
/// one.
pub(super) fn setters(model: &Model<'_>) -> Vec<(Option<String>, Item)> {
    let schemes = schemes(model);
    let mut items = Vec::new();
    for (scheme, credential) in &schemes {
        let SecurityScheme { name, pointer, setter, .. } = scheme;
        let pointer = pointer.clone();
        let about = words::of_scheme(model, scheme, sentence(*credential));
        let setter = format_ident!("{setter}");
        let (parameters, call) = match credential {
            Credential::Token => (quote!(token: impl Into<String>), quote!(token(#name, token))),
            Credential::Basic => (
                quote!(user: impl Into<String>, password: impl Into<String>),
                quote!(basic(#name, user, password)),
            ),
            Credential::Http(scheme) => {
                (quote!(value: impl Into<String>), quote!(http(#name, #scheme, value)))
            }
            Credential::Key(place, parameter) => {
                let place = format_ident!("{place:?}");
                let place = quote!(::openapi_client_runtime::codegen::KeyPlace::#place);
                (quote!(key: impl Into<String>), quote!(key(#name, #place, #parameter, key)))
            }
        };
        let item: Item = parse_quote! {
            impl ClientBuilder {
                #[doc = #about]
                pub fn #setter(mut self, #parameters) -> Self {
                    self.runtime = self.runtime.#call;
                    self
                }
            }
        };
        items.push((Some(pointer), documentation::escaped(item)));
    }
    let takers = schemes.iter().filter(|(_, credential)| *credential == Credential::Token);
    if let [(only, _)] = takers.collect::<Vec<_>>()[..]
        && schemes.iter().all(|(scheme, _)| scheme.setter != "token")
    {
        let setter = format_ident!("{}", only.setter);
        let about = format!("Authenticates with a token: [`Self::{setter}`] by a shorter name.");
        let item = parse_quote! {
            impl ClientBuilder {
                #[doc = #about]
                pub fn token(self, token: impl Into<String>) -> Self {
                    self.#setter(token)
                }
            }
        };
        items.push((None, documentation::escaped(item)));
    }
    items
}

/// Writes the alternatives in which `operation` takes credentials.
pub(super) fn alternatives(model: &Model<'_>, operation: &Operation<'_>) -> TokenStream {
    let alternatives = model.credentials(operation).into_iter().map(|together| {
        let needs = together.into_iter().map(
            |Requirement { scheme, scopes }| quote!(Requirement { scheme: #scheme, scopes: &[#(#scopes),*] }),
        );
        quote!(&[#(#needs),*])
    });
    quote!(&[#(#alternatives),*])
}

#[cfg(test)]
mod tests {
    use super::*;
    use openapi_document::Document;

    const SCHEMES: &str = "
components:
  securitySchemes:
    House: {type: http, scheme: Bearer, description: 'See [docs].'}
    front-door: {type: http, scheme: basic}
    timeout: {type: apiKey, in: query, name: 'k y'}
    session: {type: apiKey, in: cookie, name: sid}
    digest: {type: http, scheme: digest}
";

    fn document(security: &str, schemes: &str) -> Document {
        let text = format!(
            "openapi: 3.0.3
info: {{title: t, version: '1'}}
{security}
paths:
  /a: {{get: {{operationId: a, responses: {{'204': {{description: ''}}}}}}}}
  /b: {{get: {{operationId: b, security: [{{House: [read, write], session: []}}, {{}}], responses: {{'204': {{description: ''}}}}}}}}
  /c: {{get: {{operationId: c, security: [], responses: {{'204': {{description: ''}}}}}}}}
{schemes}"
        );
        Document::parse("spec.yaml", &text).unwrap()
    }

    fn of(document: &Document, id: &str) -> String {
        let model = Model::of(document);
        let operation = model.operations.iter().find(|operation| operation.id == id).unwrap();
        alternatives(&model, operation).to_string().replace(' ', "")
    }

    #[test]
    fn each_scheme_has_a_setter_by_its_name() {
        let document = document("", SCHEMES);
        let items = setters(&Model::of(&document)).into_iter().map(|(_, item)| item);
        let text = prettyplease::unparse(&crate::rust::file_of(items.collect()));
        for part in [
            "pub fn house(mut self, token: impl Into<String>)",
            "self.runtime.token(\"House\", token)",
            "/// See \\[docs].",
            "pub fn front_door(",
            "self.runtime.basic(\"front-door\", user, password)",
            "pub fn timeout_2(mut self, key: impl Into<String>)",
            "::openapi_client_runtime::codegen::KeyPlace::Query",
            "/// Authenticates with a key, sent as the cookie `sid`.",
            "self.runtime.http(\"digest\", \"digest\", value)",
            "pub fn token(self, token: impl Into<String>)",
            "self.house(token)",
        ] {
            assert!(text.contains(part), "{part} in {text}");
        }
    }

    #[test]
    fn token_is_there_for_one_scheme_alone_and_never_twice() {
        let of = |schemes: &str| {
            let text =
                "{openapi: 3.0.3, info: {title: t, version: '1'}, paths: {}, components: {securitySchemes: {";
            let document = Document::parse("spec.yaml", &format!("{text}{schemes}}}}}}}")).unwrap();
            let items: Vec<Item> = setters(&Model::of(&document)).into_iter().map(|(_, item)| item).collect();
            prettyplease::unparse(&crate::rust::file_of(items)).matches("pub fn token(").count()
        };
        let bearer = "{type: http, scheme: bearer}";
        assert_eq!(of(""), 0);
        assert_eq!(of(&format!("a: {bearer}")), 1);
        assert_eq!(of(&format!("token: {bearer}")), 1);
        assert_eq!(of(&format!("a: {bearer}, b: {bearer}")), 0);
        assert_eq!(of(&format!("a: {bearer}, token: {{type: apiKey, in: query, name: k}}")), 1);
    }

    #[test]
    fn an_operation_asks_for_what_it_says_or_the_document_says_for_all() {
        let own = document("security: [{digest: []}]", SCHEMES);
        assert_eq!(of(&own, "a"), r#"&[&[Requirement{scheme:"digest",scopes:&[]}]]"#);
        assert_eq!(
            of(&own, "b"),
            r#"&[&[Requirement{scheme:"House",scopes:&["read","write"]},Requirement{scheme:"session",scopes:&[]}],&[]]"#
        );
        assert_eq!(of(&own, "c"), "&[]");
        let none = document("", SCHEMES);
        assert_eq!(of(&none, "a"), "&[]", "others say what they ask for, so this one asks for nothing");
    }

    #[test]
    fn where_nothing_is_said_anywhere_each_scheme_may_do() {
        let text = "{openapi: 3.0.3, info: {title: t, version: '1'}, paths: {/a: {get: {operationId: a, responses: \
                    {'204': {description: ''}}}}}, components: {securitySchemes: {k: {type: http, scheme: bearer}}}}";
        let document = Document::parse("spec.yaml", text).unwrap();
        assert_eq!(of(&document, "a"), r#"&[&[Requirement{scheme:"k",scopes:&[]}]]"#);
    }
}

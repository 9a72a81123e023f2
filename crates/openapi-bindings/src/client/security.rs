//! Security: a setter of the builder for each scheme, and what each operation asks for.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use serde_json::Value;
use syn::{Item, parse_quote};

use crate::syntax::documentation;
use crate::words;
use openapi_document::document::Document;
use openapi_document::operations::operations;
use openapi_document::pointer::escape;

/// A security scheme that credentials can be set for.
struct Scheme<'a> {
    name: &'a str,
    setter: String,
    kind: Kind<'a>,
}

/// What a scheme takes, and where that goes.
enum Kind<'a> {
    /// A token: bearer, OAuth 2 and `OpenID` Connect.
    Token,
    /// A user and a password.
    Basic,
    /// What follows the name of another scheme of HTTP.
    Http(&'a str),
    /// A key, in a variant of the runtime's `KeyPlace`.
    Key(&'static str, &'a str),
}

impl<'a> Kind<'a> {
    fn of(scheme: &'a Value) -> Option<Self> {
        let text = |key: &str| scheme.get(key).and_then(Value::as_str);
        match text("type")? {
            "oauth2" | "openIdConnect" => Some(Kind::Token),
            "http" => match text("scheme")? {
                name if name.eq_ignore_ascii_case("bearer") => Some(Kind::Token),
                name if name.eq_ignore_ascii_case("basic") => Some(Kind::Basic),
                name => Some(Kind::Http(name)),
            },
            "apiKey" => {
                let place = match text("in")? {
                    "header" => "Header",
                    "query" => "Query",
                    "cookie" => "Cookie",
                    _ => return None,
                };
                Some(Kind::Key(place, text("name")?))
            }
            _ => None,
        }
    }

    /// The sentence that says what the setter does.
    fn sentence(&self) -> String {
        match self {
            Kind::Token => "Authenticates with a token, sent as `Authorization: Bearer`.".to_owned(),
            Kind::Basic => {
                "Authenticates with a user and a password, sent as `Authorization: Basic`.".to_owned()
            }
            Kind::Http(scheme) => format!("Authenticates with `value`, sent as `Authorization: {scheme}`."),
            Kind::Key("Header", name) => format!("Authenticates with a key, sent as the header `{name}`."),
            Kind::Key("Query", name) => format!("Authenticates with a key, sent as `{name}` in the query."),
            Kind::Key(_, name) => format!("Authenticates with a key, sent as the cookie `{name}`."),
        }
    }
}

/// The schemes that credentials can be set for, in the order of the document.
fn schemes(document: &Document) -> Vec<Scheme<'_>> {
    let declared = document.value().pointer("/components/securitySchemes").and_then(Value::as_object);
    let known: Vec<(&str, Kind<'_>)> = declared
        .into_iter()
        .flatten()
        .filter_map(|(name, scheme)| Some((name.as_str(), Kind::of(document.resolve(scheme))?)))
        .collect();
    let names: Vec<&str> = known.iter().map(|(name, _)| *name).collect();
    let setters = openapi_document::names::credential_setters(&names);
    let schemes = known.into_iter().zip(setters);
    schemes.map(|((name, kind), setter)| Scheme { name, setter, kind }).collect()
}

/// Writes the setters of the builder, each with the pointer that it came from; and `token` besides, if one scheme alone takes
/// one.
pub(super) fn setters(document: &Document) -> Vec<(Option<String>, Item)> {
    let schemes = schemes(document);
    let mut items = Vec::new();
    for Scheme { name, setter, kind } in &schemes {
        let pointer = format!("/components/securitySchemes/{}", escape(name));
        let about = words::of_scheme(document.value(), &pointer, kind.sentence());
        let setter = format_ident!("{setter}");
        let (parameters, call) = match kind {
            Kind::Token => (quote!(token: impl Into<String>), quote!(token(#name, token))),
            Kind::Basic => (
                quote!(user: impl Into<String>, password: impl Into<String>),
                quote!(basic(#name, user, password)),
            ),
            Kind::Http(scheme) => (quote!(value: impl Into<String>), quote!(http(#name, #scheme, value))),
            Kind::Key(place, parameter) => {
                let place = format_ident!("{place}");
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
    let takers: Vec<&Scheme<'_>> =
        schemes.iter().filter(|scheme| matches!(scheme.kind, Kind::Token)).collect();
    if let [only] = takers.as_slice()
        && schemes.iter().all(|scheme| scheme.setter != "token")
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

/// Writes the alternatives of the security requirement of `operation`.
///
/// Where a document requires nothing anywhere, but has schemes, every operation is taken to accept any of them.
pub(super) fn alternatives(document: &Document, operation: &Value) -> TokenStream {
    let root = document.value();
    let schemes = schemes(document);
    let requirement =
        |name: &str, scopes: &[&str]| quote!(Requirement { scheme: #name, scopes: &[#(#scopes),*] });
    let declared = operation.get("security").or_else(|| root.get("security")).and_then(Value::as_array);
    let alternatives: Vec<TokenStream> = match declared {
        Some(alternatives) => alternatives
            .iter()
            .map(|alternative| {
                let members = alternative.as_object().into_iter().flatten();
                let known = members.filter(|(name, _)| schemes.iter().any(|scheme| scheme.name == *name));
                let needs = known.map(|(name, scopes)| {
                    let scopes = scopes.as_array().into_iter().flatten().filter_map(Value::as_str);
                    requirement(name, &scopes.collect::<Vec<_>>())
                });
                quote!(&[#(#needs),*])
            })
            .collect(),
        None if operations(root).all(|(_, _, operation)| operation.get("security").is_none()) => schemes
            .iter()
            .map(|scheme| {
                let need = requirement(scheme.name, &[]);
                quote!(&[#need])
            })
            .collect(),
        None => Vec::new(),
    };
    quote!(&[#(#alternatives),*])
}

#[cfg(test)]
mod tests {
    use super::*;

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
        let (.., operation) =
            operations(document.value()).find(|(.., operation)| operation["operationId"] == id).unwrap();
        alternatives(document, operation).to_string().replace(' ', "")
    }

    #[test]
    fn each_scheme_has_a_setter_by_its_name() {
        let document = document("", SCHEMES);
        let items = setters(&document).into_iter().map(|(_, item)| item);
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
            let items: Vec<Item> = setters(&document).into_iter().map(|(_, item)| item).collect();
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

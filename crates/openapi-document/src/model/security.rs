//! The credentials of callers: security schemes, and what operations ask for.

use serde_json::Value;

use super::place::Place;
use crate::names::credential_setters;

/// A way to say who is calling.
#[derive(Clone, Debug)]
pub struct SecurityScheme<'a> {
    /// Its name.
    pub name: &'a str,
    /// Where it is written, references followed.
    pub pointer: String,
    /// Its JSON.
    pub value: &'a Value,
    /// Its description.
    pub description: Option<&'a str>,
    /// The credential it takes; `None` if nothing that could be set for a client.
    pub credential: Option<Credential<'a>>,
    /// The setter of its credential in Rust; empty if it takes none.
    pub setter: String,
}

/// The credential that a security scheme takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Credential<'a> {
    /// A token: bearer, OAuth 2 and OpenID Connect.
    Token,
    /// A user and a password.
    Basic,
    /// The text after the name of another scheme of HTTP.
    Http(&'a str),
    /// A key, and the name it goes by.
    Key(KeyPlace, &'a str),
}

/// Where a key stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KeyPlace {
    /// In a header.
    Header,
    /// In the query.
    Query,
    /// In a cookie.
    Cookie,
}

/// A scheme that is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Requirement<'a> {
    /// Its name.
    pub scheme: &'a str,
    /// The scopes that the caller must have besides.
    pub scopes: Vec<&'a str>,
}

impl<'a> Credential<'a> {
    fn of(scheme: &Place<'a>) -> Option<Self> {
        Some(match scheme.text("type")? {
            "oauth2" | "openIdConnect" => Self::Token,
            "http" => match scheme.text("scheme")? {
                name if name.eq_ignore_ascii_case("bearer") => Self::Token,
                name if name.eq_ignore_ascii_case("basic") => Self::Basic,
                name => Self::Http(name),
            },
            "apiKey" => {
                let place = match scheme.text("in")? {
                    "header" => KeyPlace::Header,
                    "query" => KeyPlace::Query,
                    "cookie" => KeyPlace::Cookie,
                    _ => return None,
                };
                Self::Key(place, scheme.text("name")?)
            }
            _ => return None,
        })
    }
}

/// Reads the security schemes below `root`.
pub(super) fn schemes<'a>(root: &Place<'a>) -> Vec<SecurityScheme<'a>> {
    let declared = root.get("components").and_then(|components| components.written("securitySchemes"));
    let declared = declared.iter().flat_map(Place::members).map(|(name, place)| {
        let place = place.followed();
        SecurityScheme {
            name,
            value: place.value,
            description: place.text("description"),
            credential: Credential::of(&place),
            setter: String::new(),
            pointer: place.pointer,
        }
    });
    let mut schemes: Vec<_> = declared.collect();
    let mut known: Vec<_> = schemes.iter_mut().filter(|scheme| scheme.credential.is_some()).collect();
    let names: Vec<&str> = known.iter().map(|scheme| scheme.name).collect();
    for (scheme, setter) in known.iter_mut().zip(credential_setters(&names)) {
        scheme.setter = setter;
    }
    schemes
}

/// Reads the alternatives that `holder` asks for; `None` if it says nothing of it.
pub(super) fn alternatives<'a>(holder: &Place<'a>) -> Option<Vec<Vec<Requirement<'a>>>> {
    let declared = holder.written("security")?;
    let alternatives = declared.items().map(|alternative| {
        let together = alternative.members().map(|(scheme, scopes)| {
            let scopes = scopes.value.as_array().into_iter().flatten();
            Requirement { scheme, scopes: scopes.filter_map(Value::as_str).collect() }
        });
        together.collect()
    });
    Some(alternatives.collect())
}

//! The names of what nobody is to read in a journal, and texts without it.

use std::collections::BTreeSet;

use http::HeaderName;
use http::header::{AUTHORIZATION, COOKIE, PROXY_AUTHORIZATION, SET_COOKIE};
use openapi_server_runtime::credentials::{SchemeKind, SecurityScheme};
use serde_json::{Map, Value};

/// The text in place of a secret.
pub(crate) const HIDDEN: &str = "***";

/// Headers that are secret in any API.
const HEADERS: [HeaderName; 4] = [AUTHORIZATION, COOKIE, SET_COOKIE, PROXY_AUTHORIZATION];

/// The names of secrets. A property, a field of a form or a parameter is secret if the document says so of any that has its
/// name, since a value may be where no schema expects it.
#[derive(Debug, Default)]
pub(crate) struct Secrets {
    /// Properties and parameters that are marked, in lower case.
    marked: BTreeSet<String>,
    /// Keys of security schemes, in lower case.
    keys: BTreeSet<String>,
}

impl Secrets {
    /// Returns the secrets of a document and its security schemes.
    pub(crate) fn of(document: &str, schemes: &[SecurityScheme]) -> Self {
        let document: Value = serde_json::from_str(document).unwrap_or_default();
        let mut secrets = Self::default();
        secrets.search(&document, &document);
        let keys = schemes.iter().filter_map(|scheme| match scheme.kind {
            SchemeKind::ApiKey { name, .. } => Some(name.to_lowercase()),
            _ => None,
        });
        secrets.keys.extend(keys);
        secrets
    }

    /// Adds the names that are marked in a part of a document.
    fn search(&mut self, part: &Value, document: &Value) {
        match part {
            Value::Array(items) => items.iter().for_each(|item| self.search(item, document)),
            Value::Object(members) => {
                let named = members.get("properties").and_then(Value::as_object).into_iter().flatten();
                let marked = named.filter(|(_, schema)| is_marked(schema, document, MAX_REFERENCES));
                self.marked.extend(marked.map(|(name, _)| name.to_lowercase()));
                if let (Some(name), Some(_)) =
                    (members.get("name").and_then(Value::as_str), members.get("in"))
                    && (is_marked(part, document, MAX_REFERENCES)
                        || members
                            .get("schema")
                            .is_some_and(|schema| is_marked(schema, document, MAX_REFERENCES)))
                {
                    self.marked.insert(name.to_lowercase());
                }
                members.values().for_each(|member| self.search(member, document));
            }
            _ => {}
        }
    }

    /// Returns `true` if a header of this name is secret.
    pub(crate) fn is_header(&self, name: &HeaderName) -> bool {
        HEADERS.contains(name) || self.keys.contains(name.as_str()) || self.marked.contains(name.as_str())
    }

    /// Returns `true` if a property, or a field of a form, of this name is secret. Names of fields may have parts, as in
    /// `user[password]`.
    pub(crate) fn is_property(&self, name: &str) -> bool {
        let name = name.to_lowercase();
        self.marked.contains(&name) || name.split(['[', ']', '.']).any(|part| self.marked.contains(part))
    }

    /// Returns `true` if a query parameter of this name is secret.
    pub(crate) fn is_parameter(&self, name: &str) -> bool {
        self.is_property(name) || self.keys.contains(&name.to_lowercase())
    }

    /// Hides the secrets in a value. Null stays what it is.
    pub(crate) fn hide(&self, value: &mut Value) {
        self.replace(value, &mut |_| Value::from(HIDDEN));
    }

    /// Puts what `stand_in` makes of each secret in its place. Null stays what it is.
    pub(crate) fn replace(&self, value: &mut Value, stand_in: &mut dyn FnMut(&Value) -> Value) {
        match value {
            Value::Array(items) => items.iter_mut().for_each(|item| self.replace(item, stand_in)),
            Value::Object(members) => {
                for (name, member) in members {
                    if !self.is_property(name) {
                        self.replace(member, stand_in);
                    } else if !member.is_null() {
                        *member = stand_in(member);
                    }
                }
            }
            _ => {}
        }
    }

    /// Returns a query string, or a URL-encoded form, without its secrets.
    pub(crate) fn query(&self, query: &str) -> String {
        self.query_with(query, &mut |_| HIDDEN.to_owned())
    }

    /// Returns a query string with what `stand_in` makes of each secret in its place.
    pub(crate) fn query_with(&self, query: &str, stand_in: &mut dyn FnMut(&str) -> String) -> String {
        let pairs = query.split('&').map(|pair| {
            let name = pair.split_once('=').map_or(pair, |(name, _)| name);
            match form_urlencoded::parse(pair.as_bytes()).next() {
                Some((decoded, value)) if self.is_parameter(&decoded) => {
                    format!("{name}={}", stand_in(&value))
                }
                _ => pair.to_owned(),
            }
        });
        pairs.collect::<Vec<_>>().join("&")
    }

    /// Returns a text of no known form; nothing of it if it names a secret.
    pub(crate) fn text<'a>(&self, text: &'a str) -> &'a str {
        let lower = text.to_lowercase();
        if self.marked.iter().any(|name| lower.contains(name.as_str())) { HIDDEN } else { text }
    }
}

/// The number of references that are followed from a property to its schema.
const MAX_REFERENCES: usize = 8;

/// Returns `true` if a schema, or one that it is made of, describes a secret.
fn is_marked(schema: &Value, document: &Value, references: usize) -> bool {
    let Some(members) = schema.as_object() else { return false };
    let is_true = |name: &str| members.get(name) == Some(&Value::Bool(true));
    if is_true("x-secret") || is_true("writeOnly") || members.get("format").is_some_and(|it| it == "password")
    {
        return true;
    }
    let Some(references) = references.checked_sub(1) else { return false };
    let target =
        members.get("$ref").and_then(Value::as_str).and_then(|to| document.pointer(to.strip_prefix('#')?));
    parts(members).chain(target).any(|part| is_marked(part, document, references))
}

/// Returns the schemas that a value has to follow too, or may follow.
fn parts(members: &Map<String, Value>) -> impl Iterator<Item = &Value> {
    let lists = ["allOf", "anyOf", "oneOf"].into_iter().filter_map(|name| members.get(name)?.as_array());
    lists.flatten().chain(members.get("items"))
}

#[cfg(test)]
mod tests {
    use openapi_server_runtime::operation::Location;
    use serde_json::json;

    use super::*;

    fn secrets() -> Secrets {
        let document = json!({
            "paths": {"/login": {"get": {"parameters": [
                {"name": "Pin", "in": "query", "schema": {"type": "string", "format": "password"}},
                {"name": "page", "in": "query", "schema": {"type": "integer"}}
            ]}}},
            "components": {"schemas": {
                "Secret": {"type": "string", "x-secret": true},
                "User": {"properties": {
                    "name": {"type": "string"},
                    "password": {"type": "string", "writeOnly": true},
                    "token": {"$ref": "#/components/schemas/Secret"},
                    "codes": {"type": "array", "items": {"allOf": [{"$ref": "#/components/schemas/Secret"}]}},
                    "self": {"$ref": "#/components/schemas/User"}
                }}
            }}
        });
        let key = SchemeKind::ApiKey { location: Location::Header, name: "X-Key" };
        Secrets::of(&document.to_string(), &[SecurityScheme { name: "key", kind: key }])
    }

    #[test]
    fn secrets_are_hidden_wherever_they_are_and_nothing_else_is() {
        let mut value = json!([{
            "name": "n", "password": "p", "token": {"a": 1}, "codes": ["c"], "self": {"PASSWORD": "p", "token": null},
        }]);
        secrets().hide(&mut value);
        let expected = json!([{
            "name": "n", "password": "***", "token": "***", "codes": "***", "self": {"PASSWORD": "***", "token": null},
        }]);
        assert_eq!(value, expected);
    }

    #[test]
    fn queries_headers_and_texts_have_no_secrets() {
        let secrets = secrets();
        let query = "page=2&pin=1234&p%69n=5&user%5Bpassword%5D=x&x-key=k&token";
        assert_eq!(
            secrets.query(query),
            "page=2&pin=***&p%69n=***&user%5Bpassword%5D=***&x-key=***&token=***"
        );
        for (name, is_secret) in
            [("authorization", true), ("set-cookie", true), ("x-key", true), ("pin", true), ("accept", false)]
        {
            assert_eq!(secrets.is_header(&HeaderName::from_static(name)), is_secret, "{name}");
        }
        assert_eq!(secrets.text("{\"name\": \"n\","), "{\"name\": \"n\",");
        assert_eq!(secrets.text("{\"password\": \"p\","), HIDDEN);
    }
}

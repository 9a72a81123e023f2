//! Makes a recorded request one that can be sent to another server.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use http::header::{AUTHORIZATION, CONTENT_TYPE, COOKIE, HOST};
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use openapi_control::record::{Recorded, is_stand_in, stand_ins};
use openapi_server_runtime::media::Form;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

use crate::learned::{Learned, owner};

/// A request that can be sent.
#[derive(Debug)]
pub(crate) struct Resent {
    pub(crate) method: Method,
    /// The path with the query.
    pub(crate) target: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

/// The credentials that requests are sent with.
#[derive(Debug, Clone, Default)]
pub(crate) struct Supplied {
    /// The token in place of credentials that are not known.
    pub(crate) token: Option<String>,
    /// Headers that every request has.
    pub(crate) headers: Vec<(HeaderName, HeaderValue)>,
}

/// Returns the part of a path that names the collection: the last segment that is no key.
pub(crate) fn collection(path: &str) -> &str {
    let path = path.split('?').next().unwrap_or_default();
    let is_name = |segment: &&str| {
        let digits = segment.bytes().filter(u8::is_ascii_digit).count();
        !segment.is_empty() && digits < segment.len() && crate::generated::parts(segment).is_empty()
    };
    path.rsplit('/').find(is_name).unwrap_or_default()
}

impl Resent {
    /// Makes a request of a recorded one.
    ///
    /// # Errors
    /// If it cannot be sent: a sentence.
    pub(crate) fn of(
        recorded: &Recorded,
        learned: &mut Learned,
        supplied: &Supplied,
    ) -> Result<Self, String> {
        if recorded.body_left_out {
            return Err("its body was not recorded".to_owned());
        }
        let wrong = |what: &str, value: &str| format!("`{value}` is no {what}");
        let method: Method = recorded.method.parse().map_err(|_| wrong("method", &recorded.method))?;
        let mut headers = HeaderMap::new();
        for (name, value) in &recorded.headers {
            let parsed: HeaderName = name.parse().map_err(|_| wrong("name of a header", name))?;
            let Some(value) = header(&parsed, value, learned, supplied) else { continue };
            // A record has each byte of a header as a character.
            let bytes: Result<Vec<u8>, _> = value.chars().map(u8::try_from).collect();
            let value = bytes.ok().and_then(|bytes| HeaderValue::from_bytes(&bytes).ok());
            let told = || format!("the header `{name}` has no value that can be sent");
            headers.insert(parsed, value.ok_or_else(told)?);
        }
        for (name, value) in &supplied.headers {
            headers.insert(name.clone(), value.clone());
        }
        let body = body(recorded, learned)?;
        Ok(Self { method, target: target(&recorded.path, learned, supplied), headers, body })
    }
}

/// Returns a header as it is sent; `None` if it is not.
fn header(name: &HeaderName, value: &str, learned: &mut Learned, supplied: &Supplied) -> Option<String> {
    if name == HOST {
        return None;
    }
    let value = learned.sendable_as_known(value);
    if stand_ins(&value).next().is_none() {
        return Some(value);
    }
    if name == COOKIE {
        // No token stands for a cookie, so one that no response has set is not sent.
        let known = value.split("; ").filter(|pair| stand_ins(pair).next().is_none());
        return Some(known.collect::<Vec<_>>().join("; ")).filter(|cookies| !cookies.is_empty());
    }
    let token = supplied.token.as_ref()?;
    Some(if name == AUTHORIZATION { format!("Bearer {token}") } else { token.clone() })
}

/// Returns a path with a query as it is sent.
fn target(recorded: &str, learned: &mut Learned, supplied: &Supplied) -> String {
    let (path, query) =
        recorded.split_once('?').map_or((recorded, None), |(path, query)| (path, Some(query)));
    let mut of = "";
    let mut segments = Vec::new();
    for segment in path.split('/') {
        let key = segment.parse().ok().and_then(|key| learned.key(of, key));
        segments.push(key.map_or_else(|| learned.sendable(segment), |key: i64| key.to_string()));
        if !segment.is_empty() && segment.parse::<i64>().is_err() {
            of = segment;
        }
    }
    let path = segments.join("/");
    match query {
        Some(query) => format!("{path}?{}", fields(query, learned, supplied.token.as_deref())),
        None => path,
    }
}

/// Returns a query, or a URL-encoded form, as it is sent, with a token in place of secrets that are not known.
fn fields(recorded: &str, learned: &mut Learned, token: Option<&str>) -> String {
    let mut pairs = Vec::new();
    for pair in recorded.split('&') {
        let Some((name, value)) = pair.split_once('=') else {
            pairs.push(pair.to_owned());
            continue;
        };
        let key = value.parse().ok().and_then(|key| learned.key(name, key));
        let value = match key {
            Some(key) => key.to_string(),
            None if is_stand_in(value) => {
                let token = token.filter(|_| learned.secret(value).is_none());
                let secret = token.map_or_else(|| learned.sendable(value), str::to_owned);
                utf8_percent_encode(&secret, NON_ALPHANUMERIC).to_string()
            }
            None => learned.sendable(value),
        };
        pairs.push(format!("{name}={value}"));
    }
    pairs.join("&")
}

fn body(recorded: &Recorded, learned: &mut Learned) -> Result<Vec<u8>, String> {
    if let Some(body) = &recorded.body {
        let mut body = body.clone();
        let of = collection(&recorded.path);
        translate(of, &mut Vec::new(), &mut body, learned);
        return Ok(body.to_string().into_bytes());
    }
    if let Some(text) = &recorded.body_raw {
        let media_type = recorded.headers.get(CONTENT_TYPE.as_str()).map_or("", String::as_str);
        return Ok(match Form::of(media_type) {
            Form::UrlEncoded => fields(text, learned, None),
            _ => learned.sendable(text),
        }
        .into_bytes());
    }
    let encoded = recorded.body_base64.as_ref().map(|text| BASE64_STANDARD.decode(text));
    encoded
        .transpose()
        .map(Option::unwrap_or_default)
        .map_err(|error| format!("its body is no base64: {error}"))
}

/// Puts the values of the server now into the JSON of a request.
fn translate(collection: &str, place: &mut Vec<String>, value: &mut Value, learned: &mut Learned) {
    match value {
        Value::String(text) => *text = learned.sendable(text),
        Value::Number(number) => {
            let key = number.as_i64().filter(|_| !place.is_empty());
            if let Some(key) = key.and_then(|key| learned.key(&owner(place, collection), key)) {
                *value = key.into();
            }
        }
        Value::Array(items) => {
            for item in items {
                translate(collection, place, item, learned);
            }
        }
        Value::Object(members) => {
            for (name, member) in members {
                place.push(name.clone());
                translate(collection, place, member, learned);
                place.pop();
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn recorded(line: &str, body: Value) -> Recorded {
        let (method, path) = line.split_once(' ').expect("a method and a path");
        let headers = [
            ("authorization", "Bearer ***1*"),
            ("x-key", "***2*"),
            ("cookie", "session=***3*; of=***5*"),
            ("host", "h"),
            ("prefer", "\u{e4}"),
        ];
        let headers = headers.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        Recorded {
            method: method.to_owned(),
            path: path.to_owned(),
            headers,
            body: Some(body),
            ..Recorded::default()
        }
    }

    #[test]
    fn a_request_is_sent_with_the_keys_and_secrets_of_now() {
        let mut learned = Learned::default();
        learned.compare("users", &json!({"pk": 5, "key": "***4*"}), &json!({"pk": 7, "key": "s&s"}));
        let sent = recorded(
            "POST /users/5/pets/5/?user=5&page=5&key=***4*&pin=***9*&flag",
            json!({"user": 5, "size": 5, "users": [5], "password": "***4*"}),
        );
        let supplied = Supplied { token: Some("t".to_owned()), headers: Vec::new() };
        let sent = Resent::of(&sent, &mut learned, &supplied).expect("a request");
        assert_eq!(sent.target, "/users/7/pets/5/?user=7&page=5&key=s%26s&pin=t&flag");
        let body: Value = serde_json::from_slice(&sent.body).expect("JSON");
        assert_eq!(body, json!({"user": 7, "size": 5, "users": [7], "password": "s&s"}));
        assert_eq!(
            (&sent.headers["authorization"], &sent.headers["x-key"]),
            (&"Bearer t".parse().expect("a value"), &"t".parse().expect("a value"))
        );
        assert_eq!(sent.headers["prefer"].as_bytes(), b"\xe4");
        assert!(!sent.headers.contains_key("cookie") && !sent.headers.contains_key("host"));
    }

    #[test]
    fn a_cookie_is_sent_as_the_server_set_it_now() {
        let mut learned = Learned::default();
        learned.add_secret("***3*".to_owned(), "now".to_owned());
        let supplied = Supplied { token: Some("t".to_owned()), headers: Vec::new() };
        let sent = Resent::of(&recorded("GET /", Value::Null), &mut learned, &supplied).expect("a request");
        assert_eq!(sent.headers["cookie"], "session=now");
    }

    #[test]
    fn without_credentials_none_are_sent_and_what_cannot_be_sent_is_told() {
        let (mut learned, supplied) = (Learned::default(), Supplied::default());
        let sent = Resent::of(&recorded("GET /", Value::Null), &mut learned, &supplied).expect("a request");
        assert_eq!(sent.headers.keys().collect::<Vec<_>>(), ["prefer"]);
        let left_out = Recorded { body_left_out: true, ..recorded("GET /", Value::Null) };
        assert!(Resent::of(&left_out, &mut learned, &supplied).is_err());
        let odd =
            Recorded { body: None, body_base64: Some("!".to_owned()), ..recorded("GET /", Value::Null) };
        assert!(Resent::of(&odd, &mut learned, &supplied).expect_err("no base64").contains("base64"));
        assert!(Resent::of(&recorded("G=T /", Value::Null), &mut learned, &supplied).is_err());
    }

    #[test]
    fn no_secret_is_sent_that_whoever_has_the_record_knows() {
        let (mut learned, supplied) = (Learned::default(), Supplied::default());
        let sent = Recorded {
            body: None,
            body_raw: Some("password=***4*&text=a***4*".to_owned()),
            headers: [("content-type".to_owned(), "application/x-www-form-urlencoded".to_owned())].into(),
            ..recorded("POST /users/?pin=***5*", Value::Null)
        };
        let sent = Resent::of(&sent, &mut learned, &supplied).expect("a request");
        let secret = |stand_in| learned.secret(stand_in).expect("one was made");
        assert_eq!(sent.body, format!("password={0}&text=a{0}", secret("***4*")).into_bytes());
        assert_eq!(sent.target, format!("/users/?pin={}", secret("***5*")));
    }

    #[test]
    fn the_collection_is_the_last_name_of_a_path() {
        for (path, expected) in [
            ("/api/v3/users/5/?page=1", "users"),
            ("/users/0b1f3f6e-30d5-4c5b-a26e-4e3a0a4b3d11/used_by/", "used_by"),
            ("/pets", "pets"),
            ("/", ""),
        ] {
            assert_eq!(collection(path), expected, "{path}");
        }
    }
}

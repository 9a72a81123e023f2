//! Ways in which a response goes wrong while it is sent.

use std::collections::BTreeMap;
use std::io;
use std::time::Duration;

use bytes::Bytes;
use futures_util::stream;
use http::Response;
use http::header::{CONTENT_LENGTH, HeaderValue};
use openapi_server_runtime::response::Body;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value, json};

/// The moment at which a connection ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Disconnect {
    /// Before the response.
    Before,
    /// Within its body, of which half is sent.
    Within,
    /// After all bytes of the body, but before its end is sent.
    After,
}

/// The damage of a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Damage {
    /// The second half of it is missing.
    Truncated,
    /// It has a comma too many after its first character.
    Broken,
}

/// The change of a property.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// It is not there.
    Missing,
    /// It is null.
    Null,
    /// It is of another type: a number instead of a text, and a text instead of anything else.
    OtherType,
    /// It is a text that no enumeration has.
    UnknownValue,
}

/// The text that no enumeration has.
const UNKNOWN_VALUE: &str = "value-that-no-document-knows";

/// The pieces that a slow body is sent in.
const PIECES: u32 = 10;

/// Everything that goes wrong while a response is sent.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Effects<'a> {
    pub(crate) disconnect: Option<Disconnect>,
    pub(crate) damage: Option<Damage>,
    pub(crate) properties: &'a BTreeMap<String, Change>,
    /// The time that the body takes.
    pub(crate) body: Duration,
    /// The number of bytes that the announced length is greater than the true one.
    pub(crate) wrong_length: i64,
}

impl Effects<'_> {
    /// Returns `true` if nothing goes wrong.
    pub(crate) fn is_empty(&self) -> bool {
        let Self { disconnect, damage, properties, body, wrong_length } = self;
        disconnect.is_none()
            && damage.is_none()
            && properties.is_empty()
            && body.is_zero()
            && *wrong_length == 0
    }

    /// Returns what becomes of a response. A stream stays as it is.
    pub(crate) fn apply(&self, mut response: Response<Body>) -> Response<Body> {
        if self.disconnect == Some(Disconnect::Before) {
            return Response::new(Body::aborted());
        }
        let Some(bytes) = response.body().as_bytes().cloned().filter(|_| !self.is_empty()) else {
            return response;
        };
        let bytes = self.damaged(self.changed(bytes));
        response.headers_mut().remove(CONTENT_LENGTH);
        if self.disconnect.is_none() && self.body.is_zero() && self.wrong_length == 0 {
            *response.body_mut() = Body::from(bytes);
            return response;
        }
        let length = i64::try_from(bytes.len()).unwrap_or(i64::MAX);
        // Without a length, what is missing is the end of the last chunk.
        if self.disconnect != Some(Disconnect::After) {
            let announced = HeaderValue::from(length.saturating_add(self.wrong_length).max(0));
            response.headers_mut().insert(CONTENT_LENGTH, announced);
        }
        *response.body_mut() = self.sent(bytes);
        response
    }

    /// Returns a body that is sent slowly, or not to its end.
    fn sent(&self, bytes: Bytes) -> Body {
        let sent = match self.disconnect {
            Some(Disconnect::Within) => bytes.slice(..bytes.len() / 2),
            _ => bytes,
        };
        let number = if self.body.is_zero() { 1 } else { PIECES };
        let (pause, size) = (self.body / number, sent.len().div_ceil(number as usize).max(1));
        let mut pieces: Vec<io::Result<Bytes>> =
            (0..sent.len()).step_by(size).map(|at| Ok(sent.slice(at..sent.len().min(at + size)))).collect();
        if self.disconnect.is_some() {
            pieces.push(Err(io::ErrorKind::ConnectionAborted.into()));
        }
        Body::broken_stream(stream::unfold(pieces.into_iter(), move |mut pieces| async move {
            let piece = pieces.next()?;
            // What was sent has to be on its way before the connection ends.
            let pause = if piece.is_err() { pause.max(FLUSH) } else { pause };
            if !pause.is_zero() {
                tokio::time::sleep(pause).await;
            }
            Some((piece, pieces))
        }))
    }

    fn damaged(&self, bytes: Bytes) -> Bytes {
        match self.damage {
            None => bytes,
            Some(Damage::Truncated) => bytes.slice(..bytes.len() / 2),
            Some(Damage::Broken) => {
                let first = bytes.len().min(1);
                [&bytes[..first], b",", &bytes[first..]].concat().into()
            }
        }
    }

    fn changed(&self, bytes: Bytes) -> Bytes {
        if self.properties.is_empty() {
            return bytes;
        }
        let Ok(mut value) = serde_json::from_slice::<Value>(&bytes) else { return bytes };
        for (path, change) in self.properties {
            alter(&mut value, &path.split('.').collect::<Vec<_>>(), *change);
        }
        value.to_string().into()
    }
}

/// The time that bytes have to be sent in before their connection ends.
const FLUSH: Duration = Duration::from_millis(20);

/// Changes the property at a path; `*` is every item of a list, or every member of an object.
fn alter(value: &mut Value, path: &[&str], change: Change) {
    let Some((first, rest)) = path.split_first() else { return };
    match value {
        Value::Object(members) if rest.is_empty() => {
            let names: Vec<String> =
                members.keys().filter(|name| *first == "*" || name == first).cloned().collect();
            for name in &names {
                alter_member(members, name, change);
            }
        }
        Value::Object(members) => {
            let chosen = members.iter_mut().filter(|(name, _)| *first == "*" || name == first);
            chosen.for_each(|(_, member)| alter(member, rest, change));
        }
        Value::Array(items) if rest.is_empty() => {
            let is_chosen = |number: usize| *first == "*" || first.parse() == Ok(number);
            if change == Change::Missing {
                let mut number = 0..;
                items.retain(|_| !number.next().is_some_and(is_chosen));
            } else {
                let chosen = items.iter_mut().enumerate().filter(|(number, _)| is_chosen(*number));
                chosen.for_each(|(_, item)| *item = changed(item, change));
            }
        }
        Value::Array(items) => {
            let is_chosen = |number: usize| *first == "*" || first.parse() == Ok(number);
            let chosen = items.iter_mut().enumerate().filter(|(number, _)| is_chosen(*number));
            chosen.for_each(|(_, item)| alter(item, rest, change));
        }
        _ => {}
    }
}

fn alter_member(members: &mut Map<String, Value>, name: &str, change: Change) {
    if change == Change::Missing {
        members.remove(name);
    } else if let Some(member) = members.get_mut(name) {
        *member = changed(member, change);
    }
}

fn changed(value: &Value, change: Change) -> Value {
    match (change, value) {
        (Change::Null | Change::Missing, _) => Value::Null,
        (Change::OtherType, Value::String(_)) => json!(7),
        (Change::OtherType, _) => json!("text"),
        (Change::UnknownValue, _) => json!(UNKNOWN_VALUE),
    }
}

/// Reads the moment at which a connection ends; `true` is before the response.
pub(crate) fn disconnect<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Disconnect>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged, expecting = "expected true, false, \"before\", \"within\" or \"after\"")]
    enum Written {
        Is(bool),
        At(Disconnect),
    }
    Ok(match Option::deserialize(deserializer)? {
        None | Some(Written::Is(false)) => None,
        Some(Written::Is(true)) => Some(Disconnect::Before),
        Some(Written::At(moment)) => Some(moment),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn properties_are_changed_at_their_paths_and_nowhere_else() {
        let value = json!({"results": [{"name": "a", "kind": "x"}, {"name": "b"}], "count": 2});
        for (path, change, expected) in [
            ("count", Change::Missing, json!({"results": [{"name": "a", "kind": "x"}, {"name": "b"}]})),
            ("count", Change::OtherType, json!({"results": value["results"], "count": "text"})),
            (
                "results.*.name",
                Change::Null,
                json!({"results": [{"name": null, "kind": "x"}, {"name": null}], "count": 2}),
            ),
            (
                "results.0.name",
                Change::OtherType,
                json!({"results": [{"name": 7, "kind": "x"}, {"name": "b"}], "count": 2}),
            ),
            (
                "results.*.kind",
                Change::UnknownValue,
                json!({"results": [{"name": "a", "kind": UNKNOWN_VALUE}, {"name": "b"}], "count": 2}),
            ),
            ("results.1", Change::Missing, json!({"results": [{"name": "a", "kind": "x"}], "count": 2})),
            ("results.name", Change::Missing, value.clone()),
        ] {
            let mut altered = value.clone();
            alter(&mut altered, &path.split('.').collect::<Vec<_>>(), change);
            assert_eq!(altered, expected, "{path} {change:?}");
        }
    }
}

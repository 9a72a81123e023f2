//! Answers what a request prefers (RFC 7240), in the words of mock servers: `code=404`, `example=NAME`, `dynamic=true`. The
//! answer comes from the document, whatever the rows are.

use std::sync::atomic::{AtomicUsize, Ordering};

use http::{HeaderMap, HeaderName, StatusCode};
use openapi_document::Document;
use openapi_document::declared::{contents, responses, with_status};
use openapi_document::example;
use openapi_document::samples::{self, Direction};
use openapi_server_runtime::dispatch::HandlerResponse;
use openapi_server_runtime::failure::Failure;
use openapi_server_runtime::media::{Form, Media};
use openapi_server_runtime::operation::Operation;
use serde_json::{Map, Value};

/// The header of preferences.
const PREFER: HeaderName = HeaderName::from_static("prefer");

/// The header of a response that tells which of them were kept to.
pub(super) const APPLIED: HeaderName = HeaderName::from_static("preference-applied");

/// The preferences of a request. Others than these are passed over, as RFC 7240 has it.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Preferences {
    code: Option<String>,
    example: Option<String>,
    dynamic: Option<bool>,
}

impl Preferences {
    /// Returns the preferences in the headers of a request; `None` if there are none.
    ///
    /// # Errors
    /// If `dynamic` is neither true nor false.
    pub(super) fn of(headers: &HeaderMap) -> Result<Option<Self>, Failure> {
        let mut preferences = Self::default();
        for (name, value) in
            headers.get_all(PREFER).iter().filter_map(|value| value.to_str().ok()).flat_map(parsed)
        {
            // Of several values the first counts.
            match name.as_str() {
                "code" if preferences.code.is_none() => preferences.code = Some(value),
                "example" if preferences.example.is_none() => preferences.example = Some(value),
                "dynamic" if preferences.dynamic.is_none() => match value.to_ascii_lowercase().as_str() {
                    "" | "true" => preferences.dynamic = Some(true),
                    "false" => preferences.dynamic = Some(false),
                    _ => {
                        return Err(refused(format!("`dynamic` is true or false, not `{}`.", shown(&value))));
                    }
                },
                _ => {}
            }
        }
        let is_any =
            preferences != Self::default() && preferences != Self { dynamic: Some(false), ..Self::default() };
        Ok(is_any.then_some(preferences))
    }

    fn is_dynamic(&self) -> bool {
        self.dynamic == Some(true)
    }

    /// Returns the value of `Preference-Applied`.
    pub(super) fn applied(&self) -> String {
        let code = self.code.as_ref().map(|code| format!("code={code}"));
        let escaped = |text: &str| text.replace('\\', "\\\\").replace('"', "\\\"");
        let example = self.example.as_ref().map(|example| format!("example=\"{}\"", escaped(example)));
        // A named example is what it is.
        let dynamic = (self.is_dynamic() && example.is_none()).then(|| "dynamic=true".to_owned());
        [code, example, dynamic].into_iter().flatten().collect::<Vec<_>>().join(", ")
    }
}

/// Returns the names of preferences in lower case, with their values.
fn parsed(header: &str) -> Vec<(String, String)> {
    split(header, ',')
        .into_iter()
        .filter_map(|preference| {
            let preference = split(preference, ';').into_iter().next()?;
            let (name, value) = preference.split_once('=').unwrap_or((preference, ""));
            let value = value.trim();
            let quoted = value.strip_prefix('"').and_then(|value| value.strip_suffix('"'));
            let value = quoted.map_or_else(|| value.to_owned(), unescaped);
            Some((name.trim().to_ascii_lowercase(), value))
        })
        .collect()
}

/// Returns the text between the quotation marks of a header (RFC 9110, 5.6.4).
fn unescaped(quoted: &str) -> String {
    let mut letters = quoted.chars();
    std::iter::from_fn(|| match letters.next()? {
        '\\' => letters.next(),
        letter => Some(letter),
    })
    .collect()
}

/// Splits a text where a letter stands outside quotation marks.
fn split(text: &str, at: char) -> Vec<&str> {
    let (mut is_quoted, mut is_escaped) = (false, false);
    text.split(move |letter| {
        let ends = letter == at && !is_quoted;
        is_quoted ^= letter == '"' && !is_escaped;
        is_escaped = letter == '\\' && !is_escaped && is_quoted;
        ends
    })
    .collect()
}

/// The responses that a document declares.
#[derive(Debug)]
pub(super) struct Declared {
    pub(super) document: Document,
    /// The number of values that were made so far, so that each is another.
    made: AtomicUsize,
}

impl Declared {
    pub(super) fn new(document: Document) -> Self {
        Self { document, made: AtomicUsize::new(0) }
    }

    /// Returns the response that a request prefers.
    ///
    /// # Errors
    /// If the operation has no such response or example: with those it has.
    pub(super) fn preferred(
        &self,
        operation: &'static Operation,
        preferences: &Preferences,
    ) -> Result<HandlerResponse, Failure> {
        let (status, response) = match &preferences.code {
            Some(code) => self.with_code(operation, code)?,
            None => self.success(operation),
        };
        let contents = contents(&self.document, response);
        let content = contents.min_by_key(|(name, _)| Form::of(name) != Form::Json);
        let value = match (&preferences.example, content) {
            (Some(name), content) => Some(self.example(content.map(|(_, content)| content), name, status)?),
            (None, content) => content.map(|(_, content)| self.value(content, preferences.is_dynamic())),
        };
        let Some(((media_type, _), value)) = content.zip(value) else {
            return Ok(HandlerResponse::empty(status));
        };
        let text = match value {
            Value::String(text) if Form::of(media_type) == Form::Raw => text,
            value => value.to_string(),
        };
        let media_type = if media_type.contains('*') { "application/octet-stream" } else { media_type };
        Ok(HandlerResponse::media(status, Media::text(media_type, text)))
    }

    /// Returns the response to a code, which may be declared for a range or as the default.
    fn with_code(&self, operation: &Operation, code: &str) -> Result<(u16, &Value), Failure> {
        let status = code.parse::<u16>().ok().filter(|status| (200..600).contains(status));
        let status =
            status.ok_or_else(|| refused(format!("`{}` is no status of a response.", shown(code))))?;
        let found = with_status(&self.document, operation.pointer, status);
        found.map(|response| (status, response)).ok_or_else(|| {
            let known = known(responses(&self.document, operation.pointer).map(|(code, _)| code));
            refused(format!("`{}` has no response {status}; it has {known}.", operation.id))
        })
    }

    /// Returns the response to what succeeds.
    fn success(&self, operation: &'static Operation) -> (u16, &Value) {
        let (status, _) = operation.succeeds_with();
        (status, with_status(&self.document, operation.pointer, status).unwrap_or(&Value::Null))
    }

    /// Returns the example of this name.
    fn example(&self, content: Option<&Value>, name: &str, status: u16) -> Result<Value, Failure> {
        let nothing = Map::new();
        let examples = content.and_then(|content| content.get("examples")).and_then(Value::as_object);
        let examples = examples.unwrap_or(&nothing);
        let found = examples.get(name).and_then(|example| self.document.resolve(example).get("value"));
        found.cloned().ok_or_else(|| {
            let known = known(examples.keys().map(String::as_str));
            refused(format!("The response {status} has no example `{}`; it has {known}.", shown(name)))
        })
    }

    /// Returns the example of a content, or a value of its schema that is another each time.
    fn value(&self, content: &Value, is_dynamic: bool) -> Value {
        let root = self.document.value();
        let schema = content.get("schema").unwrap_or(&Value::Null);
        if is_dynamic {
            let mut values = samples::of(root, schema, Direction::Response).values;
            if !values.is_empty() {
                return values.swap_remove(self.made.fetch_add(1, Ordering::Relaxed) % values.len());
            }
        }
        let named = || {
            let first = content.get("examples")?.as_object()?.values().next()?;
            self.document.resolve(first).get("value")
        };
        content.get("example").or_else(named).cloned().unwrap_or_else(|| example::of(root, schema))
    }
}

/// Lists names.
fn known<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let names: Vec<&str> = names.collect();
    if names.is_empty() { "none".to_owned() } else { names.join(", ") }
}

/// Returns the beginning of a text that a client sent.
fn shown(text: &str) -> String {
    const LETTERS: usize = 40;
    text.chars().take(LETTERS).collect()
}

fn refused(detail: String) -> Failure {
    Failure::detail(StatusCode::BAD_REQUEST, detail)
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn preferences_are_read_as_rfc_7240_writes_them() {
        let of = |text: &'static str| {
            Preferences::of(&HeaderMap::from_iter([(PREFER, HeaderValue::from_static(text))])).unwrap()
        };
        let all = Preferences {
            code: Some("404".to_owned()),
            example: Some("a, \"b\"; c".to_owned()),
            dynamic: Some(true),
        };
        assert_eq!(
            of(r#"Code = 404 ; x=1, return=minimal, example="a, \"b\"; c",, dynamic, code=500"#),
            Some(all)
        );
        assert_eq!((of("respond-async, wait=10"), of("dynamic=false, dynamic")), (None, None));
        let quoted = of(r#"example="a \"b\" \c \\""#).unwrap();
        assert_eq!(quoted.example.as_deref(), Some(r#"a "b" c \"#));
        assert_eq!(quoted.applied(), r#"example="a \"b\" c \\""#);
        let wrong = HeaderMap::from_iter([(PREFER, HeaderValue::from_static("dynamic=maybe"))]);
        assert!(Preferences::of(&wrong).is_err());
    }
}

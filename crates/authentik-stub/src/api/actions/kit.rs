//! The needs of most actions: the row that the path names, who is calling, the body, and ways to change rows and to answer.

use std::sync::Arc;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use http::HeaderValue;
use http::header::CONTENT_DISPOSITION;
use openapi_django::server::python;
use openapi_resources::answer::{Refusal, Request};
use openapi_resources::reader::Reader;
use openapi_resources::row::Row;
use openapi_resources::store::Snapshot;
use openapi_resources::transaction::Transaction;
use openapi_server_runtime::dispatch::HandlerResponse;
use openapi_server_runtime::failure::{Failure, FieldErrors};
use serde::Serialize;
use serde_json::{Map, Value};
use unicode_normalization::UnicodeNormalization as _;

use crate::api::caller::Caller;
use crate::api::departure::Departs;
use crate::api::functions::Shown;
pub(super) use crate::api::members::members;
use crate::api::{Api, Context, access, refused, request};

/// The path that the whole API is below.
pub(super) const BASE: &str = "/api/v3";
/// The version that the program says it is.
pub(super) const VERSION: &str = "2024.8.3";
/// The media type of pages.
const PAGE: &str = "text/html; charset=utf-8";

pub(super) type Answered = Result<HandlerResponse, Failure>;

/// The row that the path of a request names, among all rows at that moment.
#[derive(Debug)]
pub(super) struct Subject {
    pub(super) snapshot: Snapshot,
    pub(super) row: Arc<Row>,
}

impl Subject {
    /// Returns the row that a request names.
    ///
    /// # Errors
    /// 404 if there is none.
    pub(super) fn of(api: &Api, cx: &Context) -> Result<Self, Failure> {
        let snapshot = snapshot(api, cx);
        let (viewset, _) = api.viewsets().of(cx.route).ok_or_else(Failure::not_found)?;
        let row = access::find(api, cx, viewset, &snapshot)?;
        Ok(Self { snapshot, row })
    }

    pub(super) fn reader(&self) -> Reader<'_> {
        self.snapshot.reader()
    }

    pub(super) fn value(&self, field: &str) -> &Value {
        self.reader().value(&self.row, field)
    }

    pub(super) fn text(&self, field: &str) -> &str {
        self.value(field).as_str().unwrap_or_default()
    }
}

/// Returns all rows at this moment, to be shown to the caller.
pub(super) fn snapshot(api: &Api, cx: &Context) -> Snapshot {
    api.store().snapshot().with_context(Some(Shown::of(api, cx)))
}

/// Returns the checked body.
pub(super) fn body(cx: &Context) -> &Value {
    cx.arguments.body.as_value().unwrap_or(&Value::Null)
}

/// Returns the body of an action that asks a dictionary for what it wants.
///
/// # Errors
/// A server error if the body is none.
pub(super) fn dictionary(cx: &Context) -> Result<&Map<String, Value>, Failure> {
    body(cx).as_object().ok_or_else(|| Departs::BodyUnchecked.broken())
}

/// Returns the caller.
///
/// # Errors
/// If nobody is logged in.
pub(super) fn caller(cx: &Context) -> Result<&Caller, Failure> {
    cx.require_user().map(AsRef::as_ref)
}

/// Returns the row of the caller.
///
/// # Errors
/// If nobody is logged in.
pub(super) fn caller_row<'a>(reader: Reader<'a>, cx: &Context) -> Result<&'a Arc<Row>, Failure> {
    by_key(reader, "authentik_core.user", &caller(cx)?.key).ok_or_else(Failure::not_authenticated)
}

/// Returns the rows of a model.
pub(super) fn rows<'a>(reader: Reader<'a>, model: &str) -> impl Iterator<Item = &'a Arc<Row>> + use<'a> {
    reader.model(model).into_iter().flat_map(move |model| reader.rows(model))
}

/// Returns the row of a model with a key.
pub(super) fn by_key<'a>(reader: Reader<'a>, model: &str, key: &Value) -> Option<&'a Arc<Row>> {
    reader.by_key(reader.model(model)?, key)
}

/// Returns the value of a field as text; empty if it is none.
pub(super) fn text<'a>(reader: Reader<'a>, row: &'a Row, field: &str) -> &'a str {
    reader.value(row, field).as_str().unwrap_or_default()
}

/// Returns `true` if a caller has a permission for a row, or for all of its model.
pub(super) fn may(reader: Reader<'_>, caller: &Caller, permission: &str, row: &Row) -> bool {
    let model = reader.model_name(row.model());
    caller.has(permission) || caller.has_on_one(permission, model, &access::key(reader, row))
}

/// Returns the rows of a model that a caller may view.
pub(super) fn viewed<'a>(
    reader: Reader<'a>,
    model: &str,
    caller: &'a Caller,
) -> impl Iterator<Item = &'a Arc<Row>> {
    let permission = access::permission(model, "view");
    let has_all = caller.has(&permission);
    rows(reader, model).filter(move |row| has_all || may(reader, caller, &permission, row))
}

/// Returns the rows that a list would show to the caller, whatever the page.
///
/// # Errors
/// 403 if the caller sees none of the list.
pub(super) fn listed(
    snapshot: &Snapshot,
    cx: &Context,
    list: &str,
    model: &str,
) -> Result<Vec<Arc<Row>>, Failure> {
    let (reader, caller) = (snapshot.reader(), caller(cx)?);
    let query = cx.operation.map(|operation| request::query(cx, operation)).unwrap_or_default();
    let asked = Request { operation: list, query, ..Request::default() };
    let mut seen = viewed(reader, model, caller).peekable();
    let sees_any = seen.peek().is_some() || caller.has(&access::permission(model, "view"));
    if !sees_any && !caller.is_internal_service_account {
        return Err(Failure::permission_denied());
    }
    Ok(seen.filter(|row| snapshot.lists(&asked, row).unwrap_or(true)).cloned().collect())
}

/// Answers with a value.
pub(super) fn json(value: &impl Serialize) -> Answered {
    HandlerResponse::json(200, value)
}

/// Answers with the refusal of one field, or of the whole: not a list of sentences, but one.
pub(crate) fn refuse(field: &str, sentence: &str) -> Failure {
    let value = Value::Object([(field.to_owned(), Value::from(sentence))].into_iter().collect());
    Failure::Body { status: http::StatusCode::BAD_REQUEST, value }
}

/// Refuses a value of the body.
pub(super) fn invalid(field: &str, sentence: impl Into<String>) -> Failure {
    FieldErrors::of(field, sentence).into()
}

/// Answers with an empty page.
pub(super) fn page(status: u16) -> HandlerResponse {
    let body = Some(Bytes::new());
    let departure = Some(Departs::Page.departure());
    HandlerResponse { body, media_type: Some(PAGE.to_owned()), departure, ..HandlerResponse::empty(status) }
}

/// Answers with a file to be saved.
pub(super) fn download(
    cx: &Context,
    media_type: &str,
    name: &str,
    content: impl Into<Bytes>,
) -> HandlerResponse {
    let name: String = name.chars().filter(|letter| !letter.is_control() && *letter != '"').collect();
    if let Ok(value) = HeaderValue::try_from(format!("attachment; filename=\"{name}\"")) {
        cx.response_headers().insert(CONTENT_DISPOSITION, value);
    }
    let body = Some(content.into());
    HandlerResponse { body, media_type: Some(media_type.to_owned()), ..HandlerResponse::empty(200) }
}

/// Makes changes, all or none.
///
/// # Errors
/// A server error if they would break a rule of the database.
pub(super) fn write<T>(api: &Api, change: impl FnOnce(&mut Transaction<'_>) -> T) -> Result<T, Failure> {
    let made: Result<_, Refusal> = api.store().write(|transaction| Ok(change(transaction)));
    made.map(|(made, _)| made).map_err(|refusal| refused(&refusal))
}

/// Makes a row of a model with these values; `false` if there is no such model.
pub(super) fn insert(transaction: &mut Transaction<'_>, model: &str, values: Value) -> Option<Arc<Row>> {
    let id = transaction.reader().model(model)?;
    let row = transaction.insert(id, members(values));
    transaction.reader().row(id, row).cloned()
}

/// Changes values of a row.
pub(super) fn update(transaction: &mut Transaction<'_>, row: &Row, values: Value) {
    transaction.update(row.model(), row.id(), members(values));
}

/// Returns the identifier of a user that nobody can guess the user from.
pub(super) fn uid(snapshot: &Snapshot, user: &Row) -> Value {
    let function = snapshot.plan().functions().get("user.uid");
    function.map_or(Value::Null, |function| function(snapshot.reader(), user))
}

/// Returns the path that a request was sent to.
pub(super) fn path(cx: &Context) -> String {
    let filled = cx
        .path
        .iter()
        .fold(cx.route.to_owned(), |path, (name, value)| path.replace(&format!("{{{name}}}"), value));
    format!("{BASE}{filled}")
}

/// Returns the time of a value.
pub(crate) fn read_time(value: &Value) -> Option<DateTime<Utc>> {
    DateTime::parse_from_rfc3339(value.as_str()?).ok().map(|time| time.to_utc())
}

/// Returns a text in lower case, without what is no letter of ASCII, digit, underscore or space, and with a hyphen for spaces, as
/// Django makes a part of a URL of it.
pub(super) fn slug(text: &str) -> String {
    let letters = text.nfkd().filter(char::is_ascii).map(|letter| letter.to_ascii_lowercase());
    let is_kept = |letter: &char| {
        letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-') || python::is_space(*letter)
    };
    let kept: String = letters.filter(is_kept).collect();
    let words = kept.split(|letter: char| letter == '-' || python::is_space(letter));
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    words.join("-").trim_matches(['-', '_']).to_owned()
}

/// Returns bytes as hexadecimal digits.
pub(super) fn digits(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat()
}

/// Returns a key without hyphens, as Python has it.
pub(super) fn hex(key: &str) -> String {
    key.chars().filter(|letter| *letter != '-').collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_have_letters_of_ascii_alone() {
        for (text, expected) in [
            ("service-account-A B-password", "service-account-a-b-password"),
            ("service-account--password", "service-account-password"),
            ("_Ünï  Code!_", "uni-code"),
            ("日本", ""),
            ("A\u{b}B \u{1c}-- c", "a-b-c"),
        ] {
            assert_eq!(slug(text), expected);
        }
    }
}

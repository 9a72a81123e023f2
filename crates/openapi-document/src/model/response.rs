//! Responses of operations.

use serde_json::Value as Json;

use super::media::{self, Media};
use super::parameter::{Value, exploded};
use super::place::Place;
use super::schemas::Schemas;
use super::status::Status;
use super::style::Style;

/// A response of an operation.
#[derive(Clone, Debug)]
pub struct Response<'a> {
    /// The statuses it is for.
    pub status: Status,
    /// Where it is written, references followed.
    pub pointer: String,
    /// Where the operation lists it.
    pub listed: String,
    /// Its JSON.
    pub value: &'a Json,
    /// Its description.
    pub description: &'a str,
    /// Its content types, in the order of the document; none if it has no content.
    pub media: Vec<Media<'a>>,
    /// Its headers, in the order of the document.
    pub headers: Vec<Header<'a>>,
}

/// A header of a response.
#[derive(Clone, Debug)]
pub struct Header<'a> {
    /// Its name.
    pub name: &'a str,
    /// Where it is written, references followed.
    pub pointer: String,
    /// Its JSON.
    pub value: &'a Json,
    /// `true` if a response must have it.
    pub required: bool,
    /// `true` if each item or member of a value stands alone.
    pub explode: bool,
    /// Its description.
    pub description: Option<&'a str>,
    /// The schema of its values.
    pub of: Value<'a>,
}

impl<'a> Response<'a> {
    fn of(status: Status, listed: Place<'a>, schemas: &mut Schemas<'a>) -> Self {
        let at = listed.pointer.clone();
        let place = listed.followed();
        let headers = place.written("headers");
        let headers = headers.iter().flat_map(Place::members);
        Self {
            status,
            pointer: place.pointer.clone(),
            listed: at,
            value: place.value,
            description: place.text("description").unwrap_or_default(),
            media: media::all(&place, schemas),
            headers: headers.map(|(name, header)| Header::of(name, header.followed(), schemas)).collect(),
        }
    }

    /// Returns the content type that decides what a value of it is in Rust: JSON if there is any.
    #[must_use]
    pub fn chosen(&self) -> Option<&Media<'a>> {
        media::chosen(&self.media)
    }
}

/// Reads the responses that `operation` lists under `key`, in the order of the document.
pub(super) fn all<'a>(operation: &Place<'a>, key: &str, schemas: &mut Schemas<'a>) -> Vec<Response<'a>> {
    // No response to HEAD has a body, whatever is described (RFC 9110, 9.3.2).
    let is_head = operation.pointer.ends_with("/head");
    let responses = operation.written(key);
    let responses = responses.iter().flat_map(Place::members);
    let read = responses.filter_map(|(status, place)| {
        let mut response = Response::of(Status::of(status)?, place, schemas);
        if is_head {
            response.media.clear();
        }
        Some(response)
    });
    read.collect()
}

impl<'a> Header<'a> {
    fn of(name: &'a str, place: Place<'a>, schemas: &mut Schemas<'a>) -> Self {
        Self {
            name,
            required: place.flag("required"),
            explode: exploded(&place, Style::Simple),
            description: place.text("description"),
            of: Value::of(&place, schemas),
            value: place.value,
            pointer: place.pointer,
        }
    }
}

//! The operations of a document as the emitters need them: references followed, parameters and responses in one place,
//! and everything the server side cannot do refused with its position.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use proc_macro2::Ident;
use serde_json::Value;

use crate::client::base_path;
use crate::rust::not_rust;
use openapi_document::document::Document;
use openapi_document::error::{Error, Result};
use openapi_document::names::setters;
use openapi_document::operations::METHODS;

use super::media::Media;
use super::names;
use super::place::Place;

/// What the argument of a method is called that upgrades its connection.
pub(super) const UPGRADE: &str = "upgrade";

/// Everything the emitters need to know of a document.
pub(super) struct Model<'a> {
    pub(super) document: &'a Document,
    pub(super) root: Place<'a>,
    /// The path to the crate of the wire types.
    pub(super) types: syn::Path,
    /// The path all operations are below, without a slash at its end.
    pub(super) base: String,
    pub(super) operations: Vec<Operation<'a>>,
}

/// One operation.
pub(super) struct Operation<'a> {
    pub(super) id: &'a str,
    /// What Rust calls it, as a method.
    pub(super) name: String,
    pub(super) method: &'a str,
    pub(super) path: &'a str,
    pub(super) place: Place<'a>,
    /// The alternatives of the security requirement.
    pub(super) security: Vec<Place<'a>>,
    pub(super) parameters: Vec<Parameter<'a>>,
    pub(super) body: Option<Body<'a>>,
    pub(super) responses: Vec<Response<'a>>,
    /// The response that stands for every status that has none of its own, as a success.
    pub(super) default: Option<Response<'a>>,
    /// The observed responses, which win over the declared ones.
    pub(super) observed: Vec<Response<'a>>,
}

/// One parameter.
pub(super) struct Parameter<'a> {
    pub(super) name: &'a str,
    /// Its name in Rust, which it shares with no other of the operation.
    pub(super) ident: Ident,
    pub(super) location: Location,
    pub(super) place: Place<'a>,
    /// The schema of its values; `None` if they are described by a content type.
    pub(super) schema: Option<Place<'a>>,
    /// What stands between the values of a list that is one text.
    pub(super) separator: Option<char>,
}

/// Where a parameter stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Location {
    Path,
    Query,
    Header,
    Cookie,
}

/// The request body.
pub(super) struct Body<'a> {
    pub(super) required: bool,
    pub(super) content_types: Vec<&'a str>,
    /// The content type that says what is handed to the service.
    pub(super) media: Media<'a>,
}

/// One response.
pub(super) struct Response<'a> {
    pub(super) status: u16,
    pub(super) description: &'a str,
    /// The content type that says what the service answers.
    pub(super) media: Option<Media<'a>>,
}

/// What an operation answers with when it succeeds.
pub(super) struct Success<'s, 'a> {
    pub(super) status: u16,
    pub(super) media: Option<&'s Media<'a>>,
}

impl<'a> Model<'a> {
    pub(super) fn new(document: &'a Document, types: &str) -> Result<Self> {
        let types = syn::parse_str(types).map_err(|fault| not_rust(document, "", &fault))?;
        let root = Place::root(document);
        let mut operations = Vec::new();
        let mut errors = Vec::new();
        for (path, item) in root.get("paths").iter().flat_map(Place::members) {
            for method in METHODS {
                if let Some(place) = item.get(method) {
                    match Operation::new(&root, &item, place, path, method) {
                        Ok(operation) => operations.push(operation),
                        Err(error) => errors.push(error),
                    }
                }
            }
        }
        Error::gather(errors)?;
        Ok(Self { document, base: base_path(root.value), root, types, operations })
    }
}

impl<'a> Operation<'a> {
    fn new(
        root: &Place<'a>,
        item: &Place<'a>,
        place: Place<'a>,
        path: &'a str,
        method: &'a str,
    ) -> Result<Self> {
        let Some(id) = place.text("operationId") else {
            return Err(place.error("this operation has no name", "give it an `operationId`"));
        };
        Ok(Self {
            id,
            name: place.names().operation(id),
            method,
            path,
            security: security(root, &place),
            parameters: parameters(root, item, &place, path)?,
            body: place.get("requestBody").as_ref().and_then(Body::new),
            responses: responses(&place, "responses"),
            default: default_response(&place),
            observed: responses(&place, "x-observed-responses"),
            place,
        })
    }

    /// The parameters at this place that a handler is given.
    pub(super) fn parameters_in(&self, location: Location) -> impl Iterator<Item = &Parameter<'a>> {
        self.parameters.iter().filter(move |known| known.location == location && !known.is_ignored())
    }

    /// What this operation answers with when it succeeds: the first 2xx status, or else 200 with what the `default` response
    /// has, or else a redirection. An operation that names none of these succeeds with 200 and nothing.
    pub(super) fn success(&self) -> Success<'_, 'a> {
        let first =
            |from: u16| self.responses.iter().find(|response| (from..from + 100).contains(&response.status));
        match (first(200), &self.default) {
            (None, Some(default)) => Success { status: default.status, media: default.media.as_ref() },
            (response, _) => match response.or_else(|| first(300)) {
                Some(response) => Success { status: response.status, media: response.media.as_ref() },
                None => Success { status: 200, media: None },
            },
        }
    }

    /// The protocols that this operation upgrades its connection to; `None` if it answers in HTTP. They are the values that
    /// the header `Upgrade` of its 101 may have, or else WebSocket.
    pub(super) fn protocols(&self) -> Option<Vec<&'a str>> {
        if !upgrades(self.place.value) {
            return None;
        }
        let response = self.place.get("responses").and_then(|responses| responses.get("101"));
        let headers = response.and_then(|response| response.get("headers"));
        let mut headers = headers.iter().flat_map(Place::members);
        let header = headers.find(|(name, _)| name.eq_ignore_ascii_case("upgrade"));
        let schema = header.and_then(|(_, header)| header.get("schema"));
        let mut protocols = schema.map(|schema| schema.texts("enum")).unwrap_or_default();
        // What cannot be said in a header is said by nobody.
        let is_token = |byte: u8| byte.is_ascii_graphic() && !b"\"(),:;<=>?@[\\]{}".contains(&byte);
        protocols.retain(|protocol| !protocol.is_empty() && protocol.bytes().all(is_token));
        if protocols.is_empty() {
            protocols.push("websocket");
        }
        Some(protocols)
    }

    /// What this operation answers with when it does not succeed, by status.
    pub(super) fn failures(&self) -> impl Iterator<Item = &Response<'a>> {
        let by_status: BTreeMap<u16, &Response<'a>> =
            self.responses.iter().chain(&self.observed).map(|response| (response.status, response)).collect();
        by_status.into_values().filter(|response| response.status >= 400)
    }
}

fn security<'a>(root: &Place<'a>, place: &Place<'a>) -> Vec<Place<'a>> {
    let requirements = place.get("security").or_else(|| root.get("security"));
    requirements.iter().flat_map(Place::items).collect()
}

fn parameters<'a>(
    root: &Place<'a>,
    item: &Place<'a>,
    place: &Place<'a>,
    path: &'a str,
) -> Result<Vec<Parameter<'a>>> {
    let own: Vec<Place<'a>> = place.get("parameters").iter().flat_map(Place::items).collect();
    let key = |parameter: &Place<'a>| (parameter.text("name"), parameter.text("in"));
    let overridden: BTreeSet<_> = own.iter().map(key).collect();
    let shared: Vec<Place<'a>> = item.get("parameters").iter().flat_map(Place::items).collect();
    let shared = shared.into_iter().filter(|parameter| !overridden.contains(&key(parameter)));
    let setters = setters(root.value, &place.pointer);
    let names: HashMap<(&str, &str), &str> =
        setters.iter().map(|setter| ((setter.wire(), setter.place()), setter.name.as_str())).collect();
    let read = |parameter: Place<'a>| {
        let key = (parameter.text("name").unwrap_or_default(), parameter.text("in").unwrap_or_default());
        let name = names.get(&key).copied().unwrap_or_default();
        Parameter::new(parameter, name)
    };
    let parameters = shared.chain(own).map(read).collect::<Result<Vec<_>>>()?;
    for name in variables(path) {
        let described = |known: &Parameter<'_>| known.location == Location::Path && known.name == name;
        if !parameters.iter().any(described) {
            return Err(place.error(
                format!("nothing is said of `{{{name}}}` in the path"),
                format!("add a parameter `{name}` with `in: path`"),
            ));
        }
    }
    Ok(distinct(parameters, upgrades(place.value)))
}

/// Tells whether an operation succeeds by giving its connection to another protocol.
fn upgrades(operation: &Value) -> bool {
    let responses = operation.get("responses").and_then(Value::as_object);
    let declared = |start: &str| {
        responses.is_some_and(|responses| responses.keys().any(|status| status.starts_with(start)))
    };
    declared("101") && !declared("2") || operation.get("x-dropshot-websocket").is_some()
}

/// The names between braces.
fn variables(path: &str) -> impl Iterator<Item = &str> {
    path.split('{').skip(1).filter_map(|rest| Some(rest.split_once('}')?.0))
}

/// The parameters, those in the path called unlike the arguments that every handler has, or this one if it upgrades its
/// connection.
fn distinct(mut parameters: Vec<Parameter<'_>>, upgrades: bool) -> Vec<Parameter<'_>> {
    const ARGUMENTS: [&str; 4] = ["cx", "query", "headers", "cookies"];
    let arguments = || ARGUMENTS.into_iter().chain(upgrades.then_some(UPGRADE));
    for parameter in parameters.iter_mut().filter(|parameter| parameter.location == Location::Path) {
        if arguments().any(|argument| parameter.ident == argument) {
            parameter.ident = names::longer(&parameter.ident);
        }
    }
    parameters
}

impl<'a> Parameter<'a> {
    fn new(place: Place<'a>, ident: &str) -> Result<Self> {
        let location = match place.text("in") {
            Some("path") => Location::Path,
            Some("header") => Location::Header,
            Some("cookie") => Location::Cookie,
            // Parsing refuses any other place.
            _ => Location::Query,
        };
        let name = place.text("name").unwrap_or_default();
        let schema = place.get("schema");
        if let Some(schema) = &schema {
            check_values(schema, location != Location::Path)?;
        }
        let is_list = schema.as_ref().is_some_and(|schema| schema.text("type") == Some("array"));
        let separator = if is_list { separator(&place, location) } else { None };
        Ok(Self { name, ident: names::ident(ident), location, place, schema, separator })
    }

    /// Whether a description of it means nothing: these headers are described by other means.
    pub(super) fn is_ignored(&self) -> bool {
        let described_elsewhere = ["accept", "content-type", "authorization"];
        self.location == Location::Header
            && described_elsewhere.iter().any(|name| self.name.eq_ignore_ascii_case(name))
    }
}

/// What stands between the values of a list; `None` if each of them stands in a parameter of its own.
fn separator(place: &Place<'_>, location: Location) -> Option<char> {
    let explode = place.value.get("explode").and_then(Value::as_bool);
    match (location, place.text("style"), explode) {
        (_, Some("spaceDelimited"), _) => Some(' '),
        (_, Some("pipeDelimited"), _) => Some('|'),
        (Location::Header | Location::Path, ..) | (_, _, Some(false)) => Some(','),
        _ => None,
    }
}

/// Refuses parameters whose values are no scalars or, where there may be lists, no lists of scalars.
fn check_values(schema: &Place<'_>, lists: bool) -> Result<()> {
    match (schema.text("type"), schema.get("items")) {
        (Some("array"), Some(items)) if lists => check_values(&items, false),
        (Some("array" | "object"), _) => Err(schema.error(
            "the server side reads scalar values here",
            "describe it as a string and take it apart in the handler",
        )),
        _ => Ok(()),
    }
}

impl<'a> Body<'a> {
    /// The body, unless it has no content type at all.
    fn new(place: &Place<'a>) -> Option<Self> {
        let content = place.get("content");
        let content_types = content.iter().flat_map(Place::members).map(|(name, _)| name).collect();
        let media = Media::chosen(content.as_ref())?;
        Some(Self { required: place.flag("required"), content_types, media })
    }
}

/// The `default` response, which is a success if an operation declares no other.
fn default_response<'a>(place: &Place<'a>) -> Option<Response<'a>> {
    let response = place.get("responses")?.get("default")?;
    Some(Response {
        status: 200,
        description: response.text("description").unwrap_or_default(),
        media: Media::chosen(response.get("content").as_ref()),
    })
}

/// The responses with a status of their own; `default` and ranges are left to the handler.
fn responses<'a>(place: &Place<'a>, key: &str) -> Vec<Response<'a>> {
    let responses = place.get(key);
    let numbered = responses.iter().flat_map(Place::members).filter_map(|(status, response)| {
        Some(Response {
            status: status.parse().ok()?,
            description: response.text("description").unwrap_or_default(),
            media: Media::chosen(response.get("content").as_ref()),
        })
    });
    numbered.collect()
}

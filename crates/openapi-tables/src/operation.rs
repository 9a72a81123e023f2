//! The operations of a document as the emitters need them: what is handed to a handler and what it answers, and
//! everything the server side cannot do refused with its position.

use std::collections::BTreeMap;

use openapi_document::error::{Error, Result};
pub use openapi_document::model::Location;
use openapi_document::model::{self as document, Encoding, Place, Requirement, Server, Status, Style};
use openapi_document::operations::METHODS;

use crate::media::Media;
use crate::node::Node;

/// One operation.
pub struct Operation<'a> {
    /// The `operationId`.
    pub id: &'a str,
    /// The name of its method in Rust.
    pub name: &'a str,
    /// The HTTP method, in lower case.
    pub method: &'a str,
    /// The path template.
    pub path: &'a str,
    /// The place in the document.
    pub place: Place<'a>,
    /// The servers, unless those of the document serve it.
    pub servers: &'a [Server<'a>],
    /// The alternatives of the security requirement.
    pub security: &'a [Vec<Requirement<'a>>],
    /// The parameters, in the document's order.
    pub parameters: Vec<Parameter<'a>>,
    /// The request body.
    pub body: Option<Body<'a>>,
    /// The responses with a status of their own.
    pub responses: Vec<Response<'a>>,
    /// The response that stands for every status that has none of its own, as a success.
    pub default: Option<Response<'a>>,
    /// The observed responses, which win over the declared ones.
    pub observed: Vec<Response<'a>>,
    /// The protocols that it upgrades its connection to; `None` if it answers in HTTP.
    protocols: Option<Vec<&'a str>>,
}

/// One parameter.
pub struct Parameter<'a> {
    /// The name on the wire.
    pub name: &'a str,
    /// Its name in Rust, which it shares with no other of the operation.
    pub setter: &'a str,
    /// The place in a request.
    pub location: Location,
    /// The place in the document.
    pub place: Place<'a>,
    /// The schema of its values; `None` if they are texts of a content type other than JSON.
    pub schema: Option<Node<'a>>,
    /// The style in which a value is written; `None` if it is JSON.
    pub style: Option<Style>,
    /// `true` if each item of a list, and each member of an object, is written separately.
    pub explode: bool,
    is_ignored: bool,
}

/// The request body.
pub struct Body<'a> {
    /// `true` if the document requires it.
    pub required: bool,
    /// The declared media types.
    pub content_types: Vec<&'a str>,
    /// The content type that says what is handed to the service.
    pub media: Media<'a>,
    /// The encoding of the properties of a URL-encoded form.
    pub encoding: &'a [(&'a str, Encoding<'a>)],
}

/// One response.
pub struct Response<'a> {
    /// The status code.
    pub status: u16,
    /// The description.
    pub description: &'a str,
    /// The content type that says what the service answers.
    pub media: Option<Media<'a>>,
    /// The declared media types.
    pub content_types: Vec<&'a str>,
}

/// The answer of an operation that succeeds.
pub struct Success<'s, 'a> {
    /// The status code.
    pub status: u16,
    /// The content type that says what it is.
    pub media: Option<&'s Media<'a>>,
}

/// Returns the operations of a document: those of one path stand together, by their methods.
///
/// # Errors
/// Fails if the server side cannot do what the document says, with every place where that is.
pub fn all<'a>(read: &'a document::Model<'a>) -> Result<Vec<Operation<'a>>> {
    let (mut operations, mut errors) = (Vec::new(), Vec::new());
    let mut known: Vec<&document::Operation<'a>> = read.operations.iter().collect();
    for of_path in known.chunk_by_mut(|one, other| one.path == other.path) {
        of_path.sort_by_key(|operation| METHODS.iter().position(|method| *method == operation.method));
    }
    errors.extend(other_methods(read));
    for operation in known {
        match Operation::new(read, operation) {
            Ok(operation) => operations.push(operation),
            Err(error) => errors.push(error),
        }
    }
    Error::gather(errors)?;
    Ok(operations)
}

/// Returns an error for each operation with a method that HTTP/1.1 does not define.
#[must_use]
pub fn other_methods(read: &document::Model<'_>) -> Vec<Error> {
    let others = read.operations.iter().filter(|operation| !METHODS.contains(&operation.method));
    let error = |operation: &document::Operation<'_>| {
        let message = format!("the method {} is not supported", operation.method.to_uppercase());
        let help = "leave the operation out, or give it a method that HTTP/1.1 defines";
        read.document.error(&operation.pointer, message, help)
    };
    others.map(error).collect()
}

impl<'a> Operation<'a> {
    fn new(read: &'a document::Model<'a>, of: &'a document::Operation<'a>) -> Result<Self> {
        let place = Place::of(read.document, of.pointer.clone(), of.value);
        for name in of.variables() {
            let described =
                |known: &document::Parameter<'_>| known.location == Location::Path && known.name == name;
            if !of.parameters.iter().any(described) {
                return Err(place.error(
                    format!("nothing is said of `{{{name}}}` in the path"),
                    format!("add a parameter `{name}` with `in: path`"),
                ));
            }
        }
        let parameters = of.parameters.iter().map(|parameter| Parameter::new(read, parameter));
        let default = of.responses.iter().find(|response| response.status == Status::Default);
        Ok(Self {
            id: of.id,
            name: &of.rust,
            method: of.method,
            path: of.path,
            servers: &of.servers,
            security: of.security.as_deref().unwrap_or_default(),
            parameters: parameters.collect(),
            body: of.body.as_ref().and_then(|body| Body::new(read, body)),
            responses: responses(read, &of.responses),
            default: default.map(|response| Response::new(read, 200, response)),
            observed: responses(read, &of.observed),
            protocols: of.upgrades().then(|| protocols(read, of)),
            place,
        })
    }

    /// Returns the parameters at this place that a handler is given.
    pub fn parameters_in(&self, location: Location) -> impl Iterator<Item = &Parameter<'a>> {
        self.parameters.iter().filter(move |known| known.location == location && !known.is_ignored)
    }

    /// Returns the answer of this operation when it succeeds: the first 2xx status, or else 200 with what the `default`
    /// response has, or else a redirection. An operation that names none of these succeeds with 200 and nothing.
    #[must_use]
    pub fn success(&self) -> Success<'_, 'a> {
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

    /// Returns the protocols that this operation upgrades its connection to; `None` if it answers in HTTP.
    #[must_use]
    pub fn protocols(&self) -> Option<&[&'a str]> {
        self.protocols.as_deref()
    }

    /// Returns the responses of this operation when it does not succeed, by status.
    pub fn failures(&self) -> impl Iterator<Item = &Response<'a>> {
        let by_status: BTreeMap<u16, &Response<'a>> =
            self.responses.iter().chain(&self.observed).map(|response| (response.status, response)).collect();
        by_status.into_values().filter(|response| response.status >= 400)
    }
}

/// Returns the values that the header `Upgrade` of the 101 of an operation may have, or else WebSocket.
fn protocols<'a>(read: &'a document::Model<'a>, of: &'a document::Operation<'a>) -> Vec<&'a str> {
    let switches = of.responses.iter().filter(|response| response.status == Status::Code(101));
    let mut headers = switches.flat_map(|response| &response.headers);
    let header = headers.find(|header| header.name.eq_ignore_ascii_case("upgrade"));
    let schema = header.and_then(|header| header.of.schema());
    let mut protocols = schema.and_then(|schema| read.resolved(schema).words()).unwrap_or_default();
    // What cannot be said in a header is said by nobody.
    let is_token = |byte: u8| byte.is_ascii_graphic() && !b"\"(),:;<=>?@[\\]{}".contains(&byte);
    protocols.retain(|protocol| !protocol.is_empty() && protocol.bytes().all(is_token));
    if protocols.is_empty() {
        protocols.push("websocket");
    }
    protocols
}

impl<'a> Parameter<'a> {
    fn new(read: &'a document::Model<'a>, of: &'a document::Parameter<'a>) -> Self {
        let (schema, is_json) = match &of.of {
            document::ParameterValue::Schema(id) => (Some(*id), false),
            document::ParameterValue::Media(media) if media.form == document::Form::Json => {
                (media.schema, true)
            }
            _ => (None, false),
        };
        Self {
            name: of.name,
            setter: &of.setter,
            location: of.location,
            place: Place::of(read.document, of.pointer.clone(), of.value),
            style: (!is_json).then_some(of.style),
            explode: of.explode,
            schema: schema.map(|id| Node::of(read, id)),
            is_ignored: of.is_ignored(),
        }
    }

    /// Returns `true` if the parameter is to be ignored: OpenAPI describes these headers by other means.
    #[must_use]
    pub fn is_ignored(&self) -> bool {
        self.is_ignored
    }
}

impl<'a> Body<'a> {
    /// Returns the body, unless it has no content type at all.
    fn new(read: &'a document::Model<'a>, of: &'a document::RequestBody<'a>) -> Option<Self> {
        let content_types = of.media.iter().map(|media| media.content_type).collect();
        let media = Media::of_body(read, &of.media)?;
        let form = of.media.iter().find(|media| media.form == document::Form::UrlEncoded);
        let encoding = form.map_or(&[][..], |form| &form.encoding);
        Some(Self { required: of.required, content_types, media, encoding })
    }
}

impl<'a> Response<'a> {
    fn new(read: &'a document::Model<'a>, status: u16, of: &'a document::Response<'a>) -> Self {
        let content_types = of.media.iter().map(|media| media.content_type).collect();
        Self { status, description: of.description, media: Media::of_answer(read, &of.media), content_types }
    }
}

/// Returns the responses with a status of their own; `default` and ranges are left to the handler.
fn responses<'a>(read: &'a document::Model<'a>, of: &'a [document::Response<'a>]) -> Vec<Response<'a>> {
    of.iter().filter_map(|response| Some(Response::new(read, response.status.code()?, response))).collect()
}

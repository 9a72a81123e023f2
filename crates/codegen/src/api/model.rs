//! The operations of a document as the emitters need them: references followed, parameters and responses in one place,
//! and everything the server side cannot do refused with its position.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::document::Document;
use crate::error::{Error, Result};
use crate::passes::METHODS;
use crate::rust::not_rust;

use super::names;
use super::place::Place;

const JSON: &str = "application/json";

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
    pub(super) method: &'a str,
    pub(super) path: &'a str,
    pub(super) place: Place<'a>,
    /// The alternatives of the security requirement.
    pub(super) security: Vec<Vec<&'a str>>,
    pub(super) parameters: Vec<Parameter<'a>>,
    pub(super) body: Option<Body<'a>>,
    pub(super) responses: Vec<Response<'a>>,
    /// The observed responses, which win over the declared ones.
    pub(super) observed: Vec<Response<'a>>,
}

/// One path or query parameter.
pub(super) struct Parameter<'a> {
    pub(super) name: &'a str,
    pub(super) in_path: bool,
    pub(super) place: Place<'a>,
    pub(super) schema: Place<'a>,
}

/// The request body.
pub(super) struct Body<'a> {
    pub(super) required: bool,
    pub(super) content_types: Vec<&'a str>,
    pub(super) schema: Place<'a>,
    /// The component the schema is.
    pub(super) component: String,
}

/// One response.
pub(super) struct Response<'a> {
    pub(super) status: u16,
    pub(super) description: &'a str,
    /// The schema of its JSON.
    pub(super) schema: Option<Place<'a>>,
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
        errors.extend(clashes(&operations));
        Error::gather(errors)?;
        Ok(Self { document, base: base_path(&root), root, types, operations })
    }
}

/// Operations whose names are one name in Rust.
fn clashes(operations: &[Operation<'_>]) -> Vec<Error> {
    let mut seen = BTreeMap::new();
    let mut errors = Vec::new();
    for operation in operations {
        let first = seen.entry(names::pascal(operation.id).to_string()).or_insert(operation.id);
        if *first != operation.id {
            errors.push(operation.place.error(
                format!("`{}` and `{first}` are the same name in Rust", operation.id),
                "give one of the operations another `operationId`",
            ));
        }
    }
    errors
}

/// The path of the first server, without a slash at its end; empty if there is none.
fn base_path(root: &Place<'_>) -> String {
    let url = root.value.pointer("/servers/0/url").and_then(Value::as_str).unwrap_or_default();
    let path = match url.split_once("://") {
        Some((_, rest)) => rest.find('/').map_or("", |at| &rest[at..]),
        None => url,
    };
    path.trim_end_matches('/').to_owned()
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
        if matches!(method, "options" | "head" | "trace") {
            return Err(place.error(
                format!("the server itself answers `{}`", method.to_uppercase()),
                "leave this operation out",
            ));
        }
        Ok(Self {
            id,
            method,
            path,
            security: security(root, &place),
            parameters: parameters(item, &place, path)?,
            body: place.get("requestBody").as_ref().map(Body::new).transpose()?,
            responses: responses(&place, "responses")?,
            observed: responses(&place, "x-observed-responses")?,
            place,
        })
    }

    /// The parameters in the path, or those in the query.
    pub(super) fn parameters_in(&self, path: bool) -> impl Iterator<Item = &Parameter<'a>> {
        self.parameters.iter().filter(move |parameter| parameter.in_path == path)
    }

    /// Whether there are query parameters.
    pub(super) fn has_query(&self) -> bool {
        self.parameters_in(false).next().is_some()
    }

    /// The response of the first 2xx status.
    pub(super) fn success(&self) -> Result<&Response<'a>> {
        self.responses.iter().find(|response| (200..300).contains(&response.status)).ok_or_else(|| {
            self.place.error(
                "no response says what this operation answers with when it succeeds",
                "add one with a status from 200 to 299",
            )
        })
    }

    /// What this operation answers with when it does not succeed, by status.
    pub(super) fn failures(&self) -> impl Iterator<Item = &Response<'a>> {
        let by_status: BTreeMap<u16, &Response<'a>> =
            self.responses.iter().chain(&self.observed).map(|response| (response.status, response)).collect();
        by_status.into_values().filter(|response| response.status >= 400)
    }
}

fn security<'a>(root: &Place<'a>, place: &Place<'a>) -> Vec<Vec<&'a str>> {
    let requirements = place.get("security").or_else(|| root.get("security"));
    let alternatives = requirements.iter().flat_map(Place::items).collect::<Vec<_>>();
    alternatives.iter().map(|schemes| schemes.members().map(|(name, _)| name).collect()).collect()
}

fn parameters<'a>(item: &Place<'a>, place: &Place<'a>, path: &'a str) -> Result<Vec<Parameter<'a>>> {
    let own: Vec<Place<'a>> = place.get("parameters").iter().flat_map(Place::items).collect();
    let key = |parameter: &Place<'a>| (parameter.text("name"), parameter.text("in"));
    let overridden: BTreeSet<_> = own.iter().map(key).collect();
    let shared: Vec<Place<'a>> = item.get("parameters").iter().flat_map(Place::items).collect();
    let shared = shared.into_iter().filter(|parameter| !overridden.contains(&key(parameter)));
    let parameters = shared.chain(own).map(Parameter::new).collect::<Result<Vec<_>>>()?;
    for name in path.split('/').filter_map(|segment| segment.strip_prefix('{')?.strip_suffix('}')) {
        if !parameters.iter().any(|parameter| parameter.in_path && parameter.name == name) {
            return Err(place.error(
                format!("nothing is said of `{{{name}}}` in the path"),
                format!("add a parameter `{name}` with `in: path`"),
            ));
        }
    }
    let mut seen = BTreeMap::new();
    for parameter in parameters.iter().filter(|parameter| !parameter.in_path) {
        let first = seen.entry(names::snake(parameter.name).to_string()).or_insert(parameter.name);
        if *first != parameter.name {
            return Err(parameter.place.error(
                format!("`{}` and `{first}` are the same name in Rust", parameter.name),
                "leave one of the parameters out",
            ));
        }
    }
    Ok(parameters)
}

impl<'a> Parameter<'a> {
    fn new(place: Place<'a>) -> Result<Self> {
        let in_path = match place.text("in") {
            Some("path") => true,
            Some("query") => false,
            other => {
                let other = other.unwrap_or_default();
                return Err(place.error(
                    format!("the server side does not read `{other}` parameters"),
                    "leave it out, or read it from the headers of the request",
                ));
            }
        };
        let name = place.text("name").unwrap_or_default();
        let Some(schema) = place.get("schema") else {
            return Err(place.error("this parameter has no schema", "give it one instead of `content`"));
        };
        check_values(&schema, !in_path)?;
        if place.value.get("explode") == Some(&Value::Bool(false)) && schema.text("type") == Some("array") {
            return Err(place.error(
                "the server side reads lists from repeated parameters only",
                "leave out `explode: false`, or describe the list as a string",
            ));
        }
        Ok(Self { name, in_path, place, schema })
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
    fn new(place: &Place<'a>) -> Result<Self> {
        let content = place.get("content");
        let content_types = content.iter().flat_map(Place::members).map(|(name, _)| name).collect();
        let Some(schema) = content.and_then(|content| content.get(JSON)?.get("schema")) else {
            return Err(
                place.error("the server side reads JSON only", format!("describe the body as `{JSON}`"))
            );
        };
        let described = schema.value.get("properties").is_some() || schema.value.get("allOf").is_some();
        match schema.component().filter(|_| described) {
            Some(component) => {
                Ok(Self { required: place.flag("required"), content_types, schema, component })
            }
            None => Err(schema.error(
                "the server side reads bodies that are described by a component with properties",
                "move the schema to `components` and refer to it",
            )),
        }
    }
}

/// The responses with a status of their own; `default` and ranges are left to the handler.
fn responses<'a>(place: &Place<'a>, key: &str) -> Result<Vec<Response<'a>>> {
    let mut responses = Vec::new();
    for (status, response) in place.get(key).iter().flat_map(Place::members) {
        let Ok(status) = status.parse::<u16>() else { continue };
        let content = response.get("content");
        let schema = content.as_ref().and_then(|content| content.get(JSON)?.get("schema"));
        if schema.is_none() && content.as_ref().is_some_and(|content| content.members().next().is_some()) {
            return Err(response.error(
                "the server side answers with JSON only",
                format!("describe the content as `{JSON}`, or leave it out"),
            ));
        }
        responses.push(Response {
            status,
            description: response.text("description").unwrap_or_default(),
            schema,
        });
    }
    Ok(responses)
}

//! Builds the tables of a document.

use serde_json::{Map, Value};

use openapi_document::document::Document;
use openapi_document::error::{Error, Result};
use openapi_document::model::{self as document, Credential, Encoding, KeyPlace, Model, Place, Style};
use openapi_server_runtime::credentials::{Requirement, SchemeKind, SecurityScheme};
use openapi_server_runtime::media::Form;
use openapi_server_runtime::operation as tables;
use openapi_server_runtime::operation::{Content, Role};
use openapi_server_runtime::schema::{Rule, Text};
use openapi_server_runtime::tables::{Component, Tables};

use crate::kept::{all, text, texts};
use crate::media::Media;
use crate::node::Node;
use crate::operation::{self, Location, Operation, Parameter, Response};
use crate::plain::plain;
use crate::rest;
use crate::rules::{Named, rule, value_rule};

/// The members of a document that are not about its operations.
const FRAME: [&str; 6] = ["openapi", "info", "servers", "tags", "externalDocs", "webhooks"];

/// Returns the tables of a document, for [`Service::of`](openapi_server_runtime::service::Service::of) or an asset.
///
/// They are allocated for the life of the process, as the runtime refers to them from everywhere: build them once for a
/// document, not for each request.
///
/// # Errors
/// Fails if the server side cannot do what the document says, with every place where that is.
pub fn build(model: &Model<'_>) -> Result<&'static Tables> {
    of_operations(model, &operation::all(model)?)
}

/// Returns the tables of a document whose operations have been read.
///
/// # Errors
/// Fails if a schema cannot be a rule.
pub fn of_operations(model: &Model<'_>, operations: &[Operation<'_>]) -> Result<&'static Tables> {
    let root = Place::root(model.document);
    let operations = operations.iter().map(|operation| table(model, operation)).collect::<Result<_>>()?;
    let tables = Tables {
        operations: all(operations),
        base_path: text(&model.base_path()),
        security_schemes: all(security_schemes(model)?),
        components: all(components(model)?),
        frame: text(&frame(&root).to_string()),
    };
    Tables::linked(tables).map_err(|error| {
        model.document.error("", format!("the tables are not whole: {error}"), "report this as an error")
    })
}

/// Returns the components that a rule can lead to.
fn components(model: &Model<'_>) -> Result<Vec<Component>> {
    let mut components = Vec::new();
    for (name, schema) in model.schemas.components() {
        let schema = Node::of(model, schema.id);
        // A component that only stands for another is known by that one's name.
        if let Some(kind) = Named::of(&schema).filter(|_| schema.component() == Some(name)) {
            components.push(Component { name: text(name), rule: kind.rule(&schema, name, 0)? });
        }
    }
    Ok(components)
}

fn security_schemes(model: &Model<'_>) -> Result<Vec<SecurityScheme>> {
    model.security_schemes.iter().map(|scheme| security_scheme(model.document, scheme)).collect()
}

fn security_scheme(document: &Document, scheme: &document::SecurityScheme<'_>) -> Result<SecurityScheme> {
    let said = |key: &str| scheme.value.get(key).and_then(Value::as_str).unwrap_or_default();
    let error = |message: String, advice: &str| -> Error { document.error(&scheme.pointer, message, advice) };
    let kind = match (said("type"), scheme.credential) {
        ("oauth2", _) => SchemeKind::OAuth2,
        ("openIdConnect", _) => SchemeKind::OpenIdConnect,
        ("mutualTLS", _) => SchemeKind::MutualTls,
        (_, Some(Credential::Basic)) => SchemeKind::Basic,
        (_, Some(Credential::Token)) => SchemeKind::Bearer,
        (_, Some(Credential::Http(name))) => SchemeKind::Http(text(&name.to_ascii_lowercase())),
        (_, Some(Credential::Key(place, name))) => {
            let location = match place {
                KeyPlace::Header => tables::Location::Header,
                KeyPlace::Query => tables::Location::Query,
                KeyPlace::Cookie => tables::Location::Cookie,
            };
            SchemeKind::ApiKey { location, name: text(name) }
        }
        ("http", None) => SchemeKind::Http(""),
        ("apiKey", None) => {
            return Err(error(
                "this key is sent nowhere".to_owned(),
                "say `in: header`, `in: query` or `in: cookie`",
            ));
        }
        (other, None) => {
            return Err(error(
                format!("nothing is known of security schemes of the type `{other}`"),
                "say `http`, `apiKey`, `mutualTLS`, `oauth2` or `openIdConnect`",
            ));
        }
    };
    Ok(SecurityScheme { name: text(scheme.name), kind })
}

fn table(model: &Model<'_>, operation: &Operation<'_>) -> Result<tables::Operation> {
    let place = &operation.place;
    let said = |key| place.text(key).map(text);
    let method = operation.method.to_uppercase().parse().map_err(|_| {
        place.error(format!("`{}` is no method", operation.method), "give it one that HTTP defines")
    })?;
    let security = operation.security.iter().map(|alternative| {
        let requirements = alternative.iter().map(|document::Requirement { scheme, scopes }| Requirement {
            scheme: text(scheme),
            scopes: texts(scopes.iter().copied()),
        });
        all(requirements.collect())
    });
    let parameters = operation.parameters.iter().map(parameter).collect::<Result<_>>()?;
    let body = operation.body.as_ref().map(|body| {
        let content = content(model, &body.media)?;
        let content_types = texts(body.content_types.iter().copied());
        Ok::<_, Error>(tables::Body {
            content,
            required: body.required,
            content_types,
            encoding: encoding(body.encoding),
        })
    });
    let responses = |known: &[Response<'_>]| -> Result<_> {
        Ok(all(known.iter().map(|known| response(model, known)).collect::<Result<_>>()?))
    };
    let answered = operation.success().media.filter(|_| operation.protocols().is_none());
    Ok(tables::Operation {
        id: text(operation.id),
        method,
        path: text(operation.path),
        base_path: operation.servers.first().map(|server| text(&server.path())),
        tags: texts(place.texts("tags")),
        summary: said("summary"),
        description: said("description"),
        view_description: of_path(model, operation).map(text),
        view_name: said("x-view-name"),
        security: all(security.collect()),
        parameters: all(parameters),
        body: body.transpose()?,
        responses: responses(&operation.responses)?,
        default: operation.default.as_ref().map(|default| response(model, default)).transpose()?,
        observed: responses(&operation.observed)?,
        example: answered.map_or("", |media| text(&media.example(model.document.value()))),
        protocols: texts(operation.protocols().unwrap_or_default().iter().copied()),
        since: said("x-since"),
        pointer: text(&format!("#{}", place.pointer)),
        rest: rest::of(operation).map(|rest| text(&rest.to_string())),
    })
}

/// Returns what the path of an operation is for, if it says so (`x-view-description`).
fn of_path<'a>(model: &Model<'a>, operation: &Operation<'a>) -> Option<&'a str> {
    let item = model.document.value().get("paths")?.get(operation.path)?;
    item.get("x-view-description")?.as_str()
}

fn parameter(parameter: &Parameter<'_>) -> Result<tables::Parameter> {
    let Parameter { name, place, .. } = parameter;
    let location = match parameter.location {
        Location::Path => tables::Location::Path,
        Location::Query => tables::Location::Query,
        Location::Header => tables::Location::Header,
        Location::Cookie => tables::Location::Cookie,
    };
    let role = match place.text("x-role") {
        Some("filter") => Role::Filter,
        Some("page") => Role::Page,
        Some("page-size") => Role::PageSize,
        Some("ordering") => Role::Ordering,
        Some("search") => Role::Search,
        // Parsing refuses any other role.
        _ => Role::Plain,
    };
    let schema = place.written("schema").map_or_else(|| "{}".to_owned(), |schema| plain(&schema).to_string());
    Ok(tables::Parameter {
        name: text(name),
        location,
        role,
        rule: parameter_rule(parameter)?,
        style: parameter.style.map_or(tables::Style::Json, style),
        explode: parameter.explode,
        required: place.flag("required"),
        description: place.text("description").map(text),
        since: place.text("x-since").map(text),
        schema: text(&schema),
    })
}

/// Returns the rule for a parameter: what is only described by a content type is text.
fn parameter_rule(parameter: &Parameter<'_>) -> Result<Rule> {
    match (&parameter.schema, parameter.style) {
        (Some(schema), Some(_)) => rule(schema),
        // A style has no word for `null`, and JSON has.
        (Some(schema), None) => value_rule(schema),
        (None, Some(_)) => Ok(Rule::Text(Text::ANY)),
        (None, None) => Ok(Rule::Any),
    }
}

/// Returns the properties of a URL-encoded form that are not written as usual: in a style, or as JSON.
fn encoding(encoding: &[(&str, Encoding<'_>)]) -> &'static [tables::Encoding] {
    let styled = encoding.iter().filter_map(|(property, encoding)| {
        let is_json = encoding.content_type.is_some_and(|media_type| Form::of(media_type) == Form::Json);
        let json = is_json.then_some((tables::Style::Json, false));
        let styled = encoding.styled().map(|(style, explode)| (self::style(style), explode));
        let (style, explode) = styled.or(json)?;
        Some(tables::Encoding { property: text(property), style, explode })
    });
    all(styled.collect())
}

fn form(form: document::Form) -> Form {
    match form {
        document::Form::Json => Form::Json,
        document::Form::Multipart => Form::Multipart,
        document::Form::UrlEncoded => Form::UrlEncoded,
        document::Form::Bytes | document::Form::Text => Form::Raw,
    }
}

fn style(style: Style) -> tables::Style {
    match style {
        Style::Matrix => tables::Style::Matrix,
        Style::Label => tables::Style::Label,
        Style::Simple => tables::Style::Simple,
        Style::Form => tables::Style::Form,
        Style::SpaceDelimited => tables::Style::SpaceDelimited,
        Style::PipeDelimited => tables::Style::PipeDelimited,
        Style::DeepObject => tables::Style::DeepObject,
    }
}

fn response(model: &Model<'_>, response: &Response<'_>) -> Result<tables::Response> {
    let Response { status, description, media, content_types } = response;
    let content = media.as_ref().map(|media| content(model, media)).transpose()?;
    let content_types = all(content_types.iter().map(|name| text(name)).collect());
    Ok(tables::Response { status: *status, description: text(description), content, content_types })
}

fn content(model: &Model<'_>, media: &Media<'_>) -> Result<Content> {
    let rule = match &media.schema {
        Some(schema) if media.is_typed() => value_rule(schema)?,
        _ => Rule::Any,
    };
    let (media_type, schema) = (text(media.content_type), text(&media.schema_text(model)));
    let form = if media.is_typed() { form(media.form) } else { Form::Raw };
    Ok(Content { media_type, form, rule, schema })
}

/// Returns the frame of the document, with the security schemes, which are no schemas, and what is said of components and paths
/// and dropshot has no words for.
fn frame(root: &Place<'_>) -> Value {
    let mut frame = Map::new();
    for key in FRAME {
        if let Some(place) = root.written(key) {
            frame.insert(key.to_owned(), plain(&place));
        }
    }
    let mut components = Map::new();
    let written = root.written("components");
    if let Some(schemes) = written.and_then(|components| components.written("securitySchemes")) {
        components.insert("securitySchemes".to_owned(), plain(&schemes));
    }
    let schemas = rest::of_components(root);
    if !schemas.is_empty() {
        components.insert("schemas".to_owned(), Value::Object(schemas));
    }
    if !components.is_empty() {
        frame.insert("components".to_owned(), Value::Object(components));
    }
    let paths = rest::of_paths(root);
    if !paths.is_empty() {
        frame.insert("paths".to_owned(), Value::Object(paths));
    }
    Value::Object(frame)
}

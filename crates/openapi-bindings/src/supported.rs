//! What progenitor would stop at, found before it does, with the place where it stands.
//!
//! These are limits of the generator: the document is valid. What a pass can repair is not here; this looks at the
//! document as the passes left it.

use serde_json::Value;

use crate::passes::bodies::{Kind, SENT, bare, chosen, kind_of};
use crate::passes::unions::unions;
use openapi_document::document::{Document, resolve};
use openapi_document::error::{Error, Result};
use openapi_document::grammar::{PATH_ITEM, reference};
use openapi_document::operations::operations;
use openapi_document::pointer::{child, escape, of_reference};
use openapi_document::usage::component;
use openapi_document::walk::{is_schema, walk};

/// Checks that progenitor can generate from `root`, which is `document` after the passes.
pub(crate) fn check(document: &Document, root: &Value) -> Result<()> {
    let mut errors = Vec::new();
    for (path, method, operation) in operations(root) {
        let at = format!("/paths/{}/{method}", escape(path));
        let mut found = Findings { document, root, errors: &mut errors };
        found.parameters(&at, operation);
        found.body(&at, operation);
    }
    // A pass has made the bodies of several parts pass for JSON, so these are looked at as they were written.
    let written = document.value();
    for (path, method, operation) in operations(written) {
        let mut found = Findings { document, root: written, errors: &mut errors };
        found.parts(&format!("/paths/{}/{method}", escape(path)), operation);
    }
    for union in unions(root) {
        for member in union.members.iter().filter(|member| !member.object) {
            let message = format!(
                "`{}` is a member of the union `{}`, but no object that could have the property `{}`",
                member.component, union.name, union.property
            );
            errors.push(document.error(
                &member.pointer(),
                message,
                "leave out the `discriminator`, or make every member an object",
            ));
        }
    }
    walk(root, |value, shape, at| {
        let Some(target) = reference(value, shape).and_then(Value::as_str) else { return };
        let (message, advice) = if is_schema(shape) {
            if component(target).is_some() {
                return;
            }
            let message = format!("the schema `{target}` is no component");
            (message, "move it to `components.schemas`, and refer to it there")
        } else if shape.object().is_some_and(|object| object.name == PATH_ITEM.name) {
            (format!("the path refers to another place, `{target}`"), "write its operations here")
        } else {
            return;
        };
        errors.push(document.error(&child(at, "$ref"), message, advice));
    });
    Error::gather(errors)
}

struct Findings<'a> {
    document: &'a Document,
    root: &'a Value,
    errors: &'a mut Vec<Error>,
}

impl Findings<'_> {
    fn add(&mut self, at: &str, message: String, advice: &str) {
        self.errors.push(self.document.error(at, message, advice));
    }

    /// Parameters go into the path, the query or a header, each in its usual style.
    fn parameters(&mut self, at: &str, operation: &Value) {
        let listed = operation.get("parameters").and_then(Value::as_array).into_iter().flatten();
        for (index, parameter) in listed.enumerate() {
            let (at, parameter) = self.followed(&format!("{at}/parameters/{index}"), parameter);
            let text = |key: &str| parameter.get(key).and_then(Value::as_str);
            let name = text("name").unwrap_or_default();
            let usual = match text("in") {
                Some("query") => "form",
                Some("cookie") => {
                    let message =
                        format!("the parameter `{name}` is sent as a cookie, which is not supported");
                    self.add(
                        &child(&at, "in"),
                        message,
                        "send it in a header or in the query, or leave it out",
                    );
                    continue;
                }
                _ => "simple",
            };
            if let Some(style) = text("style").filter(|style| *style != usual) {
                let message = format!("the style `{style}` of the parameter `{name}` is not supported");
                self.add(
                    &child(&at, "style"),
                    message,
                    &format!("leave it out: `{usual}` is what is sent here"),
                );
            }
            if parameter.get("content").is_some() {
                let message = format!("the parameter `{name}` has a content type, which is not supported");
                self.add(&child(&at, "content"), message, "describe its value by a `schema`");
            }
        }
    }

    /// A body stands where the passes look for it, which then is of one content type that can be sent.
    fn body(&mut self, at: &str, operation: &Value) {
        let Some(body) = operation.get("requestBody") else { return };
        let (at, body) = self.followed(&child(at, "requestBody"), body);
        let at = child(&at, "content");
        let Some(content) = body.get("content").and_then(Value::as_object) else { return };
        let is_sent =
            |(kind, media): (&String, &Value)| SENT.contains(&bare(kind)) && media.get("schema").is_some();
        if content.len() > 1 || !content.iter().all(is_sent) {
            let message =
                "a body that is neither in an operation nor a component is not supported".to_owned();
            self.add(&at, message, "move it to `components/requestBodies`");
            return;
        }
        for (kind, media) in content {
            self.media(&child(&at, kind), media);
        }
    }

    /// The parts of a body are sent as what their schemas say: objects as JSON, files as what their sender says, and all
    /// else as text.
    fn parts(&mut self, at: &str, operation: &Value) {
        let Some(body) = operation.get("requestBody") else { return };
        let (at, body) = self.followed(&child(at, "requestBody"), body);
        let Some(content) = body.get("content").and_then(Value::as_object) else { return };
        let Some(kind) = chosen(content).filter(|kind| kind_of(kind) == Kind::Multipart) else { return };
        let Some(media) = content.get(kind) else { return };
        let at = child(&child(&at, "content"), kind);
        let schema = resolve(self.root, media.get("schema").unwrap_or(&Value::Null));
        if media.get("schema").is_some()
            && !["properties", "allOf"].iter().any(|key| schema.get(key).is_some())
            && schema.get("type").is_none_or(|kind| kind != "object")
        {
            let message = "a body in parts that is no object is not supported".to_owned();
            self.add(
                &child(&at, "schema"),
                message,
                "say `type: object`, and which `properties` are its parts",
            );
        }
        let at = child(&at, "encoding");
        let encodings = media.get("encoding").and_then(Value::as_object);
        for (name, encoding) in encodings.into_iter().flatten() {
            let at = child(&at, name);
            let said = encoding.get("contentType").and_then(Value::as_str);
            let property = schema.get("properties").and_then(|properties| properties.get(name));
            let sent = property.and_then(|property| sent_as(self.root, property));
            if let (Some(said), Some(sent)) = (said, sent)
                && !said.split(',').any(|said| bare(said) == sent)
            {
                let message = format!("the part `{name}` is sent as {sent}, and not as {said}");
                self.add(&child(&at, "contentType"), message, "leave it out, or make the part a file");
            }
            if encoding.get("headers").is_some() {
                let message = format!("the part `{name}` has headers of its own, which is not supported");
                self.add(&child(&at, "headers"), message, "leave them out");
            }
        }
    }

    /// What is sent has no encodings of single properties.
    fn media(&mut self, at: &str, media: &Value) {
        if media.get("encoding").and_then(Value::as_object).is_some_and(|encoding| !encoding.is_empty()) {
            let message = "encodings of single properties are not supported".to_owned();
            self.add(&child(at, "encoding"), message, "leave them out");
        }
    }

    /// What `value` at `at` refers to, and where that stands; itself if it is no reference.
    fn followed<'v>(&self, at: &str, value: &'v Value) -> (String, &'v Value)
    where
        Self: 'v,
    {
        let target = value.get("$ref").and_then(Value::as_str).and_then(of_reference);
        match target {
            Some(target) => (target, resolve(self.root, value)),
            None => (at.to_owned(), value),
        }
    }
}

/// The content type that a part of a body is sent as; `None` if its sender decides.
fn sent_as(root: &Value, property: &Value) -> Option<&'static str> {
    let schema = resolve(root, property);
    let schema = schema.get("items").map_or(schema, |items| resolve(root, items));
    let is = |key: &str, value: &str| schema.get(key).is_some_and(|known| known == value);
    match () {
        () if is("format", "binary") => None,
        () if is("type", "object") || schema.get("properties").is_some() => Some("application/json"),
        () => Some("text/plain"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The pointers of what is not supported in a document with this one operation.
    fn found(operation: &str) -> Vec<String> {
        found_in(&format!("/pets/: {{post: {{operationId: p, {operation}}}}}"))
    }

    /// The pointers of what is not supported in a document with these paths.
    fn found_in(paths: &str) -> Vec<String> {
        let text = format!(
            "{{openapi: 3.0.3, info: {{title: t, version: '1'}}, paths: {{{paths}}}, x-paths: {{toys: {{}}}}}}"
        );
        let document = Document::parse("spec.yaml", &text).unwrap();
        match check(&document, document.value()) {
            Ok(()) => Vec::new(),
            Err(error) => error.diagnostics().iter().map(|diagnostic| diagnostic.pointer.clone()).collect(),
        }
    }

    #[test]
    fn what_can_be_generated_is_let_pass() {
        let operation = "parameters: [{in: query, name: a, style: form, schema: {type: string}}], \
                         requestBody: {content: {application/json: {schema: {type: object}}}}, \
                         responses: {'200': {description: ''}, '204': {description: ''}}";
        assert_eq!(found(operation), Vec::<String>::new());
    }

    #[test]
    fn each_limit_is_found_where_it_stands() {
        let fine = "responses: {'204': {description: ''}}";
        let cases = [
            (format!("parameters: [{{in: cookie, name: a, schema: {{}}}}], {fine}"), "/parameters/0/in"),
            (
                format!("parameters: [{{in: query, name: a, style: deepObject, schema: {{}}}}], {fine}"),
                "/parameters/0/style",
            ),
            (
                format!(
                    "requestBody: {{content: {{text/plain: {{schema: {{}}}}, text/x-markdown: {{schema: {{}}}}}}}}, {fine}"
                ),
                "/requestBody/content",
            ),
            (format!("requestBody: {{content: {{text/plain: {{}}}}}}, {fine}"), "/requestBody/content"),
        ];
        for (operation, expected) in cases {
            assert_eq!(found(&operation), [format!("/paths/~1pets~1/post{expected}")], "{operation}");
        }
    }

    #[test]
    fn what_is_referred_to_is_a_component() {
        assert_eq!(found_in("/toys/: {$ref: '#/x-paths/toys'}"), ["/paths/~1toys~1/$ref"]);
        let answer = |schema: &str| {
            format!(
                "responses: {{'200': {{description: '', content: {{application/json: {{schema: {schema}}}}}}}}}"
            )
        };
        let toys = format!(
            "/toys/: {{get: {{operationId: t, {}}}}}",
            answer("{type: array, items: {type: string}}")
        );
        let there = "#/paths/~1toys~1/get/responses/200/content/application~1json/schema/items";
        let pets =
            format!("/pets/: {{get: {{operationId: p, {}}}}}", answer(&format!("{{$ref: '{there}'}}")));
        assert_eq!(
            found_in(&format!("{toys}, {pets}")),
            ["/paths/~1pets~1/get/responses/200/content/application~1json/schema/$ref"]
        );
    }
}

//! What progenitor would stop at, found before it does, with the place where it stands.
//!
//! These are limits of the generator: the document is valid. What is repaired by lowering the model is not here.

use std::collections::BTreeSet;

use serde_json::Value;

use openapi_document::error::{Error, Result};
use openapi_document::model::{
    Form, Kind, Location, Media, Model, Operation, Parameter, ParameterValue, SchemaId, Style,
};
use openapi_document::operations::paths;
use openapi_document::pointer::child;

/// Checks that progenitor can generate from `model`.
pub(crate) fn check(model: &Model<'_>) -> Result<()> {
    let mut found = Findings { model, seen: BTreeSet::new(), errors: Vec::new() };
    for operation in &model.operations {
        operation.parameters.iter().for_each(|parameter| found.parameter(parameter));
        found.body(operation);
    }
    found.unions();
    found.references();
    Error::gather(found.errors)
}

struct Findings<'m, 'a> {
    model: &'m Model<'a>,
    /// Where something was found already: several operations may refer there.
    seen: BTreeSet<String>,
    errors: Vec<Error>,
}

impl<'a> Findings<'_, 'a> {
    fn add(&mut self, at: String, message: String, advice: &str) {
        if !self.seen.contains(&at) {
            self.errors.push(self.model.document.error(&at, message, advice));
            self.seen.insert(at);
        }
    }

    /// Parameters go into the path, the query or a header, each in its usual style.
    fn parameter(&mut self, parameter: &Parameter<'_>) {
        let (name, at) = (parameter.name, &parameter.pointer);
        if parameter.location == Location::Cookie {
            let message = format!("the parameter `{name}` is sent as a cookie, which is not supported");
            return self.add(
                child(at, "in"),
                message,
                "send it in a header or in the query, or leave it out",
            );
        }
        let usual = parameter.location.default_style();
        if parameter.style != usual {
            let style = parameter.value.get("style").and_then(Value::as_str).unwrap_or_default();
            let usual = if usual == Style::Form { "form" } else { "simple" };
            let message = format!("the style `{style}` of the parameter `{name}` is not supported");
            self.add(child(at, "style"), message, &format!("leave it out: `{usual}` is what is sent here"));
        }
        if matches!(parameter.of, ParameterValue::Media(_)) {
            let message = format!("the parameter `{name}` has a content type, which is not supported");
            self.add(child(at, "content"), message, "describe its value by a `schema`");
        }
    }

    /// What is sent has no encodings of single properties, unless it is sent in parts.
    fn body(&mut self, operation: &Operation<'a>) {
        let Some(media) = operation.body.as_ref().and_then(|body| body.sent()) else { return };
        if media.form == Form::Multipart {
            self.parts(media);
        } else if !media.encoding.is_empty() {
            let message = "encodings of single properties are not supported".to_owned();
            self.add(child(&media.pointer, "encoding"), message, "leave them out");
        }
    }

    /// The parts of a body are sent as what their schemas say: objects as JSON, files as what their sender says, and all
    /// else as text.
    fn parts(&mut self, media: &Media<'a>) {
        let schemas = &self.model.schemas;
        let schema = media.schema.map(|schema| schemas.resolved(schema));
        let is_object = schema.is_none_or(|schema| {
            schema.kind == Some(Kind::Object)
                || !schema.all_of.is_empty()
                || schema.member("properties").is_some()
        });
        if !is_object {
            let message = "a body in parts that is no object is not supported".to_owned();
            self.add(
                child(&media.pointer, "schema"),
                message,
                "say `type: object`, and which `properties` are its parts",
            );
        }
        let at = child(&media.pointer, "encoding");
        for (name, encoding) in &media.encoding {
            let at = child(&at, name);
            let property = media.schema.and_then(|schema| schemas.property(schema, name));
            let sent = property.and_then(|property| self.sent_as(property.schema));
            if let (Some(said), Some(sent)) = (encoding.content_type, sent)
                && !said.split(',').any(|said| said.split(';').next().unwrap_or_default().trim() == sent)
            {
                let message = format!("the part `{name}` is sent as {sent}, and not as {said}");
                self.add(child(&at, "contentType"), message, "leave it out, or make the part a file");
            }
            if media.value.pointer(&format!("{}/headers", child("/encoding", name))).is_some() {
                let message = format!("the part `{name}` has headers of its own, which is not supported");
                self.add(child(&at, "headers"), message, "leave them out");
            }
        }
    }

    /// The content type that a part of a body is sent as; `None` if its sender decides.
    fn sent_as(&self, property: SchemaId) -> Option<&'static str> {
        let schema = self.model.resolved(property);
        let schema = schema.items.map_or(schema, |items| self.model.resolved(items));
        match () {
            () if schema.format == Some("binary") => None,
            () if schema.kind == Some(Kind::Object) || schema.member("properties").is_some() => {
                Some("application/json")
            }
            () => Some("text/plain"),
        }
    }

    /// The members of a union are told apart by a property, which only objects have.
    fn unions(&mut self) {
        let model = self.model;
        for (name, schema) in model.schemas.components() {
            let Some(union) = model.schemas.union(schema.id) else { continue };
            for member in union.members.iter().filter(|member| !member.is_object) {
                let schema = model.schema(member.schema);
                let message = format!(
                    "`{}` is a member of the union `{name}`, but no object that could have the property `{}`",
                    schema.component().unwrap_or_default(),
                    union.property
                );
                self.errors.push(model.document.error(
                    &schema.pointer,
                    message,
                    "leave out the `discriminator`, or make every member an object",
                ));
            }
        }
    }

    /// What is referred to is a component.
    fn references(&mut self) {
        let model = self.model;
        for schema in model.schemas.iter() {
            let Some(target) = schema.member("$ref").and_then(Value::as_str) else { continue };
            let component = schema.reference.and_then(|target| model.schema(target).component());
            if component.is_none() {
                let message = format!("the schema `{target}` is no component");
                self.add(
                    child(&schema.pointer, "$ref"),
                    message,
                    "move it to `components.schemas`, and refer to it there",
                );
            }
        }
        for (path, item) in paths(model.document.value()) {
            if let Some(target) = item.get("$ref").and_then(Value::as_str) {
                let message = format!("the path refers to another place, `{target}`");
                let at = child(&child("/paths", path), "$ref");
                self.add(at, message, "write its operations here");
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use openapi_document::document::Document;

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
        match check(&Model::of(&document)) {
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
                    "requestBody: {{content: {{application/x-www-form-urlencoded: {{encoding: {{a: {{}}}}}}}}}}, {fine}"
                ),
                "/requestBody/content/application~1x-www-form-urlencoded/encoding",
            ),
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

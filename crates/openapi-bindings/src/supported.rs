//! What progenitor would stop at, found before it does, with the place where it stands.
//!
//! These are limits of the generator: the document is valid. What is repaired by lowering the model is not here.

use std::collections::BTreeSet;

use serde_json::Value;

use openapi_document::error::{Error, Result};
use openapi_document::grammar::is_method_in_capitals;
use openapi_document::model::{
    Form, Kind, Location, Media, Model, Operation, Parameter, ParameterValue, SchemaId, Style,
};
use openapi_document::pointer::child;

/// Checks that progenitor can generate from `model`.
pub(crate) fn check(model: &Model<'_>) -> Result<()> {
    let mut found = Findings { model, seen: BTreeSet::new(), errors: Vec::new() };
    for operation in &model.operations {
        if operation.method == "query" || is_method_in_capitals(operation.method) {
            let message = format!("the method {} is not supported", operation.method.to_uppercase());
            let advice = "leave the operation out, or give it a method that HTTP/1.1 defines";
            found.add(operation.pointer.clone(), message, advice);
        }
        operation.parameters.iter().for_each(|parameter| found.parameter(parameter));
        found.body(operation);
    }
    found.unions();
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
}

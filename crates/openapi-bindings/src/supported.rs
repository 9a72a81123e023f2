//! Finds what progenitor would stop at before it does, with the place where it stands.
//!
//! These are limits of the generator: the document is valid. What is repaired by lowering the model is not here.

use std::collections::BTreeSet;

use openapi_document::error::{Error, Result};
use openapi_document::model::{Form, Kind, Media, Model, SchemaId};
use openapi_document::pointer::child;
use openapi_tables::operation::other_methods;

/// Checks that progenitor can generate from `model`.
pub(crate) fn check(model: &Model<'_>) -> Result<()> {
    let mut found = Findings { model, seen: BTreeSet::new(), errors: other_methods(model) };
    for operation in &model.operations {
        if let Some(media) = operation.body.as_ref().and_then(|body| body.sent())
            && media.form == Form::Multipart
        {
            found.parts(media);
        }
    }
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

    /// Refuses media types of parts that are not what they are sent as: objects as JSON, files as what their sender says, and
    /// all else as text.
    fn parts(&mut self, media: &Media<'a>) {
        let at = child(&media.pointer, "encoding");
        for (name, encoding) in &media.encoding {
            let at = child(&at, name);
            let property = media.schema.and_then(|schema| self.model.schemas.property(schema, name));
            if let Some(said) = encoding.content_type
                && property.is_some_and(|property| self.is_json(property.schema))
                && !said.split(',').any(|said| Form::of(said) == Form::Json)
            {
                let message = format!("the part `{name}` is sent as JSON, and not as {said}");
                self.add(child(&at, "contentType"), message, "leave it out, or make the part a file");
            }
        }
    }

    /// Returns `true` if a part of a body is sent as JSON.
    fn is_json(&self, property: SchemaId) -> bool {
        let schema = self.model.resolved(property);
        let schema = schema.items.map_or(schema, |items| self.model.resolved(items));
        schema.kind == Some(Kind::Object) || schema.member("properties").is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use openapi_document::document::Document;

    /// Returns the pointers of what is not supported in a document with this one operation.
    fn found(operation: &str) -> Vec<String> {
        found_in(&format!("/pets/: {{post: {{operationId: p, {operation}}}}}"))
    }

    /// Returns the pointers of what is not supported in a document with these paths.
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
    fn a_method_that_http_1_1_does_not_define_is_found_by_whatever_name() {
        let text = "{openapi: 3.2.0, info: {title: t, version: '1'}, paths: {/pets/: {
            query: {operationId: q, responses: {}}, additionalOperations: {COPY: {operationId: c, responses: {}}}}}}";
        let document = Document::parse("spec.yaml", text).unwrap();
        let error = check(&Model::of(&document)).unwrap_err();
        let pointers: Vec<&str> = error.diagnostics().iter().map(|found| found.pointer.as_str()).collect();
        assert_eq!(pointers, ["/paths/~1pets~1/query", "/paths/~1pets~1/COPY"]);
    }

    #[test]
    fn each_limit_is_found_where_it_stands() {
        let body = |media: &str| {
            found(&format!(
                "requestBody: {{content: {{multipart/form-data: {media}}}}}, responses: {{'204': {{description: ''}}}}"
            ))
        };
        let at = "/paths/~1pets~1/post/requestBody/content/multipart~1form-data";
        let encoded = |property: &str, encoding: &str| {
            body(&format!(
                "{{schema: {{type: object, properties: {{a: {property}}}}}, encoding: {{a: {encoding}}}}}"
            ))
        };
        assert_eq!(
            encoded("{type: object}", "{contentType: text/csv}"),
            [format!("{at}/encoding/a/contentType")]
        );
        for (property, encoding) in [
            ("{type: string}", "{contentType: text/csv}"),
            ("{type: string}", "{contentType: application/json}"),
            ("{type: string}", "{headers: {X-A: {schema: {type: string}}}}"),
            ("{type: object}", "{contentType: application/ld+json}"),
            ("{type: string, format: binary}", "{contentType: 'image/png, image/jpeg'}"),
        ] {
            assert!(encoded(property, encoding).is_empty(), "{property}");
        }
    }
}

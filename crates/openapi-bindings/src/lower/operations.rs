//! Operations, lowered to what progenitor reads: one kind of body, one kind of answer, no errors.

use serde_json::{Map, Value, json};

use super::binary;
use super::ids::PAGINATION;
use super::schemas::Lowering;
use openapi_document::model::{
    AnswerForm, Form, Location, Model, Operation, Parameter, ParameterValue, RequestBody, Segment,
};
use openapi_document::operations::METHODS;

pub(super) struct Operations<'l, 'm, 'a> {
    pub(super) model: &'m Model<'a>,
    pub(super) lowering: &'l mut Lowering<'m, 'a>,
}

impl<'m, 'a> Operations<'_, 'm, 'a> {
    /// Lowers all operations. One with variables in its path stands alone, since ids of parameters are its own.
    pub(super) fn paths(&mut self) -> Value {
        let mut operations: Vec<&'m Operation<'a>> = self.model.operations.iter().collect();
        let rank = |method: &str| METHODS.iter().position(|known| *known == method);
        for of_path in operations.chunk_by_mut(|one, other| one.path == other.path) {
            of_path.sort_by_key(|operation| rank(operation.method));
        }
        let mut paths = Map::new();
        for operation in operations {
            let template = self.template(operation);
            let lowered = self.operation(operation);
            let item = paths.entry(template).or_insert_with(|| json!({}));
            if let Some(item) = item.as_object_mut() {
                item.insert(operation.method.to_owned(), lowered);
            }
        }
        Value::Object(paths)
    }

    fn template(&mut self, operation: &Operation<'a>) -> String {
        let parts = operation.template.iter().map(|segment| match segment {
            Segment::Text(text) => (*text).to_owned(),
            Segment::Variable(name) => {
                let place = operation
                    .parameters
                    .iter()
                    .position(|parameter| parameter.location == Location::Path && parameter.name == *name);
                let id = place.map(|place| self.lowering.ids.parameter(operation, place));
                format!("{{{}}}", id.as_deref().unwrap_or(name))
            }
        });
        parts.collect()
    }

    fn operation(&mut self, operation: &Operation<'a>) -> Value {
        let parameters: Vec<Value> = operation
            .parameters
            .iter()
            .enumerate()
            .filter_map(|(place, parameter)| self.parameter(operation, place, parameter))
            .collect();
        let mut lowered = json!({
            "operationId": self.lowering.ids.operation(operation),
            "parameters": parameters,
            "responses": self.responses(operation),
        });
        if let Some(body) = operation.body.as_ref().and_then(|body| self.body(body)) {
            lowered["requestBody"] = body;
        }
        for extension in [PAGINATION, "x-dropshot-websocket"] {
            if let Some(value) = operation.value.get(extension) {
                lowered[extension] = value.clone();
            }
        }
        lowered
    }

    fn parameter(
        &mut self,
        operation: &Operation<'a>,
        place: usize,
        parameter: &Parameter<'a>,
    ) -> Option<Value> {
        let at = match parameter.location {
            Location::Path => "path",
            Location::Query => "query",
            Location::Header => "header",
            Location::Cookie => return None,
        };
        let ParameterValue::Schema(id) = parameter.of else { return None };
        let schema = self.model.schema(id);
        let schema = match self.lowering.enumerations.component(schema) {
            Some(component) if schema.reference.is_none() => self.lowering.reference(component),
            _ => self.lowering.place(id),
        };
        let name = self.lowering.ids.parameter(operation, place);
        Some(json!({"name": name, "in": at, "required": parameter.required, "schema": schema}))
    }

    /// Lowers a body to the one content type that it is sent in.
    ///
    /// progenitor stops with a panic when a body has more than one, and knows four
    /// (<https://github.com/oxidecomputer/progenitor/blob/v0.15.1/progenitor-impl/src/method.rs>, `get_body_param`).
    fn body(&mut self, body: &RequestBody<'a>) -> Option<Value> {
        let media = body.sent()?;
        let mut of_schema = |otherwise: Value| media.schema.map_or(otherwise, |id| self.lowering.place(id));
        let (content_type, schema) = match media.form {
            Form::Json => ("application/json", of_schema(json!({}))),
            // The form is made of what would be JSON.
            Form::Multipart => ("application/json", of_schema(json!({"type": "object"}))),
            Form::UrlEncoded => ("application/x-www-form-urlencoded", of_schema(json!({"type": "object"}))),
            Form::Text => ("text/plain", json!({"type": "string"})),
            Form::Bytes => ("application/octet-stream", binary()),
        };
        Some(json!({"required": body.required, "content": {content_type: {"schema": schema}}}))
    }

    /// Lowers the answers of an operation to one of one kind; its errors are left out.
    ///
    /// progenitor gives an operation one type of answer and one of errors, and stops with a panic at a second one
    /// (<https://github.com/oxidecomputer/progenitor/issues/344>, <https://github.com/oxidecomputer/progenitor/issues/950>).
    fn responses(&mut self, operation: &Operation<'a>) -> Value {
        let answers = operation.answers(&self.model.schemas);
        if answers.upgrades {
            return json!({"101": {"description": ""}});
        }
        let content = match answers.form {
            AnswerForm::Json => {
                let mut schemas: Vec<Value> =
                    answers.schemas.iter().map(|id| self.lowering.place(*id)).collect();
                if answers.anything {
                    schemas.push(json!({}));
                }
                let schema = match schemas.as_slice() {
                    [schema] => schema.clone(),
                    _ => json!({"oneOf": schemas}),
                };
                json!({"application/json": {"schema": schema}})
            }
            AnswerForm::Text | AnswerForm::Bytes => json!({"application/octet-stream": {"schema": binary()}}),
            AnswerForm::Nothing => json!({}),
        };
        json!({"200": {"description": "", "content": content}})
    }
}

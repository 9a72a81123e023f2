//! Operations, lowered to what progenitor reads: every value of a request in the query, one body and one answer of JSON.
//!
//! Only the types that it gives them are kept; how values travel is in the tables that the client runtime reads, and its
//! builders are written anew. progenitor stops at several answers or content types, at parameters in cookies, in other
//! styles than the usual or with a content type, and at objects among them
//! (<https://github.com/oxidecomputer/progenitor/blob/v0.15.1/progenitor-impl/src/method.rs>, `process_operation`).

use serde_json::{Map, Value, json};

use super::schemas::Lowering;
use openapi_document::model::{
    AnswerForm, Form, Kind, Model, Operation, Parameter, ParameterValue, RequestBody,
};

const JSON: &str = "application/json";

pub(super) struct Operations<'l, 'm, 'a> {
    pub(super) model: &'m Model<'a>,
    pub(super) lowering: &'l mut Lowering<'m, 'a>,
}

impl<'a> Operations<'_, '_, 'a> {
    /// Lowers all operations, each to a path of its own.
    pub(super) fn paths(&mut self) -> Value {
        let mut paths = Map::new();
        for operation in &self.model.operations {
            let lowered = self.operation(operation);
            let path = format!("/{}", self.lowering.ids.operation(operation));
            paths.insert(path, json!({operation.method: lowered}));
        }
        Value::Object(paths)
    }

    fn operation(&mut self, operation: &Operation<'a>) -> Value {
        let parameters = operation.parameters.iter().enumerate();
        let parameters: Vec<Value> =
            parameters.map(|(place, parameter)| self.parameter(operation, place, parameter)).collect();
        let mut lowered = json!({
            "operationId": self.lowering.ids.operation(operation),
            "parameters": parameters,
            "responses": self.responses(operation),
        });
        if let Some(body) = operation.body.as_ref().and_then(|body| self.body(body)) {
            lowered["requestBody"] = body;
        }
        lowered
    }

    fn parameter(&mut self, operation: &Operation<'a>, place: usize, parameter: &Parameter<'a>) -> Value {
        let mut schema = match (&parameter.of, parameter.schema()) {
            (ParameterValue::Media(media), _) if media.form != Form::Json => json!({"type": "string"}),
            (_, Some(id)) => {
                let schema = self.model.schema(id);
                match self.lowering.enumerations.component(schema) {
                    Some(component) if schema.reference.is_none() => self.lowering.reference(component),
                    _ => self.lowering.place(id),
                }
            }
            (_, None) => json!({}),
        };
        if is_boxed(self.model, parameter) {
            schema = json!({"type": "array", "items": schema});
        }
        let name = self.lowering.ids.parameter(operation, place);
        json!({"name": name, "in": "query", "required": parameter.required, "schema": schema})
    }

    /// Lowers the body that is sent; `None` if that is a text or bytes, whose types are known.
    fn body(&mut self, body: &RequestBody<'a>) -> Option<Value> {
        let media = body.sent()?;
        let schema = match (media.form, media.schema) {
            (Form::Bytes | Form::Text, _) => return None,
            (_, Some(id)) => self.lowering.place(id),
            (Form::Json, None) => json!({}),
            (Form::Multipart | Form::UrlEncoded, None) => json!({"type": "object"}),
        };
        Some(json!({"required": true, "content": {JSON: {"schema": schema}}}))
    }

    /// Lowers the answers of an operation to one of JSON, or to nothing; its errors are left out.
    ///
    /// progenitor gives an operation one type of answer and one of errors, and stops with a panic at a second one
    /// (<https://github.com/oxidecomputer/progenitor/issues/344>, <https://github.com/oxidecomputer/progenitor/issues/950>).
    fn responses(&mut self, operation: &Operation<'a>) -> Value {
        let answers = operation.answers(&self.model.schemas);
        let content = match answers.form {
            AnswerForm::Json if !answers.upgrades => {
                let mut schemas: Vec<Value> =
                    answers.schemas.iter().map(|id| self.lowering.place(*id)).collect();
                if answers.anything {
                    schemas.push(json!({}));
                }
                let schema = match schemas.as_slice() {
                    [schema] => schema.clone(),
                    _ => json!({"oneOf": schemas}),
                };
                json!({JSON: {"schema": schema}})
            }
            _ => json!({}),
        };
        json!({"200": {"description": "", "content": content}})
    }
}

/// Returns whether progenitor is given a list of such values in place of one: it takes nothing for a parameter that has a
/// builder.
pub(crate) fn is_boxed(model: &Model<'_>, parameter: &Parameter<'_>) -> bool {
    let is_json = match &parameter.of {
        ParameterValue::Media(media) => media.form == Form::Json,
        _ => true,
    };
    let Some(schema) = parameter.schema().filter(|_| is_json).map(|id| model.resolved(id)) else {
        return false;
    };
    let composed = [&schema.all_of, &schema.any_of, &schema.one_of].iter().any(|parts| !parts.is_empty());
    composed || schema.not.is_some() || matches!(schema.kind, None | Some(Kind::Object))
}

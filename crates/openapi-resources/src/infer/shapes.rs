//! Finds the objects in requests and answers: one, or a list of them and its surroundings.

use openapi_document::model::{Form, Kind, Model, Operation, Property, Response, SchemaId, Status};

/// Returns the name of something in a document, without what is spelled differently everywhere.
pub(super) fn plain_name(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

/// An object in a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ObjectShape<'a> {
    pub(super) schema: SchemaId,
    /// The property that it is in, if it is not the whole.
    pub(super) within: Option<&'a str>,
}

/// A list in an answer.
#[derive(Clone, Debug)]
pub(super) struct ListShape<'a> {
    pub(super) item: SchemaId,
    /// The property that it is in, if it is not the whole.
    pub(super) within: Option<&'a str>,
    /// The whole answer.
    pub(super) whole: SchemaId,
}

/// The content of a successful answer.
pub(super) enum AnswerShape {
    /// No content.
    Nothing,
    /// JSON.
    Json(SchemaId),
    /// Anything else.
    Other,
}

/// Returns the status and content of the best answer: the declared success that says most.
pub(super) fn answer(operation: &Operation<'_>, preferred: u16) -> (u16, AnswerShape) {
    let successes: Vec<&Response<'_>> =
        operation.responses.iter().filter(|response| response.status.is_success()).collect();
    let of = |status: u16| successes.iter().find(|response| response.status == Status::Code(status));
    let response = of(preferred).or_else(|| of(200)).or(successes.first());
    let default = operation.responses.iter().find(|response| response.status == Status::Default);
    let Some(response) = response.copied().or(default.filter(|_| successes.is_empty())) else {
        return (preferred, AnswerShape::Nothing);
    };
    let status = response.status.code().unwrap_or(200);
    if response.media.is_empty() || status == 204 {
        return (status, AnswerShape::Nothing);
    }
    match response.media.iter().find(|media| media.form == Form::Json).and_then(|media| media.schema) {
        Some(schema) => (status, AnswerShape::Json(schema)),
        None => (status, AnswerShape::Other),
    }
}

/// Returns the schema of a body of JSON, or of a form with the same values.
pub(super) fn request(operation: &Operation<'_>) -> Option<SchemaId> {
    let media = &operation.body.as_ref()?.media;
    let of = |form: Form| media.iter().find(|media| media.form == form);
    of(Form::Json).or_else(|| of(Form::UrlEncoded)).or_else(|| of(Form::Multipart))?.schema
}

/// Returns the properties of an object, those of all alternatives of a union included; each once.
pub(super) fn properties<'a>(model: &Model<'a>, schema: SchemaId) -> Vec<Property<'a>> {
    let mut found: Vec<Property<'a>> = Vec::new();
    let (mut open, mut seen) = (vec![(schema, true)], Vec::new());
    while let Some((id, certain)) = open.pop() {
        let schema = model.resolved(id);
        if seen.contains(&schema.id) {
            continue;
        }
        seen.push(schema.id);
        for property in &schema.properties {
            let required = property.required && certain;
            match found.iter_mut().find(|known| known.name == property.name) {
                // Of several parts that have a property, the last says most.
                Some(known) => *known = Property { required: known.required || required, ..*property },
                None => found.push(Property { required, ..*property }),
            }
        }
        open.extend(schema.one_of.iter().chain(&schema.any_of).rev().map(|part| (*part, false)));
        open.extend(schema.all_of.iter().rev().map(|part| (*part, certain)));
    }
    found
}

/// Returns `true` if a schema describes objects with properties.
pub(super) fn is_object(model: &Model<'_>, schema: SchemaId) -> bool {
    let resolved = model.resolved(schema);
    resolved.kind.is_none_or(|kind| kind == Kind::Object) && !properties(model, schema).is_empty()
}

/// Returns `true` if a schema describes objects of which it names no property.
pub(super) fn is_empty_object(model: &Model<'_>, schema: SchemaId) -> bool {
    let resolved = model.resolved(schema);
    resolved.kind == Some(Kind::Object) && properties(model, schema).is_empty()
}

/// Returns the object in a body: the whole, or that in its only property.
pub(super) fn object<'a>(model: &Model<'a>, schema: SchemaId) -> Option<ObjectShape<'a>> {
    if !is_object(model, schema) {
        return None;
    }
    match properties(model, schema).as_slice() {
        [only] if is_object(model, only.schema) => {
            Some(ObjectShape { schema: only.schema, within: Some(only.name) })
        }
        _ => Some(ObjectShape { schema, within: None }),
    }
}

/// Returns the list of objects in an answer.
pub(super) fn list<'a>(model: &Model<'a>, schema: SchemaId, word: &str) -> Option<ListShape<'a>> {
    let item_of = |id: SchemaId| {
        let schema = model.resolved(id);
        schema.items.filter(|item| schema.kind == Some(Kind::Array) && is_object(model, *item))
    };
    if let Some(item) = item_of(schema) {
        return Some(ListShape { item, within: None, whole: schema });
    }
    let properties = properties(model, schema);
    let lists: Vec<(&str, SchemaId)> =
        properties.iter().filter_map(|property| Some((property.name, item_of(property.schema)?))).collect();
    let usual = ["items", "results", "data", "content", "records", "values", "entries", "list", "hits"];
    let named = lists.iter().find(|(name, _)| {
        let name = plain_name(name);
        usual.contains(&name.as_str()) || name == plain_name(word)
    });
    let found = named.or(Some(lists.first()?).filter(|_| lists.len() == 1))?;
    Some(ListShape { item: found.1, within: Some(found.0), whole: schema })
}

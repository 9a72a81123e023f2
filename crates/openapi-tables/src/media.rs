//! Reads the content types of a body or an answer: a value that the rules of a schema apply to, or something that is
//! handed on as it is.

use serde_json::{Value, json};

use openapi_document::model::{self, Form, Model, Place};

use crate::node::Node;
use crate::plain::plain;

/// One content type of a body or an answer.
#[derive(Clone, Copy)]
pub struct Media<'a> {
    /// The media type, as the document writes it.
    pub content_type: &'a str,
    /// The form in which it is sent.
    pub form: Form,
    /// The schema of its values.
    pub schema: Option<Node<'a>>,
    /// True if its schema gives its values a type.
    is_typed: bool,
}

impl<'a> Media<'a> {
    /// Returns the content type that decides what a body is in Rust: JSON if there is any, then forms, then the first.
    #[must_use]
    pub fn of_body(read: &'a Model<'a>, media: &'a [model::Media<'a>]) -> Option<Self> {
        Self::chosen(read, media, |form| !matches!(form, Form::Bytes | Form::Text))
    }

    /// Returns the content type that decides what an answer is in Rust: JSON if there is any, then the first.
    #[must_use]
    pub fn of_answer(read: &'a Model<'a>, media: &'a [model::Media<'a>]) -> Option<Self> {
        Self::chosen(read, media, |form| form == Form::Json)
    }

    fn chosen(
        read: &'a Model<'a>,
        media: &'a [model::Media<'a>],
        is_typed: impl Fn(Form) -> bool,
    ) -> Option<Self> {
        let all = media.iter().map(|media| (media, is_typed(media.form)));
        // Of several kinds of JSON the plain one.
        let chosen = all.min_by_key(|(media, is_typed)| {
            (
                is_typed.then_some(media.form).is_none(),
                is_typed.then_some((media.form, !media.is_plain_json())),
            )
        });
        chosen.map(|(media, is_typed)| Self {
            content_type: media.content_type,
            form: media.form,
            schema: media.schema.map(|id| Node::of(read, id)),
            is_typed,
        })
    }

    /// Returns `true` if its schema gives its values a type.
    #[must_use]
    pub fn is_typed(&self) -> bool {
        self.is_typed
    }

    /// Returns the schema, word for word; empty if there is none.
    #[must_use]
    pub fn schema_text(&self, read: &Model<'_>) -> String {
        let Some(schema) = &self.schema else { return String::new() };
        match schema.component() {
            Some(name) => json!({"$ref": format!("#/components/schemas/{name}")}).to_string(),
            None => plain(&Place::of(read.document, schema.pointer.clone(), schema.value)).to_string(),
        }
    }

    /// Returns an example for a response, as text.
    #[must_use]
    pub fn example(&self, root: &Value) -> String {
        let example = self.schema.map(|schema| openapi_document::example::of(root, schema.value));
        match example {
            Some(Value::String(text)) if !self.is_typed => text,
            Some(value) => value.to_string(),
            None if !self.is_typed => String::new(),
            None => Value::Null.to_string(),
        }
    }
}

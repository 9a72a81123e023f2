//! What a body or an answer is, by its content type: a value the rules of a schema apply to, or something that is handed
//! on as it is.

use serde_json::Value;

use super::place::Place;

/// One content type of a body or an answer.
pub(super) struct Media<'a> {
    pub(super) content_type: &'a str,
    pub(super) form: Form,
    pub(super) schema: Option<Place<'a>>,
}

/// How a value travels.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Form {
    Json,
    Multipart,
    UrlEncoded,
    /// As text or bytes that mean nothing here.
    Raw,
}

impl Form {
    fn of(content_type: &str) -> Self {
        let essence = content_type.split(';').next().unwrap_or_default().trim().to_lowercase();
        match essence.as_str() {
            "application/json" | "text/json" => Self::Json,
            "multipart/form-data" => Self::Multipart,
            "application/x-www-form-urlencoded" => Self::UrlEncoded,
            other if other.ends_with("+json") => Self::Json,
            _ => Self::Raw,
        }
    }
}

impl<'a> Media<'a> {
    /// The content type that decides what the types of Rust are: JSON if there is any, then forms, then the first.
    pub(super) fn chosen(content: Option<&Place<'a>>) -> Option<Self> {
        let all = content.into_iter().flat_map(Place::members).map(|(content_type, place)| Self {
            content_type,
            form: Form::of(content_type),
            schema: place.get("schema"),
        });
        // Of several kinds of JSON the plain one.
        all.min_by_key(|media| (media.form, !media.content_type.starts_with("application/json")))
    }

    /// Whether a value of it is typed by its schema.
    pub(super) fn is_typed(&self) -> bool {
        self.form != Form::Raw
    }

    /// The schema, word for word; empty if there is none.
    pub(super) fn schema_text(&self) -> String {
        let Some(schema) = &self.schema else { return String::new() };
        match schema.component() {
            Some(name) => serde_json::json!({"$ref": format!("#/components/schemas/{name}")}).to_string(),
            None => schema.plain().to_string(),
        }
    }

    /// An example for a response, as text.
    pub(super) fn example(&self, root: &Value) -> String {
        let example = self.schema.as_ref().map(|schema| openapi_document::example::of(root, schema.value));
        match example {
            Some(Value::String(text)) if self.form == Form::Raw => text,
            Some(value) => value.to_string(),
            None if self.form == Form::Raw => String::new(),
            None => Value::Null.to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_content_type_tells_how_a_value_travels() {
        for (content_type, expected) in [
            ("application/json", Form::Json),
            ("Application/JSON; charset=utf-8", Form::Json),
            ("application/vnd.oai.openapi+json", Form::Json),
            ("multipart/form-data", Form::Multipart),
            ("application/x-www-form-urlencoded", Form::UrlEncoded),
            ("application/xml", Form::Raw),
            ("*/*", Form::Raw),
        ] {
            assert!(Form::of(content_type) == expected, "{content_type}");
        }
    }
}

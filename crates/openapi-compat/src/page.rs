//! The text of an operation's reference page, as Docusaurus renders it from a document: a line for each line of the
//! page, and with each the place in the document that it comes from.
//!
//! Names and types of parameters and fields are no part of a page's text, so they are not here either. What no page
//! is known to print is refused instead of left out.

mod example;
mod line;
mod place;
mod qualifier;
mod schema;
mod unprintable;

use serde_json::Value;

pub use line::Line;
use openapi_document::pointer;
use place::Place;
use unprintable::Result;
pub use unprintable::Unprintable;

/// The page of an operation.
#[derive(Clone, Debug, Default)]
pub struct Page {
    /// The lines in their order.
    pub lines: Vec<Line>,
    /// Descriptions that the document has and a page does not print, by a rule of the page.
    pub left_out: Vec<Line>,
    /// Schemas looked at so far.
    schemas: usize,
}

/// The most schemas of a page. Schemas that refer to each other repeatedly could make it arbitrarily long.
const MAX_SCHEMAS: usize = 20_000;

/// Headings of the groups of parameters, in their order on a page.
const PARAMETERS: [(&str, &str); 4] = [
    ("path", "Path Parameters"),
    ("query", "Query Parameters"),
    ("header", "Header Parameters"),
    ("cookie", "Cookie Parameters"),
];

impl Page {
    /// Returns the page of the operation `method` at `path` of a document's value.
    ///
    /// # Errors
    /// If there is no such operation, or something in it that no page is known to print.
    pub fn of(document: &Value, path: &str, method: &str) -> Result<Page> {
        let root = Place::root(document);
        let operation = ["paths", path, method].iter().try_fold(root, |place, key| place.get(key));
        let operation = operation.ok_or_else(|| Unprintable {
            pointer: format!("{}/{method}", pointer::child("/paths", path)),
            what: "an operation that the document does not have".to_owned(),
        })?;
        let mut page = Page::default();
        page.heading(&operation, path, method);
        page.request(&operation)?;
        page.responses(&operation)?;
        Ok(page)
    }

    /// Counts a schema, unless there are too many already.
    fn count(&mut self, schema: &Place<'_>) -> Result<()> {
        self.schemas += 1;
        if self.schemas <= MAX_SCHEMAS {
            return Ok(());
        }
        let what = format!("more than {MAX_SCHEMAS} schemas");
        Err(Unprintable { pointer: schema.pointer.clone(), what })
    }

    /// Adds one line of text from `place`.
    fn line(&mut self, place: &Place<'_>, text: impl Into<String>) {
        self.lines.push(Line::at(&place.pointer, text));
    }

    /// Adds the description at `place`, if it has one that is not empty.
    fn description(&mut self, place: &Place<'_>) {
        self.lines.extend(description(place));
    }

    fn heading(&mut self, operation: &Place<'_>, path: &str, method: &str) {
        self.line(operation, operation.text("operationId").unwrap_or_default());
        self.line(operation, format!("{}{}", method.to_uppercase(), with_colons(path)));
        self.description(operation);
    }

    fn request(&mut self, operation: &Place<'_>) -> Result<()> {
        self.line(operation, "Request");
        let parameters = operation.get("parameters").map(|list| list.children()).unwrap_or_default();
        for (location, heading) in PARAMETERS {
            let group: Vec<_> =
                parameters.iter().filter(|(_, place)| place.text("in") == Some(location)).collect();
            if !group.is_empty() {
                self.line(operation, heading);
            }
            for (_, parameter) in group {
                self.parameter(parameter)?;
            }
        }
        operation.get("requestBody").map_or(Ok(()), |body| self.body(&body))
    }

    fn parameter(&mut self, parameter: &Place<'_>) -> Result<()> {
        if let Some(schema) = parameter.get("schema") {
            self.lines.extend(qualifier::lines(&schema)?);
        }
        self.description(parameter);
        Ok(())
    }

    fn body(&mut self, body: &Place<'_>) -> Result<()> {
        let media_types = body.get("content").map(|content| content.children()).unwrap_or_default();
        for (media_type, _) in &media_types {
            self.line(body, format!("- {media_type}"));
        }
        self.line(body, "Body");
        if body.is_set("required") {
            self.line(body, "required");
        }
        for schema in media_types.iter().filter_map(|(_, content)| content.get("schema")) {
            self.schema(&schema)?;
        }
        Ok(())
    }

    fn responses(&mut self, operation: &Place<'_>) -> Result<()> {
        let responses = operation.get("responses").map(|map| map.children()).unwrap_or_default();
        self.line(operation, "Responses");
        for (status, response) in &responses {
            self.line(response, format!("- {status}"));
        }
        for (status, response) in &responses {
            self.description(response);
            // Shared responses have shared pointers; examples are told apart by operation.
            let at = format!("{}/responses/{status}/content", operation.pointer);
            for (media_type, content) in response.get("content").map(|map| map.children()).unwrap_or_default()
            {
                self.content(&media_type, &content, &pointer::child(&at, &media_type))?;
            }
        }
        Ok(())
    }

    fn content(&mut self, media_type: &str, content: &Place<'_>, at: &str) -> Result<()> {
        self.line(content, format!("- {media_type}"));
        self.line(content, "- Schema");
        self.line(content, "- Example (from schema)");
        self.line(content, "Schema");
        if let Some(schema) = content.get("schema") {
            self.schema(&schema)?;
            self.lines.extend(example::lines(&schema, &pointer::child(at, "example")));
        }
        Ok(())
    }
}

/// Returns the lines of the description at `place`.
fn description(place: &Place<'_>) -> Vec<Line> {
    let text = place.text("description").unwrap_or_default();
    let pointer = format!("{}/description", place.pointer);
    text.lines().map(|line| Line::at(&pointer, line)).collect()
}

/// Returns a path with its parameters as `:slug` instead of `{slug}`.
fn with_colons(path: &str) -> String {
    path.replace('{', ":").replace('}', "")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_no_page_shows_is_refused_where_it_stands() {
        let page = |schema: Value| {
            let response = json!({"description": "", "content": {"application/json": {"schema": schema}}});
            let operation = json!({"operationId": "pets_list", "responses": {"200": response}});
            Page::of(&json!({"paths": {"/pets/": {"get": operation}}}), "/pets/", "get")
        };
        let printed = page(json!({"type": "object", "properties": {"age": {"type": "integer"}}})).unwrap();
        assert_eq!(printed.lines.last().map(|line| line.text.as_str()), Some("}"));
        let at = "/paths/~1pets~1/get/responses/200/content/application~1json/schema/properties/age";
        let bounded = json!({"type": "object", "properties": {"age": {"type": "integer", "minimum": 0}}});
        assert_eq!(
            page(bounded).unwrap_err().to_string(),
            format!("no page shows how `minimum` is printed: #{at}")
        );
        let several = json!({"properties": {"age": {"allOf": [{}, {}]}}});
        assert!(page(several).unwrap_err().to_string().contains("an allOf of several schemas"));
        assert!(Page::of(&json!({}), "/pets/", "get").is_err());
    }
}

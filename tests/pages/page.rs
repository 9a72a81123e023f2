//! The text of a reference page: an operation, its parameters and body, its answers. Schemas are printed by
//! [`super::schema`]; names and types of parameters and fields are no part of a page's text.

use openapi_bindings::document::pointer;
use serde_json::Value;

use super::example;
use super::place::Place;
use super::qualifier;

/// A line of a page and the place in the document that it comes from.
#[derive(Clone, Debug)]
pub struct Line {
    pub text: String,
    pub pointer: String,
}

#[derive(Debug, Default)]
pub struct Page {
    pub lines: Vec<Line>,
    /// Descriptions that the document has and a page does not print, by a rule of the page.
    pub left_out: Vec<Line>,
}

/// Headings of the groups of parameters, in their order on a page.
const PARAMETERS: [(&str, &str); 4] = [
    ("path", "Path Parameters"),
    ("query", "Query Parameters"),
    ("header", "Header Parameters"),
    ("cookie", "Cookie Parameters"),
];

impl Page {
    /// The page of the operation `method` at `path`.
    pub fn of(document: &Value, path: &str, method: &str) -> Page {
        let root = Place::root(document);
        let operation = ["paths", path, method].iter().try_fold(root, |place, key| place.get(key));
        let operation = operation.unwrap_or_else(|| panic!("{method} {path} is not in this release"));
        let mut page = Page::default();
        page.heading(&operation, path, method);
        page.request(&operation);
        page.responses(&operation);
        page
    }

    /// One line of text from `place`.
    pub fn line(&mut self, place: &Place<'_>, text: impl Into<String>) {
        self.lines.push(Line { text: text.into(), pointer: place.pointer.clone() });
    }

    /// The description at `place`, if it has one that says something.
    pub fn description(&mut self, place: &Place<'_>) {
        self.lines.extend(description(place));
    }

    fn heading(&mut self, operation: &Place<'_>, path: &str, method: &str) {
        self.line(operation, operation.text("operationId").unwrap_or_default());
        self.line(operation, format!("{}{}", method.to_uppercase(), with_colons(path)));
        self.description(operation);
    }

    fn request(&mut self, operation: &Place<'_>) {
        self.line(operation, "Request");
        let parameters = operation.get("parameters").map(|list| list.children()).unwrap_or_default();
        for (location, heading) in PARAMETERS {
            let group: Vec<_> =
                parameters.iter().filter(|(_, place)| place.text("in") == Some(location)).collect();
            if !group.is_empty() {
                self.line(operation, heading);
            }
            for (_, parameter) in group {
                self.parameter(parameter);
            }
        }
        if let Some(body) = operation.get("requestBody") {
            self.body(&body);
        }
    }

    fn parameter(&mut self, parameter: &Place<'_>) {
        if let Some(schema) = parameter.get("schema") {
            self.lines.extend(qualifier::lines(&schema));
        }
        self.description(parameter);
    }

    fn body(&mut self, body: &Place<'_>) {
        let media_types = body.get("content").map(|content| content.children()).unwrap_or_default();
        for (media_type, _) in &media_types {
            self.line(body, format!("- {media_type}"));
        }
        self.line(body, "Body");
        if body.is_set("required") {
            self.line(body, "required");
        }
        for schema in media_types.iter().filter_map(|(_, content)| content.get("schema")) {
            self.schema(&schema);
        }
    }

    fn responses(&mut self, operation: &Place<'_>) {
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
                self.content(&media_type, &content, &pointer::child(&at, &media_type));
            }
        }
    }

    fn content(&mut self, media_type: &str, content: &Place<'_>, at: &str) {
        self.line(content, format!("- {media_type}"));
        self.line(content, "- Schema");
        self.line(content, "- Example (from schema)");
        self.line(content, "Schema");
        if let Some(schema) = content.get("schema") {
            self.schema(&schema);
            self.lines.extend(example::lines(&schema, &pointer::child(at, "example")));
        }
    }
}

/// The lines of the description at `place`.
pub fn description(place: &Place<'_>) -> Vec<Line> {
    let text = place.text("description").unwrap_or_default();
    let pointer = format!("{}/description", place.pointer);
    text.lines().map(|line| Line { text: line.to_owned(), pointer: pointer.clone() }).collect()
}

/// A path with its parameters as `:slug` instead of `{slug}`.
fn with_colons(path: &str) -> String {
    path.replace('{', ":").replace('}', "")
}

//! The words of the program about itself when it is asked for the options of a path: the labels of properties, and what a view
//! is for.

use std::collections::BTreeMap;

use serde_json::{Value, json};

const PREFIX: &str = "#/components/schemas/";

/// The words that were told.
#[derive(Debug, Default)]
pub(super) struct Told {
    /// The labels and texts of properties, by their components and names.
    properties: BTreeMap<(String, String), Value>,
    /// The purposes of views, by the paths of their operations.
    views: BTreeMap<String, String>,
}

impl Told {
    /// Collects what recorded answers tell about a document.
    pub(super) fn of(document: &Value, cases: &[Value]) -> Self {
        let mut told = Self::default();
        for case in cases {
            for step in case["steps"].as_array().into_iter().flatten() {
                if step["method"] == "OPTIONS" && step["status"] == 200 {
                    told.answer(document, step["path"].as_str().unwrap_or_default(), &step["answer_body"]);
                }
            }
        }
        told
    }

    fn answer(&mut self, document: &Value, path: &str, answer: &Value) {
        let path = path.split('?').next().unwrap_or(path);
        let Some((path, item)) = item(document, path) else { return };
        if let Some(text) = answer["description"].as_str() {
            self.views.insert(path.to_owned(), text.to_owned());
        }
        for (method, fields) in answer["actions"].as_object().into_iter().flatten() {
            let operation = &item[method.to_lowercase()];
            for status in ["200", "201"] {
                let schema = &operation["responses"][status]["content"]["application/json"]["schema"];
                self.fields(document, schema, fields);
            }
            self.fields(document, &operation["requestBody"]["content"]["application/json"]["schema"], fields);
        }
    }

    fn fields(&mut self, document: &Value, schema: &Value, fields: &Value) {
        let schema = schema["allOf"].get(0).unwrap_or(schema);
        let schema = if schema["type"] == "array" { &schema["items"] } else { schema };
        let Some(name) = schema["$ref"].as_str().and_then(|reference| reference.strip_prefix(PREFIX)) else {
            return;
        };
        let properties = &document["components"]["schemas"][name]["properties"];
        for (field, about) in fields.as_object().into_iter().flatten() {
            let Some(property) = properties.get(field) else { continue };
            let usual = property["title"].as_str().map_or_else(|| words(field), str::to_owned);
            let mut notes = json!({});
            if let Some(label) = about["label"].as_str().filter(|label| *label != usual) {
                notes["title"] = json!(label);
            }
            if let Some(text) = about["help_text"].as_str().filter(|text| property["description"] != **text) {
                notes["description"] = json!(text);
            }
            // Objects of a list that were not made with it are described apart from it.
            let own = &about["child"];
            if own["children"].is_object()
                && ["required", "read_only"].iter().any(|key| own[*key] != about[*key])
            {
                notes["items"] = json!({"x-required": own["required"], "readOnly": own["read_only"]});
            }
            if notes.as_object().is_some_and(|notes| !notes.is_empty()) {
                self.properties.insert((name.to_owned(), field.clone()), notes);
            }
            let inner = about.get("child").unwrap_or(about);
            if let Some(children) = inner.get("children") {
                self.fields(document, property, children);
            }
        }
    }

    /// Returns the changes of the document that say what was told.
    pub(super) fn updates(&self) -> impl Iterator<Item = (String, Value)> {
        let properties = self.properties.iter().map(|((schema, property), notes)| {
            (format!("$.components.schemas['{schema}'].properties['{property}']"), notes.clone())
        });
        let views = self
            .views
            .iter()
            .map(|(path, text)| (format!("$.paths['{path}']"), json!({"x-view-description": text})));
        properties.chain(views)
    }
}

/// Returns a name as words, the first of them with a capital.
pub(super) fn words(name: &str) -> String {
    let words = name.replace('_', " ");
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// Returns the path item that a path of a request is one of.
pub(super) fn item<'a>(document: &'a Value, path: &str) -> Option<(&'a str, &'a Value)> {
    let paths = document["paths"].as_object()?;
    let fits = |template: &str| {
        let (ours, theirs): (Vec<&str>, Vec<&str>) =
            (template.split('/').collect(), path.split('/').collect());
        ours.len() == theirs.len()
            && ours.iter().zip(&theirs).all(|(ours, theirs)| ours == theirs || ours.starts_with('{'))
    };
    let exact = paths.get_key_value(path);
    exact
        .or_else(|| paths.iter().find(|(template, _)| fits(template)))
        .map(|(path, item)| (path.as_str(), item))
}

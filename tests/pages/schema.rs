//! How a page prints a schema: of a field it prints what narrows its values and what describes it, of an object the
//! fields in their order. Names are printed only where something nests.

use super::page::{Page, description};
use super::place::Place;
use super::qualifier;

/// How the fields of an object reach the page.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fields {
    /// As they stand in the document.
    AsWritten,
    /// By way of an `allOf` around the object; the page's renderer then resolves every `allOf` inside as well.
    Merged,
}

impl Page {
    /// The schema of a body, with everything in it.
    pub fn schema(&mut self, schema: &Place<'_>) {
        self.brackets(schema);
        self.description(schema);
        self.fields(schema, Fields::AsWritten);
    }

    /// The text of a page has the brackets around lists of objects in front of the schema, not around the objects.
    fn brackets(&mut self, schema: &Place<'_>) {
        let schema = unwrapped(schema);
        if let Some(items) = objects_in(&schema) {
            self.line(&schema, "Array [");
            self.line(&schema, "]");
            self.brackets(&items);
        }
        for (_, property) in properties(&schema) {
            self.brackets(&property);
        }
    }

    fn fields(&mut self, schema: &Place<'_>, fields: Fields) {
        if let Some(items) = objects_in(schema) {
            return self.fields(&items, fields);
        }
        for (name, property) in properties(schema) {
            self.field(&name, &property, schema.lists("required", &name), fields);
        }
    }

    fn field(&mut self, name: &str, field: &Place<'_>, required: bool, fields: Fields) {
        let wrapped = field.value.get("allOf").is_some();
        let schema = unwrapped(field);
        let inside = if wrapped { Fields::Merged } else { fields };
        let kind = match (properties(&schema).is_empty(), objects_in(&schema)) {
            (false, _) => Some("object"),
            (true, Some(_)) => Some("object[]"),
            (true, None) => None,
        };
        if let Some(kind) = kind {
            self.line(&schema, name);
            self.line(&schema, kind);
            if required {
                self.line(&schema, "required");
            }
        }
        self.lines.extend(qualifier::lines(&schema));
        if wrapped && fields == Fields::AsWritten {
            // The renderer looks through such a wrapper and misses what is written on it.
            self.left_out.extend(description(field));
            self.description(&schema);
        } else {
            self.description(field);
        }
        self.fields(&schema, inside);
    }
}

/// The one schema inside an `allOf`, or the schema itself.
fn unwrapped<'a>(schema: &Place<'a>) -> Place<'a> {
    let Some(members) = schema.get("allOf").map(|members| members.children()) else { return schema.clone() };
    match members.as_slice() {
        [(_, only)] => only.clone(),
        _ => panic!("no page shows how an allOf of several schemas is printed: #{}", schema.pointer),
    }
}

fn properties<'a>(schema: &Place<'a>) -> Vec<(String, Place<'a>)> {
    schema.get("properties").map(|properties| properties.children()).unwrap_or_default()
}

/// The items of a list of objects.
fn objects_in<'a>(schema: &Place<'a>) -> Option<Place<'a>> {
    let items = unwrapped(&schema.get("items")?);
    (!properties(&items).is_empty()).then_some(items)
}

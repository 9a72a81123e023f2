//! Prints schemas as a page does. Of a field, it prints the keywords that narrow its values and its description; of an
//! object, its fields in their order. Names are printed only of what is nested.

use super::place::Place;
use super::unprintable::{Result, Unprintable};
use super::{Page, description, qualifier};

/// The way in which the fields of an object reach the page.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fields {
    /// In the order of the document.
    AsWritten,
    /// By way of an `allOf` around the object; the page's renderer then resolves every `allOf` inside as well.
    Merged,
}

impl Page {
    /// Returns the schema of a body, with everything in it.
    pub(super) fn schema(&mut self, schema: &Place<'_>) -> Result<()> {
        self.brackets(schema)?;
        self.description(schema);
        self.fields(schema, Fields::AsWritten)
    }

    /// Adds the brackets of a list of objects. A page prints them in front of the schema, not around the objects.
    fn brackets(&mut self, schema: &Place<'_>) -> Result<()> {
        self.count(schema)?;
        let schema = unwrapped(schema)?;
        if let Some(items) = objects_in(&schema)? {
            self.line(&schema, "Array [");
            self.line(&schema, "]");
            self.brackets(&items)?;
        }
        properties(&schema).iter().try_for_each(|(_, property)| self.brackets(property))
    }

    fn fields(&mut self, schema: &Place<'_>, fields: Fields) -> Result<()> {
        if let Some(items) = objects_in(schema)? {
            return self.fields(&items, fields);
        }
        for (name, property) in properties(schema) {
            self.field(&name, &property, schema.lists("required", &name), fields)?;
        }
        Ok(())
    }

    fn field(&mut self, name: &str, field: &Place<'_>, required: bool, fields: Fields) -> Result<()> {
        self.count(field)?;
        let wrapped = field.value.get("allOf").is_some();
        let schema = unwrapped(field)?;
        let inside = if wrapped { Fields::Merged } else { fields };
        let kind = match (properties(&schema).is_empty(), objects_in(&schema)?) {
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
        self.lines.extend(qualifier::lines(&schema)?);
        if wrapped && fields == Fields::AsWritten {
            // The renderer looks through such a wrapper and misses what is written on it.
            self.left_out.extend(description(field));
            self.description(&schema);
        } else {
            self.description(field);
        }
        self.fields(&schema, inside)
    }
}

/// Returns the one schema inside an `allOf`, or the schema itself.
fn unwrapped<'a>(schema: &Place<'a>) -> Result<Place<'a>> {
    if schema.is_endless() {
        let what = "a schema that contains itself".to_owned();
        return Err(Unprintable { pointer: schema.pointer.clone(), what });
    }
    let Some(members) = schema.get("allOf").map(|members| members.children()) else {
        return Ok(schema.clone());
    };
    match members.as_slice() {
        [(_, only)] => Ok(only.clone()),
        _ => Err(Unprintable {
            pointer: schema.pointer.clone(),
            what: "how an allOf of several schemas is printed".to_owned(),
        }),
    }
}

fn properties<'a>(schema: &Place<'a>) -> Vec<(String, Place<'a>)> {
    schema.get("properties").map(|properties| properties.children()).unwrap_or_default()
}

/// Returns the items of a list of objects.
fn objects_in<'a>(schema: &Place<'a>) -> Result<Option<Place<'a>>> {
    let Some(items) = schema.get("items") else { return Ok(None) };
    let items = unwrapped(&items)?;
    Ok((!properties(&items).is_empty()).then_some(items))
}

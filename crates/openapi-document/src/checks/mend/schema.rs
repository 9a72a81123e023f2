//! Keywords of schemas in the words of other versions, or of other tools.

use std::collections::HashSet;

use indexmap::IndexMap;

use super::Mender;
use crate::pointer;
use crate::tree::{Content, Tree};
use crate::version::Version;

const TYPES: [&str; 7] = ["string", "number", "integer", "boolean", "array", "object", "null"];

/// Words for types that no version has, with the type and the format that they stand for.
const SYNONYMS: [(&str, &str, Option<&str>); 22] = [
    ("any", "", None),
    ("arr", "array", None),
    ("bool", "boolean", None),
    ("date", "string", Some("date")),
    ("date-time", "string", Some("date-time")),
    ("datetime", "string", Some("date-time")),
    ("decimal", "number", None),
    ("dict", "object", None),
    ("double", "number", Some("double")),
    ("file", "string", Some("binary")),
    ("float", "number", Some("float")),
    ("int", "integer", None),
    ("int32", "integer", Some("int32")),
    ("int64", "integer", Some("int64")),
    ("list", "array", None),
    ("long", "integer", Some("int64")),
    ("map", "object", None),
    ("str", "string", None),
    ("text", "string", None),
    ("url", "string", Some("uri")),
    ("uri", "string", Some("uri")),
    ("uuid", "string", Some("uuid")),
];

/// Dialects of JSON Schema that are read.
const DIALECTS: [&str; 4] = [
    "https://json-schema.org/draft/2020-12/schema",
    "https://spec.openapis.org/oas/3.1/dialect/base",
    "https://spec.openapis.org/oas/3.1/dialect/2024-10-25",
    "https://spec.openapis.org/oas/3.2/dialect/2025-09-17",
];

impl Mender<'_> {
    pub(super) fn schema(&mut self, schema: &mut Tree) {
        self.shorthand(schema);
        if schema.map().is_none() {
            return;
        }
        self.reference(schema);
        if schema.text("$ref").is_some() && self.version == Version::V3_0 {
            return;
        }
        self.dialect(schema, "$schema");
        self.types(schema);
        self.exclusive(schema, "minimum", "exclusiveMinimum");
        self.exclusive(schema, "maximum", "exclusiveMaximum");
        self.values(schema);
        self.repeated_values(schema);
        self.shapes_of_keywords(schema);
    }

    /// Mends a type alone, which is what its schema would say.
    fn shorthand(&mut self, schema: &mut Tree) {
        let Some(word) = schema.as_text().filter(|word| TYPES.contains(word)).map(str::to_owned) else {
            return;
        };
        let at = schema.at;
        self.warn(
            at,
            format!("`{}` must be a schema, not a text", self.name()),
            format!("it is read as `type: {word}`"),
        );
        let of = Tree::new(at, Content::Text(word));
        schema.content = Content::Map([("type".to_owned(), of)].into_iter().collect());
    }

    /// References to where Swagger 2 and JSON Schema keep what are components here, or to the schemas that one around keeps.
    fn reference(&mut self, schema: &mut Tree) {
        let Some(reference) = schema.text("$ref").map(str::to_owned) else { return };
        let name = ["#/definitions/", "#/components/schema/", "#/components/models/", "#/schemas/"]
            .into_iter()
            .find_map(|prefix| reference.strip_prefix(prefix))
            .map(pointer::unescape)
            .or_else(|| self.schemas.contains(&reference).then(|| reference.clone()));
        let component = name
            .filter(|name| self.schemas.contains(name))
            .map(|name| format!("#/components/schemas/{}", pointer::escape(&name)));
        if let Some(target) = component.or_else(|| self.kept_around(&reference)) {
            self.warn(
                schema.place(),
                format!("`{reference}` leads nowhere"),
                format!("it is read as `{target}`"),
            );
            schema.put("$ref", Content::Text(target));
        }
    }

    /// Returns a reference to the schema that a schema around keeps for itself, if `reference` was written as if that were
    /// the document.
    fn kept_around(&self, reference: &str) -> Option<String> {
        let wanted = reference.strip_prefix('#').filter(|at| at.starts_with("/$defs/"))?;
        let mut around = self.way.as_str();
        while let Some(end) = around.rfind('/') {
            let at = format!("{around}{wanted}");
            if self.kept.contains(&at) {
                return Some(format!("#{at}"));
            }
            around = &around[..end];
        }
        None
    }

    /// Warns of a dialect of JSON Schema that is not known. What people write is understood in each.
    pub(super) fn dialect(&mut self, holder: &mut Tree, key: &str) {
        let Some(dialect) = holder.text(key).map(str::to_owned) else { return };
        if !DIALECTS.contains(&dialect.trim_end_matches('#')) {
            let message = format!("the dialect `{dialect}` of JSON Schema is not known");
            self.warn(holder.place(), message, format!("it is read as `{}`", DIALECTS[0]));
            holder.take(key);
        }
    }

    fn types(&mut self, schema: &mut Tree) {
        let Some(written) = schema.get("type") else { return };
        let at = written.at;
        if let Some(list) = written.list() {
            if self.version == Version::V3_0 && list.iter().all(|of| of.as_text().is_some()) {
                let help =
                    "it is read as later versions have it; write one word, and `nullable: true` for null";
                self.warn(at, "`type` must be one word in OpenAPI 3.0".to_owned(), help);
            }
            return;
        }
        let Some(word) = written.as_text().map(str::to_owned) else { return };
        if TYPES.contains(&word.as_str()) {
            return;
        }
        let plain = word.trim().to_ascii_lowercase();
        let known = TYPES.iter().find(|of| **of == plain).map(|of| (*of, None));
        let known = known.or_else(|| {
            let synonym = SYNONYMS.iter().find(|(synonym, ..)| *synonym == plain);
            synonym.map(|(_, of, format)| (*of, *format))
        });
        let known = known.or_else(|| plain.is_empty().then_some(("", None)));
        let Some((of, format)) = known else { return };
        let help = if of.is_empty() {
            "it is read as any value".to_owned()
        } else {
            format!("it is read as `{of}`")
        };
        self.warn(at, format!("there is no type `{word}`"), help);
        if of.is_empty() {
            schema.take("type");
        } else {
            schema.put("type", Content::Text(of.to_owned()));
        }
        if let Some(format) = format.filter(|_| !schema.has("format")) {
            schema.put("format", Content::Text(format.to_owned()));
        }
    }

    /// Mends a bound that is excluded, in the words of another version.
    fn exclusive(&mut self, schema: &mut Tree, bound: &str, exclusive: &str) {
        let Some(written) = schema.get(exclusive) else { return };
        let at = written.at;
        match (&written.content, self.version) {
            (Content::Number(number), Version::V3_0) => {
                let number = number.clone();
                let help = format!("it is read as `{bound}: {number}` with `{exclusive}: true`");
                self.warn(at, format!("`{exclusive}` must be `true` or `false` in OpenAPI 3.0"), help);
                schema.put(bound, Content::Number(number));
                schema.put(exclusive, Content::Bool(true));
            }
            (Content::Bool(flag), version) if version > Version::V3_0 => {
                let (flag, number) = (*flag, schema.get(bound).map(|bound| bound.content.clone()));
                let help = "it is read as OpenAPI 3.0 has it";
                self.warn(at, format!("`{exclusive}` must be a number since OpenAPI 3.1"), help);
                schema.take(exclusive);
                if let Some(Content::Number(number)) = number.filter(|_| flag) {
                    schema.take(bound);
                    schema.put(exclusive, Content::Number(number));
                }
            }
            _ => {}
        }
    }

    /// Mends values that are listed in another type than their schema's: whoever writes YAML forgets the quotes.
    fn values(&mut self, schema: &mut Tree) {
        let Some(types) = schema.get("type") else { return };
        let types = types.list().unwrap_or(std::slice::from_ref(types)).iter().filter_map(Tree::as_text);
        let types: Vec<String> = types.filter(|of| *of != "null").map(str::to_owned).collect();
        let Some(of) = types.first() else { return };
        if types.len() == 1 {
            self.values_of_items(schema, of);
        }
        let length = self.way.len();
        if let Some(value) = schema.get_mut("const") {
            pointer::push(&mut self.way, "const");
            if !self.value(value, &types) {
                schema.take("const");
            }
            self.way.truncate(length);
        }
        let Some(values) = schema.get_mut("enum").and_then(Tree::list_mut) else { return };
        pointer::push(&mut self.way, "enum");
        let of_list = self.way.len();
        let mut index = 0;
        values.retain_mut(|value| {
            pointer::push(&mut self.way, &index.to_string());
            index += 1;
            let stays = self.value(value, &types);
            self.way.truncate(of_list);
            stays
        });
        self.way.truncate(length);
        if values.is_empty() {
            schema.take("enum");
        }
    }

    /// Mends a value that is of none of these types. Returns `false` if it means nothing.
    fn value(&mut self, value: &mut Tree, types: &[String]) -> bool {
        let is_one = |value: &Tree| types.iter().any(|of| is_of_type(value, of));
        let Some(of) = types.first().filter(|_| !is_one(value)) else { return true };
        let content = match (of.as_str(), &value.content) {
            ("string", Content::Bool(flag)) => Some(Content::Text(flag.to_string())),
            ("string", Content::Number(number)) => Some(Content::Text(number.to_string())),
            ("integer" | "number", Content::Text(text)) => {
                serde_json::from_str(text.trim()).ok().map(Content::Number)
            }
            ("boolean", Content::Text(text)) => text.trim().parse().ok().map(Content::Bool),
            _ => None,
        };
        let message = format!("the value {} is no {of}", value.to_value());
        let meant = content.map(|content| Tree { content, ..value.clone() }).filter(is_one);
        let help = meant.as_ref().map_or_else(
            || "it is left out".to_owned(),
            |meant| format!("it is read as {}", meant.to_value()),
        );
        self.warn(value.at, message, help);
        let stays = meant.is_some();
        if let Some(meant) = meant {
            *value = meant;
        }
        stays
    }

    /// Leaves out values that are listed again.
    fn repeated_values(&mut self, schema: &mut Tree) {
        let Some(values) = schema.get_mut("enum").and_then(Tree::list_mut) else { return };
        let (mut seen, mut repeated) = (HashSet::new(), Vec::new());
        for value in std::mem::take(values) {
            if seen.insert(value.to_value().to_string()) {
                values.push(value);
            } else {
                repeated.push(value);
            }
        }
        let length = self.way.len();
        pointer::push(&mut self.way, "enum");
        for value in repeated {
            let message = format!("the value {} is listed before", value.to_value());
            self.warn(value.at, message, "it is left out here");
        }
        self.way.truncate(length);
    }

    /// Moves values that are listed beside the items that have them.
    fn values_of_items(&mut self, schema: &mut Tree, of: &str) {
        let is_list = |value: &Tree| value.list().is_some() || value.is_null();
        let listed = schema.get("enum").filter(|values| of == "array" && values.list().is_some());
        let Some(values) =
            listed.filter(|values| !values.list().is_some_and(|values| values.iter().any(is_list)))
        else {
            return;
        };
        let help = "they are read as those of its items";
        self.warn(values.at, "the values of a list are lists".to_owned(), help);
        let values = schema.take("enum");
        if let (Some(values), Some(items)) = (values, schema.get_mut("items"))
            && items.map().is_some_and(|items| !items.contains_key("enum") && !items.contains_key("$ref"))
        {
            items.put_tree("enum", values);
        }
    }

    /// Keywords whose values other versions write in another shape.
    fn shapes_of_keywords(&mut self, schema: &mut Tree) {
        if let Some(required) = schema.get("required").filter(|it| matches!(it.content, Content::Bool(_))) {
            let help = "it is left out; list the names of required properties in what holds them";
            self.warn(required.at, "`required` must be a list".to_owned(), help);
            schema.take("required");
        }
        if let Some(discriminator) = schema.get("discriminator").filter(|it| it.as_text().is_some()) {
            let (at, name) = (discriminator.at, discriminator.content.clone());
            self.warn(at, "`discriminator` must be a mapping".to_owned(), "it is read as its `propertyName`");
            let name = Tree::new(at, name);
            let content: IndexMap<_, _> = [("propertyName".to_owned(), name)].into_iter().collect();
            schema.put("discriminator", Content::Map(content));
        }
        if let Some(items) = schema.get("items").and_then(Tree::list) {
            let at = schema.place();
            let content = match items {
                [only] => only.content.clone(),
                _ => Content::Map(IndexMap::new()),
            };
            self.warn(
                at,
                "`items` must be a schema, not a list".to_owned(),
                "each item may be any of what is listed",
            );
            schema.put("items", content);
        }
    }
}

/// Returns `true` if a value is of a type, or null.
fn is_of_type(value: &Tree, of: &str) -> bool {
    match value.content {
        Content::Null => true,
        Content::Bool(_) => of == "boolean",
        Content::Number(ref number) => match of {
            "integer" => number.as_f64().is_some_and(|number| number.fract() == 0.0),
            _ => of == "number",
        },
        Content::Text(_) => of == "string",
        Content::List(_) => of == "array",
        Content::Map(_) => of == "object",
    }
}

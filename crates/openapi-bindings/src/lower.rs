//! The model lowered to what progenitor and typify do well: a document of OpenAPI 3.0 whose every name is an id.
//!
//! Neither of them sees a name of the document, so neither can make a wrong one of it. What they write is read back by
//! [`Lowered::restore`], which puts in place of each id what the model calls the thing in Rust, or on the wire. What the
//! model knows and they do badly is left out here, and said again where their code is read.

mod defaults;
mod enums;
mod ids;
mod made;
mod merging;
mod operations;
mod restore;
mod schemas;
#[cfg(test)]
mod tests;

use serde_json::{Map, Value, json};

pub(crate) use enums::Enumerations;
use ids::Ids;
pub(crate) use made::Made;
use openapi_document::model::Model;
use operations::Operations;
pub(crate) use operations::is_boxed;
pub(crate) use schemas::FILE;
use schemas::Lowering;

/// A document for progenitor, and what the ids in it stand for.
pub(crate) struct Lowered<'m, 'a> {
    /// The document.
    pub(crate) document: Value,
    model: &'m Model<'a>,
    ids: Ids<'a>,
}

impl<'m, 'a> Lowered<'m, 'a> {
    /// Lowers `model`.
    pub(crate) fn of(model: &'m Model<'a>) -> Self {
        let mut lowering = Lowering::of(model);
        let paths = Operations { model, lowering: &mut lowering }.paths();
        let mut schemas = Map::new();
        for (_, schema) in model.schemas.components() {
            let (id, mut lowered) = (lowering.ids.schema(schema.id), lowering.written(schema));
            // typify gives a composition and the same with `null` one name.
            if schema.nullable && is_composed(&lowered) {
                let inner = format!("{id}{INNER}");
                let reference = json!({"$ref": format!("#/components/schemas/{inner}")});
                let outer = json!({"nullable": true, "allOf": [reference]});
                let mut composed = std::mem::replace(&mut lowered, outer);
                composed.as_object_mut().and_then(|members| members.remove("nullable"));
                schemas.insert(inner, composed);
            }
            schemas.insert(id, lowered);
        }
        if lowering.has_files() {
            schemas.insert(FILE.to_owned(), binary());
        }
        let info = json!({"title": "", "version": model.document.value().pointer("/info/version")});
        let document = json!({
            "openapi": "3.0.3", "info": info, "paths": paths, "components": {"schemas": schemas},
        });
        Self { document, model, ids: lowering.ids }
    }

    /// Returns where in the document of the model that stands which `pointer` leads to in the lowered one: a component or
    /// an operation.
    pub(crate) fn origin(&self, pointer: &str) -> String {
        let lowered = self.document.pointer(pointer);
        let id = lowered.and_then(|lowered| lowered.get("operationId")?.as_str());
        let id = id.or_else(|| pointer.rsplit('/').next()).unwrap_or_default();
        let part = self.ids.parts(id).into_iter().find_map(Result::ok);
        let found = part.and_then(|id| match id.letter {
            'T' => self.model.schemas.numbered(id.number).map(|schema| &schema.pointer),
            _ => self.model.operations.get(id.number).map(|operation| &operation.pointer),
        });
        found.cloned().unwrap_or_default()
    }
}

/// The end of the name of a type that another makes optional, as typify calls it.
const INNER: &str = "Inner";

/// Returns `true` if a lowered schema is composed of others, and of more than a reference.
fn is_composed(lowered: &Value) -> bool {
    ["allOf", "anyOf", "oneOf"].iter().filter_map(|key| lowered.get(key)?.as_array()).any(
        |parts| match &parts[..] {
            [part] => part.get("$ref").is_none(),
            parts => !parts.is_empty(),
        },
    )
}

/// Makes the schema of bytes that mean nothing to the generators.
fn binary() -> Value {
    json!({"type": "string", "format": "binary"})
}

//! All tables of a document as one value. Generated code has it as a static; a program can just as well build it from a
//! document when it starts, or read it from an asset that was made before.

use std::collections::HashMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::credentials::SecurityScheme;
use crate::leaked;
use crate::operation::Operation;
use crate::schema::{Additional, List, Map, ObjectSchema, Rule, Union};
use crate::to::{Part, To};

/// The tables of a document.
///
/// Everything in them lives as long as the process, so tables that are made while it runs are never freed: make them once.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub struct Tables {
    /// The operations, in the document's order.
    #[serde(borrow, deserialize_with = "leaked::slice")]
    pub operations: &'static [Operation],
    /// The path all of them are below, without a slash at its end.
    pub base_path: &'static str,
    /// The security schemes, in the document's order.
    #[serde(borrow, deserialize_with = "leaked::slice")]
    pub security_schemes: &'static [SecurityScheme],
    /// The components that a rule can lead to, in the document's order.
    #[serde(borrow, deserialize_with = "leaked::slice")]
    pub components: &'static [Component],
    /// The document without its operations and schemas, as JSON.
    pub frame: &'static str,
}

/// A component that a rule can lead to.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub struct Component {
    /// Its name in the document.
    pub name: &'static str,
    /// Its rule, which leads to what it is made of.
    pub rule: Rule,
}

/// The reason why there are no tables.
#[derive(Debug)]
pub struct TablesError(String);

impl fmt::Display for TablesError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for TablesError {}

impl Tables {
    /// Returns tables in which every rule leads to its component. Nothing else may be left in `tables` that is
    /// [`To::Later`] and has been linked with others.
    ///
    /// # Errors
    /// Fails if a rule leads to a component that is not there, or is of another kind.
    pub fn linked(tables: Self) -> Result<&'static Self, TablesError> {
        let tables: &'static Self = Box::leak(Box::new(tables));
        let known = tables.components.iter().map(|component| (component.name, &component.rule));
        let linker = Linker(known.collect());
        for component in tables.components {
            linker.rule(&component.rule)?;
        }
        for operation in tables.operations {
            for parameter in operation.parameters {
                linker.rule(&parameter.rule)?;
            }
            let answers = [operation.responses, operation.observed].into_iter().flatten();
            let answers = answers.chain(&operation.default).filter_map(|response| response.content.as_ref());
            for content in answers.chain(operation.body.as_ref().map(|body| &body.content)) {
                linker.rule(&content.rule)?;
            }
        }
        Ok(tables)
    }

    /// Returns the tables as an asset, which [`Tables::from_bytes`] reads.
    ///
    /// # Errors
    /// Fails if they cannot be written.
    #[cfg(feature = "asset")]
    pub fn to_bytes(&self) -> Result<Vec<u8>, TablesError> {
        let asset = (FORMAT, crate::INTERFACE, self);
        postcard::to_allocvec(&asset)
            .map_err(|error| TablesError(format!("the tables cannot be written: {error}")))
    }

    /// Returns the tables of an asset. Texts are not copied, so that a program which embeds it with `include_bytes!` has
    /// its tables within milliseconds.
    ///
    /// # Errors
    /// Fails if these are no tables, or if they were made by another version of this crate.
    #[cfg(feature = "asset")]
    pub fn from_bytes(bytes: &'static [u8]) -> Result<&'static Self, TablesError> {
        let refused = |detail: &dyn fmt::Display| TablesError(format!("these are no tables: {detail}"));
        let ((format, interface), rest) =
            postcard::take_from_bytes::<(&str, u32)>(bytes).map_err(|error| refused(&error))?;
        if (format, interface) != (FORMAT, crate::INTERFACE) {
            return Err(refused(&"they were made by another version; make them again with this one"));
        }
        Self::linked(postcard::from_bytes(rest).map_err(|error| refused(&error))?)
    }
}

/// The beginning of an asset.
#[cfg(feature = "asset")]
const FORMAT: &str = "openapi-tables";

/// A thing that is found in the rule of a component.
trait Found: Part {
    /// Returns what a rule leads to, if it is of this kind.
    fn of(rule: &'static Rule) -> Option<&'static Self>;
}

impl Found for ObjectSchema {
    fn of(rule: &'static Rule) -> Option<&'static Self> {
        if let Rule::Object(to) = rule { Some(to.get()) } else { None }
    }
}

impl Found for Union {
    fn of(rule: &'static Rule) -> Option<&'static Self> {
        if let Rule::Union(to) = rule { Some(to.get()) } else { None }
    }
}

impl Found for List {
    fn of(rule: &'static Rule) -> Option<&'static Self> {
        if let Rule::List(to) = rule { Some(to.get()) } else { None }
    }
}

impl Found for Map {
    fn of(rule: &'static Rule) -> Option<&'static Self> {
        if let Rule::Map(to) = rule { Some(to.get()) } else { None }
    }
}

/// Puts components in the places that rules have for them.
struct Linker(HashMap<&'static str, &'static Rule>);

impl Linker {
    fn rule(&self, rule: &'static Rule) -> Result<(), TablesError> {
        match rule {
            Rule::Object(to) => {
                let Some(schema) = self.to(to)? else { return Ok(()) };
                schema.fields.iter().try_for_each(|field| self.rule(&field.rule))?;
                if let Additional::Rule(rule) = schema.additional { self.rule(rule) } else { Ok(()) }
            }
            Rule::Union(to) => match self.to(to)? {
                Some(union) => union.members.iter().try_for_each(|member| self.rule(&member.rule)),
                None => Ok(()),
            },
            Rule::List(to) => self.to(to)?.map_or(Ok(()), |list| self.rule(&list.item)),
            Rule::Map(to) => self.to(to)?.map_or(Ok(()), |map| self.rule(&map.value)),
            Rule::Nullable(rule) => self.rule(rule),
            Rule::Text(_)
            | Rule::Boolean
            | Rule::Integer(_)
            | Rule::Number(_)
            | Rule::Uuid
            | Rule::DateTime
            | Rule::Reference { .. }
            | Rule::Choice(_)
            | Rule::File
            | Rule::Any => Ok(()),
        }
    }

    /// Puts a component where it belongs, or returns what is no component.
    fn to<T: Found>(&self, to: &'static To<T>) -> Result<Option<&'static T>, TablesError> {
        let (name, place) = match to {
            To::Own(value) => return Ok(Some(value)),
            To::Component(..) => return Ok(None),
            To::Later(name, place) => (name, place),
        };
        let component = self.0.get(name).and_then(|rule| T::of(rule));
        let component =
            component.ok_or_else(|| TablesError(format!("no component of this kind is called `{name}`")))?;
        place.get_or_init(|| component);
        Ok(None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::{FIELD, Pets};
    use crate::schema::{Field, ObjectSchema, Size};

    /// Returns the table of a component that holds itself.
    fn node(next: &'static str) -> Component {
        let rule = Rule::Nullable(Box::leak(Box::new(Rule::Object(To::later(next)))));
        let fields = Vec::leak(vec![Field { name: "next", rule, ..FIELD }]);
        let schema =
            ObjectSchema { name: "Node", fields, additional: Additional::None, size: Size::ANY, since: None };
        Component { name: "Node", rule: Rule::Object(To::Own(Box::leak(Box::new(schema)))) }
    }

    fn tables(component: Component) -> Result<&'static Tables, TablesError> {
        let components = Vec::leak(vec![component]);
        let tables = crate::sample::tables(&[], &[]);
        Tables::linked(Tables { components, ..tables })
    }

    #[test]
    fn a_component_may_hold_itself() {
        let tables = tables(node("Node")).expect("tables");
        let Rule::Object(node) = &tables.components[0].rule else { panic!("no object: {tables:?}") };
        let Rule::Nullable(Rule::Object(next)) = &node.fields[0].rule else { panic!("no object: {node:?}") };
        assert!(std::ptr::eq(node.get(), next.get()));
    }

    #[test]
    fn a_component_that_is_not_there_is_named() {
        let error = tables(node("Nod")).expect_err("there is no such component");
        assert_eq!(error.to_string(), "no component of this kind is called `Nod`");
    }

    #[test]
    #[cfg(feature = "asset")]
    fn an_asset_holds_the_same_tables() {
        use crate::dispatch::Document as _;

        for tables in [Pets::TABLES, tables(node("Node")).expect("tables")] {
            let bytes: &'static [u8] = tables.to_bytes().expect("an asset").leak();
            assert_eq!(Tables::from_bytes(bytes).expect("tables"), tables);
            let cut = Tables::from_bytes(&bytes[..bytes.len() - 1]).expect_err("the end is missing");
            assert!(cut.to_string().starts_with("these are no tables: "), "{cut}");
        }
        let error = Tables::from_bytes(b"\x0eopenapi-tables\x00").expect_err("there was no interface 0");
        let expected =
            "these are no tables: they were made by another version; make them again with this one";
        assert_eq!(error.to_string(), expected);
    }
}

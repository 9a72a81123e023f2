//! The contents of a store and their look, as plain data: models with their fields and relations, views of their rows,
//! and the collections that operations read and change.
//!
//! A definition is inferred from a document, written by hand, or read from JSON. [`Plan`](crate::plan::Plan) checks it.

mod collection;

use indexmap::IndexMap;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

pub use collection::{
    Action, Collection, Envelope, Filter, Lookup, Operation, Ordering, Paging, Patch, Put, Search,
    SearchField, Terms, Ties, Variable, WindowFact,
};

/// Everything that a store has to know.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct Definition {
    /// The models, by their names.
    #[cfg_attr(test, schemars(with = "std::collections::BTreeMap<String, Model>"))]
    pub models: IndexMap<String, Model>,
    /// The views, by their names.
    #[cfg_attr(test, schemars(with = "std::collections::BTreeMap<String, View>"))]
    pub views: IndexMap<String, View>,
    /// The collections, by their names.
    #[cfg_attr(test, schemars(with = "std::collections::BTreeMap<String, Collection>"))]
    pub collections: IndexMap<String, Collection>,
}

/// A kind of rows.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct Model {
    /// The model that each row of this one is a row of too, with all its fields.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub base: Option<String>,
    /// The field by which others refer to a row; its values are unique.
    pub key: String,
    /// The fields, besides those of the base.
    #[cfg_attr(test, schemars(with = "std::collections::BTreeMap<String, Field>"))]
    pub fields: IndexMap<String, Field>,
    /// Names for the rows that refer to a row of this model.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    #[cfg_attr(test, schemars(with = "std::collections::BTreeMap<String, Reverse>"))]
    pub reverse: IndexMap<String, Reverse>,
    /// Fields whose values no two rows share all of; rows with a null among them share nothing.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unique_together: Vec<Vec<String>>,
    /// The name of a row where another one names it: a text with fields in braces.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

/// A value that each row of a model has.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct Field {
    /// The kind of the values.
    pub kind: Kind,
    /// `true` if null is a value.
    pub nullable: bool,
    /// `true` if no two rows share a value; null is shared by any number.
    pub unique: bool,
    /// `true` if rows are often looked up by it, although it is neither unique nor a reference.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub indexed: bool,
    /// The rows that the values name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reference: Option<Reference>,
    /// The value of a row that is given none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fill: Option<Fill>,
}

/// The kind of the values of a field, as far as comparisons depend on it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum Kind {
    /// Anything that JSON has.
    #[default]
    Any,
    /// Texts.
    Text,
    /// Numbers.
    Number,
    /// `true` and `false`.
    Boolean,
    /// Points in time of RFC 3339.
    DateTime,
}

/// The rows that the values of a field name.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct Reference {
    /// Their model.
    pub model: String,
    /// The field of theirs whose values they are named by, if that is not the key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// `true` if a value is a list of them.
    pub many: bool,
    /// The fate of a row when the one it names is deleted. Lists lose the item, whatever this says.
    pub on_delete: OnDelete,
}

/// The fate of a row when the one it names is deleted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum OnDelete {
    /// It is deleted too.
    Cascade,
    /// It names none from then on.
    Null,
    /// It gets the value of a row that is given none.
    Default,
    /// Nothing is deleted, unless both are.
    #[default]
    Protect,
    /// It keeps the name of a row that is gone.
    Nothing,
}

/// The rows that refer to a row.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Reverse {
    /// Their model.
    pub model: String,
    /// The field of theirs that refers.
    pub field: String,
}

/// The value of a row that is given none.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum Fill {
    /// This value.
    Value(Value),
    /// A text with other fields in braces.
    Template(String),
    /// A random UUID.
    Uuid,
    /// The number after the greatest there ever was.
    Sequence,
    /// A random text of this many letters and digits.
    Secret(usize),
    /// The time of creation.
    Created,
    /// The time of the last change, which nobody can set.
    Changed,
    /// The result of a registered function.
    Function(String),
}

/// The form in which rows are written and shown: the properties of an object.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct View {
    /// The model of the rows.
    pub model: String,
    /// The properties, in their order.
    #[cfg_attr(test, schemars(with = "std::collections::BTreeMap<String, Property>"))]
    pub properties: IndexMap<String, Property>,
    /// The views that show rows of models that this one is a base of, by the names of these models.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    #[cfg_attr(test, schemars(with = "std::collections::BTreeMap<String, String>"))]
    pub of: IndexMap<String, String>,
}

/// A property of an object.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct Property {
    /// The source of its value; `None` stands for the field of the same name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<Source>,
    /// The directions in which it goes.
    pub access: Access,
    /// `true` if it is left out where it is null.
    pub optional: bool,
    /// The value that it gets from a replacement which does not have it, null included, whatever becomes of others.
    #[serde(deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub default: Option<Value>,
}

/// Reads a value that is there, null included.
fn given<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}

/// The directions in which a property goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum Access {
    /// Answers have it, requests set it.
    #[default]
    ReadWrite,
    /// Answers have it, requests cannot set it.
    ReadOnly,
    /// Requests set it, answers do not have it.
    WriteOnly,
    /// Answers have it, requests that create set it.
    CreateOnly,
}

/// The source of the value of a property.
///
/// A path is a field, or leads over relations to one: `owner.team.name`. A relation is a field that refers to rows, or a
/// name of [`Model::reverse`]; where one of them is many rows, the value is a list. Steps after a field lead into
/// its value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub enum Source {
    /// The value at the end of a path; the keys of the rows if that is a relation.
    Path(String),
    /// The rows at the end of a path, as objects.
    Object {
        /// The path.
        path: String,
        /// The view that shows them.
        view: String,
        /// The rows that are seen as what they were made for; the others are seen as rows of the model that the path
        /// leads to.
        #[serde(default, skip_serializing_if = "is_default")]
        seen: Seen,
        /// The models whose rows are seen as rows of the model that the path leads to, however others are seen.
        #[serde(default, rename = "baseOf", skip_serializing_if = "Vec::is_empty")]
        base_of: Vec<String>,
    },
    /// The row that a field names, by the key of the model that it was made for, which may be another than that of the
    /// base that the field refers to. Requests name it so too.
    OwnKey(String),
    /// The number of rows or values at the end of a path.
    Count(String),
    /// Always this value.
    Constant(Value),
    /// A text with paths in braces; null where one of them is.
    Template(String),
    /// The result of a registered function.
    Function(String),
}

/// The model that rows at the end of a path are seen as.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum Seen {
    /// That which they were made for.
    #[default]
    Own,
    /// That which the path leads to.
    Base,
    /// That which they were made for, unless the request that is answered has written the field that names them.
    Read,
}

/// Returns `true` for the value that a field has where it is left out.
fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

impl Property {
    /// Returns a property with the value of the field of its name.
    #[must_use]
    pub fn of(access: Access) -> Self {
        Self { access, ..Self::default() }
    }

    /// Returns a property that answers have, with a value from elsewhere.
    #[must_use]
    pub fn read(source: Source) -> Self {
        Self { source: Some(source), access: Access::ReadOnly, ..Self::default() }
    }
}

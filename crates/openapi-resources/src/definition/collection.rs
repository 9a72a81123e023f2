//! Collections: which operations read and change the rows of a model, and how lists are filtered, ordered and paged.

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Rows of a model as operations see them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct Collection {
    /// The path of the collection.
    pub path: String,
    /// The path of one row.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub object: Option<String>,
    /// The model.
    pub model: String,
    /// The variable of a path that names one row, and the field that it names it by.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lookup: Option<Variable>,
    /// The variables of the path before it, and what the rows have in common with them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub parents: Vec<Variable>,
    /// The values that all rows of the collection have in some fields, and that new rows get.
    #[serde(rename = "where", skip_serializing_if = "IndexMap::is_empty")]
    #[cfg_attr(test, schemars(with = "std::collections::BTreeMap<String, Value>"))]
    pub fixed: IndexMap<String, Value>,
    /// The operations, by their ids.
    #[cfg_attr(test, schemars(with = "std::collections::BTreeMap<String, Operation>"))]
    pub operations: IndexMap<String, Operation>,
    /// The parameters of the query that narrow a list, by their names.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    #[cfg_attr(test, schemars(with = "std::collections::BTreeMap<String, Filter>"))]
    pub filters: IndexMap<String, Filter>,
    /// The parameters that a document declares and nothing maps. A request that has one is not answered.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unmapped: Vec<String>,
    /// The parameters that a document declares and that change nothing.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ignored: Vec<String>,
    /// The parameter that orders a list.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ordering: Option<Ordering>,
    /// The parameter that searches.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub search: Option<Search>,
    /// The order of a list that is asked for in none: paths, after a `-` where the greatest is first. Rows that are the
    /// same by them, or all if there are none, are in the order of their creation.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub order: Vec<String>,
    /// The order of rows that an order takes for the same.
    #[serde(skip_serializing_if = "Ties::is_age")]
    pub ties: Ties,
    /// The division of a list.
    pub paging: Paging,
    /// The surroundings of the rows of a list.
    pub envelope: Envelope,
    /// The path to the key of the user whose row it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// The treatment of properties that an update does not have although it replaces the row.
    pub put: Put,
    /// The treatment of an object within a row that is changed.
    pub patch: Patch,
}

/// A variable of a path, and where the rows have its value.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Variable {
    /// The variable.
    pub name: String,
    /// The path to its value.
    pub path: String,
}

/// An operation of a collection.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct Operation {
    /// The purpose of the operation.
    pub action: Action,
    /// The view that its body is read by.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request: Option<String>,
    /// The view that its answer is made by; without one it answers no content.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer: Option<String>,
    /// The property of the answer, and of the body, that has the object, if it is not the whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub within: Option<String>,
    /// The status of its answer.
    pub status: u16,
    /// `true` if the answer tells the version of the row, and a change can ask for one.
    pub versioned: bool,
}

/// The purpose of an operation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum Action {
    /// Answers the rows that fit.
    #[default]
    List,
    /// Makes a row.
    Create,
    /// Answers a row.
    Retrieve,
    /// Replaces a row.
    Update,
    /// Changes some values of a row.
    Patch,
    /// Deletes a row.
    Delete,
    /// Makes the row that the path names, or replaces it.
    Put,
}

/// A condition that a parameter makes.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct Filter {
    /// The path to the value.
    pub path: String,
    /// The relation that the value has to have to that of the parameter.
    pub lookup: Lookup,
    /// `true` if a parameter with several values asks for rows that have all of them; otherwise one is enough.
    pub all: bool,
    /// `true` if it asks for the rows that do not fit.
    pub exclude: bool,
    /// The character between several values in one text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub separator: Option<char>,
}

/// The relation of a value to another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Lookup {
    /// They are the same.
    #[default]
    Exact,
    /// They are the same but for the case.
    IExact,
    /// It has the other in it.
    Contains,
    /// It has the other in it but for the case.
    IContains,
    /// It begins with the other.
    StartsWith,
    /// It begins with the other but for the case.
    IStartsWith,
    /// It ends with the other.
    EndsWith,
    /// It ends with the other but for the case.
    IEndsWith,
    /// It is greater.
    Gt,
    /// It is not less.
    Gte,
    /// It is less.
    Lt,
    /// It is not greater.
    Lte,
    /// It is one of the others.
    In,
    /// There is none, if the other is `true`; there is one, if it is `false`.
    IsNull,
    /// It matches a regular expression.
    Regex,
    /// It matches a regular expression but for the case.
    IRegex,
}

/// The parameter that orders a list, by names after a `-` where the greatest is first.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct Ordering {
    /// The parameter.
    pub parameter: String,
    /// The names that can be ordered by, with their paths. Other names are refused.
    #[cfg_attr(test, schemars(with = "std::collections::BTreeMap<String, String>"))]
    pub fields: IndexMap<String, String>,
    /// The parameter that says `desc` where the greatest is first, instead of a `-`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub direction: Option<String>,
    /// `true` if names that cannot be ordered by are passed over instead of refused.
    pub lenient: bool,
}

/// The parameter that searches.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct Search {
    /// The parameter.
    pub parameter: String,
    /// The values that are searched.
    pub fields: Vec<SearchField>,
    /// The part of its value that is searched for at once.
    pub terms: Terms,
}

/// A value that is searched.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SearchField {
    /// The path to it.
    pub path: String,
    /// The relation that it has to have to what is searched for.
    #[serde(default = "SearchField::lookup")]
    pub lookup: Lookup,
}

impl SearchField {
    fn lookup() -> Lookup {
        Lookup::IContains
    }

    /// Returns a value that is searched for a text in it, whatever the case.
    #[must_use]
    pub fn of(path: &str) -> Self {
        Self { path: path.to_owned(), lookup: Self::lookup() }
    }
}

/// The part of a text that is searched for at once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum Terms {
    /// All its words, each in any of the fields.
    #[default]
    Words,
    /// All its words and the parts between commas, each in any of the fields.
    List,
    /// The text as it is.
    Whole,
}

/// The order of rows that an order takes for the same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum Ties {
    /// That of their creation.
    #[default]
    Age,
    /// That of their creation, except in a list of more than twice the rows that are asked for: these come as a heap of
    /// the first rows leaves them, which is how a database finds them.
    Heap,
}

impl Ties {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks by reference")]
    const fn is_age(&self) -> bool {
        matches!(self, Self::Age)
    }
}

/// The division of a list.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub enum Paging {
    /// It is not.
    #[default]
    None,
    /// By the number of a page.
    #[serde(rename_all = "camelCase")]
    Page {
        /// The parameter with the number.
        page: String,
        /// The number of the first page.
        #[serde(default = "one")]
        first: u64,
        /// The parameter with the number of rows on a page.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        size: Option<String>,
        /// The number of rows if nothing is said.
        default_size: usize,
        /// The most rows of a page.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        max_size: Option<usize>,
        /// `true` if a page that does not exist is empty instead of refused.
        #[serde(default)]
        lenient: bool,
    },
    /// By the number of rows before.
    #[serde(rename_all = "camelCase")]
    Offset {
        /// The parameter with the number of rows before.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        offset: Option<String>,
        /// The parameter with the number of rows.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        limit: Option<String>,
        /// The number of rows if nothing is said; all if there is none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        default_limit: Option<usize>,
        /// The most rows.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        max_limit: Option<usize>,
    },
    /// By a text that an earlier answer gave.
    #[serde(rename_all = "camelCase")]
    Cursor {
        /// The parameter with the text.
        cursor: String,
        /// The parameter with the number of rows.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        limit: Option<String>,
        /// The number of rows if nothing is said.
        default_limit: usize,
        /// The most rows.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        max_limit: Option<usize>,
    },
}

fn one() -> u64 {
    1
}

/// The surroundings of the rows of a list.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct Envelope {
    /// The property with the rows; without one, the list is the whole answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub items: Option<String>,
    /// The other properties, by the dotted path of its property, in the order of the answer. The rows are last, unless
    /// they are named here too.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    #[cfg_attr(test, schemars(with = "std::collections::BTreeMap<String, WindowFact>"))]
    pub facts: IndexMap<String, WindowFact>,
    /// The headers, by their names.
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    #[cfg_attr(test, schemars(with = "std::collections::BTreeMap<String, WindowFact>"))]
    pub headers: IndexMap<String, WindowFact>,
}

impl Paging {
    /// Returns the names of the parameters that divide a list.
    #[must_use]
    pub fn parameters(&self) -> Vec<&str> {
        let (first, second) = match self {
            Self::None => (None, None),
            Self::Page { page, size, .. } => (Some(page), size.as_ref()),
            Self::Offset { offset, limit, .. } => (offset.as_ref(), limit.as_ref()),
            Self::Cursor { cursor, limit, .. } => (Some(cursor), limit.as_ref()),
        };
        first.into_iter().chain(second).map(String::as_str).collect()
    }
}

/// A fact about the place of an answer in the whole list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum WindowFact {
    /// The rows.
    Items,
    /// The number of rows of the whole list.
    Count,
    /// The number of rows here.
    Here,
    /// The number of this page.
    Page,
    /// The number of rows that fit here.
    Size,
    /// The number of rows before.
    Offset,
    /// The number of pages.
    Pages,
    /// The number of pages; one if the list is empty.
    PagesAtLeastOne,
    /// The number of the last page, counted like [`WindowFact::Page`].
    LastPage,
    /// The number of the next page, null on the last.
    NextPage,
    /// The number of the next page, 0 on the last.
    NextPageOrZero,
    /// The number of the previous page, null on the first.
    PreviousPage,
    /// The number of the previous page, 0 on the first.
    PreviousPageOrZero,
    /// The number of the first row here, counted from 1; 0 if there is none.
    StartIndex,
    /// The number of the last row here, counted from 1; 0 if there is none.
    EndIndex,
    /// The URL of what follows, or null.
    NextUrl,
    /// The URL of what is before, or null.
    PreviousUrl,
    /// The text that leads to what follows, or null.
    NextCursor,
    /// `true` if something follows.
    HasNext,
    /// `true` if something is before.
    HasPrevious,
    /// `true` at the end.
    IsLast,
    /// `true` at the beginning.
    IsFirst,
    /// `true` if there are no rows here.
    IsEmpty,
    /// The links of RFC 8288 to what is before and after.
    Links,
    /// Always this value.
    Constant(Value),
}

/// The treatment of properties that an update does not have although it replaces the row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum Put {
    /// They get their default, or else the value of a new row.
    #[default]
    Replace,
    /// They get their default, or else stay as they are.
    Keep,
}

/// The treatment of an object within a row that is changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub enum Patch {
    /// It is changed in turn, member by member (RFC 7386).
    #[default]
    Merge,
    /// It is replaced.
    Assign,
}

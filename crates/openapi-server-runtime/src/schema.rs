//! Schemas as data: the fields of an object and the rule each value has to follow. The tables are generated from the
//! document's components; a [`Dialect`](crate::dialect::Dialect) applies them to bodies and parameters.

use std::collections::HashMap;
use std::sync::{LazyLock, PoisonError, RwLock};

use openapi_wire::Pattern;
use serde::{Deserialize, Serialize};

use crate::leaked;
use crate::to::Part;
pub use crate::to::To;

/// The pattern by which a document describes a slug.
pub const SLUG_PATTERN: &str = "^[-a-zA-Z0-9_]+$";

/// A component of type object.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub struct ObjectSchema {
    /// The component's name.
    pub name: &'static str,
    /// Its properties, in the document's order.
    #[serde(borrow, deserialize_with = "leaked::slice")]
    pub fields: &'static [Field],
    /// The properties it may have besides.
    pub additional: Additional,
    /// The number of properties that it may have.
    pub size: Size,
    /// The first release that has this component, if not every release does.
    pub since: Option<&'static str>,
}

impl ObjectSchema {
    /// Returns the property of this name.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.name == name)
    }
}

/// The properties of an object that its schema does not name.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub enum Additional {
    /// Any.
    Any,
    /// None.
    None,
    /// Those whose values follow a rule.
    Rule(#[serde(borrow, deserialize_with = "leaked::value")] &'static Rule),
}

/// The number of members that a value may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Size {
    /// The least number.
    pub min: Option<usize>,
    /// The greatest number.
    pub max: Option<usize>,
}

impl Size {
    /// Any number.
    pub const ANY: Self = Self { min: None, max: None };
}

/// One property of an object.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub struct Field {
    /// The name on the wire.
    pub name: &'static str,
    /// The rule for its values.
    pub rule: Rule,
    /// `true` if the document requires it.
    pub required: bool,
    /// `true` if `null` is allowed.
    pub nullable: bool,
    /// `true` if clients cannot set it.
    pub read_only: bool,
    /// `true` if the server computes it instead of storing it (`x-computed`).
    pub computed: bool,
    /// The title.
    pub title: Option<&'static str>,
    /// The description.
    pub description: Option<&'static str>,
    /// The model among whose objects the value is unique (`x-unique`).
    pub unique: Option<&'static str>,
    /// The messages for values that break a rule, instead of those of the dialect (`x-messages`).
    #[serde(borrow, deserialize_with = "leaked::slice")]
    pub messages: &'static [Message],
    /// The first release that has this field, if not every release does.
    pub since: Option<&'static str>,
}

/// The message for values that break a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// The rule: `pattern`, `type` or `unique`.
    pub rule: &'static str,
    /// The message.
    pub text: &'static str,
}

impl Field {
    /// Returns the message for values that break a rule, if it has one of its own.
    #[must_use]
    pub fn message(&self, rule: &str) -> Option<&'static str> {
        self.messages.iter().find(|message| message.rule == rule).map(|message| message.text)
    }
}

/// The rule that a value has to follow.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub enum Rule {
    /// Text.
    Text(Text),
    /// `true` or `false`.
    Boolean,
    /// A whole number.
    Integer(Integer),
    /// A number.
    Number(Number),
    /// A UUID.
    Uuid,
    /// A point in time.
    DateTime,
    /// The key of an existing object (`x-references`).
    Reference {
        /// The model that object belongs to.
        model: &'static str,
        /// The field that it is named by, if that is not its primary key (`x-references-by`).
        by: Option<&'static str>,
        /// The kind of the key.
        key: Key,
    },
    /// One of several words.
    Choice(#[serde(borrow, deserialize_with = "leaked::slice")] &'static [Choice]),
    /// A list of values that follow one rule.
    List(To<List>),
    /// An object whose values all follow one rule, whatever their names are.
    Map(To<Map>),
    /// A value that follows one of several rules.
    Union(To<Union>),
    /// A file in a form; text in any other body.
    File,
    /// An object.
    Object(To<ObjectSchema>),
    /// `null`, or a value that follows a rule. Of a property [`Field::nullable`] says so.
    Nullable(#[serde(borrow, deserialize_with = "leaked::value")] &'static Rule),
    /// Anything.
    Any,
}

/// The kind of the key of an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Key {
    /// A UUID.
    Uuid,
    /// A whole number.
    Integer,
    /// Text.
    Text,
}

impl Key {
    /// Returns the rule that keys of this kind follow.
    #[must_use]
    pub const fn rule(self) -> &'static Rule {
        match self {
            Self::Uuid => &Rule::Uuid,
            Self::Integer => &Rule::Integer(Integer::ANY),
            Self::Text => &Rule::Text(Text::ANY),
        }
    }
}

impl Rule {
    /// Returns `true` if values that follow it are of one type: texts, numbers or booleans.
    #[must_use]
    pub fn is_scalar(&self) -> bool {
        !matches!(
            self,
            Self::Nullable(_) | Self::List(_) | Self::Map(_) | Self::Union(_) | Self::Object(_) | Self::Any
        )
    }
}

/// The bounds of an integer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Integer {
    /// The least.
    pub minimum: Option<i64>,
    /// The greatest.
    pub maximum: Option<i64>,
    /// The number that it has to be a multiple of.
    pub multiple_of: Option<i64>,
    /// The only ones there are; any if empty.
    #[serde(borrow, deserialize_with = "leaked::slice")]
    pub values: &'static [i64],
}

impl Integer {
    /// Any whole number.
    pub const ANY: Self = Self { minimum: None, maximum: None, multiple_of: None, values: &[] };
}

/// The bounds of a number.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Number {
    /// The least.
    pub minimum: Option<Bound>,
    /// The greatest.
    pub maximum: Option<Bound>,
    /// The number that it has to be a multiple of.
    pub multiple_of: Option<f64>,
}

impl Number {
    /// Any number.
    pub const ANY: Self = Self { minimum: None, maximum: None, multiple_of: None };
}

/// A number that others are held to.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Bound {
    /// The number.
    pub value: f64,
    /// `true` if the bound itself is not allowed.
    pub exclusive: bool,
}

/// A list of values.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(bound(deserialize = "'de: 'static"))]
pub struct List {
    /// The rule of each value.
    pub item: Rule,
    /// The number of items that it may have.
    pub size: Size,
    /// `true` if no item may occur twice.
    pub unique: bool,
    /// The traits of the items, where they are told apart from those of the list.
    pub traits: ItemTraits,
}

impl List {
    /// Returns a list of any number of values.
    #[must_use]
    pub const fn of(item: Rule) -> Self {
        Self { item, size: Size::ANY, unique: false, traits: ItemTraits::NONE }
    }
}

/// The traits of the items of a list as a description of the list tells them; `None` for those that follow from the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemTraits {
    /// The title; empty for none.
    pub title: Option<&'static str>,
    /// `true` if an item is described as required (`x-required`).
    pub required: Option<bool>,
    /// `true` if an item is described as read only.
    pub read_only: Option<bool>,
    /// The property of an object that stands for the item, if the item is a value that is shown as an object
    /// (`x-shown-by`).
    pub shown_by: Option<&'static str>,
}

impl ItemTraits {
    /// Those that follow from the list.
    pub const NONE: Self = Self { title: None, required: None, read_only: None, shown_by: None };
}

/// An object whose values all follow one rule.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(bound(deserialize = "'de: 'static"))]
pub struct Map {
    /// The rule of each value.
    pub value: Rule,
    /// The number of entries that it may have.
    pub size: Size,
}

impl Map {
    /// Returns an object of any number of values.
    #[must_use]
    pub const fn of(value: Rule) -> Self {
        Self { value, size: Size::ANY }
    }
}

/// Several rules, one of which a value has to follow.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub struct Union {
    /// The property by whose value the rule is known (`discriminator`); without it, the first that fits is taken.
    pub tag: Option<&'static str>,
    /// The rules.
    #[serde(borrow, deserialize_with = "leaked::slice")]
    pub members: &'static [Member],
}

/// One rule of several.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub struct Member {
    /// The words by which the tag names it.
    #[serde(borrow, deserialize_with = "leaked::slice")]
    pub words: &'static [&'static str],
    /// The rule.
    pub rule: Rule,
}

impl Union {
    /// Returns the rule of the member that `word` names.
    #[must_use]
    pub fn named(&self, word: &str) -> Option<&'static Rule> {
        self.members.iter().find(|member| member.words.contains(&word)).map(|member| &member.rule)
    }
}

impl Part for ObjectSchema {
    const ANY: &'static Self =
        &Self { name: "", fields: &[], additional: Additional::Any, size: Size::ANY, since: None };
}

impl Part for Union {
    const ANY: &'static Self = &Self { tag: None, members: &[] };
}

impl Part for List {
    const ANY: &'static Self = &Self::of(Rule::Any);
}

impl Part for Map {
    const ANY: &'static Self = &Self::of(Rule::Any);
}

/// The rule for text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Text {
    /// The least number of characters; 1 forbids blank text.
    pub min_length: Option<usize>,
    /// The greatest number of characters.
    pub max_length: Option<usize>,
    /// A regular expression (ECMA 262) the text has to match.
    pub pattern: Option<&'static str>,
    /// The format, such as `email`.
    pub format: Option<&'static str>,
    /// `true` if blanks around it are kept (`x-trim: false`).
    pub blanks: bool,
}

impl Text {
    /// Text of any kind.
    pub const ANY: Text =
        Text { min_length: None, max_length: None, pattern: None, format: None, blanks: false };

    /// Returns `true` if this is a slug: letters, digits, underscores and hyphens.
    #[must_use]
    pub fn is_slug(&self) -> bool {
        self.pattern == Some(SLUG_PATTERN)
    }

    /// Returns `true` if `text` matches the pattern, or if there is none.
    #[must_use]
    pub fn matches_pattern(&self, text: &str) -> bool {
        match self.pattern {
            None => true,
            // What takes too many steps to tell is refused.
            Some(pattern) => compiled(pattern).is_found_in(text) == Some(true),
        }
    }
}

/// Returns the compiled form of a table's pattern. As tables are never forgotten, neither are these.
fn compiled(pattern: &'static str) -> &'static Pattern {
    static COMPILED: LazyLock<RwLock<HashMap<&str, &Pattern>>> = LazyLock::new(RwLock::default);
    let known = COMPILED.read().unwrap_or_else(PoisonError::into_inner).get(pattern).copied();
    known.unwrap_or_else(|| {
        let mut compiled = COMPILED.write().unwrap_or_else(PoisonError::into_inner);
        compiled.entry(pattern).or_insert_with(|| Box::leak(Box::new(Pattern::new(pattern))))
    })
}

/// One word of an enumeration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// The word on the wire.
    pub value: &'static str,
    /// The text that people are shown.
    pub label: &'static str,
}

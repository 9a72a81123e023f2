//! Schemas as data: the fields of an object and the rule each value has to follow. The tables are generated from the
//! document's components; [`crate::fields`] applies them to bodies, [`crate::filters`] to query parameters and
//! [`crate::metadata`] prints them.

/// The pattern by which a document describes a slug.
pub const SLUG_PATTERN: &str = "^[-a-zA-Z0-9_]+$";

/// A component of type object.
#[derive(Debug)]
pub struct ObjectSchema {
    /// The component's name.
    pub name: &'static str,
    /// Its properties, in the document's order.
    pub fields: &'static [Field],
    /// The first release that has this component, if not every release does.
    pub since: Option<&'static str>,
}

/// One property of an object.
#[derive(Debug)]
pub struct Field {
    /// The name on the wire.
    pub name: &'static str,
    /// What its values look like.
    pub rule: Rule,
    /// Whether the document demands it.
    pub required: bool,
    /// Whether `null` is a value.
    pub nullable: bool,
    /// Whether clients cannot set it.
    pub read_only: bool,
    /// Whether the server works it out instead of storing it (`x-computed`).
    pub computed: bool,
    /// The title.
    pub title: Option<&'static str>,
    /// The description.
    pub description: Option<&'static str>,
    /// The model among whose objects the value is unique (`x-unique`).
    pub unique: Option<&'static str>,
    /// The first release that has this field, if not every release does.
    pub since: Option<&'static str>,
}

/// What a value has to look like.
#[derive(Debug, Clone, Copy)]
pub enum Rule {
    /// Text.
    Text(Text),
    /// `true` or `false`.
    Boolean,
    /// A whole number.
    Integer,
    /// A number.
    Number,
    /// A UUID.
    Uuid,
    /// A point in time.
    DateTime,
    /// The primary key, a UUID, of an existing object (`x-references`).
    Reference {
        /// The model that object belongs to.
        model: &'static str,
    },
    /// One of several words.
    Choice(&'static [Choice]),
    /// A list of values that follow one rule.
    List(&'static Rule),
    /// A list of values in one text, which only a parameter can be.
    Joined {
        /// The rule of each value.
        item: &'static Rule,
        /// What stands between them.
        separator: char,
    },
    /// An object whose values all follow one rule, whatever their names are.
    Map(&'static Rule),
    /// A value that follows one of several rules.
    Union(&'static Union),
    /// A file in a form; text in any other body.
    File,
    /// An object.
    Object(&'static ObjectSchema),
    /// Anything.
    Any,
}

/// Several rules, one of which a value has to follow.
#[derive(Debug)]
pub struct Union {
    /// The property by whose value the rule is known (`discriminator`); without it, the first that fits is taken.
    pub tag: Option<&'static str>,
    /// The rules.
    pub members: &'static [Member],
}

/// One rule of several.
#[derive(Debug)]
pub struct Member {
    /// The words by which the tag names it.
    pub words: &'static [&'static str],
    /// The rule.
    pub rule: Rule,
}

impl Union {
    /// The rule of the member that `word` names.
    #[must_use]
    pub fn named(&self, word: &str) -> Option<&'static Rule> {
        self.members.iter().find(|member| member.words.contains(&word)).map(|member| &member.rule)
    }
}

/// What text has to look like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Text {
    /// The least number of characters; 1 forbids blank text.
    pub min_length: Option<usize>,
    /// The greatest number of characters.
    pub max_length: Option<usize>,
    /// A regular expression (ECMA 262) the text has to match.
    pub pattern: Option<&'static str>,
}

impl Text {
    /// Text of any kind.
    pub const ANY: Text = Text { min_length: None, max_length: None, pattern: None };

    /// Whether this is a slug: letters, digits, underscores and hyphens.
    #[must_use]
    pub fn is_slug(&self) -> bool {
        self.pattern == Some(SLUG_PATTERN)
    }
}

/// One word of an enumeration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Choice {
    /// The word on the wire.
    pub value: &'static str,
    /// What people are shown.
    pub label: &'static str,
}

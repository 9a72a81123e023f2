//! The style choices of the authors of one document, as data.

/// The style of a document.
#[derive(Clone, Debug, Default)]
pub struct Style {
    /// The keys of descriptions. The first holds descriptions that are copied from elsewhere.
    pub descriptions: Vec<&'static str>,
    /// Last words of operation ids, by method. Ids are free if there are none.
    pub verbs: Vec<Verb>,
    /// The methods of a path in their order.
    pub methods: Vec<&'static str>,
    /// The kinds of components in their order.
    pub components: Vec<&'static str>,
    /// The keys of each kind of object in their order. Other keys may stand anywhere.
    pub keys: Vec<(&'static str, Vec<&'static str>)>,
    /// The extension keys there are; without any, they are free.
    pub extensions: Vec<Extension>,
    /// The form in which operations and components state their origin, if they have to.
    pub provenance: Option<Provenance>,
    /// Statuses that every operation answers with a shared response.
    pub errors: Vec<&'static str>,
    /// The status for an object that there is not; operations with a path parameter declare it, or were seen to give it.
    pub missing: Option<&'static str>,
}

/// The last word of the ids of some operations.
#[derive(Clone, Copy, Debug)]
pub struct Verb {
    /// Their method.
    pub method: &'static str,
    /// `Some(true)` if their path ends with a parameter, `Some(false)` if not; `None` if that makes no difference.
    pub of_one: Option<bool>,
    /// The word.
    pub verb: &'static str,
}

/// An extension key.
#[derive(Clone, Debug)]
pub struct Extension {
    /// The key.
    pub key: &'static str,
    /// The kinds of objects that may have it, by their names in the specification; empty for all.
    pub of: Vec<&'static str>,
    /// The form of its value.
    pub form: Form,
    /// A key that is required beside it with this value, as JSON.
    pub beside: Option<(&'static str, &'static str)>,
}

/// The form of the value of an extension key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Form {
    /// Anything, which others check.
    Any,
    /// A text that is not empty.
    Text,
    /// `true`; what is not so is left out.
    Set,
    /// A release such as `2024.8`.
    Release,
    /// One of these words.
    Word(Vec<&'static str>),
}

/// The form in which an object states its origin.
#[derive(Clone, Debug)]
pub struct Provenance {
    /// The extension key.
    pub key: &'static str,
    /// The names of the pages there are.
    pub pages: Vec<String>,
    /// The names of the rules that are explained.
    pub rules: Vec<String>,
}

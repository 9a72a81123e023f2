//! The errors of a request as REST framework tells them: by field, and within it by the fields and positions of its value.

use openapi_server_runtime::failure::{Failure, FieldErrors, Segment, Target};
use openapi_server_runtime::serde_json::Value;

/// The key under which errors of the object as a whole are reported.
pub(crate) const NON_FIELD_ERRORS: &str = "non_field_errors";

/// The most items without errors that are told before one with errors.
const MOST: usize = 1000;

/// The errors of a body or a query, in the order they were found: by field, or by position where it is a list of objects.
/// REST framework tells those of a list of other values by field, in which the positions are the names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct ErrorTree {
    entries: Vec<(Segment, Messages)>,
}

/// The errors of one field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Messages {
    /// The messages about the value itself.
    Own(Vec<String>),
    /// The messages about parts of the value: fields of an object, positions in a list.
    Parts(ErrorTree),
}

impl ErrorTree {
    /// Returns a tree without errors.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Returns one error about one field.
    pub fn of(field: impl Into<Segment>, message: impl Into<String>) -> Self {
        let mut errors = Self::new();
        errors.add(field, message);
        errors
    }

    /// Returns one error about the object as a whole.
    pub fn non_field(message: impl Into<String>) -> Self {
        Self::of(NON_FIELD_ERRORS, message)
    }

    /// Adds a message about a field's value, after those already there.
    pub fn add(&mut self, field: impl Into<Segment>, message: impl Into<String>) {
        let field = field.into();
        match self.entries.iter_mut().find(|(name, _)| *name == field) {
            Some((_, Messages::Own(messages))) => messages.push(message.into()),
            Some((_, parts)) => *parts = Messages::Own(vec![message.into()]),
            None => self.entries.push((field, Messages::Own(vec![message.into()]))),
        }
    }

    /// Sets everything that is wrong with a field.
    pub fn set(&mut self, field: impl Into<Segment>, messages: Messages) {
        let field = field.into();
        match self.entries.iter_mut().find(|(name, _)| *name == field) {
            Some((_, present)) => *present = messages,
            None => self.entries.push((field, messages)),
        }
    }

    /// Takes over everything in `others`, in the place of what is already said of the same fields.
    pub fn extend(&mut self, others: ErrorTree) {
        for (field, messages) in others.entries {
            self.set(field, messages);
        }
    }

    /// Returns `true` if there are no errors.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Returns the errors as JSON: `{"<field>": ["<message>", ...], ...}`; those of objects in a list as a list.
    #[must_use]
    pub fn to_value(&self) -> Value {
        let position = |(segment, _): &(Segment, _)| match segment {
            Segment::Position(position) => Some(*position),
            Segment::Name(_) => None,
        };
        let positions: Option<Vec<usize>> = self.entries.iter().map(position).collect();
        if let Some(positions) = positions.filter(|positions| !positions.is_empty()) {
            let mut items = Vec::new();
            for (position, (_, messages)) in positions.into_iter().zip(&self.entries) {
                let fine = || Value::Object(serde_json::Map::new());
                items.extend(
                    std::iter::repeat_with(fine).take(position.saturating_sub(items.len()).min(MOST)),
                );
                items.push(messages.to_value());
            }
            return Value::Array(items);
        }
        Value::Object(
            self.entries.iter().map(|(name, messages)| (name.to_string(), messages.to_value())).collect(),
        )
    }
}

impl Messages {
    /// Returns a single message.
    pub fn one(message: impl Into<String>) -> Self {
        Self::Own(vec![message.into()])
    }

    fn to_value(&self) -> Value {
        match self {
            Self::Own(messages) => messages.iter().map(|message| Value::from(message.as_str())).collect(),
            Self::Parts(errors) => errors.to_value(),
        }
    }
}

impl From<Messages> for ErrorTree {
    fn from(messages: Messages) -> Self {
        match messages {
            Messages::Own(_) => Self { entries: vec![(Segment::from(NON_FIELD_ERRORS), messages)] },
            Messages::Parts(errors) => errors,
        }
    }
}

impl ErrorTree {
    /// Fails if there are errors.
    pub(crate) fn into_result(self) -> Result<(), Failure> {
        if self.is_empty() { Ok(()) } else { Err(self.into_errors().into()) }
    }

    /// Takes apart what is wrong, for hooks and other dialects.
    pub(crate) fn into_errors(self) -> FieldErrors {
        let mut errors = FieldErrors::new();
        self.push_to(&mut errors, &mut Vec::new());
        errors
    }

    fn push_to(self, errors: &mut FieldErrors, path: &mut Vec<Segment>) {
        for (name, messages) in self.entries {
            let is_whole = path.is_empty() && name == Segment::from(NON_FIELD_ERRORS);
            if !is_whole {
                path.push(name);
            }
            match messages {
                Messages::Own(messages) => {
                    for message in messages {
                        errors.push(Target::Body(path.clone()), message);
                    }
                }
                Messages::Parts(parts) => parts.push_to(errors, path),
            }
            if !is_whole {
                path.pop();
            }
        }
    }

    /// Adds a message about the value at a path.
    fn insert(&mut self, path: &[Segment], message: &str) {
        let (name, rest) = match path {
            [] => return self.add(NON_FIELD_ERRORS, message),
            [name] => return self.add(name.clone(), message),
            [name, rest @ ..] => (name, rest),
        };
        if let Some((_, Messages::Parts(parts))) = self.entries.iter_mut().find(|(known, _)| known == name) {
            return parts.insert(rest, message);
        }
        let mut parts = Self::new();
        parts.insert(rest, message);
        self.set(name.clone(), Messages::Parts(parts));
    }
}

impl From<&FieldErrors> for ErrorTree {
    fn from(errors: &FieldErrors) -> Self {
        let mut tree = Self::new();
        for error in errors.iter() {
            match &error.target {
                Target::Body(path) => tree.insert(path, &error.detail),
                Target::Parameter(_, name) => tree.add(name, error.detail.as_str()),
            }
        }
        tree
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn errors_keep_the_order_they_were_found_in() {
        let mut errors = ErrorTree::of("slug", "long");
        errors.add("name", "blank");
        errors.add("slug", "odd");
        let mut parts = ErrorTree::of("1", "blank");
        parts.add("3", "null");
        errors.set("servers", Messages::Parts(parts));
        let text = errors.to_value().to_string();
        assert_eq!(
            text,
            r#"{"slug":["long","odd"],"name":["blank"],"servers":{"1":["blank"],"3":["null"]}}"#
        );
    }

    #[test]
    fn only_positions_make_a_list() {
        let of = |segment: Segment| {
            let mut errors = ErrorTree::new();
            errors.set(segment, Messages::Parts(ErrorTree::of("name", "blank")));
            ErrorTree::from(&errors.into_errors()).to_value()
        };
        assert_eq!(of(Segment::Position(1)), json!([{}, {"name": ["blank"]}]));
        assert_eq!(of(Segment::from("[1]")), json!({"[1]": {"name": ["blank"]}}));
    }

    #[test]
    fn errors_survive_being_taken_apart() {
        let mut errors = ErrorTree::non_field("odd");
        errors.set("servers", Messages::Parts(ErrorTree::of("1", "blank")));
        errors.set("inner", Messages::Parts(ErrorTree::non_field("no object")));
        errors.add("slug", "long");
        assert_eq!(ErrorTree::from(&errors.clone().into_errors()), errors);
    }
}

//! The differences between a response and the document.

use std::fmt::{self, Write as _};
use std::sync::Arc;

use serde_json::Value;

use crate::line::Line;

/// One place where a response is not what the document describes.
#[derive(Clone, PartialEq)]
pub struct Drift {
    pub(super) pointer: String,
    pub(super) place: String,
    pub(super) kind: DriftKind,
    pub(super) value: Option<Value>,
}

/// In which way a response is not what the document describes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum DriftKind {
    /// A property that the document does not have. The typed response is without it; [`Drift::value`] keeps it.
    UnknownProperty,
    /// A property that every response should have is missing. The typed response has `None`, or the neutral value: an
    /// empty text, list or map, `false`, 0, the nil uuid, the start of 1970, or an object of such values.
    MissingProperty,
    /// `null` where the document has none. The typed response has `None`, or the neutral value.
    UnexpectedNull,
    /// A value that an enumeration does not have. The typed response keeps it as `Unrecognized`.
    UnknownValue,
    /// A text that is too long, or does not match its pattern. The typed response keeps it.
    OffLimits,
    /// An object that later releases answer under another name; the typed response has it where the document says.
    Moved,
    /// A value of another type, such as a number where the document has a text, or a text that is no date. The typed
    /// answer has `None`, or the neutral value, and a list is without it; [`Drift::value`] keeps it.
    WrongType,
}

/// The drift of one response, as a hook receives it.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct DriftReport<'a> {
    /// The operation's id in the document, such as `pets_list`.
    pub operation: &'static str,
    /// The id by which the server's log names the request.
    pub request_id: Option<&'a str>,
    /// Every place where the response is not what the document describes, in the order of the document; at least one.
    pub drift: &'a [Drift],
}

/// A hook that is called for responses that drift.
pub(crate) type Hook = Arc<dyn Fn(&DriftReport<'_>) + Send + Sync>;

impl Drift {
    /// Returns the place in the body, as a JSON pointer such as `/results/3/picture`. In an object that moved, it is
    /// the place in the document.
    #[must_use]
    pub fn pointer(&self) -> &str {
        &self.pointer
    }

    /// Returns the same without positions in lists, such as `/results/*/picture`: equal for all objects of a page.
    #[must_use]
    pub fn place(&self) -> &str {
        &self.place
    }

    /// Returns the kind of difference.
    #[must_use]
    pub fn kind(&self) -> DriftKind {
        self.kind
    }

    /// Returns the value that the server answered and the typed response does not have: that of an unknown property,
    /// one of another type, or what stood where a moved object was expected; and the one that an enumeration does not
    /// know.
    ///
    /// It may be a secret, so neither `Debug` nor `Display` show it, but for that of an enumeration.
    #[must_use]
    pub fn value(&self) -> Option<&Value> {
        self.value.as_ref()
    }

    /// Returns `true` if the typed response has a value at `pointer`, or around it, that the server did not send.
    pub(crate) fn made_up(&self, pointer: &str) -> bool {
        let kinds = [DriftKind::MissingProperty, DriftKind::UnexpectedNull, DriftKind::WrongType];
        let around = pointer.strip_prefix(self.pointer.as_str());
        kinds.contains(&self.kind) && around.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    /// Returns the value, if it can be shown.
    fn shown(&self) -> Option<&Value> {
        self.value.as_ref().filter(|_| self.kind == DriftKind::UnknownValue)
    }
}

impl fmt::Debug for Drift {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut drift = f.debug_struct("Drift");
        drift.field("pointer", &self.pointer).field("kind", &self.kind);
        if let Some(value) = self.shown() {
            drift.field("value", value);
        }
        drift.finish_non_exhaustive()
    }
}

/// A line such as `unknown property at /picture`, without control characters.
impl fmt::Display for Drift {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut line = Line::new(f);
        write!(line, "{} at {}", self.kind, self.pointer)?;
        self.shown().map_or(Ok(()), |value| write!(line, ": {value}"))
    }
}

impl fmt::Display for DriftKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            DriftKind::UnknownProperty => "unknown property",
            DriftKind::MissingProperty => "missing property",
            DriftKind::UnexpectedNull => "unexpected null",
            DriftKind::UnknownValue => "unknown value",
            DriftKind::OffLimits => "value off its limits",
            DriftKind::Moved => "moved object",
            DriftKind::WrongType => "value of another type",
        })
    }
}

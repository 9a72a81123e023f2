//! The way from a rule to what it is made of: something of its own, or a component, which may be recursive.

use std::fmt;
use std::ops::Deref;
use std::sync::OnceLock;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Leads to what a rule is made of.
///
/// Two of them are equal if they lead to the same component, or to equal things that are no components. `Debug` shows
/// the name of a component, not what it is.
pub enum To<T: 'static> {
    /// A rule's own, which is described where it is used.
    Own(&'static T),
    /// A component, by its name.
    Component(&'static str, &'static T),
    /// A component, by its name, that is known when the tables are linked. Until then, it is anything.
    Later(&'static str, &'static OnceLock<&'static T>),
}

/// A thing that a rule can lead to.
pub trait Part: Sized + 'static {
    /// Anything at all.
    const ANY: &'static Self;
}

impl<T: 'static> To<T> {
    /// Returns the way to a component that is known later. Its place is allocated for the life of the process.
    #[must_use]
    pub fn later(component: &'static str) -> Self {
        Self::Later(component, Box::leak(Box::default()))
    }

    /// Returns the name of the component; `None` if this leads to none.
    #[must_use]
    pub fn component(&self) -> Option<&'static str> {
        match self {
            Self::Own(_) => None,
            Self::Component(name, _) | Self::Later(name, _) => Some(name),
        }
    }
}

impl<T: Part> To<T> {
    /// Returns what this leads to.
    #[must_use]
    pub fn get(&self) -> &'static T {
        match self {
            Self::Own(value) | Self::Component(_, value) => value,
            Self::Later(_, place) => place.get().copied().unwrap_or(T::ANY),
        }
    }
}

impl<T: Part> Deref for To<T> {
    type Target = T;

    fn deref(&self) -> &T {
        self.get()
    }
}

impl<T> Clone for To<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for To<T> {}

impl<T: PartialEq> PartialEq for To<T> {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Own(one), Self::Own(other)) => one == other,
            _ => self.component().is_some() && self.component() == other.component(),
        }
    }
}

impl<T: fmt::Debug> fmt::Debug for To<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Own(value) => value.fmt(f),
            Self::Component(name, _) | Self::Later(name, _) => f.write_str(name),
        }
    }
}

/// The form in which a [`To`] is written.
#[derive(Serialize)]
#[serde(rename = "To")]
enum Written<'a, T> {
    Own(&'a T),
    Component(&'a str),
}

/// The form in which a [`To`] is read.
#[derive(Deserialize)]
#[serde(rename = "To")]
enum Read<T> {
    Own(T),
    Component(#[serde(borrow)] &'static str),
}

impl<T: Serialize> Serialize for To<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let written = match self {
            Self::Own(value) => Written::Own(*value),
            Self::Component(name, _) | Self::Later(name, _) => Written::Component(name),
        };
        written.serialize(serializer)
    }
}

impl<T: Deserialize<'static>> Deserialize<'static> for To<T> {
    fn deserialize<D: Deserializer<'static>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(match Read::deserialize(deserializer)? {
            Read::Own(value) => Self::Own(Box::leak(Box::new(value))),
            Read::Component(name) => Self::later(name),
        })
    }
}

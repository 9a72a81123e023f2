//! The statuses of responses.

use std::fmt;

/// The statuses that a response is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// One status, such as `404`.
    Code(u16),
    /// All statuses that begin with this digit, such as `4XX`.
    Class(u16),
    /// All statuses that no other response is for.
    Default,
}

impl Status {
    /// Reads a key of the responses of an operation; `None` if it is no status.
    #[must_use]
    pub fn of(key: &str) -> Option<Self> {
        if key == "default" {
            return Some(Self::Default);
        }
        match key.strip_suffix("XX").or_else(|| key.strip_suffix("xx")) {
            Some(digit) => digit.parse().ok().filter(|digit| (1..=5).contains(digit)).map(Self::Class),
            None => key.parse().ok().map(Self::Code),
        }
    }

    /// Returns the status, if it is one alone.
    #[must_use]
    pub fn code(self) -> Option<u16> {
        match self {
            Self::Code(code) => Some(code),
            _ => None,
        }
    }

    /// Returns the digit that its statuses begin with; `None` of the default.
    #[must_use]
    pub fn class(self) -> Option<u16> {
        match self {
            Self::Code(code) => Some(code / 100),
            Self::Class(digit) => Some(digit),
            Self::Default => None,
        }
    }

    /// Returns whether its statuses say that all is well.
    #[must_use]
    pub fn is_success(self) -> bool {
        self.class() == Some(2)
    }
}

/// As documents write it.
impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Code(code) => write!(f, "{code}"),
            Self::Class(digit) => write!(f, "{digit}XX"),
            Self::Default => f.write_str("default"),
        }
    }
}

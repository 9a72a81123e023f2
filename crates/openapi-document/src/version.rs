//! The versions of OpenAPI that are read.

use std::fmt;

/// A version of OpenAPI, without its patch number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Version {
    /// OpenAPI 3.0, whose schemas are a dialect of their own.
    V3_0,
    /// OpenAPI 3.1, whose schemas are JSON Schema 2020-12.
    V3_1,
    /// OpenAPI 3.2.
    V3_2,
}

impl Version {
    /// The newest version.
    pub const NEWEST: Version = Version::V3_2;

    /// Returns a release of the version, as the member `openapi` of a document says it.
    #[must_use]
    pub fn release(self) -> &'static str {
        match self {
            Version::V3_0 => "3.0.3",
            Version::V3_1 => "3.1.1",
            Version::V3_2 => "3.2.0",
        }
    }

    /// Returns the version that the member `openapi` of a document says: `3.1.0` is 3.1.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let of = |minor: &str| match minor {
            "0" => Some(Version::V3_0),
            "1" => Some(Version::V3_1),
            "2" => Some(Version::V3_2),
            _ => None,
        };
        let rest = text.strip_prefix("3.")?;
        of(rest.split_once('.').map_or(rest, |(minor, _)| minor))
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Version::V3_0 => "3.0",
            Version::V3_1 => "3.1",
            Version::V3_2 => "3.2",
        })
    }
}

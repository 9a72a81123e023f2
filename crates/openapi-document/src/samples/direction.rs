//! The two ways that values go.

/// The way that values go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// To the server: without properties that are `readOnly`, unless they are required.
    Request,
    /// From the server: without properties that are `writeOnly`, unless they are required.
    Response,
}

impl Direction {
    /// Returns the keyword of properties that do not go this way.
    pub(super) fn excluded(self) -> &'static str {
        match self {
            Direction::Request => "readOnly",
            Direction::Response => "writeOnly",
        }
    }
}

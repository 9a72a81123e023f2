//! Answers to questions, and the worse of two.

/// The answer to the question whether one schema lies within another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// Every value is admitted.
    Yes,
    /// Some value is refused, or could not be shown to be admitted.
    No,
    /// The schemas are too large or too deep to tell.
    Unknown,
}

/// Returns the answer that proves less.
pub(super) fn worse(one: Answer, other: Answer) -> Answer {
    match (one, other) {
        (Answer::No, _) | (_, Answer::No) => Answer::No,
        (Answer::Unknown, _) | (_, Answer::Unknown) => Answer::Unknown,
        _ => Answer::Yes,
    }
}

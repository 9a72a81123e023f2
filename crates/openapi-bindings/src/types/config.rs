//! The choices of a caller.

/// Where the files go.
#[derive(Clone, Debug)]
pub struct Config {
    /// The directory of the crate's sources, such as `crates/pets-types/src`.
    pub directory: String,
    /// The crate of what several tags share, such as `pets_types_base`, if a large document is to become several crates.
    ///
    /// Their directories then stand beside the one that [`directory`](Self::directory) is in: that of the base is called
    /// `types-base` beside `types`, and that of what only operations tagged `toys` need, `types-toys`. Each crate uses
    /// everything of the base at its root.
    pub base: Option<String>,
}

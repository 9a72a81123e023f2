//! The crates that the program uses.

/// The crates that the files use.
pub(super) struct Crates {
    pub(super) types: syn::Path,
    pub(super) client: syn::Path,
    pub(super) api: syn::Path,
}

//! A certificate and its key, as they are made.

/// A certificate and its key, as texts.
#[derive(Debug)]
pub(crate) struct Generated {
    pub(crate) certificate: String,
    pub(crate) key: String,
}

/// The kind of a key that is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Algorithm {
    Rsa,
    Ecdsa,
}

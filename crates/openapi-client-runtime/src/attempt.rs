//! An attempt to make a call.

use crate::security::Requirement;

/// One attempt to make a call, as a hook for headers gets to know it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Attempt {
    /// The operation's id in the document, such as `pets_list`; `GET request` and the like for a request that it does not
    /// have.
    pub operation: &'static str,
    /// The method.
    pub method: &'static str,
    /// The operation's path in the document, such as `/pets/{id}/`; empty for a request that it does not have.
    pub path: &'static str,
    /// The alternatives of its security requirement, with the scopes that a token has to have.
    pub security: &'static [&'static [Requirement]],
    /// The number of the attempt, from 1.
    pub number: u16,
}

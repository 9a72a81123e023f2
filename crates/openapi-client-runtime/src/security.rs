//! The security schemes of an API, as the tables of a generated client describe them.

/// A security scheme that a request needs credentials for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Requirement {
    /// The name of the scheme in the document.
    pub scheme: &'static str,
    /// The scopes that a token has to have, for OAuth 2 and `OpenID` Connect.
    pub scopes: &'static [&'static str],
}

/// The place of a key in a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyPlace {
    /// In a header of its own.
    Header,
    /// In the query of the URL.
    Query,
    /// In a cookie.
    Cookie,
}

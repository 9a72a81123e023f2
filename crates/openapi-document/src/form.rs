//! How values of content types travel.

/// How a value travels. The first that a body can be sent as is what it is sent as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Form {
    /// As JSON.
    Json,
    /// In several parts.
    Multipart,
    /// As the fields of a form.
    UrlEncoded,
    /// As bytes that mean nothing here.
    Bytes,
    /// As text that means nothing here.
    Text,
}

impl Form {
    /// Returns how a value of this content type travels.
    #[must_use]
    pub fn of(content_type: &str) -> Self {
        match essence(content_type).as_str() {
            "application/json" | "text/json" => Self::Json,
            "application/x-www-form-urlencoded" => Self::UrlEncoded,
            other if other.ends_with("+json") => Self::Json,
            other if other.starts_with("multipart/") => Self::Multipart,
            other if other.starts_with("text/") => Self::Text,
            _ => Self::Bytes,
        }
    }
}

/// Returns a content type without its parameters, in lower case.
pub(crate) fn essence(content_type: &str) -> String {
    content_type.split(';').next().unwrap_or_default().trim().to_lowercase()
}

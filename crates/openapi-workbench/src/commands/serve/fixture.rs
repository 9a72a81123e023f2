//! The objects that a server begins with.

use std::path::Path;

use openapi_resources::objects::located;
use openapi_resources::store::Store;

/// Makes the rows that a file describes.
///
/// # Errors
/// If the file cannot be read, with everything that is wrong with it otherwise, each at its place.
pub(super) fn load(store: &Store, path: &Path) -> Result<(), String> {
    let file = path.display().to_string();
    let text = std::fs::read_to_string(path);
    let text =
        text.map_err(|error| format!("{file}: the fixture cannot be read: {error}; name a readable file"))?;
    let value = serde_json::from_str(&text).map_err(|error| {
        format!(
            "{file}:{}:{}: this is not JSON: {error}; correct the syntax here",
            error.line(),
            error.column()
        )
    })?;
    store.import(&value).map_err(|problems| located(&file, &text, &problems))
}

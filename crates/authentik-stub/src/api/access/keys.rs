//! Names of permissions, and keys of rows as permissions name them.

use openapi_resources::reader::Reader;
use openapi_resources::row::Row;

/// Returns the primary key of a row as permissions name it.
pub(crate) fn key(reader: Reader<'_>, row: &Row) -> String {
    openapi_django::server::python::str(reader.key(row))
}

/// Returns the permission for an action on a model.
pub(crate) fn permission(model: &str, action: &str) -> String {
    let (app, name) = model.split_once('.').unwrap_or(("", model));
    format!("{app}.{action}_{name}")
}

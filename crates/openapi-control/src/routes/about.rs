//! Tells what a program has to know to use the server.

use http::Method;
use serde_json::{Map, Value, json};

use crate::control::Control;

/// Returns where the API is, the credentials that it takes, and the routes of the control API.
pub(super) fn tell<'a>(
    control: &Control,
    credentials: Vec<(String, String)>,
    routes: impl Iterator<Item = (&'a Method, &'a str)>,
) -> Value {
    let credentials = credentials.into_iter().map(|(scheme, secret)| (scheme, Value::from(secret)));
    json!({
        "base_path": control.journal().api().tables().base_path,
        "credentials": credentials.collect::<Map<_, _>>(),
        "routes": routes.map(|(method, path)| json!([method.as_str(), path])).collect::<Vec<_>>(),
    })
}

//! Parameters in cookies.

use serde_json::Value;

use super::percent::encode_cookie;
use super::value::Written;
use crate::parameter::{Parameter, Style};

/// Returns the cookies that say `value`, each with its name; none if it is nothing.
pub(crate) fn cookies(parameter: &Parameter, value: Value) -> Vec<String> {
    let cookie = |name: &str, text: &str| format!("{name}={}", encode_cookie(text));
    if parameter.style == Style::Json && !value.is_null() {
        return vec![cookie(parameter.name, &value.to_string())];
    }
    match Written::of(value) {
        Written::List(items) if parameter.explode => {
            items.iter().map(|item| cookie(parameter.name, item)).collect()
        }
        Written::Object(members) if parameter.explode => {
            members.iter().map(|(name, text)| cookie(&encode_cookie(name), text)).collect()
        }
        Written::Scalar(text) => vec![cookie(parameter.name, &text)],
        other => {
            let texts: Vec<String> = other.flat().iter().map(|text| encode_cookie(text)).collect();
            if texts.is_empty() {
                Vec::new()
            } else {
                vec![format!("{}={}", parameter.name, texts.join(","))]
            }
        }
    }
}

//! Parameters in the path of a URL.
//!
//! A URL cannot say that `..` or an empty text is a name: the request would reach another operation, or none.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;
use serde_json::Value;

use super::percent::encode;
use super::value::Written;
use crate::parameter::{Parameter, Style};

/// Returns what stands in the path of a URL for `value`; with `has_slashes` it may be a name with slashes in it, which
/// are encoded. In a path, reserved characters never stay as they are.
///
/// # Errors
/// If there is no value, its style cannot say it, or it would lead to another URL, as it stands or once something on its
/// way decodes it again.
pub(crate) fn expand(parameter: &Parameter, value: Value, has_slashes: bool) -> Result<String, String> {
    let value = if parameter.style == Style::Json { Value::String(value.to_string()) } else { value };
    let value = Written::of(value);
    let leads_elsewhere = match &value {
        Written::Nothing => return Err("must be set".to_owned()),
        Written::Scalar(text) => is_misread(text, has_dots) || !has_slashes && is_misread(text, has_slash),
        _ => !has_slashes && value.texts().any(|text| is_misread(text, has_slash)),
    };
    let shown = match &value {
        Written::Scalar(text) => format!("{text:?}"),
        _ => "a list or an object".to_owned(),
    };
    let is_split = parameter.style == Style::Label && parameter.explode;
    if is_split && !matches!(value, Written::Scalar(_)) && value.texts().any(|text| text.contains('.')) {
        return Err("an item with a dot cannot be distinguished from two items".to_owned());
    }
    let expanded = styled(parameter, value);
    if leads_elsewhere || is_misread(&expanded, has_dots) {
        return Err(format!("must not be {shown}, which would lead to another URL"));
    }
    Ok(expanded)
}

/// Writes `value` in the style of `parameter`.
fn styled(parameter: &Parameter, value: Written) -> String {
    let name = encode(parameter.name);
    let (prefix, separator) = match parameter.style {
        Style::Label => (".", if parameter.explode { "." } else { "," }),
        Style::Matrix => (";", if parameter.explode { ";" } else { "," }),
        _ => ("", ","),
    };
    // In the style `matrix`, an empty text is the name alone.
    let named = |text: String| if text.is_empty() { name.clone() } else { format!("{name}={text}") };
    let is_matrix = parameter.style == Style::Matrix;
    let texts = match value {
        Written::List(items) if is_matrix && parameter.explode => {
            items.iter().map(|item| named(encode(item))).collect()
        }
        Written::Object(members) if parameter.explode => {
            members.iter().map(|(name, text)| format!("{}={}", encode(name), encode(text))).collect()
        }
        other => {
            let texts: Vec<String> = other.flat().iter().map(|text| encode(text)).collect();
            if is_matrix { vec![named(texts.join(separator))] } else { texts }
        }
    };
    format!("{prefix}{}", texts.join(separator))
}

/// Returns `true` if `is_special` is true of `text`, or of its decoded forms; a proxy may decode what was encoded
/// twice.
fn is_misread(text: &str, is_special: fn(&str) -> bool) -> bool {
    let mut decoded = Cow::Borrowed(text);
    loop {
        if is_special(&decoded) {
            return true;
        }
        let again = percent_decode_str(&decoded).decode_utf8_lossy().into_owned();
        if again == decoded {
            return false;
        }
        decoded = Cow::Owned(again);
    }
}

/// Returns `true` if `text` cannot be the name of a segment.
fn has_dots(text: &str) -> bool {
    matches!(text, "" | "." | "..")
}

/// Returns `true` if `text` has more than one segment. For URLs, a backslash is a slash.
fn has_slash(text: &str) -> bool {
    text.contains(['/', '\\'])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    const SLUG: Parameter = Parameter::path("slug");

    fn segment(value: &str) -> Result<String, String> {
        expand(&SLUG, json!(value), false)
    }

    #[test]
    fn what_leads_to_another_url_is_refused() {
        let values = [
            "", ".", "..", "a/b", "/", "\\", "%2F", "a%2fb", "%2e", "%2E%2e", ".%2E", "%252F", "%255c",
            "%25252e",
        ];
        for value in values {
            let fault = segment(value).unwrap_err();
            assert!(fault.starts_with("must not be \"") && fault.contains("another URL"), "{fault}");
        }
        assert_eq!(expand(&SLUG, Value::Null, false).unwrap_err(), "must be set");
        for value in [json!([]), json!([".."]), json!(["a", "b/c"]), json!({"a": "b%2Fc"})] {
            assert!(expand(&SLUG, value.clone(), false).is_err(), "{value}");
        }
        assert!(expand(&SLUG.style(Style::Label, false), json!("."), false).is_err());
    }

    #[test]
    fn names_with_slashes_are_encoded_where_they_are_meant() {
        assert_eq!(expand(&SLUG, json!("group/project"), true).unwrap(), "group%2Fproject");
        assert_eq!(expand(&SLUG, json!("a\\b%2F"), true).unwrap(), "a%5Cb%252F");
        assert!(expand(&SLUG, json!("%2e%2e"), true).is_err());
    }

    proptest! {
        #[test]
        fn whatever_is_sent_is_one_segment_that_says_the_value(value in r"[a-z./\\%?#2eEfF5cC;@: \tü]{0,8}") {
            let Ok(encoded) = segment(&value) else { return Ok(()) };
            let text = format!("http://a.example/api/{encoded}/");
            let url = reqwest::Url::parse(&text).unwrap();
            prop_assert_eq!(url.as_str(), &text, "nothing may be left for a URL's own rules to change");
            let segments: Vec<&str> = url.path_segments().unwrap().collect();
            prop_assert_eq!(&segments, &["api", &encoded, ""]);
            prop_assert_eq!(percent_decode_str(&encoded).decode_utf8().unwrap(), value);
        }

        #[test]
        fn what_leads_elsewhere_is_refused_however_often_it_is_encoded(
            value in prop_oneof![Just(""), Just("."), Just(".."), Just("/"), Just("a/b"), Just("..\\x")],
            times in 0_usize..5,
        ) {
            let encode = |value: String, _| {
                let all = percent_encoding::NON_ALPHANUMERIC;
                percent_encoding::utf8_percent_encode(&value, all).to_string()
            };
            let encoded = (0..times).fold(value.to_owned(), encode);
            prop_assert!(segment(&encoded).is_err(), "{}", encoded);
        }
    }

    #[test]
    fn a_name_is_encoded_into_one_segment() {
        let cases = [
            ("rex", "rex"),
            ("...", "..."),
            ("-1", "-1"),
            ("50%", "50%25"),
            ("a b?c#d", "a%20b%3Fc%23d"),
            ("ü", "%C3%BC"),
        ];
        for (value, encoded) in cases {
            assert_eq!(segment(value).unwrap(), encoded);
            let url = reqwest::Url::parse(&format!("http://a.example/x/{encoded}/")).unwrap();
            assert_eq!(url.path_segments().unwrap().count(), 3, "{value}");
        }
    }
}

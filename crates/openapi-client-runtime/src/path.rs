//! Parameters in the path of a URL.
//!
//! A URL cannot say that `..` or an empty text is a name: the request would reach another operation, or none.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

use crate::api::Operation;
use crate::error::Error;

/// `value` as one segment of the path of `operation`.
///
/// # Errors
/// If it would lead to another URL, as it stands or once something on its way decodes it again.
pub fn segment(operation: &Operation, name: &str, value: &str) -> Result<String, Error> {
    if leads_elsewhere(value) {
        return Err(operation.invalid(format!(
            "{name} is {value:?}, which would lead to another URL; no object has such a {name}"
        )));
    }
    Ok(progenitor_client::encode_path(value))
}

fn leads_elsewhere(value: &str) -> bool {
    // Decoded as often as it can be: a proxy may decode what was encoded twice.
    let mut decoded = Cow::Borrowed(value);
    loop {
        // A backslash is a slash to the standard for URLs.
        if matches!(decoded.as_ref(), "" | "." | "..") || decoded.contains(['/', '\\']) {
            return true;
        }
        let again = percent_decode_str(&decoded).decode_utf8_lossy().into_owned();
        if again == decoded {
            return false;
        }
        decoded = Cow::Owned(again);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const OPERATION: Operation = Operation::sample("shop_pets_retrieve", "GET", "/shop/pets/{slug}/");

    #[test]
    fn what_leads_to_another_url_is_refused() {
        let values = [
            "", ".", "..", "a/b", "/", "\\", "%2F", "a%2fb", "%2e", "%2E%2e", ".%2E", "%252F", "%255c",
            "%25252e",
        ];
        for value in values {
            let error = segment(&OPERATION, "slug", value).unwrap_err();
            assert_eq!(error.operation(), Some("shop_pets_retrieve"));
            assert!(matches!(error, Error::InvalidRequest { .. }), "{value}");
        }
    }

    proptest! {
        #[test]
        fn whatever_is_sent_is_one_segment_that_says_the_value(value in r"[a-z./\\%?#2eEfF5cC;@: \tü]{0,8}") {
            let Ok(encoded) = segment(&OPERATION, "slug", &value) else { return Ok(()) };
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
            prop_assert!(segment(&OPERATION, "slug", &encoded).is_err(), "{}", encoded);
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
            assert_eq!(segment(&OPERATION, "slug", value).unwrap(), encoded);
            let url = reqwest::Url::parse(&format!("http://a.example/x/{encoded}/")).unwrap();
            assert_eq!(url.path_segments().unwrap().count(), 3, "{value}");
        }
    }
}

//! Bodies of several parts, some of them files.

use openapi_wire::form::{FilePart, IntoForm, Part};
use reqwest::header::HeaderValue;

use super::form::is_json;
use super::{essence, unique};
use crate::parameter::Encoding;

/// Returns the content type and the bytes of `body`, sent as a `declared` content type. Its parts have the content types
/// that `encodings` name, and outside of `multipart/form-data` the order of these.
///
/// # Errors
/// If a value cannot be written, or a part names no content type.
pub(crate) fn multipart(
    declared: &str,
    body: impl IntoForm,
    encodings: &[Encoding],
) -> Result<(String, Vec<u8>), String> {
    let kind = Kind::of(declared);
    let mut parts = body.into_form().map_err(|fault| fault.to_string())?.parts;
    let place = |name: &str| encodings.iter().position(|encoding| encoding.property == name);
    if kind != Kind::FormData {
        parts.sort_by_key(|(name, _)| place(name).unwrap_or(encodings.len()));
    }
    let boundary = format!("{:032x}", unique());
    let (mut bytes, mut root) = (Vec::new(), None);
    for (name, part) in parts {
        let named = place(&name).and_then(|place| encodings[place].content_type).and_then(first);
        let (content_type, file_name, content) = match part {
            Part::Text(text) => (named.map(str::to_owned), None, text.into_bytes().into()),
            Part::Json(value) => {
                let named = named.filter(|named| is_json(named)).unwrap_or("application/json");
                (Some(named.to_owned()), None, value.to_string().into_bytes().into())
            }
            Part::File(FilePart { file_name, content_type, content }) => {
                let said = content_type.as_deref().or(named).unwrap_or("application/octet-stream");
                (Some(said.to_owned()), Some(file_name), content)
            }
        };
        // A part of a form says nothing of a plain text.
        let content_type =
            content_type.or_else(|| (kind != Kind::FormData).then(|| "text/plain; charset=utf-8".to_owned()));
        if let Some(said) = content_type.as_deref().filter(|said| !is_content_type(said)) {
            return Err(format!("{name}: \"{}\" is no content type", said.escape_debug()));
        }
        let disposition = kind.disposition(&name, file_name.as_deref());
        let said = content_type.as_ref().map(|said| format!("Content-Type: {said}\r\n"));
        let head = format!("--{boundary}\r\n{disposition}{}\r\n", said.unwrap_or_default());
        bytes.extend_from_slice(head.as_bytes());
        bytes.extend_from_slice(&content);
        bytes.extend_from_slice(b"\r\n");
        root = root.or(content_type);
    }
    bytes.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
    let declared = if declared.contains('*') { "multipart/form-data" } else { declared };
    // RFC 2387 wants the content type of the first part.
    let root = root.filter(|_| kind == Kind::Related && !declared.contains("type="));
    let root = root.map(|root| format!("; type={}", quoted(essence(&root))));
    Ok((format!("{declared}; boundary={boundary}{}", root.unwrap_or_default()), bytes))
}

/// A kind of `multipart`, by what is said of its parts.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// A form, whose parts have names.
    FormData,
    /// A first part, and others that belong to it.
    Related,
    /// Parts in an order.
    Other,
}

impl Kind {
    fn of(content_type: &str) -> Self {
        match essence(content_type).to_ascii_lowercase().as_str() {
            "multipart/related" => Self::Related,
            "multipart/form-data" | "multipart/*" => Self::FormData,
            _ => Self::Other,
        }
    }

    /// Returns the line that names a part.
    fn disposition(self, name: &str, file_name: Option<&str>) -> String {
        let is_form = self == Self::FormData;
        let kind = match file_name {
            _ if is_form => "form-data",
            Some(file_name) if !file_name.is_empty() => "attachment",
            _ => "inline",
        };
        let file_name = file_name.filter(|file_name| is_form || !file_name.is_empty());
        let file_name = file_name.map(|file_name| format!("; filename={}", quoted(file_name)));
        format!("Content-Disposition: {kind}; name={}{}\r\n", quoted(name), file_name.unwrap_or_default())
    }
}

/// Returns a text as a quoted string of a header. Line breaks are written as browsers write them.
fn quoted(text: &str) -> String {
    let text = text.replace('\\', "\\\\").replace('"', "\\\"").replace('\r', "%0D").replace('\n', "%0A");
    format!("\"{text}\"")
}

/// Returns `true` if a text is a content type, with or without parameters.
fn is_content_type(text: &str) -> bool {
    let is_token = |token: &str| {
        let is_part = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
        !token.is_empty() && token.bytes().all(is_part)
    };
    let halves = essence(text).split_once('/');
    halves.is_some_and(|(main, sub)| is_token(main) && is_token(sub)) && HeaderValue::from_str(text).is_ok()
}

/// Returns the first of several content types; `None` if it stands for any.
fn first(content_types: &'static str) -> Option<&'static str> {
    let first = content_types.split(',').next()?.trim();
    (!first.contains('*')).then_some(first)
}

#[cfg(test)]
mod tests {
    use openapi_wire::form::{FilePart, Form};

    use super::*;

    const FORM: &str = "multipart/form-data";

    struct Body(Form);

    impl IntoForm for Body {
        fn into_form(self) -> Result<Form, serde_json::Error> {
            Ok(self.0)
        }
    }

    /// Returns the content type and the text of a body of these parts.
    fn written(
        declared: &str,
        parts: Vec<(&str, Part)>,
        encodings: &[Encoding],
    ) -> Result<(String, String), String> {
        let parts = parts.into_iter().map(|(name, part)| (name.to_owned(), part)).collect();
        let (content_type, bytes) = multipart(declared, Body(Form { parts }), encodings)?;
        let boundary = content_type.split("boundary=").nth(1).unwrap()[..32].to_owned();
        let text: String = bytes.into_iter().map(char::from).collect();
        Ok((content_type.replace(&boundary, "LINE"), text.replace(&boundary, "LINE")))
    }

    #[test]
    fn a_form_says_its_texts_its_json_and_its_files_byte_for_byte() {
        let file = FilePart::new("a \"b\".png", vec![0, 159, 255]).with_content_type("image/png");
        let parts = vec![
            ("clear", Part::Text("true".to_owned())),
            ("context", Part::Json(serde_json::json!({"a": 1}))),
            ("file", Part::File(file)),
        ];
        let (content_type, sent) = written(FORM, parts, &[]).unwrap();
        assert_eq!(content_type, "multipart/form-data; boundary=LINE");
        let expected = "--LINE\r\nContent-Disposition: form-data; name=\"clear\"\r\n\r\ntrue\r\n\
             --LINE\r\nContent-Disposition: form-data; name=\"context\"\r\n\
             Content-Type: application/json\r\n\r\n{\"a\":1}\r\n\
             --LINE\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a \\\"b\\\".png\"\r\n\
             Content-Type: image/png\r\n\r\n\0\u{9f}\u{ff}\r\n--LINE--\r\n";
        assert_eq!(sent, expected);
    }

    #[test]
    fn related_parts_come_in_the_order_of_the_document_and_the_first_is_the_root() {
        let plain = |property| Encoding { property, content_type: None, parameter: None };
        let parts = vec![
            ("data", Part::File(FilePart::new("", "x"))),
            ("note", Part::Text("n".to_owned())),
            ("meta", Part::Json(serde_json::json!({"name": "a"}))),
        ];
        let (content_type, sent) =
            written("multipart/related", parts, &[plain("meta"), plain("data")]).unwrap();
        assert_eq!(content_type, "multipart/related; boundary=LINE; type=\"application/json\"");
        let expected = "--LINE\r\nContent-Disposition: inline; name=\"meta\"\r\n\
             Content-Type: application/json\r\n\r\n{\"name\":\"a\"}\r\n\
             --LINE\r\nContent-Disposition: inline; name=\"data\"\r\n\
             Content-Type: application/octet-stream\r\n\r\nx\r\n\
             --LINE\r\nContent-Disposition: inline; name=\"note\"\r\n\
             Content-Type: text/plain; charset=utf-8\r\n\r\nn\r\n--LINE--\r\n";
        assert_eq!(sent, expected);
    }

    #[test]
    fn a_part_has_the_content_type_that_the_document_gives_it() {
        let encoding =
            |property, content_type| Encoding { property, content_type: Some(content_type), parameter: None };
        let encodings = [
            encoding("table", "text/csv"),
            encoding("icon", "image/png, image/jpeg"),
            encoding("any", "image/*"),
            encoding("meta", "application/ld+json"),
        ];
        let parts = vec![
            ("table", Part::Text("a,b".to_owned())),
            ("icon", Part::File(FilePart::new("i", "i"))),
            ("any", Part::File(FilePart::new("a", "a"))),
            ("meta", Part::Json(serde_json::json!({}))),
        ];
        let (_, text) = written(FORM, parts, &encodings).unwrap();
        let types: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix("Content-Type: ")).collect();
        assert_eq!(types, ["text/csv", "image/png", "application/octet-stream", "application/ld+json"]);
    }

    #[test]
    fn a_content_type_that_is_none_is_refused_with_the_name_of_its_part() {
        for content_type in ["no type", "a/b\r\nX: y", "", "/"] {
            let file = FilePart::new("a", "b").with_content_type(content_type);
            let fault = written(FORM, vec![("icon", Part::File(file))], &[]).unwrap_err();
            assert!(fault.starts_with("icon: "), "{fault}");
        }
    }
}
